"""Records of verdicts: from a notebook's checks to `data/processed/verdicts.csv` and `readings.csv`, and back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.claims.ledger import Claim, claims
from cityresearch.claims.places import cell_of
from cityresearch.claims.reading import Reading
from cityresearch.claims.strength import NO_STRENGTH, Strength
from cityresearch.claims.verdict import Verdict
from cityresearch.claims.wordings import reach
from cityresearch.errors import ClaimError
from cityresearch.files import State, state
from cityresearch.phrases import many

__all__ = [
    "LEDGER_COLUMNS", "MIME", "RUN", "Check", "as_json", "as_mime", "as_number", "chapters_of_this_run", "committed", "committed_for", "from_mime",
    "ledger_row", "tables",
]  # fmt: skip

MIME = "application/vnd.cityresearch.checks+json"
# next to the results of a run that has committed ones too: the chapters whose results are of this run
RUN = "run-chapters.txt"
# what the ledger says is repeated with the verdict, so that a changed claim is a line in a diff even where its verdict stays the same
LEDGER_COLUMNS = ("relation", "printed", "precision", "unit", "period", "ledger_hash", "covers_from", "covers_to")
# how much stands behind a verdict, as `strength.Strength` has it
STRENGTH_COLUMNS = ("bodies_for", "bodies_against", "readings_for", "readings_known", "half", "double")
JUDGED_COLUMNS = ("verdict", "basis", "decided_by", "reason")
VERDICT_COLUMNS = ("claim_id", *LEDGER_COLUMNS, *JUDGED_COLUMNS, *STRENGTH_COLUMNS, "notebook")
READING_COLUMNS = (
    "claim_id", "reading", "as_printed", "meant", "kind", "value", "low", "high", "agrees", "bound", "rounds_to", "words", "caveats", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict with the notebook that reached it."""

    claim_id: str
    verdict: str
    basis: str
    decided_by: str
    reason: str
    readings: tuple[dict[str, str], ...]
    strength: Strength = NO_STRENGTH
    notebook: str = ""


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
        "meant": as_number(reading.meant),
        "kind": reading.kind,
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
        **strength_row(verdict.strength),
        "readings": [reading_row(verdict.claim_id, reading) for reading in verdict.readings],
    }


def from_mime(record: dict[str, Any], notebook: str) -> Check:
    """Return the check that a cell's output records."""
    return Check(**_check_fields(record), readings=tuple(record["readings"]), notebook=notebook)


def strength_row(strength: Strength) -> dict[str, str]:
    """Return what stands behind a verdict as cells of verdicts.csv."""
    return {name: str(getattr(strength, name)) for name in STRENGTH_COLUMNS}


def _check_fields(row: dict[str, Any]) -> dict[str, Any]:
    strength = Strength(
        **{name: row[name] if name in ("half", "double") else int(row[name]) for name in STRENGTH_COLUMNS}
    )
    return {key: row[key] for key in ("claim_id", *JUDGED_COLUMNS)} | {"strength": strength}


def ledger_row(item: Claim) -> dict[str, str]:
    """Return what verdicts.csv repeats of the ledger: the printed number as a range of its precision, and a hash of the whole entry."""
    printed = item.printed
    # the printed number as digits: how it is displayed is not what the ledger says
    said = {field.name: str(getattr(item, field.name)) for field in fields(item)}
    if printed:
        said["printed"] = f"{printed.value} to {printed.precision}"
    if item.page is None:  # a ledger without pages says nothing of them
        del said["page"]
    entry = json.dumps(list(said.values())).encode()
    return {
        "relation": item.relation,
        "printed": as_number(printed.value) if printed else "",
        "precision": as_number(printed.precision) if printed else "",
        "covers_from": as_number(reach(item).low) if printed else "",
        "covers_to": as_number(reach(item).high) if printed else "",
        "unit": item.unit,
        "period": item.period,
        "ledger_hash": hashlib.sha256(entry).hexdigest()[:12],
    }


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
                f"Claim {check.claim_id} is checked twice, in {first.notebook} and in {check.notebook}: keep one."
            )
        verdicts[check.claim_id] = check
    ordered = [verdicts[key] for key in sorted(verdicts)]
    ledger = claims()
    rows = [
        {
            **ledger_row(ledger[v.claim_id]),
            **strength_row(v.strength),
            **{c: getattr(v, c) for c in VERDICT_COLUMNS if hasattr(v, c)},
        }
        for v in ordered
    ]
    return {
        "verdicts.csv": _csv(VERDICT_COLUMNS, rows),
        "readings.csv": _csv(READING_COLUMNS, (row for v in ordered for row in v.readings)),
    }


