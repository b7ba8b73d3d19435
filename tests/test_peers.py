"""An area next to others: which are near in size, what is side by side, and which warnings belong to it."""

from __future__ import annotations

import pytest

import cityresearch as cr
from cityresearch.chapters.city_profile import peers, tables
from cityresearch.errors import ParameterError
from cityresearch.measures.inventory import inventory


def test_the_areas_nearest_in_size_are_those_with_the_nearest_number_of_residents():
    people, titles = cr.load("metro_population"), cr.load("metro_titles")
    near = peers.nearest_in_size(people, titles, "Fresno, CA", 2019)
    rows = (
        people.reset_index()
        .query("kind == 'metro' and year == 2019 and measure == 'july_1_estimate'")
        .set_index("cbsa_title")["value"]
    )
    own = rows.pop("Fresno, CA")
    ratio = (rows / own).map(lambda r: max(r, 1 / r)).sort_values()
    assert len(near) == peers.NEAREST and list(near) == list(ratio.index[: peers.NEAREST])


def test_chosen_areas_are_found_by_name_or_code_and_a_county_is_refused():
    assert peers.chosen("") == ()
    assert peers.chosen("Savannah;  46520 ;") == ("Savannah, GA", "Urban Honolulu, HI")
    with pytest.raises(ParameterError, match="is a county"):
        peers.chosen("Harris County, TX")


def test_a_comparison_has_the_numbers_of_the_tables_and_the_warnings_that_belong():
    table = peers.side_by_side("Houston-Pasadena-The Woodlands, TX", 2023, ("San Diego-Chula Vista-Carlsbad, CA",))
    houston, diego = table.iloc[0], table.iloc[1]
    exports = cr.load("metro_exports")["value_usd"]
    assert houston["goods exports"] == f"${exports['Houston-Pasadena-The Woodlands, TX', 2023] / 1e9:.1f} billion"
    assert houston["rank in the country"] == "1 of 386"
    assert (
        "counties changed in 2023" in houston["what to know"]
        and "GDP: exports by the list of 2023" in houston["what to know"]
    )
    assert houston["trips abroad on record"] == "not gathered"  # never 0 where nobody looked
    trips = cr.load("missions").query("level == 'city'")["jurisdiction"].str.split(";")
    expected = sum(bool({"San Diego", "Chula Vista", "Carlsbad"} & set(cities)) for cities in trips)
    assert int(diego["trips abroad on record"]) == expected
    assert "counties changed" not in diego["what to know"]


def test_a_gap_of_the_inventory_names_its_table_and_is_never_a_zero():
    shown = tables.assets(inventory("Savannah"))
    gaps = shown[shown["what to know"] == "gap"]
    assert (gaps["value"] == "").all() and (gaps["table that would fill it"] != "").all()
    assert shown.at["seaport", "value"].endswith("TEU") and shown.at["seaport", "table that would fill it"] == ""
