"""The one judge: rules that hold whatever the readings and the sources are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_claims import made, says

from cityresearch.claims import rules
from cityresearch.claims.chance import chance_of_agreement
from cityresearch.claims.reading import AsPrinted, Unlikely, as_printed, read, unlikely
from cityresearch.claims.records import committed
from cityresearch.claims.sources import cited, judge_by_checks
from cityresearch.claims.strength import NO_STRENGTH, Strength, in_words
from cityresearch.claims.verdict import judge
from cityresearch.claims.wordings import scaled, widths
from cityresearch.numbers.printed import PrintedNumber, accepted
from cityresearch.numbers.quantity import Fact, Missing, Quantity

TWENTY = made("20", "jobs", relation="approx", document="carnegie")  # 17.5 to 22.5
TABLE, PAGE = "ita-metro-2005-2023", "lao-4618"
AGREEING = ("agrees", "agrees-if", "differs-unless")
# what a further reading under another condition may make of a verdict, and no more: never an agreement without a condition, and
# nothing that was open becomes an accusation without one
NO_STRONGER = {
    "agrees": {"agrees"},
    "agrees-if": {"agrees-if"},
    "differs-unless": {"differs-unless"},
    "differs": {"differs", "differs-unless", "agrees-if", "open"},
    "open": {"open", "agrees-if", "differs-unless"},
}

jobs = st.integers(10, 30).map(lambda n: Quantity(n, "jobs", sources=(TABLE,)))
values = st.one_of(jobs, st.just(Missing("not published")))
marks = st.sampled_from([as_printed, unlikely, lambda value: value])
readings = st.lists(st.builds(lambda mark, value: mark(value), marks, values), min_size=1, max_size=6)
words = st.sampled_from(["agrees", "agrees_rounded", "differs", "partial", "older", "related"])
whose = st.sampled_from(["independent", "authority", "same_publisher", "unknown"])
rows = st.lists(st.builds(lambda word, whose: row(word, whose), words, whose), max_size=5)


def row(word, independence="independent", value="", source=PAGE):
    """What a source that has a record says of the claim."""
    return says(word, independence, value, of=TWENTY, source_id=source)


def word(found, item=TWENTY) -> str:
    """The verdict on readings given as a list."""
    return judge(item, read(item, {f"reading {i}": value for i, value in enumerate(found)})).verdict


def joined(item, own, checks):
    """The verdict on readings together with rows of sources."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "judged_checks", lambda *_: tuple(checks))
        return rules.verdict_on(item, own)


@given(readings, values)
def test_a_further_reading_makes_no_verdict_stronger_than_it_allows(found, more):
    before, after = word(found), word([*found, more])
    only_unlikely = all(isinstance(value, Unlikely) for value in found)
    assert after in NO_STRONGER[before] or (only_unlikely and before == "open")
    # what was tested as printed and fails stays so
    if before == "differs" and any(isinstance(value, AsPrinted) for value in found):
        assert after != "agrees-if"


@given(readings)
def test_a_reading_without_a_value_forbids_differs(found):
    assert word([*found, Missing("not published")]) != "differs"
    assert word([*found, as_printed(Missing("not published"))]) not in ("differs", "differs-unless")


@given(readings)
def test_the_order_of_readings_changes_no_verdict(found):
    assert word(found[::-1]) == word(found)


@given(readings, st.integers(1, 5))
def test_a_wider_wording_never_makes_an_agreement_vanish(found, factor):
    one = read(TWENTY, {f"reading {i}": value for i, value in enumerate(found)})
    covered = scaled(accepted(TWENTY.printed, "approx"), Fraction(20), Fraction(factor))
    before, after = (judge(TWENTY, r).verdict for r in (one, tuple(r.within(covered, "approx") for r in one)))
    assert before not in AGREEING or after in AGREEING
    assert before != "agrees" or after == "agrees"
    # and a narrower one never makes one appear
    assert after != "differs" or before in ("differs", "open")


