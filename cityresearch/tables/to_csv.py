"""A table as CSV: tidy, UTF-8, a row of names first, numbers whole and in full units."""

from __future__ import annotations

import csv
import io

from cityresearch.tables.table import SHEET, Cell, Table

__all__ = ["FORMULA", "as_csv"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a text that begins with one of these for a formula


def as_csv(table: Table) -> bytes:
    """Return the table as CSV; a text that a spreadsheet would run as a formula has an apostrophe before it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = table.shown(SHEET)
    writer.writerow([column.name for column in columns])
    writer.writerows([_written(row[column.name]) for column in columns] for row in table.rows)
    return text.getvalue().encode("utf-8")


def _written(cell: Cell) -> str | int | float:
    if isinstance(cell, tuple):
        cell = ";".join(cell)
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return "" if cell is None else cell
