"""A table as a workbook: numbers as numbers, the header frozen, and a second sheet with title, notes, columns, sources and license."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cityresearch.tables.archive import undated
from cityresearch.tables.table import AUTHORS, LICENSE, SHEET, Cell, Column, Table
from cityresearch.tables.to_csv import FORMULA

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["as_xlsx"]

CHARACTERS = 13  # of a spreadsheet, to an inch on a page
NARROWEST, WIDEST = 9, 60
ABOUT_WIDTHS = (24, 36, 70, 60, 14, 14, 20)


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
    for place, column in enumerate(columns, start=1):
        _head(_put(sheet, 1, place, column.title(SHEET)))
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(max(column.width * CHARACTERS, NARROWEST), WIDEST)
    for number, row in enumerate(table.rows, start=2):
        for place, column in enumerate(columns, start=1):
            _fill(_put(sheet, number, place, _plain(row[column.name])), column, row)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(table.rows) + 1}"
    _for_print(sheet)
    _about(book.create_sheet("About"), table, columns)
    made = io.BytesIO()
    book.save(made)
    return undated(made.getvalue())


def _about(sheet: Worksheet, table: Table, columns: tuple[Column, ...]) -> None:
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(ABOUT_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    lines: list[tuple[str, ...]] = [("Title", table.title), ("Name", table.name)]
    lines += [("Note", note) for note in table.notes]
    lines += [("License", LICENSE), (), ("Column", "Heading", "Unit")]
    heads = {len(lines)}
    lines += [
        (c.name, c.title(SHEET), c.unit or (f"as in the column {c.unit_in}" if c.unit_in else "")) for c in columns
    ]
    lines += [(), ("Source", "Publisher", "Title", "Address", "Published", "Retrieved", "License")]
    heads.add(len(lines))
    lines += [(s.source_id, s.publisher, s.title, s.url, s.published, s.retrieved, s.license) for s in table.records()]
    for number, line in enumerate(lines, start=1):
        for place, text in enumerate(line, start=1):
            cell = _put(sheet, number, place, text)
            if number in heads:
                _head(cell)
            elif len(line) == 2:
                _head(cell) if place == 1 else None
        if len(line) == 2:
            sheet.merge_cells(start_row=number, start_column=2, end_row=number, end_column=4)
            room = sum(ABOUT_WIDTHS[1:4])
            # a merged cell does not make its row high enough by itself
            sheet.row_dimensions[number].height = 15 * (1 + len(line[1]) // room)
    _for_print(sheet)


def _put(sheet: Worksheet, row: int, column: int, value: str | int | float | None) -> SheetCell:
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    if value in ("", None):
        return cell
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA)
    return cell


def _head(cell: SheetCell) -> None:
    from openpyxl.styles import Font, PatternFill

    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE8E8E8")


def _fill(cell: SheetCell, column: Column, row: Mapping[str, Cell]) -> None:
    if column.kind != "number" or row[column.name] is None:
        return
    value = row[column.name]
    unit = str(row[column.unit_in]) if column.unit_in else column.unit
    decimals = 0 if isinstance(value, int) else 2 if column.unit_in or column.scale != 1 else column.decimals
    grouped = column.grouped and unit != "year"
    cell.number_format = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")


def _plain(cell: Cell) -> str | int | float | None:
    return ";".join(cell) if isinstance(cell, tuple) else cell


def _for_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if sheet.title == "Table":
        sheet.print_title_rows = "1:1"
