"""Sizes of exported figures: a width on paper, or the shape of a slide or a web page with type that is read there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cityresearch.charts import style
from cityresearch.errors import ParameterError
from cityresearch.suggestions import hint

__all__ = ["PRESETS", "Size", "environment", "of_width", "size_of"]

PIXELS_PER_INCH = 96  # of a web page, by CSS
PRINT_DPI = 600
DPI = (50, 2400)
MOST_PIXELS = 16_000
UNITS = {"in": 1.0, "mm": 25.4, "cm": 2.54, "px": PIXELS_PER_INCH}
SHAPE = 9 / 16


@dataclass(frozen=True, slots=True)
class Size:
    """How large a figure is.

    `label` is for names of files; `width` is in inches where it is shown; `drawn` is the width in inches for which it is drawn, so type is
    `width / drawn` times the house sizes; `aspect` is height over width (0: as tall as it needs); `pixels` is the width of PNG and TIFF
    where it is given, else `dpi` decides.
    """

    label: str
    width: float
    drawn: float
    aspect: float = 0.0
    pixels: int = 0
    dpi: int = PRINT_DPI


PRESETS = {
    "column": Size("column-89mm", 89 / 25.4, 89 / 25.4),
    "page": Size("page-183mm", 183 / 25.4, 183 / 25.4),
    "slide": Size("slide-13.33x7.5in", 40 / 3, 6.5, SHAPE, dpi=144),
    "social": Size("social-1200x675px", 1200 / PIXELS_PER_INCH, 5.0, SHAPE, pixels=1200),
    "web": Size("web-800px", 800 / PIXELS_PER_INCH, 6.0, pixels=800),
}


def size_of(preset: str = "", width: str = "", dpi: int | None = None) -> Size:
    """Return the size that a preset or a width with its unit stands for, in a resolution for PNG and TIFF.

    Raises
    ------
    ParameterError
        If the preset, the width or the resolution is none, or two of them exclude each other.

    Examples
    --------
    >>> size_of(width="89mm").label, size_of("slide").dpi, size_of(width="1200px").pixels
    ('89mm', 144, 1200)
    """
    if preset and width:
        raise ParameterError(f"A preset is a width: give --preset {preset} or --width {width}, not both.")
    if preset and preset not in PRESETS:
        raise ParameterError(
            f"No preset is called {preset!r}{hint(preset, PRESETS, 'there are ' + ', '.join(PRESETS))}"
        )
    size = PRESETS[preset] if preset else of_width(width or f"{style.DEFAULT_WIDTH:g}in")
    if dpi is None:
        return size
    if size.pixels:
        raise ParameterError(f"A width in pixels says itself how many there are: leave out --dpi {dpi}.")
    if not DPI[0] <= dpi <= DPI[1]:
        raise ParameterError(f"--dpi takes {DPI[0]} to {DPI[1]} dots per inch, such as 300 or 600, found {dpi}.")
    if size.width * dpi > MOST_PIXELS:
        raise ParameterError(
            f"At --dpi {dpi} the figure would be {size.width * dpi:,.0f} pixels wide, and {MOST_PIXELS:,} are the most: take a lower --dpi."
        )
    return Size(size.label, size.width, size.drawn, size.aspect, 0, dpi)


def of_width(width: str) -> Size:
    """Return the size of a width with its unit: 3.5in, 89mm, 8.9cm on paper, or 1200px on a screen.

    Raises
    ------
    ParameterError
        If it has no unit, or is smaller or larger than a figure can be.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(in|mm|cm|px)", width)
    number, unit = (float(match[1]), match[2]) if match else (0.0, "in")
    if unit == "px":
        if not (300 <= number <= MOST_PIXELS and number == int(number)):
            raise ParameterError(f"A figure has 300px to {MOST_PIXELS}px, found {width!r}.")
        # on a screen a figure is shown larger or smaller as a whole
        return Size(width, number / PIXELS_PER_INCH, style.DEFAULT_WIDTH, pixels=int(number))
    inches = number / UNITS[unit]
    if not 2.5 <= inches <= 20:
        raise ParameterError(
            f"A figure's width is 2.5in to 20in, such as 3.5in, 89mm, 8.9cm or, for a screen, 1200px, found {width!r}."
        )
    return Size(width, inches, inches)


def environment(size: Size, parts: tuple[str, ...]) -> dict[str, str]:
    """Return the variables by which kinds of chart draw for a size."""
    asked = {style.WIDTH_VARIABLE: str(size.drawn), style.PARTS_VARIABLE: ",".join(parts)}
    return asked | ({style.ASPECT_VARIABLE: str(size.aspect)} if size.aspect else {})
