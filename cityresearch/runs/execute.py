"""Executing notebooks: only those that must run, in forked processes or in Jupyter kernels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cityresearch import paths
from cityresearch.errors import CityResearchError, ParameterError
from cityresearch.files import State, state, write_whole
from cityresearch.phrases import many
from cityresearch.runs import plan, results
from cityresearch.runs.paper_cells import paper_cells
from cityresearch.runs.parameters import checked, parameters_of, read_notebook
from cityresearch.runs.used import Context

__all__ = ["ENGINES", "EngineName", "Execution", "Failure", "Request", "execute", "planned", "runnable"]

if TYPE_CHECKING:
    from cityresearch.execution.job import Outcome
    from cityresearch.execution.limits import Limits

EngineName = Literal["fork", "kernel"]
PACKAGE = Path(__file__).resolve().parents[1]
ENGINES: tuple[EngineName, ...] = ("fork", "kernel")


@dataclass(frozen=True, slots=True)
class Request:
    """What to execute and how.

    `given` are parameters for every notebook; `folder` receives executed notebooks and the lock; `jobs` is how many run at once;
    `force` ignores what ran before; `limits` are those of each notebook, the usual ones if None.
    """

    notebooks: tuple[Path, ...]
    given: Mapping[str, Any]
    folder: Path
    jobs: int = 1
    engine: EngineName = "fork"
    force: bool = False
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A notebook that did not run to its end: a sentence why, and the notebook up to the error, if there is one."""

    notebook: Path
    message: str
    failed_notebook: Path | None = None


