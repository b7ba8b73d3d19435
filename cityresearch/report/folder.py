"""The folder of a site: a part of it is made again when what it is made of changed, and what is of no part is removed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cityresearch.errors import NotebookError
from cityresearch.files import write_whole
from cityresearch.runs.used import file_digest

__all__ = ["Folder", "recorded"]

MARK = ".cityresearch-report"


class Folder:
    """A folder that is ours, and a file elsewhere that records what its parts were made of.

    Parameters
    ----------
    folder : Path
    record : Path
        If it is not there, or of another folder with other files, all is made again.

    Raises
    ------
    NotebookError
        If the folder holds files that are not of a report.
    """

    def __init__(self, folder: Path, record: Path) -> None:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
            raise NotebookError(f"{folder} holds files that are not of a report: name an empty or a new folder.")
        self.path, self.record = folder, record
        self.before = recorded(record)
        self.parts: dict[str, dict] = {}
        self.written = 0
        if not (folder / MARK).is_file():
            write_whole(folder / MARK, b"")

    def put(self, part: str, made_of: str, make: Callable[[], Iterable[tuple[str, bytes]]]) -> None:
        """Have the files of a part in the folder; they are made if one is not as it was, or was made of something else.

        Parameters
        ----------
        part : str
            Its name in the record.
        made_of : str
            A hash; an empty one is never the same.
        make : callable
            Gives path in the folder and content of each file.
        """
        known = self.before.get(part)
        if known and made_of and known["made_of"] == made_of and self._has(known["files"]):
            self.parts[part] = known
            return
        hashes = {}
        for name, content in make():
            hashes[name] = hashlib.sha256(content).hexdigest()
            if not self._has({name: hashes[name]}):
                write_whole(self.path / name, content)
                self.written += 1
        self.parts[part] = {"made_of": made_of, "files": hashes}

    def finish(self) -> list[Path]:
        """Record the parts, remove what is of none of them, and return the files of all."""
        names = [name for part in self.parts.values() for name in part["files"]]
        kept = {self.path / name for name in names}
        write_whole(self.record, json.dumps(self.parts).encode())
        for path in sorted(self.path.rglob("*"), reverse=True):
            if path.is_file() and path not in kept and path.name != MARK:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                shutil.rmtree(path)
        return sorted(kept)

    def _has(self, hashes: dict[str, str]) -> bool:
        return all(file_digest(self.path / name) == known for name, known in hashes.items())


def recorded(file: Path) -> dict[str, Any]:
    """Return what an earlier build wrote down in a file; nothing if it is not there or damaged, for then all is made again."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
