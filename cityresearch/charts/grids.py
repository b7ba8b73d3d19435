"""Grids: a table of states, and a table of numbers whose shade follows the number written in each cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, ink_numbers, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

__all__ = ["heat_table", "status_grid"]

# dark, middle and white differ in lightness too, so the grid holds in grayscale
FILLS = {"filled": (style.BLUE, "white"), "partly": ("#BFD9EA", style.INK), "empty": ("white", style.INK)}
ROW = 0.165  # inches


def status_grid(
    cells: pd.DataFrame,
    words: Words,
    *,
    groups: Mapping[str, str],
) -> Chart:
    """Draw what is filled, partly filled and empty, with the number of items in each cell.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns horizon, metric, city, status (filled, partly or empty), items; rows and columns appear in the frame's order.
    groups : mapping of horizon to heading
        In the order of drawing.

    Returns
    -------
    Chart
        Data: group (the heading), label (the metric), series (the city), status, value (items), unit, what and source_id where known.
    """
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    cities = list(dict.fromkeys(cells["city"]))
    lines: list[tuple[str, bool]] = []
    for horizon, heading in groups.items():
        lines += [
            (heading, True),
            *((m, False) for m in dict.fromkeys(cells.loc[cells["horizon"] == horizon, "metric"])),
        ]
    by_key = cells.set_index(["metric", "city"])
    room = style.width() * (0.46 if style.width() < 5 else 0.40)
    labels = [wrapped(text, room, style.SMALL, "bold" if head else "normal") for text, head in lines]
    heights = [ROW * (1 + 0.62 * label.count("\n")) for label in labels]
    with style.house_style():
        figure, (ax,) = framed(sum(heights) + 0.85, words)
        top, ticks, boxes = 0.0, [], {status: [] for status in FILLS}
        for (text, head), height in zip(lines, heights, strict=True):
            ticks.append(top + height / 2)
            for x, city in enumerate(cities if not head else ()):
                row = by_key.loc[(text, city)]
                boxes[row["status"]].append(Rectangle((x + 0.04, top + 0.012), 0.92, height - 0.024))
                if row["items"]:
                    ink = FILLS[row["status"]][1]
                    middle = (x + 0.5, top + height / 2)
                    # left out of the layout, which would measure every number at every drawing
                    ax.text(
                        *middle, str(row["items"]), ha="center", va="center", size=style.SMALL, color=ink
                    ).set_in_layout(False)
            top += height
        for status, rectangles in boxes.items():
            ax.add_collection(PatchCollection(rectangles, facecolor=FILLS[status][0], edgecolor=style.GRAY, lw=0.4))
        ax.set_xlim(0, len(cities))
        ax.set_ylim(top, 0)
        ax.set_yticks(ticks, labels, size=style.SMALL)
        for tick, (_, head) in zip(ax.get_yticklabels(), lines, strict=True):
            tick.set_fontweight("bold" if head else "normal")
        ax.xaxis.tick_top()
        ax.set_xticks([x + 0.5 for x in range(len(cities))], cities, size=style.SMALL, rotation=90)
        ax.tick_params(length=0)
        for side in ax.spines.values():
            side.set_visible(False)
    counts = cells["status"].value_counts().reindex(list(FILLS), fill_value=0)
    most = cells[cells["status"] != "empty"].groupby("city").size().reindex(cities, fill_value=0)
    told = (
        f"Grid of {cells['metric'].nunique()} measures by {len(cities)} places. {counts['filled']} cells are filled, "
        f"{counts['partly']} partly, {counts['empty']} empty. Measures with anything at all, by place: "
        + "; ".join(f"{city} {n}" for city, n in most.items())
        + "."
    )
    names = {"metric": "label", "city": "series", "items": "value", "sources": "source_id"}
    data = cells.assign(group=cells["horizon"].map(groups), unit="items").drop(columns="horizon").rename(columns=names)
    return finished(figure, data, words | {"description": words.description or told}, "Grid")


def heat_table(
    table: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    decimals: int = 0,
) -> Chart:
    """Draw a table as a seaborn heat map in one hue, light to dark, so that it also reads in grayscale.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers; index and columns are the labels, the columns periods. A missing value is an empty cell.
    unit : str
        Of the numbers, for the figure's data.
    decimals : int
        Of the written numbers. They are left out where the figure is narrow; the figure's data have them.

    Returns
    -------
    Chart
        Data: label (the row), period (the column), value, unit.
    """
    import seaborn as sns

    wide = style.width() >= 6
    labels = [wrapped(str(name), 0.3 * style.width(), style.SMALL) for name in table.index]
    height = 0.35 + sum(0.09 + 0.11 * (label.count("\n") + 1) for label in labels)
    with style.house_style():
        figure, (ax,) = framed(height, words)
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
        ink_numbers(ax)
        ax.set_xlabel("")
        ax.set_ylabel("")
        step = 1 if wide else 3
        places = range(0, table.shape[1], step)
        ax.set_xticks([i + 0.5 for i in places], [str(table.columns[i]) for i in places], rotation=0, size=style.SMALL)
        ax.set_yticks([i + 0.5 for i in range(len(labels))], labels, rotation=0, size=style.SMALL)
        ax.tick_params(length=0)
    data = table.rename_axis(index="label", columns="period").stack(future_stack=True).rename("value").reset_index()
    return finished(figure, data.assign(unit=unit), words, "Heat table")
