"""The source check: what sources print on a claim, and the verdict that follows by rule.

Each row of the dataset `claim_sources` says what one source prints and whether that supports the claim. An organization that repeats
itself and a page that only retells are not independent support; the rules below keep them apart. The word on a row counts only as long
as the claim reads as it did when the row was judged, and the numbers decide where both print one (`standing`).
"""

from __future__ import annotations

from collections.abc import Iterable
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
    "source_checks", "supporting", "together",
]  # fmt: skip

# stale is in no table: a row becomes so when the claim has changed since it was judged
Standing = Literal["agrees", "agrees_rounded", "jointly", "differs", "partial", "older", "related", "stale"]
Independence = Literal["independent", "authority", "same_publisher", "retells", "unknown"]

WORDS = {
    "agrees": "agrees",
    "agrees_rounded": "agrees after rounding",
    "jointly": "shows a part of the claim, and with other rows all of it",
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
    is kept although the numbers would give another. `claim_value` and `claim_hash` are the claim as it was when the row was judged. A row
    graded jointly shows the `parts` of the claim, of those that are `needed` for the whole (dataset `claim_parts`).
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
    parts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    @property
    def number(self) -> SourceNumber:
        """The number that the source prints, in its wording."""
        return SourceNumber(self.value, self.unit, self.period, self.relation, self.precision)

    @property
    def supports(self) -> bool:
        """Whether the source alone prints all that the claim says."""
        return self.agreement in ("agrees", "agrees_rounded")

    @property
    def contradicts(self) -> bool:
        """Whether the source prints something else on the same thing."""
        return self.agreement == "differs"


def is_firm(claim: Claim, check: SourceCheck) -> bool:
    """Return whether a source settles a claim: it found it out itself, the claim is about its own publication, or about the day of its own act."""
    if check.independence == "same_publisher":
        return claim.kind == "date"
    return check.independence in ("independent", "authority")


def together(checks: Iterable[SourceCheck]) -> tuple[SourceCheck, ...]:
    """Return the rows graded jointly if they show every part of the claim that is needed, else none. A row that only retells shows nothing."""
    found = tuple(c for c in checks if c.agreement == "jointly" and c.independence != "retells")
    return () if _not_shown(found) else found


def supporting(claim: Claim, checks: Iterable[SourceCheck]) -> tuple[list[SourceCheck], list[SourceCheck]]:
    """Return the rows that show all of a claim, alone or together: those that settle it, and those that are the word of somebody concerned.

    Rows that show it together are as firm as the part that is shown least firmly, and that part comes first.
    """
    checks = tuple(checks)
    alone = [c for c in checks if c.supports and c.independence != "retells"]
    firm = [c for c in alone if is_firm(claim, c)]
    own_word = [c for c in alone if not is_firm(claim, c)]
    jointly = together(checks)
    weak = {part for c in jointly for part in c.needed} - {
        part for c in jointly if is_firm(claim, c) for part in c.parts
    }
    (own_word if weak else firm).extend(sorted(jointly, key=lambda c: not weak.intersection(c.parts)))
    return firm, own_word


def source_checks(claim_id: str) -> tuple[SourceCheck, ...]:
    """Return the source checks of a claim, in the order of the table."""
    return _all(reading_key("claim_sources"), reading_key("claim_parts")).get(claim_id, ())


def judged_checks(claim: Claim, covered: Interval | None = None) -> tuple[SourceCheck, ...]:
    """Return the source checks of a claim with the word that counts: "stale" where the claim has changed, the computed word where numbers give one.

    `covered` takes the place of what the claim's wording covers.
    """
    checks = source_checks(claim.claim_id)
    if checks and covered is None and claim.printed is not None:
        covered = reach(claim)
    return tuple(judged(claim, check, covered) for check in checks)


def judged(claim: Claim, check: SourceCheck, covered: Interval | None = None) -> SourceCheck:
    """Return a source check with the word that counts."""
    if why_stale(claim, check.claim_value, check.claim_hash):
        return replace(check, agreement="stale")
    return replace(check, agreement=word_by_number(claim, check.agreement, check.number, check.by_hand, covered))


@lru_cache(maxsize=2)
def _all(_key: ReadingKey, _parts_key: ReadingKey) -> dict[str, tuple[SourceCheck, ...]]:
    parts: dict[tuple[str, ...], list[str]] = {}
    needed: dict[str, dict[str, None]] = {}
    for row in text_rows("claim_parts"):
        parts.setdefault((row["claim_id"], row["source_id"], row["row"]), []).append(row["part"])
        needed.setdefault(row["claim_id"], {})[row["part"]] = None
    found: dict[str, tuple[SourceCheck, ...]] = {}
    for row in text_rows("claim_sources"):
        own = tuple(parts.get((row["claim_id"], row["source_id"], row["row"]), ()))
        check = SourceCheck(**row, parts=own, needed=tuple(needed.get(row["claim_id"], ())))
        found[check.claim_id] = (*found.get(check.claim_id, ()), check)
    return found


def judge_by_checks(claim: Claim, checks: tuple[SourceCheck, ...]) -> Verdict:
    """Return the verdict that source checks allow, with the words that `judged_checks` gives them.

    agrees: an independent source prints it, or several show it together, and none prints anything else. agrees-if: sources disagree, or the only support is the
    organization concerned, or a source prints the same amount of something else; the condition is named. differs: an independent source
    or the organization concerned prints something else, and the only support is the organization's own word or none. On the date of its
    own publication or act an organization is the authority. open: nothing tests it, only retellings do, whoever prints something else may
    not be independent, the claim has changed since its sources were judged, or the ledger marks it open and says what we would need to
    settle it. A retelling moves nothing.
    """
    whole = bool(together(checks))
    readings = tuple(_reading(check, whole) for check in checks)
    if claim.settle_status == "open":
        return Verdict(claim.claim_id, "open", "source" if checks else "none", "", claim.settle, readings)
    independent, own_word = supporting(claim, checks)
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
        return verdict("agrees", _deciding(independent), f"{capitalized(cited(independent))}.")
    if own_word:
        whose, said = publisher(own_word[0]), _said(own_word[0])
        who = (
            f"The only source is the word of the organization concerned, published by {whose}"
            if own_word[0].independence == "same_publisher"
            else f"The only source is {whose}, and we do not know whether it is independent"
        )
        if own_word[0].agreement == "jointly":
            who, said = (
                "A part of it rests on the organization concerned or on a body that may not be independent",
                cited(own_word),
            )
        return verdict("agrees-if", f"the word of {whose} is taken", f"{who}: {said}.")
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
    if any(c.agreement in ("partial", "jointly") for c in checks):
        lacking = _not_shown(tuple(c for c in checks if c.agreement == "jointly" and c.independence != "retells"))
        named = f"; none shows {', '.join(lacking)}" if lacking else ""
        return f"The sources in our data cover only part of it{named}. {claim.settle}".strip()
    if any(c.agreement == "older" for c in checks):
        return f"The sources in our data give only older figures. {claim.settle}".strip()
    if checks:
        return f"The sources in our data are about the same subject but do not test it. {claim.settle}".strip()
    return claim.settle or "No source in our data tests it."


def _not_shown(jointly: tuple[SourceCheck, ...]) -> list[str]:
    """Return the parts of the claim that none of these rows shows, in the order of the table."""
    shown = {part for c in jointly for part in c.parts}
    return [part for part in dict.fromkeys(p for c in jointly for p in c.needed) if part not in shown]


def _deciding(checks: list[SourceCheck]) -> str:
    """Return the source that decides, or the sources that do so together."""
    return ";".join(c.source_id for c in checks) if checks[0].agreement == "jointly" else checks[0].source_id


def _reading(check: SourceCheck, whole: bool) -> Reading:
    word = "partial" if check.agreement == "jointly" and not whole else check.agreement
    return Reading(
        name=f"{check.source_id}: {check.says}",
        as_printed=False,
        value=exact(check.value) if check.value else None,
        interval=None,
        agrees=True if check.supports else False if check.contradicts else None,
        bound="",
        rounds_to=None,
        words=WORDS[word],
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
    """Return source checks in words: publisher and what it says, the first few of them; all of those that show a claim only together."""
    if checks and checks[0].agreement == "jointly":
        shown = (f"{publisher(c)} ({', '.join(c.parts)}): {c.says.rstrip('.')}" for c in checks)
        return f"no source shows all of it, and these do together: {'; '.join(shown)}"
    shown = "; ".join(f"{publisher(c)}: {c.says.rstrip('.')}" for c in checks[:most])
    return shown + (f" (and {len(checks) - most} more)" if len(checks) > most else "")
