"""Adding claims to the ledger: all that are given, or none, each with the next id, after what would be wrong with them was named."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.claims import document_numbers, drafting, faults
from cityresearch.claims.coverage import NO_CLAIM
from cityresearch.claims.document_files import document_of, file_of_document
from cityresearch.claims.ledger import documents, from_row
from cityresearch.datasets.catalog import dataset, file_of
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.printable import quoted
from cityresearch.datasets.store import store_table
from cityresearch.datasets.text_tables import Row, cell_faults, csv_of
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import plain
from cityresearch.phrases import many
from cityresearch.suggestions import hint
from cityresearch.texts.copying import MOST_WORDS, copied, words_of
from cityresearch.texts.documents import read_lines
from cityresearch.texts.mentions import mentions
from cityresearch.texts.sentences import cleaned

__all__ = ["UNSOUGHT", "Entry", "added", "entries_of", "notebook_names", "printed_cells"]

PAGE = {
    "name": "page",
    "type": "integer",
    "description": "Page, where the document has pages.",
    "constraints": {"minimum": 1},
}
NOT_OF_CLAIMS = ("number", "printed", "no_claim", "sentence", "wording")
UNSOUGHT = "We have not looked for a source yet."
MOST_FAULTS = 20
UNKNOWN = "Z"  # the letter of a document that is not there, whose claims are not added


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim to be added: the words that name it in messages, and its cells."""

    where: str
    cells: Row


