"""Tables that an editor takes as they are: those with a name (`named`), and how each format is written (`to_docx` ...)."""
