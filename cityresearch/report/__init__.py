"""The report: a static site of the last run, for readers who install nothing; `build.build` makes it."""
