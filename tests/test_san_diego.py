"""San Diego's exports, trade with neighbors, and numbers of its studies, against numbers of the publishers' tables."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import cityresearch

import cityresearch as cr
from cityresearch.chapters.san_diego import exports, neighbors, notes, studies, study_readings, trade_center
from cityresearch.claims.reading import unmarked
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.measures import comparisons
from cityresearch.measures import published as observations
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, missing, together

AREA = "San Diego-Chula Vista-Carlsbad, CA MSA"


@pytest.fixture(scope="module")
def trade() -> pd.DataFrame:
    return cr.load("trade_with_partners")


@pytest.fixture(scope="module")
def goods(trade) -> neighbors.Goods:
    return neighbors.goods_trade(trade)


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return cr.load("san_diego_observations")


@pytest.fixture(scope="module")
def missions() -> pd.DataFrame:
    return cr.load("missions")


def test_goods_trade_is_the_sum_of_both_flows_of_one_source(goods):
    # Census: exports 256,676,487,323 and imports 356,093,584,045 with Mexico in 2019
    assert int(neighbors.with_partner(goods, "Mexico", 2019)) == 256_676_487_323 + 356_093_584_045


def test_the_total_that_rounds_least_is_taken(goods):
    # 2024: 839.892 bn in one source, 840 bn in another
    # 2019: 614.5 bn in the first release, to the dollar after revision
    assert int(neighbors.with_partner(goods, "Mexico", 2024)) == 839_892_000_000
    assert neighbors.with_partner(goods, "Mexico", 2019).interval.is_point


def test_trade_with_both_partners_grew_by_31_percent_from_2019_and_51_from_2020(trade):
    for basis, from_2019, from_2020 in (("national", 30.8, 50.9), ("state_assigned", 31.0, 51.1)):
        goods = neighbors.goods_trade(trade, basis=basis)
        found = [neighbors.trade_growth(goods, neighbors.USMCA, first, 2024) for first in (2019, 2020)]
        assert [round(float(g.value), 1) for g in found] == [from_2019, from_2020]


def test_national_trade_and_sums_of_states_are_not_mixed(trade, goods):
    national = neighbors.with_partner(goods, "Mexico", 2024)
    by_states = neighbors.goods_trade(trade, basis="state_assigned")["Mexico", 2019]
    with pytest.raises(MixedBasisError, match="basis"):
        comparisons.growth(national, by_states, across=["vintage"])
    with pytest.raises(MixedBasisError, match="period differs"):
        together(national, neighbors.with_partner(goods, "Mexico", 2019), geography="both")


def test_growth_between_two_places_is_refused(goods):
    mexico, canada = (neighbors.with_partner(goods, p, 2019) for p in neighbors.USMCA)
    with pytest.raises(MixedBasisError, match="different places"):
        comparisons.growth(mexico, canada)


def test_mexico_led_in_2019_and_again_from_2023(goods):
    leaders = [neighbors.largest_partner(goods, year) for year in range(2019, 2025)]
    assert leaders == ["Mexico", "China", "Canada", "Canada", "Mexico", "Mexico"]


def test_a_place_is_missing_where_rounding_leaves_the_order_open():
    one, other = (cr.Quantity(v, "USD", bounds=PrintedNumber(v, 10).interval) for v in (100, 105))
    assert isinstance(comparisons.place({"one": one, "other": other}, "one"), Missing)
    assert int(comparisons.place({"one": one, "other": cr.Quantity(200, "USD")}, "one")) == 2


def test_a_year_without_trade_is_missing(goods):
    assert isinstance(neighbors.with_partner(goods, "Mexico", 2030), Missing)
    assert isinstance(neighbors.trade_growth(goods, neighbors.USMCA, 2019, 2030), Missing)


def test_services_follow_from_total_and_surplus(trade):
    # the press: about 96 bn in both directions and a surplus of 5.3 bn
    exports, imports = (neighbors.services_from_balance(trade, "Mexico", 2024, side) for side in ("exports", "imports"))
    assert (float(exports.value), float(imports.value)) == (50.65e9, 45.35e9)
    assert [float(i.interval.low) for i in (exports, imports)] == [50.375e9, 45.075e9]
    base = neighbors.services_base(trade, "Mexico", 2019, "exports")  # 62.7 less 30.5 bn
    assert float(base.value) == 32.2e9
    assert "two vintages" in base.caveats[0]


def test_what_california_sends_to_mexico_equals_the_printed_share_of_two_counties():
    by_country = cr.load("california_exports_by_country")
    assert int(exports.to_country(by_country, "Mexico", 2024)) == 33_471_792_945
    part = exports.share_of_printed(cr.claim("E017").printed, cr.claim("E018").printed)
    assert abs(float(part.value) - 33_471_792_945) < 10e6
    assert isinstance(exports.to_country(by_country, "Mexico", 2010), Missing)


def test_mexicos_share_in_the_customs_district(figures):
    # 15,736 of 16,199 million in 2010 and 18,944 of 19,896 in 2012
    assert [round(float(exports.district_share(figures, y).value), 1) for y in (2010, 2011, 2012)] == [
        97.1,
        96.6,
        95.2,
    ]
    shares = exports.district_shares(figures)
    assert (shares.index.min(), shares.index.max()) == (1992, 2012)
    assert 2011 in exports.years_that_print(shares, PrintedNumber(97, 1, "percent"), "nearly")
    assert isinstance(exports.district_share(figures, 2013), Missing)


def test_a_figure_known_as_a_bound_keeps_the_words_next_to_it(figures):
    found = observations.observed(figures, "manufacturing_jobs_edc", "San Diego region", "2020")
    assert int(found) == 108_000
    assert str(found.interval) == "[108,000, 109,000)"
    assert "more than" in found.caveats[0]
    assert isinstance(observations.observed(figures, "manufacturing_jobs_edc", "San Diego region", "1999"), Missing)


def test_a_coarse_figure_is_read_finer_only_next_to_another_of_its_own_notice(figures):
    place = "Singapore (Woodlands and Tuas)"
    everyday = observations.observed(figures, "land_checkpoint_travellers_per_day", place, "2024-01")
    holidays = observations.observed(figures, "land_checkpoint_travellers_per_day_holidays", place, "2024-01")
    finer = comparisons.at_precision_of(everyday, holidays)
    assert (int(finer.interval.low), int(finer.interval.high)) == (395_000, 405_000)
    with pytest.raises(DataError, match="precision"):
        comparisons.at_precision_of(
            everyday, observations.observed(figures, "comic_con_impact", "San Diego region", "2024")
        )


def test_services_of_a_base_year_need_both_figures_that_they_follow_from():
    trade = cr.load("trade_with_partners")
    names = trade.index.names
    rows = trade.reset_index()
    for flow in ("services_imports", "services_trade_total"):
        lacking = rows[~((rows["flow"] == flow) & (rows["partner"] == "Mexico") & (rows["period"] == "2019"))]
        assert len(lacking) < len(rows)
        assert isinstance(neighbors.services_base(lacking.set_index(names), "Mexico", 2019, "exports"), Missing)


def test_without_either_figure_nothing_is_read_finer():
    known, none = Quantity(300, "people", sources=("lao-4618",)), missing("no count")
    assert (
        comparisons.at_precision_of(none, known).reason == comparisons.at_precision_of(known, none).reason == "no count"
    )


@pytest.mark.parametrize(("jobs", "one_in"), [(20_000, 100), (200_000, 10), (1_000_000, 2)])
def test_the_share_of_a_sector_is_told_as_one_job_in_so_many(figures, jobs, one_in):
    rows = figures.reset_index()
    for series, value in (("manufacturing_employment", jobs), ("private_employment", 2_000_000)):
        there = (rows["series"] == series) & (rows["geography"] == AREA) & (rows["period"] == "2024-12")
        assert there.sum() == 1
        rows.loc[there, "value"] = value
    said = notes.manufacturing(rows.set_index(figures.index.names))
    assert said.endswith(f"On payrolls the sector is one private job in {one_in}.")
    assert f"percent {'above' if jobs < 121_027 else 'below'} payroll jobs" in said


def test_payroll_jobs_of_a_year_before_follow_from_the_printed_change(figures):
    level = observations.observed(figures, "manufacturing_employment", AREA, "2024-12")
    change = observations.observed(figures, "manufacturing_employment_change_12_months", AREA, "2024-12")
    before = studies.a_year_before(level, change)  # 111,200 after a fall of 2.8 percent
    assert before.period == "2023-12"
    assert 114_200 < before.interval.low < before.value < before.interval.high < 114_700


def test_the_trade_center_records_eight_missions_of_its_own(missions):
    own = trade_center.missions_of_trade_center(missions, cr.load("sources"))
    assert list(own["countries"]) == ["CAN", "GBR", "JPN", "DEU", "NLD", "KOR", "SGP", "FRA"]
    assert [
        float(trade_center.missions_per_year(own, *span).value) for span in ((2022, 2025), (2017, 2017), (2020, 2021))
    ] == [1, 2, 0]


@pytest.mark.parametrize(
    ("mission", "lengths"),
    [("sd-2025-09-france", (6, 5, 5, 5)), ("sd-2024-09-singapore", (5, 4, 5, 5)), ("sd-2023-10-korea", (7, 6, 5, 4))],
)  # 21 to 26 September 2025 from a Sunday; 30 September to 4 October 2024; 27 October to 2 November 2023 from a Friday
def test_lengths_of_missions(missions, mission, lengths):
    kinds = ("calendar days", "nights", "weekdays", "weekdays after the first weekend")
    assert tuple(int(trade_center.length(missions.loc[mission], kind)) for kind in kinds) == lengths


def test_a_trip_without_full_dates_has_no_length(missions):
    assert isinstance(trade_center.length(missions.loc["sd-2019-germany"], "nights"), Missing)
    for name, cut in (("start_date", "2025-09"), ("end_date", "2025-09"), ("end_date", pd.NA)):
        one = missions.loc["sd-2025-09-france"].copy()
        one[name] = cut
        assert isinstance(trade_center.length(one, "nights"), Missing), (name, cut)
    with pytest.raises(DataError, match="fortnights"):
        trade_center.length(missions.loc["sd-2025-09-france"], "fortnights")


def test_ninety_five_alumni_need_twenty_in_the_unknown_cohort(figures):
    cohorts = trade_center.cohorts(figures, program_cohorts=6)
    assert isinstance(cohorts["all"], Missing)
    assert (int(cohorts["known"]), int(cohorts["filled"])) == (75, 90)
    assert int(trade_center.cohorts(figures, program_cohorts=5)["all"]) == 75
    assert "the other cohorts have 15 each" in notes.alumni(figures)
    rows = figures.reset_index()
    first = rows.index[rows["series"] == "metroconnect_cohort_companies"][0]
    rows.loc[first, "value"] = 12
    assert "the other cohorts have 12 to 15 each" in notes.alumni(rows.set_index(figures.index.names))


def test_editions_count_the_one_without_a_year(figures):
    editions = studies.editions(figures, "cyber_firms", 2025)
    assert editions == [2014, 2016, 2021, 2023, 2025, None]
    assert float(comparisons.mean_step(editions[:-1], undated=1).value) == 2.2
    assert float(studies.mean_known_step(editions[:-1], undated=1).value) == 2
    assert [int(studies.longest_step(editions[:-1], undated=n).value) for n in (0, 1, 2)] == [5, 3, 2]


def test_innovation_manufacturing_is_twice_as_dense_under_five_of_six_lists(figures):
    found = study_readings.innovation_concentration(figures)
    assert isinstance(unmarked(found.pop("EDC's own list")), Missing)
    of_2019 = {name.removesuffix(", 2019"): float(q.value) for name, q in found.items() if name.endswith("2019")}
    # by hand: (19843 + 8342 + 14846 + 4970) / 1313497 over (759393 + 226734 + 386894 + 273051) / 122485576
    assert next(iter(of_2019.values())) == pytest.approx(2.7193, abs=1e-4)
    assert [name for name, ratio in of_2019.items() if ratio <= 2] == ["all transport equipment for aerospace"]
    assert len(found) == 2 * len(of_2019) == 12


@pytest.mark.long
def test_a_run_for_another_metro_counts_no_claim_and_says_nothing_about_san_diego(tmp_path):
    parameters = {"metro": "El Paso, TX", "beside": "Laredo, TX", "year": "2016", "country": "Japan"}
    arguments = [word for name, value in parameters.items() for word in ("-p", name, value)]
    result = cityresearch("run", "09-san-diego", *arguments, "--output", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "0 claims counted" in result.stdout + result.stderr
    cells = json.loads((tmp_path / "notebooks" / "09-san-diego.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = json.dumps([cell.get("outputs", cell["source"]) for cell in cells])
    assert "El Paso and Laredo, 2016" in shown
    assert "The partners in the data are Canada, China and Mexico." in shown
    assert not any(word in shown for word in ("San Diego", "Tijuana", "EDC", "California to"))


def test_amounts_of_another_state_say_that_destinations_are_known_for_california_only():
    tables = [cr.load(name) for name in ("metro_exports", "california_exports_by_country")]
    texas = exports.amounts(*tables, metro="El Paso, TX", beside="Laredo, TX", country="Mexico", year=2016)
    assert list(texas)[:2] == ["El Paso and Laredo, 2016", "El Paso and Laredo, 2015"]
    assert "California only" in texas["all of Texas to Mexico, 2016"].reason
    alone = exports.amounts(*tables, metro="El Centro, CA", beside="El Centro, CA", country="Mexico", year=2023)
    assert not any(" and " in name for name in alone)  # a metro is not added to itself
    assert int(alone["all of California to Mexico, 2024"]) == 33_471_792_945


def test_trade_by_year_has_the_years_with_a_value_and_their_change(goods):
    found = neighbors.by_year(goods, "Mexico", range(2023, 2027))
    assert found.index.tolist() == [2023, 2024]
    # 839.892 bn after 798.9 bn
    assert found.iloc[1, :3].tolist() == ["839.9", "+5.1", "1"]
    assert neighbors.by_year(goods, "Japan", range(2019, 2025)).empty
    assert "with Japan" in notes.no_trade(goods, "Japan")


def test_leaders_are_named_with_their_years(goods):
    said = notes.leaders(goods, range(2019, 2025))
    assert "Mexico in 2019, 2023 and 2024, China in 2020, Canada in 2021 and 2022" in said
    assert "no partner with certainty in 2030" in notes.leaders(goods, [2030])


def test_ranks_of_investors_and_employers_are_told_apart():
    firms = pd.DataFrame(
        {
            "series": ["foreign_investor_rank_japan", "foreign_employer_rank_france", "foreign_investor_rank_germany"],
            "geography": "Here", "period": ["2015", None, "2015"], "value": [3.0, 2.0, 1.0], "source_id": "edc",
            "note": None,
        }
    )  # fmt: skip
    found = studies.investor_ranks(pd.concat([firms, firms.assign(geography="There", value=9)]), "Here")
    assert found[["country", "ranked as", "rank", "year"]].to_numpy().tolist() == [
        ["France", "employer", 2, ""], ["Germany", "investor", 1, "2015"], ["Japan", "investor", 3, "2015"],
    ]  # fmt: skip


def test_amounts_stand_side_by_side_in_billions_and_missing_ones_say_why():
    amounts = {"a": cr.Quantity(23_456_000_000, "USD", "2023", basis="zip_based"), "b": Missing("none")}
    found = exports.side_by_side(amounts)
    assert found.loc["a", ["billion USD", "year", "assigned by"]].tolist() == [
        "23.46", "2023", "address of the exporter of record",
    ]  # fmt: skip
    assert found.at["b", "remark"] == "missing: none"
    assert found.at["b", "billion USD"] == ""


def test_a_count_that_ends_in_zero_is_read_to_the_ten():
    found = studies.to_the_ten(PrintedNumber(60, 1, "count"), "here")
    assert (found.interval.low, found.interval.high) == (55, 65)
    with pytest.raises(DataError, match="does not end in zero"):
        studies.to_the_ten(PrintedNumber(61, 1, "count"), "here")


def test_services_come_first_only_if_their_slowest_flow_grew_faster_than_goods():
    def grew(percent, width=1):
        return cr.Quantity(percent, "percent", bounds=PrintedNumber(percent, width, "percent").interval)

    goods = grew(10)
    assert neighbors.services_place({"to": grew(20), "from": grew(15)}, goods).value == 1
    assert neighbors.services_place({"to": grew(20), "from": grew(5)}, goods).value == 2
    assert isinstance(neighbors.services_place({"to": grew(20), "from": grew(10)}, goods), Missing)
    assert isinstance(neighbors.services_place({"to": grew(20), "from": Missing("none")}, goods), Missing)
    words = neighbors.services_place({"to": grew(20), "from": grew(15)}, goods).caveats[0]
    assert words == "to 20 %; from 15 %; goods 10 %"
