"""Did the level of a monthly series change at a date? The same question under each window, trend, control and model of the errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.ports.series import by_month, months_by_port
from cityresearch.chapters.ports.shares import ports_in_words
from cityresearch.measures.interruption import (
    Interruption,
    interruption,
    last_years,
    month_of,
    placebos,
    runs,
    unbroken,
)
from cityresearch.numbers.quantity import Missing, Quantity
from cityresearch.phrases import listed, many

__all__ = ["CONTROLS", "YEARS", "as_quantity", "as_rows", "as_table", "conclusion", "control", "months_in_words", "months_used", "specifications"]  # fmt: skip

YEARS = 10
# ports that a region is compared with: large ones, next to it and not in it
CONTROLS: Mapping[str, str] = {
    "los-angeles": "oakland",
    "long-beach": "oakland",
    "san-pedro-bay": "oakland",
    "oakland": "san-pedro-bay",
}
_STEP, _ALONE = "step", "one month"
_EFFECTS = {_STEP: "a lasting step", _ALONE: "the month alone"}
# a change of one month rests on one observation, for which Newey-West errors are not defined
_ERRORS = {_STEP: ("Newey-West", "autoregressive"), _ALONE: ("autoregressive",)}
_TEN_YEARS, _ONE_RUN = f"{YEARS} years", "run around the date"
_LIMITS = (
    "Shipments that were brought forward raise the months before the date and are not separated from its effect. The limits "
    "take the model as given, and in so few months they are too narrow."
)
_NEAR_ONE = 0.9  # from here on an error has a half-life of more than six months, most of what follows the date


def control(counts: pd.DataFrame, region: str, direction: str) -> pd.Series:
    """Return the monthly counts of the ports that a region is compared with, from `CONTROLS`; empty if there are none.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    region : str
        A key of `shares.REGIONS`.
    direction : str
        A key of `series.DIRECTIONS`.
    """
    if region not in CONTROLS:
        return by_month(counts, region, direction).iloc[:0]
    return by_month(counts, CONTROLS[region], direction)


def months_used(counts: pd.DataFrame, region: str, direction: str) -> pd.DataFrame:
    """Return the months that a region is followed in, of it and of its control, as `series.months_by_port` does, sorted.

    Parameters are those of `control`.
    """
    months = last_years(by_month(counts, region, direction), YEARS).index.astype(str)
    regions = [region, *([CONTROLS[region]] if region in CONTROLS else [])]
    found = pd.concat([months_by_port(counts, r, direction, since=min(months, default="")) for r in regions])
    return found[found["month"].isin(months)].sort_values(["series", "x"])


@checked_arguments
def specifications(monthly: pd.Series, other: pd.Series, date: str, *, lags: int) -> pd.DataFrame:
    """Estimate a change at a date under each window, trend, control and model of the errors.

    The windows are the last `YEARS` years, of which every run of months without a gap has a level of its own, and the run
    around the date alone. With a control the ratio to other ports is followed. A change of the date's month alone is
    estimated with autoregressive errors only.

    Parameters
    ----------
    monthly, other : pandas.Series
        From `series.by_month` and `control`.
    date : str
        First month after the change, YYYY-MM.
    lags : int
        Months over which errors may be correlated under Newey-West.

    Returns
    -------
    pandas.DataFrame
        One row per specification: effect, window, control and trend (bool), errors, fit (Interruption or Missing), as_large
        and tried (placebo dates with a step at least as large, and all of them; missing but for steps with Newey-West).
    """
    ratio = (monthly / other.reindex(monthly.index)).dropna() if len(other) else monthly.iloc[:0]
    rows = []
    for effect, controlled, window, trend, errors in _grid(with_control=len(ratio) > 0):
        series = ratio if controlled else monthly
        series = last_years(series, YEARS) if window == _TEN_YEARS else unbroken(series, date)
        fit = interruption(series, date, effect=effect, trend=trend, errors=errors, lags=lags)
        row = {"effect": effect, "window": window, "control": controlled, "trend": trend, "errors": errors, "fit": fit}
        if errors == "Newey-West" and isinstance(fit, Interruption):
            earlier = placebos(series, date, trend=trend, lags=lags)["log_points"].abs()
            row |= {"as_large": int((earlier >= abs(fit.log_points)).sum()), "tried": len(earlier)}
        rows.append(row)
    columns = ["effect", "window", "control", "trend", "errors", "fit", "as_large", "tried"]
    return pd.DataFrame(rows, columns=columns).astype({"as_large": "Int64", "tried": "Int64"})


def as_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return `specifications` for readers, one row each, without columns that are empty."""
    rows = []
    for r in found.itertuples():
        row = {
            "effect": _EFFECTS[r.effect],
            "window": r.window,
            "relative to other ports": "yes" if r.control else "no",
            "trend": "linear" if r.trend else "none",
        }
        if isinstance(r.fit, Missing):
            rows.append(row | {"errors": r.errors, "not estimated because": r.fit.reason})
            continue
        lasting = r.fit.autoregression
        rows.append(
            row
            | {
                "errors": r.fit.errors,
                "months": str(r.fit.n),
                "effect, percent": f"{r.fit.percent:+.1f}",
                "95% limits": f"{r.fit.low:+.1f} to {r.fit.high:+.1f}",
                "Durbin-Watson": f"{r.fit.durbin_watson:.2f}",
                "lasting part of an error": "" if lasting is None else f"{lasting:.2f}",
                "placebo steps as large": "" if pd.isna(r.tried) else f"{r.as_large} of {r.tried}",
            }
        )
    return pd.DataFrame(rows).fillna("").set_index("window")


