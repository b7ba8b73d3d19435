"""Sweeps: one notebook over many parameter values, with one record per combination and one combined table.

What is done is in the table while the sweep runs, and stays there when it is stopped. A sweep is resumable: combinations that ran before and
whose inputs have not changed are not run again. Combinations without a value, or
whose notebook failed, are listed with the reason.
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.charts.exhibit import UNDRAWN
from cityresearch.errors import ParameterError
from cityresearch.files import write_whole
from cityresearch.notebook import RESULT_MIME
from cityresearch.outputs import check_folder
from cityresearch.runs import plan
from cityresearch.runs.combining import canonical, combinations, slug
from cityresearch.runs.notebook_files import read_notebook
from cityresearch.runs.paper_cells import paper_cells
from cityresearch.runs.used import Context

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome
    from cityresearch.execution.limits import Limits

    Runner = Callable[[Sequence[Job], Callable[[Outcome], Outcome]], list[Outcome]]

WRITE_SECONDS = 2.0

__all__ = ["Row", "combinations", "locally", "run", "slug"]


@dataclass(frozen=True, slots=True)
class Row:
    """One combination: its parameter values, what its notebook recorded, and what it did not.

    `results` are values by name, `missing` reasons by name; `reason` says why there is no value at all; `failed` whether the notebook
    did not run to its end, or what it left cannot be used.
    """

    values: Mapping[str, Any]
    results: Mapping[str, str]
    reason: str
    seconds: float
    missing: Mapping[str, str] = field(default_factory=dict)
    failed: bool = False


def run(
    notebook: Path,
    combos: Sequence[Mapping[str, Any]],
    folder: Path,
    run_jobs: Runner,
    *,
    figures: bool = False,
    limits: Limits | None = None,
) -> list[Row]:
    """Run a notebook for every combination that has not run yet, and write records and the combined table.

    Parameters
    ----------
    combos : sequence of mapping
        From `combinations`.
    folder : Path
        Gets `notebooks/`, `records.jsonl`, `table.csv` and `missing.csv`.
    run_jobs : callable
        Runs jobs, hands each outcome to a function as it comes, and returns them: `locally` or `on_cluster`.
    figures : bool
        Whether the executed notebooks contain their figures, which take most of the time.
    limits : Limits or None
        Of each notebook; the usual ones if None.

    Returns
    -------
    list of Row
        In the order of the combinations.

    Raises
    ------
    ParameterError
        If the folder lies among the project's own files.
    """
    from cityresearch.execution.job import Job
    from cityresearch.execution.limits import Limits

    check_folder(folder)
    foreign = [name for name in ("table.csv", "missing.csv") if (folder / name).exists()]
    if foreign and not (folder / "records.jsonl").exists():
        raise ParameterError(f"{folder / foreign[0]} is not of a sweep and would be replaced: name another --output.")
    about, environment = paper_cells(notebook), {} if figures else UNDRAWN
    sweeping = _Sweeping(notebook, folder, environment, "" if figures else " without figures")
    targets = [folder / "notebooks" / f"{slug(values)}.ipynb" for values in combos]
    jobs: list[Job] = []
    for place, (values, target) in enumerate(zip(combos, targets, strict=True)):
        if sweeping.stands(values, target):
            sweeping.rows[place] = _row(values, target, None)
            continue
        sweeping.places[target] = (place, values)
        # all values are passed, the defaults too, so that the executed notebook says which combination it is
        jobs.append(
            Job(
                notebook,
                target,
                dict(values),
                cwd=notebook.parent,
                root=paths.root(),
                environment=environment,
                limits=limits or Limits(),
                left_out=about.left_out(values),
            )
        )
    try:
        if jobs:
            with paths.at(paths.root()):  # as a run does
                run_jobs(jobs, sweeping.keep)
    except KeyboardInterrupt as stopped:
        said = f"{len(sweeping.rows)} of {len(combos)} combinations are in {folder / 'table.csv'}; the same command goes on with the others."
        raise KeyboardInterrupt(f"{stopped} {said}".strip()) from None
    finally:
        sweeping.write()
    return [sweeping.rows[place] for place in range(len(combos))]


class _Sweeping:
    """A sweep under way: what is done is in its table and its lock at most some seconds later, and stays if it is stopped."""

    def __init__(self, notebook: Path, folder: Path, environment: Mapping[str, str], kind: str) -> None:
        self.notebook, self.folder, self.environment, self.kind = notebook, folder, environment, kind
        self.started = plan.moment(folder)
        self.entries = plan.read_lock(folder)
        self.rows: dict[int, Row] = {}
        self.places: dict[Path, tuple[int, Mapping[str, Any]]] = {}
        self._shared: dict[frozenset, Mapping[str, str]] = {}
        self._same: dict[int, bool] = {}
        self._written = time.monotonic()

    def stands(self, values: Mapping[str, Any], target: Path) -> bool:
        """Return whether a combination ran before, with the same inputs."""
        entry = self.entries.get(self._key(values))
        if entry is None or plan.file_digest(target) != entry.executed:
            return False
        # combinations that used the same are asked once; their values are in their names
        if id(entry.used) not in self._same:
            self._same[id(entry.used)] = not plan.differing(entry, Context(self.notebook, values, self.environment))
        return self._same[id(entry.used)] and _is_of(target, values)

    def _key(self, values: Mapping[str, Any]) -> str:
        return plan.key_of(self.notebook, values) + self.kind

    def keep(self, outcome: Outcome) -> Outcome:
        """Take what a notebook left, and return its outcome without the long list of what it used."""
        target = outcome.job.output
        place, values = self.places[target]
        if outcome.status == "done" and outcome.used is not None:
            entry = plan.entry_after(
                outcome.used, Context(self.notebook, values, self.environment), target, self.started
            )
            used = {name: found for name, found in entry.used.items() if name != "parameters"}
            used = self._shared.setdefault(frozenset(used.items()), used)
            self.entries[self._key(values)] = plan.Entry(used, entry.executed)
        if outcome.status in ("done", "failed"):
            self.rows[place] = _row(values, target, outcome)
        if time.monotonic() - self._written > WRITE_SECONDS:
            self.write()
        return replace(outcome, used=None)

    def write(self) -> None:
        """Write the lock, and the records and tables of all combinations so far, in their order."""
        plan.write_lock(self.folder, self.entries)
        _write([row for _, row in sorted(self.rows.items())], self.folder)
        self._written = time.monotonic()


def locally(workers: int) -> Runner:
    """Return a runner that forks on this machine."""

    def run_jobs(jobs: Sequence[Job], keep: Callable[[Outcome], Outcome]) -> list[Outcome]:
        from cityresearch.runs import progress
        from cityresearch.runs.forked import run_all

        with progress.shown(progress.Expected([job.output.stem for job in jobs], {}, workers)) as listener:
            return run_all(jobs, workers, listener, keep)

    return run_jobs


def _is_of(executed: Path, values: Mapping[str, Any]) -> bool:
    """Return whether an executed notebook says that it ran with these values."""
    recorded = read_notebook(executed).get("metadata", {}).get("papermill", {}).get("parameters")
    return isinstance(recorded, dict) and canonical(recorded) == canonical(values)


def _row(values: Mapping[str, Any], executed: Path, outcome: Outcome | None) -> Row:
    seconds = outcome.seconds if outcome else 0.0
    if outcome is not None and outcome.status != "done":
        return Row(values, {}, outcome.message, seconds, failed=True)
    if not _is_of(executed, values):
        return Row(values, {}, f"{executed} was made with other parameter values: delete it", seconds, failed=True)
    found: dict[str, dict[str, str]] = {}
    cells: dict[str, int] = {}
    for number, record in _records(executed):
        name = record["name"]
        if name in found:
            where = (
                f"cells {cells[name]} and {number} of {executed}"
                if number != cells[name]
                else f"cell {number} of {executed}"
            )
            return Row(
                values, {}, f"the result {name!r} is recorded twice, in {where}: rename one", seconds, failed=True
            )
        found[name], cells[name] = record, number
    results = {name: record["value"] for name, record in found.items() if record["value"] is not None}
    missing = {name: record["reason"] for name, record in found.items() if record["value"] is None}
    reason = "" if results else "; ".join(dict.fromkeys(missing.values())) or "the notebook recorded no result"
    return Row(values, results, reason, seconds, missing)


def _records(executed: Path) -> list[tuple[int, dict[str, Any]]]:
    return [
        (number, output["data"][RESULT_MIME])
        for number, cell in enumerate(read_notebook(executed)["cells"], start=1)
        for output in cell.get("outputs", ())
        if RESULT_MIME in output.get("data", {})
    ]


def _write(rows: Sequence[Row], folder: Path) -> None:
    names = list(dict.fromkeys(name for row in rows for name in (*row.results, *row.missing)))
    lines = [
        json.dumps(
            {
                "parameters": dict(r.values),
                "results": dict(r.results),
                "missing": dict(r.missing),
                "reason": r.reason,
                "failed": r.failed,
            },
            ensure_ascii=False,
        )
        for r in rows
    ]
    write_whole(folder / "records.jsonl", ("\n".join(lines) + "\n").encode("utf-8"))
    parameters = list(rows[0].values) if rows else []
    kept = [[*map(str, r.values.values()), *(r.results.get(n, "") for n in names)] for r in rows if r.results]
    write_whole(folder / "table.csv", _csv([*parameters, *names], kept))
    lost = [[*map(str, r.values.values()), name, reason] for r in rows for name, reason in _lost(r, names)]
    write_whole(folder / "missing.csv", _csv([*parameters, "result", "reason"], lost))


def _lost(row: Row, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the results that a combination has no value for, with the reasons; one line without a name where it recorded nothing."""
    if not row.results and not row.missing:
        return [("", row.reason)]
    absent = "this combination records no result of that name"
    return [(name, row.missing.get(name, absent)) for name in names if name not in row.results]


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
