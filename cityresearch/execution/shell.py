"""One cell in, its outputs out: an IPython shell in a forked process that sends the messages of a kernel.

The shell, its display hook and its display publisher are ipykernel's own; only the socket below them is
replaced by a pipe. So what a cell shows is built by the code that builds it in a kernel.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import builtins
import contextlib
import functools
import getpass
import json
import os
import re
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from jupyter_client.session import Session
from traitlets.config import Config

from cityresearch.execution import hang
from cityresearch.execution.fork import forget_parent
from cityresearch.execution.streams import NAMES, PUT, CellStream, Channel
from cityresearch.execution.trace import Trace
from cityresearch.execution.widgets import Kernel as WidgetKernel

__all__ = ["LANGUAGE_INFO", "CellShell", "PipeSession", "serve"]

LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": sys.version.split()[0],
}
THREAD_GRACE = 5.0
# without one of these words a cell cannot need an event loop
ASYNC_WORDS = re.compile(r"\b(await|async|autoawait)\b")


class PipeSession(Session):
    """Sends Jupyter messages through a pipe instead of a socket."""

    def open(self, connection: Connection, channel: Channel) -> None:
        """Send to this connection from now on, each message after the text that the channel has carried so far."""
        self.connection = connection
        self.channel = channel
        self.silent = False
        self.owner = os.getpid()
        self.lock = threading.RLock()
        self.last_error: dict | None = None

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, track=False,
             header=None, metadata=None):  # fmt: skip
        """Send one message; `stream`, `ident` and `track` mean something only to sockets."""
        new = not isinstance(msg_or_type, dict)
        message = self.msg(msg_or_type, content or {}, metadata=metadata) if new else msg_or_type
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "error":
            self.last_error = content
        # A process that a cell forked must not write into the middle of our messages.
        if os.getpid() == self.owner and not self.silent:
            plain = {"msg_type": kind, "content": content, "metadata": message["metadata"]}
            plain["buffers"] = [base64.b64encode(bytes(buffer)).decode("ascii") for buffer in buffers or ()]
            with self.lock:
                for stream in range(len(NAMES)):
                    self.channel.note(stream)
                plain["at"] = self.channel.counts[PUT]
                self.connection.send_bytes(self._packed(plain))
        return message

    def _packed(self, plain: dict[str, Any]) -> bytes:
        try:
            return self.pack(plain)
        except UnicodeError:  # half a surrogate pair; a question mark is better than no output
            return json.dumps(plain, default=repr, ensure_ascii=False).encode("utf-8", "replace")


def _refuse_gui(gui: str | None = None) -> None:
    # `%matplotlib inline` asks for None; ipykernel's own method would ask a kernel application for its loop.
    if gui not in {None, "inline"}:
        raise UsageError(f"There is no window system here, so the event loop {gui!r} cannot be used.")


def _pass_breakpoint(*args: object, **kwargs: object) -> None:
    """Go on, as a kernel to which no debugger is attached."""


class CellShell:
    """An IPython shell whose outputs go through a connection.

    Parameters
    ----------
    connection
        Where the messages go.
    channel
        Where the text goes.
    ipython_folder
        An empty folder for IPython's profile.
    """

    def __init__(self, connection: Connection, channel: Channel, ipython_folder: Path) -> None:
        self.session = PipeSession(key=b"")
        self.session.open(connection, channel)
        self.streams = CellStream(channel, 1), CellStream(channel, 2)
        sys.stdout, sys.stderr = self.streams
        self.kernel = WidgetKernel(self.session)
        self.file_name = ""
        self.task: asyncio.Task | None = None
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = ZMQInteractiveShell.instance(
            config=config,
            ipython_dir=str(ipython_folder),
            kernel=self.kernel,
            compiler_class=XCachingCompiler,
        )
        self.shell.enable_gui = _refuse_gui
        self.shell.displayhook.session = self.session
        self.shell.display_pub.session = self.session
        self.shell.extension_manager.load_extension("storemagic")
        # A kernel that nobody can answer refuses to ask; its own methods give the same error and traceback.
        unattended = SimpleNamespace(_allow_stdin=False)
        builtins.input = functools.partial(Kernel.raw_input, unattended)
        getpass.getpass = functools.partial(Kernel.getpass, unattended)
        sys.breakpointhook = _pass_breakpoint

    async def run(self, code: str) -> dict:
        """Run one cell.

        Parameters
        ----------
        code
            The cell's source.

        Returns
        -------
        dict
            status ("ok" or "error"), seconds, peak_rss_mb (in millions of bytes) and, after an error,
            ename, evalue, traceback and error_line (the line of this cell, counted from 1, or None).
        """
        shell, session = self.shell, self.session
        shell.set_parent(self.kernel.get_parent())  # widgets ask for it
        session.last_error = None
        self.file_name = shell.compile.get_code_name(code, code, 0)
        session.send(None, "running", {"file_name": self.file_name, "thread": threading.get_ident()})
        session.send(None, "status", {"execution_state": "busy"})
        session.send(None, "execute_input", {"code": code, "execution_count": shell.execution_count})
        _reset_peak()
        start = time.perf_counter()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            result = await self._execute(code)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        seconds = time.perf_counter() - start
        for stream in self.streams:  # not those that the cell may have put in their places
            stream.flush()
        shell.payload_manager.clear_payload()
        reply = {"status": "ok", "seconds": round(seconds, 3), "peak_rss_mb": round(_peak_bytes() / 1e6, 1)}
        reply["exit"] = bool(shell.exit_now)
        if not result.success or shell._last_traceback_during_displayhook:
            error = result.error_before_exec or result.error_in_exec
            reply["status"] = "error"
            reply["error_line"] = self._line_in_cell(error)
            reply |= {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
            reply |= session.last_error or {}
        session.send(None, "status", {"execution_state": "idle"})
        return reply

    async def _execute(self, code: str):
        shell = self.shell
        shell._last_traceback_during_displayhook = False
        if not ASYNC_WORDS.search(code):  # spares reading the cell twice
            return shell.run_cell(code, store_history=True)
        problem = None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, problem = code, sys.exc_info()
        steps = {"transformed_cell": transformed, "preprocessing_exc_tuple": problem}
        on_asyncio = shell.loop_runner is shell.loop_runner_map["asyncio"][0]
        if not (on_asyncio and shell.should_run_async(code, **steps)):
            return shell.run_cell(code, store_history=True)
        result = None
        try:
            task = self.task = asyncio.ensure_future(shell.run_cell_async(code, store_history=True, **steps))
            loop = asyncio.get_running_loop()
            signal.signal(signal.SIGINT, lambda number, frame: loop.call_soon_threadsafe(task.cancel))
            result = await task
        finally:
            self.task = None
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _line_in_cell(self, error: BaseException | None) -> int | None:
        name = self.file_name
        line = error.lineno if isinstance(error, SyntaxError) and error.filename == name else None
        step = getattr(error, "__traceback__", None)
        while step is not None:
            if step.tb_frame.f_code.co_filename == name:
                line = step.tb_lineno
            step = step.tb_next
        return line


def _reset_peak() -> None:
    # Linux only; elsewhere the peak is that of the process so far.
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak_bytes() -> int:
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    import resource  # Windows has none, and starts no process of this kind

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def serve(connection: Connection, channel: Channel, answers: int, ipython_folder: Path, trace: Trace) -> None:
    """Be the notebook's process: run the cells that come through the connection until None comes.

    Parameters
    ----------
    connection
        Brings cells (identifier, source, messages for widgets); takes messages as JSON bytes (msg_type, content,
        at: how far the channel's text comes before). A cell ends with the message `execute_reply`, the run with `record`.
    channel
        Takes the text.
    answers
        Descriptor of the file for what `hang.ask` asks.
    ipython_folder
        An empty folder for IPython's profile.
    trace
        Records what the cells open; started here.
    """
    forget_parent()
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    cells = CellShell(connection, channel, ipython_folder)
    hang.answer(answers, lambda: hang.line_of(cells.task, cells.file_name))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    trace.start()
    loop.run_until_complete(_serve(connection, cells))
    deadline = time.monotonic() + THREAD_GRACE
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, deadline - time.monotonic()))
    with contextlib.suppress(BaseException):  # Python has printed it, and the cells have all run
        atexit._run_exitfuncs()
    cells.session.send(None, "record", trace.used().as_json())


async def _serve(connection: Connection, cells: CellShell) -> None:
    # One task for all cells: what a cell sets in a context (numpy's error state, say) applies to the next one.
    owner = os.getpid()
    while (cell := connection.recv()) is not None:
        cells.kernel.cell_id, code, for_widgets = cell
        cells.session.silent = True  # what widgets answer belongs to no cell
        try:
            cells.kernel.take(for_widgets)
        finally:
            cells.session.silent = False
        reply = await cells.run(code)
        if os.getpid() != owner:  # the cell forked, and this is the fork, which has reached the cell's end
            os._exit(0)
        cells.session.send(None, "execute_reply", reply)
        if cells.shell.exit_now:
            return
        await asyncio.sleep(0)
