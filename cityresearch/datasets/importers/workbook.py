"""Workbooks: the sheets of an XLSX as grids, streamed within bounds, with every cell named that has no value to read.

A library that reads stored values gives nothing for a formula whose value was never stored, for a cell that is merged into another,
and for a text cell with an error value; a year of such cells would vanish. Here these cells carry a mark that no importer takes for a
value, and the grid knows their addresses.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent
from cityresearch.datasets.importers.reading import Grid, refuse_invisible
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError

ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
CHUNK = 65_536
Attributes = dict[str, str]


@dataclass(slots=True)
class _Cell:
    """A cell as the XML has it."""

    line: int
    place: int
    kind: str
    style: int
    value: str | None = None
    formula: str | None = None


@dataclass(slots=True)
class _Book:
    """What holds for all sheets: texts, date styles, the first day, and whether formulas wait to be calculated."""

    texts: list[str] = field(default_factory=list)
    date_styles: set[int] = field(default_factory=set)
    from_1904: bool = False
    uncalculated: bool = False
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)


def book_part(archive: zipfile.ZipFile, name: str) -> str:
    """Return the part that lists the sheets of a workbook; an empty string if the zip is no workbook."""
    if "_rels/.rels" not in archive.NameToInfo or "[Content_Types].xml" not in archive.NameToInfo:
        return ""
    found = [t for kind, t in _related(archive, "", Spent(name)).values() if kind == "officeDocument"]
    return found[0] if found and found[0].startswith("xl/") else ""


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
    book = _book(archive, part, spent)
    titles = [title for title, _, _ in book.sheets]
    if wanted and wanted not in titles:
        raise DataError(f"{name} has no sheet {quoted(wanted)}: it has {', '.join(quoted(t)[1:-1] for t in titles)}.")
    return [
        _sheet(archive, target, f"{name}, sheet {quoted(title)[1:-1]}", title, hidden, book, spent)
        for title, target, hidden in book.sheets
        if wanted in ("", title)
    ]


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    spent: Spent,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda tag: None,
    text: Callable[[str], None] = lambda words: None,
) -> None:
    """Send a part's XML through callbacks piece by piece; tags without their namespace."""

    def refuse(*_: object) -> None:
        raise DataError(f"{spent.name}, part {part}: found a document type, which workbooks have none: save it again.")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse  # entities could grow without end
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                spent.take_bytes(len(chunk))
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, KeyError) as error:
        raise DataError(
            f"{spent.name} is a workbook whose part {part} cannot be read ({error}): save it again as XLSX."
        ) from None


def _related(archive: zipfile.ZipFile, part: str, spent: Spent) -> dict[str, tuple[str, str]]:
    """Return the parts that one refers to, by id: their kind and name."""
    folder, own = PurePosixPath(part).parent, PurePosixPath(part).name
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            whole = target[1:] if target.startswith("/") else str(folder / target)
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)

    _parse(archive, str(folder / "_rels" / f"{own}.rels"), spent, start)
    return found


def _book(archive: zipfile.ZipFile, part: str, spent: Spent) -> _Book:
    book, related = _Book(), _related(archive, part, spent)

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            book.from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "calcPr":
            book.uncalculated = attributes.get("fullCalcOnLoad") in ("1", "true")
        elif tag == "sheet":
            kind, target = related.get(next((v for k, v in attributes.items() if k.endswith(" id")), ""), ("", ""))
            if kind == "worksheet":  # and not a sheet that is only a chart
                book.sheets.append(
                    (attributes.get("name", ""), target, attributes.get("state", "visible") != "visible")
                )

    _parse(archive, part, spent, start)
    for kind, target in related.values():
        if kind == "sharedStrings":
            book.texts = _texts(archive, target, spent)
        elif kind == "styles":
            book.date_styles = _date_styles(archive, target, spent)
    return book


def _texts(archive: zipfile.ZipFile, part: str, spent: Spent) -> list[str]:
    texts: list[str] = []
    words: list[str] = []
    inside = [False, False]  # a text, and a reading aid for it

    def start(tag: str, _: Attributes) -> None:
        if tag == "si":
            words.clear()
            if len(texts) >= limits.MOST_STRINGS:
                raise DataError(
                    f"{spent.name}: found more than {limits.MOST_STRINGS:,} texts, expected at most that; take an extract of it."
                )
        inside[0] = tag == "t"
        inside[1] = inside[1] or tag == "rPh"

    def end(tag: str) -> None:
        inside[0] = False
        if tag == "rPh":
            inside[1] = False
        elif tag == "si":
            texts.append(" ".join("".join(words).split()))

    def text(piece: str) -> None:
        if inside == [True, False]:
            words.append(piece)

    _parse(archive, part, spent, start, end, text)
    return texts


