"""Counts of a region's ports over time, and shares by base, as the tables that charts and regressions take."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.ports.shares import (
    WEST_COAST,
    months_share,
    of_nation,
    over_repeated_total,
    ports_in_words,
    ports_of,
    regional,
    share_over,
    us_by_share,
)
from cityresearch.measures.comparisons import growth
from cityresearch.measures.containers import teu
from cityresearch.numbers.quantity import Missing, Quantity, share

__all__ = [
    "DIRECTIONS", "WAYS", "about", "by_month", "by_year", "derived_since", "for_readers", "latest_changes",
    "months_by_port", "shares_by_base", "shares_for_readers", "total_of_1997_in_words",
]  # fmt: skip

DIRECTIONS = {"loaded_imports": "loaded imports", "loaded_exports": "loaded exports", "total": "all containers"}
WAYS = {"loaded_imports": "imports", "loaded_exports": "exports"}
_COLUMNS = {
    "period_kind": "kind of period", "direction": "counted", "teu": "TEU", "derived": "follows from",
    "why": "set aside because", "source_id": "source",
}  # fmt: skip


def by_month(counts: pd.DataFrame, region: str, direction: str) -> pd.Series:
    """Return a region's monthly counts to the box; months in which any port lacks one are left out.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region : str
        A key of `shares.REGIONS`.
    direction : str
        For instance loaded_imports or total.

    Returns
    -------
    pandas.Series
        TEU, indexed by monthly period, ascending.
    """
    wide = _monthly(counts, ports_of(region), direction)
    wide = wide.dropna() if len(wide.columns) == len(ports_of(region)) else wide.iloc[:0]
    months = pd.PeriodIndex(wide.index, freq="M")
    return pd.Series(wide.sum(axis=1).to_numpy(), index=months, name=direction, dtype=float)


def months_by_port(counts: pd.DataFrame, region: str, direction: str, *, since: str) -> pd.DataFrame:
    """Return the monthly counts of each port of a region, and of all together if it has several.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region, direction : str
        As for `by_month`.
    since : str
        First month, for instance 2024-01.

    Returns
    -------
    pandas.DataFrame
        Columns x (year and fraction, the middle of the month), series, value (thousand TEU; missing where we have no
        count), month (YYYY-MM), sources (tuple of ids; of a sum none of its own).
    """
    wide = _monthly(counts, ports_of(region), direction)
    wide = wide[wide.index >= since]
    if wide.empty:
        return pd.DataFrame(columns=["x", "series", "value", "month", "sources"])
    sources = _monthly(counts, ports_of(region), direction, "sources")
    months = pd.period_range(since, wide.index.max(), freq="M")
    found = {
        port.removeprefix("Port of "): (wide[port], sources[port]) for port in ports_of(region) if port in wide.columns
    }
    if len(ports_of(region)) > 1:
        all_ports = by_month(counts, region, direction)
        all_ports.index = all_ports.index.astype(str)
        found["together"] = (all_ports[all_ports.index >= since], pd.Series(dtype=object))
    rows = [
        {
            "x": month.year + (month.month - 0.5) / 12,
            "series": name,
            "value": values.get(str(month), float("nan")) / 1e3,
            "month": str(month),
            "sources": read_in.get(str(month), ()),
        }
        for name, (values, read_in) in found.items()
        if len(values)
        for month in months
    ]
    return pd.DataFrame(rows)


@checked_arguments
def by_year(counts: pd.DataFrame, region: str, direction: str, *, first: int) -> pd.DataFrame:
    """Return each port's yearly counts from a year on, with missing years as gaps.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region, direction : str
        As for `by_month`.
    first : int
        The first year.

    Returns
    -------
    pandas.DataFrame
        Columns x (year), series (the port), value (TEU, missing where we have no count), precision (TEU), derived (how
        the count follows from others), sources. Ports without any count are left out.
    """
    columns = ["x", "series", "value", "precision", "derived", "sources"]
    rows = counts.reset_index()
    rows = rows[
        (rows["period_kind"] == "year") & (rows["direction"] == direction) & rows["port"].isin(ports_of(region))
    ]
    rows = rows.assign(x=rows["period"].astype(int)).rename(columns={"teu": "value"})
    rows = rows[rows["x"] >= first]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    years = pd.RangeIndex(first, int(rows["x"].max()) + 1, name="x")
    frames = [
        rows[rows["port"] == port].set_index("x").reindex(years).reset_index().assign(series=port)[columns]
        for port in ports_of(region)
        if port in set(rows["port"])
    ]
    return pd.concat(frames, ignore_index=True)


def latest_changes(counts: pd.DataFrame, region: str, direction: str) -> pd.DataFrame:
    """Compare the newest year in which a port of a region has a count with the year before.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region, direction : str
        As for `by_month`.

    Returns
    -------
    pandas.DataFrame
        Indexed by port, for readers: the two counts, the change in percent, the range that rounding in the sources
        allows, and how a count was derived or what is missing.
    """
    years = by_year(counts, region, direction, first=0).dropna(subset="value")["x"]
    if years.empty:
        return pd.DataFrame()
    newest = int(years.max())
    rows = []
    for port in ports_of(region):
        now, before = (teu(counts, port, direction, str(year)) for year in (newest, newest - 1))
        change = growth(now, before)
        row = {"port": port, f"TEU, {newest - 1}": _whole(before), f"TEU, {newest}": _whole(now)}
        if isinstance(change, Missing):
            row |= {"change, percent": "", "range that rounding allows": "", "note": change.reason}
        else:
            low, high = (round(float(end), 1) + 0 for end in (change.interval.low, change.interval.high))
            row |= {
                "change, percent": f"{float(change.value):+.1f}",
                "range that rounding allows": f"{low:+.1f} to {high:+.1f}" if change.bounds else "",
                "note": "; ".join(change.caveats),
            }
        rows.append(row)
    return pd.DataFrame(rows).set_index("port")


def shares_by_base(
    counts: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame, unused: pd.DataFrame, region: str
) -> pd.DataFrame:
    """Return a region's yearly shares of the nation's loaded containers under each base that has part and whole.

    Parameters
    ----------
    counts, customs : pandas.DataFrame
        The ports' own and the customs-based counts, from `containers.settled`.
    observations : pandas.DataFrame
        The dataset `port_observations`.
    unused : pandas.DataFrame
        From `containers.set_aside` of the ports' own counts.
    region : str
        A key of `shares.REGIONS`.

    Returns
    -------
    pandas.DataFrame
        Columns group (direction and kind of count), label (the year, or how many of its months), value, low and high
        (percent, with what rounding allows), caveats (text), sources.
    """
    found: dict[str, dict[int, Quantity]] = {}

    def keep(name: str, year: str, quantity: Quantity | Missing) -> None:
        if isinstance(quantity, Quantity):
            found.setdefault(name, {})[int(year)] = quantity

    for year in sorted(set(customs.index.get_level_values("period"))):
        for direction, name in (("loaded_total", "both ways"), *WAYS.items()):
            keep(f"{name}, customs-based", year, of_nation(customs, region, direction, year))
    months = months_share(counts, unused, region)
    for year in sorted({month[:4] for month in months.index}):
        keep("imports, ports' own", year, share_over(months, year))
    for year in sorted({period for port, period, kind, _ in counts.index if kind == "year" and port == WEST_COAST}):
        for direction, name in (*WAYS.items(), ("loaded_both_ways", "both ways")):
            part = regional(counts, region, direction, year)
            # a whole year goes before some of its months
            keep(f"{name}, ports' own", year, share(part, us_by_share(counts, observations, direction, year)))
    rows = [
        {
            "group": name,
            "label": quantity.period,
            "value": float(quantity.value),
            "low": float(quantity.interval.low),
            "high": float(quantity.interval.high),
            "caveats": "; ".join(quantity.caveats),
            "sources": quantity.sources,
        }
        for name, quantities in found.items()
        for _, quantity in sorted(quantities.items())
    ]
    return pd.DataFrame(rows, columns=["group", "label", "value", "low", "high", "caveats", "sources"])


def about(rows: pd.DataFrame, *regions: str) -> pd.DataFrame:
    """Return the rows on the ports of some regions and on groups of ports, without those on other single ports.

    Parameters
    ----------
    rows : pandas.DataFrame
        With a column or index level port.
    *regions : str
        Keys of `shares.REGIONS`.
    """
    rows = rows.reset_index() if "port" in rows.index.names else rows
    mine = {port for region in regions for port in ports_of(region)}
    return rows[rows["port"].isin(mine) | ~rows["port"].str.startswith("Port of")].reset_index(drop=True)


def derived_since(counts: pd.DataFrame, since: str, *regions: str) -> pd.DataFrame:
    """List the totals, imports and exports since a year or month that nobody printed but that follow from printed ones.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    since : str
        For instance 2024.
    *regions : str
        As for `about`.

    Returns
    -------
    pandas.DataFrame
        Columns port, period, direction, teu, derived.
    """
    rows = about(counts[counts["derived"] != ""], *regions)
    rows = rows[(rows["period"] >= since) & rows["direction"].isin(DIRECTIONS)]
    return rows[["port", "period", "direction", "teu", "derived"]].reset_index(drop=True)


def for_readers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of counts with columns, directions and numbers as a reader expects them, and without row numbers."""
    shown = rows.assign(
        direction=rows["direction"].str.replace("_", " "), teu=[f"{float(count):,.0f}" for count in rows["teu"]]
    )
    return shown.rename(columns=_COLUMNS).set_index("port")


