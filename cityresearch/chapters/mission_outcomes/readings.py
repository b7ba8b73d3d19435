"""Readings of the claims on outcomes: dates, counts and intervals, each as a careful writer could mean it."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.mission_outcomes.results import date_of, interval, without_one, year_of
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import as_printed
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Quantity, missing

__all__ = [
    "AIRPORT",
    "FRESNO",
    "MUNSTER",
    "SAN_DIEGO",
    "Dated",
    "agreement",
    "announcement",
    "days_to_flight",
    "direct_flights",
    "ends",
    "first_flight",
    "mainland_nonstops",
    "population",
    "summit",
    "tie",
    "years_to_flight",
]

FRESNO, MUNSTER, SAN_DIEGO = "fre-2022-04-guadalajara", "fre-2023-08-munster", "sd-2022-09-netherlands"
AIRPORT = "San Diego International Airport"
Dated = tuple[str, tuple[str, ...]]


def ends(outcomes: pd.DataFrame, sources: pd.DataFrame) -> dict[str, Dated]:
    """Return every day that can count as the end of the wait for the flight, each from a dated record."""
    return {
        "the announcement": date_of(outcomes, FRESNO, "announcement"),
        "the first flight as planned": date_of(outcomes, FRESNO, "first_flight", statuses=("planned",)),
        "the newspaper article that the paper cites": (claim("C224").period, ()),
        "the report of the launch": (sources.at["ourvalley-2024-12", "published"], ("ourvalley-2024-12",)),
    }


def days_to_flight(outcomes: pd.DataFrame, sources: pd.DataFrame) -> dict[str, Quantity]:
    """Return the days from the agreement to each day that can count as the end."""
    start = date_of(outcomes, FRESNO, "agreement_date")
    return {f"{name}, {end[0]}": interval(start, end) for name, end in ends(outcomes, sources).items()}


def years_to_flight(outcomes: pd.DataFrame, sources: pd.DataFrame) -> dict[str, object]:
    """C169, less than two years: the announcement is the reading that favors the text most, so it takes the text at its word."""
    start = date_of(outcomes, FRESNO, "agreement_date")
    found = {}
    for name, end in ends(outcomes, sources).items():
        value = interval(start, end, unit="year").with_caveat(
            "the day of the agreement is only in the paper's own note"
        )
        found[f"to {name}, {end[0]}"] = as_printed(value) if name == "the announcement" else value
    return found


def agreement(outcomes: pd.DataFrame) -> dict[str, object]:
    """C131 and C202, the day of the agreement: only its year is on a page outside the paper."""
    unseen = missing("the day and the wording are only in the paper's own note; the agreement itself was not seen")
    return {
        "the day, from a page outside the paper": as_printed(unseen),
        "the year, confirmed by the press": year_of(outcomes, FRESNO, "agreement_date", within="2022"),
    }


def announcement(outcomes: pd.DataFrame) -> dict[str, object]:
    """C200, the day on which the route was announced."""
    year = year_of(outcomes, FRESNO, "announcement", within=claim("C200").period)
    return {"year of the announcement, day as printed": as_printed(year)}


def summit(outcomes: pd.DataFrame) -> dict[str, object]:
    """C128 and C199, the summit that followed a trip: its date can be tested, that it came of the trip cannot."""
    found = year_of(outcomes, MUNSTER, "summit_start", within=claim("C199").period.split("/")[0])
    caveat = "the date alone; that it came of the trip is said by the press"
    return {"year of the summit, first day as printed": as_printed(found.with_caveat(caveat))}


def first_flight(outcomes: pd.DataFrame, claim_id: str) -> dict[str, object]:
    """C156 and C215, the first flight, as exactly as each prints it."""
    found = year_of(outcomes, SAN_DIEGO, "first_flight", within=claim(claim_id).period)
    return {"year of the first flight, as printed to the month or day": as_printed(found)}


def mainland_nonstops(other: pd.DataFrame) -> dict[str, object]:
    """C157, which nonstop to the European mainland it was: London is on an island."""
    with_london = observed(other, "european_nonstop_destinations", AIRPORT, "2025-05", unit="rank")
    return {
        "nonstops to the mainland, May 2025: London left out": without_one(with_london, "London"),
        "nonstops to Europe, May 2025: London counted": with_london,
    }


def tie(year: Quantity) -> dict[str, object]:
    """C111, the year of the trip on which a tie was announced."""
    caveat = "the tie is confirmed by a second side and dated by the trip"
    return {"year of the trip on which the tie was announced": as_printed(year.with_caveat(caveat))}


def population(other: pd.DataFrame) -> dict[str, object]:
    """C121, the people of Chongqing: of the municipality or of the main urban area, now or when the mission went."""
    where = "Chongqing municipality"
    return {
        "municipality, end of 2024": as_printed(observed(other, "resident_population", where, "2024")),
        "municipality, census of 2020": observed(other, "resident_population", where, "2020-11-01"),
        "municipality, census of 2010, before the mission": observed(other, "resident_population", where, "2010-11-01"),
        "main urban area, 2024": observed(other, "resident_population", "Chongqing main urban area", "2024"),
    }


def direct_flights(other: pd.DataFrame) -> dict[str, object]:
    """C122, the two cities with direct flights to Chongqing: today, or when the mission went, and with or without a stop."""
    today = missing("no schedule of 2024 to 2026 was seen, and the one link found for 2024 is to Seattle")
    cities = ("california_cities_linked_by_air", "Chongqing")
    return {
        "today": as_printed(today),
        "in the year of the mission, a flight with a stop in Beijing called direct": observed(
            other, *cities, "2014-04"
        ),
        "nonstop flights alone, 2017": observed(other, *cities, "2017-03"),
    }
