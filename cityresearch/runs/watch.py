"""Watching: what a person saves is run at once in a process that is already warm, and what it moves is said.

This process only looks at files and says what it sees. The chapters run in another one (`cityresearch.runs.watch_answers`), forked from
here with the libraries loaded and nothing of this package, so that whatever is saved in the package is what runs: a saved notebook keeps
that process, anything else ends it and begins another. Files are looked at again and again (five hundred of them cost 4 ms) and not
announced by the system: a thread that waits for announcements would make a fork unsafe, and folders on a network announce nothing.
"""

from __future__ import annotations

import contextlib
import importlib.util
import multiprocessing
import os
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cityresearch import paths
from cityresearch.execution import fork

__all__ = ["RESPONDER", "Settings", "answer", "seen", "watch", "what_broke", "what_changed"]

if TYPE_CHECKING:
    from cityresearch.execution.limits import Limits

LIBRARIES = (
    "pandas",
    "pandera.pandas",
    "papermill",
    "matplotlib.pyplot",
    "seaborn",
    "statsmodels.regression.linear_model",
)
RESPONDER = "cityresearch.runs.watch_answers.respond"
PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS = ("notebooks", "data/raw")
FILES = ("figures/style.toml", "data/processed/verdicts.csv", "data/processed/readings.csv")
LOOK_SECONDS = 0.1
SETTLED_SECONDS = 0.05
END_SECONDS = 10.0
# what editors, systems and downloads write beside a file while it is saved
LITTER = re.compile(
    r"^[.#]|^\d+$|~$|\.(swp|swx|tmp|temp|part|bak|orig|lock|crdownload|pyc)$|^__pycache__$|^Thumbs\.db$|^desktop\.ini$"
)
MOST_NAMED = 4

