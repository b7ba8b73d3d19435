"""Verdicts of earlier releases, and what moved since the last one, with why.

The dataset `released_verdicts` has what each release committed; `tools/record_release.py` adds a release to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cityresearch.claims.judged import fingerprint
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import Check
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows

__all__ = ["Move", "Release", "Released", "in_words", "last_release", "moves", "why_basis", "why_word"]

# how the condition of a verdict begins or ends (`decided_by`), and what it says of the move to it
CONDITIONS = (
    ("without the untested part", "A part of the statement is not tested, which is now a condition."),
    (
        "the word of ",
        "All or a part of it rests on the organization concerned, or on one of whose independence we know nothing.",
    ),
    ("what the sources do not show", "The sources show only a part of it."),
    ("the figure of ", "Sources disagree, or a source and our data do."),
    (", against ", "An independent source says something else."),
    ("it is of ", "Only a figure of another year agrees."),
)
WORD_MOVES = {
    "agrees": "A source or reading that takes the document at its word agrees, and no condition is left.",
    "agrees-if": "It cannot be tested as printed, and agrees under the reading that is named.",
    "differs-unless": "As printed it was tested and fails; to agree under another reading only is now a word of its own.",
    "differs": "Every reading that has a value fails, or an independent source gives something else.",
    "open": "What we have is of a part, another time or another subject, so that it does not test the claim.",
}
BASIS_MOVES = {
    "data": "It is now recomputed from several figures.",
    "source": "What was counted as computed is one printed figure or date that was read.",
    "arithmetic": "It follows from other printed numbers, and no data of ours are needed.",
    "text": "The evidence is the document’s own words or lists, which are now a basis of their own.",
    "none": "Nothing in our data is about it.",
}
# an open claim rests on nothing; its basis says only what was looked at
LOOKED_AT = {
    "none": "Sources on the subject are now in our data, and none of them decides it.",
    "data": "The figures that were compared do not test it; what sources print on the subject is named instead.",
}


@dataclass(frozen=True, slots=True)
class Released:
    """The verdict of a claim in a release, and the fingerprint of the claim as that release had it."""

    verdict: str
    basis: str
    claim_hash: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its version, its date, and its verdicts by claim id."""

    version: str
    date: str
    verdicts: Mapping[str, Released]


@dataclass(frozen=True, slots=True)
class Move:
    """A verdict that is not what the last release had; `restated` says that the claim, too, is stated in another way than then."""

    claim_id: str
    before: Released
    now: Check
    restated: bool

    @property
    def of_word(self) -> bool:
        """Whether the verdict itself moved, and not its basis alone."""
        return self.before.verdict != self.now.verdict

    @property
    def why(self) -> str:
        """What moved it, in a sentence."""
        return why_word(self.now) if self.of_word else why_basis(self.before.basis, self.now)


def last_release() -> Release:
    """Return the release with the latest date; one without a date and verdicts, called "no release", where none was recorded."""
    return _last(reading_key("released_verdicts"))


@lru_cache(maxsize=2)
def _last(_key: ReadingKey) -> Release:
    rows = text_rows("released_verdicts")
    if not rows:
        return Release("no release", "", {})
    date, version = max((row["released"], row["release"]) for row in rows)
    here = {
        row["claim_id"]: Released(row["verdict"], row["basis"], row["claim_hash"])
        for row in rows
        if row["release"] == version
    }
    return Release(version, date, here)


def moves(checks: Mapping[str, Check]) -> list[Move]:
    """Return the verdicts that differ from those of the last release, in word or basis, in the order of the ledger.

    A claim without a verdict in `checks`, or without one in the release, is not compared.
    """
    before, ledger = last_release().verdicts, claims()
    pairs = [(before[key], checks[key]) for key in ledger if key in before and key in checks]
    return [
        Move(now.claim_id, old, now, old.claim_hash != fingerprint(ledger[now.claim_id]))
        for old, now in pairs
        if (old.verdict, old.basis) != (now.verdict, now.basis)
    ]


def why_word(now: Check) -> str:
    """Return what moves a verdict to the word that it has now: its condition, or what the word means."""
    if now.verdict == "agrees-if":
        for mark, why in CONDITIONS:
            if mark in now.decided_by:
                return why
    return WORD_MOVES[now.verdict]


def why_basis(before: str, now: Check) -> str:
    """Return why the basis of a verdict moved while its word stayed."""
    looked_at = LOOKED_AT if (now.verdict, now.basis) == ("open", "source") else {}
    return looked_at.get(before, BASIS_MOVES[now.basis])


def in_words(moved: Iterable[Move], compared: int) -> str:
    """Return how many of the compared verdicts moved, and how, in a sentence."""
    found, release = list(moved), last_release()
    if not release.date:
        return "No release is recorded yet, so that no verdict can have moved since."
    words = sum(move.of_word for move in found)
    return (
        f"Of {compared} verdicts that release {release.version} of {release.date} has too, {len(found)} moved: "
        f"{words} in the verdict, {len(found) - words} only in what it rests on."
    )
