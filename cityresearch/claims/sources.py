"""The source check: what sources print on a claim, and the verdict that follows by rule.

Each row of the dataset `claim_sources` says what one source prints and whether that supports the claim. An organization that repeats
itself and a page that only retells are not independent support; the rules below keep them apart. The word on a row counts only as long
as the claim reads as it did when the row was judged, and the numbers decide where both print one (`standing`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from cityresearch.claims.judged import why_stale
from cityresearch.claims.ledger import Claim
from cityresearch.claims.reading import Reading
from cityresearch.claims.standing import SourceNumber, computed, word_by_number
from cityresearch.claims.verdict import Verdict
from cityresearch.claims.wordings import reach
from cityresearch.datasets.catalog import source
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.phrases import capitalized

__all__ = [
    "Independence", "SourceCheck", "Standing", "cited", "is_firm", "judge_by_checks", "judged_checks", "publisher",
    "source_checks",
]  # fmt: skip

# stale is in no table: a row becomes so when the claim has changed since it was judged
Standing = Literal["agrees", "agrees_rounded", "jointly", "differs", "partial", "older", "related", "stale"]
Independence = Literal["independent", "authority", "same_publisher", "retells", "unknown"]

WORDS = {
    "agrees": "agrees",
    "agrees_rounded": "agrees after rounding",
    "jointly": "shows a part, and with the other rows marked so the whole claim",
    "differs": "differs",
    "partial": "covers only part of the claim",
    "older": "is an older figure of the same measure",
    "related": "is about the same subject but does not test the claim",
    "stale": "not counted, because the claim has changed since this row was judged",
}
CAVEATS = {
    "independent": "",
    "authority": "",
    "same_publisher": "the same organization repeats itself",
    "retells": "retells the claim or its source",
    "unknown": "we do not know whether it is independent",
}


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What one source prints on one claim.

    `relation` and `precision` are the source's own wording and last digit, where its number is not exact. `by_hand` says why the word
    is kept although the numbers would give another. `claim_value` and `claim_hash` are the claim as it was when the row was judged.
    """

    claim_id: str
    source_id: str
    row: str
    says: str
    value: str
    unit: str
    period: str
    agreement: Standing
    independence: Independence
    note: str
    relation: str = ""
    precision: str = ""
    by_hand: str = ""
    claim_value: str = ""
    claim_hash: str = ""
    review: str = ""

    @property
    def number(self) -> SourceNumber:
        """The number that the source prints, in its wording."""
        return SourceNumber(self.value, self.unit, self.period, self.relation, self.precision)

    @property
    def supports(self) -> bool:
        """Whether the source prints what the claim says."""
        return self.agreement in ("agrees", "agrees_rounded", "jointly")

    @property
    def contradicts(self) -> bool:
        """Whether the source prints something else on the same thing."""
        return self.agreement == "differs"


def is_firm(claim: Claim, check: SourceCheck) -> bool:
    """Return whether a source settles a claim: it found it out itself, the claim is about its own publication, or about the day of its own act."""
    if check.independence == "same_publisher":
        return claim.kind == "date"
    return check.independence in ("independent", "authority")


def source_checks(claim_id: str) -> tuple[SourceCheck, ...]:
    """Return the source checks of a claim, in the order of the table."""
    return _all(reading_key("claim_sources")).get(claim_id, ())


def judged_checks(claim: Claim, covered: Interval | None = None) -> tuple[SourceCheck, ...]:
    """Return the source checks of a claim with the word that counts: "stale" where the claim has changed, the computed word where numbers give one.

    `covered` takes the place of what the claim's wording covers.
    """
    return tuple(judged(claim, check, covered) for check in source_checks(claim.claim_id))


def judged(claim: Claim, check: SourceCheck, covered: Interval | None = None) -> SourceCheck:
    """Return a source check with the word that counts."""
    if why_stale(claim, check.claim_value, check.claim_hash):
        return replace(check, agreement="stale")
    return replace(check, agreement=word_by_number(claim, check.agreement, check.number, check.by_hand, covered))


@lru_cache(maxsize=2)
def _all(_key: ReadingKey) -> dict[str, tuple[SourceCheck, ...]]:
    found: dict[str, tuple[SourceCheck, ...]] = {}
    for row in text_rows("claim_sources"):
        check = SourceCheck(**row)
        found[check.claim_id] = (*found.get(check.claim_id, ()), check)
    return found


