"""Bad inputs of importers: one sentence says what is wrong, and nothing changes."""

from __future__ import annotations

import os
import re

import publishers as p
import pytest
from imported import LA, METRO, NEW, YUMA, plan, raw_bytes

from cityresearch.datasets.importers import importing, limits
from cityresearch.errors import DataError

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
    "semicolons and decimal commas": (f'MSA Full Name;Unit;2023\n{LA};USD;"75955,120"\n', {}, "found '75955,120', expected a number without commas in a file whose cells semicolons separate"),
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
    "an extra column": (metro(f'"{LA}"', la, "x", head="MSA Full Name,Unit,2023,Remarks\n"), {}, "column Remarks: found a column"),
    "no title column": (changed("MSA Full Name", "Amount"), {}, "row 1: found the columns Amount.*expected a column of metro titles"),
    "no year column": ("MSA Full Name,Unit\nA,USD\n", {}, "one column per year"),
    "a row without a title": (metro("", la, la), {}, "row 2, column MSA Full Name: found an empty cell"),
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
