"""Importers: a publisher's own file becomes rows, or one sentence says what is wrong with it and nothing changes."""

from __future__ import annotations

import ast
import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import publishers as p
import pytest
from conftest import PROJECT, cityresearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityresearch.datasets import datasets, load
from cityresearch.datasets.importers import importing, limits
from cityresearch.errors import DataError

NEW = importing.NewSource("ITA", "Crosstab of 2026", "https://example.org/t", "2026-05-29", "us-government-work")
LA, YUMA = "Los Angeles-Long Beach-Anaheim, CA", "Yuma, AZ"
METRO = "Metropolitan Statistical Area"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project for tests that must not change it."""
    return p.small_project(tmp_path_factory.mktemp("small"))


@pytest.fixture
def in_shared(shared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shared project, found by the package."""
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(shared))
    return shared


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of a test's own."""
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(p.small_project(tmp_path)))
    return tmp_path


def raw_bytes(project: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in sorted((project / "data" / "raw").rglob("*")) if f.is_file()}


def plan(content: str | bytes, name: str = "metro_exports", source: str = "", **options) -> importing.Plan:
    data = content.encode() if isinstance(content, str) else content
    given = NEW if not source else importing.NewSource()
    return importing.plan_content(data, "file.csv", name, source or "ita-2026", given, importing.Options(**options))


def added(found: importing.Plan, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[c] for c in columns) for row in found.changes.added]


# the ITA crosstab, as it comes


def ita_variants() -> dict[str, bytes]:
    comma, tab = p.as_csv(p.ita()), p.as_csv(p.ita(), delimiter="\t", newline="\r\n")
    return {
        "comma": comma.encode(),
        "byte order mark": comma.encode("utf-8-sig"),
        "UTF-16 with tabs, as Tableau exports it": tab.encode("utf-16"),
        "UTF-16 without a mark": tab.encode("utf-16-le"),
        "CRLF": p.as_csv(p.ita(), newline="\r\n").encode(),
        "no newline at the end": comma.rstrip("\n").encode(),
        "footnotes at the end": (
            comma + '\nNote: preliminary,,,,,\n"Source: International Trade Administration"\n'
        ).encode(),
        "preamble": ("Metropolitan Area Exports\n\n" + comma).encode(),
        "totals row": (comma + "Grand Total,Millions of USD,1,2,3,4\n").encode(),
        "thousands separators": p.as_csv(
            [[f"{int(c):,}" if c.isdigit() and len(c) > 4 else c for c in row] for row in p.ita()]
        ).encode(),
        "workbook": p.as_xlsx({"Crosstab": p.ita()}),
        "workbook with a cover sheet": p.as_xlsx({"About": [["Exports of metros"], ["ITA"]], "Crosstab": p.ita()}),
        "zip": p.as_zip({"metro.csv": comma.encode()}),
    }


@pytest.mark.parametrize("variant", ita_variants())
def test_a_new_year_of_the_metro_crosstab_is_added_and_published_years_stay(here, variant):
    found = plan(ita_variants()[variant])
    assert {row[1] for row in added(found, "cbsa_title", "year")} == {"2024"}
    assert len(found.changes.added) == 4  # the fifth title has no value for 2024: missing, not zero
    assert not found.changes.changed
    assert found.changes.confirmed == len(found.changes.before)
    assert any("taken as dollars" in line for line in found.decisions)
    importing.write(found)
    frame = load("metro_exports")
    assert frame.loc[(LA, 2024), "value_usd"] == p.published_metros()[LA][2023] + 1_000_000
    assert frame.loc[(LA, 2023), "source_id"] == "ita-metro-2005-2023"
    assert (LA, 2024) in frame.index and ("Z-Non Metropolitan Areas", 2024) not in frame.index
    assert load("sources").loc["ita-2026", "publisher"] == "ITA"


def test_values_that_are_millions_as_the_header_says_are_multiplied_and_the_decision_is_said(here):
    values = {t: {y: f"{v / 1_000_000:.6f}" for y, v in years.items()} for t, years in p.published_metros().items()}
    found = plan(p.as_csv(p.ita(values)))
    assert not found.any
    assert "multiplied by 1,000,000" in " ".join(found.decisions)


