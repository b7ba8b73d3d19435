"""Arithmetic between claims: the rule of every kind, worked examples by claim id, and outcomes that turn when a number does."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cityresearch import datasets
from cityresearch.claims import arithmetic, ledger
from cityresearch.claims.arithmetic import KINDS, ClaimRelation, can_be_at_most, can_hold, sides
from cityresearch.claims.periods import days
from cityresearch.errors import ClaimError, DataError
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


# --- what the wording covers


@pytest.mark.parametrize(
    ("relation", "value", "unit", "low", "high"),
    [
        ("nearly", 20, "count", 18, 19),
        ("gt", 30, "people", 31, 32),
        ("eq", 7, "count", 7, 7),
        ("lt", 2, "year", 1, 2),
        ("gt", 522, "count", 523, 523),
    ],
)
def test_things_that_are_counted_come_in_whole_numbers(relation, value, unit, low, high):
    item = replace(ledger.claim("C071"), relation=relation, unit=unit, period="", printed=PrintedNumber(value, 1))
    assert (arithmetic.number(item).low, arithmetic.number(item).high) == (low, high)


@pytest.mark.parametrize("item", [c for c in ledger.claims().values() if c.printed], ids=lambda c: c.claim_id)
def test_a_bare_bound_holds_all_that_the_wording_covers(item):
    worded, bare = arithmetic.number(item), arithmetic.number(item, bare=True)
    assert bare.low <= worded.low <= worded.high <= bare.high


def test_only_a_bare_bound_leaves_the_outcome_open(ledger_with):
    relation = by("part_of", "C047", "C035")
    ledger_with(C047={"printed": PrintedNumber(25_000, 1000)})
    found = arithmetic.compare(relation)
    assert found.holds is None
    assert "without any limit" in found.sentence


# --- the relations of the documents


def by(kind: str, *claims: str, factor: int | None = None) -> ClaimRelation:
    """The relation with these claims."""
    found = [
        r
        for r in arithmetic.relations().values()
        if (r.kind, r.claims) == (kind, claims) and (factor is None or r.factor == factor)
    ]
    assert len(found) == 1, (kind, claims)
    return found[0]


@pytest.fixture
def ledger_with(monkeypatch):
    """Change claims for one test."""

    def change(**changes: dict) -> None:
        altered = {key: replace(ledger.claim(key), **values) for key, values in changes.items()}
        monkeypatch.setattr(arithmetic, "claim", lambda key: altered.get(key) or ledger.claim(key))

    return change


def number(value, precision, unit=""):
    return {"printed": PrintedNumber(value, precision, unit)}


# the relation as the documents print it, its outcome, words of its sentence, and one change that turns it
WORKED = [
    (("within_years", "C202", "C200", "C169"), False, "2.218 years", {"C202": {"period": "2022-09-01"}}),
    (("within_years", "C202", "C224", "C169"), False, "2.62 years", {"C224": {"period": "2024-01-04"}}),
    (("within_years", "C130", "C200", "C169"), True, "1.525 to 2.522", {"C130": {"period": "2021"}}),
    (("within_years", "C083", "C001"), False, "10 years", {"C083": {"period": "2018-07"}}),
    (("part_of", "C049", "C033"), False, "more than 1 million jobs", {"C049": number(400_000, 100_000, "jobs")}),
    (("part_of_mean", "C017", "C030", "C031"), False, "45% against C030: about 40% with C031", {"C017": number(41, 1, "percent")}),
    (("equal", "C067", "C071"), False, "C067: 6 against C071: 7", {"C071": number(6, 1)}),
    (("at_least", "C022"), True, "11 countries", {"C022": number(10, 1)}),
    (("product", "E009", "E007", 365), True, "839.5 billion to 876 billion", {"E007": number("839e9", "1e9")}),
    (("product", "E009", "E007", 366), False, "841.8 billion", {"E007": number("842e9", "1e9")}),
    (("days_between", "E146", "E153"), False, "6 to 7 days", {"E146": {"period": "--10-29/--11-02"}}),
    (("days_between", "E110", "E119"), True, "4 to 5 days", {"E119": number(3, 1)}),
    (("days_between", "E063", "E078"), True, "5 to 6 days", {"E063": {"period": "2025-09-22/2025-09-28"}}),
    (("equal", "C026", "E143"), False, "$23 billion", {"E143": number("22.5e9", "1e9")}),
    (("part_of", "E143", "E018"), True, "$34.5 billion", {"E143": number("36e9", "1e9")}),
    (("part_of", "C024", "C025", "C026", "C027"), True, "$24.3 billion", {"C024": number("200e9", "1e9")}),
    (("ended_before", "C045", "C183"), False, "2025-12 against C183: 2025-09-03", {"C045": {"period": "2025-08"}}),
    (("ended_before", "C046", "C184"), False, "2020-04", {"C046": {"period": "2019"}}),
    (("ended_before", "C015", "C174"), False, "2023-Q1", {"C174": {"period": "2025-Q1"}}),
    (("ended_before", "C015", "C226"), True, "2026-03-25", {"C226": {"period": "2024-06-05"}}),
    (("order_in_time", "E063", "C225"), False, "2025-09-03", {"C225": {"period": "2025-09-30"}}),
    (("order_in_time", "C165", "C223"), False, "2016-10-13", {"C223": {"period": "2023-10-13"}}),
    (("count_of_rows", "M004"), False, "2 titles", {"M004": number(2, 1)}),
    (("count_of_rows", "M130"), True, "49 names", {"M130": number(50, 1)}),
    (("ratio", "E116", "E117", "E115"), True, "1.57 to 1.611", {"E115": number("1.8", "0.1")}),
    (("difference", "E093", "E086", "E085"), True, "makes 60", {"E085": number(61, 1)}),
    (("sum", "E084", "C102"), True, "makes 8", {"E084": {**number(9, 1), "relation": "eq"}}),
    (("equal", "C191", "E063"), True, "2025-09-25", {"C191": {"period": "2025-09-27"}}),
    (("part_of", "M122", "M121"), True, "341", {"M122": number(342, 1)}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "holds", "words", "change"), WORKED, ids=["-".join(map(str, w[0])) for w in WORKED])
def test_worked_examples_come_out_and_turn_when_one_number_is_changed(key, holds, words, change, ledger_with):
    factor = key[-1] if isinstance(key[-1], int) else None
    relation = by(*(k for k in key if isinstance(k, str)), factor=factor)
    found = arithmetic.compare(relation)
    assert found.holds is holds
    assert words in found.sentence
    ledger_with(**change)
    assert arithmetic.compare(relation).holds is not holds


def test_a_date_without_a_year_leaves_the_order_open():
    found = arithmetic.compare(by("order_in_time", "E146", "E110"))
    assert found.holds is None
    assert "E146 prints no number or full date" in found.sentence


def test_every_relation_resolves_and_enough_are_decided():
    found = arithmetic.comparisons()
    assert len(found) == datasets.dataset("claim_relations").rows >= 80
    assert sum(c.holds is not None for c in found.values()) >= 40
    assert {c.scope for c in found.values()} == {"inside", "across"}
    assert {c.kind for c in found.values()} == set(KINDS)


@pytest.mark.parametrize("relation", arithmetic.relations().values(), ids=lambda r: r.relation_id)
def test_every_relation_between_numbers_that_holds_could_fail(relation, monkeypatch):
    timed = relation.kind in arithmetic.IN_TIME
    items = {key: ledger.claim(key) for key in relation.claims}
    if timed or arithmetic.compare(relation).holds is not True or all(map(arithmetic.is_date, items.values())):
        return
    last = items[relation.claims[-1]]
    rises = relation.kind not in ("part_of", "part_of_mean") and relation.claims[1:]
    scale = Fraction(1000) if rises else Fraction(1, 1000)
    moved = PrintedNumber(last.printed.value * scale, last.printed.precision * scale)
    items[last.claim_id] = replace(last, printed=moved)
    monkeypatch.setattr(arithmetic, "claim", items.__getitem__)
    assert arithmetic.compare(relation).holds is not True


def test_a_clash_inside_an_assumption_says_so():
    for key, found in arithmetic.comparisons().items():
        assumption = arithmetic.relations()[key].assumption
        assert (f"assuming that {assumption}" in found.sentence) == bool(assumption)
        assert found.sentence.endswith(".") and ".." not in found.sentence


def test_partners_are_mutual():
    for other, relation, kind, holds in arithmetic.partners("C169"):
        assert ("C169", relation, kind, holds) in arithmetic.partners(other)
    assert {p[0] for p in arithmetic.partners("C169")} == {"C130", "C200", "C202", "C224"}
    with pytest.raises(ClaimError, match="C999"):
        arithmetic.partners("C999")


def test_the_table_has_a_row_for_each_relation():
    frame = arithmetic.table()
    assert list(frame.index) == list(arithmetic.relations())
    assert list(frame.columns) == [
        "kind",
        "claims",
        "holds",
        "left_words",
        "right_words",
        "sentence",
        "scope",
        "places",
        "assumption",
    ]
    assert str(frame["holds"].dtype) == "boolean"


@pytest.mark.parametrize(
    ("claim_id", "verdict"),
    [("E115", "agrees"), ("E085", "agrees"), ("M130", "agrees"), ("M004", "differs"), ("M023", "differs")],
)
def test_a_number_that_follows_from_its_document_gets_a_verdict(claim_id, verdict):
    found = arithmetic.judge_by_arithmetic(claim_id)
    assert (found.verdict, found.basis) == (verdict, "arithmetic")
    assert claim_id in arithmetic.relations()[found.decided_by].claims


@pytest.mark.parametrize(
    "claim_id", ["C015", "C027", "E028", "C033", "C049", "C067", "C102", "C169", "E007", "E116", "E118", "C127", "C139"]
)
def test_repetitions_clashes_assumptions_and_other_documents_give_no_verdict(claim_id):
    assert arithmetic.judge_by_arithmetic(claim_id) is None


def test_what_follows_only_from_another_document_gets_no_verdict(monkeypatch):
    relation = by("ratio", "E116", "E117", "E115")
    for scope, verdicts in (("inside", 1), ("across", 0)):
        monkeypatch.setattr(
            arithmetic, "relations", lambda scope=scope: {"R1": replace(relation, relation_id="R1", scope=scope)}
        )
        assert (arithmetic.judge_by_arithmetic("E115") is not None) == verdicts


def test_two_counts_that_disagree_give_no_verdict(monkeypatch):
    relation = by("count_of_rows", "M004")
    both = {name: replace(relation, relation_id=name, factor=Fraction(n)) for name, n in (("R1", 2), ("R2", 3))}
    monkeypatch.setattr(arithmetic, "relations", lambda: both)
    assert arithmetic.judge_by_arithmetic("M004") is None


def test_a_clash_with_another_claim_takes_no_verdict_away():
    assert any(holds is False for other, _, _, holds in arithmetic.partners("C071") if other == "C067")
    assert arithmetic.judge_by_arithmetic("C071").verdict == "agrees"


def test_a_total_that_is_not_the_sum_of_its_parts_leaves_open_which_errs(ledger_with):
    ledger_with(E115=number("1.8", "0.1"))
    assert arithmetic.compare(by("ratio", "E116", "E117", "E115")).holds is False
    assert arithmetic.judge_by_arithmetic("E115") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("R001,equal,C015;C027", "R001,equal,C015;C999", "C999"),
        ("R001,equal,C015;C027", "R001,equal,C015", "R001 .* too few claims"),
        ("R001,equal,", "R001,roughly,", "column kind: found 'roughly'"),
        (",inside,", ",across,", "R001 .* scope 'across', but its claims are inside"),
    ],
)
def test_a_faulty_relation_is_named_with_its_fault(old, new, message, project, monkeypatch):
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(project))
    path, package = (project / "data" / "raw" / name for name in ("claims/relations.csv", "datapackage.json"))
    path.write_bytes(path.read_text(encoding="utf-8").replace(old, new, 1).encode())
    content = json.loads(package.read_text(encoding="utf-8"))
    for resource in content["resources"]:
        if resource["name"] == "claim_relations":
            resource["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    package.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises((ClaimError, DataError), match=message):
        arithmetic.relations()
