"""The ledger is guarded: whatever digit or statement of a settled claim changes, `data check` or the tables of a run say so."""

from __future__ import annotations

import random
import runpy
from dataclasses import replace

import pytest
from conftest import PROJECT

from cityresearch.claims import judged
from cityresearch.claims.ledger import claim, claims
from cityresearch.claims.records import committed

TOOL = runpy.run_path(str(PROJECT / "tools" / "mutate_ledger.py"))
SAMPLE = 120


def survivors(found) -> list[str]:
    return [f"{one.mutant.original.claim_id}: {one.mutant.change}" for one in found if not one.noticed]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["digit", "negation"])
def test_no_changed_claim_keeps_its_verdict_unseen(kind):
    drawn = [m for m in TOOL["mutants"](seed=3) if m.kind == kind]
    assert len(drawn) > 250
    drawn = random.Random(3).sample(drawn, SAMPLE)
    found = list(TOOL["outcomes"](drawn))
    assert survivors(found) == []
    # a row judged by hand is named for each of them
    assert all(one.named for one in found)


def test_a_claim_that_has_not_changed_is_noticed_by_nothing():
    same = [TOOL["Mutant"]("digit", item, item, "nothing") for item in list(claims().values())[:60]]
    for one in TOOL["outcomes"](same):
        assert not one.noticed, one
        assert not one.by_number


def test_without_its_guards_a_claim_on_the_word_of_a_source_would_survive():
    # C040 prints 100 metros, and so does the study of Brookings
    item = claim("C040")
    moved = replace(item, printed=replace(item.printed, value=item.printed.value + 1))
    check = committed()["C040"]
    one = TOOL["outcome"](TOOL["Mutant"]("digit", item, moved, "100 to 101"), check, {})
    assert one.named == ()
    assert any(field.endswith(": agrees") for field in one.by_number)
    negated = TOOL["outcome"](TOOL["negated"](item), check, {})
    assert negated.by_number == ()
    assert "verdict" in negated.differing
    # the guards are back in place afterwards
    assert judged.why_stale(claim("C040"), "100", judged.fingerprint(item)) == ""
    assert claim("C040") == item


def test_a_digit_mutant_changes_one_digit_at_every_position_or_at_one():
    item = claim("C024")
    rng = random.Random(1)
    every = TOOL["digit_mutants"](item, rng=rng, all_positions=True)
    assert len(every) == len("59600000000")
    assert len(TOOL["digit_mutants"](item, rng=rng)) == 1
    for mutant in every:
        old, new = judged.printed_value(item), mutant.change.split(" to ")[1]
        assert sum(a != b for a, b in zip(old, new, strict=True)) == 1
        assert mutant.changed.printed.value == int(new)


@pytest.mark.parametrize(
    ("statement", "becomes"),
    [
        ("The tie is of 2022", "The tie is not of 2022"),
        ("The list is not published", "The list is published"),
        ("Exports of goods by California", "Not so: Exports of goods by California"),
    ],
)
def test_a_statement_is_negated_by_one_word(statement, becomes):
    assert TOOL["negated"](replace(claim("C024"), statement=statement)).changed.statement == becomes


def test_the_report_counts_by_basis_and_lists_what_survives_with_the_reason():
    item = claim("C024")
    kinds = [TOOL["digit_mutants"](item, rng=random.Random(1))[0], TOOL["negated"](item)]
    blind = [TOOL["Outcome"](m, "data", (), (), ()) for m in kinds]
    text = TOOL["report"](blind)
    assert "| digit | data | 1 | 0 | 0 | 0 (0.0 %) | 0 |" in text
    assert "2 of 2 survive." in text
    assert "- C024 (digit, 59600000000 to " in text
    assert "verdicts.csv holds no hash of the statement." in text
