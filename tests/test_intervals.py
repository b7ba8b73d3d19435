"""Exact intervals: no digit is lost, and arithmetic encloses every pair of members."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import Interval, exact, plain, round_to

numbers = st.fractions(min_value=-(10**20), max_value=10**20, max_denominator=10**6)
precisions = st.sampled_from(
    [Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(12), Fraction(1000), Fraction(10**9)]
)


@given(numbers, precisions)
def test_a_number_lies_in_the_interval_of_what_it_rounds_to(x, p):
    assert x in Interval.around(round_to(x, p), p)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), precisions)
def test_intervals_of_different_printed_values_do_not_overlap(a, b, p):
    if a != b:
        assert not Interval.around(a * p, p).overlaps(Interval.around(b * p, p))


@given(numbers, precisions)
def test_rounding_is_symmetric_in_sign(x, p):
    assert round_to(-x, p) == -round_to(x, p)


@given(st.integers(2**53, 2**70))
def test_integers_above_two_to_the_53_keep_every_digit(n):
    assert exact(n) + 1 == exact(n + 1)
    assert n + 1 not in Interval.around(n, 1)


@given(st.lists(numbers, min_size=4, max_size=4), st.fractions(0, 1), st.fractions(0, 1))
def test_arithmetic_encloses_every_pair_of_members(ends, s, t):
    a, b = Interval(*sorted(ends[:2])), Interval(*sorted(ends[2:]))
    x, y = a.low + s * (a.high - a.low), b.low + t * (b.high - b.low)
    assert x + y in a + b
    assert x - y in a - b
    assert x * y in a * b
    if not b.low <= 0 <= b.high:
        assert x / y in a / b


def test_floats_stand_for_the_decimal_that_prints_them():
    assert exact(0.1) == Fraction(1, 10) == exact(Decimal("0.1")) == exact("0.1")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "many", None, True])
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(ClaimError, match="finite number"):
        exact(value)


def test_division_by_an_interval_that_touches_zero_is_refused():
    with pytest.raises(ClaimError, match="zero"):
        Interval.point(1) / Interval(0, 1)


def test_numbers_are_written_without_trailing_zeros():
    assert [plain(x) for x in ("59.650", 1000, "-0.5", 12.5)] == ["59.65", "1,000", "-0.5", "12.5"]


@given(numbers, numbers)
def test_an_interval_without_any_number_in_it_is_refused(a, b):
    low, high = sorted((a, b))
    if low < high:
        with pytest.raises(ClaimError, match="low <= high"):
            Interval(high, low)
    for has_low, has_high in ((False, True), (True, False), (False, False)):
        with pytest.raises(ClaimError, match="a number between"):
            Interval(a, a, has_low, has_high)


@pytest.mark.parametrize("precision", [0, -1, "-0.1"])
def test_a_number_is_printed_to_a_step_above_zero(precision):
    with pytest.raises(ClaimError, match="above zero"):
        Interval.around(10, precision)


ends = st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]).map(sorted)
spans = st.builds(
    lambda pair, has_low, has_high: Interval(*pair, has_low, has_high), ends, st.booleans(), st.booleans()
)


@given(spans, spans)
def test_an_end_of_a_result_belongs_to_it_only_where_both_ends_that_make_it_belong(a, b):
    assert ((a + b).has_low, (a + b).has_high) == (a.has_low and b.has_low, a.has_high and b.has_high)
    assert ((a - b).has_low, (a - b).has_high) == (a.has_low and b.has_high, a.has_high and b.has_low)
    assert ((-a).low, (-a).high, (-a).has_low, (-a).has_high) == (-a.high, -a.low, a.has_high, a.has_low)
    one, other = (Interval(1 + abs(x.low), 1 + abs(x.low) + x.high - x.low, x.has_low, x.has_high) for x in (a, b))
    assert ((one * other).has_low, (one * other).has_high) == ((one + other).has_low, (one + other).has_high)
    assert ((one / other).has_low, (one / other).has_high) == ((one - other).has_low, (one - other).has_high)
    assert ((one / other).low, (one / other).high) == (one.low / other.high, one.high / other.low)


@given(spans, spans)
def test_intervals_overlap_where_a_number_is_in_both_and_lie_above_where_none_is(a, b):
    assert a.overlaps(b) == b.overlaps(a)
    low, high = max(a.low, b.low), min(a.high, b.high)
    if low < high:
        assert a.overlaps(b) and not a.lies_above(b)
    elif low > high:
        assert not a.overlaps(b) and a.lies_above(b) != b.lies_above(a)
    else:
        assert a.overlaps(b) == (low in a and low in b)
