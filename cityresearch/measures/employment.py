"""Jobs on payrolls by place, month and edition.

The payroll survey revises earlier months with every edition, so an edition is the vintage of its figures: changes are taken within one.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import MixedBasisError
from cityresearch.measures.published import matching, records
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "ADJUSTMENT", "PRIVATE_SECTORS", "TRADE", "added", "change", "jobs", "month_name", "month_number",
    "private_jobs", "rows_by_edition",
]  # fmt: skip

TRADE = "trade_transportation_utilities"
PRIVATE_SECTORS = (
    "mining_logging",
    "construction",
    "manufacturing",
    TRADE,
    "information",
    "financial_activities",
    "professional_business_services",
    "education_health_services",
    "leisure_hospitality",
    "other_services",
)
ADJUSTMENT = {"yes": "seasonally adjusted", "no": "not seasonally adjusted", "": "adjustment not stated"}


def rows_by_edition(bls: pd.DataFrame, *, geography: str, series: str) -> pd.DataFrame:
    """Return a place's series as every edition prints it.

    Parameters
    ----------
    bls : pandas.DataFrame
        The dataset `bls_employment`.

    Returns
    -------
    pandas.DataFrame
        Sorted by edition and month: edition (its newest month), month, jobs, precision, vintage, seasonally_adjusted, source_id, note.
    """
    rows = matching(bls, geography=geography, series=series)
    columns = ["edition", "month", "jobs", "precision", "vintage", "seasonally_adjusted", "source_id", "note"]
    return rows.sort_values(["edition", "month"], kind="stable")[columns].reset_index(drop=True)


@checked_arguments
def month_number(month: str) -> int:
    """Return a month as a whole number of months, for distances and axes.

    Examples
    --------
    >>> month_number("2026-01") - month_number("2025-12")
    1
    """
    year, _, part = month.partition("-")
    return int(year) * 12 + int(part) - 1


def month_name(month: str | int, *, short: bool = False) -> str:
    """Return a month (YYYY-MM or a number from `month_number`) in words.

    Examples
    --------
    >>> month_name("2025-12"), month_name(24311, short=True)
    ('December 2025', 'Dec 25')
    """
    number = month if isinstance(month, int) else month_number(month)
    name = calendar.month_name[number % 12 + 1]
    return f"{name[:3]} {number // 12 % 100:02d}" if short else f"{name} {number // 12}"


@checked_arguments
def jobs(
    bls: pd.DataFrame,
    *,
    geography: str,
    month: str,
    series: str = TRADE,
    edition: str | None = None,
    source: str | None = None,
) -> Quantity | Missing:
    """Return the jobs of a place, sector and month as one edition prints them.

    Parameters
    ----------
    bls : pandas.DataFrame
        The dataset `bls_employment`.
    month : str
        YYYY-MM.
    edition : str, optional
        Newest month of the edition, YYYY-MM; the latest edition with the month if left out.
    source : str, optional
        Source id; any if left out.

    Returns
    -------
    Quantity or Missing
        Jobs; the vintage names the edition.
    """
    rows = [
        row
        for row in records(bls, geography=geography, series=series, month=month)
        if edition in (None, row["edition"]) and source in (None, row["source_id"])
    ]
    if not rows:
        where = f" in the edition of {edition}" if edition else f" from {source}" if source else ""
        return Missing(f"{series.replace('_', ' ')}, {geography}, {month}{where}: none in the data")
    row = sorted(rows, key=lambda row: row["edition"])[-1]
    return Quantity(
        value=int(row["jobs"]),
        unit="jobs",
        period=month,
        geography=geography,
        basis=f"payroll survey, {ADJUSTMENT[row['seasonally_adjusted']]}",
        vintage=f"edition of {row['edition']}",
        sources=(row["source_id"],),
        bounds=Interval.around(int(row["jobs"]), int(row["precision"])),
    )


def change(start: Quantity | Missing, end: Quantity | Missing, *, across: Sequence[str] = ()) -> Quantity | Missing:
    """Return the change in jobs between two months of one edition.

    Parameters
    ----------
    start, end : Quantity or Missing
    across : sequence of {"basis", "vintage", "geography"}
        Aspects in which the two may differ; each is named in the caveats.

    Raises
    ------
    MixedBasisError
        If the two come from different editions, places or kinds of count and `across` does not say so.
    """
    for side in (start, end):
        if isinstance(side, Missing):
            return side
    caveats = []
    for aspect in ("unit", "basis", "vintage", "geography"):
        a, b = getattr(start, aspect), getattr(end, aspect)
        if a != b and aspect not in across:
            raise MixedBasisError(
                f"Will not take the change from {start.period} to {end.period}: their {aspect} differs ({a or 'none'} and {b or 'none'}); "
                f"pass across=[{aspect!r}] if that is meant, and it will be said with the result."
            )
        if a != b:
            caveats.append(f"{aspect} differs: {a or 'none'} and {b or 'none'}")
    return Quantity(
        value=end.value - start.value,
        unit=end.unit,
        period=f"{start.period} to {end.period}",
        geography=end.geography,
        basis=end.basis,
        vintage=end.vintage,
        sources=unique([*start.sources, *end.sources]),
        bounds=end.interval - start.interval,
        caveats=unique([*start.caveats, *end.caveats, *caveats]),
    )


@checked_arguments
def private_jobs(bls: pd.DataFrame, *, geography: str, month: str) -> Quantity | Missing:
    """Return private payroll jobs: the sum of the ten private sectors of one edition, or all nonfarm jobs less government.

    Returns
    -------
    Quantity or Missing
        Jobs; missing where an edition prints neither. A caveat says which of the two it is.
    """
    rows = matching(bls, geography=geography, month=month)
    for edition in sorted(rows["edition"].unique(), reverse=True):
        found = {
            s: jobs(bls, geography=geography, month=month, series=s, edition=edition) for s in rows["series"].unique()
        }
        parts = [found.get(sector) for sector in PRIVATE_SECTORS]
        if all(isinstance(part, Quantity) for part in parts):
            return added(parts, "derived: the sum of the ten private sectors of one edition")
        if {"total_nonfarm", "government"} <= set(found):
            rest = change(found["government"], found["total_nonfarm"])
            return Quantity(
                value=rest.value,
                unit="jobs",
                period=month,
                geography=geography,
                basis=rest.basis,
                vintage=rest.vintage,
                sources=rest.sources,
                bounds=rest.bounds,
                caveats=("derived: all nonfarm jobs less government, one edition",),
            )
    return Missing(f"private payroll jobs, {geography}, {month}: neither ten sectors nor government in one edition")


def added(parts: Sequence[Quantity], caveat: str) -> Quantity:
    """Add up quantities of one place and kind of count.

    Parameters
    ----------
    parts : sequence of Quantity
    caveat : str
        What to say with the sum.

    Raises
    ------
    MixedBasisError
        If they count differently or elsewhere.
    """
    first = parts[0]
    bounds = first.interval
    for part in parts[1:]:
        if (part.basis, part.unit, part.geography) != (first.basis, first.unit, first.geography):
            raise MixedBasisError(
                f"Will not add up {first.geography} ({first.basis}) and {part.geography} ({part.basis}): one kind of count and one place only."
            )
        bounds = bounds + part.interval
    periods = unique(part.period for part in parts)
    return Quantity(
        value=sum(part.value for part in parts),
        unit=first.unit,
        period=periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}",
        geography=first.geography,
        basis=first.basis,
        vintage=first.vintage,
        sources=unique(s for part in parts for s in part.sources),
        bounds=None if bounds.is_point else bounds,
        caveats=(caveat,),
    )
