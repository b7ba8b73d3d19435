"""Python in processes of its own that begin with the libraries loaded, because loading them takes longer than most commands.

One process of the tests loads them (`libraries`), and of this package nothing. Each call is a fork of it with its own folder, variables
and output, which loads the package itself as a Python that was started does.
"""

from __future__ import annotations

import atexit
import functools
import multiprocessing
import multiprocessing.forkserver
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PROJECT = TESTS.parent
COMMAND = "from cityresearch.cli import main; main()"
# what Python, the C library and matplotlib read only when they start: who sets one of these needs a process that was started
AT_START = ("PYTHON", "LC_", "LANG", "TZ", "MPL", "MATPLOTLIB", "OPENBLAS")

_forks = multiprocessing.get_context("forkserver")


def run(
    code: str,
    arguments: list[str],
    cwd: Path,
    environment: Mapping[str, str],
    timeout: float,
    cold: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with exactly these variables; return its exit code and what it wrote.

    Where it is asked to be cold, or where it has to be, Python is started and loads everything itself.
    """
    if cold or any(name.startswith(AT_START) and os.environ.get(name) != value for name, value in environment.items()):
        return subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=cwd, env=environment, timeout=timeout,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    _serve()
    with tempfile.TemporaryDirectory(prefix="called-") as folder:
        process = _forks.Process(target=_run, args=(code, arguments, str(cwd), dict(environment), folder))
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(code, timeout)
        out, err = ((Path(folder) / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


@functools.cache
def _serve() -> None:
    """Start the process that loads the libraries; it may have one thread only, or a fork of it could hang."""
    _forks.set_forkserver_preload(["libraries"])
    before = dict(os.environ)
    os.environ.update(PYTHONPATH=str(TESTS), OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    multiprocessing.forkserver.ensure_running()
    os.environ.clear()
    os.environ.update(before)


def _run(code: str, arguments: list[str], cwd: str, environment: dict[str, str], folder: str) -> None:
    for number, name in enumerate(("out", "err"), 1):
        os.dup2(os.open(f"{folder}/{name}", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    tempfile.tempdir = None
    sys.argv = ["-c", *arguments]
    sys.path[:] = ["", str(PROJECT), *(entry for entry in sys.path if entry not in ("", str(TESTS), str(PROJECT)))]
    try:
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    finally:
        atexit._run_exitfuncs()
