"""Dot plots in groups: one number per line, with what its rounding allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import STEPS, Chart, framed, in_marks, in_thousands, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.numbers.quantity import Quantity

__all__ = ["dots"]

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)
MARKERS = ("o", "s", "D", "^", "v")
MOST = 0.85  # of the height of a slide: longer lists are drawn in two columns


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
    parts = [_lines(rows, 0.44 * style.width())]
    if style.aspect() and _depth(parts[0]) > MOST * style.aspect() * style.width():
        parts = _halves(_lines(rows, 0.2 * style.width()))
    with style.house_style():
        figure, axes = framed(0.4 + max(map(_depth, parts)), words, columns=len(parts), sharex=True)
        for ax, lines in zip(axes, parts, strict=True):
            for line in lines:
                _draw(ax, line, scale, decimals)
            if printed is not None:
                low, middle, high = _ends(printed, scale)
                ax.axvspan(low, high, color=style.BAND, lw=0, zorder=-1)
                ax.axvline(middle, color=style.ORANGE, lw=1, zorder=0)
            ax.set_yticks([line.place for line in lines], [line.label for line in lines], size=style.SMALL)
            for text, line in zip(ax.get_yticklabels(), lines, strict=True):
                text.set_weight("normal" if line.row is not None else "bold")
            ax.set_ylim(max(map(_depth, parts)), 0)
            ax.tick_params(axis="y", length=0)
            ax.tick_params(axis="x", labelsize=style.SMALL)
            ax.set_xlabel(unit, size=style.SMALL)
            _across(ax, log, zero)
            ax.margins(x=0.16)
        if zero and not log and rows["low"].min() >= 0:
            axes[0].set_xlim(left=0)
        if printed is not None:
            _name(axes[0], f"{printed_label}: ", _ends(printed, scale), decimals, 0.25 * style.width() / len(parts))
    return finished(figure, _data(rows, unit, scale, printed), words, "Dot plot")


@dataclass(frozen=True, slots=True)
class _Line:
    """A heading (without a row) or a number, and where in inches from the top it is drawn."""

    label: str
    row: pd.Series | None
    group: int
    place: float
    half: float


def _lines(rows: pd.DataFrame, room: float) -> list[_Line]:
    """Return headings and numbers in their order, with labels that fit a width in inches."""
    found: list[_Line] = []
    for number, (group, members) in enumerate(rows.groupby("group", sort=False)):
        found.append(_Line(wrapped(str(group), room, style.SMALL, "bold"), None, number, 0, 0))
        found += [_Line(wrapped(row["label"], room, style.SMALL), row, number, 0, 0) for _, row in members.iterrows()]
    return _placed(found)


def _placed(lines: Sequence[_Line]) -> list[_Line]:
    depth, found = 0.0, []
    for line in lines:
        half = 0.05 + 0.06 * (line.label.count("\n") + 1)
        found.append(replace(line, place=depth + half, half=half))
        depth += 2 * half
    return found


def _depth(lines: Sequence[_Line]) -> float:
    return lines[-1].place + lines[-1].half


def _halves(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Return lines in two columns of about one height: cut before a heading, or in a long group, whose heading is repeated."""
    cuts = []
    for i in range(2, len(lines)):
        second = list(lines[i:])
        if second[0].row is not None:
            heading = next(line for line in lines if line.group == second[0].group)
            second.insert(0, heading)
        if second[-1].row is None or lines[i - 1].row is None:
            continue
        halves = [_placed(lines[:i]), _placed(second)]
        within = 0.0 if lines[i].row is None else 0.5  # inches that a group in one piece may cost
        cuts.append((max(map(_depth, halves)) + within, i, halves))
    return min(cuts)[2] if cuts else [list(lines)]


def _draw(ax: Axes, line: _Line, scale: float, decimals: int | None) -> None:
    if line.row is None:
        return
    color, marker = COLORS[line.group % len(COLORS)], MARKERS[line.group % len(MARKERS)]
    value, low, high = (line.row[name] / scale for name in ("value", "low", "high"))
    ax.plot([low, high], [line.place, line.place], color=color, lw=1.4)
    ax.plot([value], [line.place], ls="", marker=marker, ms=4.5, color=color)
    ax.annotate(
        _written(value, decimals), (max(value, high), line.place), (6, 0),
        textcoords="offset points", va="center", size=style.SMALL, bbox={"fc": "white", "ec": "none", "pad": 0.4},
        annotation_clip=False,
    )  # fmt: skip


def _across(ax: Axes, log: bool, zero: bool) -> None:
    """Give the horizontal axis its ticks, and a line at zero."""
    from matplotlib.ticker import MaxNLocator

    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(lambda value, _: in_thousands(value))
        ax.xaxis.set_minor_formatter(lambda *_: "")
        return
    if zero:
        ax.axvline(0, color=style.GRAY, lw=0.5, zorder=0)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6 if style.width() >= 5 else 3, steps=STEPS))
    ax.xaxis.set_major_formatter(lambda value, _: in_thousands(round(value, 9)))


def _ends(printed: Quantity, scale: float) -> tuple[float, float, float]:
    return tuple(float(v) / scale for v in (printed.interval.low, printed.value, printed.interval.high))


def _name(ax: Axes, label: str, ends: tuple[float, float, float], decimals: int | None, room: float) -> None:
    """Write what the line stands for at its head, on the side that has more room."""
    low, middle, high = ends
    span = " to ".join(_written(v, decimals) for v in (low, high))
    told = wrapped(f"{label}{_written(middle, decimals)} ({span})", room, style.SMALL)
    left, right = ax.get_xlim()
    before = middle - left > right - middle
    ax.annotate(
        told, (low if before else high, 0), (-3 if before else 3, -2), textcoords="offset points",
        ha="right" if before else "left", va="top", size=style.SMALL,
    )  # fmt: skip


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
    return in_marks(f"{value:,.{decimals}f}")
