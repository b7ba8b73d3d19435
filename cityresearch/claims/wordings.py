"""How far a wording reaches, for the claims where the printed digits do not say it.

The rules of `numbers.printed` follow from the digits: "more than 141" reaches to 142. Some wordings have no digit to go by (thousands, a
third, one in ten). The dataset `wordings` says for each what it covers and why, so that a reader can dispute it; its rows without claims
state the rules themselves, in grains.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from cityresearch.claims.ledger import Claim
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.printed import accepted

__all__ = ["Width", "reach", "scaled", "widths", "wording"]


@dataclass(frozen=True, slots=True)
class Width:
    """A wording, the relation that the ledger gives it, the interval that it covers, and the reason."""

    wording: str
    relation: str
    claims: tuple[str, ...]
    value: str
    unit: str
    interval: Interval
    why: str


def widths() -> tuple[Width, ...]:
    """Return every row of the table of wordings, rules first."""
    return _widths(reading_key("wordings"))


def reach(claim: Claim) -> Interval:
    """Return the numbers that a claim's wording covers: by the table where it names the claim, else by its digits.

    Raises
    ------
    ClaimError
        If the claim prints no number.

    Examples
    --------
    >>> from cityresearch.claims.ledger import claim
    >>> str(reach(claim("C027"))), str(reach(claim("C141")))
    ('(141,000,000,000, 142,000,000,000)', '[2,000, 100,000)')
    """
    if claim.printed is None:
        raise ClaimError(f"Claim {claim.claim_id} prints no number, so its wording covers none.")
    width = _width(claim)
    return width.interval if width else accepted(claim.printed, claim.relation)


def wording(claim: Claim) -> str:
    """Return the wording of a claim that the table names, such as "thousands"; empty for those that go by their digits."""
    width = _width(claim)
    return width.wording if width else ""


def scaled(interval: Interval, value: Fraction, factor: Fraction) -> Interval:
    """Return an interval whose distances from a value are multiplied.

    Examples
    --------
    >>> str(scaled(Interval(45, 50, has_high=False), Fraction(50), Fraction(2)))
    '[40, 50)'
    """
    low, high = value - (value - interval.low) * factor, value + (interval.high - value) * factor
    return Interval(low, high, has_low=interval.has_low, has_high=interval.has_high)


def _width(claim: Claim) -> Width | None:
    """Return the row of a claim, if there is one that is still of what it prints."""
    width = _by_claim(reading_key("wordings")).get(claim.claim_id)
    if width is None or claim.printed is None:
        return None
    return width if (width.relation, exact(width.value)) == (claim.relation, claim.printed.value) else None


@lru_cache(maxsize=2)
def _widths(_key: ReadingKey) -> tuple[Width, ...]:
    return tuple(
        Width(
            row["wording"],
            row["relation"],
            tuple(filter(None, row["claims"].split(";"))),
            row["value"],
            row["unit"],
            Interval(
                row["low"],
                row["high"],
                has_low=row["low_included"] == "true",
                has_high=row["high_included"] == "true",
            ),
            row["why"],
        )
        for row in text_rows("wordings")
    )


@lru_cache(maxsize=2)
def _by_claim(_key: ReadingKey) -> dict[str, Width]:
    return {claim_id: width for width in widths() for claim_id in width.claims}
