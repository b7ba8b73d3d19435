"""Checks beyond types: what the tables must say together, each with the reason why it is worth asking.

A check takes every table by name and returns its faults as sentences. Figures that are known to be wrong in their source are kept as
printed and listed in `corrections`; the checks expect to find exactly these, so a listed error that is gone is a fault too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from cityresearch.datasets import plausible
from cityresearch.datasets.catalog import NOT_COMPARABLE, Dataset, dataset, datasets
from cityresearch.datasets.load import load
from cityresearch.datasets.validation import refuse_faults

__all__ = ["CHECKS", "EXPORTS_NEW", "EXPORTS_OLD", "Check", "Outcome", "Tables", "run", "tables"]

Tables = Mapping[str, pd.DataFrame]
Check = Callable[[Tables], Iterator[str]]

GROUPS = {
    "San Pedro Bay ports (Los Angeles and Long Beach)": ("Port of Los Angeles", "Port of Long Beach"),
    "U.S. mainland ports (PMSA)": tuple(f"U.S. {coast} Coast ports (PMSA)" for coast in ("West", "East", "Gulf")),
}
PARTS = (
    ("total", ("loaded_imports", "loaded_exports", "empties")),
    ("total", ("loaded_imports", "loaded_exports", "empty_imports", "empty_exports")),
    ("total", ("all_imports", "all_exports")),
    ("all_imports", ("loaded_imports", "empty_imports")),
    ("all_exports", ("loaded_exports", "empty_exports")),
    ("loaded_total", ("loaded_imports", "loaded_exports")),
    ("empties", ("empty_imports", "empty_exports")),
)
EXPORTS_OLD, EXPORTS_NEW = "census-stateexport-2013-2018", "census-api-state-2016-2025"
# Ports revise single months after the year is out: the largest such gap in the tables is 0.08 percent.
REVISED_MONTHS = 0.001
# ITA's series is never revised, the national total is: up to 0.14 percent apart since 2009, 0.99 percent in 2008.
REVISED_NATION, REVISED_IN_2008 = 0.0015, 0.01


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check that was run: its name, the sentence that says what it asks, and its faults."""

    name: str
    asks: str
    faults: tuple[str, ...]


def tables() -> dict[str, pd.DataFrame]:
    """Load and validate every dataset, with the key as ordinary columns.

    Raises
    ------
    DataError
        If a file is not the recorded one or a cell breaks its schema, with the faults of every table.
    """
    refuse_faults()
    return {name: load(name).reset_index() for name in datasets()}


def run(given: Tables | None = None, further: Iterable[Check] = ()) -> list[Outcome]:
    """Run every check, and any further ones, on the given tables, or on all of `data/raw`."""
    given = tables() if given is None else given
    return [
        Outcome(check.__name__.replace("_", " "), (check.__doc__ or "").split("\n")[0], tuple(check(given)))
        for check in (*CHECKS, *further)
    ]


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
            known = set(given[target][key])
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
        if not found or found[0] > expected.first or found[-1] < expected.last or len(found) < expected.distinct:
            span = f"{found[0]} to {found[-1]}" if found else "nothing"
            yield (
                f"{name}.{expected.column}: {len(found)} values from {span}, expected {expected.distinct} "
                f"from {expected.first} to {expected.last}"
            )


def metro_rows_add_up_to_the_nation(given: Tables) -> Iterator[str]:
    """All rows of the metro series of a year are the whole country: a lost or doubled metro would show here."""
    metros = given["metro_exports"].groupby("year")["value_usd"].sum()
    nation = given["export_observations"].query("series == 'us_goods_exports' and period.str.fullmatch('[0-9]{4}')")
    for row in nation.itertuples():
        year = int(row.period)
        if year in metros.index:
            slack = max(row.precision / 2, (REVISED_IN_2008 if year == 2008 else REVISED_NATION) * row.value)
            if abs(metros[year] - row.value) > slack:
                yield f"metro_exports {year}: {metros[year]:,} USD, the nation has {row.value:,.0f} ({row.source_id})"
    listed = given["state_exports"].query("year == 2023 and source_id == 'visualcapitalist-states-2023'")
    if abs(metros.get(2023, 0) - listed["value_usd"].sum()) > listed["precision"].sum() / 2:
        yield f"metro_exports 2023: {metros.get(2023, 0):,} USD, the list of states has {listed['value_usd'].sum():,}"


def countries_add_up_to_industries(given: Tables) -> Iterator[str]:
    """A state by destination and by industry are two cuts of one total, equal to the dollar in every year."""
    state = dataset("california_exports_by_country").state
    countries = given["california_exports_by_country"].groupby("year")["value_usd"].sum()
    industries = given["state_exports_naics3"].query("state == @state and source_id == @EXPORTS_NEW")
    industries = industries.groupby("year")["value_usd"].sum()
    for year in countries.index.union(industries.index):
        if countries.get(year) != industries.get(year):
            yield f"{state} {year}: countries give {countries.get(year)}, industries {industries.get(year)}"


