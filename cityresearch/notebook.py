"""What notebooks call: `check` a claim, `show` a figure, `note` what is not available.

Each displays something that a reader understands and leaves a machine-readable record in the cell's output; the runner reads the
records from the executed notebook, so nothing else passes between a notebook and its results.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from cityresearch.claims import records
from cityresearch.claims.agreement import bound_in_words, in_words
from cityresearch.claims.ledger import Claim, claim, claims
from cityresearch.claims.verdict import Reading, Verdict, judge, printed_words, read
from cityresearch.quantity import Missing, Quantity

if TYPE_CHECKING:
    from cityresearch.figures.chart import Chart

_checked: set[str] = set()
RESULT_MIME = "application/vnd.cityresearch.result+json"
SIGNS = {True: "agrees", False: "does not agree", None: "no value"}


def check(claim_id: str, readings: Mapping[str, object], *, when: bool = True, basis: str = "data") -> None:
    """Hold a claim against its readings and display the verdict.

    Parameters
    ----------
    claim_id : str
        For example "C027".
    readings : mapping of name to value
        See `cityresearch.claims.verdict.read`. Wrap the reading that takes the document at its word in `cr.as_printed`.
    when : bool
        False if the notebook was run for another place or year than the claim speaks of: the claim is then shown as not counted.
    basis : {"data", "arithmetic"}
        What the readings rest on.

    Raises
    ------
    ClaimError
        If the ledger has no such claim or a reading does not suit it.
    """
    item = claim(claim_id)
    if not when:
        text = f"{claim_id} not counted: it speaks of {', '.join(item.places) or item.subject}, {item.period or 'no year'}; this run is about something else."
        display_bundle(
            {"text/plain": text, "text/html": f"<p><b>{claim_id}</b> {escape(text[len(claim_id) + 1 :])}</p>"}
        )
        return
    verdict = judge(item, read(item, readings), basis)
    _checked.add(claim_id)
    display_bundle(
        {
            "text/plain": _as_text(item, verdict),
            "text/html": _as_html(item, verdict),
            records.MIME: [records.as_mime(verdict)],
        }
    )


def check_the_rest(chapter: str, *, when: bool = True) -> None:
    """Judge a chapter's other claims by what documents and sources print, and display them as one table.

    Claims that a cell of the same notebook has checked are left out.

    Parameters
    ----------
    chapter : str
        Name of the notebook, for example "03-ports".
    when : bool
        False if the notebook was run for another place or year than the claims speak of: none is counted then.
    """
    items = [item for item in claims().values() if item.chapter == chapter and item.claim_id not in _checked]
    if not when:
        note(f"{len(items)} further claims of this chapter speak of another place or year and are not counted.")
        return
    from cityresearch.claims.rules import judge_by_rule

    verdicts = [(item, judge_by_rule(item)) for item in items]
    display_bundle(
        {
            "text/plain": "\n".join(
                f"{i.claim_id} {v.verdict} ({v.basis})  {i.statement}. {v.reason}" for i, v in verdicts
            ),
            "text/html": _table_of(verdicts),
            records.MIME: [records.as_mime(verdict) for _, verdict in verdicts],
        }
    )


def show(chart: Chart | None, name: str) -> None:
    """Display a figure and leave its SVG, data, alt text and caption for the runner.

    Parameters
    ----------
    chart : Chart or None
        From a function of `cr.figures`; None where the run draws none.
    name : str
        File name without ending: lower case, digits and hyphens.

    Raises
    ------
    ClaimError
        If the name has other characters.
    """
    if chart is None:
        note(
            f"the figure {name} is not drawn in a sweep; run this notebook with these parameters, or sweep with --figures."
        )
        return
    from cityresearch.figures import export

    display_bundle(export.bundle(chart, name))


def result(name: str, value: Quantity | Missing | float) -> None:
    """Display a number of this run and record it under a name, for the table of a sweep over many parameter values.

    Parameters
    ----------
    name : str
        A short name, the same in every run, for instance "five largest metros".
    value : Quantity, Missing or number
        A missing value is recorded with its reason.
    """
    if isinstance(value, Missing):
        record = {"name": name, "value": None, "unit": "", "period": "", "reason": value.reason}
        text = f"{name}: missing ({value.reason})"
    else:
        quantity = value if isinstance(value, Quantity) else Quantity(value)
        record = {
            "name": name,
            "value": records.as_number(quantity.value),
            "unit": quantity.unit,
            "period": quantity.period,
            "reason": "",
        }
        text = f"{name}: {in_words(quantity.value, quantity.unit)}"
    display_bundle({"text/plain": text, "text/html": f"<p>{escape(text)}</p>", RESULT_MIME: record})


def note(text: str) -> None:
    """Display one line that a reader must not miss, for instance what is not available for this place or year."""
    display_bundle({"text/plain": f"Note: {text}", "text/html": f"<p><b>Note.</b> {escape(text)}</p>"})


def display_bundle(bundle: dict[str, Any]) -> None:
    """Display a bundle of MIME types in a notebook, or print its text elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        print(bundle["text/plain"])
    else:
        display(bundle, raw=True)


