"""Prices of U.S. exports: how much they changed from one year to another.

The index is that of the nation for the nation's mix of goods; a state or a metro sells another mix.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments

__all__ = ["price_change", "yearly_rise"]

_INDEX = "all_commodities"


@checked_arguments
def price_change(prices: pd.DataFrame, *, year: int, base: int) -> tuple[float, int] | None:
    """Return the change of the mean index from one year to another in percent, and the months that both years have.

    A month without an index in one of the years is left out of both, so that the season of prices is not taken for a change.

    Parameters
    ----------
    prices : pandas.DataFrame
        The dataset `export_price_index`.

    Returns
    -------
    (float, int) or None
        None if the years have fewer than ten months in common.
    """
    rows = prices.reset_index()
    rows = rows[rows["series"] == _INDEX]
    by_month = {y: _months(rows, y) for y in (base, year)}
    both = sorted(set(by_month[base]) & set(by_month[year]))
    if len(both) < 10:
        return None
    before, after = (sum(by_month[y][month] for month in both) for y in (base, year))
    return (after / before - 1) * 100, len(both)


@checked_arguments
def yearly_rise(prices: pd.DataFrame, *, first: int, last: int) -> float | None:
    """Return the mean rise of the index in percent a year from one year to a later one, or None as for `price_change`.

    Parameters
    ----------
    prices : pandas.DataFrame
        The dataset `export_price_index`.
    """
    change = price_change(prices, year=last, base=first)
    return None if change is None else ((1 + change[0] / 100) ** (1 / (last - first)) - 1) * 100


def _months(rows: pd.DataFrame, year: int) -> dict[str, float]:
    mine = rows[rows["month"].str.startswith(f"{year}-")]
    return dict(zip(mine["month"].str[5:], mine["index"], strict=True))
