"""Census population estimates of metropolitan areas: cbsa-estYYYY-alldata.csv with POPESTIMATE columns."""

from __future__ import annotations

import re
from collections import Counter

from cityresearch.datasets.importers.cells import as_text, body, find_header, no_value, number
from cityresearch.datasets.importers.parsed import Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid

__all__ = ["header_of", "parse"]

EXPECTED = "CBSA, NAME, LSAD and POPESTIMATE columns, as in cbsa-est-alldata.csv"


def header_of(grid: Grid) -> Header:
    """Return the header: area, its kind, and at least one estimate."""
    return find_header(grid, lambda h: h.has("CBSA", "NAME", "LSAD") and bool(_estimates(h)), EXPECTED)


def parse(grid: Grid, request: Request) -> Parsed:
    """Return the estimated population of each metropolitan area and year."""
    header = header_of(grid)
    name_at, kind_at = header.at("NAME"), header.at("LSAD")
    inner = [place for place in (header.at("MDIV"), header.at("STCOU")) if place is not None]
    rows, left_out = [], Counter()
    for line, cells in body(grid, header):
        if cells[kind_at] != "Metropolitan Statistical Area" or any(cells[place] for place in inner):
            left_out["rows of other areas than metropolitan ones left out"] += 1
            continue
        for place, year in _estimates(header).items():
            value = number(grid, line, header.names[place], cells[place])
            left_out[no_value(cells[place])] += value is None
            if value is not None:
                values = {
                    "cbsa_title": cells[name_at],
                    "year": year,
                    "value": as_text(value),
                    "unit": request.choose("unit", "persons"),
                    "measure": "july_1_estimate",
                    "first_year": year,
                    "kind": "metro",
                    "vintage": request.choose("vintage", request.vintage),
                }
                rows.append(Row(values, line, header.names[place]))
    return Parsed(tuple(rows), counted(left_out), header)


def _estimates(header: Header) -> dict[int, str]:
    found = ((place, re.fullmatch(r"POPESTIMATE([0-9]{4})", name)) for place, name in enumerate(header.names))
    return {place: match[1] for place, match in found if match}
