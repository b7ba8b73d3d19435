"""The words and figures of the chapter on foreign-owned firms, for its place and for others."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import cityresearch, mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch import charts
from cityresearch.chapters.foreign_investment import breaks, figures, local, metros, readings
from cityresearch.chapters.foreign_investment import firms as measure
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.claims.agreeing import how_many_agree
from cityresearch.numbers.quantity import Missing

BREAK = 2023


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    return cr.load("foreign_owned_firms")


@pytest.fixture(scope="module")
def california(firms) -> pd.DataFrame:
    return measure.by_year(firms, geography="California", last_old_edition=BREAK)


def editions_chart():
    data = pd.DataFrame(
        {
            "panel": ["Firms"] * 4 + ["Jobs"] * 4,
            "edition": ["older", "older", "newer", "newer"] * 2,
            "x": [2019, 2020, 2024, 2025] * 2,
            "value": [19_000, 18_451, 18_900, 18_963, 731, 703, 800, 814],
            "derived": [False, False, True, False] * 2,
            "label": ["19,000", "18,451", "", "18,963", "731", "703", "800", "814"],
            "below": [False, True, False, True] * 2,
        }
    )
    return charts.editions(
        data,
        Words(
            title="A title that is long enough to be wrapped where the figure is narrow, as titles are",
            subtitle="A subtitle.",
            alt="Alt.",
            caption="Caption.",
            sources=["calchamber-fdi-2025"],
        ),
        units={"Firms": "firms", "Jobs": "thousand jobs"},
        breaks=[2022],
    )


def test_no_line_of_the_chart_crosses_the_break():
    chart = editions_chart()
    spans = [line.get_xdata() for ax in chart.figure.axes for line in ax.get_lines() if len(line.get_xdata()) > 1]
    spans = [x for x in spans if x[0] != x[-1] and max(x) > 1]
    assert len(spans) == 4
    assert all(max(x) < 2022 or min(x) > 2022 for x in spans)


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_charts_of_editions_and_ranks_fit_the_standard_widths(width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    assert faults_of_layout(editions_chart().figure) == []
    ranked = charts.ranked(
        pd.DataFrame(
            {"name": ["San Jose-Sunnyvale-Santa Clara, CA", "Stockton, CA"], "value": [7.3, 3.4], "strong": [True, False]}
        ),
        Words("A title", "A subtitle.", alt="Alt.", caption="Caption.", sources=["modbee-2014"]),
        unit="percent", reference=(5.5, "average"),
    )  # fmt: skip
    assert faults_of_layout(ranked.figure) == []
    assert list(ranked.data["rank"]) == [1, 2]


def test_the_chapter_runs_for_another_place_and_counts_no_claim(tmp_path):
    result = cityresearch("run", "04-foreign-investment", "-p", "place", "Texas", "--output", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "No claim was counted" in result.stdout
    executed = json.loads((tmp_path / "notebooks" / "04-foreign-investment.ipynb").read_text(encoding="utf-8"))
    told = json.dumps(executed)
    assert "Texas: no firms, jobs or wages by year" in told
    assert not any(word in told for word in ("The paper", "Fresno", "C036", "nan"))


def test_the_step_between_editions_is_told_with_what_speaks_for_and_against_a_change_of_method(firms):
    # 635,532 jobs in 2022 and 814,102 less 14,018 in 2024; 18,237 and 18,963 firms
    told = breaks.in_words(firms, geography="California", last_old_edition=BREAK)
    assert "25.9 percent more jobs in California (2022 to 2024) and 4.0 percent more firms (2022 to 2025)" in told
    assert "1.9 percent more jobs (2022 to 2023)" in told
    assert "$109,357 in 2022 and $109,323 in 2025" in told
    assert "likely but not proven" in told


@pytest.mark.parametrize(
    ("value", "words"), [("0.4", "0.4 percent more"), ("0", "0.0 percent more"), ("-0.4", "0.4 percent fewer")]
)
def test_a_change_of_any_size_is_told_with_its_direction(firms, value, words, monkeypatch):
    monkeypatch.setattr(breaks, "national_growth", lambda _: cr.Quantity(value, "percent", "2013 to 2014"))
    assert f"have {words} jobs (2013 to 2014)" in breaks.in_words(firms, geography="California", last_old_edition=BREAK)


def test_a_small_step_is_not_called_a_change_of_method(firms):
    told = breaks.in_words(firms, geography="California", last_old_edition=2021)
    assert "9.6 percent fewer jobs in California (2020 to 2022)" in told
    assert "no reason to suspect" in told
    assert "likely" not in told


@pytest.mark.parametrize("place", ["Southern California", "Texas"])
def test_a_place_on_one_side_of_the_break_only_is_not_compared_across_it(firms, place):
    assert isinstance(breaks.step_across(firms, measure.JOBS, geography=place, last_old_edition=BREAK), Missing)
    told = breaks.in_words(firms, geography=place, last_old_edition=BREAK)
    assert told == (
        f"For {place} the series does not have jobs both in editions to 2023 and in later ones, so nothing can be "
        "compared "
        "across the break."
    )


def test_the_reading_as_printed_is_the_newest_edition_and_every_other_count_keeps_its_name(firms):
    found = readings.jobs(firms, BREAK)
    assert isinstance(found["edition of 2025"], type(cr.as_printed(0)))
    assert list(found)[1:4] == [f"earlier edition, figure of {year}" for year in (2022, 2020, 2019)]
    assert len(found) == 8


def test_a_title_counts_the_readings_that_agree_and_names_a_single_one(firms):
    found = readings.jobs(firms, BREAK)
    assert how_many_agree("C036", found) == "More than 814,000 jobs: one of 8 readings agrees (edition of 2025)"
    assert how_many_agree("C019", found) == "About 800,000 jobs: 3 of 8 readings agree"
    assert how_many_agree("C036", {"a": 814_500}) == "More than 814,000 jobs: the only reading agrees"
    assert how_many_agree("C036", {"a": 1, "b": 2}).endswith("none of 2 readings agrees")
    assert how_many_agree("C036", {"a": 814_200, "b": 814_500}).endswith("all 2 readings agree")
    assert how_many_agree("C036", {"a": cr.missing("none")}).endswith("no reading has a value")
    assert how_many_agree("C037", {"a": 5}, "Share of private jobs") == (
        "Share of private jobs, about 5%: the only reading agrees"
    )


def test_the_figure_by_year_says_what_the_place_has_and_gives_a_reason_where_it_has_nothing(firms):
    def title(place):
        return figures.by_year(measure.by_year(firms, geography=place, last_old_edition=BREAK), place).words.title

    assert title("California") == (
        "California: 35 jobs per foreign-owned firm before a break in the series, 43 after it"
    )
    assert title("Southern California") == "Southern California: 43 jobs per foreign-owned firm in 2017"
    nothing = figures.by_year(measure.by_year(firms, geography="Texas", last_old_edition=BREAK), "Texas")
    assert isinstance(nothing, Missing)


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("California", "1 of 3 California metros with a known share exceeded the average large metro in 2011"),
        ("El Paso, TX", "El Paso, TX: 8.8 percent of private jobs in 2011, more than the average large metro"),
        ("Texas", "2 of 2 Texas metros with a known share exceeded the average large metro in 2011"),
        ("Kentucky", "6 of the 8 metros with a known share had more than the average large metro in 2011"),
    ],
)
def test_the_figure_of_metros_speaks_of_the_place_if_it_has_one_there(firms, place, title):
    chart = figures.metro_shares(firms, place)
    assert chart.words.title == title
    assert bool(chart.data["strong"].any()) == (place != "Kentucky")


def test_a_researcher_can_say_a_figure_in_other_words(firms):
    assert figures.metro_shares(firms, "California", title="Three metros").words.title == "Three metros"


def test_the_printed_local_jobs_are_set_against_payrolls_and_a_missing_month_is_said(firms):
    payrolls = cr.load("bls_employment")
    found = local.sizes(firms, payrolls, BREAK)
    assert [round(float(item.value), 2) for item in found.values()] == [7.55, 5.97, 5.29]
    assert "7.6 percent" in local.sizes_in_words(found)
    without = local.sizes(firms, payrolls[payrolls.index.get_level_values("month") != "2025-03"], BREAK)
    assert "missing" in local.sizes_in_words(without)
    assert len(local.size_table(without)) == 3


def test_tables_for_readers_have_no_value_that_is_not_a_number(firms, california):
    southern = measure.by_year(firms, geography="Southern California", last_old_edition=BREAK)
    ratios = measure.readable_ratios(measure.per_firm(southern))
    assert ratios.loc[2017].tolist() == ["editions to 2023", "42.8", ""]
    told = measure.readable(california)
    assert told.loc[told["measure"] == "jobs", "value"].tolist()[0] == "731,000"


def test_metros_of_a_state_are_found_whatever_follows_the_postal_code(firms):
    shown = metros.shares_of_metros(firms, "California")
    assert set(shown.loc[shown["strong"], "name"]) == {
        "Modesto, CA (Stanislaus County)", "San Jose-Sunnyvale-Santa Clara, CA", "Stockton, CA (San Joaquin County)",
    }  # fmt: skip


@pytest.mark.parametrize(("state", "own"), [("New York", True), ("New Jersey", False), ("Pennsylvania", False)])
def test_a_metro_of_several_states_is_shown_for_the_first_of_its_title(firms, state, own):
    rows = firms.reset_index()
    rows["geography"] = rows["geography"].str.replace(r"Modesto, CA.*", "New York-Newark, NY-NJ-PA MSA", regex=True)
    shown = metros.shares_of_metros(rows.set_index(firms.index.names), state)
    assert any(name.startswith("New York") for name in shown["name"])
    assert any(name.startswith("New York") for name in shown.loc[shown["strong"], "name"]) == own


def test_the_newest_jobs_are_those_printed_and_not_derived(firms):
    assert int(measure.newest_jobs(firms, geography="California", last_old_edition=BREAK)) == 814_102
    assert int(measure.newest_jobs(firms, geography="Southern California", last_old_edition=BREAK)) == 428_000
