"""The command line's part for an author's own text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["fill"]


def fill(
    manuscript: Annotated[Path, typer.Argument(help="A text in Markdown or LaTeX with places such as {{C027.value}}.")],
    output: Annotated[Path | None, typer.Option(help="The file to write; printed if left out.")] = None,
) -> None:
    """Fill an author's text from the committed results: {{C027.value}}, .printed, .verdict, .reason, .sentence, and more."""
    from cityresearch.phrases import many
    from cityresearch.report.manuscript import fill as fill_manuscript

    text, count = fill_manuscript(manuscript, output)
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    where = f" into {output}" if output else ""
    print(f"{many(count, 'place')} filled{where} from the committed results.", file=sys.stderr)
