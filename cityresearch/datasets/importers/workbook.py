"""Workbooks: the sheets of an XLSX as grids, streamed within bounds, with every cell named that has no value to read.

A library that reads stored values gives nothing for a formula whose value was never stored, for a cell that is merged into another,
and for a text cell with an error value; a year of such cells would vanish. Here these cells carry a mark that no importer takes for a
value, and the grid knows their addresses.
"""

from __future__ import annotations

import math
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent
from cityresearch.datasets.importers.reading import Grid, refuse_invisible
from cityresearch.datasets.importers.workbook_parts import Attributes, Book, parse, read_book, whole
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError
from cityresearch.phrases import many

__all__ = ["sheets"]

ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(slots=True)
class _Cell:
    """A cell as the XML has it."""

    line: int
    place: int
    kind: str
    style: int
    value: str | None = None
    formula: str | None = None


def sheets(archive: zipfile.ZipFile, part: str, name: str, wanted: str = "") -> list[Grid]:
    """Return the sheets of a workbook as grids.

    Parameters
    ----------
    archive : zipfile.ZipFile
    part : str
        As `book_part` gives it.
    name : str
        The file's name, for messages.
    wanted : str, optional
        The one sheet to read; all if left out.

    Raises
    ------
    DataError
        If there is no such sheet, the XML is damaged or declares entities, or a bound is reached.
    """
    spent = Spent(name)
    book = read_book(archive, part, spent)
    titles = [title for title, _, _ in book.sheets]
    if wanted and wanted not in titles:
        raise DataError(f"{name} has no sheet {quoted(wanted)}: it has {', '.join(quoted(t)[1:-1] for t in titles)}.")
    return [
        _sheet(archive, target, f"{name}, sheet {quoted(title)[1:-1]}", title, hidden, book, spent)
        for title, target, hidden in book.sheets
        if wanted in ("", title)
    ]


class _Reader:
    """Collects the cells of one sheet while its XML is read."""

    def __init__(self, name: str, book: Book, spent: Spent) -> None:
        self.name, self.book, self.spent = name, book, spent
        self.rows: dict[int, dict[int, str]] = {}
        self.without_value: dict[tuple[int, int], str] = {}
        self.merged: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.line, self.place = 0, 0
        self.cell: _Cell | None = None
        self.words: list[str] | None = None
        self.length, self.aside = 0, False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "row":
            self.line = whole(attributes.get("r"), self.line + 1)
            self.place = 0
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.line)
        elif tag == "c":
            found = ADDRESS.fullmatch(attributes.get("r", ""))
            line, place = (int(found[2]), column_number(found[1])) if found else (self.line, self.place + 1)
            self.place = place
            self.cell = _Cell(line, place, attributes.get("t", "n"), whole(attributes.get("s"), 0))
        elif tag in ("v", "t", "f") and self.cell and not self.aside:
            self.words, self.length = [], 0
        elif tag == "rPh":
            self.aside = True
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first = whole(attributes.get("min"), 1)
            self.hidden_columns.append((first, whole(attributes.get("max"), first)))

    def text(self, piece: str) -> None:
        if self.words is not None:
            self.words.append(piece)
            self.length += len(piece)
            if self.length > limits.LONGEST_CELL:
                raise DataError(
                    f"{self.name}, cell {self.cell and address(self.cell.line, self.cell.place)}: found a cell of more than "
                    f"{limits.LONGEST_CELL:,} characters, expected a table; check that the sheet is one."
                )

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self.aside = False
        elif tag == "c" and self.cell:
            self.keep(self.cell)
            self.cell = None
        elif tag in ("v", "t", "f") and self.cell and self.words is not None:
            words, self.words = "".join(self.words), None
            if tag == "f":
                self.cell.formula = words
            else:
                self.cell.value = (self.cell.value or "") + words if tag == "t" else words

    def keep(self, cell: _Cell) -> None:
        """Keep a cell that holds anything."""
        lacking = cell.value is None or (cell.value == "" and cell.kind != "str")
        # some writers store 0 for every formula and leave the sums to whoever opens the workbook
        lacking = lacking or (self.book.uncalculated and cell.kind == "n" and cell.value in ("0", "0.0"))
        if cell.formula is not None and lacking:
            text = "=" + (" ".join(cell.formula.split()) or "a formula shared with another cell")
            self.without_value[cell.line, cell.place] = text
        else:
            text = self.shown(cell)
        if not text:
            return
        if cell.place > limits.MOST_COLUMNS:
            raise DataError(
                f"{self.where(cell)}: found {quoted(text)} in column {cell.place:,}, expected at most {limits.MOST_COLUMNS:,} columns; "
                "delete what is next to the table."
            )
        if not text.isprintable():
            refuse_invisible(text, self.where(cell), cell.line)
        row = self.rows.setdefault(cell.line, {})
        self.spent.cells += cell.place not in row
        row[cell.place] = text
        if self.spent.cells > limits.MOST_CELLS:
            raise DataError(
                f"{self.where(cell)}: found more than {limits.MOST_CELLS:,} cells up to here, expected at most that; take an extract of it."
            )

    def where(self, cell: _Cell) -> str:
        return f"{self.name}, cell {address(cell.line, cell.place)}"

    def shown(self, cell: _Cell) -> str:
        """Return a cell's text: whole numbers without a point, dates as 2025-01-31."""
        value = cell.value or ""
        if cell.kind == "s":
            number = whole(value, -1)
            if not 0 <= number < len(self.book.texts):
                raise DataError(
                    f"{self.where(cell)}: found the number {quoted(value)} of a text that the workbook "
                    "does not hold, expected one of its texts; save it again."
                )
            return self.book.texts[number]
        if cell.kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if cell.kind == "d":
            return value[:10]
        if cell.kind != "n" or not value:
            return " ".join(value.split())
        return self.number(value, cell.style in self.book.date_styles)

    def number(self, value: str, is_date: bool) -> str:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        try:
            number = float(value)
            if not math.isfinite(number):
                return value
            if is_date:
                day = from_excel(number, CALENDAR_MAC_1904 if self.book.from_1904 else CALENDAR_WINDOWS_1900)
                return day.strftime("%Y-%m-%d") if hasattr(day, "year") else value
            return (
                str(int(value) if value.lstrip("-").isdigit() else int(number)) if number.is_integer() else repr(number)
            )
        except (ValueError, OverflowError):
            return value

    def cover(self) -> None:
        """Mark cells that are merged into another one, in rows that hold anything else: their value is not their own."""
        width = max((max(row) for row in self.rows.values()), default=0)
        for ref in self.merged:
            first, _, last = ref.partition(":")
            begin, end = ADDRESS.fullmatch(first), ADDRESS.fullmatch(last)
            if not begin or not end:
                continue
            top, left, bottom, right = int(begin[2]), column_number(begin[1]), int(end[2]), column_number(end[1])
            if not self.rows.get(top, {}).get(left):
                continue
            lines = (
                range(top, bottom + 1)
                if bottom - top < len(self.rows)
                else [n for n in self.rows if top <= n <= bottom]
            )
            for line in lines:
                row = self.rows.get(line, {})
                if all(left <= place <= right for place in row):
                    continue
                for place in range(left, min(right, width) + 1):
                    self.spent.take_row(line, 1)
                    if (line, place) != (top, left) and not row.get(place):
                        row[place] = f"=merged into {ref}"
                        self.without_value[line, place] = f"merged into {ref}"


