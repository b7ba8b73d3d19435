"""Files: a publisher's own file at an address, asked for only if it changed since the last refresh.

`{year}` in the address stands for the year of the edition: this year's is tried first, then earlier ones down to the parameter `oldest`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.refreshers.entries import Entry
from cityresearch.datasets.refreshers.fetched import Fetched
from cityresearch.datasets.refreshers.transport import Answer, Client
from cityresearch.errors import DataError

__all__ = ["read"]


def read(entry: Entry, client: Client, key: str) -> Fetched:
    """Fetch the file.

    Raises
    ------
    DataError
        If it cannot be fetched, or a web page comes in its place.
    """
    answer = _newest(entry, client) if "{year}" in entry.address else _file(entry.address, entry, client)
    if answer.status == 304:
        return Fetched(b"", answer.url, "")
    if answer.is_page:
        raise DataError(
            f"{shown(answer.url)} answered with a web page, expected a table: give the address of the file itself."
        )
    parts = urlsplit(answer.url)
    file = parts.path.rpartition("/")[2] or parts.hostname or "file"
    said = f"fetched: {len(answer.content):,} bytes from {shown(answer.url)}, not a web page"
    return Fetched(
        answer.content, answer.url, file, notes=(said,), etag=answer.etag, last_modified=answer.last_modified
    )


def _file(address: str, entry: Entry, client: Client) -> Answer:
    return client.get(address, etag=entry.etag, last_modified=entry.last_modified)


def _newest(entry: Entry, client: Client) -> Answer:
    newest, oldest = datetime.now(UTC).year, int(entry.parameters["oldest"])
    for year in range(newest, oldest - 1, -1):
        try:
            return _file(entry.address.replace("{year}", str(year)), entry, client)
        except DataError as error:
            if " answered 404 " not in str(error) or year == oldest:
                raise
    raise AssertionError("a loop that ends by returning or raising")
