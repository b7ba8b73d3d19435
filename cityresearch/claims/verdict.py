"""Verdicts: what all the readings of a claim show together, before sources are asked (`rules` joins the two)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from cityresearch.claims.chance import by_chance
from cityresearch.claims.ledger import Claim
from cityresearch.claims.reading import UNSOURCED, Reading
from cityresearch.claims.strength import NO_STRENGTH, Strength
from cityresearch.numbers.agreement import bound_in_words
from cityresearch.numbers.display import exactly
from cityresearch.phrases import capitalized

__all__ = ["BASES", "ON_TRUST", "WORDS", "Basis", "Verdict", "Word", "judge"]

ON_TRUST = "if the number without a source is right"
Word = Literal["agrees", "agrees-if", "differs-unless", "differs", "open"]
Basis = Literal["data", "source", "arithmetic", "text", "none"]
WORDS: tuple[str, ...] = get_args(Word)
BASES: tuple[str, ...] = get_args(Basis)
NAMED = 4  # further readings that agree are named up to this many
BASIS_OF = {"computed": "data", "read": "source", "text": "text", "source": "source"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word, a basis, the reading that decides, and the reason in a sentence; `strength` says how much stands behind it."""

    claim_id: str
    verdict: Word
    basis: Basis
    decided_by: str
    reason: str
    readings: tuple[Reading, ...]
    strength: Strength = NO_STRENGTH


def judge(claim: Claim, readings: tuple[Reading, ...], basis: str = "") -> Verdict:
    """Return the verdict that the readings allow, none stronger than they are.

    agrees: a reading as printed agrees. agrees-if: no reading as printed could be tested and fails, and another one that a careful
    writer could mean agrees, or the number agrees only as a bound, or only without a source. differs-unless: every reading as printed
    was tested and fails, and another one agrees. differs: every reading has a value and none agrees. open: nothing of this; a reading
    without a value forbids differs.

    Parameters
    ----------
    basis : {"data", "source", "arithmetic", "text"}, optional
        What the readings rest on; if left out, data where the deciding reading was computed, source where it was read.
    """
    printed = [r for r in readings if r.as_printed]
    failed = bool(printed) and all(r.is_evidence and r.agrees is False for r in printed)

    def verdict(word: Word, deciding: Reading | None, by: str, reason: str) -> Verdict:
        found = basis or (BASIS_OF[deciding.kind] if deciding else "none")
        return Verdict(claim.claim_id, word, found, by, reason, readings)

    hits = [r for r in printed if r.agrees and r.sources]
    if hits:
        why = _because("agrees", hits, readings) + _revision(claim, hits[0], readings)
        return verdict("agrees", hits[0], hits[0].name, why)
    hits = [r for r in readings if not r.as_printed and r.meant and r.agrees and r.sources]
    if hits:
        word: Word = "differs-unless" if failed and not any(r.bound for r in printed) else "agrees-if"
        why = _because(word, hits, readings) + by_chance(claim, readings) + _revision(claim, hits[0], readings)
        return verdict(word, hits[0], hits[0].name, why)
    trusted = [r for r in readings if r.agrees and not r.sources]
    if trusted:
        first = trusted[0]
        return verdict(
            "agrees-if", first, f"{first.name}, {ON_TRUST}", f"It agrees only {ON_TRUST}: {first.name}: {first.words}."
        )
    bounds = [r for r in printed if r.bound]
    if bounds:
        first, trust = bounds[0], "" if bounds[0].sources else f", {ON_TRUST}"
        as_bound = f"as {bound_in_words(first.bound)}"
        return verdict(
            "agrees-if",
            first,
            f"{first.name}, {as_bound} only{trust}",
            f"It agrees only {as_bound}{trust}: {first.words.partition(';')[0]}.",
        )
    return _without_agreement(claim, readings, verdict, failed)


def _without_agreement(claim, readings, verdict, failed) -> Verdict:
    """Return the verdict where no reading that a careful writer could mean agrees."""
    odd = [r for r in readings if r.agrees and not r.meant]
    known = [r for r in readings if r.is_evidence]
    lacking = [r for r in readings if r.meant and (r.value is None or (r.as_printed and not r.sources))]
    deciding = next((r for r in known if r.kind == "computed"), known[0] if known else None)
    if odd and failed:
        said = "only under a reading that we marked beforehand as one that a careful writer would hardly mean"
        reason = (
            f"Read literally: {'; '.join(dict.fromkeys(r.words for r in readings if r.as_printed))}. It agrees {said}"
        )
        return verdict(
            "differs-unless",
            odd[0],
            odd[0].name,
            f"{reason}: {odd[0].name}: {odd[0].words}.{by_chance(claim, readings)}",
        )
    if not any(r.meant for r in known) or lacking or odd:
        printed = [r for r in lacking if r.as_printed]
        what = dict.fromkeys(_lacks(r) for r in printed or lacking or (() if odd else readings))
        reason = "We could not settle it: " + "; ".join(what) + "." if what else "We could not settle it."
        others = [r for r in known if not r.agrees]
        if odd:
            reason += f" Only readings that a careful writer would hardly mean agree ({odd[0].name})."
        elif len(others) == 1:
            reason += " The other reading that has a value does not agree."
        elif others:
            reason += f" None of the {len(others)} other readings that have a value agrees."
        return verdict("open", deciding, "", reason + _needed(claim))
    closest = min(known, key=lambda r: _distance(claim, r))
    some = "no reading agrees. The closest is " if len(known) > 1 else ""
    return verdict("differs", deciding, closest.name, capitalized(f"{some}{closest.name}: {closest.words}."))


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
    others = [r.name for r in hits[1:]]
    rest = f"; and {len(others) - NAMED} more" if len(others) > NAMED else ""
    also = f" (also: {'; '.join(others[:NAMED])}{rest})" if others else ""
    as_is = (f"Read literally: {tested}. " if tested else "") + (
        f"It cannot be tested literally: {untested}. " if untested else ""
    )
    known = sum(r.value is not None for r in readings)
    tally = (
        f" {len(hits)} of the {known} readings that have a value agree{'s' * (len(hits) == 1)}." if known > 1 else ""
    )
    agrees = "It agrees only" if word == "differs-unless" else "It agrees"
    return f"{as_is}{agrees} if read as {first.name}{also}: {first.words}.{tally}"


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


def _distance(claim: Claim, reading: Reading) -> Fraction:
    if claim.printed is None or isinstance(reading.value, bool):
        return Fraction(0)
    return abs(reading.value - claim.printed.value)
