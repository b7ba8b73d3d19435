"""Proposing the description of a table that nothing describes yet: types, key and references, from what its cells hold.

What cannot be seen in the cells (what the table is, the unit of a number) is asked of the person who records it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cityresearch.datasets.catalog import datasets, source, sources
from cityresearch.datasets.printable import quoted
from cityresearch.datasets.text_tables import Row, is_of_type
from cityresearch.errors import DataError
from cityresearch.suggestions import hint

__all__ = ["OWN", "Said", "numbers_without_unit", "proposed", "shown"]

OWN = "own"  # said in place of a source, of a table that we wrote ourselves
TYPES = ("boolean", "integer", "number", "date")  # tried in this order; string is what remains
REFERENCES = {"source_id": ("sources", "source_id"), "claim_id": ("claims", "claim_id")}
NOT_NAMING = re.compile(
    r"note|source_id|unit$"
)  # columns of words that say something of a row and do not tell it from others
NUMBERING = re.compile(r"(year|month|quarter|_id|number|rank|row|line)$")  # columns of whole numbers that do
WIDEST_KEY = 4  # columns


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a new table; `units`, `columns` and `types` are by column, and an empty `key` is to be guessed."""

    title: str = ""
    description: str = ""
    group: str = "other"
    source_id: str = ""
    key: tuple[str, ...] = ()
    units: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


def proposed(name: str, path: str, rows: Sequence[Row], columns: Sequence[str], said: Said) -> dict[str, Any]:
    """Return the resource that would describe a table.

    Parameters
    ----------
    name, path : str
        Its name, and its file below the data folder.
    rows : sequence of dict
        Its cells as text.
    columns : sequence of str
    said : Said

    Raises
    ------
    DataError
        If something is said of a column that is not there, the key is not unique, the source has no record, or nothing tells a source.
    """
    for option, names in (
        ("--unit", said.units),
        ("--describe", said.columns),
        ("--type", said.types),
        ("--key", said.key),
    ):
        for column in names:
            if column not in columns:
                raise DataError(
                    f"{option} names the column {quoted(column)}, which {path} does not have{hint(column, columns, 'it has ' + ', '.join(columns))}"
                )
    cells = {column: [row[column] for row in rows] for column in columns}
    fields = [_field(column, cells[column], said) for column in columns]
    references = {c: r for c, r in REFERENCES.items() if c in columns and r[0] in datasets() and r[0] != name}
    resource: dict[str, Any] = {
        "name": name, "path": path, "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "group": said.group, "title": said.title, "description": said.description, "warnings": [],
        **_licenses(path, cells.get("source_id"), said.source_id),
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": list(_key(path, rows, fields, said.key))},
    }  # fmt: skip
    if references:
        resource["schema"]["foreignKeys"] = [
            {"fields": column, "reference": {"resource": target, "fields": key}}
            for column, (target, key) in references.items()
        ]
    resource["expected"] = {"rows": len(rows)}
    return resource


def _field(column: str, cells: Sequence[str], said: Said) -> dict[str, Any]:
    filled = [cell for cell in cells if cell]
    kind = said.types.get(column) or next(
        (t for t in TYPES if filled and all(is_of_type(c, t) for c in filled)), "string"
    )
    # a code is text: as a number it would lose its zeros
    if kind in ("integer", "number") and column not in said.types and any(re.match(r"0\d", cell) for cell in filled):
        kind = "string"
    found: dict[str, Any] = {"name": column, "type": kind, "description": said.columns.get(column, "")}
    unit = said.units.get(column) or ("see column unit" if column == "value" and kind in ("integer", "number") else "")
    if unit or column == "year":
        found["unit"] = unit or "year"
    if filled and len(filled) == len(cells):
        found["constraints"] = {"required": True}
    return found


def numbers_without_unit(resource: dict[str, Any]) -> list[str]:
    """Return the columns of numbers that have no unit yet."""
    fields = resource["schema"]["fields"]
    return [f["name"] for f in fields if f["type"] in ("integer", "number") and not f.get("unit")]


def _key(path: str, rows: Sequence[Row], fields: Sequence[dict[str, Any]], said: Sequence[str]) -> Sequence[str]:
    """Return the key: what was said, or the fewest of the first columns that name each row once, none of which is a measured value."""
    if not said:
        naming = [f["name"] for f in fields if _can_name(f)]
        widths = range(1, min(WIDEST_KEY, len(naming)) + 1)
        tried = (names for width in widths for names in itertools.combinations(naming, width))
        return next((names for names in tried if not _twice(rows, names)), [f["name"] for f in fields])
    if at := _twice(rows, said):
        shown_key = ", ".join(f"{name} {rows[at[1]][name]!r}" for name in said)
        raise DataError(
            f"{path}, row {at[1] + 2}: the key {', '.join(said)} is that of row {at[0] + 2} too ({shown_key}): remove a row, or name more columns "
            "with --key."
        )
    return said


def _can_name(field: dict[str, Any]) -> bool:
    if field["type"] in ("integer", "number"):
        return bool(field["type"] == "integer" and NUMBERING.search(field["name"]))
    return not NOT_NAMING.match(field["name"])


def _twice(rows: Sequence[Row], names: Sequence[str]) -> tuple[int, int] | None:
    """Return the places of the first two rows that have one key, if there are any."""
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        first = seen.setdefault(tuple(row[name] for name in names), number)
        if first != number:
            return first, number
    return None


def _licenses(path: str, cells: Sequence[str] | None, said: str) -> dict[str, Any]:
    if cells is not None:
        ids = {part for cell in cells for part in cell.split(";") if part}
        return {"source_licenses": sorted({sources()[i].license for i in ids if i in sources()})}
    if said == OWN:
        return {"source_licenses": ["cc-by"]}
    if not said:
        raise DataError(
            f"{path} has no column source_id, so nothing says where its rows are from: add the column, name one source for all rows with "
            f"--source ID, or say --source {OWN} of a table that you wrote yourself."
        )
    record = source(said)
    return {"source_licenses": [record.license], "sources": [{"title": record.citation, "path": record.url}]}


def shown(resource: dict[str, Any], rows: int) -> str:
    """Return a proposed description for a person to read: what the table is, then a line for each column."""
    schema = resource["schema"]
    lines = [
        f"{resource['name']} ({resource['path']}, {rows:,} rows): {resource['title'] or '(no title yet)'}",
        f"  {resource['description'] or '(no description yet)'}",
        f"  group {resource['group']}; licenses {', '.join(resource['source_licenses']) or 'unknown'}",
    ]
    references = {key["fields"]: key["reference"] for key in schema.get("foreignKeys", [])}
    width = max(len(f["name"]) for f in schema["fields"])
    for f in schema["fields"]:
        marks = [
            f["type"],
            *(["key"] if f["name"] in schema["primaryKey"] else []),
            *(["never empty"] if f.get("constraints", {}).get("required") else []),
            *([f"unit {f['unit']}"] if f.get("unit") else []),
            *([f"names a row of {references[f['name']]['resource']}"] if f["name"] in references else []),
        ]
        said = f": {f['description']}" if f["description"] else ""
        lines.append(f"  {f['name']:<{width}}  {', '.join(marks)}{said}")
    return "\n".join(lines)
