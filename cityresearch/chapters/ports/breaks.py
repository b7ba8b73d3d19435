"""What the estimates of a break in a monthly series say, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.measures.interruption import Interruption, tabulated
from cityresearch.numbers.quantity import Missing, Quantity
from cityresearch.phrases import capitalized

__all__ = ["as_quantity", "as_table", "conclusion", "told"]

_COLUMNS = {
    "percent": "change, percent", "low": "95% limits from", "high": "to", "standard_error": "standard error (logs)",
    "p_value": "p-value", "errors": "errors", "n": "months", "degrees_of_freedom": "degrees of freedom",
    "first": "first month", "last": "last month", "missing": "not estimated because",
}  # fmt: skip
_LIMITS = (
    "Where placebo dates show steps too, the model takes slower movements for a step. Shipments that were brought "
    "forward raise the months before the date and are not separated from its effect."
)


def as_table(estimates: Mapping[str, Interruption | Missing]) -> pd.DataFrame:
    """Return estimates for readers, one column each.

    Parameters
    ----------
    estimates : mapping of name to Interruption or Missing
        From `interruption.interruption`.
    """
    table = tabulated(dict(estimates)).astype(object)
    table["p_value"] = table["p_value"].map(lambda p: "below 0.0001" if p == 0 else p, na_action="ignore")
    shown = table[[name for name in _COLUMNS if name in table and table[name].notna().any()]]
    return shown.where(shown.notna(), "").rename(columns=_COLUMNS).T.rename_axis(columns="")


def as_quantity(fit: Interruption | Missing) -> Quantity | Missing:
    """Return the change that an estimate finds, in percent to two digits, with the months that it rests on."""
    if isinstance(fit, Missing):
        return fit
    return Quantity(round(fit.percent, 2), "percent", period=f"{fit.first} to {fit.last}")


def told(word: str, fit: Interruption | Missing, placebos: pd.DataFrame) -> str:
    """Set an estimate against those for placebo dates in the months before.

    Parameters
    ----------
    word : str
        Names the model, for instance "no trend".
    fit : Interruption or Missing
    placebos : pandas.DataFrame
        From `interruption.placebos`.
    """
    if isinstance(fit, Missing):
        return f"{capitalized(word)}: no estimate ({fit.reason})."
    found = (
        f"{capitalized(word)}: {fit.percent:+.1f} percent (95 percent limits {fit.low:+.1f} to {fit.high:+.1f}; "
        f"{fit.errors}; {fit.n} months, {fit.first} to {fit.last})."
    )
    if placebos.empty:
        return f"{found} There are too few earlier months for placebo dates."
    apart = int(((placebos["low"] * placebos["high"]) > 0).sum())
    larger = int((placebos["log_points"].abs() >= abs(fit.log_points)).sum())
    low, high = placebos["percent"].min(), placebos["percent"].max()
    return (
        f"{found} Estimates for {len(placebos)} placebo date{'s' * (len(placebos) != 1)} in the months before run from "
        f"{low:+.1f} to {high:+.1f} percent: steps at least as large: {larger}; limits that exclude zero: {apart}."
    )


def conclusion(plain: Interruption | Missing, with_trend: Interruption | Missing, alone: Interruption | Missing) -> str:
    """Say what the three estimates for one date say together, and what they cannot say.

    Parameters
    ----------
    plain, with_trend : Interruption or Missing
        A lasting step, without and with a trend.
    alone : Interruption or Missing
        An effect of one month.
    """
    if any(isinstance(fit, Missing) for fit in (plain, with_trend, alone)):
        return "Nothing can be said about a lasting change, since not all three estimates could be made."
    same = plain.percent * with_trend.percent > 0
    if same and all(fit.low * fit.high > 0 for fit in (plain, with_trend)):
        found = "With and without a trend the step has the same sign, and both limits exclude zero."
    elif same:
        found = "With and without a trend the step has the same sign, but not both limits exclude zero."
    else:
        found = (
            "The sign of the step depends on the trend. Whether the level changed depends on whether the earlier rise "
            "or fall would have gone on, and these months cannot tell."
        )
    usual = "within" if alone.low * alone.high < 0 else "outside"
    return (
        f"{found} {alone.date} alone is {alone.percent:+.1f} percent away from its season (limits {alone.low:+.1f} to "
        f"{alone.high:+.1f}), which is {usual} the usual variation of single months. {_LIMITS}"
    )
