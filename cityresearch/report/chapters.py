"""Executed notebooks as pages: nbconvert with a template of our own, in this process, each chapter once as long as it is the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.charts import export
from cityresearch.claims import records

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from pygments.formatter import Formatter
    from pygments.lexer import Lexer

__all__ = ["Chapter", "chapter_pages", "executed_chapters"]

TEMPLATES = Path(__file__).parent / "templates"
HEADING = re.compile(r'<h([1-3]) id="([^"]+)">(.*?)(?:<a class="anchor-link"[^>]*>.*?</a>)?</h\1>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as HTML, with its title and its further headings: id and words."""

    name: str
    title: str
    body: str
    headings: tuple[tuple[str, str], ...]


class Converter:
    """Makes HTML of executed notebooks; what was made of the same notebook and template is taken from a folder beside them."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept
        self.converted = 0

    @cached_property
    def exporter(self) -> HTMLExporter:
        """nbconvert's exporter, which takes half a second to load and is not needed where nothing changed."""
        from nbconvert import HTMLExporter
        from nbconvert.exporters import TemplateExporter

        class Exporter(HTMLExporter):
            """nbconvert's exporter without its second reading of the page, which takes as long as the first and finds nothing in ours."""

            def from_notebook_node(self, nb, resources=None, **kw):
                self.register_filter("highlight_code", _highlighted)
                self.register_filter("filter_data_type", _html_first)
                return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

        found = Exporter(extra_template_basedirs=[str(TEMPLATES)], template_name="chapter", optimistic_validation=True)
        found.environment.globals.update(CHECKS=records.MIME, FIGURE=export.MIME)
        return found

    def body(self, notebook: Path) -> str:
        """Return a notebook as HTML without a page around it."""
        content = notebook.read_bytes()
        key = hashlib.sha256(content + _templates()).hexdigest()[:24]
        file = self.kept / f"{notebook.stem}.{key}.html"
        if file.is_file():
            return file.read_text(encoding="utf-8")
        from nbformat import v4

        # the run that wrote it has validated it
        html, _ = self.exporter.from_notebook_node(v4.reads(content.decode("utf-8")))
        self.kept.mkdir(parents=True, exist_ok=True)
        for old in self.kept.glob(f"{notebook.stem}.*.html"):
            old.unlink()
        file.write_text(html, encoding="utf-8")
        self.converted += 1
        return html


def executed_chapters(folder: Path) -> list[Path]:
    """Return the executed notebooks of the last run in order, without those that failed."""
    return [path for path in sorted(folder.glob("*.ipynb")) if not path.name.endswith(".failed.ipynb")]


def chapter_pages(folder: Path) -> tuple[list[Chapter], int]:
    """Return the executed notebooks of the last run as chapters, and how many of them were converted anew."""
    converter = Converter(paths.root() / "build" / "report-chapters")
    found = []
    for notebook in executed_chapters(folder):
        body = converter.body(notebook)
        headings = [(level, anchor, TAGS.sub("", words)) for level, anchor, words in HEADING.findall(body)]
        title = next((words for level, _, words in headings if level == "1"), notebook.stem)
        lower = tuple((anchor, words) for level, anchor, words in headings if level == "2")
        found.append(Chapter(notebook.stem, title, body, lower))
    return found, converter.converted


def _highlighted(source: str, metadata: Mapping[str, Any]) -> str:
    """Return code with its colors as HTML; a cell with a magic is in the language of that magic."""
    from pygments import highlight

    return highlight(source or " ", _lexer(metadata.get("magics_language", "ipython3")), _formatter())


# pygments takes longer to make these than to use them
@cache
def _lexer(language: str) -> Lexer:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return get_lexer_by_name("text")


@cache
def _formatter() -> Formatter:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(cssclass=" highlight hl-ipython3")


def _html_first(data: dict[str, str]) -> list[str]:
    """Return the form in which an output is shown: HTML, a picture, or text."""
    known = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain")
    return [kind for kind in known if kind in data][:1]


def _templates() -> bytes:
    return b"".join(path.read_bytes() for path in sorted((TEMPLATES / "chapter").iterdir()))
