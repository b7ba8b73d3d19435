"""Amounts as a reader says them, in sentences and where a notebook displays a number: four digits, and the range that rounding leaves."""

from __future__ import annotations

import math
import re
from calendar import month_name
from collections.abc import Sequence
from fractions import Fraction
from html import escape

from cityresearch.numbers.intervals import Interval, exact, plain, round_to

__all__ = [
    "MOST_DIGITS",
    "as_paragraph",
    "exactly",
    "in_time",
    "in_words",
    "sentence",
    "shortened",
    "sources_in_words",
    "with_range",
]

SIZES = ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"))
MOST_DIGITS = 13  # digits enough for every printed number and the ends of its range


def in_words(value: object, unit: str = "", digits: int = 4, significant: int = 4) -> str:
    """Write an amount as a reader says it: 59,561,594,613 USD is $59.56 billion.

    Whole numbers below one million are written out. Others get million, billion or trillion where they are large, and are cut to
    `digits` - 1 decimals and to `significant` digits.

    Examples
    --------
    >>> in_words(141_504_904_245, "USD"), in_words(11, "count"), in_words("38.9", "percent"), in_words(2024, "year")
    ('$141.5 billion', '11', '38.9%', '2024')
    """
    x = exact(value)
    if unit == "year":
        return str(x) if x.denominator == 1 else plain(x, 2)
    number, _, word = shortened(abs(x), digits, significant)
    sign = "-" if x < 0 and number else ""
    text = plain(number, MOST_DIGITS) + word
    match unit:
        case "USD":
            return f"{sign}${text}"
        case "percent":
            return f"{sign}{text}%"
        case "" | "count" | "rank" | "ratio":
            return sign + text
    return f"{sign}{text} {unit}"


def in_time(period: str) -> str:
    """Write an ISO date or a span of two as a reader says it; what is neither stays as it is.

    Examples
    --------
    >>> in_time("2025-12"), in_time("2019/2025"), in_time("2020/"), in_time("2026-02-20"), in_time("FY2024-25")
    ('December 2025', '2019 to 2025', 'since 2020', 'February 20, 2026', 'FY2024-25')
    """
    first, span, last = period.partition("/")
    if span:
        return f"{in_time(first)} to {in_time(last)}" if last else f"since {in_time(first)}"
    match [int(part) for part in period.split("-")] if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", period) else []:
        case [year, month]:
            return f"{month_name[month]} {year}"
        case [year, month, day]:
            return f"{month_name[month]} {day}, {year}"
    return period


def exactly(value: object, unit: str = "") -> str:
    """Write an amount in words with all its digits, as for a printed number or the end of what its wording covers.

    Examples
    --------
    >>> exactly("59.6e9", "USD"), exactly(14_874_500, "jobs")
    ('$59.6 billion', '14.8745 million jobs')
    """
    return in_words(value, unit, MOST_DIGITS, MOST_DIGITS)


def shortened(x: Fraction, digits: int, significant: int) -> tuple[Fraction, int, str]:
    """Return the number that is written for an amount, the size that it is multiplied with, and the word for that size."""
    size, word = next(((size, word) for size, word in SIZES if abs(x) >= size), (1, ""))
    if size == 1 and x.denominator == 1:
        return x, 1, ""
    places = max(0, min(digits - 1, significant - len(str(abs(x) // size))))
    number = Fraction(round(x / size * 10**places), 10**places)
    if size > 1 and abs(number) == 1000 and (larger := [pair for pair in SIZES if pair[0] == size * 1000]):
        return number / 1000, *larger[0]
    return number, size, word


def with_range(value: object, unit: str, within: Interval | None, *, all_digits: bool = False) -> str:
    """Write an amount and, in brackets, the numbers that it can mean, where these do not all read the same.

    Parameters
    ----------
    value : number
        In full units.
    within : Interval or None
        The numbers that it can mean.
    all_digits : bool
        Keep the amount's own digits, as for a printed number.

    Examples
    --------
    >>> with_range(141_004_904_245, "USD", Interval(140_950_000_000, 141_050_000_000))
    '$141 billion (140.95 to 141.05)'
    >>> with_range("38.9", "percent", Interval("38.85", "38.95")), with_range(3, "rank", None)
    ('38.9% (38.85 to 38.95)', 'rank 3')
    """
    x = exact(value)
    # the first digits of a small number come after many zeros
    digits = 4 - math.floor(math.log10(abs(x))) if 0 < abs(x) < Fraction(1, 10) else 4
    text = exactly(x, unit) if all_digits else in_words(x, unit, digits, digits)
    shown = f"rank {text}" if unit == "rank" else text
    # a range inside the last of four digits says nothing more
    if within is None or within.is_point or (x and within.high - within.low < _last_of(4, x)):
        return shown
    _, size, _ = shortened(abs(x), 4, 4)
    low, high = within.low / size, within.high / size
    # four digits, or as many as it takes to tell the ends apart by two digits of their distance
    apart = _last_of(2, high - low)
    ends = [round_to(end, min(apart, _last_of(4, end)) if end else apart) for end in (low, high)]
    written = " to ".join(plain(end, MOST_DIGITS) for end in ends)
    return f"{shown} ({written.replace(',', '') if unit == 'year' else written})"


def sentence(main: str, about: Sequence[str], sources: Sequence[str] = ()) -> str:
    """Join a number, what it is about and its sources, without empty parts.

    Examples
    --------
    >>> sentence("11", ["2023", "", "trips"], ["a", "b"])
    '11, 2023, trips; sources: a, b'
    """
    return "; ".join([", ".join(part for part in (main, *about) if part), *sources_in_words(sources)])


def sources_in_words(sources: Sequence[str]) -> list[str]:
    """Return one text that names the sources, or none where there are none."""
    return [f"source{'s' * (len(sources) > 1)}: {', '.join(sources)}"] if sources else []


def as_paragraph(main: str, lines: Sequence[str] = (), *, hover: str = "") -> str:
    """Return HTML: a line, smaller lines under it, and a text that shows when the pointer rests on it."""
    small = "".join(f"<br><small>{escape(line)}</small>" for line in lines if line)
    title = f' title="{escape(hover)}"' if hover else ""
    return f"<p{title}>{escape(main)}{small}</p>"


def _last_of(digits: int, x: Fraction) -> Fraction:
    """Return the size of the last of the first digits of a number."""
    return Fraction(10) ** (math.floor(math.log10(abs(x))) + 1 - digits)
