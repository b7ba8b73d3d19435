"""Files: written whole, and noted when a reading of them is used."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["READ_EVENT", "State", "state", "version", "write_whole"]

READ_EVENT = "cityresearch.read"
State = tuple[int, int, int, int]


def version(path: Path) -> int:
    """Return a file's time of change, the key of a cached reading, and note that the file is read.

    A cached reading does not open the file again, but its result still depends on the file: the note (an audit event) is how the
    trace of a run learns of it.

    Raises
    ------
    OSError
        If the file is not there.
    """
    name = str(path)
    sys.audit(READ_EVENT, name)
    return os.stat(name).st_mtime_ns  # noqa: PTH116 (asked at every reading)


def state(path: Path) -> State:
    """Return what tells a file from another one in its place: times of change and of its record, size and identity; and note that it is read.

    Raises
    ------
    OSError
        If the file is not there.
    """
    name = str(path)
    sys.audit(READ_EVENT, name)
    found = os.stat(name)  # noqa: PTH116 (as above)
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new one, never a part; make its folder if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    partial.replace(path)
