"""Factories of publishers' files in their own layouts, and a small project to import them into. Values are made up unless said."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
from conftest import PROJECT

RAW = PROJECT / "data" / "raw"
REAL = {r["name"]: r for r in json.loads((RAW / "datapackage.json").read_text(encoding="utf-8"))["resources"]}
METROS = (
    "Fresno, CA",
    "Los Angeles-Long Beach-Anaheim, CA",
    "San Diego-Chula Vista-Carlsbad, CA",
    "Yuma, AZ",
    "Z-Non Metropolitan Areas",
)
METROPOLITAN = "Metropolitan Statistical Area"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _fields(required: str, optional: str = "", **more: dict) -> list[dict]:
    kinds = {
        "year": "integer",
        "value_usd": "integer",
        "jobs": "integer",
        "value": "integer",
        "teu": "number",
        "precision": "number",
    }
    return [
        {
            "name": n,
            "type": kinds.get(n, "string"),
            "constraints": {"required": n in required.split(), **more.get(n, {})},
        }
        for n in [*required.split(), *optional.split()]
    ]


# the layouts of datasets, for as long as the data package lacks them
LAYOUTS = {
    "state_exports_naics3": (_fields("state year naics3 commodity value_usd basis vintage", "released source_id", vintage={"enum": ["first_release", "revised"]}), ["state", "year", "naics3", "source_id"]),
    "california_exports_by_country": (_fields("country year value_usd basis vintage source_id", vintage={"enum": ["first_release", "revised"]}, value_usd={"minimum": 0}), ["country", "year"]),
    "bls_employment": (_fields("geography series month jobs precision edition vintage", "seasonally_adjusted source_id note", vintage={"enum": ["newest_month", "earlier_month"]}), ["geography", "series", "month", "source_id"]),
    "metro_gdp": (_fields("cbsa_title year value unit kind source_id", unit={"enum": ["USD", "chained (2009) USD"]}), ["cbsa_title", "year", "unit"]),
    "metro_population": (_fields("cbsa_title year value unit measure first_year kind source_id"), ["cbsa_title", "year", "source_id"]),
    "port_containers": (_fields("port area period period_kind direction teu precision count_kind source_id", "note", teu={"minimum": 0}), ["port", "period", "period_kind", "direction", "source_id"]),
}  # fmt: skip


@functools.cache
def _table(name: str) -> list[dict[str, str]]:
    with (RAW / REAL[name]["path"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables() -> dict[str, list[dict[str, str]]]:
    """Return the small project's rows: real ones for metro and state exports, made-up ones for the rest."""
    metros = [
        dict(r) for r in _table("metro_exports") if r["cbsa_title"] in METROS and r["year"] in ("2021", "2022", "2023")
    ]
    states = [
        dict(r)
        for r in _table("state_exports")
        if r["state"] in ("California", "Texas", "Unknown", "United States", "Wyoming")
    ]
    source = {"publisher": "A publisher", "title": "A table", "published": "2026-03-30", "kind": "official", "seen_in": "web page", "license": "us-government-work", "official": "true"}  # fmt: skip
    ids = {r["source_id"] for r in (*metros, *states)} | {"bea", "bls", "census", "pep", "port"}
    trade = {"basis": "state_based", "vintage": "revised", "released": "2026-03-30", "source_id": "census"}
    return {
        "metro_exports": metros,
        "state_exports": states,
        "state_exports_naics3": [{"state": "California", "year": "2023", "naics3": "111", "commodity": "Agricultural Products", "value_usd": "14000000000", **trade}],
        "california_exports_by_country": [{"country": c, "year": "2023", "value_usd": v, **trade} for c, v in (("Mexico", "33000000000"), ("Korea, South", "9000000000"))],
        "bls_employment": [{"geography": "San Diego-Chula Vista-Carlsbad, CA MSA", "series": "total_nonfarm", "month": "2025-08", "jobs": "1580000", "precision": "100", "edition": "2025-08", "vintage": "newest_month", "seasonally_adjusted": "no", "source_id": "bls", "note": ""}],
        "metro_gdp": [{"cbsa_title": "Fresno, CA", "year": "2022", "value": "61000000000", "unit": "USD", "kind": "metro", "source_id": "bea"}],
        "metro_population": [{"cbsa_title": "Fresno, CA", "year": "2022", "value": "1170000", "unit": "persons", "measure": "july_1_estimate", "first_year": "2022", "kind": "metro", "source_id": "pep"}],
        "port_containers": [{"port": "Port of Los Angeles", "area": "port", "period": "2025-01", "period_kind": "month", "direction": d, "teu": v, "precision": "1", "count_kind": "port_authority", "source_id": "port", "note": ""} for d, v in (("loaded_imports", "480000"), ("total", "920000"))],
        "sources": [{"source_id": i, **source} for i in sorted(ids)],
    }  # fmt: skip