@dataclass(slots=True)
class Execution:
    """The outcome of a request.

    `executed` are the notebooks whose results count, `why` says why each ran (nothing for those that stood), `remarks` are sentences that
    a person should hear although nothing failed.
    """

    executed: list[Path] = field(default_factory=list)
    why: dict[str, list[str]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    entries: dict[str, plan.Entry] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Task:
    """A notebook that can run: its context, its place in the lock, and where it goes."""

    context: Context
    key: str
    target: Path

    @property
    def notebook(self) -> Path:
        return self.context.notebook


def planned(request: Request) -> dict[Path, list[str]]:
    """Return why each notebook must run; an empty list where its last run is still valid.

    Raises
    ------
    ParameterError
        If a given parameter does not suit one of the notebooks.
    """
    tasks, failures = runnable(request)
    entries = plan.read_lock(request.folder)
    known: dict[str, str] = {}
    why = {task.notebook: _reasons(request, entries, task, known) for task in tasks}
    return why | {failure.notebook: [failure.message] for failure in failures}


def execute(request: Request) -> Execution:
    """Run what must run; a failure of one notebook does not stop the others, and nothing half-written is left.

    Raises
    ------
    ParameterError
        Before anything runs.
    RunStopped
        After Ctrl-C; what was done is in the lock.
    """
    tasks, failures = runnable(request)
    started = plan.moment(request.folder)
    done = Execution(entries=plan.read_lock(request.folder), failures=failures)
    known: dict[str, str] = {}
    done.why = {task.notebook.stem: _reasons(request, done.entries, task, known) for task in tasks}
    stale = [task for task in tasks if done.why[task.notebook.stem]]
    for task in (t for t in tasks if t not in stale):
        rerender(task.notebook, task.target, paper_cells(task.notebook).left_out(task.context.values))
        done.entries[task.key] = plan.Entry(done.entries[task.key].used, plan.file_digest(task.target))
    try:
        if stale:
            _run(request, stale, done)
    finally:
        _note(done, {task.notebook: task for task in stale}, started)
        plan.write_lock(request.folder, done.entries)
    failed = {failure.notebook for failure in done.failures}
    done.executed = [task.target for task in tasks if task.notebook not in failed]
    return done


def runnable(request: Request) -> tuple[list[_Task], list[Failure]]:
    """Return the notebooks that can run, and a failure for each whose file or parameters cell is not as it must be.

    Raises
    ------
    ParameterError
        If a given parameter does not suit one of them.
    """
    tasks, failures = [], []
    for notebook in request.notebooks:
        try:
            values = checked(notebook, request.given)
        except CityResearchError as error:
            if isinstance(error, ParameterError) and request.given:
                raise  # what was given is at fault, not the notebook
            failures.append(Failure(notebook, str(error)))
            continue
        target = request.folder / "notebooks" / notebook.name
        tasks.append(_Task(Context(notebook, values), plan.key_of(notebook, values), target))
    return tasks, failures


def _reasons(request: Request, entries: Mapping[str, plan.Entry], task: _Task, known: dict[str, str]) -> list[str]:
    if request.force:
        return ["everything was asked to run"]
    return plan.reasons(entries.get(task.key), task.context, task.target, known)


def _run(request: Request, stale: Sequence[_Task], done: Execution) -> None:
    from cityresearch.execution.job import Job
    from cityresearch.execution.limits import Limits
    from cityresearch.runs import progress

    root, limits = paths.root(), request.limits or Limits()
    jobs = []
    for task in stale:
        defaults = {p.name: p.default for p in parameters_of(task.notebook)}
        # a run with the stored values needs no injected cell
        changed = task.context.values if task.context.values != defaults else {}
        without = paper_cells(task.notebook).left_out(task.context.values)
        if without:
            done.remarks.append(
                f"{task.notebook.stem}: {many(len(without), 'cell')} on the document's own claims left out, for this run is about another "
                "place, time or definition."
            )
        jobs.append(
            Job(
                task.notebook,
                task.target,
                changed,
                cwd=task.notebook.parent,
                root=root,
                limits=limits,
                left_out=without,
            )
        )
    known = progress.last_seconds(request.folder)
    expected = progress.Expected([job.notebook.stem for job in jobs], known, max(1, min(request.jobs, len(jobs))))
    # named in full, so that a cell that changes its folder still works on this project
    with paths.at(root), progress.shown(expected) as listener:
        try:
            if request.engine == "kernel":
                from cityresearch.runs import kernel

                done.outcomes = kernel.run_all(jobs, request.jobs, listener)
            else:
                from cityresearch.runs import forked

                done.outcomes = forked.run_all(jobs, request.jobs, listener, seconds=known)
        except KeyboardInterrupt as stopped:
            done.outcomes = getattr(stopped, "outcomes", [])
            raise
    progress.keep_seconds(request.folder, {o.job.notebook.stem: o.seconds for o in done.outcomes if o.status == "done"})


def _note(done: Execution, tasks: Mapping[Path, _Task], started: int) -> None:
    """Enter finished runs in the lock; a run in a kernel records nothing and is not entered, so it runs again."""
    for outcome in done.outcomes:
        task = tasks[outcome.job.notebook]
        message = outcome.message if outcome.status != "done" else _hidden(outcome)
        if message:
            done.failures.append(Failure(task.notebook, message, outcome.failed_notebook))
        if message or outcome.used is None:
            done.entries.pop(task.key, None)
            continue
        done.entries[task.key] = plan.entry_after(outcome.used, task.context, task.target, started)
        done.remarks += remarks(outcome)


def _hidden(outcome: Outcome) -> str:
    """Return a sentence on what a notebook checked or showed without leaving its record in an output; empty if all is there."""
    if outcome.used is None:
        return ""
    left = set(results.names([outcome.job.output]))
    hidden = [f"{kind} {name}" for kind, name in dict.fromkeys(outcome.used.recorded) if (kind, name) not in left]
    if not hidden:
        return ""
    return (
        f"{outcome.job.notebook} recorded {', '.join(hidden)}, but the cell's output does not have it: do not capture or clear the output "
        "of a cell that checks or shows something."
    )


def remarks(outcome: Outcome) -> list[str]:
    """Return what a person should hear of a run that went well."""
    name, used = outcome.job.notebook.stem, outcome.used
    said = [f"{name} {words}: the effects cannot be traced, so it runs every time." for words in used.untraced]
    if outcome.ended_early:
        said.append(outcome.message)
    # files of this package come with its version
    outside = [f for f in used.files if Path(f).is_absolute() and not Path(f).is_relative_to(PACKAGE)]
    if outside:
        said.append(f"{name} reads files outside the project, which nobody else has: {', '.join(outside)}.")
    return said


def rerender(notebook: Path, executed: Path, without: Sequence[int] = ()) -> None:
    """Bring changed prose into an executed notebook without executing it: new text cells, old outputs by the order of code cells."""
    if _is_rendered(notebook, state(notebook), executed, state(executed), tuple(without)):
        return
    new, old = _new_and_old(notebook, executed, without)
    injected = [c for c in old["cells"] if _is_injected(c)]
    outputs = iter(c for c in old["cells"] if c["cell_type"] == "code" and not _is_injected(c))
    cells: list[dict[str, Any]] = []
    for cell in (c for c in new["cells"] if not _is_injected(c)):
        cells.append(next(outputs) if cell["cell_type"] == "code" else cell)
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            cells += injected
    old["cells"] = cells
    write_whole(executed, (json.dumps(old, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))


@lru_cache(maxsize=32)  # a watch asks at every save, and one notebook of them has changed
def _is_rendered(notebook: Path, _one: State, executed: Path, _other: State, without: tuple[int, ...]) -> bool:
    """Return whether an executed notebook has the prose of the notebook already."""
    both = _new_and_old(notebook, executed, without)
    prose = [["".join(c["source"]) for c in nb["cells"] if c["cell_type"] != "code"] for nb in both]
    order = [[c["cell_type"] for c in nb["cells"] if not _is_injected(c)] for nb in both]
    return prose[0] == prose[1] and order[0] == order[1]


def _new_and_old(notebook: Path, executed: Path, without: Sequence[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    new = read_notebook(notebook)
    new["cells"] = [cell for place, cell in enumerate(new["cells"]) if place not in without]
    return new, read_notebook(executed)


def _is_injected(cell: Mapping[str, Any]) -> bool:
    return "injected-parameters" in cell.get("metadata", {}).get("tags", [])