def _as_text(item: Claim, verdict: Verdict) -> str:
    lines = [f"{item.claim_id} {verdict.verdict.upper()} ({verdict.basis})  {item.statement}"]
    if item.printed is not None:
        lines.append(f"  printed: {printed_words(item)}")
    lines += [f"  - {r.name}{_mark(r)}: {_value(item, r)} ({SIGNS[r.agrees]}{_bound(r)})" for r in verdict.readings]
    lines += [f"    caveat: {c}" for r in verdict.readings for c in r.caveats]
    return "\n".join([*lines, f"  {verdict.reason}"])


def _as_html(item: Claim, verdict: Verdict) -> str:
    printed = f"<br>Printed: {escape(printed_words(item))}" if item.printed is not None else ""
    rows = "".join(
        f"<tr><td style='text-align:left'>{escape(r.name)}{_mark(r)}"
        + "".join(f"<br><small>{escape(c)}</small>" for c in r.caveats)
        + f"</td><td>{escape(_value(item, r))}</td><td style='text-align:left'>{SIGNS[r.agrees]}{_bound(r)}</td></tr>"
        for r in verdict.readings
    )
    return (
        f"<p><b>{item.claim_id}: {verdict.verdict}</b> (basis: {verdict.basis}). {escape(item.statement)}.{printed}</p>"
        f"<table><thead><tr><th style='text-align:left'>Reading</th><th>Value</th><th style='text-align:left'>Against the printed number"
        f"</th></tr></thead><tbody>{rows}</tbody></table><p>{escape(verdict.reason)}</p>"
    )


def _table_of(verdicts: list[tuple[Claim, Verdict]]) -> str:
    left = "style='text-align:left'"
    rows = "".join(
        f"<tr><td>{i.claim_id}</td><td {left}><b>{v.verdict}</b><br><small>{v.basis}</small></td><td {left}>{escape(i.statement)}"
        f"<br><small>{escape(v.reason)}</small></td></tr>"
        for i, v in verdicts
    )
    return f"<table><thead><tr><th>Claim</th><th {left}>Verdict</th><th {left}>Statement and reason</th></tr></thead><tbody>{rows}</tbody></table>"


def _mark(reading: Reading) -> str:
    return " [as printed]" if reading.as_printed else ""


def _bound(reading: Reading) -> str:
    return f", holds only as {bound_in_words(reading.bound)}" if reading.bound else ""


def _value(item: Claim, reading: Reading) -> str:
    if reading.value is None:
        return f"missing: {reading.words}"
    if isinstance(reading.value, bool):
        return "yes" if reading.value else "no"
    exact = f"{reading.value.numerator:,}" if reading.value.denominator == 1 else ""
    rounded = in_words(reading.value, item.unit)
    if not exact or exact == rounded.split(" ")[0] or item.unit == "year":
        return rounded
    return f"{exact} {item.unit} ({rounded})"
