"""Reading cells: headers, footnotes, numbers and names as publishers write them, each fault as one sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from cityresearch.datasets.importers.parsed import Header
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError
from cityresearch.phrases import many

__all__ = [
    "MONTHS", "TOTAL", "as_text", "body", "fault", "find_header", "footers", "nearest", "no_value", "number", "without_values",
    "wrong",
]  # fmt: skip

MISSING = {
    "", "-", "--", "\u2013", "\u2014", ".", "..", "...", "\u2026", "*", "na", "n/a", "n.a.", "n", "d", "s", "x", "(na)", "(n/a)", "(d)",
    "(l)", "(n)", "(nm)", "(s)", "(x)", "null",
}  # fmt: skip
# digits are those of ASCII: others look alike and would make a second 2023 next to the first
NUMBER = re.compile(r"[+-]?\$?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
# as other countries, and some programs, part thousands; nothing else could be meant
PARTED = re.compile(r"[+-]?\$?[0-9]{1,3}([ '\u2019])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")
MOST_DIGITS = 20  # decimal arithmetic keeps 28
NOTE = re.compile(r"(notes?|sources?|last updated|footnotes?|legend|disclaimer)\b|[*(†]|\d+/|[A-Z]+\d*:", re.IGNORECASE)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TOTAL = re.compile(r"(grand |national |sub)?totals?\b|all (metros|areas|metropolitan)", re.IGNORECASE)


def fault(grid: Grid, line: int, column: str, found: str, expected: str, remedy: str) -> DataError:
    """Return the one sentence for a cell that is not as it must be."""
    if found.startswith("=") and grid.without_value:
        return without_values(grid, found)
    return wrong(grid, line, column, "an empty cell" if found == "" else quoted(found), expected, remedy)


def wrong(grid: Grid, line: int, column: str, found: str, expected: str, remedy: str) -> DataError:
    """Return the one sentence for a place that is not as it must be, what was found in words."""
    where = f", column {quoted(column)[1:-1]}" if column else ""
    return DataError(f"{grid.name}, row {line}{where}: found {found}, expected {expected}; {remedy}.")


def without_values(grid: Grid, found: str, most: int = 5) -> DataError:
    """Return the one sentence for a sheet with cells that ought to have a value and have none."""
    cells = list(grid.without_value.items())
    # the cell in question first, for it need not be among the first ones
    cells.sort(key=lambda cell: cell[1] != found and f"={cell[1]}" != found)
    shown = ", ".join(f"{cell} ({quoted(text)[1:-1]})" for cell, text in cells[:most])
    more = f" and {len(cells) - most:,} more" if len(cells) > most else ""
    return DataError(
        f"{grid.name}: found {many(len(cells), 'cell')} without a value of {'its' if len(cells) == 1 else 'their'} own, {shown}{more}, expected the values; open the workbook "
        "in Excel or LibreOffice, unmerge merged cells, save it, so that the results of its formulas are stored, and import it again."
    )


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
            if grid.without_value and (lacking := [name for name in names if name.startswith("=")]):
                raise without_values(grid, lacking[0])
            return header
        if seen is None or sum(map(bool, names)) > sum(map(bool, seen.names)):
            seen = header
    shown = quoted(", ".join(name for name in seen.names if name), 120)[1:-1] if seen else ""
    raise DataError(
        f"{grid.name}, row {seen.line if seen else 1}: found the columns {shown or 'none'}, expected {expected}; name another file or sheet."
    )


def body(grid: Grid, header: Header) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the rows under a header, filled up to its width, without blank rows and what `footers` names.

    Raises
    ------
    DataError
        If a row is longer or shorter than the header: the file broke off, or a cell holds an unquoted comma.
    """
    width, last = len(header.names), grid.rows[-1][0]
    left_out = {line for line, _ in footers(grid, header)}
    for line, cells in grid.rows:
        if line <= header.line or line in left_out or not any(cells):
            continue
        if any(cells[width:]) or not width <= len(cells) <= max(header.width, width):
            if line == last and not grid.ends_whole:
                found, remedy = f"{many(len(cells), 'cell')} and no newline", "the file breaks off: download it again"
                raise wrong(grid, line, "", found, f"{width} cells", remedy)
            remedy = "fix the row or export the file again"
            raise wrong(grid, line, "", many(len(cells), "cell"), f"{width} as in the header", remedy)
        yield line, cells[:width]


def footers(grid: Grid, header: Header) -> list[tuple[int, str]]:
    """Return the rows under a header that are words and not data, with their texts.

    A row counts as such if it is a note by its wording or the header again, or if it comes after the last row of data, whatever its wording: with words
    in its first cell alone, or cut by its commas into fewer cells than the header and without a number. The last line of a file that
    breaks off counts only after another such row, for it may be the beginning of a row of data.
    """
    last = grid.rows[-1][0]
    rows = [(line, cells) for line, cells in grid.rows if line > header.line and any(cells)]
    kinds = [_kind(cells, header) for _, cells in rows]
    end = max((place for place, kind in enumerate(kinds) if kind == "data"), default=-1)
    found: list[tuple[int, str]] = []
    for place, ((line, cells), kind) in enumerate(zip(rows, kinds, strict=True)):
        after_words = bool(found) and found[-1][0] == rows[place - 1][0]
        breaks_off = line == last and not grid.ends_whole and not after_words
        if kind == "note" or (kind == "words" and place > end and not breaks_off):
            found.append((line, ", ".join(filter(None, cells))))
    return found


def _kind(cells: tuple[str, ...], header: Header) -> str:
    """Say whether a row is a note wherever it is, may be words, or can only be data."""
    width = len(header.names)
    if cells[:width] == header.names:  # the header again, as at the top of a printed page
        return "note"
    first, rest = cells[0], [cell for cell in cells[1:] if cell]
    if not rest:
        return "note" if NOTE.match(first) or (len(first) > 60 and len(cells) == 1) else "words"
    other_width = len(cells) < width or any(cells[width:])
    if other_width and (NOTE.match(first) or (len(cells) < width and not any(map(NUMBER.fullmatch, rest)))):
        return "words"
    return "data"


def number(grid: Grid, line: int, column: str, text: str) -> Decimal | None:
    """Return a published number, or none for a cell that says that there is no value.

    Raises
    ------
    DataError
        If the cell is text, uses a decimal comma, or is in scientific notation, which drops digits.
    """
    if text.casefold() in MISSING:
        return None
    plain = f"-{text[1:-1]}" if re.fullmatch(r"\(\$?[0-9][0-9,. '\u2019]*\)", text) else text
    if PARTED.fullmatch(plain):
        plain = re.sub(r"[ '\u2019]", "", plain)
    if "," in plain and grid.delimiter == ";":
        # where semicolons part the cells, a comma often is the decimal point
        expected = "a number without commas in a file whose cells semicolons separate"
        raise fault(grid, line, column, text, expected, "export the file again with English number formats")
    if NUMBER.fullmatch(plain):
        if sum(map(plain.count, "0123456789")) > MOST_DIGITS:
            raise fault(grid, line, column, text, f"a number of at most {MOST_DIGITS} digits", "fix the cell")
        return Decimal(plain.replace(",", "").replace("$", ""))
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+", plain):
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
    raise fault(grid, line, column, text, "a number", "fix the cell or empty it")


def no_value(text: str) -> str:
    """Return how cells without a value are counted: by the publisher's mark, if there is one.

    Examples
    --------
    >>> no_value("(D)"), no_value("")
    ('cells marked (D) left out', 'cells without a value left out')
    """
    return f"cells marked {text} left out" if text else "cells without a value left out"


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