def test_importing_the_same_file_twice_changes_nothing_the_second_time(here):
    importing.write(plan(p.as_csv(p.ita())))
    before = raw_bytes(here)
    again = plan(p.as_csv(p.ita()), source="ita-2026")
    assert not again.any
    assert raw_bytes(here) == before


def test_a_changed_value_is_shown_with_both_numbers_and_the_warning_of_the_series(here):
    values = {LA: {2023: p.published_metros()[LA][2023] * 2}}
    text = "\n".join(plan(p.as_csv(p.ita(values))).lines())
    assert re.search(r"changed: Los Angeles.*2023: \d+ to \d+ \(\+100\.0 %\)", text)
    assert "never revises" in text


def test_rows_that_the_file_lacks_stay_unless_a_full_replacement_is_asked_for(here):
    file = p.as_csv(p.ita({LA: {2023: p.published_metros()[LA][2023]}}))
    kept = plan(file, source="ita-metro-2005-2023")
    assert kept.changes.gone == 0 and len(kept.changes.after) == len(kept.changes.before)
    replaced = plan(file, source="ita-metro-2005-2023", replace=True)
    assert replaced.changes.gone == len(replaced.changes.before) - 1
    assert "gone" in replaced.lines()[0]


def test_a_title_never_seen_is_accepted_when_it_is_meant(here):
    found = plan(p.as_csv(p.ita({"Newtown-Oldtown, CA-NV": {2024: 123_456_789}})), new_titles=True)
    assert added(found, "cbsa_title", "state", "kind") == [("Newtown-Oldtown, CA-NV", "CA", "metro")]


# the other publishers


def test_state_totals_are_taken_from_a_usa_trade_online_download(here):
    rows = [("All Commodities", "All States", "World Total", "2025", 2_100_000_000_000)]
    rows += [
        ("All Commodities", s, "World Total", "2025", v)
        for s, v in (("California", 180_000_000_001), ("Dist of Columbia", 4_000_000_000))
    ]
    rows += [("111 Agricultural Products", "California", "World Total", "2025", 14_000_000_000)]
    found = plan(p.usa_trade(rows), "state_exports", "census", vintage="revised")
    assert added(found, "state", "value_usd", "vintage", "released") == [
        ("United States", "2100000000000", "revised", "2026-03-30"),
        ("California", "180000000001", "revised", "2026-03-30"),
        ("District of Columbia", "4000000000", "revised", "2026-03-30"),
    ]
    assert "1 rows of another breakdown left out" in found.decisions


def test_state_totals_and_industries_are_taken_from_the_census_api(here):
    rows = [
        ("CA", "-", "TOTAL", "-", "TOTAL FOR ALL COUNTRIES", 180_000_000_001, 2025, 12),
        ("CA", "-", "TOTAL", "-", "TOTAL FOR ALL COUNTRIES", 90_000_000_000, 2025, "06"),
        ("CA", "111", "AGRICULTURAL PRODUCTS", "-", "TOTAL FOR ALL COUNTRIES", 15_000_000_000, 2025, 12),
        ("CA", "1111", "OILSEEDS & GRAINS", "-", "TOTAL FOR ALL COUNTRIES", 1, 2025, 12),
    ]
    totals = plan(p.census_api(rows), "state_exports", "census", vintage="first_release")
    assert added(totals, "state", "year", "value_usd", "vintage") == [
        ("California", "2025", "180000000001", "first_release")
    ]
    industries = plan(p.census_api(rows), "state_exports_naics3", "census", vintage="revised")
    assert added(industries, "naics3", "commodity", "value_usd") == [("111", "Agricultural Products", "15000000000")]


def test_exports_by_country_leave_out_groups_of_countries_and_keep_the_known_spelling(here):
    total = ("-", "TOTAL")
    rows = [
        ("CA", *total, "-", "TOTAL FOR ALL COUNTRIES", 180_000_000_000, 2025, 12),
        ("CA", *total, "0003", "EUROPEAN UNION", 30_000_000_000, 2025, 12),
        ("CA", *total, "5XXX", "ASIA", 80_000_000_000, 2025, 12),
        ("CA", *total, "5800", "KOREA, SOUTH", 9_500_000_000, 2025, 12),
        ("TX", *total, "2010", "MEXICO", 120_000_000_000, 2025, 12),
    ]
    found = plan(p.census_api(rows), "california_exports_by_country", "census", vintage="revised")
    assert added(found, "country", "value_usd") == [("Korea, South", "9500000000")]


