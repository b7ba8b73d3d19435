"""What we write to the authors of each claim that differs: an editor's sentences, with numbers that come from the claim's results.

The dataset `differences` has a row for each such claim. Its texts name a number by a placeholder: the name of a reading in braces, the id
of a source that has a row on the claim, or `printed` for the printed number. Years, days, notes and sections may be written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cityresearch.claims.chance import chance_in_words, chance_of_agreement
from cityresearch.claims.footnotes import footnotes_of
from cityresearch.claims.judged import why_stale
from cityresearch.claims.ledger import Claim, claim
from cityresearch.claims.records import Check
from cityresearch.claims.sources import source_checks
from cityresearch.datasets.catalog import source
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.errors import ClaimError
from cityresearch.numbers.display import exactly, in_words
from cityresearch.numbers.intervals import exact
from cityresearch.numbers.printed import WORDING
from cityresearch.numbers.quantity import unique

__all__ = [
    "DIFFERING",
    "Letter",
    "faults",
    "filled",
    "firmness",
    "found_in_words",
    "letters",
    "sources_of",
    "stray_numbers",
]

DIFFERING = ("differs", "differs-unless")
TABLE = "data/raw/claims/differences.csv"
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
DIGITS = 3  # of a number that a text shows
# numbers that say when or where and not how much; each must be in the claim's results, its entry or its notes all the same
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
PLACES = re.compile(
    rf"(?P<day>\b(?:{MONTHS}) \d{{1,2}}(?: to \d{{1,2}})?\b)|(?P<year>(?<![\d.,])(?:1[89]|20)\d\d(?![.,]?\d))"
    r"|(?P<part>\b(?:[Nn]otes?|[Bb]riefs?|[Ss]ections?) \d+(?:\.\d+)?(?:(?:, | and )\d+(?:\.\d+)?)*)"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The texts on one claim: what was found, and what would change our verdict; `verdict` is the one that they were written for."""

    claim_id: str
    verdict: str
    found: str
    settles: str
    claim_value: str = ""
    claim_hash: str = ""


def letters() -> dict[str, Letter]:
    """Return the texts by claim id."""
    return _all(reading_key("differences"))


@lru_cache(maxsize=2)
def _all(_key: ReadingKey) -> dict[str, Letter]:
    return {row["claim_id"]: Letter(**row) for row in text_rows("differences")}


def filled(text: str, check: Check) -> str:
    """Return a text with the number of each placeholder in words.

    Raises
    ------
    ClaimError
        If a placeholder names nothing with a number among the results of the claim.
    """
    numbers = _numbers(check)

    def number(found: re.Match[str]) -> str:
        if found[1] not in numbers:
            raise ClaimError(
                f"{TABLE}, {check.claim_id}: {{{found[1]}}} is no reading with a number, no source with one, and not 'printed': "
                f"`cityresearch claims {check.claim_id}` lists them."
            )
        return numbers[found[1]]

    return PLACEHOLDER.sub(number, text)


def found_in_words(check: Check) -> str:
    """Return what was found on a claim: the text written for it, or the reason of its verdict where no text fits the claim as judged now."""
    letter = letters().get(check.claim_id)
    if letter is None or letter.verdict != check.verdict:
        return check.reason
    if why_stale(claim(check.claim_id), letter.claim_value, letter.claim_hash):
        return check.reason
    try:
        return filled(letter.found, check)
    except ClaimError:  # a reading that it names is gone
        return check.reason


def stray_numbers(letter: Letter, check: Check) -> list[str]:
    """Return the numbers of a claim's texts that neither come from a placeholder nor say when or where as its results do."""
    known = {_bare(n) for n in NUMBER.findall(_all_words(check))}
    stray = []
    for text in (letter.found, letter.settles):
        plain = PLACEHOLDER.sub("", text)
        placed = [n for found in PLACES.finditer(plain) for n in NUMBER.findall(found[0])]
        stray += [n for n in placed if _bare(n) not in known]
        stray += NUMBER.findall(PLACES.sub("", plain))
    return stray


