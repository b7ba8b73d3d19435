"""The plan: which notebooks must run, and why.

A plain-text lock next to the executed notebooks contains, for each notebook and parameter set, the hashes of everything that its last run
used (`cityresearch.runs.used`). A notebook runs again when one of them differs; the plan names which. Prose is not among them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.files import write_whole
from cityresearch.runs import used as things
from cityresearch.runs.used import Context, digest, file_digest

__all__ = ["Entry", "differing", "entry_after", "key_of", "moment", "read_lock", "reasons", "write_lock"]

if TYPE_CHECKING:
    from cityresearch.execution.trace import Used

LOCK_NAME = "runs.lock"
HEADER = "# Content hashes of what each executed notebook used; written by cityresearch run. Deleting this file runs everything again.\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one run used: hashes by the name of the thing, and the hash of the executed notebook."""

    used: Mapping[str, str]
    executed: str


def key_of(notebook: Path, values: Mapping[str, Any]) -> str:
    """Return the lock's name for a notebook with parameters."""
    return f"{notebook.stem} {json.dumps(dict(values), sort_keys=True, ensure_ascii=False)}"


def reasons(entry: Entry | None, context: Context, executed: Path, known: dict[str, str] | None = None) -> list[str]:
    """Return why a notebook must run, in words; empty if its last run is still valid.

    Parameters
    ----------
    known : dict, optional
        Hashes of what is the same for all notebooks, by name; it is filled, so that what many have used is looked at once.
    """
    if entry is None:
        return ["has not run yet with these parameters"]
    if not executed.is_file():
        return ["its executed notebook is gone"]
    if file_digest(executed) != entry.executed:
        return ["its executed notebook was changed"]
    return differing(entry, context, known)


def differing(entry: Entry, context: Context, known: dict[str, str] | None = None) -> list[str]:
    """Return what a run used and is not as it was, in words; `known` is as for `reasons`."""
    found, known = [], {} if known is None else known
    for name in dict.fromkeys([*entry.used, *things.always(context)]):
        before = entry.used.get(name, things.ABSENT)
        if things.is_of_the_notebook(name):
            now = digest(name, context)
        elif (now := known.get(name, "")) == "":
            now = known[name] = digest(name, context)
        if name.startswith("untraced "):
            found.append(f"it {name.removeprefix('untraced ')}, and the effects cannot be traced")
        elif before == things.DURING:
            found.append(f"{name}: {things.DURING}")
        elif before != now:
            found.append(f"{name}: {before[:8]} -> {now[:8]}")
    return found


def entry_after(used: Used, context: Context, executed: Path, started: int) -> Entry:
    """Return the lock entry of a finished run.

    Parameters
    ----------
    used : Used
        As the run recorded it.
    context : Context
    executed : Path
        The executed notebook.
    started : int
        When the run started by the file system's clock (`moment`): a file that changed later may have been read before it changed.
    """
    hashes = {
        name: things.DURING if things.changed_since(name, context, started) else digest(name, context)
        for name in things.names(used, context)
    }
    return Entry(hashes, file_digest(executed))


def moment(folder: Path) -> int:
    """Return the present time by the clock of the file system that holds a folder, in nanoseconds."""
    mark = folder / ".moment"
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    os.utime(mark)
    now = mark.stat().st_ctime_ns
    mark.unlink()
    return now


def read_lock(folder: Path) -> dict[str, Entry]:
    """Return the entries of a folder's lock; none if it is absent or unreadable."""
    try:
        text = (folder / LOCK_NAME).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    try:
        return dict(pair for block in text.split("\n\n") if block.startswith("run ") for pair in _entries(block))
    except ValueError:  # cut off or edited: everything runs again
        return {}


def _entries(block: str) -> Iterator[tuple[str, Entry]]:
    """Give the runs of a block; several that used the same share its lines, and each has its own executed notebook."""
    used: dict[str, str] = {}
    executed: dict[str, str] = {}
    key = ""
    for line in block.strip("\n").split("\n"):
        if line.startswith("run "):
            key = line.removeprefix("run ")
            executed[key] = ""
            continue
        found, name = line.strip().split("  ", 1)
        if name == "executed":
            executed[key] = found
        else:
            used[sys.intern(json.loads(name))] = found
    yield from ((key, Entry(used, found)) for key, found in executed.items())


def write_lock(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Write the lock: a block for all runs that used the same, a line per thing that they used."""
    groups: dict[int, list[str]] = {}
    for key in sorted(entries):
        groups.setdefault(id(entries[key].used), []).append(key)
    blocks = []
    for keys in groups.values():
        heads = [line for key in keys for line in (f"run {key}", f"  {entries[key].executed}  executed")]
        lines = [f"  {found}  {json.dumps(name)}" for name, found in entries[keys[0]].used.items()]
        blocks.append("\n".join([*heads, *lines]))
    write_whole(folder / LOCK_NAME, (HEADER + "\n" + "\n\n".join(blocks) + "\n").encode("utf-8"))
