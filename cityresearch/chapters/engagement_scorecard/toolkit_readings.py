"""Readings of the toolkit's other numbers: offices, sister states, recruits, funds, festivals, languages and
volunteers.

Most have one published figure. Where a page prints another year, edition or kind of count, a careful writer could have
met it, and it is a reading of its own.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.engagement_scorecard.readings import Readings
from cityresearch.claims.reading import as_printed
from cityresearch.errors import MixedBasisError
from cityresearch.measures.comparisons import mean_step
from cityresearch.measures.published import observed, sources_of
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = [
    "GUESTS",
    "SCOTTISH",
    "asian_cities",
    "birth_countries",
    "connections_fund",
    "descendants",
    "festival",
    "fund_after",
    "fund_at_first",
    "languages",
    "nurses",
    "office_countries",
    "offices",
    "reunion_guests",
    "reunion_step",
    "round_of_projects",
    "sister_states",
    "topped_up",
    "volunteers",
    "volunteers_cofinanced",
    "water_fund",
    "years_of",
]

SCOTTISH = {
    "M096": ("scottish_connections_fund_applications", "applications, round of 2024-25"),
    "M098": ("scottish_connections_fund_projects", "projects, round of 2024-25"),
    "M099": ("scottish_connections_fund_awards", "government page (up to)"),
}
GUESTS = "uchinanchu_overseas_participants"


def offices(observations: pd.DataFrame) -> Readings:
    """Return the readings of M010, overseas offices of Wales: the count of the toolkit's time, and the two that were
    published."""
    return _welsh(observations, "welsh_overseas_offices")


def office_countries(observations: pd.DataFrame) -> Readings:
    """Return the readings of M011, countries with such an office, as `offices`."""
    return _welsh(observations, "welsh_overseas_office_countries")


def sister_states(observations: pd.DataFrame) -> Readings:
    """Return the readings of M024, sister states of Maryland: the state's list of the toolkit's time, and three lists
    that were seen."""
    series = ("sister_states", "Maryland")
    return {
        "the state's list of mid-2025": as_printed(missing("our data do not have the state's list of mid-2025")),
        "list of the Secretary of State, undated": observed(observations, *series, source_id="md-sos-international"),
        "encyclopedia's list, 2025": observed(observations, *series, "2025"),
        "Maryland Manual, undated": observed(observations, *series, source_id="md-manual-sos"),
    }


def nurses(observations: pd.DataFrame) -> Readings:
    """Return the readings of M033, recruits from Kerala: those who came, and the number of the agreement."""
    series = ("nhs_wales_recruits_kerala", "Wales")
    return {
        "recruited by February 2025 (more than)": as_printed(observed(observations, *series, "2025-02")),
        "number agreed in March 2024, a plan": observed(observations, *series, "2024-03"),
    }


def fund_at_first(observations: pd.DataFrame) -> Readings:
    """Return the reading of M045, the size of Calgary's fund when it began."""
    return {"2018": as_printed(observed(observations, "ocif_initial_fund", "Calgary", "2018"))}


def fund_after(observations: pd.DataFrame) -> Readings:
    """Return the readings of M047, Calgary's fund after the addition that was proposed, and the addition alone; the vote was not seen."""
    left = observed(observations, "ocif_left", "Calgary", "2025-04")
    proposed = observed(observations, "ocif_top_up_proposed", "Calgary", "2025/2028")
    return {
        "the fund after the vote": as_printed(missing("the vote on the motion of April 2025 was not seen")),
        "the fund if the motion passed unchanged": topped_up(left, proposed),
        "the amount to be added by the motion": proposed,
    }


def water_fund(observations: pd.DataFrame) -> Readings:
    """Return the reading of M067, the water fund of Greater Nancy."""
    return {"2024": as_printed(observed(observations, "water_fund_budget", "Greater Nancy", "2024"))}


def connections_fund(observations: pd.DataFrame, claim_id: str) -> Readings:
    """Return the reading of M096, M098 or M099: applications, projects or awards of the Scottish fund in its round of
    2024-25."""
    series, name = SCOTTISH[claim_id]
    return {name: as_printed(observed(observations, series, "Scotland", "FY2024-25"))}


def round_of_projects(observations: pd.DataFrame) -> Readings:
    """Return the reading of M142, the year in which the Scottish fund began: the first round on record."""
    series = SCOTTISH["M098"][0]
    first = Quantity(years_of(observations, series)[0], "year", sources=sources_of(observations, series))
    return {"first round on record": as_printed(first)}


def festival(observations: pd.DataFrame) -> Readings:
    """Return the readings of M059, visitors of the festival of Palmerston North: the last fair with a count, and a
    later one of two days."""
    series = ("festival_of_cultures_attendance", "Palmerston North")
    return {
        "main fair, 2018 (more than)": as_printed(observed(observations, *series, "2018-03")),
        "two days, 2023": observed(observations, *series, "2023-02"),
    }


