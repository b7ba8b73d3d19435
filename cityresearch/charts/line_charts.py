"""Line charts over time, with breaks in a series drawn as gaps and named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_thousands, lay_out, wrapped
from cityresearch.charts.tidy import finished, segments, written
from cityresearch.charts.words import Words
from cityresearch.numbers.quantity import Quantity

__all__ = ["DASHES", "NOT_FROM_ZERO", "SERIES_COLORS", "lines"]

SERIES_COLORS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY, style.INK)
NOT_FROM_ZERO = "The vertical axis does not start at zero."
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.5, 1.5)), "-", (0, (3, 1)), (0, (1, 2)))


def lines(
    data: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    breaks: Mapping[float, str] | None = None,
    interrupted: Mapping[str, Sequence[float]] | None = None,
    events: Mapping[float, str] | None = None,
    markers: bool = False,
    zero: bool = True,
    ticks: Mapping[float, str] | None = None,
    at_unit: str = "",
    printed: Quantity | None = None,
    height: float = 2.8,
) -> Chart:
    """Draw series over time, named at their ends.

    Parameters
    ----------
    data : pandas.DataFrame
        Long: columns x (number), series, value, and optionally period (ISO; the year x if left out) and others, such as source_id.
        A missing value is a gap; where `complete` is false, the point is drawn hollow.
    unit : str
        For the vertical axis.
    breaks : mapping of x to label, optional
        A dashed vertical line; lines are interrupted there, so put it between two periods (2012.5).
    interrupted : mapping of series to x, optional
        The breaks of each series, where not all of them have the same; a series that is not named has none.
    events : mapping of x to label, optional
        A dotted vertical line without interruption.
    markers : bool
        Draw every point.
    zero : bool
        Start the vertical axis at zero.
    ticks : mapping of x to label, optional
        Labels of the horizontal axis.
    at_unit : str
        The unit of x where it is not a time.
    printed : Quantity, optional
        A number to draw as a flat line, with the range that it can mean as a band.

    Returns
    -------
    Chart
        Data: series, segment, period (or at and at_unit), value, unit, the printed number, and the other columns.
    """
    breaks, events = dict(breaks or {}), dict(events or {})
    if not zero and data["value"].min() > 0:
        words |= {"note": f"{words.note} {NOT_FROM_ZERO}".strip()}
    names = list(dict.fromkeys(data["series"]))
    with style.house_style():
        figure, (ax,) = framed(height, words)
        ends = []
        for i, name in enumerate(names):
            rows = data[data["series"] == name].sort_values("x")
            x, y = rows["x"].to_numpy(float), rows["value"].to_numpy(float)
            x, y = _with_gaps(x, y, sorted(breaks if interrupted is None else interrupted.get(name, ())))
            look = dict(color=SERIES_COLORS[i % 7], ls=DASHES[i % 7], lw=1.5, marker="o" if markers else None, ms=2.6)
            ax.plot(x, y, **look)
            if "complete" in rows:
                part = rows[~rows["complete"].astype(bool)]
                ax.plot(part["x"], part["value"], ls="", marker="o", ms=3.4, color="white", mec=look["color"], mew=0.9)
            alone = _alone(y)
            ax.plot(x[alone], y[alone], ls="", marker="o", ms=3, color=look["color"])
            last = np.flatnonzero(~np.isnan(y))
            if len(last):
                ends.append((float(x[last[-1]]), float(y[last[-1]]), name, SERIES_COLORS[i % 7]))
        if printed is not None:
            ax.axhspan(float(printed.interval.low), float(printed.interval.high), color=style.BAND, lw=0, zorder=-1)
            ax.axhline(float(printed.value), color=style.ORANGE, lw=1, zorder=0)
            ax.annotate(
                f"printed: {written(float(printed.value))}", (0.01, float(printed.value)), (0, 2), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="bottom", size=style.SMALL,
            )  # fmt: skip
        if zero:
            ax.set_ylim(bottom=min(0, np.nanmin(data["value"].to_numpy(float))))
        ax.set_ylabel(unit)
        top = ax.get_ylim()[1]
        ax.set_ylim(
            top=top + (top - ax.get_ylim()[0]) * ((0.14 if style.width() >= 5 else 0.3) if breaks or events else 0.03)
        )
        if ticks:
            ax.set_xticks(list(ticks), list(ticks.values()))
        else:
            from matplotlib.ticker import MaxNLocator

            ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8 if style.width() >= 5 else 4))
        ax.yaxis.set_major_formatter(lambda v, _: in_thousands(round(v, 9)))
        # where the figure is narrow, neighboring labels stand on different lines
        levels = 1 if style.width() >= 5 else 3
        for i, (x, label) in enumerate(sorted({**breaks, **events}.items())):
            ax.axvline(x, color=style.GRAY, lw=0.8, ls=(0, (4, 2)) if x in breaks else (0, (1, 2)))
            ax.annotate(
                    label, (x, 1), (2, -2 - 8 * (i % levels)), xycoords=("data", "axes fraction"), textcoords="offset points", va="top", size=style.SMALL,
                    color="#555555", bbox={"fc": "white", "ec": "none", "pad": 0.4},
                )  # fmt: skip
        if len(names) > 1:
            _name_ends(figure, ax, ends)
    cuts = {name: sorted(breaks if interrupted is None else interrupted.get(name, ())) for name in names}
    return finished(
        figure, _as_drawn(data, cuts, unit, at_unit, printed), words, "Lines" if len(names) > 1 else "A line"
    )


def _as_drawn(
    data: pd.DataFrame, cuts: Mapping[str, Sequence[float]], unit: str, at_unit: str, printed: Quantity | None
) -> pd.DataFrame:
    """Return the points with their unit, and with a number for each run that the figure joins."""
    parts = []
    for name, rows in data.groupby("series", sort=False):
        rows = rows.sort_values("x")
        values = [float("nan") if pd.isna(v) else float(v) for v in rows["value"]]
        parts.append(rows.assign(value=values, segment=segments(values, list(rows["x"]), cuts[name]), unit=unit))
    drawn = pd.concat(parts)
    if at_unit:
        drawn = drawn.rename(columns={"x": "at"}).assign(at_unit=at_unit)
    else:
        years = drawn.pop("x")
        if "period" not in drawn:
            drawn["period"] = [str(int(year)) for year in years]
    if printed is not None:
        for name, number in (("", printed.value), ("_low", printed.interval.low), ("_high", printed.interval.high)):
            drawn[f"printed{name}"] = float(number)
    return drawn


def _with_gaps(x: np.ndarray, y: np.ndarray, breaks: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Insert a missing value at every break, so that no line crosses it."""
    for place in breaks:
        at = int(np.searchsorted(x, place))
        x, y = np.insert(x, at, place), np.insert(y, at, np.nan)
    return x, y


def _alone(y: np.ndarray) -> np.ndarray:
    """Mark points without a neighbor, which a line would not show."""
    gap = np.isnan(np.concatenate([[np.nan], y, [np.nan]]))
    return ~gap[1:-1] & gap[:-2] & gap[2:]


def _name_ends(figure, ax, ends) -> None:
    """Write each series' name next to its last point, moved apart where names would overlap."""
    lay_out(figure)
    low, high = ax.get_ylim()
    per_inch = (high - low) / (ax.get_window_extent().height / figure.dpi)
    gap = per_inch * style.SMALL * 1.25 / 72
    placed = -np.inf
    right = max(x for x, *_ in ends)
    for _, y, name, color in sorted(ends, key=lambda e: e[1]):
        label = wrapped(name, max(0.9, 0.26 * style.width()), style.SMALL)
        half = gap * (label.count("\n") + 1) / 2
        placed = max(y, placed + half)
        ax.annotate(
            label,
            (right, placed),
            (5, 0),
            textcoords="offset points",
            va="center",
            size=style.SMALL,
            color=style.readable(color),
            annotation_clip=False,
        )
        placed += half
