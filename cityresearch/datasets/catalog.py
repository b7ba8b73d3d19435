"""The catalog: what `data/raw/datapackage.json` and `data/raw/sources.csv` say about datasets and sources.

The description format is Frictionless Data Package, so other tools read it too. Properties of our own are, on a field, `unit` and, for
a cell that holds several values, `list` (the separator) with `references` (what each value points to); on a resource, `group`, `state`
(where all rows are about one), `warnings`, `source_licenses` and `expected` (what the table had when it was stored, so that a later import
cannot lose rows unnoticed).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.datasets import ledger_tables, store
from cityresearch.datasets.text_tables import rows_of
from cityresearch.errors import DataError
from cityresearch.files import version
from cityresearch.suggestions import hint

__all__ = [
    "NOT_COMPARABLE", "WARNINGS", "Dataset", "Expected", "Field", "Source", "boundary", "dataset", "dataset_of", "dataset_with_key",
    "datasets", "file_of", "package_key", "source", "sources",
]  # fmt: skip

WARNINGS = (
    "reconstructed",
    "secondary copy",
    "re-exports included",
    "never revised",
    "first release",
    "revised",
    "mixed delineation",
    "five-year average",
    "partial coverage",
    "printed in words",
    "rounded",
    "facts of third parties: cite",
)
NOT_COMPARABLE = "not comparable with "  # followed by the name of a dataset


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, Frictionless type, unit, meaning, constraints and, for lists in a cell, the separator."""

    name: str
    type: str
    unit: str
    description: str
    constraints: dict[str, Any]
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table held when it was stored: rows, and the span and number of values of one column."""

    rows: int
    column: str = ""
    first: str = ""
    last: str = ""
    distinct: int = 0


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of `data/raw` as the data package describes it; `absent` is one of the ledger's that a project does without."""

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
    group: str
    licenses: tuple[str, ...]
    expected: Expected
    state: str = ""
    absent: bool = False

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
    license: str
    official: str
    note: str

    @property
    def is_official(self) -> bool:
        """Whether a public body published it; a copy of such a figure by others is not official."""
        return self.official == "true"

    @property
    def citation(self) -> str:
        """A source line for a figure: publisher, title, date."""
        date = f" ({self.published})" if self.published else ""
        return f"{self.publisher}, {self.title}{date}"


def datasets() -> dict[str, Dataset]:
    """Return every dataset by name, in the order of the data package."""
    return _read_package(*package_key())


def package_key() -> tuple[Path, int]:
    """Return the data package's path and time of change, the key of a cached reading, and note that it is read."""
    return _version(paths.raw() / "datapackage.json")


def dataset(name: str) -> Dataset:
    """Return one dataset's record.

    A table of the ledger that the data package does not have is `absent`: it has its schema and no rows.

    Raises
    ------
    DataError
        If none has that name.
    """
    return dataset_with_key(name)[1]


def dataset_with_key(name: str) -> tuple[tuple[Path, int], Dataset]:
    """Return `package_key` and the dataset's record by that reading of the data package.

    Raises
    ------
    DataError
        As `dataset`.
    """
    key = package_key()
    found = _read_package(*key)
    if not isinstance(name, str) or name not in found:
        if isinstance(name, str) and name in ledger_tables.ledger_tables():
            return key, _absent(name, paths.raw())
        wanted = name.removesuffix(".csv") if isinstance(name, str) else ""
        shown = " ".join(repr(name).split())[:60]
        raise DataError(f"No dataset is called {shown}{hint(wanted, found, 'there are ' + ', '.join(found))}")
    return key, found[name]


def file_of(name: str) -> str:
    """Return a dataset's file as messages name it: its path below the project folder."""
    path = dataset(name).path
    return path.relative_to(paths.root()).as_posix() if path.is_relative_to(paths.root()) else str(path)


