"""The command line: thin, each command a few calls into the library."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Rebuild a policy paper's numbers from sourced data and say which claims hold.",
)
data_app = typer.Typer(no_args_is_help=True, help="The datasets of data/raw and their sources.")
app.add_typer(data_app, name="data")

Names = Annotated[list[str] | None, typer.Argument(help="Names; all if left out.")]


def main() -> None:
    """Run the command line; errors that a user can mend become one sentence and exit code 2."""
    from cityresearch.errors import CityResearchError

    arguments = _joined_parameters([a for a in sys.argv[1:] if a != "--debug"])
    debug = "--debug" in sys.argv
    try:
        app(arguments, prog_name="cityresearch")
    except CityResearchError as error:
        if debug:
            raise
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # the reader of our output closed it, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _joined_parameters(arguments: list[str]) -> list[str]:
    """Join `-p NAME VALUE` to `-p NAME=VALUE`: a repeatable option of typer takes one value."""
    joined, rest = [], iter(arguments)
    for argument in rest:
        joined.append(argument)
        if argument == "-p":
            pair = next(rest, "")
            joined.append(pair if "=" in pair else f"{pair}={next(rest, '')}")
    return joined


@app.command()
def run(
    notebooks: Names = None,
    parameter: Annotated[
        list[str] | None, typer.Option("-p", metavar="NAME VALUE", help="Set a parameter: -p year 2022.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Put everything under this folder and leave the committed results alone."),
    ] = None,
) -> None:
    """Execute notebooks and write verdicts and figures."""
    from cityresearch.runs import build

    given = dict(pair.split("=", 1) for pair in parameter or ())
    outcome = build.run(notebooks or (), given, output, _say)
    _finish(outcome)


@app.command()
def verify(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the differences as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write one JUnit test case per claim.")] = None,
) -> None:
    """Rebuild everything aside and compare it with the committed results."""
    from cityresearch.runs import build, report

    outcome, differences = build.verify(_say)
    if json_file:
        json_file.write_text(report.as_json(differences), encoding="utf-8")
    if junit:
        junit.write_text(report.as_junit(outcome.checks, differences), encoding="utf-8")
    print(report.claims_table(outcome.checks))
    for failure in outcome.failures:
        print(f"Failed: {failure.sentence} (open {failure.executed})", file=sys.stderr)
    for difference in differences:
        print(f"Moved: {difference}")
    if outcome.failures or differences:
        print(f"{len(differences)} cells moved, {len(outcome.failures)} notebooks failed.")
        raise typer.Exit(1)
    print(f"Verified: {len(outcome.checks)} claims and {outcome.figure_count} figures are as committed.")


@app.command()
def claims(
    claim_id: Annotated[str | None, typer.Argument(help="One claim, such as C027.")] = None,
    document: Annotated[str | None, typer.Option(help="carnegie, meridian or edc.")] = None,
    verdict: Annotated[str | None, typer.Option(help="agrees, agrees-if, differs or open.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list, or one object for one claim.")] = False,
) -> None:
    """Show claims with their committed verdicts."""
    from cityresearch.claims import listing

    if claim_id:
        item = listing.one(claim_id)
        print(json.dumps(item, indent=2, ensure_ascii=False) if as_json else listing.in_full(item))
        return
    items = listing.select(document=document, verdict=verdict)
    print(json.dumps(items, indent=2, ensure_ascii=False) if as_json else listing.table(items))


@app.command()
def figures(
    names: Names = None,
    formats: Annotated[str, typer.Option("--format", help="Any of svg,pdf,png,tiff.")] = "svg,pdf,png",
    width: Annotated[str, typer.Option(help="Width in inches or mm: 3.5in, 89mm.")] = "7in",
    dpi: Annotated[int, typer.Option(help="Resolution of PNG and TIFF.")] = 600,
    output: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("build/figures"),
) -> None:
    """Export figures for publication in a size and format."""
    from cityresearch.runs import build

    for path in build.export_figures(names or (), formats.split(","), width, dpi, output, _say):
        print(path)


@data_app.command("list")
def data_list() -> None:
    """List the datasets."""
    from cityresearch.datasets import describe

    print(describe.listing())


@data_app.command("check")
def data_check() -> None:
    """Load and validate every dataset."""
    from cityresearch.datasets import datasets, load

    for name in datasets():
        print(f"{name}: {len(load(name)):,} rows valid")


@data_app.command("import")
def data_import(
    file: Annotated[Path, typer.Argument(help="A file as the publisher offers it: CSV, XLSX, JSON or zip.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="The dataset to fill.")],
    source: Annotated[str, typer.Option(metavar="ID", help="A source of sources.csv, or a new id.")],
    publisher: Annotated[str, typer.Option(help="Of a new source.")] = "",
    title: Annotated[str, typer.Option(help="Of a new source.")] = "",
    url: Annotated[str, typer.Option(help="Of a new source.")] = "",
    published: Annotated[str, typer.Option(help="Of a new source: a date such as 2026-05-29.")] = "",
    licence: Annotated[str, typer.Option(help="Of a new source: us-government-work, facts-cited, cc0, ...")] = "",
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
    given = importing.NewSource(publisher, title, url, published, licence)
    plan = importing.plan_file(file, name, source, given, options)
    print("\n".join(plan.lines()))
    if not plan.any:
        print("Nothing to write: every value is published already.")
    elif yes:
        importing.write(plan)
        print(f"Written: {plan.record.path}.")
    else:
        print("Nothing was written: repeat with --yes to write.")


@data_app.command("refresh")
def data_refresh(
    names: Names = None,
    new_titles: Annotated[bool, typer.Option("--new-titles", help="Accept places that were never seen.")] = False,
    yes: Annotated[bool, typer.Option("--yes/--dry-run", help="Write, or only show what would change.")] = False,
) -> None:
    """Fetch datasets from their publishers and import what changed."""
    from cityresearch.datasets import refresh

    done = refresh.refresh(names or (), write=yes, new_titles=new_titles)
    print("\n".join(refresh.summary(done, written=yes)))
    if any(item.error for item in done):
        raise typer.Exit(2)


def _finish(outcome) -> None:
    from cityresearch.runs import report

    print(report.claims_table(outcome.checks))
    for failure in outcome.failures:
        print(f"Failed: {failure.sentence} (open {failure.executed})", file=sys.stderr)
    print(f"Results in {outcome.folder}: {outcome.figure_count} figures, {len(outcome.checks)} claims counted.")
    if outcome.failures:
        raise typer.Exit(1)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
