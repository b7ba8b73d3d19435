"""Ports: shares of the nation's containers under each base, and the value of exports.

Counts come from `containers.settled`, one kind of count at a time. A share only makes sense if both numbers are counted
the same way, in one direction and period; anything else must be asked for and is said with the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import ParameterError
from cityresearch.measures.containers import LA, LB, OAK, US_TRACKED, as_published, teu
from cityresearch.measures.published import observed
from cityresearch.numbers.intervals import Interval, exact, plain
from cityresearch.numbers.quantity import Missing, Quantity, share, together, unique

__all__ = [
    "REGIONS", "REGION_NAMES", "WEST_COAST", "months_share", "of_nation", "over_repeated_total",
    "ports_in_words", "ports_of", "regional", "remainder", "share_over", "us_by_bills", "us_by_month",
    "us_by_share",
    "value_of_exports",
]  # fmt: skip

REGIONS: Mapping[str, tuple[str, ...]] = {
    "los-angeles": (LA,),
    "long-beach": (LB,),
    "oakland": (OAK,),
    "san-pedro-bay": (LA, LB),
    "three-ports": (LA, LB, OAK),
    "california": (LA, LB, OAK, "Port of Hueneme", "Port of San Diego"),
}
REGION_NAMES = {
    "los-angeles": "the port of Los Angeles",
    "long-beach": "the port of Long Beach",
    "oakland": "the port of Oakland",
    "san-pedro-bay": "Los Angeles and Long Beach",
    "three-ports": "Los Angeles, Long Beach and Oakland",
    "california": "the five container ports of California",
}
WEST_COAST = "U.S. West Coast ports (PMSA)"


def ports_of(region: str) -> tuple[str, ...]:
    """Return the ports of a region.

    Raises
    ------
    ParameterError
        If there is no such region.
    """
    if region not in REGIONS:
        raise ParameterError(f"Unknown region {region!r}: expected one of {', '.join(REGIONS)}.")
    return REGIONS[region]


def ports_in_words(region: str) -> str:
    """Return a region's ports as a sentence names them, for instance "the ports of Los Angeles and Long Beach"."""
    name = REGION_NAMES[region]
    return name if name.startswith("the ") else f"the ports of {name}"


@checked_arguments
def regional(counts: pd.DataFrame, region: str, direction: str, period: str) -> Quantity | Missing:
    """Add up a region's ports; missing if any port has no count.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region : str
        A key of `REGIONS`.
    direction : str
        For instance loaded_imports, or loaded_both_ways for imports and exports together. Exports of a year for which
        only a loaded total is published are taken from `remainder`.
    period : str
        Year or month.

    Returns
    -------
    Quantity or Missing
        TEU.
    """
    if direction == "loaded_both_ways":
        sides = [regional(counts, region, side, period) for side in ("loaded_imports", "loaded_exports")]
        return together(*sides, geography=REGION_NAMES[region], direction=direction)
    found = [_count(counts, port, direction, period) for port in ports_of(region)]
    return together(*found, geography=REGION_NAMES[region])


def _count(counts: pd.DataFrame, port: str, direction: str, period: str) -> Quantity | Missing:
    found = teu(counts, port, direction, period)
    if isinstance(found, Missing) and direction == "loaded_exports" and len(period) == 4:
        instead = remainder(counts, port, period)
        return found if isinstance(instead, Missing) else instead
    return found


@checked_arguments
def of_nation(counts: pd.DataFrame, region: str, direction: str, year: str) -> Quantity | Missing:
    """Return a region's share of the nation, where one kind of count gives part and whole.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region : str
        A key of `REGIONS`.
    direction : str
        For instance loaded_imports; of the customs-based counts also loaded_total, imports and exports together.
    year : str

    Returns
    -------
    Quantity or Missing
        Percent.
    """
    return share(regional(counts, region, direction, year), teu(counts, "United States", direction, year))


def over_repeated_total(customs: pd.DataFrame, published: pd.DataFrame, region: str) -> Quantity | Missing:
    """Return a region's share of 1997 over the other U.S. total that a later federal table prints for that year.

    Parameters
    ----------
    customs : pandas.DataFrame
        The customs-based counts, from `containers.settled`.
    published : pandas.DataFrame
        The dataset `port_containers_piers`.
    region : str
        A key of `REGIONS`.

    Returns
    -------
    Quantity or Missing
        Percent.
    """
    whole = as_published(published, "United States", "loaded_total", "1997", "bts-table11")
    return share(regional(customs, region, "loaded_total", "1997"), whole)


@checked_arguments
def us_by_month(counts: pd.DataFrame, unused: pd.DataFrame, month: str) -> Quantity | Missing:
    """Return the loaded imports of the ports that the association tracks.

    Where its table carries a misprinted row of Oakland, the total is corrected by the difference and says so. Months
    whose printed total leaves out whole coasts or New York are missing.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    unused : pandas.DataFrame
        From `containers.set_aside`.

    Returns
    -------
    Quantity or Missing
        TEU.
    """
    total = teu(counts, US_TRACKED, "loaded_imports", month)
    rows = unused[(unused["direction"] == "loaded_imports") & (unused["period"] == month)]
    printed, misprint = (rows[rows["port"] == port] for port in (US_TRACKED, OAK))
    if isinstance(total, Quantity) or printed.empty:
        return total
    if misprint.empty:
        return Missing(f"{month}: the printed total {printed['why'].iloc[0]}")
    right = teu(counts, OAK, "loaded_imports", month)
    if isinstance(right, Missing):
        return right
    difference = right.value - exact(misprint["teu"].iloc[0])
    return replace(
        right,
        value=exact(printed["teu"].iloc[0]) + difference,
        geography=US_TRACKED,
        sources=unique([*printed["source_id"], *right.sources]),
        caveats=(f"derived: printed total with Oakland's misprint corrected by {plain(difference)} TEU",),
    )


