"""Heat tables: a grid of values whose shade follows the number written in each cell."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cityresearch.figures import style
from cityresearch.figures.chart import Chart, framed, source_line, wrapped


def heat_table(
    table: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    alt: str,
    caption: str,
    sources: Sequence[str],
    decimals: int = 0,
    note: str = "",
) -> Chart:
    """Draw a table as a seaborn heat map in one hue, light to dark, so that it also reads in greyscale.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers; index and columns are the labels. A missing value is an empty cell.
    decimals : int
        Of the written numbers. They are left out where the figure is narrow; the data beside it has them.

    Returns
    -------
    Chart
        Data: row, column, value.
    """
    import seaborn as sns

    wide = style.width() >= 6
    labels = [wrapped(str(name), 0.3 * style.width(), style.SMALL) for name in table.index]
    height = 0.35 + sum(0.09 + 0.11 * (label.count("\n") + 1) for label in labels)
    with style.house_style():
        figure, (ax,) = framed(height, title, subtitle, " ".join(filter(None, (note, source_line(tuple(sources))))))
        sns.heatmap(
            table,
            ax=ax,
            cmap="Blues",
            vmin=0,
            annot=wide,
            fmt=f".{decimals}f",
            annot_kws={"size": style.SMALL},
            cbar=False,
            linewidths=0.6,
            linecolor="white",
        )
        ax.set_xlabel("")
        ax.set_ylabel("")
        step = 1 if wide else 3
        places = range(0, table.shape[1], step)
        ax.set_xticks([i + 0.5 for i in places], [str(table.columns[i]) for i in places], rotation=0, size=style.SMALL)
        ax.set_yticks([i + 0.5 for i in range(len(labels))], labels, rotation=0, size=style.SMALL)
        ax.tick_params(length=0)
    data = table.rename_axis(index="row", columns="column").stack(future_stack=True).rename("value").reset_index()
    return Chart(figure, data, title, subtitle, alt, caption, tuple(sources))
