"""Dot plots in groups: one number per line, with what its rounding allows."""

from __future__ import annotations

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import STEPS, Chart, framed, in_thousands, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.numbers.quantity import Quantity

__all__ = ["dots"]

COLORS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)
MARKERS = ("o", "s", "D", "^", "v")


def dots(
    rows: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    printed: Quantity | None = None,
    printed_label: str = "",
    scale: float = 1,
    zero: bool = True,
    decimals: int | None = None,
    log: bool = False,
) -> Chart:
    """Draw numbers in groups, in the order of the rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns group, label, value, low, high, and any others that tell the rows apart, such as period or source_id.
    unit : str
        For the horizontal axis, after scaling.
    printed : Quantity, optional
        A number to mark with a line through every group, and the range that it can mean with a band.
    printed_label : str
        What the line stands for, written at its head.
    scale : float
        Values are divided by it.
    zero : bool
        Let the axis reach zero, with a line there.
    log : bool
        A logarithmic axis, for positive values; `unit` says so.
    decimals : int, optional
        Of the numbers next to the dots; three digits if left out.

    Returns
    -------
    Chart
        Data: the rows, values as drawn with their unit, and the printed number with its range.
    """
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
                _written(row["value"] / scale, decimals), (max(row["value"], row["high"]) / scale, place), (6, 0),
                textcoords="offset points", va="center", size=style.SMALL, bbox={"fc": "white", "ec": "none", "pad": 0.4},
            )  # fmt: skip
        if printed is not None:
            low, middle, high = (float(v) / scale for v in (printed.interval.low, printed.value, printed.interval.high))
            ax.axvspan(low, high, color=style.BAND, lw=0, zorder=-1)
            ax.axvline(middle, color=style.ORANGE, lw=1, zorder=0)
        if log:
            ax.set_xscale("log")
            ax.xaxis.set_major_formatter(lambda value, _: in_thousands(value))
            ax.xaxis.set_minor_formatter(lambda *_: "")
        elif zero:
            ax.axvline(0, color=style.GRAY, lw=0.5, zorder=0)
        ax.set_yticks(places, [label for label, _, _ in items], size=style.SMALL)
        for text, (_, row, _) in zip(ax.get_yticklabels(), items, strict=True):
            text.set_weight("normal" if row is not None else "bold")
        ax.set_ylim(depth, 0)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=style.SMALL)
        ax.set_xlabel(unit, size=style.SMALL)
        from matplotlib.ticker import MaxNLocator

        if not log:
            ax.xaxis.set_major_locator(MaxNLocator(nbins=6 if style.width() >= 5 else 3, steps=STEPS))
        ax.margins(x=0.16)
        if zero and not log and rows["low"].min() >= 0:
            ax.set_xlim(left=0)
        if printed is not None:
            ends = " to ".join(_written(v, decimals) for v in (low, high))
            told = wrapped(f"{printed_label}: {_written(middle, decimals)} ({ends})", 0.25 * style.width(), style.SMALL)
            left, right = ax.get_xlim()
            before = middle - left > right - middle
            ax.annotate(
                told, (low if before else high, 0), (-3 if before else 3, -2), textcoords="offset points",
                ha="right" if before else "left", va="top", size=style.SMALL,
            )  # fmt: skip
    return finished(figure, _data(rows, unit, scale, printed), words, "Dot plot")


def _data(rows: pd.DataFrame, unit: str, scale: float, printed: Quantity | None) -> pd.DataFrame:
    """Return the rows as they are drawn: scaled, with their unit and the printed number."""
    ends = ["value", "low", "high"]
    data = rows.reset_index(drop=True)
    data[ends] = data[ends] / scale
    data.insert(data.columns.get_loc("high") + 1, "unit", unit.removesuffix(" (logarithmic scale)"))
    if printed is not None:
        interval = printed.interval
        for name, number in (
            ("printed", printed.value),
            ("printed_low", interval.low),
            ("printed_high", interval.high),
        ):
            data[name] = float(number) / scale
    return data


def _written(value: float, decimals: int | None) -> str:
    if decimals is None:
        decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
