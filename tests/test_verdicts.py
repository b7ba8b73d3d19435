"""Verdicts: none stronger than its readings, and none on a number that names no source."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cityresearch import Fact, as_printed, missing
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import UNSOURCED, Reading, read
from cityresearch.claims.records import as_mime, from_mime, tables
from cityresearch.claims.verdict import ON_TRUST, judge
from cityresearch.errors import ClaimError, DataError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Quantity, fact

C024 = claim("C024")  # exactly 59.6 billion dollars
C027 = claim("C027")  # more than 141 billion dollars
C041 = claim("C041")  # a figure without a printed number
C009 = claim("C009")  # a date, 5 September 2024
TABLE = "ita-metro-2005-2023"
MATCH, BELOW, FAR_BELOW, ABOVE = 59_561_594_613, 59_000_000_000, 50_000_000_000, 60_000_000_000


def usd(value, **more) -> Quantity:
    """A sum of money that names its source."""
    return Quantity(value, "USD", sources=(TABLE,), **more)


def verdict(item, readings=None, **named):
    return judge(item, read(item, readings or named))


# --- which reading decides


def test_a_reading_as_printed_that_agrees_decides():
    found = verdict(C024, a=usd(MATCH), b=as_printed(usd(MATCH)), c=as_printed(usd(MATCH)))
    assert (found.verdict, found.basis, found.decided_by) == ("agrees", "data", "b")
    assert found.reason == "B: $59.56 billion, which rounds to the printed $59.6 billion."


def test_agreement_under_another_reading_only_is_conditional_and_names_it():
    found = verdict(C024, printed=as_printed(usd(ABOVE)), other=usd(MATCH))
    assert (found.verdict, found.decided_by) == ("differs-unless", "other")
    assert found.reason.startswith("Read literally: $60 billion, which is $350 million above ")
    assert "It agrees only if read as other: $59.56 billion, " in found.reason
    assert found.reason.endswith(" 1 of the 2 readings that have a value agrees.")


def test_several_readings_that_agree_are_all_named_and_counted():
    four = {"x": usd(MATCH), "y": usd(MATCH), "w": usd(MATCH), "z": usd(ABOVE)}
    found = verdict(C024, {"p": as_printed(missing("not published"))} | four)
    assert found.decided_by == "x"
    assert "It cannot be tested literally: not published. It agrees if read as x (also: y; w): " in found.reason
    assert found.reason.endswith(" 3 of the 4 readings that have a value agree.")


def test_a_reading_alone_is_neither_counted_nor_set_against_one_as_printed():
    found = verdict(C024, only=usd(MATCH))
    assert found.verdict == "agrees-if"
    assert found.reason.startswith("It agrees if read as only: ")
    assert "readings with a value" not in found.reason


def test_a_lower_bound_alone_is_conditional():
    found = verdict(C027, printed=as_printed(usd(180_258_319_297)))
    assert (found.verdict, found.decided_by) == ("agrees-if", "printed, as a lower bound only")
    assert (
        found.reason
        == "It agrees only as a lower bound: $180.3 billion, which is $38.3 billion above what 'more than $141 billion' covers "
        "($141 billion to $142 billion)."
    )


def test_another_reading_does_not_turn_a_claim_that_holds_as_a_bound_into_one_that_differs():
    above, below = as_printed(usd(180 * 10**9)), as_printed(usd(100 * 10**9))
    for printed in ({"a": above}, {"a": above, "b": below}, {"a": below, "b": above}):
        assert verdict(C027, **printed, other=usd(141_004_904_245)).verdict == "agrees-if"
    assert verdict(C027, a=below, other=usd(141_004_904_245)).verdict == "differs-unless"


def test_of_several_bounds_the_first_is_named_with_its_own_source():
    found = verdict(C027, first=as_printed(usd(180 * 10**9)), second=as_printed(usd(190 * 10**9)))
    assert found.decided_by == "first, as a lower bound only"
    typed = as_printed(Quantity(190 * 10**9, "USD", "2024"))
    assert (
        verdict(C027, first=typed, second=as_printed(usd(180 * 10**9))).decided_by
        == f"first, as a lower bound only, {ON_TRUST}"
    )
    assert verdict(C027, first=as_printed(usd(180 * 10**9)), second=typed).decided_by == "first, as a lower bound only"


def test_another_reading_that_is_only_a_bound_does_not_rescue_a_claim():
    assert verdict(C027, printed=as_printed(usd(100 * 10**9)), other=usd(180 * 10**9)).verdict == "differs"


def test_another_reading_that_agrees_goes_before_a_bound():
    found = verdict(C027, printed=as_printed(usd(180 * 10**9)), other=usd(141_004_904_245))
    assert found.decided_by == "other"


def test_differs_needs_a_value_for_every_reading_as_printed():
    assert verdict(C024, printed=as_printed(missing("not published")), other=usd(ABOVE)).verdict == "open"
    assert verdict(C024, printed=as_printed(usd(ABOVE)), other=usd(FAR_BELOW)).verdict == "differs"
    # any reading without a value may agree
    assert verdict(C024, printed=as_printed(usd(ABOVE)), other=missing("not published")).verdict == "open"
    assert verdict(C024, other=usd(ABOVE)).verdict == "differs"


def test_an_open_verdict_says_what_is_missing_and_what_the_others_come_to():
    found = verdict(C024, printed=as_printed(missing("the table of 2024 is not in the data")))
    assert (found.verdict, found.basis, found.decided_by) == ("open", "none", "")
    assert found.reason == "We could not settle it: the table of 2024 is not in the data."
    needed = replace(C024, settle="An older page has 12. To settle it we would need the list of 2024.")
    assert verdict(needed, a=missing("no list")).reason == (
        "We could not settle it: no list. To settle it we would need the list of 2024."
    )
    more = verdict(
        C024, p=as_printed(missing("not published")), q=as_printed(missing("not published")), a=usd(ABOVE), b=usd(BELOW)
    )
    assert (more.verdict, more.basis) == ("open", "data")
    assert (
        more.reason == "We could not settle it: not published. None of the 2 other readings that have a value agrees."
    )
    assert (
        "The other reading that has a value does not agree"
        in verdict(C024, p=as_printed(missing("not published")), a=usd(ABOVE)).reason
    )
    assert (
        verdict(C024, a=missing("no table"), b=missing("no page")).reason
        == "We could not settle it: no table; no page."
    )


def test_the_nearest_reading_explains_a_difference():
    found = verdict(C024, a=as_printed(usd(70_000_000_000)), b=usd(ABOVE), c=usd(BELOW))
    assert (found.verdict, found.decided_by) == ("differs", "b")
    assert found.reason.startswith("No reading agrees. The closest is b: $60 billion, which is $350 million above ")
    assert "The closest is a: " in verdict(C024, a=as_printed(usd(ABOVE)), b=usd(FAR_BELOW)).reason
    # a day that does not hold is as near as can be, whatever year another reading gives
    day = {"year": Quantity(2023, "year", sources=(TABLE,)), "day": as_printed(Fact(False, (TABLE,)))}
    assert verdict(C009, day).decided_by == "day"
    alone = verdict(C024, a=as_printed(usd(ABOVE))).reason
    assert alone == (
        "A: $60 billion, which is $350 million above what '$59.6 billion' covers ($59.55 billion to $59.65 billion)."
    )


def test_a_number_that_was_revised_since_its_first_release_is_said_with_the_verdict():
    first, later = usd(MATCH, vintage="first_release"), usd(ABOVE, vintage="revised")
    found = verdict(C024, first=as_printed(first), later=later)
    assert found.reason.endswith(". It was revised later: later rounds to $60 billion.")
    for other in (usd(MATCH, vintage="revised"), usd(ABOVE, vintage="first_release"), usd(ABOVE)):
        assert "revised later" not in verdict(C024, first=as_printed(first), later=other).reason
    assert "revised later" not in verdict(C024, first=as_printed(usd(MATCH, vintage="revised")), later=later).reason
    assert "revised later" not in verdict(C024, first=as_printed(first)).reason
    # of several that agree, the one that decides is the one of which it is said
    other = as_printed(usd(MATCH, vintage="revised"))
    assert "revised later" in verdict(C024, first=as_printed(first), other=other, later=later).reason
    assert "revised later" not in verdict(C024, other=other, first=as_printed(first), later=later).reason


def test_the_basis_is_what_the_check_says_and_none_where_nothing_is_known():
    agrees = read(C024, {"a": as_printed(usd(MATCH))})
    differs = read(C024, {"a": as_printed(usd(ABOVE))})
    for readings in (agrees, differs):
        assert judge(C024, readings, "arithmetic").basis == "arithmetic"


# --- what a reading may be


def test_claims_without_a_number_take_a_fact_and_others_a_number():
    holds = Fact(True, (TABLE,), ("by the day",))
    found = verdict(C041, a=as_printed(missing("no values")), b=holds)
    assert found.verdict == "agrees-if"
    assert (found.readings[1].words, found.readings[1].sources, found.readings[1].caveats) == (
        "the claim holds", (TABLE,), ("by the day",),
    )  # fmt: skip
    assert verdict(C041, a=as_printed(Fact(False, (TABLE,)))).verdict == "differs"
    with pytest.raises(
        ClaimError, match=r"^Claim C041 prints no number: reading 'a' must be a fact, True, False or missing"
    ):
        verdict(C041, a=5)
    for truth in (True, Fact(True, (TABLE,))):
        with pytest.raises(
            ClaimError, match=r"^Claim C024 prints a number: reading 'a' must be a number too, found True"
        ):
            verdict(C024, a=truth)
        # a date holds as a day, not only as the year that the ledger has as its number
        assert read(C009, {"a": truth})[0].agrees is True
        # and so does a trip, of which the ledger has the year
        assert read(claim("C073"), {"a": truth})[0].agrees is True


def test_a_fact_rests_on_the_figures_that_it_was_drawn_from():
    figures = (Quantity(1, sources=("a", "b")), missing("none"), Quantity(2, sources=("b", "c")))
    assert fact(True, *figures) == Fact(True, ("a", "b", "c"))
    gone = missing("not published")
    assert fact(gone, *figures) is gone
    with pytest.raises(DataError, match="True or False, found 1"):
        Fact(1)


def test_a_unit_that_is_not_the_claims_is_refused():
    with pytest.raises(ClaimError, match=r"^Claim C024 is in USD, reading 'a' in percent: convert it first"):
        verdict(C024, a=Quantity(59.6, "percent"))


@pytest.mark.parametrize(
    "value", [Quantity(MATCH, "USD", sources=("made-up",)), Fact(True, ("ita-metro-2005-2023", "made-up"))]
)
def test_a_source_without_a_record_is_refused_by_name(value):
    with pytest.raises(ClaimError, match="reading 'a' names the source 'made-up', which is not in data/raw/sources"):
        verdict(C024 if isinstance(value, Quantity) else C041, a=as_printed(value))


def test_a_check_without_readings_is_refused():
    with pytest.raises(ClaimError, match="at least one reading"):
        read(C024, {})


def test_a_rounded_figure_agrees_as_the_interval_that_it_stands_for():
    wide = usd(60 * 10**9, bounds=Interval(595 * 10**8, 605 * 10**8))
    found = read(C024, {"a": wide})[0]
    assert (found.agrees, found.value, found.interval) == (True, 60 * 10**9, wide.bounds)
    assert found.rounds_to == 60 * 10**9


# --- a number that names no source

TYPED = [
    MATCH,
    float(MATCH),
    Fraction(MATCH),
    Interval.point(MATCH),
    Interval(MATCH - 1, MATCH + 1),
    Quantity(MATCH),
    Quantity(MATCH, "USD"),
]


@pytest.mark.parametrize("value", TYPED, ids=lambda v: type(v).__name__)
def test_a_typed_number_is_marked_and_makes_a_condition_at_most(value):
    found = verdict(C024, {"typed": as_printed(value)})
    assert (found.verdict, found.decided_by) == ("agrees-if", f"typed, {ON_TRUST}")
    assert found.reason.startswith(f"It agrees only {ON_TRUST}: typed: $59.56 billion, ")
    assert found.readings[0].caveats == (UNSOURCED,)
    assert verdict(C024, {"typed": value}).decided_by == f"typed, {ON_TRUST}"


def test_a_typed_yes_or_no_is_marked_and_makes_a_condition_at_most():
    for item, value in ((C041, True), (C041, Fact(True)), (C009, True)):
        found = verdict(item, {"typed": as_printed(value)})
        assert (found.verdict, found.decided_by) == ("agrees-if", f"typed, {ON_TRUST}")
        assert found.readings[0].caveats == (UNSOURCED,)
    assert verdict(C041, {"typed": as_printed(False)}).verdict == "open"


def test_the_caveats_of_a_number_stay_when_it_is_marked():
    assert read(C024, {"a": Quantity(MATCH, "USD", caveats=("an estimate",))})[0].caveats == ("an estimate", UNSOURCED)
    assert UNSOURCED not in read(C024, {"a": usd(MATCH)})[0].caveats
    assert read(C024, {"a": missing("not published")})[0].caveats == ()


def test_a_reading_with_a_source_goes_before_a_typed_one():
    assert verdict(C024, typed=as_printed(MATCH), other=usd(MATCH)).decided_by == "other"
    assert verdict(C024, typed=as_printed(MATCH), p=as_printed(usd(MATCH))).verdict == "agrees"


def test_a_typed_number_refutes_nothing():
    found = verdict(C024, typed=as_printed(ABOVE))
    assert (found.verdict, found.basis) == ("open", "none")
    assert found.reason == f"We could not settle it: typed {UNSOURCED}."
    assert verdict(C024, typed=ABOVE).verdict == "open"
    # nor does it take the place of a reading as printed, but neither does it keep sourced ones from differing
    assert verdict(C024, typed=as_printed(ABOVE), other=usd(BELOW)).verdict == "open"
    found = verdict(C024, p=as_printed(usd(FAR_BELOW)), typed=BELOW)
    assert (found.verdict, found.decided_by) == ("differs", "p")


def test_a_typed_bound_holds_on_two_conditions():
    found = verdict(C027, typed=as_printed(180_258_319_297))
    assert (found.verdict, found.decided_by) == ("agrees-if", f"typed, as a lower bound only, {ON_TRUST}")
    assert found.reason.startswith(f"It agrees only as a lower bound, {ON_TRUST}: ")


def test_only_a_value_with_a_source_is_evidence():
    blank = Reading("a", False, None, None, None, "", None, "", (TABLE,), ())
    assert not blank.is_evidence
    assert replace(blank, value=Fraction(1)).is_evidence
    assert replace(blank, value=False).is_evidence
    assert not replace(blank, value=Fraction(1), sources=()).is_evidence


# --- claims and records


def test_an_unknown_claim_suggests_the_nearest_id():
    with pytest.raises(ClaimError, match="did you mean"):
        claim("C0270")


def test_a_claim_checked_in_two_cells_is_refused():
    record = as_mime(verdict(C024, a=as_printed(usd(1))))
    with pytest.raises(ClaimError, match="C024 is checked twice, in one and in two"):
        tables([from_mime(record, "one"), from_mime(record, "two")])
