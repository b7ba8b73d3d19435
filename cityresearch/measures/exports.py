"""Goods exports of metropolitan areas and states.

Metro values go by the ZIP code of the exporter of record and are never revised; state values go by the state where the goods
began to move and are. `quantity.share` refuses to divide one by the other unless told to.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError
from cityresearch.geography import state_name, states_in_title
from cityresearch.measures.published import matching
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, unique
from cityresearch.suggestions import nearest

__all__ = [
    "largest_metros", "metro_value", "metros", "reexport_share", "share_table", "state_total", "total", "total_of",
    "total_of_all", "total_of_largest",
]  # fmt: skip


@checked_arguments
def metros(
    exports: pd.DataFrame, *, state: str, year: int | None = None, every_state_named: bool = False
) -> pd.DataFrame:
    """Return the rows of a state's metros.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    state : str
        Postal code.
    year : int, optional
        One year; all years if left out.
    every_state_named : bool
        A metro belongs to the first state in its title; if true, to every state that its title names.

    Returns
    -------
    pandas.DataFrame
        Rows of `metro_exports`; none where nothing was published.
    """
    state_name(state)
    rows = exports if year is None else exports[exports.index.get_level_values("year") == year]
    rows = rows[rows["kind"] == "metro"]
    if every_state_named:
        titles = rows.index.get_level_values("cbsa_title")
        return rows[[state in states_in_title(title) for title in titles]]
    return rows[rows["state"] == state]


@checked_arguments
def largest_metros(
    exports: pd.DataFrame, *, state: str, year: int, n: int, every_state_named: bool = False
) -> pd.DataFrame:
    """Return the `n` metros of a state with the largest exports of a year, largest first.

    Returns
    -------
    pandas.DataFrame
        At most `n` rows of `metro_exports`; equal values in the order of their titles.

    Raises
    ------
    ParameterError
        If `n` is below one.
    """
    if n < 1:
        raise ParameterError(f"The number of metros must be at least 1, found {n}.")
    rows = metros(exports, state=state, year=year, every_state_named=every_state_named)
    return rows.sort_index().sort_values("value_usd", ascending=False, kind="stable").head(n)


def total(rows: pd.DataFrame, *, what: str = "", absent: str = "") -> Quantity | Missing:
    """Add up rows of one year.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `metro_exports`, all of one year.
    what : str
        What the sum is of, for labels.
    absent : str
        What to say if there are no rows.

    Returns
    -------
    Quantity or Missing
        USD.

    Raises
    ------
    DataError
        If the rows are of several years, bases or vintages.
    """
    if rows.empty:
        return Missing(absent or f"no values {what}".strip())
    years = rows.index.get_level_values("year").unique()
    if len(years) != 1:
        raise DataError(
            f"Will not add up exports of different years ({years.min()} to {years.max()}): choose one year first."
        )
    return Quantity(
        value=sum(rows["value_usd"].tolist()),
        unit="USD",
        period=str(years[0]),
        geography=what or f"{len(rows)} metros",
        basis=_single(rows, "basis"),
        vintage=_single(rows, "vintage"),
        sources=unique(rows["source_id"]),
        read=len(rows) == 1,
    )


@checked_arguments
def total_of_largest(exports: pd.DataFrame, *, state: str, year: int, n: int) -> Quantity | Missing:
    """Add up the `n` largest metros of a state and year; missing if fewer are published."""
    rows = largest_metros(exports, state=state, year=year, n=n)
    if rows.empty:
        return _no_metros(state, year)
    if len(rows) < n:
        return Missing(
            f"metro values of {state_name(state)} for {year}: {len(rows)} in the data, fewer than the {n} that are added up"
        )
    return total(rows, what=f"the {n} largest metros of {state_name(state)}")


@checked_arguments
def total_of_all(exports: pd.DataFrame, *, state: str, year: int) -> Quantity | Missing:
    """Add up every metro of a state and year that has a value."""
    rows = metros(exports, state=state, year=year)
    if rows.empty:
        return _no_metros(state, year)
    return total(rows, what=f"all {len(rows)} metros of {state_name(state)}")


@checked_arguments
def total_of(exports: pd.DataFrame, titles: list[str], year: int) -> Quantity | Missing:
    """Add up named metros of a year; missing if any of them has no value."""
    for title in titles:
        if (title, year) not in exports.index:
            return metro_value(exports, title, year)
    places = exports.index.get_indexer_for([(title, year) for title in titles])
    return total(exports.iloc[places], what=f"{len(titles)} named metros")


@checked_arguments
def metro_value(exports: pd.DataFrame, title: str, year: int) -> Quantity | Missing:
    """Return one metro's exports of a year in USD, or why there is no value."""
    if (title, year) in exports.index:
        place = exports.index.get_loc((title, year))
        if not isinstance(place, int):
            return total(exports.iloc[place], what=title)
        # by its place: a table of one row takes ten times as long to make
        value, basis, vintage, source_id = (
            exports[name].iat[place] for name in ("value_usd", "basis", "vintage", "source_id")
        )
        return Quantity(int(value), "USD", str(year), title, basis, vintage=vintage, sources=(source_id,), read=True)
    years = exports.index.get_level_values("year")
    if year > years.max() or year < years.min():
        return Missing(f"{title} {year}: the metro series in our data covers {years.min()} to {years.max()}")
    known = exports.index.get_level_values("cbsa_title")
    near = "" if title in known else nearest(title, known[years == year]) or nearest(title, known.unique())
    return Missing(f"{title} {year}: no value under this title" + (f" (did you mean {near}?)" if near else ""))


