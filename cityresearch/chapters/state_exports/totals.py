"""Goods exports of a state by year, without mixing downloads of the federal table.

Values are assigned to the state where goods began to move. They are published once and then revised. Several downloads
of the publisher's table are in our data, each with its own `source_id`. A change is computed inside one of them or not
at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import MixedBasisError
from cityresearch.geography import STATE_NAMES, state_name
from cityresearch.measures import comparisons, published
from cityresearch.measures.export_prices import price_change
from cityresearch.measures.exports import state_total
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing, share

__all__ = [
    "FIFTY_ONE", "by_year", "constant_change", "deflated", "growth", "latest_source", "rank", "share_among_states", "share_of_the_nation",
    "total_change", "total_in", "vintages", "with_prices",
]  # fmt: skip

# the whole of every share and rank here: all downloads have these, not all have territories or unknown origins
FIFTY_ONE = tuple(name for code, name in STATE_NAMES.items() if code not in ("PR", "VI"))


def growth(later: Quantity | Missing, earlier: Quantity | Missing) -> Quantity | Missing:
    """Return the change from an earlier to a later value of one source, in percent; missing in, missing out.

    Raises
    ------
    MixedBasisError
        If the two come from different sources, bases or vintages.
    """
    if isinstance(later, Quantity) and isinstance(earlier, Quantity) and later.sources != earlier.sources:
        raise MixedBasisError(
            f"Will not compute a change of {later.geography} from {earlier.period} to {later.period} across sources "
            f"({', '.join(earlier.sources)} and {', '.join(later.sources)}): take both values from one of them."
        )
    return comparisons.growth(later, earlier)


def latest_source(table: pd.DataFrame, years: Sequence[int]) -> str:
    """Return the latest revised download that holds all of some years, or an empty string if none does.

    Parameters
    ----------
    table : pandas.DataFrame
        The dataset `state_exports`, `state_exports_naics3` or `california_exports_by_country`.
    """
    rows = table[table["vintage"] == "revised"].reset_index()
    held: dict[str, set[int]] = defaultdict(set)
    released: dict[str, str] = {}
    for source, year, date in zip(*(rows[c].to_numpy() for c in ("source_id", "year", "released")), strict=True):
        held[source].add(year)
        released[source] = max(date, released.get(source, ""))
    fit = [source for source in sorted(held) if held[source] >= set(years)]
    return max(fit, key=lambda source: (released[source], source), default="")


@checked_arguments
def total_in(states: pd.DataFrame, state: str, year: int, source_id: str) -> Quantity | Missing:
    """Return a state's total of a year as one source has it, in USD."""
    key = (state_name(state), year, source_id)
    if key not in states.index:
        return Missing(f"{state_name(state)} {year}: no total in {source_id or 'any one source'}")
    row = states.loc[key]
    return Quantity(
        value=row["value_usd"],
        unit="USD",
        period=str(year),
        geography=state_name(state),
        basis=row["basis"],
        vintage=row["vintage"],
        sources=(source_id,),
        bounds=None if row["precision"] == 1 else Interval.around(row["value_usd"], row["precision"]),
    )


@checked_arguments
def total_change(states: pd.DataFrame, *, state: str, year: int, base: int) -> Quantity | Missing:
    """Return the change of a state's total between two years of the latest download that holds both, in percent."""
    source_id = latest_source(states, [base, year])
    if not source_id:
        return Missing(f"{base} to {year}: no one download holds both years")
    return growth(total_in(states, state, year, source_id), total_in(states, state, base, source_id))


@checked_arguments
def by_year(states: pd.DataFrame, *, state: str) -> pd.DataFrame:
    """Return a state's exports year by year with share and rank among the fifty states and the District of Columbia.

    Parameters
    ----------
    states : pandas.DataFrame
        The dataset `state_exports`.
    state : str
        Postal code.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: value_usd, share_percent and rank within the same download (missing for territories),
        change_percent (from the year before, inside one download; missing where no download holds both), source_id. One
        row per year, latest download first.
    """
    name, rows = state_name(state), states.reset_index()
    rows = rows[(rows["vintage"] == "revised") & (rows["precision"] == 1)]
    found = []
    for year in sorted(rows.loc[rows["state"] == name, "year"].unique()):
        source_id = latest_source(rows[rows["state"] == name], [year])
        peers = rows[(rows["year"] == year) & (rows["source_id"] == source_id) & rows["state"].isin(FIFTY_ONE)]
        peers = peers.set_index("state")["value_usd"]
        value = int(states.loc[(name, year, source_id), "value_usd"])
        whole = len(peers) == len(FIFTY_ONE) and name in peers.index
        change = total_change(states, state=state, year=year, base=year - 1)
        found.append(
            {
                "year": int(year),
                "value_usd": value,
                "share_percent": value / int(peers.sum()) * 100 if whole else None,
                "rank": int((peers > value).sum()) + 1 if whole else None,
                "change_percent": None if isinstance(change, Missing) else float(change.value),
                "source_id": source_id,
            }
        )
    columns = ["year", "value_usd", "share_percent", "rank", "change_percent", "source_id"]
    table = pd.DataFrame(found, columns=columns).astype(
        {"rank": "Int64", "share_percent": float, "change_percent": float}
    )
    return table.set_index("year")


