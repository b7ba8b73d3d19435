"""Surveys: what a printed margin implies, what two rounds could show, and what must not be drawn."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from conftest import mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.public_opinion import figures, notes, precision, rises
from cityresearch.chapters.public_opinion import sister_cities as sister_cities_of
from cityresearch.chapters.public_opinion import surveys as surveys_of
from cityresearch.chapters.public_opinion.bars import bars
from cityresearch.chapters.public_opinion.ties import ties
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.errors import DataError, ParameterError
from cityresearch.numbers.quantity import Missing


@pytest.fixture(scope="module")
def surveys() -> pd.DataFrame:
    return cr.load("surveys")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return cr.load("survey_answers")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sister_cities_of.ties(cr.load("sister_cities"), "2023-04")


def test_the_margin_of_a_simple_random_sample():
    # 1.96 times the square root of one quarter over 1,500
    assert precision.simple_margin(1500, 95) == pytest.approx(2.53, abs=0.005)
    with pytest.raises(ParameterError, match="at least one respondent"):
        precision.simple_margin(0, 95)


@pytest.mark.parametrize(
    ("survey", "effect", "size", "low", "high"),
    [("ccgas-2024", 1.91, 784, 762, 807), ("ppic-2020-07", 1.88, 831, 807, 856)],
)  # CalChamber on the Carnegie survey of 2024: 1,500 and 3.5; PPIC of July 2020: 1,561 and 3.4
def test_the_printed_margin_implies_a_design_effect_with_the_bounds_of_its_rounding(
    surveys, answers, survey, effect, size, low, high
):
    found = precision.effective_sample(surveys, answers, survey)
    assert float(precision.design_effect(surveys, answers, survey).value) == pytest.approx(effect, abs=0.005)
    assert [round(float(x)) for x in (found.value, found.interval.low, found.interval.high)] == [size, low, high]


def test_a_survey_without_a_printed_margin_has_no_design_effect(surveys, answers):
    for survey in ("ccgas-2023", "ccgas-2025", "ppic-2025-05"):
        assert isinstance(precision.effective_sample(surveys, answers, survey), Missing)
    designs = precision.designs(surveys, answers)
    assert designs["effective_n"].notna().sum() == 2
    assert (designs["missing"] != "").sum() == len(designs) - 2


@pytest.mark.parametrize("level", [0, 100, -5])
def test_a_level_of_confidence_lies_between_none_and_certainty(level):
    with pytest.raises(ParameterError, match="between 0 and 100"):
        precision.simple_margin(1500, level)
    assert 0 < precision.simple_margin(1500, 0.5) < precision.simple_margin(1500, 99.5)


def test_the_table_of_designs_holds_what_is_known_of_each_survey_of_people(surveys, answers):
    found = precision.designs(surveys, answers)
    row = found.loc["ccgas-2024"]
    # 3.5 points printed against 1.96 * sqrt(0.25 / 1500) = 2.53: the square of their ratio is 1.91, and 1500 over it 784
    assert row[["n", "printed_margin", "simple_margin", "design_effect", "effective_n"]].tolist() == [
        1500, 3.5, 2.53, 1.91, 784,
    ]  # fmt: skip
    # the margin is printed to a tenth: 3.45 to 3.55
    assert row[["design_effect_from", "design_effect_to"]].tolist() == [1.86, 1.97]
    assert row[["effective_n_from", "effective_n_to"]].tolist() == [762, 807]
    assert (row["period"], row["missing"]) == ("2024-05", "")
    unknown = found.loc["ppic-2025-05"]
    assert unknown["n"] == 1591
    assert unknown[["simple_margin", "design_effect", "effective_n"]].isna().all()
    assert unknown["missing"].startswith("no margin of error in the data")
    # the surveys of city governments ask no people
    assert {name.partition("-")[0] for name in set(surveys.index) - set(found.index)} == {"cies"}


def test_an_unknown_survey_is_refused(surveys, answers):
    with pytest.raises(ParameterError, match="'ccgas-2022'"):
        precision.effective_sample(surveys, answers, "ccgas-2022")


def test_a_margin_whose_precision_is_not_recorded_is_refused(surveys, answers):
    rows = answers.drop(index="survey_margin_of_error", level="series")
    with pytest.raises(DataError, match="0 rows with the margin of ccgas-2024"):
        precision.printed_margin(surveys, rows, "ccgas-2024")


def test_a_change_has_a_wider_margin_than_either_share(surveys, answers):
    margin = precision.printed_margin(surveys, answers, "ccgas-2024")
    between = rises.margin_of_change(margin, margin)
    assert float(between.value) == pytest.approx(3.5 * math.sqrt(2))
    assert [round(float(x), 2) for x in (between.interval.low, between.interval.high)] == [4.88, 5.02]


def test_the_detectable_rise_is_that_of_the_textbook_formula():
    # (1.960 + 0.842) * sqrt(2 * 0.25 / 784) is 7.07 points without the arcsine scale
    found = float(rises.detectable_change(50, 784, 784, power=0.8, alpha=0.05).value)
    assert found == pytest.approx(7.07, abs=0.03)
    assert float(rises.detectable_change(50, 1500, 1500, power=0.8, alpha=0.05).value) == pytest.approx(5.1, abs=0.05)


@pytest.mark.parametrize(
    "wrong",
    [
        {"before": 100},
        {"before": -0.5},
        {"n_before": 1},
        {"n_after": 1},
        {"power": 0.05},
        {"power": 0.04},
        {"alpha": 0},
        {"power": 1},
    ],
)
def test_a_detectable_rise_needs_sizes_and_odds_that_have_one(wrong):
    given = {"before": 50, "n_before": 784, "n_after": 784, "power": 0.8, "alpha": 0.05} | wrong
    with pytest.raises(ParameterError, match="A detectable change needs"):
        rises.detectable_change(given.pop("before"), given.pop("n_before"), given.pop("n_after"), **given)


def test_at_even_odds_the_detectable_rise_is_the_margin_of_the_change(surveys, answers):
    found = float(rises.detectable_change(50, 783.97, 783.97, power=0.5, alpha=0.05).value)
    assert found == pytest.approx(3.5 * math.sqrt(2), abs=0.03)


@pytest.mark.parametrize("sizes", [(784, 784, 784), (400, 900, 1500)])
def test_simulated_rounds_find_the_detectable_trend_as_often_as_the_power_says(sizes):
    rise = float(rises.detectable_trend(50, sizes, power=0.8, alpha=0.05).value)
    first, last = (2 * np.arcsin(np.sqrt(share / 100)) for share in (50, 50 + rise))
    shares = np.sin(np.linspace(first, last, 3) / 2) ** 2
    n, t, tries = np.array(sizes), np.arange(3), 20_000

    def found(true: np.ndarray) -> float:
        drawn = np.random.default_rng(1).binomial(n, true, (tries, 3)) / n
        weights = n * (t - (n * t).sum() / n.sum())
        slope = (2 * np.arcsin(np.sqrt(drawn)) * weights).sum(axis=1) / (weights * t).sum()
        return float((np.abs(slope) * np.sqrt((weights * t).sum()) > 1.96).mean())

    assert found(shares) == pytest.approx(0.8, abs=0.015)
    assert found(np.full(3, 0.5)) == pytest.approx(0.05, abs=0.01)


def test_a_trend_over_two_rounds_is_a_change_and_smaller_rounds_need_a_larger_one():
    pair = rises.detectable_change(50, 784, 500, power=0.8, alpha=0.05)
    assert float(rises.detectable_trend(50, [784, 500], power=0.8, alpha=0.05).value) == pytest.approx(
        float(pair.value)
    )
    large, small = (float(rises.detectable_trend(50, [784, n, 784], power=0.8, alpha=0.05).value) for n in (784, 100))
    assert large == pytest.approx(small)  # a round halfway says nothing more of a straight line
    smaller_end = rises.detectable_trend(50, [784, 784, 400], power=0.8, alpha=0.05)
    assert float(smaller_end.value) > large
    assert isinstance(rises.detectable_trend(99.8, [784] * 3, power=0.8, alpha=0.05), Missing)
    with pytest.raises(ParameterError, match="two or more rounds"):
        rises.detectable_trend(50, [784, 784], times=[2024, 2023], power=0.8, alpha=0.05)


def test_without_a_change_every_round_rises_as_often_as_one_order_of_all():
    drawn = np.random.default_rng(2).binomial(1500, 0.6, (20_000, 3))
    by_chance = float((np.diff(drawn, axis=1) > 0).all(axis=1).mean())
    assert float(rises.chance_of_rises(3).value) / 100 == pytest.approx(by_chance, abs=0.01)


@pytest.mark.parametrize("rounds", [-1, 0, 1])
def test_a_single_round_is_no_rise(rounds):
    with pytest.raises(ParameterError, match="two or more"):
        rises.chance_of_rises(rounds)
    assert float(rises.chance_of_rises(2).value) == 50


def test_a_share_near_one_hundred_has_no_room_for_a_rise():
    assert isinstance(rises.detectable_change(99.8, 784, 784, power=0.8, alpha=0.05), Missing)
    with pytest.raises(ParameterError, match="power"):
        rises.detectable_change(50, 784, 784, power=1.2, alpha=0.05)


def test_intervals_use_the_effective_number_and_only_shares_of_the_whole_sample(surveys, answers):
    found = precision.with_intervals(surveys, answers, "ccgas-2024")
    assert list(found["percent"]) == [44]
    row = found.iloc[0]
    assert (row["low"], row["high"]) == (40.6, 47.5)
    assert row["high"] - row["low"] > 1.3 * (row["raw_high"] - row["raw_low"])
    assert precision.with_intervals(surveys, answers, "ccgas-2023").empty
    rows = answers.reset_index()
    others = [rows[(rows["n"] == 1500) & (rows["unit"] == "percent")].assign(period=year) for year in ("2020", "2030")]
    more = pd.concat([rows, *others]).set_index(answers.index.names)
    assert len(precision.with_intervals(surveys, more, "ccgas-2024")) == 1


def test_what_is_printed_in_words_stays_words(answers):
    words = surveys_of.printed_words(answers)
    assert set(words["words"]) >= {"four in five", "two in three", "one in two"}
    assert not {"value", "percent"} & set(words.columns)
    with pytest.raises(DataError, match="in_10"):
        surveys_of.shares(answers, series="survey_interconnected")
    rows = answers.reset_index().query("unit == 'in_5'")
    with pytest.raises(DataError, match="only printed percentages"):
        bars({"x": rows}, Words(""))


def test_the_printed_shares_of_engagements_do_not_add_to_one_hundred(answers):
    # Truman Center and Conference of Mayors, June 2024
    goals = surveys_of.shares(answers, series="usmc_truman_engagement_goal")
    methods = surveys_of.shares(answers, series="usmc_truman_engagement_method")
    assert (goals["value"].sum(), methods["value"].sum()) == (102, 96)
    assert methods.loc[methods["answer"] == "sister cities relations", "value"].item() == 54


def test_the_third_round_was_not_seen_on_a_page_of_its_own(surveys):
    seen, named = surveys_of.editions(surveys, "ccgas-")
    assert isinstance(seen, Missing)
    assert seen.reason == "1 of the 3 rounds (2025) is known only from the paper"
    assert int(named) == 3
    own_page = surveys.replace({"source_id": {"carnegie-2026": "carnegie-ccgas-2024"}})
    assert int(surveys_of.editions(own_page, "ccgas-")[0]) == 3
    assert [found.period for found in (named, *surveys_of.editions(own_page, "ccgas-"))] == ["2023/2025"] * 3


def test_ties_are_counted_in_one_list_only(table):
    assert int(table.to_numpy().sum()) == 100
    assert list(table.sum(axis=1).head(3).items()) == [("Japan", 8), ("China", 7), ("Mexico", 6)]
    assert table["Los Angeles"].sum() == 25
    with pytest.raises(DataError, match="no list of 2024-01"):
        sister_cities_of.ties(cr.load("sister_cities"), "2024-01")


def test_a_list_that_does_not_name_the_countries_is_neither_counted_nor_drawn():
    listed = sister_cities_of.ties(cr.load("sister_cities"), "2016-09")
    elsewhere = sister_cities_of.counts_elsewhere(cr.load("sister_city_counts"), listed)
    assert listed.empty
    assert elsewhere["in_list"].isna().all()
    assert "the list of 2016-09 does not name the countries" in figures.sister_cities(listed, elsewhere).reason


def test_a_survey_without_a_printed_margin_gets_its_reason_and_no_curve(surveys, answers):
    unknown = precision.design(surveys, answers, "ppic-2025-05")
    assert notes.on_design(unknown).startswith("ppic-2025-05: no margin of error in the data")
    assert figures.detectable_change(unknown, power=0.8, alpha=0.05).reason.startswith("no curve of detectable rises")


def test_notes_give_the_range_that_the_rounding_of_the_margin_allows(surveys, answers):
    design = precision.design(surveys, answers, "ccgas-2024")
    assert "implies a design effect of about 1.91 (1.86 to 1.97)" in notes.on_design(design)
    said = notes.on_rise(rises.rise(design, power=0.8, alpha=0.05), power=0.8, alpha=0.05)
    assert "must reach 7.1 (7.0 to 7.2) points to be found 80% of the time" in said


def test_counts_of_other_years_are_next_to_the_list(table):
    beside = sister_cities_of.counts_elsewhere(cr.load("sister_city_counts"), table)
    assert beside.loc["Fresno"].to_list() == [5, "7 (2022-05)", True]
    assert set(beside.index[beside["list_is_short"]]) == {"San Francisco", "Oakland", "Fresno", "Long Beach"}


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_the_charts_of_the_chapter_are_legible_at_the_standard_widths(width, answers, table, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    panels = {
        "By goal": surveys_of.shares(answers, series="usmc_truman_engagement_goal"),
        "By method": surveys_of.shares(answers, series="usmc_truman_engagement_method"),
    }
    charts = [
        bars(panels, Words("A title", "A subtitle")),
        ties(table, Words("A title", "A subtitle", sources=["repo-thekompot"])),
    ]
    for chart in charts:
        assert chart.figure.get_figwidth() == width
        assert faults_of_layout(chart.figure) == []
    assert charts[0].data["value"].sum() == 198
    assert charts[1].data["value"].sum() == 100


def test_the_curve_of_detectable_rises_ends_where_there_is_no_room():
    found = rises.detectable_curve({"a": 800.0, "b": 200.0}, range(50, 100, 49), power=0.8, alpha=0.05)
    assert found["x"].tolist() == [50, 99, 50, 99]
    assert found["series"].tolist() == ["a", "a", "b", "b"]
    one = rises.detectable_change(50, 800.0, 800.0, power=0.8, alpha=0.05)
    assert found["value"].iloc[0] == pytest.approx(float(one.value))
    assert found["value"].iloc[2] > found["value"].iloc[0]
    # one point is room enough for 800 respondents, not for 200
    assert found["value"].isna().tolist() == [False, False, False, True]
