"""What industries and partners add to the change of a state's exports.

Points are the change of a part, divided by the state's total of the year before. They add up to the total's change.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.state_exports.totals import latest_source
from cityresearch.errors import DataError, ParameterError
from cityresearch.geography import state_name
from cityresearch.measures.published import matching
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = [
    "PARTNERS_COVER", "contributions", "industries", "industries_by_year", "industry_change", "partner_change",
    "partners", "without_extremes",
]  # fmt: skip

PARTNERS_COVER = ("CA",)  # states whose exports by country of destination are in our data
_COLUMNS = ["base_usd", "year_usd", "change_usd", "change_percent", "points", "source_id"]


@checked_arguments
def contributions(rows: pd.DataFrame, by: str, *, year: int, base: int) -> pd.DataFrame:
    """Split a change between two years into what each part adds to it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Parts of one state from one source: columns year, value_usd, source_id and the one named by `by`.
    by : str
        Column that names the parts. A part without a row in a year counts as zero there: the tables leave out what is
        zero.
    year, base : int

    Returns
    -------
    pandas.DataFrame
        Indexed by part, largest rise first: base_usd, year_usd, change_usd, change_percent (missing where the base is
        zero), points (percentage points of the whole's change; they add up to it), source_id.

    Raises
    ------
    DataError
        If the rows come from several sources, or one of the years is missing.
    """
    rows = rows[rows["year"].isin([year, base])]
    found = sorted(rows["source_id"].unique())
    if len(found) > 1:
        raise DataError(f"Will not split a change across sources ({', '.join(found)}): choose one first.")
    if set(rows["year"]) != {year, base}:
        raise DataError(f"A change from {base} to {year} needs both years, found {sorted(set(rows['year']))}.")
    wide = rows.pivot_table(index=by, columns="year", values="value_usd", aggfunc="sum", fill_value=0).astype("int64")
    table = pd.DataFrame({"base_usd": wide[base], "year_usd": wide[year]})
    table["change_usd"] = table["year_usd"] - table["base_usd"]
    table["change_percent"] = (table["change_usd"] / table["base_usd"].where(table["base_usd"] > 0)) * 100
    table["points"] = table["change_usd"] / int(table["base_usd"].sum()) * 100
    table["source_id"] = found[0]
    return table.sort_index().sort_values("change_usd", ascending=False, kind="stable")


@checked_arguments
def industries(naics3: pd.DataFrame, *, state: str, year: int, base: int) -> pd.DataFrame:
    """Split a state's change by three-digit NAICS code.

    Parameters
    ----------
    naics3 : pandas.DataFrame
        The dataset `state_exports_naics3`.

    Returns
    -------
    pandas.DataFrame
        As from `contributions`, with naics3; empty if no download holds both years of the state.
    """
    rows = matching(naics3, state=state_name(state))
    rows = rows[rows["source_id"] == latest_source(rows, [base, year])]
    if rows.empty:
        return pd.DataFrame(columns=["naics3", *_COLUMNS])
    table = contributions(rows, "commodity", year=year, base=base)
    table.insert(0, "naics3", rows.drop_duplicates("commodity").set_index("commodity")["naics3"].reindex(table.index))
    return table


@checked_arguments
def industries_by_year(naics3: pd.DataFrame, *, state: str, n: int) -> pd.DataFrame:
    """Return a state's largest industries year by year, all years from one download.

    Parameters
    ----------
    naics3 : pandas.DataFrame
        The dataset `state_exports_naics3`.
    n : int
        How many, by the last year.

    Returns
    -------
    pandas.DataFrame
        Indexed by commodity, largest first, and source_id; a column per year, USD. No rows where the data has none.
    """
    rows = matching(naics3, state=state_name(state))
    if rows.empty:
        return pd.DataFrame()
    rows = rows[rows["source_id"] == latest_source(rows, [int(rows["year"].max())])]
    table = rows.pivot_table(index=["commodity", "source_id"], columns="year", values="value_usd", aggfunc="sum")
    return table.sort_values(table.columns[-1], ascending=False).head(n)


@checked_arguments
def industry_change(naics3: pd.DataFrame, code: str, *, state: str, year: int, base: int) -> Quantity | Missing:
    """Return the change of one industry's exports, in percent.

    Raises
    ------
    ParameterError
        If no industry has the code.
    """
    if code not in set(naics3.index.get_level_values("naics3")):
        raise ParameterError(f"No industry has the code {code!r} in the table of exports.")
    table = industries(naics3, state=state, year=year, base=base)
    row = table[table["naics3"] == code]
    if row.empty or row["base_usd"].iloc[0] == 0:
        return Missing(f"{state_name(state)}, NAICS {code}: no exports in {base} in one download with {year}")
    return _change(row.iloc[0], f"{state_name(state)}: {row.index[0].lower()}", year, base)


@checked_arguments
def partners(countries: pd.DataFrame, *, state: str, year: int, base: int) -> pd.DataFrame:
    """Split a state's change by country of destination.

    Parameters
    ----------
    countries : pandas.DataFrame
        The dataset `california_exports_by_country`.

    Returns
    -------
    pandas.DataFrame
        As from `contributions`; empty for a state or years that the data does not have.
    """
    rows = countries.reset_index()
    source_id = latest_source(rows, [base, year])
    if state not in PARTNERS_COVER or not source_id:
        return pd.DataFrame(columns=_COLUMNS)
    return contributions(rows[rows["source_id"] == source_id], "country", year=year, base=base)


@checked_arguments
def partner_change(countries: pd.DataFrame, country: str, *, year: int, base: int) -> Quantity | Missing:
    """Return the change of California's exports to one country, in percent; missing if there were none before."""
    table = partners(countries, state="CA", year=year, base=base)
    if country not in table.index or table.at[country, "base_usd"] == 0:
        return Missing(f"California to {country}: no exports in {base}")
    return _change(table.loc[country], f"California to {country}", year, base)


def without_extremes(partners: pd.DataFrame) -> pd.DataFrame:
    """Return a change of all exports, and without the partner that rose most, the one that fell most, and both.

    Parameters
    ----------
    partners : pandas.DataFrame
        From `partners`, not empty.

    Returns
    -------
    pandas.DataFrame
        Columns without (tuple of partners left out: none, the first to rise, the first to fall, both), base_usd, year_usd, change_usd,
        change_percent. If nothing fell or rose, the partner that moved least stands for it.
    """
    rise, fall = partners["change_usd"].idxmax(), partners["change_usd"].idxmin()
    rows = []
    for left_out in ((), (rise,), (fall,), (rise, fall)):
        base, now = (int(partners[column].drop(list(left_out)).sum()) for column in ("base_usd", "year_usd"))
        rows.append((left_out, base, now, now - base, (now / base - 1) * 100))
    return pd.DataFrame(rows, columns=["without", "base_usd", "year_usd", "change_usd", "change_percent"])


def _change(row: pd.Series, what: str, year: int, base: int) -> Quantity:
    ratio = Quantity(int(row["year_usd"])).value / int(row["base_usd"]) * 100 - 100
    return Quantity(
        ratio, "percent", f"{base} to {year}", what, basis="state_based", vintage="revised", sources=(row["source_id"],)
    )
