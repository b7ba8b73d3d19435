"""The paper's local numbers of foreign investment: a test of size, the counts that are public, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.foreign_investment.firms import FIRMS, JOBS, job_counts, level
from cityresearch.chapters.foreign_investment.readings import BETWEEN_COUNTS, NEWEST, PLACE
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import printed_words
from cityresearch.measures import employment
from cityresearch.measures.published import quantity_of, rows_of
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity, share

__all__ = ["COUNTED", "PRINTED", "WANTED", "counts", "gaps", "size_table", "sizes", "sizes_in_words"]

# the place of each claim in the payroll tables, and a month that both a county and a metro table have
PRINTED = {
    "C048": ("Los Angeles-Long Beach-Glendale, CA Metropolitan Division", "2025-03"),
    "C100": ("San Diego-Chula Vista-Carlsbad, CA MSA", "2025-12"),
}
COUNTED = (
    "San Diego metropolitan area",
    "Los Angeles County, CA",
    "Modesto, CA MSA (Stanislaus County)",
    "Stockton, CA MSA (San Joaquin County)",
)
_REGION = "San Diego region"
WANTED = {
    "C047": (FIRMS, "Los Angeles County, CA"),
    "C048": (JOBS, "Los Angeles County, CA"),
    "C099": ("foreign_direct_investment_five_years", _REGION),
    "C100": ("foreign_owned_establishment_jobs", "San Diego metropolitan area"),
    "C112": ("foreign_direct_investment_cumulative_source_netherlands", _REGION),
    "C114": ("foreign_owned_enterprise_employment_source_netherlands", _REGION),
    "C043": ("foreign_direct_investment_share", "Central Valley"),
    "C044": (JOBS, "Central Valley"),
}


@checked_arguments
def sizes(firms: pd.DataFrame, payrolls: pd.DataFrame, last_old_edition: int) -> dict[str, Quantity | Missing]:
    """Return what share of a place's private payrolls the printed jobs of C048 and C100 would be, and the share of the
    whole state.

    Parameters
    ----------
    firms, payrolls : pandas.DataFrame
        The datasets `foreign_owned_firms` and `bls_employment`.
    last_old_edition : int
        As in `firms.level`.
    """
    found = {}
    for claim_id, (place, month) in PRINTED.items():
        item = claim(claim_id)
        part = Quantity(
            item.printed.value, "jobs", bounds=item.printed.interval, period=item.period, geography=place,
            basis="as printed in the paper",
        )  # fmt: skip
        whole = employment.private_jobs(payrolls, geography=place, month=month)
        found[f"{claim_id}: printed jobs over private payrolls of {place}, {month}"] = share(
            part, whole, across=BETWEEN_COUNTS
        )
    newest = level(firms, JOBS, geography=PLACE, year=NEWEST, last_old_edition=last_old_edition)
    whole = employment.private_jobs(payrolls, geography=PLACE, month="2025-12")
    found["California: 2025 edition over private payrolls, December 2025"] = share(newest, whole, across=BETWEEN_COUNTS)
    return found


def size_table(found: Mapping[str, Quantity | Missing]) -> pd.DataFrame:
    """Return shares as a table: what is divided, percent, lowest and highest with rounding, period."""
    rows = [
        {"share": name, "period": item.reason}
        if isinstance(item, Missing)
        else {
            "share": name,
            "percent": round(float(item.value), 2),
            "lowest with rounding": round(float(item.interval.low), 2),
            "highest with rounding": round(float(item.interval.high), 2),
            "period": f"no year printed{item.period}" if item.period.startswith(" over") else item.period,
        }
        for name, item in found.items()
    ]
    return pd.DataFrame(rows).set_index("share")


def sizes_in_words(found: Mapping[str, Quantity | Missing]) -> str:
    """Return in sentences whether the printed jobs of Los Angeles County and San Diego are of a plausible size.

    Parameters
    ----------
    found : mapping of name to share
        From `sizes`.
    """
    if any(isinstance(item, Missing) for item in found.values()):
        return "The payrolls of one of the places are missing, so the printed jobs cannot be set against them."
    county, metro, state = (float(item.value) for item in found.values())
    county_jobs, metro_jobs = (in_words(claim(claim_id).printed.value) for claim_id in PRINTED)
    return (
        f"The printed {county_jobs} jobs of Los Angeles County would be {county:.1f} percent of its private payrolls, "
        f"and the printed {metro_jobs} of San Diego {metro:.1f} percent, against {state:.1f} percent in the state. "
        "Both are possible, since foreign-owned firms gather in large metros, and neither is confirmed. San Diego's "
        "two totals for 2011 differ within one page, where two digits seem to have changed places."
    )


def counts(firms: pd.DataFrame, places: tuple[str, ...] = COUNTED) -> pd.DataFrame:
    """Return every published count of jobs at foreign-owned firms in several places: place, and the columns of
    `job_counts`."""
    found = [job_counts(firms, geography=place).assign(place=place) for place in places]
    table = pd.concat([part for part in found if len(part)], ignore_index=True)
    return table[["place", *table.columns.drop("place")]]


def gaps(firms: pd.DataFrame, wanted: Mapping[str, tuple[str, str]] = WANTED) -> pd.DataFrame:
    """List what a document prints and no public table in our data shows, with the last comparable figure and who could
    publish it.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.
    wanted : mapping of claim id to (series, geography)
        The series whose newest row is the last comparable figure.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim: statement, printed, last figure, its period, its source, what we would need to settle it (from the
        ledger).
    """
    rows = []
    for claim_id, (series, geography) in wanted.items():
        item = claim(claim_id)
        known = rows_of(firms, series, geography)
        last = quantity_of(known[known["period"] == known["period"].max()].iloc[0]) if len(known) else None
        rows.append(
            {
                "claim": claim_id,
                "statement": item.statement,
                "printed": printed_words(item),
                "last figure": f"{int(last.value):,} {last.unit}" if last else "none found",
                "its period": (last.period or "not printed") if last else "",
                "its source": last.sources[0] if last else "",
                "what we would need to settle it": item.settle,
            }
        )
    return pd.DataFrame(rows).set_index("claim")
