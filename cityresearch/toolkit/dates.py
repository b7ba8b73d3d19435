"""Days that a person typed as text: read where only one day can be meant, and named where it could be two."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_of"]

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-. ]*(?:of )?(?P<name>[A-Za-z]{3,9})\.?,?[-. ]*(?P<y>\d{4})"),
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.?[-. ]*(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[- ]+(?P<y>\d{4})"),
)
NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
WEEKDAY = re.compile(r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day,? ", re.IGNORECASE)
WRITE = "write it as year-month-day, such as 2026-03-14"


def day_of(text: str) -> tuple[date | None, str]:
    """Return the day that a text means, or nothing and why not.

    Examples
    --------
    >>> day_of("14 March 2026"), day_of("03/25/2026")
    ((datetime.date(2026, 3, 14), ''), (datetime.date(2026, 3, 25), ''))
    >>> day_of("03/04/2026")
    (None, 'expected one day, and it could be 2026-03-04 or 2026-04-03: write it as year-month-day, such as 2026-03-14')
    """
    bare = WEEKDAY.sub("", text.strip())
    for form in FORMS:
        if found := form.fullmatch(bare):
            parts = found.groupdict()
            month = _month(parts["name"]) if "name" in parts else int(parts["m"])
            day = _day(int(parts["y"]), month, int(parts["d"]))
            return (day, "") if day else (None, f"expected a day of the calendar: {WRITE}")
    if found := NUMBERS.fullmatch(bare):
        one, other, year = map(int, found.groups())
        days = {day for day in (_day(year, one, other), _day(year, other, one)) if day}
        if len(days) == 1:
            return days.pop(), ""
        could = " or ".join(day.isoformat() for day in sorted(days))
        return (
            None,
            f"expected one day, and it could be {could}: {WRITE}"
            if days
            else f"expected a day of the calendar: {WRITE}",
        )
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", bare):
        return None, f"expected a year of four digits: {WRITE}"
    if re.fullmatch(r"(?:[A-Za-z]+\.? )?\d{4}|Q[1-4] ?/?\d{4}|\d{4} ?-?Q[1-4]", bare):
        return None, f"expected a day and not a longer time: {WRITE}, with the first or last day if you know no better"
    return None, f"expected a date: {WRITE}"


def _month(name: str) -> int:
    plain = name.casefold()
    plain = "sep" if plain == "sept" else plain
    return next((n for n, month in enumerate(MONTHS, start=1) if plain in (month, month[:3])), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
