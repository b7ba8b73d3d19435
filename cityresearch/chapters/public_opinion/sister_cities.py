"""Sister cities: ties of one list by country, and the counts of other pages beside it."""

from __future__ import annotations

import pandas as pd

from cityresearch.errors import DataError

__all__ = ["counts_beside", "ties"]


def ties(sister_cities: pd.DataFrame, snapshot: str) -> pd.DataFrame:
    """Count sister-city ties by partner country, from one list.

    Parameters
    ----------
    sister_cities : pandas.DataFrame
        The dataset `sister_cities`.
    snapshot : str
        Month of the list. Lists of different years are never added.

    Returns
    -------
    pandas.DataFrame
        Indexed by country, a column per city with the number of ties; countries with most ties first, cities likewise.

    Raises
    ------
    DataError
        If there is no such list, or it does not name the countries.
    """
    rows = sister_cities.reset_index()
    rows = rows[rows["snapshot"] == snapshot]
    if rows.empty:
        raise DataError(f"sister_cities.csv has no list of {snapshot}: choose one of its snapshots.")
    if (rows["country"].isna() | (rows["country"] == "")).any():
        raise DataError(
            f"The list of {snapshot} in sister_cities.csv does not name the countries: it cannot be counted by country."
        )
    table = pd.crosstab(rows["country"], rows["city"])
    by_country, by_city = table.sum(axis=1), table.sum(axis=0)
    countries = sorted(table.index, key=lambda c: (-by_country[c], c))
    return table.loc[countries, sorted(table.columns, key=lambda c: (-by_city[c], c))]


def counts_beside(counts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Set the ties of one list beside the counts that pages of other years print, never adding them.

    Returns
    -------
    pandas.DataFrame
        Indexed by city: in_list, elsewhere (count and date of each page), list_is_short (whether a page names more).
    """
    rows = counts.reset_index()
    out = []
    for city in table.columns:
        pages = rows[rows["city"] == city]
        words = [
            f"{int(r.count_)} ({r.as_of if isinstance(r.as_of, str) and r.as_of else 'undated'})"
            for r in pages.rename(columns={"count": "count_"}).itertuples()
        ]
        listed = int(table[city].sum())
        out.append((city, listed, "; ".join(words), bool((pages["count"] > listed).any())))
    return pd.DataFrame(out, columns=["city", "in_list", "elsewhere", "list_is_short"]).set_index("city")
