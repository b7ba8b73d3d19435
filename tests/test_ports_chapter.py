"""The chapter on ports: words of its figures for other ports and without data, sentences on a break, and its runs."""

from __future__ import annotations

import functools
import json

import numpy as np
import pandas as pd
import pytest
from conftest import cityresearch, mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch import charts
from cityresearch.chapters.ports import breaks, curves, figures, jobs, readings, series, ships, single_numbers
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.measures import containers
from cityresearch.numbers.quantity import Missing, Quantity, missing


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return cr.load("port_observations")


@pytest.fixture(scope="module")
def own() -> pd.DataFrame:
    return containers.settled(cr.load("port_containers"), cr.load("corrections"))


def months(n=36, step=0.0, trend=0.0, seed=1) -> pd.Series:
    index = pd.period_range("2021-01", periods=n, freq="M")
    noise = np.random.default_rng(seed).normal(0, 0.01, n)
    logs = 6 + trend * np.arange(n) + step * (index >= pd.Period("2022-07", "M")) + noise
    return pd.Series(np.exp(logs), index=index)


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_dots_are_legible_at_every_width(width, monkeypatch, observations):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    found = jobs.by_study(observations, "san-pedro-bay")
    assert faults_of_layout(figures.jobs(found, "san-pedro-bay").figure) == []
    changes = {"Ships": {"docked": ships.docked_in_one_week(observations)}}
    words = Words("Ships", "By week", alt="Dots.", sources=found["source_id"])
    chart = charts.dots(ships.as_rows(changes), words, unit="percent", printed=cr.Quantity(-10), printed_label="ten")
    assert faults_of_layout(chart.figure) == []
    assert "Ships, docked: −44 percent (−44.5 to −43.5)" in chart.words.description
    assert set(chart.data["unit"]) == {"percent"} and set(chart.data["printed"]) == {-10}


def test_volumes_name_the_ports_that_have_no_totals(own):
    chart = figures.volumes(series.by_year(own, "california", "total", first=1995), "california")
    assert chart.words.subtitle.endswith("We have no yearly totals for Hueneme and San Diego.")
    assert "derived: 2025 of Los Angeles, 2012 of Oakland." in chart.words.caption
    one = figures.volumes(series.by_year(own, "long-beach", "total", first=1995), "long-beach")
    assert "no yearly totals" not in one.words.subtitle
    assert "derived" not in one.words.caption


def test_months_are_named_by_what_is_counted_and_the_shock_only_where_it_is_drawn(own):
    by_port = series.months_by_port(own, "oakland", "total", since="2024-01")
    chart = figures.months(by_port, "oakland", "total", "2025-05")
    assert chart.words.title.startswith(
        "The port of Oakland: all containers since January 2024 were lowest in June 2025"
    )
    assert "Dotted: May 2025." in chart.words.subtitle
    assert "Dotted" not in figures.months(by_port, "oakland", "total", "2019-05").words.subtitle


def test_words_of_ones_own_go_before_those_of_the_figure(observations):
    chart = figures.jobs(jobs.by_study(observations, "oakland"), "oakland", title="Jobs in Oakland")
    assert chart.words.title == "Jobs in Oakland"
    assert "the port of Oakland" in chart.words.caption


def test_a_single_study_has_no_range(observations):
    found = jobs.by_study(observations, "oakland")
    assert figures.jobs(found, "oakland").words.title.endswith("run from 0.07 to 0.1 million")
    assert figures.jobs(found.head(1), "oakland").words.title == "Jobs credited to the port of Oakland are 0.07 million"


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        (
            lambda own: figures.volumes(series.by_year(own, "oakland", "total", first=2050), "oakland"),
            "No yearly totals",
        ),
        (
            lambda own: figures.months(
                series.months_by_port(own, "california", "total", since="2024-01"), "california", "total", "2025-05"
            ),
            "the five container ports of California all have a count of all containers",
        ),
        (
            lambda own: figures.months(
                series.months_by_port(own, "oakland", "total", since="2050-01"), "oakland", "total", "2025-05"
            ),
            "the port of Oakland has a count of all containers",
        ),
        (lambda own: figures.share_by_base(pd.DataFrame(), "oakland"), "No share of the port of Oakland"),
        (lambda own: figures.jobs(pd.DataFrame(), "oakland"), "No study in our data"),
        (lambda own: figures.ships_and_containers({}), "No ships or containers"),
        (
            lambda own: curves.imports_40({"five ports, 2023, ports' own count": missing("none")}),
            "No reading of C030 has a value",
        ),
    ],
    ids=["volumes", "months together", "months", "shares", "jobs", "ships", "curve"],
)
def test_where_there_is_nothing_to_draw_the_reason_is_given(own, drawn, reason):
    found = drawn(own)
    assert isinstance(found, Missing)
    assert reason in found.reason


