"""Sheets of the workbooks that the toolkit writes: cells in which nothing runs, heads that stay in sight, rows high enough to read."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from cityresearch.tables.archive import undated
from cityresearch.tables.to_csv import FORMULA

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["FONT", "HEAD", "fit", "for_print", "head", "put", "saved", "set_widths"]

HEAD = "FFDCE6F1"
FONT = "Calibri"
LINE, HIGHEST = 15, 405  # points: of a line of text, and of the highest row that a spreadsheet shows


def put(sheet: Worksheet, row: int, column: int, value: object, fill: str = "") -> Cell:
    """Write a cell; a text stays a text, even if it begins as a formula does."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, PatternFill

    cell = sheet.cell(row, column)
    cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    if value not in ("", None):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str) and value:
        cell.data_type, cell.quotePrefix = "s", value.startswith(FORMULA)
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int | float):
        cell.number_format = "#,##0" if float(value).is_integer() else "#,##0.##"
    return cell


def head(sheet: Worksheet, row: int, titles: Sequence[str], fill: str = HEAD) -> None:
    """Write a row of headings."""
    from openpyxl.styles import Font

    for place, title in enumerate(titles, start=1):
        put(sheet, row, place, title, fill).font = Font(name=FONT, bold=True)


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the width of each column, in characters."""
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def fit(sheet: Worksheet, row: int, cells: Sequence[object], widths: Sequence[float]) -> None:
    """Make a row as high as its longest text: not every program does so by itself."""
    lines = [len(textwrap.wrap(cell, int(w))) for cell, w in zip(cells, widths, strict=False) if isinstance(cell, str)]
    sheet.row_dimensions[row].height = min(LINE * max([1, *lines]), HIGHEST)


def for_print(sheet: Worksheet) -> None:
    """Let a sheet print as wide as a page that lies across, with its headings on each."""
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def saved(book: Workbook) -> bytes:
    """Return a workbook's file, with the same bytes every time."""
    made = io.BytesIO()
    book.save(made)
    return undated(made.getvalue())