def small_project(folder: Path) -> Path:
    """Write a project with every dataset that importers fill, a few rows each."""
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    for name, content in _small_files().items():
        (raw / name).write_bytes(content)
    return folder


@functools.cache
def _small_files() -> dict[str, bytes]:
    """Return the small project's files by their names."""
    files, resources = {}, []
    for name, rows in tables().items():
        fields, key = LAYOUTS.get(name, ([], []))
        schema = REAL[name]["schema"] if name in REAL else {"fields": fields, "primaryKey": key}
        text = io.StringIO(newline="")
        writer = csv.DictWriter(
            text, [f["name"] for f in schema["fields"]], restval="", extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
        content = text.getvalue().encode()
        files[f"{name}.csv"] = content
        resources.append(
            {
                "name": name, "path": f"{name}.csv", "title": f"{name}, 2021-2023", "description": name, "schema": schema,
                "state": REAL.get(name, {}).get("state", ""), "warnings": REAL.get(name, {}).get("warnings", []), "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
                "bytes": len(content), "rows": len(rows),
            }
        )  # fmt: skip
    package = json.dumps({"name": "small", "resources": resources}, indent=2) + "\n"
    return files | {"datapackage.json": package.encode()}


def as_csv(
    rows: Iterable[Sequence], *, delimiter: str = ",", newline: str = "\n", quote: int = csv.QUOTE_MINIMAL
) -> str:
    """Write rows as delimited text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quote).writerows(rows)
    return text.getvalue()


def as_xlsx(sheets: Mapping[str, Iterable[Sequence]]) -> bytes:
    """Write sheets of rows as a workbook; digits become numbers, as a publisher would have them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(
                [
                    int(cell) if isinstance(cell, str) and cell.isdigit() and len(cell) < 16 else cell or None
                    for cell in row
                ]
            )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_zip(members: Mapping[str, bytes]) -> bytes:
    """Pack members into a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def ita(values: Mapping[str, Mapping[int, object]] | None = None, unit: str = "Millions of USD") -> list[list[str]]:
    """Lay out the ITA crosstab: title, unit, one column per year. By default the published rows and a new 2024."""
    if values is None:
        values = {title: dict(years) for title, years in published_metros().items()}
        for title, years in values.items():
            years[2024] = "" if title == "Z-Non Metropolitan Areas" else years[2023] + 1_000_000
    years = sorted({year for row in values.values() for year in row})
    head = ["MSA Full Name", "Unit (Valid for crosstab only) ", *map(str, years)]
    return [head, *([title, unit, *(str(row.get(year, "")) for year in years)] for title, row in values.items())]


def published_metros() -> dict[str, dict[int, int]]:
    """Return the small project's metro values by title and year."""
    found: dict[str, dict[int, int]] = {}
    for row in tables()["metro_exports"]:
        found.setdefault(row["cbsa_title"], {})[int(row["year"])] = int(row["value_usd"])
    return found


def usa_trade(rows: Iterable[tuple[str, str, str, str, object]]) -> str:
    """Lay out a USA Trade Online download: two lines of preamble, everything quoted, a comma at the header's end."""
    head = ["2023 exports by state", "Current date: 06/25/2025 1:19 PM (Eastern Daylight Time)"]
    lines = [f'"{line}"\n' for line in head]
    lines.append('"Commodity","State","Country","Time","Total Exports Value ($US)",\n')
    shown = [[*row[:4], f"{row[4]:,}" if isinstance(row[4], int) else row[4]] for row in rows]
    return "".join(lines) + as_csv(shown, quote=csv.QUOTE_ALL)


def census_api(rows: Iterable[Sequence], head: Sequence[str] = ("STATE", "NAICS", "NAICS_LDESC", "CTY_CODE", "CTY_NAME", "ALL_VAL_YR", "YEAR", "MONTH")) -> str:  # fmt: skip
    """Lay out an answer of the Census international trade API: a list of rows of text."""
    return "[" + ",\n".join(json.dumps([str(cell) for cell in row]) for row in [head, *rows]) + "]"


def bls_report(values: Mapping[int, Sequence], area: str = "San Diego-Chula Vista-Carlsbad, CA", sector: str = "Total Nonfarm", adjusted: bool = False, kind: str = "All Employees, In Thousands") -> list[list[str]]:  # fmt: skip
    """Lay out a series report of BLS: lines on the series, then a row per year."""
    return [
        ["State and Area Employment, Hours, and Earnings"], ["Original Data Value"], [],
        ["Series Id:", "SMU06417400000000001"], ["Seasonally Adjusted" if adjusted else "Not Seasonally Adjusted"],
        ["State:", "California"], ["Area:", area], ["Supersector:", sector], ["Industry:", sector], ["Data Type:", kind],
        ["Years:", "2023 to 2025"], [], ["Year", *MONTHS],
        *([str(year), *map(str, months), *[""] * (12 - len(months))] for year, months in values.items()),
        ["P : Preliminary"],
    ]  # fmt: skip


def bls_flat(rows: Iterable[Sequence]) -> str:
    """Lay out a flat file of BLS: columns padded with spaces and separated by tabs."""
    head = "series_id                     \tyear\tperiod\t       value\tfootnote_codes\r\n"
    return head + "".join(f"{s:<30}\t{y}\t{p}\t{v:>12}\t{f}\r\n" for s, y, p, v, f in rows)


def bea(rows: Iterable[Sequence], years: Sequence[int] = (2022, 2023), table: str = "CAGDP2") -> str:
    """Lay out BEA's CAGDP file: a space before each quoted code, footnotes at the end. Rows: name, line, what, unit, values."""
    lines = [
        f"GeoFIPS,GeoName,Region,TableName,LineCode,IndustryClassification,Description,Unit,{','.join(map(str, years))}\r\n"
    ]
    for name, line, what, unit, *values in rows:
        lines.append(f' "10180","{name}", 6,{table},{line},"...","{what} ","{unit}",{",".join(map(str, values))}\r\n')
    return (
        "".join(lines)
        + '"Note: See the included footnote file."\r\n"CAGDP2: Gross domestic product (GDP) by county and metropolitan area 1/"\r\n"Last updated: December 4, 2024"\r\n'
    )


def population(rows: Iterable[Sequence], years: Sequence[int] = (2022, 2023)) -> str:
    """Lay out Census's cbsa-est-alldata. Rows: division, county, name, kind, values."""
    head = [
        "CBSA",
        "MDIV",
        "STCOU",
        "NAME",
        "LSAD",
        "ESTIMATESBASE2020",
        *(f"POPESTIMATE{y}" for y in years),
        *(f"NPOPCHG{y}" for y in years),
    ]
    return as_csv(
        [head, *(["23420", d, c, name, kind, "1", *values, *["0"] * len(years)] for d, c, name, kind, *values in rows)]
    )


PORT_COLUMNS = ("Port", "Month", "Loaded Imports", "Loaded Exports", "Empties", "Total")
