"""Single observed figures: one value of a table of observations, with its precision and its source."""

from __future__ import annotations

import pandas as pd

from cityresearch.intervals import Interval, exact
from cityresearch.quantity import Missing, Quantity


def value(
    observations: pd.DataFrame, series: str, geography: str, period: str, *, source_id: str = "", unit: str = ""
) -> Quantity | Missing:
    """Return one observed figure.

    Parameters
    ----------
    observations : pandas.DataFrame
        A dataset with the columns series, geography, period, value, unit, precision, source_id, note.
    series, geography, period : str
        Exactly as in the data.
    source_id : str, optional
        Needed where several sources give the figure.
    unit : str, optional
        Name of the unit in the claim, where the claim words it differently (persons, people).

    Returns
    -------
    Quantity or Missing
        Bounds where the source rounds; its note as caveat. Missing if there is no such row, or several sources and none chosen.
    """
    rows = observations.reset_index()
    rows = rows[(rows["series"] == series) & (rows["geography"] == geography) & (rows["period"] == period)]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    if len(rows) != 1:
        what = f"{series.replace('_', ' ')}, {geography}, {period}"
        return Missing(f"{what}: {'no figure in the data' if rows.empty else 'several sources, none chosen'}")
    row = rows.iloc[0]
    number = exact(row["value"])
    return Quantity(
        number,
        unit or row["unit"],
        period,
        geography=geography,
        sources=(row["source_id"],),
        bounds=None if row["precision"] <= 1 else Interval.around(number, exact(row["precision"])),
        caveats=() if pd.isna(row["note"]) else (row["note"],),
    )