def entries_of(path: Path) -> list[Entry]:
    """Return the rows of a CSV that has some of the ledger's columns, for instance one that `claims draft` made.

    Raises
    ------
    ClaimError
        If it is no CSV in UTF-8 or has a column that the ledger does not know.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ClaimError(f"{path} cannot be read ({error.strerror}): name a CSV file.") from None
    except UnicodeDecodeError:
        raise ClaimError(f"{path} is not in UTF-8: save it as CSV in UTF-8.") from None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    columns = [cell.strip() for cell in rows[0]] if rows else []
    known = [*_columns(), "page", *NOT_OF_CLAIMS]
    for number, name in enumerate(columns, start=1):
        if name not in known or name in columns[: number - 1]:
            why = "occurs twice" if name in known else "is not of the ledger"
            raise ClaimError(
                f"{path}, row 1, column {number}: {quoted(name)} {why}{hint(name, known, 'columns are ' + ', '.join(known))}"
            )
    found = []
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            if len(cells) != len(columns):
                raise ClaimError(
                    f"{path}, row {number}: found {many(len(cells), 'cell')}, expected {len(columns)} as in the header: correct the row."
                )
            found.append(
                Entry(f"{path}, row {number}", dict(zip(columns, (cell.strip() for cell in cells), strict=True)))
            )
    return found


def printed_cells(printed: str) -> Row:
    """Return relation, value, unit, precision, period and kind of a number as a document prints it, such as "more than $141 billion".

    Raises
    ------
    ClaimError
        If it has no number, or several.
    """
    found = list(mentions(cleaned(printed)))
    numbers = [m for m in found if m.kind != "date"] or found
    if len(numbers) != 1 or numbers[0].value is None:
        said = "no number" if not numbers else f"{len(numbers)} numbers"
        raise ClaimError(
            f"Found {said} in {quoted(printed)}: give one, such as 'more than $141 billion', or its value, unit and precision."
        )
    (mention,) = numbers
    value, precision = (plain(number, 4).replace(",", "") for number in (mention.value, mention.precision))
    period = mention.period or next((m.period for m in found if m.kind == "date"), "")
    cells = {
        "relation": mention.relation,
        "value": value,
        "unit": mention.unit,
        "precision": precision,
        "period": period,
    }
    return cells | {"kind": drafting.kind_of(mention, printed)}


def notebook_names() -> list[str]:
    """Return the chapters that a claim can name."""
    return sorted(path.stem for path in paths.notebooks().glob("[0-9]*.ipynb"))


def added(entries: Sequence[Entry], text: Path | None = None) -> tuple[list[Row], list[str], int]:
    """Add claims to the ledger and marks to the numbers of documents; return the new rows, what is left to do, and how many were marked.

    An entry with a statement becomes a claim; one with a reason in `no_claim` marks its number; one with neither is left.

    Parameters
    ----------
    entries : sequence of Entry
    text : Path, optional
        The document's file, to compare the statements with; by default the one in the folder of the documents.

    Raises
    ------
    ClaimError
        Naming every fault with its row and column; nothing is written then.
    """
    ledger = text_rows("claims")
    marks = [entry for entry in entries if entry.cells.get("no_claim")]
    wanted = [entry for entry in entries if entry.cells.get("statement")]
    for entry in marks:
        if entry.cells.get("statement"):
            raise ClaimError(f"{entry.where}: it has both a statement and a reason in no_claim: empty one of them.")
        if entry.cells["no_claim"] not in NO_CLAIM:
            known = f"reasons are {', '.join(NO_CLAIM)}"
            raise ClaimError(
                f"{entry.where}, column no_claim: found {quoted(entry.cells['no_claim'])}{hint(entry.cells['no_claim'], NO_CLAIM, known)}"
            )
    unreadable: list[str] = []
    rows = _with_ids(ledger, wanted, unreadable)
    found = [*unreadable, *_faults(ledger, rows, wanted, text)]
    if found:
        more = f"\nand {len(found) - MOST_FAULTS} more" if len(found) > MOST_FAULTS else ""
        raise ClaimError("\n".join(found[:MOST_FAULTS]) + more + "\nNothing was added.")
    _store([*ledger, *rows], _wordings(rows, wanted), [entry.cells for entry in marks])
    return rows, list(_left_to_do(rows, wanted)), len(marks)


def _columns() -> list[str]:
    return [field.name for field in dataset("claims").fields]


def _with_ids(ledger: Sequence[Row], wanted: Sequence[Entry], unreadable: list[str]) -> list[Row]:
    """Return the ledger's rows of the entries: what was printed read, what can be told filled in, ids given; what cannot be read is noted."""
    last: dict[str, int] = {}
    for row in ledger:
        if number := re.fullmatch(r"([A-Z])(\d+)", row["claim_id"]):
            last[number[1]] = max(last.get(number[1], 0), int(number[2]))
    columns = [
        *_columns(),
        *(["page"] if "page" not in _columns() and any(e.cells.get("page") for e in wanted) else []),
    ]
    only_document = next(iter(documents())) if len(documents()) == 1 else ""
    chapters = [name for name in notebook_names() if not name.startswith("00-")]
    rows = []
    for entry in wanted:
        given = {key: value for key, value in entry.cells.items() if value}
        read: Mapping[str, str] = {}
        if given.get("printed") and not given.get("value"):
            try:
                read = printed_cells(given["printed"])
            except ClaimError as error:
                unreadable.append(f"{entry.where}, column printed: {error}")
        defaults = {"document": only_document, "kind": "event", "settle_status": "open", "settle": UNSOUGHT}
        defaults["chapter"] = chapters[0] if len(chapters) == 1 else ""
        row = {column: {**defaults, **read, **given}.get(column, "") for column in columns}
        if row["value"] and not row["relation"]:
            row["relation"] = "eq"
        if not row["value"]:
            row |= {"relation": given.get("relation", "") if "value" not in given else "", "precision": ""}
        if not row["claim_id"]:
            try:
                letter = document_of(row["document"]).letter
            except ClaimError as error:
                unreadable.append(f"{entry.where}, column document: {error}")
                letter = UNKNOWN
            last[letter] = last.get(letter, 0) + 1
            row["claim_id"] = f"{letter}{last[letter]:03}"
        rows.append(row)
    return rows