Seen = Mapping[str, tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is watched and how it is run: chapters (all if none is named), how many at once, whether all that moved is said, limits."""

    chapters: tuple[str, ...] = ()
    jobs: int = 1
    everything: bool = False
    responder: str = RESPONDER
    limits: Limits | None = None


def seen(root: Path, others: Iterable[str] = ()) -> dict[str, tuple[int, int, int, int]]:
    """Return time of change, time of its record, size and identity of every file that can matter.

    Parameters
    ----------
    root : Path
        The project.
    others : iterable of str
        Files outside the usual folders that a chapter used, relative to the project or absolute.
    """
    found = {}
    waiting = [*(str(root / name) for name in FOLDERS), str(PACKAGE)]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if LITTER.search(entry.name):
                    continue
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    with contextlib.suppress(OSError):
                        found[entry.path] = _state(entry.stat())
    return found | _states(root, (*FILES, *others))


def _states(root: Path, names: Iterable[str]) -> dict[str, tuple[int, int, int, int]]:
    found = {}
    for name in names:
        with contextlib.suppress(OSError):
            found[str(root / name)] = _state(os.stat(root / name))  # noqa: PTH116 (asked ten times a second)
    return found


def _state(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def what_changed(before: Seen, now: Seen) -> tuple[list[str], list[str]]:
    """Return which files were saved (changed or new), and which are gone, sorted.

    Examples
    --------
    >>> what_changed({"a": (1, 1, 1, 1), "b": (1, 1, 1, 2)}, {"a": (2, 2, 1, 1), "c": (2, 2, 1, 3)})
    (['a', 'c'], ['b'])
    """
    return sorted(name for name in now if before.get(name) != now[name]), sorted(before.keys() - now.keys())


def watch(settings: Settings, say: Callable[[str], None]) -> NoReturn:
    """Run what must run now and after everything that is saved, until Ctrl-C or SIGTERM.

    Parameters
    ----------
    settings : Settings
    say : callable
        Gets a line for a person.

    Raises
    ------
    KeyboardInterrupt
        When a person ends it.
    """
    root = paths.root()
    with _ending_alike(), contextlib.closing(_Kept(settings)) as kept:
        known = seen(root)
        fork.warm_up(LIBRARIES)
        others: set[str] = set()
        while True:
            kept.ask()
            while not kept.has_answered(LOOK_SECONDS):
                later = seen(root, others)
                if later != known:
                    later = _settled(root, others)
                if any(_renews(root, name) for group in what_changed(known, later) for name in group):
                    known = _said(root, known, later, kept, say)  # what was loaded before ends, with what it runs
                    kept.ask()
            # what a chapter was found to use is watched from now on
            new = kept.others - others
            others |= new
            known = {**{name: state for name, state in _states(root, new).items() if name not in known}, **known}
            known = _next_change(root, known, others, kept, say)


def _next_change(root: Path, known: Seen, others: Iterable[str], kept: _Kept, say: Callable[[str], None]) -> Seen:
    """Wait until something is saved and no longer being written, say what, and return the state of all files."""
    while True:
        if seen(root, others) != known:
            later = _settled(root, others)
            if later != known:
                return _said(root, known, later, kept, say)
        time.sleep(LOOK_SECONDS)


def _settled(root: Path, others: Iterable[str]) -> Seen:
    """Return the state of all files when it has been the same for a while: some editors delete a file and write it anew."""
    now = seen(root, others)
    while True:
        time.sleep(SETTLED_SECONDS)
        later = seen(root, others)
        if later == now:
            return now
        now = later


def _said(root: Path, known: Seen, later: Seen, kept: _Kept, say: Callable[[str], None]) -> Seen:
    """Say what was saved, end the process that has loaded something else, and return the new state."""
    saved, gone = what_changed(known, later)
    if any(_renews(root, name) for name in (*saved, *gone)):
        kept.end()
    for name in (*saved, *gone):
        _forget_compiled(name)
    for word, names in (("Saved", saved), ("Gone", gone)):
        if names:
            named = [_short(name, root) for name in names]
            more = f" and {len(named) - MOST_NAMED} others" if len(named) > MOST_NAMED else ""
            say(f"{word}: {', '.join(named[:MOST_NAMED])}{more}.")
    return later


def _short(name: str, root: Path) -> str:
    for folder in (root, PACKAGE.parent):
        if name.startswith(f"{folder}{os.sep}"):
            return Path(name).relative_to(folder).as_posix()
    return name


def _renews(root: Path, name: str) -> bool:
    """Return whether the process that runs chapters may have loaded a file: it loads no notebook and nothing beside one."""
    return not name.startswith((f"{root / 'notebooks'}{os.sep}", f"{root / 'data' / 'processed'}{os.sep}"))


def _forget_compiled(name: str) -> None:
    """Delete what Python compiled of a module: it takes an edit of the same second and the same size for none."""
    if name.endswith(".py"):
        with contextlib.suppress(OSError, NotImplementedError):
            Path(importlib.util.cache_from_source(name)).unlink()


@contextlib.contextmanager
def _ending_alike() -> Iterator[None]:
    """Let SIGTERM end the watch as Ctrl-C does."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt("The watch has ended; nothing was published, which cityresearch run does.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Kept:
    """The process in which chapters run; begun when it is asked and there is none."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.process: multiprocessing.process.BaseProcess | None = None
        self.pipe: connection.Connection | None = None
        self.others: frozenset[str] = frozenset()

    def ask(self) -> None:
        """Let it run what must run."""
        if self.process is None or self.process.exitcode is not None:
            self.end()
            self._begin()
        with contextlib.suppress(OSError):  # it has just ended, which `has_answered` tells
            self.pipe.send("run")

    def _begin(self) -> None:
        context = multiprocessing.get_context("fork" if fork.can_fork() else "spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=answer, args=(theirs, self.settings))
        fork.begin(self.process)
        theirs.close()

    def has_answered(self, seconds: float) -> bool:
        """Wait so long for the answer; one that ended without any has answered too."""
        connection.wait([self.pipe, self.process.sentinel], seconds)
        try:
            if self.pipe.poll():
                self.others = self.pipe.recv()
                return True
        except (EOFError, OSError):
            self.process.join()
        if self.process.exitcode is None:
            return False
        print(
            f"The process that runs the chapters ended (exit code {self.process.exitcode}): another one runs them at the next save.",
            flush=True,
        )
        return True

    def end(self) -> None:
        """End it and what it runs."""
        if self.process is None:
            return
        self.pipe.close()
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(END_SECONDS)
            if self.process.is_alive():
                self.process.kill()
        self.process.join()
        self.process = self.pipe = None

    close = end


def answer(pipe: connection.Connection, settings: Settings) -> None:
    """Be the process that runs the chapters: load this package as its files are now, and answer until the pipe is closed."""
    fork.serve()
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE.name]:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        pkgutil.resolve_name(settings.responder)(pipe, settings)
    except Exception as error:  # an answer says its own; this is of a module that cannot be loaded
        print(f"Failed: {what_broke(error)}", flush=True)
        with contextlib.suppress(OSError):
            pipe.send(frozenset())


def what_broke(error: BaseException) -> str:
    """Return a sentence on why this package cannot be loaded, with the place."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}: {error.msg}: mend it and save it again; what was found before stands."
    place, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(str(PACKAGE)) and name != __file__:
            place = f"{name}, line {trace.tb_lineno}: "
        trace = trace.tb_next
    return f"{place}{type(error).__name__}: {str(error).rstrip('.')}: mend it and save it again; what was found before stands."
