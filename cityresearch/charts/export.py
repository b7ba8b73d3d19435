"""Export: one chart to SVG, PDF, PNG or TIFF with the same bytes every time."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, lay_out
from cityresearch.charts.exhibit import checked_name
from cityresearch.errors import ClaimError
from cityresearch.files import write_whole

__all__ = ["EXTRA_VARIABLE", "FORMATS", "MIME", "PICTURE", "accessible_svg", "bundle", "rendered"]

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MIME = "application/vnd.cityresearch.figure+json"
PICTURE = "image/svg+xml"
FORMATS = ("svg", "pdf", "png", "tiff")
EXTRA_VARIABLE = "CITYRESEARCH_FIGURE_EXTRA"
# for line drawings, higher levels take longer and save nothing
PNG_COMPRESSION = 1


def rendered(chart: Chart, file_format: str, dpi: int = 150) -> bytes:
    """Return the figure in a format, without dates and with fixed ids, so that equal input gives equal bytes.

    SVG keeps text as text; PDF embeds its fonts; TIFF is LZW-compressed.

    Raises
    ------
    ClaimError
        If the format is unknown.
    """
    if file_format not in FORMATS:
        raise ClaimError(f"Unknown figure format {file_format!r}: use {', '.join(FORMATS)}.")
    with style.house_style():
        _fix_layout(chart.figure)
        return chart.figure.canvas.svg() if file_format == "svg" else _printed(chart.figure, file_format, dpi)


def _fix_layout(figure: Figure) -> None:
    """Lay a figure out once, so that every format shows the same places, and round them.

    The layout solver's last digits change from run to run, and they would end in the ids that SVG derives from places.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    if not isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        return
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.get_label_text():
            # to place a label, even one without words, matplotlib measures all tick labels once more
            axis.set_label_coords(0, 0)
    lay_out(figure)
    figure.set_layout_engine("none")
    for ax in figure.axes:
        ax.set_position([round(float(edge), 5) for edge in ax.get_position(original=True).bounds])


def _printed(figure: Figure, file_format: str, dpi: int) -> bytes:
    """Draw a figure that is laid out, in a format other than SVG."""
    target = io.BytesIO()
    options: dict[str, dict[str, Any]] = {
        "pdf": {"metadata": dict.fromkeys(("CreationDate", "ModDate", "Creator", "Producer"))},
        "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": PNG_COMPRESSION}},
        "tiff": {"pil_kwargs": {"compression": "tiff_lzw"}},
    }
    figure.savefig(target, format=file_format, dpi=dpi, **options[file_format])
    return target.getvalue()


def accessible_svg(chart: Chart) -> str:
    """Return the SVG with its title and description (the alt text) inside, for screen readers.

    Where the font is not installed, one of the same widths stands in for it.
    """
    from xml.sax.saxutils import escape

    named = f"font-family: '{style.FONT}'"
    svg = rendered(chart, "svg").decode("utf-8").replace(named, f"{named}, {style.STAND_INS}")
    head = f"<title>{escape(chart.words.title)}</title>\n <desc>{escape(chart.words.alt)}</desc>\n "
    return re.sub(r"(<svg [^>]*)>\s*", rf'\1 role="img">\n {_literal(head)}', svg, count=1)


def bundle(chart: Chart, name: str) -> dict[str, Any]:
    """Return what `cr.show` displays: the picture as the SVG that is published, and the record from which the runner writes files.

    Raises
    ------
    ClaimError
        If the name is not lower case letters, digits and hyphens.
    """
    checked_name(name)
    _write_extra(chart, name)
    return {
        "text/plain": f"Figure {name}: {chart.words.alt}",
        PICTURE: accessible_svg(chart),
        MIME: {
            "name": name,
            "title": chart.words.title,
            "alt": chart.words.alt,
            "description": chart.words.description,
            "caption": chart.words.caption,
            "sources": list(chart.words.sources),
            "csv": chart.data.to_csv(index=False, lineterminator="\n"),
        },
    }


def _write_extra(chart: Chart, name: str) -> None:
    """Write the further formats that `cityresearch figures` asked for through the environment."""
    asked = os.environ.get(EXTRA_VARIABLE)
    if not asked:
        return
    wish = json.loads(asked)
    if wish["names"] and name not in wish["names"]:
        return
    for file_format in wish["formats"]:
        target = Path(wish["folder"]) / f"{name}.{file_format}"
        content = (
            accessible_svg(chart).encode("utf-8") if file_format == "svg" else rendered(chart, file_format, wish["dpi"])
        )
        write_whole(target, content)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")
