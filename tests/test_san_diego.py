"""San Diego's exports, trade with neighbours, crossings and study figures, against numbers of the publishers' tables."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import cityresearch

import cityresearch as cr
from cityresearch.chapters.san_diego import crossings
from cityresearch.chapters.san_diego import neighbors as neighbours
from cityresearch.chapters.san_diego import studies as san_diego
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.measures import published as observations
from cityresearch.numbers.quantity import Missing, together

AREA = "San Diego-Chula Vista-Carlsbad, CA MSA"


@pytest.fixture(scope="module")
def trade() -> pd.DataFrame:
    return cr.load("trade_with_partners")


@pytest.fixture(scope="module")
def entries() -> pd.DataFrame:
    return cr.load("border_entries")


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return cr.load("san_diego_observations")


@pytest.fixture(scope="module")
def missions() -> pd.DataFrame:
    return cr.load("missions")


def test_goods_trade_is_the_sum_of_both_flows_of_one_source(trade):
    # Census: exports 256,676,487,323 and imports 356,093,584,045 with Mexico in 2019
    assert int(neighbours.goods_trade(trade, "Mexico", 2019)) == 256_676_487_323 + 356_093_584_045


def test_the_total_that_rounds_least_is_taken(trade):
    # 2024: 839.892 bn in one source, 840 bn in another; 2019: 614.5 bn in the first release, to the dollar after revision
    assert int(neighbours.goods_trade(trade, "Mexico", 2024)) == 839_892_000_000
    assert neighbours.goods_trade(trade, "Mexico", 2019).interval.is_point


def test_trade_with_both_partners_grew_by_31_percent_from_2019_and_51_from_2020(trade):
    for basis, from_2019, from_2020 in (("national", 30.8, 50.9), ("state_assigned", 31.0, 51.1)):
        found = [neighbours.trade_growth(trade, neighbours.USMCA, first, 2024, basis=basis) for first in (2019, 2020)]
        assert [round(float(g.value), 1) for g in found] == [from_2019, from_2020]


def test_national_trade_and_sums_of_states_are_not_mixed(trade):
    national = neighbours.goods_trade(trade, "Mexico", 2024)
    by_states = neighbours.goods_trade(trade, "Mexico", 2019, basis="state_assigned")
    with pytest.raises(MixedBasisError, match="basis"):
        observations.growth(national, by_states, across=["vintage"])
    with pytest.raises(MixedBasisError, match="period differs"):
        together(national, neighbours.goods_trade(trade, "Mexico", 2019), geography="both")


def test_growth_between_two_places_is_refused(trade):
    mexico, canada = (neighbours.goods_trade(trade, p, 2019) for p in neighbours.USMCA)
    with pytest.raises(MixedBasisError, match="different places"):
        observations.growth(mexico, canada)


def test_mexico_led_in_2019_and_again_from_2023(trade):
    leaders = [neighbours.largest_partner(trade, year) for year in range(2019, 2025)]
    assert leaders == ["Mexico", "China", "Canada", "Canada", "Mexico", "Mexico"]


def test_a_place_is_missing_where_rounding_leaves_the_order_open():
    one, other = (cr.Quantity(v, "USD", bounds=cr.PrintedNumber(v, 10).interval) for v in (100, 105))
    assert isinstance(observations.place({"one": one, "other": other}, "one"), Missing)
    assert int(observations.place({"one": one, "other": cr.Quantity(200, "USD")}, "one")) == 2


def test_a_year_without_trade_is_missing(trade):
    assert isinstance(neighbours.goods_trade(trade, "Mexico", 2030), Missing)
    assert isinstance(neighbours.trade_growth(trade, neighbours.USMCA, 2019, 2030), Missing)


def test_services_follow_from_total_and_surplus(trade):
    # the press: about 96 bn in both directions and a surplus of 5.3 bn
    exports, imports = (
        neighbours.services_from_balance(trade, "Mexico", 2024, side) for side in ("exports", "imports")
    )
    assert (float(exports.value), float(imports.value)) == (50.65e9, 45.35e9)
    assert [float(i.interval.low) for i in (exports, imports)] == [50.375e9, 45.075e9]
    base = neighbours.services_base(trade, "Mexico", 2019, "exports")  # 62.7 less 30.5 bn
    assert float(base.value) == 32.2e9
    assert "two vintages" in base.caveats[0]


def test_only_2019_of_all_years_and_sets_of_crossings_prints_283_thousand(entries):
    printed = cr.PrintedNumber(283_000, 1000, "people")
    every = [*crossings.TIJUANA_CROSSINGS, *crossings.NEARBY_CROSSINGS]
    tried = crossings.sets_that_print(entries, every, printed)
    assert len(tried) > 150
    assert tried.loc[tried["prints"], ["crossings", "year"]].values.tolist() == [["San Ysidro + Otay Mesa", 2019]]


def test_crossings_are_entries_doubled_over_the_days_of_the_year(entries):
    found = crossings.per_day(entries, crossings.TIJUANA_CROSSINGS, 2019)
    persons = entries.reset_index()
    persons = persons[persons["port"].isin(crossings.TIJUANA_CROSSINGS) & (persons["period"] == "2019")]
    assert found.value * 365 == 2 * int(persons.loc[persons["unit"] == "persons", "count"].sum())
    assert round(float(found.value)) == 283_151
    assert round(float(crossings.per_day(entries, crossings.TIJUANA_CROSSINGS, 2023).value)) == 247_898
    assert [crossings.days_in_year(y) for y in (2019, 2020, 2024)] == [365, 366, 366]


def test_years_with_missing_counts_say_what_is_missing(entries):
    by_year = crossings.by_year(entries, crossings.TIJUANA_CROSSINGS, cr.PrintedNumber(283_000, 1000))
    assert by_year.loc[2019, "complete"]
    assert "no bus passengers of Otay Mesa" in by_year.loc[2023, "incomplete"]
    assert "pedestrians of San Ysidro: only 11 of 12 months" in by_year.loc[2024, "incomplete"]
    assert isinstance(crossings.per_day(entries, ["Cross Border Xpress, CA"], 2012), Missing)


def test_what_california_sends_to_mexico_equals_the_printed_share_of_two_counties():
    by_country = cr.load("california_exports_by_country")
    assert int(san_diego.to_country(by_country, "Mexico", 2024)) == 33_471_792_945
    part = san_diego.share_of_printed(cr.claim("E017").printed, cr.claim("E018").printed)
    assert abs(float(part.value) - 33_471_792_945) < 10e6
    assert isinstance(san_diego.to_country(by_country, "Mexico", 2010), Missing)


def test_mexicos_share_in_the_customs_district(figures):
    # 15,736 of 16,199 million in 2010 and 18,944 of 19,896 in 2012
    assert [round(float(san_diego.district_share(figures, y).value), 1) for y in (2010, 2011, 2012)] == [
        97.1,
        96.6,
        95.2,
    ]
    shares = san_diego.district_shares(figures)
    assert (shares.index.min(), shares.index.max()) == (1992, 2012)
    assert 2011 in san_diego.years_that_print(shares, cr.PrintedNumber(97, 1, "percent"), "nearly")
    assert isinstance(san_diego.district_share(figures, 2013), Missing)


def test_a_figure_known_as_a_bound_keeps_the_words_beside_it(figures):
    found = observations.observed(figures, "manufacturing_jobs_edc", "San Diego region", "2020")
    assert int(found) == 108_000
    assert str(found.interval) == "[108,000, 109,000)"
    assert "more than" in found.caveats[0]
    assert isinstance(observations.observed(figures, "manufacturing_jobs_edc", "San Diego region", "1999"), Missing)


def test_a_coarse_figure_is_read_finer_only_beside_another_of_its_own_notice(figures):
    place = "Singapore (Woodlands and Tuas)"
    everyday = observations.observed(figures, "land_checkpoint_travellers_per_day", place, "2024-01")
    holidays = observations.observed(figures, "land_checkpoint_travellers_per_day_holidays", place, "2024-01")
    finer = observations.at_precision_of(everyday, holidays)
    assert (int(finer.interval.low), int(finer.interval.high)) == (395_000, 405_000)
    with pytest.raises(DataError, match="precision"):
        observations.at_precision_of(
            everyday, observations.observed(figures, "comic_con_impact", "San Diego region", "2024")
        )


def test_payroll_jobs_of_a_year_before_follow_from_the_printed_change(figures):
    level = observations.observed(figures, "manufacturing_employment", AREA, "2024-12")
    change = observations.observed(figures, "manufacturing_employment_change_12_months", AREA, "2024-12")
    before = san_diego.a_year_before(level, change)  # 111,200 after a fall of 2.8 percent
    assert before.period == "2023-12"
    assert 114_200 < before.interval.low < before.value < before.interval.high < 114_700


def test_the_trade_center_records_eight_missions_of_its_own(missions):
    own = san_diego.missions_of_trade_center(missions, cr.load("sources"))
    assert list(own["countries"]) == ["CAN", "GBR", "JPN", "DEU", "NLD", "KOR", "SGP", "FRA"]
    assert [
        float(san_diego.missions_per_year(own, *span).value) for span in ((2022, 2025), (2017, 2017), (2020, 2021))
    ] == [1, 2, 0]


@pytest.mark.parametrize(
    ("mission", "lengths"),
    [("sd-2025-09-france", (6, 5, 5, 5)), ("sd-2024-09-singapore", (5, 4, 5, 5)), ("sd-2023-10-korea", (7, 6, 5, 4))],
)  # 21 to 26 September 2025 from a Sunday; 30 September to 4 October 2024; 27 October to 2 November 2023 from a Friday
def test_lengths_of_missions(missions, mission, lengths):
    kinds = ("calendar days", "nights", "weekdays", "weekdays after the first weekend")
    assert tuple(int(san_diego.length(missions.loc[mission], kind)) for kind in kinds) == lengths


def test_a_trip_without_full_dates_has_no_length(missions):
    assert isinstance(san_diego.length(missions.loc["sd-2019-germany"], "nights"), Missing)
    with pytest.raises(DataError, match="fortnights"):
        san_diego.length(missions.loc["sd-2025-09-france"], "fortnights")


def test_ninety_five_alumni_need_twenty_in_the_unknown_cohort(figures):
    cohorts = san_diego.cohorts(figures, programme_cohorts=6)
    assert isinstance(cohorts["all"], Missing)
    assert (int(cohorts["known"]), int(cohorts["filled"])) == (75, 90)
    assert int(san_diego.cohorts(figures, programme_cohorts=5)["all"]) == 75


def test_editions_count_the_one_without_a_year(figures):
    editions = san_diego.editions(figures, "cyber_firms", 2025)
    assert editions == [2014, 2016, 2021, 2023, 2025, None]
    assert float(observations.mean_step(editions[:-1], undated=1).value) == 2.2
    assert float(san_diego.mean_known_step(editions[:-1], undated=1).value) == 2


def test_another_metro_runs_and_counts_no_claim(tmp_path):
    arguments = [
        "-p",
        "metro",
        "El Paso, TX",
        "-p",
        "beside",
        "Laredo, TX",
        "-p",
        "year",
        "2016",
        "-p",
        "country",
        "Canada",
    ]
    result = cityresearch("run", "09-san-diego", *arguments, "--output", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "0 claims counted" in result.stdout + result.stderr


def test_ranks_of_investors_and_employers_are_told_apart():
    firms = pd.DataFrame(
        {
            "series": ["foreign_investor_rank_japan", "foreign_employer_rank_france", "foreign_investor_rank_germany"],
            "geography": "Here", "period": ["2015", None, "2015"], "value": [3.0, 2.0, 1.0], "source_id": "edc", "note": None,
        }
    )  # fmt: skip
    found = san_diego.investor_ranks(pd.concat([firms, firms.assign(geography="There", value=9)]), "Here")
    assert found[["country", "of", "rank", "period"]].to_numpy().tolist() == [
        ["France", "employer", 2, ""], ["Germany", "investor", 1, "2015"], ["Japan", "investor", 3, "2015"],
    ]  # fmt: skip


def test_amounts_stand_side_by_side_in_billions_and_missing_ones_say_why():
    found = san_diego.sizes({"a": cr.Quantity(23_456_000_000, "USD", "2023", basis="zip_based"), "b": Missing("none")})
    assert found.loc["a", ["billion", "period", "basis"]].tolist() == [23.46, "2023", "zip_based"]
    assert found.at["b", "basis"] == "missing: none"
    assert pd.isna(found.at["b", "billion"])


def test_a_count_that_ends_in_zero_is_read_to_the_ten():
    found = san_diego.to_the_ten(cr.PrintedNumber(60, 1, "count"), "here")
    assert (found.interval.low, found.interval.high) == (55, 65)
    with pytest.raises(DataError, match="does not end in zero"):
        san_diego.to_the_ten(cr.PrintedNumber(61, 1, "count"), "here")


def test_services_come_first_only_if_their_slowest_flow_grew_faster_than_goods():
    def grew(percent, width=1):
        return cr.Quantity(percent, "percent", bounds=cr.PrintedNumber(percent, width, "percent").interval)

    goods = grew(10)
    assert neighbours.services_place({"to": grew(20), "from": grew(15)}, goods).value == 1
    assert neighbours.services_place({"to": grew(20), "from": grew(5)}, goods).value == 2
    assert isinstance(neighbours.services_place({"to": grew(20), "from": grew(10)}, goods), Missing)
    assert isinstance(neighbours.services_place({"to": grew(20), "from": Missing("none")}, goods), Missing)
    words = neighbours.services_place({"to": grew(20), "from": grew(15)}, goods).caveats[0]
    assert words == "to 20 %; from 15 %; goods 10 %"