def test_more_ships_are_not_called_fewer(own, observations):
    changes = ships.changes(own, observations)
    changes[ships.SHIPS][ships.WEEK] = Quantity(12, "percent")
    changes[ships.MONTH]["Los Angeles and Long Beach"] = missing("none")
    assert figures.ships_and_containers(changes).words.title == "12 percent more ships docked in one week"


def test_titles_of_curves_follow_their_readings():
    found = {
        "five ports, 2023, ports' own count": cr.as_printed(Quantity(41, "percent")),
        "three ports, 2023, ports' own count": Quantity(30, "percent"),
    }
    title = curves.imports_40(found).words.title
    assert title == "California's ports took 41.0 percent of container imports in 2023; 30 to 41 in other years"
    del found["five ports, 2023, ports' own count"]
    assert "took an unknown share of container imports" in curves.imports_40(found).words.title


# ---------------------------------------------------------------- readings and sentences


def test_one_of_the_biggest_years_is_one_of_the_three_largest(own):
    assert list(single_numbers.biggest_years(own)) == ["2025 among the three largest years of 2016 to 2025"]
    row = (containers.LA, "2025", "year", "total")
    small = own.copy()
    small.loc[row, "teu"] = 1.0
    (found,) = single_numbers.biggest_years(small).values()
    assert isinstance(found.value, Missing)


def test_years_before_the_ten_that_are_compared_are_left_out(own):
    row = (containers.LA, "2016", "year", "total")
    earlier = own.loc[[row]].rename(index={"2016": "2015"}, level="period")
    assert list(single_numbers.biggest_years(pd.concat([own, earlier]))) == [
        "2025 among the three largest years of 2016 to 2025"
    ]


def test_jobs_of_two_ports_added_say_that_a_job_may_be_counted_twice(observations):
    found = single_numbers.jobs_in_the_region(observations)
    added = found["the two ports' own counts added, same page as the undated count"]
    assert int(added) == 480_000 + 576_000
    assert "two ports added: jobs may be counted twice" in added.caveats


def test_the_metro_areas_share_says_that_it_divides_two_kinds_of_count():
    found = readings.metro_share(cr.load("metro_exports"), cr.load("state_exports"))
    assert round(float(found.value), 1) == 33.3
    assert found.caveats[-1] == "basis differs: zip_based over state_based"


@functools.cache
def told(n=36, step=0.0, trend=0.0, other_step: float | None = None) -> tuple[pd.DataFrame, str]:
    followed = months(n, step, trend)
    other = followed[:0] if other_step is None else months(n, other_step, seed=2) * 7
    found = breaks.specifications(followed, other, "2022-07", lags=3)
    return found, breaks.conclusion(found, "2022-07")


def test_a_conclusion_says_whether_the_sign_holds_under_every_specification():
    _, words = told(step=-0.4)
    assert words.startswith("A lasting step from 2022-07 is -3")
    assert (
        "in 8 estimates; limits exclude zero in 8 of 8. All have the same sign and limits that exclude zero." in words
    )
    assert "The month 2022-07 alone is " in words
    assert told(n=6)[1].startswith("Nothing can be said")


def test_a_step_is_of_the_months_that_it_was_estimated_from():
    step = breaks.as_quantity(told(step=-0.4)[0], trend=False)
    every = months(36, -0.4, 0.0).index
    assert step.period == f"{every.min()} to {every.max()}"
    assert -35 < step.value < -30  # a log step of -0.4
    nothing = breaks.as_quantity(told(n=6)[0], trend=True)
    assert isinstance(nothing, Missing)


def test_a_rise_excludes_zero_as_a_fall_does():
    assert "limits exclude zero in 8 of 8" in told(step=0.4)[1]


@pytest.mark.long
def test_a_conclusion_says_where_the_sign_does_not_hold():
    _, turned = told(step=-0.1, trend=0.02)
    assert "so these months do not show whether the level changed" in turned


