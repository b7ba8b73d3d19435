"""Timelines of trips: one row per city, one mark per trip."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, text_width
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

__all__ = ["LANE", "PURPOSES", "mission_timeline"]
PURPOSES = {"yes": "trade purpose clear", "partly": "partial", "no": "none or unknown"}
LANE = 8.5  # points between marks that would touch


def mission_timeline(
    trips: pd.DataFrame,
    words: Words,
    *,
    rows: Sequence[str],
    years: tuple[int, int],
) -> Chart:
    """Draw trips over time: fill tells the trade purpose, shape whether an official led or joined.

    Parameters
    ----------
    trips : pandas.DataFrame
        From `counts.trips`; undated trips are left out. A trip known only by its year gets a bar across the year.
    years : tuple of int
        First and last year shown; trips outside are left out.
    rows : sequence of str
        Jurisdictions from top to bottom; one without a dated trip gets an empty row that says so.

    Returns
    -------
    Chart
        Data: label (the jurisdiction), period (the start), date_precision, mission_id, role, trade_focus, countries.
    """
    dated = trips[trips["start_date"].notna() & trips["jurisdiction"].isin(rows)].copy()
    dated["x"] = [_middle(date) for date in dated["start_date"]]
    first, last = years[0], years[1] + 1
    dated = dated[(dated["x"] >= first) & (dated["x"] < last)]
    left = max(text_width(name) for name in rows) * style.LABEL + 8
    scale = (style.width() * 72 - left - 14) / (last - first)
    lanes = {name: _lanes(dated[dated["jurisdiction"] == name], scale) for name in rows}
    deep = {name: max([1, *(lane + 1 for lane in found.values())]) for name, found in lanes.items()}
    tall = sum(deep.values()) * LANE + len(rows) * 5
    with style.house_style():
        figure, (ax,) = framed((tall + 52) / 72, words, footer=words.footer(most=2))
        y, ticks = 0.0, []
        for i, name in enumerate(rows):
            depth = deep[name] * LANE + 5
            if i % 2 == 0:
                ax.axhspan(y, y + depth, color="#F4F5F6", lw=0, zorder=0)
            ticks.append(y + depth / 2)
            for row in dated[dated["jurisdiction"] == name].itertuples():
                at = y + 2.5 + LANE * (lanes[name][row.Index] + 0.5)
                if row.date_precision == "year":
                    ax.plot([int(row.x), int(row.x) + 1], [at, at], color=style.GRAY, lw=0.8, zorder=2)
                ax.plot([row.x], [at], ls="", ms=5, mew=0.8, zorder=3, clip_on=False, **_look(row))
            if not lanes[name]:
                ax.text(
                    (first + last) / 2,
                    y + depth / 2,
                    "none found",
                    size=style.SMALL,
                    ha="center",
                    va="center",
                    color="#555555",
                    bbox={"fc": "#F4F5F6" if i % 2 == 0 else "white", "ec": "none", "pad": 0.6},
                )
            y += depth
        lines = _legend(ax, first, scale, y + 11)
        ax.set_ylim(y + 4 + 11 * lines, 0)
        ax.set_xlim(first, last)
        ax.set_yticks(ticks, list(rows))
        ax.tick_params(axis="y", length=0)
        ax.set_xticks([v + 0.5 for v in range(first, last)], [_year(v) for v in range(first, last)])
        ax.tick_params(axis="x", length=0)
        for v in range(first + 1, last):
            ax.plot([v, v], [0, y], color="#D5D8DB", lw=0.5, zorder=1)
        ax.xaxis.tick_top()
        ax.spines[["left", "bottom"]].set_visible(False)
    columns = ["jurisdiction", "start_date", "date_precision", "role", "trade_focus", "countries"]
    data = dated[columns].reset_index().sort_values(["jurisdiction", "start_date"], ignore_index=True)
    counts = "; ".join(f"{name} {len(lanes[name])}" for name in rows)
    told = (
        f"Timeline of trips abroad from {first} to {last - 1}, one row per jurisdiction. {words.title}. "
        f"Trips per row: {counts}. The marks tell trips with a clear trade purpose from others, "
        "and trips led by an official from trips joined as a guest."
    )
    data = data.rename(columns={"jurisdiction": "label", "start_date": "period"})
    return finished(figure, data, words | {"description": words.description or told}, "Timeline")


def _middle(date: str) -> float:
    """Return a date as a decimal year; the middle of the month or year where no day is known."""
    year, month, day = (int(part) for part in (date + "-00-00").split("-")[:3])
    if not month:
        return year + 0.5
    return year + (month - 1) / 12 + ((day or 15) - 1) / 372


def _lanes(rows: pd.DataFrame, scale: float) -> dict[str, int]:
    """Give each trip the lowest lane in which its mark, or its bar, touches no other."""
    half = (LANE - 1) / 2 / scale
    spans = {
        row.Index: (int(row.x), int(row.x) + 1) if row.date_precision == "year" else (row.x - half, row.x + half)
        for row in rows.itertuples()
    }
    placed: dict[str, int] = {}
    for mission_id, (low, high) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        taken = {lane for other, lane in placed.items() if spans[other][0] < high and low < spans[other][1]}
        placed[mission_id] = next(lane for lane in range(len(rows)) if lane not in taken)
    return placed


def _look(row) -> dict[str, object]:
    return _marker(row.role == "led", row.trade_focus)


def _marker(led: bool, focus: str) -> dict[str, object]:
    fill = {"yes": style.BLUE, "partly": style.SKY}.get(focus, "white")
    return {
        "marker": "o" if led else "^",
        "color": fill,
        "mec": style.BLUE if focus in ("yes", "partly") else style.INK,
    }


def _legend(ax, first: int, scale: float, y: float) -> int:
    """Explain the marks under the last row, and return how many lines that took."""
    keys = [(words, _marker(True, focus)) for focus, words in PURPOSES.items()]
    gray = {"color": style.GRAY, "mec": style.INK}
    keys += [("led", {"marker": "o", **gray}), ("joined as a guest", {"marker": "^", **gray})]
    x, line, room = 4.0, 0, style.width() * 72 - 110
    for words, look in keys:
        needed = 12 + text_width(words) * style.SMALL
        if x > 4 and x + needed > room:
            x, line = 4.0, line + 1
        ax.plot([first + x / scale], [y + 11 * line], ls="", ms=5, mew=0.8, **look)
        ax.text(first + (x + 6) / scale, y + 11 * line, words, size=style.SMALL, va="center")
        x += needed + 6
    return line + 1


def _year(year: int) -> str:
    return str(year) if style.width() >= 5 else f"’{year % 100:02d}"
