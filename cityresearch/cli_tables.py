"""The command line's part for tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cityresearch.cli_data import Names

__all__ = ["tables"]


def tables(
    names: Names = None,
    as_list: Annotated[
        bool, typer.Option("--list", help="List the tables with their titles, and write nothing.")
    ] = False,
    formats: Annotated[
        str, typer.Option("--format", help="Any of html,latex,xlsx,docx,csv.")
    ] = "html,latex,xlsx,docx,csv",
    output: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("build/tables"),
) -> None:
    """Write tables for a word processor, a spreadsheet, a page or LaTeX; readings-C027 has the readings of a claim."""
    if as_list:
        from cityresearch.tables.named import listing

        print(listing())
        return
    from cityresearch.tables.exporting import export_tables

    for path in export_tables(names or (), formats.split(","), output):
        print(path)
