"""The scorecard of an office's book: the toolkit's 22 measures, each with its figures as the book has them.

A line of the scorecard is one measure, one unit and one status. Visits are counted by their own sheets and never with outcomes; planned,
reported and confirmed figures are never added to one another, nor are two units or currencies; percentages, ranks and index points are
never added at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cityresearch.toolkit.book import Book, Row
from cityresearch.toolkit.layout import ADDED_UNITS, STATUSES
from cityresearch.toolkit.measured import ACTIVITIES, Measure, measures, months_due
from cityresearch.toolkit.rules import day_of_row, horizon_of, measure_of

__all__ = [
    "STATES",
    "UNITS_OF_SHEETS",
    "Coverage",
    "Line",
    "coverage",
    "lines_of",
    "rows_by_measure",
    "scorecard",
    "span",
    "state_of",
]

# how an entry stands to its horizon
STATES = ("met", "met late", "met early", "not yet due", "due and not met", "no starting day")
UNITS_OF_SHEETS = {
    "delegations in": "visits from abroad",
    "delegations out": "trips abroad",
    "agreements": "agreements",
    "events": "events",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in one unit and status; a measure without entries has one line with no status.

    `value` is None where entries have no figure, `entries` is how many rows of the book it rests on, `how` says how they make the value,
    `state` how they stand to the horizon, `target` what was aimed at.
    """

    measure: Measure
    status: str = ""
    value: float | int | None = None
    unit: str = ""
    period: str = ""
    state: str = ""
    target: str = ""
    how: str = ""
    rows: tuple[Row, ...] = ()

    @property
    def entries(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the toolkit's measures have what: a figure that is reported or confirmed, only a planned one, only words, nothing."""

    figure: int
    planned: int
    words: int
    nothing: int

    def __str__(self) -> str:
        every = self.figure + self.planned + self.words + self.nothing
        said = f"{self.figure} of {every} measures have a figure that is reported or confirmed"
        said += f"; {self.planned} more only a planned one" * bool(self.planned)
        said += f"; {self.words} more only entries without a figure" * bool(self.words)
        return f"{said}; {self.nothing} have nothing in this book."


def rows_by_measure(book: Book) -> dict[str, list[Row]]:
    """Return the rows that count for each measure by its id, in the order of the book."""
    by_label = {measure.label: measure for measure in measures()}
    found: dict[str, list[Row]] = {metric_id: [] for metric_id in (m.metric_id for m in by_label.values())}
    for name in ("delegations in", "delegations out", "agreements", "events", "outcomes"):
        for row in book.rows[name]:
            measure = measure_of(row, by_label)
            if measure:
                found[measure.metric_id].append(row)
    return found


def scorecard(book: Book, as_of: date) -> list[Line]:
    """Return the lines of the scorecard in the toolkit's order; every measure has at least one.

    Parameters
    ----------
    book : Book
        Without faults.
    as_of : date
        The day for which horizons are met or not yet due.
    """
    by_measure = rows_by_measure(book)
    lines: list[Line] = []
    for measure in measures():
        lines += lines_of(measure, by_measure[measure.metric_id], as_of) or [Line(measure)]
    return lines


def lines_of(measure: Measure, rows: Sequence[Row], as_of: date) -> list[Line]:
    """Return the lines of one measure for some rows: activities by sheet and status, outcomes by unit and status."""
    lines = []
    for sheet in ACTIVITIES.get(measure.metric_id, ()):
        for status in STATUSES:
            part = [row for row in rows if row.sheet == sheet and row["status"] == status]
            if part:
                lines.append(_line(measure, part, status, len(part), UNITS_OF_SHEETS[sheet], "rows counted", as_of))
    outcomes = [row for row in rows if row.sheet == "outcomes"]
    for unit in dict.fromkeys(row.text("unit") for row in outcomes if row["value"] is not None):
        for status in STATUSES:
            part = [
                row
                for row in outcomes
                if row.text("unit") == unit and row["status"] == status and row["value"] is not None
            ]
            if unit in ADDED_UNITS and part:
                how = "one entry" if len(part) == 1 else f"{len(part)} entries added"
                lines.append(_line(measure, part, status, _sum(part, "value"), unit, how, as_of))
            else:
                lines += [
                    _line(measure, [row], status, row["value"], unit, "one entry, not added to others", as_of)
                    for row in part
                ]
    for status in STATUSES:
        part = [row for row in outcomes if row["value"] is None and row["status"] == status]
        if part:
            lines.append(_line(measure, part, status, None, part[0].text("unit"), "no figure in the book", as_of))
    return lines


def _line(measure: Measure, rows: Sequence[Row], status: str, value, unit: str, how: str, as_of: date) -> Line:
    states = Counter(state_of(row, measure, as_of) for row in rows)
    told = ", ".join(f"{states[state]} {state}" if len(rows) > 1 else state for state in STATES if states[state])
    return Line(measure, status, value, unit, span(rows), told, _target(rows, unit), how, tuple(rows))


def _sum(rows: Iterable[Row], name: str) -> float | int:
    """Return a sum that does not depend on the order of its parts: decimals as they were typed, not as a machine holds them."""
    from decimal import Decimal

    total = sum((Decimal(str(row[name])) for row in rows), Decimal(0))
    return int(total) if total == total.to_integral_value() else float(total)


def _target(rows: Sequence[Row], unit: str) -> str:
    aimed = [row for row in rows if row["target"] is not None]
    if not aimed:
        return ""
    if unit not in ADDED_UNITS and len(aimed) > 1:
        return "; ".join(f"{row['target']:,} {unit}" for row in aimed)
    part = "" if len(aimed) == len(rows) else f", for {len(aimed)} of {len(rows)} entries"
    return f"{_sum(aimed, 'target'):,} {unit}{part}"


def span(rows: Iterable[Row]) -> str:
    """Return the days of rows as a span; one day alone as itself."""
    days = sorted(day for day in map(day_of_row, rows) if day)
    if not days:
        return ""
    return days[0].isoformat() if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def state_of(row: Row, measure: Measure, as_of: date) -> str:
    """Return how an entry stands to its horizon, one of `STATES`.

    An activity is met when it is reported or confirmed. A result is met when it is reported or confirmed, has reached its target if it has
    one, and came before the end of its horizon, counted from the day on which the work began. Long-term outcomes are due from the third
    year on; one that came before is early.
    """
    horizon, day = horizon_of(row, measure), day_of_row(row)
    done = row["status"] in ("reported", "confirmed") and _reached(row)
    if horizon == "activity" or row.sheet != "outcomes":
        return "met" if done else "not yet due" if day and day >= as_of else "due and not met"
    began = row["began"]
    if not isinstance(began, date) or day is None:
        return "no starting day"
    due = _later(began, months_due(horizon))
    if not done:
        return "not yet due" if as_of <= due else "due and not met"
    if horizon == "long_term":
        return "met" if day >= due else "met early"
    return "met" if day <= due else "met late"


def _reached(row: Row) -> bool:
    value, target = row["value"], row["target"]
    if not isinstance(target, int | float):
        return True
    if not isinstance(value, int | float):
        return False
    return value <= target if row["unit"] == "rank" else value >= target


def _later(day: date, months: int) -> date:
    """Return the day some months later, or the last one of that month.

    Examples
    --------
    >>> _later(date(2025, 1, 31), 13)
    datetime.date(2026, 2, 28)
    """
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def coverage(lines: Sequence[Line]) -> Coverage:
    """Return how many measures have a figure, by the lines of `scorecard`."""
    kinds: dict[str, int] = {}
    for line in lines:
        figure = line.value is not None
        kind = 3 if figure and line.status != "planned" else 2 if figure else 1 if line.rows else 0
        kinds[line.measure.metric_id] = max(kinds.get(line.measure.metric_id, 0), kind)
    counts = Counter(kinds.values())
    return Coverage(counts[3], counts[2], counts[1], counts[0])
