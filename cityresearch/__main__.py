"""`python -m cityresearch` is the command."""

from cityresearch.cli import main

main()
