"""Pages and tables from an executed notebook of an office: HTML without scripts, workbooks and CSV in which nothing runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cityresearch.runs.parameters import read_notebook
from cityresearch.tables.to_csv import FORMULA
from cityresearch.toolkit.sheets import fit, for_print, head, put, saved, set_widths
from cityresearch.toolkit.shown import TABLE_MIME

__all__ = ["as_csv", "as_page", "as_workbook", "tables_of"]

TEMPLATES = Path(__file__).parent / "templates"
NARROWEST, WIDEST = 10, 48  # characters of a column


def as_page(executed: Path, title: str, scale: float = 1.0) -> bytes:
    """Return a document as one HTML file: the prose of its notebook and what its cells display, without code.

    Nothing of the page is a script, and a policy in its head lets a browser run or fetch none. `scale` is the size of everything in print.
    """
    import mistune
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    prose = mistune.create_markdown(escape=True)
    parts = []
    for cell in read_notebook(executed)["cells"]:
        if cell["cell_type"] == "markdown":
            parts.append(prose("".join(cell["source"])))
        for output in cell.get("outputs", ()):
            parts.append("".join(output.get("data", {}).get("text/html", ())))
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("page.html.j2").render(
        title=title, name=executed.stem, scale=scale, body="\n".join(filter(None, parts))
    )
    return page.encode("utf-8")


def tables_of(executed: Path) -> list[Mapping[str, Any]]:
    """Return the tables that an executed notebook recorded: name, title, columns, rows, note."""
    return [
        output["data"][TABLE_MIME]
        for cell in read_notebook(executed)["cells"]
        for output in cell.get("outputs", ())
        if TABLE_MIME in output.get("data", {})
    ]


def as_workbook(tables: Sequence[Mapping[str, Any]], title: str) -> bytes:
    """Return tables as a workbook, a sheet each, with the same bytes every time."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.creator, book.properties.title = "cityresearch", title
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(table["name"][:31])
        columns, rows = dict(table["columns"]), table["rows"]
        widths = [_width(heading, [row[column] for row in rows]) for column, heading in columns.items()]
        set_widths(sheet, widths)
        head(sheet, 1, list(columns.values()))
        for line, row in enumerate(rows, start=2):
            cells = [row[column] for column in columns]
            for place, cell in enumerate(cells, start=1):
                put(sheet, line, place, cell)
            fit(sheet, line, cells, widths)
        if table["note"]:
            put(sheet, len(rows) + 3, 1, table["note"])
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
        for_print(sheet)
    return saved(book)


def _width(heading: str, cells: Sequence[object]) -> float:
    longest = max([len(heading), *(len(str(cell)) for cell in cells if cell is not None)])
    return min(max(longest + 2, NARROWEST), WIDEST)


def as_csv(table: Mapping[str, Any]) -> bytes:
    """Return a table as CSV; a text that a spreadsheet would run as a formula has an apostrophe before it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = [column for column, _ in table["columns"]]
    writer.writerow(columns)
    for row in table["rows"]:
        cells = [row[column] for column in columns]
        writer.writerow(
            [
                f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else "" if cell is None else cell
                for cell in cells
            ]
        )
    return text.getvalue().encode("utf-8")
