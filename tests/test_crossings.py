"""Crossings of the border: daily numbers from entries, the years that give a printed number, figures and sentences."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.san_diego import crossings, figures, notes, readings
from cityresearch.claims.reading import as_printed
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity


@pytest.fixture(scope="module")
def entries() -> pd.DataFrame:
    return cr.load("border_entries")


def test_only_2019_of_all_years_and_sets_of_crossings_prints_283_thousand(entries):
    printed = PrintedNumber(283_000, 1000, "people")
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
    by_year = crossings.by_year(entries, crossings.TIJUANA_CROSSINGS)
    assert by_year.loc[2019, "complete"]
    assert "no bus passengers of Otay Mesa" in by_year.loc[2023, "incomplete"]
    assert "pedestrians of San Ysidro: only 11 of 12 months" in by_year.loc[2024, "incomplete"]
    assert isinstance(crossings.per_day(entries, ["Cross Border Xpress, CA"], 2012), Missing)


def test_a_year_without_counts_is_left_out_and_those_after_it_stay(entries):
    every = crossings.by_year(entries, crossings.TIJUANA_CROSSINGS)
    second = every.index[1]
    lacking = entries[entries.index.get_level_values("period") != str(second)]
    other = entries.iloc[:1].rename({entries.index[0][0]: "Elsewhere, CA"}, level=0)
    other = other.rename({other.index.get_level_values("period")[0]: str(second)}, level="period")
    left = crossings.by_year(pd.concat([lacking, other]), crossings.TIJUANA_CROSSINGS)
    assert left.index.tolist() == every.index.drop(second).tolist()


def test_only_metros_at_the_border_of_california_have_crossings_and_none_is_not_zero(entries):
    assert crossings.near("San Diego-Chula Vista-Carlsbad, CA") == crossings.TIJUANA_CROSSINGS
    assert "Calexico, CA" in crossings.near("El Centro, CA")
    assert crossings.near("El Paso, TX") == crossings.near("San Diego, TX") == crossings.near("Z-Unknown") == ()
    assert isinstance(crossings.per_day(entries, (), 2019), Missing)
    assert crossings.by_year(entries, ()).empty


def test_the_year_that_gives_the_printed_number_is_found_and_told(entries):
    daily = crossings.by_year(entries, crossings.TIJUANA_CROSSINGS)
    assert crossings.years_that_print(daily, PrintedNumber(283_000, 1000)) == [2019]
    assert "2019, the only year that gives this number" in readings.crossings_a_day(entries)
    assert "1 of them rounds to 283,000: San Ysidro + Otay Mesa, 2019." in notes.crossings_tried(entries)


def test_a_year_is_called_the_only_one_that_fits_where_no_other_does(entries, monkeypatch):
    only = "2019, the only year that gives this number"
    assert only in readings.crossings_a_day(entries)
    wide = replace(cr.claim("E117"), printed=PrintedNumber(283_000, 20_000, "people"))
    monkeypatch.setattr(readings, "claim", lambda _: wide)
    several = readings.crossings_a_day(entries)
    assert only not in several and "2019" in several


def test_without_a_year_that_fits_figure_and_sentence_say_so(entries):
    early = entries[entries.index.get_level_values("period") < "2015"]
    assert "fit the sum of no year on record" in figures.border_crossings(early).words.title
    assert "None of them rounds to 283,000." in notes.crossings_tried(early)


def test_titles_follow_the_readings_and_not_the_present_finding():
    def dollars(value):
        return Quantity(value, "USD", sources=("ita-metro-2005-2023",))

    above = figures.both_counties({"both metros, 2024": as_printed(dollars(69_000_000_000))})
    assert above.words.title == "The printed $34.5 billion is 50 percent below what our data have for both metros, 2024"
    nothing = figures.both_counties({"both metros, 2024": as_printed(Missing("none")), "other": dollars(1)})
    assert nothing.words.title == "No reading of the page's own words has a value"
    two = figures.exports_of_2022({"a, 2022": as_printed(dollars(33_000_000_000)), "b, 2022": dollars(40_000_000_000)})
    assert two.words.title == "2 of 2 series have more than $32 billion for 2022; the largest has $40 billion"
    assert figures.exports_of_2022({"a, 2022": dollars(1)}, title="Mine").words.title == "Mine"


def test_a_district_without_data_has_no_figure():
    observations = cr.load("san_diego_observations")
    without = observations[observations.index.get_level_values("geography") == "San Diego region"]
    assert isinstance(figures.customs_district(without), Missing)