def boundary(name: str) -> Path:
    """Return the GeoJSON file of a set of outlines (us_states, us_counties or countries), its checksum verified.

    Raises
    ------
    DataError
        If none has that name, or the file is not the one that the data package records.
    """
    found = _read_boundaries(*package_key())
    if name not in found:
        raise DataError(f"No boundaries are called {name!r}: there are {', '.join(found)}.")
    path, sha256 = found[name]
    _verify(path, *_version(path)[1:], sha256)
    return path


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
        return path, version(path)
    except OSError:
        raise DataError(f"{path} is not there: restore it from the repository.") from None


@lru_cache(maxsize=4)
def _read_package(path: Path, _mtime: int) -> dict[str, Dataset]:
    found = {}
    for resource in _resources(path):
        if "schema" not in resource:
            continue
        try:
            found[resource["name"]] = dataset_of(resource, path.parent)
        except (KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{path}, dataset {resource['name']}: the record is not whole ({type(error).__name__}: {error}): restore it from the "
                "repository."
            ) from None
    return found


@lru_cache(maxsize=32)
def _absent(name: str, folder: Path) -> Dataset:
    described = {"hash": "", "rows": 0, **ledger_tables.resource(name)}
    return replace(dataset_of(described, folder), absent=True)


@lru_cache(maxsize=4)
def _read_boundaries(path: Path, _mtime: int) -> dict[str, tuple[Path, str]]:
    return {
        r["name"]: (path.parent / r["path"], r["hash"].removeprefix("sha256:"))
        for r in _resources(path)
        if r.get("format") == "geojson"
    }


def _resources(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not readable JSON ({error}): restore it from the repository.") from None
    found = content.get("resources") if isinstance(content, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) and "name" in item for item in found):
        raise DataError(
            f"{path} lists no resources with names, as a data package does: restore it from the repository."
        )
    return found


@lru_cache(maxsize=8)
def _verify(path: Path, _mtime: int, sha256: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise DataError(
            f"{path} is not the file that data/raw/datapackage.json records (SHA-256 {found[:12]}..., expected "
            f"{sha256[:12]}...): restore it with git checkout, or convert it again with tools/convert_boundaries.py."
        )


def dataset_of(resource: dict[str, Any], folder: Path) -> Dataset:
    """Return the dataset that a resource of the data package describes; `folder` is the one of the package.

    Raises
    ------
    DataError
        If it has a warning that is not one of `WARNINGS`.
    KeyError
        If the record is not whole.
    """
    schema = resource["schema"]
    keys = schema.get("primaryKey", [])
    for warning in resource.get("warnings", []):
        if warning not in WARNINGS and not warning.startswith(NOT_COMPARABLE):
            raise DataError(
                f"Dataset {resource['name']} has the unknown warning {warning!r} in datapackage.json: use one of "
                f"{', '.join(WARNINGS)}, or {NOT_COMPARABLE}and a dataset."
            )
    return Dataset(
        name=resource["name"],
        path=folder / resource["path"],
        title=resource["title"],
        description=resource["description"],
        fields=tuple(
            Field(
                f["name"],
                f["type"],
                f.get("unit", ""),
                f.get("description", ""),
                f.get("constraints", {}),
                f.get("list", ""),
            )
            for f in schema["fields"]
        ),
        primary_key=(keys,) if isinstance(keys, str) else tuple(keys),
        foreign_keys=tuple(
            (str(k["fields"]), k["reference"]["resource"], str(k["reference"]["fields"]))
            for k in schema.get("foreignKeys", [])
        )
        + tuple(
            (f["name"], f["references"]["resource"], f["references"]["fields"])
            for f in schema["fields"]
            if "references" in f
        ),
        warnings=tuple(resource.get("warnings", [])),
        sha256=resource["hash"].removeprefix("sha256:"),
        rows=resource["rows"],
        group=resource.get("group", ""),
        licenses=tuple(resource.get("source_licenses", [])),
        expected=Expected(**resource.get("expected", {"rows": 0})),
        state=resource.get("state", ""),
    )


@lru_cache(maxsize=4)
def _read_sources(path: Path, _mtime: int) -> dict[str, Source]:
    rows = rows_of(path.read_bytes(), path, [field.name for field in fields(Source)])
    return {row["source_id"]: Source(**row) for row in rows}
