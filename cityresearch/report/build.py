"""Building the report: pages rendered from one reading of the results, and only files that changed written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cityresearch import __version__, paths
from cityresearch.errors import NotebookError
from cityresearch.files import write_whole
from cityresearch.report.chapters import chapter_pages
from cityresearch.report.citing import citation_of
from cityresearch.report.content import Content
from cityresearch.report.linked import SCHEMA, claim_as_review, verdicts_as_json
from cityresearch.report.prose import as_html
from cityresearch.report.table_pages import TablePage, table_pages
from cityresearch.verdict_display import ORDER

__all__ = ["Built", "build"]

HERE = Path(__file__).parent
DOCS = (
    ("differences", "Differences", "docs/differences.md"),
    ("verdict-changes", "Moves", "docs/verdict-changes.md"),
    ("method", "Method", "docs/verify.md"),
    ("glossary", "Glossary", "docs/glossary.md"),
    ("changes", "Changes", "CHANGELOG.md"),
)
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


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: where the site lies, its pages and bytes, how many files were written, and chapters and tables made anew."""

    folder: Path
    pages: int
    size: int
    written: int
    converted: int
    tables: int


def build(output: Path | None = None) -> Built:
    """Build the static site of the last run; files that are as they were are left alone, and those that nothing makes are removed.

    Parameters
    ----------
    output : Path, optional
        Folder of the site, `build/report` if left out. It is ours: whatever else lies in it is removed.

    Returns
    -------
    Built
        Pages, size in bytes, and how much was made anew.

    Raises
    ------
    NotebookError
        If no executed notebooks are there.
    ClaimError
        If there are no results.
    """
    executed = paths.root() / "build" / "notebooks"
    chapters, converted = chapter_pages(executed)
    if not chapters:
        raise NotebookError(f"{executed} holds no executed notebooks: run cityresearch run first.")
    content = Content()
    tables, tables_made = table_pages()
    folder = output or paths.root() / "build" / "report"
    mark = folder / ".cityresearch-report"
    if folder.is_dir() and any(folder.iterdir()) and not mark.is_file():
        raise NotebookError(f"{folder} holds files that are not of a report: name an empty or a new folder.")
    made: set[Path] = {mark}
    written = pages = 0
    files = {**dict(_pages(content, chapters, tables)), ".cityresearch-report": b"", **_copies()}
    for name, found in files.items():
        target = folder / name
        made.add(target)
        pages += name.endswith(".html")
        if not target.is_file() or target.read_bytes() != found:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, found)
            written += 1
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in made:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)
    return Built(folder, pages, sum(map(len, files.values())), written, converted, tables_made)


def _pages(content: Content, chapters, tables: Sequence[TablePage] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield each page as its path in the site and its bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    documents = [
        (name, title, as_html(paths.root() / file)) for name, title, file in DOCS if (paths.root() / file).is_file()
    ]
    of_kind = {kind: [table for table in tables if table.kind == kind] for kind in ("table", "profile")}
    everywhere = {
        "content": content,
        "chapters": chapters,
        "ORDER": ORDER,
        "version": __version__,
        "listed": [(kind, *LISTS[kind][:2]) for kind in of_kind if any(not table.lacking for table in of_kind[kind])],
        "prose": [(name, title) for name, title, _ in documents],
    }

    def page(name: str, template: str, **words: object) -> tuple[str, bytes]:
        root = "../" * name.count("/")
        html = environment.get_template(template).render(**everywhere, root=root, here=name, **words)
        return name, html.encode("utf-8")

    yield page("index.html", "index.html.j2")
    yield page("claims.html", "ledger.html.j2")
    yield page("figures.html", "gallery.html.j2")
    yield page("data.html", "data.html.j2")
    yield page("sources.html", "sources.html.j2")
    for kind, found in of_kind.items():
        if found:
            name, heading, words = LISTS[kind]
            yield page(name, "tables.html.j2", tables=found, heading=heading, words=words)
        for table in found:
            if not table.lacking:
                chapter = next((c for c in chapters if kind == "profile" and c.name.endswith("-city-profile")), None)
                yield page(f"tables/{table.name}.html", "table.html.j2", tables=found, table=table, chapter=chapter)
                yield from ((f"tables/{file}", found_file) for file, found_file in (table.files or {}).items())
    chapter_of = {chapter.name: chapter for chapter in chapters}
    keys = list(content.rows)
    citation = citation_of(paths.root())
    for place, row in enumerate(content.rows.values()):
        yield page(
            f"claims/{row.claim_id}.html",
            "claim.html.j2",
            row=row,
            chapter=chapter_of.get(row.data["notebook"]),
            before=keys[place - 1] if place else "",
            after=keys[place + 1] if place + 1 < len(keys) else "",
            citation=citation,
            linked=json.dumps(claim_as_review(row, content), ensure_ascii=False).replace("<", "\\u003c"),
        )
    for chapter in chapters:
        yield page(f"chapters/{chapter.name}.html", "chapter.html.j2", chapter=chapter)
    for name, title, html in documents:
        yield page(f"{name}.html", "prose.html.j2", title=title, html=html)
    yield "verdicts.json", verdicts_as_json(content)
    yield SCHEMA.name, SCHEMA.read_bytes()
    yield "cityresearch.bib", citation.bibtex().encode("utf-8")


def _copies() -> dict[str, bytes]:
    """Return what the pages show and offer as it is: style, script, drawings, their data, and the tables of results."""
    found = {f"assets/{path.name}": path.read_bytes() for path in sorted((HERE / "assets").iterdir())}
    for path in sorted(paths.figures().glob("*")):
        if path.suffix in (".svg", ".csv"):
            found[f"figures/{path.name}"] = path.read_bytes()
    for path in sorted(paths.processed().glob("*.csv")):
        found[f"results/{path.name}"] = path.read_bytes()
    return found
