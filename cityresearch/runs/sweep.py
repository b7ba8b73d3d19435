"""Sweeps: one notebook over many parameter values, with one record per combination and one combined table.

A sweep is resumable: combinations that ran before and whose inputs have not changed are not run again. Combinations without a value, or
whose notebook failed, are listed with the reason.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.charts.exhibit import UNDRAWN
from cityresearch.files import write_whole
from cityresearch.notebook import RESULT_MIME
from cityresearch.runs import plan
from cityresearch.runs.combining import canonical, combinations, slug
from cityresearch.runs.notebook_files import read_notebook
from cityresearch.runs.paper_cells import paper_cells
from cityresearch.runs.used import Context

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome
    from cityresearch.execution.limits import Limits

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
    run_jobs: Callable[[Sequence[Job]], list[Outcome]],
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
        Runs jobs and returns their outcomes: `locally` or `on_cluster`.
    figures : bool
        Whether the executed notebooks contain their figures, which take most of the time.
    limits : Limits or None
        Of each notebook; the usual ones if None.

    Returns
    -------
    list of Row
        In the order of the combinations.
    """
    from cityresearch.execution.job import Job
    from cityresearch.execution.limits import Limits

    started = plan.moment(folder)
    entries = plan.read_lock(folder)
    targets = [folder / "notebooks" / f"{slug(values)}.ipynb" for values in combos]
    about = paper_cells(notebook)
    jobs: list[Job] = []
    keys: dict[Path, str] = {}
    environment = {} if figures else UNDRAWN
    for values, target in zip(combos, targets, strict=True):
        keys[target] = plan.key_of(notebook, values) + ("" if figures else " without figures")
        if plan.reasons(entries.get(keys[target]), Context(notebook, values, environment), target) or not _is_of(
            target, values
        ):
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
    outcomes = {outcome.job.output: outcome for outcome in run_jobs(jobs)} if jobs else {}
    for outcome in outcomes.values():
        if outcome.status == "done" and outcome.used is not None:
            made = outcome.job.output
            context = Context(notebook, combos[targets.index(made)], environment)
            entries[keys[made]] = plan.entry_after(outcome.used, context, made, started)
    plan.write_lock(folder, entries)
    rows = [_row(values, target, outcomes.get(target)) for values, target in zip(combos, targets, strict=True)]
    _write(rows, folder)
    return rows


def locally(workers: int) -> Callable[[Sequence[Job]], list[Outcome]]:
    """Return a runner that forks on this machine."""

    def run_jobs(jobs: Sequence[Job]) -> list[Outcome]:
        from cityresearch.runs import progress
        from cityresearch.runs.forked import run_all

        with progress.shown(progress.Expected([job.output.stem for job in jobs], {}, workers)) as listener:
            return run_all(jobs, workers, listener)

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
