"""Foreign-owned firms: firms, jobs and wages by year, without a trend across a change of method.

Several bodies count under several definitions. Within one body's series a year named by the caller parts the editions;
quantities of the two sides carry different vintages, so that `quantity.share` and `observations.growth` refuse to
compare them unless told to.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.measures.published import filled, observed, quantity_of, records, rows_of
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "FIRMS", "JOBS", "JOB_COUNTS", "MEASURES", "WAGES", "by_year", "earlier_edition", "job_counts", "level", "method",
    "newest_jobs", "per_firm", "readable", "readable_ratios", "times_as_frequent",
]  # fmt: skip

FIRMS, JOBS, WAGES = (
    "foreign_owned_enterprises",
    "foreign_owned_enterprise_employment",
    "foreign_owned_enterprise_wages",
)
MEASURES = {FIRMS: "firms", JOBS: "jobs", WAGES: "wages"}
JOB_COUNTS = (
    JOBS,
    "foreign_owned_company_employment",
    "foreign_owned_establishment_jobs",
    "international_company_employment",
    "majority_owned_us_affiliates_employment",
    "us_affiliates_employment_10pct",
)


@checked_arguments
def method(edition: str, last_old_edition: int) -> str:
    """Return the side of the change of method that an edition lies on, in words.

    Parameters
    ----------
    edition : str
        Begins with its year.
    last_old_edition : int
        The last year whose edition counts by the older method.
    """
    if not edition[:4].isdigit():
        return "edition without a year"
    return (
        f"editions to {last_old_edition}"
        if int(edition[:4]) <= last_old_edition
        else f"editions after {last_old_edition}"
    )


@checked_arguments
def by_year(firms: pd.DataFrame, *, geography: str, last_old_edition: int) -> pd.DataFrame:
    """Return firms, jobs and wages of one series by year, with the side of the change of method of each value.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.
    geography : str
    last_old_edition : int
        Editions after this year stand apart.

    Returns
    -------
    pandas.DataFrame
        Sorted by measure and year: measure, year, value (jobs, companies or USD), low, high (what its rounding allows),
        method, derived (True where the value is an edition's figure less the change that it prints), source_id. One row
        per measure and year, the most precise; rows without a year are left out.
    """
    found = []
    for series, measure in MEASURES.items():
        printed = [q for q in _dated(firms, series, geography)]
        years = {int(q.period) for q in printed}
        for q in printed:
            found.append(_row(measure, int(q.period), q, last_old_edition, derived=False))
        for change in _dated(firms, f"{series}_change", geography):
            level = next((q for q in printed if q.period == change.period), None)
            if level is not None and int(change.period) - 1 not in years:
                earlier = _less(level, change)
                found.append(_row(measure, int(change.period) - 1, earlier, last_old_edition, derived=True))
    columns = ["measure", "year", "value", "low", "high", "method", "derived", "source_id"]
    frame = pd.DataFrame(found, columns=[*columns, "width"])
    frame = frame.sort_values(["measure", "year", "derived", "width"], kind="stable")
    return frame.drop_duplicates(["measure", "year"])[columns].reset_index(drop=True)


@checked_arguments
def level(firms: pd.DataFrame, series: str, *, geography: str, year: int, last_old_edition: int) -> Quantity | Missing:
    """Return one year of firms, jobs or wages; its vintage names the side of the change of method."""
    found = observed(firms, series, geography, period=str(year))
    if isinstance(found, Missing):
        return found
    return replace(found, vintage=method(found.vintage, last_old_edition))


@checked_arguments
def earlier_edition(
    firms: pd.DataFrame, series: str, *, geography: str, year: int, last_old_edition: int
) -> Quantity | Missing:
    """Return what an edition implies for the one before it: its figure less the change that it prints (derived)."""
    now = level(firms, series, geography=geography, year=year, last_old_edition=last_old_edition)
    change = observed(firms, f"{series}_change", geography, period=str(year))
    for part in (now, change):
        if isinstance(part, Missing):
            return part
    return _less(now, change)


@checked_arguments
def newest_jobs(firms: pd.DataFrame, *, geography: str, last_old_edition: int) -> Quantity | Missing:
    """Return the jobs of the newest year that the series prints for a place."""
    table = by_year(firms, geography=geography, last_old_edition=last_old_edition)
    years = table.loc[(table["measure"] == "jobs") & ~table["derived"].astype(bool), "year"]
    if years.empty:
        return Missing(f"{geography}: no jobs by year in this series")
    return level(firms, JOBS, geography=geography, year=int(years.max()), last_old_edition=last_old_edition)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `by_year` for a reader: whole numbers with commas, and what rounding allows only where it
    matters.

    Returns
    -------
    pandas.DataFrame
        measure (with its unit), year, value, with rounding, editions, derived, source.
    """
    units = {"firms": "firms", "jobs": "jobs", "wages": "wages, USD"}
    return pd.DataFrame(
        {
            "measure": table["measure"].map(units),
            "year": table["year"],
            "value": [f"{value:,.0f}" for value in table["value"]],
            "with rounding": [
                f"{low:,.0f} to {high:,.0f}" if low < high else ""
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            "editions": table["method"],
            "derived": ["yes" if derived else "" for derived in table["derived"]],
            "source": table["source_id"],
        }
    )


def per_firm(table: pd.DataFrame) -> pd.DataFrame:
    """Return jobs per firm and wages per job, each from values of one year and method.

    Parameters
    ----------
    table : pandas.DataFrame
        From `by_year`.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: method, jobs_per_firm, wages_per_job_usd (rounded to the dollar; empty where a value is missing
        or derived).
    """
    printed = table[~table["derived"].astype(bool)]
    rows = []
    for (year, side), group in printed.groupby(["year", "method"], sort=True):
        value = group.set_index("measure")["value"]
        jobs_per_firm = value["jobs"] / value["firms"] if {"jobs", "firms"} <= set(value.index) else None
        wages_per_job = value["wages"] / value["jobs"] if {"jobs", "wages"} <= set(value.index) else None
        rows.append(
            {
                "year": year,
                "method": side,
                "jobs_per_firm": None if jobs_per_firm is None else round(jobs_per_firm, 1),
                "wages_per_job_usd": None if wages_per_job is None else round(wages_per_job),
            }
        )
    return pd.DataFrame(rows, columns=["year", "method", "jobs_per_firm", "wages_per_job_usd"]).set_index("year")


def readable_ratios(ratios: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `per_firm` for a reader; years without either ratio are left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: editions, jobs per firm, wages per job, USD (empty where unknown).
    """
    known = ratios[ratios["jobs_per_firm"].notna() | ratios["wages_per_job_usd"].notna()]
    return pd.DataFrame(
        {
            "editions": known["method"],
            "jobs per firm": ["" if pd.isna(v) else f"{v:.1f}" for v in known["jobs_per_firm"]],
            "wages per job, USD": ["" if pd.isna(v) else f"{v:,.0f}" for v in known["wages_per_job_usd"]],
        },
        index=known.index,
    )


def job_counts(firms: pd.DataFrame, *, geography: str) -> pd.DataFrame:
    """Return every published count of jobs at foreign-owned firms in a place, whoever counted and however.

    Returns
    -------
    pandas.DataFrame
        Sorted by period: period ("not printed" where the source gives none), jobs, definition, source_id, note.
    """
    rows = filled(firms)
    rows = rows[rows["series"].isin(JOB_COUNTS) & (rows["geography"] == geography)]
    rows = rows.assign(period=rows["period"].replace("", "not printed"), jobs=rows["value"].astype("int64"))
    rows = rows.sort_values(["period", "precision", "source_id"], kind="stable")
    return rows[["period", "jobs", "definition", "source_id", "note"]].reset_index(drop=True)


def times_as_frequent(part: Quantity | Missing, whole: Quantity | Missing) -> Quantity | Missing:
    """Return how many times more frequent something is inside a set of places than outside.

    Parameters
    ----------
    part : Quantity or Missing
        The set's share of the thing, in percent.
    whole : Quantity or Missing
        The set's share of everything, in percent, of the same period.

    Returns
    -------
    Quantity or Missing
        A ratio: (part / whole) over (what is left of part / what is left of whole).
    """
    for side in (part, whole):
        if isinstance(side, Missing):
            return side
    if part.period != whole.period:
        raise DataError(f"Will not compare shares of different years ({part.period} and {whole.period}).")

    def odds(p, w):
        return (p / w) / ((100 - p) / (100 - w))

    low = odds(part.interval.low, whole.interval.high)
    high = odds(part.interval.high, whole.interval.low)
    return Quantity(
        value=odds(part.value, whole.value),
        unit="ratio",
        period=part.period,
        geography=part.geography,
        basis=part.basis,
        sources=unique([*part.sources, *whole.sources]),
        bounds=Interval(low, high),
        caveats=("derived from two rounded shares",),
    )


def _dated(firms: pd.DataFrame, series: str, geography: str) -> list[Quantity]:
    rows = rows_of(firms, series, geography)
    return [quantity_of(row) for row in records(rows) if re.fullmatch(r"\d{4}", row["period"])]


def _row(measure: str, year: int, q: Quantity, last_old_edition: int, *, derived: bool) -> dict[str, object]:
    low, high = float(q.interval.low), float(q.interval.high)
    return {
        "measure": measure,
        "year": year,
        "value": float(q.value),
        "low": low,
        "high": high,
        "method": method(q.vintage, last_old_edition) if q.vintage[:4].isdigit() else q.vintage,
        "derived": derived,
        "source_id": q.sources[0],
        "width": high - low,
    }


def _less(now: Quantity, change: Quantity) -> Quantity:
    if now.sources != change.sources:
        raise DataError(
            f"Will not subtract a change of {change.sources} from a figure of {now.sources}: use one edition."
        )
    return Quantity(
        value=now.value - change.value,
        unit=now.unit,
        period=str(int(now.period) - 1),
        geography=now.geography,
        basis=now.basis,
        vintage=now.vintage,
        sources=now.sources,
        bounds=None if now.bounds is None and change.bounds is None else now.interval - change.interval,
        caveats=(f"derived: the figure of {now.period} less the change printed with it",),
    )
