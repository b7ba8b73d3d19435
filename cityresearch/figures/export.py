"""Export: one chart to SVG, PDF, PNG or TIFF with the same bytes every time."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.errors import ClaimError
from cityresearch.figures import style
from cityresearch.figures.chart import Chart
from cityresearch.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MIME = "application/vnd.cityresearch.figure+json"
FORMATS = ("svg", "pdf", "png", "tiff")
EXTRA_VARIABLE = "CITYRESEARCH_FIGURE_EXTRA"

_NO_DATES = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
    "tiff": None,
}


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
    options: dict[str, Any] = {"pil_kwargs": {"compression": "tiff_lzw"}} if file_format == "tiff" else {}
    if file_format != "tiff":
        options["metadata"] = _NO_DATES[file_format]
    buffer = io.BytesIO()
    with style.house_style():
        if chart.figure.get_layout_engine() is not None:
            _lay_out(chart.figure)
        chart.figure.savefig(buffer, format=file_format, dpi=dpi, **options)
    return buffer.getvalue()


def _lay_out(figure: Figure) -> None:
    """Lay a figure out once, so that every format shows the same places, and round them.

    The layout solver's last digits change from run to run, and they would end in the ids that SVG derives from places.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for ax in figure.axes:
        ax.set_position([round(float(edge), 5) for edge in ax.get_position(original=True).bounds])


def accessible_svg(chart: Chart) -> str:
    """Return the SVG with its title and description (the alt text) inside, for screen readers."""
    from xml.sax.saxutils import escape

    svg = rendered(chart, "svg").decode("utf-8")
    head = f"<title>{escape(chart.title)}</title>\n <desc>{escape(chart.alt)}</desc>\n "
    return re.sub(r"(<svg [^>]*)>\s*", rf'\1 role="img">\n {_literal(head)}', svg, count=1)


def bundle(chart: Chart, name: str) -> dict[str, Any]:
    """Return what `cr.show` displays: a picture, its caption, and the record from which the runner writes files.

    Raises
    ------
    ClaimError
        If the name is not lower case letters, digits and hyphens.
    """
    import base64

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ClaimError(f"A figure's name is lower case letters, digits and hyphens, found {name!r}.")
    _write_extra(chart, name)
    png = base64.b64encode(rendered(chart, "png")).decode("ascii")
    return {
        "text/plain": f"Figure {name}: {chart.alt}",
        "image/png": png,
        MIME: {
            "name": name,
            "title": chart.title,
            "alt": chart.alt,
            "caption": chart.caption,
            "sources": list(chart.sources),
            "csv": chart.data.to_csv(index=False, lineterminator="\n"),
            "svg": accessible_svg(chart),
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
