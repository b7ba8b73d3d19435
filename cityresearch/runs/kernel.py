"""Papermill's standard path: one notebook after another, each in a Jupyter kernel of its own."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cityresearch.execution.job import Job, Outcome
from cityresearch.execution.notebook_file import failed_path, load_for_run

__all__ = ["run_all"]

if TYPE_CHECKING:
    from cityresearch.execution.pool import Event


def run_all(jobs: Sequence[Job], workers: int, listen: Callable[[Event], None]) -> list[Outcome]:
    """Run jobs through papermill, one at a time: parallel kernels race for ports, so `workers` is not used.

    Of the limits, a kernel has that of a cell's time, in whole seconds.

    Returns
    -------
    list of Outcome
        In the order of the jobs. What a kernel opened and loaded is unknown, so `opened` and `modules` are None.
    """
    return [_run(job, listen) for job in jobs]


def _run(job: Job, listen: Callable[[Event], None]) -> Outcome:
    import papermill

    from cityresearch.execution.pool import Event

    listen(Event("started", job))
    start = time.monotonic()
    job.output.parent.mkdir(parents=True, exist_ok=True)
    partial = job.output.with_name(f".{job.output.stem}.part.ipynb")
    try:
        papermill.execute_notebook(
            load_for_run(job.notebook, {}, job.left_out)[0] if job.left_out else str(job.notebook),
            str(partial),
            parameters=dict(job.parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=str(job.cwd) if job.cwd else None,
            request_save_on_cell_execute=False,
            execution_timeout=job.limits.cell_seconds and math.ceil(job.limits.cell_seconds),
        )
    except papermill.PapermillExecutionError as error:
        kept = failed_path(job.output)
        partial.replace(kept)
        sentence = f"{job.notebook} failed in code cell {error.exec_count}: {error.ename}: {error.evalue}"
        outcome = Outcome(job, "failed", sentence, time.monotonic() - start, failed_notebook=kept)
        listen(Event("failed", job, seconds=outcome.seconds, message=sentence))
        return outcome
    partial.replace(job.output)
    outcome = Outcome(job, "done", "", time.monotonic() - start)
    listen(Event("finished", job, seconds=outcome.seconds))
    return outcome