def shares_for_readers(by_base: pd.DataFrame) -> pd.DataFrame:
    """Return the shares by base for readers: one decimal, the range that rounding allows, and what to know."""
    shown = pd.DataFrame(
        {
            "counted": by_base["group"],
            "period": by_base["label"],
            "percent": [f"{value:.1f}" for value in by_base["value"]],
            "range that rounding allows": [
                "" if r.low == r.high else f"{r.low:.2f} to {r.high:.2f}" for r in by_base.itertuples()
            ],
            "note": by_base["caveats"],
        }
    )
    return shown.set_index("period")


def total_of_1997_in_words(customs: pd.DataFrame, published: pd.DataFrame, region: str) -> str:
    """Say what a region's share of 1997 is under each of the two totals that federal tables print for that year.

    Parameters
    ----------
    customs : pandas.DataFrame
        The customs-based counts, from `containers.settled`.
    published : pandas.DataFrame
        The dataset `port_containers_piers`.
    region : str
        A key of `shares.REGIONS`.
    """
    two = "Two federal tables print different U.S. totals of loaded containers for 1997."
    used, other = of_nation(customs, region, "loaded_total", "1997"), over_repeated_total(customs, published, region)
    if isinstance(used, Missing) or isinstance(other, Missing):
        return f"{two} Neither gives a share of {ports_in_words(region)}, since not all of these ports have a count."
    return (
        f"{two} The share of {ports_in_words(region)} is {float(used.value):.1f} percent of the one that is used here "
        f"and {float(other.value):.1f} percent of the other."
    )


def _monthly(counts: pd.DataFrame, ports: tuple[str, ...], direction: str, column: str = "teu") -> pd.DataFrame:
    """Return a table of months by ports, of counts to the box."""
    rows = counts.reset_index()
    rows = rows[(rows["period_kind"] == "month") & (rows["direction"] == direction) & (rows["precision"] <= 1)]
    return rows[rows["port"].isin(ports)].pivot(index="period", columns="port", values=column)


def _whole(count: Quantity | Missing) -> str:
    return "" if isinstance(count, Missing) else f"{int(count):,}"
