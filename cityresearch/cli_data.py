"""The command line's part for data: list, show, check, import; `cli_refresh` adds refresh."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Names", "data_app"]

data_app = typer.Typer(no_args_is_help=True, help="The datasets of data/raw and their sources.")
Names = Annotated[list[str] | None, typer.Argument(help="Names; all if left out.")]


@data_app.command("list")
def data_list() -> None:
    """List the datasets."""
    from cityresearch.datasets import describe

    print(describe.listing())


@data_app.command("show")
def data_show(
    name: Annotated[str, typer.Argument(help="A dataset, such as metro_exports.")],
    where: Annotated[str, typer.Option(help="A condition over columns: \"state == 'CA' and year == 2023\".")] = "",
    sources: Annotated[bool, typer.Option("--sources", help="Print the source records of the chosen rows.")] = False,
    rows: Annotated[int, typer.Option(help="How many rows to print.")] = 5,
) -> None:
    """Show a dataset: schema, coverage, warnings, sources, first rows."""
    from cityresearch.datasets import describe

    print(describe.show(name, where, sources, rows))


@data_app.command("check")
def data_check() -> None:
    """Load and validate every dataset, then check that the tables agree with one another."""
    from cityresearch.claims import guards
    from cityresearch.datasets import checks

    tables = checks.tables()
    for name, table in tables.items():
        print(f"{name}: {len(table):,} rows valid")
    outcomes = checks.run(tables, guards.CHECKS)
    for outcome in outcomes:
        print(f"{'failed' if outcome.faults else 'ok':<6} {outcome.name}")
        for fault in outcome.faults:
            print(f"       {fault}")
    if any(outcome.faults for outcome in outcomes):
        raise typer.Exit(1)


@data_app.command("import")
def data_import(
    file: Annotated[Path, typer.Argument(help="A file as the publisher offers it: CSV, XLSX, JSON or zip.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="The dataset to fill.")],
    source: Annotated[str, typer.Option(metavar="ID", help="A source of sources.csv, or a new id.")],
    publisher: Annotated[str, typer.Option(help="Publisher of a new source.")] = "",
    title: Annotated[str, typer.Option(help="Title of a new source.")] = "",
    url: Annotated[str, typer.Option(help="Address of a new source.")] = "",
    published: Annotated[str, typer.Option(help="Date of a new source, such as 2026-05-29.")] = "",
    license: Annotated[
        str, typer.Option(help="License of a new source: us-government-work, facts-cited, cc0, ...")
    ] = "",
    vintage: Annotated[str, typer.Option(help="first_release or revised, where the dataset keeps both.")] = "",
    form: Annotated[str, typer.Option("--format", help="The publisher's format; by default that of the dataset.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook.")] = "",
    names: Annotated[list[str] | None, typer.Option("--name", metavar="CODE=TITLE", help="Name an area code.")] = None,
    new_titles: Annotated[bool, typer.Option("--new-titles", help="Accept places that were never seen.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Drop this source's rows that the file lacks.")] = False,
    yes: Annotated[bool, typer.Option("--yes/--dry-run", help="Write, or only show what would change.")] = False,
) -> None:
    """Import a publisher's own file into a dataset, showing what changes."""
    from cityresearch.datasets.importers import importing

    codes = dict(pair.split("=", 1) if "=" in pair else (pair, "") for pair in names or ())
    options = importing.Options(vintage, form, sheet, codes, new_titles, replace)
    given = importing.NewSource(publisher, title, url, published, license)
    plan = importing.plan_file(file, name, source, given, options)
    print("\n".join(plan.lines()))
    if not plan.any:
        print("Nothing to write: every value is published already.")
    elif yes:
        importing.write(plan)
        print(f"Written: {plan.record.path}.")
    else:
        print("Nothing was written: repeat with --yes to write.")
