"""Export measures and the search for a printed total, against numbers of the publishers' tables."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cityresearch as cr
from cityresearch.chapters.metro_exports import search
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.measures import exports as measure
from cityresearch.numbers.printed import accepted
from cityresearch.numbers.quantity import Missing

LA = "Los Angeles-Long Beach-Anaheim, CA"
SF = "San Francisco-Oakland-Fremont, CA"
SD = "San Diego-Chula Vista-Carlsbad, CA"
ANCHORS = {
    LA: cr.PrintedNumber("59.6e9", "0.1e9", "USD"),
    SF: cr.PrintedNumber("24.3e9", "0.1e9", "USD"),
    SD: cr.PrintedNumber("23e9", "1e9", "USD"),
}
MORE_THAN_141 = cr.PrintedNumber("141e9", "1e9", "USD")


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return cr.load("metro_exports")


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return cr.load("state_exports")


@pytest.fixture(scope="module")
def hits(exports) -> pd.DataFrame:
    return search.sets_that_print(exports, MORE_THAN_141, "gt", state="CA", years=range(2005, 2024), anchors=ANCHORS)


@given(
    values=st.lists(st.integers(0, 10**12), min_size=1, max_size=7),
    printed=st.integers(1, 3 * 10**12),
    grain=st.sampled_from([1, 10**6, 10**9]),
    relation=st.sampled_from(["eq", "approx", "nearly", "gt", "ge", "lt", "le"]),
)
def test_the_search_finds_every_set_whose_sum_the_wording_covers_and_no_other(values, printed, grain, relation):
    named = {f"M{i}, CA": value for i, value in enumerate(values)}
    number = cr.PrintedNumber(printed // grain * grain or grain, grain, "USD")
    table = pd.DataFrame(
        {"cbsa_title": list(named), "year": 2020, "value_usd": values, "kind": "metro", "state": "CA"}
    ).set_index(["cbsa_title", "year"])
    found = search.sets_that_print(table, number, relation, state="CA", years=[2020])
    reach = accepted(number, relation)
    expected = {
        frozenset(chosen)
        for size in range(1, len(named) + 1)
        for chosen in combinations(named, size)
        if sum(named[title] for title in chosen) in reach
    }
    assert {frozenset(members.split(";")) for members in found["members"]} == expected
    assert found["anchors_fit"].all()  # none was given
    assert all(sum(named[t] for t in r.members.split(";")) == r.total_usd for r in found.itertuples())


@pytest.mark.parametrize(
    ("n", "total"), [(3, 106_799_987_461), (5, 141_004_904_245), (6, 148_591_520_035)]
)  # ITA 2023, largest metros of California
def test_sums_of_the_largest_metros_of_2023(exports, n, total):
    assert int(measure.total_of_largest(exports, state="CA", year=2023, n=n)) == total


def test_the_sum_of_all_metros_leaves_out_remainders(exports):
    assert int(measure.total_of_all(exports, state="CA", year=2023)) == 180_258_319_297


def test_sets_that_the_wording_suggests_add_up_as_the_publisher_has_them(exports):
    sets = cr.load("metro_sets")
    titles = list(sets.loc["six metros that hold the nine cities"].index)
    assert int(measure.total_of(exports, titles, 2023)) == 140_471_024_371


def test_a_year_without_values_is_missing_not_zero(exports):
    for quantity in (
        measure.total_of_largest(exports, state="CA", year=2024, n=5),
        measure.total_of_all(exports, state="CA", year=2024),
        measure.metro_value(exports, LA, 2024),
    ):
        assert isinstance(quantity, Missing)
        assert "2024" in quantity.reason


def test_a_value_for_2024_turns_the_reading_into_a_number_without_a_change_of_code(exports):
    row = exports.loc[[(LA, 2023)]].reset_index().assign(year=2024, value_usd=61_000_000_000)
    later = pd.concat([exports, row.set_index(["cbsa_title", "year"])])
    assert int(measure.metro_value(later, LA, 2024)) == 61_000_000_000


def test_a_metro_belongs_to_the_first_state_of_its_title_unless_every_state_is_asked_for(exports):
    kansas = set(measure.metros(exports, state="KS", year=2023).index.get_level_values(0))
    every = set(measure.metros(exports, state="KS", year=2023, every_state_named=True).index.get_level_values(0))
    assert "Kansas City, MO-KS" not in kansas
    assert every - kansas == {"Kansas City, MO-KS", "St. Joseph, MO-KS", "Joplin, MO-KS"}


def test_rows_of_different_years_are_not_added(exports):
    with pytest.raises(DataError, match="different years"):
        measure.total(measure.metros(exports, state="CA"))


def test_an_unknown_state_is_refused(exports):
    with pytest.raises(ParameterError, match="'ZZ'"):
        measure.metros(exports, state="ZZ")


def test_both_vintages_of_the_state_total_are_at_hand(states):
    first = measure.state_total(states, state="CA", year=2024, vintage="first_release")
    revised = measure.state_total(states, state="CA", year=2024, vintage="revised")
    assert (int(first), int(revised)) == (183_343_000_000, 183_933_700_133)
    # the first release is printed in millions, so it stands for a range of a million dollars
    assert first.interval.high - first.interval.low == 1_000_000


def test_of_two_revised_downloads_the_later_one_is_taken(states):
    # California 2018: 178,162,663,737 in the download of 2020, 178,175,235,647 in that of 2026
    assert int(measure.state_total(states, state="CA", year=2018, vintage="revised")) == 178_175_235_647


def test_shares_across_bases_are_refused_unless_asked_for_and_then_say_so(exports, states):
    five = measure.total_of_largest(exports, state="CA", year=2023, n=5)
    state = measure.state_total(states, state="CA", year=2023, vintage="first_release")
    with pytest.raises(MixedBasisError, match="zip_based over state_based"):
        cr.share(five, state)
    share = cr.share(five, state, across=["basis"])
    assert round(float(share.value), 1) == 78.9
    assert share.caveats == ("basis differs: zip_based over state_based",)


def test_shares_across_vintages_are_refused(states):
    first = measure.state_total(states, state="CA", year=2024, vintage="first_release")
    revised = measure.state_total(states, state="CA", year=2024, vintage="revised")
    with pytest.raises(MixedBasisError, match="vintage"):
        cr.share(first, revised)


def test_the_share_as_printed_carries_the_rounding_of_both_numbers():
    part = cr.Quantity(141, bounds=cr.PrintedNumber(141, 1).interval)
    whole = cr.Quantity(183, bounds=cr.PrintedNumber(183, 1).interval)
    share = cr.share(part, whole)
    low, high = float(share.interval.low), float(share.interval.high)
    assert (round(low, 2), round(float(share.value), 2), round(high, 2)) == (76.57, 77.05, 77.53)


def test_a_quarter_of_california_exports_of_2024_are_reexports():
    share = measure.reexport_share(cr.load("state_exports_monthly"), state="CA", year=2024)
    assert round(float(share.value), 1) == 25.9


@pytest.mark.parametrize("later_first", [False, True])
def test_a_month_that_stands_in_two_editions_counts_once_as_in_the_later_one(later_first):
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    rows = [
        {
            "state": "California", "month": month, "series": series, "source_id": source, "value_usd": value,
            "precision": 1, "basis": "state_based", "released": released, "note": "",
        }
        for source, released, values in (("old", "2025-02-05", (100, 90)), ("new", "2025-06-05", (200, 50)))
        for month in (months if source == "old" else months[:6])
        for series, value in zip(("total", "reexports"), values, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(rows[::-1] if later_first else rows).set_index(["state", "month", "series", "source_id"])
    share = measure.reexport_share(table, state="CA", year=2024)
    # six months of the new edition and six of the old one: (6 * 50 + 6 * 90) over (6 * 200 + 6 * 100)
    assert share.value == pytest.approx(840 / 1800 * 100)
    assert set(share.sources) == {"old", "new"}


def test_a_year_with_missing_months_has_no_reexport_share():
    assert isinstance(measure.reexport_share(cr.load("state_exports_monthly"), state="CA", year=2025), Missing)


def test_a_named_metro_without_a_value_speaks_against_every_set(exports):
    anchors = {"Gilroy-San Jose, CA": cr.PrintedNumber("5e9", "1e8"), **ANCHORS}
    found = search.sets_that_print(exports, MORE_THAN_141, "gt", state="CA", years=[2023], anchors=anchors)
    assert len(found)
    assert found["against"].str.startswith("in 2023 Gilroy has no value; leaves out Gilroy").all()


def test_only_2023_prints_all_three_named_metros(exports):
    table = search.years_that_print(exports, ANCHORS)
    assert list(table.index[table["fits"]]) == [2023]
    assert list(table.index) == list(range(2005, 2024))


def test_printed_numbers_are_marked_only_in_a_year_that_prints_all_of_them(exports):
    fitting = {year: search.fitting(measure.metros(exports, state="CA", year=year), ANCHORS) for year in (2022, 2023)}
    assert fitting == {2022: {}, 2023: ANCHORS}
    assert search.fitting(measure.metros(exports, state="TX", year=2023), ANCHORS) == {}


def test_the_search_finds_one_set_against_which_nothing_speaks(hits):
    left = hits[hits["against"] == ""]
    assert left[["year", "metros", "total_usd", "k_largest"]].values.tolist() == [[2023, 5, 141_004_904_245, True]]


def test_the_search_says_why_2017_is_not_it(hits):
    row = hits[(hits["year"] == 2017) & hits["k_largest"]].iloc[0]
    assert (row["metros"], row["total_usd"]) == (5, 141_740_848_495)
    assert "Los Angeles would print as 63.8 bn, not 59.6" in row["against"]


def test_the_search_says_why_other_sets_of_2023_are_not_it(hits):
    others = hits[(hits["year"] == 2023) & ~hits["k_largest"]]
    assert len(others) == 3
    assert others["against"].str.contains("takes smaller metros but not Riverside|leaves out San Francisco").all()


def test_every_hit_lies_inside_the_printed_interval(hits, exports):
    assert hits["total_usd"].between(141_000_000_001, 141_999_999_999).all()
    row = hits.iloc[-1]
    assert int(measure.total_of(exports, row["members"].split(";"), row["year"])) == row["total_usd"]


def test_shares_are_tabulated_with_what_their_rounding_allows():
    whole = cr.Quantity(200, bounds=cr.PrintedNumber(200, 10).interval)
    share = cr.share(cr.Quantity(100, period="2023"), whole, across=["period"])
    table = measure.share_table({"half": share, "none": Missing("no value for 2024")})
    # 100 over 205 and over 195
    assert table.loc["half", ["percent", "from_percent", "to_percent"]].tolist() == [50.0, 48.78, 51.28]
    assert table.at["half", "period"] == share.period
    assert table.at["none", "warning"] == "missing: no value for 2024"
    assert pd.isna(table.at["none", "percent"])