def industries_add_up_to_states(given: Tables) -> Iterator[str]:
    """The totals of the states were made from the industries of the same download, so they agree to the dollar."""
    key = ["state", "year", "source_id"]
    industries = given["state_exports_naics3"].groupby(key)["value_usd"].sum()
    states = given["state_exports"].set_index(key)["value_usd"]
    for state, year, source in industries.index.intersection(states.index):
        pair = industries[state, year, source], states[state, year, source]
        if pair[0] != pair[1]:
            yield f"{state} {year} ({source}): industries give {pair[0]:,}, the total is {pair[1]:,}"


def vintages_differ_as_reported(given: Tables) -> Iterator[str]:
    """Two vintages that turn equal, or equal ones that part, mean that one was overwritten by the other."""
    industries = given["state_exports_naics3"].set_index(["state", "naics3", "year"])
    old = industries.query("source_id == @EXPORTS_OLD")["value_usd"]
    new = industries.query("source_id == @EXPORTS_NEW")["value_usd"]
    both = pd.concat({"old": old, "new": new}, axis=1, join="inner")
    moved = (both["old"] != both["new"]).groupby("year").sum()
    for year, expected in ((2016, False), (2017, False), (2018, True)):
        if bool(moved.get(year, -1)) != expected:
            yield f"state_exports_naics3 {year}: {moved.get(year)} cells moved between the downloads of 2020 and 2026"
    states = given["state_exports"]
    first, revised = (states[states["vintage"] == v] for v in ("first_release", "revised"))
    for row in first.merge(revised, on=["state", "year", "value_usd"]).itertuples():
        yield f"state_exports {row.state} {row.year}: the first release equals the revised value"


def kinds_of_goods_add_up(given: Tables) -> Iterator[str]:
    """The monthly total is manufactured, other and re-exported goods: a series under a wrong name would show here."""
    frame = given["state_exports_monthly"]
    parts = ["manufactured", "nonmanufactured", "reexports"]
    wide = frame.pivot(index=["state", "month", "source_id"], columns="series", values="value_usd")
    wide = wide.reindex(columns=["total", *parts]).dropna()
    gap = wide["total"] - wide[parts].sum(axis=1)
    odd = [
        (tuple(f"{state}|{month}|{series}|{source}" for series in ("total", *parts)), f"{miss:+,.0f} against its parts")
        for (state, month, source), miss in gap[gap.abs() > 2_000_000].items()
    ]
    yield from _against(given, "state_exports_monthly", "kinds_of_goods_add_up", odd)


def months_add_up_to_years(given: Tables) -> Iterator[str]:
    """The months make the published year and the running total, within rounding and what ports revise afterwards."""
    monthly = given["state_exports_monthly"].query("series == 'total'")
    monthly = monthly.groupby(["state", "month"], as_index=False)["value_usd"].min()
    months = monthly.groupby(["state", monthly["month"].str[:4].astype(int)])["value_usd"].agg(["size", "sum"])
    for year in given["state_exports"].query("vintage == 'first_release'").itertuples():
        count, total = months.loc[year.state, year.year] if (year.state, year.year) in months.index else (0, 0)
        if count == 12 and abs(total - year.value_usd) > 13 * 500_000:
            yield f"{year.state} {year.year}: the months give {total:,} USD, the year {year.value_usd:,}"
    frame = _keyed(given["port_containers"])
    single = _corrected(frame[frame["period_kind"] == "month"], given["corrections"])
    single = single.groupby(["port", "direction", "period"])["teu"].agg(["min", "max"])
    low_of, high_of = single["min"].to_dict(), single["max"].to_dict()
    odd = []
    for row in frame[frame["period_kind"].isin(["year", "ytd"])].itertuples():
        last = 12 if row.period_kind == "year" else int(row.period[5:])
        places = [(row.port, row.direction, f"{row.period[:4]}-{month:02}") for month in range(1, last + 1)]
        if not all(place in low_of for place in places):
            continue
        low, high = (sum(values[place] for place in places) for values in (low_of, high_of))
        slack = max(row.precision / 2, REVISED_MONTHS * row.teu)
        if not low - slack <= row.teu <= high + slack:
            odd.append(((row.key,), f"{row.teu:,.0f}, but the months give {low:,.0f}"))
    yield from _against(given, "port_containers", "months_add_up_to_years", odd)


