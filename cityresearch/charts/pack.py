"""The pack of a figure for a publisher: its pictures in the size asked for, its data, and every word that goes with it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.charts import formats, style
from cityresearch.charts.export import EXTRA_VARIABLE, accessible_svg, fix_layout, record, rendered
from cityresearch.charts.legible import drawn_texts, faults
from cityresearch.charts.sizes import PIXELS_PER_INCH, Size
from cityresearch.files import write_whole

if TYPE_CHECKING:
    from cityresearch.charts.chart import Chart

__all__ = ["PREVIEW", "WORDS", "file_name", "texts", "wish", "write_asked"]

PREVIEW, WORDS = "preview.png", "words.json"
PREVIEW_PIXELS = 900
FIGURE_LICENSE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"  # part 2 of LICENSE
LICENSES = {
    "facts-cited": "facts, used with this citation",
    "us-government-work": "work of the U.S. government",
    "public-domain": "public domain",
    "cc0": "CC0",
    "cc-by": "CC BY",
    "cc-by-sa": "CC BY-SA",
    "unknown": "not stated by the publisher",
}


def wish(names: list[str], formats: list[str], size: Size, parts: tuple[str, ...], folder: Path) -> str:
    """Return what a notebook is asked for, as the text of an environment variable."""
    asked = {name: getattr(size, name) for name in Size.__dataclass_fields__}
    return json.dumps({"names": names, "formats": formats, "size": asked, "parts": parts, "folder": str(folder)})


def write_asked(chart: Chart, name: str) -> None:
    """Write the pack of a figure where the environment asks for it."""
    asked = json.loads(os.environ[EXTRA_VARIABLE])
    if name not in asked["names"]:
        return
    size, parts, folder = Size(**asked["size"]), asked["parts"], Path(asked["folder"]) / name
    scale = size.width / chart.figure.get_figwidth()
    dpi = PIXELS_PER_INCH if size.pixels else size.dpi
    for file_format in asked["formats"]:
        content = (
            accessible_svg(chart, name, scale=scale).encode("utf-8")
            if file_format == "svg"
            else rendered(chart, file_format, dpi, scale=scale, pixels=size.pixels)
        )
        write_whole(folder / file_name(name, size, parts, file_format), content)
    for file, text in texts(chart, name, scale).items():
        write_whole(folder / file, text.encode("utf-8"))
    with style.house_style():
        small = formats.picture(chart.figure, 0, PREVIEW_PIXELS)
    write_whole(folder / PREVIEW, formats.raster(small, "png", PIXELS_PER_INCH))


def file_name(name: str, size: Size, parts: tuple[str, ...], file_format: str) -> str:
    """Return the name of a picture, which says how large it is, what is left out, and how fine it is.

    Examples
    --------
    >>> from cityresearch.charts.sizes import size_of
    >>> file_name("exports", size_of("column"), style.PARTS, "png"), file_name("exports", size_of(width="7in"), ("chart",), "svg")
    ('exports-column-89mm-600dpi.png', 'exports-7in-chart.svg')
    """
    fine = f"-{size.dpi}dpi" if file_format in ("png", "tiff") and not size.pixels else ""
    kept = "" if tuple(parts) == style.PARTS else "-" + "-".join(part for part in style.PARTS if part in parts)
    return f"{name}-{size.label}{kept}{fine}.{file_format}"


def texts(chart: Chart, name: str, scale: float = 1.0) -> dict[str, str]:
    """Return the files of words and data of a figure by their names.

    Parameters
    ----------
    scale : float
        By which the figure is larger than it was drawn, which says how small its smallest type is.
    """
    from cityresearch.datasets.catalog import source

    said = record(chart, name)
    cited = [source(key) for key in said["sources"]]
    lines = [
        f"{item.citation}. {item.url}{' ' if item.url else ''}License: {LICENSES.get(item.license, item.license)}."
        for item in cited
    ]
    foot = "Source: " + "; ".join(dict.fromkeys(item.citation for item in cited)) + "." if cited else ""
    caption = {part.capitalize(): said[part] for part in ("title", "subtitle", "caption", "note")} | {"Source": foot}
    spoken = {part: said[part] for part in ("title", "subtitle", "caption", "note", "alt", "description", "sources")}
    with style.house_style():
        fix_layout(chart.figure)
    smallest = round(min((t.get_size() for t in drawn_texts(chart.figure)), default=0.0) * scale, 1)
    machine = {"name": name, **spoken, "smallest_type_points": smallest, "faults": faults(chart.figure, scale)}
    return {
        f"{name}.csv": chart.data.to_csv(index=False, lineterminator="\n"),
        "alt.txt": said["alt"] + "\n",
        "description.txt": said["description"] + "\n",
        "caption.txt": "\n\n".join(
            f"{part}: {text.removeprefix(f'{part}: ')}" for part, text in caption.items() if text
        )
        + "\n",
        "sources.txt": "\n".join(lines or ["This figure has no source of its own."]) + "\n",
        "credit.txt": credit(said["title"], bool(cited)),
        WORDS: json.dumps(machine, indent=2, ensure_ascii=False) + "\n",
    }


def credit(title: str, has_sources: bool) -> str:
    """Return the credit line, the license and the citation of a figure, from CITATION.cff."""
    project = citation()
    authors = " and ".join(filter(None, (_person(author) for author in project.get("authors", ())))) or "The authors"
    when = str(project.get("date-released", ""))
    version = f"version {project['version']}" if "version" in project else ""
    work = ", ".join(filter(None, (str(project.get("title", "")), version, when)))
    facts = " The facts are their publishers', as sources.txt names them." if has_sources else ""
    end = "" if title.endswith((".", "?", "!")) else "."
    return (
        f"Credit: {authors}, CC BY 4.0.\n"
        f"License: {FIGURE_LICENSE}.{facts}\n"
        f"Citation: {authors}. “{title}{end}” Figure in: {work or 'this project'}.\n"
    )


def citation() -> Mapping[str, Any]:
    """Return what CITATION.cff says of the project; nothing where there is none."""
    import yaml

    try:
        found = yaml.safe_load((paths.root() / "CITATION.cff").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found if isinstance(found, dict) else {}


def _person(author: Mapping[str, str]) -> str:
    return author.get("name", "") or " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))
