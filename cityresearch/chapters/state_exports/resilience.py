"""Did exports hold? Containers beside value, and single figures that publishers print about an export.

Value and boxes can part ways: a box of chips is worth more than a box of hay, and a good part of California's exports flies. Counts of
one port are compared only with counts of the same port over the same months.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.measures import containers
from cityresearch.measures.published import growth
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import Missing, Quantity, together, unique

__all__ = [
    "both", "combined_loss_share", "lead_over", "not_below", "place_among", "within", "year_change",
]  # fmt: skip


@checked_arguments
def year_change(counts: pd.DataFrame, port: str, direction: str, *, year: int, base: int) -> Quantity | Missing:
    """Return the change of a port's count between two years, in percent.

    Yearly counts are taken where both are known, else the months that both years have, which the period then names. A
    month whose count may be a misprint is left out.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    direction : str
        For instance total or loaded_exports.

    Returns
    -------
    Quantity or Missing
        With bounds where counts are rounded; missing with fewer than six common months.
    """
    later, earlier = (containers.teu(counts, port, direction, str(y)) for y in (year, base))
    if isinstance(later, Missing) or isinstance(earlier, Missing):
        months = [m for m in range(1, 13) if all(_sure(counts, port, direction, f"{y}-{m:02d}") for y in (year, base))]
        if len(months) < 6:
            return Missing(
                f"{port}, {direction.replace('_', ' ')}: no count of both {base} and {year}, "
                f"and only {len(months)} common months"
            )
        later, earlier = (_months(counts, port, direction, y, months) for y in (year, base))
    return growth(later, earlier)


def _sure(counts: pd.DataFrame, port: str, direction: str, month: str) -> bool:
    key = (port, month, "month", direction)
    return key in counts.index and not counts.at[key, "doubt"]


def _months(counts: pd.DataFrame, port: str, direction: str, year: int, months: list[int]) -> Quantity:
    found = [containers.teu(counts, port, direction, f"{year}-{month:02d}") for month in months]
    period = f"{len(months)} months of {year}"
    return together(*(replace(count, period=period) for count in found), geography=port)


def place_among(value: Quantity, others: list[Quantity]) -> Quantity:
    """Return the place of a value among others, the largest first, with bounds where rounding leaves the order open.

    Raises
    ------
    DataError
        If units differ.
    """
    if {q.unit for q in others} != {value.unit}:
        raise DataError(f"Will not rank values in different units beside {value.geography}.")
    best = 1 + sum(q.interval.lies_above(value.interval) for q in others)
    worst = 1 + sum(not value.interval.lies_above(q.interval) for q in others)
    place = 1 + sum(q.value > value.value for q in others)
    return Quantity(
        place,
        "rank",
        value.period,
        value.geography,
        sources=unique([*value.sources, *(s for q in others for s in q.sources)]),
        bounds=None if best == worst else Interval(best, worst),
        caveats=value.caveats,
    )


def combined_loss_share(part_before: Quantity, part_after: Quantity, share_of_loss: Quantity) -> Quantity:
    """Return the whole loss that follows from a part's loss and the part's printed share of it, in the unit of the part. Derived."""
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


def lead_over(value: Quantity, others: list[Quantity]) -> Quantity:
    """Return by how much a value exceeds the largest of the smaller ones, in percent; geography names that one.

    Raises
    ------
    DataError
        If none is smaller.
    """
    smaller = [q for q in others if q.value < value.value]
    if not smaller:
        raise DataError(f"{value.geography} exceeds none of the values beside it.")
    following = max(smaller, key=lambda q: q.value)
    return Quantity(
        (value.value / following.value - 1) * 100,
        "percent",
        value.period,
        following.geography,
        sources=unique([*value.sources, *following.sources]),
    )


def within(changes: Iterable[Quantity | Missing], limit: float) -> bool | Missing:
    """Say whether every change in percent stays within a limit on both sides; missing if any is."""
    changes = list(changes)
    lacking = next((c for c in changes if isinstance(c, Missing)), None)
    return lacking or all(abs(c.value) <= exact(limit) for c in changes)


def not_below(changes: Iterable[Quantity | Missing]) -> bool | Missing:
    """Say whether no change is a fall; one fall suffices for False, else missing if any change is."""
    changes = list(changes)
    if any(isinstance(c, Quantity) and c.value < 0 for c in changes):
        return False
    lacking = next((c for c in changes if isinstance(c, Missing)), None)
    return lacking or True


def both(first: bool | Missing, second: bool | Missing) -> bool | Missing:
    """Say whether two statements hold: one that fails decides, else one that is missing leaves it open."""
    if first is False or second is False:
        return False
    return next((s for s in (first, second) if isinstance(s, Missing)), True)
