"""BEA's GDP by county and metropolitan area (CAGDP1, CAGDP2, CAGDP9): zip or CSV, thousands of dollars, years across."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from cityresearch.datasets.importers.cells import as_text, body, fault, find_header, number
from cityresearch.datasets.importers.parsed import Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid

__all__ = ["header_of", "parse"]

EXPECTED = "GeoFIPS, GeoName, LineCode, Unit and one column per year, as in BEA's CAGDP files"
# some editions write the kind of area without parentheses
METRO = re.compile(
    r"(.+?, [A-Z]{2}(?:-[A-Z]{2})*),? (?:\(Metropolitan Statistical Area\)|Metropolitan Statistical Area)(?: ?\*)*"
)
WHOLE_ECONOMY = ("all industry total", "current-dollar gdp", "real gdp")


def header_of(grid: Grid) -> Header:
    """Return the header: area, line and at least one year."""
    return find_header(
        grid,
        lambda h: h.has("GeoFIPS", "GeoName", "LineCode", "Unit") and bool(h.years()),
        EXPECTED,
    )


def parse(grid: Grid, request: Request) -> Parsed:
    """Return the GDP of the whole economy of each metropolitan area, in USD."""
    header = header_of(grid)
    name_at, unit_at, what_at = header.at("GeoName"), header.at("Unit"), header.at("Description")
    line_at = header.at("LineCode")
    rows, left_out = [], Counter()
    kept = request.record.field("unit").constraints.get("enum", ())
    for line, cells in body(grid, header):
        metro = METRO.fullmatch(cells[name_at])
        what = cells[what_at].casefold() if what_at is not None else ""
        if not metro:
            left_out["rows that are not metropolitan areas left out"] += 1
            continue
        if not what.startswith(WHOLE_ECONOMY) and (what or cells[line_at] != "1"):
            left_out["rows of single industries or index numbers left out"] += 1
            continue
        unit = _unit(grid, line, cells[unit_at])
        if kept and unit not in kept:
            left_out[f"rows in {unit}, which the dataset does not keep, left out"] += 1
            continue
        for place, year in header.years().items():
            value = number(grid, line, year, cells[place])
            if value is None:
                left_out[f"cells marked {cells[place]} left out" if cells[place] else "empty cells left out"] += 1
                continue
            rows.append(
                Row(
                    {
                        "cbsa_title": metro[1],
                        "year": year,
                        "value": as_text(value * Decimal(1000)),
                        "unit": unit,
                        "kind": "metro",
                    },
                    line,
                    year,
                )
            )
    return Parsed(tuple(rows), ("thousands of dollars were multiplied by 1,000", *counted(left_out)), header)


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
