"""Checks that a schema cannot ask: one unit for one series, ends after starts, possible years, nothing that its source could not know, and
no value far from its neighbors in time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.neighbors import NOT_SERIES, TABLES, leaps, series_of

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
# columns of years and dates: those above, and those of editions, snapshots and sources
DATES = (
    *PERIODS,
    "released",
    "edition",
    "as_of",
    "date",
    "snapshot",
    "cited_date",
    "accessed",
    "published",
    "retrieved",
)
A_YEAR = re.compile(r"(?<![\d,.])\d{4}(?![\d,.])")
FARTHEST = 30  # years that a plan or a forecast may look ahead
WITNESSES = 3  # sources that must have been retrieved in a year before it counts as reached
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


def years_are_possible(given: Tables) -> Iterator[str]:
    """A digit typed wrongly would put a figure into the year 8020, or 202, where no comparison of neighbors finds it.

    The last possible year is that in which sources were retrieved; rows that speak of what is to come, and the tables of the ledger, which hold
    plans, may look some decades ahead.
    """
    retrieved = given["sources"]["retrieved"].dropna().astype(str).str[:4].value_counts()
    if retrieved.empty:
        return  # a ledger whose sources have no dates yet says nothing of what is possible
    reached = int(max(retrieved[retrieved >= min(WITNESSES, retrieved.max())].index))
    for name, table in given.items():
        ledger = "claim_id" in table or "claims" in table
        columns = [column for column in DATES if column in table]
        for row in table[[*columns, *({"note"} & set(table))]].drop_duplicates().to_dict("records") if columns else ():
            ahead = ledger or AHEAD.search(str(row.get("note", "")))
            last = reached + (FARTHEST if ahead else 1 if name == "sources" else 0)
            for column in columns:
                for place, year in enumerate(A_YEAR.findall(str(row[column]))):
                    end = last if not place else reached + FARTHEST  # of a span: an agreement may run on
                    if not int(FIRST_YEAR) <= int(year) <= end:
                        yield f"{name}, {column} {row[column]}: found the year {year}, expected {FIRST_YEAR} to {end}: fix {column}"


def values_are_near_their_neighbors(given: Tables) -> Iterator[str]:
    """A point one place too far, or thousands taken for units, in one value of a series would pass every check of the whole table.

    True leaps are listed in `accepted_values`, with the value: one that is not there anymore must leave the list.
    """
    listed = given["accepted_values"].to_dict("records") if "accepted_values" in given else []
    accepted = {(row["dataset"], row["key"]): float(row["value"]) for row in listed}
    found = set()
    for name, how in TABLES.items():
        if name not in given:
            continue
        key = dataset(name).primary_key
        table = given[name][list(dict.fromkeys((*key, how.time, how.value)))]
        rows = table.astype(object).where(table.notna(), "").to_dict("records")
        columns = [column for column in key if column not in NOT_SERIES and column != how.time]
        for leap in leaps(series_of(rows, key, how), how.least):
            where = "|".join((*leap.subject, leap.period))
            if accepted.get((name, where)) == leap.value:
                found.add((name, where))
                continue
            of = ", ".join(f"{c} {v}" for c, v in zip(columns, leap.subject, strict=True))
            yield (
                f"{name}, {of}, {how.time} {leap.period}: {how.value} {leap.value:,.15g} is {leap.times} its neighbors ({leap.around:,.15g}): "
                f"fix it, or add {where} to accepted_values if the publisher has it so"
            )
    for name, where in sorted(accepted.keys() - found):
        yield f"accepted_values, {name} {where}: this value no longer leaps away from its neighbors: take it off accepted_values.csv"


CHECKS = (
    a_series_has_one_unit,
    ends_come_after_starts,
    periods_come_before_their_sources,
    years_are_possible,
    values_are_near_their_neighbors,
)
