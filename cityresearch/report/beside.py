"""Work in a process beside this one, on another processor."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing import connection
from typing import TypeVar

from cityresearch.execution.fork import begin, can_fork, serve

__all__ = ["beside"]

_Result = TypeVar("_Result")


@contextmanager
def beside(function: Callable[[], _Result]) -> Iterator[Callable[[], _Result]]:
    """Call a function in a process beside this one, and give a call that waits for its result; the process has ended after the block.

    Where no process can be forked safely, that call calls the function.
    """
    # a fork of threads could hang
    if not can_fork() or threading.active_count() > 1:
        yield cache(function)
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(function, theirs))
    begin(process)
    theirs.close()

    @cache
    def result() -> _Result:
        try:
            found = ours.recv()
        except EOFError:  # it was ended from outside
            return function()
        if isinstance(found, Exception):
            raise found
        return found

    try:
        yield result
    finally:
        process.terminate()  # of one whose result nobody asked for, there is no more to wait for
        process.join()


def _send(function: Callable[[], object], pipe: connection.Connection) -> None:
    serve()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # so that numpy starts no threads, and this process can be forked too
    try:
        found = function()
    except Exception as error:  # raised by who waits for the result
        found = error
    pipe.send(found)
