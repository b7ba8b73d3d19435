"""Checks beyond types: what the tables must say together, each with the reason why it is worth asking.

A check takes every table by name and returns its faults as sentences. Figures that are known to be wrong in their source are kept as
printed and listed in `corrections`; the checks expect to find exactly these, so a listed error that is gone is a fault too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from cityresearch.datasets import plausible, sums
from cityresearch.datasets.catalog import NOT_COMPARABLE, Dataset, dataset
from cityresearch.datasets.ledger_tables import lacking, ledger_tables, needs
from cityresearch.datasets.load import load
from cityresearch.datasets.plausible import Tables
from cityresearch.datasets.schema import converted
from cityresearch.datasets.sums import EXPORTS_NEW
from cityresearch.datasets.text_tables import Row
from cityresearch.datasets.validation import valid_rows

__all__ = ["CHECKS", "EXPORTS_OLD", "Check", "Outcome", "run", "tables"]

Check = Callable[[Tables], Iterator[str]]

EXPORTS_OLD = "census-stateexport-2013-2018"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check: its name, the sentence that says what it asks, and its faults; not run where it is about tables that are `absent`."""

    name: str
    asks: str
    faults: tuple[str, ...]
    absent: tuple[str, ...] = ()


def tables() -> dict[str, pd.DataFrame]:
    """Load and validate every dataset, with the key as ordinary columns.

    Raises
    ------
    DataError
        If a file is not the recorded one or a cell breaks its schema, with the faults of every table.
    """
    return {name: _frame(name, rows) for name, rows in valid_rows().items()}


def _frame(name: str, rows: list[Row]) -> pd.DataFrame:
    """Return valid rows as `load` gives them, the key first, without validating them a second time."""
    record = dataset(name)
    key = list(record.primary_key)
    columns = [*key, *(field.name for field in record.fields if field.name not in key)]
    text = {column: [row[column] for row in rows] for column in columns}
    return converted(pd.DataFrame(text, columns=columns, dtype=str), record)[columns]


def run(given: Tables | None = None, further: Iterable[Check] = ()) -> list[Outcome]:
    """Run every check, and any further ones, on the given tables, or on all of `data/raw`.

    Tables of the ledger that a project does without are given to them without rows; a check that is about another table which the project
    does not have is not run.
    """
    given = tables() if given is None else given
    given = {name: load(name).reset_index() for name in ledger_tables() if name not in given} | dict(given)
    return [_outcome(check, given) for check in (*CHECKS, *further)]


def _outcome(check: Check, given: Tables) -> Outcome:
    absent = lacking(check, given)
    faults = () if absent else tuple(check(given))
    return Outcome(check.__name__.replace("_", " "), (check.__doc__ or "").split("\n")[0], faults, absent)


def keys_are_unique(given: Tables) -> Iterator[str]:
    """A key names one row: with two, a lookup would silently give either."""
    for name, frame in given.items():
        key = list(dataset(name).primary_key)
        for row in frame.loc[frame.duplicated(key), key].fillna("").itertuples(index=False):
            yield f"{name}: the key {' | '.join(map(str, row))} occurs twice"


def references_resolve(given: Tables) -> Iterator[str]:
    """Every source, claim, trip and metro that a row names has a record, also where a cell lists several."""
    for name, frame in given.items():
        record = dataset(name)
        for column, target, key in record.foreign_keys:
            known = set(given[target][key]) if target in given else set()
            for element in sorted(set(elements(frame[column], record, column)) - known):
                yield f"{name}.{column}: {element} has no record in {target}"


def elements(cells: pd.Series, record: Dataset, column: str) -> list[str]:
    """Return the values of a column, lists in a cell taken apart."""
    separator = record.field(column).separator
    return [part for cell in cells.dropna() for part in (cell.split(separator) if separator else [cell])]


def warnings_name_datasets(given: Tables) -> Iterator[str]:
    """A warning against comparing two tables is of use only if the other one exists."""
    for name in given:
        for warning in dataset(name).warnings:
            if warning.startswith(NOT_COMPARABLE) and warning.removeprefix(NOT_COMPARABLE) not in given:
                yield f"{name}: the warning {warning!r} names a dataset that does not exist"


