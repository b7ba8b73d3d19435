"""How large a state's economy is among those of countries."""

from __future__ import annotations

import pandas as pd

from cityresearch.errors import DataError
from cityresearch.measures.published import observed
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = ["COUNTRIES", "countries", "gross_product", "lead_over", "place_among"]

COUNTRIES = ("United States", "China", "Germany", "Japan")  # the four countries whose product is in our data
_RELEASED, _REVISED = "mynews13-2025-04", "bea-sagdp2-2024-chadpvo"


def countries(economy: pd.DataFrame) -> list[Quantity]:
    """Return the gross domestic product of other large economies in 2024, in USD.

    Parameters
    ----------
    economy : pandas.DataFrame
        The dataset `economy_observations`.
    """
    return [observed(economy, "gdp_nominal", country, "2024") for country in COUNTRIES]


def gross_product(economy: pd.DataFrame) -> dict[str, Quantity | Missing]:
    """Return California's gross product in USD, by release.

    Parameters
    ----------
    economy : pandas.DataFrame
        The dataset `economy_observations`.

    Returns
    -------
    dict
        Keys released and revised (both of 2024) and latest (third quarter of 2025, annual rate).
    """
    return {
        "released": observed(economy, "gdp_nominal", "California", "2024", source_id=_RELEASED),
        "revised": observed(economy, "gdp_nominal", "California", "2024", source_id=_REVISED),
        "latest": observed(economy, "gdp_nominal", "California", "2025-Q3"),
    }


def place_among(value: Quantity, others: list[Quantity]) -> Quantity:
    """Return the place of a value among others, the largest first, with bounds where rounding leaves the order open.

    Raises
    ------
    DataError
        If units differ.
    """
    if {q.unit for q in others} != {value.unit}:
        raise DataError(f"Will not rank values of different units with {value.geography}.")
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


def lead_over(value: Quantity, others: list[Quantity]) -> Quantity:
    """Return by how much a value exceeds the largest of the smaller ones, in percent; geography names that one.

    Raises
    ------
    DataError
        If none is smaller.
    """
    smaller = [q for q in others if q.value < value.value]
    if not smaller:
        raise DataError(f"{value.geography} exceeds none of the values that it is compared with.")
    following = max(smaller, key=lambda q: q.value)
    return Quantity(
        (value.value / following.value - 1) * 100,
        "percent",
        value.period,
        following.geography,
        sources=unique([*value.sources, *following.sources]),
    )
