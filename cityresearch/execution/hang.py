"""Where a cell hangs: asked by a signal, and answered even by a process that is busy in compiled code."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import re
import signal
import tempfile
import time
from collections.abc import Callable

__all__ = ["answer", "answer_file", "ask", "line_of"]

# a kernel gives this signal no meaning, and hardly anybody does
ASK = getattr(signal, "SIGRTMAX", getattr(signal, "SIGUSR2", None))
ANSWER_SECONDS = 10.0
QUIET_SECONDS = 0.1
TASK = "Task of the cell, line "
NOWHERE = "none"


def answer_file() -> int:
    """Return a descriptor of an unnamed file that two processes can share."""
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def answer(descriptor: int, line_of_task: Callable[[], int | None]) -> None:
    """Write where this process is into the file whenever it is asked.

    The stacks of all threads are written by a handler that needs nothing of Python; a cell that awaits something is on
    no stack, so Python adds the line as soon as it can.
    """

    def add_task(number: int, frame: object) -> None:
        os.write(descriptor, f"{TASK}{line_of_task() or NOWHERE}\n".encode())

    signal.signal(ASK, add_task)
    faulthandler.register(ASK, file=descriptor, all_threads=True, chain=True)


def ask(pid: int, descriptor: int, file_name: str, thread: int) -> int | None:
    """Return the line of a cell at which a process is, counted from 1; None when it does not say.

    Parameters
    ----------
    pid
        The process.
    descriptor
        The file for its answer.
    file_name
        The name under which the cell was compiled.
    thread
        The identifier of the thread that runs cells.
    """
    with contextlib.suppress(OSError):
        os.kill(pid, ASK)
        # it may have stopped itself: asked before it goes on, it answers before it does anything else
        os.kill(pid, signal.SIGCONT)
    deadline = time.monotonic() + ANSWER_SECONDS
    before, since = b"", time.monotonic()
    while time.monotonic() < deadline:
        time.sleep(0.01)
        said = os.pread(descriptor, 1 << 20, 0)
        if said != before:
            before, since = said, time.monotonic()
        line = line_in(said.decode(errors="replace"), file_name, thread)
        # a cell that has ended is on no stack, and Python has had the time to say that no task of it waits
        whole = line is not None or said.endswith(f"{TASK}{NOWHERE}\n".encode())
        if whole and time.monotonic() - since >= QUIET_SECONDS:
            return line
    return None


def line_in(said: str, file_name: str, thread: int) -> int | None:
    """Return the line of a file nearest to where a thread is, from what `answer` writes; None if it is not there."""
    tasks = re.findall(rf"^{TASK}(\d+)$", said, re.MULTILINE)
    if tasks:
        return int(tasks[-1])
    inside = False
    for line in said.splitlines():
        if line.startswith(("Thread 0x", "Current thread 0x")):
            inside = f"0x{thread:016x}" in line
        found = re.match(r'\s+File "(.*)", line (\d+)', line)
        if inside and found and found[1] == file_name:
            return int(found[2])
    return None


def line_of(task: asyncio.Task | None, file_name: str) -> int | None:
    """Return the line of a file at which a task waits, the innermost one; None when it does not wait there."""
    line, step = None, task and task.get_coro()
    while step is not None:
        frame = next(
            (getattr(step, f"{kind}_frame", None) for kind in ("cr", "gi", "ag") if hasattr(step, f"{kind}_frame")),
            None,
        )
        if frame is not None and frame.f_code.co_filename == file_name:
            line = frame.f_lineno
        step = getattr(step, "cr_await", None) or getattr(step, "gi_yieldfrom", None) or getattr(step, "ag_await", None)
    return line
