"""The scorecard of engagement and places by population, against the tables behind them."""

from __future__ import annotations

import pandas as pd
import pytest
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.engagement_scorecard import ranks as market_places
from cityresearch.chapters.engagement_scorecard import scorecard
from cityresearch.charts import style
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.numbers.quantity import Missing

OKLAHOMA = "Oklahoma City, OK"
NAMES = (
    "scorecard_metrics", "scorecard_outcomes", "missions", "mission_classification", "mission_outcomes", "sister_city_counts",
    "sister_cities", "metro_exports", "metro_sets", "foreign_owned_firms", "port_observations", "other_observations",
)  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: cr.load(name) for name in NAMES}


@pytest.fixture(scope="module")
def card(tables) -> pd.DataFrame:
    return scorecard.scorecard(tables, since=2019, until=2025)


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    return cr.load("metro_population")


@pytest.fixture(scope="module")
def league() -> pd.DataFrame:
    return cr.load("league_metros")


def status(card: pd.DataFrame, metric_id: str, city: str) -> str:
    return scorecard.cell(card, metric_id).at[city, "status"]


def test_every_measure_has_a_cell_for_every_city_and_the_tally_counts_each_once(card):
    counts = scorecard.tally(card)
    assert len(card) == 22 * 9
    assert counts.loc["all", "cells"] == 22 * 9
    assert list(counts.index) == ["activity", "immediate", "medium_term", "long_term", "all"]


def test_a_confirmed_outcome_fills_a_reported_one_does_not_and_silence_is_empty(card):
    # the first flight of KLM is confirmed, that of Alaska Airlines reported, and San Jose has none on record
    assert [status(card, "air_routes", c) for c in ("San Diego", "Fresno", "San Jose")] == ["filled", "partly", "empty"]


def test_planned_outcomes_count_only_where_asked_for(tables, card):
    assert status(card, "matchmaking", "San Diego") == "empty"
    assert (
        status(scorecard.scorecard(tables, since=2019, until=2025, least="planned"), "matchmaking", "San Diego")
        == "partly"
    )
    by_sureness = scorecard.by_sureness(tables, since=2019, until=2025)
    assert by_sureness["empty"].is_monotonic_increasing


def test_trips_outside_the_years_are_not_counted(tables, card):
    # Fresno's four trips are of 2022, 2022, 2023 and 2024
    assert scorecard.cell(card, "delegations").at["Fresno", "items"] == 4
    assert scorecard.cell(scorecard.scorecard(tables, since=2023, until=2023), "delegations").at["Fresno", "items"] == 1


def test_an_area_is_never_taken_for_the_city(card):
    trade = scorecard.cell(card, "trade_ties")
    assert set(trade["status"]) == {"partly"}
    assert trade.at["Anaheim", "what"] == trade.at["Los Angeles", "what"]
    assert "a metro, not the city" in trade.at["Anaheim", "what"]


def test_every_item_names_its_sources(card):
    known = set(cr.load("sources").index)
    cited = card.loc[card["items"] > 0, "sources"].str.split(";")
    assert all(set(ids) <= known and ids for ids in cited)
    assert (card.loc[card["items"] == 0, "sources"] == "").all()


def test_a_judgement_without_its_outcome_is_named(tables):
    broken = {**tables, "mission_outcomes": tables["mission_outcomes"].drop("oak-2023-07-vietnam", level=0)}
    with pytest.raises(DataError, match="oak-2023-07-vietnam"):
        scorecard.scorecard(broken, since=2019, until=2025)


@pytest.mark.parametrize(("wish", "sentence"), [({"least": "certain"}, "certain"), ({"since": 2026}, "2026")])
def test_bad_wishes_are_refused(tables, wish, sentence):
    with pytest.raises(ParameterError, match=sentence):
        scorecard.scorecard(tables, **{"since": 2019, "until": 2025, **wish})


def test_a_city_that_no_metro_or_several_name_is_refused():
    with pytest.raises(DataError, match="0 metros name Oakland"):
        scorecard.metro_of("Oakland", ["Fresno, CA"])


def test_oklahoma_citys_places_hold_together_from_2010_to_2013_only(population, league):
    places = market_places.places_by_year(population, league, OKLAHOMA)
    both = places[(places["place"] == 42) & (places["from_smallest_in_league"] == 3)]
    assert [year for year, _ in both.index] == [2010, 2011, 2012, 2013]
    # Census, July 2014: Memphis falls behind Oklahoma City
    assert places.at[(2014, "july_1_estimate"), "smaller"] == "Salt Lake City, New Orleans, Memphis"
    assert places.at[(2023, "acs_5_year"), "place_with_puerto_rico"] == 43


