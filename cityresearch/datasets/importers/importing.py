"""The flow of an import: open, parse, check unit, titles and schema, merge, say what changes, and write in one step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cityresearch import paths
from cityresearch.datasets import journal, store
from cityresearch.datasets.catalog import Dataset, Source, dataset
from cityresearch.datasets.importers import format_for
from cityresearch.datasets.importers.changes import Cells, Changes, described, first_of, merge
from cityresearch.datasets.importers.choosing import chosen, words_left_out
from cityresearch.datasets.importers.limits import read_bytes
from cityresearch.datasets.importers.magnitude import TIMES
from cityresearch.datasets.importers.new_source import NewSource, as_csv, source_for, sources_with
from cityresearch.datasets.importers.parsed import Request
from cityresearch.datasets.importers.reading import grids
from cityresearch.datasets.importers.refusals import (
    far_from_neighbors,
    once,
    refuse_unit,
    refuse_unknown,
    refuse_without_value,
    validate,
    vanished,
)
from cityresearch.datasets.load import read_recorded
from cityresearch.datasets.printable import printable
from cityresearch.datasets.text_tables import rows_of
from cityresearch.errors import DataError

__all__ = ["Options", "Plan", "plan_content", "plan_file", "write"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a file and how to merge it.

    Parameters
    ----------
    vintage : str
        A vintage that the dataset's schema allows; needed where it allows several.
    format, sheet : str
        A format of the registry, a sheet of a workbook; found out if left out.
    names : mapping of code to title
        Names for area codes that a file does not spell out.
    new_titles : bool
        Accept metros, states, countries or ports that the dataset does not have yet.
    replace : bool
        Drop the rows of the same source that the file no longer has.
    """

    vintage: str = ""
    format: str = ""
    sheet: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    new_titles: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """An import that was checked and not yet written."""

    record: Dataset
    changes: Changes
    source: Source
    is_new_source: bool
    decisions: tuple[str, ...]
    checks: tuple[str, ...]
    content: bytes
    bytes_before: int
    rows: tuple[Cells, ...] = ()  # what the file gives, in the dataset's columns

    @property
    def any(self) -> bool:
        """Whether there is anything to write."""
        return self.changes.any

    def summary(self) -> str:
        """Return in one line what is written, and from which source."""
        return f"{described(self.changes)[0]}, from source {self.source.source_id}"

    def lines(self) -> list[str]:
        """Return what changes, what was decided and which checks passed, a line each."""
        source = (
            [f"source: {self.source.source_id} is new: {self.source.citation}"]
            if self.is_new_source and self.any
            else []
        )
        warned = (
            ["note: the publisher never revises this series, look at the changes"]
            if self.changes.changed and "never revised" in self.record.warnings
            else []
        )
        size = f"size: {self.bytes_before:,} to {len(self.content):,} bytes"
        return [
            *described(self.changes),
            size,
            *source,
            *warned,
            *(printable(f"decided: {decision}") for decision in self.decisions),
            f"checks passed: {', '.join(self.checks)}",
        ]


def plan_file(path: Path, name: str, source_id: str, given: NewSource, options: Options) -> Plan:
    """Check a publisher's file and return what importing it would change; nothing is written.

    Raises
    ------
    DataError
        One sentence with file, row, column, what was found, what was expected and what to do.
    """
    try:
        content = read_bytes(path)
    except DataError as error:
        raise DataError(printable(str(error))) from None
    return plan_content(content, str(path), name, source_id, given, options)


def plan_content(content: bytes, file: str, name: str, source_id: str, given: NewSource, options: Options) -> Plan:
    """Check the bytes of a publisher's file; see `plan_file`."""
    try:
        return _planned(content, file, name, source_id, given, options)
    except DataError as error:
        # a file's words may be quoted in it
        raise DataError(printable(str(error))) from None


