"""A papermill engine that runs a notebook in a forked process instead of a Jupyter kernel."""

from __future__ import annotations

import contextlib
import json
import math
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from cityresearch.execution.fork import can_fork, die_with_parent, flush_streams, private_ipython, thread_problem
from cityresearch.execution.trace import Trace

METADATA_KEY = "cityresearch"
SHUTDOWN_GRACE = 10.0
LOOK_SECONDS = 1.0
announced: set[str] = set()


class ForkedProcess:
    """A process forked from this one that runs the cells of one notebook.

    It leads a process group of its own, out of reach of Ctrl-C in the terminal, so that what a notebook starts ends with it.

    Parameters
    ----------
    trace
        What to record of the run.
    on_start
        Called with the process's id when it has started.
    """

    def __init__(self, trace: Trace, on_start: Callable[[int], None] = lambda pid: None) -> None:
        self.trace = trace
        self.on_start = on_start
        self.pid = 0
        self.status: int | None = None

    def start(self, ipython_folder: Path) -> None:
        """Fork."""
        from cityresearch.execution import shell  # imported before the fork, so that the child need not

        self.connection, theirs = multiprocessing.Pipe()
        flush_streams()
        self.pid = os.fork()
        if self.pid:
            theirs.close()
            with contextlib.suppress(OSError):  # the child does the same; whoever is first wins
                os.setpgid(self.pid, self.pid)
            self.on_start(self.pid)
            return
        code, terminal = 1, os.dup(2)
        try:
            os.setpgid(0, 0)
            die_with_parent()
            self.connection.close()
            shell.serve(theirs, ipython_folder, self.trace)
            code = 0
        except BaseException:
            os.write(terminal, traceback.format_exc().encode())
        finally:
            os._exit(code)

    def messages(self, timeout: float | None) -> Iterator[dict]:
        """Yield the messages up to and including a cell's reply.

        Raises
        ------
        TimeoutError
            No reply came in that many seconds.
        DeadKernelError
            The process died; says of what.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = LOOK_SECONDS if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                if not self.connection.poll(min(left, LOOK_SECONDS)):
                    # A process that a cell started can hold the pipe open after the cell's process died.
                    if self._has_ended() and not self.connection.poll(0):
                        raise EOFError
                    if left <= LOOK_SECONDS and deadline is not None:
                        raise TimeoutError
                    continue
                message = json.loads(self.connection.recv_bytes().decode("utf-8", "surrogateescape"))
            except (EOFError, ConnectionResetError):
                raise DeadKernelError(self.cause_of_death()) from None
            yield message
            if message["msg_type"] in {"execute_reply", "record"}:
                return

    def run(self, code: str, timeout: float | None) -> Iterator[dict]:
        """Send a cell's source and yield its messages; raises as `messages` does."""
        with contextlib.suppress(OSError):  # what the process said last tells why it is gone
            self.connection.send(code)
        yield from self.messages(timeout)

    def finish(self) -> dict:
        """Let the process end by itself and return what it used (`Used.as_json`); empty when it fails to."""
        with contextlib.suppress(OSError):  # it may be ending already, after `exit()`
            self.connection.send(None)
        with contextlib.suppress(OSError, DeadKernelError, TimeoutError):
            for message in self.messages(SHUTDOWN_GRACE):
                if message["msg_type"] == "record":
                    return message["content"]
        return {}

    def cause_of_death(self) -> str:
        """Return a sentence on how the process ended."""
        self._reap()
        code = os.waitstatus_to_exitcode(self.status)
        if code < 0:
            return f"Kernel died: the notebook's process was killed by {signal.Signals(-code).name}."
        return f"Kernel died: the notebook's process ended with exit code {code}."

    def stop(self) -> None:
        """Kill the process and what it started, if anything is left of them."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._reap()
        self.connection.close()

    def _has_ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
        return self.status is not None

    def _reap(self) -> None:
        if self.status is None:
            _, self.status = os.waitpid(self.pid, 0)


class ForkClient(PapermillNotebookClient):
    """Papermill's client with a forked process for a kernel; what it does with messages is inherited."""

    def __init__(
        self, nb_man: NotebookExecutionManager, process: ForkedProcess, limit: float | None = None, **kwargs: Any
    ) -> None:
        super().__init__(nb_man, **kwargs)
        self.process = process
        self.limit = limit  # seconds per cell; the inherited `timeout` takes whole numbers only
        self.record: dict = {}

    def execute(self, **kwargs: Any):
        """Run all cells and return the notebook."""
        self.reset_execution_trackers()
        with private_ipython() as folder:
            self.process.start(folder)
            try:
                self.papermill_execute_cells()
                self.record = self.process.finish()
            finally:
                self.process.stop()
        self.nb.metadata["language_info"] = _language_info()
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell, cell_index: int, execution_count=None, store_history: bool = True):
        """Run one cell and put its outputs in place.

        Raises
        ------
        CellExecutionError
            The cell raised, and neither its tags nor the options allow that.
        CellTimeoutError
            The cell took longer than the timeout; the process is gone.
        DeadKernelError
            The process died.
        """
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        self.code_cells_executed += 1
        if self.record_timing:
            cell.metadata["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        try:
            reply = self._converse(cell, cell_index)
        except (CellTimeoutError, DeadKernelError) as error:
            self.nb_man.cell_exception(cell, cell_index=cell_index, exception=error)
            raise
        if self.record_timing:
            cell.metadata["execution"]["shell.execute_reply"] = timestamp()
        own = {"seconds": reply["seconds"], "peak_rss_mb": reply["peak_rss_mb"]}
        if reply["status"] == "error":
            own["error_line"] = reply["error_line"]
        cell.metadata[METADATA_KEY] = own
        allowed = self.allow_errors or "raises-exception" in tags or reply.get("ename") in self.allow_error_names
        if reply["status"] == "error" and (self.force_raise_errors or not allowed):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _converse(self, cell, cell_index: int) -> dict:
        timeout = self.timeout_func(cell) if self.timeout_func else self.limit
        timeout = timeout if timeout and timeout > 0 else None
        messages = self.process.run(cell.source, timeout)
        while True:
            try:
                message = next(messages)
            except TimeoutError:
                if not self.interrupt_on_timeout:
                    self.process.stop()
                    text = "Cell execution timed out"
                    raise CellTimeoutError.error_from_timeout_and_cell(text, timeout, cell) from None
                os.kill(self.process.pid, signal.SIGINT)
                messages = self.process.messages(None)
                continue
            if message["msg_type"] == "execute_reply":
                return message["content"]
            if message["msg_type"] == "record":
                raise DeadKernelError("Kernel died: an earlier cell ended it with `exit()`.")
            message["header"] = {"msg_type": message["msg_type"]}
            message["parent_header"] = {}
            with contextlib.suppress(CellExecutionComplete):
                self.process_message(message, cell, cell_index)

    def output(self, outs, msg, display_id, cell_index):
        """Add an output; text of one stream that follows text of the same stream is joined to it."""
        added = super().output(outs, msg, display_id, cell_index)
        if added is not None and len(outs) > 1 and added.output_type == "stream":
            before = outs[-2]
            if before.output_type == "stream" and before.name == added.name:
                before["text"] += added["text"]
                outs.pop()
        return added


def _language_info() -> dict:
    from cityresearch.execution.shell import LANGUAGE_INFO

    return {**LANGUAGE_INFO, "codemirror_mode": dict(LANGUAGE_INFO["codemirror_mode"])}


def fallback_reason(nb=None) -> str | None:
    """Return a sentence on why a notebook cannot run in a forked process here, or None when it can."""
    if not can_fork():
        return "This platform has no safe fork, so notebooks run in Jupyter kernels, which takes longer."
    if nb is not None and nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
        return "The notebook is not in Python, so it runs in a Jupyter kernel."
    problem = thread_problem()
    return problem and f"{problem} The notebook runs in a Jupyter kernel instead."


def announce_once(text: str) -> None:
    """Log a warning unless it was logged before."""
    if text not in announced:
        announced.add(text)
        logger.warning(text)


class ForkEngine(Engine):
    """Runs a notebook's code cells in a process forked from this one, with a kernel's outputs."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        stdout_file=None,
        stderr_file=None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        trace: Trace | None = None,
        record: dict | None = None,
        on_start: Callable[[int], None] = lambda pid: None,
        **kwargs: Any,
    ):
        """Run the notebook of the manager.

        Where forking is impossible or unsafe, papermill's own engine runs it in a kernel, and a warning says
        so once.

        Parameters
        ----------
        nb_man
            Papermill's manager, which holds the notebook.
        kernel_name
            Used only for a kernel.
        log_output, stdout_file, stderr_file, start_timeout
            As in papermill.
        execution_timeout
            Seconds that one cell may take; None for no limit.
        trace
            What to record of the run.
        record
            Filled with what was used (`Used.as_json`); stays empty in a kernel.
        on_start
            Called with the forked process's id, which is also that of its process group.
        **kwargs
            Options of nbclient's NotebookClient.

        Returns
        -------
        nbformat.NotebookNode
            The notebook with outputs.
        """
        _stop_progress_monitor(nb_man)
        reason = fallback_reason(nb_man.nb)
        if reason:
            announce_once(reason)
            whole_seconds = execution_timeout and math.ceil(execution_timeout)
            with private_ipython():
                return NBClientEngine.execute_managed_notebook(
                    nb_man,
                    kernel_name,
                    log_output=log_output,
                    stdout_file=stdout_file,
                    stderr_file=stderr_file,
                    start_timeout=start_timeout,
                    execution_timeout=whole_seconds,
                    **kwargs,
                )
        options = merge_kwargs(
            remove_args(["input_path", "timeout", "startup_timeout"], **kwargs),
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        limit = execution_timeout or kwargs.get("timeout")
        client = ForkClient(nb_man, ForkedProcess(trace or Trace(), on_start), limit, **options)
        nb = client.execute()
        if record is not None:
            record.update(client.record)
        return nb


def _stop_progress_monitor(nb_man: NotebookExecutionManager) -> None:
    # The class of papermill's progress bar keeps a watching thread; the bar works without it.
    for kind in type(nb_man.pbar).__mro__:
        monitor = vars(kind).get("monitor")
        if monitor is not None:
            monitor.exit()
            kind.monitor = None
