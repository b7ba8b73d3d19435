"""Relations between the claims of the documents: worked examples by claim id, and outcomes that turn when a number does."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from test_datasets import edit

from cityresearch import datasets
from cityresearch.claims import arithmetic, ledger
from cityresearch.claims.relations import KINDS, ClaimRelation, relations
from cityresearch.errors import ClaimError, DataError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber

# --- what the wording covers


@pytest.mark.parametrize(
    ("relation", "value", "unit", "low", "high"),
    [
        ("nearly", 20, "count", 18, 19),
        ("gt", 30, "people", 31, 32),
        ("eq", 7, "count", 7, 7),
        ("lt", 2, "year", 1, 2),
        ("gt", 522, "count", 523, 523),
        ("approx", 25, "count", 23, 27),
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
        for r in relations().values()
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


@pytest.mark.parametrize(("low", "high", "words"), [(95, 100, "95 to 100"), (9, 10, "9 to 10"), (7, 7, "7")])
def test_a_range_is_told_by_both_ends_however_many_digits_they_have(low, high, words):
    assert arithmetic._range(Interval(low, high)) == words


def test_every_relation_resolves_and_enough_are_decided():
    found = arithmetic.comparisons()
    assert len(found) == datasets.dataset("claim_relations").rows >= 80
    assert sum(c.holds is not None for c in found.values()) >= 40
    assert {c.scope for c in found.values()} == {"inside", "across"}
    assert {c.kind for c in found.values()} == set(KINDS)


@pytest.mark.parametrize("relation", relations().values(), ids=lambda r: r.relation_id)
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
        assumption = relations()[key].assumption
        assert (f"assuming that {assumption}" in found.sentence) == bool(assumption)
        assert found.sentence.endswith(".") and ".." not in found.sentence


def test_every_clash_and_nothing_else_has_a_grade_with_its_reason():
    found = arithmetic.comparisons()
    graded = {key: r.grade for key, r in relations().items() if r.grade}
    assert graded.keys() == {key for key, c in found.items() if c.holds is False}
    assert {graded[key] for key in ("R008", "R019", "R048")} == {"conditional"}
    assert {graded[key] for key in ("R013", "R142")} == {"trivial"}
    assert all(relations()[key].why_grade.endswith(".") for key in graded)


def test_a_clash_that_an_assumption_can_undo_is_never_called_certain():
    certain = [r for r in relations().values() if r.grade == "certain"]
    assert certain
    assert not any(r.assumption for r in certain)


def test_partners_are_mutual():
    for other, relation, kind, holds in arithmetic.partners("C169"):
        assert ("C169", relation, kind, holds) in arithmetic.partners(other)
    assert {p[0] for p in arithmetic.partners("C169")} == {"C130", "C200", "C202", "C224"}
    with pytest.raises(ClaimError, match="C999"):
        arithmetic.partners("C999")


def test_the_table_has_a_row_for_each_relation():
    frame = arithmetic.table()
    assert list(frame.index) == list(relations())
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
        "grade",
        "why_grade",
    ]
    assert str(frame["holds"].dtype) == "boolean"


@pytest.mark.parametrize(
    ("claim_id", "verdict"),
    [("E115", "agrees"), ("E085", "agrees"), ("M130", "agrees"), ("M004", "differs"), ("M023", "differs")],
)
def test_a_number_that_follows_from_its_document_gets_a_verdict(claim_id, verdict):
    found = arithmetic.judge_by_arithmetic(claim_id)
    assert (found.verdict, found.basis) == (verdict, "arithmetic")
    assert claim_id in relations()[found.decided_by].claims


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


def with_relations(project, monkeypatch, old, new):
    """Change a cell of the table of relations in a copy of the project, and work there."""
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(project))
    edit(project, "claim_relations", old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("R001,equal,C015;C027", "R001,equal,C015;C999", "C999"),
        ("R001,equal,C015;C027", "R001,equal,C015", "R001 .* too few claims"),
        ("R001,equal,C015;C027", "R001,sum,C015;C027", "R001 .* too few claims"),
        ("R001,equal,C015;C027", "R001,product,C015;C027", "R001 .* too few claims"),
        ("R001,equal,C015;C027", "R001,count_of_rows,C015", "R001 .* too few claims"),
        ("R001,equal,C015;C027", "R001,difference,C015;C027", "R001 .* too few claims"),
        ("R001,equal,C015;C027", "R001,ratio,C015;C027", "R001 .* too few claims"),
        ("R001,equal,", "R001,roughly,", "column kind: found 'roughly'"),
        (",inside,", ",across,", "R001 .* scope 'across', but its claims are inside"),
        ("R001,equal,C015;C027", "R001,equal,C015;C033", "R001 .* numbers in USD and jobs equal"),
        (",certain,", ",,", "R101 .* a reason without a grade"),
        (",certain,", ",conditional,", "R101 .* graded conditional, with the assumption ''"),
        (",trivial,", ",certain,", "R013 .* a certain clash needs none"),
        (",certain,", ",grave,", "column grade: found 'grave'"),
    ],
)
def test_a_faulty_relation_is_named_with_its_fault(old, new, message, project, monkeypatch):
    with_relations(project, monkeypatch, old, new)
    with pytest.raises((ClaimError, DataError), match=message):
        relations()


def test_statements_without_a_number_can_be_said_to_be_equal(project, monkeypatch):
    with_relations(project, monkeypatch, "R001,equal,C015;C027", "R001,equal,C004;C010")
    assert relations()["R001"].claims == ("C004", "C010")


def test_rows_are_counted_without_the_claim_that_prints_their_number():
    found = arithmetic.comparisons()["R038"]
    assert found.left_words == f"{len(found.claims) - 1} rows listed"
