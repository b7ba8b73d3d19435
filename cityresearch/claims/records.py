"""Records of verdicts: from a notebook's checks to `data/processed/verdicts.csv` and `readings.csv`, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cityresearch import paths
from cityresearch.claims.ledger import Claim
from cityresearch.claims.printed import accepted
from cityresearch.claims.verdict import Reading, Verdict
from cityresearch.errors import ClaimError

MIME = "application/vnd.cityresearch.checks+json"
VERDICT_COLUMNS = ("claim_id", "verdict", "basis", "decided_by", "reason", "notebook", "cell")
READING_COLUMNS = (
    "claim_id", "reading", "as_printed", "value", "low", "high", "agrees", "bound", "rounds_to", "words", "caveats", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict with the notebook and cell that reached it."""

    claim_id: str
    verdict: str
    basis: str
    decided_by: str
    reason: str
    readings: tuple[dict[str, str], ...]
    notebook: str = ""
    cell: str = ""


def as_number(value: Fraction | bool | None) -> str:
    """Write a value for a table: whole numbers in full, others with twelve significant digits, True and False as words.

    Examples
    --------
    >>> as_number(Fraction(141004904245)), as_number(Fraction(2, 3)), as_number(None), as_number(True)
    ('141004904245', '0.666666666667', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.numerator) if value.denominator == 1 else format(float(value), ".12g")


def reading_row(claim_id: str, reading: Reading) -> dict[str, str]:
    """Return a reading as a row of readings.csv."""
    return {
        "claim_id": claim_id,
        "reading": reading.name,
        "as_printed": as_number(reading.as_printed),
        "value": as_number(reading.value),
        "low": as_number(reading.interval.low) if reading.interval else "",
        "high": as_number(reading.interval.high) if reading.interval else "",
        "agrees": as_number(reading.agrees),
        "bound": reading.bound,
        "rounds_to": as_number(reading.rounds_to),
        "words": reading.words,
        "caveats": ";".join(reading.caveats),
        "sources": ";".join(reading.sources),
    }


def as_mime(verdict: Verdict) -> dict[str, Any]:
    """Return the machine-readable record that a check leaves in its cell's output."""
    return {
        "claim_id": verdict.claim_id,
        "verdict": verdict.verdict,
        "basis": verdict.basis,
        "decided_by": verdict.decided_by,
        "reason": verdict.reason,
        "readings": [reading_row(verdict.claim_id, reading) for reading in verdict.readings],
    }


def from_mime(record: dict[str, Any], notebook: str, cell: str) -> Check:
    """Return the check that a cell's output records."""
    kept = {key: record[key] for key in ("claim_id", "verdict", "basis", "decided_by", "reason")}
    return Check(**kept, readings=tuple(record["readings"]), notebook=notebook, cell=cell)


def tables(checks: Iterable[Check]) -> dict[str, bytes]:
    """Return verdicts.csv and readings.csv, sorted by claim.

    Raises
    ------
    ClaimError
        If two cells check the same claim.
    """
    verdicts: dict[str, Check] = {}
    for check in checks:
        if check.claim_id in verdicts:
            first = verdicts[check.claim_id]
            raise ClaimError(
                f"Claim {check.claim_id} is checked twice, in {first.notebook} ({first.cell}) and in {check.notebook} ({check.cell}): "
                "keep one."
            )
        verdicts[check.claim_id] = check
    ordered = [verdicts[key] for key in sorted(verdicts)]
    return {
        "verdicts.csv": _csv(VERDICT_COLUMNS, ({c: getattr(v, c) for c in VERDICT_COLUMNS} for v in ordered)),
        "readings.csv": _csv(READING_COLUMNS, (row for v in ordered for row in v.readings)),
    }


def committed() -> dict[str, Check]:
    """Return the committed verdicts by claim id; empty before the first run."""
    folder = paths.processed()
    if not (folder / "verdicts.csv").is_file():
        return {}
    readings: dict[str, list[dict[str, str]]] = {}
    for row in _rows(folder / "readings.csv"):
        readings.setdefault(row["claim_id"], []).append(row)
    return {
        r["claim_id"]: Check(**r, readings=tuple(readings.get(r["claim_id"], ())))
        for r in _rows(folder / "verdicts.csv")
    }


def as_json(item: Claim, check: Check | None) -> dict[str, Any]:
    """Return a claim with its verdict as the object that `cityresearch claims --json` prints."""
    printed = None
    if item.printed is not None:
        reach = accepted(item.printed, item.relation)
        around = item.printed.interval
        printed = {
            "value": _plain(item.printed.value),
            "low": _plain(around.low),
            "high": _plain(around.high),
            "unit": item.unit,
            "precision": _plain(item.printed.precision),
            "period": item.period,
            "agrees_from": _plain(reach.low),
            "agrees_to": _plain(reach.high),
        }
    return {
        "claim_id": item.claim_id,
        "document": item.document,
        "statement": item.statement,
        "relation": item.relation,
        "printed": printed,
        "verdict": check.verdict if check else "open",
        "basis": check.basis if check else "none",
        "decided_by": check.decided_by if check else "",
        "reason": check.reason if check else item.settle or "Not checked yet.",
        "readings": [_reading_json(row) for row in check.readings] if check else [],
        "partners": _partners(item),
        "notebook": check.notebook if check else "",
        "cell": check.cell if check else "",
    }


def _partners(item: Claim) -> list[dict[str, Any]]:
    """Return the claims that arithmetic or the ledger sets beside this one; `holds` is False where the two clash as printed."""
    from cityresearch.claims.arithmetic import partners

    compared = [
        {"claim_id": other, "relation": kind, "relation_id": relation_id, "holds": holds}
        for other, relation_id, kind, holds in partners(item.claim_id)
    ]
    known = {partner["claim_id"] for partner in compared}
    related = [o for o in item.related if o not in known]
    return compared + [
        {"claim_id": other, "relation": "related", "relation_id": "", "holds": None} for other in related
    ]


def _reading_json(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["reading"],
        "as_printed": row["as_printed"] == "true",
        "value": _parsed(row["value"]),
        "low": _parsed(row["low"] or row["value"]),
        "high": _parsed(row["high"] or row["value"]),
        "agrees": _parsed(row["agrees"]),
        "bound": row["bound"],
        "rounds_to": _parsed(row["rounds_to"]),
        "words": row["words"],
        "caveats": [c for c in row["caveats"].split(";") if c],
        "sources": [s for s in row["sources"].split(";") if s],
    }


def _parsed(text: str) -> int | float | bool | None:
    if text in ("", "true", "false"):
        return {"": None, "true": True, "false": False}[text]
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _plain(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _csv(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
