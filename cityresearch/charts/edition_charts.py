"""Series that come in editions: each edition is a line of its own, and no line joins two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_thousands, ticks_within
from cityresearch.charts.line_charts import DASHES, NOT_FROM_ZERO, SERIES_COLORS
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

__all__ = ["SIDE_BY_SIDE", "editions"]

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
GROUND = {"fc": "white", "ec": "none", "pad": 0.4}  # of a text that a rule would strike through
KEY_LINE = 0.16  # inches of one line of the key
SIDE_BY_SIDE = 6.5  # inches from which panels are next to each other


def editions(
    data: pd.DataFrame,
    words: Words,
    *,
    units: Mapping[str, str],
    breaks: Sequence[float] = (),
    events: Mapping[float, str] | None = None,
    level: tuple[float, str] | None = None,
    level_range: tuple[float, float] | None = None,
    ticks: Mapping[float, str] | None = None,
    zero: bool = True,
    height: float = 1.9,
) -> Chart:
    """Draw one panel per measure and in it one line per edition.

    Parameters
    ----------
    data : pandas.DataFrame
        Long: panel, edition, x (number), period (ISO; the year x if left out), value, derived (True: drawn hollow), label (written at the point; may be empty), below (True: the
        label stands under the point).
    units : mapping of panel to unit
        For the vertical axes.
    breaks : sequence of x
        Dashed vertical lines; what they mean is for the subtitle to say.
    events : mapping of x to label, optional
        Dotted vertical lines.
    level : (value, label), optional
        A horizontal line, for instance a printed number.
    level_range : (low, high), optional
        What the number of the level can mean, for the data.
    ticks : mapping of x to label, optional
        Labels of the horizontal axis; every x of the data if left out.
    zero : bool
        Start the vertical axes at zero.
    height : float
        Inches of one panel.

    Returns
    -------
    Chart
        Data: panel, series (the edition), segment, period, value, unit, derived, and the level as the printed number.
    """
    if not zero and data["value"].min() > 0:
        words |= {"note": f"{words.note} {NOT_FROM_ZERO}".strip()}
    # panels under each other need less height than next to each other
    height = height if len(units) == 1 or style.width() >= SIDE_BY_SIDE else 0.72 * height
    panels, names = list(units), list(dict.fromkeys(data["edition"]))
    columns = (len(panels) if len(panels) <= 3 else 2) if style.width() >= SIDE_BY_SIDE else 1
    rows = -(-len(panels) // columns)
    look = {n: (SERIES_COLORS[i % 7], DASHES[i % 7], MARKERS[i % 7]) for i, n in enumerate(names)}
    across = 3 if style.width() >= 5 else 1
    legend = KEY_LINE * -(-len(names) // across) if len(names) > 1 else 0.0
    with style.house_style():
        figure, axes = framed((height + 0.1) * rows + legend, words, rows=rows, columns=columns)
        for ax, panel in zip(axes, panels, strict=True):
            shown = data[data["panel"] == panel]
            rules, near = [*breaks, *(events or {})], 0.08 * (shown["x"].max() - shown["x"].min())
            for name in names:
                line = shown[shown["edition"] == name].sort_values("x")
                if line.empty:
                    continue
                color, dash, marker = look[name]
                ax.plot(line["x"], line["value"], color=color, ls=dash, lw=1.3, label=name)
                for _, point in line.iterrows():
                    face = "white" if point["derived"] else color
                    ax.plot([point["x"]], [point["value"]], ls="", marker=marker, ms=3.6, mec=color, color=face)
                    below = bool(point["below"])
                    ax.annotate(
                        point["label"], (point["x"], point["value"]), (0, -5 if below else 5), textcoords="offset points", ha="center",
                        va="top" if below else "bottom", size=style.SMALL,
                        bbox=GROUND if any(abs(point["x"] - x) < near for x in rules) else None,
                    )  # fmt: skip
            _frame(ax, shown, units[panel], panel if len(panels) > 1 else "", zero, level)
            for place in breaks:
                ax.axvline(place, color=style.GRAY, lw=0.9, ls=(0, (4, 2)), zorder=0)
            if level:
                ax.axhline(level[0], color=style.ORANGE, lw=1, zorder=0)
                ax.annotate(
                    level[1], (_clear(ax, shown, level, columns), level[0]), (0, 2.5), xycoords=("axes fraction", "data"), textcoords="offset points", va="bottom",
                    size=style.SMALL, bbox=GROUND,
                )  # fmt: skip
            for place, label in (events or {}).items():
                ax.axvline(place, color=style.GRAY, lw=0.9, ls=(0, (1, 2)), zorder=0)
                ax.annotate(
                    label, (place, 1.0), (-3, -1), xycoords=("data", "axes fraction"), textcoords="offset points", va="top",
                    ha="right", size=style.SMALL, color="#555555",
                )  # fmt: skip
            places = _apart(ticks or {float(x): f"{x:g}" for x in sorted(shown["x"].unique())}, ax, columns)
            ax.set_xticks(list(places), list(places.values()))
        if legend:
            _key(figure, look, legend)
    drawn = data[["panel", "value", "derived"]].assign(
        series=data["edition"],
        segment=1,
        period=data["period"] if "period" in data else data["x"].astype(int).astype(str),
        unit=data["panel"].map(units),
    )
    if "source_id" in data:
        drawn["source_id"] = data["source_id"]
    if level:
        drawn["printed"] = level[0]
        drawn["printed_low"], drawn["printed_high"] = level_range or (level[0], level[0])
    return finished(figure, drawn, words, "Lines with points, one line per edition")


def _key(figure, look: Mapping[str, tuple], inches: float) -> None:
    """Name the editions in lines under the panels."""
    from matplotlib.lines import Line2D

    width, height = figure.get_size_inches()
    engine = figure.get_layout_engine()
    left, bottom, wide, high = engine.get()["rect"]
    engine.set(rect=(left, bottom + inches / height, wide, high - inches / height))
    across = 3 if style.width() >= 5 else 1
    for i, (name, (color, dash, marker)) in enumerate(look.items()):
        x = 0.1 / width + (i % across) * 0.98 / across
        y = bottom + (inches - KEY_LINE * (i // across + 0.5)) / height
        ends = [x, x + 0.3 / width]
        figure.add_artist(
            Line2D(ends, [y, y], color=color, ls=dash, lw=1.3, marker=marker, ms=3.2, transform=figure.transFigure)
        )
        figure.text(x + 0.38 / width, y, name, size=style.SMALL, va="center_baseline")


def _clear(ax, shown: pd.DataFrame, level: tuple[float, str], columns: int) -> float:
    """Return where along the axis (0 to 1) the level's label meets the fewest points."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    wide = 0.055 * len(level[1]) / max(style.width() / columns - 0.75, 0.5)
    places = np.linspace(left, right, 200)
    near = np.zeros(len(places), dtype=bool)
    for _, line in shown.sort_values("x").groupby("edition"):
        y = np.interp(places, line["x"], line["value"], left=np.nan, right=np.nan)
        near |= (y > level[0] - 0.02 * (high - low)) & (y < level[0] + 0.12 * (high - low))
    x = (places - left) / (right - left)
    starts = [start / 20 for start in range(20) if start / 20 + wide <= 0.98] or [0.01]
    return (
        min(starts, key=lambda start: (int((near & (x > start - 0.02) & (x < start + wide + 0.02)).sum()), start))
        + 0.01
    )


