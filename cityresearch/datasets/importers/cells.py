"""Reading cells: headers, footnotes, numbers and names as publishers write them, each fault as one sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from cityresearch.datasets.catalog import Dataset, Source
from cityresearch.datasets.importers.reading import Grid
from cityresearch.errors import DataError

MISSING = {"", "-", "--", "na", "n/a", "(na)", "(d)", "(l)", "(nm)", "(x)", "null", "*", "..."}
NUMBER = re.compile(r"[+-]?\$?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
YEAR = re.compile(r"\d{4}")
NOTE = re.compile(r"(notes?|sources?|last updated|footnotes?|legend|disclaimer)\b|[*(†]|\d+/|[A-Z]+\d*:", re.IGNORECASE)
TOTAL = re.compile(r"(grand |national |sub)?totals?\b|all (metros|areas|metropolitan)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dataset with the place in the file that gave it."""

    values: dict[str, str]
    line: int
    column: str


@dataclass(frozen=True, slots=True)
class Request:
    """What an importer needs to know: the dataset's record and rows, the source, the vintage, and names for codes."""

    record: Dataset
    existing: tuple[dict[str, str], ...]
    source: Source
    vintage: str
    names: Mapping[str, str]
    _known: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict, compare=False)

    def choose(self, column: str, *preferred: str) -> str:
        """Return the preferred word that the schema allows in a column; the first if the schema leaves it open."""
        for known in self.record.fields:
            if known.name == column:
                allowed = known.constraints.get("enum", ())
                if len(allowed) == 1:
                    return allowed[0]
                return next((word for word in preferred if word in allowed), preferred[0] if preferred else "")
        return ""

    def as_known(self, column: str, *spellings: str) -> str:
        """Return the spelling that the dataset has already, whatever its capitals; the first one if it has none."""
        known = self.known(column, column)
        return next((known[s.casefold()] for s in spellings if s.casefold() in known), spellings[0])

    def known(self, column: str, value: str) -> dict[str, str]:
        """Return what the dataset has in one column for each word of another, words in lower case."""
        if (column, value) not in self._known:
            self._known[column, value] = {row[column].casefold(): row.get(value, "") for row in self.existing}
        return self._known[column, value]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says: rows for the dataset, and what was decided on the way."""

    rows: tuple[Row, ...]
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The row of column names."""

    line: int
    names: tuple[str, ...]
    width: int = 0

    def at(self, *names: str) -> int | None:
        """Return the place of the first of these columns that is there, whatever its capitals."""
        lowered = [name.casefold() for name in self.names]
        return next((lowered.index(n.casefold()) for n in names if n.casefold() in lowered), None)

    def years(self) -> dict[int, str]:
        """Return the columns that are years, by place."""
        return {place: name for place, name in enumerate(self.names) if YEAR.fullmatch(name)}


def fault(grid: Grid, line: int, column: str, found: str, expected: str, remedy: str) -> DataError:
    """Return the one sentence for a cell that is not as it must be."""
    return wrong(grid, line, column, "an empty cell" if found == "" else repr(found), expected, remedy)


def wrong(grid: Grid, line: int, column: str, found: str, expected: str, remedy: str) -> DataError:
    """Return the one sentence for a place that is not as it must be, what was found in words."""
    where = f", column {column}" if column else ""
    return DataError(f"{grid.name}, row {line}{where}: found {found}, expected {expected}; {remedy}.")


def find_header(grid: Grid, wanted: Callable[[Header], bool], expected: str, *, unique: bool = True) -> Header:
    """Return the first row that passes as a header.

    Raises
    ------
    DataError
        If none of the first forty does, or a column occurs twice.
    """
    seen = None
    for line, cells in grid.rows[:40]:
        names = list(cells)
        while names and not names[-1]:
            names.pop()
        header = Header(line, tuple(names), len(cells))
        if wanted(header):
            twice = [n for n in dict.fromkeys(names) if n and names.count(n) > 1]
            if twice and unique:
                raise wrong(grid, line, twice[0], "the column twice", "it once", "remove one of the two")
            return header
        if seen is None or sum(map(bool, names)) > sum(map(bool, seen.names)):
            seen = header
    shown = ", ".join(name for name in seen.names if name)[:120] if seen else ""
    raise DataError(
        f"{grid.name}, row {seen.line if seen else 1}: found the columns {shown or 'none'}, expected {expected}; name another file or sheet."
    )


def body(grid: Grid, header: Header) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the rows under a header, filled up to its width, without blank rows and footnotes.

    Raises
    ------
    DataError
        If a row is longer or shorter than the header: the file broke off, or a cell holds an unquoted comma.
    """
    width, last = len(header.names), grid.rows[-1][0]
    for line, cells in grid.rows:
        filled = [cell for cell in cells if cell]
        if line <= header.line or not filled:
            continue
        if len(filled) == 1 and cells[0] and (NOTE.match(cells[0]) or (len(cells[0]) > 60 and len(cells) == 1)):
            continue
        if any(cells[width:]) or not width <= len(cells) <= max(header.width, width):
            if line == last and not grid.ends_whole:
                raise wrong(
                    grid,
                    line,
                    "",
                    f"{len(cells)} cells and no newline",
                    f"{width} cells",
                    "the file breaks off: download it again",
                )
            raise wrong(
                grid,
                line,
                "",
                f"{len(cells)} cells",
                f"{width} as in the header",
                "mend the row or export the file again",
            )
        yield line, cells[:width]


def number(grid: Grid, line: int, column: str, text: str) -> Decimal | None:
    """Return a published number, or none for a cell that says that there is no value.

    Raises
    ------
    DataError
        If the cell is text, uses a decimal comma, or is in scientific notation, which drops digits.
    """
    if text.casefold() in MISSING:
        return None
    plain = f"-{text[1:-1]}" if re.fullmatch(r"\([\d,.]+\)", text) else text
    if NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", "").replace("$", ""))
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", plain):
        raise fault(
            grid, line, column, text, "all digits of the number", "export the file again without scientific notation"
        )
    if re.fullmatch(r"[+-]?[\d.\s]+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}", plain):
        raise fault(
            grid,
            line,
            column,
            text,
            "a decimal point, and commas between thousands",
            "export the file again with English number formats",
        )
    raise fault(grid, line, column, text, "a number", "mend the cell or empty it")


def as_text(value: Decimal) -> str:
    """Write a number without exponent and without trailing zeros.

    Examples
    --------
    >>> as_text(Decimal("28155182.0")), as_text(Decimal("1E+3")), as_text(Decimal("0.50"))
    ('28155182', '1000', '0.5')
    """
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint at the nearest known name, or an empty string."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (nearest: {near[0]})" if near else ""
