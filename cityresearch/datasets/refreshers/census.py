"""The Census Bureau's international trade interface: a list of rows, the first with the names of the columns; a query per year.

December's value of the year to date is the whole year. `get`, `predicates` and `value` are the query; `total` sums the values over a
column (over NAICS codes for the total of a state), for the interface's own totals are not in the documentation that we could read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.refreshers.entries import Entry
from cityresearch.datasets.refreshers.fetched import Asked, Fetched, columns_of, json_of, marks, without_suppressed
from cityresearch.datasets.refreshers.transport import Client
from cityresearch.errors import DataError
from cityresearch.phrases import many

__all__ = ["read"]

DECEMBER = "12"


def read(entry: Entry, client: Client, key: str) -> Fetched:
    """Ask for December of every year, and return the rows of all of them as one table.

    Raises
    ------
    DataError
        If the interface refuses, a column is missing, a row has another number of cells or another year, or a year between others
        gave nothing.
    """
    asked = entry.parameters
    first, last = int(asked["first"]), int(asked.get("last", datetime.now(UTC).year))
    tables: dict[int, list[list]] = {}
    header: list[str] = []
    notes: tuple[str, ...] = ()
    url = entry.address
    for year in range(first, last + 1):
        query = {**asked["predicates"], "get": ",".join(asked["get"]), "YEAR": str(year), "MONTH": DECEMBER}
        answer = client.get(entry.address, query | ({"key": key} if key else {}))
        url = answer.url
        if answer.status == 204 or not answer.content.strip():
            continue
        table = json_of(answer, entry.publisher)
        notes = _checked(table, entry, url, year) or notes
        if header and table[0] != header:
            raise DataError(
                f"{shown(url)}: found the columns {', '.join(table[0])}, expected those of the years before: try again later."
            )
        header, tables[year] = table[0], table[1:]
    if not tables:
        raise DataError(
            f"{shown(url)} gave nothing for {first} to {last}, expected values: check the parameters in datapackage.json."
        )
    gaps = [str(year) for year in range(first, max(tables)) if year not in tables]
    if gaps:
        raise DataError(
            f"{shown(url)} gave nothing for {', '.join(gaps)}, and values for {max(tables)}: the answer is not whole; try again later."
        )
    late = range(max(tables) + 1, last + 1)
    notes += (f"no December yet for {', '.join(map(str, late))}",) if late else ()
    seen: Counter[str] = Counter()
    place = header.index(asked["value"])
    rows = [
        [*row[:place], without_suppressed(row[place], seen), *row[place + 1 :]]
        for year in sorted(tables)
        for row in tables[year]
    ]
    notes += marks(seen)
    if total := asked.get("total"):
        rows, said = _summed(header, rows, total, asked["value"], url)
        notes += said
    content = json.dumps([header, *rows]).encode("utf-8")
    return Fetched(content, url, "the answer of the interface", Asked(str(first), str(last)), notes)


def _checked(table: object, entry: Entry, url: str, year: int) -> tuple[str, ...]:
    """Check one year's rows, and return notes on its columns."""
    at = shown(url)
    if not isinstance(table, list) or not table or not all(isinstance(row, list) for row in table):
        what = (
            f"an object with {', '.join(map(repr, list(table)[:3]))}" if isinstance(table, dict) else "no list of rows"
        )
        raise DataError(
            f"{at} answered with {what}, expected a list of rows: check the parameters in datapackage.json."
        )
    header = table[0]
    if not all(isinstance(name, str) for name in header):
        raise DataError(
            f"{at}: found no names of columns in the first row, expected them: see the publisher's documentation."
        )
    needed = [*entry.parameters["get"], "YEAR", "MONTH"]
    notes = columns_of(url, header, dict.fromkeys(needed), entry.parameters["predicates"])
    year_at = header.index("YEAR")
    for number, row in enumerate(table[1:], 2):
        if len(row) != len(header):
            raise DataError(
                f"{at}, row {number}: found {many(len(row), 'cell')}, expected {len(header)}: the answer is not whole; try again later."
            )
        if str(row[year_at]) != str(year):
            raise DataError(
                f"{at}, row {number}: found the year {row[year_at]!r}, expected {year}: check the parameters in datapackage.json."
            )
    return notes


def _summed(header: list[str], rows: list[list], over: str, value: str, url: str) -> tuple[list[list], tuple[str, ...]]:
    """Sum a value over one column; a sum with a suppressed part is left out, for it would be too small."""
    drop = [place for place, name in enumerate(header) if name == over or name.startswith(f"{over}_")]
    at = header.index(value)
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    parts: Counter[tuple] = Counter()
    broken: set[tuple] = set()
    for number, row in enumerate(rows, 2):
        key = tuple("-" if place in drop else cell for place, cell in enumerate(row) if place != at)
        parts[key] += 1
        try:
            sums[key] += Decimal(str(row[at]).replace(",", "")) if row[at] != "" else 0
        except InvalidOperation:
            raise DataError(
                f"{shown(url)}, row {number}, column {value}: found {row[at]!r}, expected a number: try again later."
            ) from None
        if row[at] == "":
            broken.add(key)
    made = [[*key[:at], format(total, "f"), *key[at:]] for key, total in sums.items() if key not in broken]
    said = [f"{len(made):,} totals are sums over {over} of {min(parts.values())} to {max(parts.values())} values each"]
    said += [f"{len(broken):,} totals with a suppressed part were left out"] if broken else []
    return made, tuple(said)
