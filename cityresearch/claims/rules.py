"""Which evidence decides a claim that is not computed in a chapter: the document itself, or what sources print."""

from __future__ import annotations

from dataclasses import replace

from cityresearch.claims.arithmetic import judge_by_arithmetic
from cityresearch.claims.document import judge_by_document
from cityresearch.claims.ledger import Claim
from cityresearch.claims.sources import judge_by_sources, judged_checks
from cityresearch.claims.verdict import Verdict

__all__ = ["judge_by_rule"]


def _or_arithmetic(claim: Claim, by_sources: Verdict) -> Verdict:
    """Return what other printed claims of the same document imply, where no source tests the claim."""
    implied = judge_by_arithmetic(claim.claim_id) if by_sources.verdict == "open" else None
    if implied is None:
        return by_sources
    return replace(
        by_sources, verdict=implied.verdict, basis="arithmetic", decided_by=implied.decided_by, reason=implied.reason
    )


def judge_by_rule(claim: Claim) -> Verdict:
    """Return a claim's verdict from the document's own lists and dates where those decide it, else from sources.

    A claim that the ledger marks internal is decided inside the document. What sources print is added to it, and an independent source
    that prints something else makes an agreement conditional.
    """
    by_sources = judge_by_sources(claim)
    inside = judge_by_document(claim) if claim.settle_status == "internal" else None
    if inside is None:
        return by_sources if claim.settle_status == "open" else _or_arithmetic(claim, by_sources)
    readings = (*inside.readings, *by_sources.readings)
    against = [c for c in judged_checks(claim) if c.contradicts and c.independence != "retells"]
    if inside.verdict == "agrees" and against:
        reason = f"{inside.reason} But another source says something else: {against[0].says.rstrip('.')} ({against[0].source_id})."
        return replace(
            inside,
            verdict="agrees-if",
            decided_by=f"{inside.decided_by}, inside the document",
            reason=reason,
            readings=readings,
        )
    return replace(inside, readings=readings)
