"""Starting and handing on a project: `new` makes one that runs at once."""
