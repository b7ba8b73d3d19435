"""Checks that a judgment about a claim still fits that claim, for `data check`.

Six tables contain what a person judged: `claim_sources`, `document_readings`, `mission_table1`, `differences`, `claim_relations` and
`footnotes`. Each of their rows records the claims as they read on that day. (`corrections` judges cells of datasets, and no claim.)

A check takes the tables as frames, whose rows it names by their keys, or as lists of rows of text, which it names by file and row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cityresearch.claims.judged import fingerprint, why_stale
from cityresearch.claims.ledger import Claim, from_row
from cityresearch.claims.sources import SourceCheck
from cityresearch.claims.standing import computed, word_by_number
from cityresearch.datasets.catalog import file_of
from cityresearch.datasets.text_tables import Row
from cityresearch.errors import ClaimError

__all__ = [
    "CHECKS", "KEYS", "ONE_CLAIM", "SEVERAL_CLAIMS", "ids_begin_with_the_letter_of_their_document", "judgments_are_of_the_claims_as_they_read_now",
    "rows_graded_jointly_and_parts_of_claims_name_each_other", "words_on_sources_follow_from_their_numbers",
]  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

    Tables = Mapping[str, pd.DataFrame | list[Row]]

HOW = "read it again, then run cityresearch judged"
ONE_CLAIM = ("claim_sources", "document_readings", "mission_table1", "differences")
SEVERAL_CLAIMS = ("claim_relations", "footnotes")
KEYS = {
    "claim_sources": ("claim_id", "source_id", "row"),
    "document_readings": ("claim_id", "reading"),
    "mission_table1": ("table_row",),
    "differences": ("claim_id",),
    "claim_relations": ("relation_id",),
    "footnotes": ("document", "note_number"),
}


def judgments_are_of_the_claims_as_they_read_now(given: Tables) -> Iterator[str]:
    """If a claim changed after its sources were judged, it would keep a verdict that nobody reached on it."""
    ledger = _ledger(given)
    for name in (name for name in ONE_CLAIM if name in given):
        for where, row in _rows(given, name):
            item = ledger.get(row["claim_id"])
            why = why_stale(item, row["claim_value"], row["claim_hash"]) if item else ""
            if why:
                yield f"{where}: {why}: {HOW} {row['claim_id']}"
    for name in SEVERAL_CLAIMS:
        for where, row in _rows(given, name):
            ids, marks = (_list(row[column]) for column in ("claims", "claim_hashes"))
            if len(ids) != len(marks):
                yield f"{where}: {len(ids)} claims, but {len(marks)} fingerprints: {HOW} {' '.join(ids)}"
                continue
            for claim_id, mark in zip(ids, marks, strict=True):
                if claim_id in ledger and fingerprint(ledger[claim_id]) != mark:
                    yield f"{where}: it was judged when {claim_id} had other words: {HOW} {claim_id}"


def words_on_sources_follow_from_their_numbers(given: Tables) -> Iterator[str]:
    """Where a source and a claim both print a number, whether they agree is computed, so a word set by hand that differs is wrong."""
    ledger = _ledger(given)
    for where, row in _rows(given, "claim_sources"):
        item = ledger.get(row["claim_id"])
        # a stale row is named by the check above, and what it says about another number does not matter
        if item is None or why_stale(item, row["claim_value"], row["claim_hash"]):
            continue
        check = SourceCheck(**row)
        try:
            word = word_by_number(item, check.agreement, check.number)
            found = computed(item, check.number)
        except ClaimError as error:
            yield f"{where}: {error}"
            continue
        if word != check.agreement and not check.by_hand:
            said = f"says {check.agreement!r}, but {check.value or check.period} against the printed "
            yield f"{where}: {said}{_printed(item)} makes {word!r}: correct the word, or give the reason in by_hand"
        if check.by_hand and (found is None or word == check.agreement):
            yield f"{where}: by_hand gives a reason that is not needed, since the numbers do not contradict {check.agreement!r}: empty it"


def rows_graded_jointly_and_parts_of_claims_name_each_other(given: Tables) -> Iterator[str]:
    """A row that shows a part of a claim counts by the part, so one without a part would count for nothing, and nobody would see it."""
    columns = ["claim_id", "source_id", "row"]
    rows, parts = given["claim_sources"], given["claim_parts"]
    jointly, named = (
        {tuple(map(str, key)) for key in frame[columns].itertuples(index=False)}
        for frame in (rows[rows["agreement"] == "jointly"], parts)
    )
    for key in sorted(jointly - named):
        yield f"claim_sources {'|'.join(key)}: it is graded jointly, but claim_parts names no part of it: add the part, or grade it partial"
    for key in sorted(named - jointly):
        yield f"claim_parts {'|'.join(key)}: claim_sources has no row of this name that is graded jointly: grade it so, or remove the part"


def ids_begin_with_the_letter_of_their_document(given: Tables) -> Iterator[str]:
    """A claim is found by its id, so an id under another document's letter would send a reader to the wrong text."""
    letters = {row["document"]: row["letter"] for _, row in _rows(given, "documents", ("document",))}
    first: dict[str, str] = {}
    for where, row in _rows(given, "documents", ("document",)):
        other = first.setdefault(row["letter"], row["document"])
        if other != row["document"]:
            yield f"{where}: it has the letter {row['letter']}, as {other} has: give each document its own"
    for where, row in _rows(given, "claims", ("claim_id",)):
        letter, document = letters.get(row["document"]), row["document"]
        if letter and not row["claim_id"].startswith(letter):
            begins = f"the claims of {document} have ids that begin with {letter}"
            yield f"{where}: {begins}, found {row['claim_id']}: correct the id or the document"


CHECKS = (
    judgments_are_of_the_claims_as_they_read_now,
    words_on_sources_follow_from_their_numbers,
    rows_graded_jointly_and_parts_of_claims_name_each_other,
    ids_begin_with_the_letter_of_their_document,
)


def _printed(item: Claim) -> str:
    return item.period if item.unit == "year" and item.period else f"{item.relation} {float(item.printed.value):.12g}"


def _ledger(given: Tables) -> dict[str, Claim]:
    return {row["claim_id"]: from_row(row) for _, row in _rows(given, "claims", ("claim_id",))}


def _rows(given: Tables, name: str, key: tuple[str, ...] = ()) -> Iterator[tuple[str, Row]]:
    """Give each row of a table as text cells, an empty one for what is missing, with the words that name it; none for a table not given."""
    if name not in given:
        return
    table = given[name]
    if isinstance(table, list):
        yield from ((f"{file_of(name)}, row {number}", row) for number, row in enumerate(table, start=2))
        return
    frame = table.astype(object)
    for row in frame.where(frame.notna(), "").to_dict("records"):
        cells = {column: _text(cell) for column, cell in row.items()}
        yield f"{name} {'|'.join(cells[column] for column in key or KEYS[name])}", cells


def _text(cell: object) -> str:
    """Write a cell as its file has it: a whole number without the point that a float column adds."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
