"""Text tables: a CSV of ours cut into rows of text cells, and the schema's rules on such cells, without pandas.

What must answer at once reads its tables this way, and so can every table be checked within a second. A file that is damaged in its
layout (a merge left half done, a cell too many, another encoding) is refused before any cell is used.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError
from cityresearch.phrases import many

__all__ = [
    "INTEGER", "KINDS", "NUMBER", "Fault", "Row", "cell_faults", "csv_of", "header_of", "is_of_type", "joined", "reference_faults",
    "rows_of",
]  # fmt: skip

if TYPE_CHECKING:
    from cityresearch.datasets.catalog import Dataset, Field

# digits of ASCII alone, and no words such as inf or nan that a conversion would take
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date such as 2025-01-31",
}
TRUTH = {"true": True, "false": False}
MARKERS = (b"<<<<<<< ", b"=======", b">>>>>>> ", b"||||||| ")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is not as its schema says; row 1 is the header, and row 0 means the whole file."""

    dataset: str
    path: Path
    row: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        if not self.row:
            return self.found
        return f"{self.path}, row {self.row}, column {self.column}: found {self.found}, expected {self.expected}"


def rows_of(content: bytes, path: Path, columns: Sequence[str]) -> list[Row]:
    """Cut the bytes of a CSV into rows of text cells.

    Parameters
    ----------
    content : bytes
    path : Path
        For messages.
    columns : sequence of str
        The header that the file must have.

    Raises
    ------
    DataError
        One sentence with the row: another encoding, a mark before the first byte, a merge left half done, another header, a row with
        more or fewer cells, a blank row, open quotation marks.
    """
    text = _decoded(content, path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    number, width = 0, len(columns)
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1:
                _refuse_header(cells, columns, path)
            elif len(cells) != width:
                found = many(len(cells), "cell") if cells else "a blank row"
                raise _damaged(path, f", row {number}", found, f"{width} cells as in the header")
            else:
                rows.append(dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        what = "quotation marks that do not close" if "unexpected end" in str(error) else f"what is no CSV ({error})"
        raise _damaged(path, f", row {number + 1}", what, "balanced quotation marks") from None
    return rows


def header_of(content: bytes, path: Path) -> list[str]:
    """Return the columns of a CSV that nothing describes yet.

    Raises
    ------
    DataError
        As `rows_of`, and for a column without a name or a name that occurs twice.
    """
    try:
        columns = next(csv.reader(io.StringIO(_decoded(content, path), newline=""), strict=True))
    except csv.Error as error:
        raise _damaged(path, ", row 1", f"what is no CSV ({error})", "a header") from None
    for number, name in enumerate(columns, start=1):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            expected = "a name of letters, digits and _ that begins with a letter, such as value_usd"
            raise DataError(f"{path}, row 1, column {number}: found {quoted(name)}, expected {expected}: rename it.")
        if name in columns[: number - 1]:
            raise DataError(f"{path}, row 1, column {number}: found {quoted(name)} a second time: rename it.")
    return columns


def csv_of(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Return rows of text cells in our CSV layout: UTF-8, comma, one header row, newline ends."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _decoded(content: bytes, path: Path) -> str:
    if not content.strip():
        raise _damaged(path, "", "an empty file", "a header and rows")
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _damaged(path, ", row 1", "a byte order mark", "plain UTF-8 without one")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise _damaged(path, f", line {line}", "a NUL byte", "text in UTF-8")
    for marker in MARKERS:
        at = 0 if content.startswith(marker) else content.find(b"\n" + marker)
        if at >= 0 and (marker != b"=======" or b"\n<<<<<<< " in b"\n" + content):
            line = content[: at + 1].count(b"\n") + 1
            raise _damaged(
                path, f", line {line}", f"the merge marker {marker.decode().strip()}", "a merge that was finished"
            )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _damaged(path, f", line {line}", f"the byte 0x{content[error.start]:02x}", "text in UTF-8") from None


def _refuse_header(found: Sequence[str], columns: Sequence[str], path: Path) -> None:
    if list(found) != list(columns):
        shown = ", ".join(quoted(name, 40)[1:-1] for name in found[:60])
        raise DataError(f"{path}, row 1: the columns are {shown}, expected {', '.join(columns)}: fix the header.")


def _damaged(path: Path, where: str, found: str, expected: str) -> DataError:
    return DataError(
        f"{path}{where}: found {found}, expected {expected}; fix the file or restore it with git checkout."
    )


def cell_faults(rows: Sequence[Row], record: Dataset) -> Iterator[Fault]:
    """Give the cells that break the schema: type, constraints, and keys that occur twice, in the order of the columns."""
    for field in record.fields:
        rule = _rule(field)
        cells = [row[field.name] for row in rows]
        wrong = {cell: expected for cell in set(cells) if (expected := rule(cell))}
        for number, cell in enumerate(cells if wrong else (), start=2):
            if cell in wrong:
                found = quoted(cell) if cell else "an empty cell"
                yield Fault(record.name, record.path, number, field.name, found, wrong[cell])
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows if record.primary_key else (), start=2):
        key = tuple(row[name] for name in record.primary_key)
        if key in seen:
            found = f"{quoted(' | '.join(key))} as in row {seen[key]}"
            yield Fault(
                record.name, record.path, number, " | ".join(record.primary_key), found, "a key that occurs once"
            )
        seen.setdefault(key, number)


def reference_faults(rows: Sequence[Row], record: Dataset, known: dict[tuple[str, str], set[str]]) -> Iterator[Fault]:
    """Give the cells that name a record of another table that is not there; `known` has the values by table and column."""
    for column, target, key in record.foreign_keys:
        if (target, key) not in known:  # a table that could not be read, which is a fault of its own
            continue
        separator = record.field(column).separator
        for number, row in enumerate(rows, start=2):
            for part in row[column].split(separator) if separator else (row[column],):
                if part and part not in known[target, key]:
                    yield Fault(record.name, record.path, number, column, quoted(part), f"a {key} of {target}")


def _rule(field: Field) -> Callable[[str], str]:
    """Return a function that says what a cell must be, and an empty text if it is."""
    rules = field.constraints
    allowed = tuple(rules.get("enum", ()))
    pattern = re.compile(rules["pattern"]) if "pattern" in rules else None
    low, high = rules.get("minimum"), rules.get("maximum")

    def expected(cell: str) -> str:
        if cell == "":
            return "a value" if rules.get("required") else ""
        try:
            value = _converted(cell, field.type)
        except ValueError:
            return KINDS.get(field.type, field.type)
        if allowed and value not in allowed:
            return f"one of {', '.join(map(str, allowed))}"
        if low is not None and value < low:
            return f"at least {low:,}"
        if high is not None and value > high:
            return f"at most {high:,}"
        return f"text like {rules['pattern']}" if pattern and not pattern.fullmatch(cell) else ""

    return expected


def _converted(cell: str, kind: str) -> Any:
    """Return a cell in its type.

    Raises
    ------
    ValueError
        If it is not of that type.
    """
    if kind == "integer" and INTEGER.fullmatch(cell):
        return int(cell)
    if kind == "number" and NUMBER.fullmatch(cell):
        return float(cell)
    if kind == "boolean" and cell in TRUTH:
        return TRUTH[cell]
    if kind == "date" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        datetime.date.fromisoformat(cell)
        return cell
    if kind in KINDS:
        raise ValueError(cell)
    return cell


def is_of_type(cell: str, kind: str) -> bool:
    """Say whether a cell can be read as a type of the schema."""
    try:
        _converted(cell, kind)
    except ValueError:
        return False
    return True


def joined(faults: Iterable[Fault], most: int = 20) -> str:
    """Return faults as one message, a line each."""
    lines = [str(fault) for fault in faults]
    more = f"\nand {len(lines) - most:,} more" if len(lines) > most else ""
    return "\n".join(lines[:most]) + more + "\nMend these cells, or restore the file with git checkout."
