"""One cell in, its outputs out: an IPython shell in a forked process that speaks as a kernel would.

The shell, its display hook and its display publisher are ipykernel's own; only the socket below them is
replaced by a pipe. So what a cell shows is built by the code that builds it in a kernel.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import codecs
import contextlib
import functools
import getpass
import io
import json
import os
import re
import resource
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

from ipykernel.compiler import XCachingCompiler
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from jupyter_client.session import Session
from traitlets.config import Config

from cityresearch.execution.fork import forget_parent
from cityresearch.execution.trace import Trace

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

    def open(self, connection: Connection) -> None:
        """Send to this connection from now on."""
        self.connection = connection
        self.owner = os.getpid()
        self.lock = threading.RLock()
        self.last_error: dict | None = None

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, track=False,
             header=None, metadata=None):  # fmt: skip
        """Send one message; `stream`, `ident` and `track` mean something only to sockets."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content or {})
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "error":
            self.last_error = content
        # A process that a cell forked must not write into the middle of our messages.
        if os.getpid() == self.owner:
            plain = {"msg_type": kind, "content": content}
            try:
                packed = self.pack(plain)
            except UnicodeError:  # half a surrogate pair; a question mark is better than no output
                packed = json.dumps(plain, default=repr, ensure_ascii=False).encode("utf-8", "replace")
            with self.lock:
                self.connection.send_bytes(packed)
        return message


class CellStream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell, together with what reaches its file descriptor from elsewhere.

    Text waits until it is flushed. Output of subprocesses and of compiled code lands in a file in memory,
    which is read before each write and at each flush, so that it stands where it was written.

    Parameters
    ----------
    session
        Where the text goes.
    name
        "stdout" or "stderr".
    descriptor
        The file descriptor to capture, 1 or 2.
    """

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, session: PipeSession, name: str, descriptor: int) -> None:
        self.name = name
        self._session = session
        self._descriptor = descriptor
        self._original = os.dup(descriptor)
        self._file = _unnamed_file()
        os.dup2(self._file, descriptor)
        self._seen = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._parts: list[str] = []
        self._lock = threading.RLock()

    def fileno(self) -> int:
        """Return the descriptor from before; what is written to it is not captured, as in a kernel."""
        return self._original

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep the text until the next flush."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._session.owner:
            os.write(self._descriptor, text.encode("utf-8", "replace"))
            return len(text)
        with self._lock:
            self._take_captured()
            self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written since the last flush."""
        if os.getpid() != self._session.owner:
            return
        with self._lock:
            self._take_captured()
            text, self._parts = "".join(self._parts), []
        if text:
            self._session.send(None, "stream", {"name": self.name, "text": text})

    def _take_captured(self) -> None:
        size = os.fstat(self._file).st_size
        if size < self._seen:  # someone reopened the descriptor by its path and emptied the file
            self._seen = 0
        if size > self._seen:
            chunk = os.pread(self._file, size - self._seen, self._seen)
            self._seen += len(chunk)
            self._parts.append(self._decoder.decode(chunk))


def _refuse_gui(gui: str | None = None) -> None:
    # `%matplotlib inline` asks for None; ipykernel's own method would ask a kernel application for its loop.
    if gui not in {None, "inline"}:
        raise UsageError(f"There is no window system here, so the event loop {gui!r} cannot be used.")


def _unnamed_file() -> int:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("cell-output", 0)
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    import fcntl

    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_APPEND)
    return descriptor


class CellShell:
    """An IPython shell whose outputs go through a connection.

    Parameters
    ----------
    connection
        Where the messages go.
    ipython_folder
        An empty folder for IPython's profile.
    """

    def __init__(self, connection: Connection, ipython_folder: Path) -> None:
        self.session = PipeSession(key=b"")
        self.session.open(connection)
        sys.stdout = CellStream(self.session, "stdout", 1)
        sys.stderr = CellStream(self.session, "stderr", 2)
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = ZMQInteractiveShell.instance(
            config=config,
            ipython_dir=str(ipython_folder),
            kernel=SimpleNamespace(eventloop=None),
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
        session.last_error = None
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
        sys.stdout.flush()
        sys.stderr.flush()
        shell.payload_manager.clear_payload()
        reply = {"status": "ok", "seconds": round(seconds, 3), "peak_rss_mb": round(_peak_bytes() / 1e6, 1)}
        if not result.success or shell._last_traceback_during_displayhook:
            error = result.error_before_exec or result.error_in_exec
            reply["status"] = "error"
            reply["error_line"] = self._line_in_cell(error, code)
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
            task = asyncio.ensure_future(shell.run_cell_async(code, store_history=True, **steps))
            loop = asyncio.get_running_loop()
            signal.signal(signal.SIGINT, lambda number, frame: loop.call_soon_threadsafe(task.cancel))
            result = await task
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _line_in_cell(self, error: BaseException | None, code: str) -> int | None:
        name = self.shell.compile.get_code_name(code, code, 0)
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
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def serve(connection: Connection, ipython_folder: Path, trace: Trace) -> None:
    """Be the notebook's process: run the cells that come through the connection until None comes.

    Parameters
    ----------
    connection
        Brings sources as strings; takes messages as JSON bytes (msg_type, content). A cell ends with the
        message `execute_reply`, the run with `record`.
    ipython_folder
        An empty folder for IPython's profile.
    trace
        Records what the cells open; started here.
    """
    forget_parent()
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    cells = CellShell(connection, ipython_folder)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    trace.start()
    loop.run_until_complete(_serve(connection, cells))
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(THREAD_GRACE)
    atexit._run_exitfuncs()
    cells.session.send(None, "record", trace.used().as_json())


async def _serve(connection: Connection, cells: CellShell) -> None:
    # One task for all cells: what a cell sets in a context (numpy's error state, say) holds for the next one.
    while (code := connection.recv()) is not None:
        reply = await cells.run(code)
        cells.session.send(None, "execute_reply", reply)
        if cells.shell.exit_now:
            return
        await asyncio.sleep(0)
