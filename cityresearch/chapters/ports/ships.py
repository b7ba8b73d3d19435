"""The spring of 2025 in San Pedro Bay: ships in one week, containers in one month, and the year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.chapters.ports.shares import REGION_NAMES, regional
from cityresearch.measures.comparisons import growth
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = ["BAY", "MONTH", "SHIPS", "WEEK", "as_rows", "changes", "docked_in_one_week"]

BAY = "San Pedro Bay ports (Los Angeles and Long Beach)"
_REGIONS = ("los-angeles", "long-beach", "san-pedro-bay")
SHIPS, MONTH, _YEAR = "Ships", "Containers, May 2025", "Containers, year 2025"
WEEK = "docked, week of 4 May 2025"


def docked_in_one_week(observations: pd.DataFrame) -> Quantity | Missing:
    """Return the change in docked ships in the week of 4 May 2025 against the year before, in percent."""
    return observed(observations, "docked_vessels_change", BAY, "2025-W19")


def changes(counts: pd.DataFrame, observations: pd.DataFrame) -> dict[str, dict[str, Quantity | Missing]]:
    """Compare the spring of 2025 with the year before, in ships and in containers.

    Parameters
    ----------
    counts : pandas.DataFrame
        The ports' own counts, from `containers.settled`.
    observations : pandas.DataFrame
        The dataset `port_observations`.

    Returns
    -------
    mapping of group to mapping of label to Quantity or Missing
        Percent; arrivals are compared with a normal number.
    """
    came, normal = (
        observed(observations, series, BAY, "2025-05-01..2025-05-05", basis="arrivals")
        for series in ("ship_arrivals", "ship_arrivals_normal")
    )
    found = {
        SHIPS: {WEEK: docked_in_one_week(observations), "arrived 1 to 5 May, against normal": growth(came, normal)}
    }
    for group, now, before in ((MONTH, "2025-05", "2024-05"), (_YEAR, "2025", "2024")):
        found[group] = {
            REGION_NAMES[region].removeprefix("the port of "): growth(
                regional(counts, region, "total", now), regional(counts, region, "total", before)
            )
            for region in _REGIONS
        }
    return found


def as_rows(groups: Mapping[str, Mapping[str, Quantity | Missing]]) -> pd.DataFrame:
    """Turn named quantities in groups into rows for a dot plot; missing ones are left out."""
    rows = [
        {
            "group": group,
            "label": label,
            "value": float(q.value),
            "low": float(q.interval.low),
            "high": float(q.interval.high),
            "source_id": ";".join(q.sources),
        }
        for group, quantities in groups.items()
        for label, q in quantities.items()
        if isinstance(q, Quantity)
    ]
    return pd.DataFrame(rows, columns=["group", "label", "value", "low", "high", "source_id"])
