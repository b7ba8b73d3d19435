"""BLS export price index: the flat file of the import and export price indexes, `series_id year period value`, one series of it."""

from __future__ import annotations

import re
from collections import Counter

from cityresearch.datasets.importers.cells import as_text, body, fault, find_header, number
from cityresearch.datasets.importers.parsed import YEAR, Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid

__all__ = ["SERIES", "header_of", "parse"]

EXPECTED = "series_id, year, period and value, as in the flat files of BLS"
SERIES = {"EIUIQ": "all_commodities"}  # the third letter says that it is not seasonally adjusted


def header_of(grid: Grid) -> Header:
    """Return the header of a flat file."""
    return find_header(grid, lambda h: h.has("series_id", "year", "period", "value"), EXPECTED)


def parse(grid: Grid, request: Request) -> Parsed:
    """Return the index of every month, on the base that the dataset has; the newest month is the edition."""
    header = header_of(grid)
    at = [header.at(name) for name in ("series_id", "year", "period", "value")]
    notes_at = header.at("footnote_codes")
    base = request.known("series", "base")
    left_out: Counter[str] = Counter()
    rows = []
    for line, cells in body(grid, header):
        series_id, year, period, text = (cells[place] for place in at)
        if series_id not in SERIES:
            left_out["rows of other series left out"] += 1
            continue
        if not re.fullmatch(r"M(0[1-9]|1[0-2])", period):
            left_out["values of other periods than a month left out"] += 1
            continue
        if not YEAR.fullmatch(year):
            raise fault(grid, line, "year", year, "a year", "fix the cell")
        value = number(grid, line, "value", text)
        if value is None:
            left_out["months without a value left out"] += 1
            continue
        codes = cells[notes_at].split(",") if notes_at is not None else []
        series = SERIES[series_id]
        values = {
            "series": series,
            "month": f"{year}-{period[1:]}",
            "index": text if "." in text else as_text(value),
            "precision": "0.1",
            "base": base.get(series) or "2000",
            "seasonally_adjusted": "no",
            "note": "preliminary" if "P" in codes else "",
        }
        rows.append(Row(values, line, "value"))
    edition = max((row.values["month"] for row in rows), default="")
    for row in rows:
        row.values["edition"] = edition
    return Parsed(tuple(rows), (*((f"edition {edition}",) if rows else ()), *counted(left_out)), header)
