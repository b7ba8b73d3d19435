"""A chart: a drawn figure with everything that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import fsum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cityresearch.charts import style

__all__ = [
    "PAD", "STEPS", "Chart", "Frame", "frame", "frame_of", "framed", "in_marks", "in_thousands", "ink_numbers", "lay_out", "source_line", "text_width",
    "ticks_within", "wrapped",
]  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cityresearch.charts.words import Words

LINE = 1.32
STEPS = [1, 2, 2.5, 5, 10]  # of ticks, as a reader counts
MARGIN = 0.08  # inches beside the texts
PAD = 0.03  # inches around the labels of axes
SOURCE = "Source: "
COMPOUND = re.compile(r"(?<=[^\W\d]{3}-)(?=[^\W\d]{3})")  # after the hyphen between two words


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, the data that it plots, the words that go with it, and the name of its files, if it has one yet."""

    figure: Figure
    data: pd.DataFrame
    words: Words
    name: str = ""


_MARKS = str.maketrans({",": style.NUMBERS["thousands"], ".": style.NUMBERS["decimal"], "-": style.NUMBERS["minus"]})
_FRAMES: WeakKeyDictionary[Figure, Frame] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Frame:
    """What is said around a drawing, in whole lines, also where a part of it is left out of the figure."""

    title: str
    subtitle: str = ""
    note: str = ""
    source: str = ""

    @classmethod
    def of(cls, words: Words, footer: str | None = None) -> Frame:
        """Return the frame of words, with a footer of their own if it is given: a note, and a source line at its end."""
        foot = words.footer() if footer is None else footer
        note, begins, source = foot.rpartition(SOURCE)
        return cls(words.title, words.subtitle, note if begins else foot, begins + source if begins else "")

    def shown(self, parts: Collection[str]) -> Frame:
        """Return the frame with the parts that are drawn."""
        return Frame(**{name: text if name in parts else "" for name, text in asdict(self).items()})


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

    figure = Figure(dpi=POINTS)
    Canvas(figure)
    rect = frame(figure, height, words, footer)
    figure.set_layout_engine("constrained", rect=rect, w_pad=PAD, h_pad=PAD)
    axes = figure.subplots(rows, columns, squeeze=False, **subplots)
    return figure, list(axes.flat)


def frame(figure: Figure, height: float, words: Words, footer: str | None = None) -> tuple[float, float, float, float]:
    """Set title, subtitle and footer around a figure of the house width, and return the room between them.

    Where the runner asks for a proportion, a figure that is too low gets a taller plotting area, and one that is too tall gets wider.

    Returns
    -------
    tuple of float
        Left, bottom, width and height as shares of the figure.
    """
    told = Frame.of(words, footer)
    _FRAMES[figure] = told
    shown = told.shown(style.parts())
    # the last digits of a sum depend on the version of Python, and would decide between two numbers of pixels
    width, height = style.width(), round(height, 6)
    texts, foot = _wrapped(shown, width)
    top, bottom = _room(texts, foot)
    full = height + top + bottom
    if style.aspect():
        if full > style.aspect() * width:
            width = round(full / style.aspect(), 6)
            texts, foot = _wrapped(shown, width)
            top, bottom = _room(texts, foot)
        full = style.aspect() * width
        height = full - top - bottom
    figure.set_size_inches(width, full)
    y = full - 0.06
    for name, (text, size, weight, color) in texts.items():
        if text:
            figure.text(
                MARGIN / width,
                y / full,
                text,
                size=size,
                weight=weight,
                color=color,
                va="top",
                linespacing=LINE - 0.1,
                gid=name,
            )
        y -= _height(text, size)
    if foot:
        figure.text(
            MARGIN / width,
            0.05 / full,
            foot,
            size=style.SMALL,
            color=style.QUIET,
            va="bottom",
            linespacing=LINE - 0.1,
            gid="footer",
        )
    return 0.01, bottom / full, 0.98, height / full


def frame_of(figure: Figure) -> Frame | None:
    """Return what is said around a figure's drawing; None for a figure that was not framed."""
    return _FRAMES.get(figure)


