"""The return of a quarter: for each objective at most four measures, with what is new in the quarter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cityresearch.errors import ParameterError
from cityresearch.toolkit.book import Book, Row
from cityresearch.toolkit.layout import MOST_MEASURES
from cityresearch.toolkit.measured import measures
from cityresearch.toolkit.rules import answers, day_of_row
from cityresearch.toolkit.scorecard import Line, lines_of, rows_by_measure

__all__ = ["Quarter", "Return", "by_quarter", "last_quarter", "quarter_named", "quarterly_return"]

NO_OBJECTIVE = "No objective named"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    def later(self, quarters: int) -> Quarter:
        place = self.year * 4 + self.number - 1 + quarters
        return Quarter(place // 4, place % 4 + 1)


@dataclass(frozen=True, slots=True)
class Return:
    """The return of a quarter: lines by objective, at most four measures each; and the rows that name no objective."""

    quarter: Quarter
    objectives: Mapping[str, Sequence[Line]]
    without_objective: int


def quarter_named(text: str) -> Quarter:
    """Return the quarter that a text such as 2026Q1 means.

    Raises
    ------
    ParameterError
        If it means none.

    Examples
    --------
    >>> str(quarter_named("2026-q1"))
    '2026Q1'
    """
    found = re.fullmatch(r"\s*((?:19|20)\d\d)[ -]?[Qq]([1-4])\s*", text)
    if not found:
        raise ParameterError(f"--quarter takes a quarter such as 2026Q1, found {text!r}.")
    return Quarter(int(found[1]), int(found[2]))


def last_quarter(book: Book, as_of: date) -> Quarter:
    """Return the last quarter up to a day in which the book has a row, or that of the day."""
    days = [day for rows in rows_by_measure(book).values() for row in rows if (day := day_of_row(row)) and day <= as_of]
    return Quarter.of(max(days, default=as_of))


def quarterly_return(book: Book, quarter: Quarter, as_of: date) -> Return:
    """Return what is new in a quarter by the objectives of the sheet office, then others in the order of the book.

    A measure without an entry in the quarter has a line without a value, so that a return shows what was not reached.
    """
    by_measure, known = rows_by_measure(book), {measure.metric_id: measure for measure in measures()}
    listed = [answer for name, answer in answers(book).items() if name.startswith("objective")]
    named = [row.text("objective") for rows in by_measure.values() for row in rows if row["objective"]]
    objectives: dict[str, list[Line]] = {}
    for objective in dict.fromkeys([*listed, *named]):
        lines: list[Line] = []
        own = {m: [r for r in rows if r.text("objective") == objective] for m, rows in by_measure.items()}
        for metric_id in [m for m, rows in own.items() if rows][:MOST_MEASURES]:
            part = [row for row in own[metric_id] if _is_in(row, quarter)]
            lines += lines_of(known[metric_id], part, as_of) or [Line(known[metric_id])]
        objectives[objective] = lines
    loose = sum(not row["objective"] and _is_in(row, quarter) for rows in by_measure.values() for row in rows)
    return Return(quarter, objectives, loose)


def _is_in(row: Row, quarter: Quarter) -> bool:
    day = day_of_row(row)
    return day is not None and Quarter.of(day) == quarter


def by_quarter(book: Book, last: Quarter, count: int = 8) -> list[tuple[str, str, int]]:
    """Return how many entries of each kind (its sheet) are reported or confirmed in each of some quarters: kind, quarter, entries."""
    quarters = [last.later(-n) for n in reversed(range(count))]
    found = []
    for name in ("delegations in", "delegations out", "agreements", "events", "outcomes"):
        done = [row for row in book.rows[name] if row["status"] in ("reported", "confirmed")]
        found += [(name, str(quarter), sum(_is_in(row, quarter) for row in done)) for quarter in quarters]
    return found
