"""Areas and their counties: titles and codes, the lists of counties by year, and whether two lists agree on an area.

Titles change from list to list, so tables are joined by the area's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import ParameterError
from cityresearch.suggestions import hint

__all__ = [
    "LIST_FROM", "LIST_OF_SOURCE", "absorbed", "break_years", "breaks", "code_of", "counties_in_force", "counties_in_words",
    "list_changes", "list_of_year", "members", "of_metro", "same_counties", "titles_of", "unbroken",
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
            f"{metro!r} is not the title of a metropolitan area with a code; the series has no micropolitan areas"
            f"{hint(metro, titles.index[titles['cbsa_code'].notna()], 'choose a metro of metro_exports')}"
        )
    return str(code)


def _codes(titles: pd.DataFrame, metros: Sequence[str]) -> dict[str, str]:
    """Return what `code_of` does of many titles at once."""
    known = titles["cbsa_code"].reindex(list(metros))
    return {title: code if isinstance(code, str) else code_of(titles, title) for title, code in known.items()}


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


@checked_arguments
def counties_in_force(
    titles: pd.DataFrame, counties: pd.DataFrame, metros: Sequence[str], year: int
) -> dict[str, tuple[str, ...]]:
    """Return the counties of metros by the list that the export series follows in a year.

    Parameters
    ----------
    titles, counties : pandas.DataFrame
        The datasets `metro_titles` and `metro_counties`.
    metros : sequence of str
        Any titles of metropolitan areas.

    Returns
    -------
    dict of title to FIPS codes
        Sorted codes. A metro that the list lacks is left out; for 2013 to 2017 the list of 2015 answers, before 2013 none does.
    """
    chosen = list_of_year(year)
    if chosen is None:
        return {}
    by_list, codes = _by_list(counties), _codes(titles, metros)
    found = {title: by_list.get((codes[title], chosen)) for title in metros}
    return {title: tuple(sorted(listed)) for title, listed in found.items() if listed}


@checked_arguments
def list_changes(
    titles: pd.DataFrame, counties: pd.DataFrame, metros: Sequence[str], *, first: int, last: int
) -> pd.DataFrame:
    """Return, for every year in which the export series took up a new list of areas, whether each metro kept its counties.

    Parameters
    ----------
    titles, counties : pandas.DataFrame
        The datasets `metro_titles` and `metro_counties`.
    metros : sequence of str
        Any titles of metropolitan areas.
    first, last : int
        The years to be compared. A list that is new in `first` changes nothing between them.

    Returns
    -------
    pandas.DataFrame
        Indexed by cbsa_title and year (the first under the new list): kept (True, False, or None where the two lists in our data
        do not both have the area), words.
    """
    years = [year for year in LIST_FROM if first < year <= last]
    # without a new list nothing is looked up, so that a title without a code is no fault
    by_list, codes = (_by_list(counties), _codes(titles, metros)) if years else ({}, {})
    rows = [(title, year, *_kept(by_list, codes[title], year)) for title in metros for year in years]
    frame = pd.DataFrame(rows, columns=["cbsa_title", "year", "kept", "words"]).astype({"kept": object})
    return frame.set_index(["cbsa_title", "year"])


@checked_arguments
def break_years(
    titles: pd.DataFrame, counties: pd.DataFrame, metros: Sequence[str], *, first: int, last: int
) -> dict[str, tuple[int, ...]]:
    """Return the years that begin a new run of values for each metro: its counties changed, or our lists cannot tell.

    This is the one rule for lines and growth rates: a year in which the series took up a new list is a break for the metros whose
    counties differ in it, and for no other. Parameters are those of `list_changes`, which also says which of the two it is.

    Returns
    -------
    dict of title to years
        Every metro is a key; an empty tuple means one unbroken run.
    """
    kept = list_changes(titles, counties, metros, first=first, last=last)["kept"]
    cut: dict[str, tuple[int, ...]] = dict.fromkeys(metros, ())
    for (title, year), same in kept.items():
        if same is not True:
            cut[title] += (year,)
    return cut


@checked_arguments
def unbroken(first: int, last: int, cuts: Iterable[int]) -> list[tuple[int, int]]:
    """Split a span of years where new runs begin.

    Examples
    --------
    >>> unbroken(2005, 2023, [2013, 2023])
    [(2005, 2012), (2013, 2022), (2023, 2023)]
    """
    starts = [first, *sorted(year for year in set(cuts) if first < year <= last)]
    return list(zip(starts, [*(start - 1 for start in starts[1:]), last], strict=True))


def breaks(by_year: pd.DataFrame, counties: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return `list_changes` of one area over the years of its table.

    Returns
    -------
    pandas.DataFrame
        Indexed by the first year under the new list: kept (True, False, or None where we lack a list), words.
    """
    by_list = _by_list(counties)
    years = [year for year in LIST_FROM if by_year.index.min() < year <= by_year.index.max()]
    rows = [(year, *_kept(by_list, code, year)) for year in years]
    return pd.DataFrame(rows, columns=["year", "kept", "words"]).set_index("year").astype({"kept": object})


def _by_list(counties: pd.DataFrame) -> dict[tuple[str, int], frozenset[str]]:
    found: dict[tuple[str, int], set[str]] = {}
    rows = counties.reset_index()
    # as plain lists: a column of text is slow to walk through
    columns = (rows[name].to_numpy(object).tolist() for name in ("cbsa_code", "delineation", "county_fips"))
    for code, delineation, county in zip(*columns, strict=True):
        found.setdefault((code, delineation), set()).add(county)
    return {area: frozenset(inside) for area, inside in found.items()}


def _kept(by_list: dict[tuple[str, int], frozenset[str]], code: str, year: int) -> tuple[bool | None, str]:
    """Say whether an area has the same counties by the list of a year as by that of the year before, and in words."""
    old, new = (by_list.get((code, list_of_year(y)), frozenset()) for y in (year - 1, year))
    if not old or not new:
        return None, "not known whether the counties are the same: a list is not in our data"
    if old == new:
        return True, "same counties in both lists"
    return False, f"counties added: {len(new - old)}; dropped: {len(old - new)}"


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
