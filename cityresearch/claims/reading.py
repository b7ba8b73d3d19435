"""Readings: one defensible way each to compute a claim, compared with what the document prints.

The reading as printed takes the document at its word (its year, its set of places, its vintage); each other reading changes one of
these, and its name says which. In a declared grid (`claims.grid`) those that a careful writer would hardly mean are marked too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from cityresearch.claims.ledger import Claim
from cityresearch.claims.wordings import reach, wording
from cityresearch.datasets.catalog import sources as records_of_sources
from cityresearch.errors import ClaimError
from cityresearch.numbers.agreement import compare, overlap
from cityresearch.numbers.display import exactly, in_time
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.printed import WORDING
from cityresearch.numbers.quantity import Fact, Missing, Quantity

__all__ = [
    "UNSOURCED", "AsPrinted", "Kind", "Reading", "Unlikely", "as_printed", "covered_in_words", "mark", "printed_words", "read", "unlikely", "unmarked",
]  # fmt: skip

UNSOURCED = "has no source: it was typed in or computed outside the datasets"
# how a value came about: from two figures or more, as one published figure, from the document's own words, or in a row of claim_sources
Kind = Literal["computed", "read", "text", "source"]


@dataclass(frozen=True, slots=True)
class AsPrinted:
    """Marks the value of the reading that takes the document at its word."""

    value: object


@dataclass(frozen=True, slots=True)
class Unlikely:
    """Marks the value of a reading of a grid that a careful writer would hardly mean, and says why."""

    value: object
    why: str = ""


def as_printed(value: object) -> AsPrinted:
    """Mark a value as the reading that takes the document at its word: its year, its places, its vintage."""
    return AsPrinted(value)


def unlikely(value: object, why: str = "") -> Unlikely:
    """Mark a value as a reading that belongs to the whole picture but that a careful writer would hardly mean; `why` is shown with it."""
    return Unlikely(value, why)


def unmarked(value: object) -> object:
    """Return the value of a reading without its mark."""
    return value.value if isinstance(value, AsPrinted | Unlikely) else value


def mark(as_printed: bool, meant: bool) -> str:
    """Return how a reading is marked where its name is shown, with a space before it; an empty text for most."""
    return " [as printed]" if as_printed else "" if meant else " [hardly meant]"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to compute a claim, and whether the printed number agrees with it.

    `agrees` is None where the reading has no value. `meant` is False for a reading of a grid that a careful writer would hardly mean;
    `independence` is set for rows of `claim_sources`. `bound` is "lower" or "upper" where the printed number holds only as a bound. A
    reading without `sources` is not evidence: it can support a verdict on a condition but never settles one.
    """

    name: str
    as_printed: bool
    value: Fraction | bool | None
    interval: Interval | None
    agrees: bool | None
    bound: str
    rounds_to: Fraction | None
    words: str
    sources: tuple[str, ...]
    caveats: tuple[str, ...]
    vintage: str = ""
    meant: bool = True
    kind: Kind = "computed"
    independence: str = ""

    @property
    def is_evidence(self) -> bool:
        """Whether it has a value and names where that is from."""
        return self.value is not None and bool(self.sources)

    def within(self, covered: Interval, relation: str) -> Reading:
        """Return the same reading compared with another interval for the printed number; a yes or no stays as it is."""
        if self.value is None or isinstance(self.value, bool):
            return self
        agrees, bound = overlap(self.interval or Interval.point(self.value), covered, relation)
        return replace(self, agrees=agrees, bound=bound)


