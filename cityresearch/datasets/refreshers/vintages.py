"""Vintages: what a newly fetched series changes against the last one, and whether it is to be believed.

Rows are compared by what they are about (state, industry, year), whichever source gave them: with the newest row that we have of each. What
is gone is counted against the one source that has most in common with the new rows, in the periods that were asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from cityresearch.datasets.catalog import sources
from cityresearch.datasets.importers.changes import VALUES, Cells, Changes, first_of
from cityresearch.datasets.importers.importing import Plan
from cityresearch.datasets.importers.magnitude import NOT_SUBJECT, TIMES
from cityresearch.datasets.importers.new_source import as_csv
from cityresearch.datasets.refreshers.fetched import Asked

__all__ = ["Comparison", "compared", "one_series"]

MOST_GONE = 0.05  # of the last vintage's rows
FEW = 3  # rows that may be gone whatever their share
FACTOR = 2.0  # by which the sum of a period's values may move at a revision
APART = ("measure", "unit", "definition")  # columns outside a key that tell series apart
ONE_KIND = ("unit", "measure", "kind", "series")  # what a new series lacks altogether was not asked for
STEP = 4.0  # by which the middle subject may move from its last period to a new one


@dataclass(frozen=True, slots=True)
class Comparison:
    """A fetched series against the last one."""

    last: str
    value: str
    new: tuple[Cells, ...]
    revised: tuple[tuple[Cells, Cells], ...]
    same: int
    gone: tuple[Cells, ...]
    before: int
    key: tuple[str, ...]
    moved: Mapping[str, float]
    step: float | None

    @property
    def any(self) -> bool:
        """Whether the publisher says anything that we do not have."""
        return bool(self.new or self.revised or self.gone)

    def lines(self, most: int = 5) -> list[str]:
        """Return the summary: counts, the largest revisions, what is gone, and how magnitudes moved."""
        if not self.last:
            return [f"against the last vintage: there is none, {len(self.new):,} rows new"]
        lines = [
            f"against the last vintage ({self.last}): rows {len(self.new):,} new, {len(self.revised):,} revised, {len(self.gone):,} gone, "
            f"{self.same:,} the same"
        ]
        for old, new in sorted(
            self.revised, key=lambda pair: -abs(_number(pair[1], self.value) - _number(pair[0], self.value))
        )[:most]:
            share = (
                f" ({(_number(new, self.value) / _number(old, self.value) - 1) * 100:+.1f} %)"
                if _number(old, self.value)
                else ""
            )
            lines.append(f"revised: {_about(new, self.key)}: {old[self.value]} to {new[self.value]}{share}")
        if len(self.revised) > most:
            lines.append(f"and {len(self.revised) - most:,} smaller revisions")
        if self.gone:
            more = f" and {len(self.gone) - most:,} more" if len(self.gone) > most else ""
            lines.append(f"gone: {'; '.join(_about(row, self.key) for row in self.gone[:most])}{more}")
        if self.moved:
            low, high = min(self.moved.values()), max(self.moved.values())
            lines.append(f"magnitude: the sums of a period are {low:.3f} to {high:.3f} times those of the last vintage")
        if self.step is not None:
            lines.append(
                f"magnitude: the middle value of the new periods is {self.step:.3f} times that of the last period before"
            )
        return lines

    def suspicion(self) -> str:
        """Return why the series is not to be believed without a look; empty if nothing speaks against it."""
        if len(self.gone) > FEW and len(self.gone) > MOST_GONE * self.before:
            return (
                f"found {len(self.gone):,} of {self.before:,} rows of the last vintage ({self.last}) gone, such as "
                f"{_about(self.gone[0], self.key)}, expected at most {MOST_GONE:.0%}"
            )
        for period, ratio in sorted(self.moved.items()):
            if not 1 / FACTOR <= ratio <= FACTOR:
                return (
                    f"found values for {period or 'the whole'} that sum up to {ratio:.3g} times those of the last vintage ({self.last}), expected "
                    f"between {1 / FACTOR:g} and {FACTOR:g}"
                )
        if self.step is not None and not 1 / STEP <= self.step <= STEP:
            return f"found values for new periods that are {self.step:.3g} times those of the last period before, expected between {1 / STEP:g} and {STEP:g}"
        return ""


def compared(plan: Plan, asked: Asked) -> Comparison:
    """Compare the rows of a plan with what its dataset has."""
    columns = [f.name for f in plan.record.fields]
    value, time = first_of(VALUES, columns), first_of(TIMES, columns)
    key = tuple(name for name in plan.record.primary_key if name not in NOT_SUBJECT)
    key += tuple(name for name in APART if name in columns and name not in key)
    new = {_key(row, key): row for row in plan.rows}
    newest: dict[tuple[str, ...], Cells] = {}
    by_source: dict[str, dict[tuple[str, ...], Cells]] = defaultdict(dict)
    for row in sorted(
        (r for r in plan.changes.before if r.get("source_id") != plan.source.source_id or not plan.is_new_source),
        key=_day,
    ):
        newest[_key(row, key)] = row
        by_source[row.get("source_id", "")][_key(row, key)] = row
    common = {s: len(rows.keys() & new.keys()) for s, rows in by_source.items()}
    last = max(
        (s for s in common if common[s]), key=lambda s: (common[s], max(map(_day, by_source[s].values()))), default=""
    )
    kinds = {_key(row, [c for c in ONE_KIND if c in columns]) for row in plan.rows}
    before = {
        k: row
        for k, row in by_source.get(last, {}).items()
        if asked.has(row.get(time, "")) and _key(row, [c for c in ONE_KIND if c in columns]) in kinds
    }
    revised = [
        (newest[k], row) for k, row in new.items() if k in newest and _number(newest[k], value) != _number(row, value)
    ]
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for k, row in new.items():
        if k in newest:
            sums[row.get(time, "")][0] += _number(newest[k], value)
            sums[row.get(time, "")][1] += _number(row, value)
    return Comparison(
        last,
        value,
        tuple(row for k, row in new.items() if k not in newest),
        tuple(revised),
        len(new.keys() & newest.keys()) - len(revised),
        tuple(row for k, row in before.items() if k not in new),
        len(before),
        key,
        {period: after / old for period, (old, after) in sums.items() if old > 0},
        _step(new, newest, key, value, time),
    )


def one_series(plan: Plan, series: Sequence[str]) -> Plan:
    """Return the plan of a dataset that keeps one vintage: the fetched series replaces the old one whole, so that no two are mixed.

    Parameters
    ----------
    plan : Plan
    series : sequence of str
        Columns that tell the dataset's series apart, such as the unit; the whole table is one series if there are none.
    """
    record, before = plan.record, plan.changes.before
    mine = {_key(row, series) for row in plan.rows}
    key = record.primary_key
    old = {_key(row, key): row for row in before if _key(row, series) in mine}
    new = {_key(row, key): row for row in plan.rows}
    after = tuple(
        sorted((*(row for row in before if _key(row, series) not in mine), *plan.rows), key=lambda row: _key(row, key))
    )
    same = [k for k in new if k in old and all(old[k][c] == new[k][c] for c in old[k] if c not in NOT_SUBJECT)]
    changes = Changes(
        record.name,
        key,
        before,
        after,
        tuple(row for k, row in new.items() if k not in old),
        tuple((old[k], row) for k, row in new.items() if k in old and k not in same),
        len(same),
        0,
        len(old.keys() - new.keys()),
    )
    return replace(plan, changes=changes, content=as_csv(after, [f.name for f in record.fields]))


def _key(row: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[name] for name in columns)


def _about(row: Mapping[str, str], key: Sequence[str]) -> str:
    return ", ".join(row[name] for name in key)


def _day(row: Mapping[str, str]) -> str:
    """Return when a row came out, as far as the table or its source tells."""
    source = sources().get(row.get("source_id", ""))
    return row.get("released") or row.get("edition") or (source.published or source.retrieved if source else "")


def _number(row: Mapping[str, str], value: str) -> float:
    return float(row[value] or 0)


def _step(new: Mapping, newest: Mapping, key: Sequence[str], value: str, time: str) -> float | None:
    """Return by how much the middle subject moves from the last period that we have to the next one that is new."""
    if time not in key:
        return None
    at = list(key).index(time)
    known = Counter(k[at] for k in newest)
    later = sorted({k[at] for k in new if k not in newest and known and k[at] > max(known)})
    if not later:
        return None
    last = max(known)
    ratios = []
    for k, row in new.items():
        old = newest.get((*k[:at], last, *k[at + 1 :]))
        if k[at] == later[0] and old and _number(old, value) > 0:
            ratios.append(_number(row, value) / _number(old, value))
    return median(ratios) if ratios else None
