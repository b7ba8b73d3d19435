"""Recording the numbers of a document: the dataset `document_numbers`, with what a person said of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cityresearch.claims.coverage import NO_CLAIM, TABLE, Number, numbers_in, recorded_rows
from cityresearch.claims.document_files import document_of
from cityresearch.datasets.catalog import datasets
from cityresearch.datasets.printable import quoted
from cityresearch.datasets.store import store_table
from cityresearch.datasets.text_tables import Row, csv_of
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import plain
from cityresearch.numbers.printed import RELATIONS
from cityresearch.suggestions import hint
from cityresearch.texts.documents import read_lines
from cityresearch.texts.mentions import KINDS, mentions

__all__ = ["marks_of", "record_numbers", "with_marks"]

PLACE = re.compile(r"(?P<line>\d+)(?:\.(?P<number>\d+))?=(?P<reason>.+)")


def _field(name: str, kind: str, description: str, **more: Any) -> dict[str, Any]:
    rules = {key: more.pop(key) for key in ("required", "enum", "minimum") if key in more}
    return {"name": name, "type": kind, "description": description, **more, **({"constraints": rules} if rules else {})}


FIELDS = [
    _field("document", "string", "Short name of the document.", required=True),
    _field("page", "integer", "Page, where the document has pages.", minimum=1),
    _field("line", "integer", "Line of the text edition.", required=True, minimum=1),
    _field("number", "integer", "Its place among the numbers of the line.", required=True, minimum=1),
    _field("printed", "string", "The number as printed, without its sentence.", required=True),
    _field("kind", "string", "number, date, rank, share or vague.", required=True, enum=list(KINDS)),
    _field("value", "number", "Value in full units, read by rule."),
    _field("unit", "string", "Unit, read by rule."),
    _field("precision", "number", "Size of the last printed digit."),
    _field("relation", "string", "Wording of the number, read by rule.", enum=list(RELATIONS)),
    _field("period", "string", "Period of a date."),
    _field(
        "claims", "string", "Claims that have it, where no rule can tell; separated by semicolons.", list=";",
        references={"resource": "claims", "fields": "claim_id"},
    ),
    _field("no_claim", "string", "; ".join(f"{key}: {why}" for key, why in NO_CLAIM.items()) + ".", enum=list(NO_CLAIM)),
]  # fmt: skip
RESOURCE: dict[str, Any] = {
    "name": TABLE, "path": f"claims/{TABLE}.csv", "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv",
    "encoding": "utf-8", "group": "claims", "title": "The numbers of the documents",
    "description": "One row for each number, date, rank and share that a document prints in its text (notes and references left out), found by "
    "rule and without its sentence: whether a claim has it is computed; why it is no claim is said here.",
    "warnings": [], "source_licenses": ["facts-cited"],
    "schema": {
        "fields": FIELDS, "missingValues": [""], "primaryKey": ["document", "line", "number"],
        "foreignKeys": [{"fields": "document", "reference": {"resource": "documents", "fields": "document"}}],
    },
}  # fmt: skip
COLUMNS = [field["name"] for field in FIELDS]


def record_numbers(document: str, path: Path, marks: Mapping[tuple[str, str], str] | None = None) -> int:
    """Record the numbers of a document's file with what was said of them before; return how many there are.

    Parameters
    ----------
    document : str
    path : Path
    marks : mapping of line and number to a reason, optional
        What is said of numbers now; an empty number means all of the line that have no reason yet.

    Raises
    ------
    ClaimError
        If a mark names a place without a number.
    """
    document_of(document)
    numbers = [number for number, _ in numbers_in(document, read_lines(path))]
    earlier = recorded_rows()
    rows = _carried(numbers, [row for row in earlier if row["document"] == document])
    _mark(rows, marks or {}, document)
    kept = [row for row in earlier if row["document"] != document]
    order = {name: place for place, name in enumerate(dict.fromkeys([*(row["document"] for row in earlier), document]))}
    everything = sorted([*kept, *rows], key=lambda row: order[row["document"]])
    new = None if TABLE in datasets() else RESOURCE
    store_table(TABLE, csv_of(everything, COLUMNS), new=new, describe={"expected": {"rows": len(everything)}})
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
    row |= {"printed": mention.text, "kind": mention.kind, "value": value, "unit": mention.unit, "precision": precision}
    return row | {"relation": mention.relation, "period": mention.period, "claims": "", "no_claim": ""}


def _mark(rows: Sequence[Row], marks: Mapping[tuple[str, str], str], document: str) -> None:
    for (line, number), reason in marks.items():
        there = [row for row in rows if row["line"] == line and number in ("", row["number"])]
        if not there:
            place = f"{line}.{number}" if number else line
            raise ClaimError(
                f"{document} has no number at {place}: `cityresearch claims coverage` lists them with their places."
            )
        for row in there:
            if number or not row["no_claim"]:
                row["no_claim"] = reason


def with_marks(drafted: Sequence[Row]) -> tuple[str, bytes, dict[str, Any] | None]:
    """Return the table with drafted rows that have a reason: its path below the data folder, its bytes, its record if it is new."""
    rows = {(row["document"], row["line"], row["number"]): row for row in recorded_rows()}
    for row in drafted:
        key = row["document"], row["line"], row["number"]
        kind = next((mention.kind for mention in mentions(row["printed"])), "number")
        rows[key] = {column: row.get(column, "") for column in COLUMNS} | {"kind": kind, "claims": ""}
    return str(RESOURCE["path"]), csv_of(rows.values(), COLUMNS), None if TABLE in datasets() else RESOURCE


def marks_of(given: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the marks of options such as 27.1=wording or 88=structure.

    Raises
    ------
    ClaimError
        If one cannot be read, or gives no reason of `NO_CLAIM`.
    """
    marks = {}
    for text in given:
        found = PLACE.fullmatch(text)
        if found is None:
            raise ClaimError(
                f"--no-claim takes LINE.NUMBER=REASON or LINE=REASON, found {quoted(text)}: write 27.1=wording."
            )
        if found["reason"] not in NO_CLAIM:
            known = f"reasons are {', '.join(NO_CLAIM)}"
            raise ClaimError(
                f"--no-claim {quoted(text)} gives an unknown reason{hint(found['reason'], NO_CLAIM, known)}"
            )
        marks[found["line"], found["number"] or ""] = found["reason"]
    return marks
