"""A papermill engine that runs a notebook in a forked process instead of a Jupyter kernel."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from cityresearch.execution.fork import can_fork, private_ipython, thread_problem
from cityresearch.execution.limits import NO_LIMITS, LimitError, Limits, OutputLimitError, shortened
from cityresearch.execution.process import ForkedProcess
from cityresearch.execution.processes import ending_orphans
from cityresearch.execution.trace import Trace
from cityresearch.execution.widgets import Browser

__all__ = ["METADATA_KEY", "ForkClient", "ForkEngine", "announce_once", "announced", "fallback_reason"]

METADATA_KEY = "cityresearch"
announced: set[str] = set()


class ForkClient(PapermillNotebookClient):
    """Papermill's client with a forked process for a kernel; what it does with messages is inherited."""

    def __init__(
        self, nb_man: NotebookExecutionManager, process: ForkedProcess, limits: Limits = NO_LIMITS, **kwargs: Any
    ) -> None:
        super().__init__(nb_man, **kwargs)
        self.process = process
        self.limits = limits  # of seconds per cell, too; the inherited `timeout` takes whole numbers only
        self.record: dict = {}
        self.kc = Browser()
        self.exited = False
        self._cell_bytes = self._notebook_bytes = 0

    def execute(self, **kwargs: Any):
        """Run all cells and return the notebook."""
        self.reset_execution_trackers()
        self.nb.metadata.pop("widgets", None)  # the state of an earlier run
        self.started = time.monotonic()
        with private_ipython() as folder, ending_orphans(lambda: {self.process.pid}) as end_orphans:
            self.process.start(folder)
            try:
                self.papermill_execute_cells()
                self.record = self.process.finish()
            finally:
                self.process.stop()
                end_orphans()
        self.nb.metadata["language_info"] = _language_info()
        self.set_widgets_metadata()
        return self.nb

    def papermill_execute_cells(self) -> None:
        """Run the cells up to one that raises or ends the process by `exit()`."""
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                return
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)
            if self.exited:
                return

    def execute_cell(self, cell, cell_index: int, execution_count=None, store_history: bool = True):
        """Run one cell and put its outputs in place.

        Raises
        ------
        CellExecutionError
            The cell raised, and neither its tags nor the options allow that.
        CellTimeoutError
            The cell took longer than the timeout; the process is gone.
        LimitError
            The cell or the notebook took more than another limit allows; the process is gone.
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
        except (CellTimeoutError, DeadKernelError, LimitError) as error:
            self._lay_out(cell, cell_index, error)
            self.nb_man.cell_exception(cell, cell_index=cell_index, exception=error)
            raise
        self.exited = reply["exit"]
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
        limit = self.timeout_func(cell) if self.timeout_func else self.limits.cell_seconds
        limit = limit if limit and limit > 0 else None
        deadline = None if limit is None else time.monotonic() + limit
        self._cell_bytes = 0
        messages = self.process.run((f"cell {cell_index}", cell.source, self.kc.given()), deadline, self._check)
        while True:
            try:
                message = next(messages)
            except TimeoutError:
                if not self.interrupt_on_timeout:
                    self.process.locate()
                    text = "Cell execution timed out"
                    raise CellTimeoutError.error_from_timeout_and_cell(text, limit, cell) from None
                self.process.interrupt()
                messages = self.process.messages(None, self._check)
                continue
            if message["msg_type"] == "execute_reply":
                return message["content"]
            if message["msg_type"] == "record":
                raise DeadKernelError("Kernel died: the cell ended its process in a way of its own.")
            self._take(message, cell, cell_index)
            self._check_output()

    def _take(self, message: dict, cell, cell_index: int) -> None:
        kind = message["msg_type"]
        if kind == "clear_output":
            self._cell_bytes = 0
        elif kind != "update_display_data":  # that takes the place of something else
            self._cell_bytes += message["bytes"]
            self._notebook_bytes += message["bytes"]
        message["header"] = {"msg_type": kind}
        message["parent_header"] = {"msg_id": f"cell {cell_index}"}
        with contextlib.suppress(CellExecutionComplete):
            self.process_message(message, cell, cell_index)

    def _lay_out(self, cell, cell_index: int, error: Exception) -> None:
        """Add to a cell whose process is gone what it said before, and why it is gone."""
        self.process.end()
        for message in self.process.rest():
            self._take(message, cell, cell_index)
        if isinstance(error, OutputLimitError):
            cell.outputs = shortened(cell.outputs)
        said = str(error).splitlines()[0] if str(error) else ""
        traceback = [f"{type(error).__name__}: {said}"]
        line = self.process.line
        if line is not None:
            cell.metadata[METADATA_KEY] = {"error_line": line}
            source = cell.source.splitlines()
            shown = source[line - 1] if line <= len(source) else ""
            traceback.append(f"It was at line {line} of the cell:\n----> {line} {shown}")
        cell.outputs.append(new_output("error", ename=type(error).__name__, evalue=said, traceback=traceback))

    def _check(self) -> None:
        limits, seconds = self.limits, time.monotonic() - self.started
        if limits.notebook_seconds is not None and seconds > limits.notebook_seconds:
            self.process.locate()
            raise LimitError(
                f"The notebook took longer than {limits.notebook_seconds:g} s (it was ended after {seconds:.1f} s); "
                "allow more with --timeout SECONDS."
            )
        if limits.memory_mb is not None:
            held = self.process.memory_mb()
            if held > limits.memory_mb:
                self.process.locate()
                raise LimitError(
                    f"The notebook held {held:,.0f} MB of memory, more than its limit of {limits.memory_mb:,.0f} MB; "
                    "allow more with --memory MB."
                )
        self._check_output()

    def _check_output(self) -> None:
        limits = self.limits
        for size, limit, what in (
            (self._cell_bytes, limits.cell_output_mb, "cell"),
            (self._notebook_bytes, limits.notebook_output_mb, "notebook"),
        ):
            if limit is not None and size > limit * 1e6:
                self.process.locate()
                raise OutputLimitError(
                    f"The {what} put out {size / 1e6:,.1f} MB, more than the limit of {limit:g} MB for a {what}; "
                    "show less, or allow more with --output-size MB."
                )

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
        limits: Limits | None = None,
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
        limits
            More limits, and this one, too; None for none.
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
            seconds = limits.cell_seconds if limits else execution_timeout
            whole_seconds = seconds and math.ceil(seconds)
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
        if limits is None:
            limits = replace(NO_LIMITS, cell_seconds=execution_timeout or kwargs.get("timeout"))
        client = ForkClient(nb_man, ForkedProcess(trace or Trace(), on_start), limits, **options)
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
