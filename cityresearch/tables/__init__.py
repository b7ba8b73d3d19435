"""Tables that an editor takes as they are: named ones (`named`), and how each is written in a format (`to_docx`, `to_html` and others)."""
