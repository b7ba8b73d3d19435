"""What the precision of a survey means, in sentences."""

from __future__ import annotations

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.public_opinion.precision import Design
from cityresearch.chapters.public_opinion.rises import Rise
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = ["on_design", "on_rise", "on_rounds", "on_trend"]


def on_design(design: Design | Missing) -> str:
    """Say what a printed margin means for the number of respondents; the reason, where none is printed."""
    if isinstance(design, Missing):
        return design.reason
    too_narrow = 100 * (1 - float(design.effect.value) ** -0.5)
    return (
        f"{design.survey}: with {design.asked:,} people asked, a printed margin of {float(design.margin.value):g} points implies a design "
        f"effect of about {_with_range(design.effect, 2)} and an effective number of about {_with_range(design.effective, 0)} respondents. "
        f"Intervals from the raw number would be {too_narrow:.0f}% too narrow."
    )


def on_rise(rise: Rise, *, power: float, alpha: float) -> str:
    """Say how large a rise between two rounds must be to be found."""
    return (
        f"A difference between two such rounds has a margin of {_with_range(rise.between, 1)} points, at the level of confidence of the "
        f"printed margin. From a share of 50%, a real rise must reach {_with_range(rise.found, 1)} points to be found {power:.0%} of the "
        f"time at a two-sided level of {alpha:.0%}. With simple random samples of the same size {float(rise.simple.value):.1f} points would "
        "be enough."
    )


@checked_arguments
def on_trend(trend: Quantity, chance: Quantity, design: Design, rounds: int, *, power: float) -> str:
    """Say how large a rise over several rounds must be to be found as a trend, and what rises in every round show.

    Parameters
    ----------
    trend, chance : Quantity
        From `rises.trend_over` and `rises.chance_of_rises`.
    """
    return (
        f"Over {rounds} rounds like {design.survey}, equally far apart, a steady rise from 50% must reach {_with_range(trend, 1)} points from "
        f"the first to the last, {float(trend.value) / (rounds - 1):.1f} from round to round, for a test of trend to find it {power:.0%} of "
        f"the time. If nothing had changed, every round would still show more than the one before in {float(chance.value):.0f}% of all "
        "cases, so a rise in every round is not by itself evidence of a trend. With fewer effective respondents in the first or the last "
        "round the rise would have to be larger."
    )


def on_rounds(design: Design, rise: Rise, *, power: float) -> str:
    """Say what can be concluded about the rounds if they were like a survey."""
    return (
        "Whether support rose from round to round can be neither confirmed nor denied from what is public: no percentage of any round was "
        "found. We found no source either that prints how large the rises were, so the rises that such surveys can show neither support nor "
        f"contradict the paper. If the rounds were like {design.survey}, a rise below about {float(rise.even.value):.0f} points would be missed more often "
        f"than found, and a rise of {float(rise.found.value):.0f} points would be found {power:.0%} of the time. The published words point to "
        "wide agreement that international ties matter. That is another question than support for leaders who engage abroad."
    )


def _with_range(value: Quantity, digits: int) -> str:
    low, high = float(value.interval.low), float(value.interval.high)
    return f"{float(value.value):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
