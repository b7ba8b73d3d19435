"""Grids: a table of states, and a table of numbers whose shade follows the number written in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, ink_numbers, text_width, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["heat_table", "status_grid"]

# from dark to white, each lighter than the one before, so the grid holds in grayscale; with the ink of the number on it
SHADES = (
    (style.BLUE, "white"),
    ("#7DB3D8", style.INK),
    ("#CFE3F1", style.INK),
    ("#F0F0F0", style.INK),
    ("white", style.INK),
)
ROW = 0.165  # inches


def status_grid(
    cells: pd.DataFrame,
    words: Words,
    *,
    groups: Mapping[str, str],
    statuses: Mapping[str, str],
) -> Chart:
    """Draw a table of states as shades, darkest first, with a short text in each cell and a key below.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns horizon, metric, city, status, shown (a short text), amount, unit; rows and columns appear in the frame's order. Other columns are kept
        in the data.
    groups : mapping of horizon to heading
        In the order of drawing.
    statuses : mapping of status to what it means
        Up to five, darkest first; the last one is an empty cell.

    Returns
    -------
    Chart
        Data: group (the heading), label (the metric), series (the city), status, shown, value (the amount), unit, and the frame's other columns, its period as `when`;
        source_id where known.
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
    fills = dict(zip(statuses, SHADES[: len(statuses) - 1] + SHADES[-1:], strict=True))
    by_key = cells.set_index(["metric", "city"])
    across = 1 if style.width() < 6 else 2
    key = ROW * -(-len(statuses) // across)
    blocks = [lines]
    if style.aspect() and ROW * len(lines) > 0.6 * style.aspect() * style.width():
        blocks = _halves(lines)
    room = style.width() * (0.46 if style.width() < 5 else 0.40) / len(blocks)
    labels = [
        [wrapped(text, room, style.SMALL, "bold" if head else "normal") for text, head in block] for block in blocks
    ]
    heights = [[ROW * (1 + 0.62 * label.count("\n")) for label in block] for block in labels]
    full = max(map(sum, heights))
    with style.house_style():
        figure, axes = framed(full + 0.85 + key, words, columns=len(blocks))
        for ax, block, names, rows in zip(axes, blocks, labels, heights, strict=True):
            top, ticks, boxes = 0.0, [], {status: [] for status in statuses}
            for (text, head), height in zip(block, rows, strict=True):
                ticks.append(top + height / 2)
                for x, city in enumerate(cities if not head else ()):
                    row = by_key.loc[(text, city)]
                    boxes[row["status"]].append(Rectangle((x + 0.04, top + 0.012), 0.92, height - 0.024))
                    if row["shown"]:
                        look = dict(size=style.SMALL, color=fills[row["status"]][1], ha="center", va="center")
                        # left out of the layout, which would measure every number at every drawing
                        ax.text(x + 0.5, top + height / 2, row["shown"], **look).set_in_layout(False)
                top += height
            for status, rectangles in boxes.items():
                ax.add_collection(PatchCollection(rectangles, facecolor=fills[status][0], edgecolor=style.GRAY, lw=0.4))
            ax.set_xlim(0, len(cities))
            ax.set_ylim(full, 0)
            ax.set_yticks(ticks, names, size=style.SMALL)
            for tick, (_, head) in zip(ax.get_yticklabels(), block, strict=True):
                tick.set_fontweight("bold" if head else "normal")
            ax.xaxis.tick_top()
            ax.set_xticks([x + 0.5 for x in range(len(cities))], cities, size=style.SMALL, rotation=90)
            ax.tick_params(length=0)
            for side in ax.spines.values():
                side.set_visible(False)
        _key(figure, {f"{status}: {meaning}": fills[status][0] for status, meaning in statuses.items()}, across)
    counts = cells["status"].value_counts().reindex(list(statuses), fill_value=0)
    none = list(statuses)[-1]
    most = cells[cells["status"] != none].groupby("city").size().reindex(cities, fill_value=0)
    told = (
        f"Grid of {cells['metric'].nunique()} measures by {len(cities)} places. Cells by state: "
        + ", ".join(f"{status} {counts[status]}" for status in statuses)
        + ". Measures with anything at all, by place: "
        + "; ".join(f"{city} {n}" for city, n in most.items())
        + "."
    )
    # a period in words is not the date that a mark is at
    names = {"period": "when", "metric": "label", "city": "series", "amount": "value", "sources": "source_id"}
    data = cells.assign(group=cells["horizon"].map(groups)).drop(columns="horizon").rename(columns=names)
    return finished(figure, data, words | {"description": words.description or told}, "Grid")


def _halves(lines: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """Return lines in two blocks of about one length, cut before a heading."""
    cuts = [i for i, (_, head) in enumerate(lines) if head and i]
    if not cuts:
        return [lines]
    middle = min(cuts, key=lambda i: abs(2 * i - len(lines)))
    return [lines[:middle], lines[middle:]]


def _key(figure: Figure, shades: Mapping[str, str], across: int) -> None:
    """Name the shades in lines under the grid."""
    from matplotlib.patches import Rectangle

    width, height = figure.get_size_inches()
    engine = figure.get_layout_engine()
    left, bottom, wide, high = engine.get()["rect"]
    inches = ROW * -(-len(shades) // across)
    engine.set(rect=(left, bottom + inches / height, wide, high - inches / height))
    for number, (name, shade) in enumerate(shades.items()):
        x = 0.1 / width + (number % across) * 0.98 / across
        y = bottom + (inches - ROW * (number // across + 0.5)) / height
        box = Rectangle(
            (x, y - 0.05 / height), 0.22 / width, 0.1 / height, facecolor=shade, edgecolor=style.GRAY, lw=0.4
        )
        box.set_transform(figure.transFigure)
        figure.add_artist(box)
        figure.text(x + 0.3 / width, y, name, size=style.SMALL, va="center_baseline")


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
        Of the written numbers. Where the figure is too narrow for them, some columns are left out, and the note says so; the figure's data
        have all.

    Returns
    -------
    Chart
        Data: label (the row), period (the column), value, unit.
    """
    import seaborn as sns

    labels = [
        wrapped(str(name), (0.3 if style.width() >= 5 else 0.42) * style.width(), style.SMALL) for name in table.index
    ]
    tall = [label.count("\n") + 1 for label in labels]  # lines; all rows are as high as two neighbors need
    height = 0.35 + len(labels) * max([0.2, *(0.05 + 0.115 * (a + b) / 2 for a, b in pairwise(tall))])
    numbers = table.map(lambda v: "" if pd.isna(v) else in_marks(f"{v:,.{decimals}f}"))
    step = _every(
        labels, [str(period) for period in table.columns], [text for row in numbers.to_numpy() for text in row]
    )
    if step > 1:
        words |= {"note": f"{words.note} Not all columns have room: one of {step} is drawn.".strip()}
    shown = table.iloc[:, ::-1].iloc[:, ::step].iloc[:, ::-1]  # with the last
    with style.house_style():
        figure, (ax,) = framed(height, words)
        sns.heatmap(
            shown,
            ax=ax,
            cmap="Blues",
            vmin=0,
            vmax=float(table.max(axis=None)),
            annot=numbers[shown.columns],
            fmt="",
            annot_kws={"size": style.SMALL},
            cbar=False,
            # set below: seaborn would draw the figure to see which have room
            xticklabels=False,
            yticklabels=False,
            linewidths=0.6,
            linecolor="white",
        )
        ink_numbers(ax)
        ax.set_xlabel("")
        ax.set_ylabel("")
        places = [i + 0.5 for i in range(shown.shape[1])]
        ax.set_xticks(places, [str(period) for period in shown.columns], rotation=0, size=style.SMALL)
        ax.set_yticks([i + 0.5 for i in range(len(labels))], labels, rotation=0, size=style.SMALL)
        ax.tick_params(length=0)
    data = table.rename_axis(index="label", columns="period").stack(future_stack=True).rename("value").reset_index()
    return finished(figure, data.assign(unit=unit), words, "Heat table")


def _every(labels: Sequence[str], heads: Sequence[str], numbers: Sequence[str]) -> int:
    """Return of how many columns one has room for its numbers and its head next to the labels of the rows."""

    def inches(texts: Sequence[str]) -> float:
        return max(text_width(line) for text in texts for line in text.split("\n")) * style.SMALL / 72

    room = style.width() - inches(labels) - 0.2
    return ceil(len(heads) * (max(inches(heads), inches(numbers)) + 0.02) / room)
