"""The one judge: computed readings, the document's own words, and what sources print, weighed together.

No side settles alone what the other contradicts, and what nobody tested is said.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cityresearch.claims.arithmetic import judge_by_arithmetic
from cityresearch.claims.document import basis_of_document, readings_from_document
from cityresearch.claims.ledger import Claim
from cityresearch.claims.reading import Reading
from cityresearch.claims.sources import (
    SourceCheck,
    cited,
    is_firm,
    judge_by_checks,
    judged_checks,
    publisher,
    supporting,
    together,
)
from cityresearch.claims.strength import Strength, bodies, bodies_for
from cityresearch.claims.verdict import Verdict, judge
from cityresearch.claims.wordings import reach, scaled
from cityresearch.numbers.intervals import Interval, exact, round_to
from cityresearch.phrases import capitalized

__all__ = ["verdict_on"]

HALF, DOUBLE = Fraction(1, 2), Fraction(2)


def verdict_on(claim: Claim, readings: tuple[Reading, ...] = (), basis: str = "") -> Verdict:
    """Return the verdict on a claim from all that we have, with its strength.

    Readings agree and an independent source prints something else: agrees-if. They fail or only agree under a condition, and an
    independent source prints the claim: the source's agreement, conditional where the two disagree. A claim without readings is decided by
    the document itself where the ledger says so (`internal`), else by sources, else by what other printed claims imply. A part that nothing
    tests (`untested` in the ledger) makes an agreement conditional.

    Parameters
    ----------
    claim : Claim
    readings : tuple of Reading
        What a chapter computed, if it did.
    basis : {"data", "source", "arithmetic", "text"}, optional
        See `verdict.judge`.
    """
    if not readings and claim.settle_status == "internal":
        readings, basis = readings_from_document(claim), basis_of_document(claim.claim_id)
    checks = judged_checks(claim)
    found = _found(claim, readings, checks, basis)
    if claim.printed is None:
        half = double = ""
    else:
        covered, value = reach(claim), claim.printed.value
        half, double = (
            _found(claim, *_at_width(claim, readings, scaled(covered, value, k)), basis).verdict for k in (HALF, DOUBLE)
        )
    known = [r for r in found.readings if r.value is not None and r.agrees is not None and r.independence != "retells"]
    strength = Strength(
        bodies_for(claim, found.readings, together(checks)),
        len(bodies(claim, found.readings, False)),
        sum(r.agrees is True for r in known),
        len(known),
        half,
        double,
    )
    return replace(found, strength=strength)


def _found(claim: Claim, readings: tuple[Reading, ...], checks: tuple[SourceCheck, ...], basis: str) -> Verdict:
    own = judge(claim, readings, basis) if readings else None
    by_sources = judge_by_checks(claim, checks)
    if claim.settle_status == "open":
        # nothing that we have tests it, whatever can be computed beside it
        return replace(by_sources, readings=(*(own.readings if own else ()), *by_sources.readings))
    if own is None:
        found = _or_arithmetic(claim, by_sources)
    else:
        found = replace(_joined(claim, own, by_sources, checks), readings=(*own.readings, *by_sources.readings))
    return _with_what_is_untested(claim, found)


def _joined(claim: Claim, own: Verdict, by_sources: Verdict, checks: tuple[SourceCheck, ...]) -> Verdict:
    """Weigh what was computed or counted against what sources print."""
    further = [c for c in checks if not _is_read_already(own, c)]
    against = [c for c in further if c.contradicts and c.independence != "retells"]
    firm, _ = supporting(claim, further)
    but = f" But another source says something else: {cited(against)}." if against else ""
    if own.verdict == "agrees":
        condition = None if firm else _condition_of_what_was_read(claim, own, checks)
        if condition:
            taken, why = condition
            return replace(own, verdict="agrees-if", decided_by=taken, reason=f"{own.reason} {why}{but}")
        by_parts = f" {capitalized(cited(firm))}." if firm and firm[0].agreement == "jointly" else ""
        if not against:
            return replace(own, reason=own.reason + by_parts)
        return replace(
            own,
            verdict="agrees-if",
            decided_by=f"{own.decided_by}, against {publisher(against[0])}",
            reason=own.reason + by_parts + but,
        )
    if own.verdict == "open":
        if by_sources.verdict in ("agrees", "agrees-if"):
            return replace(by_sources, reason=f"{by_sources.reason} {own.reason}")
        # what could not be computed may well agree, so that a source which prints something else does not settle it
        return replace(own, reason=own.reason + but)
    if not firm:
        return replace(own, reason=own.reason + but)
    if own.verdict == "agrees-if" and not against:
        return replace(
            own, verdict="agrees", basis="source", decided_by=firm[0].source_id, reason=f"{cited(firm)}. {own.reason}"
        )
    return replace(
        own,
        verdict="agrees-if",
        basis="source",
        decided_by=f"the figure of {publisher(firm[0])} is taken",
        reason=f"Sources and our data disagree: {cited(firm)}. {own.reason}{but}",
    )


def _is_read_already(own: Verdict, check: SourceCheck) -> bool:
    """Return whether a source's number is one that a reading has from the same source, so that it is no second witness."""
    if not check.value:
        return False
    number, last_digit = exact(check.value), Fraction(1, 10 ** len(check.value.partition(".")[2]))
    return any(
        round_to(r.value, last_digit) == number
        for r in own.readings
        if r.kind in ("computed", "read") and check.source_id in r.sources and _is_number(r)
    )


