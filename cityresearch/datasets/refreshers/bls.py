"""The Bureau of Labor Statistics' public data interface, version 2: series of months, at most 50 series and 20 years a query.

It answers 200 whatever happens; `status` and `message` say whether the request was processed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.printable import one_line
from cityresearch.datasets.refreshers.entries import Entry
from cityresearch.datasets.refreshers.fetched import Asked, Fetched, as_csv, json_of, marks, without_suppressed
from cityresearch.datasets.refreshers.transport import Client
from cityresearch.errors import DataError

__all__ = ["read"]

SERIES, YEARS = 50, 20  # of one query, registered
HEADER = ("series_id", "year", "period", "value", "footnote_codes")
DONE = "REQUEST_SUCCEEDED"


def read(entry: Entry, client: Client, key: str) -> Fetched:
    """Ask for all series of the entry, and return them in the layout of the bureau's flat files.

    Raises
    ------
    DataError
        If a request was not processed (the daily limit, a wrong key), or a series does not exist, was not given, or has no value.
    """
    series = list(entry.parameters["series"])
    first, last = int(entry.parameters["first"]), int(entry.parameters.get("last", datetime.now(UTC).year))
    rows: list[tuple[str, ...]] = []
    seen: Counter[str] = Counter()
    said: list[str] = []
    for some in _parts(series, SERIES):
        for start in range(first, last + 1, YEARS):
            body = {"seriesid": some, "startyear": str(start), "endyear": str(min(start + YEARS - 1, last))}
            answer = client.post(entry.address, body | ({"registrationkey": key} if key else {}))
            found, messages = _results(json_of(answer, entry.publisher), answer.url)
            said += messages
            rows += _rows(found, some, answer.url, seen)
    empty = [name for name in series if not any(row[0] == name and row[3] for row in rows)]
    if empty:
        raise DataError(
            f"{shown(entry.address)} gave no value of {', '.join(empty[:5])} for {first} to {last}{_quoted(said)}, expected some: check the "
            "series in datapackage.json."
        )
    notes = (*marks(seen), *(f"the bureau says: {text}" for text in list(dict.fromkeys(said))[:3]))
    content = as_csv(HEADER, sorted(row for row in rows if row[3]))
    return Fetched(
        content,
        entry.address,
        "the answer of the interface",
        Asked(str(first), str(last)),
        notes,
        entry.parameters.get("names", {}),
    )


def _parts(items: Sequence[str], most: int) -> Iterator[list[str]]:
    for start in range(0, len(items), most):
        yield list(items[start : start + most])


def _quoted(messages: Sequence[str]) -> str:
    return f" (it says {one_line(messages[0])[:160]!r})" if messages else ""


def _results(answer: object, url: str) -> tuple[list[dict], list[str]]:
    """Return the series of an answer and its messages."""
    at = shown(url)
    if not isinstance(answer, dict) or "status" not in answer:
        raise DataError(f"{at} answered without a status, expected {DONE}: see the publisher's documentation.")
    messages = [str(text) for text in answer.get("message") or () if text]
    if answer["status"] != DONE:
        why = _quoted(messages)
        again = (
            "try again tomorrow"
            if "threshold" in why or "exceeded" in why
            else "check the key and the parameters in datapackage.json"
        )
        raise DataError(f"{at} answered {one_line(str(answer['status']))[:40]}{why}, expected {DONE}: {again}.")
    results = answer.get("Results")
    results = results[0] if isinstance(results, list) and results else results
    found = results.get("series") if isinstance(results, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) and "seriesID" in item for item in found):
        raise DataError(
            f"{at} answered {DONE} without Results and series{_quoted(messages)}, expected them: see the publisher's documentation."
        )
    return found, messages


def _rows(found: list[dict], asked: list[str], url: str, seen: Counter[str]) -> Iterator[tuple[str, ...]]:
    at = shown(url)
    given = {str(item["seriesID"]): item.get("data") for item in found}
    if lacking := [name for name in asked if name not in given]:
        raise DataError(
            f"{at} was asked for {len(asked)} series and gave {len(given)}, without {', '.join(lacking[:5])}: the answer is not whole; try again later."
        )
    for name in asked:
        if not isinstance(given[name], list):
            raise DataError(
                f"{at}, series {name}: found no list of data, expected one: see the publisher's documentation."
            )
        for number, item in enumerate(given[name], 1):
            try:
                year, period, value = (item[part] for part in ("year", "period", "value"))
            except (KeyError, TypeError):
                raise DataError(
                    f"{at}, series {name}, value {number}: found no year, period and value, expected them: the publisher changed its layout."
                ) from None
            codes = ",".join(
                str(note["code"]) for note in item.get("footnotes") or () if isinstance(note, dict) and note.get("code")
            )
            text = without_suppressed(None if value == "-" else value, seen)
            yield name, str(year), str(period), text, codes
