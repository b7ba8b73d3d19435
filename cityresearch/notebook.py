"""What notebooks call: `check` a claim, `show` a figure, `note` what is not available.

Each displays something that a reader understands and leaves a machine-readable record in the cell's output; the runner reads the
records from the executed notebook. The names of what was recorded are kept in the process too (`cityresearch.recording`), so that
an output that was captured or cleared is noticed. A slip of the pen is refused in one sentence before anything is displayed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from html import escape
from numbers import Real
from typing import TYPE_CHECKING, Any

from cityresearch.claims import records
from cityresearch.claims.ledger import Claim, claim, claims
from cityresearch.claims.reading import AsPrinted, Unlikely, read, unmarked
from cityresearch.claims.rules import verdict_on
from cityresearch.claims.said import keep
from cityresearch.claims.verdict import BASES
from cityresearch.errors import ClaimError
from cityresearch.numbers.display import in_words
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Fact, Missing, Quantity
from cityresearch.phrases import capitalized
from cityresearch.recording import record
from cityresearch.suggestions import hint
from cityresearch.verdict_display import as_html, as_text, grouped
from cityresearch.whole_tables import whole

__all__ = [
    "RESULT_MIME", "TEXT_MIME", "check", "check_the_rest", "count_if", "display_bundle", "display_text", "note", "result",
    "show", "table",
]  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

_checked: set[str] = set()
_run = {"counts": True}
RESULT_MIME = "application/vnd.cityresearch.result+json"
TEXT_MIME = "application/vnd.cityresearch.text+json"  # marks what the runner publishes as a chapter's text
STATED_BASES = tuple(basis for basis in BASES if basis != "none")
BARE = ("", "count", "rank", "ratio")  # claims in these units are numbers that say themselves what they are


def count_if(condition: bool) -> None:
    """Say once whether this run is about the place and year of the document; if not, no claim is counted.

    Parameters
    ----------
    condition : bool
        A comparison of parameters, for example `state == "CA" and year == 2023`. The runner reads it too: where it does not hold, cells
        tagged `paper` are left out.

    Raises
    ------
    ClaimError
        If the condition is neither true nor false.
    """
    if not isinstance(condition, bool):
        raise ClaimError(f"cr.count_if takes a comparison such as state == 'CA', found {_shown(condition)}.")
    _run["counts"] = condition


def check(claim_id: str, readings: Mapping[str, object], *, basis: str = "") -> None:
    """Compare a claim with its readings and with what sources print, and display the verdict; not counted where `count_if` says so.

    Parameters
    ----------
    claim_id : str
        For example "C027".
    readings : mapping of name to value
        See `cityresearch.claims.reading.read`. Wrap the reading that takes the document at its word in `cr.as_printed`. Where a number
        has natural choices (years, sets, vintages), pass a grid (`cityresearch.claims.grid`).
    basis : {"data", "source", "arithmetic", "text"}, optional
        What the readings rest on; if left out, source where the deciding reading is one published figure, else data.

    Raises
    ------
    ClaimError
        If the ledger has no such claim, a reading does not suit it, or another cell has checked it.
    """
    item = claim(claim_id)
    if basis != "" and basis not in STATED_BASES:
        raise ClaimError(
            f"Claim {claim_id} has the basis {basis!r}{hint(basis, STATED_BASES, 'use ' + ' or '.join(STATED_BASES))}"
        )
    if not _run["counts"]:
        text = f"{claim_id} not counted: it speaks of {', '.join(item.places) or item.subject}, {item.period or 'no year'}; this run is about something else."
        display_bundle(
            {"text/plain": text, "text/html": f"<p><b>{claim_id}</b> {escape(text[len(claim_id) + 1 :])}</p>"}
        )
        return
    verdict = verdict_on(item, read(item, _readings(item, readings)), basis)
    record("claim", claim_id)
    _checked.add(claim_id)
    kept = records.as_mime(verdict)
    keep(records.from_mime(kept, item.chapter))
    display_bundle({"text/plain": as_text(item, verdict), "text/html": as_html(item, verdict), records.MIME: [kept]})


def check_the_rest(chapter: str) -> None:
    """Judge a chapter's other claims by what documents and sources print, and display them, grouped by verdict.

    Claims that a cell of the same notebook has checked are left out.

    Parameters
    ----------
    chapter : str
        Name of the notebook, for example "03-ports".

    Raises
    ------
    ClaimError
        If no claim belongs to a chapter of that name.
    """
    known = {item.chapter for item in claims().values()}
    if chapter not in known:
        raise ClaimError(
            f"No claim belongs to a chapter {chapter!r}{hint(chapter, sorted(known), 'the chapters are ' + ', '.join(sorted(known)))}"
        )
    items = [item for item in claims().values() if item.chapter == chapter and item.claim_id not in _checked]
    if not _run["counts"]:
        note(f"{len(items)} further claims of this chapter speak of another place or year and are not counted.")
        return
    verdicts = [(item, verdict_on(item)) for item in items]
    kept = [records.as_mime(verdict) for _, verdict in verdicts]
    for found in kept:
        record("claim", found["claim_id"])
        keep(records.from_mime(found, chapter))
    display_bundle({**grouped(verdicts), records.MIME: kept})


def show(
    chart: object,
    name: str = "",
    *,
    title: str = "",
    subtitle: str = "",
    alt: str = "",
    caption: str = "",
    note: str = "",
    sources: Iterable[str] = (),
    data: pd.DataFrame | None = None,
) -> None:
    """Display a figure and leave its SVG, data, alt text and caption for the runner.

    Parameters
    ----------
    chart : Chart, Missing, or a drawing
        From an exhibit of a chapter's `figures`, or from a kind of `cityresearch.charts`. Where an exhibit has nothing to draw for this
        place or year, the reason is displayed instead. A drawing is a matplotlib Figure or Axes, a seaborn grid (FacetGrid, PairGrid,
        JointGrid) or a seaborn.objects.Plot; it is shown in the house style, and stays itself as it is.
    name : str
        File name without ending: lower case, digits and hyphens. An exhibit has one already.
    title, subtitle, alt, caption, note : str
        The words of a drawing; title and alt (at most 250 characters) are needed. Charts have theirs.
    sources : iterable of str
        Source ids of a drawing, for its source line.
    data : pandas.DataFrame, optional
        What a drawing plots; read off it where that is safe.

    Raises
    ------
    ClaimError
        If there is no name, it has other characters or was used by another cell, what is shown is no chart, or its words are not whole.
    """
    from cityresearch.charts import export
    from cityresearch.charts.adopted import adopt, figure_of
    from cityresearch.charts.chart import Chart
    from cityresearch.charts.exhibit import Undrawn, checked_name, draws

    if name:
        checked_name(name)
    if isinstance(chart, Missing):
        _note(capitalized(chart.reason))
        return
    told = dict(title=title, subtitle=subtitle, alt=alt, caption=caption, note=note, sources=sources, data=data)
    ours = isinstance(chart, Chart | Undrawn)
    drawing = None if ours else figure_of(chart)
    if not ours and drawing is None:
        raise ClaimError(
            "cr.show takes a chart and then its name; a chart is one of this project, a matplotlib Figure or Axes, or what seaborn "
            f"draws, found {_shown(chart)} as the chart."
        )
    given = [
        word for word, text in told.items() if text is not None and not (isinstance(text, str | tuple) and not text)
    ]
    if ours and given:
        raise ClaimError(
            f"This chart has its words and data already: say {given[0]}= where it is made, such as figures.trend(table, {given[0]}=...)."
        )
    name = name or getattr(chart, "name", "") * ours
    if name == "":
        raise ClaimError("The figure has no name for its files: give one, such as cr.show(chart, 'exports-by-year').")
    if isinstance(chart, Undrawn) or not draws():
        _note(
            f"the figure {name} is not drawn in a sweep; run this notebook with these parameters, or sweep with --figures."
        )
        return
    bundle = export.bundle(chart if ours else adopt(drawing, name, **told), name)
    record("figure", name)
    display_bundle(bundle)


def result(name: str, value: Quantity | Missing | float) -> None:
    """Display a number of this run and record it under a name, for the table of a sweep over many parameter values.

    Parameters
    ----------
    name : str
        A short name, the same in every run, for instance "five largest metros".
    value : Quantity, Missing or number
        A missing value is recorded with its reason.

    Raises
    ------
    ClaimError
        If the value is no number, or another cell has recorded a result of that name.
    """
    if not isinstance(name, str) or not name.strip():
        raise ClaimError(f"A result needs a name such as 'five largest metros', found {_shown(name)}.")
    what = f"The result {name!r}"
    if isinstance(value, Missing):
        content = {"name": name, "value": None, "unit": "", "period": "", "reason": value.reason}
        text = f"{name}: missing ({value.reason})"
    else:
        quantity = value if isinstance(value, Quantity) else Quantity(_number(what, value))
        content = {
            "name": name,
            "value": records.as_number(quantity.value),
            "unit": quantity.unit,
            "period": quantity.period,
            "reason": "",
        }
        text = f"{name}: {in_words(quantity.value, quantity.unit)}"
    record("result", name)
    display_bundle({"text/plain": text, "text/html": f"<p>{escape(text)}</p>", RESULT_MIME: content})


def note(text: str) -> None:
    """Display one line that a reader must not miss, for instance what is not available for this place or year."""
    _note(text)


def _note(text: str) -> None:
    display_text(f"Note: {text}", f"<p><b>Note.</b> {escape(text)}</p>")


def table(frame: pd.DataFrame, by: str | None = None) -> None:
    """Display a table whole: no cell is cut and no row left out.

    Parameters
    ----------
    frame : pandas.DataFrame
    by : str, optional
        A column whose values become headings, for a table that is long.

    Raises
    ------
    ParameterError
        If the table has no such column.
    """
    shown = whole(frame, by)
    display_text(shown["text/plain"], shown["text/html"])


def display_text(plain: str, html: str) -> None:
    """Display words or a table, of which the runner publishes the plain text with those of the chapter."""
    display_bundle({"text/plain": plain, "text/html": html, TEXT_MIME: {}})


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


def _readings(item: Claim, readings: object) -> dict[str, object]:
    """Return the readings as the rules take them, after refusing what a slip of the pen makes of a reading."""
    if not isinstance(readings, Mapping):
        raise ClaimError(
            f"Claim {item.claim_id} needs its readings as a mapping of names to values, such as {{'five largest metros, 2023': value}}, "
            f"found {_shown(readings)}."
        )
    found = {}
    for name, marked in readings.items():
        if not isinstance(name, str) or not name.strip():
            raise ClaimError(
                f"Claim {item.claim_id}: a reading needs a name that says how it is computed, found {_shown(name)}."
            )
        value = unmarked(marked)
        what = f"Claim {item.claim_id}, reading {name!r}:"
        if isinstance(value, Quantity) and not value.unit and item.unit not in BARE:
            raise ClaimError(f"{what} the quantity has no unit: write cr.Quantity(value, {item.unit!r}).")
        if not isinstance(value, Quantity | Missing | Fact | Interval):
            value = _truth_or_number(what, value)
        found[name] = type(marked)(value) if isinstance(marked, AsPrinted | Unlikely) else value
    return found


def _truth_or_number(what: str, value: object) -> object:
    numpy = sys.modules.get("numpy")
    if isinstance(value, bool) or (numpy and isinstance(value, numpy.bool_)):
        return bool(value)
    return _number(what, value)


def _number(what: str, value: object) -> object:
    """Return a number as it is, after refusing texts, which may be numbers by accident, and what has no value."""
    from cityresearch.numbers.intervals import exact

    nothing = value is None or type(value).__name__ in ("NAType", "NaTType")
    if nothing or (isinstance(value, Real) and math.isnan(value)):
        raise ClaimError(f"{what} has no value ({value!r}): say why with cr.missing('...').")
    if isinstance(value, str | bool) or hasattr(value, "__len__"):
        raise ClaimError(f"{what} must be a number, a cr.Quantity or cr.missing(...), found {_shown(value)}.")
    try:
        exact(value)
    except ClaimError:
        raise ClaimError(f"{what} must be a finite number, found {_shown(value)}.") from None
    return value


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return f"{text[:60]}..." if len(text) > 60 else text
