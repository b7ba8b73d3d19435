"""Readings of the claims on trade missions.

The authors' list is unpublished, so only that list takes most counts at their word; the other readings are rules over a
list put together from public pages. Dates and lengths of single trips are read from pages other than the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cityresearch.chapters.trade_missions import counts, stops, trips
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import AsPrinted, as_printed
from cityresearch.measures.cited import sources
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Fact, Missing, Quantity, missing

__all__ = [
    "AGREEMENT_ONLY",
    "FITTED",
    "LAST_FIVE_YEARS",
    "PAPER",
    "PERIOD",
    "Readings",
    "asia_trip_days",
    "china_trip_days",
    "city_missions",
    "countries_of_table1",
    "countries_reached",
    "fresno_cities",
    "guadalajara",
    "known_only_through_documents",
    "korea_rank",
    "map_drawn",
    "mayors_of_six_cities",
    "named_countries",
    "named_trip",
    "rows_of_table1",
    "state_missions",
    "stops_of_africa",
    "table1_rows",
    "trade_center_missions",
    "trips_of_table1",
]

Readings = dict[str, Quantity | Missing | Fact | AsPrinted]
PERIOD = f"{counts.WINDOW[0]}/{counts.WINDOW[1]}"
FITTED = "city-10"  # put together with the printed numbers in view, so it is no evidence for them
AGREEMENT_ONLY = "fre-2022-04-guadalajara"
LAST_FIVE_YEARS = "2021-05"  # the paper is of May 2026
PAPER = ("carnegie-2026",)


def map_drawn(missions: pd.DataFrame, classification: pd.DataFrame) -> Readings:
    """Return readings of C065, that cities and the state led missions as the map shows.

    The map itself, or trips of this list.
    """
    every = counts.trips(missions, classification)
    both = [counts.selected(every, rule) for rule in ("city-1", "state-2")]
    return {
        "the map as printed": as_printed(
            missing("the map is a picture without text in the copy read, and the list behind it is unpublished")
        ),
        "this list: trips led by officials of cities and of the state, 2019 to 2025": Fact(
            all(len(rows) > 0 for rows in both), sources(*both)
        ),
    }


def mayors_of_six_cities(every: pd.DataFrame) -> Readings:
    """Return readings of C052, that the mayor of each of six cities led or hosted trade delegations in the last five years.

    Our list has trips abroad only and is not complete, so a city without one is a gap in it and no "no".

    Parameters
    ----------
    every : pandas.DataFrame
        From `counts.trips`: trips with the judgments on them.
    """
    mayors = every[(every["level"] == "city") & (every["lead_office"] == "mayor")]
    begun = mayors["start_date"].fillna("")
    dated, undated = mayors[begun >= LAST_FIVE_YEARS], mayors[begun == ""]
    reported = dated.drop(index=AGREEMENT_ONLY, errors="ignore")
    led, of_trade = 'role == "led"', 'trade_focus in ["yes", "partly"]'
    chosen = {
        "led by the mayor, trade purpose clear, dated and reported": reported.query(f'{led} and trade_focus == "yes"'),
        "purpose clear or partial, with Fresno's trip known by its agreement and Long Beach's page without a date": pd.concat(
            [dated, undated]
        ).query(f"{led} and {of_trade}"),
        "led or joined, purpose clear or partial, with Long Beach's page without a date": pd.concat(
            [reported, undated]
        ).query(of_trade),
        "led by the mayor for any purpose, dated and reported": reported.query(led),
    }
    literal, *others = ((name, _each_city(name, rows)) for name, rows in chosen.items())
    return {literal[0]: as_printed(literal[1]), **dict(others)}


def state_missions(counted: pd.DataFrame, missions: pd.DataFrame) -> Readings:
    """Return readings of C020, missions of the state: the authors' own list, and every rule but the one made to fit."""
    return _with_own_list(counts.by_rule(counted, missions, level="state", measure="missions", period=PERIOD))


def city_missions(counted: pd.DataFrame, missions: pd.DataFrame) -> Readings:
    """Return readings of C021, missions of cities: the authors' own list, and every rule but the one made to fit."""
    return _with_own_list(counts.by_rule(counted, missions, level="city", measure="missions", period=PERIOD))


def countries_reached(counted: pd.DataFrame, missions: pd.DataFrame) -> Readings:
    """Return readings of C022, countries of city missions: as for `city_missions`, with what Palestine adds said."""
    apart = {"PSE": "Palestine (the code of one stop, Bethlehem)"}
    return _with_own_list(
        counts.by_rule(counted, missions, level="city", measure="countries", period=PERIOD, apart=apart)
    )