def committed(folder: Path | None = None) -> dict[str, Check]:
    """Return the committed verdicts by claim id; empty before the first run.

    Parameters
    ----------
    folder : Path, optional
        Where the two tables of results lie, if not where they are committed.

    Raises
    ------
    ClaimError
        If one of the two files is missing or damaged.
    """
    folder = folder or paths.processed()
    files = (folder / "readings.csv", folder / "verdicts.csv")
    there = tuple(state(file) if file.is_file() else None for file in files)
    return dict(_committed(folder, there)) if any(there) else {}


@lru_cache(maxsize=3)  # a run asks for those of its folder, of the last run and of the committed results
def _committed(folder: Path, _there: tuple[State | None, ...]) -> dict[str, Check]:
    readings: dict[str, list[dict[str, str]]] = {}
    for row in _rows(folder / "readings.csv", READING_COLUMNS, ("claim_id", "reading")):
        readings.setdefault(row["claim_id"], []).append(row)
    return {
        r["claim_id"]: Check(
            **_check_fields(r), readings=tuple(readings.get(r["claim_id"], ())), notebook=r["notebook"]
        )
        for r in _rows(folder / "verdicts.csv", VERDICT_COLUMNS, ("claim_id",))
    }


def committed_for(purpose: str) -> dict[str, Check]:
    """Return the committed verdicts for what needs a run, though it may have judged nothing, as of a ledger whose claims no cell checks yet.

    Raises
    ------
    ClaimError
        If the ledger has claims and nothing has run, or as `committed`.
    """
    found = committed()
    if claims() and not (paths.processed() / "verdicts.csv").is_file():
        raise ClaimError(f"There are no results to {purpose} yet: run cityresearch run first.")
    return found


def chapters_of_this_run() -> frozenset[str] | None:
    """Return the chapters whose verdicts are of the run that is under way; None if that is so of every verdict, or if no run is."""
    try:
        return frozenset((paths.processed() / RUN).read_text(encoding="utf-8").split())
    except FileNotFoundError:
        return None


def as_json(item: Claim, check: Check | None) -> dict[str, Any]:
    """Return a claim with its verdict as the object that `cityresearch claims --json` prints."""
    printed = None
    if item.printed is not None:
        covered = reach(item)
        around = item.printed.interval
        printed = {
            "value": _plain(item.printed.value),
            "low": _plain(around.low),
            "high": _plain(around.high),
            "unit": item.unit,
            "precision": _plain(item.printed.precision),
            "period": item.period,
            "agrees_from": _plain(covered.low),
            "agrees_to": _plain(covered.high),
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
        "strength": asdict(check.strength) if check else {},
        "readings": [_reading_json(row) for row in check.readings] if check else [],
        "partners": _partners(item),
        "notebook": check.notebook if check else "",
        "cell": cell_of(item.claim_id, check.notebook) if check else "",
    }


def _partners(item: Claim) -> list[dict[str, Any]]:
    """Return the claims that arithmetic or the ledger relates to this one; `holds` is False where the two clash as printed."""
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
        "meant": row["meant"] == "true",
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


def _rows(path: Path, columns: tuple[str, ...], key: tuple[str, ...]) -> list[dict[str, str]]:
    def damaged(where: str, found: str) -> ClaimError:
        return ClaimError(
            f"{path}{where}: {found}: restore it with git checkout, or delete it and run every notebook again."
        )

    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise damaged("", f"it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise damaged("", f"byte {error.start + 1} is not UTF-8") from None
    header = ",".join(columns)
    if text.partition("\n")[0] != header:
        raise damaged(", row 1", f"found {text[:40]!r}, expected the columns {header}")
    if not text.endswith("\n"):
        raise damaged("", "its last line is cut off")
    rows: list[dict[str, str]] = []
    seen: set[tuple[str, ...]] = set()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) != len(columns):
                raise damaged(f", line {reader.line_num}", f"found {many(len(cells), 'cell')}, expected {len(columns)}")
            row = dict(zip(columns, cells, strict=True))
            name = tuple(row[k] for k in key)
            if name in seen:
                raise damaged(f", line {reader.line_num}", f"{', '.join(name)} is there twice")
            seen.add(name)
            rows.append(row)
    except csv.Error as error:
        raise damaged(f", line {reader.line_num}", f"found no table row ({error})") from None
    return rows[1:]
