"""The catalogue: what `data/raw/datapackage.json` and `data/raw/sources.csv` say of datasets and sources.

The description format is Frictionless Data Package, so other tools read it too; units and usage warnings are properties of our own
(`unit` on a field, `warnings` on a resource).
"""

from __future__ import annotations

import csv
import difflib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.datasets import store
from cityresearch.errors import DataError


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, Frictionless type, unit, meaning and constraints."""

    name: str
    type: str
    unit: str
    description: str
    constraints: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of `data/raw` as the data package describes it."""

    name: str
    path: Path
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    sha256: str
    rows: int

    def field(self, name: str) -> Field:
        """Return one column's record.

        Raises
        ------
        DataError
            If the dataset has no such column.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise DataError(f"Dataset {self.name} has no column {name!r}: it has {', '.join(f.name for f in self.fields)}.")


@dataclass(frozen=True, slots=True)
class Source:
    """Who published a figure, where, when, and how it was seen."""

    source_id: str
    publisher: str
    title: str
    url: str
    published: str
    retrieved: str
    kind: str
    seen_in: str
    licence: str
    note: str

    @property
    def citation(self) -> str:
        """A source line for a figure: publisher, title, date."""
        date = f" ({self.published})" if self.published else ""
        return f"{self.publisher}, {self.title}{date}"


def datasets() -> dict[str, Dataset]:
    """Return every dataset by name, in the order of the data package."""
    return _read_package(*_version(paths.raw() / "datapackage.json"))


def dataset(name: str) -> Dataset:
    """Return one dataset's record.

    Raises
    ------
    DataError
        If there is none of that name.
    """
    found = datasets()
    if name not in found:
        near = difflib.get_close_matches(name, found, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(found)}."
        raise DataError(f"No dataset is called {name!r}: {hint}")
    return found[name]


def sources() -> dict[str, Source]:
    """Return every source record by its id."""
    return _read_sources(*_version(paths.raw() / "sources.csv"))


def source(source_id: str) -> Source:
    """Return one source record.

    Raises
    ------
    DataError
        If no record has that id.
    """
    found = sources()
    if source_id not in found:
        raise DataError(f"data/raw/sources.csv has no source {source_id!r}: add its record there.")
    return found[source_id]


def _version(path: Path) -> tuple[Path, int]:
    store.finish(path.parent)
    try:
        return path, path.stat().st_mtime_ns
    except OSError:
        raise DataError(f"{path} is not there: restore it from the repository.") from None


@lru_cache(maxsize=4)
def _read_package(path: Path, _mtime: int) -> dict[str, Dataset]:
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not readable JSON ({error}): restore it from the repository.") from None
    return {r["name"]: _dataset(r, path.parent) for r in package["resources"]}


def _dataset(resource: dict[str, Any], folder: Path) -> Dataset:
    schema = resource["schema"]
    keys = schema.get("primaryKey", [])
    return Dataset(
        name=resource["name"],
        path=folder / resource["path"],
        title=resource["title"],
        description=resource["description"],
        fields=tuple(
            Field(f["name"], f["type"], f.get("unit", ""), f.get("description", ""), f.get("constraints", {}))
            for f in schema["fields"]
        ),
        primary_key=(keys,) if isinstance(keys, str) else tuple(keys),
        foreign_keys=tuple(
            (str(k["fields"]), k["reference"]["resource"], str(k["reference"]["fields"]))
            for k in schema.get("foreignKeys", [])
        ),
        warnings=tuple(resource.get("warnings", [])),
        sha256=resource["hash"].removeprefix("sha256:"),
        rows=resource["rows"],
    )


@lru_cache(maxsize=4)
def _read_sources(path: Path, _mtime: int) -> dict[str, Source]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: Source(**row) for row in csv.DictReader(file)}
