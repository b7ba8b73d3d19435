"""What is plotted, read off a drawing where it says so itself: lines with names, bars of one color, points of one color."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plotted"]


def plotted(figure: Figure) -> tuple[pd.DataFrame | None, str]:
    """Return a table of what a figure plots, a row for each mark, or None and why it cannot be told.

    Returns
    -------
    (DataFrame or None, str)
        Columns panel (where there are several axes) and series (where there are several), and the two axes by their labels, or x and y.
        Lines across the whole axes are left out: they are for comparison.
    """
    import pandas as pd

    tables = []
    for number, ax in enumerate(figure.axes, start=1):
        rows, why = _rows(ax)
        if why:
            return None, why
        if not rows:
            continue
        table = pd.DataFrame(rows, columns=["series", *_names(ax)])
        if len(figure.axes) > 1:
            table.insert(0, "panel", ax.get_title() or ax.get_title("left") or str(number))
        tables.append(table)
    if not tables:
        return None, "it has neither lines nor bars nor points"
    whole = pd.concat(tables, ignore_index=True)
    return (whole.drop(columns="series") if (whole["series"] == "").all() else whole), ""


def _rows(ax: Axes) -> tuple[list[tuple[str, object, object]], str]:
    """Return series, x and y of each mark of one axes, or why they are not known."""
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer

    bars = [c for c in ax.containers if isinstance(c, BarContainer)]
    inside = {id(patch) for container in bars for patch in container.patches}
    lines = [line for line in ax.lines if len(line.get_xdata()) and line.get_transform() == ax.transData]
    points = [c for c in ax.collections if isinstance(c, PathCollection) and len(c.get_offsets())]
    areas = [c for c in ax.collections if not isinstance(c, PathCollection)]
    if areas or ax.images:
        return [], "it has areas, bands or images"
    if any(id(patch) not in inside for patch in ax.patches if patch.get_transform() != ax.transAxes):
        return [], "it has shapes other than bars"
    if sum(map(bool, (lines, bars, points))) > 1:
        return [], "it has marks of several kinds"
    if any(len(c.get_facecolors()) > 1 or c.get_array() is not None for c in points):
        return [], "its points have several colors"
    if any(len({patch.get_facecolor() for patch in container.patches}) > 1 for container in bars):
        return [], "its bars have several colors"
    marks: Sequence[Any] = lines or bars or points
    names = [_name(mark) for mark in marks]
    if len(marks) > 1 and ("" in names or len(set(names)) < len(names)):
        return [], "its lines, bars or points have no names of their own"
    return [(name, *pair) for name, mark in zip(names, marks, strict=True) for pair in _pairs(ax, mark)], ""


def _name(mark: Any) -> str:
    label = str(mark.get_label())
    return "" if label.startswith("_") else label


def _pairs(ax: Axes, mark: Any) -> list[tuple[object, object]]:
    """Return the places of a line, of points or of bars as the axes name them."""
    if hasattr(mark, "get_xdata"):
        x, y = mark.get_xdata(orig=False), mark.get_ydata(orig=False)
    elif hasattr(mark, "get_offsets"):
        x, y = (mark.get_offsets()[:, side] for side in (0, 1))
    else:
        boxes = [patch.get_bbox() for patch in mark.patches]
        across = mark.orientation == "horizontal"
        x = [box.x1 if across and box.x0 == 0 else box.x0 if across else (box.x0 + box.x1) / 2 for box in boxes]
        y = [(box.y0 + box.y1) / 2 if across else box.y1 if box.y0 == 0 else box.y0 for box in boxes]
    return list(zip((_said(ax.xaxis, v) for v in x), (_said(ax.yaxis, v) for v in y), strict=True))


def _said(axis: Any, value: float) -> object:
    """Return a place on an axis as a date or a name, where the axis counts those, else as a number."""
    import numpy as np
    from matplotlib.category import StrCategoryFormatter
    from matplotlib.dates import DateConverter, _SwitchableDateConverter, num2date
    from matplotlib.ticker import FixedFormatter

    value = float(value) if value is not np.ma.masked else float("nan")
    if np.isnan(value):
        return None
    form = axis.get_major_formatter()
    if isinstance(form, StrCategoryFormatter):
        return form.format_ticks([value])[0]
    if isinstance(form, FixedFormatter):
        named = dict(zip((round(float(p), 6) for p in axis.get_majorticklocs()), form.seq, strict=False))
        return str(named.get(round(value, 6), value))
    if isinstance(axis.get_converter(), DateConverter | _SwitchableDateConverter):
        moment = num2date(value)
        return moment.date().isoformat() if (moment.hour, moment.minute) == (0, 0) else moment.isoformat()
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _names(ax: Axes) -> tuple[str, str]:
    """Return the names of two columns: the labels of the axes if they have two that differ, else x and y."""
    x, y = ax.get_xlabel().strip() or "x", ax.get_ylabel().strip() or "y"
    return (x, y) if x != y and "series" not in (x, y) and "panel" not in (x, y) else ("x", "y")
