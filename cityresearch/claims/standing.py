"""How a source's number compares with a claim's, computed wherever both are numbers of one kind.

Of the 1,075 rows of `claim_sources`, 825 have a number (whole or decimal, with or without a minus; that column has no ranges, lists or
dates). A number is compared with the claim's where both count the same: the same unit, a count and things counted, or, for a claim that
prints a date, two dates. The word that a person set counts for rows without a number, rows on a claim without one, numbers of another
unit (dollars and a share, a year and a count), calendar years and a span of years, and rows that a person called partial, older or
related: there the number is known to be of another scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cityresearch.claims.arithmetic import is_date
from cityresearch.claims.ledger import Claim
from cityresearch.claims.periods import days
from cityresearch.claims.wordings import reach
from cityresearch.errors import ClaimError
from cityresearch.numbers import agreement
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.printed import PrintedNumber, accepted

__all__ = ["TESTS", "Computed", "SourceNumber", "computed", "word_by_number"]

TESTS = ("agrees", "agrees_rounded", "differs")
# what is measured or dated and not counted, so that no count is held against it
MEASURES = frozenset(
    {"", "percent", "points", "ratio", "rank", "year", "date", "month", "USD", "SGD", "GBP", "TEU", "pounds"}
)
DATES = ("year", "date")


@dataclass(frozen=True, slots=True)
class SourceNumber:
    """A number as a source prints it.

    `relation` and `precision` are the source's own wording and last digit; both empty for a number known to its last unit.
    """

    value: str
    unit: str
    period: str
    relation: str = ""
    precision: str = ""

    @property
    def interval(self) -> Interval:
        """The range that the number can mean in the source's wording.

        Raises
        ------
        ClaimError
            If there is a wording without a precision, so that its range is not known.
        """
        if self.precision:
            return accepted(PrintedNumber(self.value, self.precision, self.unit), self.relation or "eq")
        if self.relation:
            raise ClaimError(
                f"A number worded {self.relation!r} needs a precision, found {self.value} without one: add it."
            )
        return Interval.point(self.value)


@dataclass(frozen=True, slots=True)
class Computed:
    """Whether a source's number agrees with the printed one by the rules of agreement, and what it rounds to at the printed digits.

    `rounds_to` is None for dates.
    """

    agrees: bool
    rounds_to: Fraction | None = None


def computed(item: Claim, number: SourceNumber, covered: Interval | None = None) -> Computed | None:
    """Compare a source's number with a claim, or return None where the two are not of one kind.

    `covered` takes the place of what the claim's wording covers.

    Examples
    --------
    >>> from cityresearch.claims.ledger import claim
    >>> computed(claim("C024"), SourceNumber("59561594613", "USD", "2023")).agrees  # 59.6 billion dollars
    True
    >>> computed(claim("C024"), SourceNumber("59.6", "percent", "2023")) is None
    True
    """
    if item.printed is None:
        return None
    if is_date(item):
        return _dates(item, number)
    if not number.value or not _same_kind(item.unit, number):
        return None
    found = agreement.compare(
        number.interval, item.printed, item.relation, central=exact(number.value), reach=covered or reach(item)
    )
    return Computed(found.agrees, found.rounds_to)


def word_by_number(
    item: Claim, word: str, number: SourceNumber, by_hand: str = "", covered: Interval | None = None
) -> str:
    """Return the word on a row: the one that a person set, unless the numbers give another and `by_hand` gives no reason against them.

    "agrees_rounded" asks only that the source's number, rounded to the printed digits, is the printed one; "agrees" asks what the
    wording of the claim asks.
    """
    found = None if by_hand or word not in TESTS else computed(item, number, covered)
    if found is None:
        return word
    rounded = word == "agrees_rounded" and item.printed is not None and found.rounds_to == item.printed.value
    if word == "differs":
        return "agrees" if found.agrees else word
    return word if found.agrees or rounded else "differs"


def _dates(item: Claim, number: SourceNumber) -> Computed | None:
    if _singular(number.unit) not in DATES:
        return None
    printed, found = days(item.period), days(number.period or number.value)
    return None if printed is None or found is None else Computed(printed.overlaps(found))


def _same_kind(unit: str, number: SourceNumber) -> bool:
    ours, theirs = _singular(unit), _singular(number.unit)
    if ours == "year":
        # a calendar year is not a length of time
        return theirs == "year" and not any(end.startswith(number.value) for end in number.period.split("/"))
    if ours == "count":
        return theirs not in MEASURES and " per " not in theirs
    return ours == theirs


def _singular(unit: str) -> str:
    return unit.removesuffix("s") if unit in ("years", "months", "dates") else unit
