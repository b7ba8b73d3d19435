"""Runs many notebooks, a few at a time, each in processes of its own forked from this warm one."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from typing import Literal, get_args

from cityresearch.execution import engine
from cityresearch.execution.fork import can_fork, die_with_parent, flush_streams, private_ipython, require_single_thread
from cityresearch.execution.job import Job, Outcome, Status, execute, failed_path, temporary_path

POLL_SECONDS = 0.25
STOP_GRACE = 3.0
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has no SIGKILL


@dataclass(frozen=True)
class Event:
    """Something to tell a person while notebooks run.

    Parameters
    ----------
    kind
        started, cell (one is starting), finished or failed.
    job
        Which job.
    cell, cells
        The code cell that started last, counted from 1, and how many there are; 0 before the first.
    seconds
        Since the job started.
    peak_rss_mb
        For finished and failed: the largest resident memory during any cell, in millions of bytes.
    message
        For failed: a sentence.
    """

    kind: Literal["started", "cell", "finished", "failed"]
    job: Job
    cell: int = 0
    cells: int = 0
    seconds: float = 0.0
    peak_rss_mb: float = 0.0
    message: str = ""


class RunStopped(KeyboardInterrupt):
    """The run was stopped by Ctrl-C or SIGTERM; `outcomes` holds one outcome per job, in their order."""

    def __init__(self, signal_number: int, outcomes: list[Outcome]) -> None:
        self.signal_number = signal_number
        self.outcomes = outcomes
        count = Counter(one.status for one in outcomes)
        parts = ", ".join(f"{count[status]} {status}" for status in get_args(Status) if count[status])
        super().__init__(f"The run was stopped by {signal.Signals(signal_number).name}: {parts}.")


@dataclass
class _Running:
    """A job whose process is alive."""

    place: int
    job: Job
    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection
    start: float
    cell: int = 0
    cells: int = 0
    outcome: Outcome | None = None

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.start, 3)


def run_all(
    jobs: Sequence[Job],
    workers: int = 1,
    on_event: Callable[[Event], None] = lambda event: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Run jobs, at most `workers` at once, and wait for all of them.

    Call it from the main thread of a process that `fork.warm_up` has prepared.

    Parameters
    ----------
    jobs
        What to run, in this order.
    workers
        How many notebooks run at once, 1 or more.
    on_event
        Called in this process as things happen.
    meanwhile
        Called in this process once, when the first jobs have been started and others wait: for what only those need loaded.

    Returns
    -------
    list of Outcome
        One per job, in the order of the jobs. A failure of one does not keep the others from running.

    Raises
    ------
    ValueError
        Fewer than one worker, or two jobs with the same output.
    UnsafeForkError
        This process has threads.
    RunStopped
        Ctrl-C or SIGTERM came; everything that ran is ended, and the exception carries the outcomes.
    """
    if workers < 1:
        raise ValueError(f"workers is {workers}; at least 1 is needed.")
    outputs = [os.path.abspath(job.output) for job in jobs]  # noqa: PTH100
    twice = sorted({path for path in outputs if outputs.count(path) > 1})
    if twice:
        raise ValueError(f"Several jobs would write {twice[0]}; give each job an output of its own.")
    if can_fork():
        require_single_thread()
    else:
        engine.announce_once(engine.fallback_reason())
    return _Run(list(jobs), workers, on_event, meanwhile).run()


