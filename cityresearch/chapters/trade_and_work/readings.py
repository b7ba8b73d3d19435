"""Readings of the claims on jobs: which month and edition, which estimate, whose wages."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.trade_and_work import supported
from cityresearch.chapters.trade_and_work.inland import lost
from cityresearch.claims.reading import AsPrinted, as_printed
from cityresearch.measures.employment import jobs
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["METRO", "MONTH", "STATE", "Readings", "inland_losses", "supported_jobs", "trade_jobs", "wage_premium"]
METRO = "San Francisco-Oakland-Fremont, CA MSA"
MONTH = "2025-12"
STATE = "California"
Readings = dict[str, Quantity | Missing | AsPrinted]


def trade_jobs(payrolls: pd.DataFrame) -> Readings:
    """Return the readings of C045, jobs related to international trade in San Francisco.

    No federal table counts such jobs by metro, so the reading as printed has no value. The paper's note leads to the
    payroll table, whose sector of trade, transportation and utilities a writer could take for it: in the month that the
    paper names, in the months of the other editions, and in the December before, which was on the page when the note
    says that it was read.
    """

    def sector(month: str, edition: str | None = None) -> Quantity | Missing:
        found = jobs(payrolls, geography=METRO, month=month, edition=edition)
        counts = "all wholesale and retail trade, transportation, warehousing and utilities; not international trade"
        return found if isinstance(found, Missing) else found.with_caveat(counts)

    return {
        "jobs related to international trade": as_printed(
            missing("no federal table counts jobs related to international trade by metro")
        ),
        "the whole sector, December 2025 (seasonal peak)": sector("2025-12"),
        "September 2025": sector("2025-09"),
        "March 2026": sector("2026-03"),
        "July 2025": sector("2025-07"),
        "December 2024, edition of May 2025, since revised": sector("2024-12", "2025-05"),
    }


def inland_losses(economy: pd.DataFrame) -> Readings:
    """Return the reading of C141, jobs lost in the Inland Empire by the middle of 2025: six months of first releases,
    added up."""
    return {"January to June 2025": as_printed(lost(economy))}


def supported_jobs(exports: pd.DataFrame) -> Readings:
    """Return the readings of C033, jobs supported by the state's exports: the latest federal estimate, and the earlier
    ones that were printed.

    The paper cites a page for the present, so the latest estimate is taken as printed; a writer may have met an earlier
    one.
    """
    return {
        "the latest federal estimate (2022 or later)": as_printed(
            missing("our data have no federal estimate for California after that of about 2016")
        ),
        **{f"estimate for {year}": item for year, item in supported.estimates(exports, STATE).items()},
    }


def wage_premium(exports: pd.DataFrame, others: pd.DataFrame) -> Readings:
    """Return the readings of C034, the wage premium of trade jobs: the state's average as printed, and what is printed
    for the nation.

    The cited series of pages prints an upper end for the country, and others print a lower end and a single figure; a
    writer could carry any of them over to the state.
    """
    return {
        "California, average": as_printed(
            missing(
                "our data have no wage premium for California; the cited series of pages gives a national upper bound"
            )
        ),
        "United States, upper end, as printed by USTR": observed(
            exports, "export_job_wage_premium", "United States", source_id="ustr-wy"
        ),
        "United States, lower end, 2005": observed(others, "export_wage_premium_low", "United States"),
        "United States, one analysis of 2023": observed(
            exports, "export_job_wage_premium", "United States", source_id="uschamber-2023"
        ),
    }
