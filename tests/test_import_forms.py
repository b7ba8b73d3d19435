"""Imports: the forms in which publishers and programs give one table, and what each leaves out, by name."""

from __future__ import annotations

import json

import publishers as p
import pytest
from imported import LA, METRO, YUMA, added, plan

from cityresearch.errors import DataError

SD = "San Diego-Chula Vista-Carlsbad, CA"
OLD = "ita-metro-2005-2023"


def said(found) -> str:
    return "\n".join(found.decisions)


# cells


def in_cells(write) -> str:
    return p.as_csv([[write(int(c)) if c.isdigit() and len(c) > 4 else c for c in row] for row in p.ita()])


THOUSANDS = {
    "spaces": lambda n: f"{n:,}".replace(",", " "),
    "spaces that do not break": lambda n: f"{n:,}".replace(",", "\xa0"),
    "narrow spaces": lambda n: f"{n:,}".replace(",", "\u202f"),
    "apostrophes": lambda n: f"{n:,}".replace(",", "'"),
    "curly apostrophes": lambda n: f"{n:,}".replace(",", "\u2019"),
    "dollars": lambda n: f"${n:,}",
    "blanks behind": lambda n: f" {n} ",
}


@pytest.mark.parametrize("case", THOUSANDS)
def test_thousands_are_read_however_they_are_parted(case, own_project):
    found = plan(in_cells(THOUSANDS[case]), source=OLD)
    assert len(found.changes.added) == 4 and not found.changes.changed


@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
def test_a_table_is_read_whatever_separates_its_cells(delimiter, own_project):
    found = plan(p.as_csv(p.ita(), delimiter=delimiter), source=OLD)
    assert len(found.changes.added) == 4 and not found.changes.changed


@pytest.mark.parametrize(
    "mark", ["(D)", "(S)", "(NA)", "(N/A)", "(L)", "n/a", "N.A.", "D", "S", ".", "..", "…", "–", "—"]
)
def test_a_value_that_the_publisher_holds_back_is_missing_and_counted_by_its_mark(mark, own_project):
    rows = p.ita()
    rows[4][-1] = mark  # Yuma, 2024
    found = plan(p.as_csv(rows), source=OLD)
    assert len(found.changes.added) == 3 and not any(row["value_usd"] == "0" for row in found.changes.added)
    assert f"of these, 1 is marked {mark}" in said(found)
    gdp = plan(
        p.bea([(f"{YUMA} ({METRO})", 1, "All industry total", "Thousands of dollars", mark, 9_000_000)]),
        "metro_gdp",
        "bea",
    )
    assert f"1 cell marked {mark} left out" in said(gdp) and len(gdp.changes.added) == 1


def test_the_header_again_in_the_table_is_left_out_and_named(own_project):
    rows = p.ita()
    found = plan(p.as_csv([*rows[:3], rows[0], *rows[3:]]), source=OLD)
    assert len(found.changes.added) == 4 and "row 4 'MSA Full Name, Unit (Valid for crosstab only), 2021" in said(found)


@pytest.mark.parametrize(
    "name", ["2025 YTD", "YTD 2025", "2025 Q1", "Q3 2025", "Jan-Jun 2025", "2025 year-to-date", "2025 H1"]
)
def test_a_part_of_a_year_is_never_taken_for_the_year(name, own_project):
    rows = [[*row, str(10**9)] for row in p.ita()]
    rows[0][-1] = name
    found = plan(p.as_csv(rows), source=OLD)
    assert {year for _, year in added(found, "cbsa_title", "year")} == {"2024"}
    assert f"column {name}, a part of a year, left out" in said(found)


def test_values_of_quarters_and_half_years_in_a_flat_file_are_left_out_and_counted(own_project):
    id_ = "SMU06417400000000001"
    rows = [(id_, 2025, "M09", "1581.2", ""), (id_, 2025, "Q03", "1580", ""), (id_, 2025, "S01", "1579", "")]
    found = plan(p.bls_flat(rows), "bls_employment", "bls", names={"41740": SD})
    assert added(found, "month") == [("2025-09",)]
    assert "2 values of a quarter, half a year or a year left out" in said(found)


def test_a_row_that_adds_ports_up_is_left_out_and_named(own_project):
    months = [p.PORT_COLUMNS, ["Los Angeles", "2025-02", 400_000, 110_000, 290_000, 800_000]]
    months.append(["Total", "2025-02", 800_000, 220_000, 580_000, 1_600_000])
    found = plan(p.as_csv(months), "port_containers", "port")
    assert {row[0] for row in added(found, "port")} == {"Port of Los Angeles"}
    assert "1 row of 'Total', a total, left out" in said(found)


# places that vanish


def test_a_metro_that_vanishes_between_two_editions_is_named(own_project):
    rows = [row for row in p.ita() if row[0] != LA]
    assert f"2 titles of 2023 have no value for 2024 in the file: {LA}; Z-Non" in said(plan(p.as_csv(rows)))
    same = [row[:-1] for row in rows]  # an edition without a new year
    assert f"has no value for 2023 in the file: {LA}" in said(plan(p.as_csv(same), source=OLD))