def coverage_does_not_shrink(given: Tables) -> Iterator[str]:
    """An import that lost rows, years or months would pass every other check."""
    for name, frame in given.items():
        expected = dataset(name).expected
        if len(frame) < expected.rows:
            yield f"{name}: {len(frame):,} rows, {expected.rows:,} expected"
        if not expected.column:
            continue
        found = sorted(set(frame[expected.column].dropna().astype(str)))
        if found and found[0] < expected.first:
            yield (
                f"{name}.{expected.column}: starts with {found[0]}, expected {expected.first}: fix the cell, or expected in datapackage.json"
            )
        if not found or found[0] > expected.first or found[-1] < expected.last or len(found) < expected.distinct:
            span = f"{found[0]} to {found[-1]}" if found else "nothing"
            yield (
                f"{name}.{expected.column}: {len(found)} values from {span}, expected {expected.distinct} "
                f"from {expected.first} to {expected.last}"
            )


@needs("state_exports_naics3", "state_exports")
def vintages_differ_as_reported(given: Tables) -> Iterator[str]:
    """Two vintages that turn equal, or equal ones that part, mean that one was overwritten by the other."""
    industries = given["state_exports_naics3"].set_index(["state", "naics3", "year"])
    old, new = (industries.loc[industries["source_id"] == source, "value_usd"] for source in (EXPORTS_OLD, EXPORTS_NEW))
    both = pd.concat({"old": old, "new": new}, axis=1, join="inner")
    moved = (both["old"] != both["new"]).groupby("year").sum()
    for year, expected in ((2016, False), (2017, False), (2018, True)):
        if bool(moved.get(year, -1)) != expected:
            yield f"state_exports_naics3 {year}: {moved.get(year)} cells moved between the downloads of 2020 and 2026"
    states = given["state_exports"]
    first, revised = (states[states["vintage"] == v] for v in ("first_release", "revised"))
    for row in first.merge(revised, on=["state", "year", "value_usd"]).itertuples():
        yield f"state_exports {row.state} {row.year}: the first release equals the revised value"


def corrections_still_apply(given: Tables) -> Iterator[str]:
    """A known error that is no longer in the table must leave the list, or a reader is warned of nothing."""
    found = _cells(given)
    for row in given["corrections"].itertuples():
        where = f"{row.dataset} {row.key}, {row.column}"
        cell = found.get((row.dataset, row.key), {}).get(row.column)
        if cell is None:
            yield f"{where}: there is no such row"
        elif _number(cell) != _number(row.printed) or row.printed == row.expect:
            yield f"{where}: the error is gone (found {cell}, listed {row.printed}): take it off corrections.csv"


@needs("missions", "mission_classification")
def trips_and_judgments_match(given: Tables) -> Iterator[str]:
    """The counting rules join trips and judgments: a trip without one would drop out of every count."""
    trips, judged = set(given["missions"]["mission_id"]), set(given["mission_classification"]["mission_id"])
    for trip in sorted(trips ^ judged):
        yield f"{trip} is in only one of missions and mission_classification"


@needs("metro_counties", "metro_delineation_changes")
def delineation_changes_follow_from_counties(given: Tables) -> Iterator[str]:
    """The list of changed areas is a comparison of two lists of counties, so it can be made again."""
    counties = given["metro_counties"]
    members = counties.groupby(["cbsa_code", "delineation"])["county_fips"].agg(set)
    changes = given["metro_delineation_changes"].set_index("cbsa_code")
    for code in sorted(set(counties.loc[counties["delineation"] != 2015, "cbsa_code"])):
        old, new = members.get((code, 2018), set()), members.get((code, 2023), set())
        listed = changes.loc[code] if code in changes.index else None
        if (listed is not None) != (old != new):
            yield f"{code}: the counties {'differ but it is not' if old != new else 'are equal but it is'} listed"
        elif listed is not None and old and new:
            said = [set(re.findall(r"\d{5}", str(listed[c]))) for c in ("counties_added", "counties_dropped")]
            if said != [new - old, old - new]:
                yield f"{code}: the listed counties are not those that differ"


CHECKS: tuple[Check, ...] = (
    keys_are_unique,
    references_resolve,
    warnings_name_datasets,
    coverage_does_not_shrink,
    vintages_differ_as_reported,
    corrections_still_apply,
    trips_and_judgments_match,
    delineation_changes_follow_from_counties,
    *sums.CHECKS,
    *plausible.CHECKS,
)


def _cells(given: Tables) -> dict[tuple[str, str], dict[str, object]]:
    """Return the rows that corrections name, by dataset and key."""
    found = {}
    for name, listed in given["corrections"].groupby("dataset"):
        if name not in given:
            continue
        frame = given[name]
        first, *others = (frame[column].astype("str").fillna("") for column in dataset(name).primary_key)
        keys = first.str.cat(others, sep="|") if others else first
        for position in keys.index[keys.isin(listed["key"])]:
            found[name, keys[position]] = frame.loc[position].to_dict()
    return found


def _number(cell: object) -> float | str:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return str(cell)
