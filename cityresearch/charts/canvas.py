"""The canvas of all figures: matplotlib's SVG renderer, which measures the texts for the layout and then draws.

To shape a text takes longer than anything else that is done with it, so its extent is kept for all figures of a process.
"""

from __future__ import annotations

import hashlib
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.font_manager import findfont, get_font
from matplotlib.textpath import text_to_path

__all__ = ["POINTS", "Canvas", "Renderer", "named_by_content"]

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

CLIP = re.compile(r'<clipPath id="(\w+)">(.*?)</clipPath>', re.DOTALL)
POINTS = 72  # to the inch, which is also the resolution at which SVG is drawn


class Renderer(RendererSVG):
    """An SVG renderer that shapes each text once, and reads the heights of each font once."""

    figure_dpi: float = POINTS

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath) -> tuple[float, float, float]:
        """Return a text's width, height and descent in points, as matplotlib's own renderer does."""
        font, size = prop.copy(), prop.get_size_in_points()
        font.set_size(1.0)
        width, height, descent = _extent(s, font, ismath)
        return width * size, height * size, descent * size

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float | None, float | None, float | None]:
        # what matplotlib asks a renderer before it finds the font and opens its tables, for every text that it measures
        font = prop.copy()
        font.set_size(1.0)
        per_em, *heights = _heights(font)
        if not per_em:
            return None, None, None
        scale = 1 / per_em * prop.get_size_in_points() * self.figure_dpi / 72
        ascent, descent, gap = heights
        return ascent * scale, -descent * scale, gap * scale


@lru_cache(maxsize=64)
def _heights(font: FontProperties) -> tuple[int, int, int, int]:
    """Return the units to the em of a font, and in them its ascent, descent and line gap; zeros where it does not tell."""
    tables = get_font(findfont(font))
    told = tables.get_sfnt_table("OS/2")
    if told is None:
        return 0, 0, 0, 0
    heights = (told[f"sTypo{name}"] for name in ("Ascender", "Descender", "LineGap"))
    return tables.get_sfnt_table("head")["unitsPerEm"], *heights


@lru_cache(maxsize=8192)
def _extent(text: str, font: FontProperties, ismath) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, font, ismath)


class Canvas(FigureCanvasSVG):
    """A canvas whose layout and drawing agree on the extent of texts."""

    def get_renderer(self) -> Renderer:
        """Return a renderer to measure with; what it writes is thrown away."""
        return _renderer(self.figure, io.StringIO())

    def svg(self) -> bytes:
        """Draw the figure as it is laid out, without a date."""
        target = io.StringIO()
        renderer = _renderer(self.figure, target)
        self.figure.draw(renderer)
        renderer.finalize()
        return named_by_content(target.getvalue()).encode("utf-8")


def named_by_content(svg: str) -> str:
    """Return an SVG whose clip paths are named by what is written of them.

    matplotlib names them by unrounded floats, whose last digits differ between versions of Python.

    Examples
    --------
    >>> named_by_content('<g clip-path="url(#a)"/><clipPath id="a">box</clipPath>')
    '<g clip-path="url(#p26f8567f25)"/><clipPath id="p26f8567f25">box</clipPath>'
    """
    names = {old: f"p{hashlib.sha256(what.encode()).hexdigest()[:10]}" for old, what in CLIP.findall(svg)}
    written: set[str] = set()

    def definition(match: re.Match[str]) -> str:
        name = names[match[1]]
        if name in written:  # two that differ in digits that are not written
            return ""
        written.add(name)
        return f'<clipPath id="{name}">{match[2]}</clipPath>'

    svg = CLIP.sub(definition, svg)
    return re.sub(r"url\(#(\w+)\)", lambda match: f"url(#{names.get(match[1], match[1])})", svg)


def _renderer(figure: Figure, target: io.StringIO) -> Renderer:
    width, height = figure.get_size_inches() * POINTS
    renderer = Renderer(width, height, target, image_dpi=POINTS, metadata={"Date": None, "Creator": None})
    renderer.figure_dpi = figure.dpi
    return renderer
