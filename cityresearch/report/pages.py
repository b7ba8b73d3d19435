"""Pages of the report as HTML, by Jinja."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch import __version__, paths
from cityresearch.report.chapters import Chapter
from cityresearch.report.citing import citation_of
from cityresearch.report.content import Content
from cityresearch.report.linked import SCHEMA, claim_as_review, verdicts_as_json
from cityresearch.report.prose import as_html
from cityresearch.report.table_pages import TablePage
from cityresearch.verdict_display import ORDER

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["chapter_page", "pages"]

TEMPLATES = Path(__file__).parent / "templates"
DOCS = {
    "differences": ("Differences", "docs/differences.md"),
    "verdict-changes": ("Moves", "docs/verdict-changes.md"),
    "method": ("Method", "docs/verify.md"),
    "glossary": ("Glossary", "docs/glossary.md"),
    "changes": ("Changes", "CHANGELOG.md"),
}
LISTS = {
    "table": (
        "tables.html",
        "Tables",
        "The tables of the results, to read and to take along. Numbers are those of the committed results and data.",
    ),
    "profile": (
        "cities.html",
        "Cities",
        "A profile of each metropolitan area that the documents name: what it sells abroad, who works there, and what is missing.",
    ),
}
# of the results, by name of the page and of its template
CONTENT = {"index": "index", "claims": "ledger", "figures": "gallery", "data": "data", "sources": "sources"}
HEADER = "<!-- header -->"  # its place in a page that was rendered before it is known which tables there are


def pages(
    content: Content, chapters: Sequence[Chapter], tables: Callable[[], Sequence[TablePage]] = tuple
) -> Iterator[tuple[str, bytes]]:
    """Yield each page but those of chapters, as its path in the site and its bytes.

    Parameters
    ----------
    content : Content
    chapters : sequence of Chapter
    tables : callable
        Called when all is rendered that is of no table.
    """
    known = {"content": content, "chapters": chapters}
    early = [(f"{name}.html", _rendered(f"{name}.html", f"{of}.html.j2", **known)) for name, of in CONTENT.items()]
    early += _claim_pages(content, chapters)
    for name, title in _documents():
        html = as_html(paths.root() / DOCS[name][1])
        early.append((f"{name}.html", _rendered(f"{name}.html", "prose.html.j2", title=title, html=html)))
    found = tables()
    for name, html in [*early, *_table_pages(content, chapters, found)]:
        yield name, _with_header(name, html, found)
    for table in found:
        yield from ((f"tables/{file}", download) for file, download in (table.files or {}).items())
    yield "verdicts.json", verdicts_as_json(content)
    yield SCHEMA.name, SCHEMA.read_bytes()
    yield "cityresearch.bib", citation_of(paths.root()).bibtex().encode("utf-8")


def chapter_page(
    chapter: Chapter, chapters: Sequence[Chapter], tables: Callable[[], Sequence[TablePage]]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a chapter, see `pages`."""
    name = f"chapters/{chapter.name}.html"
    yield name, _with_header(name, _rendered(name, "chapter.html.j2", chapter=chapter, chapters=chapters), tables())


def _claim_pages(content: Content, chapters: Sequence[Chapter]) -> Iterator[tuple[str, str]]:
    chapter_of = {chapter.name: chapter for chapter in chapters}
    keys = list(content.rows)
    citation = citation_of(paths.root())
    for place, row in enumerate(content.rows.values()):
        name = f"claims/{row.claim_id}.html"
        yield (
            name,
            _rendered(
                name,
                "claim.html.j2",
                content=content,
                row=row,
                chapter=chapter_of.get(row.data["notebook"]),
                before=keys[place - 1] if place else "",
                after=keys[place + 1] if place + 1 < len(keys) else "",
                citation=citation,
                linked=json.dumps(claim_as_review(row, content), ensure_ascii=False).replace("<", "\\u003c"),
            ),
        )


def _table_pages(
    content: Content, chapters: Sequence[Chapter], tables: Sequence[TablePage]
) -> Iterator[tuple[str, str]]:
    profiles = next((chapter for chapter in chapters if chapter.name.endswith("-city-profile")), None)
    for kind, (page, heading, words) in LISTS.items():
        found = [table for table in tables if table.kind == kind]
        if found:
            yield page, _rendered(page, "tables.html.j2", tables=found, heading=heading, words=words)
        for table in found:
            if not table.lacking:
                name, chapter = f"tables/{table.name}.html", profiles if kind == "profile" else None
                known = {"content": content, "tables": found, "table": table, "chapter": chapter}
                yield name, _rendered(name, "table.html.j2", **known)


def _rendered(name: str, template: str, **words: object) -> str:
    """Return a page with `HEADER` in the place of its header."""
    root = "../" * name.count("/")
    return _environment().get_template(template).render(root=root, header=HEADER, prose=_documents(), **words)


def _with_header(name: str, html: str, tables: Sequence[TablePage]) -> bytes:
    has = {table.kind for table in tables if not table.lacking}
    listed = tuple(LISTS[kind][:2] for kind in LISTS if kind in has)
    return html.replace(HEADER, _header(name.count("/"), name * ("/" not in name), listed, _documents()), 1).encode()


@lru_cache(maxsize=64)
def _header(depth: int, here: str, listed: tuple[tuple[str, str], ...], prose: tuple[tuple[str, str], ...]) -> str:
    """Return the header, which is the same on all pages that it does not name."""
    template = _environment().get_template("header.html.j2")
    return template.render(root="../" * depth, here=here, listed=listed, prose=prose)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    found.globals.update(ORDER=ORDER, version=__version__)
    return found


def _documents() -> tuple[tuple[str, str], ...]:
    """Return name and title of each text of the project that it has."""
    return tuple((name, title) for name, (title, file) in DOCS.items() if (paths.root() / file).is_file())
