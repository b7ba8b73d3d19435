"""The scorecard of engagement and places by population, against the tables behind them."""

from __future__ import annotations

import pandas as pd
import pytest
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.engagement_scorecard import background, figures, scorecard
from cityresearch.charts import style
from cityresearch.errors import DataError, ParameterError

NAMES = (
    "scorecard_metrics", "scorecard_outcomes", "scorecard_statements", "missions", "mission_classification", "mission_outcomes",
    "claim_sources", "sister_city_counts", "sister_cities", "metro_exports", "metro_sets", "foreign_owned_firms",
    "port_observations", "other_observations",
)  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: cr.load(name) for name in NAMES}


@pytest.fixture(scope="module")
def card(tables) -> pd.DataFrame:
    return scorecard.scorecard(tables, since=2019, until=2025)


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
    assert scorecard.cell(card, "delegations").at["Fresno", "items"] == 5
    assert scorecard.cell(scorecard.scorecard(tables, since=2023, until=2023), "delegations").at["Fresno", "items"] == 1


def test_lists_of_ties_and_exports_of_a_metro_fill_no_cell_and_are_listed_apart(tables, card):
    for metric_id in ("trade_ties", "sister_ties"):
        assert set(scorecard.cell(card, metric_id)["status"]) == {"empty"}
    apart = background.background(tables, scorecard.cities_of(tables))
    exports = apart["goods exports of the metro"]
    # one total of the metro, 59.6 billion dollars in 2023, would else count for three cities
    assert exports["Anaheim"] == exports["Los Angeles"] == exports["Long Beach"]
    assert exports["Anaheim"].endswith("(Los Angeles-Long Beach-Anaheim)")
    assert apart.at["San Diego", "sister cities"].startswith("16 (2025-09)")


def test_a_metro_without_exports_is_said_in_the_background(tables):
    fresno = tables["metro_exports"].index.get_level_values("cbsa_title") == "Fresno, CA"
    without = {**tables, "metro_exports": tables["metro_exports"][~fresno]}
    assert background.background(without, ("Fresno",)).at["Fresno", "goods exports of the metro"] == "none in our data"


def test_what_the_sources_of_claims_say_is_not_called_empty(card):
    # the World Cup and the Games; memoranda with Singapore, Tokyo and Yokohama, Long An, Tijuana
    assert scorecard.cell(card, "events_hosted").loc["Los Angeles", ["status", "items"]].tolist() == ["partly", 2]
    agreements = scorecard.cell(card, "agreements")
    assert agreements.loc["Long Beach", ["status", "counted"]].tolist() == ["partly", "2 outcomes"]
    assert "Tokyo and Yokohama" in agreements.at["Los Angeles", "what"]
    assert agreements.loc["San Diego", ["status", "items"]].tolist() == ["filled", 2]


def test_a_statement_that_a_source_no_longer_makes_is_named(tables):
    gone = tables["claim_sources"].drop("cr-ut-2022-tijuana", level="source_id")
    with pytest.raises(DataError, match="cr-ut-2022-tijuana"):
        scorecard.scorecard({**tables, "claim_sources": gone}, since=2019, until=2025)


def test_only_confirmed_outcomes_leave_out_what_one_side_reports(tables):
    strict = scorecard.scorecard(tables, since=2019, until=2025, least="confirmed")
    assert status(strict, "events_hosted", "Los Angeles") == "empty"
    assert scorecard.cell(strict, "agreements").at["San Diego", "items"] == 1


def test_a_count_says_what_it_counts_and_figures_are_not_added_to_outcomes(card):
    investment = scorecard.cell(card, "foreign_investment")
    assert investment.loc["San Diego", ["items", "counted"]].tolist() == [2, "2 outcomes, 2 figures"]
    assert investment.loc["Los Angeles", ["items", "counted"]].tolist() == [0, "3 figures"]
    assert scorecard.cell(card, "delegations").at["Sacramento", "what"].startswith("1 trip abroad found, 2019 to 2025")


def test_the_sentences_name_the_empty_measures_and_every_city_that_leads_or_is_last(card):
    told = scorecard.in_words(card)
    assert told.startswith("11 measures are empty for every city, of 22 in all: grants from abroad")
    assert "Los Angeles has anything in most cells (9), Anaheim in fewest (0)." in told
    some = card[card["metric_id"].isin(["delegations", "agreements"])]
    assert (
        "Fresno, Long Beach, Los Angeles, Oakland, San Diego and San Francisco have anything in most cells (2), "
        "Anaheim in fewest (0)." in scorecard.in_words(some)
    )


def test_a_city_is_listed_with_its_cells_or_said_to_have_none(card):
    own = scorecard.of_city(card, "Long Beach")
    assert own["measure"].tolist() == ["Delegations and meetings in both directions", "Agreements and memoranda signed"]
    assert scorecard.of_city(card, "Anaheim").empty
    told = scorecard.nothing_in_words("Anaheim", since=2011, until=2011, least="confirmed")
    assert told == (
        "Anaheim: our tables have nothing on any measure, for trips of 2011 and outcomes that are at least confirmed."
    )


def test_every_item_names_its_sources(card):
    known = set(cr.load("sources").index)
    empty = card["status"] == "empty"
    cited = card.loc[~empty, "sources"].str.split(";")
    assert all(set(ids) <= known and ids for ids in cited)
    assert (card.loc[empty, ["sources", "what", "counted"]] == "").all(axis=None)


def test_a_judgment_without_its_outcome_is_named(tables):
    broken = {**tables, "mission_outcomes": tables["mission_outcomes"].drop("oak-2023-07-vietnam", level=0)}
    with pytest.raises(DataError, match="oak-2023-07-vietnam"):
        scorecard.scorecard(broken, since=2019, until=2025)


@pytest.mark.parametrize(("wish", "sentence"), [({"least": "certain"}, "certain"), ({"since": 2026}, "2026")])
def test_bad_wishes_are_refused(tables, wish, sentence):
    with pytest.raises(ParameterError, match=sentence):
        scorecard.scorecard(tables, **{"since": 2019, "until": 2025, **wish})


def test_a_city_that_no_metro_or_several_name_is_refused():
    with pytest.raises(DataError, match="0 metros name Oakland"):
        background.metro_of("Oakland", ["Fresno, CA"])


@pytest.mark.parametrize("width", style.WIDTHS.values())
def test_the_grid_is_legible_at_the_standard_widths(card, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    chart = figures.grid(card, 2019, 2025, "reported")
    assert chart.figure.get_figwidth() == width
    assert faults_of_layout(chart.figure) == []
    assert len(chart.data) == len(card)
