"""Sister cities: ties of one list by country, and the counts of other pages next to it."""

from __future__ import annotations

import pandas as pd

from cityresearch.errors import DataError

__all__ = ["countries_named", "counts_elsewhere", "short_for", "ties"]


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
        Indexed by country, a column per city with the number of ties; countries with most ties first, cities likewise. Its `attrs` hold
        snapshot and sources. A list that does not name the countries gives no rows, and `attrs["why"]` says so.

    Raises
    ------
    DataError
        If there is no such list.
    """
    rows = sister_cities.reset_index()
    rows = rows[rows["snapshot"] == snapshot]
    if rows.empty:
        raise DataError(f"sister_cities.csv has no list of {snapshot}: choose one of its snapshots.")
    said = {"snapshot": snapshot, "sources": tuple(rows["source_id"].unique())}
    if (rows["country"].isna() | (rows["country"] == "")).any():
        table = pd.DataFrame(columns=sorted(rows["city"].unique()), index=pd.Index([], name="country"), dtype=int)
        said["why"] = (
            f"the list of {snapshot} does not name the countries, and it holds doubles and wrong links, so it is not counted or drawn"
        )
    else:
        table = pd.crosstab(rows["country"], rows["city"])
        by_country, by_city = table.sum(axis=1), table.sum(axis=0)
        countries = sorted(table.index, key=lambda c: (-by_country[c], c))
        table = table.loc[countries, sorted(table.columns, key=lambda c: (-by_city[c], c))]
    table.attrs.update(said)
    return table


def countries_named(table: pd.DataFrame) -> bool:
    """Say whether the list behind a table of `ties` names the countries."""
    return "why" not in table.attrs


def counts_elsewhere(counts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Show the ties of one list next to the counts that pages of other years print, never adding them.

    Returns
    -------
    pandas.DataFrame
        Indexed by city: in_list (missing where the list does not name the countries), elsewhere (count and date of each page),
        list_is_short (whether a page names more).
    """
    rows, known = counts.reset_index(), countries_named(table)
    out = []
    for city in table.columns:
        pages = rows[rows["city"] == city]
        words = [
            f"{int(r.count_)} ({r.as_of if isinstance(r.as_of, str) and r.as_of else 'undated'})"
            for r in pages.rename(columns={"count": "count_"}).itertuples()
        ]
        listed = int(table[city].sum()) if known else None
        out.append((city, listed, "; ".join(words), known and bool((pages["count"] > listed).any())))
    frame = pd.DataFrame(out, columns=["city", "in_list", "elsewhere", "list_is_short"])
    return frame.astype({"in_list": "Int64"}).set_index("city")


def short_for(counts: pd.DataFrame) -> str:
    """Say for which cities other pages name more ties than the list."""
    short = list(counts.index[counts["list_is_short"]])
    if not short:
        return "No other page in our data names more."
    return f"The list is not complete: other pages name more for {', '.join(short)}."
