"""Refreshing: fetch a dataset from its publisher, compare it with the last vintage, and hand it to the import flow.

What each dataset's publisher is asked is in the data package (`refreshers/entries.py`). Nothing is written unless it is whole and asked
for; a vintage that lost many rows, or whose values are smaller by a factor, stops. What a refresh says has no password and no key in it,
and nothing that a terminal would act on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cityresearch import paths
from cityresearch.datasets.addresses import without_secrets
from cityresearch.datasets.catalog import dataset, sources
from cityresearch.datasets.importers import importing
from cityresearch.datasets.printable import printable
from cityresearch.datasets.refreshers import READERS
from cityresearch.datasets.refreshers.entries import Entry, entries
from cityresearch.datasets.refreshers.fetched import Asked, Fetched
from cityresearch.datasets.refreshers.keys import key_of
from cityresearch.datasets.refreshers.transport import Client, stand_in
from cityresearch.datasets.refreshers.vintages import Comparison, compared, one_series
from cityresearch.errors import DataError

__all__ = ["Refresh", "refresh", "summary"]


@dataclass(frozen=True, slots=True)
class Refresh:
    """One dataset's refresh: what it would change, or why there is nothing to do."""

    name: str
    lines: tuple[str, ...]
    changed: bool = False
    error: str = ""


def refresh(
    names: Sequence[str] = (), *, write: bool = False, new_titles: bool = False, accept_drop: bool = False
) -> list[Refresh]:
    """Fetch datasets from their publishers and import what they give.

    Parameters
    ----------
    names : sequence of str
        Datasets; all that can be fetched, and whose key is set if they need one, if left out.
    write : bool
        Write what changes; otherwise only say it.
    new_titles : bool
        Accept places that the dataset does not have yet.
    accept_drop : bool
        Accept a vintage that lost many rows, or whose values moved by a factor.

    Returns
    -------
    list of Refresh
        One per dataset; a failure of one does not stop the others.

    Raises
    ------
    DataError
        If a named dataset cannot be fetched from its publisher.
    """
    known = entries()
    for name in names:
        dataset(name)
        if name not in known:
            raise DataError(
                f"{name} states no publisher's address: `cityresearch data refresh --list` shows the datasets that do."
            )
        if not known[name].is_fetched:
            raise DataError(f"{name} is refreshed by hand: {' '.join(known[name].steps)}")
    done = []
    for name in names or [name for name, entry in known.items() if entry.is_fetched]:
        entry, key = known[name], ""
        try:
            key = key_of(entry.variable) if entry.variable else ""
            if entry.way == "key" and not key and not names:
                done.append(Refresh(name, (f"{name}: left out, {entry.variable} is not set",)))
                continue
            done.append(_refreshed(entry, key, write, new_titles, accept_drop))
        except DataError as error:
            done.append(Refresh(name, (), error=_safe(str(error), entry, key)))
    return done


def summary(done: Sequence[Refresh], *, written: bool) -> list[str]:
    """Return the lines that end a refresh."""
    if not done:
        return [
            "No dataset states a publisher's address: add refresh with way, address and source in datapackage.json."
        ]
    lines = [line for item in done for line in (item.lines or (f"{item.name}: failed: {item.error}",))]
    changed = [item.name for item in done if item.changed]
    failed = [item.name for item in done if item.error]
    same = len(done) - len(changed) - len(failed)
    lines.append(f"{len(changed)} {'changed' if written else 'would change'}, {same} unchanged, {len(failed)} failed")
    if changed and not written:
        lines.append("Nothing was written: repeat with --yes to write.")
    return lines


def _safe(text: str, entry: Entry, key: str) -> str:
    """Return a line as it may be printed, whatever a server or a file put into it."""
    text = text.replace(key, "***") if key else text
    return printable(without_secrets(text, entry.address))


