"""ITA's metro crosstab: a row per metro title, a column per year; its header says "Millions of USD" over whole dollars."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from cityresearch.datasets.importers.cells import TOTAL, as_text, body, fault, find_header, number, wrong
from cityresearch.datasets.importers.magnitude import power_against
from cityresearch.datasets.importers.parsed import Header, Parsed, Request, Row
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.printable import quoted
from cityresearch.geography import STATE_NAMES, states_in_title
from cityresearch.phrases import so_many

__all__ = ["header_of", "parse"]

# a column of a part of a year is never taken for the year
PART = re.compile(
    r".*\b((year[- ]to[- ]date|ytd|q[1-4]|h[12])\b|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b).*",
    re.IGNORECASE,
)
EXPECTED = "a column of metro titles, a unit and one column per year, as in the ITA crosstab"
TITLES = (
    "MSA Full Name",
    "MSA",
    "CBSA Title",
    "Metro",
    "Metropolitan Area",
    "Metropolitan Statistical Area",
    "MSA Name",
)


def header_of(grid: Grid) -> Header:
    """Return the header: a title column and at least one year."""
    return find_header(grid, lambda h: bool(h.years()) and h.at(*TITLES) is not None, EXPECTED)


def parse(grid: Grid, request: Request) -> Parsed:
    """Return one row per metro and year that has a value.

    Raises
    ------
    DataError
        If a column is unknown or a cell is not a number.
    """
    header = header_of(grid)
    title_at, years = header.at(*TITLES), header.years()
    unit_at = next((place for place, name in enumerate(header.names) if name.casefold().startswith("unit")), None)
    parts = [name for place, name in enumerate(header.names) if place not in years and PART.fullmatch(name)]
    for place, name in enumerate(header.names):
        if place not in (title_at, unit_at, *years) and name not in parts:
            raise wrong(
                grid,
                header.line,
                name or str(place + 1),
                "a column that the crosstab does not have",
                "titles, a unit and years",
                "remove it or choose the right file",
            )
    kinds = {row["cbsa_title"]: row.get("kind", "") for row in request.existing}
    units, cells = set(), []
    decisions = [f"column {quoted(name)[1:-1]}, a part of a year, left out" for name in parts]
    missing: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    for line, row in body(grid, header):
        title = row[title_at]
        if not title:
            raise fault(grid, line, header.names[title_at], "", "the title of a metro", "fix the row")
        if TOTAL.match(title):
            decisions.append(f"row {line}, {title}, is a total and was left out")
            continue
        if unit_at is not None and row[unit_at]:
            units.add(row[unit_at])
        for place, year in years.items():
            value = number(grid, line, year, row[place])
            if value is None:
                missing[year] += 1
                marks[row[place]] += bool(row[place])
            else:
                cells.append((title, year, value, line))
    if missing:
        shown = ", ".join(f"{year} ({count:,})" for year, count in sorted(missing.items()))
        decisions.append(f"{so_many(missing.total(), 'cells without a value left out')}: {shown}")
    decisions += [
        f"of these, {count:,} {'is' if count == 1 else 'are'} marked {mark}" for mark, count in marks.items() if count
    ]
    factor, decision = _factor(cells, units, request)
    rows = tuple(
        Row(
            {
                "cbsa_title": title,
                "year": year,
                "value_usd": as_text(value * factor),
                "kind": kinds.get(title) or _kind(title),
                "state": _state(title),
                "basis": request.choose("basis", "zip_based"),
                "vintage": request.choose("vintage", request.vintage, "first_release"),
            },
            line,
            year,
        )
        for title, year, value, line in cells
    )
    return Parsed(rows, (*decision, *decisions), header)


def _factor(cells: list, units: set[str], request: Request) -> tuple[Decimal, tuple[str, ...]]:
    """Decide by magnitude whether the values are dollars or, as the header says, millions."""
    says = ", ".join(sorted(units))
    if "million" not in says.casefold():
        return Decimal(1), ()
    rows = [{"cbsa_title": title, "year": year, "value_usd": as_text(value)} for title, year, value, _ in cells]
    power, pairs = power_against(rows, request.existing, ("cbsa_title", "year"), "value_usd")
    if pairs == 0:
        middle = sorted(value for _, _, value, _ in cells)[len(cells) // 2] if cells else 0
        whole = middle >= 1_000_000
        return (Decimal(1) if whole else Decimal(1_000_000)), (
            f"the unit column says {says}; with no published value to compare, the median of {middle:,} was read as {'whole dollars' if whole else 'millions'}",
        )
    if power == -6:
        return Decimal(1_000_000), (
            f"the unit column says {says}, and {pairs:,} published values agree: multiplied by 1,000,000",
        )
    return Decimal(1), (
        f"the unit column says {says}, but {pairs:,} published values show that they are whole dollars: taken as dollars",
    ) if power == 0 else ()


def _kind(title: str) -> str:
    if not title.startswith("Z-"):
        return "metro"
    return "nonmetro" if "non" in title.casefold() and "metro" in title.casefold() else "unallocated"


def _state(title: str) -> str:
    found = states_in_title(title)
    return found[0] if found and found[0] in STATE_NAMES else ""