def asian_cities(observations: pd.DataFrame) -> Readings:
    """Return the readings of M075, Asian cities at Yokohama's conference: pages count cities and organizations
    together."""
    series = ("ascc_participants", "Yokohama", "2023-11")
    return {
        "Asian cities alone": as_printed(
            missing("nobody counts the cities alone; three pages count cities and organizations together")
        ),
        "cities and organizations, notice of the city": observed(
            observations, *series, source_id="bizyokohama-2023-11-17"
        ),
        "cities and organizations, page of a network": observed(observations, *series, source_id="citynet-2023-12"),
    }


def languages(observations: pd.DataFrame) -> Readings:
    """Return the readings of M091, main languages of Bristol, by year of the report."""
    series = ("main_languages", "Bristol")
    return {
        "2020 (at least)": as_printed(observed(observations, *series, "2020-09")),
        "2013 (at least)": observed(observations, *series, "2013-08"),
    }


def birth_countries(observations: pd.DataFrame) -> Readings:
    """Return the readings of M092, countries of birth in Bristol: the count of the toolkit's time, and the earlier
    ones."""
    series = ("countries_of_birth", "Bristol")
    return {
        "count after the census of 2021": as_printed(missing("our data have no count after the census of 2021")),
        "council page, undated": observed(observations, *series, ""),
        "population report, 2020 (at least)": observed(observations, *series, "2020-09"),
        "2018": observed(observations, *series, "2018-01"),
    }


def reunion_step(observations: pd.DataFrame) -> Readings:
    """Return the reading of M094 and M106, years between the festivals of Okinawans: the mean of the editions with a
    count."""
    step = mean_step(years_of(observations, GUESTS), sources=sources_of(observations, GUESTS)).with_caveat(
        "editions with a count; from 1990 to 2022 the source checks give six steps in 32 years, the last of six years"
    )
    return {"editions on record": as_printed(step)}


def descendants(observations: pd.DataFrame) -> Readings:
    """Return the readings of M105, Okinawan descendants abroad: the festival's page, and the prefecture's data."""
    series = ("okinawan_descendants_abroad", "Okinawa", "2016")
    return {
        "2016, page of the festival": as_printed(observed(observations, *series, source_id="wuf2022-about")),
        "2016, data of the prefecture": observed(observations, *series, source_id="japantimes-okinawa-2016"),
    }


def reunion_guests(observations: pd.DataFrame) -> Readings:
    """Return the readings of M107, guests from abroad at the festival of Okinawans: every edition with a count; the toolkit names none."""
    return {f"{year} edition": observed(observations, GUESTS, "Okinawa", year) for year in ("2006", "2011", "2016")}


def volunteers(observations: pd.DataFrame) -> Readings:
    """Return the reading of M121, volunteers of La Reunion."""
    return {"2004 to 2023": as_printed(observed(observations, "reunion_volunteers", "La Reunion", "2004/2023"))}


def volunteers_cofinanced(observations: pd.DataFrame) -> Readings:
    """Return the reading of M122, volunteers of La Reunion whose service was co-financed."""
    found = observed(observations, "reunion_volunteers_cofinanced", "La Reunion", "2004/2023")
    return {"2004 to 2023": as_printed(found)}


def topped_up(left: Quantity | Missing, addition: Quantity | Missing) -> Quantity | Missing:
    """Return what a fund has after an addition, of whichever periods the two are.

    Raises
    ------
    MixedBasisError
        If the currencies differ.
    """
    for part in (left, addition):
        if isinstance(part, Missing):
            return part
    if left.unit != addition.unit:
        raise MixedBasisError(f"Will not add {addition.unit} to {left.unit}: convert one of them first.")
    return Quantity(
        left.value + addition.value, left.unit, f"{left.period} and {addition.period}", left.geography,
        sources=unique([*left.sources, *addition.sources]), bounds=left.interval + addition.interval,
        caveats=(*left.caveats, *addition.caveats, "a proposal"),
    )  # fmt: skip


def years_of(observations: pd.DataFrame, series: str) -> list[int]:
    """Return the years for which a series has a value, ascending; a fiscal year counts as its first year."""
    rows = observations.reset_index()
    periods = rows.loc[rows["series"] == series, "period"].dropna()
    return sorted({int(p.removeprefix("FY")[:4]) for p in periods})


def _welsh(observations: pd.DataFrame, series: str) -> Readings:
    return {
        "count of 2024 or 2025": as_printed(missing("our data have no count of 2024 or 2025")),
        "latest count, 2021-22": observed(observations, series, "Wales", "FY2021-22"),
        "December 2018": observed(observations, series, "Wales", "2018-12"),
    }
