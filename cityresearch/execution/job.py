"""One notebook, run from its file to its file: parameters in, executed notebook and outcome out."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NotebookExecutionManager
from papermill.execute import prepare_notebook_metadata
from papermill.utils import chdir

from cityresearch.execution.engine import METADATA_KEY, ForkEngine
from cityresearch.execution.limits import LimitError, Limits
from cityresearch.execution.notebook_file import failed_path, kernel_name, load_for_run, write_notebook
from cityresearch.execution.trace import Trace, Used

__all__ = ["CellError", "CountingManager", "Job", "Outcome", "Status", "execute"]

PACKAGE = "cityresearch"
GUARDED = ("data/raw", "data/processed", "figures")  # no cell may write there
TOLD_CHARACTERS = 200
# papermill, too, takes these for success; the cells after the exit do not run.
CLEAN_EXITS = {("SystemExit", ""), ("SystemExit", "0")}
Status = Literal["done", "failed", "stopped", "not started"]


@dataclass(frozen=True)
class Job:
    """A notebook to run.

    Parameters
    ----------
    notebook
        The notebook's file.
    output
        Where the executed notebook goes; replaced only by a complete run.
    parameters
        Values for the notebook's parameters.
    cwd
        The folder in which the cells run; None for the current one.
    root
        The project's folder: what the cells use is recorded, and its data and results are guarded against them; None does neither.
    environment
        Environment variables to set for the notebook.
    limits
        How much time, memory and output it may take.
    left_out
        Places of cells, counted from 0, that neither run nor appear in the output.
    """

    notebook: Path
    output: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    cwd: Path | None = None
    root: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True)
class CellError:
    """Where and why a notebook failed.

    Parameters
    ----------
    cell
        Which code cell of the stored notebook, counted from 1; None for the injected parameters.
    index
        The cell's place among all cells of the stored notebook, counted from 0; None likewise.
    line
        Line of that cell, counted from 1: where it raised or, when it took too long or too much, where it was; None when the
        cell's process died or nothing points into the cell.
    name
        The exception's class.
    message
        The exception's text.
    """

    cell: int | None
    index: int | None
    line: int | None
    name: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job.

    Parameters
    ----------
    job
        The job.
    status
        done, failed, stopped (from outside) or not started.
    message
        A sentence for a person.
    seconds
        How long it took.
    peak_rss_mb
        The largest resident memory during any cell, in millions of bytes; 0 when not known.
    cells
        How many code cells ran.
    ended_early
        How many code cells did not run because a cell before them ended the notebook with `exit()` or `sys.exit(0)`, which
        counts as success.
    error
        Where it failed; None unless a cell did.
    failed_notebook
        The notebook up to the error; None when there is none.
    used
        What the run used; None when not known.
    """

    job: Job
    status: Status
    message: str
    seconds: float = 0.0
    peak_rss_mb: float = 0.0
    cells: int = 0
    ended_early: int = 0
    error: CellError | None = None
    failed_notebook: Path | None = None
    used: Used | None = None


class CountingManager(NotebookExecutionManager):
    """Papermill's manager, which also tells which code cell is starting and writes no file."""

    def __init__(self, nb, places: list[int | None], on_cell: Callable[[int, int], None]) -> None:
        super().__init__(nb, progress_bar=False, autosave_cell_every=0)
        self.codes = [i for i, cell in enumerate(nb.cells) if cell.cell_type == "code" and places[i] is not None]
        self.on_cell = on_cell
        self.last: int | None = None

    def cell_start(self, cell, cell_index=None, **kwargs) -> None:
        """Mark the cell as running."""
        super().cell_start(cell, cell_index, **kwargs)
        self.last = cell_index
        if cell_index in self.codes:
            self.on_cell(self.codes.index(cell_index) + 1, len(self.codes))


