"""Readings of the claims on exports: which metros, which year, which release a printed number can mean."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.metro_exports.trends import share_in_set
from cityresearch.claims.grid import Axis, grid
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import AsPrinted, as_printed
from cityresearch.datasets.catalog import source
from cityresearch.measures.cited import sources
from cityresearch.measures.exports import (
    metro_value,
    metros,
    reexport_share,
    state_total,
    total_of,
    total_of_all,
    total_of_largest,
)
from cityresearch.measures.release_dates import last_year_seen
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Fact, Missing, Quantity, missing, share

__all__ = [
    "BOTH_VALLEYS",
    "CITED_TEXT",
    "CLAIMS_OF_METROS",
    "JOINED",
    "NEIGHBORS",
    "OVER_DOMESTIC",
    "PRINTED_REGION",
    "REEXPORTS",
    "REGIONS",
    "VALLEY",
    "Readings",
    "fresno",
    "named_metro",
    "printed_metros",
    "series",
    "shares",
    "state_totals",
    "state_totals_and_others",
    "three_metros",
    "total",
]

Readings = dict[str, Quantity | Missing | Fact | AsPrinted]
# the metros whose values the paper prints in its text
CLAIMS_OF_METROS = {
    "C024": "Los Angeles-Long Beach-Anaheim, CA",
    "C025": "San Francisco-Oakland-Fremont, CA",
    "C026": "San Diego-Chula Vista-Carlsbad, CA",
}
NEIGHBORS = ("Fresno, CA", "Hanford-Corcoran, CA", "Madera, CA", "Visalia, CA")
VALLEY = (*NEIGHBORS, "Bakersfield-Delano, CA", "Merced, CA", "Modesto, CA", "Stockton-Lodi, CA")
BOTH_VALLEYS = (*VALLEY, "Sacramento-Roseville-Folsom, CA", "Chico, CA", "Redding, CA", "Yuba City, CA")
JOINED = {"Madera, CA": ("Fresno, CA", 2023)}
REEXPORTS = "re-exports in the 2024 state total"
OVER_DOMESTIC = "2023 metros, re-exports and all, over the domestic goods of the 2024 state total"
PRINTED_REGION, CITED_TEXT = "eight metros of the San Joaquin Valley", "ccbr-2018"
REGIONS = {
    PRINTED_REGION: VALLEY,
    "four neighboring metros": NEIGHBORS,
    "four neighboring metros and Merced": (*NEIGHBORS, "Merced, CA"),
    "twelve metros of both valleys, with Sacramento": BOTH_VALLEYS,
}


def printed_metros() -> dict[str, PrintedNumber]:
    """Return what the paper prints for three metros, by title: claims C024, C025 and C026."""
    return {title: claim(claim_id).printed for claim_id, title in CLAIMS_OF_METROS.items()}


@checked_arguments
def named_metro(exports: pd.DataFrame, by_year: pd.DataFrame, title: str) -> Readings:
    """C024, C025 and C026, one metro each: the year that the paper names, each in which all three fit, and 2022.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    by_year : pandas.DataFrame
        From `search.years_that_print`.
    """
    years = f"{by_year.index.min()} to {by_year.index.max()}"
    return {
        "2024, the year as printed": as_printed(metro_value(exports, title, 2024)),
        **{
            f"{year}, the only year of {years} in which all three fit": metro_value(exports, title, year)
            for year in map(int, by_year.index[by_year["fits"]])
        },
        "2022": metro_value(exports, title, 2022),
    }


def three_metros(exports: pd.DataFrame, by_year: pd.DataFrame) -> Readings:
    """C041, the year on the label of Figure 1: the text prints three of its bars, and these are all that can be tested.

    Parameters are those of `named_metro`.
    """
    found = {}
    for year in (2024, 2023):
        reading = missing(f"metro values of California for {year}: none in the data")
        if year in by_year.index:
            reading = Fact(bool(by_year.at[year, "fits"]), sources(metros(exports, state="CA", year=year)))
        found[f"the three printed anchors, {year}"] = as_printed(reading) if year == 2024 else reading
    return found


def total(exports: pd.DataFrame, sets: pd.DataFrame) -> Readings:
    """C027 and C015, more than 141 billion dollars: which metros a writer can mean by California's, and of which year.

    All of them is the plain sense. The five or six largest and the sets around the nine cities are what the paper's
    text is about. 2024 is the year of the label, 2023 the one that the three printed metros mean, 2022 the one before.

    Parameters
    ----------
    exports, sets : pandas.DataFrame
        The datasets `metro_exports` and `metro_sets`.
    """

    def largest(n: int, year: int) -> Quantity | Missing:
        return total_of_largest(exports, state="CA", year=year, n=n)

    def every(year: int) -> Quantity | Missing:
        return total_of_all(exports, state="CA", year=year)

    return {
        "five largest metros, 2023": largest(5, 2023),
        "all metros, 2024 (year as printed)": as_printed(every(2024)),
        "five largest metros, 2024": largest(5, 2024),
        "all metros, 2023": every(2023),
        "six largest metros, 2023": largest(6, 2023),
        **{
            f"{name}, 2023": total_of(exports, list(rows.index.get_level_values("cbsa_title")), 2023)
            for name, rows in sets.groupby("metro_set")
        },
        "all metros, 2022": every(2022),
        "five largest metros, 2022": largest(5, 2022),
    }


def state_totals(states: pd.DataFrame) -> Readings:
    """C028 and C016, the state's 183 billion dollars: totals are revised, so the release decides; 2023 tests the year.

    Parameters
    ----------
    states : pandas.DataFrame
        The dataset `state_exports`.
    """
    return {
        "2024, first release": as_printed(state_total(states, state="CA", year=2024, vintage="first_release")),
        "2024, as revised by March 2026": state_total(states, state="CA", year=2024, vintage="revised"),
        "2023, first release": state_total(states, state="CA", year=2023, vintage="first_release"),
    }


def state_totals_and_others(exports: pd.DataFrame, states: pd.DataFrame) -> Readings:
    """C028 as its figure shows it: with the years around it, and with the metros of 2023, which are another count."""
    return {
        **state_totals(states),
        "2023, as revised by March 2026": state_total(states, state="CA", year=2023, vintage="revised"),
        "2025, as first seen in March 2026": state_total(states, state="CA", year=2025, vintage="revised"),
        "all metros, 2023 (another count)": total_of_all(exports, state="CA", year=2023),
    }


def shares(exports: pd.DataFrame, states: pd.DataFrame, monthly: pd.DataFrame) -> dict[str, Quantity | Missing]:
    """Return what part of the state's 183 billion dollars the 141 billion are, under each base, with and without re-exports.

    `share` refuses to mix bases unless they are named, so each of these names what it mixes. Re-exports of the state come from its
    months; those of its metros are not published, so over domestic goods alone the metros keep theirs.

    Parameters
    ----------
    exports, states, monthly : pandas.DataFrame
        The datasets `metro_exports`, `state_exports` and `state_exports_monthly`.
    """
    part, whole = (
        Quantity(item.printed.value, "USD", bounds=item.printed.interval, geography=f"the printed {billions}")
        for item, billions in ((claim("C027"), 141), (claim("C028"), 183))
    )
    five = total_of_largest(exports, state="CA", year=2023, n=5)
    every = total_of_all(exports, state="CA", year=2023)
    first = {y: state_total(states, state="CA", year=y, vintage="first_release") for y in (2023, 2024)}
    revised = {y: state_total(states, state="CA", year=y, vintage="revised") for y in (2023, 2024)}
    foreign = reexport_share(monthly, state="CA", year=2024)
    return {
        "141 over 183, as printed": share(part, whole),
        "2023 metros over the 2024 state total": share(five, first[2024], across=["basis", "period"]),
        "2023 metros over the 2024 state total, revised": share(
            five, revised[2024], across=["basis", "period", "vintage"]
        ),
        "2023 over 2023, first releases": share(five, first[2023], across=["basis"]),
        "2023 over 2023, state total revised": share(five, revised[2023], across=["basis", "vintage"]),
        "2023, within the metro series": share(five, every),
        "all metros over the state total, 2023": share(every, first[2023], across=["basis"]),
        REEXPORTS: foreign,
        OVER_DOMESTIC: share(five, _domestic(first[2024], foreign), across=["basis", "period"]),
    }


def _domestic(whole: Quantity | Missing, foreign: Quantity | Missing) -> Quantity | Missing:
    """Return what is left of a state total without its re-exports."""
    if isinstance(whole, Missing) or isinstance(foreign, Missing):
        return whole if isinstance(whole, Missing) else foreign
    left = whole.value * (100 - foreign.value) / 100
    return replace(whole, value=left, sources=(*whole.sources, *foreign.sources), bounds=None, read=False)


def fresno(exports: pd.DataFrame, releases: pd.DataFrame) -> Readings:
    """C126, about half of the Central Valley's exports: every year for four regions.

    The region can be Fresno's own valley, as the sentence has it, both valleys, or its neighbors with or without Merced. The note of the
    paper cites a text of February 2018; the last year whose values were out by then, and the four before it, are those that it can mean.

    Parameters
    ----------
    exports, releases : pandas.DataFrame
        The datasets `metro_exports` and `release_dates`.
    """
    years = sorted(int(year) for year in exports.index.get_level_values("year").unique())
    month = source(CITED_TEXT).published
    last = last_year_seen(releases, "metro_exports", month)
    return grid(
        lambda region, year: share_in_set(exports, NEIGHBORS[0], REGIONS[region], year, joined=JOINED),
        Axis("region", tuple(REGIONS), printed=PRINTED_REGION),
        Axis(
            "year",
            years,
            printed=last,
            meant=range(last - 4, last + 1),
            why=f"a text of {month} cannot have seen values after {last}, and hardly spoke of those before {last - 4}",
        ),
    )


def series(exports: pd.DataFrame) -> Readings:
    """C134, that exports are published by metro: metros of California with a value in the last year of the series."""
    last = int(exports.index.get_level_values("year").max())
    listed = metros(exports, state="CA", year=last)
    holds = Fact(not listed.empty, sources(listed))
    return {f"{len(listed)} California metros with a value in {last}": as_printed(holds)}
