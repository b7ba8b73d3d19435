"""What an import refuses of rows that were read well: cells without a value, rows twice, unknown places, another unit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from cityresearch.datasets.catalog import Dataset, datasets
from cityresearch.datasets.importers.cells import nearest, without_values, wrong
from cityresearch.datasets.importers.changes import SUBJECTS, VALUES, Cells, Changes, first_of
from cityresearch.datasets.importers.magnitude import NOT_SUBJECT, TIMES, in_words, power_against
from cityresearch.datasets.importers.new_source import as_frame
from cityresearch.datasets.importers.parsed import Parsed, Request, Row
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.neighbors import TABLES, leaps, series_of
from cityresearch.geography import STATE_NAMES
from cityresearch.phrases import many

__all__ = [
    "far_from_neighbors",
    "once",
    "refuse_unit",
    "refuse_unknown",
    "refuse_without_value",
    "validate",
    "vanished",
]


def refuse_without_value(grid: Grid, parsed: Parsed) -> None:
    """Refuse names and titles whose cells have no value of their own; numbers were refused when they were read."""
    for row in parsed.rows if grid.without_value else ():
        for text in row.values.values():
            if text.startswith("="):
                raise without_values(grid, text)


def once(grid: Grid, parsed: Parsed, rows: Sequence[Cells], record: Dataset) -> tuple[Parsed, list[Cells], list[str]]:
    """Return the rows without those that the file has twice, and say how many these are.

    Raises
    ------
    DataError
        If two rows with one key differ.
    """
    seen: dict[tuple[str, ...], tuple[Row, Cells]] = {}
    twice = []
    for origin, row in zip(parsed.rows, rows, strict=True):
        key = tuple(row[name] for name in record.primary_key)
        if key not in seen:
            seen[key] = origin, row
            continue
        first, other = seen[key]
        if other != row:
            raise wrong(
                grid, origin.line, origin.column, f"{', '.join(key)!r} again with other values",
                f"it once (it is in row {first.line} already)", "remove one of the two rows",
            )  # fmt: skip
        twice.append(origin.line)
    if not twice:
        return parsed, list(rows), []
    lines = sorted(set(twice))
    shown = ", ".join(map(str, lines[:5])) + " and more" * (len(lines) > 5)
    said = f"{many(len(twice), 'value')} repeated in the file and taken once: row {shown}"
    kept = replace(parsed, rows=tuple(origin for origin, _ in seen.values()))
    return kept, [row for _, row in seen.values()], [said]


def vanished(existing: Sequence[Cells], rows: Sequence[Cells], most: int = 5) -> list[str]:
    """Name the places that have a value in the last period before the file's newest one and none in it."""
    columns = list(rows[0])
    subject, time = first_of(SUBJECTS, columns), first_of(TIMES, columns)
    if not subject or not time:
        return []
    newest = max(row[time] for row in rows)
    earlier = [row[time] for row in existing if row[time] < newest and len(row[time]) == len(newest)]
    if not earlier:
        return []
    before = max(earlier)
    have = {row[subject] for row in rows if row[time] == newest}
    gone = sorted({row[subject] for row in existing if row[time] == before} - have)
    if not gone:
        return []
    shown = "; ".join(gone[:most]) + (f" and {len(gone) - most:,} more" if len(gone) > most else "")
    return [
        f"{many(len(gone), *SUBJECTS[subject])} of {before} {'has' if len(gone) == 1 else 'have'} no value for {newest} in the file: {shown}"
    ]


def far_from_neighbors(record: Dataset, changes: Changes, most: int = 5) -> list[str]:
    """Name new values that are far from their neighbors in time; `data check` asks about them until they are accepted."""
    how = TABLES.get(record.name)
    new = [*changes.added, *(row for _, row in changes.changed)]
    if not how or not new:
        return []
    mine = series_of(new, record.primary_key, how)
    series = series_of(changes.after, record.primary_key, how)
    found = [leap for leap in leaps({key: series[key] for key in mine}, how.least) if leap.period in mine[leap.subject]]
    found.sort(key=lambda leap: -abs(math.log(leap.value / leap.around)))
    said = [
        f"look at {', '.join((*leap.subject, leap.period))}: {leap.value:,.15g} is {leap.times} its neighbors ({leap.around:,.15g})"
        for leap in found[:most]
    ]
    return said + [f"look at {len(found) - most:,} more values far from their neighbors"] * (len(found) > most)


def validate(grid: Grid, parsed: Parsed, rows: Sequence[Cells], record: Dataset) -> None:
    from cityresearch.datasets.schema import validated

    places = [f"{grid.name}, row {row.line}, column {row.column}" for row in parsed.rows]
    validated(as_frame(rows, record), record, places=places)


def refuse_unknown(grid: Grid, parsed: Parsed, request: Request, allowed: bool) -> None:
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


def refuse_unit(grid: Grid, parsed: Parsed, rows: Sequence[Cells], request: Request) -> int:
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
