"""The command line: thin, each command a few calls into the library."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cityresearch import cli_archive, cli_exports, cli_project, cli_refresh, cli_text, cli_watch, cli_whatif, completion
from cityresearch.cli_claims import claims_app
from cityresearch.cli_data import data_app
from cityresearch.cli_pairs import pairs
from cityresearch.cli_toolkit import toolkit_app
from cityresearch.phrases import many

__all__ = ["main"]

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Rebuild a policy paper's numbers from sourced data and say which claims agree with it.",
)
app.add_typer(claims_app, name="claims", help="Show claims with their committed verdicts; add, check, draft them.")
app.add_typer(data_app, name="data")
app.add_typer(toolkit_app, name="toolkit")
data_app.command("refresh")(cli_refresh.data_refresh)
app.callback()(cli_project.every_command)


def main() -> None:
    """Run the command line; errors that a user can fix become one sentence and exit code 2."""
    from cityresearch.errors import CityResearchError

    # before anything imports numpy, whose threads would make a fork unsafe
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    arguments = _joined_parameters([a for a in sys.argv[1:] if a != "--debug"])
    debug = "--debug" in sys.argv
    try:
        app(arguments, prog_name="cityresearch")
    except CityResearchError as error:
        if debug:
            raise
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, SystemExit) as ended:
        # typer makes an exit of Ctrl-C, and the words on what was done are those of what it caught
        stopped = next((e for e in (ended, *_before(ended)) if isinstance(e, KeyboardInterrupt)), None)
        if stopped is None:
            raise
        print(str(stopped) or "Stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output closed it, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _before(error: BaseException) -> Iterator[BaseException]:
    """Give the errors during which an error was raised, the last first."""
    while (error := error.__cause__ or error.__context__) is not None:
        yield error


def _joined_parameters(arguments: list[str]) -> list[str]:
    """Join `-p NAME VALUE` to `-p NAME=VALUE`: a repeatable option of typer takes one value."""
    joined, rest = [], iter(arguments)
    for argument in rest:
        joined.append(argument)
        if argument == "-p":
            pair = next(rest, "")
            joined.append(pair if "=" in pair else f"{pair}={next(rest, '')}")
    return joined


Chapters = Annotated[
    list[str] | None, typer.Argument(help="Chapters; all if left out.", autocompletion=completion.chapters)
]
Jobs = Annotated[int, typer.Option(help="How many notebooks run at once; 0 means one for each processor.")]
Engine = Annotated[
    str,
    typer.Option(
        help="fork (fast; kernels where the platform has no safe fork) or kernel (papermill's standard path)."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run everything, whatever ran before.")]
Output = Annotated[
    Path | None, typer.Option(help="Put everything under this folder and leave the committed results alone.")
]
CellTimeout = Annotated[
    float | None, typer.Option(help="Seconds that a cell may take: 600 if left out, 0 for no limit.")
]
Timeout = Annotated[
    float | None, typer.Option(help="Seconds that a notebook may take: 1800 if left out, 0 for no limit.")
]
Memory = Annotated[
    float | None, typer.Option(help="Megabytes of memory that a notebook may use: 4000 if left out, 0 for no limit.")
]
OutputSize = Annotated[
    float | None, typer.Option(help="Megabytes of output that a cell may write: 20 if left out, 0 for no limit.")
]
Pairs = Annotated[list[str] | None, typer.Option("-p", metavar="NAME VALUE", help="Set a parameter: -p year 2022.")]


@app.command()
def run(
    notebooks: Chapters = None,
    parameter: Pairs = None,
    jobs: Jobs = 0,
    engine: Engine = "fork",
    force: Force = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say what would run and why, and run nothing.")] = False,
    output: Output = None,
    everything: Annotated[bool, typer.Option("--all", help="Print every claim, and everything that moved.")] = False,
    accept_removed: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Drop this committed claim or figure, which no notebook makes anymore."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run what is saved until Ctrl-C, say what it moves, publish nothing.")
    ] = False,
    with_report: Annotated[
        bool, typer.Option("--report", help="With --watch: serve the report, which reloads itself.")
    ] = False,
    cell_timeout: CellTimeout = None,
    timeout: Timeout = None,
    memory: Memory = None,
    output_size: OutputSize = None,
) -> None:
    """Execute the notebooks that must run and write verdicts and figures."""
    from cityresearch.runs import build

    limits = (cell_timeout, timeout, memory, output_size)
    if watch or with_report:
        asked = {
            "--watch": watch,
            "-p": parameter,
            "--force": force,
            "--explain": explain,
            "--output": output,
            "--accept-removed": accept_removed,
        }
        cli_watch.watch(
            notebooks or (),
            _options(jobs, engine, force, limits),
            everything,
            with_report,
            [n for n, v in asked.items() if v],
        )
    given = pairs("-p", parameter)
    if explain:
        for name, why in build.explain(notebooks or (), given, output).items():
            print(f"{name}: {'must run' if why else 'is up to date'}")
            for reason in why:
                print(f"  {reason}")
        return
    _check_packages("")
    built = build.run(notebooks or (), given, output, _options(jobs, engine, force, limits), accept_removed or ())
    _say(built, everything)
    for name in built.lost:
        first = name.split(",")[0]
        print(
            f"Gone: {name}, which nothing that ran makes: bring it back, run all notebooks if another one makes it now, or drop it on "
            f"purpose with --accept-removed {first}.",
            file=sys.stderr,
        )
    kept = ", nothing was published" if built.lost else ""
    print(
        f"Results in {built.folder}: {many(built.figure_count, 'figure')}, {many(len(built.checks), 'claim')} counted, {many(built.ran, 'notebook')} run"
        f"{f', {built.stood} as they ran before' if built.stood else ''}{kept}."
    )
    if built.failures or built.lost:
        raise typer.Exit(1)


@app.command()
def verify(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write what moved or failed as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write one JUnit test case per claim.")] = None,
    on_github: Annotated[
        bool, typer.Option("--github", help="Print annotations for GitHub Actions, and write the summary of the step.")
    ] = False,
    jobs: Jobs = 0,
    engine: Engine = "fork",
    force: Annotated[
        bool,
        typer.Option("--force", help="Run every notebook, whatever ran before. This is the default where CI is set."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Run every notebook, and print every claim and everything that moved.")
    ] = False,
    other_packages: Annotated[
        bool, typer.Option("--other-packages", help="Allow installed packages that requirements.lock does not name.")
    ] = False,
    cell_timeout: CellTimeout = None,
    timeout: Timeout = None,
    memory: Memory = None,
    output_size: OutputSize = None,
) -> None:
    """Rebuild everything in another folder and compare all that is published with the committed files."""
    from cityresearch.runs import build, ending, github, locked, report

    report.check_paths(json_file, junit)
    _check_packages("" if other_packages else "install them with make reproduce, or allow others with --other-packages")
    limits = (cell_timeout, timeout, memory, output_size)
    built = build.verify(_options(jobs, engine, force or everything or _in_ci(), limits))
    if json_file:
        report.write_json(json_file, built)
    if junit:
        report.write_junit(junit, built)
    _say(built, everything)
    earlier = f", {built.stood} taken from earlier runs whose inputs have not changed" if built.stood else ""
    print(f"{many(built.ran, 'notebook')} ran{earlier}; drawings were compared {locked.where()}.")
    verdict = ending.verified(built)
    if on_github:
        print("\n".join(github.annotations(built)))
        github.write_summary(github.summary(built, verdict))
    print(verdict)
    if not built.as_committed:
        raise typer.Exit(1)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def _check_packages(remedy: str) -> None:
    """Say in one line which installed packages are not the locked ones; with a remedy, that is an error."""
    from cityresearch.errors import CityResearchError
    from cityresearch.runs import locked

    found = locked.mismatches()
    if not found:
        return
    text = f"installed packages differ from {locked.LOCK}: {', '.join(found[:8])}{' and others' * (len(found) > 8)}"
    if remedy:
        raise CityResearchError(f"The {text}: {remedy}.")
    print(f"Warning: {text}.", file=sys.stderr)


@app.command()
def sweep(
    notebook: Annotated[
        str, typer.Argument(help="A notebook, such as 01-metro-exports.", autocompletion=completion.chapters)
    ],
    over: Annotated[
        list[str],
        typer.Option(help="NAME=all, NAME=A,B, NAME=A|B (values with commas) or NAME=FIRST:LAST; repeat for more."),
    ],
    parameter: Pairs = None,
    jobs: Jobs = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, to run on several machines.")] = "",
    output: Annotated[Path | None, typer.Option(help="Folder for records and the combined table.")] = None,
    figures: Annotated[
        bool, typer.Option("--figures", help="Draw the figures too, which takes several times as long.")
    ] = False,
    cell_timeout: CellTimeout = None,
    timeout: Timeout = None,
    memory: Memory = None,
    output_size: OutputSize = None,
) -> None:
    """Run one notebook over many parameter values."""
    from cityresearch import paths
    from cityresearch.runs import cluster, sweep
    from cityresearch.runs.notebooks import chapters

    (path,) = chapters([notebook])
    given = pairs("-p", parameter)
    combos = sweep.combinations(path, over, given)
    folder = output or paths.root() / "build" / "sweeps" / path.stem
    runner = cluster.on_cluster(scheduler, print) if scheduler else sweep.locally(jobs or os.cpu_count() or 1)
    limits = _limits(cell_timeout, timeout, memory, output_size)
    rows = sweep.run(path, combos, folder, runner, figures=figures, limits=limits)
    lost = [row for row in rows if not row.results]
    for row in lost[:20]:
        print(f"Missing: {', '.join(f'{k} {v}' for k, v in row.values.items())}: {row.reason}")
    if len(lost) > 20:
        print(f"and {len(lost) - 20} more in {folder / 'missing.csv'}")
    print(f"{many(len(rows), 'combination')}, {len(rows) - len(lost)} with results: {folder / 'table.csv'}")
    gaps = sum(len(row.missing) for row in rows)
    if gaps:
        print(f"{many(gaps, 'single result')} without a value, listed with the reason in {folder / 'missing.csv'}")
    failed = sum(row.failed for row in rows)
    if failed:
        print(f"{many(failed, 'combination')} failed.", file=sys.stderr)


for command in (
    cli_exports.figures,
    cli_exports.tables,
    cli_exports.report,
    cli_text.fill,
    cli_archive.archive,
    cli_whatif.whatif,
    cli_project.new,
    cli_project.judged,
):
    app.command()(command)


def _options(jobs: int, engine: str, force: bool, limits: tuple[float | None, ...]):
    from cityresearch.errors import ParameterError
    from cityresearch.runs.build import Options
    from cityresearch.runs.execute import ENGINES

    if engine not in ENGINES:
        raise ParameterError(f"--engine takes {' or '.join(ENGINES)}, found {engine!r}.")
    if jobs < 0:
        raise ParameterError(f"--jobs takes a whole number from 0, found {jobs}.")
    return Options(jobs or os.cpu_count() or 1, engine, force, _limits(*limits))


def _limits(*asked: float | None):
    from cityresearch.errors import ParameterError

    names = ("--cell-timeout", "--timeout", "--memory", "--output-size")
    for name, value in zip(names, asked, strict=True):
        if value is not None and not 0 <= value < float("inf"):
            raise ParameterError(f"{name} takes a number from 0, where 0 means no limit, found {value}.")
    if all(value is None for value in asked):
        return None  # spares importing what runs notebooks
    from cityresearch.execution.limits import Limits

    return Limits.of(*asked)


def _say(built, everything: bool) -> None:
    from cityresearch.runs import ending

    if everything:
        print("\n".join(ending.listing(built.checks)))
    for remark in built.remarks:
        print(f"Note: {remark}", file=sys.stderr)
    print("\n".join(ending.counted(built.checks, everything)))
    for line in ending.failed(built, everything):
        print(line, file=sys.stderr)
    for line in ending.moved(built.moved, built.checks, everything):
        print(line if line.startswith("and ") else f"Moved: {line}")
    print(ending.where(built))


if __name__ == "__main__":
    main()
