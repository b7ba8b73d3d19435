"""Readings of the claims on foreign-owned firms: which edition, whose count, and over which payrolls."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.foreign_investment.firms import FIRMS, JOBS, MEASURES, WAGES, by_year, level
from cityresearch.claims.reading import AsPrinted, as_printed
from cityresearch.measures import employment
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, share

__all__ = [
    "BETWEEN_COUNTS",
    "NEWEST",
    "PLACE",
    "Readings",
    "companies",
    "jobs",
    "large_metros",
    "over_payrolls",
    "wages",
]
PLACE = "California"
NEWEST = 2025
# a directory of firms over a survey of employers: two kinds of count, of a year and of a month
BETWEEN_COUNTS = ("basis", "period", "vintage")
Readings = dict[str, Quantity | Missing | AsPrinted]


@checked_arguments
def companies(firms: pd.DataFrame, last_old_edition: int) -> Readings:
    """Return the readings of C035, the number of firms: one for each printed year of the series.

    The paper names the newest edition, which is the reading as printed. A writer may also have had an earlier edition
    open.
    """
    return _editions(firms, FIRMS, last_old_edition)


@checked_arguments
def wages(firms: pd.DataFrame, last_old_edition: int) -> Readings:
    """Return the readings of C038, the wages: the same editions as in `companies`."""
    return _editions(firms, WAGES, last_old_edition)


@checked_arguments
def jobs(firms: pd.DataFrame, last_old_edition: int) -> Readings:
    """Return the readings of C036 and C019, the jobs in the body and in the summary of the paper.

    They are the editions of the series, and the counts of other bodies, which define foreign ownership in other ways: a
    writer who looks for jobs at foreign-owned firms can meet any of them.
    """
    return {
        **_editions(firms, JOBS, last_old_edition),
        "ownership from 10 percent, federal count, 2018": observed(
            firms, "us_affiliates_employment_10pct", PLACE, period="2018"
        ),
        "state agency, page of 2014": observed(firms, "foreign_owned_company_employment", PLACE, period="2014"),
        "press of December 2019, data year not printed": observed(
            firms, "international_company_employment", PLACE, source_id="bohemian-2019"
        ),
        "legislature, page of November 2013, data year not printed": observed(
            firms, "foreign_owned_company_employment", PLACE, source_id="assembly-jede-2013"
        ),
    }


@checked_arguments
def over_payrolls(firms: pd.DataFrame, payrolls: pd.DataFrame, last_old_edition: int) -> Readings:
    """Return the readings of C037, the share of private jobs.

    No source was seen that prints the share of the newest edition, so it is derived: the firms' jobs over private jobs
    on payrolls. The paper speaks of private-sector workers and gives no month; the end of the edition's year is taken
    as printed. The month when the paper's sources were read, the next month, all nonfarm jobs, and shares that others
    print are the alternatives.
    """
    newest = level(firms, JOBS, geography=PLACE, year=NEWEST, last_old_edition=last_old_edition)

    def over(whole: Quantity | Missing) -> Quantity | Missing:
        return share(newest, whole, across=BETWEEN_COUNTS)

    def private(month: str) -> Quantity | Missing:
        return employment.private_jobs(payrolls, geography=PLACE, month=month)

    everyone = employment.jobs(payrolls, geography=PLACE, month="2025-12", series="total_nonfarm")
    return {
        "private payroll jobs, December 2025": as_printed(over(private("2025-12"))),
        "private payroll jobs, August 2025": over(private("2025-08")),
        "private payroll jobs, January 2026": over(private("2026-01")),
        "all nonfarm payroll jobs, December 2025": over(everyone),
        "share printed by the legislature in 2013, data year not given": observed(
            firms, "foreign_owned_company_employment_share_private", PLACE
        ),
        "share of all jobs printed in the edition of 2020, for 2019": observed(
            firms, "foreign_owned_enterprise_employment_share_of_state", PLACE
        ),
    }


def large_metros(in_hundred: Quantity | Missing) -> Readings:
    """Return the reading of C039, jobs in the hundred largest metros: one report has the number, for one year.

    Parameters
    ----------
    in_hundred : Quantity or Missing
        From `metros.in_hundred_largest`.
    """
    dated = in_hundred.with_caveat("data of 2011") if isinstance(in_hundred, Quantity) else in_hundred
    return {"2011, the only year": as_printed(dated)}


def _editions(firms: pd.DataFrame, series: str, last_old_edition: int) -> Readings:
    """Return one reading for each printed year of a series, newest first; the newest is what the paper names."""
    dated = by_year(firms, geography=PLACE, last_old_edition=last_old_edition)
    dated = dated[(dated["measure"] == MEASURES[series]) & ~dated["derived"]]

    def of(year: int) -> Quantity | Missing:
        return level(firms, series, geography=PLACE, year=year, last_old_edition=last_old_edition)

    newest, *earlier = sorted(dated["year"], reverse=True)
    return {
        f"edition of {newest}": as_printed(of(newest)),
        **{f"earlier edition, figure of {year}": of(year) for year in earlier},
    }
