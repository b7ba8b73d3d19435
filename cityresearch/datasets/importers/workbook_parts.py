"""Parts of a workbook: its XML streamed within bounds, the list of sheets, shared texts and the styles that show dates."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from xml.parsers import expat

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent
from cityresearch.errors import DataError

__all__ = ["Attributes", "Book", "book_part", "parse", "read_book", "whole"]

CHUNK = 65_536
Attributes = dict[str, str]


@dataclass(slots=True)
class Book:
    """What all sheets share: texts, styles of dates and of percentages, the first day, and whether formulas wait to be calculated."""

    texts: list[str] = field(default_factory=list)
    date_styles: set[int] = field(default_factory=set)
    percent_styles: set[int] = field(default_factory=set)
    from_1904: bool = False
    uncalculated: bool = False
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)


def book_part(archive: zipfile.ZipFile, name: str) -> str:
    """Return the part that lists the sheets of a workbook; an empty string if the zip is not a workbook."""
    if "_rels/.rels" not in archive.NameToInfo or "[Content_Types].xml" not in archive.NameToInfo:
        return ""
    found = [t for kind, t in _related(archive, "", Spent(name)).values() if kind == "officeDocument"]
    return found[0] if found and found[0].startswith("xl/") else ""


def parse(
    archive: zipfile.ZipFile,
    part: str,
    spent: Spent,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda tag: None,
    text: Callable[[str], None] = lambda words: None,
) -> None:
    """Send a part's XML through callbacks piece by piece; tags without their namespace.

    Raises
    ------
    DataError
        If it is no XML, declares a document type, or is larger than the bound.
    """

    def refuse(*_: object) -> None:
        raise DataError(f"{spent.name}, part {part}: found a document type, which workbooks have none: save it again.")

    local = lru_cache(maxsize=1_000)(lambda tag: tag.rpartition(" ")[2])
    fed = 0
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse  # entities could grow without end
    parser.StartElementHandler = lambda tag, attributes: start(local(tag), attributes)
    parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                spent.take_bytes(len(chunk))
                parser.Parse(chunk, False)
                fed += len(chunk)
                # the parser begins an unfinished tag anew with every piece, which would take forever for a long one
                if fed - parser.CurrentByteIndex > limits.LONGEST_ROW:
                    raise DataError(
                        f"{spent.name}, part {part}: found a tag of more than {limits.LONGEST_ROW:,} bytes, expected a workbook; save it again."
                    )
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

    parse(archive, str(folder / "_rels" / f"{own}.rels"), spent, start)
    return found


def read_book(archive: zipfile.ZipFile, part: str, spent: Spent) -> Book:
    """Return what a workbook says outside its sheets.

    Raises
    ------
    DataError
        As `parse`.
    """
    book, related = Book(), _related(archive, part, spent)

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

    parse(archive, part, spent, start)
    for kind, target in related.values():
        if kind == "sharedStrings":
            book.texts = _texts(archive, target, spent)
        elif kind == "styles":
            book.date_styles, book.percent_styles = _styles(archive, target, spent)
    return book


def _texts(archive: zipfile.ZipFile, part: str, spent: Spent) -> list[str]:
    texts: list[str] = []
    words: list[str] = []
    inside, length = [False, False], [0]  # a text, and a reading aid for it

    def start(tag: str, _: Attributes) -> None:
        if tag == "si":
            words.clear()
            length[0] = 0
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
            length[0] += len(piece)
            if length[0] > limits.LONGEST_CELL:
                raise DataError(
                    f"{spent.name}: found a text of more than {limits.LONGEST_CELL:,} characters, expected a table; check that it is one."
                )

    parse(archive, part, spent, start, end, text)
    return texts


def _styles(archive: zipfile.ZipFile, part: str, spent: Spent) -> tuple[set[int], set[int]]:
    """Return the numbers of the cell styles that show a date, and of those that show a percentage."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    codes = dict(BUILTIN_FORMATS)
    dates: set[int] = set()
    percentages: set[int] = set()
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
            if "%" in re.sub(r'"[^"]*"|\\.', "", code):
                percentages.add(count[0])
            count[0] += 1

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    parse(archive, part, spent, start, end)
    return dates, percentages


def whole(text: str | None, otherwise: int) -> int:
    """Return a whole number, or another one where there is none."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else otherwise
