"""What chance alone would give: how easily some reading of a grid agrees with any number at all.

The more ways there are to compute a number, the less it says that one of them agrees. Here the printed number is replaced by one drawn at
random, with the same width, from the range that the readings span; the share of such numbers that some reading agrees with is what a reader
should hold against the agreement.
"""

from __future__ import annotations

from fractions import Fraction

from cityresearch.claims.ledger import Claim
from cityresearch.claims.reading import Reading
from cityresearch.claims.wordings import reach
from cityresearch.numbers.display import in_words

__all__ = ["FEWEST", "by_chance", "chance_of_agreement"]

FEWEST = 8  # of fewer readings nobody would say that one was picked from many


def chance_of_agreement(claim: Claim, readings: tuple[Reading, ...]) -> Fraction | None:
    """Return the share of random numbers that some reading agrees with; None without a printed number or with too few readings.

    A number is drawn evenly between the smallest and the largest reading, and has the width of the printed one.

    Examples
    --------
    >>> from cityresearch.claims.ledger import claim
    >>> from cityresearch.claims.reading import read
    >>> from cityresearch.numbers.quantity import Quantity
    >>> every_ten = {str(n): Quantity(n, "percent", sources=("ita-metro-2005-2023",)) for n in range(0, 101, 10)}
    >>> float(chance_of_agreement(claim("C126"), read(claim("C126"), every_ten)))  # a width of 5 in each 10
    0.5
    """
    values = sorted(r.value for r in readings if r.value is not None and not isinstance(r.value, bool))
    if claim.printed is None or len(values) < FEWEST or values[0] == values[-1]:
        return None
    low, high = values[0], values[-1]
    covered = reach(claim)
    above, below = claim.printed.value - covered.low, covered.high - claim.printed.value
    hit, end = Fraction(0), low
    for value in values:
        # the printed numbers that a reading agrees with, cut to the range and without what was counted before
        start, stop = max(value - below, end), min(value + above, high)
        if stop > start:
            hit, end = hit + stop - start, stop
    return hit / (high - low)


def by_chance(claim: Claim, readings: tuple[Reading, ...]) -> str:
    """Return the chance as a sentence with a space before it, or an empty text."""
    chance = chance_of_agreement(claim, readings)
    if chance is None:
        return ""
    return (
        f" A number of this width, drawn at random from the range of the readings, would agree with one of them in "
        f"{in_words(chance * 100, 'percent', 2, 2)} of cases."
    )
