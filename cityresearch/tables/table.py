"""A table: rows of plain values, columns with units, a title, notes and sources. Its words are the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cityresearch.datasets.catalog import Source, source
from cityresearch.errors import ParameterError
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import unique
from cityresearch.phrases import capitalized

__all__ = ["AUTHORS", "LICENSE", "PAGE", "SHEET", "Cell", "Column", "Medium", "Table", "plain_rows"]

Cell = str | int | float | tuple[str, ...] | None
Medium = Literal["page", "sheet"]
PAGE: Medium = "page"  # HTML, LaTeX, DOCX: for reading
SHEET: Medium = "sheet"  # XLSX, CSV: for counting on
PORTRAIT, LANDSCAPE = 7.0, 9.5  # inches; a table that is wider than the first lies across the page
# inches that a letter of small type and the sides of a cell take; a number is set apart from the next column
LETTER, PADDING = 0.068, {"text": 0.12, "number": 0.2, "sources": 0.12}
AUTHORS = "The cityresearch authors"
LICENSE = (
    f"CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), {AUTHORS}. The facts come from the publishers named, "
    "whose own licenses apply to them."
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name : str
        As in the rows and in the header of a CSV.
    heading : str
        For a reader, without the unit.
    kind : {"text", "number", "sources"}
        A cell is a text, a number in full units, or a tuple of source ids. None is a number that is missing.
    unit : str
        Of every number; where units differ, `unit_in` names the column that has them.
    decimals : int
        Shown; the number itself is kept whole.
    grouped : bool
        Whether thousands are set apart; not in a year.
    scale, scaled_unit : int, str
        On a page a number is divided by the scale, and the heading has this unit.
    width : float
        Inches on a page.
    only : {"", "page", "sheet"}
        Where the column is left out of the other medium.
    """

    name: str
    heading: str
    kind: Literal["text", "number", "sources"] = "text"
    unit: str = ""
    unit_in: str = ""
    decimals: int = 0
    grouped: bool = True
    scale: int = 1
    scaled_unit: str = ""
    width: float = 1.0
    only: Literal["", "page", "sheet"] = ""

    def title(self, medium: Medium) -> str:
        """Return the heading with the unit.

        Examples
        --------
        >>> exports = Column("exports", "exports", "number", unit="USD", scale=10**9, scaled_unit="billion USD")
        >>> exports.title(PAGE), exports.title(SHEET)
        ('Exports (billion USD)', 'Exports (USD)')
        """
        unit = self.scaled_unit if medium == PAGE and self.scaled_unit else self.unit
        return capitalized(self.heading) + (f" ({unit})" if unit else "")

    def number_in_words(self, value: float, row: Mapping[str, Cell]) -> str:
        """Return a number as a page shows it: in one unit with the column's decimals, or with a unit of its own.

        Examples
        --------
        >>> Column("exports", "exports", "number", decimals=1, scale=10**9).number_in_words(59561594613, {})
        '59.6'
        >>> Column("value", "value", "number", unit_in="unit").number_in_words(59561594613, {"unit": "USD"})
        '$59.56 billion'
        """
        if self.unit_in:
            text = in_words(value, str(row[self.unit_in] or ""))
        else:
            text = format(value / self.scale if self.scale != 1 else value, f"{',' * self.grouped}.{self.decimals}f")
        return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything that belongs to it.

    Parameters
    ----------
    name : str
        Of its files.
    title : str
    columns : tuple of Column
    rows : tuple of mapping of column name to Cell
    notes : tuple of str
        Paragraphs that a reader must know with the numbers.
    sources : tuple of str
        Source ids, in the order in which they are numbered on a page; those of the rows are always among them.
    head : str
        The column that names the row.
    by : str
        A column whose values are headings between the rows on a page, in the order of first appearance.

    Raises
    ------
    ParameterError
        If a row has other columns than the table, or names a source that is not among the table's.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    head: str
    by: str = ""

    def __post_init__(self) -> None:
        named = {column.name for column in self.columns}
        for number, row in enumerate(self.rows, start=1):
            if set(row) != named:
                odd = ", ".join(sorted(set(row) ^ named))
                raise ParameterError(f"Table {self.name}, row {number}: columns and cells do not fit ({odd}).")
        if lost := set(_cited(self.columns, self.rows)) - set(self.sources):
            raise ParameterError(f"Table {self.name} lacks the sources of its rows: {', '.join(sorted(lost))}.")

    @classmethod
    def of(
        cls, name: str, title: str, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]], **parts: Any
    ) -> Table:
        """Return a table whose sources are those of its rows in their order, and then the `sources` given."""
        columns, rows = tuple(columns), tuple(rows)
        named = unique([*_cited(columns, rows), *parts.pop("sources", ())])
        return cls(name, title, columns, rows, sources=named, **parts)

    def shown(self, medium: Medium) -> tuple[Column, ...]:
        """Return the columns of a medium; on a page the one of the headings is none."""
        return tuple(c for c in self.columns if c.only in ("", medium) and (medium == SHEET or c.name != self.by))

    def groups(self) -> Iterator[tuple[str, list[Mapping[str, Cell]]]]:
        """Yield each heading with its rows; one empty heading where the table has none."""
        found: dict[str, list[Mapping[str, Cell]]] = {}
        for row in self.rows:
            found.setdefault(str(row[self.by]) if self.by else "", []).append(row)
        yield from found.items()

    def text(self, column: Column, row: Mapping[str, Cell]) -> str:
        """Return a cell as a page shows it; sources by their numbers under the table."""
        cell = row[column.name]
        if column.kind == "sources":
            return _runs(sorted({self.sources.index(s) + 1 for s in cell or ()}))
        if cell is None:
            return ""
        return column.number_in_words(cell, row) if column.kind == "number" else str(cell)

    def records(self) -> list[Source]:
        """Return the records of the sources, in the order of their numbers."""
        return [source(source_id) for source_id in self.sources]

    def is_wide(self) -> bool:
        """Return whether the table lies across the page."""
        return sum(column.width for column in self.shown(PAGE)) > PORTRAIT

    def widths(self) -> list[float]:
        """Return the inches of each column, which fill the page; no word or date is broken if there is room."""
        columns, room = self.shown(PAGE), LANDSCAPE if self.is_wide() else PORTRAIT
        needed = [self._longest(column) * LETTER + PADDING[column.kind] for column in columns]
        wanted = [max(column.width, need) for column, need in zip(columns, needed, strict=True)]
        spare = [want - need for want, need in zip(wanted, needed, strict=True)]
        missing = room - sum(wanted)
        if missing < 0 and sum(spare) >= -missing:
            return [want + missing * free / sum(spare) for want, free in zip(wanted, spare, strict=True)]
        return [want * room / sum(wanted) for want in wanted]

    def _longest(self, column: Column) -> int:
        """Return the letters of the longest word or date of a column."""
        texts = [column.title(PAGE), *(self.text(column, row) for row in self.rows)]
        # a date has hyphens too, and is not to be broken at them
        return max(len(word) for text in texts for word in re.split(r"\s+|(?<=[a-z])-", text))


def plain_rows(frame: Any) -> list[dict[str, Any]]:
    """Return the rows of a pandas frame, its index left out, as plain Python values; what is missing is None."""
    columns = [list(frame[name].astype(object).where(frame[name].notna(), None)) for name in frame.columns]
    return [
        {str(name): _plain(cell) for name, cell in zip(frame.columns, cells, strict=True)}
        for cells in zip(*columns, strict=True)
    ]


def _runs(numbers: list[int]) -> str:
    """Return numbers as a list in which three or more that follow each other are a range: 1, 4 to 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run) for run in runs]
    return ", ".join(part for parts in told for part in parts)


def _plain(cell: Any) -> Any:
    return cell.item() if hasattr(cell, "item") else cell


def _cited(columns: Iterable[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    named = [column.name for column in columns if column.kind == "sources"]
    for row in rows:
        for name in named:
            yield from row[name] or ()
