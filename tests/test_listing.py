"""Listing claims: what a person reads of one, and which are found by a word."""

from __future__ import annotations

import re

import pytest

from cityresearch.claims import listing
from cityresearch.claims.ledger import claim
from cityresearch.claims.listing import Filter, select


def test_a_claim_in_full_says_what_is_printed_what_the_wording_covers_and_each_reading():
    text = listing.in_full(listing.one("C024"))
    assert "Printed: $59.6 billion, period " in text
    assert "The wording covers $59.55 billion up to, not including, $59.65 billion." in text
    assert "59,561,594,613 USD: " in text
    marked = {r["name"] for r in listing.one("C024")["readings"] if r["as_printed"]}
    lines = [line for line in text.splitlines() if line.startswith("  - ")]
    assert {line[4:].partition(" [as printed]")[0] for line in lines if "[as printed]" in line} == marked
    assert "Checked in 01-metro-exports, cell " in text


def test_a_claim_without_a_number_says_nothing_of_one():
    text = listing.in_full(listing.one("C041"))
    assert "Printed:" not in text
    assert "The wording covers" not in text


def test_a_yes_or_no_is_shown_by_its_words_and_not_as_a_number():
    item = listing.one("C041")
    answers = [r for r in item["readings"] if isinstance(r["value"], bool)]
    assert answers
    lines = listing.in_full(item)
    assert "True" not in lines
    assert answers[0]["words"] in lines


def test_a_reading_without_a_value_is_shown_by_its_reason():
    item = listing.one("C027")
    missing = next(r for r in item["readings"] if r["value"] is None)
    assert f": {missing['words']}" in listing.in_full(item)


def test_claims_are_found_by_a_word_of_their_reason_as_well_as_of_their_statement():
    item = next(i for i in select(Filter()) if i["claim_id"] == "C027")
    entry = str(claim("C027")).lower()
    word = next(w for w in re.findall(r"[a-z]{5,}", item["reason"].lower()) if w not in entry)
    assert "C027" in {i["claim_id"] for i in select(Filter(text=word.upper()))}
    assert select(Filter(text="no claim says this")) == []


def test_claims_are_found_by_a_part_of_their_place_in_any_case():
    found = select(Filter(place="fRESNO"))
    assert 0 < len(found) < len(select(Filter()))
    assert all("fresno" in ";".join(claim(item["claim_id"]).places).lower() for item in found)


@pytest.mark.parametrize("columns", [40, 120, 200])
def test_a_line_of_the_list_is_as_wide_as_the_terminal_and_no_narrower_than_can_be_read(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = listing.table(
        [listing.one("C027"), listing.one("C180"), {**listing.one("C027"), "statement": "word " * 90}]
    ).splitlines()
    assert len(lines) == 4 and lines[-1] == "3 claims"
    room = max(60, columns) - 31
    assert room - 5 < len(lines[2]) - 30 <= room and lines[2].endswith(" ...")
    assert all(len(line) <= room + 31 for line in lines)