def _refreshed(entry: Entry, key: str, write: bool, new_titles: bool, accept_drop: bool) -> Refresh:
    if entry.way == "key" and not key:
        raise DataError(
            f"{entry.name} needs a key of {entry.publisher}: get one at {entry.key.get('page', 'its site')} and set {entry.variable}, in the "
            "environment or in ~/.config/cityresearch/keys.toml."
        )
    if entry.reader not in READERS:
        raise DataError(
            f"datapackage.json, {entry.name}, refresh: found the reader {entry.reader!r}, expected one of {', '.join(READERS)}; fix it."
        )
    fetched = READERS[entry.reader](entry, Client((key,)), key)
    if not fetched.content:
        return Refresh(entry.name, (f"{entry.name}: the publisher's file has not changed since the last import",))
    plan = _planned(entry, fetched, new_titles)
    # what replaces a table whole has to have all of it
    comparison = compared(plan, Asked() if entry.keeps == "one" else fetched.asked)
    if (why := comparison.suspicion()) and not accept_drop:
        raise DataError(
            f"{entry.name}: {why}; look at what the publisher writes about this release, then repeat with --accept-drop if it is right."
        )
    if entry.keeps == "vintages" and not comparison.any:
        if write:
            _note_version(entry, plan, fetched)
        return Refresh(
            entry.name,
            (f"{entry.name}: the publisher gives what the last vintage ({comparison.last}) has, row by row",),
        )
    plan = one_series(plan, entry.series) if entry.keeps == "one" and comparison.any else plan
    changed = plan.any and (comparison.any or entry.keeps == "history")
    if write and changed:
        importing.write(plan, describe={"refresh": _described(entry, fetched)})
    elif write:
        _note_version(entry, plan, fetched)
    lines = _lines(entry, plan, comparison, fetched)
    return Refresh(entry.name, tuple(_safe(line, entry, key) for line in lines), changed=changed)


def _planned(entry: Entry, fetched: Fetched, new_titles: bool) -> importing.Plan:
    """Return the import of a fetched table, with a source that says where it came from."""
    today = datetime.now(UTC).date().isoformat()
    source_id = entry.source_id(today)
    page = urlunsplit(urlsplit(without_secrets(entry.address))._replace(query="", fragment=""))
    given = importing.NewSource()
    if source_id not in sources():
        title = f"{entry.source.get('title') or entry.name}, as of {today}"
        given = importing.NewSource(
            entry.publisher, title, page, today, entry.source.get("license", "us-government-work")
        )
    options = importing.Options(entry.vintage, entry.format, names=fetched.names, new_titles=new_titles)
    plan = importing.plan_content(fetched.content, fetched.file, entry.name, source_id, given, options)
    if not plan.is_new_source:
        return plan
    stand = stand_in()
    seen = (
        f"the stand-in server {stand}, not the publisher"
        if stand
        else "the publisher's server, fetched by data refresh"
    )
    return replace(plan, source=replace(plan.source, seen_in=seen, official="false" if stand else "true"))


def _lines(entry: Entry, plan: importing.Plan, comparison: Comparison, fetched: Fetched) -> list[str]:
    first, *rest = plan.lines()
    found = [f"publisher: {note}" for note in fetched.notes if not note.startswith("fetched: ")]
    version = [note for note in fetched.notes if note.startswith("fetched: ")]
    asked = [f"note: {stand_in()} was asked in place of the publisher"] if stand_in() else []
    return [first, *comparison.lines(), *found, *rest, *asked, *version]


def _described(entry: Entry, fetched: Fetched) -> dict[str, Any]:
    """Return the entry as the data package has it, with the version that was fetched."""
    package = json.loads((paths.raw() / "datapackage.json").read_text(encoding="utf-8"))
    given = next(r["refresh"] for r in package["resources"] if r["name"] == entry.name)
    version = {"etag": fetched.etag, "last_modified": fetched.last_modified}
    return {k: v for k, v in given.items() if k not in version} | {k: v for k, v in version.items() if v}


def _note_version(entry: Entry, plan: importing.Plan, fetched: Fetched) -> None:
    """Write the version that was fetched, so that the same file is not fetched again; no row changes."""
    kept = {key: value for key, value in (("etag", entry.etag), ("last_modified", entry.last_modified)) if value}
    described = _described(entry, fetched)
    if {key: described[key] for key in ("etag", "last_modified") if key in described} != kept:
        from cityresearch.datasets import store

        store.store_table(entry.name, plan.record.path.read_bytes(), describe={"refresh": described})
