"""What a reader makes of a publisher's answers: one whole table in a layout that an importer reads, and what was decided on the way."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.printable import one_line
from cityresearch.datasets.refreshers.transport import Answer
from cityresearch.errors import DataError

__all__ = ["Asked", "Fetched", "as_csv", "columns_of", "is_suppressed", "json_of", "marks", "without_suppressed"]

# marks of a value that is withheld or missing: (D), (S), (NA), a letter in its place, or a run of nines below zero
SUPPRESSED = re.compile(r"\(?(D|S|X|N|L|NA|NM|N/A|ND)\)?|-9{3,}|-([2-9])\2{8}", re.IGNORECASE)
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """The first and the last period that were asked for; empty where all were."""

    first: str = ""
    last: str = ""

    def has(self, period: str) -> bool:
        """Return whether a period was asked for; its year counts, whatever follows."""
        return (not self.first or period[:4] >= self.first) and (not self.last or period[:4] <= self.last)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A table as its publisher gave it, in a layout that an importer reads.

    Parameters
    ----------
    content : bytes
        Empty if the publisher says that nothing changed.
    url : str
        The address that answered, for messages; keys are hidden where it is shown.
    file : str
        A name for it in messages.
    asked : Asked
        The periods that were asked for.
    notes : tuple of str
        What was decided, such as suppressed values.
    names : mapping of code to name
        Names of codes in the table.
    etag, last_modified : str
        The version, where the publisher tells it.
    """

    content: bytes
    url: str
    file: str
    asked: Asked = Asked()
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""


def json_of(answer: Answer, publisher: str) -> Any:
    """Return an answer as JSON.

    Raises
    ------
    DataError
        If it is a web page, plain text or cut JSON, with the beginning of what it says.
    """
    at = shown(answer.url)
    text = answer.content.decode("utf-8-sig", errors="replace").strip()
    if answer.is_page or text[:1] == "<":
        words = one_line(TAG.sub(" ", text))[:120]
        raise DataError(
            f"{at} answered with a web page that says {words!r}, expected JSON: check the key and what {publisher or 'the publisher'} "
            "writes about its interface."
        )
    if text[:1] not in ("{", "["):
        raise DataError(
            f"{at} answered with the text {one_line(text)[:120]!r}, expected JSON: check the parameters in datapackage.json."
        )
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except RecursionError:
        raise DataError(f"{at} nests lists too deeply, expected a table: try again later.") from None
    except ValueError as error:
        raise DataError(
            f"{at} answered with JSON that is not whole ({one_line(str(error))}): try again later."
        ) from None


def columns_of(url: str, found: Sequence[str], needed: Iterable[str], known: Iterable[str] = ()) -> tuple[str, ...]:
    """Check an answer's columns, and return a note on those that are new.

    Raises
    ------
    DataError
        If a needed column is missing: it names it, and the new columns that may be it under another name.
    """
    needed = list(needed)
    lacking = [name for name in needed if name not in found]
    new = [name for name in dict.fromkeys(found) if name not in {*needed, *known}]
    said = ", ".join(repr(one_line(name)[:40]) for name in new[:5])
    if lacking:
        perhaps = f" and the new {said}" if new else ""
        raise DataError(
            f"{shown(url)}: found no column {', '.join(lacking)}{perhaps}, expected {', '.join(needed)}: the publisher changed its "
            "layout; see its documentation and fix refresh in datapackage.json."
        )
    return (f"columns that are new were left out: {said}",) if new else ()


def is_suppressed(value: Any) -> bool:
    """Say whether a cell says that its value is withheld or missing.

    Examples
    --------
    >>> [is_suppressed(v) for v in (None, "(D)", "-999", "-666666666", "-99", "0", "1,234")]
    [True, True, True, True, False, False, False]
    """
    return value is None or bool(SUPPRESSED.fullmatch(str(value).strip()))


def without_suppressed(value: Any, seen: Counter[str]) -> str:
    """Return a cell's text, empty if its value is suppressed, which is counted by its mark."""
    if is_suppressed(value):
        seen["null" if value is None else str(value).strip()] += 1
        return ""
    return str(value).strip()


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as the bytes of a CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def marks(seen: Counter[str]) -> tuple[str, ...]:
    """Say which values were suppressed, and how often."""
    if not seen:
        return ()
    return (
        "suppressed or missing values left out: "
        + ", ".join(f"{count:,} marked {mark}" for mark, count in seen.most_common()),
    )
