"""Verdicts: none stronger than its readings."""

from __future__ import annotations

import pytest

from cityresearch import as_printed, missing
from cityresearch.claims.ledger import claim
from cityresearch.claims.records import as_mime, from_mime, tables
from cityresearch.claims.verdict import judge, read
from cityresearch.errors import ClaimError
from cityresearch.quantity import Quantity

C024 = claim("C024")  # exactly 59.6 billion dollars
C027 = claim("C027")  # more than 141 billion dollars
C041 = claim("C041")  # a figure without a printed number


def verdict(item, **readings):
    return judge(item, read(item, readings))


def test_a_reading_as_printed_that_agrees_decides():
    assert verdict(C024, a=as_printed(59_561_594_613), b=1).verdict == "agrees"


def test_agreement_under_another_reading_only_is_conditional_and_names_it():
    found = verdict(C024, printed=as_printed(61_000_000_000), other=59_561_594_613)
    assert (found.verdict, found.decided_by) == ("agrees-if", "other")
    assert "Agrees if read as other" in found.reason


def test_a_lower_bound_alone_is_conditional():
    found = verdict(C027, printed=as_printed(180_258_319_297))
    assert found.verdict == "agrees-if"
    assert found.decided_by == "printed, as a lower bound only"


def test_another_reading_that_is_only_a_bound_does_not_rescue_a_claim():
    assert verdict(C027, printed=as_printed(100 * 10**9), other=180 * 10**9).verdict == "differs"


def test_differs_needs_a_value_for_every_reading_as_printed():
    assert verdict(C024, printed=as_printed(missing("not published")), other=61_000_000_000).verdict == "open"
    assert verdict(C024, printed=as_printed(60_000_000_000), other=61_000_000_000).verdict == "differs"


def test_an_open_verdict_says_what_is_missing():
    found = verdict(C024, printed=as_printed(missing("the table of 2024 is not at hand")))
    assert (found.verdict, found.basis) == ("open", "none")
    assert "the table of 2024 is not at hand" in found.reason


def test_the_nearest_reading_explains_a_difference():
    found = verdict(C024, a=as_printed(70_000_000_000), b=60_000_000_000)
    assert found.decided_by == "b"
    assert "below" in found.reason or "above" in found.reason


def test_claims_without_a_number_take_true_or_false():
    assert verdict(C041, a=as_printed(missing("no values")), b=True).verdict == "agrees-if"
    with pytest.raises(ClaimError, match="prints no number"):
        verdict(C041, a=5)
    with pytest.raises(ClaimError, match="must be a number"):
        verdict(C024, a=True)


def test_a_unit_that_is_not_the_claims_is_refused():
    with pytest.raises(ClaimError, match="convert it first"):
        verdict(C024, a=Quantity(59.6, "percent"))


def test_a_check_without_readings_is_refused():
    with pytest.raises(ClaimError, match="at least one reading"):
        read(C024, {})


def test_an_unknown_claim_suggests_the_nearest_id():
    with pytest.raises(ClaimError, match="did you mean"):
        claim("C0270")


def test_a_claim_checked_in_two_cells_is_refused():
    record = as_mime(verdict(C024, a=as_printed(1)))
    with pytest.raises(ClaimError, match=r"C024 is checked twice, in one \(a\) and in two \(b\)"):
        tables([from_mime(record, "one", "a"), from_mime(record, "two", "b")])
