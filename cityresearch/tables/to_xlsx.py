"""A table as a workbook: numbers as numbers, the head frozen, a second sheet with title, notes, sources, license."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING

from cityresearch.tables.archive import undated
from cityresearch.tables.table import AUTHORS, LICENSE, SHEET, Cell, Column, Table
from cityresearch.tables.to_csv import FORMULA

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["as_xlsx"]

CHARACTERS = 13  # of a spreadsheet, to an inch on a page
NARROWEST, WIDEST, LINES = 9, 70, 5
LINE, HIGHEST = 15, 405  # points: of a line of text, and of the highest row that a spreadsheet shows
ABOUT_WIDTHS = (24, 36, 70, 60, 14, 14, 20)
ACROSS = 3  # columns of the second sheet that a note takes


def as_xlsx(table: Table) -> bytes:
    """Return the table as a workbook with the sheets Table and About.

    A text that begins like a formula is a text, marked as such, so that nothing runs.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.creator, book.properties.title = AUTHORS, table.title
    sheet = book.active
    sheet.title = "Table"
    columns = table.shown(SHEET)
    widths = [_width(table, column) for column in columns]
    _set_widths(sheet, widths)
    for place, column in enumerate(columns, start=1):
        _head(_put(sheet, 1, place, column.title(SHEET)))
    _fit(sheet, 1, [column.title(SHEET) for column in columns], widths)
    for number, row in enumerate(table.rows, start=2):
        cells = [_plain(row[column.name]) for column in columns]
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True), start=1):
            put = _put(sheet, number, place, cell)
            if column.kind == "number" and cell is not None:
                put.number_format = _format(column, row)
        _fit(sheet, number, cells, widths)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(table.rows) + 1}"
    sheet.print_title_rows = "1:1"
    _for_print(sheet)
    _about(book.create_sheet("About"), table, columns)
    made = io.BytesIO()
    book.save(made)
    return undated(made.getvalue())


def _about(sheet: Worksheet, table: Table, columns: Sequence[Column]) -> None:
    _set_widths(sheet, ABOUT_WIDTHS)
    told = [
        ("Title", table.title),
        ("Name", table.name),
        *(("Note", note) for note in table.notes),
        ("License", LICENSE),
    ]
    units = [c.unit or (f"as in the column {c.unit_in}" if c.unit_in else "") for c in columns]
    named = [(c.name, c.title(SHEET), unit) for c, unit in zip(columns, units, strict=True)]
    cited = [(s.source_id, s.publisher, s.title, s.url, s.published, s.retrieved, s.license) for s in table.records()]
    heads = (
        ("Column", "Heading", "Unit"),
        ("Source", "Publisher", "Title", "Address", "Published", "Retrieved", "License"),
    )
    number = 0
    for name, text in told:
        number += 1
        _head(_put(sheet, number, 1, name))
        _put(sheet, number, 2, text)
        sheet.merge_cells(start_row=number, start_column=2, end_row=number, end_column=1 + ACROSS)
        _fit(sheet, number, [text], [sum(ABOUT_WIDTHS[1 : 1 + ACROSS])])
    for head, lines in zip(heads, (named, cited), strict=True):
        number += 2
        for place, text in enumerate(head, start=1):
            _head(_put(sheet, number, place, text))
        for line in lines:
            number += 1
            for place, text in enumerate(line, start=1):
                _put(sheet, number, place, text)
            _fit(sheet, number, line, ABOUT_WIDTHS)
    _for_print(sheet)


def _put(sheet: Worksheet, row: int, column: int, value: str | int | float | None) -> SheetCell:
    cell = sheet.cell(row, column)
    # a copy, as openpyxl itself copies a cell: to set an alignment in each of thousands takes as long as all else
    cell._style = copy(_style(sheet.parent, isinstance(value, str)))
    if value not in ("", None):
        cell.value = value
    if isinstance(value, str) and value:
        cell.data_type, cell.quotePrefix = "s", value.startswith(FORMULA)
    return cell


@lru_cache(maxsize=2)
def _style(book: Workbook, wrapped: bool) -> StyleArray:
    from openpyxl.styles import Alignment
    from openpyxl.styles.cell_style import StyleArray

    style = StyleArray()
    style.alignmentId = book._alignments.add(Alignment(wrap_text=wrapped, vertical="top"))
    return style


def _head(cell: SheetCell) -> None:
    from openpyxl.styles import Font, PatternFill

    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFE8E8E8")


def _format(column: Column, row: Mapping[str, Cell]) -> str:
    """Return the number format of a cell: whole numbers without decimals, years without a mark between thousands."""
    value, unit = row[column.name], row[column.unit_in] if column.unit_in else column.unit
    decimals = 0 if isinstance(value, int) else 2 if column.unit_in or column.scale != 1 else column.decimals
    grouped = column.grouped and unit != "year"
    return ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")


def _width(table: Table, column: Column) -> float:
    """Return the characters that a column has room for: a long text on a few lines, a number in full."""
    cells = [_plain(row[column.name]) for row in table.rows]
    ids = (
        max((len(part) + 3 for row in table.rows for part in row[column.name] or ()), default=0)
        if column.kind == "sources"
        else 0
    )
    texts = max((len(cell) for cell in cells if isinstance(cell, str)), default=0) / LINES
    numbers = max((len(f"{cell:,.2f}") for cell in cells if isinstance(cell, int | float)), default=0) + 2
    return min(max(column.width * CHARACTERS, NARROWEST, ids, texts, numbers), WIDEST)


def _set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _fit(sheet: Worksheet, number: int, cells: Sequence[object], widths: Sequence[float]) -> None:
    """Make a row as high as its longest text: not every program does so by itself."""
    lines = [
        len(textwrap.wrap(cell, int(width)))
        for cell, width in zip(cells, widths, strict=False)
        if isinstance(cell, str) and len(cell) > int(width)
    ]
    sheet.row_dimensions[number].height = min(LINE * max([1, *lines]), HIGHEST)


def _plain(cell: Cell) -> str | int | float | None:
    return "; ".join(cell) if isinstance(cell, tuple) else cell


def _for_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
