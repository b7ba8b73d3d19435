"""BTS border crossing entry data: a row per port, month and measure, summed to years; the columns of its download or of its interface."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from decimal import Decimal

from cityresearch.datasets.importers.cells import MONTHS, as_text, body, fault, find_header, number, wrong
from cityresearch.datasets.importers.parsed import Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid

__all__ = ["header_of", "parse"]

EXPECTED = "Port Name, State, Date, Measure and Value, as in the border crossing entry data"
STATE = ("California", ", CA")
KINDS = {
    "pedestrians": ("pedestrians", "persons"),
    "personal vehicle passengers": ("personal_vehicle_passengers", "persons"),
    "bus passengers": ("bus_passengers", "persons"),
    "trucks": ("trucks", "trucks"),
}
# the three ways in which editions write a month: 2024-01-01T00:00:00.000, Jan 2024, 01/01/2024 12:00:00 AM
ISO, WORDS, SLASHES = r"(\d{4})-(\d\d)-\d\d(T.*)?", r"([A-Z][a-z]{2}) (\d{4})", r"(\d\d)/\d\d/(\d{4})( .*)?"


def header_of(grid: Grid) -> Header:
    """Return the header of either form."""
    return find_header(grid, lambda h: None not in _places(h), EXPECTED)


def parse(grid: Grid, request: Request) -> Parsed:
    """Return the entries of each port of California, kind and year; the last year only if its December is there."""
    header = header_of(grid)
    at = _places(header)
    left_out: Counter[str] = Counter()
    sums: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    months: dict[tuple[str, str, str, str], dict[int, int]] = defaultdict(dict)
    first: dict[tuple[str, str, str, str], int] = {}
    for line, cells in body(grid, header):
        port, state, date, measure, text = (cells[place] for place in at)
        kind = KINDS.get(measure.casefold())
        if state != STATE[0] or not kind:
            left_out["rows of other states left out" if state != STATE[0] else "rows of other measures left out"] += 1
            continue
        year, month = _month(grid, line, header.names[at[2]], date)
        value = number(grid, line, header.names[at[4]], text)
        if value is None:
            left_out["months without a value left out"] += 1
            continue
        key = (request.as_known("port", port + STATE[1]), year, *kind)
        if month in months[key]:
            raise wrong(grid, line, header.names[at[2]], f"{port}, {measure}, {date} again", f"it once (it is in row {months[key][month]} already)", "download the file again")  # fmt: skip
        months[key][month] = line
        first.setdefault(key, line)
        sums[key] += value
    latest = max(((key[1], max(found)) for key, found in months.items()), default=("", 12))
    rows = []
    for key in sorted(sums):
        port, year, kind, unit = key
        if year == latest[0] and latest[1] < 12:
            left_out[f"sums of {year}, which ends in {MONTHS[latest[1] - 1]}, left out"] += 1
            continue
        if not sums[key]:
            left_out["years with no entry at all left out"] += 1
            continue
        values = {
            "port": port,
            "period": year,
            "kind": kind,
            "count": as_text(sums[key]),
            "unit": unit,
            "precision": "1",
        }
        rows.append(Row(values | {"note": _note(months[key])}, first[key], header.names[at[4]]))
    said = f"months summed to {len(rows):,} years of a port and kind"
    return Parsed(tuple(rows), (said, *counted(left_out)), header)


def _places(header: Header) -> list[int | None]:
    names = ("Port Name", "State", "Date", "Measure", "Value")
    return [header.at(name, name.replace(" ", "_")) for name in names]


def _month(grid: Grid, line: int, column: str, text: str) -> tuple[str, int]:
    if found := re.fullmatch(ISO, text):
        year, month = found[1], int(found[2])
    elif (found := re.fullmatch(WORDS, text)) and found[1] in MONTHS:
        year, month = found[2], MONTHS.index(found[1]) + 1
    elif found := re.fullmatch(SLASHES, text):
        year, month = found[2], int(found[1])
    else:
        raise fault(grid, line, column, text, "a month such as Jan 2024 or 2024-01-01", "fix the cell")
    if not 1 <= month <= 12:
        raise fault(grid, line, column, text, "a month from 1 to 12", "fix the cell")
    return year, month


def _note(found: dict[int, int]) -> str:
    missing = [name for number, name in enumerate(MONTHS, 1) if number not in found]
    return "northbound" + (f"; only {len(found)} of 12 months ({' '.join(missing)} missing)" if missing else "")
