"""San Diego's trade center.

Its missions abroad, how long they took, and the firms that went through its program MetroConnect.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.measures.cited import sources as cited
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "ORGANIZERS", "SATURDAY", "cohorts", "count_of", "length", "missions_of_trade_center", "missions_per_year",
]  # fmt: skip

ORGANIZERS = ("San Diego Regional EDC", "World Trade Center San Diego")
SATURDAY = 5


def missions_of_trade_center(missions: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the missions abroad that the trade center or its parent body reports among its own, oldest first.

    Parameters
    ----------
    missions, sources : pandas.DataFrame
        The datasets of these names.

    Returns
    -------
    pandas.DataFrame
        Rows of `missions` for San Diego that a page of the body records, with a column `year`.
    """
    own = set(sources.index[sources["publisher"].str.contains("|".join(ORGANIZERS))])
    rows = missions[missions["jurisdiction"] == "San Diego"]
    rows = rows[[bool(own & set(cell.split(";"))) for cell in rows["source_id"]]]
    return rows.assign(year=rows["start_date"].str[:4].astype(int)).sort_values("start_date", kind="stable")


def count_of(rows: pd.DataFrame, *, what: str, caveats: tuple[str, ...] = ()) -> Quantity:
    """Return how many trips there are, with their sources."""
    return Quantity(len(rows), "count", geography=what, sources=cited(rows), caveats=caveats)


@checked_arguments
def missions_per_year(rows: pd.DataFrame, first: int, last: int) -> Quantity:
    """Return the mean number of missions a year between two years, both included.

    That there was none rests on the whole list, so its sources are those of all rows then.
    """
    inside = rows[rows["year"].between(first, last)]
    found = count_of(inside, what="missions of the trade center")
    return replace(
        found,
        value=found.value / (last - first + 1),
        period=f"{first}/{last}",
        sources=found.sources or cited(rows),
    )


def length(mission: pd.Series, kind: str) -> Quantity | Missing:
    """Return the length of a trip in days.

    Parameters
    ----------
    mission : pandas.Series
        A row of `missions` with full start and end dates.
    kind : {"calendar days", "nights", "weekdays", "weekdays after the first weekend"}

    Raises
    ------
    DataError
        If trips are not counted in that.
    """
    texts = (mission["start_date"], mission["end_date"])
    if any(not isinstance(t, str) or len(t) != len("2025-09-21") for t in texts):
        return Missing("the trip has no full start and end date")
    start, end = map(date.fromisoformat, texts)
    days = [start + timedelta(n) for n in range((end - start).days + 1)]
    weekdays = [d for d in days if d.weekday() < SATURDAY]
    weekend = max((d for d in days if d.weekday() >= SATURDAY), default=start - timedelta(1))
    counted = {
        "calendar days": days,
        "nights": days[1:],
        "weekdays": weekdays,
        "weekdays after the first weekend": [d for d in weekdays if d > weekend],
    }
    if kind not in counted:
        raise DataError(f"The length of a trip is counted in {', '.join(counted)}, found {kind!r}.")
    return Quantity(len(counted[kind]), "days", sources=tuple(mission["source_id"].split(";")))


@checked_arguments
def cohorts(observations: pd.DataFrame, *, program_cohorts: int) -> dict[str, Quantity | Missing]:
    """Add up the companies of the MetroConnect cohorts that are known.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `san_diego_observations`.
    program_cohorts : int
        How many cohorts the total should cover.

    Returns
    -------
    dict
        `all`: missing unless every cohort has a value; `known`: the sum of those that have one; `filled`: that sum with
        the usual size for each unknown cohort, an assumption.
    """
    rows = observations.reset_index()
    rows = rows[rows["series"] == "metroconnect_cohort_companies"].sort_values("period")
    sizes, found = [int(v) for v in rows["value"]], unique(rows["source_id"])
    unknown = program_cohorts - len(sizes)
    known = Quantity(sum(sizes), "companies", sources=found, geography=f"{len(sizes)} known cohorts")
    usual = max(set(sizes), key=sizes.count)
    return {
        "all": known
        if unknown == 0
        else Missing(f"{unknown} of {program_cohorts} cohorts has no value in the data", found),
        "known": known,
        "filled": replace(
            known,
            value=known.value + unknown * usual,
            caveats=(f"an assumption: the unknown cohort had {usual} companies, as each of the others",),
        ),
    }
