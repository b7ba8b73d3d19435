"""Listing claims: filtered, in full, or as data."""

from __future__ import annotations

import textwrap
from typing import Any

from cityresearch.claims.agreement import in_words
from cityresearch.claims.ledger import claim, claims
from cityresearch.claims.printed import WORDING
from cityresearch.claims.records import as_json, committed
from cityresearch.errors import ParameterError

VERDICTS = ("agrees", "agrees-if", "differs", "open")
DOCUMENTS = ("carnegie", "meridian", "edc")


def one(claim_id: str) -> dict[str, Any]:
    """Return one claim with its committed verdict."""
    return as_json(claim(claim_id), committed().get(claim_id))


def select(*, document: str | None = None, verdict: str | None = None) -> list[dict[str, Any]]:
    """Return the claims that pass the filters, in the ledger's order.

    Raises
    ------
    ParameterError
        If a filter's value is none of the allowed ones.
    """
    for name, value, allowed in (("document", document, DOCUMENTS), ("verdict", verdict, VERDICTS)):
        if value is not None and value not in allowed:
            raise ParameterError(f"--{name} takes {', '.join(allowed)}, found {value!r}.")
    checks = committed()
    items = [as_json(item, checks.get(item.claim_id)) for item in claims().values()]
    return [
        item
        for item in items
        if (document is None or item["document"] == document) and (verdict is None or item["verdict"] == verdict)
    ]


def table(items: list[dict[str, Any]]) -> str:
    """Return one line per claim: id, verdict, basis, statement."""
    lines = [
        f"{i['claim_id']:<6} {i['verdict']:<10} {i['basis']:<11} {textwrap.shorten(i['statement'], 90)}" for i in items
    ]
    return "\n".join([*lines, f"{len(items)} claims"])


def in_full(item: dict[str, Any]) -> str:
    """Return everything that is known of a claim, for reading on a terminal."""
    printed = item["printed"]
    lines = [f"{item['claim_id']} ({item['document']}): {item['statement']}."]
    if printed:
        wording = WORDING[item["relation"]]
        lines.append(
            f"Printed: {wording}{in_words(printed['value'], printed['unit'])}, period {printed['period'] or 'not printed'}."
        )
        low, high = (in_words(printed[k], printed["unit"]) for k in ("agrees_from", "agrees_to"))
        lines.append(f"The wording covers {low} to {high}.")
    lines.append(f"Verdict: {item['verdict']} (basis: {item['basis']}). {item['reason']}")
    for reading in item["readings"]:
        lines += _reading(reading, printed["unit"] if printed else "")
    if item["partners"]:
        lines.append("Related: " + ", ".join(p["claim_id"] for p in item["partners"]))
    if item["notebook"]:
        lines.append(f"Checked in {item['notebook']}, cell {item['cell']}.")
    return "\n".join(lines)


def _reading(reading: dict[str, Any], unit: str) -> list[str]:
    mark = " [as printed]" if reading["as_printed"] else ""
    value = reading["value"]
    has_number = value is not None and not isinstance(value, bool)
    shown = f"{value:,} {unit}: {reading['words']}" if has_number else reading["words"]
    sources = f" ({', '.join(reading['sources'])})" if reading["sources"] else ""
    lines = [f"  - {reading['name']}{mark}: {shown}{sources}"]
    return lines + [f"      caveat: {caveat}" for caveat in reading["caveats"]]