@pytest.mark.long
def test_what_befalls_other_ports_too_is_not_in_the_estimate_relative_to_them():
    found, _ = told(step=-0.4, other_step=-0.4)
    steps = found[found["effect"] == "step"]
    assert all(fit.high < -25 for fit in steps[~steps["control"]]["fit"])
    assert all(abs(fit.percent) < 4 for fit in steps[steps["control"]]["fit"])
    assert len(found) == 24


@pytest.mark.long
def test_placebo_steps_as_large_as_a_large_one_are_few_and_as_none_are_many():
    large, none = (told(step=step)[0].dropna(subset="tried").iloc[0] for step in (-0.4, 0.0))
    assert (large["as_large"], large["tried"]) == (0, 7)
    assert none["as_large"] > 0


def test_the_table_of_specifications_has_a_row_for_each_and_says_what_could_not_be_estimated():
    table = breaks.as_table(told(step=-0.4)[0])
    assert len(table) == 12
    assert set(table["errors"]) == {"Newey-West, 3 lags", "ARIMA(1, 0, 0)"}
    assert list(table.columns[-5:]) == [
        "effect, percent", "95% limits", "Durbin-Watson", "lasting part of an error", "placebo steps as large",
    ]  # fmt: skip
    short = breaks.as_table(told(n=6)[0])
    assert short["not estimated because"].str.len().min() > 10
    assert "effect, percent" not in short


def test_the_months_held_are_named_with_how_often_the_season_is_seen(own):
    monthly = series.by_month(own, "san-pedro-bay", "loaded_imports")
    others = breaks.control(own, "san-pedro-bay", "loaded_imports")
    assert len(others) > 24 and breaks.control(own, "california", "loaded_imports").empty
    words = breaks.months_in_words(monthly, others, "2025-05", "san-pedro-bay")
    assert "44 that can be used: 2018-12 to 2019-12 and 2023-07 to 2026-01." in words
    assert "So the season of May is known from 3 years." in words
    assert "the ratio to the port of Oakland, in 40 of these months." in words
    none = breaks.months_in_words(monthly, monthly[:0], "2025-05", "three-ports")
    assert none.endswith("No other large port with such months is left to compare with.")
    assert breaks.months_in_words(monthly[:0], others, "2025-05", "oakland").startswith(
        "Our data have no two neighboring"
    )


def test_estimates_are_drawn_with_their_limits_or_the_reason_is_given(own):
    found, _ = told(step=-0.4)
    chart = figures.break_estimates(found, own, "oakland", "loaded_imports", "2022-07")
    assert len(chart.data) == 12
    assert (chart.data["low"] < chart.data["value"]).all()
    assert chart.words.title.startswith("The port of Oakland: a lasting step from July 2022 is −3")
    nothing = figures.break_estimates(told(n=6)[0], own, "oakland", "loaded_imports", "2022-07")
    assert "No change at 2022-07 can be estimated" in nothing.reason


# ---------------------------------------------------------------- runs


@pytest.mark.long
def test_the_chapter_runs_for_other_ports_without_a_word_on_the_paper(tmp_path):
    wishes = {"region": "oakland", "followed": "oakland", "direction": "total"}
    flags = [part for name, value in wishes.items() for part in ("-p", name, value)]
    done = cityresearch("run", "03-ports", *flags, "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "0 claims counted" in done.stdout
    titles = {p.stem: json.loads(p.read_text(encoding="utf-8"))["title"] for p in (tmp_path / "figures").glob("*.json")}
    assert set(titles) == {
        "port-containers-by-year", "port-shares-by-base", "port-containers-by-month", "port-break-estimates", "port-jobs",
    }  # fmt: skip
    assert "Oakland" in titles["port-containers-by-year"]
    assert "port of Oakland" in titles["port-shares-by-base"]
    executed = (tmp_path / "notebooks" / "03-ports.ipynb").read_text(encoding="utf-8")
    assert "The paper" not in executed
    compared = "the ratio to the ports of Los Angeles and Long Beach"
    outputs = [output["data"] for cell in json.loads(executed)["cells"] for output in cell.get("outputs", [])]
    shown = "".join(part for data in outputs if "image/svg+xml" not in data for part in data.get("text/plain", []))
    assert compared in shown
    assert "Long Beach" not in shown.replace(compared, "")
