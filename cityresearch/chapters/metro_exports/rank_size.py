"""Rank and size: every place as a dot, some of them marked and named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro, state_name

__all__ = ["rank_size"]


@checked_arguments
def rank_size(
    data: pd.DataFrame,
    words: Words,
    *,
    state: str,
    unit: str,
    scale: float = 1.0,
    named: int = 5,
) -> Chart:
    """Draw values against their rank, both on logarithmic scales, with one state's metros marked.

    Parameters
    ----------
    data : pandas.DataFrame
        From `concentration.ranked`: rank, label, state, value, source_id. Values must be positive.
    state : str
        Postal code of the marked metros.
    unit : str
        For the vertical axis.
    scale : float
        Values are divided by it.
    named : int
        How many of the marked metros are named with their rank, the largest first.

    Returns
    -------
    Chart
        Data: the rows drawn.
    """
    mine = data[data["state"] == state]
    others = data[data["state"] != state]
    with style.house_style():
        figure, (ax,) = framed(2.9, words)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.plot(
            others["rank"],
            others["value"] / scale,
            ls="",
            marker="o",
            ms=2.6,
            color=style.PALE,
            mec=style.GRAY,
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
        shown = mine.sort_values("rank").head(named)
        # values fall with rank, so the lower left corner is free for names
        heading = f"◆ {state_name(state)}, by rank"
        lines = [heading, *(f"{row.rank}  {_name(row.label)}" for row in shown.itertuples())]
        for i, line in enumerate(reversed(lines)):
            color, weight = (style.BLUE, "bold") if line is lines[0] else (style.INK, "normal")
            ax.text(
                0.02,
                0.05 + 0.075 * i,
                line,
                transform=ax.transAxes,
                va="center",
                size=style.SMALL,
                color=color,
                weight=weight,
            )
    return finished(
        figure, data.assign(value=data["value"] / scale, unit=unit), words, "Scatter of values against rank"
    )


def _name(title: str) -> str:
    """Shorten a metro's name to its first city where the figure is narrow."""
    name = short_metro(title)
    return name if style.width() >= 5 else name.split("-")[0]


def _plain(value: float, _position: object = None) -> str:
    """Write a tick as a plain number: 1,000 rather than a power of ten."""
    if value >= 1:
        return f"{value:,.0f}"
    return f"{value:.{int(np.ceil(-np.log10(value)))}f}"
