"""The command line's part for data: list, show, check, record, import, accept, undo; `cli_refresh` adds refresh."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cityresearch import completion
from cityresearch.cli_pairs import pairs
from cityresearch.phrases import many

__all__ = ["Datasets", "Names", "data_app"]

data_app = typer.Typer(no_args_is_help=True, help="The datasets of data/raw and their sources.")
Names = Annotated[list[str] | None, typer.Argument(help="Names; all if left out.")]
Datasets = Annotated[
    list[str] | None, typer.Argument(help="Datasets; all if left out.", autocompletion=completion.datasets)
]


@data_app.command("list")
def data_list() -> None:
    """List the datasets."""
    from cityresearch.datasets import describe

    print(describe.listing())


@data_app.command("show")
def data_show(
    name: Annotated[str, typer.Argument(help="A dataset, such as metro_exports.", autocompletion=completion.datasets)],
    where: Annotated[str, typer.Option(help="A condition over columns: \"state == 'CA' and year == 2023\".")] = "",
    sources: Annotated[bool, typer.Option("--sources", help="Print the source records of the chosen rows.")] = False,
    rows: Annotated[int, typer.Option(help="How many rows to print.")] = 5,
) -> None:
    """Show a dataset: schema, coverage, warnings, sources, first rows."""
    from cityresearch.datasets import describe

    print(describe.show(name, where, sources, rows))


@data_app.command("check")
def data_check(
    everything: Annotated[
        bool, typer.Option("--all", help="Print each table and each check, not only faults.")
    ] = False,
) -> None:
    """Load and validate every dataset, then check that the tables agree with one another."""
    from cityresearch.claims import guards
    from cityresearch.datasets import checks

    tables = checks.tables()
    for name, table in tables.items() if everything else ():
        print(f"{name}: {many(len(table), 'row')} valid")
    outcomes = checks.run(tables, guards.CHECKS)
    held = [outcome for outcome in outcomes if not outcome.absent]
    for outcome in held if everything else [outcome for outcome in held if outcome.faults]:
        print(f"{'failed' if outcome.faults else 'ok':<6} {outcome.name}")
        for fault in outcome.faults:
            print(f"       {fault}")
    failed = sum(bool(outcome.faults) for outcome in held)
    left_out = len(outcomes) - len(held)
    print(
        f"{len(tables)} tables with {sum(map(len, tables.values())):,} rows are as their schemas say; "
        f"{len(held) - failed} of {len(held)} checks between tables hold"
        f"{f', {left_out} are about tables that this project does not have' if left_out else ''}."
    )
    if failed:
        raise typer.Exit(1)


@data_app.command("record")
def data_record(
    table: Annotated[
        str, typer.Argument(metavar="NAME|FILE", help="A dataset that changed, or a new CSV below data/raw.")
    ],
    title: Annotated[str, typer.Option(help="Title of the table.")] = "",
    description: Annotated[str, typer.Option(help="What a row is, and what a user must know.")] = "",
    group: Annotated[str, typer.Option(help="Where `data list` shows a new table.")] = "other",
    source: Annotated[
        str,
        typer.Option(metavar="ID", help="The source of all rows where no column source_id has it; own: we wrote it."),
    ] = "",
    key: Annotated[
        str, typer.Option(metavar="COLUMN,...", help="The columns that name a row; guessed if left out.")
    ] = "",
    unit: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=UNIT", help="The unit of a column of numbers.")
    ] = None,
    describe: Annotated[list[str] | None, typer.Option(metavar="COLUMN=TEXT", help="What a column is.")] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="COLUMN=TYPE", help="string, integer, number, boolean or date."),
    ] = None,
    fewer: Annotated[bool, typer.Option("--fewer-rows", help="Accept fewer rows than were recorded.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Record a new table without asking.")] = False,
) -> None:
    """Check a table that was changed or written by hand, and record its checksum, size, rows and, for a new one, its schema."""
    from cityresearch.datasets import recording
    from cityresearch.datasets.proposal import Said
    from cityresearch.errors import ParameterError

    if name := recording.recorded_name(table):
        if source or key or unit or describe or type_:
            raise ParameterError(
                f"{name} is described already: change its columns, key or source in data/raw/datapackage.json."
            )
        print(recording.record_changed(name, fewer=fewer, title=title, description=description))
        return
    pairs = [_pairs(option, given) for option, given in (("unit", unit), ("describe", describe), ("type", type_))]
    said = Said(title, description, group, source, tuple(filter(None, key.split(","))), *pairs)
    print(_record_new(recording.new_table(table), said, ask=not yes and sys.stdin.isatty(), yes=yes))


def _record_new(table, said, *, ask: bool, yes: bool) -> str:
    """Show what would be recorded of a new table, ask for what is lacking where somebody can answer, and record it."""
    from cityresearch.datasets import proposal, recording

    if ask and "source_id" not in table.columns and not said.source_id:
        said = replace(said, source_id=typer.prompt("Source of all rows (an id of sources.csv, or own)"))
    resource = table.resource(said)
    print(proposal.shown(resource, len(table.rows)))
    if ask:
        said = replace(said, title=said.title or typer.prompt("Title"))
        said = replace(said, description=said.description or typer.prompt("What is a row, and what must a user know"))
        lacking = proposal.numbers_without_unit(resource)
        units = {column: typer.prompt(f"Unit of {column} (USD, percent, people, ...)") for column in lacking}
        guessed = ",".join(resource["schema"]["primaryKey"])
        key = said.key or tuple(typer.prompt("Columns that name a row", default=guessed).replace(" ", "").split(","))
        resource = table.resource(replace(said, units=said.units | units, key=key))
        print(proposal.shown(resource, len(table.rows)))
        yes = typer.confirm("Record it?")
    if not yes:
        return "Nothing was recorded: repeat with --yes to record it."
    return recording.record_new(table, resource)


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    from cityresearch.errors import ParameterError

    for pair in given or ():
        if "=" not in pair:
            raise ParameterError(f"--{option} takes COLUMN=..., found {pair!r}: write --{option} value=USD.")
    return pairs(f"--{option}", given)


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
    stage: Annotated[
        bool, typer.Option("--stage", help="Write into a copy of the data, for cityresearch whatif to try.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes/--dry-run", help="Write, or only show what would change.")] = False,
) -> None:
    """Import a publisher's own file into a dataset, showing what changes."""
    from contextlib import nullcontext

    from cityresearch.datasets import staging
    from cityresearch.datasets.importers import importing
    from cityresearch.errors import ParameterError

    if stage and yes:
        raise ParameterError("--stage writes into a copy of the data and --yes into the data: give one of them.")
    codes = pairs("--name", names)
    options = importing.Options(vintage, form, sheet, codes, new_titles, replace)
    given = importing.NewSource(publisher, title, url, published, license)
    with staging.project() if stage else nullcontext():
        plan = importing.plan_file(file, name, source, given, options)
        print("\n".join(plan.lines()))
        if plan.any and (yes or stage):
            importing.write(plan)
    if not plan.any:
        print("Nothing to write: every value is published already.")
    elif stage:
        print(
            "Staged: cityresearch whatif says what would follow, cityresearch data accept writes it, cityresearch data undo --staged drops it."
        )
    elif yes:
        print(
            f"Written: {plan.record.path}. cityresearch whatif says what follows, cityresearch data undo takes it back."
        )
    else:
        print("Nothing was written: repeat with --yes to write, or with --stage to try it first.")


@data_app.command("accept")
def data_accept() -> None:
    """Write what is staged into data/raw in one step."""
    from cityresearch.datasets import staging

    for line in staging.accept():
        print(f"Written: {line}.")


@data_app.command("undo")
def data_undo(
    staged: Annotated[bool, typer.Option("--staged", help="Drop what is staged instead; data/raw stays.")] = False,
) -> None:
    """Take the last import back: every file that it wrote is again what it was, to the byte."""
    from cityresearch.datasets import journal, staging

    if staged:
        there = staging.folder().exists()
        staging.drop()
        print("Dropped what was staged." if there else "Nothing is staged.")
        return
    entry = journal.undo()
    for line in entry.says:
        print(f"Taken back: {line} ({entry.when}).")
    print(f"As before: {', '.join(entry.files)}.")
