"""Source checks: what sources print decides a claim by rule, by number where there is one, and only while the claim reads as it did."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

from cityresearch import datasets
from cityresearch.claims import guards, rules, sources
from cityresearch.claims.judged import fingerprint, printed_value, why_stale
from cityresearch.claims.ledger import Claim, claim, claims
from cityresearch.claims.sources import SourceCheck, judge_by_sources, source_checks
from cityresearch.claims.standing import TESTS, SourceNumber, computed, word_by_number
from cityresearch.errors import ClaimError
from cityresearch.numbers.printed import PrintedNumber


def made(value="20", unit="jobs", *, relation="eq", precision="1", **more) -> Claim:
    """A claim that prints a number; none if the value is empty."""
    printed = PrintedNumber(value, precision, unit, more.get("period", "2024")) if value else None
    given = {
        "claim_id": "C999", "document": "one", "section": "", "line": None, "note_number": "", "kind": "statistic",
        "statement": "A firm has twenty jobs", "subject": "", "metric": "", "relation": relation if value else "",
        "printed": printed, "unit": unit, "period": "2024", "places": (), "related": (), "chapter": "", "settle_status": "source",
        "settle": "The list of firms would settle it.",
    }  # fmt: skip
    return Claim(**{**given, **more})


def says(word, independence="independent", value="", unit="jobs", *, of=None, **more) -> SourceCheck:
    """A row that was judged on the claim as it reads now."""
    item = of or made()
    row = {
        "claim_id": "C999", "source_id": f"{independence}-{word}", "row": "1", "says": f"The {independence} page has {word}.",
        "value": value, "unit": unit, "period": "2024", "agreement": word, "independence": independence, "note": "",
        "claim_value": printed_value(item), "claim_hash": fingerprint(item),
    }  # fmt: skip
    return SourceCheck(**{**row, **more})


@pytest.fixture
def judged(monkeypatch):
    """Judge a claim by made rows; the publisher of a source is its id."""
    monkeypatch.setattr(sources, "source", lambda key: SimpleNamespace(publisher=key.upper()))

    def by(*rows, of=None):
        monkeypatch.setattr(sources, "source_checks", lambda _: rows)
        return judge_by_sources(of or made())

    return by


# --- the rules


def test_an_independent_source_that_prints_it_makes_it_agree_and_is_named(judged):
    found = judged(says("partial"), says("agrees_rounded"))
    assert (found.verdict, found.basis, found.decided_by) == ("agrees", "source", "independent-agrees_rounded")
    assert found.reason == "INDEPENDENT-AGREES_ROUNDED: The independent page has agrees_rounded."


@pytest.mark.parametrize("own", ["same_publisher", "unknown"])
def test_the_word_of_the_body_concerned_alone_is_a_condition(judged, own):
    found = judged(says("agrees", own))
    assert (found.verdict, found.basis) == ("agrees-if", "source")
    assert found.decided_by == f"the word of {own.upper()}-AGREES is taken"
    assert ("itself: " in found.reason) == (own == "same_publisher")
    assert ("we do not know whether it is independent" in found.reason) == (own == "unknown")
    assert f"the {own} page has agrees." in found.reason
    # a name keeps its first letter
    assert judged(says("agrees", own, says="Fresno has it.")).reason.endswith(": Fresno has it.")
    who = {"same_publisher": " itself", "unknown": ", and we do not know whether it is independent"}[own]
    assert found.reason == f"The only source is {own.upper()}-AGREES{who}: the {own} page has agrees."


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


@pytest.mark.parametrize("doubt", ["same_publisher", "unknown", "retells"])
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


@pytest.mark.parametrize("doubt", ["independent", "same_publisher", "unknown", "retells"])
def test_without_any_support_whoever_prints_otherwise_decides(judged, doubt):
    found = judged(says("differs", doubt, "30"))
    assert (found.verdict, found.decided_by) == ("differs", f"{doubt}-differs")
    assert found.reason == f"{doubt.upper()}-DIFFERS: The {doubt} page has differs."


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
    found = rules.judge_by_rule(INSIDE)
    assert found.verdict == verdict
    assert (found.decided_by.endswith(", inside the document")) == (verdict == "agrees-if")
    assert (f"But another source says something else: Eight people ({row.source_id})." in found.reason) == (
        verdict == "agrees-if"
    )
    assert found.readings[-1].sources == (row.source_id,)


# --- agreement by number


@pytest.mark.parametrize(
    ("item", "number", "agrees"),
    [
        (made("59.6e9", "USD", precision="0.1e9"), SourceNumber("59561594613", "USD", "2023"), True),
        (made("59.6e9", "USD", precision="0.1e9"), SourceNumber("59500000000", "USD", "2023"), False),
        # what a source words as the paper does agrees with it, though 6,800 is not more than 6,800
        (made("6800", relation="gt", precision="100"), SourceNumber("6800", "jobs", "2022"), False),
        (made("6800", relation="gt", precision="100"), SourceNumber("6800", "jobs", "2022", "gt", "100"), True),
        # a source that rounds stands for all that rounds to its number
        (made("29.4", precision="0.1"), SourceNumber("29", "jobs", ""), False),
        (made("29.4", precision="0.1"), SourceNumber("29", "jobs", "", "", "1"), True),
        (made("13", "count"), SourceNumber("13", "cities", ""), True),
        (made("13", "count"), SourceNumber("12", "cities", ""), False),
        (made("-15", "points"), SourceNumber("-15", "points", ""), True),
        (made("20", "year", relation="gt", precision="10"), SourceNumber("21", "years", "2025"), True),
        (made("2022", "year", period="2022-06-24"), SourceNumber("2022", "year", "2022-08-23"), False),
        (made("2022", "year", period="2022-06-24"), SourceNumber("2022", "year", "2022-06"), True),
        (made("2050", "year", period="2050"), SourceNumber("2050", "year", ""), True),
        (made("2025", "year", period="2025-05-15"), SourceNumber("", "date", "2025-05-15"), True),
    ],
)  # fmt: skip
def test_numbers_of_one_kind_are_compared_by_the_rules_of_agreement(item, number, agrees):
    assert computed(item, number).agrees is agrees


@pytest.mark.parametrize(
    ("item", "number"),
    [
        (made(""), SourceNumber("20", "jobs", "")),
        (made(), SourceNumber("", "jobs", "")),
        (made(), SourceNumber("20", "people", "")),
        (made("13", "count"), SourceNumber("13", "USD", "")),
        (made("13", "count"), SourceNumber("13", "flights per week", "")),
        (made("13", "count"), SourceNumber("2013", "year", "2013")),
        # neither a calendar year nor the first of two is a length of time
        (made("20", "year", relation="gt", precision="10"), SourceNumber("2004", "year", "2004")),
        (made("20", "year", relation="gt", precision="10"), SourceNumber("1900", "year", "1899/1900")),
        (made("2022", "year", period="2022-06-24"), SourceNumber("16", "cities", "2022")),
    ],
)  # fmt: skip
def test_numbers_of_two_kinds_are_not_compared(item, number):
    assert computed(item, number) is None


@pytest.mark.parametrize("value", ["280-320", "20;30", "about 20", "2024-05-02", "nan"])
def test_what_is_no_number_is_refused_and_not_guessed(value):
    with pytest.raises(ClaimError, match="Expected a finite number"):
        computed(made(), SourceNumber(value, "jobs", ""))


def test_a_worded_number_without_a_precision_is_refused():
    with pytest.raises(ClaimError, match=r"worded 'gt' needs a precision, found 6800"):
        computed(made("6800"), SourceNumber("6800", "jobs", "", "gt"))


@pytest.mark.parametrize(
    ("word", "value", "becomes"),
    [
        ("agrees", "20", "agrees"),
        ("agrees", "30", "differs"),
        ("agrees_rounded", "20.4", "agrees_rounded"),
        ("agrees_rounded", "20.6", "differs"),
        ("differs", "30", "differs"),
        ("differs", "20", "agrees"),
        ("partial", "30", "partial"),
        ("older", "20", "older"),
        ("related", "20", "related"),
        ("differs", "", "differs"),
    ],
)
def test_the_number_wins_over_the_word_where_the_word_is_a_test(judged, word, value, becomes):
    number = SourceNumber(value, "jobs", "2024")
    assert word_by_number(made(), word, number) == becomes
    assert word_by_number(made(), word, number, by_hand="another thing") == word
    support = becomes in ("agrees", "agrees_rounded")
    expected = True if support else False if becomes == "differs" else None
    assert judged(says(word, value=value)).readings[0].agrees is expected


def test_rounded_agreement_asks_for_the_printed_digits_and_not_for_the_wording():
    over = made("89", relation="gt")
    assert word_by_number(over, "agrees_rounded", SourceNumber("89.2", "jobs", "")) == "agrees_rounded"
    assert word_by_number(over, "agrees_rounded", SourceNumber("88.6", "jobs", "")) == "agrees_rounded"
    assert word_by_number(over, "agrees", SourceNumber("88.6", "jobs", "")) == "differs"


def test_the_kinds_of_rows_that_are_not_compared_are_those_that_the_module_names():
    rows = [check for claim_id in claims() for check in source_checks(claim_id)]
    assert all(re.fullmatch(r"(-?\d+(\.\d+)?)?", check.value) for check in rows)
    assert sum(bool(check.value) for check in rows) == 649
    ledger, kinds = claims(), dict.fromkeys(("compared", "set by hand", "no number", "no test", "other unit"), 0)
    for item in ledger.values():
        for check in source_checks(item.claim_id):
            found = computed(item, check.number)
            kind = (
                "no test" if check.agreement not in TESTS
                else "set by hand" if check.by_hand
                else "compared" if found
                else "no number" if not check.value or item.printed is None
                else "other unit"
            )  # fmt: skip
            kinds[kind] += 1
    assert sum(kinds.values()) == 816
    # what a person alone judged must not grow unseen: raise a number here only with the row that makes it grow
    assert kinds["compared"] >= 310
    assert kinds["set by hand"] <= 32
    assert kinds["no number"] <= 90
    assert kinds["other unit"] <= 35


# --- a judgment belongs to the claim that it was made on

CHANGES = {
    "statement": "A firm has not twenty jobs",
    "relation": "gt",
    "unit": "people",
    "period": "2025",
}


@pytest.mark.parametrize("change", [*CHANGES, "value", "precision"])
def test_a_row_does_not_count_once_the_claim_has_changed(judged, change):
    item = made()
    if change in CHANGES:
        moved = replace(item, **{change: CHANGES[change]})
    else:
        digits = {"value": item.printed.value + 1, "precision": item.printed.precision * 2}
        moved = replace(item, printed=replace(item.printed, **{change: digits[change]}))
    row = says("agrees", value="")
    assert judged(row).verdict == "agrees"
    found = judged(row, of=moved)
    assert (found.verdict, found.readings[0].agrees) == ("open", None)
    assert found.readings[0].words == "not counted, because the claim has changed since this row was judged"
    assert found.reason.startswith("The source in our data must be read again: it was judged against ")
    assert ("judged against 20, and the ledger now has 21" in found.reason) == (change == "value")


def test_what_says_nothing_about_the_world_may_change_freely():
    item = made()
    assert fingerprint(
        replace(item, line=5, chapter="03-ports", settle="Something else.", related=("C001",))
    ) == fingerprint(item)


@settings(deadline=None)
@given(st.integers(1, 10**12), st.sampled_from(["0.01", "1", "1000"]), st.integers(1, 9))
def test_any_other_number_is_another_claim(value, precision, step):
    item = made(str(value), precision=precision)
    other = replace(item, printed=replace(item.printed, value=item.printed.value + step * item.printed.precision))
    assert fingerprint(other) != fingerprint(item)
    assert why_stale(item, printed_value(item), fingerprint(item)) == ""
    assert why_stale(other, printed_value(item), fingerprint(item)).startswith(
        f"it was judged against {value}, and the ledger now has "
    )


def test_a_yes_or_no_of_the_document_does_not_count_once_the_claim_has_changed():
    item = claim("C178")  # the list of trips is not published, which note 9 says
    assert rules.judge_by_rule(item).verdict == "agrees"
    found = rules.judge_by_rule(replace(item, statement=f"It is not so that {item.statement}"))
    assert found.verdict == "open"
    assert "must be read again: it was judged against another statement" in found.reason


# --- data check


@pytest.fixture(scope="module")
def sound():
    return {name: datasets.load(name).reset_index() for name in ("claims", *guards.KEYS)}


def changed(sound, name, column, value, **where) -> dict[str, pd.DataFrame]:
    """The tables with one cell of the only row that matches set to another value."""
    frame = sound[name].copy()
    rows = frame.index[(frame[list(where)] == pd.Series(where)).all(axis=1)]
    assert len(rows) == 1
    frame.loc[rows[0], column] = value
    return {**sound, name: frame}


def stale(tables) -> list[str]:
    return list(guards.judgments_are_of_the_claims_as_they_read_now(tables))


def wrong_words(tables) -> list[str]:
    return list(guards.words_on_sources_follow_from_their_numbers(tables))


def test_the_published_judgments_are_current_and_their_words_follow_from_the_numbers(sound):
    assert stale(sound) == []
    assert wrong_words(sound) == []


def test_every_judgment_on_a_changed_claim_is_named_with_what_it_was_made_on(sound):
    # C171 has sources and a footnote, C015 relations; C005 is read off the document; C075 is a row of Table 1
    found = stale(changed(sound, "claims", "value", 5, claim_id="C171"))
    assert any(f.startswith("claim_sources C171|") and "judged against 4, and the ledger now has 5" in f for f in found)
    assert any(f.startswith("footnotes carnegie|1:") for f in found)
    assert all(f.endswith("read it again, then run tools/record_judgments.py C171") for f in found)
    found = stale(changed(sound, "claims", "value", 142e9, claim_id="C015"))
    assert any(f.startswith("claim_relations R001: it was judged when C015 had other words") for f in found)
    for claim_id, table in (("C005", "document_readings"), ("C075", "mission_table1")):
        found = stale(changed(sound, "claims", "statement", "It is not so", claim_id=claim_id))
        assert any(f.startswith(f"{table} ") and "another statement, wording, unit or period" in f for f in found)


def test_a_list_of_claims_without_as_many_fingerprints_is_named(sound):
    row = sound["claim_relations"].iloc[0]
    cut = row["claim_hashes"].split(";")[0]
    found = stale(changed(sound, "claim_relations", "claim_hashes", cut, relation_id=row["relation_id"]))
    assert found[0].startswith(f"claim_relations {row['relation_id']}: 2 claims, but 1 fingerprints")


def test_a_word_against_the_numbers_is_named_unless_a_reason_is_given(sound):
    row = source_checks("C105")[0]
    where = {"claim_id": row.claim_id, "source_id": row.source_id, "row": int(row.row)}
    wrong = changed(sound, "claim_sources", "agreement", "differs", **where)
    (fault,) = wrong_words(wrong)
    assert fault.startswith(
        f"claim_sources C105|{row.source_id}|1: says 'differs', but 2024 against the printed 2024 makes 'agrees'"
    )
    assert wrong_words(changed(wrong, "claim_sources", "by_hand", "another trip", **where)) == []


def test_a_reason_that_is_no_longer_needed_is_named(sound):
    row = source_checks("C105")[0]
    where = {"claim_id": row.claim_id, "source_id": row.source_id, "row": int(row.row)}
    (fault,) = wrong_words(changed(sound, "claim_sources", "by_hand", "another trip", **where))
    assert "by_hand gives a reason that is not needed" in fault


def test_a_wording_without_a_precision_is_named(sound):
    where = {"claim_id": "C218", "source_id": "calcompetes-2022", "row": 1}
    (fault,) = wrong_words(changed(sound, "claim_sources", "precision", None, **where))
    assert fault.startswith("claim_sources C218|calcompetes-2022|1: A number worded 'gt' needs a precision")


def test_recording_renews_the_rows_of_the_named_claims_only(tmp_path):
    copy = tmp_path / "project"
    shutil.copytree(PROJECT / "data", copy / "data")
    ledger, tables = copy / "data" / "raw" / "claims" / "claims.csv", copy / "data" / "raw"
    before = (tables / "claim_sources.csv").read_text(encoding="utf-8")
    edit = (
        "from cityresearch.datasets.store import store_table\nfrom pathlib import Path\n"
        f"text = Path({str(ledger)!r}).read_text(encoding='utf-8')\n"
        "store_table('claims', text.replace('gt,200,people', 'gt,300,people').replace('eq,20,countries', 'eq,30,countries').encode())\n"
    )

    def python(*arguments):
        environment = {"CITYRESEARCH_ROOT": str(copy), "PYTHONPATH": str(PROJECT), "PATH": ""}
        return subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=copy
        )

    assert python("-c", edit).returncode == 0
    tool = PROJECT / "tools" / "record_judgments.py"
    assert python(tool).returncode == 1
    assert "did you mean" in python(tool, "C0020").stderr
    assert python(tool, "C002").returncode == 0
    lines = zip(
        before.splitlines(), (tables / "claim_sources.csv").read_text(encoding="utf-8").splitlines(), strict=True
    )
    moved = [new for old, new in lines if old != new]
    assert moved
    assert all(line.startswith("C002,") and ",300," in line for line in moved)
