"""Guarded files: the data and the committed results, which nothing may change while chapters run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cityresearch.errors import NotebookError
from cityresearch.runs import compare

__all__ = ["refuse_changes", "states_of"]


def states_of(root: Path) -> dict[str, tuple[int, int, int]]:
    """Return size, time of change and identity of each file of the data and the committed results."""
    found = {}
    for part in ("data/raw", *compare.FOLDERS):
        for folder, _, names in os.walk(root / part):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 (hundreds of files, twice a run)
                seen = os.lstat(path)
                found[os.path.relpath(path, root)] = (seen.st_size, seen.st_mtime_ns, seen.st_ino)
    return found


def refuse_changes(before: Mapping[str, tuple], after: Mapping[str, tuple]) -> None:
    """Refuse results of data that changed while they were made.

    Raises
    ------
    NotebookError
        Names what changed.
    """
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if changed:
        raise NotebookError(
            f"{', '.join(changed[:5])}{' and others' * (len(changed) > 5)} changed while notebooks ran, so what they read is not certain: "
            "nothing was published; find what changed it (git diff), and run again."
        )
