"""BEA's GDP by county and metropolitan area (CAGDP1, CAGDP2, CAGDP9), thousands of dollars: zip or CSV with the years across, or the
answer of the API with a row per value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from cityresearch.datasets.importers.cells import as_text, body, fault, find_header, no_value, number
from cityresearch.datasets.importers.parsed import YEAR, Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid

__all__ = ["header_of", "parse"]

EXPECTED = (
    "GeoFIPS, GeoName, LineCode, Unit and one column per year, as in BEA's CAGDP files, or Code, GeoName, TimePeriod, CL_UNIT, DataValue, "
    "as in the API's answer"
)
# some editions write the kind of area without parentheses
METRO = re.compile(
    r"(.+?, [A-Z]{2}(?:-[A-Z]{2})*),? (?:\(Metropolitan Statistical Area\)|Metropolitan Statistical Area)(?: ?\*)*"
)
WHOLE_ECONOMY = ("all industry total", "current-dollar gdp", "real gdp")


def header_of(grid: Grid) -> Header:
    """Return the header: area, line and at least one year."""
    return find_header(
        grid,
        lambda h: _is_answer(h) or (h.has("GeoFIPS", "GeoName", "LineCode", "Unit") and bool(h.years())),
        EXPECTED,
    )


def parse(grid: Grid, request: Request) -> Parsed:
    """Return the GDP of the whole economy of each metropolitan area, in USD."""
    header = header_of(grid)
    rows, left_out = [], Counter()
    kept = request.record.field("unit").constraints.get("enum", ())
    name_at = header.at("GeoName")
    for line, cells in body(grid, header):
        metro = METRO.fullmatch(cells[name_at])
        if not metro:
            left_out["rows of other areas than metropolitan ones left out"] += 1
            continue
        if not _is_whole_economy(header, cells):
            left_out["rows of single industries or index numbers left out"] += 1
            continue
        unit = _unit(grid, line, cells[header.at("Unit", "CL_UNIT")])
        if kept and unit not in kept:
            left_out[f"rows in {unit}, which the dataset does not keep, left out"] += 1
            continue
        for column, year, text in _years(grid, line, header, cells):
            value = number(grid, line, column, text)
            if value is None:
                left_out[no_value(text)] += 1
                continue
            values = {
                "cbsa_title": metro[1],
                "year": year,
                "value": as_text(value * Decimal(1000)),
                "unit": unit,
                "kind": "metro",
            }
            rows.append(Row(values, line, column))
    return Parsed(tuple(rows), ("thousands of dollars were multiplied by 1,000", *counted(left_out)), header)


def _is_answer(header: Header) -> bool:
    return header.has("Code", "GeoName", "TimePeriod", "CL_UNIT", "DataValue")


def _is_whole_economy(header: Header, cells: tuple[str, ...]) -> bool:
    if _is_answer(header):
        return cells[header.at("Code")].endswith("-1")
    what_at = header.at("Description")
    what = cells[what_at].casefold() if what_at is not None else ""
    return what.startswith(WHOLE_ECONOMY) or (not what and cells[header.at("LineCode")] == "1")


def _years(grid: Grid, line: int, header: Header, cells: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Give the column, year and text of each value of a row."""
    if not _is_answer(header):
        yield from ((year, year, cells[place]) for place, year in header.years().items())
        return
    year = cells[header.at("TimePeriod")]
    if not YEAR.fullmatch(year):
        raise fault(grid, line, "TimePeriod", year, "a year", "query annual values")
    yield "DataValue", year, cells[header.at("DataValue")]


def _unit(grid: Grid, line: int, text: str) -> str:
    if re.fullmatch(r"thousands of (current )?dollars", text, flags=re.IGNORECASE):
        return "USD"
    if chained := re.fullmatch(r"thousands of chained (\d{4}) dollars", text, flags=re.IGNORECASE):
        return f"chained ({chained[1]}) USD"
    raise fault(
        grid,
        line,
        "Unit",
        text,
        "Thousands of dollars or Thousands of chained dollars",
        "choose the table CAGDP2 or CAGDP9",
    )
