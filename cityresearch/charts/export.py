"""Export: one chart in any format with the same bytes every time, and what a notebook shows of it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, Frame, frame_of, lay_out
from cityresearch.charts.exhibit import checked_name
from cityresearch.charts.spoken import description, short_alt
from cityresearch.errors import ClaimError

__all__ = [
    "EXTRA_VARIABLE", "FORMATS", "MIME", "PICTURE", "accessible_svg", "bundle", "fix_layout", "picture_of", "record", "rendered",
]  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

MIME = "application/vnd.cityresearch.figure+json"
PICTURE = "text/html"
FORMATS = ("svg", "pdf", "png", "tiff", "eps")
EXTRA_VARIABLE = "CITYRESEARCH_FIGURE_EXTRA"
BEGINS = '<figure class="cityresearch" style="margin: 0; overflow-x: auto">\n'
ENDS = "</figure>"
PROLOG = re.compile(r"\A<\?xml.*?(?=<svg )", re.DOTALL)


def rendered(chart: Chart, file_format: str, dpi: float = 150, *, scale: float = 1.0, pixels: int = 0) -> bytes:
    """Return the figure in a format, without dates and with fixed ids, so that equal input gives equal bytes.

    SVG keeps text as text; PDF embeds its fonts and has a title, a language and the alt text; PNG and TIFF are RGB without transparency,
    TIFF with LZW compression; EPS has no transparency.

    Parameters
    ----------
    file_format : {"svg", "pdf", "png", "tiff", "eps"}
    dpi : float
        Of PNG and TIFF, where the figure is shown.
    scale : float
        By which the figure is larger than it was drawn, type and lines too.
    pixels : int
        The exact width of PNG and TIFF, in place of their resolution.

    Raises
    ------
    ClaimError
        If the format is unknown.
    """
    if file_format not in FORMATS:
        raise ClaimError(f"Unknown figure format {file_format!r}: use {', '.join(FORMATS)}.")
    with style.house_style():
        fix_layout(chart.figure)
        if file_format == "svg":
            return _scaled(chart.figure.canvas.svg(), scale)
        from cityresearch.charts import formats

        if file_format == "pdf":
            from cityresearch.charts.tagged_pdf import tagged_pdf

            return tagged_pdf(
                chart.figure, title=chart.words.title, alt=short_alt(chart.words), scale=scale, dpi=dpi * scale
            )
        if file_format == "eps":
            return formats.eps(chart.figure, chart.words.title, scale, dpi * scale)
        return formats.raster(formats.picture(chart.figure, dpi * scale, pixels), file_format, dpi)


def fix_layout(figure: Figure) -> None:
    """Lay a figure out once, so that every format shows the same places, and round them.

    The layout solver's last digits change from run to run, and they would end in the ids that SVG derives from places.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    if not isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        return
    lay_out(figure)
    figure.set_layout_engine("none")
    for ax in figure.axes:
        ax.set_position([round(float(edge), 5) for edge in ax.get_position(original=True).bounds])


def _scaled(svg: bytes, scale: float) -> bytes:
    """Return an SVG that is shown larger; what is drawn stays as it is."""
    if scale == 1:
        return svg
    return re.sub(
        rb' (width|height)="([0-9.]+)pt"', lambda m: b' %s="%.4fpt"' % (m[1], float(m[2]) * scale), svg, count=2
    )


def accessible_svg(chart: Chart, name: str = "", *, scale: float = 1.0) -> str:
    """Return the SVG with its title and description inside, for screen readers.

    Where the font is not installed, one of the same widths stands in for it.

    Parameters
    ----------
    name : str
        Of the figure, which begins the ids of title and description, so that several figures can be on one page.
    """
    named = f"font-family: '{style.FONT}'"
    svg = rendered(chart, "svg", scale=scale).decode("utf-8").replace(named, f"{named}, {style.STAND_INS}")
    from xml.sax.saxutils import escape  # loads what fetches addresses

    title, told = f"{name or 'figure'}-title", f"{name or 'figure'}-description"
    head = (
        f' role="img" aria-labelledby="{title}" aria-describedby="{told}">\n'
        f' <title id="{title}">{escape(chart.words.title)}</title>\n <desc id="{told}">{escape(description(chart.words))}</desc>\n '
    )
    return re.sub(r"(<svg [^>]*)>\s*", lambda m: m[1] + head, svg, count=1)


def bundle(chart: Chart, name: str) -> dict[str, Any]:
    """Return what `cr.show` displays: the picture as HTML, and the record from which the runner writes files.

    The SVG is in the HTML once and nowhere else: as an output of its own, converters to HTML would put it into an image without alt text.

    Raises
    ------
    ClaimError
        If the name is not lower case letters, digits and hyphens, or the drawing has another title than the words.
    """
    checked_name(name)
    told = frame_of(chart.figure)
    if told is not None and told.title != chart.words.title:
        raise ClaimError(
            f"The figure {name} is drawn with the title {told.title!r} and recorded with {chart.words.title!r}: say it once, "
            "in the words that the chart is made with."
        )
    if os.environ.get(EXTRA_VARIABLE):
        from cityresearch.charts.pack import write_asked

        write_asked(chart, name)
    svg = accessible_svg(chart, name)
    return {
        "text/plain": f"Figure {name}: {short_alt(chart.words)}",
        PICTURE: f"{BEGINS}{svg.removeprefix(PROLOG.match(svg)[0])}{ENDS}",
        MIME: record(chart, name) | {"csv": chart.data.to_csv(index=False, lineterminator="\n")},
    }


def record(chart: Chart, name: str) -> dict[str, Any]:
    """Return the words of a figure, each part by itself."""
    words, told = chart.words, frame_of(chart.figure) or Frame.of(chart.words)
    return {
        "name": name,
        "title": words.title,
        "subtitle": told.subtitle,
        "alt": short_alt(words),
        "description": description(words),
        "caption": words.caption,
        "note": told.note.strip(),
        "sources": list(words.sources),
    }


def picture_of(data: Mapping[str, Any]) -> str:
    """Return the SVG file of a figure from the data of the output that `bundle` made.

    Examples
    --------
    >>> picture_of({"text/html": '<figure class="cityresearch"><svg/></figure>'}).splitlines()[-1]
    '<svg/>'
    """
    html = "".join(data[PICTURE])
    return DECLARATION + html[html.index("<svg") : html.rindex(ENDS)]


DECLARATION = """\
<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
"""
