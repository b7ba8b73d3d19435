"""Reports of a run: a table for people, JSON and JUnit for machines."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from xml.sax.saxutils import escape, quoteattr

from cityresearch.claims.ledger import claims
from cityresearch.claims.records import Check
from cityresearch.runs.compare import Difference


def claims_table(checks: Sequence[Check]) -> str:
    """Return the claims with verdict and basis, one line each, and the counts."""
    if not checks:
        return "No claim was counted."
    ledger = claims()
    width = max(60, shutil.get_terminal_size((110, 24)).columns)
    lines = [f"{'claim':<6} {'verdict':<10} {'basis':<11} statement"]
    for check in sorted(checks, key=lambda c: c.claim_id):
        statement = textwrap.shorten(ledger[check.claim_id].statement, width - 30, placeholder=" ...")
        lines.append(f"{check.claim_id:<6} {check.verdict:<10} {check.basis:<11} {statement}")
    counts = Counter(check.verdict for check in checks)
    lines.append(
        ", ".join(f"{word} {counts[word]}" for word in ("agrees", "agrees-if", "differs", "open") if counts[word])
    )
    return "\n".join(lines)


def as_json(differences: Sequence[Difference]) -> str:
    """Return the differences as a JSON list."""
    return json.dumps([asdict(d) for d in differences], indent=2, ensure_ascii=False) + "\n"


def as_junit(checks: Sequence[Check], differences: Sequence[Difference]) -> str:
    """Return JUnit XML: one test case per claim, failed where its verdict or a reading moved, and one per other file that moved."""
    moved: dict[str, list[str]] = {}
    for difference in differences:
        key = difference.row.split(" / ")[0] if difference.file.startswith("data/processed/") else difference.file
        moved.setdefault(key, []).append(str(difference))
    names = [check.claim_id for check in checks]
    names += [key for key in moved if key not in names]
    cases = []
    for name in names:
        body = (
            f"<failure message={quoteattr(moved[name][0])}>{escape(chr(10).join(moved[name]))}</failure>"
            if name in moved
            else ""
        )
        cases.append(f'  <testcase classname="cityresearch" name={quoteattr(name)}>{body}</testcase>')
    head = f'<testsuite name="cityresearch verify" tests="{len(names)}" failures="{len(moved)}">'
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *cases, "</testsuite>", ""])
