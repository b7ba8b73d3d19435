"""Figures of an office's book: the grid of measures and statuses, and entries by quarter. No words of the book are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from cityresearch import charts
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.numbers.quantity import Missing, missing
from cityresearch.toolkit.book import Book
from cityresearch.toolkit.layout import STATUSES
from cityresearch.toolkit.measured import ACTIVITIES, HORIZON_WORDS, Measure
from cityresearch.toolkit.quarters import Quarter, by_quarter
from cityresearch.toolkit.scorecard import UNITS_OF_SHEETS, Line, coverage

__all__ = ["entries_by_quarter", "grid"]


# of the grid
CELLS = {"figure": "entries with a figure", "words": "entries without a figure", "empty": "nothing in the book"}


@exhibit("office-scorecard")
def grid(lines: Sequence[Line], as_of: date, **words: str) -> Chart:
    """Draw the toolkit's measures by status, with the number of entries; dark where an entry has a figure.

    Parameters
    ----------
    lines : sequence of Line
        From `scorecard.scorecard`.
    """
    cells = []
    for measure, kind in _rows(lines):
        for status in STATUSES:
            part = [
                line
                for line in lines
                if line.measure == measure and line.status == status and (not kind or line.unit == kind)
            ]
            figure = any(line.value is not None for line in part)
            cells.append(
                {
                    "horizon": measure.horizon,
                    "metric": f"{measure.label}: {kind}" if kind else measure.label,
                    "city": status,
                    "status": "figure" if figure else "words" if part else "empty",
                    "shown": str(sum(line.entries for line in part)) if part else "",
                    "amount": sum(line.entries for line in part),
                    "unit": "entries",
                }
            )
    found = coverage(lines)
    told = Words(
        title=f"{found.figure} of {len({line.measure for line in lines})} measures have a figure that is reported or confirmed",
        subtitle="Numbers count the entries of the book: visits, events and agreements in their rows, results in all others. "
        f"As of {as_of}.",
        alt=f"Grid of the toolkit's measures by planned, reported and confirmed: {found.figure} measures have a figure that is reported or "
        f"confirmed, {found.nothing} have nothing.",
        caption="The toolkit's measures in its order. Entries of different kinds are not added to one another, and no cell shows cause and "
        "effect.",
        sources=("meridian-2025",),
        note="From the office's own book.",
    )
    return charts.status_grid(pd.DataFrame(cells), told | words, groups=HORIZON_WORDS, statuses=CELLS)


def _rows(lines: Sequence[Line]) -> list[tuple[Measure, str]]:
    """Return the rows of the grid: a measure, or a measure and one kind of what it counts where kinds are not to be added up."""
    found: list[tuple[Measure, str]] = []
    for measure in dict.fromkeys(line.measure for line in lines):
        kinds = [UNITS_OF_SHEETS[sheet] for sheet in ACTIVITIES.get(measure.metric_id, ())]
        others = [line.unit for line in lines if line.measure == measure and line.unit not in kinds and line.status]
        several = len(kinds) > 1 or (kinds and others)
        found += [(measure, kind) for kind in dict.fromkeys([*kinds, *others])] if several else [(measure, "")]
    return found


@exhibit("office-quarters")
def entries_by_quarter(book: Book, last: Quarter, **words: str) -> Chart | Missing:
    """Draw how many visits, agreements, events and results are reported or confirmed in each of eight quarters."""
    rows = pd.DataFrame(by_quarter(book, last), columns=["kind", "quarter", "entries"])
    if not rows["entries"].any():
        return missing(f"the book has no entry that is reported or confirmed in the eight quarters to {last}")
    wide = rows.pivot(index="kind", columns="quarter", values="entries").loc[list(dict.fromkeys(rows["kind"]))]
    wide = wide.rename(index={"outcomes": "results"})
    own = wide[str(last)]
    told = Words(
        title=f"{last}: " + ", ".join(f"{kind} {n}" for kind, n in own.items()),
        subtitle="Entries of the book that are reported or confirmed, by the quarter of their day: visits, agreements, events and results, "
        "each counted by itself and never added.",
        alt=f"Table of entries by quarter, {rows['quarter'].iloc[0]} to {last}. In {last}: "
        + ", ".join(f"{kind} {n}" for kind, n in own.items())
        + ".",
        caption=f"Entries of an office's book in the eight quarters to {last}.",
        note="From the office's own book.",
    )
    return charts.heat_table(wide, told | words, unit="entries")
