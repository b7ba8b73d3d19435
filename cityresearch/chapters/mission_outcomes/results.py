"""Outcomes of trips: what is said to have come of them, who says so, and how long after.

Three levels are kept apart: planned (announced, sought or on an agenda) is not a result and is never drawn; reported means that one
side says so; confirmed that a second side does. Direct and indirect is our reading: the annexes mostly do not say which is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from cityresearch.errors import DataError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "DAYS_PER_YEAR", "EVIDENCE", "RESULTS", "claimed_and_found", "date_of", "days_between", "delays",
    "interval", "outside", "refuse_planned", "results", "span", "structured", "without_one", "words_of", "year_of",
]  # fmt: skip

RESULTS = ("reported", "confirmed")
EVIDENCE = ("confirmed by a second side", "reported, also outside the documents", "only in the documents")
DAYS_PER_YEAR = 365.25


def results(outcomes: pd.DataFrame, *, least: str = "reported") -> pd.DataFrame:
    """Return outcomes that somebody reports to have happened; planned ones never.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        The dataset `mission_outcomes`.
    least : {"reported", "confirmed"}
        The lowest level to keep.

    Raises
    ------
    DataError
        If the level is not that of a result.
    """
    if least not in RESULTS:
        raise DataError(f"Results are reported or confirmed, found {least!r}: planned outcomes are not results.")
    return outcomes[outcomes["status"].isin(RESULTS[RESULTS.index(least) :])]


def refuse_planned(outcomes: pd.DataFrame) -> None:
    """Make sure that a table to be shown as results holds no planned outcome.

    Raises
    ------
    DataError
        If it does.
    """
    planned = outcomes[outcomes["status"] == "planned"]
    if len(planned):
        raise DataError(
            f"{len(planned)} outcomes are only planned (the first: {planned.index.get_level_values('outcome')[0]!r}): "
            "they must not be shown as results; pass outcomes.results(...)."
        )


def structured(outcomes: pd.DataFrame, missions: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return outcomes as records with city, date, metric, level and evidence.

    Parameters
    ----------
    outcomes, missions, sources : pandas.DataFrame
        The datasets `mission_outcomes`, `missions` and `sources`.

    Returns
    -------
    pandas.DataFrame
        Indexed as `mission_outcomes`: city, mission_date, kind (our reading), metric, value, unit, date (ISO, where the outcome has
        one), status, evidence (see EVIDENCE; empty for planned), found_in (sources other than the documents), source_id, note.
    """
    table = outcomes.copy()
    ids = table.index.get_level_values("mission_id")
    # a program is not a trip and has no row in missions
    table.insert(0, "city", missions["jurisdiction"].reindex(ids).fillna("program").to_numpy())
    table.insert(1, "mission_date", missions["start_date"].reindex(ids).fillna("").to_numpy())
    is_date = table["unit"] == "date"
    table["date"] = table["value"].where(is_date, "").fillna("")
    table["found_in"] = [";".join(outside(cell, sources)) for cell in table["source_id"]]
    table["evidence"] = [
        "" if status == "planned" else EVIDENCE[0] if status == "confirmed" else EVIDENCE[1] if found else EVIDENCE[2]
        for status, found in zip(table["status"], table["found_in"], strict=True)
    ]
    for column in ("metric", "value", "unit", "note"):
        table[column] = table[column].fillna("")
    columns = [
        "city",
        "mission_date",
        "kind",
        "metric",
        "value",
        "unit",
        "date",
        "status",
        "evidence",
        "found_in",
        "source_id",
        "note",
    ]
    return table[columns]


def outside(cell: str, sources: pd.DataFrame) -> list[str]:
    """Return those sources of a cell that were seen themselves and not only through one of the documents."""
    return [s for s in cell.split(";") if sources.at[s, "seen_in"] != "document"]


def span(text: str) -> tuple[date, date]:
    """Return the first and the last day that an ISO date stands for, which may be cut to month or year."""
    year, month, day = (int(part) for part in (text + "-00-00").split("-")[:3])
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)


def days_between(first: str, last: str) -> Interval:
    """Return the days from one date to another; a range where a date is cut to month or year.

    Examples
    --------
    >>> days_between("2022-04-22", "2024-07-10").low
    Fraction(810, 1)
    """
    a, b = span(first), span(last)
    return Interval((b[0] - a[1]).days, (b[1] - a[0]).days)


def date_of(
    outcomes: pd.DataFrame, mission_id: str, metric: str, *, statuses: tuple[str, ...] = RESULTS
) -> tuple[str, tuple[str, ...]]:
    """Return the ISO date of a dated outcome and its sources.

    Raises
    ------
    DataError
        If the outcome has no date at these levels, or two different ones.
    """
    rows = outcomes.reset_index()
    rows = rows[
        (rows["mission_id"] == mission_id)
        & (rows["metric"] == metric)
        & (rows["unit"] == "date")
        & rows["status"].isin(statuses)
    ]
    days = sorted(set(rows["value"]))
    if len(days) != 1:
        raise DataError(
            f"{mission_id}, {metric}: expected one date among the {' and '.join(statuses)} outcomes, found {days or 'none'}."
        )
    return days[0], unique(s for cell in rows["source_id"] for s in cell.split(";"))


