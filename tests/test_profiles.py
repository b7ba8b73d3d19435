"""Profiles: tables joined by code, breaks kept, counties that differ said, and every kind of area."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import PROJECT, cityresearch

import cityresearch as cr
from cityresearch.chapters.city_profile import gaps
from cityresearch.errors import MixedBasisError, ParameterError
from cityresearch.measures import areas, bases, cities, goods, work
from cityresearch.numbers.quantity import Missing, missing
from cityresearch.runs import sweep

LA = "Los Angeles-Long Beach-Anaheim, CA"
SF = "San Francisco-Oakland-Fremont, CA"
HOUSTON = "Houston-Pasadena-The Woodlands, TX"
NOTEBOOK = PROJECT / "notebooks" / "11-city-profile.ipynb"


@pytest.fixture(scope="module")
def data() -> SimpleNamespace:
    names = (
        "metro_exports metro_titles metro_counties metro_gdp metro_population bls_employment foreign_owned_firms "
        "missions mission_classification mission_outcomes"
    )
    return SimpleNamespace(**{name: cr.load(name) for name in names.split()})


def by_year_of(data, metro: str) -> pd.DataFrame:
    return goods.exports_by_year(data.metro_exports, data.metro_titles, metro)


def breaks_of(data, metro: str) -> pd.DataFrame:
    code = areas.code_of(data.metro_titles, metro)
    return areas.breaks(by_year_of(data, metro), data.metro_counties, code)


def product_of(data, metro: str, year: int = 2023):
    over = areas.list_of_year(year)
    return bases.gdp(data.metro_gdp, data.metro_titles, data.metro_counties, metro, year, over=over)


def differ_of(data, metro: str, table, year: int = 2023) -> str:
    code = areas.code_of(data.metro_titles, metro)
    value = goods.value_of(data.metro_exports, by_year_of(data, metro), metro, year)
    return bases.counties_differ(value, data.metro_counties, code, year, table)


def test_metros_of_one_value_share_the_better_place(data):
    exports = data.metro_exports.copy()
    fourth = exports.loc[(LA, 2023), "value_usd"]
    exports.loc[("San Diego-Chula Vista-Carlsbad, CA", 2023), "value_usd"] = fourth
    found = goods.exports_by_year(exports, data.metro_titles, "San Diego-Chula Vista-Carlsbad, CA").loc[2023]
    assert (found["rank_us"], found["rank_state"]) == (4, 1)


def test_every_year_of_an_area_has_its_value_and_its_place(data):
    found = by_year_of(data, LA)
    assert list(found.index) == list(range(2005, 2024))
    row = found.loc[2023]
    # ITA 2023: Houston, New York, Corpus Christi and then Los Angeles; first in California
    assert (row["value_usd"], row["rank_us"], row["rank_state"], row["metros_state"]) == (59_561_594_613, 4, 1, 25)
    assert row["share_of_us"] == pytest.approx(100 * 59_561_594_613 / 2_019_159_665_204)


def test_an_area_keeps_its_years_when_its_title_changes(data):
    newer = by_year_of(data, "Kiryas Joel-Poughkeepsie-Newburgh, NY")
    assert newer["title"].nunique() == 2
    assert newer.equals(by_year_of(data, "Poughkeepsie-Newburgh-Middletown, NY"))
    assert not set(range(2013, 2018)) & set(newer.index)  # no value was published


def test_two_values_for_one_year_are_refused(data):
    twice = data.metro_exports.reset_index()
    row = twice[(twice["cbsa_title"] == "Kiryas Joel-Poughkeepsie-Newburgh, NY")].tail(1)
    doubled = pd.concat([twice, row.assign(cbsa_title="Poughkeepsie-Newburgh-Middletown, NY")])
    with pytest.raises(ParameterError, match="two values for one year"):
        goods.exports_by_year(
            doubled.set_index(["cbsa_title", "year"]), data.metro_titles, "Kiryas Joel-Poughkeepsie-Newburgh, NY"
        )


def test_remainders_are_no_areas(data):
    for title in ("Z-Unknown", "United States", "Atlantis, CA"):
        with pytest.raises(ParameterError, match="not the title of a metropolitan area"):
            areas.code_of(data.metro_titles, title)


def test_a_break_is_kept_unless_both_lists_name_the_same_counties(data):
    assert breaks_of(data, LA)["kept"].to_dict() == {2013: None, 2018: True, 2023: True}
    # Madera County joined Fresno in 2023; San Jacinto County joined Houston
    assert breaks_of(data, "Fresno, CA")["kept"].to_dict() == {2013: None, 2018: True, 2023: False}
    assert breaks_of(data, HOUSTON)["kept"].to_dict() == {2013: None, 2018: None, 2023: False}
    assert breaks_of(data, "Kenosha, WI").empty


def test_a_break_says_how_many_counties_came_and_went(data):
    same = "same counties in both lists"
    assert breaks_of(data, LA)["words"].loc[[2018, 2023]].tolist() == [same, same]
    assert breaks_of(data, "Fresno, CA").at[2023, "words"] == "counties added: 1; dropped: 0"
    assert "a list is not in our data" in breaks_of(data, LA).at[2013, "words"]
    # an area that lost a county, by the lists of the Office of Management and Budget themselves
    members = data.metro_counties.reset_index().groupby(["cbsa_code", "delineation"])["county_fips"].agg(set)
    titles = data.metro_titles["cbsa_code"]
    lost = next(
        (title, code)
        for title, code in titles.items()
        if (code, 2018) in members
        and (code, 2023) in members
        and members[code, 2018] - members[code, 2023]
        and not members[code, 2023] - members[code, 2018]
        and (title, 2023) in data.metro_exports.index
        and 2022 in by_year_of(data, title).index
    )
    dropped = len(members[lost[1], 2018] - members[lost[1], 2023])
    assert breaks_of(data, lost[0]).at[2023, "words"] == f"counties added: 0; dropped: {dropped}"


def test_no_change_is_computed_across_a_break(data):
    fresno = goods.stretches(by_year_of(data, "Fresno, CA"), breaks_of(data, "Fresno, CA"))
    assert list(zip(fresno["first"], fresno["last"], strict=True)) == [(2005, 2012), (2013, 2022), (2023, 2023)]
    assert pd.isna(fresno["change_percent"].iloc[-1])
    angeles = goods.stretches(by_year_of(data, LA), breaks_of(data, LA)).iloc[-1]
    # 59,561,594,613 over the 76,305,733,816 of 2013
    assert angeles["change_percent"] == pytest.approx(-21.94, abs=0.01)
    share = by_year_of(data, LA)["share_of_us"]
    assert angeles["share_change_points"] == pytest.approx(share[2023] - share[2013]) != 0
    assert pd.isna(fresno["share_change_points"].iloc[-1])
    assert (1 + angeles["percent_per_year"] / 100) ** 10 == pytest.approx(1 + angeles["change_percent"] / 100)


def test_residents_are_those_of_the_same_year_and_an_average_says_so(data):
    found = bases.population(data.metro_population, data.metro_titles, LA, 2023)
    assert (found.basis, found.period) == ("acs_5_year", "2019/2023")
    assert "average of 2019 to 2023" in found.caveats[0]
    assert bases.population(data.metro_population, data.metro_titles, LA, 2019).basis == "july_1_estimate"
    assert isinstance(bases.population(data.metro_population, data.metro_titles, LA, 2022), Missing)


def test_product_joins_by_code_though_the_titles_differ(data):
    # BEA prints the area as San Francisco-Oakland-Berkeley: 778.9 billion
    product = product_of(data, SF)
    assert float(product.value) == pytest.approx(778.9e9, abs=0.05e9)
    assert differ_of(data, SF, product) == ""


def test_product_of_an_absorbed_area_is_added(data):
    # Fresno County alone 60.151 billion, Madera 8.025 billion
    product = product_of(data, "Fresno, CA")
    assert float(product.value) == pytest.approx(68.176e9, abs=0.001e9)
    assert "Madera" in product.caveats[0]
    # what was added is of the same year, though the table has others
    earlier = data.metro_gdp.reset_index().assign(year=2001)
    both = pd.concat([data.metro_gdp.reset_index(), earlier]).set_index(data.metro_gdp.index.names)
    again = bases.gdp(both, data.metro_titles, data.metro_counties, "Fresno, CA", 2023, over=2023)
    assert again.value == product.value
    assert differ_of(data, "Fresno, CA", product) == ""


def test_chained_dollars_are_not_divided(data):
    product = product_of(data, LA, 2016)
    assert isinstance(product, Missing)
    assert "chained (2009) USD" in product.reason


def test_ratios_over_other_counties_need_a_word_and_carry_it(data):
    product = product_of(data, HOUSTON)
    differ = differ_of(data, HOUSTON, product)
    assert "1 county more, 0 counties fewer" in differ
    value = goods.value_of(data.metro_exports, by_year_of(data, HOUSTON), HOUSTON, 2023)
    with pytest.raises(MixedBasisError, match="across_counties=True"):
        bases.ratio(value, product, unit="percent", differ=differ)
    ratio = bases.ratio(value, product, unit="percent", differ=differ, across_counties=True)
    assert differ in ratio.caveats
    assert isinstance(bases.like_for_like(ratio, differ), Missing)
    assert bases.like_for_like(ratio, "") is ratio


@pytest.mark.parametrize("lacks", ["exports", "base"])
def test_a_ratio_of_what_is_missing_says_what_is_missing(lacks):
    sides = {"exports": cr.Quantity(2, "USD"), "base": cr.Quantity(1, "people")}
    sides[lacks] = cr.missing(f"no {lacks} in our data")
    found = bases.ratio(**sides, unit="USD per person", differ="1 county more", across_counties=False)
    assert found.reason == f"no {lacks} in our data"


def test_an_area_without_product_or_without_the_year_is_missing(data):
    assert isinstance(product_of(data, "Kenosha, WI"), Missing)
    madera = by_year_of(data, "Madera, CA")
    assert isinstance(goods.value_of(data.metro_exports, madera, "Madera, CA", 2023), Missing)
    assert isinstance(goods.place(madera, "Madera, CA", 2023, "us"), Missing)


def test_trips_and_ties_are_those_of_cities_that_the_title_names(data):
    assert cities.cities_in(["Kansas City, MO-KS", "Fresno, CA", "Fresno, CA MSA"]) == ("Fresno",)
    fresno = cities.trips(data.missions, data.mission_classification, ["Fresno"])
    assert set(fresno.index.str[:4]) == {"fre-"}
    assert len(fresno) == 5
    assert cities.trips(data.missions, data.mission_classification, ()).empty


def test_outcomes_that_were_only_planned_are_left_out(data):
    diego = cities.trips(data.missions, data.mission_classification, ["San Diego"])
    found = cities.outcomes(data.mission_outcomes, diego)
    assert set(found["status"]) == {"reported", "confirmed"}
    planned = data.mission_outcomes.reset_index().query("status == 'planned'")["outcome"]
    assert not set(planned) & set(found["outcome"])


def test_firms_and_jobs_are_those_of_the_area_itself(data):
    houston = work.foreign_firms(data.foreign_owned_firms, data.metro_titles, HOUSTON)
    assert list(houston["value"]) == [178_005, 8.0]  # Brookings for 2011, under the title of that time
    assert work.foreign_firms(data.foreign_owned_firms, data.metro_titles, LA).empty
    jobs = work.employment(data.bls_employment, data.metro_titles, SF).set_index("series")
    assert jobs.loc["trade_transportation_utilities", ["month", "jobs"]].to_list() == ["2026-03", 334_600]


def test_what_is_missing_is_listed_with_its_publisher():
    found = gaps.gaps(
        {"residents": cr.missing("no year"), "sister cities": pd.DataFrame(), "goods exports": cr.Quantity(1)}
    )
    assert list(found.index) == ["residents", "sister cities", "re-exports (foreign goods that only pass through)"]
    assert "Census" in found.at["residents", "publisher"]


@pytest.mark.parametrize(
    ("wish", "metros"),
    [
        ([f"metro={LA}|{HOUSTON}"], [LA, HOUSTON]),
        ([f"metro={LA}", f"metro={HOUSTON}"], [LA, HOUSTON]),
        ([f"metro={LA}| {LA}"], [LA]),
    ],
)
def test_a_sweep_takes_values_that_hold_commas(wish, metros):
    assert [combo["metro"] for combo in sweep.combinations(NOTEBOOK, wish, {})] == metros


def test_a_sweep_still_separates_at_commas_where_no_value_holds_one():
    combos = sweep.combinations(PROJECT / "notebooks" / "01-metro-exports.ipynb", ["state=CA,TX", "year=2022"], {})
    assert [(c["state"], c["year"]) for c in combos] == [("CA", 2022), ("TX", 2022)]
    with pytest.raises(ParameterError, match="found ''"):
        sweep.combinations(NOTEBOOK, [f"metro={LA}|"], {})


@pytest.mark.long
def test_a_sweep_over_areas_gives_one_row_each_and_says_what_is_missing(tmp_path):
    result = cityresearch(
        "sweep", NOTEBOOK.stem, "--over", f"metro={HOUSTON}|Fresno, CA|Madera, CA", "--output", tmp_path
    )
    assert result.returncode == 0, result.stderr
    table = pd.read_csv(tmp_path / "table.csv").set_index("metro")
    assert list(table.index) == [HOUSTON, "Fresno, CA"]
    assert table.at[HOUSTON, "rank in the country"] == 1
    assert pd.isna(table.at[HOUSTON, "exports as percent of GDP"])
    assert table.at["Fresno, CA", "exports as percent of GDP"] == pytest.approx(100 * 3.109117 / 68.1763, rel=1e-4)
    assert "Madera, CA" in (tmp_path / "missing.csv").read_text(encoding="utf-8")


def test_without_exports_or_another_table_nothing_is_said_of_counties(data):
    code, product = areas.code_of(data.metro_titles, LA), product_of(data, LA)
    assert bases.counties_differ(missing("no exports"), data.metro_counties, code, 2023, product) == ""
    assert differ_of(data, LA, missing("no product")) == ""
