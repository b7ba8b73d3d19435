"""Named tables and profiles of metros for the site: made once as long as data, results and code are the same, each with its downloads."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.errors import CityResearchError
from cityresearch.files import write_whole
from cityresearch.runs.parameters import read_notebook

__all__ = ["TablePage", "table_pages"]

PIXELS = 117  # to an inch of a column, so that no word or date is broken
PACKAGE = Path(__file__).resolve().parents[1]
# what can be downloaded: other formats take long and are made by the command
FORMATS = {"table": ("csv", "xlsx"), "profile": ("csv",)}


@dataclass(frozen=True, slots=True)
class TablePage:
    """A table as a page shows it, or why it could not be made.

    `kind` is table or profile; `columns` are (heading, kind, name, pixels), `groups` headings with rows of texts; `sources` ids in the order of
    their numbers; `files` the contents of its downloads by name.
    """

    name: str
    kind: str
    title: str
    columns: tuple[tuple[str, str, str, int], ...] = ()
    groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    lacking: str = ""
    files: dict[str, bytes] | None = None


def table_pages() -> tuple[list[TablePage], int]:
    """Return every named table and the profile of each metro that the documents name, and how many of them were made anew."""
    kept = paths.root() / "build" / "report-tables"
    key = _key()
    folder = kept / key
    if (folder / "pages.json").is_file():
        return list(_read(folder)), 0
    made = [_page(name, kind, make) for name, kind, make in _wanted()]
    shutil.rmtree(kept, ignore_errors=True)
    for page in made:
        for name, content in (page.files or {}).items():
            write_whole(folder / name, content)
    write_whole(
        folder / "pages.json", json.dumps([_as_json(page) for page in made], ensure_ascii=False).encode("utf-8")
    )
    return made, len(made)


def _wanted() -> Iterator[tuple[str, str, Callable[[], Any]]]:
    from cityresearch.geography import short_metro
    from cityresearch.tables.metros import profile, profiled_metros
    from cityresearch.tables.named import NAMED

    try:
        metros, year = profiled_metros()
    except CityResearchError:  # a project without this chapter, or without its data
        metros, year = [], 0
    yield from ((name, "table", make) for name, make in NAMED.items() if name != "city-profile" or not metros)
    for metro in metros:
        name = "profile-" + "-".join(re.findall(r"[a-z0-9]+", short_metro(metro).lower()))
        yield name, "profile", partial(profile, metro, year, name)


def _page(name: str, kind: str, make: Callable[[], Any]) -> TablePage:
    from cityresearch.tables.exporting import written
    from cityresearch.tables.table import PAGE

    try:
        table = make()
        files = {f"{name}.{ending}": written(table, ending) for ending in FORMATS[kind]}
    except (CityResearchError, KeyError) as error:
        return TablePage(name, kind, name, lacking=str(error))
    columns = table.shown(PAGE)
    groups = tuple(
        (heading, tuple(tuple(table.text(column, row) for column in columns) for row in rows))
        for heading, rows in table.groups()
    )
    heads = tuple(
        (column.title(PAGE), column.kind, column.name, round(PIXELS * width))
        for column, width in zip(columns, table.widths(), strict=True)
    )
    return TablePage(name, kind, table.title, heads, groups, table.notes, table.sources, files=files)


def _key() -> str:
    """Return a hash of everything that tables are made of: data, results, parameters of notebooks, and the code of this package."""
    root = paths.root()
    files = [root / "data" / "raw" / "datapackage.json", root / "data" / "raw" / "sources.csv"]
    files += [*sorted(paths.processed().glob("*.csv")), *sorted(PACKAGE.rglob("*.py"))]
    found = hashlib.sha256("".join(_parameters()).encode())
    for file in files:
        found.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:24]


def _parameters() -> Iterator[str]:
    """Yield the parameter cells of all chapters: of a notebook, nothing else is in a table."""
    for notebook in sorted(paths.notebooks().glob("*.ipynb")):
        for cell in read_notebook(notebook)["cells"]:
            if "parameters" in cell.get("metadata", {}).get("tags", []):
                yield f"{notebook.name}\n{''.join(cell['source'])}\n"


def _as_json(page: TablePage) -> dict[str, Any]:
    return {name: getattr(page, name) for name in TablePage.__slots__ if name != "files"} | {
        "files": sorted(page.files or {})
    }


def _read(folder: Path) -> Iterator[TablePage]:
    for kept in json.loads((folder / "pages.json").read_text(encoding="utf-8")):
        yield TablePage(**{**kept, "files": {name: (folder / name).read_bytes() for name in kept["files"]}})
