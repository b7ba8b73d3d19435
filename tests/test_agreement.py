"""The rules of agreement: hand-worked examples, and properties over every relation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cityresearch.errors import ClaimError
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.display import exactly, in_words
from cityresearch.numbers.intervals import Interval, round_to
from cityresearch.numbers.printed import RELATIONS, PrintedNumber, accepted

BN = 10**9

# claim or wording, computed, printed value, precision, relation, agrees, bound
WORKED = [
    ("C024 Los Angeles 2023", 59_561_594_613, "59.6e9", "0.1e9", "eq", True, ""),
    ("C024 Los Angeles 2022", 60_979_747_066, "59.6e9", "0.1e9", "eq", False, ""),
    ("C026 San Diego 2023", 22_975_303_952, "23e9", "1e9", "eq", True, ""),
    ("C026 San Diego 2017", 18_637_096_248, "23e9", "1e9", "eq", False, ""),
    ("C027 five largest 2023", 141_004_904_245, "141e9", "1e9", "gt", True, ""),
    ("C027 all metros 2023", 180_258_319_297, "141e9", "1e9", "gt", False, "lower"),
    ("C027 nine cities' metros 2023", 140_471_024_371, "141e9", "1e9", "gt", False, ""),
    ("C028 first release", 183_343_000_000, "183e9", "1e9", "approx", True, ""),
    ("C028 revised", 183_933_700_133, "183e9", "1e9", "approx", True, ""),
    ("C028 revised, if printed as exact", 183_933_700_133, "183e9", "1e9", "eq", False, ""),
    ("roughly 45 %, lower end", "42.5", 45, 1, "approx", True, ""),
    ("roughly 45 %, below it", "42.4", 45, 1, "approx", False, ""),
    ("about 40 % of imports in 2023", "38.5", 40, 1, "approx", True, ""),
    ("nearly twenty, strict count", 17, 20, 1, "nearly", False, ""),
    ("nearly twenty, 18", 18, 20, 1, "nearly", True, ""),
    ("nearly twenty is not twenty", 20, 20, 1, "nearly", False, ""),
    ("nearly 97 %", "96.4", 97, 1, "nearly", True, ""),
    ("over 18,000 companies", 18_963, 18_000, 1000, "gt", True, ""),
    ("over 814,000 jobs", 814_102, 814_000, 1000, "gt", True, ""),
    ("over 350,000 jobs", 350_800, 350_000, 10_000, "gt", True, ""),
    ("at least eight missions", 8, 8, 1, "ge", True, ""),
    ("more than eight is not eight", 8, 8, 1, "gt", False, ""),
    ("less than two years", "2.2", 2, 1, "lt", False, ""),
    ("up to 30 percent, 33.0", 33, 30, 1, "le", False, ""),
    ("up to 30 percent, 12", 12, 30, 1, "le", False, "upper"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "x", "v", "p", "relation", "agrees", "bound"), WORKED, ids=[w[0] for w in WORKED])
def test_worked_examples(what, x, v, p, relation, agrees, bound):
    result = compare(x, PrintedNumber(v, p), relation)
    assert (result.agrees, result.bound) == (agrees, bound)


printed_numbers = st.builds(
    lambda digits, exponent: PrintedNumber(Fraction(digits) * Fraction(10) ** exponent, Fraction(10) ** exponent),
    st.integers(1, 10**18),
    st.integers(-3, 12),
)
relations = st.sampled_from(RELATIONS)


@given(printed_numbers)
def test_eq_agrees_with_exactly_the_numbers_that_round_to_the_printed_one(printed):
    edge = printed.value + printed.precision / 2
    for x in (printed.value, edge, edge - printed.precision, edge - Fraction(1, 10**9)):
        assert compare(x, printed, "eq").agrees == (round_to(x, printed.precision) == printed.value)


@given(printed_numbers)
def test_the_printed_value_itself_satisfies_exactly_the_wordings_that_include_it(printed):
    agreeing = {relation for relation in RELATIONS if compare(printed.value, printed, relation).agrees}
    assert agreeing == {"eq", "approx", "ge", "le"}


@given(printed_numbers, relations, st.fractions(-5, 5))
def test_a_computed_interval_agrees_where_one_of_its_points_does(printed, relation, shift):
    x = printed.value + shift * printed.grain
    wide = Interval(x - printed.precision, x + printed.precision)
    if compare(x, printed, relation).agrees:
        assert compare(wide, printed, relation).agrees


@given(printed_numbers, st.fractions(0, 10))
def test_more_than_mirrors_less_than(printed, steps):
    up = compare(printed.value + steps * printed.grain, printed, "gt")
    down = compare(printed.value - steps * printed.grain, printed, "lt")
    assert up.agrees == down.agrees
    assert (up.bound, down.bound) in {("", ""), ("lower", "upper")}


@given(st.integers(2**53, 2**80))
def test_large_integers_are_compared_as_integers(n):
    printed = PrintedNumber(n, 1)
    assert compare(n, printed, "eq").agrees
    assert not compare(n + 1, printed, "eq").agrees
    assert not compare(n - 1, printed, "eq").agrees


@given(printed_numbers, relations, st.integers(-10, 10))
def test_scaling_both_sides_changes_nothing(printed, relation, steps):
    x = printed.value + steps * printed.precision / 3
    scaled = PrintedNumber(printed.value * 1000, printed.precision * 1000)
    assert compare(x, printed, relation).agrees == compare(x * 1000, scaled, relation).agrees


@given(printed_numbers, relations)
def test_far_away_never_agrees(printed, relation):
    assume(printed.value > 0)
    assert not compare(printed.value + 10 * printed.grain, printed, relation).agrees
    assert not compare(printed.value - 10 * printed.grain, printed, relation).agrees


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_sentence_names_the_number_and_the_range(relation):
    words = compare(140 * BN, PrintedNumber(141 * BN, BN, "USD"), relation).words
    assert words.startswith("$140 billion, ")
    assert "141 billion' covers ($" in words


def test_an_unknown_relation_is_named():
    with pytest.raises(ClaimError, match="'roughly'"):
        accepted(PrintedNumber(1, 1), "roughly")


def test_a_precision_of_zero_is_refused():
    with pytest.raises(ClaimError, match="precision"):
        PrintedNumber(5, 0)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1_500_000, "people", "1.5 million people"),
        (-2_400_000_000, "USD", "-$2.4 billion"),
        (950, "jobs", "950 jobs"),
        (247_898, "people", "247,898 people"),
        ("54.078", "percent", "54.08%"),
        (180_258_319_297, "USD", "$180.3 billion"),
    ],
)
def test_amounts_are_written_as_a_reader_says_them(value, unit, words):
    assert in_words(value, unit) == words


def test_a_printed_number_keeps_every_digit_and_a_computed_one_as_many_as_show_on_which_side_it_is():
    assert exactly(14_874_500, "jobs") == "14.8745 million jobs"
    printed = PrintedNumber(141 * BN, BN, "USD")
    assert compare(141_004_904_245, printed, "gt").words.startswith("$141.005 billion, which is within ")
    assert compare(141_204_904_245, printed, "gt").words.startswith("$141.2 billion, which is within ")
    assert compare("42.4996", PrintedNumber(45, 1, "percent"), "approx").words.startswith("42.4996%, which is ")
