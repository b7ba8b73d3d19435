"""Did exports hold? Containers beside value, and single figures that publishers print about an export.

Value and boxes can part ways: a box of chips is worth more than a box of hay, and a good part of California's exports flies. Counts of
one port are compared only with counts of the same port over the same months.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.state_exports.series import growth
from cityresearch.errors import DataError
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "both", "combined_loss_share", "lead_over", "not_below", "place_among", "undisputed", "within", "year_change",
]  # fmt: skip


def undisputed(containers: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Keep one count for each port, period and direction on which its sources agree.

    Counts listed as misprints are dropped, whoever prints them. Of the rest the most exact is kept; where two equally exact ones differ, none is.

    Parameters
    ----------
    containers : pandas.DataFrame
        The dataset `port_containers`.
    corrections : pandas.DataFrame
        The dataset `corrections`.

    Returns
    -------
    pandas.DataFrame
        Indexed by port, period_kind, direction and period: teu, precision, count_kind, source_id.
    """
    key = ["port", "period_kind", "direction", "period"]
    rows = containers.reset_index()
    misprints = set(corrections.reset_index().query("dataset == 'port_containers'")["key"])
    names = rows["port"].str.cat(rows[["period", "period_kind", "direction", "source_id"]], sep="|")
    # a paper that repeats the misprinted count is no second witness for it
    wrong = set(rows.loc[names.isin(misprints), [*key, "teu"]].itertuples(index=False, name=None))
    rows = rows[[k not in wrong for k in rows[[*key, "teu"]].itertuples(index=False, name=None)]]
    rows = rows[rows["precision"] == rows.groupby(key)["precision"].transform("min")]
    agreed = rows.groupby(key)["teu"].transform("nunique") == 1
    return (
        rows[agreed]
        .sort_values([*key, "source_id"])
        .drop_duplicates(key)
        .set_index(key)[["teu", "precision", "count_kind", "source_id"]]
    )


@checked_arguments
def year_change(counts: pd.DataFrame, port: str, direction: str, *, year: int, base: int) -> Quantity | Missing:
    """Return the change of a port's count between two years, in percent.

    Yearly counts are taken where both are printed, else the months that both years have, which the period then names.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `undisputed`.
    direction : str
        For instance total or loaded_exports.

    Returns
    -------
    Quantity or Missing
        With bounds where counts are rounded; missing with fewer than six common months.
    """
    later, earlier = (_yearly(counts, port, direction, y) for y in (year, base))
    if later is None or earlier is None:
        months = [
            m
            for m in range(1, 13)
            if all((port, "month", direction, f"{y}-{m:02d}") in counts.index for y in (year, base))
        ]
        if len(months) < 6:
            return Missing(
                f"{port}, {direction.replace('_', ' ')}: no count of both {base} and {year}, and only {len(months)} common months"
            )
        later, earlier = (_months(counts, port, direction, y, months) for y in (year, base))
    # both counts are the port's own, whichever papers carry them
    return growth(later, earlier, one_source=False)


def _yearly(counts: pd.DataFrame, port: str, direction: str, year: int) -> Quantity | None:
    key = (port, "year", direction, str(year))
    return _quantity(counts.loc[[key]], port, str(year)) if key in counts.index else None


def _months(counts: pd.DataFrame, port: str, direction: str, year: int, months: list[int]) -> Quantity:
    rows = counts.loc[[(port, "month", direction, f"{year}-{m:02d}") for m in months]]
    return _quantity(rows, port, f"{len(months)} months of {year}")


def _quantity(rows: pd.DataFrame, port: str, period: str) -> Quantity:
    kinds = sorted(rows["count_kind"].unique())
    if len(kinds) > 1:
        raise DataError(f"Will not add up counts of different kinds of {port} ({', '.join(kinds)}): choose one first.")
    values = [exact(v) for v in rows["teu"]]
    slack = sum((exact(p) / 2 for p in rows["precision"] if p > 1), Fraction(0))
    total = sum(values, Fraction(0))
    return Quantity(
        total,
        "TEU",
        period,
        port,
        basis=kinds[0],
        sources=unique(sorted(rows["source_id"])),
        bounds=Interval(total - slack, total + slack) if slack else None,
    )


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
