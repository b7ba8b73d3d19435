"""What the chapter on state exports says in figures, notes and tables, for states with much, little or no data."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.state_exports import (
    economy,
    figures,
    months,
    notes,
    parts,
    readings,
    resilience,
    tables,
    totals,
)
from cityresearch.measures import containers
from cityresearch.numbers.quantity import Missing, Quantity, missing


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return cr.load("state_exports")


@pytest.fixture(scope="module")
def naics3() -> pd.DataFrame:
    return cr.load("state_exports_naics3")


@pytest.fixture(scope="module")
def boxes() -> pd.DataFrame:
    return containers.settled(cr.load("port_containers"), cr.load("corrections"))


def percent(value: float) -> Quantity:
    return Quantity(str(value), "percent", "2024 to 2025", sources=("census-api-state-2016-2025",))


def changed(*changes: float) -> pd.DataFrame:
    """Return parts of a change from 100 million dollars each, in the order given."""
    rows = [{"base_usd": 10**8, "change_usd": int(change * 1e9), "change_percent": change * 1000} for change in changes]
    table = pd.DataFrame(rows, index=[f"country {n}" for n in range(len(rows))])
    return table.assign(source_id="census-api-country-2016-2025")


# ---------------------------------------------------------------- figures


def test_a_place_with_an_article_has_it_in_every_sentence(states):
    words = figures.by_year(totals.by_year(states, state="DC"), "DC").words
    assert words.title.startswith(
        "The District of Columbia's goods exports were highest in 2019: $3.7 billion in dollars"
    )
    assert words.caption == "Goods exports of the District of Columbia by year, latest download of each year."


def test_a_territory_is_said_to_have_no_rank_and_its_line_stops_at_other_downloads(states):
    chart = figures.by_year(totals.by_year(states, state="PR"), "PR")
    assert "Puerto Rico is not ranked among the states." in chart.words.subtitle
    assert "nan" not in " ".join((chart.words.title, chart.words.subtitle, chart.words.alt)).lower()


def test_words_of_a_figure_can_be_replaced(states):
    chart = figures.by_year(totals.by_year(states, state="TX"), "TX", title="Texas sells oil")
    assert (chart.name, chart.words.title) == ("state-exports-by-year", "Texas sells oil")


def test_small_exports_are_drawn_in_millions_and_large_ones_in_billions(naics3):
    wyoming = figures.by_industry_and_year(parts.industries_by_year(naics3, state="WY", n=12), "WY").words
    assert wyoming.title == "Chemicals led Wyoming's exports in 2025: $1,311 million"
    texas = figures.by_industry_and_year(parts.industries_by_year(naics3, state="TX", n=12), "TX").words
    assert "$137.0 billion" in texas.title and "had $13.9 billion in 2016" in texas.subtitle


def test_the_industry_in_the_title_is_the_one_that_moved_the_total_most_up_or_down(naics3):
    island = figures.industries(parts.industries(naics3, state="PR", year=2025, base=2024), "PR", year=2025, named=2)
    assert island.words.title == ("Chemicals moved Puerto Rico's total by −13.5 points, others by +1.2")
    california = parts.industries(naics3, state="CA", year=2025, base=2024)
    assert figures.industries(california, "CA", year=2025, named=2).words.title == (
        "Computer and Electronic Products moved California's total by +3.5 points, others by −1.1"
    )


def test_an_industry_without_exports_the_year_before_has_no_percentage(naics3):
    found = parts.industries(naics3, state="WY", year=2022, base=2021)
    new = found["base_usd"] == 0
    assert new.sum() == 1
    chart = figures.industries(pd.concat([found.head(1), found[new]]), "WY", year=2022, named=2)
    assert chart.data["change_percent"].round().isna().tolist() == [False, True]
    assert {"+34 percent", "none the year before"} <= {
        t.get_text().partition("(")[2].rstrip(")") for t in chart.figure.axes[0].texts
    }


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        (
            (2.0, -1.0),
            "Exports to country 0 rose most, by $2.0 billion; those to country 1 fell most, by $1.0 billion",
        ),
        ((2.0, 1.0), "Exports to country 0 rose most, by $2.0 billion; none fell"),
        ((-1.0, -2.0), "No partner took more in 2025; exports to country 1 fell most, by $2.0 billion"),
    ],
)
def test_the_title_on_partners_says_rises_and_falls_only_where_there_are_some(changes, title):
    chart = figures.partners(changed(*changes), "CA", year=2025, named=6)
    assert chart.words.title == title
    assert len(chart.data) == len(changes)  # each once, though it is among the first and the last


@pytest.mark.parametrize(
    "figure",
    [
        lambda none: figures.industries(none, "TX", year=2025, named=6),
        lambda none: figures.by_industry_and_year(none, "TX"),
        lambda none: figures.partners(none, "TX", year=2025, named=6),
        lambda none: figures.monthly(none, "TX", year=2025),
    ],
)
def test_where_there_is_nothing_to_draw_the_reason_names_the_state(figure):
    assert "Texas" in figure(pd.DataFrame()).reason


def test_partners_are_those_of_states_in_the_table_and_of_no_other():
    countries = cr.load("california_exports_by_country")
    assert parts.partners(countries, state="TX", year=2025, base=2024).empty
    assert parts.partners(countries, state="CA", year=2016, base=2015).empty


def test_months_of_the_year_are_added_up_where_there_are_some():
    compared = months.against_year_before(cr.load("state_exports_monthly"), state="CA")
    said = figures.monthly(compared, "CA", year=2025).words.subtitle
    assert "January 2025 to November 2025 together (11 months): all goods +2.6" in said
    assert "together" not in figures.monthly(compared, "CA", year=2019).words.subtitle


def test_boxes_are_told_by_port_with_the_months_that_are_compared():
    loaded = {
        containers.OAK: Quantity("1", "percent", "9 months of 2024 to 9 months of 2025", sources=("ml-oak-2024",))
    }
    cargo = {containers.OAK: percent(-4), containers.LA: missing("no count")}
    chart = figures.value_and_boxes({"all goods": percent(2)}, loaded, cargo, "CA", year=2025, steady=3)
    assert chart.data["label"].tolist() == ["all goods", "Oakland (9 months)", "Oakland"]
    assert chart.words.title == (
        "California's exports changed by +2.0 percent by value; export boxes fell at 0 of 1 port"
    )
    assert "All boxes stayed within 3 percent at 0 of 1 port." in chart.words.subtitle


def test_a_port_without_loaded_boxes_is_told_by_all_its_boxes(states, naics3, boxes):
    cargo, loaded = resilience.port_changes(boxes, state="TX", year=2023, base=2022)
    countries = cr.load("california_exports_by_country")
    value = resilience.by_value(states, countries, naics3, state="TX", year=2023, base=2022)
    assert not any(name.startswith("to ") for name in value)  # no partners of another state
    title = figures.value_and_boxes(value, loaded, cargo, "TX", year=2023, steady=3).words.title
    assert title == "Texas's exports changed by −8.5 percent by value; all boxes fell at 1 of 1 port"


def test_a_state_without_a_port_has_no_figure_of_boxes(boxes):
    cargo, loaded = resilience.port_changes(boxes, state="WY", year=2025, base=2024)
    assert (cargo, loaded) == ({}, {})
    reason = figures.value_and_boxes({"all goods": percent(2)}, loaded, cargo, "WY", year=2025, steady=3).reason
    assert reason == "Our data have no container counts of a port in Wyoming for both 2024 and 2025."


# ---------------------------------------------------------------- notes and tables


def test_revisions_are_told_for_none_one_and_several_years(states):
    several = totals.vintages(states, state="CA")
    assert "+0.05 to +0.32 percent in the 3 years that have both" in notes.revisions(several, "CA")
    assert "first release of California's total of 2023 by +0.18 percent." in notes.revisions(several.loc[[2023]], "CA")
    assert notes.revisions(several.iloc[:0], "CA") == "Our data have no first release of a total of California."


def test_the_share_of_the_nation_is_of_the_latest_year_that_has_both(states):
    observations = cr.load("export_observations")
    california = totals.share_of_the_nation(states, observations, state="CA")
    assert (california.period, round(float(california.value), 1)) == ("2024", 8.9)  # 183,343 of 2,064,500 million
    texas = totals.share_of_the_nation(states, observations, state="TX")
    assert (texas.period, round(float(texas.value), 1)) == ("2023", 22.0)  # 444,608 of 2,019,000 million


def test_a_territory_has_a_share_of_the_nation_and_none_of_the_states(states):
    of_all = totals.share_of_the_nation(states, cr.load("export_observations"), state="PR")
    said = notes.nation(of_all, totals.by_year(states, state="PR"), "PR")
    assert "Puerto Rico had 1.1 percent of all exports of the nation in 2023" in said
    assert said.endswith("so it has no share of theirs.")
    assert notes.nation(missing("no total"), pd.DataFrame(), "PR") == "The share of the nation is missing: no total."


def test_rank_and_share_are_missing_with_a_reason_for_a_territory(states):
    years = totals.by_year(states, state="PR")
    assert isinstance(totals.rank(years, state="PR", year=2025), Missing)
    assert isinstance(totals.share_among_states(years, state="PR", year=2025), Missing)
    wyoming = totals.by_year(states, state="WY")
    assert int(totals.rank(wyoming, state="WY", year=2022)) == 49


def test_the_limit_under_which_cargo_is_steady_is_that_of_the_port_that_moved_most():
    assert "any limit of 2.4 percent or more" in notes.limit({"a": percent(-0.6), "b": percent(2.4)})
    assert "not known" in notes.limit({"a": percent(-0.6), "b": missing("no count")})


def test_the_note_on_causes_gives_the_losses_beyond_30_percent(naics3):
    said = notes.cause(naics3, cr.load("california_exports_by_country"), cr.load("port_observations"))
    assert "exceed 30 percent by 1.4 and 3.0 points" in said
    assert "about $441 million (derived)" in said


def test_the_lead_is_over_the_next_of_the_countries_in_the_data():
    said = notes.lead(cr.load("economy_observations"))
    assert f"0.7 percent above that of Japan, the next of the {len(economy.COUNTRIES)} countries" in said


def test_an_empty_cell_is_written_where_there_is_no_value(states, naics3):
    priced = totals.with_prices(totals.by_year(states, state="PR"), cr.load("export_price_index"))
    table = tables.years(priced)
    assert set(table["rank"]) == {""}
    assert table.at[2025, "change, percent"] == "-12.25"
    industries = tables.industries(parts.industries(naics3, state="WY", year=2022, base=2021), year=2022, base=2021)
    assert industries.at["Products Supporting Agriculture & Forestry", "change, percent"] == ""
    assert "-0.00" not in set(industries["points of the total"])


def test_small_exporters_are_those_of_the_state():
    observations = cr.load("export_observations")
    texas = tables.small_exporters(observations, "TX")
    assert texas[["period", "value", "unit"]].values.tolist() == [
        ["2022", "39,889", "companies"],
        ["2022", "93", "percent"],
    ]
    assert tables.small_exporters(observations, "WY").empty


# ---------------------------------------------------------------- readings


def test_each_claim_has_one_reading_that_takes_the_document_at_its_word(naics3):
    observations = cr.load("port_observations")
    for found in (
        readings.gross_product(cr.load("economy_observations")),
        readings.rank(cr.load("economy_observations")),
        readings.farm_losses(naics3, observations),
        readings.small_exporters(cr.load("export_observations")),
        readings.held({}, {}, percent(1), steady=3.0, base=2024),
    ):
        assert sum(type(value).__name__ == "AsPrinted" for value in found.values()) == 1


def test_a_port_without_a_count_leaves_open_whether_exports_held_unless_one_fell():
    gone, fell, rose = missing("no count"), percent(-1), percent(1)
    literal, by_value = readings.held({"a": gone}, {"a": rose}, rose, steady=3.0, base=2024).values()
    assert literal.value is gone
    assert by_value is gone
    literal, by_value = readings.held({"a": rose}, {"a": fell}, rose, steady=3.0, base=2024).values()
    assert (literal.value.holds, by_value.holds) == (False, True)
