"""Jobs against their season: where a month stands in its edition, the same month a year before, and monthly changes
with the usual ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import MixedBasisError
from cityresearch.measures.employment import TRADE, added, jobs
from cityresearch.measures.published import matching, observed, quantity_of, rows_of
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = ["implied_year_before", "monthly_changes", "readable", "seasonal_position", "sum_of_changes", "year_earlier"]


@checked_arguments
def seasonal_position(bls: pd.DataFrame, *, month: str, series: str = TRADE, months: int = 4) -> pd.DataFrame:
    """Compare a month with the other months of its edition, for every place that has it.

    Parameters
    ----------
    bls : pandas.DataFrame
        The dataset `bls_employment`.
    month : str
        YYYY-MM.
    months : int
        Editions with fewer months are left out; of the others the one with most months is taken, the later of two
        alike.

    Returns
    -------
    pandas.DataFrame
        Indexed by geography, widest gap first: edition, jobs, months (how many the edition prints), is_highest,
        lowest_month, lowest, above_lowest_percent, seasonally_adjusted, source_id.
    """
    rows = matching(bls, series=series)
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


def readable(season: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `seasonal_position` for a reader.

    Returns
    -------
    pandas.DataFrame
        Indexed by place: edition, jobs, months in the edition, highest month, lowest month, jobs in the lowest, percent
        above the lowest, seasonally adjusted, source.
    """
    return pd.DataFrame(
        {
            "edition": season["edition"],
            "jobs": [f"{jobs:,}" for jobs in season["jobs"]],
            "months in the edition": season["months"],
            "highest month": ["yes" if highest else "no" for highest in season["is_highest"]],
            "lowest month": season["lowest_month"],
            "jobs in the lowest": [f"{jobs:,}" for jobs in season["lowest"]],
            "percent above the lowest": season["above_lowest_percent"],
            "seasonally adjusted": season["seasonally_adjusted"],
            "source": season["source_id"],
        },
        index=season.index.rename("place"),
    )


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
            f"Will not combine {level.period} of {', '.join(level.sources)} with a 12-month change of {growth.period} "
            f"of {', '.join(growth.sources)}: take both from one edition."
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


@checked_arguments
def implied_year_before(
    bls: pd.DataFrame, observations: pd.DataFrame, *, geography: str, month: str
) -> Quantity | Missing:
    """Return the jobs in trade, transportation and utilities a year before a month, from the edition that prints its
    12-month change (derived).

    Parameters
    ----------
    bls : pandas.DataFrame
        The dataset `bls_employment`.
    observations : pandas.DataFrame
        The dataset `economy_observations`.
    """
    growth = observed(observations, f"{TRADE}_employment_12_month_change", geography, period=month)
    if isinstance(growth, Missing):
        return growth
    return year_earlier(jobs(bls, geography=geography, month=month, source=growth.sources[0]), growth)


def monthly_changes(frame: pd.DataFrame, series: str, geography: str) -> pd.DataFrame:
    """Return published monthly changes with the usual change of the month, where the source prints one.

    Parameters
    ----------
    frame : pandas.DataFrame
        The dataset `economy_observations`.
    series : str
        Its usual changes are the series of the same name with `_usual` at the end.

    Returns
    -------
    pandas.DataFrame
        Indexed by month: change, usual, difference (change less usual; Int64, missing where nothing is printed),
        source_id, note.
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
    total = added(
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