def _wrapped(shown: Frame, width: float) -> tuple[dict[str, tuple[str, float, str, str]], str]:
    """Return title and subtitle with their size, weight and color, and the footer, in lines that fit a width."""
    room = width - 2 * MARGIN
    texts = {
        "title": (wrapped(shown.title, room, style.TITLE, "bold"), style.TITLE, "bold", style.INK),
        "subtitle": (wrapped(shown.subtitle, room, style.LABEL), style.LABEL, "normal", style.QUIET),
    }
    return texts, wrapped(shown.note + shown.source, room, style.SMALL)


def _room(texts: dict[str, tuple[str, float, str, str]], foot: str) -> tuple[float, float]:
    """Return the inches that texts take above and below a drawing."""
    top = fsum([0.06, *(_height(text, size) for text, size, _, _ in texts.values()), 0.06])
    return top, _height(foot, style.SMALL) + 0.10


def lay_out(figure: Figure) -> None:
    """Place the axes, so that their extents are known, without drawing; once, as long as nothing in the figure changes.

    The axes have all their labels by now.
    """
    if not figure.stale:
        return
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.get_label_text():
            # to place a label, even one without words, matplotlib measures all tick labels once more
            axis.set_label_coords(0, 0)
    engine = figure.get_layout_engine()
    if len(figure.axes) == 1:
        _fit(figure, figure.axes[0], engine.get()["rect"])
    else:
        engine.execute(figure)
    figure.stale = False


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
    """Break a text into lines that fit a width, measured in the font that draws it, at spaces and within compound names.

    Examples
    --------
    >>> wrapped("San Francisco-Oakland-Fremont", 1.0, 7.5)
    'San Francisco-\\nOakland-Fremont'
    """
    # a reader's renderer may draw glyphs a little wider than their outlines, hence the three percent
    limit, space = 0.97 * inches * 72, text_width(" ", weight) * size
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in paragraph.split():
            for number, part in enumerate(COMPOUND.split(word)):
                between = " " if line and number == 0 else ""
                needed = text_width(part, weight) * size
                if line and used + space * len(between) + needed > limit:
                    lines.append(line)
                    line, used = part, needed
                else:
                    line, used = line + between + part, used + space * len(between) + needed
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


def ink_numbers(ax: Axes) -> None:
    """Give the numbers that are written in the cells of a heat map a color that can be read on their cell."""
    import numpy as np
    from matplotlib.collections import QuadMesh
    from matplotlib.colors import to_hex

    meshes = [c for c in ax.collections if isinstance(c, QuadMesh)]
    if len(meshes) != 1 or meshes[0].get_array() is None:
        return
    there = ~np.ma.getmaskarray(meshes[0].get_array()).ravel()
    shades = meshes[0].to_rgba(meshes[0].get_array()).reshape(-1, 4)[there]
    if len(shades) == len(ax.texts):
        for number, shade in zip(ax.texts, shades, strict=True):
            number.set_color(style.ink_on(to_hex(shade)))


def ticks_within(low: float, high: float, most: int) -> list[float]:
    """Return at most about `most` round tick places that lie on the axis, so that none is labeled beyond its ends."""
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(nbins=most, steps=STEPS).tick_values(low, high)
    return [float(round(v, 12)) for v in places if low <= v <= high]


def in_thousands(value: float) -> str:
    """Return a number for an axis, with thousands separators and every decimal that it has: 182.5 is not 182.

    The marks are those of the style file.

    Examples
    --------
    >>> in_thousands(1000.0), in_thousands(182.5), in_thousands(-0.25)
    ('1,000', '182.5', '−0.25')
    """
    return in_marks(f"{value:,.0f}" if value == int(value) else f"{value:,.6f}".rstrip("0"))


def in_marks(number: str) -> str:
    """Return a number that Python wrote with the thousands mark, decimal point and minus of the style file.

    Examples
    --------
    >>> in_marks(f"{-1234.5:,.1f}")
    '−1,234.5'
    """
    return number.translate(_MARKS)


def source_line(sources: tuple[str, ...], *, most: int = 3) -> str:
    """Return the source line of a figure from the source records themselves."""
    from cityresearch.datasets.catalog import source

    cited = list(dict.fromkeys(source(s).citation for s in sources))
    more = f"; and {len(cited) - most} more" if len(cited) > most else ""
    return SOURCE + "; ".join(cited[:most]) + more + "."


def _height(text: str, size: float) -> float:
    return 0.0 if not text else (text.count("\n") + 1) * size * LINE / 72 + 0.03
