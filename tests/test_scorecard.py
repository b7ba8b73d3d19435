"""The scorecard of engagement and places by population, against the tables behind them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from conftest import mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.engagement_scorecard import background, figures, horizons, scorecard, toolkit
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


def at(card: pd.DataFrame, metric_id: str, city: str) -> pd.Series:
    return scorecard.cell(card, metric_id).loc[city]


def changed(tables: dict[str, pd.DataFrame], name: str, row: object, **cells: str) -> dict[str, pd.DataFrame]:
    """Return the tables with other cells in one row of one of them."""
    frame = tables[name].copy()
    for column, value in cells.items():
        frame.loc[row, column] = value
    return {**tables, name: frame}


def test_every_measure_has_a_cell_for_every_city_in_the_order_of_the_toolkit(tables, card):
    counts = scorecard.tally(card)
    assert len(card) == counts.loc["all", "cells"] == 22 * 9
    assert list(counts.index) == [*toolkit.HORIZONS.values(), "all"]
    assert list(card["metric_id"].unique()) == list(tables["scorecard_metrics"].index)
    assert [m.metric_id for m in toolkit.measures()] == list(tables["scorecard_metrics"].index)


@pytest.mark.parametrize("since", [2019, 2023])
def test_trips_of_every_city_are_those_of_the_table(tables, since):
    card = scorecard.cell(scorecard.scorecard(tables, since=since, until=2025), "delegations")
    trips = tables["missions"].dropna(subset=["start_date"])
    trips = trips[(trips["level"] == "city") & trips["start_date"].str[:4].astype(int).between(since, 2025)]
    for city in card.index:
        expected = sum(city in cell.split(";") for cell in trips["jurisdiction"])
        assert (
            card.at[city, "value"].startswith(f"{expected} trip") if expected else card.at[city, "status"] == "nothing"
        )


def test_results_of_every_city_are_those_of_the_tables(tables, card):
    outcomes = tables["mission_outcomes"]["status"]
    judged = tables["scorecard_outcomes"].reset_index().query("counts == 'yes'")
    said = tables["scorecard_statements"].reset_index()
    from_outcomes = {
        (m, c, outcomes[trip, name])
        for trip, name, m, c in judged[["mission_id", "outcome", "metric_id", "city"]].values
    }
    expected = from_outcomes | set(map(tuple, said[["metric_id", "city", "status"]].values))
    for row in card[~card["metric_id"].isin(["delegations", "policy_exchanges"])].itertuples():
        for status in ("confirmed", "reported", "planned"):
            assert ((row.metric_id, row.city, status) in expected) == (f" {status}" in row.value), row


def test_one_changed_mission_changes_its_cell_and_no_other_city(tables, card):
    later = changed(tables, "missions", "fre-2022-09-vienna", start_date="2018-09")
    other = scorecard.scorecard(later, since=2019, until=2025)
    assert at(card, "delegations", "Fresno")["value"] == "5 trips reported"
    assert at(other, "delegations", "Fresno")["value"] == "4 trips reported"
    assert at(other, "policy_exchanges", "Fresno")["value"] == "2 study trips reported"
    rest = card["city"] != "Fresno"
    pd.testing.assert_frame_equal(card[rest], other[rest])


def test_one_changed_outcome_changes_value_status_and_horizon_of_its_cell(tables, card):
    row = ("sd-2022-09-netherlands", "KLM nonstop San Diego-Amsterdam: first flight")
    flight = at(card, "air_routes", "San Diego")
    assert flight[["status", "value", "period", "horizon_met"]].tolist() == [
        "confirmed", "1 route confirmed; 1 route reported", "May 8, 2025", "met 32 months after the trip",
    ]  # fmt: skip
    late = at(
        scorecard.scorecard(changed(tables, "mission_outcomes", row, value="2026-05-08"), since=2019, until=2026),
        "air_routes",
        "San Diego",
    )
    assert late["horizon_met"] == "outside it: 44 months after the trip"
    unsure = scorecard.scorecard(changed(tables, "mission_outcomes", row, status="planned"), since=2019, until=2025)
    assert at(unsure, "air_routes", "San Diego")[["status", "value"]].tolist() == [
        "reported",
        "1 route reported; 1 route planned",
    ]


def test_amounts_of_another_unit_or_sureness_and_sources_are_never_added_up(card):
    agreements = card[(card["metric_id"] == "agreements") & (card["city"] == "San Diego")].squeeze()
    assert agreements["value"] == "1 agreement confirmed; 1 agreement reported; 1 agreement planned"
    assert (agreements["amount"], agreements["shown"]) == (1, "1+")
    assert at(card, "export_deals", "San Diego")["value"] == "522 contracts reported"  # not one outcome
    assert at(card, "jobs", "San Diego")["value"].startswith("302 jobs reported; 2,000 jobs (related figure)")


def test_related_figures_are_shown_and_never_counted_as_results(card):
    tourism = at(card, "tourism", "Los Angeles")
    assert tourism[["status", "value", "period"]].tolist() == [
        "related",
        "4.4 million visitors (related figure)",
        "2022",
    ]
    for least in ("planned", "reported", "confirmed"):
        assert not scorecard.counts_as_public(card, least)[card["status"] == "related"].any()
    assert at(card, "air_routes", "Los Angeles")["status"] == "related"  # more flights on a route that was there


def test_what_the_sources_of_claims_say_is_not_called_nothing(card):
    assert at(card, "events_hosted", "Los Angeles")[["status", "value"]].tolist() == ["planned", "2 events planned"]
    assert at(card, "agreements", "Long Beach")["value"] == "2 agreements reported"
    agreements = at(card, "agreements", "Los Angeles")
    assert all(name in agreements["what"] for name in ("Tokyo and Yokohama", "Singapore", "Seoul", "Nairobi", "Nagoya"))
    assert "Mayors signed a new memorandum" in at(card, "agreements", "San Diego")["what"]


def test_a_measure_is_not_yet_due_while_the_horizon_of_every_trip_is_open(card):
    assert at(card, "tourism", "Sacramento")["horizon_met"] == "not yet due"  # its one trip is of May 2024
    assert at(card, "media", "Sacramento")["horizon_met"] == "due for 1 of 1 trips, nothing found"
    assert at(card, "media", "Anaheim")["horizon_met"] == "no trip on record"
    assert set(card.loc[card["horizon"] == "activity", "horizon_met"]) == {"no horizon"}


def test_a_measure_without_months_is_due_from_the_month_of_the_trip_on():
    routes = {measure.metric_id: measure for measure in toolkit.measures()}["air_routes"]
    always = replace(routes, from_months=None, to_months=None)
    assert horizons.horizon_of(always, [], ["2026-01-15"], until=2025) == "not yet due"
    assert horizons.horizon_of(always, [], ["2025-12-15"], until=2025) == "due for 1 of 1 trips, nothing found"


def test_what_is_known_only_through_the_examined_paper_is_said(tables, card):
    policy = at(card, "policy_adopted", "Sacramento")
    assert "only in the Carnegie paper" in policy["what"]
    assert scorecard.coverage(card, "Sacramento", least="reported").endswith(
        "Known only through the examined paper: 3."
    )
    row = ("sac-2014-05-chongqing", "5G and smartphone initiative in Sacramento (2022)")
    other = scorecard.scorecard(
        changed(tables, "mission_outcomes", row, source_id="carnegie-2026;sacbee-2014"), since=2019, until=2025
    )
    assert scorecard.coverage(other, "Sacramento", least="reported").endswith(
        "Known only through the examined paper: 2."
    )


def test_the_coverage_of_a_city_is_said_with_what_the_other_cells_have(card):
    assert scorecard.coverage(card, "Long Beach", least="reported") == (
        "Long Beach: 2 of 22 measures have a public figure that is at least reported. By their best evidence 0 confirmed, 2 reported and "
        "1 planned only; 0 with a related figure that is not a result, 19 with nothing in our tables."
    )
    assert scorecard.coverage(card, "Anaheim", least="planned").startswith(
        "Anaheim: 0 of 22 measures have a public figure"
    )
    counted = scorecard.by_sureness(card)
    assert set(counted["with a public result"] + counted["without"]) == {len(card)}
    strict = counted["with a public result"]
    assert strict.is_monotonic_decreasing and strict.nunique() == 3


def test_the_summary_names_the_measures_without_a_result_and_every_city_that_leads_or_is_last(card):
    told = scorecard.summary(card, since=2019, until=2025, least="reported")
    assert "12 of 22 measures have no result for any city: International grants received" in told
    assert "Most measures with a public figure: Sacramento and San Diego (6 of 22); fewest: Anaheim (0)." in told


def test_a_city_is_listed_with_every_measure_and_what_is_counted(card):
    own = scorecard.of_city(card, "Anaheim")
    assert len(own) == 22 and set(own["value"]) == {"nothing in our tables"}
    assert (own["what is counted"] != "").all()
    assert list(own.index) == [measure.label for measure in toolkit.measures()]


def test_lists_of_ties_and_exports_of_a_metro_fill_no_cell_and_are_listed_apart(tables, card):
    for metric_id in ("trade_ties", "sister_ties"):
        assert set(scorecard.cell(card, metric_id)["status"]) == {"nothing"}
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


def test_a_statement_that_a_source_no_longer_makes_is_named(tables):
    gone = tables["claim_sources"].drop("cr-ut-2022-tijuana", level="source_id")
    with pytest.raises(DataError, match="cr-ut-2022-tijuana"):
        scorecard.scorecard({**tables, "claim_sources": gone}, since=2019, until=2025)


def test_every_cell_with_anything_names_its_sources(card):
    known = set(cr.load("sources").index)
    empty = card["status"] == "nothing"
    cited = card.loc[~empty, "sources"].str.split(";")
    assert all(set(ids) <= known and ids for ids in cited)
    assert (card.loc[empty, ["sources", "what", "value", "shown"]] == "").all(axis=None)


def test_a_judgment_without_its_outcome_is_named(tables):
    broken = {**tables, "mission_outcomes": tables["mission_outcomes"].drop("oak-2023-07-vietnam", level=0)}
    with pytest.raises(DataError, match="oak-2023-07-vietnam"):
        scorecard.scorecard(broken, since=2019, until=2025)


def test_bad_wishes_are_refused(tables, card):
    with pytest.raises(ParameterError, match="2026"):
        scorecard.scorecard(tables, since=2026, until=2025)
    with pytest.raises(ParameterError, match="certain"):
        scorecard.coverage(card, "Fresno", least="certain")


def test_a_city_that_no_metro_or_several_name_is_refused():
    with pytest.raises(DataError, match="0 metros name Oakland"):
        background.metro_of("Oakland", ["Fresno, CA"])


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_the_grid_is_legible_at_the_standard_widths(card, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    chart = figures.grid(card, 2019, 2025, "reported")
    assert chart.figure.get_figwidth() == width
    assert faults_of_layout(chart.figure) == []
    assert len(chart.data) == len(card)
