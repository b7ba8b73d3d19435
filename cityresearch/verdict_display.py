"""Verdicts as a reader of a notebook sees them: as text, as HTML, and many of them as one table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cityresearch.claims import strength
from cityresearch.claims.ledger import Claim
from cityresearch.claims.reading import Reading, covered_in_words, mark, printed_words
from cityresearch.claims.verdict import Verdict
from cityresearch.numbers.agreement import bound_in_words
from cityresearch.numbers.display import in_words

__all__ = ["ORDER", "SIGNS", "as_html", "as_text", "grouped"]

SIGNS = {True: "agrees", False: "does not agree", None: "no value"}
ORDER = ("differs", "differs-unless", "agrees-if", "agrees", "open")
LEFT = "style='text-align:left'"


def as_text(item: Claim, verdict: Verdict) -> str:
    """Return a claim, its verdict and its readings as lines of text."""
    lines = [f"{item.claim_id} {verdict.verdict.upper()} ({verdict.basis})  {item.statement}"]
    if item.printed is not None:
        lines.append(f"  printed: {printed_words(item)}; covers {covered_in_words(item)}")
    lines += [
        f"  - {r.name}{mark(r.as_printed, r.meant)}: {_value(item, r)} ({SIGNS[r.agrees]}{_bound(r)})"
        for r in verdict.readings
    ]
    lines += [f"    caveat: {c}" for r in verdict.readings for c in r.caveats]
    return "\n".join([*lines, f"  {verdict.reason}", f"  {_strength(verdict)}"])


def as_html(item: Claim, verdict: Verdict) -> str:
    """Return the same as HTML, the readings as a table."""
    printed = ""
    if item.printed is not None:
        printed = f"<br>Printed: {escape(printed_words(item))}; covers {escape(covered_in_words(item))}"
    rows = "".join(
        f"<tr><td {LEFT}>{escape(r.name)}{mark(r.as_printed, r.meant)}"
        + "".join(f"<br><small>{escape(c)}</small>" for c in r.caveats)
        + f"</td><td>{escape(_value(item, r))}</td><td {LEFT}>{SIGNS[r.agrees]}{_bound(r)}</td></tr>"
        for r in verdict.readings
    )
    return (
        f"<p><b>{item.claim_id}: {verdict.verdict}</b> (basis: {verdict.basis}). {escape(item.statement)}.{printed}</p>"
        f"<table><thead><tr><th {LEFT}>Reading</th><th>Value</th><th {LEFT}>Compared with the printed number"
        f"</th></tr></thead><tbody>{rows}</tbody></table><p>{escape(verdict.reason)}</p><p><small>{escape(_strength(verdict))}</small></p>"
    )


def grouped(verdicts: Sequence[tuple[Claim, Verdict]]) -> dict[str, str]:
    """Return claims with reasons as text and as HTML, a table for each verdict, those that differ first and open ones last."""
    groups = [(word, [(i, v) for i, v in verdicts if v.verdict == word]) for word in ORDER]
    groups = [(f"{word} ({len(found)})", found) for word, found in groups if found]
    return {
        "text/plain": "\n\n".join(
            "\n".join([heading, *(f"{i.claim_id} ({v.basis})  {i.statement}. {v.reason}" for i, v in found)])
            for heading, found in groups
        ),
        "text/html": "".join(f"<h4>{heading}</h4>{_table_of(found)}" for heading, found in groups),
    }


def _table_of(verdicts: Sequence[tuple[Claim, Verdict]]) -> str:
    rows = "".join(
        f"<tr><td>{i.claim_id}<br><small>{v.basis}</small></td><td {LEFT}>{escape(i.statement)}"
        f"<br><small>{escape(v.reason)}</small></td></tr>"
        for i, v in verdicts
    )
    return f"<table><thead><tr><th {LEFT}>Claim</th><th {LEFT}>Statement and reason</th></tr></thead><tbody>{rows}</tbody></table>"


def _strength(verdict: Verdict) -> str:
    return strength.in_words(verdict.strength, verdict.verdict)


def _bound(reading: Reading) -> str:
    return f", agrees only as {bound_in_words(reading.bound)}" if reading.bound else ""


def _value(item: Claim, reading: Reading) -> str:
    if reading.value is None:
        return f"missing: {reading.words}"
    if isinstance(reading.value, bool):
        return "yes" if reading.value else "no"
    exact = f"{reading.value.numerator:,}" if reading.value.denominator == 1 else ""
    rounded = in_words(reading.value, item.unit)
    if not exact or exact in rounded or item.unit == "year":
        return rounded
    return f"{exact} {item.unit} ({rounded})"
