"""Contact sheets of exported figures: a page for browsers, and a PDF to print."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from cityresearch.charts import style
from cityresearch.charts.chart import wrapped
from cityresearch.charts.pack import PREVIEW, WORDS
from cityresearch.files import write_whole

__all__ = ["contact_sheet"]

PAGE, ACROSS, DOWN = (8.5, 11.0), 2, 3  # inches, and pictures on a page
HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Figures</title>
<style>
body {{ font-family: {fonts}; color: {ink}; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; line-height: 1.4 }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 2rem }}
img {{ max-width: 100%; height: auto; border: 1px solid {pale} }}
h2 {{ font-size: 1rem }}
p, li {{ font-size: .85rem }}
</style>
</head>
<body>
<h1>Figures</h1>
<p>{count} in this folder, each with its data (CSV), alt text, description, caption, sources and credit. <a href="contact-sheet.pdf">Contact sheet to print</a></p>
<main>
"""


def contact_sheet(drawn: Path, output: Path) -> None:
    """Write index.html and contact-sheet.pdf for all figures that are in the output or newly drawn.

    Parameters
    ----------
    drawn : Path
        Folder of the figures that will be put into the output; the sheets are written here.
    output : Path
        What is there already.
    """
    folders = {path.parent.name: path.parent for place in (output, drawn) for path in sorted(place.glob(f"*/{WORDS}"))}
    figures = {name: json.loads((folders[name] / WORDS).read_text(encoding="utf-8")) for name in sorted(folders)}
    files = {
        name: sorted({p.name for place in (output, drawn) for p in (place / name).glob("*") if p.name != PREVIEW})
        for name in figures
    }
    write_whole(drawn / "index.html", _page(figures, files).encode("utf-8"))
    write_whole(drawn / "contact-sheet.pdf", _sheet(figures, folders))


def _page(figures: Mapping[str, Mapping[str, Any]], files: Mapping[str, list[str]]) -> str:
    fonts = f"'{style.FONT}', {style.STAND_INS}"
    items = []
    for name, said in figures.items():
        links = ", ".join(f'<a href="{name}/{file}">{file.removeprefix(f"{name}-")}</a>' for file in files[name])
        items.append(
            f'<article id="{name}">\n<h2>{escape(said["title"])}</h2>\n'
            f'<img src="{name}/{PREVIEW}" alt="{escape(said["alt"])}" loading="lazy">\n'
            f"<p>{escape(said['caption'])}</p>\n<p>{name}: {links}</p>\n</article>\n"
        )
    head = HEAD.format(fonts=fonts, ink=style.INK, pale=style.PALE, count=len(figures))
    return head + "".join(items) + "</main>\n</body>\n</html>\n"


def _sheet(figures: Mapping[str, Mapping[str, Any]], folders: Mapping[str, Path]) -> bytes:
    """Return the printed sheet: the preview of each figure with its name and title."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from PIL import Image

    target, names = io.BytesIO(), list(figures)
    undated = dict.fromkeys(("CreationDate", "ModDate", "Creator", "Producer"))
    with style.house_style(), PdfPages(target, metadata={**undated, "Title": "Figures"}) as pages:
        for start in range(0, len(names), ACROSS * DOWN):
            page = Figure(figsize=PAGE)
            for place, name in enumerate(names[start : start + ACROSS * DOWN]):
                column, row = place % ACROSS, place // ACROSS
                wide, high = 0.94 / ACROSS, 0.94 / DOWN
                left, top = 0.03 + column * wide, 0.97 - row * high
                title = wrapped(figures[name]["title"], (wide - 0.02) * PAGE[0], style.SMALL, "bold")
                lines = title.count("\n") + 2
                page.text(left, top, f"{title}\n{name}", size=style.SMALL, va="top")
                room = lines * style.SMALL * 1.3 / 72 / PAGE[1]
                ax = page.add_axes((left, top - high + 0.015, wide - 0.02, high - room - 0.02), anchor="NW")
                with Image.open(folders[name] / PREVIEW) as image:
                    ax.imshow(image.convert("RGB"))
                ax.set_axis_off()
            pages.savefig(page)
    return target.getvalue()
