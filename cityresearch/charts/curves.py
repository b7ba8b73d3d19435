"""Specification curves: one claim under each of its readings, against what the wording covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, in_thousands, lay_out, source_line, ticks_within, wrapped
from cityresearch.charts.spoken import LONGEST_ALT, percent_in_words
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.claims.ledger import Claim, claim
from cityresearch.claims.reading import Reading, printed_words, read
from cityresearch.claims.records import Check
from cityresearch.claims.wordings import reach
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import unique

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

__all__ = ["recorded_curve", "specification_curve"]

MOST_ROWS = 30  # more readings than this are drawn in rows by their choices, if they have any in common
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1, ""))


def specification_curve(
    claim_id: str, readings: Mapping[str, object], words: Words, *, names: Mapping[str, str] | None = None
) -> Chart:
    """Draw the value of a claim under each reading, with the range that its wording covers shaded.

    Parameters
    ----------
    claim_id : str
        A claim with a printed number.
    readings : mapping of name to value
        As for `cr.check`; readings without a value are listed under the plot.
    words : Words
        Its title is the message, its note is added to the subtitle; subtitle, alt text, caption and sources are made where they are empty.
    names : mapping of reading to words, optional
        What is written in place of the name of a reading, such as the id of a rule, which stays in the verdict.

    Returns
    -------
    Chart
        Data: label (the reading), value, low, high, the printed number with what its wording covers, unit, source_id, claim_id,
        as_printed, meant, agrees (empty where there is no value). A grid of many readings is drawn with a row for each choice but
        the last, with a dot for each value of the last.
    """
    found = read(claim(claim_id), readings)
    return _curve(claim(claim_id), tuple(replace(r, name=(names or {}).get(r.name, r.name)) for r in found), words)


def recorded_curve(check: Check, words: Words) -> Chart:
    """Draw a claim under the readings that a notebook recorded; as `specification_curve`.

    Rows of sources are left out: they can be of another unit or subject than the claim, and the verdict says what they show.
    """
    item = claim(check.claim_id)
    return _curve(item, tuple(_recorded(item, row) for row in check.readings if row["kind"] != "source"), words)


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
        meant=row["meant"] == "true",
    )


def _curve(item: Claim, found: tuple[Reading, ...], words: Words) -> Chart:
    known = sorted((r for r in found if r.value is not None), key=lambda r: (r.value, r.name))
    lacking = [r for r in found if r.value is None]
    covered = reach(item)
    rows = _rows(known)
    largest = max([abs(r.value) for r in known] + [abs(item.printed.value)])
    scale, word = next((s, w) for s, w in SCALES if largest >= s or s == 1)
    unit = {"USD": "US dollars", "count": "", "year": "years"}.get(item.unit, item.unit)
    subtitle = (
        f"{item.statement.rstrip('.')}. Printed: {percent_in_words(printed_words(item))}. Each dot is one reading; shaded: what the wording covers. "
        f"{_tally(known)}" + (f" {words.note}" if words.note else "")
    )
    sources = unique(s for r in found for s in r.sources)
    foot = source_line(sources) if sources else ""
    if lacking:
        foot = f"Without a value: {'; '.join(r.name for r in lacking)}.\n{foot}"
    names = [wrapped(name, style.width() * 0.42, style.SMALL) for name in rows]
    height = 0.35 + sum(0.10 + 0.12 * (n.count("\n") + 1) for n in names)
    with style.house_style():
        figure, (ax,) = framed(height, words | {"subtitle": words.subtitle or subtitle}, footer=foot)
        low, high = float(covered.low / scale), float(covered.high / scale)
        ax.axvspan(low, high, color=style.BAND, lw=0)
        ax.axvline(float(item.printed.value / scale), color=style.ORANGE, lw=1)
        written: list[tuple[Annotation, float]] = []
        for y, inside in enumerate(rows.values()):
            for r in sorted(inside, key=lambda r: r.meant):
                _draw(ax, r, y, scale)
            written += _write(ax, inside, y, scale)
        ax.set_yticks(range(len(rows)), names, size=style.SMALL)
        ax.set_ylim(-0.6, len(rows) - 0.4)
        ax.set_xlabel(" ".join(filter(None, (word, unit))), size=style.SMALL)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=style.SMALL)
        ax.margins(x=0.12)
        places = ticks_within(*ax.get_xlim(), 4 if style.width() < 5 else 6)
        if all(r.value == int(r.value) for r in known) and item.printed.value == int(item.printed.value):
            # between two ranks or two trips there is nothing
            places = [v for v in places if v == int(v)] if ax.get_xlim()[1] - ax.get_xlim()[0] > 1 else places
        ax.set_xticks(places, [in_thousands(v) for v in places])
        _clear_of(figure, ax, float(item.printed.value / scale), written)
    legend = (
        "Filled: the reading agrees; hollow: it does not; square: it takes the document at its word"
        + ("; small and gray: a careful writer would hardly mean it" if not all(r.meant for r in known) else "")
        + "."
    )
    told = f"{words.title.rstrip('.')}. Dot plot of readings; printed: {percent_in_words(printed_words(item))}. {_tally(known)}"
    made = {
        "subtitle": subtitle,
        "alt": told if len(told) <= LONGEST_ALT else "",
        "caption": f"{item.statement}. {legend}",
        "sources": sources,
    }
    told = words | {name: text for name, text in made.items() if not getattr(words, name)}
    data = _data(item, known + lacking, scale, " ".join(filter(None, (word, unit))) or "count", covered)
    return finished(figure, data, told, "Dot plot of readings")


def _rows(known: list[Reading]) -> dict[str, list[Reading]]:
    """Return the readings of each row, each by itself or, of a long grid, all that differ in their last choice alone."""
    by_name = {r.name: [r] for r in known}
    if len(known) <= MOST_ROWS:
        return by_name
    groups: dict[str, list[Reading]] = {}
    for r in known:
        groups.setdefault(r.name.rpartition(", ")[0] or r.name, []).append(r)
    if 2 * len(groups) > len(known):
        return by_name
    return dict(sorted(groups.items(), key=lambda group: group[1][len(group[1]) // 2].value))


def _draw(ax, r: Reading, y: int, scale: int) -> None:
    color = (style.BLUE if r.agrees else style.INK) if r.meant else style.GRAY
    if r.interval is not None:
        ax.plot([float(r.interval.low / scale), float(r.interval.high / scale)], [y, y], color=color, lw=1.2)
    shape = dict(marker="s" if r.as_printed else "o", ms=5 if r.meant else 3.5, mec=color)
    ax.plot([float(r.value / scale)], [y], ls="", color=color if r.agrees else "white", **shape)


def _write(ax, inside: list[Reading], y: int, scale: int) -> list[tuple[Annotation, float]]:
    """Write the value of a row's one reading to its right, or of many the one as printed above it.

    Returns
    -------
    list of (Annotation, float)
        What is written to the right, and the lower end of its reading.
    """
    found = []
    for r in inside:
        if len(inside) == 1:
            end = float((r.interval.high if r.interval else r.value) / scale)
            told = dict(text=_short(r.value / scale), xytext=(6, 0), va="center")
        elif r.as_printed:
            end = float(r.value / scale)
            told = dict(text=f"{r.name.rpartition(', ')[2]}: {_short(r.value / scale)}", xytext=(0, 4), ha="center")
        else:
            continue
        # the axes hold every reading, and to ask of each whether they do would take long
        look = dict(textcoords="offset points", size=style.SMALL, annotation_clip=False)
        text = ax.annotate(**told, xy=(end, y), **look)
        if len(inside) == 1:
            found.append((text, float((r.interval.low if r.interval else r.value) / scale)))
    return found


def _clear_of(figure: Figure, ax: Axes, line: float, written: Sequence[tuple[Annotation, float]]) -> None:
    """Move values that the line of the printed number would strike through to the left of their dots."""
    lay_out(figure)
    renderer = figure.canvas.get_renderer()
    rule, edge = ax.transData.transform((line, 0))[0], ax.get_window_extent().x0
    for text, low in written:
        box = text.get_window_extent(renderer)
        if not box.x0 - 2 < rule < box.x1 + 2:
            continue
        start = ax.transData.transform((low, 0))[0]
        if start - 6 - box.width > edge:
            text.xy = (low, text.xy[1])
            text.set(position=(-6, 0), ha="right")
        else:  # there is no room before the dot
            text.set_bbox({"fc": "white", "ec": "none", "pad": 0.6})


def _data(item: Claim, readings: list[Reading], scale: int, unit: str, covered: Interval) -> pd.DataFrame:
    """Return the readings in the unit of the axis, with the printed number and what its wording covers."""

    def scaled(number: object) -> float | None:
        return None if number is None else float(number / scale)

    def end(r: Reading, side: str) -> float | None:
        return scaled(getattr(r.interval, side) if r.interval else r.value)

    return pd.DataFrame(
        {
            "label": [r.name for r in readings],
            "value": [scaled(r.value) for r in readings],
            "low": [end(r, "low") for r in readings],
            "high": [end(r, "high") for r in readings],
            "unit": unit,
            "printed": scaled(item.printed.value),
            "printed_low": scaled(covered.low),
            "printed_high": scaled(covered.high),
            "source_id": [";".join(r.sources) for r in readings],
            "claim_id": item.claim_id,
            "as_printed": [r.as_printed for r in readings],
            "meant": [r.meant for r in readings],
            "agrees": ["" if r.agrees is None else r.agrees for r in readings],
        }
    )


def _tally(known: list[Reading]) -> str:
    hits = [r for r in known if r.agrees]
    meant = sum(r.meant for r in hits)
    if len(known) == 1:
        return f"The one reading that has a value {'agrees' if hits else 'does not agree'}."
    careful = "" if meant == len(hits) else f", {meant or 'none'} of them in a way that a careful writer could mean"
    return (
        f"{len(hits) or 'None'} of the {len(known)} readings that have a value agree{'s' * (len(hits) < 2)}{careful}."
    )


def _short(value) -> str:
    x = float(value)
    return in_marks(f"{x:,.0f}" if abs(x) >= 1000 or x == int(x) else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}")
