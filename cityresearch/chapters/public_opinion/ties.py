"""A network of cities and partner countries, drawn as a table of dots."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.errors import DataError

__all__ = ["ties"]


@checked_arguments
def ties(table: pd.DataFrame, words: Words, *, least: int = 2) -> Chart:
    """Draw ties between cities and countries: a row per country, a column per city, a dot per tie.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by country, a column per city, with the number of ties; drawn in the order given.
    least : int
        Countries with fewer ties are named under the drawing instead of drawn.

    Returns
    -------
    Chart
        Data: label (the country), series (the city), value (ties), unit; all countries, pairs with a tie.

    Raises
    ------
    DataError
        If no country has that many ties.
    """
    drawn = table[table.sum(axis=1) >= least]
    if drawn.empty:
        raise DataError(f"No country has {least} ties: lower `least`.")
    rest = table[table.sum(axis=1) < least]
    cities, countries = list(table.columns), list(drawn.index)
    foot = words.footer()
    if len(rest):
        foot = f"Fewer than {least} ties ({len(rest)} countries): {', '.join(sorted(rest.index))}.\n{foot}"
    step = 0.148
    with style.house_style():
        figure, (ax,) = framed(step * len(countries) + 0.85, words, footer=foot)
        for y, country in enumerate(countries):
            ax.axhline(y, color="#E4E8EB", lw=0.6, zorder=0)
            for x, city in enumerate(cities):
                count = int(drawn.at[country, city])
                # two ties of one city to one country stand side by side
                for k in range(count):
                    ax.plot([x + (k - (count - 1) / 2) * 0.34], [y], ls="", marker="o", ms=4.6, color=style.BLUE, mew=0)
            ax.annotate(
                str(int(drawn.loc[country].sum())), (1, y), (4, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="center", size=style.SMALL,
            )  # fmt: skip
        ax.set_yticks(range(len(countries)), countries, size=style.SMALL)
        totals = table.sum(axis=0)
        level = style.width() >= 7
        ax.set_xticks(
            range(len(cities)),
            [(f"{c.replace(' ', chr(10))}\n{totals[c]}" if level else f"{c} {totals[c]}") for c in cities],
            size=style.SMALL,
            rotation=0 if level else 90,
        )
        ax.xaxis.tick_top()
        ax.tick_params(length=0)
        ax.set_xlim(-0.6, len(cities) - 0.4)
        ax.set_ylim(len(countries) - 0.4, -0.6)
        for spine in ax.spines.values():
            spine.set_visible(False)
    long = table.stack().reset_index()
    long.columns = ["label", "series", "value"]
    long = long[long["value"] > 0].assign(unit="ties")
    words |= {
        "alt": words.alt
        or f"{words.title}. Table of dots: {len(countries)} countries by {len(cities)} cities, one dot per tie."
    }
    return finished(figure, long, words, "Table of dots")
