"""Metro trends inside delineations, concentration, scale and the map, against values of the publisher's table and sums by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_state_exports import drawn_faults

import cityresearch as cr
from cityresearch.chapters.metro_exports.map import metro_map, with_outline
from cityresearch.chapters.metro_exports.rank_size import rank_size
from cityresearch.charts import style
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.numbers.quantity import Missing

LA = "Los Angeles-Long Beach-Anaheim, CA"
SD = "San Diego-Chula Vista-Carlsbad, CA"
FRESNO, MADERA = "Fresno, CA", "Madera, CA"
NEIGHBOURS = [FRESNO, "Hanford-Corcoran, CA", MADERA, "Visalia, CA"]
VALLEY = [*NEIGHBOURS, "Bakersfield-Delano, CA", "Merced, CA", "Modesto, CA", "Stockton-Lodi, CA"]


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return cr.load("metro_exports")


@pytest.fixture(scope="module")
def scaled(exports) -> pd.DataFrame:
    return cr.concentration.per_head_and_product(
        exports, cr.load("metro_population"), cr.load("metro_gdp"), cr.load("metro_titles"), cr.load("metro_delineation_changes"), year=2023
    )  # fmt: skip


@pytest.mark.parametrize(("year", "base"), [(2013, 2012), (2018, 2017), (2023, 2022), (2012, 2013)])
def test_a_change_across_a_delineation_break_is_refused(exports, year, base):
    with pytest.raises(MixedBasisError, match="across_breaks=True"):
        cr.metro_trends.change(exports, LA, year=year, base=base)


def test_a_change_across_a_break_that_is_asked_for_says_so_in_its_label(exports):
    lists = dict(counties=cr.load("metro_delineation_changes"), titles=cr.load("metro_titles"))
    fresno = cr.metro_trends.change(exports, FRESNO, year=2023, base=2022, across_breaks=True, **lists)
    assert fresno.geography == "Fresno, CA, across the areas of 2023"
    assert fresno.caveats == ("areas of 2023: other counties than in the list of 2018",)
    los_angeles = cr.metro_trends.change(exports, LA, year=2023, base=2022, across_breaks=True, **lists)
    assert los_angeles.caveats == ("areas of 2023: the same counties as in the list of 2018",)
    assert round(float(los_angeles.value), 1) == -2.3  # 59,561,594,613 over 60,979,747,066


def test_a_change_inside_a_delineation_needs_no_permission(exports):
    change = cr.metro_trends.change(exports, LA, year=2022, base=2018)
    assert (change.geography, change.caveats) == (LA, ())


def test_periods_hold_one_delineation_each():
    assert cr.metro_trends.periods(2005, 2023) == [(2005, 2012), (2013, 2017), (2018, 2022), (2023, 2023)]
    assert list(cr.metro_trends.breaks(2005, 2023)) == [2012.5, 2017.5, 2022.5]


def test_growth_is_estimated_inside_periods_and_pinned(exports):
    table = cr.metro_trends.growth_by_metro(exports, [SD]).set_index("first")
    assert list(table.index) == [2005, 2013, 2018]
    assert table["n"].tolist() == [8, 5, 5]
    assert table["percent_per_year"].tolist() == pytest.approx([4.038, 0.553, 6.011], abs=0.001)
    assert table["log_points"].tolist() == pytest.approx([0.03959, 0.00551, 0.05837], abs=0.00001)
    assert table["standard_error"].tolist() == pytest.approx([0.00403, 0.00548, 0.01840], abs=0.00001)
    assert table["errors"].str.contains("Newey-West, 1 lag").all()
    assert [bool(c) for c in table["caveat"]] == [True, False, False]


def test_growth_of_a_steady_series_is_its_rate_and_leaving_out_years_does_not_move_it(exports):
    years = list(range(2018, 2023))
    steady = exports.loc[[(LA, y) for y in years]].assign(value_usd=[int(1e12 * 1.03**i) for i in range(5)])
    row = cr.metro_trends.growth_by_metro(steady, [LA]).iloc[0]
    assert [row["percent_per_year"], row["least"], row["most"]] == pytest.approx([3, 3, 3], abs=1e-6)


def test_one_odd_year_shows_in_the_estimates_that_leave_out_a_year(exports):
    values = [100, 103, 106, 109, 400]
    odd = exports.loc[[(LA, y) for y in range(2018, 2023)]].assign(value_usd=values)
    row = cr.metro_trends.growth_by_metro(odd, [LA]).iloc[0]
    assert row["least"] == pytest.approx((np.exp(np.polyfit(range(4), np.log(values[:4]), 1)[0]) - 1) * 100)
    assert row["most"] > 3 * row["least"]


def test_a_period_with_a_gap_is_left_out(exports):
    table = cr.metro_trends.growth_by_metro(exports.drop((LA, 2008)), [LA])
    assert table["first"].tolist() == [2013, 2018]


@pytest.mark.parametrize(("year", "share"), [(2012, 23.9), (2017, 21.2), (2020, 16.1), (2021, 19.6)])
def test_fresnos_share_of_the_eight_valley_metros(exports, year, share):
    found = cr.metro_trends.share_in_set(exports, FRESNO, VALLEY, year)
    assert round(float(found.value), 1) == share


def test_fresnos_share_of_four_neighbours_of_2017(exports):
    assert round(float(cr.metro_trends.share_in_set(exports, FRESNO, NEIGHBOURS, 2017).value), 1) == 54.1


def test_madera_is_missed_in_2023_unless_it_is_known_to_be_inside_fresno(exports):
    assert isinstance(cr.metro_trends.share_in_set(exports, FRESNO, VALLEY, 2023), Missing)
    before = cr.metro_trends.share_in_set(exports, FRESNO, NEIGHBOURS, 2017, joined={MADERA: (FRESNO, 2023)})
    assert (round(float(before.value), 1), before.caveats) == (54.1, ())
    found = cr.metro_trends.share_in_set(exports, FRESNO, VALLEY, 2023, joined={MADERA: (FRESNO, 2023)})
    assert found.caveats == ("Madera is inside Fresno in 2023",)
    assert round(float(found.value), 1) == 19.5
    with pytest.raises(DataError, match="not in the set"):
        cr.metro_trends.share_in_set(exports, LA, VALLEY, 2017)


def test_concentration_of_a_table_small_enough_to_check_by_hand(exports):
    rows = exports.loc[[(LA, 2023), (SD, 2023), (FRESNO, 2023)]].assign(value_usd=[50, 30, 20])
    row = cr.concentration.by_year(rows, state="CA", n=2).loc[2023]
    assert (row["metros"], row["total_usd"], row["top_share_percent"], row["largest"]) == (3, 100, 80, LA)
    assert row["herfindahl"] == pytest.approx(2500 + 900 + 400)
    assert row["equal_metros"] == pytest.approx(10_000 / 3800)


def test_concentration_of_california_uses_the_published_sums(exports):
    row = cr.concentration.by_year(exports, state="CA", n=5).loc[2023]
    assert row["top_share_percent"] == pytest.approx(141_004_904_245 / 180_258_319_297 * 100)


def test_ranks_hold_metros_only_and_the_slope_is_pinned(exports):
    table = cr.concentration.rank_size(exports, year=2023)
    assert not table["label"].str.startswith("Z-").any()
    assert table.loc[table["label"] == LA, "rank"].tolist() == [4]
    slopes = cr.concentration.rank_size_slopes(table, [50, 100, 200])
    assert slopes["slope"].tolist() == pytest.approx([-1.3006, -0.9509, -0.7897], abs=0.0001)
    assert slopes["standard_error"].tolist() == pytest.approx([0.2601, 0.1345, 0.0790], abs=0.0001)


def test_the_slope_of_a_power_law_is_found():
    ranks = np.arange(1, 101)
    table = pd.DataFrame({"rank": ranks, "value": (ranks - 0.5) ** -1.0})
    assert cr.concentration.rank_size_slopes(table, [100]).at[100, "slope"] == pytest.approx(-1)


def test_scale_joins_by_code_and_says_whose_counties_differ(scaled):
    table = scaled.set_index("label")
    assert table.at[SD, "usd_per_head"] == pytest.approx(22_975_303_952 / 3_282_782)
    assert bool(table.at[SD, "same_counties"])
    assert not bool(table.at[FRESNO, "same_counties"])  # Madera joined
    assert set(table.index[table["gdp_usd"].isna()]) >= {"Kenosha, WI", "Waterbury-Shelton, CT"}


def test_the_table_of_scale_has_its_columns_in_the_order_that_readers_are_told(scaled):
    assert list(scaled.columns) == [
        "label", "state", "code", "exports_usd", "population", "population_measure", "usd_per_head", "gdp_usd", "percent_of_gdp",
        "same_counties", "sources",
    ]  # fmt: skip
    assert list(scaled["label"]) == sorted(scaled["label"])


def test_a_year_without_residents_of_its_areas_gets_none(exports):
    table = cr.concentration.per_head_and_product(
        exports, cr.load("metro_population"), cr.load("metro_gdp"), cr.load("metro_titles"), cr.load("metro_delineation_changes"), year=2012
    )  # fmt: skip
    assert table["population"].isna().all()
    assert table["gdp_usd"].isna().all()  # chained dollars are not current ones


def test_counties_are_those_of_the_list_in_force(exports):
    tables = (cr.load("metro_titles"), cr.load("metro_counties"))
    of = {
        y: cr.metro_trends.counties_of(cr.exports.metros(exports, state="CA", year=y), *tables, year=y)
        for y in (2012, 2022, 2023)
    }
    assert of[2012] == {}
    assert of[2022][FRESNO] == ("06019",)
    assert of[2023][FRESNO] == ("06019", "06039")


@pytest.mark.parametrize("width", style.WIDTHS.values())
@pytest.mark.parametrize("state", ["CA", "TX", "RI"])
def test_ranks_and_map_fit_at_the_standard_widths(exports, width, state, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    words = dict(state=state, title="t", subtitle="s", alt="a", caption="c", sources=["ita-metro-2005-2023"])
    table = cr.concentration.rank_size(exports, year=2023)
    assert drawn_faults(rank_size(table, unit="billion USD", scale=1e9, **words)) == []
    rows = cr.exports.metros(exports, state=state, year=2023)
    members = cr.metro_trends.counties_of(rows, cr.load("metro_titles"), cr.load("metro_counties"), year=2023)
    chart = metro_map(rows.reset_index(), with_outline(members), limits=(1, 5, 10, 25), **words)
    assert drawn_faults(chart) == []
    assert chart.data["value_usd"].tolist() == sorted(rows["value_usd"], reverse=True)


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


def test_the_map_shades_by_the_stated_limits(exports):
    rows = cr.exports.metros(exports, state="CA", year=2023).reset_index()
    members = {LA: ("06037", "06059")}
    chart = metro_map(
        rows[rows["cbsa_title"] == LA].assign(value_usd=25_000_000_000), members, state="CA", limits=(1, 5, 10, 25), title="t", subtitle="s",
        alt="a", caption="c", sources=[],
    )  # fmt: skip
    assert chart.data["shade"].tolist() == [5]
    assert chart.data["counties"].tolist() == ["06037 06059"]


def test_metros_that_a_year_lacks_are_named():
    table = pd.DataFrame(
        {"cbsa_title": ["A, CA", "B, CA", "A, CA", "C, TX"], "year": [2022, 2022, 2023, 2022], "value_usd": 1, "kind": "metro",
         "state": ["CA", "CA", "CA", "TX"]}
    ).set_index(["cbsa_title", "year"])  # fmt: skip
    assert cr.metro_trends.titles_without_value(table, state="CA", year=2023) == ["B, CA"]
    assert cr.metro_trends.titles_without_value(table, state="CA", year=2022) == []
