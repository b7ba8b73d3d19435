"""Bars of metros by goods exports, with the numbers that a document prints."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro
from cityresearch.numbers.printed import PrintedNumber

__all__ = ["metro_bars"]


@checked_arguments
def metro_bars(rows: pd.DataFrame, words: Words, *, top: int, printed: Mapping[str, PrintedNumber]) -> Chart:
    """Draw metros by goods exports, in the order of the rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        cbsa_title, year, value_usd, source_id; largest first.
    top : int
        How many are drawn in the strong color.
    printed : mapping of metro title to PrintedNumber
        Numbers to mark next to the bars.

    Returns
    -------
    Chart
        Data: rank, label, period, value (billion US dollars), unit, the printed number with what its digits allow, source_id.
    """
    count, values = len(rows), rows["value_usd"] / 1e9
    with style.house_style():
        figure, (ax,) = framed(0.17 * count + 0.3, words)
        ax.barh(range(count), values, color=[style.BLUE if i < top else style.PALE for i in range(count)], height=0.72)
        for i, (title, value) in enumerate(zip(rows["cbsa_title"], values, strict=True)):
            label, offset = in_marks(f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"), 3
            if title in printed:
                number = float(printed[title].value / 10**9)
                ax.plot([number], [i], marker="D", ms=3.4, color=style.ORANGE, mec=style.INK, mew=0.5)
                label, offset = f"{label}   ◆ {in_marks(f'{number:g}')}", 6
            ax.annotate(label, (value, i), (offset, 0), textcoords="offset points", va="center", size=style.SMALL)
        ax.set_yticks(range(count), [_label(t) for t in rows["cbsa_title"]])
        ax.invert_yaxis()
        room = 0.95 if printed else 0.45  # inches that the longest label needs
        ax.set_xlim(0, values.max() * (1 + room / max(style.width() - 2.3 - room, 0.5)))
        ax.margins(y=0.01)
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
    data = pd.DataFrame(
        {
            "rank": range(1, count + 1),
            "label": rows["cbsa_title"],
            "period": rows["year"].astype(str),
            "value": values,
            "unit": "billion US dollars",
            "source_id": rows["source_id"],
        }
    )
    if printed:
        ends = {t: (p.value, p.interval.low, p.interval.high) for t, p in printed.items()}
        for i, name in enumerate(("printed", "printed_low", "printed_high")):
            data[name] = [float(ends[t][i] / 10**9) if t in ends else None for t in data["label"]]
    return finished(figure, data, words, "Bars")


def _label(title: str) -> str:
    """Shorten a long metro name to its first two cities where the figure is narrow."""
    name = short_metro(title)
    return name if style.width() >= 5 else "-".join(name.split("-")[:2])
