"""How large a rise between two surveys must be before it can be told from chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cityresearch.chapters.public_opinion.precision import Design
from cityresearch.errors import ParameterError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = ["START", "Rise", "detectable_change", "detectable_curve", "margin_of_change", "rise"]
START = 50  # percent, where a rise is hardest to find


@dataclass(frozen=True, slots=True)
class Rise:
    """What two surveys of one design would show of a rise from 50 percent, in percentage points.

    `between` is the margin of a difference between the two; `found` the rise that is found with the wanted power, with the range that the
    rounding of the printed margin allows; `simple` the same if as many people had been drawn at random; `even` the rise that is found half of
    the time.
    """

    between: Quantity
    found: Quantity
    simple: Quantity
    even: Quantity


def rise(design: Design, *, power: float, alpha: float) -> Rise:
    """Return what two independent surveys of a design would show.

    Parameters
    ----------
    design : Design
        Of both surveys.
    power, alpha : float
        As for `detectable_change`.
    """

    def to_find(n: float, how_often: float = power) -> Quantity:
        return detectable_change(START, float(n), float(n), power=how_often, alpha=alpha)

    effective = design.effective
    middle, *ends = (to_find(n) for n in (effective.value, effective.interval.high, effective.interval.low))
    found = Quantity(
        middle.value, middle.unit, sources=effective.sources, bounds=Interval(*(float(end.value) for end in ends))
    )
    return Rise(
        margin_of_change(design.margin, design.margin), found, to_find(design.asked), to_find(effective.value, 0.5)
    )


def margin_of_change(first: Quantity, second: Quantity) -> Quantity:
    """Return the margin of error of the change between two independent surveys, in percentage points.

    Parameters
    ----------
    first, second : Quantity
        The margins of the two, at one level of confidence.
    """
    ends = [
        math.hypot(float(getattr(first.interval, end)), float(getattr(second.interval, end))) for end in ("low", "high")
    ]
    return Quantity(
        math.hypot(float(first.value), float(second.value)),
        "percentage points",
        period=" to ".join(unique([first.period, second.period])),
        sources=unique([*first.sources, *second.sources]),
        bounds=Interval(*ends),
    )


def detectable_change(
    before: float, n_before: float, n_after: float, *, power: float, alpha: float
) -> Quantity | Missing:
    """Return the smallest rise that two independent samples would show with a given power, in percentage points.

    Two-sided test of two shares on the arcsine scale (`statsmodels.stats.power.NormalIndPower`).

    Parameters
    ----------
    before : float
        Share in the first survey, in percent.
    n_before, n_after : float
        Effective numbers of respondents.
    power, alpha : float
        Between 0 and 1.

    Returns
    -------
    Quantity or Missing
        Missing if the share has no room for such a rise.

    Raises
    ------
    ParameterError
        If a share, size, power or level lies outside its range.
    """
    if not (0 <= before < 100 and n_before > 1 and n_after > 1 and 0 < alpha < power < 1):
        raise ParameterError(
            "A detectable change needs a share from 0 to below 100 percent, effective sizes above 1 and 0 < alpha < power < 1; found "
            f"{before}, {n_before}, {n_after}, alpha {alpha}, power {power}."
        )
    from statsmodels.stats.power import NormalIndPower

    effect = NormalIndPower().solve_power(
        nobs1=n_before, ratio=n_after / n_before, alpha=alpha, power=power, alternative="two-sided"
    )
    angle = math.asin(math.sqrt(before / 100)) + effect / 2
    if angle > math.pi / 2:
        return missing(f"a share of {before:g} % has no room for a rise that would be found")
    return Quantity(100 * math.sin(angle) ** 2 - before, "percentage points")


def detectable_curve(sizes: dict[str, float], shares: range, *, power: float, alpha: float) -> pd.DataFrame:
    """Tabulate the detectable rise over starting shares, for two surveys of one size each.

    Parameters
    ----------
    sizes : dict of label to effective number of respondents

    Returns
    -------
    pandas.DataFrame
        Columns x (starting share, percent), series (label), value (percentage points; missing where there is no room).
    """
    rows = []
    for label, n in sizes.items():
        for share in shares:
            change = detectable_change(share, n, n, power=power, alpha=alpha)
            rows.append((share, label, None if isinstance(change, Missing) else float(change.value)))
    return pd.DataFrame(rows, columns=["x", "series", "value"]).astype({"value": float})