def rows_of_table1(table1: pd.DataFrame) -> Readings:
    """Return the reading of C070, rows of Table 1."""
    return {"rows of Table 1": as_printed(Quantity(len(table1), "count", sources=PAPER))}


def countries_of_table1(table1: pd.DataFrame) -> Readings:
    """Return the reading of C071, countries of Table 1."""
    return {"countries of Table 1": as_printed(Quantity(table1["country"].nunique(), "count", sources=PAPER))}


def trips_of_table1(table1: pd.DataFrame, missions: pd.DataFrame) -> Readings:
    """Return readings of C072, trips behind Table 1.

    Those found on public pages, or pairs of mayor and month in the table.
    """
    behind = missions.loc[table1["mission_id"].unique()]
    pairs = len(table1.groupby(["mayor", "date"]))
    return {
        "trips behind the rows": as_printed(trips.how_many(behind, "trips of Table 1")),
        "pairs of mayor and month": Quantity(pairs, "count", sources=PAPER),
    }


def table1_rows(table1: pd.DataFrame, missions: pd.DataFrame, records: pd.DataFrame) -> dict[str, Readings]:
    """Return readings of C073 to C091, single rows of Table 1: the trip in the printed month, or only its date.

    Where public pages show the trip otherwise than the row describes it, the row fails; where they show a part of what
    it says, only the date is tested.

    Parameters
    ----------
    table1, missions, records : pandas.DataFrame
        The datasets `mission_table1`, `missions` and `sources`.

    Returns
    -------
    dict of claim to readings
        Without the row that nothing on record could test.
    """
    found: dict[str, Readings] = {}
    for _, row in table1[table1["verdict"] != "not checked"].iterrows():
        when = trips.year_of(
            missions, row["mission_id"], within=row["date"], besides=known_only_through_documents(records)
        )
        if isinstance(when, Quantity) and isinstance(row["note"], str):
            when = when.with_caveat(row["note"])
        if row["verdict"] == "agrees":
            found[row["claim_id"]] = {
                "year of the trip, in the printed month; its purpose rests on the sources": as_printed(when)
            }
            continue
        why = f"the trip is on record, but not as the document describes it: {row['note'].rstrip('.')}"
        otherwise = Fact(False, tuple(row["checked_source_id"].split(";")), (why,))
        found[row["claim_id"]] = {
            "the whole row": as_printed(otherwise if row["verdict"] == "differs" else missing(why)),
            "month and year alone": when,
        }
    return found


def china_trip_days(missions: pd.DataFrame) -> Readings:
    """Return the reading of C074, days of the trip to China in 2013."""
    return {"calendar days": as_printed(trips.length_of(missions, "la-2013-05-china"))}


def asia_trip_days(missions: pd.DataFrame) -> Readings:
    """Return readings of C078, days of the trip to Asia in 2018: with the first and the last day, or nights."""
    trip = "la-2018-07-asia"
    return {
        "calendar days, first and last included": as_printed(trips.length_of(missions, trip)),
        "nights": trips.length_of(missions, trip, counting="nights"),
    }


def named_countries(headed: pd.DataFrame, table1: pd.DataFrame, places: pd.DataFrame) -> Readings:
    """Return readings of C067, six countries of mayor-led missions: by purpose of the trips, or by rows of Table 1.

    Parameters
    ----------
    headed : pandas.DataFrame
        From `trips.headed`: trips that the mayor headed in the ten years.
    """
    item = claim("C067")
    named = stops.codes_of(item.places, places)
    clear, partly = (headed[headed["trade_focus"].isin(kinds)] for kinds in (["yes"], ["yes", "partly"]))
    in_table = set(trips.rows_since(table1)["country"]) & set(item.places)
    return {
        "named countries reached, trade purpose clear": trips.visited(clear, named),
        "named countries reached, trade purpose clear or partial": trips.visited(partly, named),
        "named countries with a row in Table 1 since May 2016": Quantity(len(in_table), "count", sources=PAPER),
    }