def test_a_year_with_a_few_metros_gives_no_place(population, league):
    assert isinstance(
        market_places.place_by_population(population, "Fresno, CA", 2024, measure="july_1_estimate", puerto_rico=False),
        Missing,
    )
    assert isinstance(
        market_places.place_from_smallest(population, league, "Fresno, CA", 2024, measure="july_1_estimate"), Missing
    )


def test_a_metro_without_a_team_has_no_place_in_the_league(population, league):
    found = market_places.place_from_smallest(population, league, "Fresno, CA", 2019, measure="july_1_estimate")
    assert "no team" in found.reason


def test_a_league_city_without_a_metro_is_named(league):
    with pytest.raises(DataError, match="0 metros begin with Atlanta"):
        market_places.league_titles([OKLAHOMA], league)


def test_portland_is_the_one_in_oregon(population, league):
    titles = list(market_places.metros_of_year(population, 2019, measure="july_1_estimate")["cbsa_title"])
    chosen = [t for t in market_places.league_titles(titles, league) if t.startswith("Portland")]
    assert len([t for t in titles if t.startswith("Portland")]) == 2
    assert chosen == ["Portland-Vancouver-Hillsboro, OR-WA"]


def test_a_fund_is_topped_up_within_one_currency():
    left, added = cr.Quantity("6.8e6", "CAD"), cr.Quantity("60e6", "CAD")
    assert int(scorecard.topped_up(left, added)) == 66_800_000
    with pytest.raises(MixedBasisError, match="USD"):
        scorecard.topped_up(left, cr.Quantity(1, "USD"))


@pytest.mark.parametrize("width", style.WIDTHS.values())
def test_the_grid_is_legible_at_the_standard_widths(card, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    chart = cr.figures.status_grid(
        card,
        groups=scorecard.HORIZONS,
        title="A title",
        subtitle="A subtitle",
        caption="A caption",
        sources=("meridian-2025",),
    )
    assert chart.figure.get_figwidth() == width
    assert faults_of_layout(chart.figure) == []
    assert len(chart.data) == len(card)


def test_a_market_rank_counts_from_the_smallest_as_well():
    ranks = {
        name: cr.Quantity(rank, "rank", sources=(name,)) for name, rank in (("a", 40), ("b", 42), ("c", 50), ("d", 60))
    }
    found = market_places.place_from_smallest_by_rank(ranks, "b")
    assert (found.value, found.unit, found.geography) == (3, "rank", "b")
    assert found.caveats[0] == "smaller: c, d"
    assert found.sources == ("a", "b", "c", "d")
    assert [market_places.place_from_smallest_by_rank(ranks, name).value for name in "acd"] == [4, 2, 1]
    gone = Missing("no rank")
    assert market_places.place_from_smallest_by_rank({**ranks, "e": gone}, "b") is gone


def test_a_fiscal_year_counts_as_its_first_year():
    table = pd.DataFrame({"series": ["a", "a", "a", "b"], "period": ["FY2023", "2021-05", "2021", "2019"]})
    assert scorecard.years_of(table, "a") == [2021, 2023]


@pytest.mark.parametrize(("metros", "place"), [(300, 2), (299, None)])
def test_a_place_is_read_only_from_a_table_of_all_metros(metros, place):
    table = pd.DataFrame(
        {
            "cbsa_title": [f"M{i}, TX" for i in range(metros)], "year": 2020, "value": range(1000, 1000 - metros, -1),
            "measure": "acs_5_year", "kind": "metro", "source_id": "s",
        }
    )  # fmt: skip
    # a nation, another year and another measure are no metros of the table
    extra = table[:1].assign(cbsa_title="United States", kind="nation", value=10**6)
    other = pd.concat([table[:9].assign(year=2019), table[:9].assign(measure="july_1_estimate")])
    found = market_places.place_by_population(
        pd.concat([table, extra, other]).set_index(["cbsa_title", "year", "source_id"]), "M1, TX", 2020,
        measure="acs_5_year", puerto_rico=True,
    )  # fmt: skip
    assert (found.value if place else type(found)) == (place or Missing)
