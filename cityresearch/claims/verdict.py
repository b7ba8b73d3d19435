"""Readings and verdicts: what all the ways of computing a claim show together.

A reading is one defensible way to compute a claim. The reading as printed takes the document at its word (its year, its set of places,
its vintage); each other reading changes one of these, and its name says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from cityresearch.claims.ledger import Claim
from cityresearch.datasets.catalog import sources as records_of_sources
from cityresearch.errors import ClaimError
from cityresearch.numbers.agreement import bound_in_words, compare
from cityresearch.numbers.display import exactly
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import Fact, Missing, Quantity
from cityresearch.phrases import capitalized

__all__ = [
    "ON_TRUST", "UNSOURCED", "AsPrinted", "Basis", "Reading", "Verdict", "Word", "as_printed", "judge",
    "printed_words", "read", "unmarked",
]  # fmt: skip


UNSOURCED = "has no source: it was typed in or computed outside the datasets"
ON_TRUST = "if the number without a source is right"
Word = Literal["agrees", "agrees-if", "differs", "open"]
Basis = Literal["data", "source", "arithmetic", "none"]


@dataclass(frozen=True, slots=True)
class AsPrinted:
    """Marks the value of the reading that takes the document at its word."""

    value: object


def as_printed(value: object) -> AsPrinted:
    """Mark a value as the reading that takes the document at its word: its year, its places, its vintage."""
    return AsPrinted(value)


def unmarked(value: object) -> object:
    """Return the value of a reading, whether or not it takes the document at its word."""
    return value.value if isinstance(value, AsPrinted) else value


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to compute a claim, and whether the printed number agrees with it.

    `agrees` is None where the reading has no value. `bound` is "lower" or "upper" where the printed number holds only as a bound. A
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

    @property
    def is_evidence(self) -> bool:
        """Whether it has a value and names where that is from."""
        return self.value is not None and bool(self.sources)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word, a basis, the reading that decides, and the reason in a sentence."""

    claim_id: str
    verdict: Word
    basis: Basis
    decided_by: str
    reason: str
    readings: tuple[Reading, ...]


def read(claim: Claim, values: Mapping[str, object]) -> tuple[Reading, ...]:
    """Compare each value with the claim.

    Parameters
    ----------
    claim : Claim
    values : mapping of reading name to value
        A `Quantity` or `Missing`, or for claims without a number a `Fact`; wrapped in `as_printed` where the reading takes the document
        at its word. A bare number, `Interval`, True or False works too, but is marked: it has no source and settles nothing.

    Raises
    ------
    ClaimError
        If there is no reading, a value does not suit the claim, or it names a source that has no record.
    """
    if not values:
        raise ClaimError(
            f"Claim {claim.claim_id} needs at least one reading: pass a name and a value, or cr.missing(...)."
        )
    found = tuple(_reading(claim, name, value) for name, value in values.items())
    for reading in found:
        # a name without a record would pass as evidence
        unknown = next((source for source in reading.sources if source not in records_of_sources()), None)
        if unknown is not None:
            raise ClaimError(
                f"Claim {claim.claim_id}: reading {reading.name!r} names the source {unknown!r}, which is not in "
                "data/raw/sources.csv: name one that is, or add its record there."
            )
    return found


def judge(claim: Claim, readings: tuple[Reading, ...], basis: Basis = "data") -> Verdict:
    """Return the verdict that the readings allow, none stronger than they are.

    agrees: a reading as printed agrees. agrees-if: only another reading does, or one without a source, or the number agrees only as a
    bound. differs: every reading has a value and none agrees. open: nothing agrees, and a reading as printed lacks a value or a source,
    or all readings do.
    """
    printed = [r for r in readings if r.as_printed]
    others = [r for r in readings if not r.as_printed]
    for word, group in (("agrees", printed), ("agrees-if", others)):
        hits = [r for r in group if r.agrees and r.sources]
        if hits:
            why = _because(word, hits, readings) + _revision(claim, hits[0], readings)
            return Verdict(claim.claim_id, word, basis, hits[0].name, why, readings)
    trusted = [r for r in (*printed, *others) if r.agrees]
    if trusted:
        name = f"{trusted[0].name}, {ON_TRUST}"
        reason = f"It agrees only {ON_TRUST}: {trusted[0].name}: {trusted[0].words}."
        return Verdict(claim.claim_id, "agrees-if", basis, name, reason, readings)
    bounds = [r for r in printed if r.bound]
    if bounds:
        trust = "" if bounds[0].sources else f", {ON_TRUST}"
        name = f"{bounds[0].name}, as {bound_in_words(bounds[0].bound)} only{trust}"
        return Verdict(
            claim.claim_id,
            "agrees-if",
            basis,
            name,
            f"It agrees only as {bound_in_words(bounds[0].bound)}{trust}: {bounds[0].words.partition(';')[0]}.",
            readings,
        )
    known = [r for r in readings if r.is_evidence]
    unknown = [r for r in printed if not r.is_evidence]
    if not known or unknown:
        lacking = unknown or list(readings)
        reason = "We could not settle it: " + "; ".join(dict.fromkeys(_lacks(r) for r in lacking)) + "."
        if known:
            one = len(known) == 1
            reason += (
                " The other reading that has a value does not agree."
                if one
                else f" None of the {len(known)} other readings that have a value agrees."
            )
        return Verdict(claim.claim_id, "open", basis if known else "none", "", reason + _needed(claim), readings)
    closest = min(known, key=lambda r: _distance(claim, r))
    some = "no reading agrees. The closest is " if len(known) > 1 else ""
    return Verdict(
        claim.claim_id,
        "differs",
        basis,
        closest.name,
        capitalized(f"{some}{closest.name}: {closest.words}."),
        readings,
    )


