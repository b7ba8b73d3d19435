"""Publishing: results are put in place together, over all their folders, or not at all.

What is new is first written to another folder, with a list of what goes where; then it is moved. A move that fails is taken back with those before it.
A process that is killed leaves the list, and the next run finishes what it says before it does anything else.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from cityresearch.errors import NotebookError
from cityresearch.files import write_whole

__all__ = ["ASIDE", "finish", "publish"]

ASIDE = ".publishing"
LIST = "list.json"


def publish(files: Mapping[str, bytes], removed: Iterable[str], folder: Path) -> None:
    """Put files in place and remove others; those that are already as they should be are left alone.

    Parameters
    ----------
    files : mapping of path, relative to the folder, to content
    removed : iterable of path
    folder : Path

    Raises
    ------
    NotebookError
        If a file cannot be written or removed: then every file is as it was.
    """
    finish(folder)
    changed = [name for name, content in files.items() if not _is(folder / name, content)]
    gone = [name for name in removed if (folder / name).exists()]
    if not changed and not gone:
        return
    aside = folder / ASIDE
    try:
        for number, name in enumerate(changed):
            write_whole(aside / "new" / str(number), files[name])
        write_whole(aside / LIST, json.dumps({"write": changed, "remove": gone}).encode())
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise NotebookError(_sentence(error)) from None
    _put_in_place(folder)


def finish(folder: Path) -> None:
    """Finish a publication that was killed halfway; forget one that had not begun to move files."""
    aside = folder / ASIDE
    if (aside / LIST).is_file():
        _put_in_place(folder)
    elif aside.is_dir():
        shutil.rmtree(aside)


def _put_in_place(folder: Path) -> None:
    aside = folder / ASIDE
    wanted = json.loads((aside / LIST).read_text(encoding="utf-8"))
    moves = [(aside / "new" / str(number), folder / name) for number, name in enumerate(wanted["write"])]
    done: list[tuple[Path, Path | None]] = []
    try:
        for number, (new, target) in enumerate([*moves, *((None, folder / name) for name in wanted["remove"])]):
            if new is not None and not new.exists():
                continue  # a process that was killed had moved it already
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = aside / "old" / str(number)
            if target.exists() or target.is_symlink():
                kept.parent.mkdir(exist_ok=True)
                target.replace(kept)
                done.append((target, kept))
            else:
                done.append((target, None))
            if new is not None:
                new.replace(target)
    except OSError as error:
        for target, kept in reversed(done):
            with suppress(OSError):
                target.unlink(missing_ok=True)
                if kept:
                    kept.replace(target)
        shutil.rmtree(aside, ignore_errors=True)
        raise NotebookError(_sentence(error)) from None
    shutil.rmtree(aside)


def _is(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.read_bytes() == content
    except OSError:
        return False


def _sentence(error: OSError) -> str:
    return (
        f"{error.filename2 or error.filename} cannot be written ({error.strerror}): nothing was published and every result is as it was; "
        "fix that and run again."
    )