@checked_arguments
def vintages(states: pd.DataFrame, *, state: str) -> pd.DataFrame:
    """Return first releases with the latest revised download of the same years.

    Returns
    -------
    pandas.DataFrame
        Indexed by year, only years with both: first_usd, first_precision, revised_usd, revision_percent, first_source,
        revised_source.
    """
    rows = states.reset_index()
    rows = rows[rows["state"] == state_name(state)]
    found = []
    for row in rows[rows["vintage"] == "first_release"].itertuples():
        revised = rows[(rows["vintage"] == "revised") & (rows["year"] == row.year)].sort_values("released").tail(1)
        for later in revised.itertuples():
            found.append(
                {
                    "year": row.year,
                    "first_usd": row.value_usd,
                    "first_precision": row.precision,
                    "revised_usd": later.value_usd,
                    "revision_percent": (later.value_usd / row.value_usd - 1) * 100,
                    "first_source": row.source_id,
                    "revised_source": later.source_id,
                }
            )
    columns = [
        "year",
        "first_usd",
        "first_precision",
        "revised_usd",
        "revision_percent",
        "first_source",
        "revised_source",
    ]
    return pd.DataFrame(found, columns=columns).set_index("year").sort_index()


@checked_arguments
def rank(years: pd.DataFrame, *, state: str, year: int) -> Quantity | Missing:
    """Return a state's rank in a year among the fifty states and the District of Columbia; territories have none.

    Parameters
    ----------
    years : pandas.DataFrame
        From `by_year`.
    """
    if year not in years.index or pd.isna(years.at[year, "rank"]):
        return missing(f"{state_name(state)} is not ranked among the states")
    return Quantity(int(years.at[year, "rank"]), "rank", str(year), state_name(state))


@checked_arguments
def share_among_states(years: pd.DataFrame, *, state: str, year: int) -> Quantity | Missing:
    """Return a state's share of the exports of the fifty states and the District of Columbia, in percent.

    Parameters
    ----------
    years : pandas.DataFrame
        From `by_year`.
    """
    if year not in years.index or pd.isna(years.at[year, "share_percent"]):
        return missing(f"{state_name(state)} is not one of them")
    return Quantity(str(years.at[year, "share_percent"]), "percent", str(year), state_name(state))


@checked_arguments
def share_of_the_nation(states: pd.DataFrame, observations: pd.DataFrame, *, state: str) -> Quantity | Missing:
    """Return a state's share of all exports of the nation, in first releases of the latest year that has both.

    Parameters
    ----------
    states, observations : pandas.DataFrame
        The datasets `state_exports` and `export_observations`.

    Returns
    -------
    Quantity or Missing
        Percent; the whole includes exports of unknown origin.
    """
    first = states[states["vintage"] == "first_release"].reset_index()
    for year in sorted(first.loc[first["state"] == state_name(state), "year"], reverse=True):
        nation = published.observed(observations, "us_goods_exports", "United States", str(year))
        if isinstance(nation, Quantity):
            own = state_total(states, state=state, year=int(year), vintage="first_release")
            return share(own, nation, across=["basis", "vintage"])
    return missing(f"no first release of {state_name(state)} has a total of the nation to divide by")


@checked_arguments
def with_prices(years: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Add to each year's change that of U.S. export prices and what is left at constant prices.

    The index is that of the nation for the nation's mix of goods. A state sells another mix, so what is left is not its real growth, only
    the best that a published index allows.

    Parameters
    ----------
    years : pandas.DataFrame
        From `by_year`.
    prices : pandas.DataFrame
        The dataset `export_price_index`.

    Returns
    -------
    pandas.DataFrame
        `years` with prices_percent, constant_percent (both from the year before, missing where the change is) and price_months.
    """
    found = [
        None if pd.isna(r.change_percent) else price_change(prices, year=r.Index, base=r.Index - 1)
        for r in years.itertuples()
    ]
    rise = pd.Series([None if f is None else f[0] for f in found], index=years.index, dtype=float)
    return years.assign(
        prices_percent=rise,
        constant_percent=deflated(years["change_percent"], rise),
        price_months=pd.array([None if f is None else f[1] for f in found], dtype="Int64"),
    )


@checked_arguments
def constant_change(years: pd.DataFrame, *, year: int) -> Quantity | Missing:
    """Return a year's change at constant U.S. export prices, in percent, from `with_prices`."""
    if year not in years.index or pd.isna(years.at[year, "constant_percent"]):
        return missing(f"{year - 1} to {year}: no change in one download, or no prices of both years")
    return Quantity(str(years.at[year, "constant_percent"]), "percent", f"{year - 1} to {year}")


def deflated(change, rise):
    """Return what is left of a change in percent after one of prices."""
    return ((1 + change / 100) / (1 + rise / 100) - 1) * 100
