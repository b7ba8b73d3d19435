"""Commands that take results out of the project: figures, tables, and the report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cityresearch import completion
from cityresearch.cli_data import Names
from cityresearch.phrases import many

__all__ = ["figures", "report", "tables"]


def figures(
    names: Annotated[
        list[str] | None, typer.Argument(help="Figures; all if left out.", autocompletion=completion.figures)
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print the names and titles, and draw nothing.")] = False,
    formats: Annotated[str, typer.Option("--format", help="Any of svg,pdf,png,tiff,eps.")] = "svg,pdf,png",
    preset: Annotated[
        str,
        typer.Option(help="column (89 mm), page (183 mm), slide (13.33x7.5 in), social (1200x675 px) or web (800 px)."),
    ] = "",
    width: Annotated[
        str, typer.Option(help="Width in inches, mm, cm or pixels: 3.5in, 89mm, 8.9cm, 1200px; 7in if left out.")
    ] = "",
    dpi: Annotated[
        int | None, typer.Option(help="Resolution of PNG and TIFF: 600 if left out, 144 for slides.")
    ] = None,
    parts: Annotated[
        str, typer.Option(help="What is drawn, any of chart,title,subtitle,note,source; all if left out.")
    ] = "",
    no_titles: Annotated[
        bool, typer.Option("--no-titles", help="Draw the chart with its note and source line only.")
    ] = False,
    output: Annotated[Path, typer.Option(help="Folder for a folder of each figure.")] = Path("build/figures"),
) -> None:
    """Export figures for publication, each with its data, alt text, caption, sources and credit."""
    from cityresearch.runs import exports

    if listed:
        for name, title in exports.titles().items():
            if not names or name in names:
                print(f"{name}: {title}")
        return
    from cityresearch.charts.sizes import size_of

    size = size_of(preset, width, dpi)
    written = exports.export_figures(names or (), formats.split(","), size, exports.parts_of(parts, no_titles), output)
    made = sorted({path.parent.name for path in written if path.parent != output})
    for name in made:
        print(f"{output / name}: {many(sum(path.parent.name == name for path in written), 'file')}")
    print(output / "index.html")
    for name, said in exports.faults_of(output, made).items():
        more = f" ({len(said) - 1} more in {name}/words.json)" if len(said) > 1 else ""
        print(f"Note: {name} is hard to read at this size: {said[0]}{more} Choose a larger one.", file=sys.stderr)


def tables(
    names: Names = None,
    as_list: Annotated[
        bool, typer.Option("--list", help="List the tables with their titles, and write nothing.")
    ] = False,
    formats: Annotated[
        str, typer.Option("--format", help="Any of html,latex,xlsx,docx,csv.")
    ] = "html,latex,xlsx,docx,csv",
    output: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("build/tables"),
) -> None:
    """Write tables for a word processor, a spreadsheet, a page or LaTeX; readings-C027 has the readings of a claim."""
    if as_list:
        from cityresearch.tables.named import listing

        print(listing())
        return
    from cityresearch.tables.exporting import export_tables

    for path in export_tables(names or (), formats.split(","), output):
        print(path)


def report(
    output: Annotated[
        Path | None, typer.Option(help="Folder of the site: build/report if left out; nothing else may be in it.")
    ] = None,
) -> None:
    """Make a static site of the last run, to read in any browser: verdicts, evidence, chapters, figures, sources."""
    from cityresearch.report.build import build

    built = build(output)
    size = built.size / 1e6
    print(
        f"{built.pages} pages, {size:.1f} MB, {many(built.written, 'file')} written, {many(built.converted, 'chapter')} converted, "
        f"{many(built.tables, 'table')} made."
    )
    print(f"Open {built.folder / 'index.html'}")
