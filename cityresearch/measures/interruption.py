"""Interrupted time series: did a monthly series change its level at a date, beyond season and trend?

Ordinary least squares on the logarithm with month effects. Standard errors of a lasting change allow for autocorrelation and unequal
spread (Newey-West); an effect of one month rests on one observation, for which those errors are not defined, so conventional ones are
given. A short series says little: every estimate comes with its window, its degrees of freedom and placebo dates.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError
from cityresearch.numbers.quantity import Missing

__all__ = ["FEWEST_LEFT", "Interruption", "interruption", "month_of", "placebos", "tabulated", "unbroken"]

FEWEST_LEFT = 5


@dataclass(frozen=True, slots=True)
class Interruption:
    """One estimate. `percent` is exp(coefficient) - 1; `low` and `high` are its 95 percent limits by Student's t."""

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
    step = pd.Series(series.index.month + 12 * series.index.year, index=series.index)
    run = (step.diff() != 1).cumsum()
    return series[run == run[at]]


@checked_arguments
def interruption(
    series: pd.Series,
    date: str,
    *,
    effect: Literal["step", "one month"] = "step",
    trend: bool = False,
    lags: int = 3,
) -> Interruption | Missing:
    """Estimate the change of a monthly series at a date.

    Parameters
    ----------
    series : pandas.Series
        Positive values, indexed by monthly period, ascending, without a gap.
    date : str
        First month after the change, for instance 2025-05.
    effect : {"step", "one month"}
        A change that stays until the end of the series, or one of that month alone.
    trend : bool
        Add a linear trend.
    lags : int
        Months over which errors may be correlated.

    Returns
    -------
    Interruption or Missing
        Missing if too few months are left to estimate it: fewer than `FEWEST_LEFT` degrees of freedom, fewer than three months
        before the date, none from it on, or a change that cannot be told from season and trend.

    Raises
    ------
    DataError
        If months are missing inside the series or a value is not positive.
    """
    steps = np.diff(series.index.month + 12 * series.index.year)
    if (steps != 1).any():
        raise DataError(
            "The series has gaps, and lags count rows: pass one run of months, for instance from unbroken()."
        )
    if (series <= 0).any():
        raise DataError(
            "The series holds a value that is not positive, and its logarithm is needed: leave that month out."
        )
    at = month_of(date)
    if series.empty:
        return Missing(f"{date}: there is no unbroken run of months to estimate it from")
    if (series.index < at).sum() < 3 or (series.index >= at).sum() < 1:
        return Missing(f"{date}: fewer than three months before it or none after, in a series of {len(series)}")
    from statsmodels.regression.linear_model import OLS

    design = _design(series.index, at, effect, trend)
    rank = int(np.linalg.matrix_rank(design.to_numpy()))
    left = len(series) - rank
    if rank < design.shape[1]:
        return Missing(f"{date}: in {len(series)} months the change cannot be told from season{' and trend' * trend}")
    if left < FEWEST_LEFT:
        return Missing(f"{date}: {len(series)} months leave {left} degrees of freedom, too few to say anything")
    model = OLS(np.log(series.to_numpy()), design.to_numpy())
    # a calendar month seen once fits exactly, and the variance of its own effect may come out a hair below zero
    with np.errstate(invalid="ignore"):
        if effect == "one month":
            fit, errors = model.fit(), "conventional"
        else:
            fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
            errors = f"HAC (Newey-West), {lags} lags, small-sample factor"
        place = design.columns.get_loc("change")
        b, (low, high) = float(fit.params[place]), map(float, fit.conf_int()[place])
        error, p_value = float(fit.bse[place]), float(fit.pvalues[place])
    return Interruption(
        date=date,
        effect=effect,
        trend=trend,
        percent=_percent(b),
        low=_percent(low),
        high=_percent(high),
        log_points=b,
        standard_error=error,
        p_value=p_value,
        errors=errors,
        n=len(series),
        degrees_of_freedom=left,
        first=str(series.index[0]),
        last=str(series.index[-1]),
    )


@checked_arguments
def placebos(series: pd.Series, before: str, *, least: int = 6, trend: bool = False, lags: int = 3) -> pd.DataFrame:
    """Estimate the same step at every earlier date, on the months before the real one alone.

    Parameters
    ----------
    before : str
        The real date; its month and all later ones are left out.
    least : int
        Months required on either side of a placebo date.

    Returns
    -------
    pandas.DataFrame
        As from `tabulated`, one row per placebo date; empty if the series is too short.
    """
    earlier = series[series.index < month_of(before)]
    dates = [str(month) for month in earlier.index[least : len(earlier) - least + 1]]
    found = {date: interruption(earlier, date, trend=trend, lags=lags) for date in dates}
    return tabulated({date: fit for date, fit in found.items() if isinstance(fit, Interruption)})


def tabulated(fits: dict[str, Interruption | Missing]) -> pd.DataFrame:
    """Tabulate estimates with everything needed to judge them.

    Returns
    -------
    pandas.DataFrame
        Indexed by the given names: the fields of `Interruption`, and `missing` with the reason where there is no estimate.
    """
    rows = [
        {"estimate": name, **(asdict(fit) if isinstance(fit, Interruption) else {"missing": fit.reason})}
        for name, fit in fits.items()
    ]
    columns = [
        "estimate",
        *Interruption.__dataclass_fields__,
        *(["missing"] if any("missing" in r for r in rows) else []),
    ]
    table = pd.DataFrame(rows, columns=columns).set_index("estimate")
    return table.round({"percent": 2, "low": 2, "high": 2, "log_points": 4, "standard_error": 4, "p_value": 4})


def _design(months: pd.PeriodIndex, at: pd.Period, effect: str, trend: bool) -> pd.DataFrame:
    columns = {f"month {m}": (months.month == m).astype(float) for m in sorted(set(months.month))}
    columns["change"] = ((months == at) if effect == "one month" else (months >= at)).astype(float)
    if trend:
        columns["trend"] = np.arange(len(months), dtype=float)
    return pd.DataFrame(columns, index=months)


def _percent(log_points: float) -> float:
    return float(np.expm1(log_points) * 100)
