"""Coverage: for every number of a document, whether the ledger has it, a person marked it as no claim, or neither.

A number is in the ledger where a claim has its place (the line or page of its sentence) and prints it: the same value in the same unit, the
same date, or the same number in its statement. What no rule can tell (a paraphrase, a number printed twice, a number that is no claim) a
person says in the dataset `document_numbers`, which has a row for each number and its place and none of the text. With it, coverage can be
counted where the document itself is not there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cityresearch.claims.ledger import Claim, claims
from cityresearch.datasets.load import text_rows
from cityresearch.numbers.intervals import exact, plain
from cityresearch.texts.documents import Line
from cityresearch.texts.mentions import Mention, mentions
from cityresearch.texts.sentences import Sentence, sentences

__all__ = [
    "IN_LEDGER", "MARKED", "NO_CLAIM", "OPEN", "TABLE", "Judged", "Number", "covered", "numbers_in", "numbers_recorded",
    "status",
]  # fmt: skip

TABLE = "document_numbers"
IN_LEDGER, MARKED, OPEN = "in the ledger", "no claim", "open"
NO_CLAIM = {
    "repeat": "printed again from a claim that the ledger has at another place",
    "citation": "a date or number of a work that is cited",
    "name": "part of a name or a title, of an event or a program",
    "structure": "counts or orders parts of the text: this section, the first step, two examples",
    "advice": "a recommendation, an example or a plan for the reader, not a statement of fact",
    "wording": "a figure of speech, or an adjective that ranks nothing",
    "background": "says when or where something else is, and is not itself asserted",
    "loose": "a quantity or rank so loose that no count could contradict it",
}
EXACT = ("USD", "EUR", "GBP", "JPY", "CAD", "AUD", "percent", "year", "ratio")  # units that a count is not


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a document with its place: `order` counts the numbers on a line; first and last line are those of its sentence."""

    document: str
    page: int
    line: int
    order: int
    mention: Mention
    last_line: int
    first_line: int

    @property
    def place(self) -> str:
        """Its place in words."""
        return f"page {self.page}, line {self.line}" if self.page else f"line {self.line}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names its row in the dataset."""
        return self.document, str(self.line), str(self.order), self.mention.text


def numbers_in(document: str, lines: Iterable[Line], *, notes: bool = False) -> Iterator[tuple[Number, Sentence]]:
    """Give the numbers of a document, each with its sentence.

    Parameters
    ----------
    document : str
        Its short name in the ledger.
    lines : iterable of Line
    notes : bool
        Whether to count the notes and references at the end too; they are dates and titles of what is cited.
    """
    orders: Counter[int] = Counter()
    for sentence in sentences(lines):
        if sentence.in_notes and not notes:
            continue
        for mention in mentions(sentence.text):
            line = sentence.line_of(mention.start)
            orders[line.number] += 1
            place = document, line.page, line.number, orders[line.number]
            yield Number(*place, mention, sentence.last.number, sentence.first.number), sentence


def numbers_recorded(document: str) -> list[Number]:
    """Return the numbers of a document that the dataset `document_numbers` has."""
    return [_from_row(row) for row in text_rows(TABLE) if row["document"] == document]


def _from_row(row: Mapping[str, str]) -> Number:
    value, precision = (exact(row[key]) if row[key] else None for key in ("value", "precision"))
    mention = Mention(row["kind"], row["printed"], 0, value, precision, row["unit"], row["relation"], row["period"])
    line, order, first, last = (int(row[key]) for key in ("line", "number", "first_line", "last_line"))
    return Number(row["document"], int(row["page"] or 0), line, order, mention, last, first)


@dataclass(frozen=True, slots=True)
class Judged:
    """A number with its state (in the ledger, no claim, open) and the claims or the reason why it is none."""

    number: Number
    state: str
    why: str = ""


def status(numbers: Sequence[Number]) -> list[Judged]:
    """Return for each number whether it is in the ledger, no claim or open."""
    by_place: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    for item in claims().values():
        if item.line is not None:
            by_place[item.document, "line", item.line].append(item)
        elif item.page is not None:
            by_place[item.document, "page", item.page].append(item)
    said = {(row["document"], row["line"], row["number"], row["printed"]): row for row in text_rows(TABLE)}
    found = []
    for number in numbers:
        lines = range(number.first_line, number.last_line + 1)
        near = [c for line in lines for c in by_place[number.document, "line", line]]
        near += by_place[number.document, "page", number.page] if number.page else []
        row = said.get(number.key, {})
        named = [c for c in row.get("claims", "").split(";") if c in claims()]
        ids = [c.claim_id for c in near if covered(number.mention, c)] or named
        if row.get("no_claim"):
            found.append(Judged(number, MARKED, row["no_claim"]))
        elif ids:
            found.append(Judged(number, IN_LEDGER, ";".join(dict.fromkeys(ids))))
        else:
            found.append(Judged(number, OPEN))
    return found


def covered(mention: Mention, item: Claim) -> bool:
    """Say whether a claim prints a number of its sentence: as its value, as its date, or in its statement."""
    printed = item.printed
    if mention.kind == "date":
        return _dates_meet(mention, item)
    if printed is not None and mention.value is not None and _close(printed.value, mention.value):
        alike = mention.unit == item.unit or not (mention.unit in EXACT or item.unit in EXACT)
        if alike:
            return True
    words = item.statement.lower()
    if mention.kind == "rank" and mention.value == 1 and (item.kind == "rank" or mention.text.lower() in words):
        return True
    if mention.value is not None and mention.value.denominator == 1 and mention.value >= 2:
        shown = plain(mention.value, 20)
        if re.search(rf"(?<![\d.,]){re.escape(shown)}(?![\d]|[.,]\d)", words):
            return True
    return mention.text.lower() in words


def _close(one: Fraction, other: Fraction) -> bool:
    """Say whether two values are one, a third and 33.33 percent too."""
    return one == other or (abs(one - other) <= abs(other) / 1000 and other.denominator not in (1, 2, 5, 10))


def _dates_meet(mention: Mention, item: Claim) -> bool:
    year = str(int(mention.value)) if mention.value else ""
    told = f"{item.period} {item.statement}"
    if year:
        return year in told or (
            item.unit == "year" and item.printed is not None and item.printed.value == mention.value
        )
    return mention.period.lstrip("-") in item.period or mention.text.lower() in item.statement.lower()
