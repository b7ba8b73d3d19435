"""What an import changes: rows added, changed and gone, and what a table covers before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cityresearch.datasets.importers.magnitude import TIMES
from cityresearch.phrases import many

__all__ = ["SUBJECTS", "VALUES", "Cells", "Changes", "described", "first_of", "merge"]

VALUES = ("value_usd", "value", "jobs", "teu", "index", "count")
# columns that say what a value is about, with its word for one and for more
SUBJECTS = {
    "cbsa_title": ("title", "titles"),
    "state": ("state", "states"),
    "country": ("country", "countries"),
    "port": ("port", "ports"),
    "geography": ("place", "places"),
}
# columns that say who gave a value and when, not what it is
PROVENANCE = {"source_id", "released", "note"}

Cells = dict[str, str]


def first_of(candidates: Sequence[str], columns: Sequence[str]) -> str:
    """Return the first candidate that is a column; an empty string if none is."""
    return next((name for name in candidates if name in columns), "")


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between a dataset and the dataset after an import."""

    name: str
    key: tuple[str, ...]
    before: tuple[Cells, ...]
    after: tuple[Cells, ...]
    added: tuple[Cells, ...]
    changed: tuple[tuple[Cells, Cells], ...]
    confirmed: int
    absent: int
    gone: int

    @property
    def any(self) -> bool:
        """Whether the table differs at all."""
        return bool(self.added or self.changed or self.gone)


def merge(
    name: str, key: Sequence[str], before: Sequence[Cells], new: Sequence[Cells], source_id: str, replace: bool
) -> Changes:
    """Merge new rows into a table.

    A row whose figures are published already keeps its first source. Rows of the same source that the file lacks stay, unless
    `replace` is true.
    """
    key = tuple(key)
    columns = list(before[0]) if before else list(new[0]) if new else []
    table = {_key(row, key): row for row in before}
    added, changed, confirmed = [], [], 0
    given = set()
    for row in new:
        place = _key(row, key)
        given.add(place)
        old = table.get(place)
        if old is None:
            added.append(row)
        elif all(old[c] == row[c] for c in columns if c not in PROVENANCE):
            confirmed += 1
            continue
        else:
            changed.append((old, row))
        table[place] = row
    absent = [place for place, row in table.items() if row.get("source_id") == source_id and place not in given]
    if replace:
        for place in absent:
            del table[place]
    after = tuple(table.values())
    if [_order(row, key) for row in before] == sorted(_order(row, key) for row in before):
        after = tuple(sorted(after, key=lambda row: _order(row, key)))
    return Changes(
        name,
        key,
        tuple(before),
        after,
        tuple(added),
        tuple(changed),
        confirmed,
        len(absent),
        len(absent) if replace else 0,
    )


def _key(row: Mapping[str, str], key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[name] for name in key)


def _order(row: Mapping[str, str], key: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((int(row[n]) if row[n].isdecimal() and len(row[n]) < 20 else 0, row[n]) for n in key)


def coverage(rows: Sequence[Cells]) -> str:
    """Say how many rows there are, of how many subjects, over which periods."""
    if not rows:
        return "no rows"
    time, subject = first_of(TIMES, list(rows[0])), first_of(SUBJECTS, list(rows[0]))
    parts = [many(len(rows), "row")]
    if subject:
        parts.append(many(len({row[subject] for row in rows}), *SUBJECTS[subject]))
    if time:
        periods = sorted({row[time] for row in rows})
        parts.append(f"{periods[0]} to {periods[-1]}" if len(periods) > 1 else periods[0])
    return ", ".join(parts)


def described(changes: Changes, most: int = 5) -> list[str]:
    """Return lines on what changes: counts, coverage, added rows by period, the largest changes."""
    kept = f"{changes.absent:,} of this source are not in the file and stay" if not changes.gone else ""
    counts = [
        f"{len(changes.added):,} added",
        f"{len(changes.changed):,} changed",
        f"{changes.gone:,} gone",
        f"{changes.confirmed:,} published already",
        kept if changes.absent else "",
    ]
    lines = [
        f"{changes.name}: rows " + ", ".join(filter(None, counts)),
        f"before: {coverage(changes.before)}",
        f"after:  {coverage(changes.after)}",
    ]
    columns = list(changes.after[0]) if changes.after else []
    time, value = first_of(TIMES, columns), first_of(VALUES, columns)
    if changes.added and time:
        by_period = Counter(row[time] for row in changes.added)
        shown = [f"{period} ({count:,})" for period, count in sorted(by_period.items())]
        lines.append("added: " + ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else ""))
    moves = sorted(
        changes.changed,
        key=lambda pair: (-abs(float(pair[1][value] or 0) - float(pair[0][value] or 0)), _key(pair[1], changes.key)),
    )
    for old, new in moves[:most]:
        lines.append(f"changed: {', '.join(_key(new, changes.key))}: {_move(old, new, value)}")
    if len(moves) > most:
        lines.append(f"and {len(moves) - most:,} smaller changes")
    return lines


def _move(old: Cells, new: Cells, value: str) -> str:
    if old[value] == new[value]:
        return "; ".join(f"{c} {old[c]!r} to {new[c]!r}" for c in old if old[c] != new[c] and c not in PROVENANCE)
    share = f" ({(float(new[value]) / float(old[value]) - 1) * 100:+.1f} %)" if float(old[value] or 0) else ""
    return f"{old[value]} to {new[value]}{share}"
