"""The cells of an office's workbook, each with what it was typed as: text, number, date, formula or error; read within bounds.

The importers of publishers' tables have their own reader, which gives text alone. A check of what a person typed has to know a date from
the text of one, a percentage from a number, and a formula from its last value.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent, read_bytes
from cityresearch.datasets.importers.workbook_parts import Attributes, Book, book_part, parse, read_book, whole
from cityresearch.errors import DataError

__all__ = ["MOST_FILLED", "Cell", "Typed", "Worksheet", "letters", "read_workbook"]

MOST_FILLED = 200_000  # cells; the book of an office with a thousand visits a year has a tenth of it in ten years
ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
ENTRY = b"PK\x01\x02"  # begins each entry of a zip's list of members
PROTECTED = "EncryptedPackage".encode("utf-16-le")
AGAIN = "open it in your spreadsheet program and save it as XLSX"
MARKS = {
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"{\\rtf": "an RTF document", b"\x1f\x8b": "a gzip archive",
}  # fmt: skip
OTHER_ZIPS = {
    "xl/workbook.bin": "a binary workbook (XLSB)", "word/document.xml": "a Word document", "content.xml": "an OpenDocument file",
    "Index/Document.iwa": "a Numbers document",
}  # fmt: skip
Typed = Literal["text", "number", "date", "error", "formula"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell: its text as a person would read it, what it was typed as, and the number or day behind it.

    `percent` is true of a number that is shown as a percentage: 0.15 shown as 15 %. `last` is the value that a formula had when the workbook
    was saved.
    """

    text: str
    typed: Typed
    number: float | None = None
    day: date | None = None
    percent: bool = False
    last: str = ""


