"""The texts on claims that differ: each differing claim has one, none outlives its claim, and their numbers come from the results."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace

import pytest
from conftest import PROJECT

from cityresearch.claims import differences
from cityresearch.claims.differences import DIFFERING, faults, filled, firmness, letters, stray_numbers
from cityresearch.claims.ledger import claim
from cityresearch.claims.records import committed
from cityresearch.errors import ClaimError

CHECKS = committed()


@pytest.fixture
def with_letter(monkeypatch):
    """Change the text on one claim, or take it away, and return what is wrong then."""

    def change(claim_id: str, **values: str) -> list[str]:
        changed = dict(letters())
        if values:
            changed[claim_id] = replace(changed[claim_id], **values)
        else:
            del changed[claim_id]
        monkeypatch.setattr(differences, "letters", lambda: changed)
        return list(faults(CHECKS))

    return change


def test_every_claim_that_differs_has_its_texts_and_no_other_has():
    assert list(faults(CHECKS)) == []
    assert letters().keys() == {key for key, check in CHECKS.items() if check.verdict in DIFFERING}


def test_a_claim_without_texts_is_named(with_letter):
    assert with_letter("C017") == [
        "C017 differs-unless and has no row in data/raw/claims/differences.csv: write what was found and what would change the verdict."
    ]


def test_texts_on_a_claim_that_no_longer_differs_are_named():
    now = {**CHECKS, "C017": replace(CHECKS["C017"], verdict="agrees-if")}
    assert list(faults(now)) == ["C017 has a row in data/raw/claims/differences.csv and is agrees-if: remove the row."]
    gone = {key: check for key, check in CHECKS.items() if key != "C017"}
    assert "is without a verdict: remove the row" in next(faults(gone))


@pytest.mark.parametrize(
    ("key", "written", "now"), [("C017", "differs-unless", "differs"), ("C074", "differs", "differs-unless")]
)
def test_texts_written_for_another_verdict_are_to_be_read_again(key, written, now):
    moved = {**CHECKS, key: replace(CHECKS[key], verdict=now)}
    assert f"{key}: written for {written}, and the verdict is {now}: read it again" in next(faults(moved))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"found": "It was {both ways, 2099} in that year."}, r"{both ways, 2099} is no reading with a number"),
        ({"settles": "A source with {imports alone, 2012}."}, r"{imports alone, 2012} is no reading with a number"),
        ({"found": "It was 40.1% by customs records."}, r"the number 40.1 is not from the claim's results"),
        ({"found": "It was so in 1917."}, r"the number 1917 is not from the claim's results"),
        ({"settles": "The page that note 88 cites."}, r"the number 88 is not from the claim's results"),
        ({"settles": "The page as it read on May 21."}, r"the number 21 is not from the claim's results"),
        ({"claim_hash": "0000000000"}, r"judged against another statement.*cityresearch judged C017"),
    ],
)
def test_a_text_that_does_not_fit_the_results_is_named(changed, fault, with_letter):
    (found,) = with_letter("C017", **changed)
    assert re.search(fault, found)


def test_a_placeholder_gives_the_number_that_the_results_have():
    check = CHECKS["C017"]
    other = [
        dict(row, value="31.25") if row["reading"].startswith("imports alone, 2012") else row for row in check.readings
    ]
    text = "{imports alone, 2012, customs-based} and {r2-joc-2025-05}, not {printed}"
    assert filled(text, check) == "44.8% and 37.2%, not about 45%"
    assert filled(text, replace(check, readings=tuple(other))) == "31.2% and 37.2%, not about 45%"
    # a row of a source goes by its id, whose unit is known; its words would get the unit of the claim
    row = next(row["reading"] for row in check.readings if row["kind"] == "source" and row["value"])
    with pytest.raises(ClaimError, match="is no reading with a number"):
        filled(f"{{{row}}}", check)
    with pytest.raises(ClaimError, match=r"C061: \{printed\}"):
        filled("{printed}", CHECKS["C061"])


def test_years_days_and_notes_may_be_written_out_if_the_results_have_them():
    text = replace(letters()["C017"], found="On May 20, 2025, and in 2012.", settles="Note 6, for {printed}.")
    assert stray_numbers(text, CHECKS["C017"]) == []
    assert stray_numbers(replace(text, found="In 2012 it was 2012.5."), CHECKS["C017"]) == ["2012.5"]


@pytest.mark.parametrize("letter", letters().values(), ids=lambda letter: letter.claim_id)
def test_a_text_is_short_its_own_and_quotes_nobody(letter):
    found = filled(letter.found, CHECKS[letter.claim_id])
    assert 2 <= len(re.split(r"(?<=[.!?]) (?=[A-Z])", found)) <= 4
    assert not re.search(r"[“”\"«»]", letter.found + letter.settles)
    assert letter.found.endswith(".") and letter.settles.endswith(".")
    alike = [other.claim_id for other in letters().values() if other.settles == letter.settles]
    # two pointers to one brief that is missing are settled alike
    assert set(alike) in ({letter.claim_id}, {"M004", "M023"})


def test_how_firm_a_verdict_is_stands_in_plain_sentences():
    told = firmness(CHECKS["C017"])
    assert told.startswith(
        "17 ways to read the sentence could be tested, and 1 of them agrees. Of 100 numbers as exact as the printed one"
    )
    assert "nearly all would agree with a reading too, so that an agreement alone says little" in told
    assert told.endswith("If the printed wording is taken to reach twice as far, the verdict is agrees-if.")
    # C017 differs unless; half as far it stays what it is, twice as far it agrees under a condition
    for half, double, ends in (("agrees", "agrees-if", 2), ("", "differs-unless", 0), ("open", "", 1)):
        other = replace(CHECKS["C017"], strength=replace(CHECKS["C017"].strength, half=half, double=double))
        assert firmness(other).count("If the printed wording is taken to reach") == ends
    assert "5 of them agree. So do 6 more that a careful writer would hardly mean." in firmness(CHECKS["C126"])
    assert "an agreement is hardly an accident" in firmness(CHECKS["C150"])
    assert firmness(CHECKS["C074"]).startswith("One way to read the sentence could be tested, and it does not agree.")
    assert firmness(CHECKS["C180"]).startswith("We computed nothing here")
    assert "Independent publishers whose figures agree under some reading: " in firmness(CHECKS["C074"])
    assert firmness(CHECKS["M004"]).endswith("none of them agree. Only the document’s own words are compared.")


def test_the_page_has_each_claim_with_its_texts_and_is_not_made_where_one_is_missing(monkeypatch, with_letter):
    monkeypatch.syspath_prepend(str(PROJECT / "tools"))
    tool = importlib.import_module("differences_page")
    page = tool.page()
    for key, letter in letters().items():
        assert f"### {key}: " in page
        assert f"**What we found.** {filled(letter.found, CHECKS[key])}" in page
        assert f"**What would change our verdict.** {filled(letter.settles, CHECKS[key])}" in page
        assert claim(key).statement.rstrip(".") in page
    assert "{" not in page
    with_letter("C017")
    monkeypatch.setattr(tool, "letters", differences.letters)
    with pytest.raises(ClaimError, match="C017 differs-unless and has no row"):
        tool.page()
