"""Commands about a project as a whole (a new one, the record that judgments were read), and options before any command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cityresearch import completion
from cityresearch.phrases import many

__all__ = ["every_command", "judged", "new"]


def _version(asked: bool) -> None:
    if asked:
        from cityresearch import __version__

        print(f"cityresearch {__version__}")
        raise typer.Exit()


def every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def new(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    title: Annotated[str, typer.Option(help="The title of the project, in one line.")],
    documents: Annotated[
        list[str] | None,
        typer.Option(help="The documents to check: files (copied) or names, with commas between; repeat for more."),
    ] = None,
    no_example: Annotated[
        bool, typer.Option("--no-example", help="Without the invented document and its claims.")
    ] = False,
) -> None:
    """Start a project for another paper: a folder with data, ledger, a chapter and tests, that runs at once."""
    from cityresearch.project.new import create

    for document in create(folder, title, documents or (), example=not no_example):
        kept = f"documents/{document.file.name}" if document.file else "no file"
        print(f"{document.document}: claims {document.letter}001, {document.letter}002 ... ({kept})")
    print(f"Made {folder}. Next: cd {folder}, then cityresearch run, cityresearch verify, cityresearch report.")


def judged(
    claim_ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="Claims whose rows you have read.", autocompletion=completion.claims),
    ],
) -> None:
    """Record that what was judged on claims is true of them as they read now, after you have read each row."""
    from cityresearch.claims.judgments import record

    for name, rows in record(claim_ids).items():
        print(f"{name}: {many(rows, 'row')} recorded")
