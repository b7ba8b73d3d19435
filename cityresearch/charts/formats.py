"""Formats other than SVG: one drawing that is laid out, to PDF, PNG, TIFF or EPS with the same bytes every time."""

from __future__ import annotations

import io
import re
from math import ceil
from typing import TYPE_CHECKING

from cityresearch.charts.canvas import POINTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

__all__ = ["eps", "picture", "raster"]

# for line drawings, higher levels take longer and save nothing
PNG_COMPRESSION = 1


def picture(figure: Figure, dpi: float, pixels: int = 0) -> Image:
    """Return a figure as an image in red, green and blue, without transparency.

    Parameters
    ----------
    dpi : float
        Dots to the inch of the figure.
    pixels : int
        The exact width in place of it, if given.
    """
    from PIL import Image

    width, height = figure.get_size_inches()
    # matplotlib cuts fractions of pixels off, and a width of 1199.9999 must not lose one
    dpi = (pixels + 0.01) / width if pixels else dpi + 1e-9
    target = io.BytesIO()
    figure.savefig(target, format="rgba", dpi=dpi)
    size = (int(width * dpi), int(height * dpi))
    return Image.frombytes("RGBA", size, target.getvalue()).convert("RGB")


def raster(image: Image, file_format: str, dpi: float) -> bytes:
    """Return an image as PNG, or as TIFF with LZW compression, that says its resolution."""
    target = io.BytesIO()
    options = {"png": {"compress_level": PNG_COMPRESSION}, "tiff": {"compression": "tiff_lzw"}}
    image.save(target, format=file_format, dpi=(dpi, dpi), **options[file_format])
    return target.getvalue()


def eps(figure: Figure, title: str, scale: float, dpi: float) -> bytes:
    """Return a figure as Encapsulated PostScript, which knows no transparency."""
    target = io.BytesIO()
    figure.savefig(target, format="eps", dpi=dpi, metadata={"Creator": "cityresearch"})
    text = target.getvalue().decode("latin-1")
    named = title.encode("ascii", "replace").decode().replace("\n", " ")
    text = re.sub(r"^%%CreationDate:.*$", lambda _: f"%%Title: {named}", text, count=1, flags=re.MULTILINE)
    if scale != 1:
        width, height = (float(inches) * POINTS * scale for inches in figure.get_size_inches())
        box = f"%%BoundingBox: 0 0 {ceil(width - 1e-3)} {ceil(height - 1e-3)}\n%%HiResBoundingBox: 0 0 {width:.6f} {height:.6f}"
        text = re.sub(r"^%%BoundingBox:.*\n%%HiResBoundingBox:.*$", box, text, count=1, flags=re.MULTILINE)
        text = text.replace("\n0 0 translate\n", f"\n0 0 translate\n{scale:.6f} dup scale\n", 1)
    return text.encode("latin-1")