def korea_rank(observations: pd.DataFrame) -> Readings:
    """Return readings of C089, South Korea's rank among partners: the customs district or the port, by year.

    The paper says neither which body's rank nor which year; the district's year before the trip of 2014 comes nearest.
    """
    found: Readings = {}
    for where, period in (
        ("Los Angeles customs district", "2013"),
        ("Los Angeles customs district", "2015"),
        ("Port of Los Angeles", "2010"),
        ("Port of Los Angeles", "2019"),
    ):
        rank = observed(observations, "trade_partner_rank_south_korea", where, period)
        if found:
            found[f"{where}, {period}"] = rank
        else:
            found[f"{where}, {period}, the nearest year before the trip of 2014"] = as_printed(rank)
    return found


def named_trip(claim_id: str, missions: pd.DataFrame, mission_id: str, records: pd.DataFrame) -> Readings:
    """Return the reading of a claim on a trip that the text names, such as C103.

    The year, by pages other than the paper.
    """
    when = trips.year_of(
        missions, mission_id, within=claim(claim_id).period, besides=known_only_through_documents(records)
    )
    return {"year of the trip; what it was for rests on the sources": as_printed(when)}


def stops_of_africa(missions: pd.DataFrame, column: str) -> Readings:
    """Return the reading of C095 (cities) or C096 (countries), stops of the trip to Africa."""
    return {f"{column} of the trip": as_printed(trips.stops_of(missions, ["la-2025-08-africa"], column))}


def trade_center_missions(center: pd.DataFrame, of_city: pd.DataFrame, observations: pd.DataFrame) -> Readings:
    """Return readings of C102, missions of San Diego's trade center: its own, with the city's trip, or its own count.

    Parameters
    ----------
    center, of_city : pandas.DataFrame
        From `trips.organized_by` and `trips.trade_missions`.
    observations : pandas.DataFrame
        The dataset `san_diego_observations`.
    """
    return {
        "missions of the trade center since 2015": as_printed(trips.how_many(center, "San Diego, trade center")),
        "with the city's trip to the Philippines, which the paper lists": trips.how_many(
            of_city, "San Diego, city and trade center"
        ),
        "the organizer's own count, 2025": observed(observations, "wtcsd_missions_cumulative", "San Diego", "2025"),
    }


def fresno_cities(every: pd.DataFrame, missions: pd.DataFrame, records: pd.DataFrame) -> Readings:
    """Return readings of C127, cities of Fresno's trips.

    Those with a report outside the paper, or also one known by its agreement.
    """
    since = trips.since(every, city="Fresno", first="2022")
    known = known_only_through_documents(records)
    reported = [trip for trip, cell in since["source_id"].items() if set(cell.split(";")) - known]
    return {
        "cities of trips with a report outside the paper": trips.stops_of(
            missions, [trip for trip in reported if trip != AGREEMENT_ONLY], "cities"
        ),
        "with Guadalajara, known by the agreement": trips.stops_of(missions, reported, "cities"),
    }


def guadalajara(missions: pd.DataFrame, records: pd.DataFrame) -> Readings:
    """Return readings of C130, the year of Fresno's trip to Guadalajara.

    A report of the trip, or the agreement signed there.
    """
    dated = trips.year_of(missions, AGREEMENT_ONLY, within="2022", besides=known_only_through_documents(records))
    return {
        "a report of the trip itself": as_printed(
            missing("no report of the trip was seen; press of May and December has the agreement")
        ),
        "dated by the agreement": dated,
    }


def known_only_through_documents(records: pd.DataFrame) -> frozenset[str]:
    """Return the sources that we know only from the documents under test, which are no evidence for them.

    Parameters
    ----------
    records : pandas.DataFrame
        The dataset `sources`.
    """
    return frozenset(records.index[records["seen_in"] == "document"])


def _each_city(kind: str, rows: pd.DataFrame) -> Fact | Missing:
    """Return that each city of C052 has such a trip, or for which ones our list has none."""
    cities = claim("C052").places
    lacking = sorted(set(cities) - set(rows["jurisdiction"]))
    if lacking:
        return missing(f"our list has no trip ({kind}) for {', '.join(lacking)}, and no delegations hosted at home")
    return Fact(True, sources(rows[rows["jurisdiction"].isin(cities)]))


def _with_own_list(found: Mapping[str, Quantity]) -> Readings:
    unpublished = missing("the authors' list is unpublished and given on request only (note 9)")
    return {"the authors' own list": as_printed(unpublished)} | _without_fitted(found.items())


def _without_fitted(found: Iterable[tuple[str, Quantity]]) -> Readings:
    return {name: value for name, value in found if not name.startswith(f"{FITTED}:")}
