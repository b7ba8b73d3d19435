"""What the chapter on metro exports says and draws: true for places with many metros, with one, and with none."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.metro_exports import (
    concentration,
    curves,
    figures,
    notes,
    readings,
    scale_figures,
    search,
    tables,
    trends,
)
from cityresearch.charts import style
from cityresearch.claims.reading import AsPrinted
from cityresearch.errors import ParameterError
from cityresearch.measures import areas, exports
from cityresearch.numbers.quantity import Missing, missing

LA, FRESNO = "Los Angeles-Long Beach-Anaheim, CA", "Fresno, CA"
HOUSTON, EL_PASO = "Houston-Pasadena-The Woodlands, TX", "El Paso, TX"
CASPER, CHEYENNE = "Casper, WY", "Cheyenne, WY"


@pytest.fixture(scope="module")
def data() -> SimpleNamespace:
    names = ("metro_exports", "metro_titles", "metro_counties", "metro_population", "metro_gdp", "metro_sets")
    found = SimpleNamespace(**{name: cr.load(name) for name in names})
    found.lists = (found.metro_titles, found.metro_counties)
    return found


def metros(data, state: str, year: int) -> pd.DataFrame:
    return exports.metros(data.metro_exports, state=state, year=year)


def bars(data, state: str, year: int, **options):
    return figures.metro_exports(metros(data, state, year), state=state, top=5, **options)


def breaks(data, *titles: str) -> dict[str, tuple[int, ...]]:
    return areas.break_years(*data.lists, titles, **trends.years_covered(data.metro_exports))


def scaled(data, year: int) -> pd.DataFrame:
    return concentration.per_head_and_product(
        data.metro_exports, data.metro_population, data.metro_gdp, *data.lists, year=year
    )


def test_bars_of_many_metros_name_the_first_and_add_up_the_largest(data):
    words = bars(data, "CA", 2023).words
    assert words.title == "Los Angeles-Long Beach-Anaheim leads all 25 of California's metros in goods exports, 2023"
    assert "The 5 largest together: " in words.subtitle and "all 25 shown: " in words.subtitle
    assert "◆" not in words.subtitle + words.description


def test_of_two_metros_one_exported_more_than_the_other(data):
    title = "Casper exported more goods than the other metro of Wyoming, 2022"
    assert bars(data, "WY", 2022).words.title == title


def test_printed_numbers_are_marked_and_the_marks_are_explained(data):
    chart = bars(data, "CA", 2023, printed=readings.printed_metros())
    assert "◆ printed in the paper, there labeled 2024" in chart.words.subtitle
    assert "$59.6 billion, printed 59.6;" in chart.words.description
    assert chart.data.set_index("label").loc[LA, ["printed", "printed_low", "printed_high"]].tolist() == [
        59.6,
        59.55,
        59.65,
    ]


def test_bars_of_two_metros_are_not_said_to_be_the_five_largest(data):
    words = bars(data, "WY", 2022).words
    assert "largest together" not in words.subtitle
    assert "All 2 shown: " in words.subtitle
    assert "The other" not in words.alt


def test_one_metro_alone_leads_nobody(data):
    words = bars(data, "DC", 2023).words
    assert words.title.startswith("Washington-Arlington-Alexandria, the only metro of the District of Columbia with a")
    assert "largest" not in words.subtitle + words.alt


def test_a_place_without_values_gets_the_reason_from_every_figure(data):
    alaska, sizes = metros(data, "AK", 2022), concentration.rank_size(data.metro_exports, year=2022)
    by_year = concentration.by_year(data.metro_exports, state="AK", n=5)
    drawn = [
        figures.metro_exports(alaska, state="AK", top=5),
        figures.trend(data.metro_exports, [], {}, state="AK", year=2022),
        figures.concentration(by_year, breaks(data, "Anchorage, AK"), state="AK", n=5),
        scale_figures.ranks(sizes, state="AK", year=2022),
        scale_figures.per_head(scaled(data, 2022), state="AK", year=2022),
        scale_figures.per_gdp(scaled(data, 2022), state="AK", year=2022),
        figures.metros_on_map(alaska, {}, [], state="AK", year=2022),
    ]
    assert all(isinstance(figure, Missing) and "Alaska" in figure.reason for figure in drawn)


def gaps(chart, color: str) -> set[float]:
    """Return the places in which the line of a color is interrupted."""
    lines = [
        line for line in chart.figure.axes[0].get_lines() if line.get_color() == color and len(line.get_xdata()) > 2
    ]
    return {x for line in lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True) if np.isnan(y)}


def test_a_line_stops_only_where_its_own_counties_changed_or_may_have(data):
    chart = figures.trend(data.metro_exports, [HOUSTON, EL_PASO], breaks(data, HOUSTON, EL_PASO), state="TX", year=2023)
    assert gaps(chart, style.BLUE) == {2012.5, 2017.5, 2022.5}  # the counties of Houston changed in 2023
    assert gaps(chart, style.VERMILION) == {2012.5, 2017.5}  # those of El Paso did not
    california = figures.trend(data.metro_exports, [LA], breaks(data, LA), state="CA", year=2023)
    assert gaps(california, style.BLUE) == {2012.5}


def test_the_trend_of_a_state_with_one_metro_gives_its_values_and_no_rank(data):
    washington = "Washington-Arlington-Alexandria, DC-VA-MD-WV"
    chart = figures.trend(data.metro_exports, [washington], breaks(data, washington), state="DC", year=2023)
    assert chart.words.title.endswith("exported goods worth $14.8 billion in 2023, $6.1 billion in 2005")


def test_small_values_are_not_rounded_to_nothing(data):
    chart = figures.trend(data.metro_exports, [CASPER], breaks(data, CASPER), state="WY", year=2022)
    assert "$0.03 billion" in chart.words.alt and "$0.0 billion" not in chart.words.alt


def test_concentration_is_not_drawn_where_all_metros_are_among_the_largest(data):
    table = concentration.by_year(data.metro_exports, state="WY", n=5)
    found = figures.concentration(table, breaks(data, CASPER, CHEYENNE), state="WY", n=5)
    assert found.reason == "Concentration is not drawn: Wyoming has no more than 5 metros with a value in any year."


def test_the_largest_metro_alone_is_written_in_the_singular(data):
    table = concentration.by_year(data.metro_exports, state="TX", n=1)
    chart = figures.concentration(table, breaks(data, HOUSTON), state="TX", n=1)
    assert chart.words.title.startswith("Texas's largest metro made ")


def test_a_metro_whose_product_is_of_other_counties_is_not_said_to_have_none(data):
    found = scale_figures.per_gdp(scaled(data, 2023), state="DC", year=2023)
    assert found.reason.endswith("our data have no product of the same counties.")
    one = scale_figures.per_head(scaled(data, 2023), state="DC", year=2023)
    assert one.words.title == "Washington-Arlington-Alexandria ranks 219 of 386 metros in exports per resident"


def test_a_map_counts_large_metros_in_words_for_none_and_names_what_it_cannot_draw(data):
    rows = metros(data, "WY", 2022)
    members = areas.counties_in_force(*data.lists, [CASPER, CHEYENNE], 2022)
    chart = figures.metros_on_map(rows, members, [], state="WY", year=2022)
    assert chart.words.title == "None of Wyoming's 2 metros exported goods worth $10 billion or more in 2022"
    half = figures.metros_on_map(rows, {CASPER: members[CASPER]}, ["Laramie, WY"], state="WY", year=2022)
    assert "Not on the map, because our data have no outline of their counties: Cheyenne." in half.words.note
    assert "Without a value: Laramie, WY." in half.words.caption


@pytest.mark.long
@pytest.mark.parametrize("width", style.WIDTHS.values())
def test_the_charts_of_the_chapter_are_legible_at_the_standard_widths(data, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    texas = breaks(data, HOUSTON, EL_PASO)
    by_year = concentration.by_year(data.metro_exports, state="TX", n=5)
    for chart in (
        figures.trend(data.metro_exports, [HOUSTON, EL_PASO], texas, state="TX", year=2023),
        figures.concentration(by_year, texas, state="TX", n=5),
        scale_figures.per_gdp(scaled(data, 2023), state="CA", year=2023),
        curves.fresno(readings.fresno(data.metro_exports, cr.load("release_dates"))),
    ):
        assert faults_of_layout(chart.figure) == []


def on_lists(data, *titles: str, first: int, last: int) -> str:
    return notes.on_lists(areas.list_changes(*data.lists, titles, first=first, last=last))


def test_a_note_says_which_metros_changed_counties_and_of_which_we_cannot_tell(data):
    assert on_lists(data, LA, FRESNO, first=2012, last=2023) == (
        "With the list of 2013, our data cannot tell whether any of these metros kept the same counties. "
        "With the list of 2018, all of these metros kept the same counties. "
        "With the list of 2023, Los Angeles-Long Beach-Anaheim kept the same counties; Fresno changed counties."
    )
    assert on_lists(data, first=2012, last=2023) == "No metro has a value in this year, so none is followed over time."


def test_a_change_across_other_counties_is_said_with_the_change(data):
    changes = trends.since_the_year_before(data.metro_exports, *data.lists, [LA, FRESNO], year=2023)
    text = notes.on_changes(changes, year=2023)
    assert text.startswith("From 2022 to 2023: Los Angeles-Long Beach-Anaheim -2.3 percent; Fresno ")
    assert "(across areas of 2023: counties added: 1; dropped: 0)" in text
    some = notes.on_changes({**changes, EL_PASO: missing("none")}, year=2023)
    assert some.endswith("Without a value in one of the years: El Paso.")


def test_the_first_year_of_the_series_has_no_change(data):
    changes = trends.since_the_year_before(data.metro_exports, *data.lists, [LA], year=2005)
    assert notes.on_changes(changes, year=2005) == (
        "No metro here has values of both 2004 and 2005, so there is no change since the year before."
    )


@pytest.mark.long
def test_windows_of_growth_without_a_direction_are_counted_and_not_listed(data):
    growth = trends.growth_by_metro(data.metro_exports, [LA, FRESNO], breaks(data, LA, FRESNO))
    told = notes.on_growth(growth)
    assert told.startswith("In 3 of 4 windows")
    assert "Los Angeles-Long Beach-Anaheim 2005-2012 +7.4 percent a year" in told
    table = tables.growth(growth, cr.load("export_price_index"))
    assert table["U.S. export prices, percent a year"].tolist()[1] == pytest.approx(1.15, abs=0.005)
    unclear = notes.on_growth(growth.assign(least=-1.0, most=1.0))
    assert unclear.startswith("In none of 4 windows the sign stays the same")
    assert "is 5%, none remain. That holds" in unclear
    # a window that passes alone and not together with the others is not listed
    alone = notes.on_growth(growth.assign(least=1.0, most=1.0, p_value=0.03, joint_p_value=0.12))
    assert alone.startswith("In 4 of 4 windows")
    assert "none remain. That holds" in alone
    assert notes.on_growth(growth.head(0)).startswith("None of these metros has an unbroken run of 5 years")


def test_residents_and_product_are_named_by_their_years_or_said_to_be_lacking(data):
    now, before = scaled(data, 2023), scaled(data, 2019)
    assert notes.on_residents(now, year=2023) == "Residents are the five-year average of 2019-2023."
    assert notes.on_residents(before, year=2019) == "Residents are the estimate for July 1, 2019."
    assert notes.on_residents(scaled(data, 2012), year=2012).startswith("Our data have no number of residents")
    with pytest.raises(ParameterError, match="on_residents: year"):
        notes.on_residents(now, year="soon")
    assert notes.on_product(now, state="CA", year=2023).endswith("of California: Fresno, CA.")
    assert notes.on_product(now, state="WY", year=2023).endswith("of Wyoming: none.")
    assert notes.on_product(before, state="CA", year=2019).startswith("Our data have no product of metros")


def test_a_metro_that_the_list_of_products_lacks_is_not_said_to_have_other_counties_in_it(data):
    now = scaled(data, 2023).set_index("label")
    assert not now.at["Bozeman, MT", "same_counties"]  # not a metro in the list of 2018
    assert "or are not metros in it" in notes.on_product(now.reset_index(), state="MT", year=2023)


def test_the_table_of_scale_has_whole_people_and_no_empty_column(data):
    full = tables.scale(scaled(data, 2023), state="CA")
    assert full.loc[0, ["metro", "residents", "exports per resident, USD"]].tolist() == ["El Centro, CA", 179319, 29432]
    assert "product of the same counties" in full
    partly = scaled(data, 2023)
    partly.loc[partly["label"].str.startswith("El Centro"), "population"] = None
    assert "residents" in tables.scale(partly, state="CA")
    assert list(tables.scale(scaled(data, 2022), state="WY")) == ["metro", "code", "exports, USD"]


def test_readings_of_the_total_mark_the_plain_sense_of_the_year_that_the_paper_names(data):
    found = readings.total(data.metro_exports, data.metro_sets)
    printed = [name for name, value in found.items() if isinstance(value, AsPrinted)]
    assert printed == ["all metros, 2024 (year as printed)"]
    assert int(found["five largest metros, 2023"]) == 141_004_904_245


def test_a_year_that_fits_becomes_a_reading_of_each_printed_metro(data):
    by_year = search.years_that_print(data.metro_exports, readings.printed_metros())
    names = list(readings.named_metro(data.metro_exports, by_year, LA))
    assert names == ["2024, the year as printed", "2023, the only year of 2005 to 2023 in which all three fit", "2022"]
    facts = readings.three_metros(data.metro_exports, by_year)
    assert facts["the three printed anchors, 2023"].holds
    assert isinstance(facts["the three printed anchors, 2024"].value, Missing)


def test_the_finding_names_one_year_and_one_set_and_says_so_where_the_search_finds_several(data):
    by_year = search.years_that_print(data.metro_exports, readings.printed_metros())
    total, states = cr.claim("C027"), cr.load("state_exports")
    hits = search.sets_that_print(
        data.metro_exports, total.printed, total.relation, state="CA", years=[2023], anchors=readings.printed_metros()
    )
    shares = readings.shares(data.metro_exports, states, cr.load("state_exports_monthly"))
    first = exports.state_total(states, state="CA", year=2024, vintage="first_release")
    text = notes.finding(by_year, hits, data.metro_sets, shares, first)
    assert "the 5 largest metros of 2023, exactly 141,004,904,245 dollars" in text
    assert "leaves out Sacramento-Roseville-Folsom and Fresno" in text
    assert shares["141 over 183, as printed"].geography == "the printed 141"
    several = notes.finding(by_year, hits.assign(against=""), data.metro_sets, shares, first)
    assert several == "The search does not end in one year and one set. It leaves the years 2023, and 4 sets."


def test_reexports_are_shown_next_to_the_share_and_no_share_of_domestic_goods_is_claimed(data):
    shares = readings.shares(data.metro_exports, cr.load("state_exports"), cr.load("state_exports_monthly"))
    foreign, domestic = (float(shares[name].value) for name in (readings.REEXPORTS, readings.OVER_DOMESTIC))
    whole = float(shares["2023 metros over the 2024 state total"].value)
    assert foreign == pytest.approx(25.9, abs=0.05)
    assert domestic == pytest.approx(whole / (1 - foreign / 100))
    words = notes.on_bases(shares)
    assert "25.9 percent of California's exports of 2024 are re-exports" in words
    assert "74.1 percent are domestic goods" in words
    assert "103.8 to 100, which is no share" in words


@pytest.mark.parametrize(("n", "heading"), [(1, "largest, percent"), (2, "2 largest, percent")])
def test_the_table_of_concentration_says_of_how_many_metros_the_share_is(data, n, heading):
    shown = tables.concentration(concentration.by_year(data.metro_exports, state="CA", n=n), n=n)
    assert [column for column in shown if column.endswith("largest, percent")] == [heading]