def read(claim: Claim, values: Mapping[str, object], kind: Kind | None = None) -> tuple[Reading, ...]:
    """Compare each value with the claim.

    Parameters
    ----------
    claim : Claim
    values : mapping of reading name to value
        A `Quantity` or `Missing`, or for claims without a number a `Fact`; wrapped in `as_printed` where the reading takes the document
        at its word, in `unlikely` where a careful writer would hardly mean it. A bare number, `Interval`, True or False works too,
        but is marked: it has no source and settles nothing.
    kind : {"computed", "read", "text"}, optional
        How the values came about; if left out, a quantity that is one published figure was read, and all else computed.

    Raises
    ------
    ClaimError
        If there is no reading, a value does not suit the claim, or it names a source that has no record.
    """
    if not values:
        raise ClaimError(
            f"Claim {claim.claim_id} needs at least one reading: pass a name and a value, or cr.missing(...)."
        )
    covers = (reach(claim), wording(claim)) if claim.is_numeric else None
    found = tuple(_reading(claim, name, value, kind, covers) for name, value in values.items())
    known = records_of_sources()
    for reading in found:
        # a name without a record would pass as evidence
        unknown = next((source for source in reading.sources if source not in known), None)
        if unknown is not None:
            raise ClaimError(
                f"Claim {claim.claim_id}: reading {reading.name!r} names the source {unknown!r}, which is not in "
                "data/raw/sources.csv: name one that is, or add its record there."
            )
    return found


def _reading(claim: Claim, name: str, value: object, kind: Kind | None, covers: tuple[Interval, str] | None) -> Reading:
    printed, meant = isinstance(value, AsPrinted), not isinstance(value, Unlikely)
    hardly = (f"hardly meant: {value.why}",) if isinstance(value, Unlikely) and value.why else ()
    value = unmarked(value)
    kind = kind or ("read" if isinstance(value, Quantity | Fact) and value.read else "computed")
    blank = Reading(name, printed, None, None, None, "", None, "", (), hardly, meant=meant, kind=kind)
    if isinstance(value, Missing):
        return replace(blank, words=value.reason, sources=value.sources)
    sources, caveats = (value.sources, value.caveats) if isinstance(value, Quantity | Fact) else ((), ())
    caveats = (*hardly, *caveats, *(() if sources else (UNSOURCED,)))
    if isinstance(value, Fact):
        value = value.holds
    if isinstance(value, bool):
        # a claim on a day, a trip or a span says more than the year that the ledger gives as its number
        if claim.is_numeric and claim.kind != "date" and claim.unit != "year":
            raise ClaimError(
                f"Claim {claim.claim_id} prints a number: reading {name!r} must be a number too, found {value}."
            )
        words = "the claim holds" if value else "the claim does not hold"
        return replace(blank, value=value, agrees=value, words=words, sources=sources, caveats=caveats)
    if covers is None:
        raise ClaimError(
            f"Claim {claim.claim_id} prints no number: reading {name!r} must be a fact, True, False or missing."
        )
    if isinstance(value, Quantity) and value.unit and value.unit != claim.unit:
        raise ClaimError(
            f"Claim {claim.claim_id} is in {claim.unit}, reading {name!r} in {value.unit}: convert it first."
        )
    interval = (
        value
        if isinstance(value, Interval)
        else value.interval
        if isinstance(value, Quantity)
        else Interval.point(value)
    )
    middle = value.value if isinstance(value, Quantity) else (interval.low + interval.high) / 2
    result = compare(interval, claim.printed, claim.relation, central=middle, reach=covers[0], said=covers[1])
    return replace(
        blank,
        value=exact(middle),
        interval=None if interval.is_point else interval,
        agrees=result.agrees,
        bound=result.bound,
        rounds_to=result.rounds_to,
        words=result.words,
        sources=sources,
        caveats=caveats,
        vintage=value.vintage if isinstance(value, Quantity) else "",
    )


def covered_in_words(item: Claim) -> str:
    """Return the numbers that the wording of a printed number covers, such as "$59.55 billion up to, not including, $59.65 billion"."""
    covered = reach(item)
    low, high = exactly(covered.low, item.unit), exactly(covered.high, item.unit)
    return f"{low} to {high}" if covered.has_high else f"{low} up to, not including, {high}"


def printed_words(claim: Claim) -> str:
    """Return the printed number with its wording and period, for instance "more than $141 billion (2024)"."""
    if claim.printed is None:
        return ""
    period = f" ({in_time(claim.period)})" if claim.period else ""
    if said := wording(claim):
        return said + period
    return WORDING[claim.relation] + exactly(claim.printed.value, claim.unit) + period
