"""What the studies on San Diego print: editions of a study, jobs of a year before, ranks among foreign investors."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = ["RANK", "a_year_before", "editions", "investor_ranks", "longest_step", "mean_known_step", "to_the_ten"]
RANK = r"foreign_(investor|employer)_rank_"


@checked_arguments
def editions(observations: pd.DataFrame, series: str, latest: int) -> list[int | None]:
    """Return the years of a study's editions, oldest first; None for one without a printed year.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `san_diego_observations`.
    series : str
        A series that every edition prints.
    latest : int
        The year of the edition that the claim is about.
    """
    rows = observations.reset_index()
    periods = rows.loc[rows["series"] == series, "period"].fillna("").unique()
    years = sorted({int(p) for p in periods if p} | {latest})
    return [*years, None] if "" in periods else years


def a_year_before(level: Quantity | Missing, change: Quantity | Missing) -> Quantity | Missing:
    """Derive the level of a year before from a level and its change over twelve months in percent."""
    for part in (level, change):
        if isinstance(part, Missing):
            return part
    factor = Interval.point(1) + change.interval / Interval.point(100)
    year, _, rest = level.period.partition("-")
    return replace(
        level,
        value=level.value / (1 + change.value / 100),
        period=f"{int(year) - 1}{'-' + rest if rest else ''}",
        sources=unique([*level.sources, *change.sources]),
        bounds=level.interval / factor,
        caveats=("derived from the printed change",),
    )


def investor_ranks(firms: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return every printed rank of a country among foreign investors or employers of a region.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.

    Returns
    -------
    pandas.DataFrame
        Columns country, ranked as (investor or employer), rank, year, source, note.
    """
    rows = firms.reset_index().fillna({"note": "", "period": ""})
    rows = rows[(rows["geography"] == region) & rows["series"].str.match(RANK)].copy()
    rows["ranked as"] = rows["series"].str.extract(RANK)[0]
    rows["country"] = rows["series"].str.replace(RANK, "", regex=True).str.capitalize()
    rows["rank"] = rows["value"].astype(int)
    rows = rows.rename(columns={"period": "year", "source_id": "source"})
    columns = ["country", "ranked as", "rank", "year", "source", "note"]
    return rows[columns].sort_values(["ranked as", "rank"], ignore_index=True)


def to_the_ten(printed: PrintedNumber, geography: str) -> Quantity:
    """Return a printed count that ends in zero as one rounded to the ten.

    Raises
    ------
    DataError
        If its last digit is not zero.
    """
    if printed.value % 10:
        raise DataError(f"{printed.value} does not end in zero, so it is not rounded to the ten.")
    return Quantity(
        printed.value, printed.unit, printed.period, geography, bounds=Interval.around(printed.value, 10),
        caveats=("taken from the document, read to the ten",),
    )  # fmt: skip


@checked_arguments
def longest_step(years: list[int], *, undated: int, sources: tuple[str, ...] = ()) -> Quantity:
    """Return the least that the longest distance of neighboring editions can be, in whole years.

    Parameters
    ----------
    years : list of int
        Years of the dated editions, ascending.
    undated : int
        How many editions have no year; each halves the longest distance that is left, as evenly as whole years allow.
    sources : tuple of str
        What the years were read in.

    Examples
    --------
    >>> longest_step([2014, 2016, 2021], undated=1).value  # five years cannot be two steps of two
    Fraction(3, 1)
    """
    gaps = {(earlier, later): 1 for earlier, later in pairwise(years)}
    for _ in range(undated):
        widest = max(gaps, key=lambda ends: (ends[1] - ends[0]) / gaps[ends])
        gaps[widest] += 1
    longest = max(-((first - last) // steps) for (first, last), steps in gaps.items())
    caveats = ("the undated edition is taken to lie in the longest gap",) if undated else ()
    return Quantity(longest, "year", sources=sources, caveats=caveats)


@checked_arguments
def mean_known_step(years: list[int], *, undated: int, sources: tuple[str, ...] = ()) -> Quantity | Missing:
    """Return the mean distance in years of neighboring editions where no undated edition can lie between them.

    Parameters
    ----------
    years : list of int
        Years of the dated editions, ascending.
    undated : int
        How many editions have no year; each is taken to lie in one of the longest gaps.
    sources : tuple of str
        What the years were read in.
    """
    steps = sorted(later - earlier for earlier, later in pairwise(years))
    known = steps[: len(steps) - undated]
    if not known:
        return Missing("no two neighboring editions with a year")
    return Quantity(
        Quantity(sum(known)).value / len(known),
        "year",
        sources=sources,
        caveats=("the undated edition is taken to lie in the longest gap",),
    )
