"""Bars of a state's metros by goods exports, with the numbers that a document prints."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed
from cityresearch.charts.transition import words_one_by_one
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro, state_name
from cityresearch.numbers.agreement import in_words
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import unique


@words_one_by_one
def metro_exports(
    rows: pd.DataFrame,
    *,
    state: str,
    top: int,
    printed: Mapping[str, PrintedNumber] | None = None,
    printed_label: str = "printed in the paper",
) -> Chart:
    """Draw a state's metros by goods exports, largest first.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `metro_exports` of one year.
    state : str
        Postal code, for the title.
    top : int
        How many of the largest are drawn in the strong colour and named in the subtitle's sum.
    printed : mapping of metro title to PrintedNumber, optional
        Numbers to mark beside the bars.

    Returns
    -------
    Chart
        Data: rank, cbsa_title, year, value_usd, printed_usd, source_id.
    """
    ordered = rows.sort_index().sort_values("value_usd", ascending=False, kind="stable").reset_index()
    year, count = int(ordered["year"].iloc[0]), len(ordered)
    top = min(top, count)
    printed = {t: p for t, p in (printed or {}).items() if t in set(ordered["cbsa_title"])}
    sum_top, sum_all = int(ordered["value_usd"].head(top).sum()), int(ordered["value_usd"].sum())
    name, first = state_name(state), short_metro(ordered["cbsa_title"].iloc[0])
    listed = "; ".join(
        f"{short_metro(t)} {v:.1f}"
        for t, v in zip(ordered["cbsa_title"][:top], ordered["value_usd"].head(top) / 1e9, strict=True)
    )
    rest = f" The other {count - top} add {in_words(sum_all - sum_top)}." if count > top else ""
    with style.house_style():
        words = Words(
            f"{first} leads {name}'s metros in goods exports, {year}",
            f"Billion US dollars. The {top} largest together: {in_words(sum_top)}; all {count} shown: {in_words(sum_all)}. "
            "Counted by the ZIP code of the exporter of record, which need not be where goods were made; foreign goods passing on are included."
            + (f"\n◆ {printed_label}" if printed else ""),
            alt=f"Horizontal bars of goods exports by metropolitan area of {name} in {year}, in billion US dollars. {listed}. "
            f"The {top} largest add up to {in_words(sum_top, 'USD')}.{rest}"
            + (f" Diamonds mark the {len(printed)} numbers {printed_label}." if printed else ""),
            caption=f"Goods exports of {name}'s metropolitan areas in {year}, by the ZIP code of the exporter of record; first release, never revised.",
            sources=unique(ordered["source_id"]),
        )
        figure, (ax,) = framed(0.17 * count + 0.3, words)
        values = ordered["value_usd"] / 1e9
        colours = [style.BLUE if i < top else style.PALE for i in range(count)]
        ax.barh(range(count), values, color=colours, height=0.72)
        for i, value in enumerate(values):
            mark = printed.get(ordered["cbsa_title"].iloc[i])
            label = f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"
            offset = 3
            if mark:
                ax.plot(
                    [float(mark.value / 10**9)],
                    [i],
                    marker="D",
                    ms=3.4,
                    color=style.ORANGE,
                    mec=style.INK,
                    mew=0.5,
                )
                label, offset = f"{label}   ◆ {float(mark.value / 10**9):g}", 6
            ax.annotate(label, (value, i), (offset, 0), textcoords="offset points", va="center", size=style.SMALL)
        ax.set_yticks(range(count), [_label(t) for t in ordered["cbsa_title"]])
        ax.invert_yaxis()
        room = 0.95 if printed else 0.45  # inches that the longest label needs
        ax.set_xlim(0, values.max() * (1 + room / max(style.width() - 2.3 - room, 0.5)))
        ax.margins(y=0.01)
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
    data = ordered[["cbsa_title", "year", "value_usd", "source_id"]].copy()
    data.insert(0, "rank", range(1, count + 1))
    data.insert(4, "printed_usd", [str(int(printed[t].value)) if t in printed else "" for t in data["cbsa_title"]])
    return Chart(figure, data, words)


def _label(title: str) -> str:
    """Shorten a long metro name to its first two cities where the figure is narrow."""
    name = short_metro(title)
    return name if style.width() >= 5 else "-".join(name.split("-")[:2])
