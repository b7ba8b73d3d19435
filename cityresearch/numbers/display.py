"""Numbers as a reader expects them: at most four significant digits, words for thousands of millions, and the range that rounding leaves.

For what a notebook displays. Reasons and tables of results are written by `agreement.in_words`, which keeps more digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from html import escape

from cityresearch.numbers.intervals import Interval, exact, plain, round_to

__all__ = ["amount", "as_paragraph", "exact_amount", "is_rounded", "sentence", "sources_in_words"]

DIGITS = 4
SIZES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
EXACT = ("year", "rank")  # 2,024 or 2020 for 2024 would be another one


def amount(value: object, unit: str = "", within: Interval | None = None, *, rounded: bool = True) -> str:
    """Write a number with its unit, rounded to four significant digits, and the range that it stands for.

    A zero at the end is a digit that was computed: 141.0 is rounded, 141 is exact.

    Parameters
    ----------
    value : number
        In full units.
    unit : str
        For example USD, percent, count, jobs, year.
    within : Interval, optional
        What the number may stand for.
    rounded : bool
        False for a number that keeps its own digits, such as a printed one.

    Examples
    --------
    >>> amount(141_004_904_245, "USD"), amount(141_000_000_000, "USD"), amount("38.9", "percent"), amount(2024, "year")
    ('141.0 billion USD', '141 billion USD', '38.9%', '2024')
    >>> amount(141_000_000_000, "USD", Interval(140_950_000_000, 141_050_000_000))
    '141 billion USD (140.95 to 141.05)'
    >>> amount(247_898, "people"), amount(3, "rank"), amount(Fraction(1, 3))
    ('247,900 people', 'rank 3', '0.3333')
    """
    x = exact(value)
    shown = _significant(x) if rounded and unit not in EXACT else x
    # the number as it is shown decides, so that nobody reads of 1,000 million
    size, word = next((pair for pair in SIZES if abs(shown) >= pair[0] and unit not in EXACT), (1, ""))
    number = _plain(x / size, unit) if shown == x else _padded(shown / size)
    # ends that round to the number itself say nothing more
    told = within is not None and not all(_significant(end) == _significant(x) for end in (within.low, within.high))
    return _with_unit(number, word, unit) + (f" ({_range(within, size, unit)})" if told else "")


def exact_amount(value: object, unit: str = "") -> str:
    """Write a number with all its digits, up to twelve behind the point.

    Examples
    --------
    >>> exact_amount(141_004_904_245, "USD"), exact_amount(Fraction(1, 3), "percent")
    ('141,004,904,245 USD', '0.333333333333%')
    """
    return _with_unit(_plain(exact(value), unit), "", unit)


def is_rounded(value: object, unit: str = "") -> bool:
    """Return whether `amount` shows fewer digits than the number has.

    Examples
    --------
    >>> is_rounded(141_004_904_245, "USD"), is_rounded(141_000_000_000, "USD"), is_rounded(2024, "year")
    (True, False, False)
    """
    x = exact(value)
    return unit not in EXACT and _significant(x) != x


def sentence(main: str, about: Sequence[str], sources: Sequence[str] = ()) -> str:
    """Join a number, what it is about and its sources, without empty parts.

    Examples
    --------
    >>> sentence("11", ["2023", "", "trips"], ["a", "b"])
    '11, 2023, trips; sources: a, b'
    """
    return ", ".join(part for part in (main, *about) if part) + "".join(f"; {s}" for s in sources_in_words(sources))


def sources_in_words(sources: Sequence[str]) -> list[str]:
    """Return one text that names the sources, or none where there are none."""
    return [f"source{'s' * (len(sources) > 1)}: {', '.join(sources)}"] if sources else []


def as_paragraph(main: str, lines: Sequence[str] = (), *, hover: str = "") -> str:
    """Return HTML: a line, smaller lines under it, and a text that shows when the pointer rests on it."""
    small = "".join(f"<br><small>{escape(line)}</small>" for line in lines if line)
    title = f' title="{escape(hover)}"' if hover else ""
    return f"<p{title}>{escape(main)}{small}</p>"


def _significant(x: Fraction) -> Fraction:
    return round_to(x, _step(x, DIGITS)) if x else x


def _step(x: Fraction, digits: int) -> Fraction:
    """Return the size of the last of the first digits of a number."""
    return Fraction(10) ** (math.floor(math.log10(abs(x))) + 1 - digits)


def _padded(x: Fraction) -> str:
    """Write a rounded number with all four digits, zeros too."""
    return f"{float(x):,.{max(0, DIGITS - 1 - math.floor(math.log10(abs(x))))}f}"


def _range(interval: Interval, size: int, unit: str) -> str:
    """Write both ends: with four digits, or as many as it takes to tell them apart by two digits of their distance."""
    low, high = interval.low / size, interval.high / size
    apart = _step(high - low, 2)
    ends = [round_to(end, min(apart, _step(end, DIGITS)) if end else apart) for end in (low, high)]
    return " to ".join(_plain(end, unit) for end in ends)


def _plain(x: Fraction, unit: str) -> str:
    text = plain(x, 12)
    return text.replace(",", "") if unit == "year" else text


def _with_unit(number: str, size: str, unit: str) -> str:
    if unit == "percent":
        return f"{number}%"
    if unit == "rank":
        return f"rank {number}"
    return " ".join(part for part in (number, size, "" if unit in ("count", "ratio", "year") else unit) if part)
