"""The Bureau of Economic Analysis' data interface: one line of a regional table for all areas of a kind.

It answers 200 whatever happens, with an Error object in place of the data; and it repeats the request, the key with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.printable import one_line
from cityresearch.datasets.refreshers.entries import Entry
from cityresearch.datasets.refreshers.fetched import (
    Fetched,
    as_csv,
    columns_of,
    is_suppressed,
    json_of,
    marks,
    without_suppressed,
)
from cityresearch.datasets.refreshers.transport import Client
from cityresearch.errors import DataError

__all__ = ["read"]

NEEDED = ("Code", "GeoFips", "GeoName", "TimePeriod", "CL_UNIT", "UNIT_MULT", "DataValue")
THOUSANDS = "3"


def read(entry: Entry, client: Client, key: str) -> Fetched:
    """Ask for the line, and return it in the layout of the bureau's files: years across.

    Raises
    ------
    DataError
        If the answer has an Error object, no data, another line, another unit, or a value twice.
    """
    query = {**entry.parameters["query"], "method": "GetData", "ResultFormat": "JSON"}
    answer = client.get(entry.address, query | ({"UserID": key} if key else {}))
    data = _data(json_of(answer, entry.publisher), answer.url)
    at = shown(answer.url)
    notes = columns_of(answer.url, list(dict.fromkeys(name for row in data for name in row)), NEEDED, ("NoteRef",))
    line = str(query["LineCode"])
    seen: Counter[str] = Counter()
    areas: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for number, row in enumerate(data, 1):
        if lacking := [name for name in NEEDED if name not in row]:
            raise DataError(
                f"{at}, value {number}: found no {', '.join(lacking)}, expected {', '.join(NEEDED)}: the publisher changed its layout."
            )
        if str(row["Code"]).rpartition("-")[2] != line:
            raise DataError(
                f"{at}, value {number}: found the line {row['Code']!r}, expected line {line}: check the parameters in datapackage.json."
            )
        if str(row["UNIT_MULT"]) != THOUSANDS and not is_suppressed(row["DataValue"]):
            raise DataError(
                f"{at}, value {number}: found UNIT_MULT {row['UNIT_MULT']!r}, expected {THOUSANDS} for thousands: the publisher changed its unit."
            )
        area, year = (str(row["GeoFips"]), str(row["GeoName"]), str(row["CL_UNIT"])), str(row["TimePeriod"])
        if year in areas[area]:
            raise DataError(f"{at}, value {number}: found {area[1]}, {year} again, expected it once: try again later.")
        areas[area][year] = without_suppressed(row["DataValue"], seen)
    years = sorted({year for values in areas.values() for year in values})
    rows = [(*area[:2], line, area[2], *(values.get(year, "") for year in years)) for area, values in areas.items()]
    content = as_csv(("GeoFIPS", "GeoName", "LineCode", "Unit", *years), rows)
    return Fetched(content, answer.url, "the answer of the interface", notes=(*notes, *marks(seen)))


def _data(answer: object, url: str) -> list[dict]:
    at = shown(url)
    whole = answer.get("BEAAPI", answer) if isinstance(answer, dict) else {}
    results = whole.get("Results") if isinstance(whole, dict) else None
    results = results[0] if isinstance(results, list) and results else results
    for part in (whole, results):
        if isinstance(part, dict) and part.get("Error"):
            raise DataError(
                f"{at} answered with an error: {_error(part['Error'])}; check the key and the parameters in datapackage.json."
            )
    data = results.get("Data") if isinstance(results, dict) else None
    if not isinstance(data, list) or not data or not all(isinstance(row, dict) for row in data):
        raise DataError(f"{at} answered without Results and Data, expected values: see the publisher's documentation.")
    return data


def _error(error: object) -> str:
    if not isinstance(error, dict):
        return repr(one_line(str(error))[:160])
    detail = error.get("ErrorDetail")
    texts = [error.get("APIErrorDescription"), detail.get("Description") if isinstance(detail, dict) else detail]
    code = f" (code {one_line(str(error['APIErrorCode']))[:20]})" if error.get("APIErrorCode") else ""
    return repr(one_line(" ".join(str(text) for text in texts if text))[:200]) + code
