"""What an importer is asked, and what it gives back: rows with their places in the file, and what was decided on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cityresearch.datasets.catalog import Dataset, Source
from cityresearch.phrases import so_many

__all__ = ["YEAR", "Header", "Parsed", "Request", "Row", "counted"]

YEAR = re.compile(r"[0-9]{4}")


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
    """What a file says: rows for the dataset, what was decided on the way, and the header whose `body` was read."""

    rows: tuple[Row, ...]
    decisions: tuple[str, ...] = ()
    header: Header | None = None


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

    def has(self, *names: str) -> bool:
        """Return whether all of these columns are there, whatever their capitals."""
        return all(self.at(name) is not None for name in names)

    def years(self) -> dict[int, str]:
        """Return the columns that are years, by place."""
        return {place: name for place, name in enumerate(self.names) if YEAR.fullmatch(name)}


def counted(left_out: Counter[str]) -> tuple[str, ...]:
    """Say how often each thing happened, as decisions of `Parsed`.

    Examples
    --------
    >>> counted(Counter({"empty cells left out": 1200, "rows without a name left out": 0}))
    ('1,200 empty cells left out',)
    """
    return tuple(so_many(count, what) for what, count in left_out.items() if count)
