"""Building: run chapters and publish their results, or compare them with the committed ones."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.claims.records import Check, committed, tables
from cityresearch.errors import NotebookError
from cityresearch.files import write_whole
from cityresearch.runs import compare, results
from cityresearch.runs.chapters import chapters, is_summary
from cityresearch.runs.execute import EngineName, Execution, Request, execute, planned
from cityresearch.runs.parameters import checked

if TYPE_CHECKING:
    from cityresearch.execution.pool import Outcome


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: how many notebooks at once, in which engine, and whether to ignore what ran before."""

    jobs: int = 1
    engine: EngineName = "fork"
    force: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What a run left: its folder, the checks that counted, how many figures, what failed, and how many notebooks ran."""

    folder: Path
    checks: tuple[Check, ...]
    figure_count: int
    failures: tuple[Outcome, ...]
    ran: int


def run(names: Sequence[str], given: Mapping[str, Any], output: Path | None, options: Options) -> Built:
    """Execute chapters and write what they recorded.

    Without `output` and without parameters, results go where the committed ones are. With parameters they go to
    `build/runs/` unless `output` names another folder, so that a run for another state never overwrites the paper's.
    """
    notebooks = chapters(names)
    root = paths.root()
    folder = output or (root if not given else root / "build" / "runs" / _slug(notebooks, given))
    built, files = _build(notebooks, given, folder, options)
    results.write(files, folder)
    if folder.resolve() == root.resolve():
        made = {Path(name).stem for name in files if name.startswith("figures/")}
        failed = {f.job.notebook.stem for f in built.failures}
        results.remove_stale_figures(made, folder, {n.stem for n in notebooks} - failed)
    return built


def verify(options: Options) -> tuple[Built, list[compare.Difference]]:
    """Rebuild every chapter aside and compare with the committed results."""
    built, files = _build(chapters(), {}, paths.root(), options)
    # what a failed notebook would have recorded is unknown, so its committed results are not said to have moved
    unknown = {f.job.notebook.stem for f in built.failures}
    return built, compare.compare(paths.root(), files | results.committed_figures(paths.root(), unknown))


def explain(names: Sequence[str], given: Mapping[str, Any], output: Path | None) -> dict[str, list[str]]:
    """Return why each chapter would run now; an empty list where its last run still stands."""
    base = output or paths.root() / "build"
    return {notebook.stem: why for notebook, why in planned(Request(tuple(chapters(names)), given, base)).items()}


def _build(
    notebooks: Sequence[Path], given: Mapping[str, Any], folder: Path, options: Options
) -> tuple[Built, dict[str, bytes]]:
    at_home = folder.resolve() == paths.root().resolve()
    base = folder / "build" if at_home else folder
    staged = base / "results" if at_home else folder
    for notebook in notebooks:
        checked(notebook, given)  # before any folder is made
    with _alone(base):
        first = [n for n in notebooks if not is_summary(n)]
        last = [n for n in notebooks if is_summary(n)]

        def executed(some: Sequence[Path]) -> Execution:
            return execute(Request(tuple(some), given, base, options.jobs, options.engine, options.force))

        parts = [executed(first)]
        found = results.recorded(parts[0].executed)
        checks = found.checks
        if at_home:
            # verdicts of chapters that did not run here, or failed, stay as committed
            absent = {n.stem for n in notebooks} - {p.stem for p in parts[0].executed}
            named = {n.stem for n in notebooks}
            checks = (*(c for c in committed().values() if c.notebook not in named or c.notebook in absent), *checks)
        figures = found.figures
        if last:
            results.write({f"data/processed/{name}": content for name, content in tables(checks).items()}, staged)
            with _results_in(staged):
                parts.append(executed(last))
            figures = (*figures, *results.recorded(parts[1].executed).figures)
        files = results.files(results.Recorded(tuple(checks), tuple(figures)))
        outcomes = [o for part in parts for o in part.outcomes]
        if outcomes:
            from cityresearch.runs.record import record

            why = {name: reasons for part in parts for name, reasons in part.why.items()}
            write_whole(base / "record.json", record(outcomes, parts[-1].entries | parts[0].entries, checks, why))
    failures = tuple(f for part in parts for f in part.failures)
    return Built(folder, tuple(checks), len(figures), failures, len(outcomes)), files


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    """Hold the folder for one run at a time.

    Raises
    ------
    NotebookError
        If another run holds it.
    """
    from filelock import FileLock, Timeout

    base.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(base / ".running", timeout=0):
            yield
    except Timeout:
        raise NotebookError(
            f"Another run is using {base}: wait until it ends, or give this one a folder of its own with --output."
        ) from None


@contextmanager
def _results_in(folder: Path) -> Iterator[None]:
    before = os.environ.get(paths.RESULTS)
    os.environ[paths.RESULTS] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[paths.RESULTS]
        else:
            os.environ[paths.RESULTS] = before


def _slug(notebooks: Sequence[Path], given: Mapping[str, Any]) -> str:
    words = [notebook.stem for notebook in notebooks] if len(notebooks) == 1 else ["chapters"]
    words += [f"{name}-{value}" for name, value in given.items()]
    return re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(words))
