"""BLS employment: the series report (Jan to Dec columns, CSV, text or XLSX), the flat file `series_id year period value`, and the
data viewer's CSV `Series ID, Year, Period, Label, Value`.

A flat file holds every series of a state or of the survey. What is employment of a supersector in an area with a name is taken; the rest
is counted, by the reason why it is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cityresearch.datasets.importers.cells import MONTHS, as_text, body, fault, find_header, number, wrong
from cityresearch.datasets.importers.parsed import YEAR, Header, Parsed, Request, Row, counted
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError
from cityresearch.phrases import many

__all__ = ["header_of", "parse"]

SERIES_ID = ("series_id", "Series ID", "Series Id", "SeriesID")
EXPECTED = (
    "a series report with Year, Jan to Dec; a flat file with series_id, year, period, value; or the data viewer's Series ID, Year, "
    "Period, Label, Value"
)
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
    left_out: Counter[str] = Counter()
    values = list(_flat(grid, header, request, left_out) if _is_flat(header) else _report(grid, left_out))
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
    taken = (f"thousands of jobs were multiplied by 1,000; edition {edition}",) if rows else ()
    return Parsed(
        rows,
        (*taken, *counted(left_out)),
        header if _is_flat(header) else None,
    )


def _series(sector: str) -> str:
    """Return a supersector's name as the dataset writes it."""
    return "_".join(re.sub(r"[^a-z ]", " ", sector.casefold().replace(" and ", " ")).split())


def _is_flat(header: Header) -> bool:
    return header.at(*SERIES_ID) is not None and header.has("year", "period", "value")


def _is_report(header: Header) -> bool:
    return header.names[:1] == ("Year",) and header.names[1:13] == MONTHS


def _flat(grid: Grid, header: Header, request: Request, left_out: Counter[str]) -> Iterator[Value]:
    """Give the values of series that belong, and count the rows of the others."""
    at = [header.at(*SERIES_ID), *(header.at(name) for name in ("year", "period", "value"))]
    notes_at = header.at("footnote_codes", "footnotes")
    nameless: dict[str, int] = {}  # areas, with the first row of each
    rows_without_name, taken = 0, False
    why: dict[str, tuple[str, str]] = {}
    others: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for line, cells in body(grid, header):
        series_id, year, period, text = (cells[place] for place in at)
        if series_id not in why:
            why[series_id] = _kind_of(series_id)
        other, area = why[series_id]
        if other:
            others.setdefault(other, series_id)
            counted[other] += 1
            continue
        if period == "M13":
            left_out["annual averages left out"] += 1
            continue
        if re.fullmatch(r"[QSA]0[1-5]", period):
            left_out["values of a quarter, half a year or a year left out"] += 1
            continue
        if not re.fullmatch(r"M(0[1-9]|1[0-2])", period):
            raise fault(grid, line, "period", period, "M01 to M13", "fix the cell")
        if not YEAR.fullmatch(year):
            raise fault(grid, line, "year", year, "a year", "fix the cell")
        if area not in request.names:
            nameless.setdefault(area, line)
            rows_without_name += 1
            continue
        notes = cells[notes_at] if notes_at is not None else ""
        series = (request.names[area], SUPERSECTORS[series_id[10:12]], series_id[2] == "S")
        values = list(_value(grid, line, "value", text, series, f"{year}-{period[1:]}", "P" in notes.split(",")))
        left_out["months without a value left out"] += not values
        yield from values
        taken = True
    for other, count in counted.items():
        left_out[f"rows of {other} left out, such as {quoted(others[other])}"] += count
    _say_nameless(grid, nameless, rows_without_name, left_out, taken)


def _say_nameless(grid: Grid, nameless: dict[str, int], count: int, left_out: Counter[str], taken: bool) -> None:
    """Count the rows of areas without a name; refuse if there is nothing else in the file."""
    if not nameless:
        return
    areas = ", ".join(list(nameless)[:5]) + (f" and {len(nameless) - 5:,} more" if len(nameless) > 5 else "")
    area, line = next(iter(nameless.items()))
    if not taken:
        what = f"area {area}" if len(nameless) == 1 else f"the areas {areas}"
        raise DataError(
            f"{grid.name}, row {line}, column series_id: found {what}, expected a name for {'it' if len(nameless) == 1 else 'one'}; "
            f"pass --name '{area}=TITLE'."
        )
    left_out[f"rows of areas without a name left out: {areas}; to take one, pass --name '{area}=TITLE'"] += count


def _kind_of(series_id: str) -> tuple[str, str]:
    """Say why a series does not belong, or else give the code of its area."""
    code = re.fullmatch(r"SM([US])([0-9]{2})([0-9]{5})([0-9]{2})([0-9]{6})([0-9]{2})", series_id)
    if not code:
        survey = re.fullmatch(r"(?!SM)[A-Z]{2}[A-Z0-9]+", series_id)
        return (
            "other surveys"
            if survey
            else "series whose code is not one of state and area employment (SM, 20 characters)"
        ), ""
    if code[6] != "01":
        return "data types other than employment (01)", ""
    if code[5] != "000000" or code[4] not in SUPERSECTORS:
        return "single industries", ""
    return "", code[3] if code[3] != "00000" else code[2]


def _report(grid: Grid, left_out: Counter[str]) -> Iterator[Value]:
    """Read each block: lines on the series, a header row, a row per year; words under it are counted."""
    about: dict[str, str] = {}
    header = None
    for line, cells in grid.rows:
        label = cells[0].rstrip(":").casefold() if cells else ""
        if label == "series id":
            about, header = {"series id": cells[1] if len(cells) > 1 else ""}, None
        elif _is_report(Header(line, cells[:13])):
            header = Header(line, cells)
            _check(grid, line, about)
        elif header is None and len(cells) > 1 and cells[0].endswith(":"):
            about[label] = next((cell for cell in cells[1:] if cell), "")
        elif header is None and "seasonally adjusted" in label:
            about["adjustment"] = label
        elif header and YEAR.fullmatch(label):
            if len(cells) < 13:
                raise wrong(
                    grid,
                    line,
                    "",
                    many(len(cells), "cell"),
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
                values = list(_value(grid, line, name, cells[place], series, f"{label}-{place:02}"))
                left_out["months without a value left out"] += not values
                yield from values
        elif header and label and any(cells[1:]):
            raise fault(grid, line, "Year", cells[0], "a year", "fix the row or remove it")
        elif header and label:
            left_out[f"lines of words left out: {quoted(cells[0])}"] += 1


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
