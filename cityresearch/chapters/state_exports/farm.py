"""By how much exports of single goods of California's farms and wineries fell."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cityresearch.chapters.state_exports import parts
from cityresearch.measures.published import observed
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = ["ALMONDS", "CROPS", "DRINKS", "NUTS_AND_WINE", "WINE", "fall", "falls", "whole_loss"]

NUTS_AND_WINE = "California's wine and tree nuts, 2025"
WINE = "wine of the United States by value, first three quarters of 2025"
DRINKS = "California's beverages and tobacco (312), 2025"
CROPS = "California's crops (111), 2025"
ALMONDS = "California's almonds, crop year to February 2025"


def fall(change: Quantity | Missing) -> Quantity | Missing:
    """Turn a change in percent into the size of the fall: a change of -33 is a fall of 33, a rise a negative fall."""
    if isinstance(change, Missing):
        return change
    bounds = Interval.point(0) - change.bounds if change.bounds else None
    return replace(change, value=-change.value, bounds=bounds)


def falls(naics3: pd.DataFrame, observations: pd.DataFrame) -> dict[str, Quantity | Missing]:
    """Return by how much exports of the goods nearest to wine and tree nuts fell, in percent; a rise is negative.

    Parameters
    ----------
    naics3, observations : pandas.DataFrame
        The datasets `state_exports_naics3` and `port_observations`.
    """
    wine = observed(observations, "wine_exports_change", "United States", "2025-Q1..2025-Q3")
    almonds = observed(observations, "almond_export_change", "California", "2024-08..2025-02")
    return {
        NUTS_AND_WINE: missing("none of our tables has California's wine and tree nuts alone"),
        WINE: fall(wine),
        DRINKS: fall(parts.industry_change(naics3, "312", state="CA", year=2025, base=2024)),
        CROPS: fall(parts.industry_change(naics3, "111", state="CA", year=2025, base=2024)),
        ALMONDS: fall(almonds),
    }


def whole_loss(part_before: Quantity, part_after: Quantity, share_of_loss: Quantity) -> Quantity:
    """Return the whole loss that follows from the loss of a part and the part's printed share of the whole.

    Parameters
    ----------
    part_before, part_after : Quantity
        In one unit, which is that of the result.
    share_of_loss : Quantity
        Percent.
    """
    lost = part_before.interval - part_after.interval
    whole = (lost / share_of_loss.interval) * Interval.point(100)
    return Quantity(
        (part_before.value - part_after.value) / share_of_loss.value * 100,
        part_before.unit,
        part_after.period,
        "the whole loss",
        basis="derived",
        sources=unique([*part_before.sources, *part_after.sources, *share_of_loss.sources]),
        bounds=whole,
    )
