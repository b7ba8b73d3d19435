"""Arithmetic between claims: the rule of every kind of relation."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cityresearch.claims import arithmetic, ledger
from cityresearch.claims.arithmetic import can_be_at_most, can_hold, sides
from cityresearch.claims.periods import days
from cityresearch.claims.relations import KINDS
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import Interval, round_to
from cityresearch.numbers.printed import PrintedNumber

# kinds whose answer can only turn from no to yes when a number is known less closely; spans of days are not of them
UNCERTAIN = sorted(set(KINDS) - {"ended_before", "days_between", "count_of_rows"})
OPERANDS = {"part_of_mean": 3, "sum": 3, "difference": 3, "product": 3, "ratio": 3, "within_years": 3}


@st.composite
def intervals(draw, least=1):
    low = draw(st.integers(least, 10**6))
    width = draw(st.integers(0, 10**5))
    closed = width == 0
    return Interval(low, low + width, closed or draw(st.booleans()), closed or draw(st.booleans()))


precisions = st.sampled_from([Fraction(1, 10), Fraction(1), Fraction(10), Fraction(100)])
values = st.fractions(min_value=1, max_value=10**6, max_denominator=100)
dates = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31))


def rounded(x, p):
    """The interval of a number after it was printed."""
    return PrintedNumber(round_to(x, p), p).interval


def printed_date(day: dt.date, form: int) -> str:
    return day.isoformat()[: (4, 7, 10)[form]]


# --- rules


@pytest.mark.parametrize("kind", UNCERTAIN)
@given(data=st.data())
def test_knowing_a_number_less_closely_never_makes_a_clash(kind, data):
    x = [data.draw(intervals()) for _ in range(OPERANDS.get(kind, 2))]
    i = data.draw(st.integers(0, len(x) - 1))
    wider = [*x]
    wider[i] = Interval(x[i].low - Fraction(1, 2), x[i].high + data.draw(st.integers(0, 1000)))
    assert can_hold(kind, wider) or not can_hold(kind, x)


@given(st.lists(intervals(), min_size=3, max_size=4), st.randoms())
def test_the_order_of_equals_and_of_parts_does_not_matter(x, random):
    shuffled = [*x]
    random.shuffle(shuffled)
    assert can_hold("equal", x) == can_hold("equal", shuffled)
    parts = [*x[:-1]]
    random.shuffle(parts)
    for kind in ("sum", "product", "part_of"):
        assert can_hold(kind, x) == can_hold(kind, [*parts, x[-1]])
    wholes = [*x[1:]]
    random.shuffle(wholes)
    assert can_hold("part_of_mean", x) == can_hold("part_of_mean", [x[0], *wholes])


@given(intervals(), intervals(), intervals())
def test_kinds_that_say_the_same_agree(a, b, c):
    assert can_hold("at_least", [a, b]) == can_hold("part_of", [b, a])
    assert can_hold("difference", [a, b, c]) == can_hold("sum", [b, c, a])
    assert can_hold("ratio", [a, b, c]) == can_hold("product", [b, c, a])
    assert can_hold("equal", [a, b]) <= can_hold("part_of", [a, b])


@given(st.lists(values, min_size=2, max_size=3), st.lists(precisions, min_size=4, max_size=4), values)
def test_a_relation_of_exact_numbers_holds_after_all_are_rounded(x, p, spare):
    total, product, quotient = sum(x), x[0] * x[1], x[0] / x[1]
    built = {
        "equal": [x[0], x[0], x[0]],
        "part_of": [*x, total + spare],
        "part_of_mean": [(x[0] + 3 * x[1]) / 4, x[0], x[1]],
        "at_least": [x[0] + spare, x[0]],
        "sum": [*x, total],
        "difference": [total + spare, total, spare],
        "product": [x[0], x[1], product],
        "ratio": [x[0], x[1], quotient],
    }
    for kind, numbers in built.items():
        printed = [rounded(n, q) for n, q in zip(numbers, p, strict=False)]
        assume(kind != "ratio" or printed[1].low > 0)
        assert can_hold(kind, printed), kind


@given(values, values, st.integers(1, 1000))
def test_factors_scale_add_and_stand_for_a_result(a, b, k):
    point = Interval.point
    assert can_hold("product", [point(a), point(a * k)], Fraction(k))
    assert can_hold("sum", [point(a), point(a + k)], Fraction(k))
    assert can_hold("difference", [point(a), point(b)], a - b)
    assert can_hold("ratio", [point(a), point(b)], a / b)
    assert can_hold("ratio", [point(a), point(b), point(a / b * 100)], Fraction(100))
    assert can_hold("at_least", [point(a)], a) and not can_hold("at_least", [point(a)], a + k)
    assert not can_hold("product", [point(a), point(a * k)], Fraction(k + 1))


def test_a_length_of_years_is_no_date_though_its_period_begins_with_the_same_digit():
    assert not arithmetic.is_date(ledger.claim("E027"))  # two years, in 2014/2025
    assert arithmetic.is_date(ledger.claim("C009"))  # 2024, on 2024-09-05
    assert not arithmetic.is_date(ledger.claim("C024"))


@given(values, values, values)
def test_no_mean_reaches_the_larger_of_two_shares(part, a, b):
    x = [Interval.point(n) for n in (part, a, b)]
    assert can_hold("part_of_mean", x) == (part < max(a, b) or part == a == b)


def test_a_mean_reaches_the_upper_end_that_all_its_shares_reach():
    assert can_hold("part_of_mean", [Interval.point(5), Interval(3, 5, True, True), Interval(4, 5, True, True)])
    assert not can_hold("part_of_mean", [Interval.point(5), Interval(3, 5, True, True), Interval(4, 5, True, False)])


@given(st.integers(0, 50), st.integers(0, 50))
def test_rows_are_counted_without_tolerance(rows, printed):
    x = [Interval.point(1)] * rows + [Interval.point(printed)]
    assert can_hold("count_of_rows", x) == (rows == printed)
    assert can_hold("count_of_rows", x[-1:], Fraction(rows)) == (rows == printed)


@given(dates, dates, st.integers(0, 2), st.integers(0, 2))
def test_dates_in_order_stay_so_when_printed_by_month_or_year(a, b, form_a, form_b):
    a, b = sorted((a, b))
    x, y = days(printed_date(a, form_a)), days(printed_date(b, form_b))
    assert can_hold("order_in_time", [x, y])
    assert can_hold("order_in_time", [y, x]) == can_be_at_most(y, x)
    assert can_hold("order_in_time", [days(b.isoformat()), days(a.isoformat())]) == (a == b)


@given(dates, dates, st.integers(0, 2), st.integers(0, 2))
def test_years_between_dates_hold_for_every_limit_that_the_exact_dates_keep(a, b, form_a, form_b):
    a, b = sorted((a, b))
    elapsed = Fraction((b - a).days) / arithmetic.YEAR_IN_DAYS
    x = [days(printed_date(a, form_a)), days(printed_date(b, form_b))]
    assert can_hold("within_years", x, elapsed)
    exact_days = [days(a.isoformat()), days(b.isoformat())]
    assert not can_hold("within_years", exact_days, elapsed - Fraction(1, 1000))


@given(dates, st.integers(0, 40), st.integers(0, 45))
def test_a_trip_is_as_long_as_its_days_or_one_less(start, nights, printed):
    end = start + dt.timedelta(days=nights)
    x = [days(f"{start}/{end}"), Interval.point(printed)]
    assert can_hold("days_between", x) == (printed in (nights, nights + 1))
    split = [days(start.isoformat()), days(end.isoformat()), Interval.point(printed)]
    assert can_hold("days_between", split) == can_hold("days_between", x)


@given(st.integers(1990, 2030), dates)
def test_a_whole_period_must_be_over_before_its_source(year, day):
    x = [days(str(year)), days(day.isoformat())]
    assert can_hold("ended_before", x) == (day >= dt.date(year, 12, 31))
    # a source of which only the month is known may be of its last day
    x = [days(str(year)), days(f"{day:%Y-%m}")]
    assert can_hold("ended_before", x) == ((day.year, day.month) >= (year, 12))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-Q1", "2023-01-01", "2023-03-31"),
        ("2013/2020", "2013-01-01", "2020-12-31"),
        ("2022-10-27/2022-10-28", "2022-10-27", "2022-10-28"),
    ],
)
def test_periods_cover_the_days_that_they_name(period, first, last):
    assert days(period) == Interval(dt.date.fromisoformat(first).toordinal(), dt.date.fromisoformat(last).toordinal())


@pytest.mark.parametrize("period", ["", "2019/", "/2030", "--10-30", "FY2024-25", "2024-13", "2025/2024", "soon"])
def test_periods_without_year_or_end_are_not_guessed(period):
    assert days(period) is None


def test_an_unknown_kind_is_named():
    with pytest.raises(ClaimError, match="'roughly'"):
        sides("roughly", [Interval.point(1), Interval.point(1)])
