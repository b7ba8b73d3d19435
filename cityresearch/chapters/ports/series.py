"""Port series: counts over time, shares by base and jobs by study, as the frames that charts and regressions take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.ports.containers import teu
from cityresearch.chapters.ports.shares import (
    REGIONS,
    WEST_COAST,
    months_share,
    ports_of,
    regional,
    share_over,
    us_by_share,
)
from cityresearch.measures.rounding import stands_for
from cityresearch.numbers.quantity import Missing, Quantity, share, unique

__all__ = [
    "as_rows", "by_month", "by_year", "jobs_as_rows", "jobs_by_study", "months_by_port", "shares_by_base",
    "sources_of",
]  # fmt: skip


def by_month(counts: pd.DataFrame, region: str, direction: str) -> pd.Series:
    """Return a region's monthly counts to the box; months in which any port lacks one are left out.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region : str
        A key of `ports.REGIONS`.

    Returns
    -------
    pandas.Series
        TEU, indexed by monthly period, ascending.
    """
    rows = counts.reset_index()
    rows = rows[(rows["period_kind"] == "month") & (rows["direction"] == direction) & (rows["precision"] <= 1)]
    wide = rows[rows["port"].isin(ports_of(region))].pivot(index="period", columns="port", values="teu").dropna()
    if len(wide.columns) != len(ports_of(region)):
        wide = wide.iloc[:0]
    return pd.Series(
        wide.sum(axis=1).to_numpy(), index=pd.PeriodIndex(wide.index, freq="M"), name=direction, dtype=float
    )


def months_by_port(counts: pd.DataFrame, region: str, direction: str, *, since: str) -> pd.DataFrame:
    """Return the monthly counts of each port of a region, and of all together if it has several.

    Parameters
    ----------
    since : str
        First month, for instance 2024-01.

    Returns
    -------
    pandas.DataFrame
        Columns x (year and fraction, the middle of the month), series, value (thousand TEU; missing where no count is at hand).
    """
    names = {port: key for key, ports in REGIONS.items() if len(ports) == 1 for port in ports}
    found = {
        port.removeprefix("Port of "): by_month(counts, names[port], direction)
        for port in ports_of(region)
        if port in names
    }
    if len(ports_of(region)) > 1:
        found["together"] = by_month(counts, region, direction)
    found = {name: series[series.index >= since] for name, series in found.items()}
    last = max((series.index[-1] for series in found.values() if len(series)), default=None)
    months = pd.period_range(since, last, freq="M") if last is not None else []
    rows = [
        {"x": m.year + (m.month - 0.5) / 12, "series": name, "value": series.get(m, float("nan")) / 1e3}
        for name, series in found.items()
        if len(series)
        for m in months
    ]
    return pd.DataFrame(rows, columns=["x", "series", "value"])


@checked_arguments
def by_year(counts: pd.DataFrame, region: str, direction: str, *, first: int) -> pd.DataFrame:
    """Return each port's yearly counts from a year on, with missing years as gaps.

    Returns
    -------
    pandas.DataFrame
        Columns x (year), series (the port), value (TEU, missing where no count is at hand), sources. Ports without any count are left
        out.
    """
    rows = counts.reset_index()
    rows = rows[
        (rows["period_kind"] == "year") & (rows["direction"] == direction) & rows["port"].isin(ports_of(region))
    ]
    rows = rows[rows["period"].astype(int) >= first]
    if rows.empty:
        return pd.DataFrame(columns=["x", "series", "value", "sources"])
    last = int(rows["period"].max())
    frames = []
    for port in (port for port in ports_of(region) if port in set(rows["port"])):
        mine = rows[rows["port"] == port].set_index(rows.loc[rows["port"] == port, "period"].astype(int))
        frame = mine.reindex(range(first, last + 1))[["teu", "sources"]]
        frames.append(
            pd.DataFrame(
                {
                    "x": frame.index,
                    "series": port,
                    "value": frame["teu"].to_numpy(),
                    "sources": frame["sources"].to_numpy(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def shares_by_base(
    counts: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame, unused: pd.DataFrame, region: str
) -> pd.DataFrame:
    """Return a region's yearly shares of the nation's loaded containers under each base that has part and whole.

    Parameters
    ----------
    counts, customs : pandas.DataFrame
        The ports' own and the customs-based counts, from `containers.settled`.
    unused : pandas.DataFrame
        From `containers.set_aside` of the ports' own counts.

    Returns
    -------
    pandas.DataFrame
        Columns group (direction and kind of count), label (the year, or how many of its months), value, low and high (percent, with
        what rounding allows), sources.
    """
    found: dict[str, dict[int, Quantity]] = {}

    def keep(name: str, year: str, quantity: Quantity | Missing) -> None:
        if isinstance(quantity, Quantity):
            found.setdefault(name, {})[int(year)] = quantity

    years = sorted(set(customs.index.get_level_values("period")))
    for year in years:
        for direction, name in (
            ("loaded_total", "both ways"),
            ("loaded_imports", "imports"),
            ("loaded_exports", "exports"),
        ):
            whole = teu(customs, "United States", direction, year)
            keep(f"{name}, customs-based", year, share(regional(customs, region, direction, year), whole))
    months = months_share(counts, unused, region)
    for year in sorted({month[:4] for month in months.index}):
        keep("imports, ports' own", year, share_over(months, year))
    for year in sorted({period for port, period, kind, _ in counts.index if kind == "year" and port == WEST_COAST}):
        for direction, name in (
            ("loaded_imports", "imports"),
            ("loaded_exports", "exports"),
            ("loaded_both_ways", "both ways"),
        ):
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
            "sources": quantity.sources,
        }
        for name, quantities in found.items()
        for _, quantity in sorted(quantities.items())
    ]
    return pd.DataFrame(rows, columns=["group", "label", "value", "low", "high", "sources"])


def jobs_by_study(observations: pd.DataFrame, words: Iterable[str]) -> pd.DataFrame:
    """List the jobs that studies credit to ports whose geography names any of some words.

    Returns
    -------
    pandas.DataFrame
        One row per printed figure, by area and number: area, ports, year (empty if none is printed), kind, jobs, low, high, definition
        (what the source says of it), source_id.
    """
    rows = observations.reset_index().fillna({"note": ""})
    rows = rows[rows["series"].isin(["jobs_supported", "jobs_direct"])]
    rows = rows[[any(word in place for word in words) for place in rows["geography"]]]
    found = []
    for row in rows.itertuples():
        area, _, ports = row.geography.rstrip(")").partition(" (")
        if not ports or area.startswith("Port of"):
            area, ports = "Area not stated", area
        reach = stands_for(row.value, row.precision, row.note)
        found.append(
            {
                "area": area,
                "ports": ports.removeprefix("Port of "),
                "year": row.period.replace("n.d.", ""),
                "kind": "direct only" if row.series == "jobs_direct" else "supported",
                "jobs": int(row.value),
                "low": int(reach.low),
                "high": int(reach.high),
                "definition": row.note,
                "source_id": row.source_id,
            }
        )
    return pd.DataFrame(found).sort_values(["area", "jobs", "source_id"], kind="stable", ignore_index=True)


def jobs_as_rows(jobs: pd.DataFrame) -> pd.DataFrame:
    """Turn `jobs_by_study` into rows for `figures.dots`: one group per area, each line with ports, year and publisher."""
    from cityresearch.datasets.catalog import source

    labels = [
        f"{r.ports}{f' ({r.year})' if r.year else ''}{', direct only' if r.kind == 'direct only' else ''}: {source(r.source_id).publisher.partition(' (')[0]}"
        for r in jobs.itertuples()
    ]
    return pd.DataFrame(
        {"group": jobs["area"], "label": labels, "value": jobs["jobs"], "low": jobs["low"], "high": jobs["high"]}
    )


def as_rows(groups: Mapping[str, Mapping[str, Quantity | Missing]]) -> pd.DataFrame:
    """Turn named quantities in groups into rows for `figures.dots`; missing ones are left out."""
    return pd.DataFrame(
        [
            {
                "group": group,
                "label": label,
                "value": float(q.value),
                "low": float(q.interval.low),
                "high": float(q.interval.high),
            }
            for group, quantities in groups.items()
            for label, q in quantities.items()
            if isinstance(q, Quantity)
        ]
    )


def sources_of(counts: pd.DataFrame, region: str, direction: str, *, kind: str, since: str = "") -> tuple[str, ...]:
    """Return the sources of a region's counts of one direction and kind of period."""
    rows = counts.reset_index()
    rows = rows[(rows["period_kind"] == kind) & (rows["direction"] == direction) & rows["port"].isin(REGIONS[region])]
    return unique(s for sources in rows.loc[rows["period"] >= since, "sources"] for s in sources)
