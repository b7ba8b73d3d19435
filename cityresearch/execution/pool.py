"""Runs many notebooks, a few at a time, each in processes of its own forked from this warm one."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from typing import Literal, get_args

from cityresearch.execution import engine
from cityresearch.execution.fork import begin, can_fork, private_ipython, require_single_thread
from cityresearch.execution.job import Job, Outcome, Status
from cityresearch.execution.notebook_file import failed_path, temporary_path
from cityresearch.execution.processes import end_descendants, ending_orphans
from cityresearch.execution.worker import KILL, Started, Worker, serve_jobs

__all__ = ["Event", "RunStopped", "run_all"]

POLL_SECONDS = 0.25
STOP_GRACE = 3.0
# a worker ends its notebook itself; only one that cannot is ended from here
LIMIT_GRACE = 60.0


@dataclass(frozen=True)
class Event:
    """Something to tell a person while notebooks run.

    Parameters
    ----------
    kind
        started, cell (one is starting), text (a cell has printed something), finished, failed or stopped (from outside).
    job
        Which job.
    cell, cells
        The code cell that started last, counted from 1, and how many there are; 0 before the first.
    seconds
        Since the job started.
    peak_rss_mb
        For finished, failed and stopped: the largest resident memory during any cell, in millions of bytes.
    message
        For failed and stopped: a sentence; for text: the last line.
    """

    kind: Literal["started", "cell", "text", "finished", "failed", "stopped"]
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


def run_all(
    jobs: Sequence[Job],
    workers: int = 1,
    on_event: Callable[[Event], None] = lambda event: None,
    meanwhile: Callable[[], None] | None = None,
    keep: Callable[[Outcome], Outcome] = lambda outcome: outcome,
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
    keep
        Called in this process with each outcome as it comes; what it returns is kept until the end.

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
    return _Run(list(jobs), workers, on_event, meanwhile, keep).run()


class _Run:
    def __init__(
        self,
        jobs: list[Job],
        workers: int,
        on_event: Callable[[Event], None],
        meanwhile: Callable[[], None] | None,
        keep: Callable[[Outcome], Outcome],
    ) -> None:
        self.jobs = jobs
        self.keep = keep
        self.most = workers
        self.on_event = on_event
        self.meanwhile = meanwhile
        self.context = multiprocessing.get_context("fork" if can_fork() else "spawn")
        self.outcomes: list[Outcome | None] = [None] * len(jobs)
        self.workers: list[Worker] = []
        self.generation = 0
        self.signal_number = 0

    def run(self) -> list[Outcome]:
        waiting = list(enumerate(self.jobs))[::-1]
        with self._noting_signals(), private_ipython(), ending_orphans(self._worker_pids) as self.end_orphans:
            try:
                while (waiting or self._busy()) and not self.signal_number:
                    while waiting and len(self._busy()) < self.most:
                        self._give(*waiting.pop())
                    if self.meanwhile and waiting:
                        self.meanwhile()
                        self.meanwhile, self.generation = None, 1  # workers from before lack what was loaded
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
        # A handler that only takes a note cannot interrupt our bookkeeping halfway.
        def note(number: int, frame: object) -> None:
            self.signal_number = number

        before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _worker_pids(self) -> set[int]:
        return {worker.process.pid for worker in self.workers}

    def _busy(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.job is not None]

    def _give(self, place: int, job: Job) -> None:
        for idle in [worker for worker in self.workers if worker.job is None and worker.generation == self.generation]:
            with contextlib.suppress(OSError):  # something has killed it while it waited
                idle.take(place, job)
                break
            self._dismiss(idle)
        else:
            self._fork().take(place, job)
        self.on_event(Event("started", job))

    def _fork(self) -> Worker:
        ours, theirs = self.context.Pipe()
        # a fork inherits our ends of the pipes and must close them, or no worker would notice that we have ended
        others = [ours, *(worker.pipe for worker in self.workers)] if can_fork() else []
        process = self.context.Process(target=serve_jobs, args=(theirs, others, tuple(engine.announced)))
        begin(process)
        theirs.close()
        if hasattr(os, "setpgid"):
            with contextlib.suppress(OSError):  # the worker does the same; whoever is first wins
                os.setpgid(process.pid, process.pid)
        worker = Worker(process, ours, self.generation)
        self.workers.append(worker)
        return worker

    def _wait(self) -> None:
        # A grandchild can hold the other ends open after a worker's death, hence the look at exit codes.
        busy = self._busy()
        connection.wait([w.pipe for w in busy] + [w.process.sentinel for w in busy], POLL_SECONDS)
        for worker in busy:
            ended = worker.process.exitcode is not None
            self._read(worker)
            if worker.job is None:
                if worker.generation != self.generation:
                    self._dismiss(worker)
            elif ended:
                self._give_up(worker, "failed", None)
            elif self._is_stuck(worker):
                limit = f"took longer than {worker.job.limits.notebook_seconds:g} s"
                message = (
                    f"{worker.job.notebook} {limit} and was ended{worker.in_cell}; allow more with --timeout SECONDS."
                )
                self._give_up(worker, "failed", message)

    def _is_stuck(self, worker: Worker) -> bool:
        limit = worker.job.limits.notebook_seconds
        return limit is not None and worker.seconds > limit + LIMIT_GRACE

    def _read(self, worker: Worker) -> None:
        with contextlib.suppress(EOFError, OSError):
            while worker.job is not None and worker.pipe.poll():
                match worker.pipe.recv():
                    case Outcome() as outcome:
                        self._settle(worker, dataclasses.replace(outcome, job=worker.job))
                    case Started(pid):
                        worker.notebook_pid = pid
                    case str(line):
                        self.on_event(
                            Event("text", worker.job, worker.cell, worker.cells, worker.seconds, message=line)
                        )
                    case cell, cells:
                        worker.cell, worker.cells = cell, cells
                        self.on_event(Event("cell", worker.job, cell, cells, worker.seconds))

    def _settle(self, worker: Worker, outcome: Outcome) -> None:
        """Note what became of a worker's job; the worker is free again."""
        job, worker.job = worker.job, None
        self.outcomes[worker.place] = self.keep(outcome)
        kind = {"done": "finished", "stopped": "stopped"}.get(outcome.status, "failed")
        said = "" if kind == "finished" else outcome.message
        cost = (outcome.seconds, outcome.peak_rss_mb)
        self.on_event(Event(kind, job, worker.cell, worker.cells, *cost, said))

    def _give_up(self, worker: Worker, status: Status, message: str | None) -> None:
        """End a worker in the middle of its job, or note that it has ended, and what became of the job."""
        with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
            os.kill(worker.process.pid, signal.SIGSTOP)  # or what it started would not all be found
        end_descendants(worker.process.pid)
        worker.send_signal(KILL)
        self._dismiss(worker)
        self.end_orphans()
        job = worker.job
        for target in (job.output.absolute(), failed_path(job.output.absolute())):
            temporary_path(target, worker.process.pid).unlink(missing_ok=True)
        message = message or worker.cause_of_death
        self._settle(worker, Outcome(job, status, message, worker.seconds, cells=max(0, worker.cell - 1)))

    def _dismiss(self, worker: Worker) -> None:
        with contextlib.suppress(OSError):
            worker.pipe.send(None)
        worker.process.join()
        worker.pipe.close()
        self.workers.remove(worker)

    def _stop_all(self) -> None:
        busy = self._busy()
        if busy and not self.signal_number:  # the callback itself raised
            self.on_event = lambda event: None
        for worker in busy:
            worker.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_GRACE
        for worker in busy:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            self._read(worker)
            if worker.job is not None:
                self._give_up(worker, "stopped", f"{worker.job.notebook} was stopped{worker.in_cell}.")
        for worker in list(self.workers):
            self._dismiss(worker)
