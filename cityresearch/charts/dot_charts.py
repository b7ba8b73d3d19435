"""Dot plots in groups: one number per line, with what its rounding allows."""

from __future__ import annotations

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, wrapped
from cityresearch.charts.words import Words
from cityresearch.numbers.display import in_words

__all__ = ["dots"]

COLORS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)
MARKERS = ("o", "s", "D", "^", "v")


def dots(
    rows: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    marked: float | None = None,
    marked_label: str = "",
    scale: float = 1,
    zero: bool = True,
) -> Chart:
    """Draw numbers in groups, in the order of the rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns group, label, value, low, high.
    unit : str
        For the horizontal axis, after scaling.
    marked : float, optional
        A number to mark with a line in every group, for instance the printed one.
    marked_label : str
        What the line stands for; said in the subtitle.
    scale : float
        Values are divided by it.
    zero : bool
        Let the axis reach zero, with a line there.

    Returns
    -------
    Chart
        Data: the rows.
    """
    if marked is not None:
        words |= {"subtitle": f"{words.subtitle} Line: {marked_label}."}
    room = style.width() * 0.44
    items: list[tuple[str, pd.Series | None, int]] = []
    for number, (group, members) in enumerate(rows.groupby("group", sort=False)):
        items.append((wrapped(str(group), room, style.SMALL, "bold"), None, number))
        items += [(wrapped(row["label"], room, style.SMALL), row, number) for _, row in members.iterrows()]
    places, depth = [], 0.0
    for label, _, _ in items:
        half = 0.05 + 0.06 * (label.count("\n") + 1)
        places.append(depth + half)
        depth += 2 * half
    with style.house_style():
        figure, (ax,) = framed(0.4 + depth, words)
        for place, (_, row, number) in zip(places, items, strict=True):
            if row is None:
                continue
            color = COLORS[number % len(COLORS)]
            ax.plot([row["low"] / scale, row["high"] / scale], [place, place], color=color, lw=1.4)
            ax.plot([row["value"] / scale], [place], ls="", marker=MARKERS[number % len(MARKERS)], ms=4.5, color=color)
            ax.annotate(
                _short(row["value"] / scale), (max(row["value"], row["high"]) / scale, place), (6, 0),
                textcoords="offset points", va="center", size=style.SMALL, bbox={"fc": "white", "ec": "none", "pad": 0.4},
            )  # fmt: skip
        if marked is not None:
            ax.axvline(marked / scale, color=style.ORANGE, lw=1, zorder=0)
        if zero:
            ax.axvline(0, color=style.GRAY, lw=0.5, zorder=0)
        ax.set_yticks(places, [label for label, _, _ in items], size=style.SMALL)
        for text, (_, row, _) in zip(ax.get_yticklabels(), items, strict=True):
            text.set_weight("normal" if row is not None else "bold")
        ax.set_ylim(depth, 0)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=style.SMALL)
        ax.set_xlabel(unit, size=style.SMALL)
        from matplotlib.ticker import MaxNLocator

        ax.xaxis.set_major_locator(MaxNLocator(nbins=6 if style.width() >= 5 else 3))
        ax.margins(x=0.16)
    listed = "; ".join(f"{r.group}, {r.label}: {in_words(r.value)}" for r in rows.itertuples())
    columns = [c for c in ("group", "label", "value", "low", "high") if c in rows]
    return Chart(figure, rows[columns].reset_index(drop=True), words | {"alt": f"{words.alt} {listed}."})


def _short(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return text.replace("-", "\N{MINUS SIGN}")