class _TextFile:
    """Takes text as papermill's files for output do, and tells the last line of each piece."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell

    def write(self, text: str) -> None:
        lines = [line for line in text[-TOLD_CHARACTERS:].replace("\r", "\n").split("\n") if line.strip()]
        if lines:
            self.tell(lines[-1])

    def flush(self) -> None:
        pass


def execute(
    job: Job,
    on_cell: Callable[[int, int], None] = lambda cell, cells: None,
    on_start: Callable[[int], None] = lambda pid: None,
    on_text: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Run a job in a process forked from this one and write its notebook.

    Parameters
    ----------
    job
        What to run.
    on_cell
        Called before each code cell of the stored notebook with its number and the number of code cells.
    on_start
        Called with the forked process's id, which is also that of its process group.
    on_text
        Called with the last line of what a cell has just printed, while it runs, at most a few times a second.

    Returns
    -------
    Outcome
        done or failed; nothing that goes wrong in the notebook raises.
    """
    start = time.monotonic()
    output, notebook = Path(job.output).absolute(), Path(job.notebook).absolute()
    try:
        nb, places = load_for_run(notebook, job.parameters, job.left_out)
        nb = prepare_notebook_metadata(nb, str(job.notebook), str(job.output))
    except Exception as problem:
        return Outcome(job, "failed", f"{job.notebook} cannot be read as a notebook: {_one_line(problem)}")
    manager = CountingManager(nb, places, on_cell)
    trace = Trace(job.root, PACKAGE, GUARDED)
    record: dict = {}
    cause = None
    try:
        with chdir(job.cwd), _environment(job.environment):
            manager.notebook_start()
            try:
                ForkEngine.execute_managed_notebook(
                    manager,
                    kernel_name(nb),
                    stdout_file=_TextFile(on_text),
                    stderr_file=_TextFile(on_text),
                    limits=job.limits,
                    trace=trace,
                    record=record,
                    on_start=on_start,
                )
            finally:
                manager.notebook_complete()
    except (CellTimeoutError, DeadKernelError, LimitError) as problem:
        cause = problem
    except Exception as problem:
        message = f"{job.notebook} cannot be run: {type(problem).__name__}: {_one_line(problem)}"
        return Outcome(job, "failed", message, time.monotonic() - start)
    error = _find_error(nb, places, cause, job.limits.cell_seconds)
    own = [cell.metadata[METADATA_KEY] for cell in nb.cells if "seconds" in cell.metadata.get(METADATA_KEY, {})]
    left = (
        0
        if error is not None
        else sum(i > (manager.last or 0) and bool(nb.cells[i].source.strip()) for i in manager.codes)
    )
    target = output if error is None else failed_path(output)
    try:
        write_notebook(nb, target)
        if error is None:
            failed_path(output).unlink(missing_ok=True)
    except OSError as problem:
        return Outcome(job, "failed", f"{target} cannot be written: {problem}", time.monotonic() - start)
    return Outcome(
        job=job,
        status="done" if error is None else "failed",
        message=_describe_success(job, left) if error is None else describe_error(job, error),
        seconds=round(time.monotonic() - start, 3),
        peak_rss_mb=max((one["peak_rss_mb"] for one in own), default=0.0),
        cells=len(own),
        ended_early=left,
        error=error,
        failed_notebook=None if error is None else target,
        used=Used.from_json(record) if record else None,
    )


@contextlib.contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _find_error(nb, places: list[int | None], cause: Exception | None, limit: float | None) -> CellError | None:
    marks = {i: cell.metadata.papermill for i, cell in enumerate(nb.cells) if cell.cell_type == "code"}
    failed = [i for i, mark in marks.items() if mark["exception"] is True]
    if cause is not None and not failed:  # with a real kernel, papermill does not mark the cell that was running
        failed = [i for i, mark in marks.items() if mark["start_time"]][-1:] or list(marks)[:1]
    if not failed:
        return None
    cell, index = nb.cells[failed[0]], places[failed[0]]
    raised = next((out for out in reversed(cell.outputs) if out.output_type == "error"), None)
    if cause is None and raised is not None and (raised.ename, raised.evalue) in CLEAN_EXITS:
        return None
    if isinstance(cause, CellTimeoutError):
        name = "CellTimeoutError"
        message = f"The cell took longer than {limit:g} s and was ended; allow more with --cell-timeout SECONDS."
    elif cause is not None:
        name, message = type(cause).__name__, str(cause)
    elif raised is not None:
        name, message = raised.ename, raised.evalue
    else:
        name, message = "CellExecutionError", ""
    number = None if index is None else sum(places[i] is not None for i in marks if i <= failed[0])
    return CellError(number, index, cell.metadata.get(METADATA_KEY, {}).get("error_line"), name, message)


def _describe_success(job: Job, left: int) -> str:
    if not left:
        return f"{job.notebook} ran."
    cells = "1 code cell" if left == 1 else f"{left} code cells"
    return f"{job.notebook} ended itself with an exit before its last {cells}, which did not run."


def describe_error(job: Job, error: CellError) -> str:
    """Return a sentence that says where a notebook failed and why."""
    where = "the injected parameters" if error.cell is None else f"code cell {error.cell}"
    line = "" if error.line is None else f", line {error.line}"
    text = _one_line(error.message)
    return f"{job.notebook} failed in {where}{line}: {error.name}{': ' if text else ''}{text}"


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
