"""Faults of the ledger: what a claim's row says that cannot be, lacks, or says twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from cityresearch.claims.ledger import Claim, from_row
from cityresearch.claims.wordings import widths
from cityresearch.datasets.catalog import file_of
from cityresearch.datasets.text_tables import Row
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import exact, plain
from cityresearch.numbers.printed import COUNTED

__all__ = [
    "duplicates",
    "impossible_numbers",
    "missing_places",
    "needs_a_wording",
    "statement_words",
    "wordings_missing",
]

ALIKE = 0.75  # share of words that two statements have in common
SMALL_FRACTIONS = (3, 6, 7, 9)  # denominators of fractions that a percentage cannot print exactly
VAGUE = re.compile(r"\b(thousands|hundreds|dozens|scores|decades)\b", re.IGNORECASE)
FRACTION = re.compile(r"\b(thirds?|quarters?|fifths?|in ten|dozen)\b", re.IGNORECASE)
DATE = range(1000, 3000)  # numbers with the unit year that are a year and not a length of time

Where = Callable[[int], str]  # from a row's place in a list to the words that name it


def missing_places(rows: Sequence[Row], where: Where | None = None) -> Iterator[str]:
    """Name claims without a place: a reader could not find the sentence, and `claims coverage` could not tell its number."""
    for at, row in _numbered(rows, where):
        if not (row["line"] or row.get("page")):
            yield f"{at}: {row['claim_id']} has no place in {row['document']}: give the line of the text{' or the page' * ('page' in row)}."


def impossible_numbers(rows: Sequence[Row], where: Where | None = None) -> Iterator[str]:
    """Name claims whose number, precision, wording, unit and period cannot be true together."""
    for at, row in _numbered(rows, where):
        name = row["claim_id"]
        if row["value"] and not row["relation"]:
            yield f"{at}: {name} prints {row['value']} without a relation: give one, eq for a plain number."
        if row["precision"] and not row["value"]:
            yield f"{at}: {name} has the precision {row['precision']} and no value: give the value, or empty the precision."
        if row["value"] and not row["unit"]:
            yield f"{at}: {name} prints {row['value']} without a unit: give one, such as USD, percent, count or year."
        try:
            item = from_row(row)
        except ClaimError as error:
            yield f"{at}: {error}"
            continue
        yield from (f"{at}: {name} {fault}" for fault in _number_faults(item))


def _number_faults(item: Claim) -> Iterator[str]:
    printed = item.printed
    if printed is None:
        return
    value, precision = printed.value, printed.precision
    shown, size = (plain(number).replace(",", "") for number in (value, precision))
    if (value / precision).denominator != 1 and not _is_small_fraction(value):
        yield f"prints {shown} to {size}, but {shown} has digits below that: give the size of its last printed digit."
    if value and precision > abs(value):
        yield f"prints {shown} to {size}, which is more than the number itself: give the size of its last printed digit."
    if item.unit in COUNTED and value.denominator != 1:
        yield f"prints {shown} {item.unit}, which are counted in whole numbers: correct the value or the unit."
    year = re.match(r"\d{4}", item.period)
    if item.unit == "year" and value in DATE and year and shown not in item.period and "/" not in item.period:
        yield f"prints the year {shown}, but its period is {item.period}: correct one of the two."


def _is_small_fraction(value: Fraction) -> bool:
    """Say whether a percentage is a third, a sixth, a seventh or a ninth, cut off after two digits or more."""
    parts = (value / 100 * n for n in SMALL_FRACTIONS)
    return any(abs(part - round(part)) < exact("0.001") for part in parts)


def needs_a_wording(item: Claim) -> str:
    """Return the word of a claim whose reach no digit tells, if it has one: "thousands" of a number, "third" where it is not exact."""
    if item.printed is None or item.printed.precision == item.printed.value:
        return found[0] if item.printed and (found := VAGUE.search(item.statement)) else ""
    loose = FRACTION.search(item.statement) if item.relation != "eq" and item.unit not in ("year", "rank") else None
    found = VAGUE.search(item.statement) or loose
    return found[0] if found else ""


def wordings_missing(rows: Sequence[Row]) -> Iterator[str]:
    """Name claims with a word such as thousands and no row in wordings, and rows of wordings that their claims do not fit anymore."""
    items = {}
    for where, row in _numbered(rows):
        try:
            items[row["claim_id"]] = where, from_row(row)
        except ClaimError:  # named by `impossible_numbers`
            continue
    table = file_of("wordings")
    named: set[str] = set()
    for number, width in enumerate(widths(), start=2):
        named |= set(width.claims)
        for claim_id in width.claims:
            item = items[claim_id][1] if claim_id in items else None
            if item and (item.relation, item.printed and item.printed.value) != (width.relation, exact(width.value)):
                now = f"{item.relation} {plain(item.printed.value)}" if item.printed else "no number"
                yield (
                    f"{table}, row {number}: it is for {width.relation} {width.value}, and {claim_id} now prints {now}, so it does not "
                    "count: correct the row, or take the claim out of it."
                )
    for claim_id, (where, item) in items.items():
        if claim_id not in named and (word := needs_a_wording(item)):
            yield f"{where}: {claim_id} says {word!r}, whose reach no digit tells: add a row for it to {table}."


def duplicates(rows: Sequence[Row], linked: Mapping[str, set[str]], where: Where | None = None) -> Iterator[str]:
    """Name claims that say what an earlier one says.

    Parameters
    ----------
    rows : sequence of dict
    linked : mapping of str to set of str
        The claims that a claim names as related, or that a relation compares with it: of these a reader knows that they are two.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, Row, frozenset[str]]]] = defaultdict(list)
    for at, row in _numbered(rows, where):
        words = frozenset(statement_words(row["statement"]))
        group = groups[row["document"], row["value"], row["unit"]]
        for earlier, before, its_words in group:
            same, other = words == its_words, before["claim_id"]
            apart = other in linked.get(row["claim_id"], ()) or any(
                row[key] != before[key] for key in ("places", "period")
            )
            if same or (not apart and _alike(words, its_words)):
                yield (
                    f"{at}: {row['claim_id']} says {'the same as' if same else 'nearly the same as'} {other} ({earlier.rpartition(', ')[2]}): "
                    f"drop one, or say what tells them apart{'' if same else ' or name ' + other + ' in related'}."
                )
                break
        group.append((at, row, words))


def statement_words(text: str) -> list[str]:
    """Return the words and numbers of a statement, names with their capital.

    Examples
    --------
    >>> statement_words("The mission to France has 4 aims.")
    ['the', 'mission', 'to', 'France', 'has', '4', 'aims']
    """
    words = re.findall(r"\d[\d.,]*\d|[^\W_]+", text)
    return [word.lower() if number == 0 else word for number, word in enumerate(words)]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two statements differ in a few small words only: names and numbers tell two claims apart."""
    if len(one & other) < ALIKE * len(one | other):
        return False
    return all(word.islower() for word in one ^ other)


def _numbered(rows: Sequence[Row], where: Where | None = None) -> Iterator[tuple[str, Row]]:
    """Give each row with the words that name it: by default its row in the ledger's file."""
    table = file_of("claims")
    for number, row in enumerate(rows, start=2):
        yield (where(number - 2) if where else f"{table}, row {number}"), row
