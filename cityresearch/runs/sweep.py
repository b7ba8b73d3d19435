"""Sweeps: one notebook over many parameter values, with one record per combination and one combined table.

A sweep is resumable: combinations that ran before and whose inputs have not changed are not run again. Combinations without a value, or
whose notebook failed, are listed with the reason.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.errors import ParameterError
from cityresearch.figures import UNDRAWN
from cityresearch.files import write_whole
from cityresearch.notebook import RESULT_MIME
from cityresearch.runs import plan
from cityresearch.runs.parameters import Parameter, allowed_values, checked, parameters_of, read_notebook
from cityresearch.runs.used import Context

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome

MOST_COMBINATIONS = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One combination: its parameter values, the results that its notebook recorded, and, where it has none, why."""

    values: Mapping[str, Any]
    results: Mapping[str, str]
    reason: str
    seconds: float


def combinations(notebook: Path, over: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every combination of parameter values that a sweep asks for.

    Parameters
    ----------
    over : sequence of str
        `name=all` (every allowed value), `name=A,B,C`, `name=A|B|C` for values that hold commas or, for whole numbers,
        `name=2012:2023`. A name given twice adds its values.
    given : mapping
        Parameters that stay the same.

    Raises
    ------
    ParameterError
        If a name, value or range does not suit the notebook.
    """
    known = {p.name: p for p in parameters_of(notebook)}
    axes: dict[str, list[Any]] = {}
    for wish in over:
        name, equals, text = wish.partition("=")
        if not equals or not text:
            raise ParameterError(f"--over takes NAME=all, NAME=A,B, NAME=A|B or NAME=FIRST:LAST, found {wish!r}.")
        if name not in known:
            raise ParameterError(f"{notebook.name} has no parameter {name!r}: it has {', '.join(known)}.")
        axes[name] = list(dict.fromkeys([*axes.get(name, ()), *_axis(notebook, known[name], text)]))
    found = [{**given, **dict(zip(axes, chosen, strict=True))} for chosen in itertools.product(*axes.values())]
    if len(found) > MOST_COMBINATIONS:
        raise ParameterError(
            f"The sweep has {len(found):,} combinations; at most {MOST_COMBINATIONS:,} are run at once: split it."
        )
    return [checked(notebook, values) for values in found]


def _axis(notebook: Path, parameter: Parameter, text: str) -> list[Any]:
    if text == "all":
        allowed = allowed_values(parameter)
        if not allowed:
            raise ParameterError(
                f"{notebook.name}, parameter {parameter.name}: its comment lists no values, so name them instead of 'all'."
            )
        return allowed
    span = re.fullmatch(r"(-?\d+):(-?\d+)", text)
    if span and isinstance(parameter.default, int):
        return list(range(int(span[1]), int(span[2]) + 1))
    if "|" in text:
        return [part.strip() for part in text.split("|")]
    # the title of one metro holds a comma and is one value
    return [text] if text in map(str, allowed_values(parameter)) else text.split(",")


def slug(values: Mapping[str, Any]) -> str:
    """Return a file name for a combination."""
    return (
        re.sub(r"[^A-Za-z0-9.]+", "-", "_".join(f"{name}-{value}" for name, value in values.items())).strip("-").lower()
    )


def run(
    notebook: Path,
    combos: Sequence[Mapping[str, Any]],
    folder: Path,
    run_jobs: Callable[[Sequence[Job]], list[Outcome]],
    *,
    figures: bool = False,
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

    Returns
    -------
    list of Row
        In the order of the combinations.
    """
    from cityresearch.execution.job import Job

    started = plan.moment(folder)
    entries = plan.read_lock(folder)
    targets = [folder / "notebooks" / f"{slug(values)}.ipynb" for values in combos]
    defaults = {p.name: p.default for p in parameters_of(notebook)}
    jobs: list[Job] = []
    keys: dict[Path, str] = {}
    environment = {} if figures else UNDRAWN
    for values, target in zip(combos, targets, strict=True):
        keys[target] = plan.key_of(notebook, values) + ("" if figures else " without figures")
        if plan.reasons(entries.get(keys[target]), Context(notebook, values, environment), target):
            parameters = dict(values) if values != defaults else {}
            jobs.append(
                Job(notebook, target, parameters, cwd=notebook.parent, root=paths.root(), environment=environment)
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

        with progress.shown() as listener:
            return run_all(jobs, workers, listener)

    return run_jobs


def _row(values: Mapping[str, Any], executed: Path, outcome: Outcome | None) -> Row:
    if outcome is not None and outcome.status != "done":
        return Row(values, {}, outcome.message, outcome.seconds)
    found = [
        output["data"][RESULT_MIME]
        for cell in read_notebook(executed)["cells"]
        for output in cell.get("outputs", ())
        if RESULT_MIME in output.get("data", {})
    ]
    results = {record["name"]: record["value"] for record in found if record["value"] is not None}
    reason = (
        "" if results else "; ".join(dict.fromkeys(r["reason"] for r in found)) or "the notebook recorded no result"
    )
    return Row(values, results, reason, outcome.seconds if outcome else 0.0)


def _write(rows: Sequence[Row], folder: Path) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row.results))
    lines = [
        json.dumps({"parameters": dict(r.values), "results": dict(r.results), "reason": r.reason}, ensure_ascii=False)
        for r in rows
    ]
    write_whole(folder / "records.jsonl", ("\n".join(lines) + "\n").encode("utf-8"))
    parameters = list(rows[0].values) if rows else []
    kept = [[*map(str, r.values.values()), *(r.results.get(n, "") for n in names)] for r in rows if r.results]
    write_whole(folder / "table.csv", _csv([*parameters, *names], kept))
    lost = [[*map(str, r.values.values()), r.reason] for r in rows if not r.results]
    write_whole(folder / "missing.csv", _csv([*parameters, "reason"], lost))


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
