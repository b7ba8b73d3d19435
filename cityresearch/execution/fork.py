"""What it takes to fork a notebook's process safely, and to make that process look like a fresh kernel."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import ctypes
import functools
import gc
import importlib
import logging
import os
import signal
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

__all__ = [
    "LIBRARIES", "UnsafeForkError", "begin", "can_fork", "die_with_parent", "flush_streams", "forget_parent", "let_signals_in",
    "private_ipython", "require_single_thread", "serve", "signals_held", "thread_problem", "warm_up",
]  # fmt: skip

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
SINGLE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_MAX_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
LIBRARIES = ("numpy", "pandas", "matplotlib.pyplot", "seaborn", "statsmodels.regression.linear_model")
# What IPython's shell imports only when it starts. Never matplotlib_inline: while that package is imported, it
# connects itself to the shell that exists then.
SHELL_PARTS = (
    "IPython.core.application",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "bdb",
)
PR_SET_PDEATHSIG = 1
STOPS = (signal.SIGINT, signal.SIGTERM)
THREAD_EXIT_SECONDS = 0.2
_START_FOLDER = Path.cwd()
_private_folders: list[str] = []


class UnsafeForkError(RuntimeError):
    """This process has threads, so a fork of it could hang."""


def can_fork() -> bool:
    """Say whether this platform forks safely (macOS can fork, but its frameworks break in the child)."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def thread_problem() -> str | None:
    """Return a sentence on why forking now is unsafe, or None when this process has exactly one thread."""
    names = sorted(thread.name for thread in threading.enumerate())
    if len(names) > 1:
        return f"Python threads are running ({', '.join(names)}); a fork could hang, so fork before they start."
    count = _count_native_threads()
    deadline = time.monotonic() + THREAD_EXIT_SECONDS
    while count > 1 and time.monotonic() < deadline:  # a Python thread that has just ended still has its native one
        time.sleep(0.005)
        count = _count_native_threads()
    if count > 1:
        return (
            f"{count - 1} native thread(s) are running in addition to Python's, so a fork could hang; set "
            "OPENBLAS_NUM_THREADS=1 and OMP_NUM_THREADS=1 before numpy is imported."
        )
    return None


def _count_native_threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 1


def require_single_thread() -> None:
    """Raise when this process has more than one thread.

    Raises
    ------
    UnsafeForkError
        Names the threads and what to do.
    """
    problem = thread_problem()
    if problem:
        raise UnsafeForkError(problem)


def warm_up(modules: Iterable[str] = LIBRARIES, rehearse: Callable[[], None] = lambda: None) -> None:
    """Load the libraries that notebooks use, so that forked processes start with them.

    Parameters
    ----------
    modules
        Module names to import, in this order. They must not start threads or change matplotlib's settings.
    rehearse
        Called when they are loaded, to do once what takes long the first time.

    Raises
    ------
    UnsafeForkError
        A module started a thread.
    RuntimeError
        A module changed matplotlib's settings, which every notebook would inherit.
    """
    for name, value in SINGLE_THREAD.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    # what is loaded stays, so looking through it for garbage again and again would find nothing
    gc.disable()
    try:
        _load(modules)
        rehearse()
        require_single_thread()
    finally:
        gc.freeze()
        gc.enable()


def _load(modules: Iterable[str]) -> None:
    with _seen_as_kernel():
        for name in modules:
            importlib.import_module(name)
        if can_fork():
            importlib.import_module("cityresearch.execution.shell")
        for name in SHELL_PARTS:
            with contextlib.suppress(ImportError):  # only for speed, so another version's layout is not an error
                importlib.import_module(name)
    _validate_once()
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib:
        _refuse_changed_settings(matplotlib)


@contextlib.contextmanager
def _seen_as_kernel() -> Iterator[None]:
    # pandas decides while it is imported how many columns it prints, by asking whether a kernel is there.
    if hasattr(builtins, "get_ipython"):
        yield
        return
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
    try:
        yield
    finally:
        del builtins.get_ipython


