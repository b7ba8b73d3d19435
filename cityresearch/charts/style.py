"""Style: widths, type sizes and colors that hold in print, in grayscale and for color-blind readers."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache

__all__ = [
    "BAND",
    "BLUE",
    "DEFAULT_WIDTH",
    "FONT",
    "GRAY",
    "GREEN",
    "INK",
    "LABEL",
    "ORANGE",
    "PALE",
    "PURPLE",
    "SKY",
    "SMALL",
    "STAND_INS",
    "TITLE",
    "VERMILION",
    "WIDTHS",
    "WIDTH_VARIABLE",
    "house_style",
    "width",
]

WIDTHS = {"single": 3.5, "medium": 5.0, "double": 7.0}
DEFAULT_WIDTH = WIDTHS["double"]
WIDTH_VARIABLE = "CITYRESEARCH_FIGURE_WIDTH"

# Okabe and Ito's palette, whose members also differ in lightness
BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, GRAY, INK = (
    "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#D55E00", "#CC79A7", "#8A8A8A", "#222222",
)  # fmt: skip
PALE = "#C9D3DB"
BAND = "#F3E3C3"

TITLE, LABEL, SMALL = 9.5, 7.5, 6.5

# matplotlib brings the font along; a reader of an SVG may lack it, and Verdana is as wide
FONT, STAND_INS = "DejaVu Sans", "Verdana, sans-serif"

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
    "text.hinting": "none",
    "legend.frameon": False,
    "legend.fontsize": LABEL,
}


def width() -> float:
    """Return the width of figures in inches: the one asked for by the runner, else 7.0."""
    return float(os.environ.get(WIDTH_VARIABLE, DEFAULT_WIDTH))


@contextmanager
def house_style():
    """Draw with the house style on top of matplotlib's own defaults, and leave the settings as they were.

    A user's `matplotlibrc`, or settings that a notebook changed, would otherwise reach the published figures.
    """
    import matplotlib as mpl

    # only what differs is set, because each setting is validated
    changed = {key: value for key, value in _defaults().items() if mpl.rcParams[key] != value}
    with mpl.rc_context({**changed, **RC}):
        yield


@cache
def _defaults() -> dict[str, object]:
    """Return matplotlib's settings as they are without a file of the user; the backend draws no figure of ours."""
    import matplotlib as mpl

    return {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")}
