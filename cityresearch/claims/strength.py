"""How much stands behind a verdict: independent bodies, readings, and whether another width would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cityresearch.claims.ledger import Claim, documents
from cityresearch.claims.reading import Reading
from cityresearch.datasets.catalog import source
from cityresearch.phrases import many

if TYPE_CHECKING:
    from cityresearch.claims.sources import SourceCheck

__all__ = ["NO_STRENGTH", "Strength", "bodies", "bodies_for", "in_words"]


@dataclass(frozen=True, slots=True)
class Strength:
    """What stands behind a verdict.

    `bodies_for` and `bodies_against` count independent publishers; of `readings_known` (those with a value that test the claim), `readings_for` agree. `half` and
    `double` are the verdicts at half and at double the width of the wording, empty where the claim prints no number.
    """

    bodies_for: int = 0
    bodies_against: int = 0
    readings_for: int = 0
    readings_known: int = 0
    half: str = ""
    double: str = ""


NO_STRENGTH = Strength()
INDEPENDENT = ("", "independent", "authority")


def bodies(claim: Claim, readings: tuple[Reading, ...], agrees: bool) -> set[str]:
    """Return the publishers behind the readings that agree (or that do not), without the document's own and without those that only retell.

    What was computed from the figures of several publishers needs all of them, so that together they are one body; the first by name
    stands for it.
    """
    found: set[str] = set()
    together = []
    for r in readings:
        if r.agrees is agrees and r.meant and r.independence in INDEPENDENT and r.kind != "text":
            publishers = {source(source_id).publisher for source_id in r.sources} - {_own(claim)}
            if r.kind == "computed" and len(publishers) > 1:
                together.append(publishers)
            else:
                found |= publishers
    for publishers in sorted(together, key=sorted):
        if found.isdisjoint(publishers):
            found.add(min(publishers))
    return found


def bodies_for(claim: Claim, readings: tuple[Reading, ...], jointly: tuple[SourceCheck, ...] = ()) -> int:
    """Count the independent publishers behind a claim: of rows that show it only together, those behind the part that has the fewest.

    Two rows of one publisher are one body, and a part that only the organization concerned shows has none.
    """
    whole = bodies(claim, readings, True)
    parts: dict[str, set[str]] = {part: set() for c in jointly for part in c.needed}
    for c in jointly:
        for part in c.parts if c.independence in INDEPENDENT else ():
            parts[part].add(source(c.source_id).publisher)
    return min((len(whole | shown - {_own(claim)}) for shown in parts.values()), default=len(whole))


def _own(claim: Claim) -> str:
    return source(documents()[claim.document].source_id).publisher


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
