"""Executing notebooks: only those that must run, in forked processes or in Jupyter kernels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cityresearch import paths
from cityresearch.files import write_whole
from cityresearch.runs import plan
from cityresearch.runs.parameters import checked, parameters_of, read_notebook

if TYPE_CHECKING:
    from cityresearch.execution.pool import Outcome

EngineName = Literal["fork", "kernel"]
ENGINES: tuple[EngineName, ...] = ("fork", "kernel")


@dataclass(frozen=True, slots=True)
class Request:
    """What to execute and how.

    `given` are parameters for every notebook; `folder` receives executed notebooks and the lock; `jobs` is how many run at once;
    `force` ignores what ran before.
    """

    notebooks: tuple[Path, ...]
    given: Mapping[str, Any]
    folder: Path
    jobs: int = 1
    engine: EngineName = "fork"
    force: bool = False


@dataclass(slots=True)
class Execution:
    """What came of a request: executed notebooks, why each ran (nothing for those that stood), outcomes of those that ran."""

    executed: list[Path] = field(default_factory=list)
    why: dict[str, list[str]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    entries: dict[str, plan.Entry] = field(default_factory=dict)

    @property
    def failures(self) -> list[Outcome]:
        """The outcomes of notebooks that did not run to their end."""
        return [outcome for outcome in self.outcomes if outcome.status != "done"]


def planned(request: Request) -> dict[Path, list[str]]:
    """Return why each notebook must run; an empty list where its last run still stands.

    Raises
    ------
    ParameterError
        If a parameter does not suit one of the notebooks.
    """
    entries = plan.read_lock(request.folder)
    why = {}
    for notebook in request.notebooks:
        values = checked(notebook, request.given)
        entry = entries.get(plan.key_of(notebook, values))
        target = request.folder / "notebooks" / notebook.name
        why[notebook] = ["asked for by --force"] if request.force else plan.reasons(entry, notebook, values, target)
    return why


def execute(request: Request) -> Execution:
    """Run what must run; a failure of one notebook does not stop the others, and nothing half-written is left.

    Raises
    ------
    ParameterError
        Before anything runs.
    RunStopped
        After Ctrl-C; what was done is in the lock.
    """
    why = planned(request)
    values = {notebook: checked(notebook, request.given) for notebook in request.notebooks}
    done = Execution(
        why={notebook.stem: reasons for notebook, reasons in why.items()}, entries=plan.read_lock(request.folder)
    )
    targets = {notebook: request.folder / "notebooks" / notebook.name for notebook in request.notebooks}
    for notebook in (n for n in request.notebooks if not why[n]):
        rerender(notebook, targets[notebook])
        key = plan.key_of(notebook, values[notebook])
        done.entries[key] = plan.entry_of(done.entries[key].used, targets[notebook])
    stale = [notebook for notebook in request.notebooks if why[notebook]]
    if stale:
        _run(request, stale, values, targets, done)
    if stale or any(not reasons for reasons in why.values()):
        plan.write_lock(request.folder, done.entries)
    failed = {outcome.job.notebook for outcome in done.failures}
    done.executed = [targets[n] for n in request.notebooks if n not in failed]
    return done


def _run(request: Request, stale: Sequence[Path], values, targets, done: Execution) -> None:
    from cityresearch.execution.job import Job
    from cityresearch.runs import progress

    root = paths.root()
    jobs = []
    for notebook in stale:
        defaults = {p.name: p.default for p in parameters_of(notebook)}
        # a run with the stored values needs no injected cell
        changed = values[notebook] if values[notebook] != defaults else {}
        jobs.append(Job(notebook, targets[notebook], changed, cwd=notebook.parent, data_root=root))
    with progress.shown() as listener:
        if request.engine == "kernel":
            from cityresearch.runs.kernel import run_all
        else:
            from cityresearch.runs.forked import run_all
        try:
            done.outcomes = run_all(jobs, request.jobs, listener)
        except KeyboardInterrupt as stopped:
            done.outcomes = getattr(stopped, "outcomes", [])
            _note(done, values, targets)
            plan.write_lock(request.folder, done.entries)
            raise
    _note(done, values, targets)


def _note(done: Execution, values, targets) -> None:
    """Enter finished runs in the lock; a run in a kernel records nothing and is not entered, so it runs again."""
    for outcome in done.outcomes:
        notebook = outcome.job.notebook
        key = plan.key_of(notebook, values[notebook])
        if outcome.status != "done" or outcome.opened is None or outcome.modules is None:
            done.entries.pop(key, None)
            continue
        done.entries[key] = plan.entry_after(
            notebook, values[notebook], outcome.opened, outcome.modules, targets[notebook]
        )


def rerender(notebook: Path, executed: Path) -> None:
    """Bring changed prose into an executed notebook without executing it: new text cells, old outputs by cell id."""
    new, old = read_notebook(notebook), read_notebook(executed)
    outputs = {cell["id"]: cell for cell in old["cells"] if cell["cell_type"] == "code"}
    injected = [cell for cell in old["cells"] if "injected-parameters" in cell.get("metadata", {}).get("tags", [])]
    cells: list[dict[str, Any]] = []
    for cell in new["cells"]:
        cells.append(outputs.get(cell.get("id"), cell) if cell["cell_type"] == "code" else cell)
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            cells += injected
    prose = [c["source"] for c in old["cells"] if c["cell_type"] != "code"]
    if ["".join(c["source"]) for c in cells if c["cell_type"] != "code"] == ["".join(s) for s in prose]:
        return
    old["cells"] = cells
    write_whole(executed, (json.dumps(old, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