def _needed(claim: Claim) -> str:
    """Return what the ledger says that we would need, with a space before it; an empty text if it says nothing."""
    _, what, needed = claim.settle.partition("To settle")
    return f" {what}{needed}" if what else ""


def _lacks(reading: Reading) -> str:
    return reading.words if reading.value is None else f"{reading.name} {UNSOURCED}"


def _because(word: str, hits: list[Reading], readings: tuple[Reading, ...]) -> str:
    first = hits[0]
    if word == "agrees":
        return capitalized(f"{first.name}: {first.words}.")
    printed = [r for r in readings if r.as_printed]
    tested, untested = (
        "; ".join(dict.fromkeys(r.words for r in printed if (r.value is None) is lacking)) for lacking in (False, True)
    )
    also = f" (also: {'; '.join(r.name for r in hits[1:])})" if len(hits) > 1 else ""
    as_is = (f"Read literally: {tested}. " if tested else "") + (
        f"It cannot be tested literally: {untested}. " if untested else ""
    )
    known = sum(r.value is not None for r in readings)
    tally = (
        f" {len(hits)} of the {known} readings that have a value agree{'s' * (len(hits) == 1)}." if known > 1 else ""
    )
    return f"{as_is}It agrees if read as {first.name}{also}: {first.words}.{tally}"


def _revision(claim: Claim, hit: Reading, readings: tuple[Reading, ...]) -> str:
    """Add a remark where a number was right in its first release and differs after a later revision."""
    later = [
        r
        for r in readings
        if r.vintage == "revised" and r.rounds_to not in (None, claim.printed and claim.printed.value)
    ]
    if hit.vintage != "first_release" or not later:
        return ""
    return f" It was revised later: {later[0].name} rounds to {exactly(later[0].rounds_to, claim.unit)}."


def _reading(claim: Claim, name: str, value: object) -> Reading:
    printed, value = isinstance(value, AsPrinted), unmarked(value)
    blank = Reading(name, printed, None, None, None, "", None, "", (), ())
    if isinstance(value, Missing):
        return replace(blank, words=value.reason, sources=value.sources)
    sources, caveats = (value.sources, value.caveats) if isinstance(value, Quantity | Fact) else ((), ())
    if not sources:
        caveats = (*caveats, UNSOURCED)
    if isinstance(value, Fact):
        value = value.holds
    if isinstance(value, bool):
        # a date is right or wrong as a day, not only as the year that the ledger gives as its number
        if claim.is_numeric and claim.kind != "date":
            raise ClaimError(
                f"Claim {claim.claim_id} prints a number: reading {name!r} must be a number too, found {value}."
            )
        words = "the claim holds" if value else "the claim does not hold"
        return replace(blank, value=value, agrees=value, words=words, sources=sources, caveats=caveats)
    if not claim.is_numeric:
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
    result = compare(interval, claim.printed, claim.relation, central=middle)
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


def _distance(claim: Claim, reading: Reading) -> Fraction:
    if claim.printed is None or isinstance(reading.value, bool):
        return Fraction(0)
    return abs(reading.value - claim.printed.value)


def printed_words(claim: Claim) -> str:
    """Return the printed number with its wording and period, for instance "more than $141 billion (2024)"."""
    from cityresearch.numbers.printed import WORDING

    if claim.printed is None:
        return ""
    period = f" ({claim.period})" if claim.period else ""
    return WORDING[claim.relation] + exactly(claim.printed.value, claim.unit) + period
