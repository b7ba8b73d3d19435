"""The canvas of all figures: matplotlib's SVG renderer, which measures the texts for the layout and then draws.

To shape a text takes longer than anything else that is done with it, so its extent is kept for all figures of a process.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.textpath import text_to_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

POINTS = 72  # to the inch, which is also the resolution at which SVG is drawn


class Renderer(RendererSVG):
    """An SVG renderer that shapes each text once."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath) -> tuple[float, float, float]:
        """Return a text's width, height and descent in points, as matplotlib's own renderer does."""
        font, size = prop.copy(), prop.get_size_in_points()
        font.set_size(1.0)
        width, height, descent = _extent(s, font, ismath)
        return width * size, height * size, descent * size


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
        return target.getvalue().encode("utf-8")


def _renderer(figure: Figure, target: io.StringIO) -> Renderer:
    width, height = figure.get_size_inches() * POINTS
    return Renderer(width, height, target, image_dpi=POINTS, metadata={"Date": None, "Creator": None})
