"""The flow of an import: open, parse, check unit, titles and schema, merge, say what changes, and write in one step."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cityresearch import paths
from cityresearch.datasets import store
from cityresearch.datasets.catalog import Dataset, Source, dataset, datasets
from cityresearch.datasets.importers import Format, format_for
from cityresearch.datasets.importers.cells import footers, nearest, without_values, wrong
from cityresearch.datasets.importers.changes import SUBJECTS, VALUES, Cells, Changes, described, first_of, merge
from cityresearch.datasets.importers.limits import read_bytes
from cityresearch.datasets.importers.magnitude import NOT_SUBJECT, TIMES, in_words, power_against
from cityresearch.datasets.importers.new_source import NewSource, as_csv, as_frame, source_for, sources_with
from cityresearch.datasets.importers.parsed import Parsed, Request, Row
from cityresearch.datasets.importers.reading import Grid, grids
from cityresearch.datasets.load import read_recorded
from cityresearch.datasets.printable import printable, quoted
from cityresearch.datasets.text_tables import rows_of
from cityresearch.errors import DataError
from cityresearch.geography import STATE_NAMES

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
    grid, others = _chosen(grids(content, file, options.sheet), form)
    parsed = form.parse(grid, request)
    decisions = (*parsed.decisions, *_words_left_out(grid, parsed), *grid.notes, *others)
    if not parsed.rows:
        left = f" ({'; '.join(decisions)})" if decisions else ""
        raise DataError(f"{grid.name}: found no values for {name}{left}, expected some; check the download.")
    rows = [
        {f.name: row.values.get(f.name, "") for f in record.fields} | {"source_id": source_id} for row in parsed.rows
    ]
    _refuse_without_value(grid, parsed)
    _refuse_twice(grid, parsed, rows, record)
    _validate(grid, parsed, rows, record)
    _refuse_unknown(grid, parsed, request, options.new_titles)
    compared = _refuse_unit(grid, parsed, rows, request)
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
        (*decisions, *ending),
        ("encoding and layout", "schema", "keys", unit),
        table,
        len(published),
        tuple(rows),
    )


def write(plan: Plan, describe: dict[str, object] | None = None) -> None:
    """Write data, source record and data package in one step.

    Raises
    ------
    DataError
        If the dataset changed since the plan was made, or the folder cannot be written.
    """
    if dataset(plan.record.name).sha256 != plan.record.sha256:
        raise DataError(f"{plan.record.path} was changed by someone else meanwhile: import again.")
    more = {"sources.csv": sources_with(plan.source)} if plan.is_new_source else None
    store.store_table(plan.record.name, plan.content, more=more, describe=_description(plan) | (describe or {}))


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


def _chosen(found: Sequence[Grid], form: Format) -> tuple[Grid, list[str]]:
    """Return the only table, or the only sheet with the format's header, and what to say about hidden sheets.

    A sheet that fits and can be seen is meant before one that is hidden.
    """
    if len(found) == 1:
        form.header_of(found[0])
        return found[0], []
    fitting, names = [], ", ".join(quoted(grid.sheet)[1:-1] for grid in found)
    for grid in found:
        try:
            form.header_of(grid)
            fitting.append(grid)
        except DataError:
            if grid.without_value and grid.rows and _would_fit(grid, form):
                raise
    seen = [grid for grid in fitting if not grid.hidden]
    if len(seen) == 1:
        hidden = [grid.sheet for grid in fitting if grid.hidden]
        return seen[0], [
            f"the hidden sheet {quoted(sheet)[1:-1]} is such a table too and was left out" for sheet in hidden
        ]
    if len(fitting) != 1:
        file = found[0].name.rpartition(", sheet ")[0] if found else "the workbook"
        how = "none is" if not fitting else f"{', '.join(quoted(grid.sheet)[1:-1] for grid in fitting)} all are"
        raise DataError(
            f"{file}: found the sheets {names}, {how} a table of the format {form.name}, expected one; name it with --sheet."
        )
    return fitting[0], []


def _would_fit(grid: Grid, form: Format) -> bool:
    """Say whether a sheet is refused only because its header has cells without a value."""
    try:
        form.header_of(replace(grid, without_value={}))
    except DataError:
        return False
    return True


def _words_left_out(grid: Grid, parsed: Parsed, most: int = 5) -> list[str]:
    """Name the lines of words under the table, so that a row of data taken for one is seen."""
    words = footers(grid, parsed.header) if parsed.header else []
    if not words:
        return []
    shown = "; ".join(f"row {line} {quoted(text)}" for line, text in words[:most])
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return [f"{len(words):,} lines of words under the table left out: {shown}{more}"]


def _refuse_without_value(grid: Grid, parsed: Parsed) -> None:
    """Refuse names and titles whose cells have no value of their own; numbers were refused when they were read."""
    for row in parsed.rows if grid.without_value else ():
        for text in row.values.values():
            if text.startswith("="):
                raise without_values(grid, text)


def _refuse_twice(grid: Grid, parsed: Parsed, rows: Sequence[Cells], record: Dataset) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    for origin, row in zip(parsed.rows, rows, strict=True):
        key = tuple(row[name] for name in record.primary_key)
        if key in seen:
            raise wrong(
                grid,
                origin.line,
                origin.column,
                f"{', '.join(key)!r} again",
                f"it once (it is in row {seen[key].line} already)",
                "remove one of the two rows",
            )
        seen[key] = origin


def _validate(grid: Grid, parsed: Parsed, rows: Sequence[Cells], record: Dataset) -> None:
    from cityresearch.datasets.schema import validated

    places = [f"{grid.name}, row {row.line}, column {row.column}" for row in parsed.rows]
    validated(as_frame(rows, record), record, places=places)


def _refuse_unknown(grid: Grid, parsed: Parsed, request: Request, allowed: bool) -> None:
    subject = first_of(SUBJECTS, [f.name for f in request.record.fields])
    known = {row[subject] for row in request.existing} if subject else set()
    if allowed or not known:
        return
    if subject == "cbsa_title" and "metro_exports" in datasets():
        from cityresearch.datasets.values import distinct

        known |= set(distinct("metro_exports", subject))
    if subject == "state":
        known |= set(STATE_NAMES.values())
    unknown = {row.values[subject]: row for row in reversed(parsed.rows) if row.values[subject] not in known}
    if unknown:
        title, row = next(reversed(unknown.items()))
        more = f" and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        raise wrong(
            grid, row.line, "", f"{title!r}{more}", f"a {subject} that the dataset has{nearest(title, known)}",
            "fix the spelling, or pass --new-titles if it is meant",
        )  # fmt: skip


def _refuse_unit(grid: Grid, parsed: Parsed, rows: Sequence[Cells], request: Request) -> int:
    """Compare every period's values with published ones; return how many could be compared."""
    record = request.record
    columns = [f.name for f in record.fields]
    value, time = first_of(VALUES, columns), first_of(TIMES, columns)
    key = [name for name in record.primary_key if name not in NOT_SUBJECT]
    groups: dict[str, list[tuple[Row, Cells]]] = defaultdict(list)
    for origin, row in zip(parsed.rows, rows, strict=True):
        groups[row.get(time, "")].append((origin, row))
    compared = 0
    for group in groups.values():
        power, pairs = power_against([row for _, row in group], request.existing, key, value)
        compared += pairs
        if power:
            origin, row = group[0]
            raise wrong(
                grid, origin.line, origin.column, f"{row[value]} for {', '.join(row[n] for n in key)}, which {in_words(power, record.field(value).unit or 'units')}",
                f"the magnitude of {pairs:,} published values", "choose the right unit at the publisher, or fix the column",
            )  # fmt: skip
    return compared
