"""`python -m cityresearch` is the command."""

from cityresearch.cli import main

if __name__ == "__main__":
    main()
