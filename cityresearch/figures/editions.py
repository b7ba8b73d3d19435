"""Series that come in editions: each edition is a line of its own, and no line joins two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cityresearch.figures import style
from cityresearch.figures.chart import Chart, framed, source_line
from cityresearch.figures.lines import DASHES, SERIES_COLOURS

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SIDE_BY_SIDE = 5.0  # inches from which panels stand beside each other


def editions(
    data: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    alt: str,
    caption: str,
    sources: Sequence[str],
    units: Mapping[str, str],
    breaks: Sequence[float] = (),
    events: Mapping[float, str] | None = None,
    level: tuple[float, str] | None = None,
    ticks: Mapping[float, str] | None = None,
    zero: bool = True,
    height: float = 1.9,
    note: str = "",
) -> Chart:
    """Draw one panel per measure and in it one line per edition.

    Parameters
    ----------
    data : pandas.DataFrame
        Long: panel, edition, x (number), value, derived (True: drawn hollow), label (written at the point; may be empty).
    units : mapping of panel to unit
        For the vertical axes.
    breaks : sequence of x
        Dashed vertical lines; what they mean is for the subtitle to say.
    events : mapping of x to label, optional
        Dotted vertical lines.
    level : (value, label), optional
        A horizontal line, for instance a printed number.
    ticks : mapping of x to label, optional
        Labels of the horizontal axis; every x of the data if left out.
    zero : bool
        Start the vertical axes at zero.
    height : float
        Inches of one panel.

    Returns
    -------
    Chart
        Data: panel, edition, x, value, derived.
    """
    panels, names = list(units), list(dict.fromkeys(data["edition"]))
    columns = len(panels) if style.width() >= SIDE_BY_SIDE else 1
    rows = -(-len(panels) // columns)
    look = {n: (SERIES_COLOURS[i % 7], DASHES[i % 7], MARKERS[i % 7]) for i, n in enumerate(names)}
    legend = len(names) > 1
    inches = (height + 0.1) * rows + (0.17 * (1 + len(names) // (3 if style.width() >= SIDE_BY_SIDE else 1)) if legend else 0)
    foot = " ".join(filter(None, (note, source_line(tuple(sources)))))
    with style.house_style():
        figure, axes = framed(inches, title, subtitle, foot, rows=rows, columns=columns)
        for ax, panel in zip(axes, panels, strict=True):
            shown = data[data["panel"] == panel]
            for name in names:
                line = shown[shown["edition"] == name].sort_values("x")
                if line.empty:
                    continue
                colour, dash, marker = look[name]
                ax.plot(line["x"], line["value"], color=colour, ls=dash, lw=1.3, label=name)
                for _, point in line.iterrows():
                    face = "white" if point["derived"] else colour
                    ax.plot([point["x"]], [point["value"]], ls="", marker=marker, ms=3.6, mec=colour, color=face)
                    ax.annotate(
                        point["label"], (point["x"], point["value"]), (0, 5), textcoords="offset points", ha="center", va="bottom",
                        size=style.SMALL,
                    )  # fmt: skip
            _frame(ax, shown, units[panel], panel if len(panels) > 1 else "", zero, level)
            for place in breaks:
                ax.axvline(place, color=style.GREY, lw=0.9, ls=(0, (4, 2)), zorder=0)
            if level:
                ax.axhline(level[0], color=style.ORANGE, lw=1, zorder=0)
                ax.annotate(
                    level[1], (0.01, level[0]), (0, 2), xycoords=("axes fraction", "data"), textcoords="offset points", va="bottom",
                    size=style.SMALL,
                )  # fmt: skip
            for place, label in (events or {}).items():
                ax.axvline(place, color=style.GREY, lw=0.9, ls=(0, (1, 2)), zorder=0)
                ax.annotate(
                    label, (place, 0.0), (2, 3), xycoords=("data", "axes fraction"), textcoords="offset points", va="bottom",
                    size=style.SMALL, color="#555555",
                )  # fmt: skip
            places = ticks or {float(x): f"{x:g}" for x in sorted(shown["x"].unique())}
            ax.set_xticks(list(places), list(places.values()))
        if legend:
            handles = {h.get_label(): h for ax in axes for h in ax.get_lines() if h.get_label() in look}
            figure.legend(
                [handles[n] for n in names if n in handles],
                [n for n in names if n in handles],
                loc="outside lower center",
                ncols=3 if style.width() >= SIDE_BY_SIDE else 1,
                fontsize=style.SMALL,
                handlelength=3,
            )
    return Chart(
        figure,
        data[["panel", "edition", "x", "value", "derived"]].copy(),
        title,
        subtitle,
        alt,
        caption,
        tuple(sources),
    )


def _frame(ax, shown: pd.DataFrame, unit: str, name: str, zero: bool, level: tuple[float, str] | None) -> None:
    """Give a panel its axis, its name and room for the labels of its points."""
    from matplotlib.ticker import MaxNLocator

    values = [*shown["value"], *([level[0]] if level else [])]
    low, high = (0 if zero else min(values)), max(values)
    span = (high - low) or 1
    ax.set_ylim(low if zero else low - 0.2 * span, high + 0.24 * span)
    x = shown["x"]
    pad = max((x.max() - x.min()) * 0.08, 0.4) if len(x) else 0.4
    ax.set_xlim(x.min() - pad, x.max() + pad)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}" if abs(v) >= 10 or v == int(v) else f"{v:g}")
    ax.set_ylabel(unit, size=style.SMALL)
    ax.tick_params(labelsize=style.SMALL)
    if name:
        ax.set_title(name, size=style.LABEL, loc="left", weight="bold", pad=3)
