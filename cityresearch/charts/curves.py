"""Specification curves: one claim under each of its readings, against what the wording covers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_thousands, source_line, ticks_within, wrapped
from cityresearch.charts.words import Words
from cityresearch.claims.ledger import Claim, claim
from cityresearch.claims.reading import Reading, printed_words, read
from cityresearch.claims.records import Check
from cityresearch.claims.wordings import reach
from cityresearch.numbers.display import in_words
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import unique

__all__ = ["recorded_curve", "specification_curve"]

SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1, ""))


def specification_curve(claim_id: str, readings: Mapping[str, object], words: Words) -> Chart:
    """Draw the value of a claim under each reading, with the range that its wording covers shaded.

    Parameters
    ----------
    claim_id : str
        A claim with a printed number.
    readings : mapping of name to value
        As for `cr.check`; readings without a value are listed under the plot.
    words : Words
        Its title is the message, its note is added to the subtitle; subtitle, alt text, caption and sources are made where they are empty.

    Returns
    -------
    Chart
        Data: reading, as_printed, value, low, high, agrees (empty where there is no value), in the claim's unit.
    """
    return _curve(claim(claim_id), read(claim(claim_id), readings), words)


def recorded_curve(check: Check, words: Words) -> Chart:
    """Draw a claim under the readings that a notebook recorded; as `specification_curve`."""
    item = claim(check.claim_id)
    return _curve(item, tuple(_recorded(item, row) for row in check.readings), words)


def _recorded(item: Claim, row: Mapping[str, str]) -> Reading:
    value = exact(row["value"]) if row["value"] not in ("", "true", "false") else None
    interval = Interval(row["low"], row["high"]) if row["low"] and row["high"] else None
    agrees = {"true": True, "false": False}.get(row["agrees"])
    sources = tuple(s for s in row["sources"].split(";") if s)
    rounds_to = exact(row["rounds_to"]) if row["rounds_to"] else None
    return Reading(
        row["reading"],
        row["as_printed"] == "true",
        value,
        interval,
        agrees,
        row["bound"],
        rounds_to,
        row["words"],
        sources,
        (),
    )


def _curve(item: Claim, found: tuple[Reading, ...], words: Words) -> Chart:
    claim_id = item.claim_id
    known = sorted((r for r in found if r.value is not None), key=lambda r: (r.value, r.name))
    lacking = [r for r in found if r.value is None]
    covered = reach(item)
    largest = max([abs(r.value) for r in known] + [abs(item.printed.value)])
    scale, word = next((s, w) for s, w in SCALES if largest >= s or s == 1)
    unit = {"percent": "percent", "count": "", "rank": "rank"}.get(item.unit, item.unit)
    hits = [r for r in known if r.agrees]
    subtitle = (
        f"{claim_id}, printed: {printed_words(item)}. Each dot is one reading; shaded: what the wording covers. "
        f"{_tally(len(hits), len(known))}" + (f" {words.note}" if words.note else "")
    )
    sources = unique(s for r in found for s in r.sources)
    foot = source_line(sources) if sources else ""
    if lacking:
        foot = f"Without a value: {'; '.join(r.name for r in lacking)}.\n{foot}"
    names = [wrapped(r.name, style.width() * 0.42, style.SMALL) for r in known]
    height = 0.35 + sum(0.10 + 0.12 * (n.count("\n") + 1) for n in names)
    with style.house_style():
        figure, (ax,) = framed(height, words | {"subtitle": words.subtitle or subtitle}, footer=foot)
        low, high = float(covered.low / scale), float(covered.high / scale)
        ax.axvspan(low, high, color=style.BAND, lw=0)
        ax.axvline(float(item.printed.value / scale), color=style.ORANGE, lw=1)
        for y, r in enumerate(known):
            color = style.BLUE if r.agrees else style.INK
            if r.interval is not None:
                ax.plot([float(r.interval.low / scale), float(r.interval.high / scale)], [y, y], color=color, lw=1.2)
            shape = dict(marker="s" if r.as_printed else "o", ms=5, mec=color, color=color if r.agrees else "white")
            ax.plot([float(r.value / scale)], [y], ls="", **shape)
            ax.annotate(
                _short(r.value / scale),
                (float((r.interval.high if r.interval else r.value) / scale), y),
                (6, 0),
                textcoords="offset points",
                va="center",
                size=style.SMALL,
            )
        ax.set_yticks(range(len(known)), names, size=style.SMALL)
        ax.set_ylim(-0.6, len(known) - 0.4)
        ax.set_xlabel(" ".join(filter(None, (word, unit))), size=style.SMALL)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=style.SMALL)
        ax.margins(x=0.12)
        places = ticks_within(*ax.get_xlim(), 4 if style.width() < 5 else 6)
        ax.set_xticks(places, [in_thousands(v) for v in places])
    data = pd.DataFrame(
        {
            "reading": [r.name for r in known + lacking],
            "as_printed": [r.as_printed for r in known + lacking],
            "value": [float(r.value) if r.value is not None else None for r in known + lacking],
            "low": [
                float(r.interval.low if r.interval else r.value) if r.value is not None else None
                for r in known + lacking
            ],
            "high": [
                float(r.interval.high if r.interval else r.value) if r.value is not None else None
                for r in known + lacking
            ],
            "agrees": ["" if r.agrees is None else r.agrees for r in known + lacking],
        }
    )
    values = "; ".join(f"{r.name} {in_words(r.value, item.unit)}" for r in known)
    told = (
        f"Dot plot of claim {claim_id} under {len(known)} readings. Printed: {printed_words(item)}; the wording covers "
        f"{in_words(covered.low, item.unit)} to {in_words(covered.high, item.unit)}. {values}. "
        f"Agreeing: {', '.join(r.name for r in hits) or 'none'}."
    )
    legend = "Filled: the reading agrees; hollow: it does not; square: it takes the document at its word."
    made = {"subtitle": subtitle, "alt": told, "caption": f"{item.statement}. {legend}", "sources": sources}
    return Chart(figure, data, words | {name: text for name, text in made.items() if not getattr(words, name)})


def _tally(hits: int, known: int) -> str:
    if known == 1:
        return f"The one reading that has a value {'agrees' if hits else 'does not agree'}."
    return f"{hits or 'None'} of the {known} readings that have a value agree{'s' * (hits < 2)}."


def _short(value) -> str:
    x = float(value)
    return f"{x:,.0f}" if abs(x) >= 1000 or x == int(x) else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}"
