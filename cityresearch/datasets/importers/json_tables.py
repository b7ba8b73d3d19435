"""JSON answers of publishers' interfaces as grids: lists of rows (Census), and the nested results of BLS (version 2) and BEA.

Each becomes the table that the publisher's own file would be. An answer that is an error is refused with the publisher's words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent
from cityresearch.datasets.importers.reading import Grid, refuse_invisible
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError
from cityresearch.phrases import many

__all__ = ["json_grid"]

KNOWN = "a list of rows as the Census API gives it, or the results of the BLS or BEA API"
BLS_COLUMNS = ("series_id", "year", "period", "value", "footnote_codes")


def json_grid(content: bytes, encoding: str, name: str) -> Grid:
    """Return the table of a JSON answer.

    Raises
    ------
    DataError
        If it is not whole, holds too much, is an error of the publisher, or is none of the known forms.
    """
    # counted before it is parsed: each value takes some sixty times its room in the file
    if sum(map(content.count, (b",", b"[", b"{", b":"))) > limits.MOST_CELLS:
        raise DataError(
            f"{name} holds more than {limits.MOST_CELLS:,} values, expected at most that: narrow the query."
        )
    try:
        answer = json.loads(content.decode(encoding), parse_float=str, parse_int=str)
    except RecursionError:
        raise DataError(f"{name} nests lists too deeply, expected a list of rows: check the query.") from None
    except ValueError as error:
        raise DataError(f"{name} is not whole JSON ({error}): download it again.") from None
    rows, notes = _rows(answer, name)
    spent, grid = Spent(name), []
    for number, row in enumerate(rows, 1):
        spent.take_row(number, len(row))
        if len(row) != len(rows[0]):
            raise DataError(
                f"{name}, row {number}: found {many(len(row), 'cell')}, expected {len(rows[0])} as in the first row; download it again."
            )
        grid.append((number, tuple(_cell(cell, name, number) for cell in row)))
    return Grid(name, tuple(grid), notes=notes)


def _rows(answer: Any, name: str) -> tuple[list[Sequence[Any]], tuple[str, ...]]:
    """Return the rows of an answer, column names first, and what the publisher said about it."""
    if isinstance(answer, list) and answer and all(isinstance(row, list) for row in answer):
        return answer, ()
    if isinstance(answer, list) and answer and all(isinstance(row, dict) for row in answer):
        return _of_records(answer), ()
    if isinstance(answer, dict) and "Results" in answer and "status" in answer:
        return _bls(answer, name)
    if isinstance(answer, dict) and isinstance(answer.get("BEAAPI"), dict):
        return _bea(answer["BEAAPI"], name)
    if isinstance(answer, dict) and "status" in answer:
        raise _refused(name, _messages(answer))
    raise DataError(f"{name} holds {_kind(answer)}, expected {KNOWN}: check the query.")


def _bls(answer: dict[str, Any], name: str) -> tuple[list[Sequence[Any]], tuple[str, ...]]:
    said = _messages(answer)
    results = answer["Results"]
    results = results[0] if isinstance(results, list) and results else results
    series = results.get("series") if isinstance(results, dict) else None
    if answer["status"] != "REQUEST_SUCCEEDED" or not isinstance(series, list):
        raise _refused(name, said or [str(answer["status"])])
    rows: list[Sequence[Any]] = [BLS_COLUMNS]
    for one in series:
        points = one.get("data") if isinstance(one, dict) else None
        if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
            raise DataError(f"{name}: found a series without a list of data, expected {KNOWN}; query it again.")
        for point in points:
            marks = [note.get("code", "") for note in point.get("footnotes") or () if isinstance(note, dict)]
            cells = [point.get(key, "") for key in ("year", "period", "value")]
            rows.append([one.get("seriesID", ""), *cells, ",".join(filter(None, marks))])
    return rows, tuple(f"BLS says: {quoted(text)}" for text in said)


def _bea(answer: dict[str, Any], name: str) -> tuple[list[Sequence[Any]], tuple[str, ...]]:
    results = answer.get("Results", {})
    results = results[0] if isinstance(results, list) and results else results
    error = answer.get("Error") or (results.get("Error") if isinstance(results, dict) else None)
    if error:
        said = error.get("APIErrorDescription", "") if isinstance(error, dict) else error
        raise _refused(name, [str(said)])
    records = results.get("Data") if isinstance(results, dict) else None
    if not isinstance(records, list) or not records or not all(isinstance(record, dict) for record in records):
        raise DataError(
            f"{name}: found no Data in the answer of the BEA API, expected a list of values; query it again."
        )
    wordy = [note.get("NoteText", "") for note in results.get("Notes") or () if isinstance(note, dict)]
    return _of_records(records), tuple(f"BEA says: {quoted(str(text))}" for text in wordy[:3])


def _of_records(records: Iterable[dict[str, Any]]) -> list[Sequence[Any]]:
    records = list(records)
    names = list(dict.fromkeys(key for record in records for key in record))
    return [names, *([record.get(key, "") for key in names] for record in records)]


def _messages(answer: dict[str, Any]) -> list[str]:
    said = answer.get("message") or []
    return [str(text) for text in (said if isinstance(said, list) else [said]) if str(text).strip()]


def _refused(name: str, said: Sequence[str]) -> DataError:
    words = quoted(" ".join(" ".join(said).split()) or "nothing")
    return DataError(f"{name} is an answer without data, in which the publisher says {words}: mend the query.")


def _kind(content: Any) -> str:
    if isinstance(content, dict):
        return f"an object with {', '.join(quoted(key)[1:-1] for key in list(content)[:3]) or 'nothing in it'}"
    return "an empty list" if content == [] else "something else"


def _cell(value: Any, name: str, line: int) -> str:
    if isinstance(value, list | dict):
        raise DataError(f"{name}, row {line}: found a list in a cell, expected text or a number; check the query.")
    text = "" if value is None else " ".join(str(value).split())
    refuse_invisible(text, name, line)
    return text
