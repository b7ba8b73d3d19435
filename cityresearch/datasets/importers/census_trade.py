"""Census state exports and imports: USA Trade Online downloads (CSV) and the international trade API (JSON), by state, NAICS or country."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from cityresearch.datasets.importers.cells import as_text, body, fault, find_header, no_value, number, wrong
from cityresearch.datasets.importers.parsed import Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.printable import quoted
from cityresearch.geography import STATE_NAMES

__all__ = ["header_of", "parse"]

EXPECTED = "State, Commodity or NAICS, Country, Time or YEAR, and Total Exports Value ($US) or ALL_VAL_YR"
IMPORTS = "GEN_VAL_YR"  # the API's general imports, the year to date
VALUES = (IMPORTS, "ALL_VAL_YR", "Total Exports Value ($US)", "Total Exports Value ($U.S.)", "Total Value ($US)")
STATES = {
    "Dist of Columbia": "District of Columbia",
    "All States": "United States",
    "-": "United States",
    "XX": "Unknown",
}
ALL = {"", "-", "0", "all commodities", "total", "all"}
WORLD = {"", "-", "world total", "total for all countries", "0000"}


@dataclass(frozen=True, slots=True)
class Line:
    """One published value: whose, of what, to where, when."""

    state: str
    naics: str
    commodity: str
    country: str
    is_group: bool
    year: str
    value: str
    row: int
    column: str


def header_of(grid: Grid) -> Header:
    """Return the header: a value, a time, and a state."""
    return find_header(
        grid, lambda h: h.has("State") and None not in (h.at(*VALUES), h.at("Time", "YEAR")), EXPECTED, unique=False
    )


def parse(grid: Grid, request: Request) -> Parsed:
    """Return the rows that the target needs: state totals, three-digit NAICS of each state, or one state by country."""
    left_out: Counter[str] = Counter()
    rows, header = [], header_of(grid)
    basis = request.choose("basis", "state_based")
    if header.has(IMPORTS) == (basis == "state_based"):
        found, wanted = ("imports", "exports") if header.has(IMPORTS) else ("exports", "imports")
        raise wrong(
            grid,
            header.line,
            header.names[header.at(*VALUES)],
            found,
            f"{wanted}, as in {request.record.name}",
            "choose the other file",
        )
    for line in _lines(grid, header, left_out):
        values = _TARGETS[request.record.name](line, request)
        if values is None:
            left_out["rows of another breakdown left out"] += 1
            continue
        values |= {
            "year": line.year,
            "value_usd": line.value,
            "precision": "1",
            "basis": basis,
            "vintage": request.choose("vintage", request.vintage),
            "released": request.source.published if len(request.source.published) == 10 else "",
        }
        rows.append(Row(values, line.row, line.column))
    return Parsed(tuple(rows), counted(left_out), header)


def _lines(grid: Grid, header: Header, left_out: Counter[str]):
    at = {
        "state": header.at("State"),
        "naics": header.at("NAICS"),
        "commodity": header.at("NAICS_LDESC", "NAICS_SDESC", "Commodity"),
        "country": header.at("CTY_NAME", "Country"),
        "code": header.at("CTY_CODE"),
        "time": header.at("Time", "YEAR"),
        "year": header.at("YEAR", "Time"),
        "month": header.at("MONTH"),
        "value": header.at(*VALUES),
    }
    months, twins = set(), _twins(header, [place for place in at.values() if place is not None])
    for line, cells in body(grid, header):
        for place, other in twins:
            if cells[place] != cells[other]:
                raise wrong(
                    grid,
                    line,
                    header.names[place],
                    f"two columns of that name with {quoted(cells[place])} and {quoted(cells[other])}",
                    "one value",
                    "remove one of the two columns",
                )
        get = {name: cells[place] if place is not None else "" for name, place in at.items()}
        month = get["month"] or (get["time"][5:7] if re.fullmatch(r"[0-9]{4}-[0-9]{2}", get["time"]) else "12")
        months.add(month)
        if month != "12":
            left_out["values of the year to a month before December left out"] += 1
            continue
        year = get["year"][:4] if re.fullmatch(r"[0-9]{4}(-12)?", get["year"]) else get["year"]
        if not re.fullmatch(r"[0-9]{4}", year):
            raise fault(
                grid, line, header.names[at["year"]], year, "a whole year such as 2024", "download annual values"
            )
        naics, commodity = get["naics"], get["commodity"]
        if at["naics"] is None and (parts := re.fullmatch(r"([0-9]{2,6}) (.+)", commodity)):
            naics, commodity = parts[1], parts[2]
        value = number(grid, line, header.names[at["value"]], get["value"])
        if value is None:
            left_out[no_value(get["value"])] += 1
            continue
        state = STATES.get(get["state"]) or STATE_NAMES.get(get["state"], get["state"])
        if not state:
            state = "United States"
        group = bool(re.fullmatch(r"0[0-9]{3}|.X.*", get["code"])) or (get["code"] == "-")
        yield Line(
            state, naics, commodity, get["country"], group, year, as_text(value), line, header.names[at["value"]]
        )
    if months and "12" not in months:
        raise fault(
            grid,
            header.line,
            "MONTH",
            f"only the months {', '.join(sorted(months))}",
            "month 12, whose value to date is the whole year",
            "query December",
        )


def _twins(header: Header, used: list[int]) -> list[tuple[int, int]]:
    """Return the columns that have the name of one in use: the API repeats what a query both asks for and filters by."""
    names = [name.casefold() for name in header.names]
    return [
        (place, other) for place in set(used) for other in range(place + 1, len(names)) if names[other] == names[place]
    ]


def _all_commodities(line: Line) -> bool:
    return line.naics.casefold() in ALL and (
        line.commodity.casefold() in ALL or line.commodity.casefold().startswith("total")
    )


def _world(line: Line) -> bool:
    return line.country.casefold() in WORLD


def _state_total(line: Line, request: Request) -> dict[str, str] | None:
    return {"state": line.state} if _all_commodities(line) and _world(line) else None


def _naics3(line: Line, request: Request) -> dict[str, str] | None:
    known = request.known("state", "state")
    if len(line.naics) != 3 or not _world(line) or (line.state == "United States" and "united states" not in known):
        return None
    name = request.known("naics3", "commodity").get(line.naics, line.commodity)
    return {"state": line.state, "naics3": line.naics, "commodity": name}


def _by_country(line: Line, request: Request) -> dict[str, str] | None:
    if line.state != request.record.state or not _all_commodities(line) or _world(line) or line.is_group:
        return None
    return {"country": request.as_known("country", line.country.title() if line.country.isupper() else line.country)}


_TARGETS = {
    "state_exports": _state_total,
    "state_exports_naics3": _naics3,
    "california_exports_by_country": _by_country,
    "state_imports": _state_total,
    "state_imports_naics3": _naics3,
    "california_imports_by_country": _by_country,
}
