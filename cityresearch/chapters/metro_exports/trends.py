"""Metro exports over time, within delineations: which counties a metro had that year.

The metro series keeps for every year the areas of its own reporting. These change with 2013, 2018 and 2023, so a metro of 2012 and
the same title of 2013 need not be the same counties. Changes and growth rates are computed inside a period; across a break only when
asked for, and then the result says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.geography import short_metro
from cityresearch.measures.exports import metro_value, metros, total_of
from cityresearch.numbers.quantity import Missing, Quantity, share

__all__ = [
    "ALLOCATED_SINCE", "FEWEST_YEARS", "NEW_AREAS", "breaks", "change", "counties_of", "growth_by_metro", "periods",
    "series_of", "share_in_set", "titles_without_value", "unallocated",
]  # fmt: skip

# first years of new delineations in the publisher's method
NEW_AREAS = (2013, 2018, 2023)
# from this year on the title Z-Unknown is gone, and what it held lies under other titles
ALLOCATED_SINCE = 2009
FEWEST_YEARS = 5


@checked_arguments
def breaks(first: int, last: int) -> dict[float, str]:
    """Return where a chart of yearly values must interrupt its lines, with labels.

    Examples
    --------
    >>> breaks(2015, 2023)
    {2017.5: 'areas of 2018', 2022.5: 'areas of 2023'}
    """
    return {year - 0.5: f"areas of {year}" for year in NEW_AREAS if first < year <= last}


@checked_arguments
def periods(first: int, last: int) -> list[tuple[int, int]]:
    """Split a span of years into runs with one delineation each.

    Examples
    --------
    >>> periods(2005, 2023)
    [(2005, 2012), (2013, 2017), (2018, 2022), (2023, 2023)]
    """
    starts = [first, *(year for year in NEW_AREAS if first < year <= last)]
    return [(a, b) for a, b in zip(starts, [*(s - 1 for s in starts[1:]), last], strict=True)]


@checked_arguments
def change(
    exports: pd.DataFrame,
    title: str,
    *,
    year: int,
    base: int,
    across_breaks: bool = False,
    counties: pd.DataFrame | None = None,
    titles: pd.DataFrame | None = None,
) -> Quantity | Missing:
    """Return the change of a metro's exports between two years, in percent, refusing to cross a delineation break unknowingly.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    across_breaks : bool
        Allow a break between the years; the label and the caveats of the result then name it.
    counties, titles : pandas.DataFrame, optional
        The datasets `metro_delineation_changes` and `metro_titles`: for the break of 2023 the caveat then says whether the
        counties changed.

    Raises
    ------
    MixedBasisError
        If a break lies between the years and `across_breaks` is false.
    """
    crossed = [y for y in NEW_AREAS if min(year, base) < y <= max(year, base)]
    if crossed and not across_breaks:
        raise MixedBasisError(
            f"Will not compare {short_metro(title)} in {base} and {year}: its counties may have changed in {' and '.join(map(str, crossed))}; "
            "choose years between two breaks, or pass across_breaks=True, and the result will say so."
        )
    later, earlier = metro_value(exports, title, year), metro_value(exports, title, base)
    ratio = share(later, earlier, across=["period"])
    if isinstance(ratio, Missing):
        return ratio
    result = replace(ratio, value=ratio.value - 100, period=f"{base} to {year}", caveats=())
    if not crossed:
        return result
    label = f"{result.geography}, across the areas of {' and '.join(map(str, crossed))}"
    return replace(result, geography=label).with_caveat(*(_caveat(title, y, counties, titles) for y in crossed))


def _caveat(title: str, new: int, counties: pd.DataFrame | None, titles: pd.DataFrame | None) -> str:
    if new == 2023 and counties is not None and titles is not None:
        code = titles.at[title, "cbsa_code"]
        same = code not in counties.index
        return f"areas of {new}: {'the same counties as in the list of 2018' if same else 'other counties than in the list of 2018'}"
    return f"areas of {new}: counties before and after are not compared"


@checked_arguments
def growth_by_metro(
    exports: pd.DataFrame, titles: Sequence[str], *, last: int | None = None, lags: int = 1
) -> pd.DataFrame:
    """Estimate each metro's yearly growth inside each delineation: ordinary least squares of the logarithm on the year.

    Values are in current dollars, so growth holds inflation. A period has five to eight years, too few for the standard errors to be
    more than a hint; the estimates without one year each show how much hangs on single years.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    titles : sequence of str
        Metros.
    last : int, optional
        Leave out later years.
    lags : int
        Years over which errors may be correlated.

    Returns
    -------
    pandas.DataFrame
        One row per metro and period without gaps and with at least five years: cbsa_title, first, last, n, percent_per_year, low, high
        (95 percent limits, Student's t with n - 2 degrees of freedom), log_points and standard_error (per year), errors (their kind),
        least and most (percent per year, leaving out one year at a time), without_2020 (missing outside its period).
    """
    found = []
    years = exports.index.get_level_values("year")
    for title in titles:
        values = (
            exports.xs(title, level="cbsa_title")["value_usd"].astype(float)
            if title in exports.index
            else pd.Series(dtype=float)
        )
        for first, end in periods(int(years.min()), int(years.max()) if last is None else last):
            series = values[(values.index >= first) & (values.index <= end)].sort_index()
            if len(series) < FEWEST_YEARS or len(series) != end - first + 1:
                continue
            found.append(
                {"cbsa_title": title, "first": first, "last": end, **_fit(series, lags), "caveat": _unknown(first, end)}
            )
    columns = [
        "cbsa_title", "first", "last", "n", "percent_per_year", "low", "high", "log_points", "standard_error", "errors", "least", "most",
        "caveat",
    ]  # fmt: skip
    return pd.DataFrame(found, columns=columns)


def _unknown(first: int, last: int) -> str:
    crosses = first < ALLOCATED_SINCE <= last
    return f"exports of unknown area until {ALLOCATED_SINCE - 1} lie under other titles afterwards" if crosses else ""


def unallocated(exports: pd.DataFrame) -> pd.DataFrame:
    """Return what the publisher gives to no named area, by year.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: value_usd, share_percent (of everything in the table that year).
    """
    rows = exports.reset_index()
    whole = rows.groupby("year")["value_usd"].sum()
    part = rows[rows["kind"] == "unallocated"].groupby("year")["value_usd"].sum().reindex(whole.index, fill_value=0)
    return pd.DataFrame({"value_usd": part, "share_percent": part / whole * 100})


def _fit(series: pd.Series, lags: int) -> dict[str, object]:
    from statsmodels.regression.linear_model import OLS

    x = series.index.to_numpy(float)
    y = np.log(series.to_numpy())
    design = np.column_stack([np.ones(len(x)), x - x[0]])
    model = OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    low, high = model.conf_int(0.05)[1]
    left_out = [_slope(np.delete(x, i), np.delete(y, i)) for i in range(len(x))]
    return {
        "n": len(series),
        "percent_per_year": _percent(model.params[1]),
        "low": _percent(low),
        "high": _percent(high),
        "log_points": float(model.params[1]),
        "standard_error": float(model.bse[1]),
        "errors": f"HAC (Newey-West, {lags} lag{'s' * (lags > 1)}, small-sample correction)",
        "least": _percent(min(left_out)),
        "most": _percent(max(left_out)),
    }


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.polyfit(x - x[0], y, 1)[0])


def _percent(log_points: float) -> float:
    return float(np.expm1(log_points) * 100)


@checked_arguments
def share_in_set(
    exports: pd.DataFrame,
    title: str,
    titles: Sequence[str],
    year: int,
    *,
    joined: Mapping[str, tuple[str, int]] | None = None,
) -> Quantity | Missing:
    """Return one metro's share of a named set of metros in a year, in percent.

    Parameters
    ----------
    titles : sequence of str
        The set, with the metro itself.
    joined : mapping of title to (title, year), optional
        Metros whose counties belong to another metro of the set from a year on: they are not missed from then on, and the result
        says so.

    Raises
    ------
    DataError
        If the metro is not in the set.
    """
    if title not in titles:
        raise DataError(f"{title} is not in the set that it is to be a share of.")
    gone = {t: home for t, (home, since) in (joined or {}).items() if t in titles and year >= since and home in titles}
    result = share(metro_value(exports, title, year), total_of(exports, [t for t in titles if t not in gone], year))
    if isinstance(result, Missing):
        return result
    return result.with_caveat(
        *(f"{short_metro(t)} is inside {short_metro(home)} in {year}" for t, home in gone.items())
    )


def series_of(exports: pd.DataFrame, titles: Sequence[str]) -> pd.DataFrame:
    """Return metros' values in billion USD as a chart wants them: columns x, series, value."""
    rows = exports.reset_index()
    rows = rows[rows["cbsa_title"].isin(titles)]
    order = {title: i for i, title in enumerate(titles)}
    rows = rows.sort_values(["cbsa_title", "year"], key=lambda c: c.map(order) if c.name == "cbsa_title" else c)
    return pd.DataFrame(
        {
            "x": rows["year"].to_numpy(),
            "series": [short_metro(t) for t in rows["cbsa_title"]],
            "value": rows["value_usd"].to_numpy() / 1e9,
        }
    )


@checked_arguments
def titles_without_value(exports: pd.DataFrame, *, state: str, year: int) -> list[str]:
    """Return the metros of a state that have values in other years and none in this one."""
    every = set(metros(exports, state=state).index.get_level_values("cbsa_title"))
    return sorted(every - set(metros(exports, state=state, year=year).index.get_level_values("cbsa_title")))


@checked_arguments
def counties_of(
    rows: pd.DataFrame, titles: pd.DataFrame, counties: pd.DataFrame, *, year: int
) -> dict[str, tuple[str, ...]]:
    """Return the counties of metros by the list in force in a year.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `metro_exports`.
    titles, counties : pandas.DataFrame
        The datasets `metro_titles` and `metro_counties`.

    Returns
    -------
    dict of metro title to FIPS codes
        Empty where the data has no list of the year's areas, which is so before 2018.
    """
    new = max((y for y in NEW_AREAS if y <= year), default=0)
    list_of_year = counties.reset_index()
    list_of_year = list_of_year[list_of_year["delineation"] == new]
    members = list_of_year.groupby("cbsa_code")["county_fips"].agg(tuple)
    codes = {title: titles.at[title, "cbsa_code"] for title in rows.index.get_level_values("cbsa_title")}
    return {title: members[code] for title, code in codes.items() if code in members.index}