def _date_styles(archive: zipfile.ZipFile, part: str, spent: Spent) -> set[int]:
    """Return the numbers of the cell styles that show a date."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    codes = dict(BUILTIN_FORMATS)
    dates: set[int] = set()
    count, inside = [0], [False]

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            code = codes.get(int(attributes.get("numFmtId", 0)), "General")
            if code != "General" and is_date_format(code):
                dates.add(count[0])
            count[0] += 1

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    _parse(archive, part, spent, start, end)
    return dates


class _Reader:
    """Collects the cells of one sheet while its XML goes by."""

    def __init__(self, name: str, book: _Book, spent: Spent) -> None:
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
            self.line = _whole(attributes.get("r"), self.line + 1)
            self.place = 0
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.line)
        elif tag == "c":
            found = ADDRESS.fullmatch(attributes.get("r", ""))
            line, place = (int(found[2]), column_number(found[1])) if found else (self.line, self.place + 1)
            self.place = place
            self.cell = _Cell(line, place, attributes.get("t", "n"), _whole(attributes.get("s"), 0))
        elif tag in ("v", "t", "f") and self.cell and not self.aside:
            self.words, self.length = [], 0
        elif tag == "rPh":
            self.aside = True
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first = _whole(attributes.get("min"), 1)
            self.hidden_columns.append((first, _whole(attributes.get("max"), first)))

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
        if text:
            where = f"{self.name}, cell {address(cell.line, cell.place)}"
            if cell.place > limits.MOST_COLUMNS:
                raise DataError(
                    f"{where}: found {quoted(text)} in column {cell.place:,}, expected at most {limits.MOST_COLUMNS:,} columns; "
                    "delete what lies beside the table."
                )
            refuse_invisible(text, where, cell.line)
            row = self.rows.setdefault(cell.line, {})
            if cell.place not in row:
                self.spent.cells += 1
            row[cell.place] = text
            if self.spent.cells > limits.MOST_CELLS:
                raise DataError(
                    f"{where}: found more than {limits.MOST_CELLS:,} cells up to here, expected at most that; take an extract of it."
                )

    def shown(self, cell: _Cell) -> str:
        """Return a cell's text: whole numbers without a point, dates as 2025-01-31."""
        value = cell.value or ""
        if cell.kind == "s":
            number = _whole(value, -1)
            return self.book.texts[number] if 0 <= number < len(self.book.texts) else ""
        if cell.kind == "d":
            return value[:10]
        if cell.kind != "n" or not value:
            return " ".join(value.split())
        return self.number(value, cell.style in self.book.date_styles)

    def number(self, value: str, is_date: bool) -> str:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        try:
            number = float(value)
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
                for place in range(left, min(right, max(row)) + 1):
                    self.spent.take_row(line, 1)
                    if (line, place) != (top, left) and not row.get(place):
                        row[place] = f"=merged into {ref}"
                        self.without_value[line, place] = f"merged into {ref}"


def _sheet(archive: zipfile.ZipFile, part: str, name: str, title: str, hidden: bool, book: _Book, spent: Spent) -> Grid:
    reader = _Reader(name, book, spent)
    _parse(archive, part, spent, reader.start, reader.end, reader.text)
    reader.cover()
    width = max((max(row) for row in reader.rows.values()), default=0)
    if width * len(reader.rows) > limits.MOST_CELLS:
        raise DataError(
            f"{name}: found {len(reader.rows):,} rows by {width:,} columns, expected at most {limits.MOST_CELLS:,} cells; "
            "delete what lies beside the table."
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
        notes.append(f"{len(rows):,} hidden rows were read as well: {_few([str(line) for line in rows])}")
    columns = [p for first, last in reader.hidden_columns for p in range(first, min(last, width) + 1)]
    if columns:
        notes.append(f"{len(columns):,} hidden columns were read as well: {_few([column_letters(p) for p in columns])}")
    return tuple(notes)


def _few(items: list[str], most: int = 5) -> str:
    return ", ".join(items[:most]) + (f" and {len(items) - most:,} more" if len(items) > most else "")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else otherwise


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
