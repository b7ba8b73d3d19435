"""Jobs on payrolls by place, month and edition; what exports are said to support; changes against the season.

The payroll survey revises earlier months with every edition, so an edition is the vintage of its figures: changes are taken within one.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence

import pandas as pd

from cityresearch.errors import MixedBasisError
from cityresearch.intervals import Interval
from cityresearch.measures.published import filled, published, quantity_of, rows_of
from cityresearch.quantity import Missing, Quantity, unique

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
    rows = filled(bls)
    rows = rows[(rows["geography"] == geography) & (rows["series"] == series)]
    columns = ["edition", "month", "jobs", "precision", "vintage", "seasonally_adjusted", "source_id", "note"]
    return rows.sort_values(["edition", "month"], kind="stable")[columns].reset_index(drop=True)


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
    rows = rows_by_edition(bls, geography=geography, series=series)
    rows = rows[rows["month"] == month]
    if edition is not None:
        rows = rows[rows["edition"] == edition]
    if source is not None:
        rows = rows[rows["source_id"] == source]
    if rows.empty:
        where = f" in the edition of {edition}" if edition else f" from {source}" if source else ""
        return Missing(f"{series.replace('_', ' ')}, {geography}, {month}{where}: none in the data")
    row = rows.iloc[-1]
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


def private_jobs(bls: pd.DataFrame, *, geography: str, month: str) -> Quantity | Missing:
    """Return private payroll jobs: the sum of the ten private sectors of one edition, or all nonfarm jobs less government.

    Returns
    -------
    Quantity or Missing
        Jobs; missing where an edition prints neither. A caveat says which of the two it is.
    """
    rows = filled(bls)
    rows = rows[(rows["geography"] == geography) & (rows["month"] == month)]
    for edition in sorted(rows["edition"].unique(), reverse=True):
        found = {
            s: jobs(bls, geography=geography, month=month, series=s, edition=edition) for s in rows["series"].unique()
        }
        parts = [found.get(sector) for sector in PRIVATE_SECTORS]
        if all(isinstance(part, Quantity) for part in parts):
            return _sum(parts, "derived: the sum of the ten private sectors of one edition")
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


def seasonal_position(bls: pd.DataFrame, *, month: str, series: str = TRADE, months: int = 4) -> pd.DataFrame:
    """Say where a month stands among the other months of its edition, for every place that has it.

    Parameters
    ----------
    bls : pandas.DataFrame
        The dataset `bls_employment`.
    month : str
        YYYY-MM.
    months : int
        Editions with fewer months are left out; of the others the one with most months is taken, the later of two alike.

    Returns
    -------
    pandas.DataFrame
        Indexed by geography, widest gap first: edition, jobs, months (how many the edition prints), is_highest, lowest_month, lowest, above_lowest_percent,
        seasonally_adjusted, source_id.
    """
    rows = filled(bls)
    rows = rows[rows["series"] == series]
    found = []
    for geography, place in rows.groupby("geography"):
        editions = [e for _, e in place.groupby("edition") if month in set(e["month"]) and len(e) >= months]
        if not editions:
            continue
        best = max(editions, key=lambda e: (len(e), e["edition"].iloc[0]))
        now = best[best["month"] == month].iloc[0]
        low = best.sort_values(["jobs", "month"]).iloc[0]
        found.append(
            {
                "geography": geography,
                "edition": now["edition"],
                "jobs": int(now["jobs"]),
                "months": len(best),
                "is_highest": bool(now["jobs"] == best["jobs"].max()),
                "lowest_month": low["month"],
                "lowest": int(low["jobs"]),
                "above_lowest_percent": round((now["jobs"] / low["jobs"] - 1) * 100, 2),
                "seasonally_adjusted": now["seasonally_adjusted"],
                "source_id": now["source_id"],
            }
        )
    columns = [
        "geography", "edition", "jobs", "months", "is_highest", "lowest_month", "lowest", "above_lowest_percent",
        "seasonally_adjusted", "source_id",
    ]  # fmt: skip
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(["above_lowest_percent", "geography"], ascending=[False, True]).set_index("geography")


def year_earlier(level: Quantity | Missing, growth: Quantity | Missing) -> Quantity | Missing:
    """Return what a month and its printed 12-month change imply for the same month a year before (derived).

    Parameters
    ----------
    level : Quantity or Missing
        Jobs.
    growth : Quantity or Missing
        Percent, from the same edition.

    Raises
    ------
    MixedBasisError
        If the two come from different sources or months.
    """
    for side in (level, growth):
        if isinstance(side, Missing):
            return side
    if level.sources != growth.sources or level.period != growth.period:
        raise MixedBasisError(
            f"Will not combine {level.period} of {', '.join(level.sources)} with a 12-month change of {growth.period} of {', '.join(growth.sources)}: "
            "take both from one edition."
        )
    factor = Interval.point(1) + growth.interval / Interval.point(100)
    year, month = level.period.split("-")
    return Quantity(
        value=level.value / (1 + growth.value / 100),
        unit="jobs",
        period=f"{int(year) - 1}-{month}",
        geography=level.geography,
        basis=level.basis,
        vintage=level.vintage,
        sources=level.sources,
        bounds=level.interval / factor,
        caveats=(f"derived from {level.period} and the 12-month change printed with it",),
    )


def implied_year_before(
    bls: pd.DataFrame, observations: pd.DataFrame, *, geography: str, month: str
) -> Quantity | Missing:
    """Return the jobs in trade, transportation and utilities a year before a month, from the edition that prints its 12-month change (derived).

    Parameters
    ----------
    bls : pandas.DataFrame
        The dataset `bls_employment`.
    observations : pandas.DataFrame
        The dataset `economy_observations`.
    """
    growth = published(observations, f"{TRADE}_employment_12_month_change", geography, period=month)
    if isinstance(growth, Missing):
        return growth
    return year_earlier(jobs(bls, geography=geography, month=month, source=growth.sources[0]), growth)


def monthly_changes(frame: pd.DataFrame, series: str, geography: str) -> pd.DataFrame:
    """Return published monthly changes with the usual change of the month beside them, where the source prints one.

    Parameters
    ----------
    frame : pandas.DataFrame
        The dataset `economy_observations`.
    series : str
        Its usual changes are the series of the same name with `_usual` at the end.

    Returns
    -------
    pandas.DataFrame
        Indexed by month: change, usual, difference (change less usual; Int64, missing where nothing is printed), source_id, note.
    """
    now = rows_of(frame, series, geography).drop_duplicates("period").set_index("period")
    usual = rows_of(frame, f"{series}_usual", geography).drop_duplicates("period").set_index("period")
    table = pd.DataFrame(
        {
            "change": now["value"].round().astype("Int64"),
            "usual": usual["value"].round().astype("Int64").reindex(now.index),
            "source_id": now["source_id"],
            "note": usual["note"].reindex(now.index).fillna("").astype(str),
        }
    )
    table.insert(2, "difference", table["change"] - table["usual"])
    return table.rename_axis("month")


def sum_of_changes(
    frame: pd.DataFrame, series: str, geography: str, months: Sequence[str], *, lost: bool = False
) -> Quantity | Missing:
    """Add up monthly changes of named months.

    Parameters
    ----------
    frame : pandas.DataFrame
        The dataset `economy_observations`.
    months : sequence of str
        YYYY-MM.
    lost : bool
        Turn the sign, so that a loss is a positive number.

    Returns
    -------
    Quantity or Missing
        Jobs; missing if any month is. A caveat says that first releases do not add up exactly.
    """
    rows = rows_of(frame, series, geography).drop_duplicates("period").set_index("period")
    absent = [m for m in months if m not in rows.index]
    if absent or not len(months):
        return Missing(f"{series.replace('_', ' ')}, {geography}: no value for {', '.join(absent) or 'any month'}")
    parts = [quantity_of(row) for _, row in rows.loc[list(months)].reset_index().iterrows()]
    total = _sum(
        parts, f"derived: the sum of {len(parts)} first releases, which later editions revise: order of size only"
    )
    if not lost:
        return total
    return Quantity(
        value=-total.value,
        unit="jobs",
        period=total.period,
        geography=geography,
        sources=total.sources,
        bounds=-total.interval,
        caveats=total.caveats,
    )


def _sum(parts: Sequence[Quantity], caveat: str) -> Quantity:
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
