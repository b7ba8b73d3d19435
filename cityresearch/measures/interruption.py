"""Interrupted time series: did a monthly series change its level at a date, beyond season and trend?

A regression of the logarithm on month effects and a change. Months may be missing: every run of months without a gap has a level of its
own, so that earlier years tell of the season and not of the level. Two models of the errors: any correlation over a few months
(least squares with Newey-West errors inside each run), or correlation that fades from month to month (a SARIMAX model, which steps over
missing months). Limits of both are too narrow where months are few, so every estimate comes with its months and placebo dates.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError
from cityresearch.numbers.quantity import Missing

__all__ = ["FEWEST_LEFT", "Interruption", "interruption", "last_years", "month_of", "placebos", "runs", "unbroken"]

FEWEST_LEFT = 5
_COUNT_OF_EPOCH = 12 * 1970 + 1  # pandas numbers months from January 1970


@dataclass(frozen=True, slots=True)
class Interruption:
    """One estimate. `percent` is exp(coefficient) - 1; `low` and `high` are its 95 percent limits by Student's t.

    `durbin_watson` is that of what is left: of residuals, or of the innovations where the errors are autoregressive. Near 2 no correlation
    of neighboring months is left, near 0 they move together. `autoregression` is the part of an error that lasts for another month.
    """

    date: str
    effect: str
    trend: bool
    percent: float
    low: float
    high: float
    log_points: float
    standard_error: float
    p_value: float
    errors: str
    n: int
    degrees_of_freedom: int
    first: str
    last: str
    durbin_watson: float
    autoregression: float | None = None


def month_of(text: str) -> pd.Period:
    """Return a month written as YYYY-MM.

    Raises
    ------
    ParameterError
        If the text is not a month.
    """
    try:
        return pd.to_datetime(text, format="%Y-%m").to_period("M")
    except ValueError:
        raise ParameterError(f"Expected a month as YYYY-MM, found {text!r}.") from None


def runs(months: pd.PeriodIndex) -> np.ndarray:
    """Number the runs of months without a gap: one number per month.

    Examples
    --------
    >>> runs(pd.PeriodIndex(["2024-11", "2024-12", "2025-03"], freq="M"))
    array([1, 1, 2])
    """
    return np.cumsum(np.diff(_count(months), prepend=0) != 1)


@checked_arguments
def unbroken(series: pd.Series, month: str) -> pd.Series:
    """Return the run of months without a gap that holds a month; empty if the month itself is missing.

    Parameters
    ----------
    series : pandas.Series
        Indexed by monthly period, ascending, without missing values.
    """
    at = month_of(month)
    if at not in series.index:
        return series.iloc[:0]
    run = runs(series.index)
    return series[run == run[series.index.get_loc(at)]]


@checked_arguments
def last_years(series: pd.Series, years: int) -> pd.Series:
    """Return the months of the years that end with the last month, without months that stand alone.

    A month with no neighbor says nothing of the season where every run has a level of its own.

    Parameters are those of `unbroken`.
    """
    if series.empty:
        return series
    recent = series[series.index > series.index[-1] - 12 * years]
    run = pd.Series(runs(recent.index), index=recent.index)
    return recent[run.groupby(run).transform("size") > 1]


@checked_arguments
def interruption(
    series: pd.Series,
    date: str,
    *,
    effect: Literal["step", "one month"] = "step",
    trend: bool = False,
    errors: Literal["Newey-West", "autoregressive"] = "Newey-West",
    lags: int = 3,
) -> Interruption | Missing:
    """Estimate the change of a monthly series at a date.

    Parameters
    ----------
    series : pandas.Series
        Positive values, indexed by monthly period, ascending; months may be missing.
    date : str
        First month after the change, for instance 2025-05.
    effect : {"step", "one month"}
        A change that stays until the end of the series, or one of that month alone.
    trend : bool
        Add a linear trend, the same in all runs.
    errors : {"Newey-West", "autoregressive"}
        Least squares with errors of Newey and West (1987), summed inside runs; or SARIMAX(1, 0, 0) with the regression in its state, whose
        exact diffuse likelihood is that of restricted maximum likelihood (Harvey and Phillips 1979). An effect of one month needs the
        second: it rests on one observation, for which the first is not defined.
    lags : int
        Months over which errors may be correlated under Newey-West.

    Returns
    -------
    Interruption or Missing
        Missing if too few months are left to estimate it: fewer than `FEWEST_LEFT` degrees of freedom, fewer than three months of the run
        before the date, none from it on, a change that cannot be told from season and trend, or no run longer than the lags.

    Raises
    ------
    DataError
        If a value is not positive.
    ParameterError
        If Newey-West errors are asked for an effect of one month.
    """
    if effect == "one month" and errors == "Newey-West":
        raise ParameterError("An effect of one month rests on one observation: ask for autoregressive errors.")
    if (series <= 0).any():
        raise DataError(
            "The series holds a value that is not positive, and its logarithm is needed: leave that month out."
        )
    at = month_of(date)
    run = unbroken(series, date)
    if run.empty:
        return Missing(f"{date}: there is no unbroken run of months to estimate it from")
    if (run.index < at).sum() < 3:
        return Missing(f"{date}: fewer than three months before it, in a run of {len(run)}")
    design = _design(series.index, at, effect, trend)
    rank = int(np.linalg.matrix_rank(design.to_numpy()))
    left = len(series) - rank
    if rank < design.shape[1]:
        return Missing(f"{date}: in {len(series)} months the change cannot be told from season{' and trend' * trend}")
    if left < FEWEST_LEFT:
        return Missing(f"{date}: {len(series)} months leave {left} degrees of freedom, too few to say anything")
    if errors == "Newey-West" and (longest := np.bincount(runs(series.index)).max()) <= lags:
        return Missing(f"{date}: the longest run has {longest} months, and errors of {lags} lags need more")
    logs = np.log(series)
    found = _newey_west(logs, design, lags) if errors == "Newey-West" else _autoregressive(logs, design)
    from statsmodels.stats.contrast import ContrastResults

    b, error = found.pop("log_points"), found.pop("standard_error")
    effects, spreads = np.array([b]), np.array([error])
    tested = ContrastResults(t=effects / spreads, effect=effects, sd=spreads, df_denom=left)
    low, high = np.ravel(tested.conf_int())
    return Interruption(
        date=date,
        effect=effect,
        trend=trend,
        percent=_percent(b),
        low=_percent(low),
        high=_percent(high),
        log_points=b,
        standard_error=error,
        p_value=float(np.squeeze(tested.pvalue)),
        n=len(series),
        degrees_of_freedom=left,
        first=str(series.index[0]),
        last=str(series.index[-1]),
        **found,
    )


@checked_arguments
def placebos(series: pd.Series, before: str, *, least: int = 6, trend: bool = False, lags: int = 3) -> pd.DataFrame:
    """Estimate the same step, with Newey-West errors, at every earlier date of its run, on the months before the real one alone.

    Parameters
    ----------
    before : str
        The real date; its month and all later ones are left out.
    least : int
        Months of the run required on either side of a placebo date.

    Returns
    -------
    pandas.DataFrame
        The fields of `Interruption`, one row per placebo date; empty if the run is too short.
    """
    earlier = series[series.index < month_of(before)]
    run = unbroken(series, before)
    run = run[run.index < month_of(before)]
    dates = [str(month) for month in run.index[least : len(run) - least + 1]]
    fits = [interruption(earlier, date, trend=trend, lags=lags) for date in dates]
    rows = [asdict(fit) for fit in fits if isinstance(fit, Interruption)]
    return pd.DataFrame(rows, columns=list(Interruption.__dataclass_fields__))


def _newey_west(logs: pd.Series, design: pd.DataFrame, lags: int) -> dict[str, object]:
    from statsmodels.regression.linear_model import OLS

    # a calendar month seen once fits exactly, and the variance of its own effect may come out a hair below zero
    with np.errstate(invalid="ignore"):
        fit = OLS(logs, design).fit(
            cov_type="hac-panel",
            cov_kwds={"groups": runs(logs.index), "maxlags": lags, "use_correction": "hac", "df_correction": False},
            use_t=True,
        )
        error = float(fit.bse["change"])
    return {
        "log_points": float(fit.params["change"]),
        "standard_error": error,
        "errors": f"Newey-West, {lags} lags",
        "durbin_watson": _durbin_watson(fit.resid),
    }


def _autoregressive(logs: pd.Series, design: pd.DataFrame) -> dict[str, object]:
    """Fit a regression with errors of an ARIMA(1, 0, 0); months without a value are missing to the filter."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    every = pd.period_range(logs.index[0], logs.index[-1], freq="M")
    model = SARIMAX(
        (logs - logs.mean()).reindex(every).to_numpy(),
        exog=design.reindex(every).fillna(0.0).to_numpy(),
        order=(1, 0, 0),
        mle_regression=False,
        use_exact_diffuse=True,
    )
    start = [0.5, float(logs.var()) / 4]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a search by gradient that fails is done again without one
        fit = model.fit(start_params=start, cov_type="none", disp=False)
    if not fit.mle_retvals["converged"]:
        fit = model.fit(start_params=start, method="nm", maxiter=1000, cov_type="none", disp=False)
    regression = slice(model.k_states - design.shape[1], None)
    effects = fit.smoothed_state[regression, -1]
    place = design.columns.get_loc("change")
    variance = float(fit.smoothed_state_cov[regression, regression, -1][place, place])
    lasting = float(fit.params[0])
    left = (logs - logs.mean() - design @ effects).reindex(every)
    return {
        "log_points": float(effects[place]),
        "standard_error": variance**0.5,
        "errors": "ARIMA(1, 0, 0)",
        "durbin_watson": _durbin_watson((left - lasting * left.shift()).dropna()),
        "autoregression": lasting,
    }


def _durbin_watson(residuals: pd.Series) -> float:
    """Return the statistic over pairs of neighboring months alone (Bhargava, Franzini and Narendranathan 1982)."""
    every = pd.period_range(residuals.index[0], residuals.index[-1], freq="M")
    return float((residuals.reindex(every).diff() ** 2).sum() / (residuals**2).sum())


def _design(months: pd.PeriodIndex, at: pd.Period, effect: str, trend: bool) -> pd.DataFrame:
    run, count = runs(months), _count(months)
    since = count - (12 * at.year + at.month)
    calendar = (count - 1) % 12 + 1
    columns = {f"month {m}": (calendar == m).astype(float) for m in np.unique(calendar)}
    columns |= {f"level of run {r}": (run == r).astype(float) for r in np.unique(run)[1:]}
    columns["change"] = ((since == 0) if effect == "one month" else (since >= 0)).astype(float)
    if trend:
        columns["trend"] = (count - count[0]).astype(float)
    return pd.DataFrame(columns, index=months)


def _count(months: pd.PeriodIndex) -> np.ndarray:
    return months.asi8 + _COUNT_OF_EPOCH


def _percent(log_points: float) -> float:
    return float(np.expm1(log_points) * 100)
