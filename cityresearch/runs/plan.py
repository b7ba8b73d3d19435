"""The plan: which notebooks must run, and why.

A plain-text lock beside the executed notebooks holds, for each notebook and parameter set, the hashes of everything that its last run
used: its code cells, the parameters, the modules of this package that it loaded, the data files that it opened, and the locked environment.
A notebook runs again when one of them differs; the plan names which. Prose is not among them.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.files import write_whole
from cityresearch.runs.parameters import read_notebook

LOCK_NAME = "runs.lock"
TRACKED = ("data/", "build/results/")  # opened files under these folders count; a summary reads the results of the run
HEADER = "# Content hashes of what each executed notebook used; written by cityresearch run. Deleting this file runs everything again.\n"
MACHINERY = ("cityresearch.runs", "cityresearch.execution", "cityresearch.cli")  # how notebooks run, not what they say
PACKAGE = "data/raw/datapackage.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one run used: hashes by the name of the thing, and the hash of the executed notebook."""

    used: Mapping[str, str]
    executed: str


def key_of(notebook: Path, values: Mapping[str, Any]) -> str:
    """Return the lock's name for a notebook with parameters."""
    return f"{notebook.stem} {json.dumps(dict(values), sort_keys=True, ensure_ascii=False)}"


def used_by(
    notebook: Path, values: Mapping[str, Any], opened: tuple[str, ...], modules: tuple[str, ...]
) -> dict[str, str]:
    """Return the hashes of everything that a run of a notebook used.

    Parameters
    ----------
    opened : tuple of str
        Data files, relative to the project's folder, as the run recorded them.
    modules : tuple of str
        Names of this package's modules that the run had loaded.
    """
    root = paths.root()
    used = {"code": _code_hash(notebook), "parameters": _hash(json.dumps(dict(values), sort_keys=True).encode())}
    used["environment"] = environment_hash()
    for module in modules:
        file = module_file(module)
        if file is not None:
            used[f"module {module}"] = _file_hash(file)
    names = sorted(set(opened) - {PACKAGE})
    for name in names:
        used[name] = _file_hash(root / name)
    if PACKAGE in opened:
        # an import into one dataset rewrites the whole description; only the entries of the files that were read count
        for name in names:
            used[f"{PACKAGE} of {Path(name).name}"] = _described(root / PACKAGE, name)
    return used


def reasons(entry: Entry | None, notebook: Path, values: Mapping[str, Any], executed: Path) -> list[str]:
    """Return why a notebook must run, in words; empty if its last run still stands."""
    if entry is None:
        return ["has not run yet with these parameters"]
    if not executed.is_file():
        return ["its executed notebook is gone"]
    if _file_hash(executed) != entry.executed:
        return ["its executed notebook was changed"]
    opened = tuple(name for name in entry.used if name.startswith(TRACKED) and " of " not in name)
    if any(name.startswith(f"{PACKAGE} of ") for name in entry.used):
        opened = (*opened, PACKAGE)
    modules = tuple(name.removeprefix("module ") for name in entry.used if name.startswith("module "))
    now = used_by(notebook, values, opened, modules)
    changed = [name for name in {**entry.used, **now} if entry.used.get(name) != now.get(name)]
    return [f"{name}: {entry.used.get(name, 'absent')[:8]} -> {now.get(name, 'absent')[:8]}" for name in changed]


def read_lock(folder: Path) -> dict[str, Entry]:
    """Return the entries of a folder's lock; none if it is absent or unreadable."""
    try:
        text = (folder / LOCK_NAME).read_text(encoding="utf-8")
    except OSError:
        return {}
    entries: dict[str, Entry] = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if not lines or not lines[0].startswith("run "):
            continue
        pairs = [line.strip().split(" ", 1) for line in lines[1:]]
        used = {name: digest for digest, name in pairs if name != "executed"}
        entries[lines[0].removeprefix("run ")] = Entry(used, next((d for d, n in pairs if n == "executed"), ""))
    return entries


def write_lock(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Write the lock: a block per run, a line per thing that it used."""
    blocks = []
    for key in sorted(entries):
        lines = [f"  {digest} {name}" for name, digest in entries[key].used.items()]
        blocks.append("\n".join([f"run {key}", *lines, f"  {entries[key].executed} executed"]))
    write_whole(folder / LOCK_NAME, (HEADER + "\n" + "\n\n".join(blocks) + "\n").encode("utf-8"))


def entry_after(
    notebook: Path, values: Mapping[str, Any], opened: tuple[str, ...], modules: tuple[str, ...], executed: Path
) -> Entry:
    """Return the lock entry of a run from what it recorded, leaving out what cannot matter to its results."""
    data = tuple(name for name in opened if name.startswith(TRACKED))
    used = used_by(notebook, values, data, tuple(m for m in modules if not m.startswith(MACHINERY)))
    return entry_of(used, executed)


def entry_of(used: Mapping[str, str], executed: Path) -> Entry:
    """Return the lock entry of a finished run."""
    return Entry(dict(used), _file_hash(executed))


@lru_cache(maxsize=1)
def environment_hash() -> str:
    """Return the hash of the locked environment and the Python that runs it."""
    lock = paths.root() / "requirements.lock"
    content = lock.read_bytes() if lock.is_file() else b""
    return _hash(content + sys.version.encode())


def module_file(module: str) -> Path | None:
    """Return the file of one of this package's modules."""
    base = Path(__file__).resolve().parents[2] / Path(*module.split("."))
    for file in (base.with_suffix(".py"), base / "__init__.py"):
        if file.is_file():
            return file
    return None


def _code_hash(notebook: Path) -> str:
    cells = [
        (c.get("id", ""), "".join(c["source"]), c.get("metadata", {}).get("tags", []))
        for c in read_notebook(notebook)["cells"]
        if c["cell_type"] == "code"
    ]
    return _hash(json.dumps(cells).encode())


def _described(package: Path, name: str) -> str:
    return _descriptions(package, package.stat().st_mtime_ns).get(Path(name).name, "absent")


@lru_cache(maxsize=2)
def _descriptions(package: Path, _mtime: int) -> dict[str, str]:
    resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
    return {Path(r["path"]).name: _hash(json.dumps(r, sort_keys=True).encode()) for r in resources}


def _file_hash(path: Path) -> str:
    try:
        return _content_hash(path, path.stat().st_mtime_ns, path.stat().st_size)
    except OSError:
        return "absent"


@lru_cache(maxsize=1024)
def _content_hash(path: Path, _mtime: int, _size: int) -> str:
    return _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