def _faults(ledger: Sequence[Row], rows: Sequence[Row], wanted: Sequence[Entry], text: Path | None) -> Iterator[str]:
    record = dataset("claims")
    where: Callable[[int], str] = [entry.where for entry in wanted].__getitem__
    known = {row["claim_id"] for row in (*ledger, *rows)}
    taken = {row["claim_id"] for row in ledger}
    ready = []
    for place, row in enumerate(rows):
        at = where(place)
        broken = [
            f"{at}, column {f.column}: found {f.found}, expected {f.expected}."
            for f in cell_faults([row], replace(record, path=Path(at)))
        ]
        yield from broken
        if not broken:
            ready.append(place)
        if row["claim_id"] in taken:
            yield f"{at}, column claim_id: the ledger has {row['claim_id']} already: leave the id out, and the next one is given."
        taken.add(row["claim_id"])
        if row["chapter"] and row["chapter"] not in notebook_names():
            yield f"{at}, column chapter: notebooks/{row['chapter']}.ipynb is not there{hint(row['chapter'], notebook_names(), 'write it first')}"
        for other in filter(None, row["related"].split(";")):
            if other not in known:
                yield f"{at}, column related: the ledger has no claim {quoted(other)}{hint(other, known, 'correct the id')}"
        wording = wanted[place].cells.get("wording", "")
        names = [r["wording"] for r in text_rows("wordings")]
        if wording and wording not in names:
            yield f"{at}, column wording: {quoted(wording)} is not in the table of wordings{hint(wording, names, 'add its row there first')}"
    yield from faults.missing_places(rows, where)
    good = [rows[place] for place in ready]
    yield from faults.impossible_numbers(good, lambda n: where(ready[n]))
    new = {row["claim_id"] for row in rows}
    linked = {row["claim_id"]: set(row["related"].split(";")) for row in rows}
    names = lambda n: where(n - len(ledger)) if n >= len(ledger) else f"{file_of('claims')}, row {n + 2}"  # noqa: E731
    for fault in faults.duplicates([*ledger, *rows], linked, names):
        if any(f": {claim_id} says " in fault for claim_id in new):
            yield fault
    yield from _copies(rows, where, text)


def _copies(rows: Sequence[Row], where: Callable[[int], str], text: Path | None) -> Iterator[str]:
    words: dict[str, list[str]] = {}
    for place, row in enumerate(rows):
        name = row["document"]
        if name not in words:
            path = text or file_of_document(name)
            words[name] = words_of(" ".join(line.text for line in read_lines(path))) if path else []
        if run := copied(row["statement"], words[name]):
            yield (
                f"{where(place)}, column statement: it copies {len(run.split())} words of {name} ({quoted(run)}), {MOST_WORDS} at the most are "
                "allowed: say it in your own words."
            )


def _wordings(rows: Sequence[Row], wanted: Sequence[Entry]) -> dict[str, bytes]:
    """Return the table of wordings with the new claims in it, where an entry names a wording."""
    named = {row["claim_id"]: entry.cells.get("wording", "") for row, entry in zip(rows, wanted, strict=True)}
    if not any(named.values()):
        return {}
    table = text_rows("wordings")
    for row in table:
        ids = [
            *filter(None, row["claims"].split(";")),
            *(claim_id for claim_id, word in named.items() if word == row["wording"]),
        ]
        row["claims"] = ";".join(ids)
    return {_path("wordings"): csv_of(table, list(table[0]))}


def _store(rows: Sequence[Row], more: dict[str, bytes], marks: Sequence[Row]) -> None:
    columns = list(rows[0]) if rows else _columns()
    columns = next((list(row) for row in rows if "page" in row), columns)
    describe: dict[str, Any] = {"expected": {"rows": len(rows)}}
    if "page" in columns and "page" not in _columns():
        package = json.loads((paths.raw() / "datapackage.json").read_text(encoding="utf-8"))
        schema = next(resource for resource in package["resources"] if resource["name"] == "claims")["schema"]
        describe["schema"] = {**schema, "fields": [*schema["fields"], PAGE]}
        columns = [*_columns(), "page"]
    if marks:
        path, content = document_numbers.with_marks(marks)
        more = {**more, path: content}
    store_table("claims", csv_of(rows, columns), more=more, describe=describe)


def _path(name: str) -> str:
    return dataset(name).path.relative_to(paths.raw()).as_posix()


def _left_to_do(rows: Iterable[Row], wanted: Sequence[Entry]) -> Iterator[str]:
    for row, entry in zip(rows, wanted, strict=True):
        word = faults.needs_a_wording(from_row(row))
        if word and not entry.cells.get("wording"):
            yield f"{row['claim_id']} says {word!r}, whose reach no digit tells: add a row for it to {file_of('wordings')}."