def test_a_bls_series_report_gives_jobs_with_the_newest_month_marked(here):
    report = p.bls_report({2025: ["", *["1,580.5"] * 7, "1581.2(P)"]})
    for file in (p.as_csv(report), p.as_csv(report, delimiter="\t"), p.as_xlsx({"BLS Data Series": report})):
        found = plan(file, "bls_employment", "bls")
        values = [row for row in (*found.changes.added, *(new for _, new in found.changes.changed))]
        assert {row["month"] for row in values} == {f"2025-{m:02}" for m in range(2, 10)}
        newest = next(row for row in values if row["month"] == "2025-09")
        assert (newest["jobs"], newest["vintage"], newest["note"]) == ("1581200", "newest_month", "preliminary")
        assert newest["geography"] == "San Diego-Chula Vista-Carlsbad, CA MSA"
        assert next(row for row in values if row["month"] == "2025-02")["jobs"] == "1580500"


def test_a_flat_bls_file_gives_jobs_once_its_area_has_a_name(here):
    file = p.bls_flat(
        [("SMU06417400000000001", 2025, "M09", "1581.2", "P"), ("SMU06417400000000001", 2025, "M13", "1580.0", "")]
    )
    found = plan(file, "bls_employment", "bls", names={"41740": "San Diego-Chula Vista-Carlsbad, CA"})
    assert added(found, "series", "month", "jobs") == [("total_nonfarm", "2025-09", "1581200")]
    with pytest.raises(DataError, match="area 41740, expected a name for it; pass --name"):
        plan(file, "bls_employment", "bls")


def bea_rows(**values: tuple) -> list[tuple]:
    usd, whole = "Thousands of dollars", "All industry total"
    rows = [
        ("United States *", 1, whole, usd, 25_000_000_000, 27_000_000_000),
        ("Fresno County, CA", 1, whole, usd, 1, 1),
    ]
    rows += [(f"Fresno, CA ({METRO})", 2, " Private industries", usd, 1, 1)]
    return [
        *rows,
        (f"Fresno, CA ({METRO})", 1, whole, usd, *values.get("fresno", ("(NA)", 64_000_000))),
        (f"Yuma, AZ ({METRO}) *", 1, whole, usd, "(D)", 9_000_000),
    ]


def test_metro_gdp_is_taken_from_beas_zip_in_dollars_and_suppressed_cells_are_missing(here):
    members = {
        "CAGDP2__ALL_AREAS_2001_2023.csv": p.bea(bea_rows()).encode("latin-1"),
        "CAGDP2_CA_2001_2023.csv": b"x",
        "Footnotes.html": b"<html>",
    }
    found = plan(p.as_zip(members), "metro_gdp", "bea")
    assert added(found, "cbsa_title", "year", "value", "unit") == [
        ("Fresno, CA", "2023", "64000000000", "USD"),
        ("Yuma, AZ", "2023", "9000000000", "USD"),
    ]
    assert "1 cells marked (D) left out" in found.decisions


def test_metro_population_is_taken_without_divisions_and_counties(here):
    rows = [
        ("", "", "Fresno, CA", METRO, 1_170_000, 1_180_000),
        ("", "06019", "Fresno County, CA", "County or equivalent", 1, 2),
        ("", "", "Abc, CA", "Micropolitan Statistical Area", 1, 2),
    ]
    found = plan(p.population(rows).encode("latin-1"), "metro_population", "pep")
    assert added(found, "cbsa_title", "year", "value") == [("Fresno, CA", "2023", "1180000")]


def test_port_months_and_pmsa_tables_give_the_same_kind_of_rows(here):
    months = p.as_csv([p.PORT_COLUMNS, ["Los Angeles", "February 2025", "400,000", "110,000", "290,000", "800,000"]])
    found = plan(months, "port_containers", "port")
    assert ("2025-02", "loaded_exports", "110000") in added(found, "period", "direction", "teu")
    assert len(found.changes.added) == 4
    table = 'Exhibit 1: Inbound Loaded TEU\nPort,Feb 2025,Feb 2024,Change,2025 YTD\nLos Angeles,"400,000","408,764",-2.1%,\n'
    assert added(plan(table, "port_containers", "port"), "port", "period", "direction") == [
        ("Port of Los Angeles", "2025-02", "loaded_imports"),
        ("Port of Los Angeles", "2024-02", "loaded_imports"),
    ]