@given(rows, words)
def test_a_retelling_moves_nothing(found, said):
    before = judge_by_checks(TWENTY, tuple(found))
    after = judge_by_checks(TWENTY, (*found, row(said, "retells")))
    assert (after.verdict, after.decided_by) == (before.verdict, before.decided_by)


@given(readings, rows, words)
def test_a_retelling_moves_nothing_beside_what_was_computed(found, known, said):
    own = read(TWENTY, {f"reading {i}": value for i, value in enumerate(found)})
    before, after = joined(TWENTY, own, known), joined(TWENTY, own, [*known, row(said, "retells")])
    assert (after.verdict, after.basis, after.decided_by) == (before.verdict, before.basis, before.decided_by)


@given(rows, whose)
def test_a_contrary_source_never_makes_an_agreement_stronger(found, independence):
    before = judge_by_checks(TWENTY, tuple(found)).verdict
    after = judge_by_checks(TWENTY, (*found, row("differs", independence))).verdict
    assert after != "agrees"
    assert before not in ("open", "differs") or after in ("open", "differs")


def test_a_source_that_a_reading_was_computed_from_is_no_second_witness():
    """The same table in a row of sources neither confirms nor refutes what was computed from it."""
    twenty = Quantity(20, "jobs", sources=(TABLE,))
    later = read(TWENTY, {"printed": as_printed(Missing("not out yet")), "year before": twenty}, "computed")
    found = {
        source: joined(TWENTY, later, [row("agrees", value="20", source=source)]).verdict for source in (TABLE, PAGE)
    }
    assert found == {TABLE: "agrees-if", PAGE: "agrees"}


# --- claims that sources show only together

PARTS = ("the day", "the place", "the guests")
some_parts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=2, unique=True).map(tuple)
shares = st.builds(
    lambda parts, whose, page: says("jointly", whose, of=TWENTY, parts=parts, needed=PARTS, source_id=page),
    some_parts,
    whose,
    st.sampled_from([TABLE, PAGE]),
)
jointly = st.lists(shares, min_size=1, max_size=5)


def shown(found, *, firm=False) -> set[str]:
    """The parts that rows show, or that rows of an independent body show."""
    return {p for c in found if not firm or c.independence in ("independent", "authority") for p in c.parts}


@given(jointly)
def test_a_claim_is_shown_together_if_every_part_is_and_is_as_sure_as_its_least_sure_part(found):
    verdict = judge_by_checks(TWENTY, tuple(found))
    if shown(found) != set(PARTS):
        assert verdict.verdict == "open"
        assert f"none shows {', '.join(p for p in PARTS if p not in shown(found))}" in verdict.reason
    else:
        assert verdict.verdict == ("agrees" if shown(found, firm=True) == set(PARTS) else "agrees-if")
        assert "no source shows all of it, and these do together" in verdict.reason.lower()
    # a row that shows a part is never counted as one that agrees by itself
    assert all(r.agrees is None for r in verdict.readings)


@given(jointly, st.integers(0, 4))
def test_without_a_row_that_shows_a_part_a_claim_is_no_surer(found, index):
    rest = [c for n, c in enumerate(found) if n != index]
    before, after = (judge_by_checks(TWENTY, tuple(rows)).verdict for rows in (found, rest))
    order = ("open", "agrees-if", "agrees")
    assert order.index(after) <= order.index(before)


@given(jointly, rows)
def test_rows_that_lack_a_part_weigh_as_rows_that_show_one(found, others):
    lacking = [replace(c, needed=(*PARTS, "the result")) for c in found]
    partial = [replace(c, agreement="partial") for c in found]
    one, two = (judge_by_checks(TWENTY, (*others, *rows)) for rows in (lacking, partial))
    assert (one.verdict, one.decided_by) == (two.verdict, two.decided_by)


