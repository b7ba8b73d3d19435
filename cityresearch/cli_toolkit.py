"""The command line's part for an office's own book: template, check, scorecard."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["toolkit_app"]

toolkit_app = typer.Typer(
    no_args_is_help=True, help="An office's own book: a workbook to fill in, its check, and the scorecard made of it."
)
Workbook = Annotated[Path, typer.Argument(help="The office's workbook, XLSX.")]
Today = Annotated[
    str,
    typer.Option("--as-of", metavar="DAY", help="The day for which it counts, such as 2026-03-31; today if left out."),
]
SHOWN = 60  # faults that are printed


@toolkit_app.command("template")
def toolkit_template(
    place: Annotated[str, typer.Option(help="A metropolitan area: its name, a city in it, or its CBSA code.")],
    output: Annotated[Path, typer.Option(help="The workbook to write, such as office.xlsx.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of that name.")] = False,
) -> None:
    """Write a workbook to fill in, with public data of the place."""
    from cityresearch.errors import ParameterError
    from cityresearch.outputs import check_new_file, write_file
    from cityresearch.toolkit.template import template

    if output.suffix.casefold() != ".xlsx":
        raise ParameterError(
            f"--output takes the name of a workbook that ends in .xlsx, found {str(output)!r}: name it {output.stem or 'office'}.xlsx."
        )
    check_new_file(output, overwrite)
    content, named, filled, gaps = template(place)
    write_file(output, content)
    print(
        f"{output}: a workbook for {named}; {filled} rows of the inventory are filled from public data and marked, {gaps} are gaps for you to fill."
    )
    print(f"Open the sheet help first. When rows are in: cityresearch toolkit check {output}")


@toolkit_app.command("check")
def toolkit_check(workbook: Workbook, as_of: Today = "") -> None:
    """Name the sheet, row, column and remedy of each fault of a workbook; exit code 1 if there is any."""
    from cityresearch.toolkit.rules import checked_book

    book = checked_book(workbook, _day(as_of))
    for number, fault in enumerate(book.faults[:SHOWN], start=1):
        print(f"{number}. {fault}")
    if len(book.faults) > SHOWN:
        print(f"... and {len(book.faults) - SHOWN} more, which are shown when these are mended.")
    for remark in book.read_as[:SHOWN]:
        print(f"Read as meant: {remark}")
    if len(book.read_as) > SHOWN:
        print(f"... and {len(book.read_as) - SHOWN} more cells that were read as meant.")
    for note in book.notes[:SHOWN]:
        print(f"Note: {note}")
    filled = ", ".join(f"{name} {len(rows)}" for name, rows in book.rows.items() if rows and name != "office")
    print(f"Rows read: {filled or 'none'}; example rows not counted: {book.examples}.")
    what = f"{len(book.faults)} fault{'s' * (len(book.faults) != 1)} to mend" if book.faults else "Nothing to mend"
    print(f"{workbook}: {what}, {len(book.read_as)} cell{'s' * (len(book.read_as) != 1)} read as meant.")
    if book.faults:
        raise typer.Exit(1)
    print(f"Next: cityresearch toolkit scorecard {workbook} --output {workbook.stem}-scorecard")


@toolkit_app.command("scorecard")
def toolkit_scorecard(
    workbook: Workbook,
    output: Annotated[Path, typer.Option(help="Folder for the pages, workbooks, tables and figures.")],
    as_of: Today = "",
    quarter: Annotated[
        str, typer.Option(help="Quarter of the return, such as 2026Q1; the last one with a row if left out.")
    ] = "",
    pdf: Annotated[
        bool, typer.Option("--pdf/--no-pdf", help="Print the pages as PDF too, with Chromium or Chrome.")
    ] = True,
) -> None:
    """Make scorecard, profile, quarterly return and a two-page brief of a workbook without faults."""
    from cityresearch.toolkit.documents import make_documents

    made = make_documents(workbook, output, _day(as_of), quarter, pdf)
    for path in made.files:
        print(path)
    for remark in made.remarks:
        print(f"Note: {remark}")
    print(made.coverage)
    print(f"Open {output / 'brief.html'}")


def _day(text: str) -> date:
    from cityresearch.errors import ParameterError

    if not text:
        return date.today()  # noqa: DTZ011 (the day where the office is)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"--as-of takes a day such as 2026-03-31, found {text!r}.") from None