class _Run:
    def __init__(
        self, jobs: list[Job], workers: int, on_event: Callable[[Event], None], meanwhile: Callable[[], None]
    ) -> None:
        self.jobs = jobs
        self.workers = workers
        self.on_event = on_event
        self.meanwhile: Callable[[], None] | None = meanwhile
        self.context = multiprocessing.get_context("fork" if can_fork() else "spawn")
        self.outcomes: list[Outcome | None] = [None] * len(jobs)
        self.running: list[_Running] = []
        self.signal_number = 0

    def run(self) -> list[Outcome]:
        waiting = list(enumerate(self.jobs))[::-1]
        with self._noting_signals(), private_ipython():
            try:
                while (waiting or self.running) and not self.signal_number:
                    while waiting and len(self.running) < self.workers:
                        self._start(*waiting.pop())
                    if self.meanwhile and waiting:
                        self.meanwhile()
                        self.meanwhile = None
                    self._wait()
            finally:
                self._stop_all()
        if self.signal_number:
            for place, job in waiting:
                self.outcomes[place] = Outcome(job, "not started", f"{job.notebook} was not started.")
            raise RunStopped(self.signal_number, self.outcomes)
        return self.outcomes

    @contextlib.contextmanager
    def _noting_signals(self) -> Iterator[None]:
        # A handler that only takes a note cannot interrupt our bookkeeping half-way.
        def note(number: int, frame: object) -> None:
            self.signal_number = number

        before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self, place: int, job: Job) -> None:
        ours, theirs = self.context.Pipe(duplex=False)
        flush_streams()
        process = self.context.Process(target=_be_child, args=(job, theirs, tuple(engine.announced)))
        process.start()
        theirs.close()
        if hasattr(os, "setpgid"):
            with contextlib.suppress(OSError):  # the child does the same; whoever is first wins
                os.setpgid(process.pid, process.pid)
        self.running.append(_Running(place, job, process, ours, time.monotonic()))
        self.on_event(Event("started", job))

    def _wait(self) -> None:
        # A grandchild can hold the other ends open after a child's death, hence the look at exit codes.
        pipes = [one.pipe for one in self.running if one.outcome is None]
        connection.wait(pipes + [one.process.sentinel for one in self.running], POLL_SECONDS)
        for one in list(self.running):
            ended = one.process.exitcode is not None
            self._read(one)
            if ended:
                self._settle(one, "failed", None)
            elif one.job.timeout is not None and one.seconds > one.job.timeout:
                self._kill([one], KILL)
                limit = f"took longer than {one.job.timeout:g} s"
                self._settle(one, "failed", f"{one.job.notebook} {limit} and was ended{_in_cell(one)}.")

    def _read(self, one: _Running) -> None:
        with contextlib.suppress(EOFError, OSError):
            while one.outcome is None and one.pipe.poll():
                message = one.pipe.recv()
                if isinstance(message, Outcome):
                    one.outcome = dataclasses.replace(message, job=one.job)
                    return
                one.cell, one.cells = message
                self.on_event(Event("cell", one.job, one.cell, one.cells, one.seconds))

    def _settle(self, one: _Running, status: Status, message: str | None) -> None:
        """Note what became of a job whose process has ended or is being ended."""
        self._kill([one], KILL)  # whatever it started and left behind
        one.process.join()
        one.pipe.close()
        self.running.remove(one)
        outcome = one.outcome
        if outcome is None:
            for target in (one.job.output.absolute(), failed_path(one.job.output.absolute())):
                temporary_path(target, one.process.pid).unlink(missing_ok=True)
            message = message or _cause_of_death(one)
            outcome = Outcome(one.job, status, message, one.seconds, cells=max(0, one.cell - 1))
        self.outcomes[one.place] = outcome
        kind, said = ("finished", "") if outcome.status == "done" else ("failed", outcome.message)
        cost = (outcome.seconds, outcome.peak_rss_mb)
        self.on_event(Event(kind, one.job, one.cell, one.cells, *cost, said))

    def _stop_all(self) -> None:
        if self.running and not self.signal_number:  # the callback itself raised
            self.on_event = lambda event: None
        self._kill(self.running, signal.SIGTERM)
        deadline = time.monotonic() + STOP_GRACE
        for one in list(self.running):
            one.process.join(max(0.0, deadline - time.monotonic()))
            self._read(one)
            self._settle(one, "stopped", f"{one.job.notebook} was stopped{_in_cell(one)}.")

    def _kill(self, some: list[_Running], number: signal.Signals) -> None:
        for one in some:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(one.process.pid, number)
                    continue
            if one.process.is_alive():  # no groups here, or the child has not made its own yet
                one.process.terminate() if number == signal.SIGTERM else one.process.kill()


def _in_cell(one: _Running) -> str:
    return f" in code cell {one.cell}" if one.cell else ""


def _cause_of_death(one: _Running) -> str:
    code = one.process.exitcode
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    memory = " (often a sign that memory ran out)" if code == -KILL else ""
    return f"The process of {one.job.notebook} {how}{memory}{_in_cell(one)}; its output file is as it was."


def _be_child(job: Job, pipe: connection.Connection, announced: tuple[str, ...]) -> None:
    if hasattr(os, "setpgid"):
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that it tidies up
    engine.announced.update(announced)
    os.environ.update(job.environment)
    outcome = execute(job, on_cell=lambda cell, cells: pipe.send((cell, cells)))
    pipe.send(dataclasses.replace(outcome, job=None))