@given(jointly)
def test_two_rows_of_one_body_are_one_body_and_a_part_that_nobody_independent_shows_has_none(found):
    behind = {
        p: {c.source_id for c in found if p in c.parts and c.independence in ("independent", "authority")}
        for p in PARTS
    }
    fewest = min(len(pages) for pages in behind.values())
    count = joined(TWENTY, (), found).strength.bodies_for
    assert count == (fewest if shown(found) == set(PARTS) else 0)


def test_publishers_whose_figures_are_needed_together_are_one_body():
    """A count over a list of trips has a page for each, and none of these pages prints the count."""
    sum_of_both = Quantity(20, "jobs", sources=(TABLE, PAGE))
    alone = Quantity(20, "jobs", sources=(PAGE,), read=True)

    def count(**found) -> int:
        return joined(TWENTY, read(TWENTY, found), []).strength.bodies_for

    assert count(sum=sum_of_both) == 1
    assert count(sum=sum_of_both, again=sum_of_both) == 1
    assert count(sum=sum_of_both, page=alone) == 1
    assert count(table=Quantity(20, "jobs", sources=(TABLE,)), page=alone) == 2


def test_rows_that_test_nothing_are_not_counted_among_the_readings():
    found = joined(TWENTY, (), [row("agrees", value="20"), row("related", value="300", source=TABLE)]).strength
    assert (found.readings_for, found.readings_known) == (1, 1)


def test_the_strength_in_words_counts_readings_only_where_there_are_several():
    assert in_words(Strength(1, 0, 1, 1), "agrees") == "Strength: 1 independent body for it, none against it."
    said = in_words(Strength(2, 1, 1, 5, half="open", double="agrees"), "agrees")
    assert said == (
        "Strength: 2 independent bodies for it, 1 against it; 1 of 5 readings that have a value agree; at half the width it would be open."
    )


def test_rows_that_show_a_claim_together_are_cited_with_the_parts_of_each():
    together = says("jointly", of=TWENTY, parts=PARTS[:1], needed=PARTS[:2], source_id=PAGE)
    alone = row("agrees", source=TABLE)
    assert cited([together, alone]).startswith("no source shows all of it, and these do together: ")
    assert not cited([alone, together]).startswith("no source shows all of it")
    assert cited([alone] * 3).endswith(" (and 1 more)") and "more" not in cited([alone] * 2)
    assert cited([]) == ""


def test_a_retelling_shows_no_part():
    told = [
        says("jointly", whose, of=TWENTY, parts=(part,), needed=PARTS[:2])
        for whose, part in zip(("independent", "retells"), PARTS, strict=False)
    ]
    verdict = judge_by_checks(TWENTY, tuple(told))
    assert verdict.verdict == "open"
    assert f"none shows {PARTS[1]}" in verdict.reason


def test_what_pages_show_together_confirms_what_was_read_in_one_of_them():
    own = read(TWENTY, {"the page": as_printed(Quantity(20, "jobs", sources=(PAGE,), read=True))})
    both = [
        says("jointly", of=TWENTY, parts=(part,), needed=PARTS[:2], source_id=page)
        for part, page in zip(PARTS, (PAGE, TABLE), strict=False)
    ]
    assert joined(TWENTY, own, both).verdict == "agrees"
    assert joined(TWENTY, own, both[:1]).decided_by == "what the sources do not show is taken"


# --- sources with several rows

looked_up = st.lists(st.builds(row, words, whose, st.sampled_from(["", "20", "15"])), min_size=1, max_size=4)