def as_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates of `specifications` as a chart of dots wants them: group, label, value, low, high (percent)."""
    rows = [
        {
            "group": f"{_EFFECTS[r.effect]}{', relative to other ports' * r.control}",
            "label": f"{r.window}, {'trend' if r.trend else 'no trend'}, {r.errors}",
            "value": r.fit.percent,
            "low": r.fit.low,
            "high": r.fit.high,
        }
        for r in found.itertuples()
        if isinstance(r.fit, Interruption)
    ]
    return pd.DataFrame(rows, columns=["group", "label", "value", "low", "high"])


def as_quantity(found: pd.DataFrame, *, trend: bool) -> Quantity | Missing:
    """Return the step over ten years without a control and with Newey-West errors, in percent to two digits."""
    rows = found[(found["effect"] == _STEP) & (found["window"] == _TEN_YEARS) & ~found["control"]]
    fit = rows[(rows["trend"] == trend) & (rows["errors"] == "Newey-West")]["fit"].iloc[0]
    if isinstance(fit, Missing):
        return fit
    return Quantity(round(fit.percent, 2), "percent", period=f"{fit.first} to {fit.last}")


@checked_arguments
def months_in_words(monthly: pd.Series, other: pd.Series, date: str, region: str) -> str:
    """Say which of the last ten years' months there are, how often the month of the date is among them, and the control.

    Parameters are those of `specifications`; `region` is a key of `shares.REGIONS`.
    """
    used = last_years(monthly, YEARS)
    ratio = last_years(monthly[monthly.index.isin(other.index)], YEARS)
    if used.empty:
        return f"Our data have no two neighboring months in which {ports_in_words(region)} all have a count."
    number = runs(used.index)
    spans = [used.index[number == n] for n in sorted(set(number))]
    same = int((used.index.month == month_of(date).month).sum())
    told = (
        f"Of the {12 * YEARS} months that end with {used.index[-1]}, our data have {len(used)} that can be used: "
        f"{listed(f'{span[0]} to {span[-1]}' for span in spans)}. The ports publish the others too, but we could not obtain "
        f"them. So the season of {month_of(date).strftime('%B')} is known from {many(same, 'year')}."
    )
    if ratio.empty:
        return f"{told} No other large port with such months is left to compare with."
    return (
        f"{told} The control is the ratio to {ports_in_words(CONTROLS[region])}, in {len(ratio)} of "
        "these months. What befell both is not in it, so it shows what changed here and not there."
    )


def conclusion(found: pd.DataFrame, date: str) -> str:
    """Say what the estimates for one date say together, and what they cannot say.

    Parameters
    ----------
    found : pandas.DataFrame
        From `specifications`.
    date : str
        YYYY-MM.
    """
    fits = found[[isinstance(fit, Interruption) for fit in found["fit"]]]
    steps, alone = (list(fits.loc[fits["effect"] == effect, "fit"]) for effect in (_STEP, _ALONE))
    if not steps:
        return "Nothing can be said about a lasting change, since no estimate could be made."
    told = f"A lasting step from {date} is {_span(steps)} in {many(len(steps), 'estimate')}; {_apart(steps)}."
    signs = {fit.percent > 0 for fit in steps}
    if len(signs) > 1:
        told += (
            " Its sign depends on the window, the trend, the control and the errors, so these months do not show whether the "
            "level changed."
        )
    elif all(fit.low * fit.high > 0 for fit in steps):
        told += " All have the same sign and limits that exclude zero."
    else:
        told += " All have the same sign, but some limits include zero, so these months do not show a lasting change."
    drifting = sum((fit.autoregression or 0) >= _NEAR_ONE for fit in steps)
    if drifting:
        told += f" In {drifting} of them errors last so long that the step is little more than the change from the month before."
    if alone:
        told += f" The month {date} alone is {_span(alone)} away from its season; {_apart(alone)}."
    return f"{told} {_LIMITS}"


def _grid(*, with_control: bool) -> Iterable[tuple[str, bool, str, bool, str]]:
    controls = (False, True) if with_control else (False,)
    for choices in product(_ERRORS, controls, (_TEN_YEARS, _ONE_RUN), (False, True)):
        for errors in _ERRORS[choices[0]]:
            yield *choices, errors


def _span(fits: list[Interruption]) -> str:
    values = [fit.percent for fit in fits]
    return f"{min(values):+.1f} to {max(values):+.1f} percent" if len(values) > 1 else f"{values[0]:+.1f} percent"


def _apart(fits: list[Interruption]) -> str:
    apart = sum(fit.low * fit.high > 0 for fit in fits)
    return f"limits exclude zero in {apart} of {len(fits)}"
