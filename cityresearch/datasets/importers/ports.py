"""Container counts of ports: a list of months (Port, Month, loaded imports, ...), or a PMSA-style table of one direction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from cityresearch.datasets.importers.cells import MONTHS, TOTAL, as_text, body, fault, find_header, no_value, number
from cityresearch.datasets.importers.parsed import Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError

__all__ = ["header_of", "parse"]

EXPECTED = "Port, Month and columns such as Loaded Imports, or Port and one column per month under a title with Inbound or Outbound"
DIRECTIONS = {
    "loaded imports": ("loaded_imports",), "loaded exports": ("loaded_exports",), "loaded total": ("loaded_total",),
    "empty imports": ("empty_imports",), "empty exports": ("empty_exports",), "empties": ("empties", "empty"),
    "total": ("total",),
}  # fmt: skip
SAME = {"loaded inbound": "loaded imports", "loaded outbound": "loaded exports", "empty": "empties", "total empties": "empties", "total teu": "total", "total teus": "total", "imports loaded": "loaded imports", "exports loaded": "loaded exports"}  # fmt: skip
WORDS = {"loaded imports": ("inbound", "import"), "loaded exports": ("outbound", "export")}


def header_of(grid: Grid) -> Header:
    """Return the header of either form."""
    return find_header(
        grid, lambda h: h.at("Port", "Ports") is not None and (_is_list(h) or bool(_periods(h))), EXPECTED
    )


def parse(grid: Grid, request: Request) -> Parsed:
    """Return one row per port, period and direction, in TEU."""
    header = header_of(grid)
    left_out: Counter[str] = Counter()
    rows = tuple((_list if _is_list(header) else _table)(grid, header, request, left_out))
    return Parsed(rows, counted(left_out), header)


def period_of(text: str) -> tuple[str, str] | None:
    """Return a period and its kind.

    Examples
    --------
    >>> period_of("Jan 2025"), period_of("2025-01-01"), period_of("2024"), period_of("May 2025 YTD")
    (('2025-01', 'month'), ('2025-01', 'month'), ('2024', 'year'), ('2025-05', 'ytd'))
    """
    kind = "ytd" if re.search(r"\bytd\b|year to date", text, flags=re.IGNORECASE) else "month"
    plain = re.sub(r"\bytd\b|year to date|teus?", "", text, flags=re.IGNORECASE).strip()
    if iso := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])(-[0-9]{2})?", plain):
        return f"{iso[1]}-{iso[2]}", kind
    named = re.fullmatch(r"([A-Za-z]{3})[a-z]*\.?[ -]([0-9]{4}|[0-9]{2})", plain)
    if named and named[1].capitalize() in MONTHS:
        year = named[2] if len(named[2]) == 4 else f"20{named[2]}"
        return f"{year}-{MONTHS.index(named[1].capitalize()) + 1:02}", kind
    return (plain, "year") if re.fullmatch(r"[0-9]{4}", plain) and kind == "month" else None


def _direction(name: str) -> str | None:
    plain = " ".join(re.sub(r"[^a-z ]|\bteus?\b", " ", name.casefold()).split())
    plain = SAME.get(plain, plain)
    return plain if plain in DIRECTIONS else None


def _is_list(header: Header) -> bool:
    return header.at("Month", "Period", "Date") is not None and any(_direction(name) for name in header.names)


def _periods(header: Header) -> dict[int, tuple[str, str]]:
    found = ((place, period_of(name)) for place, name in enumerate(header.names))
    return {place: period for place, period in found if period}


def _list(grid: Grid, header: Header, request: Request, left_out: Counter[str]) -> Iterator[Row]:
    port_at, month_at = header.at("Port", "Ports"), header.at("Month", "Period", "Date")
    columns = {place: found for place, name in enumerate(header.names) if (found := _direction(name))}
    _count_columns(header, {port_at, month_at, *columns}, left_out)
    for line, cells in _ports(grid, header, port_at, left_out):
        period = period_of(cells[month_at])
        if period is None:
            raise fault(
                grid,
                line,
                header.names[month_at],
                cells[month_at],
                "a month such as 2025-01 or January 2025",
                "fix the cell",
            )
        found = {
            d: v
            for place, d in columns.items()
            if (v := number(grid, line, header.names[place], cells[place])) is not None
        }
        left_out.update(no_value(cells[place]) for place, d in columns.items() if d not in found)
        parts = [
            v
            for d, v in found.items()
            if d not in ("total", "loaded total") and not (d == "empties" and "empty imports" in found)
        ]
        whole = len(parts) >= 3 and {"loaded imports", "loaded exports", "total"} <= set(found)
        # ports round each part for itself, so the parts may miss the total by a unit each
        if whole and abs(sum(parts) - found["total"]) > len(parts):
            raise fault(
                grid,
                line,
                "Total",
                f"{found['total']:,}",
                f"{sum(parts):,}, the sum of the parts",
                "check the row at the port",
            )
        for place, direction in columns.items():
            if direction in found:
                yield _row(request, cells[port_at], period, direction, found[direction], line, header.names[place])


def _table(grid: Grid, header: Header, request: Request, left_out: Counter[str]) -> Iterator[Row]:
    above = " ".join(cell for line, cells in grid.rows if line < header.line for cell in cells).casefold()
    said = [direction for direction, words in WORDS.items() if any(word in above for word in words)]
    if len(said) != 1:
        raise DataError(
            f"{grid.name}, row {header.line}: found no direction in the title above the table, expected Inbound or Outbound; add the title row."
        )
    port_at = header.at("Port", "Ports")
    _count_columns(header, {port_at, *_periods(header)}, left_out)
    for line, cells in _ports(grid, header, port_at, left_out):
        for place, period in _periods(header).items():
            value = number(grid, line, header.names[place], cells[place])
            left_out[no_value(cells[place])] += value is None
            if value is not None:
                yield _row(request, cells[port_at], period, said[0], value, line, header.names[place])


def _ports(grid: Grid, header: Header, port_at: int, left_out: Counter[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the rows of ports, and count those that add several up."""
    for line, cells in body(grid, header):
        if TOTAL.match(cells[port_at]):
            left_out[f"rows of {quoted(cells[port_at])}, a total, left out"] += 1
        else:
            yield line, cells


def _count_columns(header: Header, used: set[int], left_out: Counter[str]) -> None:
    others = [quoted(name)[1:-1] for place, name in enumerate(header.names) if name and place not in used]
    if others:
        left_out[f"columns ({', '.join(others[:5])}{' and more' if len(others) > 5 else ''}) left out"] = len(others)


def _row(
    request: Request, port: str, period: tuple[str, str], direction: str, value: Decimal, line: int, column: str
) -> Row:
    port = request.as_known("port", port, f"Port of {port}")
    values = {
        "port": port,
        "area": request.known("port", "area").get(port.casefold(), "port"),
        "period": period[0],
        "period_kind": request.choose(
            "period_kind", *((period[1], "year_to_date") if period[1] == "ytd" else (period[1],))
        ),
        "direction": request.choose("direction", *DIRECTIONS[direction]),
        "teu": as_text(value),
        "precision": "1",
        "count_kind": request.choose("count_kind", "port", "port_authority", "port_count"),
        "vintage": request.choose("vintage", request.vintage),
    }
    return Row(values, line, column)