def _is_number(reading: Reading) -> bool:
    """Return whether a reading has a number: a yes is not one, although Python counts it as 1."""
    return reading.value is not None and not isinstance(reading.value, bool)


def _condition_of_what_was_read(claim: Claim, own: Verdict, checks: tuple[SourceCheck, ...]) -> tuple[str, str] | None:
    """Return the condition under which readings that were looked up agree, or None: a body's word on itself, or pages that show a part.

    The first text names what is taken on trust, the second says why.
    """
    hits = [r for r in own.readings if r.agrees and r.as_printed]
    read_in = {source_id for r in hits for source_id in r.sources}
    found = [c for c in checks if c.source_id in read_in]
    if not found or not all(r.kind == "read" for r in hits):
        return None
    if all(c.agreement in ("partial", "jointly") for c in found) and not together(checks):
        return "what the sources do not show is taken", f"The sources in our data show only part of it: {cited(found)}."
    if read_in == {c.source_id for c in found} and not any(is_firm(claim, c) for c in found):
        whose = publisher(found[0])
        return (
            f"the word of {whose} is taken",
            f"The only source is {whose}, whose own figure it is or of whose independence we know nothing.",
        )
    return None


def _or_arithmetic(claim: Claim, by_sources: Verdict) -> Verdict:
    """Return what other printed claims of the same document imply, where no source tests the claim."""
    implied = judge_by_arithmetic(claim.claim_id) if by_sources.verdict == "open" else None
    if implied is None:
        return by_sources
    return replace(
        by_sources, verdict=implied.verdict, basis="arithmetic", decided_by=implied.decided_by, reason=implied.reason
    )


def _with_what_is_untested(claim: Claim, found: Verdict) -> Verdict:
    if not claim.untested or found.verdict == "open":
        return found
    reason = f"{found.reason} Not tested: {claim.untested}."
    if found.verdict == "agrees":
        return replace(
            found, verdict="agrees-if", decided_by=f"{found.decided_by}, without the untested part", reason=reason
        )
    return replace(found, reason=reason)


def _at_width(
    claim: Claim, readings: tuple[Reading, ...], covered: Interval
) -> tuple[tuple[Reading, ...], tuple[SourceCheck, ...]]:
    """Return readings and source rows as they would compare if the wording reached half or twice as far."""
    return tuple(r.within(covered, claim.relation) for r in readings), judged_checks(claim, covered)
