"""Areas and their counties: titles and codes, the lists of counties by year, and whether two lists agree on an area.

Titles change from list to list, so tables are joined by the area's code.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import ParameterError

__all__ = [
    "LIST_FROM", "LIST_OF_SOURCE", "absorbed", "breaks", "code_of", "counties_in_words", "list_of_year", "members",
    "of_metro", "same_counties", "titles_of",
]  # fmt: skip

# The export series takes up a new list of areas in these years; the list that each span of years follows, where we have one.
# The list of 2015 is used in place of that of 2013.
LIST_FROM = {2013: 2015, 2018: 2018, 2023: 2023}
# The list behind each table by metropolitan area, as its source record says.
LIST_OF_SOURCE = {
    "census-pep-v2019": 2018,
    "acs5-2023-chadpvo": 2023,
    "census-pep-v2024-pawebsite": 2023,
    "bea-cagdp2-2023-chadpvo": 2018,
}


@checked_arguments
def code_of(titles: pd.DataFrame, metro: str) -> str:
    """Return the code of a metropolitan area from any of its titles.

    Parameters
    ----------
    titles : pandas.DataFrame
        The dataset `metro_titles`.

    Raises
    ------
    ParameterError
        If the title is unknown or names no metropolitan area.
    """
    code = titles["cbsa_code"].get(metro)
    if pd.isna(code):
        raise ParameterError(
            f"{metro!r} is not the title of a metropolitan area with a code: choose a metro of metro_exports."
        )
    return str(code)


def titles_of(titles: pd.DataFrame, code: str) -> list[str]:
    """Return every title of an area."""
    return list(titles.index[titles["cbsa_code"] == code])


@checked_arguments
def of_metro(frame: pd.DataFrame, titles: pd.DataFrame, metro: str, column: str) -> pd.DataFrame:
    """Return the rows of a table that belong to an area under any of its titles.

    Parameters
    ----------
    column : str
        The column of the table that holds titles.

    Returns
    -------
    pandas.DataFrame
        Rows of the table, columns not indexed.
    """
    rows = frame.reset_index()
    return rows[rows[column].isin(titles_of(titles, code_of(titles, metro)))].reset_index(drop=True)


@checked_arguments
def members(counties: pd.DataFrame, code: str, delineation: int) -> frozenset[str]:
    """Return the counties of an area by a list; none if we do not have the list or it lacks the area."""
    rows = counties.reset_index()
    return frozenset(rows.loc[(rows["cbsa_code"] == code) & (rows["delineation"] == delineation), "county_fips"])


@checked_arguments
def same_counties(counties: pd.DataFrame, code: str, first: int | None, second: int | None) -> bool | None:
    """Return whether an area had the same counties in two lists, or None where we do not have one of them.

    Parameters
    ----------
    counties : pandas.DataFrame
        The dataset `metro_counties`.
    first, second : int or None
        Years of lists.
    """
    if first is None or second is None:
        return None
    a, b = (members(counties, code, year) for year in (first, second))
    return None if not a or not b else a == b


@checked_arguments
def list_of_year(year: int) -> int | None:
    """Return the list of areas that the export series follows in a year, or None before the first list that we have."""
    starts = [start for start in LIST_FROM if start <= year]
    return LIST_FROM[max(starts)] if starts else None


def breaks(by_year: pd.DataFrame, counties: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the years in which the export series took up a new list of areas, and whether the area kept its counties.

    Returns
    -------
    pandas.DataFrame
        Indexed by the first year under the new list: kept (True, False, or None where we lack a list), words.
    """
    rows = []
    for year, chosen in LIST_FROM.items():
        if not (by_year.index.min() < year <= by_year.index.max()):
            continue
        kept = same_counties(counties, code, list_of_year(year - 1), chosen)
        old, new = (members(counties, code, y) if y else frozenset() for y in (list_of_year(year - 1), chosen))
        words = {
            True: "same counties in both lists",
            None: "not known whether the counties are the same: a list is not in our data",
        }.get(kept, f"counties added: {len(new - old)}; dropped: {len(old - new)}")
        rows.append((year, kept, words))
    return pd.DataFrame(rows, columns=["year", "kept", "words"]).set_index("year").astype({"kept": object})


@checked_arguments
def absorbed(counties: pd.DataFrame, code: str, old: int | None, new: int | None) -> set[str]:
    """Return the other areas of an old list that together are what an area gained by a newer one; none if that does not come out even."""
    if old is None or new is None:
        return set()
    before, after = members(counties, code, old), members(counties, code, new)
    gained = after - before
    if not gained or not before <= after:
        return set()
    rows = counties.reset_index()
    rows = rows[rows["delineation"] == old]
    inside = {area for area, group in rows.groupby("cbsa_code") if set(group["county_fips"]) <= gained}
    covered = set(rows.loc[rows["cbsa_code"].isin(inside), "county_fips"])
    return inside if covered == gained else set()


def counties_in_words(names: frozenset[str]) -> str:
    return f"{len(names)} {'county' if len(names) == 1 else 'counties'}"
