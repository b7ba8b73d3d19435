"""Goods exports of one metropolitan area: by year, with its place among the metros, and the stretches that compare."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import ParameterError
from cityresearch.measures import areas
from cityresearch.measures.exports import metro_value
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["exports_by_year", "main_years", "place", "stretches", "value_of"]


@checked_arguments
def exports_by_year(exports: pd.DataFrame, titles: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Return an area's exports of every year, under all its titles, with its place among the metros.

    Parameters
    ----------
    exports, titles : pandas.DataFrame
        The datasets `metro_exports` and `metro_titles`.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: title, value_usd, share_of_us (percent of all rows of the series, remainders included),
        rank_us, metros_us, rank_state, metros_state (among metros with a value whose title begins with the same state),
        source_id.
    """
    every = exports.reset_index()
    metros = every[every["kind"] == "metro"].copy()
    grouped = metros.groupby("year")["value_usd"]
    metros["rank_us"], metros["metros_us"] = grouped.rank(ascending=False, method="min"), grouped.transform("count")
    grouped = metros.groupby(["year", "state"])["value_usd"]
    metros["rank_state"], metros["metros_state"] = (
        grouped.rank(ascending=False, method="min"),
        grouped.transform("count"),
    )
    own = areas.of_metro(metros.set_index(["cbsa_title", "year"]), titles, metro, "cbsa_title")
    if own["year"].duplicated().any():
        raise ParameterError(
            f"{metro} has two values for one year under its titles {', '.join(own['cbsa_title'].unique())}."
        )
    total = every.groupby("year")["value_usd"].sum()
    own["share_of_us"] = 100 * own["value_usd"] / own["year"].map(total)
    ranks = ["rank_us", "metros_us", "rank_state", "metros_state"]
    own = own.astype(dict.fromkeys(ranks, int)).rename(columns={"cbsa_title": "title"})
    return own.set_index("year").sort_index()[["title", "value_usd", "share_of_us", *ranks, "source_id"]]


def stretches(by_year: pd.DataFrame, redrawn: pd.DataFrame) -> pd.DataFrame:
    """Return the change of exports within stretches of years that cover the same counties as far as is known.

    Parameters
    ----------
    by_year, redrawn : pandas.DataFrame
        From `exports_by_year` and `areas.breaks`.

    Returns
    -------
    pandas.DataFrame
        Columns first, last, from_usd, to_usd, change_percent, percent_per_year (mean), share_change_points (of the
        series of the country). One year alone has no change. Current dollars.
    """
    cuts = [year for year, kept in redrawn["kept"].items() if kept is not True]
    part = pd.Series([sum(year >= cut for cut in cuts) for year in by_year.index], index=by_year.index)
    rows = []
    for _, group in by_year.groupby(part):
        first, last = group.index.min(), group.index.max()
        start, end = (int(group.at[y, "value_usd"]) for y in (first, last))
        ratio = end / start if first < last and start else None
        rows.append(
            {
                "first": first,
                "last": last,
                "from_usd": start,
                "to_usd": end,
                "change_percent": None if ratio is None else 100 * (ratio - 1),
                "percent_per_year": None if ratio is None else 100 * (ratio ** (1 / (last - first)) - 1),
                "share_change_points": None
                if ratio is None
                else group.at[last, "share_of_us"] - group.at[first, "share_of_us"],
            }
        )
    return pd.DataFrame(rows)


@checked_arguments
def main_years(by_year: pd.DataFrame, redrawn: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the first and last years of every stretch, the highest and lowest value, and the year asked for."""
    found = stretches(by_year, redrawn)
    chosen = {*found["first"], *found["last"], by_year["value_usd"].idxmax(), by_year["value_usd"].idxmin(), year}
    return by_year.loc[[y for y in by_year.index if y in chosen]]


@checked_arguments
def place(by_year: pd.DataFrame, metro: str, year: int, where: str) -> Quantity | Missing:
    """Return an area's rank by exports of a year among the metros with a value.

    Parameters
    ----------
    where : {"us", "state"}
    """
    if year not in by_year.index:
        return missing(f"{metro} {year}: no value in the export series")
    row = by_year.loc[year]
    return Quantity(
        int(row[f"rank_{where}"]), "rank", period=str(year), geography=f"{metro}, of {int(row[f'metros_{where}'])}"
    )


@checked_arguments
def value_of(exports: pd.DataFrame, by_year: pd.DataFrame, metro: str, year: int) -> Quantity | Missing:
    """Return an area's exports of a year in USD, under the title that the series used in that year."""
    return metro_value(exports, by_year.at[year, "title"] if year in by_year.index else metro, year)
