"""One single figure out of a table: which row is taken, what it stands for, and when none is."""

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.errors import DataError
from cityresearch.measures.observations import matching
from cityresearch.quantity import Missing

COLUMNS = ["series", "geography", "period", "value", "unit", "precision", "source_id", "note"]


def table(*rows):
    return pd.DataFrame([("jobs", "Here", *row) for row in rows], columns=COLUMNS).set_index(COLUMNS[:3])


def test_rows_are_found_by_columns_and_index_levels_alike_and_empty_texts_are_texts():
    rows = table(("2023", 1300, "jobs", 100, "a", None), ("2024", 1404, "jobs", 1, "b", "about"))
    found = matching(rows, period="2023", source_id="a")
    assert found[["series", "value", "note"]].to_dict("records") == [{"series": "jobs", "value": 1300, "note": ""}]
    assert matching(rows, period="2025").empty
    assert len(matching(rows)) == 2


def test_of_sources_that_agree_within_their_rounding_the_most_precise_is_taken():
    found = cr.observed(
        table(("2023", 1300, "jobs", 100, "a", None), ("2023", 1304, "jobs", 1, "b", None)), "jobs", "Here", "2023"
    )
    assert (int(found), found.sources, found.bounds) == (1304, ("b",), None)


def test_sources_that_disagree_are_not_chosen_from_silently():
    rows = table(("2023", 1300, "jobs", 100, "a", None), ("2023", 1404, "jobs", 1, "b", None))
    with pytest.raises(DataError, match=r"1404 \(2023, b\).*choose a period or a source"):
        cr.observed(rows, "jobs", "Here", "2023")
    assert int(cr.observed(rows, "jobs", "Here", "2023", source_id="a")) == 1300


def test_figures_of_several_periods_are_not_chosen_from_even_if_equal():
    rows = table(
        ("2022", 1300, "jobs", 100, "a", None), ("2023", 1300, "jobs", 100, "a", None), (None, 9, "jobs", 1, "a", None)
    )
    with pytest.raises(DataError, match="no period"):
        cr.observed(rows, "jobs", "Here")
    assert cr.observed(rows, "jobs", "Here", "2022").period == "2022"
    # an empty period is a choice too: the figure without a printed one
    assert int(cr.observed(rows, "jobs", "Here", "")) == 9


def test_a_figure_that_no_source_prints_is_missing_and_says_what_was_asked():
    found = cr.observed(table(("2023", 1300, "jobs", 100, "a", None)), "jobs", "Here", "2024", source_id="a")
    assert isinstance(found, Missing)
    assert found.reason == "jobs, Here (2024, a): none in the data"


def test_definition_and_edition_of_the_table_become_basis_and_vintage_unless_told():
    rows = table(("2023", 1300, "persons", 100, "a", None)).assign(definition="payroll", edition="2024")
    found = cr.observed(rows, "jobs", "Here", "2023")
    assert (found.unit, found.basis, found.vintage) == ("people", "payroll", "2024")
    told = cr.observed(rows, "jobs", "Here", "2023", basis="survey", vintage="first", unit="jobs")
    assert (told.unit, told.basis, told.vintage) == ("jobs", "survey", "first")
    assert isinstance(cr.observed(rows, "jobs", "Here", "2023", edition="2025"), Missing)


@pytest.mark.parametrize(
    ("value", "precision", "note", "stands_for"),
    [
        (400_000, 1000, "over 400,000; year not printed", "[400,000, 401,000)"),
        (500_000, 100_000, "more than half a million", "[500,000, 600,000)"),
        (13_700_000, 100_000, "nearly 13.7 million in five years", "[13,600,000, 13,700,000)"),
        (10_000, 1000, "main fair, more than", "[10,000, 11,000)"),
        (55_000, 1000, "printed as more than", "[55,000, 56,000)"),
        (18, 1, "up to", "[17, 18]"),
        # of a loss, more is further down
        (-20_000, 1000, "over 20,000 lost since 2021", "(-21,000, -20,000]"),
        # words that speak of something else, or are the beginning of another word
        (70, 1, "over five years; window not printed", "[69.5, 70.5)"),
        (75_000, 1000, "at least 15 projects", "[74,500, 75,500)"),
        (44, 1, "overseas cities and organisations", "[43.5, 44.5)"),
        (200_000, 1000, "", "[199,500, 200,500)"),
    ],
)
def test_words_before_the_figure_put_the_number_on_one_side_of_it(value, precision, note, stands_for):
    assert str(cr.rounding.stands_for(value, precision, note)) == stands_for


def test_a_whole_count_known_to_its_last_unit_is_itself_alone():
    assert cr.rounding.bounds(43, 1, "count", "more than") is None
    assert str(cr.rounding.bounds(43, 1, "percent", "")) == "[42.5, 43.5)"
    assert str(cr.rounding.bounds(2.5, 1, "count", "")) == "[2, 3)"