@checked_arguments
def state_total(states: pd.DataFrame, *, state: str, year: int, vintage: str) -> Quantity | Missing:
    """Return a state's exports of a year in one vintage.

    Parameters
    ----------
    states : pandas.DataFrame
        The dataset `state_exports`.
    vintage : {"first_release", "revised"}
        With two revised releases the later one is taken. A rounded list never replaces a dollar value of the same vintage.

    Returns
    -------
    Quantity or Missing
        USD; bounds where the source rounds.
    """
    rows = matching(states, state=state_name(state), year=year, vintage=vintage)
    if rows.empty:
        words = vintage.replace("_", " ")
        return Missing(f"{state_name(state)} {year}: no {words} of the state total in the data")
    row = rows.sort_values(["precision", "released"], ascending=[True, False], kind="stable").iloc[0]
    return Quantity(
        value=row["value_usd"],
        unit="USD",
        period=str(year),
        geography=state_name(state),
        basis=row["basis"],
        vintage=vintage,
        sources=(row["source_id"],),
        bounds=None if row["precision"] == 1 else Interval.around(row["value_usd"], row["precision"]),
        read=True,
    )


@checked_arguments
def reexport_share(monthly: pd.DataFrame, *, state: str, year: int) -> Quantity | Missing:
    """Return re-exports of foreign goods as a share of a state's exports, from the twelve months of a year.

    Parameters
    ----------
    monthly : pandas.DataFrame
        The dataset `state_exports_monthly`.

    Returns
    -------
    Quantity or Missing
        Percent; missing unless both series have all twelve months.
    """
    rows = monthly.reset_index()
    rows = rows[(rows["state"] == state_name(state)) & (rows["month"].str.startswith(f"{year}-"))]
    # a month can be in two editions; the later one is kept, and both series are taken from the same edition
    rows = rows.sort_values(["month", "released"], kind="stable").drop_duplicates(["series", "month"], keep="last")
    sums = rows.groupby("series")["value_usd"].agg(["sum", "count"])
    for series in ("total", "reexports"):
        if series not in sums.index or sums.loc[series, "count"] != 12:
            return Missing(
                f"{state_name(state)} {year}: not all twelve months of {series.replace('reexports', 're-exports')}"
            )
    return Quantity(
        value=Quantity(int(sums.loc["reexports", "sum"])).value / int(sums.loc["total", "sum"]) * 100,
        unit="percent",
        period=str(year),
        geography=state_name(state),
        basis="state_based",
        vintage="first_release",
        sources=unique(rows["source_id"]),
    )


def share_table(shares: Mapping[str, Quantity | Missing]) -> pd.DataFrame:
    """Tabulate shares with their rounding interval, base, years and warnings.

    Returns
    -------
    pandas.DataFrame
        Indexed by reading: percent, from_percent and to_percent (what rounded inputs allow), basis, period, vintage, warning.
    """
    rows = []
    for name, share in shares.items():
        if isinstance(share, Missing):
            rows.append({"reading": name, "warning": f"missing: {share.reason}"})
            continue
        rows.append(
            {
                "reading": name,
                "percent": round(float(share.value), 2),
                "from_percent": round(float(share.interval.low), 2),
                "to_percent": round(float(share.interval.high), 2),
                "basis": share.basis,
                "period": share.period,
                "vintage": share.vintage,
                "warning": "; ".join(share.caveats),
            }
        )
    return pd.DataFrame(rows).set_index("reading")


def _no_metros(state: str, year: int) -> Missing:
    return Missing(f"metro values of {state_name(state)} for {year}: none in the data")


def _single(rows: pd.DataFrame, column: str) -> str:
    found = sorted(rows[column].unique())
    if len(found) > 1:
        raise DataError(f"Will not add up exports of different {column} ({', '.join(found)}): choose one first.")
    return found[0]
