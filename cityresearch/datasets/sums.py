"""Checks of sums: parts and wholes that are published side by side add up, within what rounding and later revisions explain.

What is known not to add up is listed in `corrections`, and must show here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.ledger_tables import needs
from cityresearch.datasets.plausible import Tables

__all__ = ["CHECKS", "EXPORTS_NEW"]

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
EXPORTS_NEW, IMPORTS_NEW = "census-api-state-2016-2025", "r2-census-stimp-2026"
# Ports revise single months after the year is out: the largest such gap in the tables is 0.08 percent.
REVISED_MONTHS = 0.001
# ITA's series is never revised, the national total is: up to 0.14 percent apart since 2009, 0.99 percent in 2008.
REVISED_NATION, REVISED_IN_2008 = 0.0015, 0.01


@needs("metro_exports", "export_observations", "state_exports")
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


@needs(
    *(
        f"{kind}_{flow}_{by}"
        for kind, by in (("california", "by_country"), ("state", "naics3"))
        for flow in ("exports", "imports")
    )
)
def countries_add_up_to_industries(given: Tables) -> Iterator[str]:
    """A state by partner country and by industry are two cuts of one total, equal to the dollar in every year."""
    for flow, download in (("exports", EXPORTS_NEW), ("imports", IMPORTS_NEW)):
        name = f"california_{flow}_by_country"
        state = dataset(name).state
        countries = given[name].groupby("year")["value_usd"].sum()
        industries = given[f"state_{flow}_naics3"]
        industries = industries[(industries["state"] == state) & (industries["source_id"] == download)]
        industries = industries.groupby("year")["value_usd"].sum()
        for year in countries.index.union(industries.index):
            if countries.get(year) != industries.get(year):
                yield f"{state} {year}: countries give {countries.get(year)}, industries {industries.get(year)} ({flow})"


@needs("state_exports_naics3", "state_imports_naics3", "state_exports", "state_imports")
def industries_add_up_to_states(given: Tables) -> Iterator[str]:
    """The totals of the states were made from the industries of the same download, so they agree to the dollar."""
    key = ["state", "year", "source_id"]
    for flow in ("exports", "imports"):
        industries = given[f"state_{flow}_naics3"].groupby(key)["value_usd"].sum()
        states = given[f"state_{flow}"].set_index(key)["value_usd"]
        for state, year, source in industries.index.intersection(states.index):
            pair = industries[state, year, source], states[state, year, source]
            if pair[0] != pair[1]:
                yield f"{state} {year} ({source}): industries give {pair[0]:,}, the total is {pair[1]:,}"


@needs("california_trade_monthly", "state_exports_earlier", "state_imports")
def months_of_trade_add_up_to_years(given: Tables) -> Iterator[str]:
    """The years before the tables of all states were made from these months, so they agree to the dollar."""
    monthly = given["california_trade_monthly"]
    state = dataset("california_trade_monthly").state
    months = monthly.assign(year=monthly["month"].str[:4].astype(int)).groupby(["flow", "year", "source_id"])
    months = months["value_usd"].agg(["size", "sum"])
    for flow, name in (("exports", "state_exports_earlier"), ("imports", "state_imports")):
        for row in given[name].query("state == @state").itertuples():
            place = flow, row.year, row.source_id
            count, total = months.loc[place] if place in months.index else (12, row.value_usd)
            if (count, total) != (12, row.value_usd):
                yield f"{name} {state} {row.year}: {count} months give {total:,} USD, the year {row.value_usd:,}"


@needs("state_exports_monthly")
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


@needs("state_exports_monthly", "state_exports", "port_containers")
def months_add_up_to_years(given: Tables) -> Iterator[str]:
    """The months make the published year and the running total, within rounding and what ports revise later."""
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


@needs("port_containers")
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


@needs("port_containers")
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


@needs("port_containers_piers")
def customs_port_parts_add_up(given: Tables) -> Iterator[str]:
    """Imports and exports of a customs port make its loaded total, within the rounding to thousands."""
    wide = given["port_containers_piers"].pivot(
        index=["port", "period", "source_id"], columns="direction", values=["teu", "precision"]
    )
    for where, miss in _gaps(wide, "loaded_total", ("loaded_imports", "loaded_exports")).items():
        yield f"port_containers_piers {'|'.join(where)}: {miss:+,.0f} against imports and exports"


CHECKS = (
    metro_rows_add_up_to_the_nation,
    countries_add_up_to_industries,
    industries_add_up_to_states,
    months_of_trade_add_up_to_years,
    kinds_of_goods_add_up,
    months_add_up_to_years,
    container_parts_add_up,
    groups_of_ports_add_up,
    customs_port_parts_add_up,
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
