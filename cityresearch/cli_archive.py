"""The command line's part for archives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cityresearch.phrases import many

__all__ = ["archive"]


def archive(
    output: Annotated[
        Path | None,
        typer.Option(
            help="A .zip, or a .json for the metadata alone; build/archive/cityresearch-VERSION.zip if left out."
        ),
    ] = None,
) -> None:
    """Pack data, results, notebooks and code for an archive, with RO-Crate metadata that says where each verdict comes from."""
    from cityresearch.report.package import archive as pack

    file, count = pack(output)
    print(f"{file}: {many(count, 'file')} described, {file.stat().st_size / 1e6:.1f} MB")
