"""Consequences: from committed and rebuilt results to what a person wants to know of the difference, claim by claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cityresearch.claims.records import Check
from cityresearch.runs.compare import Difference, same

__all__ = ["Consequences", "Figure", "MovedReading", "MovedVerdict", "consequences"]

Kind = Literal["available", "changed", "renamed", "gone"]
WORDS = ("title", "subtitle", "alt", "description", "caption", "note")  # of a figure's JSON


@dataclass(frozen=True, slots=True)
class MovedVerdict:
    """A claim whose verdict would move; empty before or after where it is only committed or only rebuilt."""

    claim_id: str
    before: str
    after: str
    reason_before: str
    reason: str


@dataclass(frozen=True, slots=True)
class MovedReading:
    """A reading that gets a value ("available"), another value, another name, or goes; values are empty where there is none."""

    claim_id: str
    reading: str
    kind: Kind
    before: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that would be drawn anew: how many plotted cells and how many of its words change, and the title if that does."""

    name: str
    cells: int
    words: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would move: verdicts, readings, the reasons of further claims (by claim), figures, and other published files."""

    verdicts: tuple[MovedVerdict, ...] = ()
    readings: tuple[MovedReading, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def claims(self) -> list[str]:
        """Return every claim of which anything would move, sorted."""
        moved = {*(v.claim_id for v in self.verdicts), *(r.claim_id for r in self.readings), *self.reasons}
        return sorted(moved)


def consequences(
    before: Mapping[str, Check], after: Iterable[Check], differences: Sequence[Difference]
) -> Consequences:
    """Compare committed verdicts with rebuilt ones, and say which figures and other files differ."""
    new = {check.claim_id: check for check in after}
    verdicts, readings, reasons = [], [], {}
    for claim_id in sorted({*before, *new}):
        old, now = before.get(claim_id), new.get(claim_id)
        said = old.verdict if old else "", now.verdict if now else ""
        if said[0] != said[1]:
            why = old.reason if old else "", now.reason if now else ""
            verdicts.append(MovedVerdict(claim_id, *said, *why))
        elif old and now and old.reason != now.reason:
            reasons[claim_id] = now.reason
        readings += _readings(claim_id, old, now)
    return Consequences(
        tuple(verdicts),
        tuple(readings),
        reasons,
        tuple(_figures(differences)),
        tuple(
            dict.fromkeys(d.file for d in differences if not (d.file.endswith(".csv") or d.file.startswith("figures/")))
        ),
    )


def _readings(claim_id: str, old: Check | None, now: Check | None) -> Iterator[MovedReading]:
    before = {row["reading"]: row for row in (old.readings if old else ())}
    after = {row["reading"]: row for row in (now.readings if now else ())}
    gone = [name for name in before if name not in after]
    for name, row in after.items():
        value = row["value"]
        if name in before:
            was = before[name]["value"]
            if not same(was, value):
                kind: Kind = "available" if not was else "changed" if value else "gone"
                yield MovedReading(claim_id, name, kind, was, value, row["words"])
            continue
        # a reading named after the span of the data gets another name with every new year
        twin = next((other for other in gone if value and same(before[other]["value"], value)), "")
        if twin:
            gone.remove(twin)
            yield MovedReading(claim_id, name, "renamed", value, value, row["words"])
        elif value:
            yield MovedReading(claim_id, name, "available", "", value, row["words"])
    for name in gone:
        if before[name]["value"]:
            yield MovedReading(claim_id, name, "gone", before[name]["value"], "", before[name]["words"])


def _figures(differences: Sequence[Difference]) -> Iterator[Figure]:
    moved: dict[str, list[Difference]] = {}
    for difference in differences:
        folder, _, name = difference.file.partition("/")
        if folder == "figures":
            moved.setdefault(name.rpartition(".")[0], []).append(difference)
    for name, group in sorted(moved.items()):
        words = [d for d in group if d.file.endswith(".json") and d.row in WORDS]
        title = next((f"{d.committed} -> {d.rebuilt}" for d in words if d.row == "title"), "")
        yield Figure(name, sum(d.file.endswith(".csv") for d in group), len(words), title)