# bad inputs: one sentence each, and nothing changes

GOOD = p.as_csv(p.ita())
HEAD = "MSA Full Name,Unit,2022,2023\n"


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert old in text
    return text.replace(old, new, 1)


def metro(title: str = f'"{YUMA}"', *cells: object, head: str = HEAD) -> str:
    return head + f"{title},Millions of USD," + ",".join(map(str, cells)) + "\n"


la = p.published_metros()[LA][2023]
BAD = {
    "an empty file": ("", {}, r"file\.csv is empty"),
    "blanks only": (" \n \n", {}, r"file\.csv is empty"),
    "a web page": ("<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>", {}, r"is a web page titled '404 Not Found'"),
    "a web page without doctype": ("\n<html><body>Access denied</body></html>", {}, "is a web page"),
    "an XML error": ("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", {}, "is a web page"),
    "semicolons": (p.as_csv(p.ita(), delimiter=";"), {}, r"separates its cells with ';', expected a comma or a tab"),
    "one column": ("Title\nA\nB\n", {}, "has one column"),
    "a binary file": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), {}, "is a binary file"),
    "a PDF": (b"%PDF-1.7 ...", {}, "is a PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "Excel 97-2003"),
    "a broken zip": (p.as_zip({"a.csv": GOOD.encode() * 50})[:200], {}, "breaks off or is damaged"),
    "a broken workbook": (p.as_xlsx({"A": p.ita()})[:3000], {}, "breaks off or is damaged"),
    "a zip of several tables": (p.as_zip({"a.csv": b"1", "b.csv": b"2"}), {}, r"members a\.csv, b\.csv, expected one table"),
    "a zip without a table": (p.as_zip({"a.png": b"1"}), {}, r"members a\.png, expected one table"),
    "a file that breaks off in a row": (GOOD[: GOOD.rindex("Z-Non Metropolitan Areas") + 30], {}, "breaks off: download it again"),
    "a file that breaks off in quotes": (GOOD[: GOOD.rindex("Yuma, AZ") + 4], {}, "a quoted cell that never ends"),
    "UTF-16 that breaks off": (GOOD.encode("utf-16")[:-1], {}, "UTF-16 character"),
    "unbalanced quotes": (changed('"Yuma, AZ"', '"Yuma, AZ'), {}, "row 5: found a quot"),
    "a row that is too long": (changed("Z-Non Metropolitan Areas", "Z,Non Metropolitan Areas"), {}, "row 6: found 7 cells, expected 6 as in the header"),
    "a row that is too short": (changed('"Yuma, AZ",Millions of USD', '"Yuma, AZ"'), {}, "row 5: found 5 cells, expected 6"),
    "text in a number": (metro(f'"{YUMA}"', 1, "28 million"), {}, "row 2, column 2023: found '28 million', expected a number"),
    "a negative value": (metro(f'"{LA}"', "", -la), {}, "row 2, column 2023: found value_usd -.*expected at least 0"),
    "a negative value in parentheses": (metro(f'"{LA}"', "", f"({la})"), {}, "expected at least 0"),
    "a fraction of a dollar": (metro(f'"{LA}"', "", f"{la}.5"), {}, "expected a whole number"),
    "a decimal comma": (metro(f'"{LA}"', "", '"75955,12"'), {}, "found '75955,12', expected a decimal point"),
    "points between thousands": (metro(f'"{LA}"', "", "75.955.123"), {}, "expected a decimal point, and commas"),
    "scientific notation": (metro(f'"{LA}"', "", "7.5955E+10"), {}, "expected all digits of the number"),
    "a year out of range": (metro(f'"{LA}"', la, la, head="MSA Full Name,Unit,1999,2023\n"), {}, "row 2, column 1999: found year 1999, expected at least 2,005"),
    "a year far ahead": (metro(f'"{LA}"', la, la, head="MSA Full Name,Unit,2023,2099\n"), {}, "found year 2099, expected at most 2,035"),
    "a year twice": (metro(f'"{LA}"', la, la, head="MSA Full Name,Unit,2023,2023\n"), {}, "column 2023: found the column twice"),
    "years mixed with quarters": (metro(f'"{LA}"', la, la, head="MSA Full Name,Unit,2023,2024 Q1\n"), {}, "column 2024 Q1: found a column that the crosstab does not have"),
    "an extra column": (metro(f'"{LA}"', la, "x", head="MSA Full Name,Unit,2023,Remarks\n"), {}, "column Remarks: found a column"),
    "no title column": (changed("MSA Full Name", "Amount"), {}, "row 1: found the columns Amount.*expected a column of metro titles"),
    "no year column": ("MSA Full Name,Unit\nA,USD\n", {}, "one column per year"),
    "a row without a title": (metro("", la, la), {}, "row 2, column MSA Full Name: found an empty cell"),
    "a row twice": (GOOD + GOOD.splitlines()[-1] + "\n", {}, "row 7, column 2021: found 'Z-Non Metropolitan Areas, 2021' again, expected it once \\(it is in row 6"),
    "two metros with one title": (metro(f'"{LA}"', "", la) + f'"{LA}",Millions of USD,,{la + 1}\n', {}, "2023' again"),
    "a title never seen": (metro('"Los Angeles-Long Beach, CA"', "", la), {}, r"nearest: Los Angeles-Long Beach-Anaheim, CA\).*--new-titles"),
    "thousands for dollars": (p.as_csv(p.ita({t: {y: v // 1000 for y, v in r.items()} for t, r in p.published_metros().items()})), {}, "looks like thousands where USD are expected"),
    "millions under a header of dollars": (p.as_csv(p.ita({t: {y: v // 10**6 for y, v in r.items()} for t, r in p.published_metros().items()}, "USD")), {}, "looks like millions where USD are expected"),
    "one year in another unit": (p.as_csv(p.ita({LA: {2023: la, 2024: la // 10**6}})), {}, "column 2024: found .*looks like millions"),
    "no values at all": (metro(f'"{LA}"', "", ""), {}, "found no values for metro_exports"),
    "an unknown source": (GOOD, {"source": "ita-metro-2005"}, r"no source 'ita-metro-2005' \(nearest: ita-metro-2005-2023\): to add it, give --publisher, --title, --license"),
    "an unknown dataset": (GOOD, {"name": "metro_export"}, "did you mean metro_exports"),
    "a dataset without importer": (GOOD, {"name": "sources"}, "No importer fills sources"),
    "an unknown format": (GOOD, {"format": "ita"}, "No format is called 'ita'"),
    "a format of another dataset": (GOOD, {"format": "bea-gdp"}, "fills metro_gdp, not metro_exports"),
    "a sheet of a text file": (GOOD, {"sheet": "Data"}, "is text and has no sheet 'Data'"),
    "a sheet that is not there": (p.as_xlsx({"Crosstab": p.ita()}), {"sheet": "Data"}, "has no sheet 'Data': it has Crosstab"),
    "only wrong sheets": (p.as_xlsx({"About": [["x"]], "Notes": [["y"]]}), {}, "found the sheets About, Notes, none is a table of the format ita-metro"),
    "two right sheets": (p.as_xlsx({"One": p.ita(), "Two": p.ita()}), {}, "One, Two all are"),
    "an API error": ('{"error": "unknown variable"}', {"name": "state_exports", "vintage": "revised"}, "holds an object with error"),
    "JSON that breaks off": (p.census_api([("CA", "-", "TOTAL", "-", "", 1, 2025, 12)])[:-9], {"name": "state_exports", "vintage": "revised"}, "is not whole JSON"),
    "JSON rows of unequal length": ('[["STATE","ALL_VAL_YR","YEAR"],["CA","1"]]', {"name": "state_exports", "vintage": "revised"}, "row 2: found 2 cells, expected 3"),
    "a year to June": (p.census_api([("CA", "-", "TOTAL", "-", "", 1, 2025, "06")]), {"name": "state_exports", "vintage": "revised"}, "only the months 06"),
    "a month for a year": (p.usa_trade([("All Commodities", "California", "World Total", "Jan 2025", 1)]), {"name": "state_exports", "vintage": "revised"}, "row 4, column Time: found 'Jan 2025', expected a whole year"),
    "no vintage": (p.usa_trade([]), {"name": "state_exports"}, "say which this file is with --vintage, one of first_release, revised"),
    "an unknown vintage": (p.usa_trade([]), {"name": "state_exports", "vintage": "final"}, "no vintage 'final'"),
    "hours for jobs": (p.as_csv(p.bls_report({2025: [40.1]}, kind="Average Weekly Hours")), {"name": "bls_employment", "source": "bls"}, "found 'Average Weekly Hours', expected All Employees"),
    "a BLS report that breaks off": ("Series Id:,SM\nData Type:,\"All Employees, In Thousands\"\n" + ",".join(["Year", *p.MONTHS]) + "\n2025,1.0,2.0\n", {"name": "bls_employment", "source": "bls"}, "found 3 cells, expected a year and twelve months"),
    "GDP in percent": (p.bea([(f"Fresno, CA ({METRO})", 1, "All industry total", "Percent", 1, 2)]), {"name": "metro_gdp", "source": "bea"}, "column Unit: found 'Percent', expected Thousands of dollars"),
    "GDP without metros": (p.bea([("California", 1, "All industry total", "Thousands of dollars", 1, 2)]), {"name": "metro_gdp", "source": "bea"}, "found no values for metro_gdp"),
    "population without estimates": ("CBSA,NAME,LSAD,BIRTHS2023\n1,a,b,2\n", {"name": "metro_population", "source": "pep"}, "expected CBSA, NAME, LSAD and POPESTIMATE"),
    "port parts that miss the total": (p.as_csv([p.PORT_COLUMNS, ["Los Angeles", "2025-02", 400_000, 110_000, 290_000, 900_000]]), {"name": "port_containers", "source": "port"}, "column Total: found '900,000', expected 800,000, the sum of the parts"),
    "a port month that is none": (p.as_csv([p.PORT_COLUMNS, ["Los Angeles", "Smarch 2025", 1, 1, 1, 3]]), {"name": "port_containers", "source": "port"}, "found 'Smarch 2025', expected a month"),
    "a port never seen": (p.as_csv([p.PORT_COLUMNS, ["Los Angles", "2025-02", 1, 1, 1, 3]]), {"name": "port_containers", "source": "port"}, "nearest: Port of Los Angeles"),
    "a port table without direction": ("Port,Feb 2025\nLos Angeles,1\n", {"name": "port_containers", "source": "port"}, "no direction in the title"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_input_is_one_sentence_and_changes_nothing(case, in_shared):
    content, options, sentence = BAD[case]
    if options.get("name", "metro_exports").startswith("state"):
        options = {"source": "census", **options}
    before = raw_bytes(in_shared)
    with pytest.raises(DataError) as error:
        plan(content, **options)
    message = str(error.value)
    assert re.search(sentence, message), message
    assert "\n" not in message
    assert raw_bytes(in_shared) == before


def test_a_member_that_unpacks_to_more_than_the_bound_is_refused_before_it_is_unpacked(in_shared, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST", 1_000_000)
    with pytest.raises(
        DataError, match=r"member big\.csv: found 2,000,000 bytes once unpacked, expected at most 1,000,000"
    ):
        plan(p.as_zip({"big.csv": b"0" * 2_000_000}))


def test_paths_that_cannot_be_read_are_said_as_they_are(in_shared, tmp_path):
    for path, sentence in ((tmp_path, "is a folder, expected a file"), (tmp_path / "none.csv", "is not there")):
        with pytest.raises(DataError, match=sentence):
            importing.plan_file(path, "metro_exports", "x", NEW, importing.Options())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_read_permission_is_refused(in_shared, tmp_path):
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(DataError, match="Permission denied"):
        importing.plan_file(tmp_path / "a.csv", "metro_exports", "x", NEW, importing.Options())


def test_a_known_source_is_not_described_anew(in_shared):
    with pytest.raises(DataError, match="source census, column publisher: found 'A publisher', given 'ITA'"):
        importing.plan_content(GOOD.encode(), "f.csv", "metro_exports", "census", NEW, importing.Options())


def test_a_license_that_the_sources_do_not_know_is_refused(in_shared):
    with pytest.raises(DataError, match="the new source x: found license 'mine', expected one of"):
        importing.plan_content(
            GOOD.encode(),
            "f.csv",
            "metro_exports",
            "x",
            importing.NewSource("a", "b", license="mine"),
            importing.Options(),
        )


# the command line


def test_the_command_shows_first_and_writes_only_with_yes(here):
    file = here / "metro.csv"
    file.write_text(GOOD, encoding="utf-8")
    command = (
        "data",
        "import",
        file,
        "--as",
        "metro_exports",
        "--source",
        "ita-2026",
        "--publisher",
        "ITA",
        "--title",
        "T",
        "--license",
        "cc0",
    )
    before = raw_bytes(here)
    shown = cityresearch(*command, cwd=here)
    assert shown.returncode == 0 and "Nothing was written: repeat with --yes" in shown.stdout
    assert raw_bytes(here) == before
    written = cityresearch(*command, "--yes", cwd=here)
    assert written.returncode == 0 and "Written: " in written.stdout
    assert (
        datasets()["metro_exports"].title == "metro_exports, 2021-2024" or "2024" in datasets()["metro_exports"].title
    )
    wrong = cityresearch(*command[:5], "--source", "nobody", cwd=here)
    assert wrong.returncode == 2 and wrong.stderr.startswith("Error: ") and "Traceback" not in wrong.stderr


# the real data package


@pytest.mark.parametrize("name", ["metro_exports", "state_exports"])
def test_the_published_rows_in_their_publishers_layout_change_nothing(name, monkeypatch):
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(PROJECT))
    with (PROJECT / "data" / "raw" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if name == "metro_exports":
        values: dict[str, dict[int, str]] = {}
        for row in rows:
            values.setdefault(row["cbsa_title"], {})[int(row["year"])] = row["value_usd"]
        found = plan(p.as_csv(p.ita(values)), source="ita-metro-2005-2023")
    else:
        rows = [row for row in rows if row["source_id"] == "census-usatrade-2012"]
        lines = [("All Commodities", row["state"], "World Total", row["year"], int(row["value_usd"])) for row in rows]
        found = plan(p.usa_trade(lines), name, "census-usatrade-2012", vintage="revised")
    assert not found.any
    assert found.changes.confirmed == len(rows)
    assert found.content == found.record.path.read_bytes()


# round trips

TITLES = st.from_regex(r"[A-Z][a-z]{2,8}(-[A-Z][a-z]{2,8})?, (CA|TX|NY-NJ)", fullmatch=True)
AMOUNTS = st.integers(1_000_000, 999_999_999_999)
ROUND = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ROUND
@given(
    st.dictionaries(
        TITLES, st.dictionaries(st.integers(2005, 2035), AMOUNTS, min_size=1, max_size=4), min_size=1, max_size=5
    ),
    st.sampled_from(["comma", "tab", "xlsx"]),
)
def test_metro_rows_survive_the_crosstab(in_shared, values, layout):
    grid = p.ita(values)
    files = {"comma": p.as_csv(grid), "tab": p.as_csv(grid, delimiter="\t", newline="\r\n").encode("utf-16")}
    found = plan(files.get(layout) or p.as_xlsx({"Sheet 1": grid}), new_titles=True)
    wanted = {(title, str(year), str(value)) for title, years in values.items() for year, value in years.items()}
    assert set(added(found, "cbsa_title", "year", "value_usd")) == wanted


@ROUND
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["Ohio", "Utah", "Maine"]), st.integers(2012, 2035)), AMOUNTS, min_size=1
    ),
    st.booleans(),
)
def test_state_rows_survive_both_census_layouts(in_shared, values, api):
    codes = {"Ohio": "OH", "Utah": "UT", "Maine": "ME"}
    if api:
        file = p.census_api(
            [(codes[s], "-", "TOTAL", "-", "TOTAL FOR ALL COUNTRIES", v, y, 12) for (s, y), v in values.items()]
        )
    else:
        file = p.usa_trade([("All Commodities", s, "World Total", str(y), v) for (s, y), v in values.items()])
    found = plan(file, "state_exports", "census", vintage="revised")
    assert set(added(found, "state", "year", "value_usd")) == {(s, str(y), str(v)) for (s, y), v in values.items()}


@ROUND
@given(
    st.dictionaries(
        st.integers(2000, 2030), st.lists(st.integers(1, 99_999), min_size=12, max_size=12), min_size=1, max_size=3
    )
)
def test_jobs_survive_the_series_report(in_shared, values):
    tenths = {year: [f"{v // 10}.{v % 10}" for v in months] for year, months in values.items()}
    found = plan(p.as_csv(p.bls_report(tenths, area="Elsewhere, TX")), "bls_employment", "bls", new_titles=True)
    wanted = {(f"{y}-{m:02}", str(v * 100)) for y, months in values.items() for m, v in enumerate(months, 1)}
    assert set(added(found, "month", "jobs")) == wanted


@ROUND
@given(st.dictionaries(TITLES, st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5))
def test_gdp_and_population_survive_their_layouts(in_shared, values):
    gdp = plan(
        p.bea([(f"{t} ({METRO})", 1, "All industry total", "Thousands of dollars", *v) for t, v in values.items()]),
        "metro_gdp",
        "bea",
        new_titles=True,
    )
    people = plan(
        p.population([("", "", t, METRO, *v) for t, v in values.items()]), "metro_population", "pep", new_titles=True
    )
    assert set(added(gdp, "cbsa_title", "year", "value")) == {
        (t, str(y), f"{v}000") for t, pair in values.items() for y, v in zip((2022, 2023), pair, strict=True)
    }
    assert set(added(people, "cbsa_title", "year", "value")) == {
        (t, str(y), str(v)) for t, pair in values.items() for y, v in zip((2022, 2023), pair, strict=True)
    }


# interruption

KILLS = """
import os, random, signal, sys, time
from pathlib import Path
from cityresearch import datasets
from cityresearch.datasets import schema, store
from cityresearch.datasets.importers import importing
files = [Path(f).read_bytes() for f in sys.argv[1:]]
given = importing.NewSource("P", "T", license="cc0")

n, outcomes = 0, {"old": 0, "new": 0}

def run(n):
    found = importing.plan_content(files[outcomes["new"] % 2], "f.csv", "metro_exports", f"kill-{n}", given, importing.Options())
    importing.write(found)

def state():
    frame = datasets.load("metro_exports")
    sources = set(datasets.load("sources").index)
    assert set(frame["source_id"]) <= sources, "a row without its source"
    assert len(frame) == datasets.dataset("metro_exports").rows
    return datasets.dataset("metro_exports").sha256, len(sources)

def child(n, at_step=None):
    pid = os.fork()
    if pid == 0:
        if at_step is not None:
            steps = [0]
            def watch(event, args):
                if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir") and ".incoming" in str(args[0]):
                    steps[0] += 1
                    if steps[0] == at_step:
                        os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(watch)
        run(n)
        os._exit(0)
    return pid

def settle(before, pid):
    killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    after = state()
    same = after == before
    assert same or (after[0] != before[0] and after[1] == before[1] + 1), "neither old nor new"
    outcomes["old" if same else "new"] += 1
    return killed

step = 0
while True:
    step += 1; n += 1
    before = state()
    if not settle(before, child(n, step)):
        break
    assert step < 200
random.seed(7)
start = time.monotonic(); before = state(); n += 1; settle(before, child(n)); took = time.monotonic() - start
for _ in range(100):
    n += 1
    before = state()
    pid = child(n)
    time.sleep(random.uniform(0, took))
    os.kill(pid, signal.SIGKILL)
    settle(before, pid)
print(step, outcomes)
"""


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_an_import_killed_at_every_step_and_at_random_leaves_the_old_package_or_the_new_one(here):
    # two files that disagree, so that every import changes rows and adds a source
    for name, factor in (("a.csv", 2), ("b.csv", 3)):
        values = {t: {y: v * factor for y, v in years.items()} for t, years in p.published_metros().items()}
        (here / name).write_text(p.as_csv(p.ita(values, "USD")), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLS, here / "a.csv", here / "b.csv"],
        env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    steps, outcomes = result.stdout.split(" ", 1)
    assert int(steps) > 8
    assert all(count > 5 for count in ast.literal_eval(outcomes).values())
