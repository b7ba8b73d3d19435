"""What a run used: the data files that it opened, and the modules of a package that it had loaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cityresearch.files import READ_EVENT


class Trace:
    """Records the files under a folder that this process reads, through Python's audit events.

    Counted are files that are opened for reading, and files of which a cached reading is used (`cityresearch.files.version`).

    Files that compiled code opens by itself (GDAL, for instance) and files that subprocesses open raise no
    audit event and are not seen. Python cannot take an audit hook away: start it in a process of its own.

    Parameters
    ----------
    root
        The folder whose files count; None records none.
    package
        The package whose loaded modules `modules` lists; None lists none.
    """

    def __init__(self, root: Path | None = None, package: str | None = None) -> None:
        self.root = None if root is None else os.path.realpath(root) + os.sep
        self.package = package
        self._seen: set[object] = set()
        self._opened: set[str] = set()

    def start(self) -> None:
        """Record from now on."""
        if self.root is not None:
            sys.addaudithook(self._see)

    def _see(self, event: str, args: tuple) -> None:
        if event == READ_EVENT:
            (path,) = args
        elif event == "open":
            path, mode, flags = args
            if not isinstance(path, str | bytes | os.PathLike) or not _reads(mode, flags):
                return
        else:
            return
        if path in self._seen:
            return
        if os.path.isabs(path):  # noqa: PTH117
            self._seen.add(path)
        full = os.path.realpath(os.fsdecode(path))
        if full.startswith(self.root):
            self._opened.add(full)

    @property
    def opened(self) -> list[str]:
        """Paths relative to the root, sorted; attempts to open a file that is not there do not count."""
        if self.root is None:
            return []
        found = (full for full in self._opened if os.path.isfile(full))  # noqa: PTH113
        return sorted(Path(os.path.relpath(full, self.root)).as_posix() for full in found)

    @property
    def modules(self) -> list[str]:
        """Names of the package's modules that are loaded now, sorted.

        That is more than the modules whose code ran, on purpose: a module can matter through a constant that
        was computed when it was loaded, before the run.
        """
        if self.package is None:
            return []
        prefix = self.package + "."
        return sorted(name for name in list(sys.modules) if name == self.package or name.startswith(prefix))


def _reads(mode: str | None, flags: int) -> bool:
    if mode is None:
        return flags & (os.O_WRONLY | os.O_RDWR) != os.O_WRONLY
    return "r" in mode or "+" in mode
