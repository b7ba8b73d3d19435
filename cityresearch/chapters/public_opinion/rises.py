"""How large a rise between two surveys, or over several, must be before it can be told from chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.public_opinion.precision import Design
from cityresearch.errors import ParameterError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = [
    "START", "Rise", "chance_of_rises", "detectable_change", "detectable_curve", "detectable_trend", "margin_of_change", "rise",
    "trend_over",
]  # fmt: skip
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


def detectable_trend(
    before: float, sizes: Sequence[float], *, power: float, alpha: float, times: Sequence[float] | None = None
) -> Quantity | Missing:
    """Return the smallest rise from the first to the last of several samples that a test of trend finds with a given power.

    The share is taken to rise in equal steps of time on the arcsine scale, where the variance of each sample is one over its size. The
    slope by weighted least squares then has the variance 1 / sum(n * (t - mean)^2), with the mean weighted by size, and the test is one
    of a single mean (`statsmodels.stats.power.NormalIndPower` with ratio 0). Two samples give `detectable_change`.

    Parameters
    ----------
    before : float
        Share in the first survey, in percent.
    sizes : sequence of float
        Effective numbers of respondents, in the order of the rounds.
    power, alpha : float
        Between 0 and 1.
    times : sequence of float, optional
        When each round was; equally far apart if left out.

    Returns
    -------
    Quantity or Missing
        Percentage points from the first to the last round; missing if the share has no room for such a rise.

    Raises
    ------
    ParameterError
        If there are fewer than two rounds, times do not rise or do not fit the sizes, or a number lies outside its range.

    Examples
    --------
    >>> two, three = (float(detectable_trend(50, [784] * k, power=0.8, alpha=0.05).value) for k in (2, 3))
    >>> f"{two:.2f} {three:.2f}"  # a round halfway says nothing more of a straight line
    '7.05 7.05'
    """
    times = list(range(len(sizes))) if times is None else list(times)
    if len(sizes) < 2 or len(times) != len(sizes) or any(b <= a for a, b in pairwise(times)):
        raise ParameterError(
            f"A trend needs two or more rounds, each later than the one before, found sizes {list(sizes)} at {times}."
        )
    if not (0 <= before < 100 and min(sizes) > 1 and 0 < alpha < power < 1):
        raise ParameterError(
            f"A detectable trend needs a share from 0 to below 100 percent, effective sizes above 1 and 0 < alpha < power < 1; found "
            f"{before}, {list(sizes)}, alpha {alpha}, power {power}."
        )
    from statsmodels.stats.power import NormalIndPower

    mean = sum(n * t for n, t in zip(sizes, times, strict=True)) / sum(sizes)
    spread = sum(n * (t - mean) ** 2 for n, t in zip(sizes, times, strict=True))
    slope = NormalIndPower().solve_power(nobs1=spread, ratio=0, alpha=alpha, power=power, alternative="two-sided")
    angle = math.asin(math.sqrt(before / 100)) + slope * (times[-1] - times[0]) / 2
    if angle > math.pi / 2:
        return missing(f"a share of {before:g} % has no room for a trend that would be found")
    return Quantity(100 * math.sin(angle) ** 2 - before, "percentage points")


@checked_arguments
def trend_over(design: Design, rounds: int, *, power: float, alpha: float) -> Quantity:
    """Return the rise from 50 percent over several rounds of one design that a test of trend finds, with the range that rounding allows.

    Parameters
    ----------
    design : Design
        Of all rounds.
    rounds : int
        How many, equally far apart.
    power, alpha : float
        As for `detectable_trend`.
    """
    effective = design.effective
    middle, *ends = (
        detectable_trend(START, [float(n)] * rounds, power=power, alpha=alpha)
        for n in (effective.value, effective.interval.high, effective.interval.low)
    )
    bounds = Interval(*(float(end.value) for end in ends))
    return Quantity(middle.value, middle.unit, sources=effective.sources, bounds=bounds)


@checked_arguments
def chance_of_rises(rounds: int) -> Quantity:
    """Return how often every round of surveys of one size shows more than the one before although nothing changed, in percent.

    All orders of the rounds are then equally likely, and one of them rises throughout.

    Examples
    --------
    >>> f"{float(chance_of_rises(3).value):.1f}"
    '16.7'
    """
    if rounds < 2:
        raise ParameterError(f"A rise needs two or more rounds, found {rounds}.")
    return Quantity(Quantity(100).value / math.factorial(rounds), "percent")


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
