"""Source checks: what sources say decides a claim by rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_claims import made, says

from cityresearch.claims import rules, sources
from cityresearch.claims.judged import fingerprint
from cityresearch.claims.ledger import claim
from cityresearch.claims.sources import source_checks


def test_an_independent_source_that_prints_it_makes_it_agree_and_is_named(judged):
    found = judged(says("partial"), says("agrees_rounded"))
    assert (found.verdict, found.basis, found.decided_by) == ("agrees", "source", "independent-agrees_rounded")
    assert found.reason == "INDEPENDENT-AGREES_ROUNDED: The independent page has agrees_rounded."


@pytest.mark.parametrize("own", ["same_publisher", "unknown"])
def test_the_word_of_the_body_concerned_alone_is_a_condition(judged, own):
    found = judged(says("agrees", own))
    assert (found.verdict, found.basis) == ("agrees-if", "source")
    assert found.decided_by == f"the word of {own.upper()}-AGREES is taken"
    assert ("of the organization concerned" in found.reason) == (own == "same_publisher")
    assert ("we do not know whether it is independent" in found.reason) == (own == "unknown")
    assert f"the {own} page has agrees." in found.reason
    # a name keeps its first letter
    assert judged(says("agrees", own, says="Fresno has it.")).reason.endswith(": Fresno has it.")


def test_on_the_date_of_its_own_act_the_body_is_the_authority(judged):
    date = made("2024", "year", kind="date", period="2024-05-02")
    row = says("agrees", "same_publisher", "2024", "year", of=date, period="2024-05-02")
    assert judged(row, of=date).verdict == "agrees"
    assert judged(replace(row, independence="independent"), of=date).verdict == "agrees"
    for kind, independence in (("statistic", "same_publisher"), ("date", "unknown")):
        other = replace(date, kind=kind)
        assert judged(replace(row, independence=independence), of=other).verdict == "agrees-if"


def test_independent_sources_on_both_sides_make_a_condition_that_names_whose_figure_is_taken(judged):
    found = judged(says("agrees"), says("differs", value="30"))
    assert (found.verdict, found.decided_by) == ("agrees-if", "the figure of INDEPENDENT-AGREES is taken")
    sides = [f"INDEPENDENT-{word.upper()}: The independent page has {word}" for word in ("agrees", "differs")]
    assert found.reason == f"Sources disagree: {'; but '.join(sides)}."


@pytest.mark.parametrize("doubt", ["same_publisher", "unknown"])
def test_the_bodys_own_word_stands_against_one_that_is_not_independent(judged, doubt):
    found = judged(says("agrees", "same_publisher"), says("differs", doubt, "30"))
    assert (found.verdict, found.decided_by) == ("agrees-if", "the figure of SAME_PUBLISHER-AGREES is taken")
    sides = [
        f"{who.upper()}: The {who.split('-')[0]} page has {who.split('-')[1]}"
        for who in ("same_publisher-agrees", f"{doubt}-differs")
    ]
    assert found.reason == f"Sources disagree: {'; but '.join(sides)}."


def test_the_bodys_own_word_falls_to_an_independent_source_and_is_named_as_the_only_support(judged):
    found = judged(says("agrees", "same_publisher"), says("differs", value="30"))
    assert (found.verdict, found.decided_by) == ("differs", "independent-differs")
    assert found.reason.endswith(
        "differs. The only support is SAME_PUBLISHER-AGREES: The same_publisher page has agrees."
    )


@pytest.mark.parametrize("doubt", ["independent", "authority", "same_publisher"])
def test_without_any_support_whoever_prints_otherwise_decides(judged, doubt):
    found = judged(says("differs", doubt, "30"))
    assert (found.verdict, found.decided_by) == ("differs", f"{doubt}-differs")
    assert found.reason == f"{doubt.upper()}-DIFFERS: The {doubt} page has differs."


def test_what_may_not_be_independent_refutes_nothing_alone_and_is_said(judged):
    found = judged(says("differs", "unknown", "30"))
    assert (found.verdict, found.decided_by) == ("open", "")
    assert "Something else is said by UNKNOWN-DIFFERS: The unknown page has differs; we do not know" in found.reason


def test_a_retelling_supports_nothing(judged):
    assert judged(says("agrees", "retells")).verdict == "open"
    assert judged(says("agrees", "retells"), says("differs", value="30")).verdict == "differs"


def test_the_same_number_of_other_things_makes_a_condition_on_the_label(judged):
    label = says("differs", value="20", by_hand="the same number, but of seats")
    found = judged(label)
    assert (found.verdict, found.decided_by) == ("agrees-if", "the number is taken without what it is said to count")
    assert (
        found.reason
        == "The number is the same, but it counts something else: INDEPENDENT-DIFFERS: The independent page has differs."
    )
    # a row against it without a number does not weigh more than that, one with another number does
    assert judged(label, says("differs")).verdict == "agrees-if"
    assert judged(label, says("differs", value="30")).verdict == "differs"


@pytest.mark.parametrize(
    ("value", "unit", "of"),
    [
        ("30", "jobs", made()),
        ("20", "people", made()),
        ("", "jobs", made()),
        ("1", "rank", made("1", "rank")),
        ("2024", "year", made("2024", "year", period="2024-05-02")),
        ("20", "jobs", made("")),
    ],
)
def test_a_difference_is_no_matter_of_labels_if_the_number_the_unit_or_the_kind_is_another(judged, value, unit, of):
    row = says("differs", value=value, unit=unit, of=of, by_hand="it is of another thing")
    assert judged(row, of=of).verdict == "differs"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("agrees", "retells"), ("partial", "independent")], "Others only retell it (RETELLS-AGREES)."),
        ([("older", "independent"), ("partial", "independent")], "The sources in our data cover only part of it."),
        ([("related", "independent"), ("older", "independent")], "The sources in our data give only older figures."),
        ([("related", "independent")], "The sources in our data are about the same subject but do not test it."),
    ],
)
def test_an_open_claim_says_what_its_sources_have_and_what_would_settle_it(judged, rows, reason):
    found = judged(*(says(*row) for row in rows))
    assert (found.verdict, found.basis, found.decided_by) == ("open", "source", "")
    assert found.reason == f"{reason} The list of firms would settle it."


def test_a_claim_without_sources_is_open_without_a_basis(judged):
    found = judged()
    assert (found.verdict, found.basis, found.reason) == ("open", "none", "The list of firms would settle it.")
    assert judged(of=made(settle="")).reason == "No source in our data tests it."


def test_a_claim_that_the_ledger_holds_open_stays_so_with_its_own_reason(judged):
    held = made(settle_status="open")
    found = judged(says("agrees", of=held), of=held)
    assert (found.verdict, found.basis, found.reason) == ("open", "source", held.settle)
    assert judged(of=held).basis == "none"


def test_of_many_sources_two_are_cited_and_the_others_counted(judged):
    found = judged(*(says("agrees", source_id=f"s{n}") for n in range(4)))
    assert found.reason == "S0: The independent page has agrees; S1: The independent page has agrees (and 2 more)."


def test_every_row_is_a_reading_with_its_word_its_source_and_its_caveats(judged):
    found = judged(says("agrees", "unknown", "20", note="an estimate"), says("differs", value="30"), says("older"))
    assert [r.agrees for r in found.readings] == [True, False, None]
    first = found.readings[0]
    assert (first.value, first.words, first.sources) == (20, "agrees", ("unknown-agrees",))
    assert first.caveats == ("we do not know whether it is independent", "an estimate")
    assert found.readings[2].value is None


INSIDE = claim("C005")  # seven people stand in the paragraph of thanks, which the document shows itself


@pytest.mark.parametrize(
    ("word", "independence", "verdict"),
    [
        ("differs", "independent", "agrees-if"),
        ("differs", "same_publisher", "agrees-if"),
        ("differs", "retells", "agrees"),
        ("agrees", "independent", "agrees"),
        ("related", "independent", "agrees"),
    ],
)
def test_a_source_against_what_a_document_shows_makes_its_agreement_conditional(
    monkeypatch, word, independence, verdict
):
    row = replace(source_checks("C002")[0], says="Eight people.", value="8", unit="people", relation="", by_hand="")
    row = replace(row, agreement=word, independence=independence, claim_hash=fingerprint(INSIDE))
    if word == "agrees":
        row = replace(row, value="7")
    monkeypatch.setattr(sources, "source_checks", lambda _: (row,))
    found = rules.verdict_on(INSIDE)
    assert found.verdict == verdict
    assert ("But another source says something else: " in found.reason) == (verdict == "agrees-if")
    assert found.readings[-1].sources == (row.source_id,)
