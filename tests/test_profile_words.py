"""What the profile of a metro says: notes, tables and its figure, for areas with much, little and no data."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.city_profile import figures, notes, tables
from cityresearch.errors import ParameterError
from cityresearch.measures import areas, cities, goods
from cityresearch.numbers.quantity import Quantity, missing

LA = "Los Angeles-Long Beach-Anaheim, CA"
POUGHKEEPSIE = "Kiryas Joel-Poughkeepsie-Newburgh, NY"


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return cr.load("metro_exports")


@pytest.fixture(scope="module")
def titles() -> pd.DataFrame:
    return cr.load("metro_titles")


@pytest.fixture(scope="module")
def of(exports, titles):
    """Return the exports by year of an area and the years in which its counties may have changed."""

    def measured(metro: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        by_year = goods.exports_by_year(exports, titles, metro)
        return by_year, areas.breaks(by_year, cr.load("metro_counties"), areas.code_of(titles, metro))

    return measured


def test_an_area_is_told_its_value_and_its_ranks(of, exports):
    by_year, _ = of(LA)
    said = notes.exported(goods.value_of(exports, by_year, LA, 2023), by_year, LA, 2023)
    assert (
        "exported goods worth $59.56 billion in 2023. That is rank 4 of 386 metros of the country, rank 1 of 25" in said
    )


def test_a_year_without_a_value_says_which_years_the_series_has(of, exports):
    by_year, _ = of(POUGHKEEPSIE)
    said = notes.exported(goods.value_of(exports, by_year, POUGHKEEPSIE, 2015), by_year, POUGHKEEPSIE, 2015)
    assert said.startswith("There is no value of 2015")
    assert f"The series has {len(by_year)} years of this area, 2005 to 2023." in said
    assert said.endswith("In other years the title of the area was Poughkeepsie-Newburgh-Middletown, NY.")


def test_an_area_with_one_year_says_only_that_year(of):
    by_year, _ = of("Kenosha, WI")
    one = by_year.tail(1)
    said = notes.exported(missing("no value"), one, "Kenosha, WI", 2005)
    assert said == f"There is no value of 2005 (no value). The series has only {one.index[0]}."


def test_new_lists_are_told_with_what_changed_or_that_there_were_none(of):
    assert "in 2023 (counties added: 1; dropped: 0)." in notes.new_lists(of("Fresno, CA")[1])
    assert notes.new_lists(of("Kenosha, WI")[1]).startswith("The series took up no new list")


def test_the_figure_is_interrupted_only_where_counties_may_have_changed(of):
    by_year, redrawn = of("Fresno, CA")
    words = figures.exports(by_year, redrawn, "Fresno, CA", year=2023).words
    assert words.description.endswith("Interrupted before 2013, 2023.")
    kenosha = figures.exports(*of("Kenosha, WI"), "Kenosha, WI", year=1999)
    assert kenosha.words.description.endswith("No line is interrupted.")
    last = of("Kenosha, WI")[0].index.max()
    assert f"in {last}, US rank" in kenosha.words.title  # there is no value of the year asked for


def test_small_exports_are_drawn_in_millions(of):
    by_year, redrawn = of("Madera, CA")
    chart = figures.exports(by_year, redrawn, "Madera, CA", year=2022)
    assert "million current US dollars" in chart.words.subtitle
    assert chart.data["value"].max() == by_year["value_usd"].max() / 1e6


def test_ratios_are_sentences_with_what_a_reader_must_know():
    ratio = Quantity(4577, "USD per person", "2023", caveats=("residents are an average of 2019 to 2023",))
    assert notes.per_head(ratio, LA) == (
        "Exports per resident of Los Angeles-Long Beach-Anaheim were $4,577 (2023). "
        "Residents are an average of 2019 to 2023."
    )
    assert notes.of_product(Quantity("4.6", "percent", "2023"), LA).endswith(
        "were 4.6 percent of its gross domestic product (2023)."
    )
    assert "cannot say what Fresno exported per resident: no year." in notes.per_head(missing("no year"), "Fresno, CA")
    assert "cannot compare exports of Fresno" in notes.of_product(missing("no year"), "Fresno, CA")


def test_trips_are_counted_for_the_cities_of_the_area():
    trips = pd.DataFrame({"jurisdiction": ["Fresno;Oakland", "Fresno"], "role": ["led", "joined"]})
    said = notes.traveled(trips, trips.iloc[:0], ["Fresno", "Clovis"], "Fresno, CA")
    assert said == (
        "Trips of Fresno that are on record: 2. A city official led 1 of them. "
        "Outcomes that are reported or confirmed: 0."
    )
    assert "have no trip of a city of Fresno" in notes.traveled(trips.iloc[:0], trips.iloc[:0], [], "Fresno, CA")


def test_sister_cities_are_those_of_the_cities_asked_for():
    found = cities.sister_cities(cr.load("sister_cities"), ("Los Angeles", "Anaheim"))
    assert set(found["city"]) == {"Los Angeles", "Anaheim"}
    assert "Sister cities of Anaheim and Los Angeles in the list of 2023-04" in notes.ties(found, LA)
    assert "Nagoya (Japan)" in tables.ties(found).at["Los Angeles", "sister cities"]
    assert "have none of a city of Fresno" in notes.ties(found.iloc[:0], "Fresno, CA")


def test_cells_without_a_value_are_empty(of):
    by_year, redrawn = of("Fresno, CA")
    table = tables.stretches(goods.stretches(by_year, redrawn))
    assert table["change, percent"].tolist()[-1] == ""  # 2023 alone
    trips = cities.trips(cr.load("missions"), cr.load("mission_classification"), ("Los Angeles", "Long Beach"))
    shown = tables.trips(trips)
    assert shown.at["lb-undated-richardson", "start"] == "undated"
    outcomes = tables.outcomes(cities.outcomes(cr.load("mission_outcomes"), trips))
    assert set(outcomes["value"]) >= {"", "5 flights", "2022-09-02"}
    assert "nan" not in {cell for column in (*shown, *outcomes) for cell in shown.get(column, outcomes.get(column))}


def test_a_title_that_is_none_is_told_the_nearest_and_that_there_are_no_micropolitan_areas(titles):
    with pytest.raises(ParameterError, match="no micropolitan areas: did you mean Houston-"):
        areas.code_of(titles, "Huston, TX")
    with pytest.raises(ParameterError, match="no micropolitan areas: choose a metro"):
        areas.code_of(titles, "Eureka-Arcata, CA")