@checked_arguments
def us_by_share(counts: pd.DataFrame, observations: pd.DataFrame, direction: str, year: str) -> Quantity | Missing:
    """Return the U.S. total that a West Coast count and the West Coast's printed share imply.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    direction : {"loaded_imports", "loaded_exports", "loaded_both_ways"}

    Returns
    -------
    Quantity or Missing
        TEU, with the interval that follows from the rounding of the share.
    """
    if direction == "loaded_both_ways":
        sides = [us_by_share(counts, observations, side, year) for side in ("loaded_imports", "loaded_exports")]
        return together(*sides, geography="tracked U.S. ports", direction=direction)
    coast = teu(counts, WEST_COAST, direction, year)
    part = observed(observations, f"share_of_us_{direction.removesuffix('s')}_teu", WEST_COAST, year)
    for side in (coast, part):
        if isinstance(side, Missing):
            return side
    known = counts.loc[(WEST_COAST, year, "year", direction), "note"]
    edge = (
        f"; the count is printed as {known} {plain(coast.value)}, so a share over it is at most this" if known else ""
    )
    return replace(
        coast,
        value=coast.value / part.value * 100,
        geography="tracked U.S. ports",
        bounds=coast.interval / part.interval * Interval.point(100),
        sources=unique([*coast.sources, *part.sources]),
        caveats=(
            *coast.caveats,
            f"derived: U.S. {direction.replace('_', ' ')} implied by the West Coast's count and printed share{edge}",
        ),
    )


@checked_arguments
def us_by_bills(published: pd.DataFrame, direction: str, year: str) -> Quantity | Missing:
    """Return the nation's loaded containers of a year by bills of lading, which are neither customs-based nor the ports' own count.

    Parameters
    ----------
    published : pandas.DataFrame
        The counts of `port_containers_piers`, from `containers.settled`.
    direction : {"loaded_imports", "loaded_exports", "loaded_both_ways"}

    Returns
    -------
    Quantity or Missing
        TEU, rounded as printed.
    """
    if direction == "loaded_both_ways":
        sides = [us_by_bills(published, side, year) for side in ("loaded_imports", "loaded_exports")]
        return together(*sides, geography="United States", direction=direction)
    return teu(published, "United States", direction, year)


@checked_arguments
def remainder(counts: pd.DataFrame, port: str, year: str) -> Quantity | Missing:
    """Return a port's loaded exports of a year as loaded total less loaded imports, where only those are published."""
    whole, imports = teu(counts, port, "loaded_total", year), teu(counts, port, "loaded_imports", year)
    for side in (whole, imports):
        if isinstance(side, Missing):
            return side
    return replace(
        whole,
        value=whole.value - imports.value,
        basis=f"{whole.basis.partition(': ')[0]}: loaded_exports",
        bounds=whole.interval - imports.interval,
        sources=unique([*whole.sources, *imports.sources]),
        caveats=(
            f"{port} exports derived: loaded total {plain(whole.value)} (rounded) less imports {plain(imports.value)}",
        ),
    )


def months_share(counts: pd.DataFrame, unused: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return a region's share of the tracked ports' loaded imports for every month with a usable total.

    Returns
    -------
    pandas.DataFrame
        Indexed by month: part_teu, whole_teu, percent, caveat, sources. A month without Miami says so.
    """
    used = counts.loc[US_TRACKED].reset_index()
    corrected = unused[unused["port"] == US_TRACKED]
    months = {*used.loc[used["period_kind"] == "month", "period"], *corrected["period"]}
    rows = []
    for month in sorted(months):
        part, whole = regional(counts, region, "loaded_imports", month), us_by_month(counts, unused, month)
        found = share(part, whole)
        if isinstance(found, Quantity):
            coverage = "; ".join(c for c in found.caveats if not c.startswith("Port of"))
            rows.append((month, part.value, whole.value, found.value, coverage, found.sources))
    return pd.DataFrame(rows, columns=["month", "part_teu", "whole_teu", "percent", "caveat", "sources"]).set_index(
        "month"
    )


def share_over(months: pd.DataFrame, span: str) -> Quantity | Missing:
    """Return the share over all usable months of a year together.

    Parameters
    ----------
    months : pandas.DataFrame
        From `months_share`.
    span : str
        A year.
    """
    rows = months[months.index.str.startswith(span)]
    if rows.empty:
        return Missing(f"{span}: no month with a usable U.S. total")
    return Quantity(
        value=sum(rows["part_teu"]) / sum(rows["whole_teu"]) * 100,
        unit="percent",
        period=f"{len(rows)} months of {span}",
        basis="port_authority: loaded_imports",
        sources=unique(s for sources in rows["sources"] for s in sources),
        caveats=unique(c for c in rows["caveat"] if c),
    )


@checked_arguments
def value_of_exports(observations: pd.DataFrame, port: str, year: str) -> Quantity | Missing:
    """Return a port's exports by value: its trade times the printed share of exports in it.

    Returns
    -------
    Quantity or Missing
        USD; by port of exit, wherever the goods were made.
    """
    trade = observed(observations, "trade_value", port, year)
    part = observed(observations, "export_share_of_trade_value", port, year)
    for side in (trade, part):
        if isinstance(side, Missing):
            return side
    return Quantity(
        value=trade.value * part.value / 100,
        unit="USD",
        period=year,
        geography=port,
        basis="port_of_exit",
        sources=unique([*trade.sources, *part.sources]),
        bounds=trade.interval * part.interval / Interval.point(100),
        caveats=(f"derived: {plain(part.value)} percent of trade of more than {plain(trade.value / 10**9)} bn USD",),
    )
