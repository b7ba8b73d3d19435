"""How much stands behind a verdict: independent bodies, readings, and whether another width would change it."""

from __future__ import annotations

from dataclasses import dataclass

from cityresearch.claims.ledger import Claim, documents
from cityresearch.claims.reading import Reading
from cityresearch.datasets.catalog import source
from cityresearch.phrases import many

__all__ = ["NO_STRENGTH", "Strength", "bodies", "in_words"]


@dataclass(frozen=True, slots=True)
class Strength:
    """What stands behind a verdict.

    `bodies_for` and `bodies_against` count independent publishers; of `readings_known` (those with a value), `readings_for` agree. `half` and
    `double` are the verdicts at half and at double the width of the wording, empty where the claim prints no number.
    """

    bodies_for: int = 0
    bodies_against: int = 0
    readings_for: int = 0
    readings_known: int = 0
    half: str = ""
    double: str = ""


NO_STRENGTH = Strength()


def bodies(claim: Claim, readings: tuple[Reading, ...], agrees: bool) -> int:
    """Count the publishers behind the readings that agree (or that do not), without the document's own and without those that only retell."""
    own = source(documents()[claim.document].source_id).publisher
    found = {
        source(source_id).publisher
        for r in readings
        if r.agrees is agrees and r.meant and r.independence in ("", "independent", "authority") and r.kind != "text"
        for source_id in r.sources
    }
    return len(found - {own})


def in_words(strength: Strength, word: str) -> str:
    """Return the strength as a sentence, for instance "Strength: one independent body agrees, none disagrees; 1 of 5 readings agree."."""
    parts = [
        f"{many(strength.bodies_for, 'independent body', 'independent bodies')} for it, {strength.bodies_against or 'none'} against it"
    ]
    if strength.readings_known > 1:
        parts.append(f"{strength.readings_for} of {strength.readings_known} readings that have a value agree")
    moved = [
        f"at {name} the width it would be {found}"
        for name, found in (("half", strength.half), ("double", strength.double))
        if found and found != word
    ]
    if strength.half and not moved:
        moved = ["the same at half and at double the width"]
    return f"Strength: {'; '.join(parts + moved)}."