def judge_by_checks(claim: Claim, checks: tuple[SourceCheck, ...]) -> Verdict:
    """Return the verdict that source checks allow, with the words that `judged_checks` gives them.

    agrees: an independent source prints it and none prints anything else. agrees-if: sources disagree, or the only support is the
    organization concerned, or a source prints the same amount of something else; the condition is named. differs: an independent source
    or the organization concerned prints something else, and the only support is the organization's own word or none. On the date of its
    own publication or act an organization is the authority. open: nothing tests it, only retellings do, whoever prints something else may
    not be independent, the claim has changed since its sources were judged, or the ledger marks it open and says what we would need to
    settle it. A retelling moves nothing.
    """
    readings = tuple(_reading(check) for check in checks)
    if claim.settle_status == "open":
        return Verdict(claim.claim_id, "open", "source" if checks else "none", "", claim.settle, readings)
    independent = [c for c in checks if c.supports and is_firm(claim, c)]
    own_word = [c for c in checks if c.supports and c not in independent and c.independence != "retells"]
    against = [c for c in checks if c.contradicts and c.independence != "retells"]
    firmly_against = [c for c in against if c.independence in ("independent", "authority")]

    def verdict(word, decided_by, reason):
        return Verdict(claim.claim_id, word, "source", decided_by, reason, readings)

    labels = [c for c in against if _differs_in_label(claim, c)]
    if labels and not any(c.value for c in against if c not in labels):
        reason = f"The number is the same, but it counts something else: {cited(against)}."
        return verdict("agrees-if", "the number is taken without what it is said to count", reason)
    if against and independent:
        both = f"{cited(independent)}; but {cited(against)}"
        return verdict("agrees-if", f"the figure of {publisher(independent[0])} is taken", f"Sources disagree: {both}.")
    if against and own_word and not firmly_against:
        both = f"{cited(own_word)}; but {cited(against)}"
        return verdict("agrees-if", f"the figure of {publisher(own_word[0])} is taken", f"Sources disagree: {both}.")
    if against and all(c.independence == "unknown" for c in against):
        said = f"Something else is said by {cited(against)}; we do not know whether that is independent."
        return verdict("open", "", f"{said} {claim.settle}".strip())
    if against:
        support = f" The only support is {cited(own_word)}." if own_word else ""
        return verdict("differs", against[0].source_id, f"{capitalized(cited(against))}.{support}")
    if independent:
        return verdict("agrees", independent[0].source_id, f"{capitalized(cited(independent))}.")
    if own_word:
        whose = publisher(own_word[0])
        who = (
            f"The only source is the word of the organization concerned, published by {whose}"
            if own_word[0].independence == "same_publisher"
            else f"The only source is {whose}, and we do not know whether it is independent"
        )
        return verdict("agrees-if", f"the word of {whose} is taken", f"{who}: {_said(own_word[0])}.")
    before = [
        c for c in checks if c.agreement == "older" and c.independence == "independent" and _same_number(claim, c)
    ]
    if before:
        return verdict(
            "agrees-if",
            f"it is of {before[0].period or 'an earlier time'}",
            f"An earlier figure agrees: {cited(before)}.",
        )
    return Verdict(claim.claim_id, "open", "source" if checks else "none", "", _open_reason(claim, checks), readings)


def _same_number(claim: Claim, check: SourceCheck) -> bool:
    found = computed(claim, check.number)
    return found is not None and found.agrees


def _differs_in_label(claim: Claim, check: SourceCheck) -> bool:
    """Return whether a source that differs prints the same amount, for other people, places or things."""
    if claim.printed is None or claim.unit in ("year", "rank") or check.unit != claim.unit or not check.value:
        return False
    return exact(check.value) in reach(claim)


def _open_reason(claim: Claim, checks: tuple[SourceCheck, ...]) -> str:
    stale = [c for c in checks if c.agreement == "stale"]
    if stale:
        why = why_stale(claim, stale[0].claim_value, stale[0].claim_hash)
        return f"The source{'s' * (len(stale) > 1)} in our data must be read again: {why} ({stale[0].source_id})."
    if any(c.supports for c in checks):
        retelling = next(c for c in checks if c.supports)
        return f"Others only retell it ({publisher(retelling)}). {claim.settle}".strip()
    if any(c.agreement == "partial" for c in checks):
        return f"The sources in our data cover only part of it. {claim.settle}".strip()
    if any(c.agreement == "older" for c in checks):
        return f"The sources in our data give only older figures. {claim.settle}".strip()
    if checks:
        return f"The sources in our data are about the same subject but do not test it. {claim.settle}".strip()
    return claim.settle or "No source in our data tests it."


def _reading(check: SourceCheck) -> Reading:
    return Reading(
        name=f"{check.source_id}: {check.says}",
        as_printed=False,
        value=exact(check.value) if check.value else None,
        interval=None,
        agrees=True if check.supports else False if check.contradicts else None,
        bound="",
        rounds_to=None,
        words=WORDS[check.agreement],
        sources=(check.source_id,),
        caveats=tuple(filter(None, (CAVEATS[check.independence], check.note))),
        kind="source",
        independence=check.independence,
    )


def publisher(check: SourceCheck) -> str:
    """Return who published what a source check cites."""
    return source(check.source_id).publisher


def _said(check: SourceCheck) -> str:
    return _lower(check.says.rstrip("."))


def _lower(text: str) -> str:
    """Make the first letter small unless the first word is a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    common = first in (
        "The",
        "A",
        "An",
        "One",
        "Two",
        "Three",
        "More",
        "Only",
        "Also",
        "No",
        "Some",
        "Any",
        "Its",
        "It",
        "He",
        "She",
        "They",
    )
    return text[:1].lower() + text[1:] if common else text


def cited(checks: list[SourceCheck], most: int = 2) -> str:
    """Return source checks in words: publisher and what it says, the first few of them."""
    shown = "; ".join(f"{publisher(c)}: {c.says.rstrip('.')}" for c in checks[:most])
    return shown + (f" (and {len(checks) - most} more)" if len(checks) > most else "")