@dataclass(slots=True)
class Worksheet:
    """A sheet: its filled cells by row and column, and what a person would not see or had joined."""

    name: str
    hidden: bool
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def read_workbook(path: Path) -> list[Worksheet]:
    """Return the sheets of a workbook in their order.

    Raises
    ------
    DataError
        If it is missing, no ordinary file, no XLSX workbook, protected by a password, damaged, or larger than a bound.
    """
    content = read_bytes(path)
    _refuse_others(path, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_members(path, archive)
            spent = Spent(str(path))
            part = book_part(archive, str(path))
            if not part:
                raise DataError(f"{path} is a zip and not a workbook: unpack it, and name the workbook in it.")
            book = read_book(archive, part, spent)
            return [_sheet(archive, target, title, hidden, book, spent) for title, target, hidden in book.sheets]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise DataError(
            f"{path} is a workbook that breaks off or is damaged: {AGAIN}, or take an earlier copy."
        ) from None


def _refuse_others(path: Path, content: bytes) -> None:
    if not content.strip():
        raise DataError(f"{path} is empty, expected a workbook: make one with cityresearch toolkit template.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if PROTECTED in content:
            raise DataError(
                f"{path} is protected by a password: open it, remove the password under File, Info, and save it again."
            )
        raise DataError(f"{path} is an Excel 97-2003 workbook (XLS): {AGAIN}.")
    kind = next((kind for mark, kind in MARKS.items() if content.startswith(mark)), "")
    if not content.startswith(b"PK"):
        if not kind:
            kind = "a binary file" if b"\0" in content[:2000] else "text, such as CSV,"
        named = " although its name ends in .xlsx" if path.suffix.casefold() == ".xlsx" else ""
        raise DataError(f"{path} is {kind} and not a workbook{named}: {AGAIN}.")
    if content.count(ENTRY) > limits.MOST_MEMBERS:
        raise DataError(f"{path} has more than {limits.MOST_MEMBERS:,} parts, expected a workbook: {AGAIN}.")


def _refuse_members(path: Path, archive: zipfile.ZipFile) -> None:
    if any(member.flag_bits & 1 for member in archive.infolist()):
        raise DataError(f"{path} is protected by a password: remove the password and save it again.")
    for part, kind in OTHER_ZIPS.items():
        if part in archive.NameToInfo:
            raise DataError(f"{path} is {kind}, expected XLSX: {AGAIN}.")


class _Reader:
    """Collects the cells of one sheet while its XML is read."""

    def __init__(self, sheet: Worksheet, book: Book, spent: Spent) -> None:
        self.sheet, self.book, self.spent = sheet, book, spent
        self.line = self.place = 0
        self.kind, self.style = "n", 0
        self.value, self.formula = "", ""
        self.inside, self.in_cell, self.aside, self.is_formula = "", False, False, False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "row":
            self.line, self.place = whole(attributes.get("r"), self.line + 1), 0
            if attributes.get("hidden") in ("1", "true"):
                self.sheet.hidden_rows.add(self.line)
        elif tag == "c":
            found = ADDRESS.fullmatch(attributes.get("r", ""))
            self.line, self.place = (int(found[2]), _number(found[1])) if found else (self.line, self.place + 1)
            self.kind, self.style = attributes.get("t", "n"), whole(attributes.get("s"), 0)
            self.value, self.formula, self.in_cell, self.is_formula = "", "", True, False
        elif tag in ("v", "t", "f") and self.in_cell and not self.aside:
            self.inside = tag
            self.is_formula = self.is_formula or tag == "f"
        elif tag == "rPh":
            self.aside = True
        elif tag == "mergeCell":
            ends = [ADDRESS.fullmatch(end) for end in attributes.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                (left, top), (right, bottom) = ((_number(end[1]), int(end[2])) for end in ends if end)
                self.sheet.merged.append((attributes["ref"], top, left, bottom, right))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first = whole(attributes.get("min"), 1)
            self.sheet.hidden_columns.append((first, whole(attributes.get("max"), first)))

    def text(self, piece: str) -> None:
        if not self.inside:
            return
        if self.inside == "f":
            self.formula += piece
        else:
            self.value += piece
        if len(self.value) + len(self.formula) > limits.LONGEST_CELL:
            raise DataError(
                f"{self.spent.name}, sheet {self.sheet.name}, cell {letters(self.place)}{self.line}: found more than "
                f"{limits.LONGEST_CELL:,} characters, expected at most that; shorten it."
            )

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self.aside = False
        elif tag in ("v", "t", "f"):
            self.inside = ""
        elif tag == "c" and self.in_cell:
            self.in_cell = False
            if not self.value and not self.is_formula:
                return  # a cell that has a style alone
            cell = self.cell()
            if cell.text:
                self.sheet.rows.setdefault(self.line, {})[self.place] = cell
                self.spent.cells += 1
                if self.spent.cells > MOST_FILLED:
                    raise DataError(
                        f"{self.spent.name}, sheet {self.sheet.name}, row {self.line}: found more than {MOST_FILLED:,} filled cells up to here, "
                        "expected at most that; keep earlier years in a book of their own."
                    )

    def cell(self) -> Cell:
        value = " ".join(self.value.split())
        if self.is_formula:
            return Cell(f"={' '.join(self.formula.split()) or '...'}", "formula", last=value)
        if self.kind == "s":
            number = whole(value, -1)
            if not 0 <= number < len(self.book.texts):
                raise DataError(
                    f"{self.spent.name}, sheet {self.sheet.name}, row {self.line}: a text is lost; {AGAIN}."
                )
            return Cell(self.book.texts[number], "text")
        if self.kind == "e":
            return Cell(value, "error")
        if self.kind == "b":
            return Cell("yes" if value in ("1", "true") else "no", "text")
        if self.kind == "d":
            return _day(value) or Cell(value, "text")
        return Cell(value, "text") if self.kind != "n" else self.numbered(value)

    def numbered(self, value: str) -> Cell:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        try:
            number = float(value)
            if not math.isfinite(number):
                return Cell(value, "text")
            if self.style in self.book.date_styles:
                moment = from_excel(number, CALENDAR_MAC_1904 if self.book.from_1904 else CALENDAR_WINDOWS_1900)
                if hasattr(moment, "year"):
                    return _day(moment.strftime("%Y-%m-%d")) or Cell(value, "text")
        except (ValueError, OverflowError):
            return Cell(value, "text")
        percent = self.style in self.book.percent_styles
        shown = f"{100 * number:.10g}%" if percent else f"{number:.15g}"
        return Cell(shown, "number", number, percent=percent)


def _day(text: str) -> Cell | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return Cell(day.isoformat(), "date", day=day)


def _sheet(archive: zipfile.ZipFile, part: str, title: str, hidden: bool, book: Book, spent: Spent) -> Worksheet:
    sheet = Worksheet(title, hidden)
    reader = _Reader(sheet, book, spent)
    parse(archive, part, spent, reader.start, reader.end, reader.text)
    return sheet


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def letters(number: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
