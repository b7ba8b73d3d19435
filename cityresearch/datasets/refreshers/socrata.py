"""Socrata, the platform of data.bts.gov: rows as JSON objects, in pages, after a count of all rows that the query has.

A row leaves out the columns in which it has nothing, and rows have no order unless the query asks for one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.printable import one_line
from cityresearch.datasets.refreshers.entries import Entry
from cityresearch.datasets.refreshers.fetched import Asked, Fetched, as_csv, columns_of, json_of
from cityresearch.datasets.refreshers.transport import Client
from cityresearch.errors import DataError

__all__ = ["read"]

PAGE = 50_000  # rows, the most that the platform gives at once
MOST_PAGES = 200


def read(entry: Entry, client: Client, key: str) -> Fetched:
    """Ask for the count and then for every page, and return all rows as a CSV with the columns of the entry.

    Raises
    ------
    DataError
        If the platform refuses, a column is missing from all rows, or the pages have another number of rows than was counted.
    """
    columns, size = list(entry.parameters["columns"]), int(entry.parameters.get("page", PAGE))
    headers = {"X-App-Token": key} if key else {}
    where = {"$where": entry.parameters["where"]}
    url = entry.address
    counted = _rows(client, url, {"$select": "count(*) AS count", **where}, headers, entry.publisher)
    try:
        total = int(counted[0]["count"])
    except (KeyError, IndexError, TypeError, ValueError):
        raise DataError(
            f"{shown(url)} gave no count of its rows, expected one: see the publisher's documentation."
        ) from None
    rows: list[dict[str, Any]] = []
    for _ in range(MOST_PAGES):
        query = {"$select": ",".join(columns), **where, "$order": ":id", "$limit": str(size), "$offset": str(len(rows))}
        page = _rows(client, url, query, headers, entry.publisher)
        rows += page
        if not page or len(rows) >= total:
            break
    if len(rows) != total:
        raise DataError(
            f"{shown(url)} counts {total:,} rows and gave {len(rows):,}, expected all of them: try again later."
        )
    if not rows:
        raise DataError(f"{shown(url)} gave no rows, expected some: check the parameters in datapackage.json.")
    notes = columns_of(url, list(dict.fromkeys(name for row in rows for name in row)), columns)
    content = as_csv(
        columns, ([str(row[name]) if row.get(name) is not None else "" for name in columns] for row in rows)
    )
    asked = Asked(str(entry.parameters.get("first", "")), str(datetime.now(UTC).year))
    return Fetched(
        content, url, "the answer of the interface", asked, (f"{total:,} rows, as many as the platform counts", *notes)
    )


def _rows(
    client: Client, url: str, query: dict[str, str], headers: dict[str, str], publisher: str
) -> list[dict[str, Any]]:
    answer = client.get(url, query, headers)
    found = json_of(answer, publisher)
    if isinstance(found, dict) and ("message" in found or "error" in found):
        raise DataError(
            f"{shown(answer.url)} answered with an error: {one_line(str(found.get('message', found.get('error'))))[:200]!r}; check the parameters "
            "in datapackage.json."
        )
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise DataError(
            f"{shown(answer.url)} answered without a list of rows, expected one: see the publisher's documentation."
        )
    return found
