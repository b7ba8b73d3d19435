"""Building the report: chapters, tables and pages, each made again only when what it is made of changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import NotebookError
from cityresearch.outputs import check_folder
from cityresearch.report.beside import beside
from cityresearch.report.chapters import Chapter, chapter_pages, executed_chapters
from cityresearch.report.content import Content
from cityresearch.report.folder import Folder
from cityresearch.report.inputs import code_and_parameters, hashed, results_and_texts
from cityresearch.report.pages import chapter_page, pages
from cityresearch.report.table_pages import TablePage, table_pages

__all__ = ["Built", "build"]

ASSETS = Path(__file__).parent / "assets"


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
    ParameterError
        If the folder lies among the project's own files.
    """
    if output is not None:
        check_folder(output)
    executed = paths.root() / "build" / "notebooks"
    if not executed_chapters(executed):
        raise NotebookError(f"{executed} holds no executed notebooks: run cityresearch run first.")
    folder = Folder(output or paths.root() / "build" / "report", paths.root() / "build" / "report-parts.json")
    with beside(table_pages) as tables_made:
        chapters, converted = chapter_pages(executed)
        _fill(folder, chapters, lambda: tables_made()[0])
        files = folder.finish()
        count = sum(path.suffix == ".html" for path in files)
        size = sum(path.stat().st_size for path in files)
        return Built(folder.path, count, size, folder.written, converted, tables_made()[1])


def _fill(folder: Folder, chapters: Sequence[Chapter], tables: Callable[[], Sequence[TablePage]]) -> None:
    titles = [f"{chapter.name} {chapter.title}" for chapter in chapters]
    inputs = hashed([code_and_parameters(), results_and_texts(), *titles])
    folder.put("all but chapters", inputs, lambda: pages(Content(), chapters, tables))
    for chapter in chapters:
        page = partial(chapter_page, chapter, chapters, tables)
        folder.put(f"chapter {chapter.name}", hashed([inputs, chapter.body]), page)
    folder.put("copies", "", _copies)


def _copies() -> Iterator[tuple[str, bytes]]:
    """Yield what the pages show and offer as it is: style, script, drawings, their data, and the tables of results."""
    yield from ((f"assets/{path.name}", path.read_bytes()) for path in sorted(ASSETS.iterdir()))
    for path in sorted(paths.figures().glob("*")):
        if path.suffix in (".svg", ".csv"):
            yield f"figures/{path.name}", path.read_bytes()
    for path in sorted(paths.processed().glob("*.csv")):
        yield f"results/{path.name}", path.read_bytes()
