"""The journal of imports: what each one replaced, so that the last one can be taken back to the byte.

It lies in `build/imports`, outside the data: an entry a folder, with the old files and the hashes of the old and the new ones. An entry is
written before its import, so that an import that is killed can always be told by what the files are now: the old ones, or the new ones.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cityresearch import paths
from cityresearch.datasets import store
from cityresearch.errors import DataError

__all__ = ["Entry", "entries", "record", "undo"]

MOST = 20  # entries kept
ENTRY = "entry.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One import: what it said it would do, when, and each file's hash before and after, empty where there was none."""

    folder: Path
    says: tuple[str, ...]
    when: str
    files: Mapping[str, tuple[str, str]]


def record(make: Callable[[], Mapping[str, bytes]], says: tuple[str, ...]) -> None:
    """Replace files of `data/raw` together, and note what they were.

    Parameters
    ----------
    make : callable
        Gives the new files by their path in `data/raw`; it is called when no other import can come between.
    says : tuple of str
        What `undo` says that it took back, a line each.

    Raises
    ------
    DataError
        If the folder cannot be written; nothing has changed then.
    """
    with _alone() as journal:
        raw = paths.raw()
        store.recover(raw)
        files = dict(make())
        old = {name: (raw / name).read_bytes() if (raw / name).is_file() else None for name in files}
        entry = _write(journal, files, old, says)
        try:
            store.replace_together(files, raw)
        except BaseException:
            shutil.rmtree(entry, ignore_errors=True)
            raise
        for folder in _folders(journal)[:-MOST]:
            shutil.rmtree(folder, ignore_errors=True)


def entries() -> list[Entry]:
    """Return the imports of the journal, the oldest first."""
    return [_read(folder) for folder in _folders(_journal())]


def undo() -> Entry:
    """Take the last import back: every file that it replaced is again what it was, to the byte.

    Raises
    ------
    DataError
        If there is none, or a file was changed since: nothing has changed then.
    """
    with _alone() as journal:
        raw = paths.raw()
        store.recover(raw)
        for folder in reversed(_folders(journal)):
            entry = _read(folder)
            state = _state(entry)
            if state == "before":  # an import that was killed before it began, or an undo before it forgot
                shutil.rmtree(folder)
                continue
            if state:
                raise DataError(
                    f"{raw / state} was changed since the last import ({entry.says[0]}, {entry.when}), so it is not taken back: "
                    "undo that change first, or restore data/raw with git checkout."
                )
            store.replace_together(
                {
                    name: (folder / str(n)).read_bytes()
                    for n, (name, (before, _)) in enumerate(entry.files.items())
                    if before
                },
                raw,
            )
            for name, (before, _) in entry.files.items():
                if not before:
                    (raw / name).unlink(missing_ok=True)
            shutil.rmtree(folder)
            return entry
    raise DataError(f"No import is noted in {_journal()}: restore data/raw with git checkout.")


def _state(entry: Entry) -> str:
    """Return "before" if the files are those before the import, nothing if they are those after it, else one that is neither."""
    raw = paths.raw()
    now = {name: _hash_of(raw / name) for name in entry.files}
    if all(now[name] == before for name, (before, _) in entry.files.items()):
        return "before"
    return next((name for name, (_, after) in entry.files.items() if now[name] != after), "")


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _journal() -> Path:
    return paths.root() / "build" / "imports"


def _folders(journal: Path) -> list[Path]:
    return sorted(path.parent for path in journal.glob(f"[0-9]*/{ENTRY}")) if journal.is_dir() else []


def _write(journal: Path, files: Mapping[str, bytes], old: Mapping[str, bytes | None], says: tuple[str, ...]) -> Path:
    known = _folders(journal)
    folder = journal / f"{int(known[-1].name) + 1 if known else 1:06}"
    try:
        shutil.rmtree(folder, ignore_errors=True)  # what an import left that was killed while it wrote
        folder.mkdir(parents=True)
        hashes = {}
        for number, (name, content) in enumerate(files.items()):
            before = old[name]
            if before is not None:
                (folder / str(number)).write_bytes(before)
            hashes[name] = [
                "" if before is None else hashlib.sha256(before).hexdigest(),
                hashlib.sha256(content).hexdigest(),
            ]
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        text = json.dumps({"says": says, "when": when, "files": hashes}, indent=1, ensure_ascii=False)
        (folder / "entry.part").write_text(text, encoding="utf-8")
        (folder / "entry.part").replace(folder / ENTRY)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise DataError(
            f"{journal} cannot be written ({error.strerror}), so the import could not be taken back: nothing was changed; make it writable."
        ) from None
    return folder


def _read(folder: Path) -> Entry:
    try:
        said = json.loads((folder / ENTRY).read_text(encoding="utf-8"))
        files = {name: (before, after) for name, (before, after) in said["files"].items()}
        return Entry(folder, tuple(said["says"]), said["when"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DataError(
            f"{folder / ENTRY} cannot be read: delete {folder} and restore data/raw with git checkout."
        ) from None


@contextmanager
def _alone() -> Iterator[Path]:
    """Hold the journal for one import at a time."""
    from filelock import FileLock

    journal = _journal()
    try:
        journal.mkdir(parents=True, exist_ok=True)
        lock = FileLock(journal / ".lock")
        lock.acquire()
    except OSError as error:
        raise DataError(
            f"{journal} cannot be written ({error.strerror}), so imports could not be taken back: nothing was changed; make it writable."
        ) from None
    try:
        yield journal
    finally:
        lock.release()
