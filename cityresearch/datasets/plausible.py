"""Checks of units and dates that a schema cannot ask: one unit for one series, and ends after starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

__all__ = ["CHECKS", "Tables"]

Tables = Mapping[str, pd.DataFrame]
# which column says what a row counts
SERIES = {
    "border_entries": "kind",
    "economy_observations": "series",
    "export_observations": "series",
    "foreign_owned_firms": "series",
    "metro_population": "kind",
    "mission_outcomes": "metric",
    "other_observations": "series",
    "port_observations": "series",
    "san_diego_observations": "series",
    "survey_answers": "series",
    "trade_with_partners": "flow",
}
# means and shares of one question, told apart by its answer
SEVERAL_UNITS = {("survey_answers", "survey_state_world_leader_climate")}
SPANS = {"surveys": ("survey_id", "field_start", "field_end"), "missions": ("mission_id", "start_date", "end_date")}
LONGEST = 60  # days; the longest survey of the tables took 24, the longest trip 10


def a_series_has_one_unit(given: Tables) -> Iterator[str]:
    """A unit that is changed in one row would turn its figure into another by a thousand or a million."""
    for name, column in SERIES.items():
        units = given[name].groupby(column)["unit"].unique()
        for series, found in units.items():
            if len(found) > 1 and (name, series) not in SEVERAL_UNITS:
                yield f"{name}, {column} {series}: found the units {', '.join(sorted(map(str, found)))}, expected one: fix the unit"


def ends_come_after_starts(given: Tables) -> Iterator[str]:
    """A day typed wrongly would make a trip or a survey end before it begins, or last for months."""
    for name, (key, first, last) in SPANS.items():
        for row in given[name].dropna(subset=[first, last]).to_dict("records"):
            start, end = (pd.Timestamp(row[column]) for column in (first, last))  # a month means its first day
            if not 0 <= (end - start).days <= LONGEST:
                yield f"{name} {row[key]}: from {row[first]} to {row[last]}: fix {first} or {last}"


CHECKS = (a_series_has_one_unit, ends_come_after_starts)
