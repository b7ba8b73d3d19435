"""BLS employment: the series report (Jan to Dec columns, CSV, text or XLSX) and the flat file `series_id year period value`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from cityresearch.datasets.importers.cells import (
    Header,
    Parsed,
    Request,
    Row,
    as_text,
    body,
    fault,
    find_header,
    number,
    wrong,
)
from cityresearch.datasets.importers.reading import Grid
from cityresearch.errors import DataError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EXPECTED = "a series report with Year, Jan to Dec, or the columns series_id, year, period, value"
# supersectors of the series code (digits 11 and 12 of an SM series)
SUPERSECTORS = {
    "00": "Total Nonfarm", "05": "Total Private", "06": "Goods Producing", "07": "Service Providing",
    "08": "Private Service Providing", "10": "Mining and Logging", "15": "Mining, Logging and Construction",
    "20": "Construction", "30": "Manufacturing", "40": "Trade, Transportation, and Utilities", "50": "Information",
    "55": "Financial Activities", "60": "Professional and Business Services", "65": "Education and Health Services",
    "70": "Leisure and Hospitality", "80": "Other Services", "90": "Government",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One published number of jobs, in thousands."""

    area: str
    sector: str
    adjusted: bool
    month: str
    thousands: Decimal
    preliminary: bool
    line: int
    column: str


def header_of(grid: Grid) -> Header:
    """Return the first header of either form."""
    return find_header(grid, lambda h: _is_flat(h) or _is_report(h), EXPECTED)


def parse(grid: Grid, request: Request) -> Parsed:
    """Return one row per series and month, in jobs; only the newest month of a file is liable to a first revision."""
    header = header_of(grid)
    values = list(_flat(grid, header, request) if _is_flat(header) else _report(grid))
    edition = max((value.month for value in values), default="")
    rows = tuple(
        Row(
            {
                "geography": request.as_known("geography", value.area, f"{value.area} MSA"),
                "series": _series(value.sector),
                "month": value.month,
                "jobs": as_text(value.thousands * 1000),
                "precision": "100",
                "edition": edition,
                "vintage": "newest_month" if value.month == edition else "earlier_month",
                "seasonally_adjusted": "yes" if value.adjusted else "no",
                "note": "preliminary" if value.preliminary else "",
            },
            value.line,
            value.column,
        )
        for value in values
    )
    return Parsed(rows, (f"thousands of jobs were multiplied by 1,000; edition {edition}",) if rows else ())


def _series(sector: str) -> str:
    """Return a supersector's name as the dataset writes it."""
    return "_".join(re.sub(r"[^a-z ]", " ", sector.casefold().replace(" and ", " ")).split())


def _is_flat(header: Header) -> bool:
    return [name.casefold() for name in header.names[:4]] == ["series_id", "year", "period", "value"]


def _is_report(header: Header) -> bool:
    return header.names[:1] == ("Year",) and header.names[1:13] == MONTHS


def _flat(grid: Grid, header: Header, request: Request):
    for line, cells in body(grid, header):
        series_id, year, period, text = cells[:4]
        if period == "M13":
            continue
        code = re.fullmatch(r"SM([US])(\d{2})(\d{5})(\d{2})(\d{6})(\d{2})", series_id)
        if not code or code[6] != "01" or code[5] != "000000" or code[4] not in SUPERSECTORS:
            raise fault(
                grid,
                line,
                "series_id",
                series_id,
                "all employees of a supersector (SM..., data type 01)",
                "leave the series out",
            )
        if not re.fullmatch(r"M(0[1-9]|1[0-2])", period):
            raise fault(grid, line, "period", period, "M01 to M13", "mend the cell")
        area = code[3] if code[3] != "00000" else code[2]
        if area not in request.names:
            raise DataError(
                f"{grid.name}, row {line}, column series_id: found area {area}, expected a name for it; pass --name '{area}=TITLE'."
            )
        notes = cells[4] if len(cells) > 4 else ""
        series = (request.names[area], SUPERSECTORS[code[4]], code[1] == "S")
        yield from _value(grid, line, "value", text, series, f"{year}-{period[1:]}", "P" in notes.split(","))


def _report(grid: Grid):
    """Read each block: lines on the series, a header row, a row per year."""
    about: dict[str, str] = {}
    header = None
    for line, cells in grid.rows:
        label = cells[0].rstrip(":").casefold() if cells else ""
        if label == "series id":
            about, header = {"series id": cells[1]}, None
        elif _is_report(Header(line, cells[:13])):
            header = Header(line, cells)
            _check(grid, line, about)
        elif header is None and len(cells) > 1 and cells[0].endswith(":"):
            about[label] = next((cell for cell in cells[1:] if cell), "")
        elif header is None and "seasonally adjusted" in label:
            about["adjustment"] = label
        elif header and re.fullmatch(r"\d{4}", label):
            if len(cells) < 13:
                raise wrong(
                    grid,
                    line,
                    "",
                    f"{len(cells)} cells",
                    "a year and twelve months",
                    "the file breaks off: download it again",
                )
            area = about.get("area", "Statewide")
            series = (
                about.get("state", "") if area == "Statewide" else area,
                about.get("supersector") or about.get("industry", ""),
                not about.get("adjustment", "not").startswith("not"),
            )
            for place, name in enumerate(MONTHS, 1):
                yield from _value(grid, line, name, cells[place], series, f"{label}-{place:02}")
        elif header and label and not re.match(r"p\s*:|r\s*:|\(|note|footnote|[a-z] :", label):
            raise fault(grid, line, "Year", cells[0], "a year", "mend the row or remove it")


def _check(grid: Grid, line: int, about: dict[str, str]) -> None:
    kind = about.get("data type", "")
    if "all employees, in thousands" not in kind.casefold():
        raise fault(grid, line, "Data Type", kind, "All Employees, In Thousands", "download the number of employees")


def _value(
    grid: Grid, line: int, column: str, text: str, about: tuple[str, str, bool], month: str, marked: bool = False
):
    """Give the value of one cell, if it has one; BLS marks preliminary ones with (P)."""
    plain = re.sub(r"\s*\([PpRr]\)$", "", text)
    thousands = number(grid, line, column, plain)
    if thousands is not None:
        yield Value(*about, month, thousands, marked or text.casefold().endswith("(p)"), line, column)
