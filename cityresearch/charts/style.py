"""Style: widths, type sizes and colors that hold in print, in grayscale and for color-blind readers.

Its values are those of `figures/style.toml` (`style_file`).
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache

from cityresearch.charts import style_file

__all__ = [
    "ASPECT_VARIABLE",
    "BAND",
    "BLUE",
    "DEFAULT_WIDTH",
    "FONT",
    "GRAY",
    "GREEN",
    "INK",
    "LABEL",
    "NUMBERS",
    "ORANGE",
    "PALE",
    "PARTS",
    "PARTS_VARIABLE",
    "PURPLE",
    "QUIET",
    "SKY",
    "SMALL",
    "STAND_INS",
    "TITLE",
    "VERDICTS",
    "VERMILION",
    "WIDTHS",
    "WIDTH_VARIABLE",
    "aspect",
    "contrast",
    "drawn_at",
    "house_style",
    "ink_on",
    "lightness",
    "parts",
    "readable",
    "width",
]

WIDTHS = {"single": 3.5, "medium": 5.0, "double": 7.0}
DEFAULT_WIDTH = WIDTHS["double"]
WIDTH_VARIABLE = "CITYRESEARCH_FIGURE_WIDTH"
ASPECT_VARIABLE = "CITYRESEARCH_FIGURE_ASPECT"
PARTS_VARIABLE = "CITYRESEARCH_FIGURE_PARTS"
PARTS = ("chart", "title", "subtitle", "note", "source")

_style = style_file.loaded()
BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, INK, GRAY, QUIET, PALE, BAND = map(str, _style["colors"].values())
VERDICTS = {word: str(color) for word, color in _style["verdicts"].items()}
TITLE, LABEL, SMALL = (float(points) for points in _style["sizes"].values())
FONT, STAND_INS = map(str, _style["fonts"].values())
NUMBERS = {name: str(mark) for name, mark in _style["numbers"].items()}

RC = {
    "font.family": FONT,
    "font.size": LABEL,
    "axes.labelsize": LABEL,
    "xtick.labelsize": LABEL,
    "ytick.labelsize": LABEL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": False,
    "text.parse_math": False,  # two dollar signs in a title are amounts
    "svg.fonttype": "none",
    "svg.hashsalt": "cityresearch",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "text.hinting": "none",
    "legend.frameon": False,
    "legend.fontsize": LABEL,
    **{f"date.autoformatter.{span}": form for span, form in _style["dates"].items()},
}
READABLE = 4.5  # to 1: the contrast that small text needs (WCAG 2.2, 1.4.3)


def width() -> float:
    """Return the width of figures in inches: the one asked for by the runner, else 7.0."""
    return float(os.environ.get(WIDTH_VARIABLE, DEFAULT_WIDTH))


@contextmanager
def drawn_at(inches: float):
    """Draw at another width than the one asked for."""
    asked = os.environ.get(WIDTH_VARIABLE)
    os.environ[WIDTH_VARIABLE] = str(inches)
    try:
        yield
    finally:
        if asked is None:
            del os.environ[WIDTH_VARIABLE]
        else:
            os.environ[WIDTH_VARIABLE] = asked


def aspect() -> float:
    """Return the height of figures over their width that the runner asked for; 0 where each is as tall as it needs."""
    return float(os.environ.get(ASPECT_VARIABLE, 0))


def parts() -> tuple[str, ...]:
    """Return the parts of figures that are drawn: those asked for by the runner, else all."""
    asked = os.environ.get(PARTS_VARIABLE)
    return tuple(asked.split(",")) if asked else PARTS


def lightness(color: str) -> float:
    """Return how light a color looks without its hue, from 0 (black) to 100 (white): L* of CIELAB.

    Examples
    --------
    >>> lightness("#000000"), round(lightness("#777777")), lightness("#FFFFFF")
    (0.0, 50, 100.0)
    """
    y = _luminance(color)
    return 903.3 * y if y <= 0.008856 else 116 * y ** (1 / 3) - 16


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, from 1 to 21, as WCAG 2.2 defines it.

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF"), round(contrast("#E69F00", "#FFFFFF"), 2)
    (21.0, 2.25)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(color: str, ground: str = "#FFFFFF") -> str:
    """Return a color for small text: the same if it has enough contrast with its ground, else darker by as little as needed.

    Examples
    --------
    >>> readable("#0072B2"), readable("#E69F00")
    ('#0072B2', '#9E6D00')
    """
    share = 1.0
    red, green, blue = _channels(color)
    while contrast(color, ground) < READABLE and share > 0:
        share -= 0.01
        color = "#" + "".join(f"{int(255 * share * part):02X}" for part in (red, green, blue))
    return color


def ink_on(ground: str) -> str:
    """Return the color of text on a ground: the house ink, or white or black where that is easier to read.

    Examples
    --------
    >>> ink_on("#FFFFFF"), ink_on("#084A75")
    ('#222222', '#FFFFFF')
    """
    choices = (INK, "#FFFFFF", "#000000")  # on every color, one of the last two has enough contrast
    return next(ink for ink in choices if contrast(ink, ground) >= READABLE)


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(color: str) -> tuple[float, ...]:
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))


@contextmanager
def house_style():
    """Draw with the house style on top of matplotlib's own defaults, and leave the settings as they were.

    A user's `matplotlibrc`, or settings that a notebook changed, would otherwise reach the published figures.
    """
    import matplotlib as mpl

    style_file.note_use()
    # only what differs is set, because each setting is validated
    changed = {key: value for key, value in _defaults().items() if mpl.rcParams[key] != value}
    with mpl.rc_context({**changed, **RC}):
        yield


@cache
def _defaults() -> dict[str, object]:
    """Return matplotlib's settings as they are without a file of the user; the backend draws no figure of ours."""
    import matplotlib as mpl

    return {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")}
