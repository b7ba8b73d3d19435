"""One single figure out of a table: which row is taken, what it stands for, and when none is."""

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.measures import comparisons, published, rounding
from cityresearch.measures.published import matching
from cityresearch.numbers.quantity import Missing

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


def test_a_series_in_two_units_is_refused_whichever_of_its_rows_is_wanted():
    rows = table(("2023", 1300, "jobs", 100, "a", None), ("2024", 1404, "USD", 1, "b", None))
    with pytest.raises(DataError, match=r"several units \(USD, jobs\)"):
        cr.observed(rows, "jobs", "Here", "2023")


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
    assert str(rounding.stands_for(value, precision, note)) == stands_for


def test_a_whole_count_known_to_its_last_unit_is_itself_alone():
    assert rounding.bounds(43, 1, "count", "more than") is None
    assert str(rounding.bounds(43, 1, "percent", "")) == "[42.5, 43.5)"
    assert str(rounding.bounds(2.5, 1, "count", "")) == "[2, 3)"


def rounded(value, width, unit="USD", **more) -> cr.Quantity:
    """A figure printed to a multiple of a width."""
    return cr.Quantity(value, unit, bounds=cr.PrintedNumber(value, width, unit).interval, **more)


def test_the_base_of_a_printed_rise_carries_the_rounding_of_both():
    base = comparisons.implied_base(rounded(150, 10), cr.PrintedNumber(50, 10, "percent"))
    assert (base.value, base.unit) == (100, "USD")
    # 145 over 1.55 at least, 155 over 1.45 at most
    assert (float(base.interval.low), float(base.interval.high)) == pytest.approx((145 / 1.55, 155 / 1.45))


def test_a_share_of_figures_of_two_printings_has_no_caveat_on_their_periods_but_keeps_others():
    part, whole = cr.Quantity(1, "jobs", "2023", caveats=("about",)), cr.Quantity(4, "jobs", "2024")
    assert any("period differs" in caveat for caveat in cr.share(part, whole, across=["period"]).caveats)
    found = comparisons.as_percent_of(part, whole)
    assert (found.value, found.unit, found.caveats) == (25, "percent", ("about",))
    gone = Missing("no figure")
    assert comparisons.as_percent_of(gone, whole) is gone
    assert comparisons.times(part, gone) is gone
    with pytest.raises(MixedBasisError):
        comparisons.as_percent_of(part, cr.Quantity(4, "USD", "2024"))


def test_times_is_a_plain_number_with_the_rounding_of_both():
    found = comparisons.times(rounded(300, 10), rounded(100, 10))
    assert (found.value, found.unit) == (3, "")
    assert (float(found.interval.low), float(found.interval.high)) == pytest.approx((295 / 105, 305 / 95))
    assert comparisons.times(cr.Quantity(6, "USD"), cr.Quantity(3, "USD")).bounds is None


def test_a_place_is_open_where_rounding_leaves_the_order_open():
    values = {"a": rounded(300, 10), "b": rounded(200, 10), "c": rounded(198, 10), "d": rounded(100, 10)}
    first, last = (comparisons.place(values, name) for name in "ad")
    assert (first.value, last.value, last.unit) == (1, 4, "rank")
    assert "among 4" in first.caveats[0]
    unsure = comparisons.place(values, "b")
    assert isinstance(unsure, Missing)
    assert "c" in unsure.reason
    with pytest.raises(MixedBasisError):
        comparisons.place({**values, "e": cr.Quantity(1, "jobs")}, "a")
    with pytest.raises(MixedBasisError):
        comparisons.place({**values, "e": cr.Quantity(1, "USD", basis="other")}, "a")
    with pytest.raises(DataError, match="e is not among"):
        comparisons.place(values, "e")
    assert isinstance(comparisons.place({**values, "e": Missing("none")}, "a"), Missing)


def test_figures_are_tabulated_in_the_scale_asked_for_and_missing_ones_say_why():
    found = published.table({"a": cr.Quantity(1_234_567, "USD", "2023"), "b": Missing("not printed")}, scale=1000)
    assert found.loc["a", ["value", "unit", "period"]].tolist() == [1234.567, "USD", "2023"]
    assert pd.isna(found.at["b", "value"])
    assert found.loc["b", ["unit", "caveats"]].tolist() == ["", "missing: not printed"]


def test_the_mean_step_counts_editions_without_a_printed_year():
    found = comparisons.mean_step([2001, 1991, 2011], unit="year")
    assert (found.value, found.unit, found.period) == (10, "year", "1991/2011")
    assert comparisons.mean_step([1991, 2011], undated=3).value == 5
    with pytest.raises(DataError, match="found 1"):
        comparisons.mean_step([1991])


@pytest.mark.parametrize(
    ("value", "note"),
    [(20_000, "over 20 thousand"), (13_700_000, "over 13.7 million"), (500_000, "over half a million"), (2 * 10**12, "over 2 trillion")],
)  # fmt: skip
def test_words_before_a_figure_count_whatever_the_scale_that_it_is_written_in(value, note):
    assert rounding.stands_for(value, 1000, note).low == value


def test_of_two_rows_the_earlier_period_and_then_the_more_precise_comes_first():
    rows = table(("2024", 1404, "jobs", 1, "b", None), ("2023", 1300, "jobs", 100, "a", None))
    assert published.rows_of(rows, "jobs", "Here")["period"].tolist() == ["2023", "2024"]
    rows = table(("2023", 1300, "jobs", 100, "a", None), ("2023", 1304, "jobs", 1, "b", None))
    assert published.rows_of(rows, "jobs", "Here")["value"].tolist() == [1304, 1300]