def container_parts_add_up(given: Tables) -> Iterator[str]:
    """Where one page prints a total and all its parts, a misprint or a slip in copying shows as a gap."""
    place = ["port", "period", "period_kind", "source_id"]
    wide = given["port_containers"].pivot(index=place, columns="direction", values=["teu", "precision"])
    odd = []
    for total, parts in PARTS:
        odd += [
            ((f"{port}|{period}|{kind}|{total}|{source}",), f"{miss:+,.0f} against its parts")
            for (port, period, kind, source), miss in _gaps(wide, total, parts).items()
        ]
    yield from _against(given, "port_containers", "container_parts_add_up", odd)


def groups_of_ports_add_up(given: Tables) -> Iterator[str]:
    """The total of neighboring ports is printed with them, so it shows when one row slipped."""
    place = ["period", "period_kind", "direction", "source_id"]
    wide = given["port_containers"].pivot(index=place, columns="port", values=["teu", "precision"])
    odd = []
    for group, members in GROUPS.items():
        odd += [
            (tuple("|".join((port, *where)) for port in (group, *members)), f"{miss:+,.0f} against its members")
            for where, miss in _gaps(wide, group, members).items()
        ]
    yield from _against(given, "port_containers", "groups_of_ports_add_up", odd)


def customs_port_parts_add_up(given: Tables) -> Iterator[str]:
    """Imports and exports of a customs port make its loaded total, within the rounding to thousands."""
    wide = given["port_containers_piers"].pivot(
        index=["port", "period", "source_id"], columns="direction", values=["teu", "precision"]
    )
    for where, miss in _gaps(wide, "loaded_total", ("loaded_imports", "loaded_exports")).items():
        yield f"port_containers_piers {'|'.join(where)}: {miss:+,.0f} against imports and exports"


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


def trips_and_judgments_match(given: Tables) -> Iterator[str]:
    """The counting rules join trips and judgments: a trip without one would drop out of every count."""
    trips, judged = set(given["missions"]["mission_id"]), set(given["mission_classification"]["mission_id"])
    for trip in sorted(trips ^ judged):
        yield f"{trip} is in only one of missions and mission_classification"


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
    metro_rows_add_up_to_the_nation,
    countries_add_up_to_industries,
    industries_add_up_to_states,
    vintages_differ_as_reported,
    kinds_of_goods_add_up,
    months_add_up_to_years,
    container_parts_add_up,
    groups_of_ports_add_up,
    customs_port_parts_add_up,
    corrections_still_apply,
    trips_and_judgments_match,
    delineation_changes_follow_from_counties,
    *plausible.CHECKS,
)


def _gaps(wide: pd.DataFrame, total: str, parts: tuple[str, ...]) -> pd.Series:
    """Return by how much a total misses the sum of its parts, where the rounding of all of them does not explain it."""
    names = [total, *parts]
    if not set(names) <= set(wide["teu"].columns):
        return pd.Series(dtype="float64")
    complete = wide.dropna(subset=[("teu", name) for name in names])
    gap = complete["teu"][total] - complete["teu"][list(parts)].sum(axis=1)
    return gap[gap.abs() > complete["precision"][names].sum(axis=1) / 2]


def _keyed(frame: pd.DataFrame) -> pd.DataFrame:
    key = frame[["port", "period", "period_kind", "direction", "source_id"]]
    return frame.assign(key=key.agg("|".join, axis=1))


def _corrected(frame: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Put the expected value in place of each known error, and leave out those without one."""
    listed = corrections[corrections["dataset"] == "port_containers"].set_index("key")["expect"]
    wrong = frame["key"].isin(listed.index)
    corrected = pd.to_numeric(frame["key"].map(listed), errors="coerce")
    return frame.assign(teu=corrected.where(wrong, frame["teu"])).dropna(subset=["teu"])


def _against(given: Tables, name: str, check: str, odd: list[tuple[tuple[str, ...], str]]) -> Iterator[str]:
    """Compare what this check found with the errors listed for it; any of a finding's keys may be the listed one."""
    corrections = given["corrections"].query("dataset == @name and shows_in == @check")
    listed = set(corrections["key"])
    for keys, sentence in odd:
        if not listed.intersection(keys):
            yield f"{name} {keys[0]}: {sentence}"
    for key in sorted(listed - {key for keys, _ in odd for key in keys}):
        yield f"{name} {key}: the listed error no longer shows: take it off corrections.csv"


def _cells(given: Tables) -> dict[tuple[str, str], dict[str, object]]:
    """Return the rows that corrections name, by dataset and key."""
    found = {}
    for name, listed in given["corrections"].groupby("dataset"):
        if name not in given:
            continue
        frame = given[name]
        keys = frame[list(dataset(name).primary_key)].astype("str").fillna("").agg("|".join, axis=1)
        for position in keys.index[keys.isin(listed["key"])]:
            found[name, keys[position]] = frame.loc[position].to_dict()
    return found


def _number(cell: object) -> float | str:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return str(cell)
