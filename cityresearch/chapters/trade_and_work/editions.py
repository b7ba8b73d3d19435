"""One sector's jobs as each edition of the payroll table prints them, and how much later editions revise."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.trade_and_work.seasons import implied_year_before
from cityresearch.geography import short_metro
from cityresearch.measures.employment import TRADE, jobs, month_name, month_number, rows_by_edition
from cityresearch.numbers.quantity import Missing

__all__ = ["NEAR", "near", "nothing_near", "readable", "revision_in_words"]
NEAR = 18  # months on each side of the chosen one


@checked_arguments
def near(payrolls: pd.DataFrame, *, geography: str, month: str, months: int = NEAR) -> pd.DataFrame:
    """Return a place's jobs in trade, transportation and utilities around a month, edition by edition.

    Parameters
    ----------
    payrolls : pandas.DataFrame
        The dataset `bls_employment`.
    geography : str
    month : str
        YYYY-MM.
    months : int
        How far from the month, before and after.

    Returns
    -------
    pandas.DataFrame
        As `employment.rows_by_edition`; empty where no edition has a month so near.
    """
    rows = rows_by_edition(payrolls, geography=geography, series=TRADE)
    middle = month_number(month)
    return rows[[abs(month_number(m) - middle) <= months for m in rows["month"]]]


@checked_arguments
def nothing_near(payrolls: pd.DataFrame, geography: str, month: str, months: int = NEAR) -> str:
    """Return in a sentence that a place has no figure near a month, and which editions there are."""
    rows = rows_by_edition(payrolls, geography=geography, series=TRADE)
    ends = ", ".join(month_name(edition) for edition in sorted(rows["edition"].unique()))
    there_are = f"The editions in our data end in {ends}." if ends else "No edition in our data has the place."
    return (
        f"{short_metro(geography)} has no figure of this sector within {months} months of {month_name(month)}. "
        f"{there_are}"
    )


def readable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return jobs by month (rows) and edition (columns), with commas and empty where an edition does not print a
    month."""
    wide = rows.pivot(index="month", columns="edition", values="jobs")
    told = wide.map(lambda value: "" if pd.isna(value) else f"{int(value):,}")
    return told.rename(columns=lambda edition: f"edition of {month_name(edition)}").rename_axis(columns=None)


@checked_arguments
def revision_in_words(payrolls: pd.DataFrame, economy: pd.DataFrame, *, geography: str, month: str) -> str:
    """Return in a sentence how far the year before, as first seen, is from what the 12-month change of a later edition
    implies.

    Parameters
    ----------
    payrolls, economy : pandas.DataFrame
        The datasets `bls_employment` and `economy_observations`.
    geography : str
    month : str
        YYYY-MM.
    """
    implied = implied_year_before(payrolls, economy, geography=geography, month=month)
    first = implied if isinstance(implied, Missing) else jobs(payrolls, geography=geography, month=implied.period)
    if isinstance(implied, Missing) or isinstance(first, Missing):
        return (
            f"{short_metro(geography)}, {month_name(month)}: our data have no pair of editions that would show the "
            "size of revisions."
        )
    low, high = float(implied.interval.low), float(implied.interval.high)
    edition = month_name(first.vintage.removeprefix("edition of "))
    return (
        f"Revisions can be large. The edition of {edition} prints {int(first.value):,} jobs for "
        f"{month_name(implied.period)}, while the 12-month change printed with {month_name(month)} implies about "
        f"{float(implied.value):,.0f} ({low:,.0f} to {high:,.0f} with rounding; derived)."
    )