def _planned(content: bytes, file: str, name: str, source_id: str, given: NewSource, options: Options) -> Plan:
    store.finish(paths.raw())
    record = dataset(name)
    form = format_for(name, options.format)
    source, is_new = source_for(source_id, given, file)
    published = read_recorded(record)
    existing = tuple(rows_of(published, record.path, [f.name for f in record.fields]))
    vintage = "" if form.tells_vintage else _vintage(record, options.vintage)
    request = Request(record, existing, source, vintage, options.names)
    grid, others = chosen(grids(content, file, options.sheet), form)
    parsed = form.parse(grid, request)
    decisions = (*parsed.decisions, *words_left_out(grid, parsed), *grid.notes, *others)
    if not parsed.rows:
        left = f" ({'; '.join(decisions)})" if decisions else ""
        raise DataError(f"{grid.name}: found no values for {name}{left}, expected some; check the download.")
    rows = [
        {f.name: row.values.get(f.name, "") for f in record.fields} | {"source_id": source_id} for row in parsed.rows
    ]
    refuse_without_value(grid, parsed)
    parsed, rows, twice = once(grid, parsed, rows, record)
    validate(grid, parsed, rows, record)
    refuse_unknown(grid, parsed, request, options.new_titles)
    compared = refuse_unit(grid, parsed, rows, request)
    changes = merge(name, record.primary_key, existing, rows, source_id, options.replace)
    table = as_csv(changes.after, [f.name for f in record.fields])
    unit = (
        f"unit compared with {compared:,} published values"
        if compared
        else "no published values to compare the unit with"
    )
    ending = () if grid.ends_whole else ("the last line has no newline: make sure that the file is whole",)
    return Plan(
        record,
        changes,
        source,
        is_new,
        (*decisions, *twice, *vanished(existing, rows), *far_from_neighbors(record, changes), *ending),
        ("encoding and layout", "schema", "keys", unit),
        table,
        len(published),
        tuple(rows),
    )


def write(plan: Plan, describe: dict[str, object] | None = None) -> None:
    """Write data, source record and data package in one step, noted so that `journal.undo` can take it back.

    Raises
    ------
    DataError
        If the dataset changed since the plan was made, or the folder cannot be written.
    """
    if dataset(plan.record.name).sha256 != plan.record.sha256:
        raise DataError(f"{plan.record.path} was changed by someone else meanwhile: import again.")
    more = {"sources.csv": sources_with(plan.source)} if plan.is_new_source else None
    described = _description(plan) | (describe or {})
    journal.record(
        lambda: store.table_files(plan.record.name, plan.content, more=more, describe=described, folder=paths.raw()),
        (plan.summary(),),
    )


def _description(plan: Plan) -> dict[str, object]:
    """Return what the data package says about the table's extent, brought up to date: years in the title, expected rows."""
    package = json.loads((paths.raw() / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(item for item in package["resources"] if item["name"] == plan.record.name)
    described: dict[str, object] = {}
    time = first_of(TIMES, [f.name for f in plan.record.fields])
    if time and plan.changes.before:
        old, new = (
            "-".join((min(row[time] for row in rows)[:4], max(row[time] for row in rows)[:4]))
            for rows in (plan.changes.before, plan.changes.after)
        )
        described["title"] = resource["title"].replace(old, new)
    if column := resource.get("expected", {}).get("column"):
        found = sorted({row[column] for row in plan.changes.after} - {""})
        described["expected"] = {
            "rows": len(plan.changes.after),
            "column": column,
            "first": found[0],
            "last": found[-1],
            "distinct": len(found),
        }
    return described


def _vintage(record: Dataset, given: str) -> str:
    allowed = next((f.constraints.get("enum", ()) for f in record.fields if f.name == "vintage"), ())
    if given and allowed and given not in allowed:
        raise DataError(f"{record.name} has no vintage {given!r}: use one of {', '.join(allowed)}.")
    if not given and len(allowed) > 1:
        raise DataError(
            f"{record.name} keeps several vintages apart: say which this file is with --vintage, one of {', '.join(allowed)}."
        )
    return given or (allowed[0] if allowed else "")
