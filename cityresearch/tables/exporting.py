"""Writing named tables in formats: all of the files that were asked for, or none."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from cityresearch.errors import ParameterError
from cityresearch.outputs import check_folder
from cityresearch.runs.publish import publish
from cityresearch.suggestions import hint
from cityresearch.tables.named import made
from cityresearch.tables.table import Table

__all__ = ["FORMATS", "export_tables", "written"]

# format to the ending of its files
FORMATS: Mapping[str, str] = MappingProxyType(
    {"html": "html", "latex": "tex", "xlsx": "xlsx", "docx": "docx", "csv": "csv"}
)


def written(table: Table, file_format: str) -> bytes:
    """Return a table in a format, with the same bytes every time; the library for the format is loaded only here.

    Raises
    ------
    ParameterError
        If the format is unknown.
    """
    _check(file_format)
    module = importlib.import_module(f"cityresearch.tables.to_{file_format}")
    return getattr(module, f"as_{file_format}")(table)


def export_tables(names: Sequence[str], formats: Sequence[str], output: Path) -> list[Path]:
    """Write named tables in formats into a folder.

    Parameters
    ----------
    names : sequence of str
        See `named.made`; every named table if empty.
    formats : sequence of {"html", "latex", "xlsx", "docx", "csv"}
    output : Path

    Returns
    -------
    list of Path
        The files, whether they changed or not.

    Raises
    ------
    ParameterError
        If a table or a format is unknown, the output lies among the project's own files, or a folder is in the place of a file; then nothing
        is written.
    NotebookError
        If a file cannot be written; then every file is as it was.
    """
    check_folder(output)
    wanted = list(dict.fromkeys(formats))
    for file_format in wanted:
        _check(file_format)
    tables = made(names)
    files = {f"{t.name}.{FORMATS[f]}": written(t, f) for t in tables for f in wanted}
    for name in files:
        if (output / name).is_dir():
            raise ParameterError(f"{output / name} is a folder: move it, or choose another --output.")
    publish(files, (), output)
    return [output / name for name in files]


def _check(file_format: str) -> None:
    if file_format not in FORMATS:
        listed = f"use {', '.join(FORMATS)}"
        raise ParameterError(f"Unknown table format {file_format!r}{hint(file_format, FORMATS, listed)}")
