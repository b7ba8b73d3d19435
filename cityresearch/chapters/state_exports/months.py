"""Exports month by month, each month against the same month of the year before."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import state_name

__all__ = ["against_year_before", "together"]


@checked_arguments
def against_year_before(monthly: pd.DataFrame, *, state: str) -> pd.DataFrame:
    """Compare each month with the same month of the year before, both as one edition prints them.

    Comparing the same month takes out the season; one edition takes out later revisions. `domestic` is derived: total
    less re-exports.

    Parameters
    ----------
    monthly : pandas.DataFrame
        The dataset `state_exports_monthly`.

    Returns
    -------
    pandas.DataFrame
        Indexed by month and series (total, reexports, domestic): value_usd, before_usd, change_percent, source_id;
        empty for states that the data does not have.
    """
    rows = monthly.reset_index()
    rows = rows[(rows["state"] == state_name(state)) & rows["series"].isin(["total", "reexports"])]
    wide = rows.pivot(index=["source_id", "month"], columns="series", values="value_usd")
    wide = wide.reindex(columns=["total", "reexports"]).dropna()
    wide["domestic"] = wide["total"] - wide["reexports"]
    found = []
    for source_id, month in wide.index:
        before = (source_id, f"{int(month[:4]) - 1}{month[4:]}")
        if before not in wide.index:
            continue
        for series in wide.columns:
            value, old = int(wide.at[(source_id, month), series]), int(wide.at[before, series])
            found.append((month, series, value, old, (value / old - 1) * 100, source_id))
    columns = ["month", "series", "value_usd", "before_usd", "change_percent", "source_id"]
    return pd.DataFrame(found, columns=columns).set_index(["month", "series"]).sort_index()


@checked_arguments
def together(compared: pd.DataFrame, year: int) -> pd.DataFrame:
    """Add up the compared months of a year, so that months of unlike weight do not count alike.

    Returns
    -------
    pandas.DataFrame
        Indexed by series: months, first, last, value_usd, before_usd, change_percent.
    """
    rows = compared.reset_index()
    rows = rows[rows["month"].str.startswith(f"{year}-")]
    table = rows.groupby("series").agg(
        months=("month", "size"),
        first=("month", "min"),
        last=("month", "max"),
        value_usd=("value_usd", "sum"),
        before_usd=("before_usd", "sum"),
    )
    table["change_percent"] = (table["value_usd"] / table["before_usd"] - 1) * 100
    return table
