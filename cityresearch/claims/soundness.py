"""Whether the ledger and all that names its claims fit each other, in any project: `cityresearch claims check`."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cityresearch import paths
from cityresearch.claims import faults, guards
from cityresearch.claims.places import cell_of
from cityresearch.claims.relations import relations
from cityresearch.datasets.catalog import dataset, datasets, file_of
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.printable import quoted
from cityresearch.datasets.text_tables import Row
from cityresearch.errors import ClaimError
from cityresearch.suggestions import hint

__all__ = ["ledger_faults"]

LISTS = {"wordings": "claims"}  # columns that list claims and do not say so in their schema
PYTHON = ("chapters", "*/chapters")  # folders of a chapter's own code
ALL_NOTEBOOKS = "*.ipynb"


def ledger_faults() -> list[str]:
    """Return what is wrong with the ledger and with what names its claims, one sentence each with file, row and what to do.

    Claims that a table, a notebook or a chapter's code names and the ledger lacks; claims without a place, without a chapter, or that no
    cell of their chapter checks; numbers that cannot be; words without a width; statements that say the same; judgments on an earlier
    wording. Tables that a project does not have are left out.

    Raises
    ------
    DataError
        If a table breaks its schema or is not the recorded one.
    """
    tables = {name: text_rows(name) for name in _about_claims()}
    rows = tables["claims"]
    known = {row["claim_id"]: row for row in rows}
    found = [
        *_unknown_in_tables(tables, known),
        *_unknown_documents(rows, tables["documents"]),
        *faults.missing_places(rows),
        *_chapters(rows),
        *_unknown_in_code(known, {row["letter"] for row in tables["documents"]}),
        *faults.impossible_numbers(rows),
        *faults.wordings_missing(rows),
        *guards.ids_begin_with_the_letter_of_their_document(tables),
    ]
    if not found:  # what follows reads claims, and names the same faults again
        try:
            linked = _linked(rows)
        except ClaimError as error:
            return [str(error)]
        found = [*faults.duplicates(rows, linked), *guards.judgments_are_of_the_claims_as_they_read_now(tables)]
    return found


def _about_claims() -> list[str]:
    """Return the datasets that name claims, the ledger and its documents first."""
    referring = [name for name in datasets() if _columns(name)]
    return list(dict.fromkeys(["claims", "documents", *referring]))


def _columns(name: str) -> dict[str, str]:
    """Return the columns of a dataset that name claims, each with its separator or none."""
    record = dataset(name)
    columns = {
        column: record.field(column).separator for column, target, _ in record.foreign_keys if target == "claims"
    }
    return columns | ({LISTS[name]: ";"} if name in LISTS else {})


def _unknown_in_tables(tables: Mapping[str, list[Row]], known: Mapping[str, Row]) -> Iterator[str]:
    for name, rows in tables.items():
        for column, separator in _columns(name).items():
            for number, row in enumerate(rows, start=2):
                for claim_id in row[column].split(separator) if separator else [row[column]]:
                    if claim_id and claim_id not in known:
                        yield f"{file_of(name)}, row {number}, column {column}: {_no_claim(claim_id, known)}"


def _unknown_documents(rows: Sequence[Row], documents: Sequence[Row]) -> Iterator[str]:
    known = [row["document"] for row in documents]
    for number, row in enumerate(rows, start=2):
        if row["document"] not in known:
            lacks = f"{file_of('documents')} has no document {quoted(row['document'])}"
            yield f"{file_of('claims')}, row {number}: {lacks}{hint(row['document'], known, 'add its row there')}"


def _chapters(rows: Sequence[Row]) -> Iterator[str]:
    """Name claims whose chapter is not there, and those that no cell of it checks."""
    notebooks = {path.stem for path in paths.notebooks().glob(ALL_NOTEBOOKS)}
    for number, row in enumerate(rows, start=2):
        where, name, chapter = f"{file_of('claims')}, row {number}", row["claim_id"], row["chapter"]
        if chapter not in notebooks:
            missing = f"the chapter of {name}, notebooks/{chapter}.ipynb, is not there"
            yield f"{where}: {missing}{hint(chapter, notebooks, 'write it, or name another')}"
        elif not cell_of(name, chapter):
            yield f"{where}: no cell of notebooks/{chapter}.ipynb checks {name}: add cr.check({name!r}, ...) or end it with cr.check_the_rest({chapter!r})."


def _unknown_in_code(known: Mapping[str, Row], letters: set[str]) -> Iterator[str]:
    """Name what looks like a claim's id in a notebook or in the code of a chapter, and is none."""
    looks = re.compile(rf"([\"'])([{''.join(sorted(letters))}]\d{{3,}})\1") if letters else None
    for where, text in _code() if looks else ():
        for claim_id in dict.fromkeys(match[2] for match in looks.finditer(text)):
            if claim_id not in known:
                yield f"{where}: {_no_claim(claim_id, known)}"


def _code() -> Iterator[tuple[str, str]]:
    """Give the code of every notebook cell and of every line of the chapters' modules, with the words that name it."""
    root = paths.root()
    for path in sorted(paths.notebooks().glob(ALL_NOTEBOOKS)):
        name = path.relative_to(root).as_posix()
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            for number, cell in enumerate(cells, start=1):
                if cell["cell_type"] == "code":
                    yield f"{name}, cell {cell.get('id') or number}", "".join(cell["source"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file that is no notebook is named by `cityresearch run`
    modules: list[Path] = [path for folder in PYTHON for path in sorted(root.glob(f"{folder}/**/*.py"))]
    for path in modules:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            yield f"{path.relative_to(root).as_posix()}, line {number}", line


def _linked(rows: Sequence[Row]) -> dict[str, set[str]]:
    """Return for each claim the ones of which the ledger says that they are another claim."""
    linked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for other in filter(None, row["related"].split(";")):
            linked[row["claim_id"]].add(other)
            linked[other].add(row["claim_id"])
    for relation in relations().values():
        for claim_id in relation.claims:
            linked[claim_id] |= {*relation.claims}
    return linked


def _no_claim(claim_id: str, known: Mapping[str, Row]) -> str:
    return f"the ledger has no claim {quoted(claim_id)}{hint(claim_id, known, 'correct the id, or add the claim')}"
