"""Listing claims: filtered, in full, or as data."""

from __future__ import annotations

import csv
import io
import shutil
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityresearch.claims.arithmetic import comparisons
from cityresearch.claims.footnotes import footnotes_of
from cityresearch.claims.ledger import Claim, claim, claims, documents
from cityresearch.claims.reading import covered_in_words, mark
from cityresearch.claims.records import Check, as_json, committed
from cityresearch.claims.relations import relations
from cityresearch.claims.strength import Strength, in_words
from cityresearch.claims.verdict import BASES, WORDS
from cityresearch.errors import ParameterError
from cityresearch.numbers.display import exactly
from cityresearch.numbers.printed import WORDING
from cityresearch.phrases import many

__all__ = ["Filter", "as_csv", "in_full", "one", "select", "summary", "table"]


def one(claim_id: str) -> dict[str, Any]:
    """Return one claim with its committed verdict."""
    return as_json(claim(claim_id), committed().get(claim_id))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims to list; an empty field does not restrict. Place, metric and text match parts of words, in any case."""

    document: str = ""
    verdict: str = ""
    basis: str = ""
    kind: str = ""
    chapter: str = ""
    place: str = ""
    metric: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        for name, allowed in (("document", documents()), ("verdict", WORDS), ("basis", BASES)):
            value = getattr(self, name)
            if value and value not in allowed:
                raise ParameterError(f"--{name} takes {', '.join(allowed)}, found {value!r}.")

    def passes(self, item: Claim, check: Check | None) -> bool:
        """Return whether a claim with its verdict passes."""
        words = " ".join(
            [item.claim_id, item.statement, item.subject, item.metric, *item.places, check.reason if check else ""]
        )
        return (
            self.document in ("", item.document)
            and self.verdict in ("", check.verdict if check else "open")
            and self.basis in ("", check.basis if check else "none")
            and self.kind in ("", item.kind)
            and item.chapter.startswith(self.chapter)
            and self.place.lower() in ";".join(item.places).lower()
            and self.metric.lower() in item.metric.lower()
            and self.text.lower() in words.lower()
        )


def select(wanted: Filter) -> list[dict[str, Any]]:
    """Return the claims that pass a filter, in the ledger's order.

    Raises
    ------
    ParameterError
        If a filter's value is not one of the allowed ones.
    """
    checks = committed()
    return [
        as_json(item, checks.get(item.claim_id))
        for item in claims().values()
        if wanted.passes(item, checks.get(item.claim_id))
    ]


def table(items: list[dict[str, Any]]) -> str:
    """Return one line per claim: id, verdict, basis, statement."""
    room = max(60, shutil.get_terminal_size((110, 24)).columns) - 31
    lines = [
        f"{i['claim_id']:<6} {i['verdict']:<10} {i['basis']:<11} {textwrap.shorten(i['statement'], room, placeholder=' ...')}"
        for i in items
    ]
    return "\n".join([*lines, many(len(items), "claim")])


def as_csv(items: list[dict[str, Any]]) -> str:
    """Return the claims as CSV: id, document, statement, printed number, verdict, basis, reason, chapter."""
    columns = (
        "claim_id",
        "document",
        "statement",
        "relation",
        "value",
        "unit",
        "period",
        "verdict",
        "basis",
        "reason",
        "notebook",
    )
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for item in items:
        printed = item["printed"] or {"value": "", "unit": "", "period": ""}
        writer.writerow({**item, **{key: printed[key] for key in ("value", "unit", "period")}})
    return text.getvalue()


def summary(checks: Mapping[str, Check]) -> str:
    """Return the counts of claims by document, verdict and basis as a Markdown table."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for item in claims().values():
        check = checks.get(item.claim_id)
        counts[item.document, check.verdict if check else "open", check.basis if check else "none"] += 1
    lines = [f"| document | verdict | {' | '.join(BASES)} | all |", f"|---|---|{'---:|' * len(BASES)}---:|"]
    for document in documents():
        for verdict in WORDS:
            row = [counts[document, verdict, basis] for basis in BASES]
            lines.append(f"| {document} | {verdict} | {' | '.join(str(n) if n else '' for n in row)} | {sum(row)} |")
    whole = [sum(n for (_, _, b), n in counts.items() if b == basis) for basis in BASES]
    lines.append(f"| all | | {' | '.join(map(str, whole))} | {sum(whole)} |")
    return "\n".join(lines)


def in_full(item: dict[str, Any]) -> str:
    """Return everything that we know about a claim, for reading on a terminal."""
    printed = item["printed"]
    lines = [f"{item['claim_id']} ({item['document']}): {item['statement']}."]
    if printed:
        wording = WORDING[item["relation"]]
        lines.append(
            f"Printed: {wording}{exactly(printed['value'], printed['unit'])}, period {printed['period'] or 'not printed'}."
        )
        lines.append(f"The wording covers {covered_in_words(claims()[item['claim_id']])}.")
    lines.append(f"Verdict: {item['verdict']} (basis: {item['basis']}). {item['reason']}")
    if item["strength"]:
        lines.append(in_words(Strength(**item["strength"]), item["verdict"]))
    for reading in item["readings"]:
        lines += _reading(reading, printed["unit"] if printed else "")
    for relation_id in dict.fromkeys(p["relation_id"] for p in item["partners"] if p["relation_id"]):
        comparison = comparisons()[relation_id]
        word = {True: "Holds", False: "Clashes", None: "Undecided"}[comparison.holds]
        grade = relations()[relation_id].grade if comparison.holds is False else ""
        named = ", ".join([relation_id, grade] if grade else [relation_id])
        lines.append(
            f"  {word} with {', '.join(c for c in comparison.claims if c != item['claim_id'])} ({named}): {comparison.sentence}"
        )
    lines += [f"  {note.words}" for note in footnotes_of(item["claim_id"])]
    related = [p["claim_id"] for p in item["partners"] if not p["relation_id"]]
    if related:
        lines.append("Related: " + ", ".join(related))
    if item["notebook"]:
        cell = f", cell {item['cell']}" if item["cell"] else ""
        lines.append(f"Checked in {item['notebook']}{cell}.")
    return "\n".join(lines)


def _reading(reading: dict[str, Any], unit: str) -> list[str]:
    value = reading["value"]
    has_number = value is not None and not isinstance(value, bool)
    shown = f"{value:,} {unit}: {reading['words']}" if has_number else reading["words"]
    sources = f" ({', '.join(reading['sources'])})" if reading["sources"] else ""
    lines = [f"  - {reading['name']}{mark(reading['as_printed'], reading['meant'])}: {shown}{sources}"]
    return lines + [f"      caveat: {caveat}" for caveat in reading["caveats"]]
