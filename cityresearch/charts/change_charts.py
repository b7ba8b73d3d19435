"""Bars to both sides of zero: rises to the right, falls to the left, in named groups."""

from __future__ import annotations

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, in_thousands, ticks_within, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

__all__ = ["changes"]


def changes(
    data: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    digits: int = 1,
    detail: str = "",
) -> Chart:
    """Draw changes as bars from zero, in the order given.

    Parameters
    ----------
    data : pandas.DataFrame
        Columns label, value, and optionally group (a heading is drawn where it changes), detail (words behind the number) and others.
    unit : str
        Of the values, written under the axis.
    digits : int
        Decimals of the numbers next to the bars.
    detail : str
        What the words behind the numbers say, for the subtitle; both are left out where the figure is narrow.

    Returns
    -------
    Chart
        Data: group, label, value, unit, and the other columns but detail.
    """
    rows = data.copy()
    if detail and style.width() >= 5:
        words |= {"subtitle": f"{words.subtitle} {detail}".strip()}
    for column in ("group", "detail"):
        if column not in rows:
            rows[column] = ""
    rows = rows.reset_index(drop=True)
    room = style.width() * 0.36
    names = [wrapped(label, room, style.SMALL) for label in rows["label"]]
    places, headings, y = [], [], 0.0
    for i, row in rows.iterrows():
        if row["group"] and (i == 0 or row["group"] != rows.at[i - 1, "group"]):
            y += 0.5 if i else 0.0
            headings.append((y, row["group"]))
            y += 0.85
        lines = names[i].count("\n") + 1
        y += 0.35 * (lines - 1)
        places.append(y)
        y += 1 + 0.35 * (lines - 1)
    with style.house_style():
        figure, (ax,) = framed(0.155 * y + 0.35, words)
        colors = [style.BLUE if v >= 0 else style.VERMILION for v in rows["value"]]
        ax.barh(places, rows["value"], color=colors, height=0.66)
        ax.axvline(0, color=style.INK, lw=0.6)
        for place, row in zip(places, rows.itertuples(), strict=True):
            text = in_marks(f"{row.value:+,.{digits}f}") + (
                f" {row.detail}" if row.detail and style.width() >= 5 else ""
            )
            ax.annotate(
                text, (row.value, place), (3 if row.value >= 0 else -3, 0), textcoords="offset points", va="center",
                ha="left" if row.value >= 0 else "right", size=style.SMALL,
            )  # fmt: skip
        ticks = [(p, n) for p, n in zip(places, names, strict=True)] + [(p, g) for p, g in headings]
        ax.set_yticks([p for p, _ in ticks], [n for _, n in ticks], size=style.SMALL)
        for label in ax.get_yticklabels()[len(places) :]:
            label.set_weight("bold")
        ax.set_ylim(y - 0.4, -0.7)
        low, high = min(0.0, rows["value"].min()), max(0.0, rows["value"].max())
        longest = max(len(d) if style.width() >= 5 else 0 for d in rows["detail"])
        # inches that the numbers at both ends need, in units of the axis
        need = 0.30 + 0.048 * longest
        per_inch = (high - low) / max(style.width() - room - 0.5 - 2 * need, 0.4)
        ax.set_xlim(low - need * per_inch, high + need * per_inch)
        ax.set_xlabel(unit, size=style.SMALL)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=style.SMALL)
        places = ticks_within(*ax.get_xlim(), 6 if style.width() >= 5 else 4)
        ax.set_xticks(places, [in_thousands(v) for v in places])
        ax.spines["left"].set_visible(False)
    return finished(figure, rows.drop(columns="detail").assign(unit=unit), words, "Bars to both sides of zero")
