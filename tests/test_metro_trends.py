"""Metro trends, concentration, scale and the map, against values of the publisher and sums by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from conftest import mostly_long
from test_state_exports import drawn_faults

import cityresearch as cr
from cityresearch.chapters.metro_exports import concentration, trends
from cityresearch.chapters.metro_exports.map import metro_map, with_outline
from cityresearch.chapters.metro_exports.scale_figures import per_gdp, per_head, ranks
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.measures import areas
from cityresearch.measures import exports as measure
from cityresearch.numbers.quantity import Missing

LA = "Los Angeles-Long Beach-Anaheim, CA"
SF = "San Francisco-Oakland-Fremont, CA"
SD = "San Diego-Chula Vista-Carlsbad, CA"
FRESNO, MADERA = "Fresno, CA", "Madera, CA"
NEIGHBORS = [FRESNO, "Hanford-Corcoran, CA", MADERA, "Visalia, CA"]
VALLEY = [*NEIGHBORS, "Bakersfield-Delano, CA", "Merced, CA", "Modesto, CA", "Stockton-Lodi, CA"]


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return cr.load("metro_exports")


@pytest.fixture(scope="module")
def scaled(exports) -> pd.DataFrame:
    return concentration.per_head_and_product(
        exports,
        cr.load("metro_population"),
        cr.load("metro_gdp"),
        cr.load("metro_titles"),
        cr.load("metro_counties"),
        year=2023,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lists() -> tuple[pd.DataFrame, pd.DataFrame]:
    return cr.load("metro_titles"), cr.load("metro_counties")


@pytest.fixture(scope="module")
def breaks(exports, lists) -> dict[str, tuple[int, ...]]:
    return areas.break_years(*lists, [LA, SD, FRESNO], **trends.years_covered(exports))


@pytest.mark.parametrize(("metro", "year", "base"), [(LA, 2013, 2012), (LA, 2012, 2013), (FRESNO, 2023, 2022)])
def test_a_change_is_refused_where_counties_changed_or_the_lists_cannot_tell(exports, lists, metro, year, base):
    with pytest.raises(MixedBasisError, match="across_breaks=True"):
        trends.change(exports, *lists, metro, year=year, base=base)


def test_a_change_across_a_break_that_is_asked_for_says_so_in_its_label(exports, lists):
    fresno = trends.change(exports, *lists, FRESNO, year=2023, base=2022, across_breaks=True)
    assert fresno.geography == "Fresno, CA, across the areas of 2023"
    assert fresno.caveats == ("areas of 2023: counties added: 1; dropped: 0",)


@pytest.mark.parametrize(("year", "base"), [(2022, 2018), (2018, 2017), (2023, 2022), (2023, 2013)])
def test_a_change_while_the_counties_stay_the_same_needs_no_permission(exports, lists, year, base):
    change = trends.change(exports, *lists, LA, year=year, base=base)
    assert (change.geography, change.caveats) == (LA, ())


def test_the_fall_of_san_francisco_from_2022_to_2023_is_no_artifact_of_its_area(exports, lists):
    found = trends.since_the_year_before(exports, *lists, [SF, FRESNO], year=2023)
    # 24,252,990,256 over 30,649,029,370
    assert (round(float(found[SF].value), 1), found[SF].caveats) == (-20.9, ())
    assert found[FRESNO].caveats
    assert isinstance(trends.since_the_year_before(exports, *lists, [SF], year=2005)[SF], Missing)


def test_growth_is_estimated_inside_unbroken_runs_and_pinned(exports, breaks):
    table = trends.growth_by_metro(exports, [SD], breaks).set_index("first")
    assert table["last"].to_dict() == {2005: 2012, 2013: 2023}
    assert table["n"].tolist() == [8, 11]
    assert table["percent_per_year"].tolist() == pytest.approx([4.038, 3.194], abs=0.001)
    assert table["log_points"].tolist() == pytest.approx([0.03959, 0.03144], abs=0.00001)
    assert table["standard_error"].tolist() == pytest.approx([0.00403, 0.00641], abs=0.00001)
    assert table["errors"].str.contains("Newey-West, 1 lag").all()
    assert [bool(c) for c in table["caveat"]] == [True, False]


def test_growth_of_the_years_2018_to_2022_alone_is_as_it_was_pinned(exports):
    table = trends.growth_by_metro(exports, [SD], {SD: (2013, 2018, 2023)}).set_index("first")
    assert table["percent_per_year"].tolist() == pytest.approx([4.038, 0.553, 6.011], abs=0.001)
    assert table["standard_error"].tolist() == pytest.approx([0.00403, 0.00548, 0.01840], abs=0.00001)


def test_a_metro_whose_counties_changed_in_the_last_year_ends_its_run_before(exports, breaks):
    table = trends.growth_by_metro(exports, [FRESNO], breaks)
    assert table[["first", "last"]].values.tolist() == [[2005, 2012], [2013, 2022]]


def test_growth_of_a_steady_series_is_its_rate_and_leaving_out_years_does_not_move_it(exports):
    years = list(range(2018, 2023))
    steady = exports.loc[[(LA, y) for y in years]].assign(value_usd=[int(1e12 * 1.03**i) for i in range(5)])
    row = trends.growth_by_metro(steady, [LA], {LA: ()}).iloc[0]
    assert [row["percent_per_year"], row["least"], row["most"]] == pytest.approx([3, 3, 3], abs=1e-6)


def test_one_odd_year_shows_in_the_estimates_that_leave_out_a_year(exports):
    values = [100, 103, 106, 109, 400]
    odd = exports.loc[[(LA, y) for y in range(2018, 2023)]].assign(value_usd=values)
    row = trends.growth_by_metro(odd, [LA], {LA: ()}).iloc[0]
    assert row["least"] == pytest.approx((np.exp(np.polyfit(range(4), np.log(values[:4]), 1)[0]) - 1) * 100)
    assert row["most"] > 3 * row["least"]


def test_a_run_with_a_gap_is_left_out(exports, breaks):
    table = trends.growth_by_metro(exports.drop((LA, 2008)), [LA], breaks)
    assert table["first"].tolist() == [2013]


@pytest.mark.parametrize(("years", "windows"), [(4, 0), (5, 1)])
def test_growth_takes_five_years_at_least(exports, years, windows):
    rows = exports.loc[[(LA, y) for y in range(2018, 2018 + years)]].assign(value_usd=[100 + i for i in range(years)])
    assert len(trends.growth_by_metro(rows, [LA], {LA: ()})) == windows


def test_a_metro_that_was_renamed_is_followed_under_its_latest_title(exports, lists):
    old, new = "Poughkeepsie-Newburgh-Middletown, NY", "Kiryas Joel-Poughkeepsie-Newburgh, NY"
    series = trends.under_latest_titles(exports, lists[0])
    assert old not in series.index.get_level_values("cbsa_title")
    assert series.at[(new, 2022), "value_usd"] == exports.at[(old, 2022), "value_usd"]
    assert len(series) == len(exports)
    assert series.loc[LA].equals(exports.loc[LA])


@pytest.mark.parametrize(("year", "share"), [(2012, 23.9), (2017, 21.2), (2020, 16.1), (2021, 19.6)])
def test_fresnos_share_of_the_eight_valley_metros(exports, year, share):
    found = trends.share_in_set(exports, FRESNO, VALLEY, year)
    assert round(float(found.value), 1) == share


def test_fresnos_share_of_four_neighbors_of_2017(exports):
    assert round(float(trends.share_in_set(exports, FRESNO, NEIGHBORS, 2017).value), 1) == 54.1


def test_madera_is_missed_in_2023_unless_it_is_known_to_be_inside_fresno(exports):
    assert isinstance(trends.share_in_set(exports, FRESNO, VALLEY, 2023), Missing)
    before = trends.share_in_set(exports, FRESNO, NEIGHBORS, 2017, joined={MADERA: (FRESNO, 2023)})
    assert (round(float(before.value), 1), before.caveats) == (54.1, ())
    found = trends.share_in_set(exports, FRESNO, VALLEY, 2023, joined={MADERA: (FRESNO, 2023)})
    assert found.caveats == ("Madera is inside Fresno in 2023",)
    assert round(float(found.value), 1) == 19.5
    with pytest.raises(DataError, match="not in the set"):
        trends.share_in_set(exports, LA, VALLEY, 2017)


def test_concentration_of_a_table_small_enough_to_check_by_hand(exports):
    rows = exports.loc[[(LA, 2023), (SD, 2023), (FRESNO, 2023)]].assign(value_usd=[50, 30, 20])
    row = concentration.by_year(rows, state="CA", n=2).loc[2023]
    assert (row["metros"], row["total_usd"], row["top_share_percent"], row["largest"]) == (3, 100, 80, LA)
    assert row["herfindahl"] == pytest.approx(2500 + 900 + 400)
    assert row["equal_metros"] == pytest.approx(10_000 / 3800)


def test_concentration_in_no_metros_at_all_is_refused_and_in_one_is_its_share(exports):
    with pytest.raises(ParameterError, match="at least 1, found 0"):
        concentration.by_year(exports, state="CA", n=0)
    assert 0 < concentration.by_year(exports, state="CA", n=1).loc[2023, "top_share_percent"] < 100


def test_concentration_of_california_uses_the_published_sums(exports):
    row = concentration.by_year(exports, state="CA", n=5).loc[2023]
    assert row["top_share_percent"] == pytest.approx(141_004_904_245 / 180_258_319_297 * 100)


def test_ranks_hold_metros_only_and_the_slope_is_pinned(exports):
    table = concentration.rank_size(exports, year=2023)
    assert not table["label"].str.startswith("Z-").any()
    assert table.loc[table["label"] == LA, "rank"].tolist() == [4]
    slopes = concentration.rank_size_slopes(table, [50, 100, 200])
    assert slopes["slope"].tolist() == pytest.approx([-1.3006, -0.9509, -0.7897], abs=0.0001)
    assert slopes["standard_error"].tolist() == pytest.approx([0.2601, 0.1345, 0.0790], abs=0.0001)


def test_the_slope_of_a_power_law_is_found():
    ranks = np.arange(1, 101)
    table = pd.DataFrame({"rank": ranks, "value": (ranks - 0.5) ** -1.0})
    assert concentration.rank_size_slopes(table, [100]).at[100, "slope"] == pytest.approx(-1)


def test_scale_joins_by_code_and_says_whose_counties_differ(scaled):
    table = scaled.set_index("label")
    assert table.at[SD, "usd_per_head"] == pytest.approx(22_975_303_952 / 3_282_782)
    assert bool(table.at[SD, "same_counties"])
    assert not bool(table.at[FRESNO, "same_counties"])  # Madera joined
    assert set(table.index[table["gdp_usd"].isna()]) >= {"Kenosha, WI", "Waterbury-Shelton, CT"}


def test_the_table_of_scale_has_its_columns_in_the_order_that_readers_are_told(scaled):
    assert list(scaled.columns) == [
        "label", "state", "code", "exports_usd", "population", "population_measure", "usd_per_head", "gdp_usd",
        "percent_of_gdp", "same_counties", "per_head_sources", "of_gdp_sources",
    ]  # fmt: skip
    assert list(scaled["label"]) == sorted(scaled["label"])


def test_a_year_without_residents_of_its_areas_gets_none(exports):
    table = concentration.per_head_and_product(
        exports,
        cr.load("metro_population"),
        cr.load("metro_gdp"),
        cr.load("metro_titles"),
        cr.load("metro_counties"),
        year=2012,
    )  # fmt: skip
    assert table["population"].isna().all()
    assert table["gdp_usd"].isna().all()  # chained dollars are not current ones


@pytest.mark.parametrize(
    ("state", "width"),
    mostly_long(product(["CA", "TX", "RI"], style.WIDTHS.values()), ("CA", 3.5)),
)
def test_ranks_and_map_fit_at_the_standard_widths(exports, state, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    words = Words("t", subtitle="s", alt="a", caption="c", sources=["ita-metro-2005-2023"])
    table = concentration.rank_size(exports, year=2023)
    assert drawn_faults(ranks(table, state=state, year=2023)) == []
    rows = measure.metros(exports, state=state, year=2023)
    members = areas.counties_in_force(
        cr.load("metro_titles"), cr.load("metro_counties"), list(rows.index.unique("cbsa_title")), 2023
    )
    chart = metro_map(rows.reset_index(), with_outline(members), words, state=state)
    assert drawn_faults(chart) == []
    assert (chart.data["value"] * 1e9).round().tolist() == sorted(rows["value_usd"], reverse=True)


def test_counties_are_read_one_a_line_and_drawn_from_all_their_polygons(tmp_path):
    from cityresearch.datasets import county_outlines as outlines

    known = outlines.county_outlines()
    assert len(known) > 3_100
    assert (known["06037"].name, known["06037"].state) == ("Los Angeles", "California")
    # Catalina and San Clemente are part of the county
    assert len(known["06037"].rings) >= 3
    assert all(-119.2 < x < -117.5 and 32.7 < y < 34.9 for ring in known["06037"].rings for x, y in ring)
    path = tmp_path / "us_counties.geojson"
    path.write_text('{"type":"FeatureCollection","features":[\n{"type":"Feature","id":"6037"}\n]}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"us_counties.geojson, line 2: not one county"):
        outlines._read(path, 0)


def test_the_area_of_a_circle_on_the_map_follows_the_exports(exports):
    rows = measure.metros(exports, state="CA", year=2023).reset_index()
    members = {LA: ("06037", "06059"), "Fresno, CA": ("06019",)}
    two = rows[rows["cbsa_title"].isin(members)].sort_values("value_usd", ascending=False)
    chart = metro_map(two.assign(value_usd=[100, 25]), members, Words("t"), state="CA")
    circles = [line for line in chart.figure.axes[0].get_lines() if line.get_marker() == "o"]
    assert [circle.get_markersize() / circles[0].get_markersize() for circle in circles] == [1, 0.5]
    assert chart.data["counties"].tolist() == ["06037 06059", "06019"]


def test_metros_that_a_year_lacks_are_named():
    table = pd.DataFrame(
        {"cbsa_title": ["A, CA", "B, CA", "A, CA", "C, TX"], "year": [2022, 2022, 2023, 2022], "value_usd": 1,
         "kind": "metro", "state": ["CA", "CA", "CA", "TX"]}
    ).set_index(["cbsa_title", "year"])  # fmt: skip
    assert trends.titles_without_value(table, state="CA", year=2023) == ["B, CA"]
    assert trends.titles_without_value(table, state="CA", year=2022) == []


@pytest.mark.long
def test_windows_tested_together_show_growth_by_chance_as_rarely_as_one_alone():
    # six metros that drift around a level without growth, many times: how often does any window show growth?
    found = {"p_value": 0, "joint_p_value": 0}
    tries = 30
    for seed in range(tries):
        noise = np.random.default_rng(seed).normal(0, 0.1, (6, 12))
        index = pd.MultiIndex.from_product(
            [[f"Metro {i}" for i in range(6)], range(2012, 2024)], names=["cbsa_title", "year"]
        )
        values = pd.DataFrame({"value_usd": np.exp(20 + noise.ravel())}, index=index)
        names = list(index.unique("cbsa_title"))
        table = trends.growth_by_metro(values, names, {name: () for name in names})
        assert (table["joint_p_value"] >= table["p_value"]).all()
        for column in found:
            found[column] += (table[column] < 0.05).any()
    assert found["p_value"] > tries / 2
    assert found["joint_p_value"] < tries / 3


@pytest.mark.long
def test_a_clear_rise_is_found_among_windows_without_one(exports):
    growth = trends.growth_by_metro(exports, [LA, SD, FRESNO], {LA: (), SD: (), FRESNO: ()})
    from statsmodels.stats.multitest import multipletests

    assert growth["joint_p_value"].tolist() == pytest.approx(
        multipletests(growth["p_value"], method="holm")[1].tolist()
    )
    assert growth["joint_p_value"].max() == growth["p_value"].max()


def test_exports_per_head_cite_the_residents_and_those_relative_to_product_the_product(scaled):
    head, product = (
        per_head(scaled, state="CA", year=2023).words.sources,
        per_gdp(scaled, state="CA", year=2023).words.sources,
    )
    assert head == ("ita-metro-2005-2023", "acs5-2023-chadpvo")
    assert product == ("ita-metro-2005-2023", "bea-cagdp2-2023-chadpvo")
