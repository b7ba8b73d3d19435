"""Opening a publisher's file safely: from bytes to grids of text cells, or one sentence on why it is not a table."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent
from cityresearch.datasets.printable import INVISIBLE, quoted
from cityresearch.errors import DataError

__all__ = ["Grid", "grids", "refuse_invisible"]

SAMPLE = 64_000  # bytes that tell encoding and delimiter
SHARED = 50_000  # distinct cells that are kept once
PROTECTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
OTHER_KINDS = {
    b"%PDF": "a PDF",
    OLD_WORKBOOK: "an Excel 97-2003 workbook",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"PAR1": "a Parquet file",
}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Grid:
    """The text cells of one table as they are in a file.

    Parameters
    ----------
    name : str
        The file, with the member or the sheet if it has several.
    rows : tuple of (int, tuple of str)
        Each row with its number in the file; the first is 1.
    ends_whole : bool
        False if the last line of a text file has no newline, as in a download that broke off.
    sheet : str
        The sheet of a workbook; empty for text.
    without_value : mapping of cell address to text
        Cells of a workbook that ought to have a value and have none: the formula, or the range that they are merged into. Their text
        in `rows` starts with an equals sign.
    notes : tuple of str
        What was decided while reading, such as that hidden rows were read.
    hidden : bool
        Whether the sheet is hidden.
    delimiter : str
        What separates the cells of a text file.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    ends_whole: bool = True
    sheet: str = ""
    without_value: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    hidden: bool = False
    delimiter: str = ""


def grids(content: bytes, name: str, sheet: str = "", *, packed: bool = False) -> list[Grid]:
    """Return the tables of a file: one for text, one per sheet of a workbook, the one table of a zip.

    Parameters
    ----------
    content : bytes
    name : str
        The file's name, for messages.
    sheet : str, optional
        The one sheet to read; all if left out.
    packed : bool
        Whether the content is a member of a zip already.

    Raises
    ------
    DataError
        If the content is empty, broken off, a web page, another kind of file, or larger than a bound once unpacked.
    """
    if not content[:SAMPLE].strip() and not content.strip():
        raise DataError(f"{name} is empty, expected a table: download it again.")
    for mark, kind in OTHER_KINDS.items():
        if content.startswith(mark):
            if mark == OLD_WORKBOOK and PROTECTED in content:
                raise DataError(f"{name} is protected by a password: save it without one and import it again.")
            raise DataError(f"{name} is {kind}, expected CSV, XLSX, JSON or zip: save or export it as one of these.")
    if content.startswith(b"PK"):
        from cityresearch.datasets.importers.archives import unpacked

        return unpacked(content, name, sheet, packed=packed)
    if sheet:
        raise DataError(f"{name} is text and has no sheet {quoted(sheet)}: leave out --sheet.")
    encoding = encoding_of(content, name)
    start = content[:SAMPLE].decode(encoding, errors="ignore")
    _refuse_web_page(start, name)
    if start.lstrip()[:1] in ("[", "{"):
        from cityresearch.datasets.importers.json_tables import json_grid

        return [json_grid(content, encoding, name)]
    return [_text_grid(content, encoding, start, name)]


def encoding_of(content: bytes, name: str) -> str:
    """Return the encoding of bytes: UTF-8 or UTF-16 with or without a byte order mark, else Windows-1252.

    Raises
    ------
    DataError
        If no encoding gives text, as for an image or a program.
    """
    zeros = content[:2000].count(0)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif zeros > len(content[:2000]) / 4:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        if _decodes(content, encoding) and not _is_binary(content[:SAMPLE].decode(encoding, errors="ignore")):
            return encoding
    if encodings == ["utf-16"] and len(content) % 2:
        raise DataError(f"{name} breaks off in the middle of a UTF-16 character: download it again.")
    raise DataError(f"{name} is a binary file, expected CSV, XLSX, JSON or zip: name the table itself.")