def firmness(check: Check) -> str:
    """Return what stands behind a verdict that differs, in sentences for a reader who knows no statistics."""
    item, strength = claim(check.claim_id), check.strength
    own = [row for row in check.readings if row["kind"] != "source" and row["value"]]
    agree = [row for row in own if row["agrees"] == "true"]
    odd = sum(row["meant"] == "false" for row in agree)
    likely = len(agree) - odd
    if not own:
        parts = ["We computed nothing here, and compared the sentence with what sources print."]
    elif len(own) == 1:
        parts = [f"One way to read the sentence could be tested, and it {'agrees' if likely else 'does not agree'}."]
    else:
        parts = [
            f"{len(own)} ways to read the sentence could be tested, and {likely or 'none'} of them agree{'s' * (likely == 1)}."
        ]
    if odd:
        parts.append(f"So do {odd} more that a careful writer would hardly mean.")
    numbers = [exact(row["value"]) for row in own if row["value"] not in ("true", "false")]
    chance = chance_of_agreement(item, numbers)
    if chance is not None and agree:
        parts.append(chance_in_words(chance))
    if check.basis == "text":
        parts.append("Only the document’s own words are compared.")
    else:
        parts.append(
            f"Independent publishers whose figures agree under some reading: {strength.bodies_for}; whose figures do not: {strength.bodies_against}."
        )
    if item.relation != "eq":
        moved = [
            (far, word) for far, word in (("half", strength.half), ("twice", strength.double)) if word != check.verdict
        ]
        parts += [
            f"If the printed wording is taken to reach {far} as far, the verdict is {word}."
            for far, word in moved
            if word
        ]
    return " ".join(parts)


def sources_of(check: Check) -> tuple[str, ...]:
    """Return the ids of the sources behind the readings that have a value, and behind the rows that support or contradict."""
    return unique(s for row in check.readings if row["agrees"] for s in row["sources"].split(";") if s)


def faults(checks: Mapping[str, Check]) -> Iterator[str]:
    """Name every claim that differs without its texts, and every text that is not of a claim as it was judged now, with what to do."""
    written = letters()
    for key, check in checks.items():
        if check.verdict in DIFFERING and key not in written:
            yield f"{key} {check.verdict} and has no row in {TABLE}: write what was found and what would change the verdict."
    for key, letter in written.items():
        if key not in checks or checks[key].verdict not in DIFFERING:
            now = checks[key].verdict if key in checks else "without a verdict"
            yield f"{key} has a row in {TABLE} and is {now}: remove the row."
            continue
        check, item = checks[key], claim(key)
        stale = why_stale(item, letter.claim_value, letter.claim_hash)
        if stale:
            yield f"{TABLE}, {key}: {stale}: read it again, then run cityresearch judged {key}"
        if letter.verdict != check.verdict:
            yield f"{TABLE}, {key}: written for {letter.verdict}, and the verdict is {check.verdict}: read it again."
        try:
            filled(letter.found, check), filled(letter.settles, check)
        except ClaimError as error:
            yield str(error)
        for number in stray_numbers(letter, check):
            yield f"{TABLE}, {key}: the number {number} is not from the claim's results: name a reading in braces instead."


def _numbers(check: Check) -> dict[str, str]:
    """Return what a placeholder can name, with its number in words."""
    item = claim(check.claim_id)
    found = {
        row.source_id: in_words(row.value, row.unit, DIGITS, DIGITS)
        for row in source_checks(item.claim_id)
        if row.value
    }
    found |= {
        row["reading"]: in_words(row["value"], item.unit, DIGITS, DIGITS)
        for row in check.readings
        if row["kind"] != "source" and row["value"] not in ("", "true", "false")
    }
    printed = item.printed
    return found | ({"printed": WORDING[item.relation] + exactly(printed.value, item.unit)} if printed else {})


def _all_words(check: Check) -> str:
    """Return everything that the results, the ledger, the notes and the records of sources say about a claim."""
    item = claim(check.claim_id)
    notes = [f"{n.note_number} {n.cited} {n.cited_date} {n.accessed} {n.remark}" for n in footnotes_of(item.claim_id)]
    rows = [" ".join(row.values()) for row in check.readings]
    ids = {s for row in check.readings for s in row["sources"].split(";") if s}
    return " ".join([_entry(item), *notes, *rows, *(source(s).citation for s in ids)])


def _entry(item: Claim) -> str:
    return " ".join([item.statement, item.section, item.note_number, item.period, item.settle])


def _bare(number: str) -> str:
    """Return a number without zeros in front, so that the month of 2025-05-20 is a 5."""
    return number.lstrip("0") or "0"
