"""The inventory of a place: which place a person means, and every cell against the table that it comes from."""

from __future__ import annotations

import pytest
from conftest import mostly_long

import cityresearch as cr
from cityresearch.errors import ParameterError
from cityresearch.measures.inventory import COLUMNS, coverage, inventory
from cityresearch.measures.inventory_gaps import GAPS, ROWS
from cityresearch.measures.places import find_place


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Houston", "Houston-Pasadena-The Woodlands, TX"),
        ("26420", "Houston-Pasadena-The Woodlands, TX"),
        ("Houston-Sugar Land-Baytown, TX", "Houston-Pasadena-The Woodlands, TX"),  # a title of earlier years
        ("savannah", "Savannah, GA"),
        ("Honolulu", "Urban Honolulu, HI"),
        ("San Juan", "San Juan-Bayamon-Caguas, PR"),
        ("Bayamón", "San Juan-Bayamon-Caguas, PR"),
        ("Portland, Maine", "Portland-South Portland, ME"),
        ("Fresno metro area", "Fresno, CA"),
    ],
)
def test_a_place_is_found_by_its_name_a_part_of_it_or_its_code(asked, title):
    assert find_place(asked).title == title


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("Huston, TX", "did you mean Houston-Pasadena-The Woodlands, TX\\?"),
        ("Springfield", "fits 5 metropolitan areas .*add the state"),
        ("Harris County, TX", "Harris, Texas is a county .* it is in Houston-Pasadena-The Woodlands, TX"),
        ("Washington County", "is the name of 31 counties"),
        ("Alpine County, CA", "no list in our data has it in a metropolitan area"),
        ("Roswell, NM Micro Area", "is a micropolitan area"),
        ("Roswell, NM", "if it is a micropolitan area or lies outside of any area"),
        ("Texas", "is the whole of Texas: choose one of its 26 metropolitan areas, such as [^;]+; [^;]+; [^;]+\\.$"),
        ("D.C.", "is the whole of the District of Columbia: its metropolitan area is Washington-Arlington-Alexandria"),
        ("Pittsburg", "did you mean Pittsburgh, PA?"),
        ("Eureka", "nor a city of that name outside of the metropolitan areas"),
        ("Salinas Valley", "did you mean Salinas, CA?"),
        ("bay area", "is called 'bay area': if it is a micropolitan area"),
        ("99999", "No metropolitan area in our lists has the CBSA code 99999"),
        ("", "A place is a name or a code"),
    ],
)
def test_what_is_not_a_metropolitan_area_is_told_so_in_one_true_sentence(asked, sentence):
    with pytest.raises(ParameterError, match=sentence):
        find_place(asked)


@pytest.mark.parametrize(
    "place",
    mostly_long(["Houston", "Savannah", "Honolulu", "San Juan", "Fresno", "Los Angeles"], "Houston", "San Juan"),
)
def test_every_item_of_the_five_rows_has_a_value_with_its_source_or_a_gap_with_a_publisher(place):
    found = inventory(place)
    assert list(found.columns) == list(COLUMNS)
    assert tuple(found["row"].unique()) == ROWS
    assert list(dict.fromkeys(zip(found["row"], found["item"], strict=True))) == list(GAPS)
    valued = found["gap"] == ""
    assert found.loc[valued, "value"].notna().all() and (found.loc[valued, ["unit", "source_id"]] != "").all(axis=None)
    assert found.loc[~valued, "value"].isna().all() and (found.loc[~valued, "source_id"] == "").all()
    known = set(cr.load("sources").index)
    assert {source for cell in found.loc[valued, "source_id"] for source in cell.split(";")} <= known


def test_the_numbers_are_those_of_the_tables():
    found = inventory("Savannah").set_index("item")["value"]
    assert found["goods exports"] == cr.load("metro_exports").at[("Savannah, GA", 2023), "value_usd"]
    gdp = cr.load("metro_gdp").reset_index()
    own = gdp[(gdp["cbsa_title"] == "Savannah, GA") & (gdp["unit"] == "USD")].sort_values("year")
    assert found["gross domestic product"] == own["value"].iloc[-1]
    ports = cr.load("port_containers").reset_index()
    assert found["seaport"] in set(
        ports.loc[(ports["port"] == "Port of Savannah") & (ports["period"] == "2023"), "teu"]
    )


def test_numbers_of_the_state_do_not_fill_an_item_of_the_area():
    found = inventory("Houston")
    sectors = found[found["item"] == "export sectors"]
    assert "of all of Texas, by state of origin, not of the area" in sectors["note"].iloc[0]
    assert sectors["gap"].iloc[-1].endswith("by industry (NAICS)")
    assert coverage(found).startswith("5 of 31 items have a public value")


def test_concentration_is_the_share_of_the_area_over_the_share_of_the_nation():
    rows = cr.load("san_diego_observations").reset_index()
    rows = rows[rows["period"] == "2019-03"].set_index(["series", "geography"])["value"]
    own, nation = "San Diego-Chula Vista-Carlsbad, CA MSA", "United States, all metropolitan and micropolitan areas"
    ships, every = "cbp_employees_3366", "cbp_employees_00"
    share = (rows[ships, own] / rows[every, own]) / (rows[ships, nation] / rows[every, nation])
    found = inventory("San Diego")
    line = found[(found["item"] == "concentration of industries") & found["note"].str.startswith("ship")]
    assert line["value"].item() == round(share, 2)


def test_a_planned_agreement_is_not_a_tie_and_a_county_of_the_same_name_elsewhere_has_no_trips():
    notes = " ".join(inventory("San Diego")["note"])
    assert "Marseille" in notes and "Eurobiomed" not in notes
    other = inventory("San Juan")
    assert (other.loc[other["row"] == "existing ties", "gap"] != "").all()


def test_only_statements_on_agreements_are_shown_as_agreements():
    judged = cr.load("scorecard_statements").reset_index()
    judged = judged[judged["city"].isin(["Los Angeles", "Long Beach"])]  # the area's two cities of the scorecard
    notes = inventory("Los Angeles").query("item == 'agreements and partnerships'")["note"]
    assert 0 < (judged["metric_id"] == "agreements").sum() < len(judged)
    # an outcome of a mission has its status alone in brackets, a statement its status and what was judged of it
    assert notes.str.contains("(reported; ", regex=False).sum() == (judged["metric_id"] == "agreements").sum()


def test_of_several_periods_of_a_single_figure_the_latest_is_shown():
    rows = cr.load("san_diego_observations").reset_index()
    own = rows[(rows["series"] == "wtcsd_missions_cumulative") & (rows["geography"] == "San Diego")]
    assert own["period"].nunique() > 1
    found = inventory("San Diego")
    shown = found[found["note"].str.startswith("San Diego: wtcsd missions cumulative")]
    assert (shown["period"].item(), shown["value"].item()) == ("2025", 8)