def _sheet(archive: zipfile.ZipFile, part: str, name: str, title: str, hidden: bool, book: Book, spent: Spent) -> Grid:
    reader = _Reader(name, book, spent)
    parse(archive, part, spent, reader.start, reader.end, reader.text)
    reader.cover()
    width = max((max(row) for row in reader.rows.values()), default=0)
    if width * len(reader.rows) > limits.MOST_CELLS:
        raise DataError(
            f"{name}: found {len(reader.rows):,} rows by {width:,} columns, expected at most {limits.MOST_CELLS:,} cells; "
            "delete what is next to the table."
        )
    rows = tuple(
        (line, tuple(reader.rows[line].get(place, "") for place in range(1, width + 1))) for line in sorted(reader.rows)
    )
    without = {address(*where): text for where, text in sorted(reader.without_value.items())}
    return Grid(name, rows, sheet=title, without_value=without, notes=_notes(reader, hidden, width), hidden=hidden)


def _notes(reader: _Reader, hidden: bool, width: int) -> tuple[str, ...]:
    """Say what a reader of the workbook would not see and was read all the same."""
    notes = ["the sheet is hidden and was read"] if hidden else []
    rows = [line for line in reader.hidden_rows if line in reader.rows]
    if rows:
        notes.append(f"{many(len(rows), 'hidden row')} read as well: {_few([str(line) for line in rows])}")
    columns = [p for first, last in reader.hidden_columns for p in range(first, min(last, width) + 1)]
    if columns:
        notes.append(
            f"{many(len(columns), 'hidden column')} read as well: {_few([column_letters(p) for p in columns])}"
        )
    return tuple(notes)


def _few(items: list[str], most: int = 5) -> str:
    return ", ".join(items[:most]) + (f" and {len(items) - most:,} more" if len(items) > most else "")


@lru_cache(maxsize=4_096)
def column_number(letters: str) -> int:
    """Return the place of a column, 1 for A.

    Examples
    --------
    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> column_letters(1), column_letters(27), column_letters(16384)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(line: int, place: int) -> str:
    """Return a cell's address."""
    return f"{column_letters(place)}{line}"
