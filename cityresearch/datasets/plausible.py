"""Checks of units and dates that a schema cannot ask: one unit for one series, ends after starts, nothing that its source could not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

__all__ = ["CHECKS", "Tables"]

Tables = Mapping[str, pd.DataFrame]
# which column says what a row counts, where it is not the column series
SERIES = {
    "border_entries": "kind",
    "metro_population": "kind",
    "mission_outcomes": "metric",
    "trade_with_partners": "flow",
}
# means and shares of one question, told apart by its answer
SEVERAL_UNITS = {("survey_answers", "survey_state_world_leader_climate")}
SPANS = {"surveys": ("survey_id", "field_start", "field_end"), "missions": ("mission_id", "start_date", "end_date")}
PERIODS = ("year", "period", "month", "start_date", "end_date", "field_start", "field_end")
FIRST_YEAR = "1800"  # the tables have nothing older
DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
AHEAD = re.compile(
    r"announced|outlook|planned|forecast|projection"
)  # what a row that speaks of the future says in its note
LONGEST = 60  # days; the longest survey of the tables took 24, the longest trip 10


def a_series_has_one_unit(given: Tables) -> Iterator[str]:
    """A unit that is changed in one row would turn its figure into another by a thousand or a million."""
    for name, table in given.items():
        column = SERIES.get(name, "series")
        if not {column, "unit"} <= set(table):
            continue
        units = table.groupby(column)["unit"].unique()
        for series, found in units.items():
            if len(found) > 1 and (name, series) not in SEVERAL_UNITS:
                yield f"{name}, {column} {series}: found the units {', '.join(sorted(map(str, found)))}, expected one: fix the unit"


def ends_come_after_starts(given: Tables) -> Iterator[str]:
    """A day typed wrongly would make a trip or a survey end before it begins, or last for months."""
    for name, (key, first, last) in ((name, span) for name, span in SPANS.items() if name in given):
        for row in given[name].dropna(subset=[first, last]).to_dict("records"):
            start, end = (pd.Timestamp(row[column]) for column in (first, last))  # a month means its first day
            if not 0 <= (end - start).days <= LONGEST:
                yield f"{name} {row[key]}: from {row[first]} to {row[last]}: fix {first} or {last}"


def periods_come_before_their_sources(given: Tables) -> Iterator[str]:
    """A year typed wrongly would put a figure into a time that its source could not know, or long before anything was counted.

    Rows whose note says that they speak of what is to come are left out, and so are the tables of the ledger, which hold plans.
    """
    published = given["sources"].set_index("source_id")["published"].dropna().to_dict()
    for name, table in given.items():
        columns = [column for column in PERIODS if column in table]
        if not columns or "source_id" not in table or "claim_id" in table:
            continue
        for row in table[[*columns, "source_id", *({"note"} & set(table))]].drop_duplicates().to_dict("records"):
            last = max((published[key] for key in row["source_id"].split(";") if key in published), default="")
            if not last or AHEAD.search(str(row.get("note", ""))):
                continue
            for column in columns:
                found = DATE.search(str(row[column]))  # of a span its beginning: an agreement may run on
                if found and (found[0] < FIRST_YEAR or found[0][: len(last)] > last[: len(found[0])]):
                    yield f"{name}, {column} {row[column]}: {row['source_id']} is of {last}, so it cannot be: fix {column} or the source"


CHECKS = (a_series_has_one_unit, ends_come_after_starts, periods_come_before_their_sources)
