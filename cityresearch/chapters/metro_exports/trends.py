"""Metro exports over time, within runs of years in which a metro kept its counties.

The metro series keeps for every year the areas of its own reporting. Where two lists of areas disagree on a metro's
counties, or our data lack one of the lists, a run of years ends (`cityresearch.measures.areas`). Changes and growth
rates are computed inside a run; across a break only when asked for, and then the result says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.geography import short_metro
from cityresearch.measures.areas import list_changes, unbroken
from cityresearch.measures.exports import metro_value, metros, total_of
from cityresearch.numbers.quantity import Missing, Quantity, share

__all__ = [
    "ALLOCATED_SINCE", "FEWEST_YEARS", "change", "growth_by_metro", "series_of", "share_in_set",
    "since_the_year_before", "titles_without_value", "unallocated", "under_latest_titles", "years_covered",
]  # fmt: skip

# from this year on the title Z-Unknown is gone, and what it held is under other titles
ALLOCATED_SINCE = 2009
FEWEST_YEARS = 5


def years_covered(exports: pd.DataFrame) -> dict[str, int]:
    """Return the first and the last year of the series, by the names that `areas.break_years` takes."""
    years = exports.index.get_level_values("year")
    return {"first": int(years.min()), "last": int(years.max())}


def under_latest_titles(exports: pd.DataFrame, titles: pd.DataFrame) -> pd.DataFrame:
    """Return the series with every area under the title of its last year: a few were renamed and are the same areas.

    Parameters
    ----------
    exports, titles : pandas.DataFrame
        The datasets `metro_exports` and `metro_titles`.
    """
    rows = exports.reset_index()
    codes = rows["cbsa_title"].map(titles["cbsa_code"])
    latest = rows.assign(code=codes).sort_values("year", kind="stable").groupby("code")["cbsa_title"].last()
    rows["cbsa_title"] = codes.map(latest).fillna(rows["cbsa_title"])
    return rows.set_index(exports.index.names)


@checked_arguments
def change(
    exports: pd.DataFrame,
    titles: pd.DataFrame,
    counties: pd.DataFrame,
    title: str,
    *,
    year: int,
    base: int,
    across_breaks: bool = False,
) -> Quantity | Missing:
    """Return the change of a metro's exports between two years, in percent, refusing to cross a break unknowingly.

    Parameters
    ----------
    exports, titles, counties : pandas.DataFrame
        The datasets `metro_exports`, `metro_titles` and `metro_counties`.
    across_breaks : bool
        Allow a break between the years; the label and the caveats of the result then name it.

    Raises
    ------
    MixedBasisError
        If the metro's counties changed between the years, or our lists cannot tell, and `across_breaks` is false.
    """
    crossed = _crossed(titles, counties, [title], year, base)[title]
    if crossed and not across_breaks:
        raise MixedBasisError(
            f"Will not compare {short_metro(title)} in {base} and {year}: "
            f"{'; '.join(f'{y}, {words}' for y, words in crossed.items())}. Choose years between two breaks, or pass "
            "across_breaks=True, and the result will say so."
        )
    return _changed(exports, title, year, base, crossed)


@checked_arguments
def since_the_year_before(
    exports: pd.DataFrame, titles: pd.DataFrame, counties: pd.DataFrame, metros: Sequence[str], *, year: int
) -> dict[str, Quantity | Missing]:
    """Return each metro's change since the year before, in percent; a break is crossed and named, as by `change`."""
    crossed = _crossed(titles, counties, metros, year, year - 1)
    return {title: _changed(exports, title, year, year - 1, crossed[title]) for title in metros}


def _crossed(
    titles: pd.DataFrame, counties: pd.DataFrame, metros: Sequence[str], year: int, base: int
) -> dict[str, dict[int, str]]:
    """Return the breaks of each metro between two years, in words by their year."""
    changes = list_changes(titles, counties, metros, first=min(year, base), last=max(year, base))
    found: dict[str, dict[int, str]] = {title: {} for title in metros}
    for (title, since), kept, words in changes.itertuples(name=None):
        if kept is not True:
            found[title][since] = words
    return found


def _changed(exports: pd.DataFrame, title: str, year: int, base: int, crossed: Mapping[int, str]) -> Quantity | Missing:
    later, earlier = metro_value(exports, title, year), metro_value(exports, title, base)
    ratio = share(later, earlier, across=["period"])
    if isinstance(ratio, Missing):
        return ratio
    result = replace(ratio, value=ratio.value - 100, period=f"{base} to {year}", caveats=())
    if not crossed:
        return result
    label = f"{result.geography}, across the areas of {' and '.join(map(str, crossed))}"
    return replace(result, geography=label).with_caveat(*(f"areas of {y}: {words}" for y, words in crossed.items()))


@checked_arguments
def growth_by_metro(
    exports: pd.DataFrame, titles: Sequence[str], breaks: Mapping[str, Sequence[int]], *, lags: int = 1
) -> pd.DataFrame:
    """Estimate each metro's yearly growth inside each unbroken run: least squares of the logarithm on the year.

    Values are in current dollars, so growth holds inflation. A run has few years, too few for the standard errors to be
    more than a hint; the estimates without one year each show how much hangs on single years.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    titles : sequence of str
        Metros.
    breaks : mapping of metro title to years
        From `areas.break_years`: the years that begin a new run.
    lags : int
        Years over which errors may be correlated.

    Returns
    -------
    pandas.DataFrame
        One row per metro and run without gaps and with at least five years: cbsa_title, first, last, n,
        percent_per_year, low, high (95 percent limits, Student's t with n - 2 degrees of freedom), log_points and
        standard_error (per year), errors (their kind), p_value (of no growth, of this window alone), joint_p_value (the
        same with Holm's correction for all windows of the table, whatever they have in common), least and most (percent
        per year, leaving out one year at a time), caveat.
    """
    found = []
    for title in titles:
        values = (
            exports.xs(title, level="cbsa_title")["value_usd"].astype(float)
            if title in exports.index
            else pd.Series(dtype=float)
        )
        for first, last in unbroken(*years_covered(exports).values(), breaks[title]):
            series = values[(values.index >= first) & (values.index <= last)].sort_index()
            if len(series) < FEWEST_YEARS or len(series) != last - first + 1:
                continue
            found.append(
                {
                    "cbsa_title": title,
                    "first": first,
                    "last": last,
                    **_fit(series, lags),
                    "caveat": _unknown(first, last),
                }
            )
    columns = [
        "cbsa_title", "first", "last", "n", "percent_per_year", "low", "high", "log_points", "standard_error", "errors",
        "p_value", "joint_p_value", "least", "most", "caveat",
    ]  # fmt: skip
    table = pd.DataFrame(found, columns=columns)
    if len(table):
        from statsmodels.stats.multitest import multipletests

        table["joint_p_value"] = multipletests(table["p_value"], method="holm")[1]
    return table


def _unknown(first: int, last: int) -> str:
    crosses = first < ALLOCATED_SINCE <= last
    return f"exports of unknown area until {ALLOCATED_SINCE - 1} are under other titles afterwards" if crosses else ""


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
        "p_value": float(model.pvalues[1]),
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
        Metros whose counties belong to another metro of the set from a year on: they are not missed from then on, and
        the result says so.

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
