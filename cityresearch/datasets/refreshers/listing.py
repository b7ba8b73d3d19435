"""The list of ways: how each dataset is refreshed, what we have of it, and whether its key is set. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.catalog import dataset, datasets, source
from cityresearch.datasets.importers.changes import first_of
from cityresearch.datasets.importers.magnitude import TIMES
from cityresearch.datasets.importers.parsed import YEAR
from cityresearch.datasets.load import read_recorded
from cityresearch.datasets.refreshers.entries import Entry, entries
from cityresearch.datasets.refreshers.keys import key_of
from cityresearch.datasets.text_tables import rows_of
from cityresearch.errors import DataError

__all__ = ["last_vintage", "lines"]


def last_vintage(name: str) -> tuple[str, str]:
    """Return the last period that a dataset has, and the id of the newest source of that period's rows."""
    record = dataset(name)
    columns = [f.name for f in record.fields]
    rows = rows_of(read_recorded(record), record.path, columns)
    time = first_of(TIMES, columns)
    last = max((row[time] for row in rows if YEAR.match(row[time])), default="") if time else ""
    ids = {row["source_id"] for row in rows if not time or row[time] == last} if "source_id" in columns else set()
    return last, max(ids, key=lambda i: (source(i).published or source(i).retrieved, i), default="")


def lines(names: Sequence[str] = ()) -> list[str]:
    """Return a few lines per dataset: its way, its address or steps, the key that is needed, and the last vintage here.

    Raises
    ------
    DataError
        If a name is not a dataset, or states no way.
    """
    known = entries()
    for name in names:
        dataset(name)
        if name not in known:
            raise DataError(f"{name} states no way to refresh it: it holds judgments, or single facts from pages.")
    chosen = [known[name] for name in names] if names else list(known.values())
    found = [line for entry in chosen for line in _of(entry)]
    if not names:
        others = len(datasets()) - len(known)
        found.append(
            f"{others} other datasets hold judgments, or single facts from pages: there is nothing to fetch for them."
        )
    return found


def _of(entry: Entry) -> list[str]:
    last, source_id = last_vintage(entry.name)
    found = [f"{entry.name}: {_way(entry)}", f"  here: to {last or 'no period'}, from {source_id or 'no source'}"]
    if entry.is_fetched:
        found.append(f"  address: {shown(entry.address)}")
    if entry.limits:
        found.append(f"  limits: {entry.limits}")
    if entry.way != "automatic":
        found += [f"  {number}. {step}" for number, step in enumerate(entry.steps, 1)]
    return found


def _way(entry: Entry) -> str:
    if entry.way == "by-hand":
        return f"by hand, from {entry.publisher}"
    if entry.way == "automatic":
        return f"automatic, from {entry.publisher or shown(entry.address)}"
    try:
        state = "set" if key_of(entry.variable) else f"not set: get one at {entry.key.get('page', 'the publisher')}"
    except DataError as error:
        state = f"not usable: {error}"
    return f"with a key, from {entry.publisher}; {entry.variable} is {state}"
