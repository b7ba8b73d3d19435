"""Figures of the chapter on trade missions: the map, the timeline, and the counts under every definition."""

from __future__ import annotations

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.trade_missions import counts, notes
from cityresearch.chapters.trade_missions.map import Home, mission_map
from cityresearch.chapters.trade_missions.readings import Readings
from cityresearch.chapters.trade_missions.rules import RULES
from cityresearch.chapters.trade_missions.stops import links, stops
from cityresearch.chapters.trade_missions.timeline import mission_timeline
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.ledger import claim
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, missing
from cityresearch.phrases import many

__all__ = ["FIRST", "LAST", "ROWS", "city_missions", "countries_reached", "state_missions", "timeline", "trips_map"]
ROWS = (
    "Los Angeles", "San Diego", "San Francisco", "San Jose", "Fresno", "Long Beach", "Oakland", "Sacramento", "Anaheim",
    "California",
)  # fmt: skip
FIRST, LAST = counts.WINDOW


@exhibit("figure-2-trade-missions")
def trips_map(
    every: pd.DataFrame,
    places: pd.DataFrame,
    *,
    home: Home,
    city: str,
    city_rule: str,
    state_rule: str,
    coding: str,
    **words: str,
) -> Chart | Missing:
    """Draw where the trips went that one rule for cities and one for the state count.

    Parameters
    ----------
    every : pandas.DataFrame
        From `counts.trips` in this coding.
    places : pandas.DataFrame
        The dataset `places`.
    home : Home
        Where the arcs start.
    city : str
        One city, or "all" for all of them and the state.
    city_rule, state_rule, coding : str
        As in `counts`.

    Returns
    -------
    Chart
        As `mission_map`; missing where the rule counts no trip.
    """
    shown = counts.counted_by(every, city=city, city_rule=city_rule, state_rule=state_rule)
    if shown.empty:
        return missing(f"Rule {city_rule} counts no trip of {city}, so there is no map.")
    of_cities, of_state = (shown[shown["level"] == level] for level in ("city", "state"))
    alone = city != counts.ALL_CITIES
    others = "; ".join(
        f"“{RULES[rule].name}” would give {notes.trips_to_countries(counts.selected(every, rule))}"
        for rule in ("city-1", "city-11")
        if rule != city_rule
    )
    undated = ", undated rows included" if shown["start_date"].isna().any() else ""
    whose, number = city if alone else f"{home.name}'s cities", len(of_cities)
    told = Words(
        f"{many(number, 'trip')} by {whose} to {many(len(counts.countries_of(of_cities)), 'country', 'countries')}"
        f"{'' if alone else f', {len(of_state)} by the state'}, as reconstructed",
        f"Trips from {FIRST} to {LAST}. Not the authors' list, which is unpublished. City trips by one rule ({RULES[city_rule].name}{undated})"
        + ("" if alone else f", state trips by another ({RULES[state_rule].name})")
        + f"; council and chamber trips {'as recorded' if coding == counts.AS_RECORDED else 'as joined'}."
        + ("" if alone else f" The rule is one of several: {others}.")
        + " One symbol per country, at a point inside it; moved apart where they would touch.",
        caption=f"Trips abroad from public pages, {FIRST} to {LAST}. That we found no page does not show "
        "that there was no trip.",
        sources=sources(shown),
    )
    return mission_map(stops(shown, places), links(shown, places), told | words, home=home)


