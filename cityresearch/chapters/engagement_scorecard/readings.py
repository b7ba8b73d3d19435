"""Readings of the toolkit's claims on Oklahoma City: its place among markets, and the vote and cost of its arena."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.engagement_scorecard.ranks import (
    place_by_population,
    place_from_smallest,
    place_from_smallest_by_rank,
)
from cityresearch.claims.grid import Axis, grid
from cityresearch.claims.reading import AsPrinted, as_printed
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, share, together

__all__ = ["CITY", "METRO", "Readings", "arena_cost", "arena_vote", "market_place", "place_from_the_smallest"]
CITY, METRO = "Oklahoma City", "Oklahoma City, OK"
Readings = dict[str, Quantity | Missing | AsPrinted]
_MEANS = {
    "july_1_estimate": "July {last}",
    "acs_5_year": "mean of {first} to {last}",
    "census_2020": "census of {last}",
}


def market_place(population: pd.DataFrame, observations: pd.DataFrame) -> Readings:
    """Return the readings of M050, the 42nd market: by population in every year with a list of all metros, with and without Puerto Rico, and
    by television homes.

    The toolkit names no basis and no year, so none of them is taken as printed; a market is also a word of television.
    """
    pairs = population.reset_index()[["year", "measure"]].drop_duplicates().sort_values(["measure", "year"])
    lists = tuple(pairs.itertuples(index=False, name=None))
    found = grid(
        lambda when, puerto_rico: place_by_population(
            population, METRO, when[0], measure=when[1], puerto_rico=puerto_rico
        ),
        Axis("when", lists, say=lambda when: f"population, {_MEANS[when[1]].format(first=when[0] - 4, last=when[0])}"),
        Axis("puerto_rico", (False, True), say=lambda with_it: f"{'with' if with_it else 'without'} Puerto Rico"),
    )
    return found | {"television homes, 2024": _homes(observations)[CITY]}


def place_from_the_smallest(population: pd.DataFrame, league: pd.DataFrame, observations: pd.DataFrame) -> Readings:
    """Return the readings of M051, the third smallest market of the league: by population in several years and by
    television homes.

    The same bases as in `market_place`, counted from the smallest among the metros with a team.
    """

    def by_population(year: int, measure: str) -> Quantity | Missing:
        return place_from_smallest(population, league, METRO, year, measure=measure)

    return {
        "population, mean of 2019 to 2023": as_printed(by_population(2023, "acs_5_year")),
        "population, July 2019": by_population(2019, "july_1_estimate"),
        "population, July 2013": by_population(2013, "july_1_estimate"),
        "television homes, season of 2023-24": place_from_smallest_by_rank(_homes(observations), CITY),
    }


def arena_vote(observations: pd.DataFrame) -> Readings:
    """Return the reading of M052, the share of votes for the arena: there was one vote."""
    votes = [observed(observations, f"arena_vote_{side}", CITY, "2023-12-12") for side in ("for", "against")]
    return {"votes of 12 December 2023": as_printed(share(votes[0], together(*votes, geography="all votes")))}


def arena_cost(observations: pd.DataFrame) -> Readings:
    """Return the readings of M053, the cost of the arena: what the press printed by the toolkit's date, and the least
    that was promised."""
    return {
        "press figure, June 2025": as_printed(observed(observations, "arena_cost", CITY, "2025-06")),
        "the least that the ballot deal of 2023 promises": observed(
            observations, "arena_cost_minimum", CITY, "2023-12"
        ),
    }


def _homes(observations: pd.DataFrame) -> dict[str, Quantity | Missing]:
    """Return the ranks by television homes of the smallest markets with a team."""
    periods = {CITY: "2024", "Memphis": "2023/2024", "New Orleans": "2023/2024"}
    return {city: observed(observations, "tv_market_rank", city, period) for city, period in periods.items()}
