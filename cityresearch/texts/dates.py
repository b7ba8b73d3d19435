"""Dates as texts print them: days, months, quarters, fiscal years, spans and years alone, as a year and an ISO period."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name

__all__ = ["DATE", "date_of"]

MONTHS = {name.lower(): n for names in (month_name, month_abbr) for n, name in enumerate(names) if name} | {"sept": 9}
_month = "|".join(sorted(MONTHS, key=len, reverse=True))
_year = r"(?:1[6-9]|20)\d\d"
_day = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
DATE = re.compile(
    rf"\b(?P<iso>{_year}-\d\d-\d\d)\b"
    rf"|\b(?P<slash>\d{{1,2}}/\d{{1,2}}/{_year})\b"
    rf"|\b(?P<month>{_month})\.?\s+(?P<day>{_day})(?:\s?[–-]\s?\d{{1,2}})?(?:,?\s+(?P<year>{_year}))?\b(?!,?\d{{3}})"
    rf"|\b(?P<day2>{_day})\s+(?:of\s+)?(?P<month2>{_month})\.?,?\s+(?P<year2>{_year})\b"
    rf"|\b(?P<month3>{_month})\.?,?\s+(?:of\s+)?(?P<year3>{_year})\b"
    rf"|\b(?P<quarter>Q[1-4]|(?:first|second|third|fourth)\squarter)(?:\s+of)?\s+(?P<quarter_year>{_year})\b"
    rf"|\b(?:FY|fiscal\s+years?)\s?(?P<fiscal>{_year}(?:\s?[-–/]\s?(?:20)?\d\d)?|\d\d(?:[-–/]\d\d)?)\b"
    rf"|\b(?P<from>{_year})\s?(?:[–—-]|\s(?:to|through|until)\s|(?<=between\s\d{{4}})\sand\s)\s?(?P<to>{_year}|\d\d)(?!\d|\.\d|,\d|%)\b"
    rf"|\b(?:(?P<part>early|mid|late|spring|summer|fall|autumn|winter)(?:\s+of)?[\s-])?(?P<alone>{_year})(?P<decade>s)?\b(?![,.]\d|%|\s?percent)",
    re.IGNORECASE,
)
QUARTERS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}


def date_of(found: re.Match[str]) -> tuple[int, str] | None:
    """Return the year and the ISO period of a match of `DATE`; the year is 0 for a day without one, None where it is no date.

    Examples
    --------
    >>> [date_of(DATE.search(t)) for t in ("mid-2025", "FY2024-25", "May 20, 2025", "from 2005 to 2023", "second quarter of 2024")]
    [(2025, '2025'), (2024, '2024/2025'), (2025, '2025-05-20'), (2005, '2005/2023'), (2024, '2024-Q2')]
    """
    if found["iso"]:
        return int(found["iso"][:4]), found["iso"]
    if found["slash"]:
        month, day, year = map(int, found["slash"].split("/"))
        return (year, f"{year}-{month:02}-{day:02}") if month <= 12 else (year, f"{year}-{day:02}-{month:02}")
    for month, day, year in (("month", "day", "year"), ("month2", "day2", "year2"), ("month3", None, "year3")):
        if found[month]:
            if month == "month" and found[month].islower():  # "may 5" and "march 3" are verbs where they are small
                return None
            return _day_of(MONTHS[found[month].lower()], found[day] if day else None, found[year])
    if found["quarter"]:
        number = QUARTERS.get(found["quarter"].split()[0].lower(), found["quarter"][1])
        return int(found["quarter_year"]), f"{found['quarter_year']}-Q{number}"
    if found["fiscal"]:
        first, *rest = re.split(r"\s?[-–/]\s?", found["fiscal"])
        first = first if len(first) == 4 else f"20{first}"
        last = f"/{first[: 4 - len(rest[0])]}{rest[0]}" if rest else ""
        return int(first), first + last
    if found["from"]:
        first, last = found["from"], found["to"]
        last = last if len(last) == 4 else first[:2] + last
        return (int(first), f"{first}/{last}") if int(last) > int(first) else None
    return (int(found["alone"]), f"{found['alone']}/{int(found['alone']) + 9}" if found["decade"] else found["alone"])


def _day_of(month: int, day: str | None, year: str | None) -> tuple[int, str]:
    number = int(re.sub(r"\D", "", day)) if day else 0
    period = f"{year or '-'}-{month:02}" + (f"-{number:02}" if number else "")
    return int(year or 0), period
