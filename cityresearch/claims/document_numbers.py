"""Recording the numbers of a document: the dataset `document_numbers`, with what a person said of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from cityresearch import paths
from cityresearch.claims.coverage import NO_CLAIM, TABLE, Number, numbers_in
from cityresearch.claims.document_files import document_of
from cityresearch.claims.ledger import claim
from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.printable import quoted
from cityresearch.datasets.store import store_table
from cityresearch.datasets.text_tables import Row, csv_of
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import plain
from cityresearch.suggestions import hint
from cityresearch.texts.documents import read_lines
from cityresearch.texts.mentions import mentions

__all__ = ["marks_of", "record_numbers", "with_marks"]

PLACE = re.compile(r"(?P<line>\d+)(?:\.(?P<number>\d+))?=(?P<said>.+)")
Marks = Mapping[
    tuple[str, str], Row
]  # by line and number on it (empty: all of the line that nothing was said of), the cells to set


def record_numbers(document: str, path: Path, marks: Marks | None = None) -> int:
    """Record the numbers of a document's file with what was said of them before; return how many there are.

    Parameters
    ----------
    document : str
    path : Path
    marks : mapping, optional
        What is said of numbers now; see `marks_of`.

    Raises
    ------
    ClaimError
        If a mark names a place without a number.
    """
    document_of(document)
    numbers = [number for number, _ in numbers_in(document, read_lines(path))]
    earlier = text_rows(TABLE)
    rows = _carried(numbers, [row for row in earlier if row["document"] == document])
    _mark(rows, marks or {}, document)
    kept = [row for row in earlier if row["document"] != document]
    order = {name: place for place, name in enumerate(dict.fromkeys([*(row["document"] for row in earlier), document]))}
    everything = sorted([*kept, *rows], key=lambda row: order[row["document"]])
    store_table(TABLE, csv_of(everything, _columns()), describe={"expected": {"rows": len(everything)}})
    return len(rows)


def _carried(numbers: Sequence[Number], earlier: Sequence[Row]) -> list[Row]:
    """Return a row for each number, with what was said of it at its place, or, if lines have moved, of the next one printed alike."""
    at_place = {(row["line"], row["number"], row["printed"]): row for row in earlier}
    rows = [_row(number) for number in numbers]
    known = {(row["line"], row["number"], row["printed"]) for row in rows}
    moved: dict[str, list[Row]] = defaultdict(list)
    for key, row in at_place.items():
        if key not in known:
            moved[row["printed"]].append(row)
    for row in rows:
        said = at_place.get((row["line"], row["number"], row["printed"]))
        if said is None and moved[row["printed"]]:
            said = moved[row["printed"]].pop(0)
        if said:
            row |= {"claims": said["claims"], "no_claim": said["no_claim"]}
    return rows


def _row(number: Number) -> Row:
    mention = number.mention
    value, precision = (
        plain(n, 4).replace(",", "") if n is not None else "" for n in (mention.value, mention.precision)
    )
    row = {
        "document": number.document,
        "page": str(number.page or ""),
        "line": str(number.line),
        "number": str(number.order),
    }
    row |= {"first_line": str(number.first_line), "last_line": str(number.last_line)}
    row |= {"printed": mention.text, "kind": mention.kind, "value": value, "unit": mention.unit, "precision": precision}
    return row | {"relation": mention.relation, "period": mention.period, "claims": "", "no_claim": ""}


def _mark(rows: Sequence[Row], marks: Marks, document: str) -> None:
    for (line, number), cells in marks.items():
        there = [row for row in rows if row["line"] == line and number in ("", row["number"])]
        if not there:
            place = f"{line}.{number}" if number else line
            raise ClaimError(
                f"{document} has no number at {place}: `cityresearch claims coverage` lists them with their places."
            )
        for row in there:
            if number or not (row["no_claim"] or row["claims"]):
                row |= {"claims": "", "no_claim": "", **cells}


def with_marks(drafted: Sequence[Row]) -> tuple[str, bytes]:
    """Return the table with drafted rows that have a reason: its path below the data folder, and its bytes."""
    rows = {(row["document"], row["line"], row["number"]): row for row in text_rows(TABLE)}
    for row in drafted:
        key = row["document"], row["line"], row["number"]
        kind = next((mention.kind for mention in mentions(row["printed"])), "number")
        cells = {"first_line": row["line"], "last_line": row["line"], **row, "kind": kind, "claims": ""}
        rows[key] = {column: cells.get(column, "") for column in _columns()}
    return dataset(TABLE).path.relative_to(paths.raw()).as_posix(), csv_of(rows.values(), _columns())


def _columns() -> list[str]:
    return [field.name for field in dataset(TABLE).fields]


def marks_of(no_claim: Sequence[str], claims: Sequence[str] = ()) -> Marks:
    """Return what options say of numbers: 27.1=wording or 88=structure of those that are no claim, 210.1=C119 of those that a claim has.

    Raises
    ------
    ClaimError
        If one cannot be read, gives no reason of `NO_CLAIM`, or names a claim that the ledger does not have.
    """
    marks: dict[tuple[str, str], Row] = {}
    for option, column, given in (("--no-claim", "no_claim", no_claim), ("--claim", "claims", claims)):
        for text in given:
            found = PLACE.fullmatch(text)
            if found is None:
                example = "27.1=wording" if column == "no_claim" else "27.1=C027"
                raise ClaimError(f"{option} takes LINE.NUMBER= and what it is, found {quoted(text)}: write {example}.")
            if column == "claims":
                claim(found["said"])
            elif found["said"] not in NO_CLAIM:
                known = f"reasons are {', '.join(NO_CLAIM)}"
                raise ClaimError(
                    f"{option} {quoted(text)} gives an unknown reason{hint(found['said'], NO_CLAIM, known)}"
                )
            marks[found["line"], found["number"] or ""] = {column: found["said"]}
    return marks
