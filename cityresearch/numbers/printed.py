"""Printed numbers: what a document prints, and how far a writer's wording reaches.

A printed number is a value with the size of its last printed digit. "$59.6 billion" prints to 0.1 billion and so
can mean every amount from 59.55 up to 59.65 billion.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from cityresearch.errors import ClaimError
from cityresearch.numbers.display import MOST_DIGITS, as_paragraph, sentence, with_range
from cityresearch.numbers.intervals import Interval, exact, plain

__all__ = ["COUNTED", "RELATIONS", "WORDING", "PrintedNumber", "Relation", "accepted"]

Relation = Literal["eq", "approx", "nearly", "gt", "ge", "lt", "le"]
RELATIONS: tuple[str, ...] = get_args(Relation)

COUNTED = ("count", "rank", "people", "jobs", "companies", "days", "year")
WORDING = {
    "eq": "",
    "approx": "about ",
    "nearly": "nearly ",
    "gt": "more than ",
    "ge": "at least ",
    "lt": "less than ",
    "le": "at most ",
}


@dataclass(frozen=True, slots=True, repr=False)
class PrintedNumber:
    """A value as printed, in full units, with the size of its last printed digit.

    Parameters
    ----------
    value, precision : number or str
        Full units: "$59.6 billion" has value 59600000000 and precision 100000000.
    unit : str
        For example USD, percent, count, jobs, year.
    period : str
        The period that the document names: an ISO date, a year, `2019/2025`, or empty.
    """

    value: Fraction
    precision: Fraction
    unit: str = ""
    period: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", exact(self.value))
        object.__setattr__(self, "precision", exact(self.precision))
        if self.precision <= 0:
            raise ClaimError(f"A printed precision must be above zero, found {self.precision}.")

    def __str__(self) -> str:
        """The number with the range that prints as it: $59.6 billion (59.55 to 59.65)."""
        return self.worded("eq")

    def __repr__(self) -> str:
        """The same with its period.

        Examples
        --------
        >>> PrintedNumber("141e9", "1e9", "USD", "2023")
        $141 billion (140.5 to 141.5), 2023
        """
        return sentence(str(self), (self.period,))

    def _repr_html_(self) -> str:
        return as_paragraph(repr(self), hover=plain(self.value, MOST_DIGITS))

    def worded(self, relation: str) -> str:
        """Write the number under its wording, with the range that the wording covers.

        Examples
        --------
        >>> PrintedNumber("141e9", "1e9", "USD").worded("gt"), PrintedNumber(45, 1, "percent").worded("approx")
        ('more than $141 billion (141 to 142)', 'about 45% (42.5 to 47.5)')
        >>> PrintedNumber(11, 1, "count").worded("eq"), PrintedNumber(121_027, 1, "jobs").worded("eq")
        ('11', '121,027 jobs')
        """
        # of things that are counted one by one, only the printed number rounds to it
        alone = relation == "eq" and self.precision <= 1 and self.unit in COUNTED
        reach = None if alone else accepted(self, relation)
        return WORDING[relation] + with_range(self.value, self.unit, reach, all_digits=True)

    @property
    def interval(self) -> Interval:
        """Every number that prints as this one."""
        return Interval.around(self.value, self.precision)

    @property
    def grain(self) -> Fraction:
        """What the writer rounded to: fives for round-looking numbers, else the last printed digit.

        A writer who says "about 40" or "about 45" rounds to fives, so a number of two or more printed digits that
        ends in 0 or 5 has a grain of two and a half times its precision.

        Examples
        --------
        >>> [str(PrintedNumber(v, 1).grain) for v in (45, 20, 183, 6)]
        ['5/2', '5/2', '1', '1']
        """
        digits = abs(self.value / self.precision)
        if digits.denominator == 1 and digits >= 10 and digits % 5 == 0:
            return self.precision * Fraction(5, 2)
        return self.precision


def accepted(printed: PrintedNumber, relation: str) -> Interval:
    """Return the numbers that the wording covers.

    "More than 141" reaches up to, not including, 142: nobody says it of 180. "About" and "nearly" reach one grain, and half a digit
    where only one is printed, since that digit is coarse already. "At least eight" says that the count may not be complete: it
    reaches a quarter further.

    Parameters
    ----------
    printed : PrintedNumber
    relation : {"eq", "approx", "nearly", "gt", "ge", "lt", "le"}

    Examples
    --------
    >>> str(accepted(PrintedNumber(45, 1), "approx")), str(accepted(PrintedNumber(141, 1), "gt"))
    ('[42.5, 47.5]', '(141, 142)')
    >>> str(accepted(PrintedNumber(20, 1), "nearly")), str(accepted(PrintedNumber("3e6", "1e6"), "nearly"))
    ('[17.5, 20)', '[2,500,000, 3,000,000)')
    >>> str(accepted(PrintedNumber(8, 1, "count"), "ge"))
    '[8, 10)'
    """
    v, g = printed.value, printed.grain
    near = g if abs(v / printed.precision) >= 10 else printed.precision / 2
    open_count = max(g, abs(v) / 4) if printed.unit in COUNTED and printed.precision <= 1 else g
    match relation:
        case "eq":
            return printed.interval
        case "approx":
            return Interval(v - near, v + near)
        case "nearly":
            return Interval(v - near, v, has_high=False)
        case "gt":
            return Interval(v, v + g, has_low=False, has_high=False)
        case "ge":
            return Interval(v, v + open_count, has_high=False)
        case "lt":
            return Interval(v - g, v, has_low=False, has_high=False)
        case "le":
            return Interval(v - open_count, v, has_low=False)
    raise ClaimError(f"Unknown relation {relation!r}: use one of {', '.join(RELATIONS)}.")
