"""Importers: a publisher's own file becomes rows of ours."""

from __future__ import annotations

import csv
import re

import publishers as p
import pytest
from conftest import PROJECT, cityresearch, mostly_long
from imported import LA, METRO, added, plan, raw_bytes

from cityresearch.datasets import datasets, load
from cityresearch.datasets.importers import importing
from cityresearch.errors import DataError

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


@pytest.mark.parametrize(
    "variant",
    mostly_long(
        ita_variants(), "comma", "UTF-16 with tabs, as Tableau exports it", "footnotes at the end", "preamble", "totals row", "thousands separators",
        "workbook with a cover sheet", "zip",
    ),
)  # fmt: skip
def test_a_new_year_of_the_metro_crosstab_is_added_and_published_years_stay(own_project, variant):
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


def test_values_that_are_millions_as_the_header_says_are_multiplied_and_the_decision_is_said(own_project):
    values = {t: {y: f"{v / 1_000_000:.6f}" for y, v in years.items()} for t, years in p.published_metros().items()}
    found = plan(p.as_csv(p.ita(values)))
    assert not found.any
    assert "multiplied by 1,000,000" in " ".join(found.decisions)


def test_importing_the_same_file_twice_changes_nothing_the_second_time(own_project):
    importing.write(plan(p.as_csv(p.ita())))
    before = raw_bytes(own_project)
    again = plan(p.as_csv(p.ita()), source="ita-2026")
    assert not again.any
    assert raw_bytes(own_project) == before


def test_a_changed_value_is_shown_with_both_numbers_and_the_warning_of_the_series(own_project):
    values = {LA: {2023: p.published_metros()[LA][2023] * 2}}
    text = "\n".join(plan(p.as_csv(p.ita(values))).lines())
    assert re.search(r"changed: Los Angeles.*2023: \d+ to \d+ \(\+100\.0 %\)", text)
    assert "never revises" in text


def test_rows_that_the_file_lacks_stay_unless_a_full_replacement_is_asked_for(own_project):
    file = p.as_csv(p.ita({LA: {2023: p.published_metros()[LA][2023]}}))
    kept = plan(file, source="ita-metro-2005-2023")
    assert kept.changes.gone == 0 and len(kept.changes.after) == len(kept.changes.before)
    replaced = plan(file, source="ita-metro-2005-2023", replace=True)
    assert replaced.changes.gone == len(replaced.changes.before) - 1
    assert "gone" in replaced.lines()[0]


def test_a_title_never_seen_is_accepted_when_it_is_meant(own_project):
    found = plan(p.as_csv(p.ita({"Newtown-Oldtown, CA-NV": {2024: 123_456_789}})), new_titles=True)
    assert added(found, "cbsa_title", "state", "kind") == [("Newtown-Oldtown, CA-NV", "CA", "metro")]


# the other publishers


def test_state_totals_are_taken_from_a_usa_trade_online_download(own_project):
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
    assert "1 row of another breakdown left out" in found.decisions


def test_state_totals_and_industries_are_taken_from_the_census_api(own_project):
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


def test_exports_by_country_leave_out_groups_of_countries_and_keep_the_known_spelling(own_project):
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


def test_a_bls_series_report_gives_jobs_with_the_newest_month_marked(own_project):
    report = p.bls_report({2025: ["", *["1,580.5"] * 7, "1581.2(P)"]})
    for file in (p.as_csv(report), p.as_csv(report, delimiter="\t"), p.as_xlsx({"BLS Data Series": report})):
        found = plan(file, "bls_employment", "bls")
        values = [row for row in (*found.changes.added, *(new for _, new in found.changes.changed))]
        assert {row["month"] for row in values} == {f"2025-{m:02}" for m in range(2, 10)}
        newest = next(row for row in values if row["month"] == "2025-09")
        assert (newest["jobs"], newest["vintage"], newest["note"]) == ("1581200", "newest_month", "preliminary")
        assert newest["geography"] == "San Diego-Chula Vista-Carlsbad, CA MSA"
        assert next(row for row in values if row["month"] == "2025-02")["jobs"] == "1580500"


def test_a_flat_bls_file_gives_jobs_once_its_area_has_a_name(own_project):
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


def test_metro_gdp_is_taken_from_beas_zip_in_dollars_and_suppressed_cells_are_missing(own_project):
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
    assert "1 cell marked (D) left out" in found.decisions


def test_metro_population_is_taken_without_divisions_and_counties(own_project):
    rows = [
        ("", "", "Fresno, CA", METRO, 1_170_000, 1_180_000),
        ("", "06019", "Fresno County, CA", "County or equivalent", 1, 2),
        ("", "", "Abc, CA", "Micropolitan Statistical Area", 1, 2),
    ]
    found = plan(p.population(rows).encode("latin-1"), "metro_population", "pep")
    assert added(found, "cbsa_title", "year", "value") == [("Fresno, CA", "2023", "1180000")]


def test_port_months_and_pmsa_tables_give_the_same_kind_of_rows(own_project):
    months = p.as_csv([p.PORT_COLUMNS, ["Los Angeles", "February 2025", "400,000", "110,000", "290,000", "800,000"]])
    found = plan(months, "port_containers", "port")
    assert ("2025-02", "loaded_exports", "110000") in added(found, "period", "direction", "teu")
    assert len(found.changes.added) == 4
    table = 'Exhibit 1: Inbound Loaded TEU\nPort,Feb 2025,Feb 2024,Change,2025 YTD\nLos Angeles,"400,000","408,764",-2.1%,\n'
    assert added(plan(table, "port_containers", "port"), "port", "period", "direction") == [
        ("Port of Los Angeles", "2025-02", "loaded_imports"),
        ("Port of Los Angeles", "2024-02", "loaded_imports"),
    ]


# the command line


def test_the_command_shows_first_and_writes_only_with_yes(own_project):
    file = own_project / "metro.csv"
    file.write_text(p.as_csv(p.ita()), encoding="utf-8")
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
    before = raw_bytes(own_project)
    shown = cityresearch(*command, cwd=own_project)
    assert shown.returncode == 0 and "Nothing was written: repeat with --yes" in shown.stdout
    assert raw_bytes(own_project) == before
    written = cityresearch(*command, "--yes", cwd=own_project)
    assert written.returncode == 0 and "Written: " in written.stdout
    assert (
        datasets()["metro_exports"].title == "metro_exports, 2021-2024" or "2024" in datasets()["metro_exports"].title
    )
    wrong = cityresearch(*command[:5], "--source", "nobody", cwd=own_project)
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
