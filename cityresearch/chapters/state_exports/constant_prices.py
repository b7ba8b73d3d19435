"""Exports at constant prices of U.S. exports: how much of a change is dollars, and how much may be goods.

The index is that of the nation for the nation's mix of goods. A state sells another mix, so what is left of a change after its
prices are taken out is not the real growth of the state, only the best that a published index allows.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import state_in_words
from cityresearch.measures.export_prices import price_change
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["constant_change", "in_words", "with_prices"]


@checked_arguments
def with_prices(years: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Add to each year's change that of U.S. export prices and what is left at constant prices.

    Parameters
    ----------
    years : pandas.DataFrame
        From `totals.by_year`.
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
        constant_percent=_deflated(years["change_percent"], rise),
        price_months=pd.array([None if f is None else f[1] for f in found], dtype="Int64"),
    )


@checked_arguments
def constant_change(years: pd.DataFrame, *, year: int) -> Quantity | Missing:
    """Return a year's change at constant U.S. export prices, in percent, from `with_prices`."""
    if year not in years.index or pd.isna(years.at[year, "constant_percent"]):
        return missing(f"{year - 1} to {year}: no change in one download, or no prices of both years")
    return Quantity(str(years.at[year, "constant_percent"]), "percent", f"{year - 1} to {year}")


@checked_arguments
def in_words(years: pd.DataFrame, prices: pd.DataFrame, state: str) -> str:
    """Say how the last year's change and that since the first year of the same download divide into prices and the rest.

    Parameters
    ----------
    years : pandas.DataFrame
        From `with_prices`.
    prices : pandas.DataFrame
        The dataset `export_price_index`.
    """
    name = state_in_words(state)
    known = years.dropna(subset="constant_percent")
    if known.empty:
        return f"No change of {name}'s exports has prices to take out."
    last = known.iloc[-1]
    year = int(known.index[-1])
    one = years[years["source_id"] == years.at[year, "source_id"]]
    first = int(one.index[0])
    whole = (one.at[year, "value_usd"] / one.at[first, "value_usd"] - 1) * 100
    rows = prices.reset_index()
    base = int(rows["base"].iloc[0])
    told = (
        f"From {year - 1} to {year} exports of {name} changed by {last['change_percent']:+.1f} percent in dollars and prices of all "
        f"U.S. exports by {last['prices_percent']:+.1f}, so at constant U.S. export prices exports changed by "
        f"{last['constant_percent']:+.1f} percent."
    )
    if last["price_months"] < 12:
        told += f" The two years have {last['price_months']} months of the index in common."
    since = price_change(prices, year=year, base=first)
    if since is not None and first < year - 1:
        left = _deflated(whole, since[0])
        told += f" Since {first} it is {whole:+.1f} in dollars, {since[0]:+.1f} in prices and {left:+.1f} at constant prices."
    return (
        f"{told} The index is that of the Bureau of Labor Statistics for all export goods of the nation ({base} = 100, not "
        f"adjusted for season). It is not an index of {name}: where the goods of {name} became dearer than the nation's mix, the "
        "change at constant prices is too high, and too low where they became cheaper."
    )


def _deflated(change, rise):
    """Return what is left of a change in percent after one of prices."""
    return ((1 + change / 100) / (1 + rise / 100) - 1) * 100
