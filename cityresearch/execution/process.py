"""A process forked from this one that runs the cells of one notebook."""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import connection
from pathlib import Path
from typing import NoReturn

from nbclient.exceptions import DeadKernelError

from cityresearch.execution import hang
from cityresearch.execution.fork import die_with_parent, flush_streams, let_signals_in, signals_held
from cityresearch.execution.processes import adopt_orphans, end_descendants, memory_mb
from cityresearch.execution.streams import PUT, Channel, Listener
from cityresearch.execution.trace import Trace

__all__ = ["ForkedProcess"]

SHUTDOWN_GRACE = 10.0
LOOK_SECONDS = 0.1
LINE_BYTES = 8  # what a notebook's file takes for a line in addition to its text
CHECK_SECONDS = 0.25
CLOSED_GRACE = 2.0
ENDS = {"execute_reply", "record"}


class ForkedProcess:
    """A process forked from this one that runs the cells of one notebook.

    It leads a process group of its own, out of reach of Ctrl-C in the terminal, and is the parent of every descendant whose own
    parent ends, so that what a notebook starts ends with it.

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
        self.line: int | None = None
        self._open = False
        self._cell = {"file_name": "", "thread": 0}

    def start(self, ipython_folder: Path) -> None:
        """Fork."""
        importlib.import_module("cityresearch.execution.shell")  # so that the child need not

        self.connection, theirs = multiprocessing.Pipe()
        self.channel, self.answers = Channel(), hang.answer_file()
        self.listener, self._open = Listener(self.channel), True
        flush_streams()
        with signals_held():
            self.pid = os.fork()
            if not self.pid:
                self._be_notebook(theirs, ipython_folder)
        theirs.close()
        with contextlib.suppress(OSError):  # the child does the same; whoever is first wins
            os.setpgid(self.pid, self.pid)
        self.on_start(self.pid)

    def _be_notebook(self, pipe: connection.Connection, ipython_folder: Path) -> NoReturn:
        from cityresearch.execution import shell

        code, terminal = 1, os.dup(2)
        try:
            let_signals_in()
            os.setpgid(0, 0)
            die_with_parent()
            adopt_orphans()
            self.connection.close()
            shell.serve(pipe, self.channel, self.answers, ipython_folder, self.trace)
            code = 0
        except (SystemExit, KeyboardInterrupt):  # stopped before it had handlers of its own
            pass
        except BaseException:
            os.write(terminal, traceback.format_exc().encode())
        finally:
            os._exit(code)

    def messages(self, deadline: float | None, check: Callable[[], None] = lambda: None) -> Iterator[dict]:
        """Yield the messages up to and including a cell's reply, and the text as messages of a kernel.

        Parameters
        ----------
        deadline
            When to give up, by the monotonic clock; None for never.
        check
            Called a few times a second; what it raises comes out here.

        Raises
        ------
        TimeoutError
            No reply came before the deadline.
        DeadKernelError
            The process died; the message says why.
        """
        next_check = time.monotonic() + CHECK_SECONDS
        while True:
            ended = self._has_ended()
            connection.wait([self.connection, *self.listener.descriptors], 0 if ended else LOOK_SECONDS)
            self.listener.drain()
            put = self.channel.counts[PUT]
            message = self._receive()
            if message is None and ended:  # what it started may still hold the other ends
                raise DeadKernelError(self.cause_of_death())
            if message is None:
                yield from _as_messages(self.listener.due(put))
            else:
                yield from _as_messages(self.listener.upto(message["at"]))
                if message["msg_type"] == "running":
                    self._cell = message["content"]
                else:
                    yield message
                    if message["msg_type"] in ENDS:
                        return
            now = time.monotonic()
            if deadline is not None and now > deadline:
                raise TimeoutError
            if now > next_check:
                check()
                next_check = time.monotonic() + CHECK_SECONDS

    def _receive(self) -> dict | None:
        try:
            if not self.connection.poll():
                return None
            content = self.connection.recv_bytes()
        except (EOFError, OSError):
            deadline = time.monotonic() + CLOSED_GRACE
            while not self._has_ended():
                if time.monotonic() > deadline:
                    raise DeadKernelError("Kernel died: the cell closed the connection of its process.") from None
                time.sleep(0.005)
            raise DeadKernelError(self.cause_of_death()) from None
        message = json.loads(content.decode("utf-8", "surrogateescape"))
        message["bytes"] = len(content)
        message["buffers"] = [base64.b64decode(buffer) for buffer in message["buffers"]]
        return message

    def run(
        self, cell: tuple[str, str, list[dict]], deadline: float | None, check: Callable[[], None] = lambda: None
    ) -> Iterator[dict]:
        """Send a cell (identifier, source, messages for widgets) and yield its messages; raises as `messages` does."""
        with contextlib.suppress(OSError):  # what the process said last tells why it is gone
            self.connection.send(cell)
        yield from self.messages(deadline, check)

    def finish(self) -> dict:
        """Let the process end by itself and return its record; empty when it fails to."""
        with contextlib.suppress(OSError):  # it may be ending already, after `exit()`
            self.connection.send(None)
        # what waits for a process of its own at the end (multiprocessing does) would wait forever
        for patience in (SHUTDOWN_GRACE * 0.7, SHUTDOWN_GRACE * 0.3):
            with contextlib.suppress(OSError, DeadKernelError, TimeoutError):
                for message in self.messages(time.monotonic() + patience):
                    if message["msg_type"] == "record":
                        return message["content"]
            end_descendants(self.pid)
        return {}

    def rest(self) -> Iterator[dict]:
        """Yield what a process that has ended still had to say."""
        with contextlib.suppress(DeadKernelError):
            while (message := self._receive()) is not None:
                yield from _as_messages(self.listener.upto(message["at"]))
                if message["msg_type"] not in ENDS | {"running"}:
                    yield message
        yield from _as_messages(self.listener.rest())

    def locate(self) -> None:
        """Find out at which line of its cell the process is."""
        if self.line is None and not self._has_ended():
            self.line = hang.ask(self.pid, self.answers, self._cell["file_name"], self._cell["thread"])

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the cell."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def memory_mb(self) -> float:
        """Return the memory that the process and its descendants hold, in millions of bytes."""
        return memory_mb(self.pid)

    def cause_of_death(self) -> str:
        """Return a sentence on how the process ended."""
        self._reap()
        code = os.waitstatus_to_exitcode(self.status)
        if code >= 0:
            return f"Kernel died: the notebook's process ended with exit code {code}."
        memory = " (often a sign that memory ran out)" if code == -signal.SIGKILL else ""
        return f"Kernel died: the notebook's process was killed by {_signal_name(-code)}{memory}."

    def end(self) -> None:
        """Kill the process and what it started, if anything is left of them."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGSTOP)  # or it would start more
            end_descendants(self.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Kill the process and what it started, and close what led to it."""
        self.end()
        if self._open:
            self._open = False
            self.connection.close()
            self.channel.close()
            os.close(self.answers)

    def _has_ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
        return self.status is not None

    def _reap(self) -> None:
        if self.status is None:
            _, self.status = os.waitpid(self.pid, 0)


def _as_messages(texts: list[tuple[str, str]]) -> Iterator[dict]:
    for name, text in texts:
        yield {
            "msg_type": "stream",
            "content": {"name": name, "text": text},
            "metadata": {},
            "buffers": [],
            "bytes": len(text.encode()) + LINE_BYTES * text.count("\n"),
        }


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name
        return f"signal {number}"
