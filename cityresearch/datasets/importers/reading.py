"""Opening a publisher's file safely: from bytes to grids of text cells, or one sentence on why it is not a table."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.errors import DataError

LARGEST = 300_000_000
MOST_MEMBERS = 2_000
OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Excel 97-2003 workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Grid:
    """The text cells of one table as they stand in a file.

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
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    ends_whole: bool = True
    sheet: str = ""


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    DataError
        If it is missing, a folder, unreadable, empty or larger than 300 MB.
    """
    if path.is_dir():
        raise DataError(f"{path} is a folder, expected a file: name the file in it.")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise DataError(f"{path} has {size:,} bytes, expected at most {LARGEST:,}: take an extract of it.")
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path} is not there: check the path.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None


def grids(content: bytes, name: str, sheet: str = "") -> list[Grid]:
    """Return the tables of a file: one for text, one per sheet of a workbook, the one table of a zip.

    Parameters
    ----------
    content : bytes
    name : str
        The file's name, for messages.
    sheet : str, optional
        The one sheet to read; all if left out.

    Raises
    ------
    DataError
        If the content is empty, broken off, a web page, another kind of file, or larger than the bound once unpacked.
    """
    if not content.strip():
        raise DataError(f"{name} is empty, expected a table: download it again.")
    for mark, kind in OTHER_KINDS.items():
        if content.startswith(mark):
            raise DataError(f"{name} is {kind}, expected CSV, XLSX, JSON or zip: save or export it as one of these.")
    if content.startswith(b"PK"):
        return _unpacked(content, name, sheet)
    if sheet:
        raise DataError(f"{name} is text and has no sheet {sheet!r}: leave out --sheet.")
    text = decoded(content, name)
    _refuse_web_page(text, name)
    if text.lstrip()[0] in "[{":
        return [_json_grid(text, name)]
    return [_text_grid(text, name)]


def decoded(content: bytes, name: str) -> str:
    """Return bytes as text: UTF-8 or UTF-16 with or without a byte order mark, else Windows-1252.

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
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text
    if encodings == ["utf-16"] and len(content) % 2:
        raise DataError(f"{name} breaks off in the middle of a UTF-16 character: download it again.")
    raise DataError(f"{name} is a binary file, expected CSV, XLSX, JSON or zip: name the table itself.")


def _refuse_web_page(text: str, name: str) -> None:
    start = text.lstrip()[:2000].lower()
    if not start:
        raise DataError(f"{name} is empty, expected a table: download it again.")
    if (
        start.startswith(("<!doctype", "<html", "<?xml", "<head", "<body", "<script", "<table", "<!--"))
        or "<html" in start
    ):
        title = re.search(r"<title[^>]*>\s*(.*?)\s*</title>", text[:20_000], flags=re.IGNORECASE | re.DOTALL)
        says = f" titled {' '.join(title[1].split())[:80]!r}" if title else ""
        raise DataError(
            f"{name} is a web page{says}, expected a table: download the file itself, not the page that offers it."
        )


def _text_grid(text: str, name: str) -> Grid:
    delimiter = _delimiter(text, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows, start = [], 1
    try:
        for row in reader:
            rows.append((start, tuple(" ".join(cell.split()) for cell in row)))
            start = reader.line_num + 1
    except csv.Error as error:
        what = "a quoted cell that never ends" if "unexpected end" in str(error) else "a quotation mark inside a cell"
        raise DataError(
            f"{name}, row {start}: found {what}, expected balanced quotation marks; download the file again or mend the row."
        ) from None
    return Grid(name, tuple(rows), ends_whole=text.endswith(("\n", "\r")))


def _delimiter(text: str, name: str) -> str:
    """Return comma or tab: the one that cuts most lines into the same number of cells."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:200] if line.strip()]
    cells = {mark: Counter(line.count(mark) for line in lines if mark in line) for mark in ",\t;|"}
    regular = {mark: max((n * count for n, count in found.items()), default=0) for mark, found in cells.items()}
    best = max(regular, key=regular.get)
    if regular[best] == 0:
        raise DataError(f"{name} has one column, expected cells separated by commas or tabs: export it again as CSV.")
    if best in ";|":
        raise DataError(f"{name} separates its cells with {best!r}, expected a comma or a tab: export it again as CSV.")
    return best


def _json_grid(text: str, name: str) -> Grid:
    try:
        content = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise DataError(f"{name} is not whole JSON ({error}): download it again.") from None
    if not isinstance(content, list) or not content or not all(isinstance(row, list) for row in content):
        raise DataError(
            f"{name} holds {_kind(content)}, expected a list of rows as the Census API gives it: check the query."
        )
    rows = []
    for number, row in enumerate(content, 1):
        if len(row) != len(content[0]):
            raise DataError(
                f"{name}, row {number}: found {len(row)} cells, expected {len(content[0])} as in the first row; download it again."
            )
        rows.append((number, tuple(_cell(cell) for cell in row)))
    return Grid(name, tuple(rows))


def _kind(content: Any) -> str:
    if isinstance(content, dict):
        return f"an object with {', '.join(list(content)[:3]) or 'nothing in it'}"
    return "an empty list" if content == [] else "something else"


def _unpacked(content: bytes, name: str, sheet: str) -> list[Grid]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise DataError(f"{name} is a zip or workbook that breaks off or is damaged: download it again.") from None
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise DataError(f"{name} has {len(members):,} members, expected at most {MOST_MEMBERS:,}: unpack the table.")
    for member in members:
        if member.file_size > LARGEST:
            raise DataError(
                f"{name}, member {member.filename}: found {member.file_size:,} bytes once unpacked, expected at most {LARGEST:,}; "
                "take an extract of it."
            )
    try:
        if "xl/workbook.xml" in archive.namelist():
            if sum(member.file_size for member in members) > LARGEST:
                raise DataError(f"{name} has more than {LARGEST:,} bytes once unpacked: take an extract of it.")
            return _sheets(content, name, sheet)
        member = _table_member(archive, name)
        return grids(archive.read(member), f"{name}/{member}")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zipfile.zlib.error):
        raise DataError(f"{name} is a zip or workbook that breaks off or is damaged: download it again.") from None


def _table_member(archive: zipfile.ZipFile, name: str) -> str:
    """Return the one table of a zip; of BEA's many, the one of all areas or of metropolitan areas."""
    tables = [n for n in archive.namelist() if n.lower().endswith((".csv", ".json", ".txt")) and not n.startswith("__")]
    for mark in ("__ALL_AREAS", "__MSA"):
        chosen = [n for n in tables if mark in n]
        if len(chosen) == 1:
            return chosen[0]
    if len(tables) != 1:
        found = ", ".join(tables[:5] or archive.namelist()[:5]) or "none"
        raise DataError(f"{name}: found the members {found}, expected one table; unpack it and name the table.")
    return tables[0]


def _sheets(content: bytes, name: str, wanted: str) -> list[Grid]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its XML parser does
        raise DataError(f"{name} is a workbook that cannot be read ({error}): save it again as XLSX.") from None
    if wanted and wanted not in book.sheetnames:
        raise DataError(f"{name} has no sheet {wanted!r}: it has {', '.join(book.sheetnames)}.")
    found = []
    for title in [wanted] if wanted else book.sheetnames:
        rows = getattr(book[title], "iter_rows", None)
        if rows is None:  # a sheet that is only a chart
            continue
        cells = tuple((number, tuple(map(_cell, row))) for number, row in enumerate(rows(values_only=True), 1))
        found.append(Grid(f"{name}, sheet {title}", cells, sheet=title))
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%d")
    return " ".join(str(value).split())
