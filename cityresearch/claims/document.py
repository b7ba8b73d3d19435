"""Document readings: what a document itself shows of a claim, by counting what it lists or comparing what it prints elsewhere.

The dataset `document_readings` holds the listed items, dates and numbers; counting and date arithmetic happen here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cityresearch.claims.judged import why_stale
from cityresearch.claims.ledger import Claim
from cityresearch.claims.periods import days
from cityresearch.claims.reading import AsPrinted, Reading, read
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import Fact, Missing, Quantity

__all__ = [
    "DocumentReading", "basis_of_document", "days_between", "document_readings", "readings_from_document", "value_of",
]  # fmt: skip

DAYS_PER_YEAR = exact("365.2425")


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """One way to check a claim in the document itself.

    `kind` is count (items are counted), dates (two dates; the interval is computed), number (printed elsewhere in the document) or
    statement (the document does or does not support the claim: a person's judgment, so it counts only while the claim reads as it did
    then, which `claim_value` and `claim_hash` record).
    """

    claim_id: str
    reading: str
    kind: str
    items: tuple[str, ...]
    value: str
    unit: str
    as_printed: bool
    lines: str
    says: str
    source_id: str
    claim_value: str = ""
    claim_hash: str = ""


def document_readings(claim_id: str) -> tuple[DocumentReading, ...]:
    """Return the document readings of a claim, in the order of the table."""
    return _all(reading_key("document_readings")).get(claim_id, ())


@lru_cache(maxsize=2)
def _all(_key: ReadingKey) -> dict[str, tuple[DocumentReading, ...]]:
    found: dict[str, tuple[DocumentReading, ...]] = {}
    for row in text_rows("document_readings"):
        items = tuple(part.strip() for part in row.pop("items").split(";") if part.strip())
        as_printed = row.pop("as_printed") == "true"
        reading = DocumentReading(**row, items=items, as_printed=as_printed)
        found[reading.claim_id] = (*found.get(reading.claim_id, ()), reading)
    return found


def readings_from_document(claim: Claim) -> tuple[Reading, ...]:
    """Return the document's own lists, dates and numbers on a claim, each compared with what it prints; none where there are none."""
    readings = document_readings(claim.claim_id)
    found = {r.reading: _if_current(claim, r) for r in readings}
    values = {r.reading: AsPrinted(found[r.reading]) if r.as_printed else found[r.reading] for r in readings}
    return read(claim, values, "text") if values else ()


def basis_of_document(claim_id: str) -> str:
    """Return arithmetic where every document reading of a claim compares dates or numbers, else text: the document's own words or counts."""
    return "arithmetic" if all(r.kind in ("dates", "number") for r in document_readings(claim_id)) else "text"


def _if_current(claim: Claim, reading: DocumentReading) -> Quantity | Fact | Missing:
    why = why_stale(claim, reading.claim_value, reading.claim_hash) if reading.kind == "statement" else ""
    return Missing(f"it must be read again: {why}", (reading.source_id,)) if why else value_of(reading)


def value_of(reading: DocumentReading) -> Quantity | Fact:
    """Compute a document reading: count its items, subtract its dates, or take its number or its yes or no.

    Raises
    ------
    ClaimError
        If the row does not have what its kind needs.
    """
    sources = (reading.source_id,)
    caveats = (reading.says,) if reading.says else ()
    match reading.kind:
        case "count":
            return Quantity(len(reading.items), reading.unit, sources=sources, caveats=caveats)
        case "number" if reading.value:
            return Quantity(reading.value, reading.unit, sources=sources, caveats=caveats)
        case "statement" if reading.value in ("true", "false"):
            return Fact(reading.value == "true", sources, caveats)
        case "dates" if len(reading.items) == 2:
            span = days_between(*reading.items)
            if reading.unit == "year":
                span = span / Interval.point(DAYS_PER_YEAR)
            middle = (span.low + span.high) / 2
            return Quantity(
                middle, reading.unit, sources=sources, caveats=caveats, bounds=None if span.is_point else span
            )
    raise ClaimError(
        f"Document reading {reading.reading!r} of claim {reading.claim_id} lacks what a {reading.kind} needs: fix the row."
    )


def days_between(first: str, second: str) -> Interval:
    """Return the days from one ISO date to another, as an interval where a date gives only month or year.

    Examples
    --------
    >>> str(days_between("2022-04-22", "2024-07-10")), str(days_between("2022-04", "2022-05-01"))
    ('[810, 810]', '[1, 30]')
    """
    start, end = (days(text) for text in (first, second))
    for text, span in ((first, start), (second, end)):
        if span is None:
            raise ClaimError(f"Expected an ISO date such as 2024-07-10, 2024-07 or 2024, found {text!r}.")
    return end - start
