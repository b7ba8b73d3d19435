"""Drafting: rows for the numbers of a document that nobody has judged, all but the words, which a person must find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cityresearch.claims.coverage import OPEN, Number, status
from cityresearch.datasets.text_tables import Row
from cityresearch.numbers.intervals import plain
from cityresearch.texts.mentions import Mention, mentions
from cityresearch.texts.sentences import Sentence

__all__ = ["COLUMNS", "drafts", "kind_of"]

COLUMNS = (
    "document", "section", "page", "line", "number", "printed", "kind", "statement", "subject", "metric", "relation", "value", "unit",
    "period", "precision", "places", "chapter", "settle_status", "settle", "no_claim",
)  # fmt: skip
COUNTED = ("", "count", "companies", "people")  # units of what is counted one by one
GROWTH = re.compile(
    r"\b(?:grow|grew|rose|rise|risen|increas|decreas|fell|fall|declin|surg|jump|up|down|drop|expand)\w*\b",
    re.IGNORECASE,
)


def drafts(pairs: Iterable[tuple[Number, Sentence]], *, everything: bool = False, sentences: bool = False) -> list[Row]:
    """Return a row for each number that is neither in the ledger nor marked as no claim, its statement empty.

    Parameters
    ----------
    pairs : iterable of a Number and its Sentence
        See `coverage.numbers_in`.
    everything : bool
        Whether to give a row for the other numbers too.
    sentences : bool
        Whether to add a column with the document's sentence, for wording; it must not get into the repository.
    """
    given = list(pairs)
    rows = []
    for judged, (number, sentence) in zip(status([n for n, _ in given]), given, strict=True):
        if everything or judged.state == OPEN:
            row = _row(number, sentence)
            rows.append(row | {"sentence": sentence.text} if sentences else row)
    return rows


def _row(number: Number, sentence: Sentence) -> Row:
    mention = number.mention
    row = dict.fromkeys(COLUMNS, "")
    value, precision = (
        plain(n, 4).replace(",", "") if n is not None else "" for n in (mention.value, mention.precision)
    )
    row |= {
        "document": number.document,
        "page": str(number.page or ""),
        "line": str(number.line),
        "number": str(number.order),
    }
    row |= {
        "printed": mention.text,
        "kind": kind_of(mention, sentence.text),
        "relation": mention.relation,
        "value": value,
    }
    return row | {
        "unit": mention.unit,
        "precision": precision,
        "period": mention.period or _period(mention, sentence.text),
    }


def kind_of(mention: Mention, sentence: str = "") -> str:
    """Return the ledger's kind of a claim on a number: date, rank, share, growth, count or statistic.

    Examples
    --------
    >>> [kind_of(one) for one in mentions("In May 2024, dozens of firms in 12 towns shipped $3 billion, 40 percent of it by air.")]
    ['date', 'count', 'count', 'statistic', 'share']
    """
    if mention.kind in ("date", "rank"):
        return mention.kind
    if mention.unit in ("percent", "ratio"):
        before = sentence[max(0, mention.start - 40) : mention.start]
        return "growth" if GROWTH.search(before) or mention.unit == "ratio" else "share"
    return "count" if mention.unit in COUNTED or mention.kind == "vague" else "statistic"


def _period(mention: Mention, sentence: str) -> str:
    """Return the period of the one date of a sentence; with several a person must say which is meant."""
    periods: Sequence[str] = [m.period for m in mentions(sentence) if m.kind == "date" and m.start != mention.start]
    return periods[0] if len(set(periods)) == 1 else ""
