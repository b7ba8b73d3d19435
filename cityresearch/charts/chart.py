"""A chart: a drawn figure with everything that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import TYPE_CHECKING

from cityresearch.charts import style

__all__ = [
    "PAD",
    "STEPS",
    "Chart",
    "framed",
    "in_thousands",
    "lay_out",
    "source_line",
    "text_width",
    "ticks_within",
    "wrapped",
]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cityresearch.charts.words import Words

LINE = 1.32
STEPS = [1, 2, 2.5, 5, 10]  # of ticks, as a reader counts
PAD = 0.03  # inches around the labels of axes


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, the data that it plots, the words that go with it, and the name of its files, if it has one yet."""

    figure: Figure
    data: pd.DataFrame
    words: Words
    name: str = ""


def framed(
    height: float,
    words: Words,
    *,
    footer: str | None = None,
    rows: int = 1,
    columns: int = 1,
    **subplots: object,
) -> tuple[Figure, list[Axes]]:
    """Return a figure of the house width with title, subtitle and footer set, and its axes between them.

    Parameters
    ----------
    height : float
        Height of the plotting area in inches; the texts are added to it.
    words : Words
        Title and subtitle are wrapped to the width.
    footer : str, optional
        In place of the note and source line of the words.
    rows, columns : int
        Grid of axes.
    **subplots
        Passed to `Figure.subplots`.
    """
    from matplotlib.figure import Figure

    from cityresearch.charts.canvas import POINTS, Canvas

    width = style.width()
    # the last digits of a sum depend on the version of Python, and would decide between two numbers of pixels
    height = round(height, 6)
    figure = Figure(figsize=(width, height), dpi=POINTS)
    Canvas(figure)
    margin = 0.08
    texts = [
        (wrapped(words.title, width - 2 * margin, style.TITLE, "bold"), style.TITLE, "bold", style.INK),
        (wrapped(words.subtitle, width - 2 * margin, style.LABEL), style.LABEL, "normal", "#555555"),
    ]
    foot = wrapped(words.footer() if footer is None else footer, width - 2 * margin, style.SMALL)
    top = fsum([0.06, *(_height(t, size) for t, size, _, _ in texts), 0.06])
    bottom = _height(foot, style.SMALL) + 0.10
    full = height + top + bottom
    figure.set_size_inches(width, full)
    y = full - 0.06
    for text, size, weight, color in texts:
        if text:
            figure.text(
                margin / width,
                y / full,
                text,
                size=size,
                weight=weight,
                color=color,
                va="top",
                linespacing=LINE - 0.1,
            )
        y -= _height(text, size)
    if foot:
        figure.text(
            margin / width,
            0.05 / full,
            foot,
            size=style.SMALL,
            color="#555555",
            va="bottom",
            linespacing=LINE - 0.1,
        )
    figure.set_layout_engine("constrained", rect=(0.01, bottom / full, 0.98, height / full), w_pad=PAD, h_pad=PAD)
    axes = figure.subplots(rows, columns, squeeze=False, **subplots)
    return figure, list(axes.flat)


def lay_out(figure: Figure) -> None:
    """Place the axes, so that their extents are known, without drawing."""
    engine = figure.get_layout_engine()
    if len(figure.axes) == 1:
        _fit(figure, figure.axes[0], engine.get()["rect"])
    else:
        engine.execute(figure)


def _fit(figure: Figure, ax: Axes, rect: tuple[float, float, float, float]) -> None:
    """Make the only axes of a figure as large as its labels allow.

    The layout engine would measure every text twice. Once is enough: labels of ticks take the same room wherever the axes are. Labels
    that hang on the data at the right end take less room in wider axes, and more in narrower ones, which are measured again.
    """
    left, bottom, wide, high = rect
    page_width, page_height = figure.bbox.size
    pad_x, pad_y = PAD / figure.get_figwidth(), PAD / figure.get_figheight()
    ax.set_position((left + 0.45 * wide, bottom + 0.1 * high, 0.5 * wide, 0.8 * high))
    for _ in range(2):
        plot, labeled = ax.get_window_extent(), ax.get_tightbbox(figure.canvas.get_renderer(), for_layout_only=True)
        west, east = (plot.x0 - labeled.x0) / page_width, (labeled.x1 - plot.x1) / page_width
        south, north = (plot.y0 - labeled.y0) / page_height, (labeled.y1 - plot.y1) / page_height
        measured = ax.get_position().width
        width = wide - west - east - 2 * pad_x
        ax.set_position((left + west + pad_x, bottom + south + pad_y, width, high - south - north - 2 * pad_y))
        if width >= measured and east * page_width < style.LABEL:
            return


def wrapped(text: str, inches: float, size: float, weight: str = "normal") -> str:
    """Break a text into lines that fit a width, measured in the font that draws it."""
    # a reader's renderer may draw glyphs a little wider than their outlines, hence the three percent
    limit, space = 0.97 * inches * 72, text_width(" ", weight) * size
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in paragraph.split():
            needed = text_width(word, weight) * size
            if line and used + space + needed > limit:
                lines.append(line)
                line, used = word, needed
            else:
                line, used = f"{line} {word}".strip(), used + (space if line else 0) + needed
        lines.append(line)
    return "\n".join(line for line in lines if line)


def text_width(text: str, weight: str = "normal") -> float:
    """Return the width of a line of text in points at a type size of one point, kerning aside."""
    return fsum(_advance(character, weight) for character in text)


@lru_cache(maxsize=1024)
def _advance(character: str, weight: str) -> float:
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    # what is not named here would come from the settings of the user
    plain = FontProperties(
        family=style.FONT, style="normal", variant="normal", weight=weight, stretch="normal", size=10
    )
    font = get_font(findfont(plain))
    font.set_size(100, 72)
    return font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 2**16 / 100


def ticks_within(low: float, high: float, most: int) -> list[float]:
    """Return at most about `most` round tick places that lie on the axis, so that none is labeled beyond its ends."""
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(nbins=most, steps=STEPS).tick_values(low, high)
    return [float(round(v, 12)) for v in places if low <= v <= high]


def in_thousands(value: float) -> str:
    """Return a number for an axis, with thousands separators and every decimal that it has: 182.5 is not 182.

    Examples
    --------
    >>> in_thousands(1000.0), in_thousands(182.5), in_thousands(0.25)
    ('1,000', '182.5', '0.25')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6f}".rstrip("0")


def source_line(sources: tuple[str, ...], *, most: int = 3) -> str:
    """Return the source line of a figure from the source records themselves."""
    from cityresearch.datasets.catalog import source

    cited = list(dict.fromkeys(source(s).citation for s in sources))
    more = f"; and {len(cited) - most} more" if len(cited) > most else ""
    return "Source: " + "; ".join(cited[:most]) + more + "."


def _height(text: str, size: float) -> float:
    return 0.0 if not text else (text.count("\n") + 1) * size * LINE / 72 + 0.03
