"""The scorecard of an office's book: what is counted, what is never added, and how entries stand to their horizon."""

from __future__ import annotations

from datetime import date

import pytest
from office_books import EVENT, TODAY, VISIT, outcome, saved

from cityresearch.errors import ParameterError
from cityresearch.toolkit import quarters, views
from cityresearch.toolkit.measured import measures
from cityresearch.toolkit.rules import checked_book
from cityresearch.toolkit.scorecard import coverage, scorecard

PAGE = {"evidence": "https://example.org/a"}


@pytest.fixture
def card(tmp_path):
    def made(rows):
        book = checked_book(saved(tmp_path / "o.xlsx", rows), TODAY)
        assert book.faults == []
        return book, scorecard(book, TODAY)

    return made


def of(lines, metric_id):
    return [
        (line.value, line.unit, line.status) for line in lines if line.measure.metric_id == metric_id and line.status
    ]


def test_the_measures_are_in_the_toolkits_order_and_each_says_what_it_counts(card):
    _, lines = card({"outcomes": []})
    assert [line.measure.metric_id for line in lines] == [measure.metric_id for measure in measures()]
    assert len(lines) == 22 and all(line.measure.counts for line in lines)
    assert (
        str(coverage(lines))
        == "0 of 22 measures have a figure that is reported or confirmed; 22 have nothing in this book."
    )


def test_values_are_added_within_one_unit_and_status_only(card):
    rows = [
        outcome("jobs", 40, "jobs"),
        outcome("jobs", 2, "jobs", outcome="Another"),
        outcome("jobs", 100, "jobs", status="planned"),
        outcome("jobs", 7, "jobs", status="confirmed", **PAGE),
        outcome("foreign_investment", 0.1, "USD"),
        outcome("foreign_investment", 0.2, "USD", outcome="Another"),
        outcome("foreign_investment", 5, "EUR"),
        outcome("foreign_investment", 1, "projects"),
    ]
    _, lines = card({"outcomes": rows})
    assert of(lines, "jobs") == [(100, "jobs", "planned"), (42, "jobs", "reported"), (7, "jobs", "confirmed")]
    assert of(lines, "foreign_investment") == [
        (0.3, "USD", "reported"),
        (5, "EUR", "reported"),
        (1, "projects", "reported"),
    ]


def test_ranks_and_percentages_are_never_added(card):
    rows = [outcome("reputation", 12, "rank"), outcome("reputation", 30, "rank", outcome="Another list")]
    _, lines = card({"outcomes": rows})
    assert of(lines, "reputation") == [(12, "rank", "reported"), (30, "rank", "reported")]


def test_visits_in_and_out_are_counted_apart_and_not_with_meetings(card):
    rows = {
        "delegations in": [VISIT],
        "delegations out": [VISIT, VISIT | {"purpose": "More"}],
        "outcomes": [outcome("delegations", 9, "meetings")],
    }
    _, lines = card(rows)
    assert of(lines, "delegations") == [
        (1, "visits from abroad", "reported"),
        (2, "trips abroad", "reported"),
        (9, "meetings", "reported"),
    ]
    from cityresearch.toolkit.figures import grid

    cells = grid(lines, TODAY).data
    assert cells["value"].max() == 2  # no cell of the figure has the visits of both directions


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"began": date(2025, 1, 1)}, "met"),
        ({"began": date(2022, 1, 1)}, "met late"),
        ({"began": date(2025, 1, 1), "target": 50}, "not yet due"),
        ({"began": date(2022, 1, 1), "target": 50}, "due and not met"),
        ({"began": date(2025, 1, 1), "target": 40}, "met"),
        ({"began": date(2025, 1, 1), "status": "planned"}, "not yet due"),
        ({}, "no starting day"),
        ({"began": date(2025, 1, 1), "horizon": "3+ years"}, "met early"),
        ({"began": date(2022, 1, 1), "horizon": "3+ years"}, "met"),
    ],
)
def test_an_entry_stands_to_its_horizon(card, cells, state):
    _, lines = card({"outcomes": [outcome("jobs", 40, "jobs", **cells)]})
    assert [line.state for line in lines if line.status] == [state]


def test_a_rank_reaches_its_target_from_above(card):
    _, lines = card({"outcomes": [outcome("reputation", 12, "rank", target=15, began=date(2022, 1, 1))]})
    assert [line.state for line in lines if line.status] == ["met"]


def test_work_begins_with_the_visit_that_a_result_follows(card):
    rows = {
        "delegations in": [VISIT | {"id": "IN-1", "start": date(2025, 5, 1)}],
        "outcomes": [outcome("matchmaking", 3, "meetings", follows="in-1")],
    }
    _, lines = card(rows)
    assert [line.state for line in lines if line.measure.metric_id == "matchmaking"] == ["met"]


def test_coverage_tells_planned_figures_and_words_from_figures(card):
    rows = [outcome("jobs", 40, "jobs"), outcome("students", 5, "students", status="planned"), outcome("pride")]
    _, lines = card({"outcomes": rows, "events": [EVENT]})
    said = str(coverage(lines))
    assert said.startswith(
        "2 of 22 measures have a figure that is reported or confirmed; 1 more only a planned one; 1 more only entries"
    )
    assert said.endswith("18 have nothing in this book.")


def test_a_target_is_said_for_the_entries_that_have_one(card):
    rows = [outcome("jobs", 40, "jobs", target=50), outcome("jobs", 2, "jobs", outcome="Another")]
    _, lines = card({"outcomes": rows})
    assert [line.target for line in lines if line.status] == ["50 jobs, for 1 of 2 entries"]


def test_a_quarterly_return_has_what_is_new_in_the_quarter(card):
    rows = [
        outcome("jobs", 40, "jobs", objective="Trade"),
        outcome("jobs", 9, "jobs", objective="Trade", date=date(2025, 12, 31)),
        outcome("inquiries", 3, "inquiries", objective="Trade", date=date(2026, 4, 1)),
        outcome("students", 3, "students"),
    ]
    book, _ = card({"outcomes": rows})
    found = quarters.quarterly_return(book, quarters.quarter_named("2026Q1"), TODAY)
    told = [(row["measure"], row["value"], row["status"]) for row in views.return_rows(found)]
    labels = {measure.metric_id: measure.label for measure in measures()}
    assert told == [(labels["inquiries"], None, "nothing new in the quarter"), (labels["jobs"], 40, "reported")]
    assert found.without_objective == 1
    assert str(quarters.last_quarter(book, TODAY)) == "2026Q2"


@pytest.mark.parametrize("text", ["2026", "Q5 2026", "2026Q0", "first"])
def test_a_quarter_that_is_none_is_refused(text):
    with pytest.raises(ParameterError, match="a quarter such as 2026Q1"):
        quarters.quarter_named(text)


def test_only_stories_that_may_be_printed_are(card):
    stories = [{"title": title, "story": "S", "printed": printed} for title, printed in (("A", "yes"), ("B", "no"))]
    book, _ = card({"stories": stories})
    assert [row.text("title") for row in views.printable_stories(book)] == ["A"]