def _refuse_changed_settings(matplotlib) -> None:
    original = matplotlib.rcParamsOrig
    changed = [key for key in original if key != "backend" and matplotlib.rcParams[key] != original[key]]
    if changed:
        raise RuntimeError(
            f"Loading the libraries changed matplotlib's settings {', '.join(sorted(changed))}; every "
            "notebook would inherit that, so set the style inside the notebook or in a function it calls."
        )


@functools.cache
def _validate_once() -> None:
    # The notebook format's schema is compiled at the first validation.
    import nbformat

    nbformat.validate(nbformat.v4.new_notebook())


def flush_streams() -> None:
    """Write out what this process has printed, so that a forked process does not print it again."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Let signals that stop a process wait while one is forked: it has the handlers of its parent, and would print a trace from within the fork.

    The new process asks for them by `let_signals_in`.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_signals_in() -> None:
    """Get, in a process that was forked while they were held, the signals that came and those that come."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def begin(process: BaseProcess) -> None:
    """Start a process of this package, which calls `serve`."""
    flush_streams()
    with signals_held():
        process.start()


def serve() -> None:
    """Be a process that its parent stops: Ctrl-C is the parent's, SIGTERM ends this one so that it tidies up, and it dies with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    die_with_parent()
    let_signals_in()


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent dies; elsewhere do nothing."""
    if sys.platform == "linux":
        with contextlib.suppress(Exception):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def forget_parent() -> None:
    """Undo, in a forked process, what a fresh kernel would not have: handlers, logs, shared randomness."""
    # The parent's clean-up is not ours to run; what the notebook leaves to be done at the end is.
    atexit._clear()
    weakref.finalize._registry.clear()
    weakref.finalize._registered_with_atexit = False
    atexit.register(logging.shutdown)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    # Python reseeds `random` after a fork but numpy does not: without this, all notebooks would draw the same
    # numbers. The new seed is the system's, as in a kernel.
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    # These two decide at import what kind of progress bar to draw.
    for name in ("tqdm.auto", "tqdm.autonotebook"):
        sys.modules.pop(name, None)
    os.environ["MPLBACKEND"] = INLINE_BACKEND
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE_BACKEND
    # The first figure resolves the backend and connects it to the shell, whatever the parent drew before.
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib_inline"]:
        del sys.modules[name]
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"]._backend_mod = None
    pandas = sys.modules.get("pandas")
    if pandas and pandas.get_option("display.max_columns") == 0:
        pandas.set_option("display.max_columns", 20)
    _use_kernel_paths()


def _use_kernel_paths() -> None:
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    own = {"", str(_START_FOLDER)} | ({str(Path(script).absolute().parent)} if script else set())
    if sys.path and sys.path[0] in own and not sys.flags.safe_path:
        del sys.path[0]
    if "" not in sys.path and not sys.flags.safe_path:
        folders = [Path(entry).name for entry in sys.path]
        first = next((i for i, name in enumerate(folders) if name in {"site-packages", "dist-packages"}), 0)
        sys.path.insert(first, "")
    sys.argv[:] = ["ipykernel_launcher.py"]


@contextlib.contextmanager
def private_ipython() -> Iterator[Path]:
    """Give IPython an empty folder for a while, so that no profile or start-up file of the user is read.

    Yields
    ------
    pathlib.Path
        The folder; also in the environment variable IPYTHONDIR. It is removed at the end.
    """
    before = os.environ.get("IPYTHONDIR")
    # One inside another, so that the outermost also removes what a killed process left.
    inside = _private_folders[-1] if _private_folders else None
    with tempfile.TemporaryDirectory(prefix="ipython-", dir=inside, ignore_cleanup_errors=True) as folder:
        os.environ["IPYTHONDIR"] = folder
        _private_folders.append(folder)
        try:
            yield Path(folder)
        finally:
            _private_folders.pop()
            if before is None:
                os.environ.pop("IPYTHONDIR", None)
            else:
                os.environ["IPYTHONDIR"] = before
