"""Staging: imports that are tried on a copy of the data first, to see what would follow (`cityresearch whatif`).

The copy is `build/staged/data/raw`. Imports into it add up, until they are accepted together (`accept`) or dropped. What was staged from
data that have changed since is never mixed with the new ones.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cityresearch import paths
from cityresearch.datasets import journal
from cityresearch.errors import DataError
from cityresearch.files import write_whole

__all__ = ["accept", "drop", "folder", "project", "waiting"]

BASE = "base.sha256"
PACKAGE = "datapackage.json"


def folder() -> Path:
    """Return the project folder whose data have the staged imports."""
    return paths.root() / "build" / "staged"


@contextmanager
def project() -> Iterator[None]:
    """Work in the staged project; its data are copied first if nothing is staged.

    Raises
    ------
    DataError
        If what is staged was made from other data.
    """
    place = folder()
    if not waiting():
        shutil.rmtree(place, ignore_errors=True)
        base = _package()
        shutil.copytree(paths.raw(), place / "data" / "raw", ignore=shutil.ignore_patterns(".*"))
        write_whole(place / BASE, base.encode())
    with paths.at(place):
        yield


def waiting() -> list[str]:
    """Return what is staged, a line each; nothing if all of it is in the data already.

    Raises
    ------
    DataError
        If the data have changed since it was staged.
    """
    place = folder()
    if not (place / BASE).is_file():
        return []
    if _package() != (place / BASE).read_text():
        if not _changed():
            drop()
            return []
        raise DataError(
            f"{paths.raw()} has changed since {place} was staged: drop what is staged with cityresearch data undo --staged, and stage it again."
        )
    with paths.at(place):
        return [line for entry in journal.entries() for line in entry.says]


def accept() -> list[str]:
    """Write what is staged into the data in one step, and return it, a line each.

    Raises
    ------
    DataError
        If nothing is staged, or the data have changed since.
    """
    lines = waiting()
    if not lines:
        raise DataError("Nothing is staged: import a file with --stage first.")
    journal.record(_changed, tuple(lines))
    drop()
    return lines


def drop() -> None:
    """Forget what is staged."""
    shutil.rmtree(folder(), ignore_errors=True)


def _package() -> str:
    return hashlib.sha256((paths.raw() / PACKAGE).read_bytes()).hexdigest()


def _changed() -> dict[str, bytes]:
    """Return the staged files that differ from those of the data."""
    staged, raw, found = folder() / "data" / "raw", paths.raw(), {}
    for path in sorted(p for p in staged.rglob("*") if p.is_file()):
        name = path.relative_to(staged).as_posix()
        content = path.read_bytes()
        if not (raw / name).is_file() or (raw / name).read_bytes() != content:
            found[name] = content
    return found
