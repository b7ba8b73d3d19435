"""Areas and their counties: which year breaks the line of which metro, by the lists of counties."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import cityresearch as cr
from cityresearch.errors import ParameterError
from cityresearch.measures import areas, exports

FRESNO, MADERA, HOUSTON = "Fresno, CA", "Madera, CA", "Houston-Pasadena-The Woodlands, TX"
LA = "Los Angeles-Long Beach-Anaheim, CA"


@pytest.fixture(scope="module")
def data() -> SimpleNamespace:
    names = ("metro_exports", "metro_titles", "metro_counties")
    found = SimpleNamespace(**{name: cr.load(name) for name in names})
    found.lists = (found.metro_titles, found.metro_counties)
    return found


def californian(data, year: int) -> list[str]:
    rows = exports.metros(data.metro_exports, state="CA", year=year)
    return list(rows.index.get_level_values("cbsa_title"))


def test_no_californian_metro_changed_counties_in_2018_and_only_fresno_in_2023(data):
    metros = californian(data, 2023)
    assert len(metros) == 25
    kept = areas.list_changes(*data.lists, metros, first=2013, last=2023)["kept"].unstack("year")
    assert list(kept.columns) == [2018, 2023]
    assert kept[2018].tolist() == [True] * 25
    assert kept[2023].drop(FRESNO).tolist() == [True] * 24
    assert kept.at[FRESNO, 2023] is False


def test_a_line_breaks_where_its_own_counties_changed_and_where_the_lists_cannot_tell(data):
    found = areas.break_years(*data.lists, [LA, FRESNO, HOUSTON], first=2005, last=2023)
    # no list of before 2013, and outside California none of before 2018
    assert found == {LA: (2013,), FRESNO: (2013, 2023), HOUSTON: (2013, 2018, 2023)}
    assert areas.break_years(*data.lists, [LA, FRESNO], first=2013, last=2022) == {LA: (), FRESNO: ()}


def test_what_a_new_list_changed_is_said_in_words(data):
    words = areas.list_changes(*data.lists, [FRESNO, LA], first=2022, last=2023)["words"]
    assert words.to_dict() == {
        (FRESNO, 2023): "counties added: 1; dropped: 0",
        (LA, 2023): "same counties in both lists",
    }


def test_a_metro_that_a_newer_list_lacks_is_not_said_to_have_kept_its_counties(data):
    assert areas.break_years(*data.lists, [MADERA], first=2018, last=2023) == {MADERA: (2023,)}


def test_counties_are_those_of_the_list_in_force(data):
    def fresno_in(year: int) -> dict:
        return areas.counties_in_force(*data.lists, [FRESNO, MADERA], year)

    both = {FRESNO: ("06019",), MADERA: ("06039",)}
    assert fresno_in(2012) == {}
    assert fresno_in(2013) == fresno_in(2017) == both  # from the list of 2015
    assert fresno_in(2022) == both
    assert fresno_in(2023) == {FRESNO: ("06019", "06039")}


@pytest.mark.parametrize("year", [2013, 2015, 2017, 2018, 2022, 2023])
def test_every_californian_metro_has_counties_since_2013(data, year):
    metros = californian(data, year)
    found = areas.counties_in_force(*data.lists, metros, year)
    assert list(found) == metros


def test_one_area_alone_follows_the_same_rule(data):
    years = data.metro_exports.xs(FRESNO, level="cbsa_title")
    alone = areas.breaks(years, data.metro_counties, areas.code_of(data.metro_titles, FRESNO))
    among = areas.list_changes(*data.lists, [FRESNO], first=2005, last=2023).xs(FRESNO)
    assert alone.equals(among)


def test_runs_of_years_end_before_a_break():
    assert areas.unbroken(2005, 2023, [2013, 2023]) == [(2005, 2012), (2013, 2022), (2023, 2023)]
    assert areas.unbroken(2013, 2022, (2013, 2023)) == [(2013, 2022)]


def test_an_area_without_a_code_is_refused_by_name(data):
    with pytest.raises(ParameterError, match="Atlantis"):
        areas.break_years(*data.lists, ["Atlantis, CA"], first=2005, last=2023)


def test_years_that_are_none_are_refused(data):
    with pytest.raises(ParameterError, match="break_years: first"):
        areas.break_years(*data.lists, [FRESNO], first="soon", last=2023)


def test_without_a_new_list_no_title_is_looked_up(data):
    assert areas.list_changes(*data.lists, ["no metro"], first=2019, last=2020).empty
    with pytest.raises(ParameterError, match="no metro"):
        areas.list_changes(*data.lists, ["no metro"], first=2019, last=2023)