@exhibit("mission-timeline")
def timeline(every: pd.DataFrame, *, city: str, **words: str) -> Chart | Missing:
    """Draw when official trips began, whatever their purpose, one row per city and one for the state.

    Parameters
    ----------
    every : pandas.DataFrame
        From `counts.trips`.
    city : str
        One city, or "all".

    Returns
    -------
    Chart
        As `mission_timeline`; missing where no trip has a date in the window.
    """
    rows = ROWS if city == counts.ALL_CITIES else (city,)
    dated = every[(every["window"] == "in") & every["jurisdiction"].isin(rows)]
    if dated.empty:
        return missing(f"We found no dated trip of {city} from {FIRST} to {LAST}, so there is no timeline.")
    told = Words(
        _most_active(dated) if city == counts.ALL_CITIES else _of_one(dated, city),
        f"Every official trip abroad that public pages show, whatever its purpose, {FIRST} to {LAST}. A "
        "reconstruction; some dates are those of an announcement.",
        caption="Trips by city and date. Circles: an official headed the trip; triangles: joined as a guest.",
        sources=sources(dated),
    )
    return mission_timeline(dated, told | words, rows=rows, years=counts.WINDOW)


@exhibit(CURVES["C020"])
def state_missions(readings: Readings, counted: pd.DataFrame, missions: pd.DataFrame, **words: str) -> Chart:
    """Draw C020, missions of the state, by each of `readings.state_missions`; the title says what the coding moves."""
    recorded, joined = counted.at["state-2", "missions"], counted.at["state-2a", "missions"]
    apart = counts.cities_between(counted, missions, "state-2", "state-2a")
    title = f"The plain rule gives {many(recorded, 'state mission')}"
    if recorded != joined:
        title += f", or {joined} if council trips{' (' + ', '.join(apart) + ')' if apart else ''} count as joined"
    told = Words(title, note="The pair on the chamber's pages is picked by hand and left out.")
    return charts.specification_curve("C020", readings, told | words, names=_in_words(readings))


@exhibit(CURVES["C021"])
def city_missions(readings: Readings, fits: pd.DataFrame, **words: str) -> Chart:
    """Draw C021, missions of cities, under each of `readings.city_missions`; `fits` is from `notes.fits`."""
    rules, fitting = notes.tally(fits, "missions")
    title = (
        f"City trips number {fits['missions'].min()} to {fits['missions'].max()} by definition; "
        f"{fitting} of {rules} rules fit{'s' * (fitting == 1)} “{_printed_words('C021')}” in some coding"
    )
    return charts.specification_curve("C021", readings, Words(title) | words, names=_in_words(readings))


@exhibit(CURVES["C022"])
def countries_reached(readings: Readings, fits: pd.DataFrame, **words: str) -> Chart:
    """Draw C022, countries of city missions, under each of `readings.countries_reached`; `fits` from `notes.fits`."""
    rules, fitting = notes.tally(fits, "countries")
    title = (
        f"Countries number {fits['countries'].min()} to {fits['countries'].max()} by definition; "
        f"{fitting} of {rules} rules give{'s' * (fitting == 1)} the printed number"
    )
    return charts.specification_curve("C022", readings, Words(title) | words, names=_in_words(readings))


def _in_words(readings: Readings) -> dict[str, str]:
    """Return what each reading by a rule counts, in place of the id and the name of the rule."""
    found = {}
    for name in readings:
        rule_id, is_rule, rest = name.partition(": ")
        if is_rule and rule_id in RULES:
            found[name] = RULES[rule_id].words + rest.removeprefix(RULES[rule_id].name)
    return found


def _most_active(dated: pd.DataFrame) -> str:
    of_cities = dated[dated["level"] == "city"]
    first = of_cities["jurisdiction"].value_counts().head(2)
    whose = " and ".join(first.index) or "No city"
    account = "account" if len(first) > 1 else "accounts"
    return f"{whose} {account} for {first.sum()} of the {many(len(of_cities), 'dated city trip')} found"


def _of_one(dated: pd.DataFrame, city: str) -> str:
    clear = int((dated["trade_focus"] == "yes").sum())
    found = f"{many(len(dated), 'dated trip')} of {city} found from {FIRST} to {LAST}"
    return f"{found}, {clear or 'none'} with a clear trade purpose"


def _printed_words(claim_id: str) -> str:
    item = claim(claim_id)
    number = {20: "twenty"}.get(int(item.printed.value), str(item.printed.value))
    return f"{item.relation} {number}"
