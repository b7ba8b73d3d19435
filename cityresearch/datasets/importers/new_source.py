"""The source of an import: one that has a record, or a new one that the user describes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from cityresearch import paths
from cityresearch.datasets.catalog import Dataset, Source, dataset, sources
from cityresearch.datasets.importers.cells import nearest
from cityresearch.datasets.importers.changes import Cells
from cityresearch.datasets.text_tables import rows_of
from cityresearch.errors import DataError

__all__ = ["NewSource", "as_csv", "as_frame", "source_for", "sources_with"]


@dataclass(frozen=True, slots=True)
class NewSource:
    """What the user says about a source that has no record yet; empty where it has one."""

    publisher: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    license: str = ""


def source_for(source_id: str, given: NewSource, file: str) -> tuple[Source, bool]:
    """Return the source's record, and whether it is new.

    Raises
    ------
    DataError
        If a known source is described otherwise, or a new one is not described.
    """
    known = sources()
    said = {name: value for name, value in asdict(given).items() if value}
    if source_id in known:
        for name, value in said.items():
            if getattr(known[source_id], name) != value:
                raise DataError(
                    f"sources.csv, source {source_id}, column {name}: found {getattr(known[source_id], name)!r}, given {value!r}; "
                    "leave the option out or choose a new source id."
                )
        return known[source_id], False
    lacking = [f"--{name}" for name in ("publisher", "title", "license") if not said.get(name)]
    if lacking:
        raise DataError(
            f"sources.csv has no source {source_id!r}{nearest(source_id, known)}: to add it, give {', '.join(lacking)}."
        )
    today = datetime.now(UTC).date().isoformat()
    said |= {"source_id": source_id, "retrieved": today, "kind": "official", "official": "true"}
    said |= {"seen_in": f"file {Path(file).name}"}
    source = Source(**{f.name: said.get(f.name, "") for f in fields(Source)})
    from cityresearch.datasets.schema import validated

    record = dataset("sources")
    validated(as_frame([asdict(source)], record), record, places=[f"the new source {source_id}"])
    return source, True


def sources_with(source: Source) -> bytes:
    """Return sources.csv with one more record."""
    path = paths.raw() / "sources.csv"
    rows = rows_of(path.read_bytes(), path, [f.name for f in fields(Source)])
    in_order = [row["source_id"] for row in rows] == sorted(row["source_id"] for row in rows)
    rows.append(asdict(source))
    if in_order:
        rows.sort(key=lambda row: row["source_id"])
    return as_csv(rows, [f.name for f in fields(Source)])


def as_frame(rows: Sequence[Cells], record: Dataset):
    """Return rows as a frame of text cells."""
    import pandas as pd

    return pd.DataFrame({f.name: [row[f.name] for row in rows] for f in record.fields}, dtype=str)


def as_csv(rows: Sequence[Cells], columns: Sequence[str]) -> bytes:
    """Return rows as the bytes of a CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
