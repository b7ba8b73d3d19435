"""Goods exports of a state by year, industry, partner and month, without mixing downloads.

State values go by the state where goods began to move; they are published once and then revised. Several downloads of the
publisher's table stand side by side, each with its own `source_id`. A change is computed inside one of them or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.geography import STATE_NAMES, state_name
from cityresearch.measures import published as observations
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = [
    "FIFTY_ONE", "against_year_before", "by_year", "contributions", "fall", "growth", "industries",
    "industries_by_year", "industry_change", "latest_source", "months_together", "partner_change", "partners",
    "total_change", "total_in", "vintages",
]  # fmt: skip

# the whole of every share and rank here: all downloads hold these, not all hold territories or exports of unknown origin
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
    return observations.growth(later, earlier)


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
        Indexed by year: value_usd, share_percent and rank within the same download (missing for territories), change_percent (from the
        year before, inside one download; missing where no download holds both), source_id. One row per year, latest download first.
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
    """Set first releases beside the latest revised download.

    Returns
    -------
    pandas.DataFrame
        Indexed by year, only years with both: first_usd, first_precision, revised_usd, revision_percent, first_source, revised_source.
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
def contributions(rows: pd.DataFrame, by: str, *, year: int, base: int) -> pd.DataFrame:
    """Split a change between two years into what each part adds to it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Parts of one state from one source: columns year, value_usd, source_id and the one named by `by`.
    by : str
        Column that names the parts. A part without a row in a year counts as zero there: the tables leave out what is zero.
    year, base : int

    Returns
    -------
    pandas.DataFrame
        Indexed by part, largest rise first: base_usd, year_usd, change_usd, change_percent (missing where the base is zero), points
        (percentage points of the whole's change; they add up to it), source_id.

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
    rows = naics3.reset_index()
    rows = rows[rows["state"] == state_name(state)]
    rows = rows[rows["source_id"] == latest_source(rows, [base, year])]
    if rows.empty:
        return pd.DataFrame(
            columns=["naics3", "base_usd", "year_usd", "change_usd", "change_percent", "points", "source_id"]
        )
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
        Indexed by commodity, largest first; a column per year, USD. No rows where the data has none.
    """
    rows = naics3.reset_index()
    rows = rows[rows["state"] == state_name(state)]
    if rows.empty:
        return pd.DataFrame()
    rows = rows[rows["source_id"] == latest_source(rows, [int(rows["year"].max())])]
    table = rows.pivot_table(index="commodity", columns="year", values="value_usd", aggfunc="sum")
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
def partners(countries: pd.DataFrame, *, year: int, base: int) -> pd.DataFrame:
    """Split California's change by country of destination: as from `contributions`."""
    rows = countries.reset_index()
    return contributions(rows[rows["source_id"] == latest_source(rows, [base, year])], "country", year=year, base=base)


@checked_arguments
def partner_change(countries: pd.DataFrame, country: str, *, year: int, base: int) -> Quantity | Missing:
    """Return the change of California's exports to one country, in percent."""
    table = partners(countries, year=year, base=base)
    if country not in table.index or table.at[country, "base_usd"] == 0:
        return Missing(f"California to {country}: no exports in {base}")
    return _change(table.loc[country], f"California to {country}", year, base)


def _change(row: pd.Series, what: str, year: int, base: int) -> Quantity:
    ratio = Quantity(int(row["year_usd"])).value / int(row["base_usd"]) * 100 - 100
    return Quantity(
        ratio, "percent", f"{base} to {year}", what, basis="state_based", vintage="revised", sources=(row["source_id"],)
    )


def fall(change: Quantity | Missing) -> Quantity | Missing:
    """Turn a change in percent into the size of the fall: a change of -33 is a fall of 33, a rise a negative fall."""
    if isinstance(change, Missing):
        return change
    bounds = Interval.point(0) - change.bounds if change.bounds else None
    return replace(change, value=-change.value, bounds=bounds)


@checked_arguments
def against_year_before(monthly: pd.DataFrame, *, state: str) -> pd.DataFrame:
    """Set each month beside the same month a year before, both as one edition prints them.

    Comparing the same month takes out the season; one edition takes out later revisions. `domestic` is derived: total less re-exports.

    Parameters
    ----------
    monthly : pandas.DataFrame
        The dataset `state_exports_monthly`.

    Returns
    -------
    pandas.DataFrame
        Indexed by month and series (total, reexports, domestic): value_usd, before_usd, change_percent, source_id; empty for states
        that the data does not have.
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
def months_together(compared: pd.DataFrame, year: int) -> pd.DataFrame:
    """Add up the compared months of a year, so that months of unlike weight do not count alike.

    Returns
    -------
    pandas.DataFrame
        Indexed by series: months, first, last, value_usd, before_usd, change_percent.
    """
    rows = compared.reset_index()
    rows = rows[rows["month"].str.startswith(f"{year}-")]
    table = rows.groupby("series").agg(
        months=("month", "size"), first=("month", "min"), last=("month", "max"), value_usd=("value_usd", "sum"), before_usd=("before_usd", "sum"),
    )  # fmt: skip
    table["change_percent"] = (table["value_usd"] / table["before_usd"] - 1) * 100
    return table
