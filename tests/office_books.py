"""Small workbooks of an office for tests: only the sheets that are asked for, with their headings and some rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from cityresearch.toolkit.layout import SHEETS
from cityresearch.toolkit.measured import labels

TODAY = date(2026, 6, 30)
VISIT = {"start": date(2026, 3, 2), "country": "Japan", "purpose": "Talks", "status": "reported"}
EVENT = {"start": date(2026, 3, 2), "event": "Forum", "status": "reported"}


def outcome(metric_id: str, value: object = None, unit: str | None = None, **cells: object) -> dict[str, object]:
    """Return a row of the sheet outcomes."""
    told = {"outcome": "A result", "measure": labels()[metric_id], "value": value, "unit": unit}
    return told | {"date": date(2026, 3, 2), "status": "reported"} | cells


def workbook(rows: Mapping[str, Sequence[Mapping[str, object]]]) -> Workbook:
    """Return a workbook; a row's cells are by the names of the columns, the first row is row 2."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        sheet.append([column.heading for column in SHEETS[name].columns])
        for line in lines:
            sheet.append([line.get(column.name) for column in SHEETS[name].columns])
    return book


def saved(path: Path, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> Path:
    """Write such a workbook and return its path."""
    workbook(rows).save(path)
    return path


def place(sheet: str, column: str) -> int:
    """Return the place of a column, counted from 1."""
    return 1 + [c.name for c in SHEETS[sheet].columns].index(column)