@given(looked_up.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_the_rows_of_one_source_changes_no_verdict(both):
    """A page may have several rows, one that shows a part and one that shows the whole: all of them count."""
    own = read(TWENTY, {"the page": as_printed(Quantity(20, "jobs", sources=(PAGE,), read=True))})
    first, second = (joined(TWENTY, own, found) for found in both)
    assert (first.verdict, first.basis) == (second.verdict, second.basis)
    # which of the two is named first may depend on the table, whether a part is taken on trust may not
    assert ("do not show" in first.decided_by) == ("do not show" in second.decided_by)


def test_a_page_with_a_row_that_shows_the_whole_is_not_said_to_show_a_part():
    own = read(TWENTY, {"the page": as_printed(Quantity(20, "jobs", sources=(PAGE,), read=True))})
    rows_of_page = [row("agrees", "unknown", "20"), row("partial", "unknown")]
    for found in (rows_of_page, rows_of_page[::-1]):
        assert joined(TWENTY, own, found).decided_by.startswith("the word of ")


def test_a_yes_is_not_the_number_one():
    """A reading that says yes is no number, so a source that counts one is a further witness."""
    one = made("1", "jobs", kind="date", document="carnegie")
    yes = read(one, {"the page": Fact(True, (PAGE,))})
    counts_one = says("agrees", "independent", "1", of=one, source_id=PAGE)
    assert joined(one, yes, [counts_one]).verdict == "agrees"


# --- widths


@pytest.mark.parametrize("row", [w for w in widths() if not w.claims], ids=lambda w: w.wording)
def test_the_rules_in_the_table_of_wordings_are_those_that_judge(row):
    # 183 is rounded to units and 45 to fives: the grain is 1 and 2.5; neither is counted one by one
    for value, grain in ((183, 1), (45, Fraction(5, 2))):
        reach = accepted(PrintedNumber(value, 1, "percent"), row.relation)
        low, high = value + row.interval.low * grain, value + row.interval.high * grain
        ends = (row.interval.has_low, row.interval.has_high)
        assert (reach.low, reach.high, (reach.has_low, reach.has_high)) == (low, high, ends)


def test_each_rule_of_width_is_in_the_table():
    assert {w.relation for w in widths() if not w.claims} == {"approx", "nearly", "gt", "ge", "lt", "le"}


def test_no_committed_verdict_gains_agreement_by_less_width_or_loses_it_by_more():
    for claim_id, check in committed().items():
        half, now, double = (found in AGREEING for found in (check.strength.half, check.verdict, check.strength.double))
        assert not check.strength.half or half <= now <= double, claim_id


def test_nobody_stands_behind_a_claim_that_was_not_judged_by_readings():
    assert (
        NO_STRENGTH.bodies_for,
        NO_STRENGTH.bodies_against,
        NO_STRENGTH.readings_for,
        NO_STRENGTH.readings_known,
    ) == (0, 0, 0, 0)


def test_the_chance_of_an_agreement_is_told_as_soon_as_one_reading_is_unlike_the_others():
    same = [Fraction(10)] * 9
    assert chance_of_agreement(TWENTY, same) is None
    # of the numbers from 10 to 30 those up to 12.5 agree with a reading of 10, and those from 27.5 with one of 30
    assert chance_of_agreement(TWENTY, [*same, Fraction(30)]) == Fraction(1, 4)


@pytest.mark.parametrize("computed", [False, True])
def test_pages_that_show_a_part_are_a_condition_only_where_all_that_agrees_was_read_in_pages(computed):
    found = {"the page": as_printed(Quantity(20, "jobs", sources=(PAGE,), read=True))}
    if computed:
        found["the table"] = as_printed(Quantity(20, "jobs", sources=(TABLE,)))
    verdict = joined(TWENTY, read(TWENTY, found), [row("partial")]).verdict
    assert verdict == ("agrees" if computed else "agrees-if")


def test_only_what_pages_show_jointly_is_cited_beside_our_own_number():
    own = read(TWENTY, {"the table": as_printed(Quantity(20, "jobs", sources=(TABLE,)))})
    both = [
        says("jointly", of=TWENTY, parts=(part,), needed=PARTS[:2], source_id=page)
        for part, page in zip(PARTS, (PAGE, "carnegie-2026"), strict=False)
    ]
    beside = joined(TWENTY, own, both).reason.removeprefix(joined(TWENTY, own, []).reason)
    assert beside.strip() and not joined(TWENTY, own, [row("agrees")]).reason.removeprefix(
        joined(TWENTY, own, []).reason
    )
