"""Named tables and profiles of metros for the site, each with its downloads: made once as long as what it used is the same."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.errors import CityResearchError
from cityresearch.files import READ_EVENT, write_whole
from cityresearch.report.beside import beside
from cityresearch.report.folder import recorded
from cityresearch.report.inputs import code_and_parameters
from cityresearch.runs.used import Context, described, digest

__all__ = ["TablePage", "table_pages"]

PIXELS = 117  # to an inch of a column, so that no word or date is broken
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
    folder, code = paths.root() / "build" / "report-tables", code_and_parameters()
    wanted, _ = _kept(folder / "wanted.json", code, _wanted)

    def pages_of(some: Sequence[tuple[str, str, str, int]]) -> list[tuple[dict[str, Any], bool]]:
        return [_kept(folder / f"{one[0]}.json", code, partial(_page, folder, *one)) for one in some]

    # by halves, for those that stand together use the same data
    half = len(wanted) // 2
    with beside(partial(pages_of, wanted[half:])) as later:
        found = pages_of(wanted[:half]) + later()
    names = {"wanted", *(name for name, *_ in wanted)}
    for file in folder.iterdir():
        if file.stem not in names:
            file.unlink()
    return [_read(folder, page) for page, _ in found], sum(is_new for _, is_new in found)


def _kept(file: Path, code: str, make: Callable[[], dict[str, Any] | list[Any]]) -> tuple[Any, bool]:
    """Return what was made before of the same code, data and results; or make and keep it. Tell whether it was made now."""
    before = recorded(file)
    if before.get("code") == code and before["used"] == _hashes(before["used"]):
        return before["made"], False
    heard = _heard()
    heard.clear()
    made = make()
    used = set(filter(None, map(_of_data, heard)))
    if not (isinstance(made, dict) and made["lacking"]):  # for then any change of the data may help
        used = set(described(used))
    record = {"code": code, "used": _hashes(used), "made": made}
    write_whole(file, json.dumps(record, ensure_ascii=False).encode("utf-8"))
    return made, True


@cache
def _heard() -> list[object]:
    """Return a list to which every file is added that is opened from now on, or whose cached reading is used."""
    heard: list[object] = []
    sys.addaudithook(lambda event, about: heard.append(about[0]) if event in ("open", READ_EVENT) else None)
    return heard


def _of_data(file: object) -> str:
    """Return the name of a file of data or results, below the project where it lies there, and an empty text for any other."""
    path = os.fspath(file) if isinstance(file, str | Path) else ""
    if not path.startswith((f"{paths.raw()}{os.sep}", f"{paths.processed()}{os.sep}")):
        return ""
    return path.removeprefix(f"{paths.root()}{os.sep}").replace(os.sep, "/")


def _hashes(names: Iterable[str]) -> dict[str, str]:
    return {name: digest(name, Context(Path(), {})) for name in sorted(names)}


def _wanted() -> list[tuple[str, str, str, int]]:
    """Return name, kind, metro and year of each table; those with a name of their own are of no metro."""
    from cityresearch.geography import short_metro
    from cityresearch.tables.metros import profiled_metros
    from cityresearch.tables.named import NAMED

    try:
        metros, year = profiled_metros()
    except CityResearchError:  # a project without this chapter, or without its data
        metros, year = [], 0
    named = [(name, "table", "", 0) for name in NAMED if name != "city-profile" or not metros]
    words = {metro: "-".join(re.findall(r"[a-z0-9]+", short_metro(metro).lower())) for metro in metros}
    return named + [(f"profile-{words[metro]}", "profile", metro, year) for metro in metros]


def _page(folder: Path, name: str, kind: str, metro: str, year: int) -> dict[str, Any]:
    """Make a table, write its downloads into a folder, and return the page, with the names of these."""
    from cityresearch.tables.exporting import written
    from cityresearch.tables.metros import profile
    from cityresearch.tables.named import NAMED
    from cityresearch.tables.table import PAGE

    page = dict(name=name, kind=kind, title=name, lacking="", files=[])
    try:
        table = profile(metro, year, name) if metro else NAMED[name]()
        files = {f"{name}.{ending}": written(table, ending) for ending in FORMATS[kind]}
    except (CityResearchError, KeyError) as error:
        return page | {"lacking": str(error)}
    for file, content in files.items():
        write_whole(folder / file, content)
    columns = table.shown(PAGE)
    return page | {
        "title": table.title,
        "columns": [
            (column.title(PAGE), column.kind, column.name, round(PIXELS * width))
            for column, width in zip(columns, table.widths(), strict=True)
        ],
        "groups": [
            (heading, [[table.text(column, row) for column in columns] for row in rows])
            for heading, rows in table.groups()
        ],
        "notes": table.notes,
        "sources": table.sources,
        "files": sorted(files),
    }


def _read(folder: Path, page: dict[str, Any]) -> TablePage:
    return TablePage(**page | {"files": {name: (folder / name).read_bytes() for name in page["files"]}})
