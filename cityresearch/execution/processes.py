"""The processes that a notebook starts: found wherever they went, measured, and ended with it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["adopt_orphans", "end_descendants", "ending_orphans", "memory_mb"]

PR_SET_CHILD_SUBREAPER = 36
PR_GET_CHILD_SUBREAPER = 37
END_SECONDS = 5.0
PROC = Path("/proc")


def adopt_orphans(adopt: bool = True) -> bool:
    """Have Linux make this process the parent of descendants whose own parent ends; return whether it was before."""
    if sys.platform != "linux":
        return False
    before = ctypes.c_int(0)
    with contextlib.suppress(Exception):
        libc = ctypes.CDLL(None)
        libc.prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
        libc.prctl(PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)
    return bool(before.value)


@contextlib.contextmanager
def ending_orphans(ours: Callable[[], set[int]] = set) -> Iterator[Callable[[], None]]:
    """Become the parent of orphans for a while; give a function that ends those that came meanwhile.

    Children that this process had before, and those that `ours` names, are left alone.
    """
    earlier = set(children(os.getpid()))
    adopted_before = adopt_orphans()

    def end() -> None:
        deadline = time.monotonic() + END_SECONDS
        while orphans := [pid for pid in children(os.getpid()) if pid not in earlier and pid not in ours()]:
            for pid in orphans:
                end_descendants(pid)
                _kill(pid)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
            if time.monotonic() > deadline:
                return
            time.sleep(0.002)

    try:
        yield end
    finally:
        adopt_orphans(adopted_before)


def children(pid: int) -> list[int]:
    """Return the ids of a process's children; none where the system does not tell."""
    found: list[int] = []
    try:
        for task in (PROC / str(pid) / "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        if (PROC / str(os.getpid()) / "task" / str(os.getpid()) / "children").exists() or not PROC.is_dir():
            return found  # the process has ended, or this is not Linux
        return [other for other in _all_processes() if _parent(other) == pid]
    return found


def descendants(pid: int) -> list[int]:
    """Return the ids of a process's children, their children and so on, without those that have ended."""
    found: list[int] = []
    waiting = children(pid)
    while waiting:
        one = waiting.pop()
        waiting += children(one)
        if not has_ended(one):
            found.append(one)
    return found


def end_descendants(pid: int) -> None:
    """Kill what a process has started, and what that has started; stop the process first, or it starts more."""
    deadline = time.monotonic() + END_SECONDS
    while (found := descendants(pid)) and time.monotonic() < deadline:
        for one in found:
            _kill(one)
        time.sleep(0.002)


def has_ended(pid: int) -> bool:
    """Say whether a process is gone, or is only waiting for its parent to notice that it has ended."""
    fields = _fields(pid)
    return not fields or fields[0] == "Z"


def memory_mb(pid: int) -> float:
    """Return the memory that a process and its descendants hold, in millions of bytes; 0 where it is not known.

    Pages that several of them share are counted once, and those of files, which can be dropped, not at all.
    """
    total = 0.0
    everyone = [pid, *descendants(pid)]
    for one in everyone:
        # sharing is slow to find out and matters only between several processes
        name, keys = (
            ("status", ("RssAnon", "RssShmem")) if len(everyone) == 1 else ("smaps_rollup", ("Pss_Anon", "Pss_Shmem"))
        )
        with contextlib.suppress(OSError):
            for line in (PROC / str(one) / name).read_text().splitlines():
                if line.startswith(keys):
                    total += int(line.split()[1]) * 1024
    return total / 1e6


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _all_processes() -> list[int]:
    return [int(path.name) for path in PROC.iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def _fields(pid: int) -> list[str]:
    # what follows the command's name, which may hold anything: state, parent, ...
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
