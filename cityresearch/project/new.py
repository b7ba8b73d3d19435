"""A new project: a folder that runs at once, made of the template, with the user's documents and an example claim of each basis."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cityresearch import __version__
from cityresearch.claims.judgments import JUDGMENTS, mark
from cityresearch.claims.ledger import from_row
from cityresearch.datasets.ledger_tables import ledger_tables, resource
from cityresearch.errors import ParameterError
from cityresearch.project.documents import Given, documents_of

__all__ = ["create", "files_of"]

TEMPLATE = Path(__file__).with_name("template")
RAW = "data/raw/"
TABLE = "street_trees"
# what a project without the example does without
EXAMPLE = (
    "documents/example.md",
    "notebooks/01-example.ipynb",
    "notebooks/trees.py",
    "tests/test_trees.py",
    f"{RAW}{TABLE}.csv",
    f"{RAW}{TABLE}.json",
)
WITHOUT = ("notebooks/01-first.ipynb",)
# tables of the ledger that a new project has, if only with a header; the others it can do without
FIRST = ("sources", "documents", "claims", "claim_sources", "document_readings", "claim_relations")
ABOUT_EXAMPLE = """
## The example, and how to begin

The document `example`, its six claims (X001 to X006) and the table `street_trees` are invented. They show a claim of each basis: computed
from data, printed by a source, implied by other printed numbers, shown by the document itself, and open. Look at them
(`cityresearch claims X001`), then replace them: delete the rows with X in `data/raw`, the chapter `01-example` and its module and test.
"""


def create(folder: Path, title: str, documents: Sequence[str] = (), *, example: bool = True) -> tuple[Given, ...]:
    """Make a project in a new folder, whole or not at all, and return its documents.

    Parameters
    ----------
    folder : Path
        New or empty.
    title : str
        One line.
    documents : sequence of str
        See `documents.documents_of`.
    example : bool
        With the invented document, its claims, table and chapter.

    Raises
    ------
    ParameterError
        If the folder is not empty or cannot be made, the title is not one line, or a document is not as it must be.
    """
    words = " ".join(title.split())
    if not words or len(words) > 200:
        raise ParameterError(f"--title takes one line of text, found {title[:60]!r}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ParameterError(f"{folder} is there and not empty: name a new folder.")
    given = documents_of(documents, ("example", "X") if example else ())
    files = files_of(words, given, example=example)
    partial = folder.absolute().with_name(f".{folder.absolute().name}.part")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        for name, content in files.items():
            target = partial / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise ParameterError(f"{folder} cannot be made ({error.strerror}): name a folder that you may write.") from None
    return given


def files_of(title: str, documents: Sequence[Given], *, example: bool = True) -> dict[str, bytes]:
    """Return every file of a new project by its path, the data described with checksums and the example's judgments recorded."""
    left_out = WITHOUT if example else EXAMPLE
    files = {name: content for name, content in _template() if name not in left_out}
    files = {name: _filled(name, content, title, documents, example) for name, content in files.items()}
    files |= {f"documents/{d.file.name}": d.file.read_bytes() for d in documents if d.file}
    tables = {name: _rows(files.get(RAW + resource(name)["path"], b""), name, example) for name in FIRST}
    tables["sources"] += [_source(d) for d in documents]
    tables["documents"] += [
        {"document": d.document, "letter": d.letter, "title": d.title, "source_id": d.document} for d in documents
    ]
    ledger = {row["claim_id"]: from_row(row) for row in tables["claims"]}
    for name in JUDGMENTS:
        mark(tables.get(name, ()), ledger, ledger)
    files |= {RAW + resource(name)["path"]: _as_csv(rows, _columns(name)) for name, rows in tables.items()}
    own = [json.loads(files.pop(f"{RAW}{TABLE}.json"))] if example else []
    described = [_described(r, files[RAW + r["path"]]) for r in (*own, *(resource(name) for name in FIRST))]
    package = {
        "profile": "data-package",
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "project",
        "title": title,
        "description": "Facts as published, each row with its source.",
        "licenses": [{"name": "other-open", "title": "Per source: see the column license of sources.csv"}],
        "resources": described,
    }
    files[f"{RAW}datapackage.json"] = (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    return files


def _template() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the template under the names that they get.

    A name that begins with dot- is hidden in a project, and the ending .template is left out: it keeps modules from being taken for ours.
    """
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(TEMPLATE).as_posix().removesuffix(".template")
            yield re.sub(r"(^|/)dot-", r"\1.", name), path.read_bytes()


def _filled(name: str, content: bytes, title: str, documents: Sequence[Given], example: bool) -> bytes:
    listed = [(d.title, d.file.name if d.file else "") for d in documents]
    if example:
        listed.insert(0, ("Street trees in Rivertown (an invented example)", "example.md"))
    text = content.decode("utf-8")
    if name.endswith(".ipynb"):
        return text.replace("__TITLE__", json.dumps(title, ensure_ascii=False)[1:-1]).encode("utf-8")
    for word, value in {
        "__TITLE__": title,
        "__VERSION__": __version__,
        "__DOCUMENTS__": "\n".join(f"| {words} | {f'`{file}`' if file else ''} |" for words, file in listed) or "| | |",
        "__EXAMPLE__": ABOUT_EXAMPLE if example else "",
    }.items():
        text = text.replace(word, value)
    return text.encode("utf-8")


def _columns(name: str) -> list[str]:
    return [field["name"] for field in resource(name)["schema"]["fields"]]


def _rows(content: bytes, name: str, example: bool) -> list[dict[str, str]]:
    assert name in ledger_tables()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8")))) if example else []


def _source(document: Given) -> dict[str, str]:
    """Return a source record that says what is known of a document; a person adds the publisher and the dates."""
    known = {
        "source_id": document.document,
        "publisher": "(publisher not entered yet)",
        "title": document.title,
        "kind": "document",
        "seen_in": f"documents/{document.file.name}" if document.file else "document",
        "license": "unknown",
        "official": "false",
    }
    return {column: known.get(column, "") for column in _columns("sources")}


def _described(record: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8")))) - 1
    sums = {"hash": "sha256:" + hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": rows}
    return {**record, **sums}


def _as_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