def year_of(outcomes: pd.DataFrame, mission_id: str, metric: str, *, within: str = "") -> Quantity | Missing:
    """Return the year of a dated outcome; missing if it does not fall in the printed period `within` (ISO, may be cut)."""
    day, sources = date_of(outcomes, mission_id, metric)
    if within and not day.startswith(within):
        return Missing(f"{mission_id}, {metric.replace('_', ' ')}: {day}, not {within}", sources)
    rows = outcomes.reset_index()
    notes = rows[(rows["mission_id"] == mission_id) & (rows["metric"] == metric) & rows["status"].isin(RESULTS)][
        "note"
    ].dropna()
    return Quantity(int(day[:4]), "year", day, geography=mission_id, sources=sources, caveats=unique(notes), read=True)


def interval(first: tuple[str, tuple[str, ...]], last: tuple[str, tuple[str, ...]], *, unit: str = "days") -> Quantity:
    """Return the time between two dated events.

    Parameters
    ----------
    first, last : (ISO date, sources)
        As from `date_of`.
    unit : {"days", "year"}
        Years are days over 365.25, a derived value.
    """
    found = days_between(first[0], last[0])
    days = Quantity(
        (found.low + found.high) / 2,
        "days",
        f"{first[0]}/{last[0]}",
        sources=unique([*first[1], *last[1]]),
        bounds=None if found.is_point else found,
    )
    if unit == "days":
        return days
    scale = Interval.point(1) / Interval.point(DAYS_PER_YEAR)
    bounds = days.interval * scale
    return Quantity(
        (bounds.low + bounds.high) / 2, "year", days.period, sources=days.sources, bounds=None if bounds.is_point else bounds,
        caveats=(f"derived: {words_of(found)} over {DAYS_PER_YEAR}",),
    )  # fmt: skip


def words_of(days: Interval) -> str:
    """Return an interval of days in words."""
    return f"{int(days.low):,} days" if days.is_point else f"{int(days.low):,} to {int(days.high):,} days"


def delays(records: pd.DataFrame, missions: pd.DataFrame) -> pd.DataFrame:
    """Measure the time from the start of a trip to each dated result.

    Parameters
    ----------
    records : pandas.DataFrame
        From `structured`; planned outcomes must have been left out.
    missions : pandas.DataFrame
        The dataset `missions`.

    Returns
    -------
    pandas.DataFrame
        Indexed by mission_id and outcome, by delay: city, metric, mission_date, date, days_low, days_high (apart where the trip is
        known by its month only), status, kind. Two reports of one event make one row.

    Raises
    ------
    DataError
        If a planned outcome is among the records.
    """
    refuse_planned(records)
    dated = records[(records["date"] != "") & (records["mission_date"] != "")].sort_index().copy()
    same = pd.MultiIndex.from_arrays([dated.index.get_level_values("mission_id"), dated["metric"], dated["date"]])
    dated = dated[~same.duplicated()]
    spans = [days_between(a, b) for a, b in zip(dated["mission_date"], dated["date"], strict=True)]
    # a trip known by its month can have begun on any day of it, but not after what happened on it
    dated["days_low"] = [max(0, int(s.low)) for s in spans]
    dated["days_high"] = [int(s.high) for s in spans]
    columns = ["city", "metric", "mission_date", "date", "days_low", "days_high", "status", "kind"]
    return dated[columns].sort_values(["days_high", "date"], kind="stable")


def claimed_and_found(records: pd.DataFrame, mission_ids: Sequence[str]) -> pd.DataFrame:
    """Show what is claimed for trips next to what pages outside the documents show.

    Parameters
    ----------
    records : pandas.DataFrame
        From `structured`, without planned outcomes.
    mission_ids : sequence of str

    Returns
    -------
    pandas.DataFrame
        city, claimed, status, evidence, public_record (the note, or the pages, or that none was found).

    Raises
    ------
    DataError
        If a planned outcome is among the records.
    """
    refuse_planned(records)
    rows = records.reset_index()
    rows = rows[rows["mission_id"].isin(mission_ids)].copy()
    rows["public_record"] = [
        note or (f"in {found.replace(';', ', ')}" if found else "none found")
        for note, found in zip(rows["note"], rows["found_in"], strict=True)
    ]
    rows["claimed"] = rows["outcome"]
    return rows[["city", "claimed", "status", "evidence", "public_record"]].reset_index(drop=True)


def without_one(count: Quantity | Missing, name: str) -> Quantity | Missing:
    """Return a count less one named member, a derived value."""
    if isinstance(count, Missing):
        return count
    return replace(count, value=count.value - 1, bounds=None).with_caveat(f"derived: {int(count.value)} less {name}")
