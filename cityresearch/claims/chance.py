"""What chance alone would give: how easily some reading of a grid agrees with any number at all.

The more ways there are to compute a number, the less it says that one of them agrees. Here the printed number is replaced by one drawn at
random, with the same width, from the range that the readings span; the share of such numbers that some reading agrees with is what a reader
should hold against the agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from cityresearch.claims.ledger import Claim
from cityresearch.claims.reading import Reading
from cityresearch.claims.wordings import reach

__all__ = ["FEWEST", "HIGH", "LOW", "by_chance", "chance_in_words", "chance_of_agreement"]

HIGH, LOW = Fraction(1, 2), Fraction(1, 10)
FEWEST = 8  # of fewer readings nobody would say that one was picked from many


def chance_of_agreement(claim: Claim, values: Iterable[Fraction]) -> Fraction | None:
    """Return the share of random numbers that some reading agrees with; None without a printed number or with too few readings.

    A number is drawn evenly between the smallest and the largest reading, and has the width of the printed one.

    Parameters
    ----------
    claim : Claim
    values : iterable of Fraction
        Of the readings that have a number.

    Examples
    --------
    >>> from cityresearch.claims.ledger import claim
    >>> float(chance_of_agreement(claim("C126"), map(Fraction, range(0, 101, 10))))  # a width of 5 in each 10
    0.5
    """
    values = sorted(values)
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
    numbers = (r.value for r in readings if r.value is not None and not isinstance(r.value, bool))
    chance = chance_of_agreement(claim, numbers)
    return "" if chance is None else f" {chance_in_words(chance)}"


def chance_in_words(chance: Fraction) -> str:
    """Return a chance as a sentence about a hundred numbers, with what it says about an agreement.

    Examples
    --------
    >>> chance_in_words(Fraction(89, 100))[-97:]
    'about 89 would agree with a reading too, so that an agreement alone says little for the sentence.'
    """
    of_100 = round(chance * 100)
    count = f"about {of_100}" if 0 < of_100 < 100 else "nearly all" if of_100 else "hardly any"
    means = {
        chance >= HIGH: ", so that an agreement alone says little for the sentence",
        chance <= LOW: ", so that an agreement is hardly an accident",
    }.get(True, "")
    return (
        "Of 100 numbers as exact as the printed one, drawn at random between the smallest and the largest reading, "
        f"{count} would agree with a reading too{means}."
    )
