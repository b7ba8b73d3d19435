"""Exhibits: a figure with its words and its name, drawn on one line, in other words where a researcher wants them."""

import json

import matplotlib
import pandas as pd
import pytest

import cityresearch as cr
from cityresearch import charts, notebook
from cityresearch.charts.exhibit import UNDRAWN, Undrawn, exhibit
from cityresearch.charts.words import Words
from cityresearch.errors import ClaimError, ParameterError

matplotlib.use("agg")
RANKED = pd.DataFrame({"name": ["Oakland", "Fresno"], "value": [2.0, 1.0], "strong": [True, False]})


@exhibit("trips-by-city")
def trips(table: pd.DataFrame, **words: str):
    """Draw trips by city."""
    if table.empty:
        return cr.missing("no city has a trip")
    told = Words("Oakland leads", subtitle="Trips a year.", alt="Two bars.", caption="Trips.", note="A note.")
    return charts.ranked(table, told | words, unit="trips")


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed."""
    found = []
    monkeypatch.setattr(notebook, "display_bundle", found.append)
    return found


def test_an_exhibit_brings_its_name_and_its_words(shown):
    cr.show(trips(RANKED))
    record = shown[0]["application/vnd.cityresearch.figure+json"]
    assert (record["name"], record["title"], record["caption"]) == ("trips-by-city", "Oakland leads", "Trips.")
    assert "A note." in shown[0]["text/html"]


@pytest.mark.parametrize("part", ["title", "subtitle", "note"])
def test_a_researcher_says_any_part_in_other_words_and_they_are_drawn(shown, part):
    cr.show(trips(RANKED, **{part: "Something else"}))
    assert "Something else" in shown[0]["text/html"]


def test_other_words_of_an_unknown_kind_are_refused_with_the_nearest():
    with pytest.raises(ParameterError, match=r"no words called 'tilte'.*title"):
        trips(RANKED, tilte="Something else")


def test_an_exhibit_without_anything_to_draw_says_why(shown):
    cr.show(trips(RANKED.head(0)))
    assert [bundle["text/plain"] for bundle in shown] == ["Note: No city has a trip"]


def test_a_sweep_without_figures_draws_nothing_and_names_what_it_leaves_out(shown, monkeypatch):
    for name, value in UNDRAWN.items():
        monkeypatch.setenv(name, value)
    assert trips("not even a table") == Undrawn("trips-by-city")
    cr.show(trips(RANKED))
    assert "the figure trips-by-city is not drawn in a sweep" in shown[0]["text/plain"]


def test_a_chart_of_ones_own_needs_a_name_for_its_files(shown):
    chart = charts.ranked(RANKED, Words("Oakland leads"), unit="trips")
    with pytest.raises(ClaimError, match="has no name for its files"):
        cr.show(chart)
    cr.show(chart, "my-trips")
    assert shown[0]["application/vnd.cityresearch.figure+json"]["name"] == "my-trips"


def test_an_exhibit_whose_name_cannot_be_a_file_is_refused_when_it_is_written():
    with pytest.raises(ClaimError, match="use 'trips-by-city'"):
        exhibit("Trips by city")


def test_a_claim_is_not_counted_where_the_run_is_about_another_place(shown):
    try:
        cr.count_if(False)
        cr.check("C027", {"anything": 1.0})
        assert json.dumps(shown[0]).count("not counted") == 2
        assert not any("verdict" in kind for bundle in shown for kind in bundle)
    finally:
        cr.count_if(True)


def test_a_condition_that_is_not_true_or_false_is_refused():
    with pytest.raises(ClaimError, match=r"takes a comparison such as state == 'CA', found 'CA'"):
        cr.count_if("CA")


def test_a_table_is_shown_whole_and_grouped(shown):
    long = "the very reason that a reader needs, which is longer than the fifty characters that pandas shows of a cell"
    cr.table(pd.DataFrame({"city": ["Oakland"] * 70, "why": [long] * 70, "kind": ["led"] * 69 + ["joined"]}), by="kind")
    for form in ("text/plain", "text/html"):
        assert shown[0][form].count(long) == 70
        assert "led (69)" in shown[0][form]
        assert "joined (1)" in shown[0][form]


def test_a_table_names_its_columns_in_words_and_leaves_blank_what_is_missing(shown):
    frame = pd.DataFrame(
        {
            "led_by": ["mayor", None],
            "days_away": pd.array([7, None], dtype="Int64"),
            "share": pd.array([0.5, None], dtype="Float64"),
            "was_seen": pd.array([True, None], dtype="boolean"),
            "on": pd.to_datetime(["2024-05-01", None]),
            "last": ["a", "b"],
        },
        index=pd.Index(["x_1", "y"], name="trip_id"),
    )
    cr.table(frame)
    head, name, first, second = shown[0]["text/plain"].splitlines()
    assert head.split() == ["led", "by", "days", "away", "share", "was", "seen", "on", "last"]
    assert name.strip() == "trip id"
    assert first.split() == ["x_1", "mayor", "7", "0.5", "True", "2024-05-01", "a"]  # values keep their underscores
    assert second.split() == ["y", "b"]
    assert "NaN" not in shown[0]["text/html"] and "&lt;NA&gt;" not in shown[0]["text/html"]
    assert list(frame.columns)[:2] == ["led_by", "days_away"] and frame.index.name == "trip_id"


def test_grouping_by_a_column_that_is_not_there_names_those_that_are():
    with pytest.raises(ParameterError, match="no column 'town'"):
        cr.table(RANKED, by="town")


def test_an_empty_table_says_that_it_has_no_rows(shown):
    cr.table(RANKED.head(0), by="name")
    assert shown[0]["text/plain"] == "No rows."