def _decodes(content: bytes, encoding: str) -> bool:
    """Say whether all bytes are text of an encoding, without holding that text: it takes up to four times the room."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), 1_000_000):
            decoder.decode(content[start : start + 1_000_000])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(start: str) -> bool:
    """Say whether text is a program or an image that decodes by chance; a few stray controls are named by row later."""
    found = CONTROL.findall(start)
    return (len(found) > len(start) / 100 and len(found) > 1) or "\0" in start[:2000]


def _refuse_web_page(start: str, name: str) -> None:
    low = start.lstrip()[:2000].lower()
    marks = ("<!doctype", "<html", "<?xml", "<head", "<body", "<script", "<table", "<!--")
    if low.startswith(marks) or "<html" in low:
        title = re.search(r"<title[^>]*>\s*(.*?)\s*</title>", start[:20_000], flags=re.IGNORECASE | re.DOTALL)
        says = f" titled {quoted(' '.join(title[1].split()))}" if title else ""
        raise DataError(
            f"{name} is a web page{says}, expected a table: download the file itself, not the page that offers it."
        )


def _text_grid(content: bytes, encoding: str, start: str, name: str) -> Grid:
    delimiter = _delimiter(start, whole=len(content) <= SAMPLE, name=name)
    lines = _Lines(io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline=""), name)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    spent, shared, rows = Spent(name), {}, []
    try:
        for row in reader:
            spent.take_row(lines.first, len(row))
            cells = (" ".join(cell.split()) for cell in row)
            rows.append(
                (
                    lines.first,
                    tuple(shared.setdefault(c, c) if len(shared) < SHARED else shared.get(c, c) for c in cells),
                )
            )
            lines.next_row()
    except csv.Error as error:
        what, remedy = _of_csv(str(error))
        raise DataError(f"{name}, row {lines.first}: found {what}; {remedy}.") from None
    return Grid(name, tuple(rows), ends_whole=lines.last.endswith(("\n", "\r")), delimiter=delimiter)


def _of_csv(error: str) -> tuple[str, str]:
    if "field larger" in error:
        return f"a cell of more than {limits.LONGEST_CELL:,} characters, expected a table", "check that the file is one"
    balanced = ", expected balanced quotation marks"
    what = "a quoted cell that never ends" if "unexpected end" in error else "a quotation mark inside a cell"
    return what + balanced, "download the file again or fix the row"


class _Lines:
    """The lines of a text file, none longer than a row may be, and with the line where the current row began."""

    def __init__(self, file: io.TextIOBase, name: str) -> None:
        self.file, self.name = file, name
        self.read, self.first, self.length, self.last = 0, 1, 0, ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(limits.LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.read, self.length, self.last = self.read + 1, self.length + len(line), line
        if self.length > limits.LONGEST_ROW:
            raise DataError(
                f"{self.name}, row {self.first}: found more than {limits.LONGEST_ROW:,} characters in one row, expected a table; "
                "check that the file is one and that its quotation marks are closed."
            )
        refuse_invisible(line, self.name, self.read)
        return line

    def next_row(self) -> None:
        """Note that the row is complete."""
        self.first, self.length = self.read + 1, 0


def refuse_invisible(text: str, name: str, line: int) -> None:
    """Refuse a control character or one that cannot be seen: it would make two equal-looking names differ.

    Raises
    ------
    DataError
        With the character's code.
    """
    found = INVISIBLE.search(text)
    if found and not (line == 1 and found.start() == 0 and found[0] == "\ufeff"):
        raise DataError(
            f"{name}, row {line}: found the invisible character U+{ord(found[0]):04X}, expected text; remove it or export the file again."
        )


def _delimiter(start: str, *, whole: bool, name: str) -> str:
    """Return comma, tab, semicolon or bar: the one that cuts most lines into the same number of cells."""
    lines = start.splitlines()
    lines = [re.sub(r'"[^"]*"', "", line) for line in (lines if whole else lines[:-1] or lines)[:200] if line.strip()]
    cells = {mark: Counter(line.count(mark) for line in lines if mark in line) for mark in ",\t;|"}
    regular = {mark: max((n * count for n, count in found.items()), default=0) for mark, found in cells.items()}
    best = max(regular, key=regular.get)
    if regular[best] == 0:
        shown = quoted(lines[0].strip()) if lines else "nothing"
        raise DataError(
            f"{name} has one column, the first line is {shown}, expected cells separated by commas or tabs: export it again as CSV."
        )
    return best
