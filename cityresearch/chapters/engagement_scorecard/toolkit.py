"""The toolkit's 22 measures of international work, in its own order, with our short labels, units and horizons."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.datasets.load import load

__all__ = ["HORIZONS", "Measure", "measures"]

HORIZONS = {
    "activity": "Activity",
    "immediate": "Within 3 to 12 months",
    "medium_term": "Within 1 to 3 years",
    "long_term": "After 3 years",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its horizon, label, what a cell counts and in which unit, and the months after the activity when it is due."""

    metric_id: str
    horizon: str
    label: str
    unit: str
    counted: str
    from_months: int | None
    to_months: int | None


@checked_arguments
def measures(table: pd.DataFrame | None = None) -> tuple[Measure, ...]:
    """Return the measures in the toolkit's order.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        The dataset `scorecard_metrics`.

    Examples
    --------
    >>> len(measures()), measures()[0].label, measures()[-1].horizon
    (22, 'Delegations and meetings, in and out', 'long_term')
    """
    rows = (load("scorecard_metrics") if table is None else table).reset_index()
    return tuple(
        Measure(
            row.metric_id, row.horizon, row.metric, row.unit, row.counted,
            *(None if pd.isna(months) else int(months) for months in (row.from_months, row.to_months)),
        )
        for row in rows.itertuples()
    )  # fmt: skip
