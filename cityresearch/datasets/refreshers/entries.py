"""Entries: what the data package says about refreshing a dataset, in its property `refresh`.

`way` is `automatic`, `key` (a free key of the publisher is needed) or `by-hand`. The first two have a `reader` (how the publisher answers),
an `address`, `parameters` and a `source` (the beginning of the id of each vintage's source, and its title). All have the publisher's
`documentation` with the date it was read, `limits`, `terms`, and `steps` for doing it by hand. `keeps` says what happens to the old rows:
`vintages` (each refresh is a source of its own beside the old ones), `one` (the new series replaces the old one whole) or `history`
(the publisher never revises: years are only added).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cityresearch import paths
from cityresearch.datasets.catalog import dataset, datasets
from cityresearch.errors import DataError

__all__ = ["KEEPS", "NOT_CONFIRMED", "WAYS", "Entry", "entries", "faults"]

WAYS = ("automatic", "key", "by-hand")
KEEPS = ("vintages", "one", "history")
NOT_CONFIRMED = "not confirmed: no network"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TEXTS = ("publisher", "limits", "terms", "newest", "untried")
FETCHED = ("reader", "address", "source", "keeps")
OTHERS = ("way", "documentation", "steps", "parameters", "key", "format", "vintage", "series", "etag", "last_modified")


@dataclass(frozen=True, slots=True)
class Entry:
    """How one dataset is refreshed."""

    name: str
    way: str = "automatic"
    reader: str = "file"
    address: str = ""
    publisher: str = ""
    format: str = ""
    vintage: str = ""
    keeps: str = "history"
    series: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    documentation: tuple[Mapping[str, str], ...] = ()
    limits: str = ""
    terms: str = ""
    newest: str = ""
    untried: str = ""
    steps: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""

    @property
    def is_fetched(self) -> bool:
        """Whether a refresh fetches it, as opposed to a person."""
        return self.way != "by-hand"

    @property
    def variable(self) -> str:
        """The environment variable of the key; empty where none is needed."""
        return self.key.get("variable", "")

    def source_id(self, day: str) -> str:
        """Return the id of the source that a refresh of a day writes."""
        return self.source["id"] if self.keeps == "history" else f"{self.source['id']}-{day}"


def entries() -> dict[str, Entry]:
    """Return every dataset's entry by name, those without one left out.

    Raises
    ------
    DataError
        If an entry has a part that is unknown or lacks one that it needs.
    """
    datasets()
    package = json.loads((paths.raw() / "datapackage.json").read_text(encoding="utf-8"))
    return {r["name"]: _entry(r["name"], r["refresh"]) for r in package["resources"] if r.get("refresh")}


def _entry(name: str, given: Mapping[str, Any]) -> Entry:
    known = {f for f in Entry.__dataclass_fields__ if f != "name"}
    at = f"datapackage.json, {name}, refresh"
    if not isinstance(given, dict):
        raise DataError(
            f"{at}: found no object, expected one with way, address and source; restore it from the repository."
        )
    for part in given:
        if part not in known:
            raise DataError(
                f"{at}: found the unknown part {part!r}, expected some of {', '.join(sorted(known))}; fix it."
            )
    whole = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    entry = Entry(name, **whole)
    if entry.way not in WAYS:
        raise DataError(f"{at}: found the way {entry.way!r}, expected one of {', '.join(WAYS)}; fix it.")
    if entry.is_fetched and not (entry.address and entry.source.get("id")):
        lacking = "no address" if not entry.address else "no id of a source"
        raise DataError(f"{at}: found {lacking}, expected an address and a source with an id; add it.")
    if entry.way == "key" and not entry.variable:
        raise DataError(f"{at}: found no variable of the key, expected key with variable and page; add it.")
    return entry


def faults(name: str, given: Mapping[str, Any]) -> list[str]:
    """Return what a published entry lacks: stricter than `entries`, which reads the entries of a project in the making."""
    found = [f"{name}: {part} is unknown" for part in given if part not in (*TEXTS, *FETCHED, *OTHERS)]
    found += [f"{name}: {part} is missing" for part in (*TEXTS, "documentation", "steps") if not given.get(part)]
    found += [] if given.get("way") in WAYS else [f"{name}: way is none of {', '.join(WAYS)}"]
    fetched = given.get("way") != "by-hand"
    found += [f"{name}: {part} is missing" for part in FETCHED if fetched and not given.get(part)]
    found += [
        f"{name}: {part} is for a refresh that is fetched"
        for part in ("reader", "keeps")
        if not fetched and part in given
    ]
    if given.get("way") == "key" and set(given.get("key", {})) != {"variable", "page"}:
        found.append(f"{name}: key has not variable and page alone")
    if fetched and given.get("keeps") not in KEEPS:
        found.append(f"{name}: keeps is none of {', '.join(KEEPS)}")
    for page in given.get("documentation", ()):
        if set(page) != {"address", "read", "says"} or not page["says"]:
            found.append(f"{name}: a page of the documentation has not address, read and says alone")
        elif page["read"] != NOT_CONFIRMED and not (page["address"] and DATE.fullmatch(page["read"])):
            found.append(f"{name}: a page has no address, or was read on no day: {page['read']!r}")
    if fetched and given.get("keeps") == "vintages" and "source_id" not in dataset(name).primary_key:
        found.append(f"{name}: keeps vintages, but its key has no source_id")
    return found
