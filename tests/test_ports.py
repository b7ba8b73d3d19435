"""Ports: sums, shares under each base, values and jobs, against numbers of the publishers' tables."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.ports import jobs, readings, series, shares
from cityresearch.chapters.ports.ships import BAY as SPB
from cityresearch.claims.reading import AsPrinted, Unlikely
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.measures import containers, rounding
from cityresearch.measures import exports as exports_of
from cityresearch.measures.comparisons import growth
from cityresearch.measures.containers import LA, LB, OAK, US_TRACKED
from cityresearch.numbers.quantity import Missing, Quantity, together


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return cr.load("port_observations")


@pytest.fixture(scope="module")
def own() -> pd.DataFrame:
    return containers.settled(cr.load("port_containers"), cr.load("corrections"))


@pytest.fixture(scope="module")
def customs() -> pd.DataFrame:
    return containers.settled(cr.load("port_containers_piers"), cr.load("corrections"))


@pytest.fixture(scope="module")
def unused() -> pd.DataFrame:
    return containers.set_aside(cr.load("port_containers"), cr.load("corrections"))


def three_of_us(customs, direction, year, region="three-ports"):
    return float(shares.of_nation(customs, region, direction, year).value)


@pytest.mark.parametrize(
    ("direction", "year", "percent"),
    [
        ("loaded_total", "1995", 36.8),
        ("loaded_total", "1997", 37.6),
        ("loaded_total", "1998", 38.9),
        ("loaded_total", "2000", 41.4),
        ("loaded_total", "2001", 41.9),
        ("loaded_total", "2012", 40.1),
        ("loaded_imports", "2012", 44.8),
        ("loaded_exports", "2012", 33.1),
    ],
)
def test_three_port_shares_of_the_federal_tables(customs, direction, year, percent):
    assert round(three_of_us(customs, direction, year), 1) == percent


def test_five_ports_take_45_4_percent_of_imports_in_the_federal_table_of_2012(customs):
    assert round(three_of_us(customs, "loaded_imports", "2012", "california"), 1) == 45.4


def test_the_repeated_total_of_1997_gives_36_0(customs):
    found = shares.over_repeated_total(customs, cr.load("port_containers_piers"), "three-ports")
    assert round(float(found.value), 1) == 36.0
    assert any("bts-table11" in caveat for caveat in found.caveats)


def test_the_two_ports_add_up_to_what_the_association_prints_for_both(own):
    rows = own.loc[SPB].reset_index()
    rows = rows[(rows["period_kind"] == "month") & rows["direction"].isin(["loaded_imports", "loaded_exports"])]
    compared = 0
    for row in rows.itertuples():
        both = shares.regional(own, "san-pedro-bay", row.direction, row.period)
        if isinstance(both, Quantity):
            assert abs(float(both.value) - row.teu) <= 1, (row.period, row.direction)
            compared += 1
    assert compared > 60


def test_a_missing_port_makes_the_sum_missing_and_years_do_not_mix(own):
    assert isinstance(shares.regional(own, "three-ports", "total", "2008"), Missing)
    with pytest.raises(MixedBasisError, match="period differs"):
        together(containers.teu(own, LA, "total", "2023"), containers.teu(own, LB, "total", "2024"))
    with pytest.raises(DataError, match="Nothing to add"):
        together()
    with pytest.raises(ParameterError, match="Unknown region"):
        shares.ports_of("bay")


def test_shares_of_2023_follow_from_the_west_coast(own, observations):
    def share_of(region, way):
        return cr.share(shares.regional(own, region, way, "2023"), shares.us_by_share(own, observations, way, "2023"))

    assert round(float(share_of("three-ports", "loaded_imports").value), 1) == 38.5
    assert round(float(share_of("california", "loaded_imports").value), 1) == 39.3
    exports = share_of("three-ports", "loaded_exports")
    assert round(float(exports.value)) == 29
    assert 28 < float(exports.interval.low) < 29
    assert any("West Coast" in caveat for caveat in exports.caveats)
    assert any("Oakland exports derived" in caveat for caveat in exports.caveats)
    assert round(float(share_of("three-ports", "loaded_both_ways").value)) == 35


def test_totals_that_leave_out_coasts_are_not_used_and_the_december_misprint_is_corrected(own, unused):
    for month, words in (("2024-08", "New York"), ("2025-06", "East Coast")):
        found = shares.us_by_month(own, unused, month)
        assert isinstance(found, Missing)
        assert words in found.reason
    expected = cr.load("corrections").reset_index().set_index("key")["expect"]
    for month, count in (("2024-12", 2_227_557 + 84_868 - 59_535), ("2023-12", 1_978_252 + 76_347 - 65_801)):
        found = shares.us_by_month(own, unused, month)
        assert int(found) == count == int(expected[f"{US_TRACKED}|{month}|month|loaded_imports|pmsa-2024-12"])
        assert "corrected" in found.caveats[0]
    assert any("Miami" in c for c in shares.us_by_month(own, unused, "2024-10").caveats)


def test_monthly_shares_of_the_three_ports(own, unused):
    months = shares.months_share(own, unused, "three-ports")
    percent = months["percent"].astype(float).round(1)
    assert percent["2024-03"] == 37.5
    assert percent["2024-10"] == 44.8
    assert percent["2025-01"] == 44.2
    assert not {"2024-08", "2024-09", "2025-06"} & set(months.index)
    ten = shares.share_over(months, "2024")
    assert ten.period == "10 months of 2024"
    assert round(float(ten.value), 1) == 41.1
    assert round(float(shares.share_over(months, "2025").value), 1) == 39.6
    assert isinstance(shares.share_over(months, "2022"), Missing)


def test_a_share_over_bills_of_lading_says_that_two_counts_are_mixed(own, customs, observations):
    found = readings.imports_40(own, customs, observations)[f"three ports, 2024, {readings.BILLS}"]
    # 11.050 of the 27.7 million TEU that PIERS counts, printed to a tenth of a million
    assert round(float(found.value), 1) == 39.9
    assert (round(float(found.interval.low), 1), round(float(found.interval.high), 1)) == (39.8, 40.0)
    assert any("basis differs" in caveat for caveat in found.caveats)


def test_the_share_of_the_nation_is_tested_by_whole_years_only(own, customs, observations):
    found = readings.nation_45(own, customs, observations)
    assert len(found) == 3 * 4 + 7 + 2
    printed = {name for name, value in found.items() if isinstance(value, AsPrinted)}
    assert printed == {"both ways, 2012, customs-based", "both ways, 2023, ports' own count"}
    unlikely = {name for name, value in found.items() if isinstance(value, Unlikely)}
    assert all(name.split(", ")[1] in (*readings.EARLIER, "2009") for name in unlikely)
    assert all(found[name].why == readings.TOO_OLD for name in unlikely)


def test_the_shares_drawn_name_their_base_and_partial_years(own, customs, observations, unused):
    rows = (
        series.shares_by_base(own, customs, observations, unused, "three-ports")
        .set_index(["group", "label"])["value"]
        .round(1)
    )
    assert rows["imports, customs-based", "2012"] == 44.8
    assert rows["imports, ports' own", "2023"] == 38.5
    assert rows["imports, ports' own", "10 months of 2024"] == 41.1
    assert ("imports, ports' own", "2024") not in rows.index


@pytest.mark.parametrize(("region", "percent"), [("los-angeles", -4.8), ("long-beach", -8.2), ("san-pedro-bay", -6.4)])
def test_containers_of_may_2025_against_may_2024(own, region, percent):
    # 716,619 over 752,893; 639,160 over 696 thousand (rounded)
    found = growth(shares.regional(own, region, "total", "2025-05"), shares.regional(own, region, "total", "2024-05"))
    assert round(float(found.value), 1) == percent
    assert (found.bounds is None) == (region == "los-angeles")


def test_exports_of_the_los_angeles_port_are_a_fifth_of_the_states_by_value(observations):
    exports = shares.value_of_exports(observations, LA, "2017")
    assert int(exports) == 34_320_000_000  # 12 percent of more than 286 billion
    whole = exports_of.state_total(cr.load("state_exports"), state="CA", year=2017, vintage="revised")
    with pytest.raises(MixedBasisError):
        cr.share(exports, whole)
    found = cr.share(exports, whole, across=["basis", "vintage"])
    assert round(float(found.value)) == 20
    assert 19 < float(found.interval.low) < float(found.interval.high) < 21
    assert isinstance(shares.value_of_exports(observations, LA, "2023"), Missing)


def test_words_such_as_nearly_bound_a_printed_number():
    assert str(rounding.stands_for(3_000_000, 100_000, "nearly; a page")) == "[2,900,000, 3,000,000)"
    assert str(rounding.stands_for(3_000_000, 100_000, "more than; a page")) == "[3,000,000, 3,100,000)"
    assert str(rounding.stands_for(12, 1, float("nan"))) == "[11.5, 12.5)"


@pytest.mark.parametrize(("words", "size"), [("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)])
def test_a_note_that_repeats_the_figure_in_words_speaks_of_it_and_of_no_other(words, size):
    assert rounding.stands_for(12 * 10**size, 10**size, f"nearly 12 {words}").high == 12 * 10**size
    around = rounding.stands_for(12 * 10 ** (size + 1), 10**size, f"nearly 12 {words}")
    assert around.high > 12 * 10 ** (size + 1)


def test_jobs_keep_area_ports_and_definition_apart(observations):
    found = jobs.by_study(observations, "san-pedro-bay")
    both = found[(found["ports"].str.startswith("San Pedro")) & (found["area"] == "Southern California")]
    assert set(both["jobs"]) == {226_000, 230_000, 951_000}
    direct = found[found["kind"] == "direct only"]
    assert direct[["area", "ports", "year", "jobs"]].to_numpy().tolist() == [
        ["Area not stated", "Los Angeles", "2006", 47_105]
    ]
    assert len(jobs.as_rows(found)) == len(found)


def test_jobs_of_all_ports_together_count_for_the_state_alone(observations):
    words = {region: set(jobs.by_study(observations, region)["ports"]) for region in shares.REGIONS}
    assert {"public ports", "California public ports", "California ports trade"} <= words["california"]
    assert words["oakland"] == {"Oakland", "Oakland, sea and air"}
    assert "San Pedro Bay ports" in words["three-ports"]
    assert "San Pedro Bay ports" not in words["los-angeles"]


def test_months_of_a_group_of_ports_have_a_sum_only_where_each_port_has_a_count(own):
    rows = series.months_by_port(own, "san-pedro-bay", "loaded_imports", since="2024-01")
    wide = rows.pivot(index="month", columns="series", values="value")
    both = wide["Los Angeles"] + wide["Long Beach"]
    pd.testing.assert_series_equal(wide["together"].dropna(), both.dropna(), check_names=False)
    assert "together" not in set(series.months_by_port(own, "oakland", "total", since="2024-01")["series"])
    assert "together" not in set(series.months_by_port(own, "california", "total", since="2024-01")["series"])


def test_a_month_drawn_names_the_sources_of_its_count(own):
    rows = series.months_by_port(own, "long-beach", "total", since="2024-01").set_index("month")
    assert rows.at["2024-12", "sources"] == own.at[(LB, "2024-12", "month", "total"), "sources"]


def test_the_newest_year_is_compared_with_the_year_before_and_a_port_without_counts_says_so(own):
    table = series.latest_changes(own, "california", "total")
    assert table.at[LA, "TEU, 2025"] == "10,239,317"
    assert table.at[LA, "change, percent"] == "-0.6"
    assert "January to November 9,447,731 + December 791,586" in table.at[LA, "note"]
    assert table.at[LB, "range that rounding allows"] == ""
    assert tuple(table.loc["Port of Hueneme"]) == ("", "", "", "", "Port of Hueneme, total, 2025: no count in the data")


def test_a_run_about_some_ports_lists_no_counts_of_others(own, unused):
    kept = set(series.about(unused, "oakland", "oakland")["port"])
    assert kept == {OAK, US_TRACKED, "U.S. East Coast ports (PMSA)"}
    assert set(series.derived_since(own, "2024", "oakland", "long-beach")["port"]) == {OAK, LB}


def test_the_two_totals_of_1997_are_told_or_it_is_said_that_a_port_has_no_count(customs):
    piers = cr.load("port_containers_piers")
    told = series.total_of_1997_in_words(customs, piers, "three-ports")
    assert "37.6 percent of the one that is used here and 36.0 percent of the other" in told
    assert "Neither gives a share" in series.total_of_1997_in_words(customs, piers, "california")
    without = piers.drop(index=[key for key in piers.index if "1997" in key])
    assert "Neither gives a share" in series.total_of_1997_in_words(customs, without, "three-ports")