def test_where_no_metro_vanishes_nothing_is_said(own_project):
    values = {title: {2024: years[2023]} for title, years in p.published_metros().items()}
    assert "have no value" not in said(plan(p.as_csv(p.ita(values))))


# answers of interfaces


def bls_answer(series: dict[str, list[tuple]], status: str = "REQUEST_SUCCEEDED", message: tuple = ()) -> str:
    data = [
        {
            "seriesID": s,
            "data": [{"year": y, "period": q, "periodName": "", "value": v, "footnotes": f} for y, q, v, f in points],
        }
        for s, points in series.items()
    ]
    return json.dumps(
        {"status": status, "responseTime": 100, "message": list(message), "Results": {"series": data} if data else {}}
    )


def test_the_answer_of_the_bls_interface_is_the_flat_file_that_it_stands_for(own_project):
    points = [
        ("2025", "M09", "1581.2", [{"code": "P", "text": "Preliminary"}]),
        ("2025", "M10", "-", [{}]),
        ("2025", "M13", "1580.0", [{}]),
    ]
    answer = bls_answer(
        {"SMU06417400000000001": points, "CES0000000001": points}, message=("No Data Available for 2026",)
    )
    found = plan(answer, "bls_employment", "bls", names={"41740": SD})
    assert added(found, "month", "jobs", "note") == [("2025-09", "1581200", "preliminary")]
    for words in (
        "BLS says: 'No Data Available for 2026'",
        "1 annual average left out",
        "3 rows of other surveys left out",
    ):
        assert words in said(found)


BEA_ROW = {"Code": "CAGDP2-1", "GeoFips": "23420", "GeoName": f"Fresno, CA ({METRO})", "TimePeriod": "2023", "CL_UNIT": "Thousands of dollars", "UNIT_MULT": "3", "DataValue": "64,000,000", "NoteRef": "*"}  # fmt: skip


def bea_answer(*rows: dict) -> str:
    return json.dumps({"BEAAPI": {"Request": {}, "Results": {"Statistic": "GDP", "Data": [BEA_ROW | row for row in rows], "Notes": [{"NoteRef": "*", "NoteText": "Last updated"}]}}})  # fmt: skip


def test_the_answer_of_the_bea_interface_gives_the_same_rows_as_its_file(own_project):
    rows = ({}, {"Code": "CAGDP2-2"}, {"GeoName": "Fresno County, CA"}, {"TimePeriod": "2021", "DataValue": "(D)"})
    found = plan(bea_answer(*rows), "metro_gdp", "bea")
    assert added(found, "cbsa_title", "year", "value") == [("Fresno, CA", "2023", "64000000000")]
    for words in (
        "1 row of other areas",
        "1 row of single industries",
        "1 cell marked (D) left out",
        "BEA says: 'Last updated'",
    ):
        assert words in said(found)


def test_a_list_of_objects_is_a_table_too(own_project):
    rows = [dict(zip(p.ita()[0], row, strict=True)) for row in p.ita()[1:]]
    assert len(plan(json.dumps(rows), source=OLD).changes.added) == 4


REFUSED = {
    "a BLS request over its limit": (bls_answer({}, "REQUEST_NOT_PROCESSED", ("Request could not be serviced, as the daily threshold is reached.",)), "publisher says 'Request could not be serviced"),
    "a BLS answer without results": ('{"status": "REQUEST_FAILED", "message": ["Invalid key"]}', "publisher says 'Invalid key'"),
    "a BEA error": ('{"BEAAPI": {"Results": {"Error": {"APIErrorCode": "40", "APIErrorDescription": "Invalid Key"}}}}', "publisher says 'Invalid Key'"),
    "a BEA error on top": ('{"BEAAPI": {"Error": {"APIErrorDescription": "Unknown"}}}', "publisher says 'Unknown'"),
    "BEA without data": ('{"BEAAPI": {"Results": {"Data": []}}}', "found no Data"),
    "a quarter of BEA": (bea_answer({"TimePeriod": "2023Q1"}), "column TimePeriod: found '2023Q1', expected a year"),
    "another object": ('{"hello": 1}', "holds an object with hello, expected a list of rows"),
    "a list of numbers": ("[1, 2]", "holds something else, expected a list of rows"),
    "a series without data": ('{"status": "REQUEST_SUCCEEDED", "Results": {"series": [{"seriesID": "x"}]}}', "found a series without a list of data"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_answer_that_is_no_table_is_refused_with_the_publishers_words(case, own_project):
    answer, sentence = REFUSED[case]
    with pytest.raises(DataError, match=sentence) as error:
        plan(answer, "metro_gdp" if "BEA" in case else "bls_employment", "bea" if "BEA" in case else "bls")
    assert "\n" not in str(error.value)
