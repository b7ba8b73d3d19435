"""A worker of the pool: as the pool sees it, and what it does in its own process."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import connection

from cityresearch.execution import engine, fork
from cityresearch.execution.job import Job, execute
from cityresearch.execution.processes import adopt_orphans

__all__ = ["KILL", "Started", "Worker", "serve_jobs"]

TEXT_SECONDS = 0.5
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has no SIGKILL


@dataclass(frozen=True)
class Started:
    """A worker's word that it has started the process of its notebook, which leads a process group."""

    pid: int


@dataclass
class Worker:
    """A process that runs one job after another, each notebook in a process of its own, and the job that it runs now."""

    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection
    generation: int
    place: int = -1
    job: Job | None = None
    start: float = 0.0
    cell: int = 0
    cells: int = 0
    notebook_pid: int = 0

    def take(self, place: int, job: Job) -> None:
        """Hand over a job."""
        self.pipe.send(job)
        self.place, self.job, self.start = place, job, time.monotonic()
        self.cell, self.cells, self.notebook_pid = 0, 0, 0

    @property
    def seconds(self) -> float:
        """Since it took its job."""
        return round(time.monotonic() - self.start, 3)

    @property
    def in_cell(self) -> str:
        """Where it is in its notebook, to be added to a sentence; empty before the first cell."""
        return f" in code cell {self.cell}" if self.cell else ""

    @property
    def cause_of_death(self) -> str:
        """A sentence on how the process ended in the middle of its job."""
        code = self.process.exitcode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        memory = " (often a sign that memory ran out)" if code == -KILL else ""
        return f"The process of {self.job.notebook} {how}{memory}{self.in_cell}; its output file is as it was."

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the process, its notebook and whatever that one has started."""
        for group in filter(None, (self.process.pid, self.notebook_pid)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(group, number)
        if self.process.is_alive():  # no groups here, or the process has not made its own yet
            self.process.terminate() if number == signal.SIGTERM else self.process.kill()


def serve_jobs(
    pipe: connection.Connection, others: Sequence[connection.Connection], announced: tuple[str, ...]
) -> None:
    """Be a worker: run the jobs that come through the pipe, one after another, until None comes or the pool is gone."""
    if hasattr(os, "setpgid"):
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
    fork.serve()
    for inherited in others:
        inherited.close()
    adopt_orphans()
    engine.announced.update(announced)
    told = 0.0

    def tell(line: str) -> None:
        nonlocal told
        if time.monotonic() - told > TEXT_SECONDS:
            told = time.monotonic()
            pipe.send(line)

    while (job := _next(pipe)) is not None:
        outcome = execute(
            job,
            on_cell=lambda cell, cells: pipe.send((cell, cells)),
            on_start=lambda pid: pipe.send(Started(pid)),
            on_text=tell,
        )
        pipe.send(dataclasses.replace(outcome, job=None))


def _next(pipe: connection.Connection) -> Job | None:
    try:
        return pipe.recv()
    except EOFError:
        return None
