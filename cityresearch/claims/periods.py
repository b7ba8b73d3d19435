"""Printed periods: an ISO date, month, quarter, year or span as the days that it may mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from cityresearch.numbers.intervals import Interval

__all__ = ["days"]


def days(period: str) -> Interval | None:
    """Return the days that a printed period may mean or covers, as ordinals; None if it names no year or is open at an end.

    Examples
    --------
    >>> days("2024-02") == Interval(date(2024, 2, 1).toordinal(), date(2024, 2, 29).toordinal())
    True
    >>> days("--10-30"), days("2019/")
    (None, None)
    """
    ends = [_span(part) for part in period.split("/")]
    if len(ends) > 2 or None in ends:
        return None
    first, last = ends[0][0].toordinal(), ends[-1][1].toordinal()
    return Interval(first, last) if first <= last else None


def _span(text: str) -> tuple[date, date] | None:
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        year, quarter = int(found[1]), int(found[2])
        return date(year, 3 * quarter - 2, 1), date(year, 3 * quarter, monthrange(year, 3 * quarter)[1])
    if not (found := re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)):
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        return first, first if day else date(year, month or 12, monthrange(year, month or 12)[1])
    except ValueError:
        return None
