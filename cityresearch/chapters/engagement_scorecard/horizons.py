"""Whether a measure's horizon was met: the months from a trip to what followed it, against the toolkit's months for the measure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.engagement_scorecard.evidence import Item
from cityresearch.chapters.engagement_scorecard.toolkit import Measure
from cityresearch.phrases import many

__all__ = ["horizon_of", "months_between"]


def months_between(first: str, last: str) -> int | None:
    """Return the months from one date to another, or None where a month is not known.

    Examples
    --------
    >>> months_between("2022-09-26", "2025-05-08"), months_between("2022", "2024-01")
    (32, None)
    """
    found = [re.match(r"(\d{4})-(\d\d)", text) for text in (first, last)]
    if not all(found):
        return None
    a, b = (12 * int(match[1]) + int(match[2]) for match in found if match)
    return b - a


@checked_arguments
def horizon_of(measure: Measure, results: Sequence[Item], starts: Sequence[str], *, until: int) -> str:
    """Return in words whether the horizon of a cell was met, is not yet due, or is due with nothing found.

    Parameters
    ----------
    measure : Measure
    results : sequence of Item
        What is reported or confirmed in the cell.
    starts : sequence of str
        First days of the city's trips in the years counted.
    until : int
        The last year counted; what is due is judged at its end.

    Examples
    --------
    >>> from cityresearch.chapters.engagement_scorecard.toolkit import measures
    >>> routes = {measure.metric_id: measure for measure in measures()}["air_routes"]
    >>> horizon_of(routes, [], ["2024-09-30"], until=2025)
    'not yet due'
    """
    if measure.horizon == "activity":
        return "no horizon"
    if results:
        lags = [months_between(item.began, item.period) for item in results]
        known = [lag for lag in lags if lag is not None]
        met = [
            lag
            for lag in known
            if (measure.to_months is None or lag <= measure.to_months) and _long_enough(measure, lag)
        ]
        if met:
            return f"met {_after(min(met))}"
        return f"outside it: {_after(min(known))}" if known else "not known: no date of the trip or the result"
    ends = [months_between(start, f"{until}-12") for start in starts]
    open_until = measure.to_months if measure.to_months is not None else measure.from_months
    due = sum(lag is None or lag >= (open_until or 0) for lag in ends)
    if not starts:
        return "no trip on record"
    if not due:
        return "not yet due"
    return f"due for {due} of {len(starts)} trips, nothing found"


def _after(months: int) -> str:
    return "in the month of the trip" if not months else f"{many(months, 'month')} after the trip"


def _long_enough(measure: Measure, lag: int) -> bool:
    """Return whether a result came late enough: only what is to last has an earliest month; sooner than asked is met elsewhere."""
    return measure.horizon != "long_term" or lag >= (measure.from_months or 0)
