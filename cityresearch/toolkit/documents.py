"""The documents of an office: its notebooks run on the book, and each put down as a page, a PDF, a workbook, tables and figures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from cityresearch.errors import NotebookError, ParameterError
from cityresearch.outputs import check_folder
from cityresearch.runs.execute import Request, execute
from cityresearch.runs.publish import publish
from cityresearch.runs.results import FigureRecord, recorded
from cityresearch.toolkit import printing
from cityresearch.toolkit.book import Book
from cityresearch.toolkit.pages import as_csv, as_page, as_workbook, tables_of
from cityresearch.toolkit.quarters import quarter_named
from cityresearch.toolkit.rules import mended_book
from cityresearch.toolkit.scorecard import coverage, scorecard
from cityresearch.toolkit.views import name_of

__all__ = ["DOCUMENTS", "Made", "make_documents"]

NOTEBOOKS = Path(__file__).parent / "notebooks"
DOCUMENTS: Mapping[str, str] = {
    "brief": "Brief", "scorecard": "Scorecard", "profile": "Profile", "quarterly-return": "Quarterly return",
}  # fmt: skip
PAGES_OF_BRIEF = 2
SCALES = (1.0, 0.92, 0.84, 0.76)  # of type in print


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the files, sentences that a person should hear, and the coverage of the scorecard."""

    files: Sequence[Path]
    remarks: Sequence[str]
    coverage: str


def make_documents(workbook: Path, output: Path, as_of: date, quarter: str = "", pdf: bool = True) -> Made:
    """Run the notebooks of an office on its workbook and write the documents; all of them, or none.

    Parameters
    ----------
    workbook : Path
    output : Path
        Folder; other files in it stay.
    as_of : date
        The day for which horizons are met or not yet due.
    quarter : str, optional
        Of the quarterly return, such as 2026Q1; the last one with a row if left out.
    pdf : bool
        Whether to print the pages, if a browser is found.

    Raises
    ------
    DataError
        If the workbook cannot be read or has faults.
    ParameterError
        If the folder or the quarter does not suit.
    NotebookError
        If a notebook fails or a file cannot be written; then nothing is.
    """
    check_folder(output)
    for name in DOCUMENTS:
        if (output / f"{name}.xlsx").resolve() == workbook.resolve():
            raise ParameterError(
                f"{workbook} would be replaced by a result of its name: name another folder with --output."
            )
    chosen = str(quarter_named(quarter)) if quarter else ""
    book = mended_book(workbook, as_of)
    files, remarks = _made(book, as_of, chosen, pdf)
    # what an earlier run left and this one does not make would be about another state of the book
    stale = [f"{name}.pdf" for name in DOCUMENTS if f"{name}.pdf" not in files]
    publish(files, stale, output)
    return Made([output / name for name in files], remarks, str(coverage(scorecard(book, as_of))))


def _made(book: Book, as_of: date, quarter: str, pdf: bool) -> tuple[dict[str, bytes], list[str]]:
    given = {"workbook": str(book.path.resolve()), "as_of": as_of.isoformat(), "quarter": quarter}
    notebooks = tuple(NOTEBOOKS / f"{name}.ipynb" for name in DOCUMENTS)
    files: dict[str, bytes] = {}
    pages: dict[str, Callable[..., bytes]] = {}
    with tempfile.TemporaryDirectory(prefix="cityresearch-office-") as scratch:
        done = execute(Request(notebooks, given, Path(scratch), jobs=1))
        if done.failures:
            raise NotebookError(f"Nothing was made, for a notebook failed: {done.failures[0].message}")
        for executed in sorted(done.executed, key=lambda path: list(DOCUMENTS).index(path.stem)):
            name, title = executed.stem, f"{DOCUMENTS[executed.stem]}: {name_of(book)}"
            pages[name] = partial(as_page, executed, title)
            files[f"{name}.html"] = pages[name]()
            tables = tables_of(executed)
            files[f"{name}.xlsx"] = as_workbook(tables, title)
            files |= {f"tables/{table['name']}.csv": as_csv(table) for table in tables}
            files[f"notebooks/{executed.name}"] = executed.read_bytes()
            # the brief shows a figure of the scorecard again, so each notebook is read by itself
            for figure in recorded([executed]).figures:
                files |= _files_of(figure)
        remarks = _print(files, pages["brief"]) if pdf else []
    return files, remarks


def _files_of(figure: FigureRecord) -> dict[str, bytes]:
    return {
        f"figures/{figure.name}.svg": figure.svg.encode("utf-8"),
        f"figures/{figure.name}.csv": figure.csv.encode("utf-8"),
        f"figures/{figure.name}.txt": f"{figure.title}\n\n{figure.alt}\n\n{figure.description}\n".encode(),
    }


def _print(files: dict[str, bytes], brief: Callable[..., bytes]) -> list[str]:
    """Add a PDF for each page, the brief in the largest type in which it has two pages; return what a person should hear of it."""
    program = printing.browser()
    if not program:
        return [f"PDFs were left out, for no browser was found: {printing.HOW}."]
    pages = {name: files[f"{name}.html"] for name in DOCUMENTS}
    made: dict[str, bytes] = {}
    for scale in SCALES:
        pages["brief"] = brief(scale=scale)
        now, why = printing.printed(pages, program)
        if why:
            return [f"PDFs were left out, for {why}: {printing.HOW}."]
        made |= now
        if printing.page_count(made["brief"]) <= PAGES_OF_BRIEF:
            break
        pages = {}  # only the brief is printed again
    files |= {f"{name}.pdf": content for name, content in made.items()}
    files["brief.html"] = brief(scale=scale)
    count = printing.page_count(made["brief"])
    return (
        [f"the brief has {count} pages and not {PAGES_OF_BRIEF}: shorten stories or names."]
        if count != PAGES_OF_BRIEF
        else []
    )
