"""Rank and size: every place as a dot, some of them marked and named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cityresearch.figures import style
from cityresearch.figures.chart import Chart, framed, source_line
from cityresearch.geography import short_metro, state_name


def rank_size(
    data: pd.DataFrame,
    *,
    state: str,
    title: str,
    subtitle: str,
    unit: str,
    alt: str,
    caption: str,
    sources: Sequence[str],
    scale: float = 1.0,
    named: int = 5,
    note: str = "",
) -> Chart:
    """Draw values against their rank, both on logarithmic scales, with one state's metros marked.

    Parameters
    ----------
    data : pandas.DataFrame
        From `measures.concentration.ranked`: rank, label, state, value, source_id. Values must be positive.
    state : str
        Postal code of the marked metros.
    unit : str
        For the vertical axis.
    scale : float
        Values are divided by it.
    named : int
        How many of the marked metros are named, the largest first; three fewer where the figure is narrow.

    Returns
    -------
    Chart
        Data: the rows drawn.
    """
    mine = data[data["state"] == state]
    others = data[data["state"] != state]
    with style.house_style():
        foot = " ".join(filter(None, (note, source_line(tuple(sources)))))
        figure, (ax,) = framed(2.9, title, subtitle, foot)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.plot(
            others["rank"],
            others["value"] / scale,
            ls="",
            marker="o",
            ms=2.6,
            color=style.PALE,
            mec=style.GREY,
            mew=0.3,
        )
        ax.plot(
            mine["rank"], mine["value"] / scale, ls="", marker="D", ms=3.8, color=style.BLUE, mec=style.INK, mew=0.4
        )
        ax.set_xlabel("rank among metros of the United States (logarithmic scale)", size=style.SMALL)
        ax.set_ylabel(f"{unit} (logarithmic scale)", size=style.SMALL)
        ax.set_xlim(0.8, len(data) * 1.25)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(_plain)
            axis.set_minor_formatter(lambda *_: "")
        shown = mine.sort_values("rank").head(named if style.width() >= 5 else max(named - 3, 1))
        # values fall with rank, so the upper right corner is free for names
        for i, row in enumerate(shown.itertuples()):
            name = short_metro(row.label)
            name = name if style.width() >= 5 else name.split("-")[0]
            ax.annotate(
                f"{name}, rank {row.rank}", (row.rank, row.value / scale), (0.985, 0.975 - 0.058 * i), textcoords="axes fraction",
                ha="right", va="center", size=style.SMALL,
                arrowprops={"arrowstyle": "-", "lw": 0.5, "color": style.GREY, "shrinkA": 1, "shrinkB": 2.5},
            )  # fmt: skip
        ax.annotate(
            f"◆ {state_name(state)}",
            (0.02, 0.03),
            xycoords="axes fraction",
            size=style.SMALL,
            color=style.BLUE,
            va="bottom",
        )
    return Chart(figure, data.copy(), title, subtitle, alt, caption, tuple(sources))


def _plain(value: float, _position: object = None) -> str:
    """Write a tick as a plain number: 1,000 rather than a power of ten."""
    if value >= 1:
        return f"{value:,.0f}"
    return f"{value:.{int(np.ceil(-np.log10(value)))}f}"
