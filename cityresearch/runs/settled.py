"""Settled: whether everything is as a run of all chapters left it, answered from the state of files alone.

A run that left nothing open notes the state (times, size, identity) of every file that it can depend on or has written, and the hashes of
what is not a file. As long as all of them are the same, another run would do nothing, and the plan, the records in executed notebooks and
the published files need not be read to know it. Where anything differs, they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch.files import write_whole
from cityresearch.runs.used import DURING, Context, always, digest

if TYPE_CHECKING:
    from cityresearch.runs.plan import Entry

__all__ = ["Settled", "note", "recall", "states"]

NAME = "settled.json"
LOCK = "build/runs.lock"
PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS = ("data", "figures", "notebooks", "docs", "build/notebooks", "build/results")
WRITTEN = ("README.md", "docs/findings.md")
# the first words of names that are no files, and those of them that other files do not answer for
COUNTED = ("python", "packages", "package", "variable", "folder", "importable")
KINDS = (*COUNTED, "code", "parameters", "module", "description", "untraced")
RECENT = 50_000_000  # nanoseconds: a file that has just changed may change again and look the same

States = Mapping[str, list[int] | None]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the last run said: how many figures there are, and how many chapters stood."""

    figures: int
    stood: int


def states(root: Path, others: Iterable[str] = ()) -> dict[str, list[int] | None]:
    """Return the state of each file in the folders of a project and of this package, and of others by name, None where one is absent."""
    found: dict[str, list[int] | None] = {}
    top = str(root)
    waiting = [top, *(f"{top}/{name}" for name in FOLDERS), str(PACKAGE)]
    while waiting:
        folder = waiting.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        found[entry.path] = _state(entry.path)
                elif folder != top and entry.name != "__pycache__":
                    waiting.append(entry.path)
    return found | {path: _state(path) for path in (os.path.join(top, name) for name in (LOCK, *others))}  # noqa: PTH118


def _state(path: str) -> list[int] | None:
    try:
        seen = os.stat(path)  # noqa: PTH116 (asked of hundreds of files at each run)
        itself = seen.st_ino if not os.path.islink(path) else -seen.st_ino  # noqa: PTH114
        return [seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, itself]
    except OSError:
        return None


def recall(base: Path, root: Path) -> Settled | None:
    """Return what the last run said if everything is as it left it, else nothing."""
    try:
        noted = json.loads((base / NAME).read_bytes())
        same = noted["files"] == states(root, noted["others"]) and noted["things"] == _things(noted["things"])
        return Settled(noted["figures"], noted["stood"]) if same else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def note(base: Path, root: Path, before: States, moment: int, entries: Sequence[Entry], said: Settled) -> None:
    """Note the state after a run without failures, unless it is not certain.

    Parameters
    ----------
    before : mapping
        From `states` when the run began.
    moment : int
        When that was, by the file system's clock in nanoseconds.
    entries : sequence of Entry
        What each chapter used.
    """
    (base / NAME).unlink(missing_ok=True)
    names = {name for entry in entries for name in entry.used}
    if any(name.startswith("untraced ") for name in names) or any(DURING in entry.used.values() for entry in entries):
        return
    others = sorted(name for name in names if name.partition(" ")[0] not in KINDS)
    now = states(root, others)
    kept = {path: state for path, state in before.items() if not _is_written(path, root)}
    if any(now.get(path) != state or (state and state[1] > moment - RECENT) for path, state in kept.items()):
        return
    things = _things(name for name in names if name.partition(" ")[0] in COUNTED)
    content = {"files": now, "others": others, "things": things, "figures": said.figures, "stood": said.stood}
    write_whole(base / NAME, json.dumps(content).encode("utf-8"))


def _is_written(path: str, root: Path) -> bool:
    """Return whether a run itself writes a file."""
    name = os.path.relpath(path, root)
    return name in WRITTEN or (
        name.startswith(("build/", "data/processed/", "figures/")) and name != "figures/style.toml"
    )


def _things(names: Iterable[str]) -> dict[str, str]:
    """Return the hashes of what is not a file, as it is now, with those of variables that count always."""
    nothing = Context(Path(), {})
    return {name: digest(name, nothing) for name in {*names, "python", "packages", *always(nothing)}}
