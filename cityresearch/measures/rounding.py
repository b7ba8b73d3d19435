"""What a printed figure can mean: the range that its last digit leaves open, or one side of it where the note says so."""

from __future__ import annotations

import re
from fractions import Fraction

from cityresearch.numbers.intervals import Interval, exact

__all__ = ["ABOVE", "BELOW", "SCALES", "bounds", "stands_for"]

# words in a note that put the true number on one side of the printed figure
ABOVE = ("more than", "over", "just over", "at least", "exceeds")
BELOW = ("nearly", "almost", "fewer than", "less than", "close to", "just under", "up to")
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def bounds(value: object, precision: object, unit: str, note: object) -> Interval | None:
    """Return what a printed figure can mean, or None for a whole count known to its last unit.

    Examples
    --------
    >>> str(bounds(58.6, 0.1, "percent", "")), bounds(43, 1, "count", ""), str(bounds(300, 100, "people", "more than"))
    ('[58.55, 58.65)', None, '[300, 400)')
    """
    if exact(precision) == 1 and unit != "percent" and exact(value).denominator == 1:
        return None
    return stands_for(value, precision, note)


def stands_for(value: object, precision: object, note: object) -> Interval:
    """Return the numbers that print as a figure: its rounding interval, or one side of it where its note says more or less than.

    The words count where they are alone in the note or before the figure itself; "over five years" says nothing about the figure.

    Examples
    --------
    >>> str(stands_for(3_900_000, 100_000, "more than; a page")), str(stands_for(20_000, 1000, "nearly 20,000"))
    ('[3,900,000, 4,000,000)', '[19,000, 20,000)')
    >>> str(stands_for(12, 1, "over five years"))
    '[11.5, 12.5)'
    """
    number, step = exact(value), exact(precision)
    wording = _wording(number, note if isinstance(note, str) else "")
    if not wording:
        return Interval.around(number, step)
    size = abs(number)
    if wording in ABOVE:
        reach = Interval(size, size + step, has_high=False)
    else:
        reach = Interval(size - step, size, has_high=wording == "up to")
    # of a loss, "over 20,000" is the larger loss
    return reach if number >= 0 else -reach


def _wording(number: Fraction, note: str) -> str:
    for clause in re.split(r"[;,](?:\s+|$)", note):
        words = clause.strip().removeprefix("printed as ")
        for opening in (*ABOVE, *BELOW):
            rest = words.removeprefix(opening)
            if rest != words and (not rest or _is_figure(rest, abs(number))):
                return opening
    return ""


def _is_figure(text: str, number: Fraction) -> bool:
    """Whether a text begins with the figure: ` 400,000 jobs`, ` 13.7 billion`, ` half a million`."""
    match = re.match(r" (half a|\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion|trillion))?\b", text)
    if not match:
        return False
    figure = exact("0.5" if match[1] == "half a" else match[1].replace(",", ""))
    return figure * SCALES.get(match[2], 1) == number
