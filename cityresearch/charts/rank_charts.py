"""Horizontal bars of one number per place, largest first."""

from __future__ import annotations

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, in_thousands, ticks_within, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

__all__ = ["ranked"]


def ranked(
    data: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    decimals: int = 1,
    reference: tuple[float, str] | None = None,
) -> Chart:
    """Draw one bar per row.

    Parameters
    ----------
    data : pandas.DataFrame
        name, value, strong (True: drawn in the strong color), and any others, such as source_id.
    unit : str
        For the horizontal axis.
    decimals : int
        Of the values written next to the bars.
    reference : (value, label), optional
        A vertical line across the bars, named in the subtitle's second line.

    Returns
    -------
    Chart
        Data: rank, label (the name), value, unit, the reference, strong, and the other columns.
    """
    ordered = (
        data.rename(columns={"name": "label"})
        .sort_values(["value", "label"], ascending=[False, True], kind="stable")
        .reset_index(drop=True)
    )
    names = [wrapped(n, style.width() * 0.42, style.SMALL) for n in ordered["label"]]
    height = 0.35 + sum(0.07 + 0.12 * (n.count("\n") + 1) for n in names)
    if reference:
        line = f"Orange line: {reference[1]}, {in_marks(f'{reference[0]:,.{decimals}f}')}."
        words |= {"subtitle": f"{words.subtitle}\n{line}"}
    with style.house_style():
        figure, (ax,) = framed(height, words)
        if reference:
            ax.axvline(reference[0], color=style.ORANGE, lw=1.1, zorder=3)
        colors = [style.BLUE if strong else style.PALE for strong in ordered["strong"]]
        ax.barh(range(len(ordered)), ordered["value"], color=colors, height=0.68)
        for i, value in enumerate(ordered["value"]):
            ax.annotate(
                in_marks(f"{value:,.{decimals}f}"), (value, i), (3, 0), textcoords="offset points", va="center", size=style.SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6}, zorder=4,
            )  # fmt: skip
        ax.set_yticks(range(len(ordered)), names, size=style.SMALL)
        ax.set_ylim(len(ordered) - 0.4, -0.6)
        ax.set_xlim(0, float(ordered["value"].max()) * 1.15)
        places = ticks_within(*ax.get_xlim(), 5)
        ax.set_xticks(places, [in_thousands(v) for v in places])
        ax.set_xlabel(unit, size=style.SMALL)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=style.SMALL)
    plotted = ordered.assign(rank=range(1, len(ordered) + 1), unit=unit)
    if reference:
        plotted["reference"] = reference[0]
    return finished(figure, plotted, words, "Bars")
