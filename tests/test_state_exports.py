"""State exports by year, industry, partner and month, boxes, and single figures, against the publishers' own tables."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch import charts
from cityresearch.chapters.state_exports import economy, farm, months, parts, resilience, totals
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.measures import comparisons, containers
from cityresearch.numbers.quantity import Missing

LA, LB, OAKLAND = "Port of Los Angeles", "Port of Long Beach", "Port of Oakland"


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return cr.load("state_exports")


@pytest.fixture(scope="module")
def naics3() -> pd.DataFrame:
    return cr.load("state_exports_naics3")


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return cr.load("california_exports_by_country")


@pytest.fixture(scope="module")
def compared() -> pd.DataFrame:
    return months.against_year_before(cr.load("state_exports_monthly"), state="CA")


@pytest.fixture(scope="module")
def boxes() -> pd.DataFrame:
    return containers.settled(cr.load("port_containers"), cr.load("corrections"))


def percent(value) -> float:
    return round(float(value.value), 1)


def test_each_year_comes_from_the_latest_download_that_holds_it(states):
    years = totals.by_year(states, state="CA")
    assert list(years.index) == list(range(2012, 2026))
    assert years.at[2018, "value_usd"] == 178_175_235_647  # the download of 2020 has 178,162,663,737
    assert years.at[2025, "value_usd"] == 188_403_696_924


def test_california_is_second_in_every_year_and_texas_first(states):
    assert set(totals.by_year(states, state="CA")["rank"]) == {2}
    assert set(totals.by_year(states, state="TX")["rank"]) == {1}


def test_a_territory_is_not_ranked_among_the_states(states):
    years = totals.by_year(states, state="PR")
    assert years["rank"].isna().all()
    assert 2013 not in years.index  # that download has no territories


def test_a_change_is_computed_inside_one_download(states):
    # 2015 stands in the download of 2020 alone, so its change to 2016 takes 2016 from there too
    change = totals.total_change(states, state="CA", year=2016, base=2015)
    assert change.sources == ("census-stateexport-2013-2018",)
    assert percent(change) == -1.3
    assert isinstance(totals.total_change(states, state="CA", year=2013, base=2012), Missing)


def test_a_change_across_downloads_or_vintages_is_refused(states):
    old = totals.total_in(states, "CA", 2015, "census-stateexport-2013-2018")
    new = totals.total_in(states, "CA", 2016, "census-api-state-2016-2025")
    with pytest.raises(MixedBasisError, match="across sources"):
        totals.growth(new, old)
    first = totals.total_in(states, "CA", 2024, "beacon-2024-annual")
    with pytest.raises(MixedBasisError, match="vintage"):
        latest = totals.total_in(states, "CA", 2025, "census-api-state-2016-2025")
        comparisons.growth(latest, first)


def test_the_tariff_year_by_industry(states, naics3):
    # Census, download of March 2026: 188,403,696,924 over 183,933,700,133
    assert percent(totals.total_change(states, state="CA", year=2025, base=2024)) == 2.4
    assert percent(parts.industry_change(naics3, "312", state="CA", year=2025, base=2024)) == -33.0
    assert percent(parts.industry_change(naics3, "111", state="CA", year=2025, base=2024)) == 6.6


@pytest.mark.parametrize("state", ["CA", "TX", "WA"])
def test_what_industries_add_makes_up_the_change_of_the_total(states, naics3, state):
    found = parts.industries(naics3, state=state, year=2025, base=2024)
    total = totals.total_change(states, state=state, year=2025, base=2024)
    assert found["points"].sum() == pytest.approx(float(total.value), abs=1e-9)


def test_what_partners_add_makes_up_the_change_of_the_total(states, countries):
    found = parts.partners(countries, state="CA", year=2025, base=2024)
    assert found["year_usd"].sum() == 188_403_696_924
    assert (found.index[0], found.index[-1]) == ("Taiwan", "China")
    assert percent(parts.partner_change(countries, "China", year=2025, base=2024)) == -31.6
    rows = countries.reset_index()
    rows.loc[(rows["country"] == "China") & (rows["year"] == 2024), "value_usd"] = 0
    none_before = parts.partner_change(rows.set_index(countries.index.names), "China", year=2025, base=2024)
    assert none_before.reason == "California to China: no exports in 2024"


def test_parts_of_several_sources_are_not_split(naics3):
    rows = naics3.reset_index()
    with pytest.raises(DataError, match="across sources"):
        parts.contributions(rows[rows["state"] == "California"], "commodity", year=2017, base=2016)


def test_an_unknown_industry_is_refused(naics3):
    with pytest.raises(ParameterError, match="'999'"):
        parts.industry_change(naics3, "999", state="CA", year=2025, base=2024)


def test_first_releases_are_compared_with_the_latest_download(states):
    table = totals.vintages(states, state="CA")
    assert table.loc[2024, ["first_usd", "revised_usd"]].tolist() == [183_343_000_000, 183_933_700_133]
    assert round(table.at[2024, "revision_percent"], 2) == 0.32
    change = table["revised_usd"] / table["first_usd"] - 1
    assert table["revision_percent"].tolist() == pytest.approx((change * 100).tolist())


def test_a_month_is_compared_inside_one_edition(compared):
    # edition of March 2025: January 2025 14,942 against 13,866 million, re-exports 3,970 against 3,491
    january = compared.loc["2025-01"]
    assert january.loc["total", ["value_usd", "before_usd"]].tolist() == [14_942_000_000, 13_866_000_000]
    assert january.loc["domestic", "value_usd"] == 14_942_000_000 - 3_970_000_000
    assert january["source_id"].nunique() == 1


def test_months_are_added_before_they_are_compared(compared):
    together = months.together(compared, 2025)
    assert together.loc["total", ["months", "first", "last"]].tolist() == [11, "2025-01", "2025-11"]
    total = together.loc["total"]
    assert total["change_percent"] == pytest.approx(
        100 * (total["value_usd"] - total["before_usd"]) / total["before_usd"]
    )
    assert round(together.at["total", "change_percent"], 1) == 2.6
    assert together.at["total", "value_usd"] == together.loc[["domestic", "reexports"], "value_usd"].sum()


def test_a_state_without_months_gives_an_empty_table():
    assert months.against_year_before(cr.load("state_exports_monthly"), state="TX").empty


def test_a_fall_is_the_size_of_a_negative_change():
    change = cr.Quantity("-31.4", "percent", bounds=cr.PrintedNumber("-31.4", "0.1").interval)
    fall = farm.fall(change)
    assert (float(fall.value), float(fall.interval.low), float(fall.interval.high)) == (31.4, 31.35, 31.45)


def test_boxes_of_2025_against_2024(boxes):
    def change(port, direction):
        return resilience.year_change(boxes, port, direction, year=2025, base=2024)

    assert [percent(change(p, "total")) for p in (LA, LB, OAKLAND)] == [-0.6, 2.4, -0.3]
    # 1,141,113 over 1,207,038, the sum of twelve months; the rounded 1,210,000 that was printed would make it -5.7
    assert percent(change(LB, "loaded_exports")) == -5.5
    assert change(LB, "loaded_exports").bounds is None
    assert change(LB, "total").bounds is None
    assert change(OAKLAND, "total").bounds is not None
    assert change(LA, "loaded_exports").period == "11 months of 2024 to 11 months of 2025"
    assert percent(change(LA, "loaded_exports")) == -4.5
    # August 2024 may be a copy of July 2024 and is left out
    assert change(OAKLAND, "loaded_exports").period == "9 months of 2024 to 9 months of 2025"


def test_december_counts_where_both_years_have_it(boxes):
    known = {
        (LA, f"{year}-{month:02d}", "month", "total"): 100 + 10 * (year - 2034) * (month == 12)
        for year in (2034, 2035)
        for month in range(6, 13)
    }
    first = boxes.loc[[next(key for key in boxes.index if key[:1] == (LA,) and key[2:] == ("month", "total"))]]
    made = pd.concat([first.assign(teu=count, precision=1, doubt="").set_axis([key]) for key, count in known.items()])
    made.index = pd.MultiIndex.from_tuples(made.index, names=boxes.index.names)
    change = resilience.year_change(made, LA, "total", year=2035, base=2034)
    assert change.period == "7 months of 2034 to 7 months of 2035"
    assert float(change.value) == pytest.approx(100 * 10 / 700)


def test_too_few_common_months_are_missing(boxes):
    assert isinstance(resilience.year_change(boxes, LA, "loaded_exports", year=2035, base=2034), Missing)


def test_missing_counts_leave_a_statement_open_unless_it_already_fails():
    up, down, gone = cr.Quantity(1, "percent"), cr.Quantity(-1, "percent"), cr.missing("not printed")
    assert resilience.not_below([up, gone]) is gone
    assert resilience.not_below([down, gone]) is False
    assert resilience.within([up, down], 1) is True
    assert resilience.within([up, cr.Quantity(4, "percent")], 3) is False
    assert resilience.both(gone, False) is False
    assert resilience.both(True, gone) is gone
    assert resilience.both(True, True) is True


def test_a_rank_carries_what_rounding_leaves_open():
    japan = cr.Quantity("4.02e12", "USD", geography="Japan")
    printed = cr.Quantity("4.0e12", "USD", bounds=cr.PrintedNumber("4.0e12", "0.1e12").interval)
    place = economy.place_among(printed, [japan])
    assert (int(place), int(place.interval.low), int(place.interval.high)) == (2, 1, 2)
    higher = cr.Quantity("4.1e12", "USD", bounds=cr.PrintedNumber("4.1e12", "0.2e12").interval)
    place = economy.place_among(higher, [japan])
    assert (int(place), int(place.interval.low), int(place.interval.high)) == (1, 1, 2)
    with pytest.raises(DataError, match="different units"):
        economy.place_among(printed, [cr.Quantity(1, "percent")])


def test_the_whole_wine_loss_follows_from_canadas_part():
    loss = farm.whole_loss(cr.Quantity(460, "USD"), cr.Quantity(103, "USD"), cr.Quantity(81, "percent"))
    assert round(float(loss.value)) == 441


def test_small_exporters_by_value_and_by_number():
    notes = cr.load("export_observations")
    value = cr.observed(notes, "sme_share_of_goods_export_value", "California", "2008")
    number = cr.observed(notes, "sme_share_of_exporting_companies", "California", "2008")
    assert (int(value), int(number)) == (44, 96)
    assert isinstance(cr.observed(notes, "sme_share_of_goods_export_value", "Texas", "2008"), Missing)


def drawn_faults(chart) -> list[str]:
    """Faults of a chart without the tick labels that lie beyond its view and are not drawn."""
    chart.figure.draw_without_rendering()
    for ax in chart.figure.axes:
        for axis, view in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                tick.label1.set_visible(view[0] <= tick.get_loc() <= view[1])
    return faults_of_layout(chart.figure)


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_bars_of_changes_fit_and_keep_their_numbers(width, naics3, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    found = parts.industries(naics3, state="WA", year=2025, base=2024)
    rows = pd.DataFrame(
        {
            "label": found.index,
            "value": found["points"],
            "detail": [f"points ({v:+.0f} %)" for v in found["change_percent"]],
            "group": ["rises" if v > 0 else "falls" for v in found["points"]],
        }
    )
    words = Words("t", "s", alt="a", caption="c", sources=["census-api-state-2016-2025"])
    chart = charts.changes(rows, words, unit="percentage points")
    assert drawn_faults(chart) == []
    assert chart.data["value"].tolist() == found["points"].tolist()


def test_industries_by_year_come_from_one_download_largest_first():
    table = parts.industries_by_year(cr.load("state_exports_naics3"), state="CA", n=3)
    assert list(table.columns) == list(range(2016, 2026))
    assert list(table[2025]) == sorted(table[2025], reverse=True)
    # each year adds up to no more than the state total of the same download
    whole = parts.industries_by_year(cr.load("state_exports_naics3"), state="CA", n=99)
    assert int(whole[2025].sum()) == 188_403_696_924


def test_a_lead_is_over_the_largest_of_those_below():
    places = [cr.Quantity(v, "USD", "2024", name, sources=(name,)) for v, name in ((80, "a"), (50, "b"), (200, "c"))]
    lead = economy.lead_over(cr.Quantity(100, "USD", "2024", "here", sources=("here",)), places)
    assert (lead.value, lead.unit, lead.geography, lead.sources) == (25, "percent", "a", ("here", "a"))
    with pytest.raises(DataError, match="exceeds none"):
        economy.lead_over(cr.Quantity(50, "USD", "2024", "here"), places[1:])


def test_a_place_among_rounded_values_has_the_bounds_that_the_order_leaves_open():
    def rounded(value):
        return cr.Quantity(value, "USD", bounds=cr.PrintedNumber(value, 10, "USD").interval)

    found = economy.place_among(rounded(100), [rounded(200), rounded(104), rounded(50)])
    assert found.value == 3
    assert (found.interval.low, found.interval.high) == (2, 3)
    assert economy.place_among(rounded(100), [rounded(200), rounded(50)]).bounds is None
    with pytest.raises(DataError, match="different units"):
        economy.place_among(rounded(100), [cr.Quantity(3, "jobs")])


def test_a_limit_holds_on_both_sides_and_up_to_the_limit_itself():
    assert resilience.within([cr.Quantity(-3, "percent"), cr.Quantity(3, "percent")], 3) is True
    assert resilience.within([cr.Quantity(-3.1, "percent")], 3) is False
    assert resilience.not_below([cr.Quantity(0, "percent")]) is True


@pytest.mark.parametrize(("precision", "exact"), [(1, True), (2, False), (1000, False)])
def test_a_change_of_counts_has_bounds_where_a_count_is_rounded_by_however_little(precision, exact):
    rows = [(LA, year, "year", "total", 100_000, precision, "own", ("s",)) for year in ("2024", "2025")]
    columns = ["port", "period", "period_kind", "direction", "teu", "precision", "count_kind", "sources"]
    counts = pd.DataFrame(rows, columns=columns).assign(note="", derived="", doubt="").set_index(columns[:4])
    assert (resilience.year_change(counts, LA, "total", year=2025, base=2024).bounds is None) == exact


def test_years_of_first_releases_and_of_rounded_numbers_are_left_out(states):
    rows = states.reset_index()
    latest = rows[(rows["state"] == "California") & (rows["vintage"] == "revised")].iloc[[-1]]
    other = [latest.assign(year=2031, vintage="first_release"), latest.assign(year=2032, precision=1_000_000)]
    more = pd.concat([rows, *other]).set_index(states.index.names)
    assert list(totals.by_year(more, state="CA").index) == list(range(2012, 2026))
