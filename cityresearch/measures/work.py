"""Jobs in an area and firms of foreign owners there."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.measures import areas

__all__ = ["employment", "foreign_firms"]


@checked_arguments
def employment(jobs: pd.DataFrame, titles: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Return the newest month of each payroll series from its newest edition.

    Returns
    -------
    pandas.DataFrame
        Columns series, month, jobs, edition, vintage, seasonally_adjusted, source_id, note; no rows where we have
        nothing.
    """
    rows = areas.of_metro(jobs, titles, metro, "geography").sort_values(["series", "edition", "month"], kind="stable")
    newest = rows.groupby("series").tail(1)
    columns = ["series", "month", "jobs", "edition", "vintage", "seasonally_adjusted", "source_id", "note"]
    return newest[columns].reset_index(drop=True)


@checked_arguments
def foreign_firms(firms: pd.DataFrame, titles: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Return the figures on foreign-owned firms that a source gives for the area itself, not for a county or region.

    Returns
    -------
    pandas.DataFrame
        Columns series, period, value, unit, definition, note, source_id.
    """
    rows = areas.of_metro(firms, titles, metro, "geography").sort_values(["series", "period", "edition"], kind="stable")
    return rows[["series", "period", "value", "unit", "definition", "note", "source_id"]].reset_index(drop=True)