def _apart(ticks: Mapping[float, str], ax, columns: int) -> dict[float, str]:
    """Return the ticks that lie on the axis and far enough from the last one for their labels."""
    low, high = ax.get_xlim()
    per_inch = (high - low) / max(style.width() / columns - 0.75, 0.5)
    kept: dict[float, str] = {}
    for place, label in sorted(ticks.items()):
        needed = 0.075 * max(len(label), 4) * per_inch
        if low <= place <= high and all(abs(place - other) >= needed for other in kept):
            kept[place] = label
    return kept


def _frame(ax, shown: pd.DataFrame, unit: str, name: str, zero: bool, level: tuple[float, str] | None) -> None:
    """Give a panel its axis, its name and room for the labels of its points."""
    values = [*shown["value"], *([level[0]] if level else [])]
    low, high = (0 if zero else min(values)), max(values)
    span = (high - low) or 1
    ax.set_ylim(low if zero else low - 0.2 * span, high + 0.24 * span)
    x = shown["x"]
    pad = max((x.max() - x.min()) * 0.12, 0.4) if len(x) else 0.4
    ax.set_xlim(x.min() - pad, x.max() + pad)
    places = ticks_within(*ax.get_ylim(), 5)
    ax.set_yticks(places, [in_thousands(v) for v in places])
    ax.set_ylabel(unit, size=style.SMALL)
    ax.tick_params(labelsize=style.SMALL)
    if name:
        ax.set_title(name, size=style.LABEL, loc="left", weight="bold", pad=3)
