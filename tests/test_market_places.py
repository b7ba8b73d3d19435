"""Places by population and market ranks of the chapter on the scorecard, and its readings."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import cityresearch

import cityresearch as cr
from cityresearch.chapters.engagement_scorecard import figures, readings
from cityresearch.chapters.engagement_scorecard import ranks as market_places
from cityresearch.chapters.engagement_scorecard import toolkit_readings as toolkit
from cityresearch.claims.reading import AsPrinted
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.numbers.quantity import Missing

OKLAHOMA = "Oklahoma City, OK"


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    return cr.load("metro_population")


@pytest.fixture(scope="module")
def league() -> pd.DataFrame:
    return cr.load("league_metros")


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return cr.load("other_observations")


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
    assert int(toolkit.topped_up(left, added)) == 66_800_000
    with pytest.raises(MixedBasisError, match="USD"):
        toolkit.topped_up(left, cr.Quantity(1, "USD"))


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
    assert toolkit.years_of(table, "a") == [2021, 2023]


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


def test_two_printed_places_are_told_with_the_years_in_which_both_hold(population, league):
    told = market_places.together_in_words(market_places.places_by_year(population, league, OKLAHOMA), 42, 3)
    assert "hold together in 2010, 2011, 2012, 2013 (without Puerto Rico)" in told
    assert told.endswith(
        "In 2023, the latest of them, the place among all metros is 42 and the place from the smallest in the league is "
        "4 (smaller: New Orleans, Salt Lake City, Memphis)."
    )
    fresno = market_places.together_in_words(market_places.places_by_year(population, league, "Fresno, CA"), 42, 3)
    assert "hold together in none" in fresno
    assert fresno.endswith("the place among all metros is 48.")


def test_the_table_of_places_is_empty_where_a_metro_has_no_team(population, league):
    table = market_places.readable(market_places.places_by_year(population, league, "Fresno, CA"))
    assert set(table["place from the smallest in the league"]) == {""}
    assert table["population"].iloc[-1] == "five-year mean of the American Community Survey"


def test_the_title_of_the_smallest_markets_is_counted(population, league, observations):
    found = readings.place_from_the_smallest(population, league, observations)
    title = figures.smallest_markets(found).words.title
    assert title == "Oklahoma City's place from the smallest NBA market, 3: 2 of 4 readings agree"


def test_each_claim_has_one_reading_as_printed_and_it_comes_first(observations):
    single = [
        toolkit.offices, toolkit.office_countries, toolkit.sister_states, toolkit.nurses, toolkit.fund_at_first,
        toolkit.fund_after, toolkit.water_fund, toolkit.round_of_projects, toolkit.festival, toolkit.asian_cities,
        toolkit.languages, toolkit.birth_countries, toolkit.reunion_step, toolkit.descendants,
        toolkit.volunteers, toolkit.volunteers_cofinanced, readings.arena_vote, readings.arena_cost,
    ]  # fmt: skip
    all_readings = [function(observations) for function in single]
    all_readings += [toolkit.connections_fund(observations, claim_id) for claim_id in toolkit.SCOTTISH]
    for found in all_readings:
        marked = [isinstance(value, AsPrinted) for value in found.values()]
        assert marked == [True, *[False] * (len(found) - 1)]


def test_where_the_toolkit_names_no_basis_none_is_taken_as_printed(population, observations):
    places = readings.market_place(population, observations)
    # every list of all metros in the data, twice, and the ranking by television homes
    lists = population.reset_index()[["year", "measure"]].drop_duplicates()
    assert len(places) == 2 * len(lists) + 1
    for found in (places, toolkit.reunion_guests(observations)):
        assert not any(isinstance(value, AsPrinted) for value in found.values())


@pytest.mark.long
def test_the_chapter_runs_for_another_metro_and_city_and_says_nothing_of_the_toolkits_claims(tmp_path):
    result = cityresearch(
        "run", "10-engagement-scorecard", "-p", "metro", "Fresno, CA", "-p", "city", "Anaheim", "--output", tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "No claim was counted" in result.stdout
    executed = tmp_path / "notebooks" / "10-engagement-scorecard.ipynb"
    told = json.dumps(json.loads(executed.read_text(encoding="utf-8")))
    assert "Anaheim: 0 of 22 measures have a public figure that is at least reported." in told
    assert "22 with nothing in our tables" in told
    assert not any(word in told for word in ("The toolkit calls", "M050", "arena", "nan,"))
