"""The Inland Empire in the first half of 2025: monthly losses, the usual change of the month, and the next winter."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cityresearch.chapters.trade_and_work.seasons import implied_year_before, monthly_changes, sum_of_changes
from cityresearch.claims.ledger import claim
from cityresearch.measures.employment import change, jobs, month_name
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = [
    "ALL",
    "FIRST_QUARTER",
    "HALF",
    "INLAND",
    "RIVERSIDE",
    "SECOND_QUARTER",
    "TRANSPORT",
    "WAREHOUSES",
    "Changes",
    "against_the_season",
    "changes",
    "lost",
    "next_winter",
    "other_figures",
    "table",
]

INLAND = "Inland Empire (Riverside and San Bernardino counties)"
RIVERSIDE = "Riverside-San Bernardino-Ontario, CA MSA"
TRANSPORT = "transportation_warehousing_monthly_job_change"
ALL = "total_nonfarm_monthly_job_change"
WAREHOUSES = "warehousing_storage_monthly_job_change"
HALF = tuple(f"2025-0{month}" for month in range(1, 7))
FIRST_QUARTER, SECOND_QUARTER = HALF[:3], HALF[3:]


@dataclass(frozen=True, slots=True)
class Changes:
    """Monthly changes in jobs as first released, with the usual ones where they are printed; each as
    `seasons.monthly_changes`."""

    transport: pd.DataFrame
    everything: pd.DataFrame
    warehouses: pd.DataFrame


def changes(economy: pd.DataFrame) -> Changes:
    """Return the monthly changes of the region.

    Parameters
    ----------
    economy : pandas.DataFrame
        The dataset `economy_observations`.
    """
    return Changes(*(monthly_changes(economy, series, INLAND) for series in (TRANSPORT, ALL, WAREHOUSES)))


def lost(economy: pd.DataFrame, months: tuple[str, ...] = HALF) -> Quantity | Missing:
    """Return the jobs lost in transportation and warehousing in some months, the sum of first releases; a loss is
    positive."""
    return sum_of_changes(economy, TRANSPORT, INLAND, months, lost=True)


def table(found: Changes) -> pd.DataFrame:
    """Return the monthly changes for a reader: sector, month, change, usual, difference, source, note."""
    sectors = {
        "transportation and warehousing": found.transport,
        "all nonfarm jobs": found.everything,
        "warehousing and storage": found.warehouses,
    }
    rows = pd.concat([part.reset_index().assign(sector=name) for name, part in sectors.items()], ignore_index=True)
    for column in ("change", "usual", "difference"):
        rows[column] = ["" if pd.isna(value) else f"{int(value):+,}" for value in rows[column]]
    columns = {"month": "month", "change": "change", "usual": "usual", "difference": "change less usual"}
    columns |= {"source_id": "source", "note": "note", "sector": "sector"}
    return rows[list(columns)].rename(columns=columns)


def against_the_season(economy: pd.DataFrame, found: Changes) -> str:
    """Return in sentences which part of the losses is more than the season, and which part came before the cause that
    the paper names."""
    every, warehouses = found.everything, found.warehouses
    vessels = claim("C140").period
    before = lost(economy, tuple(month for month in HALF if month < vessels))
    half, later = lost(economy), lost(economy, SECOND_QUARTER)
    if any(isinstance(item, Missing) for item in (before, half, later)):
        return "A month of the first half of 2025 is missing, so the losses cannot be set against the season."
    first, second = every.loc[list(FIRST_QUARTER)], every.loc[list(SECOND_QUARTER)]
    february, in_february = every.loc["2025-02"], warehouses.loc["2025-02"]
    return (
        "Part of it is more than the season. From January to March all jobs of the region changed by "
        f"{first['change'].sum():+,} against a usual {first['usual'].sum():+,}, which is "
        f"{-first['difference'].sum():,} fewer than usual (derived). In February alone the change was "
        f"{february['change']:+,} against {february['usual']:+,}, and in warehousing {in_february['change']:+,} "
        f"against {in_february['usual']:+,}. The timing does not fit the cause that the paper names. From April to "
        f"June all jobs came out {second['difference'].sum():+,} against the usual, and transportation and warehousing "
        f"lost {int(later.value):,} of its {int(half.value):,} jobs; before {month_name(vessels)} it had lost "
        f"{int(before.value):,}. What came before the fall in vessels cannot be its effect. Expectations of tariffs, "
        "or goods brought forward, may have worked earlier, and no figure here can tell."
    )


def next_winter(payrolls: pd.DataFrame, economy: pd.DataFrame) -> str:
    """Return in sentences how much the wider sector lost in the winter of the losses and in the next one.

    Parameters
    ----------
    payrolls, economy : pandas.DataFrame
        The datasets `bls_employment` and `economy_observations`.
    """
    months = ("2025-12", "2026-03")
    later = change(*(jobs(payrolls, geography=RIVERSIDE, month=month) for month in months))
    earlier = change(*(implied_year_before(payrolls, economy, geography=RIVERSIDE, month=month) for month in months))
    if isinstance(later, Missing) or isinstance(earlier, Missing):
        return "The next winter cannot be compared: one of its months, or its 12-month change, is missing."
    low, high = -float(earlier.interval.high), -float(earlier.interval.low)
    return (
        "Another winter is a test of the season. In the wider sector, with retail and wholesale trade, the metro lost "
        f"{-int(later.value):,} jobs from December 2025 to March 2026, and about {-float(earlier.value):,.0f} "
        f"({low:,.0f} to {high:,.0f} with rounding; derived from 12-month changes) from December 2024 to March 2025. "
        "The sector is wider than logistics and two winters are few, so two losses of a similar size weigh against an "
        "unusual loss without refuting it."
    )


def other_figures(economy: pd.DataFrame, found: Changes) -> str:
    """Return in sentences which other figures of the same body disagree with the sum of its first releases."""
    told = observed(economy, "transportation_warehousing_job_change_first_half", INLAND)
    half = lost(economy)
    if isinstance(told, Missing) or isinstance(half, Missing):
        return "No other figure for the first half of 2025 is in our data."
    percent = float(told.value / -half.value * 100)
    return (
        "Two more figures disagree. The body that prints the monthly changes told a radio station in July 2025 of "
        f"{-int(told.value):,} jobs lost since January, {percent:.0f} percent of their sum. And its page of March "
        f"gives the same {-int(found.transport.at['2025-02', 'change']):,} for the sector as for the whole region in "
        "February. Sums of first releases show the order of size and no more."
    )
