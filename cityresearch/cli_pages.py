"""Commands that make pages for readers who install nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["report"]


def report(
    output: Annotated[
        Path | None, typer.Option(help="Folder of the site: build/report if left out; nothing else may be in it.")
    ] = None,
) -> None:
    """Make a static site of the last run, to read in any browser: verdicts, evidence, chapters, figures, sources."""
    from cityresearch.report.build import build

    built = build(output)
    size = built.size / 1e6
    print(f"{built.pages} pages, {size:.1f} MB, {built.written} files written, {built.converted} chapters converted.")
    print(f"Open {built.folder / 'index.html'}")
