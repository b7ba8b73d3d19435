"""What a run used, as hashes by self-describing names, so that a later run can ask for each whether it is still the same.

Names are `code`, `parameters`, `python`, `packages` (names and versions of all that is installed), and, with what follows them: `module`,
`package` (the installed files of a third-party package), `variable`, `folder` (the names in it), `importable` (those that Python could
import), `description` (what the data package says about a file), `untraced`. Any other name is a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import sysconfig
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.runs.parameters import read_notebook

__all__ = [
    "ABSENT",
    "DURING",
    "Context",
    "always",
    "changed_since",
    "described",
    "digest",
    "file_digest",
    "installed",
    "is_of_the_notebook",
    "names",
]

if TYPE_CHECKING:
    from cityresearch.execution.trace import Used

# how notebooks run and how all tables are checked, not what a notebook says
MACHINERY = ("cityresearch.runs", "cityresearch.execution", "cityresearch.cli", "cityresearch.datasets.validation")
DESCRIPTIONS = "data/raw/datapackage.json"
BASE = Path(__file__).resolve().parents[2]
# variables that change what libraries do without a cell reading them
ALWAYS = (
    "LANG",
    "LC_ALL",
    "LC_NUMERIC",
    "LC_TIME",
    "MATPLOTLIBRC",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "PYTHONPATH",
    "TZ",
)
OWN = "CITYRESEARCH_"
PLACES = {paths.RESULTS, paths.ROOT}  # of these, where a folder lies is no matter, and what is in it counts by itself
ABSENT = "absent"
DURING = "changed while it ran"


@dataclass(frozen=True, slots=True)
class Context:
    """What the hashes of a run depend on in addition to files: its notebook, its parameter values, and variables set for it alone."""

    notebook: Path
    values: Mapping[str, Any]
    variables: Mapping[str, str] = field(default_factory=dict)

    def variable(self, name: str) -> str | None:
        """Return an environment variable as the run sees it."""
        return self.variables.get(name, os.environ.get(name))


def names(used: Used, context: Context) -> list[str]:
    """Return the names of everything that a run used and that can matter to its results."""
    found = ["code", "parameters", "python", "packages", *always(context)]
    found += [f"module {name}" for name in used.modules if not name.startswith(MACHINERY)]
    found += [f"package {name}" for name in used.packages]
    found += [f"variable {name}" for name in used.variables if name not in PLACES]
    found += [name if name.startswith("importable ") else f"folder {name}" for name in used.folders]
    found += [*described(used.files), *used.missing]
    found += [f"untraced {words}" for words in used.untraced]
    return list(dict.fromkeys(found))


def described(files: Collection[str]) -> list[str]:
    """Return the names of files that were read; of the data package, which an import into one dataset rewrites whole, what it says about these."""
    found = [name for name in files if name != DESCRIPTIONS]
    if DESCRIPTIONS in files:
        found += [f"description {name}" for name in found if name.startswith("data/raw/")]
    return found


def always(context: Context) -> list[str]:
    """Return the names of variables that count whether or not a cell reads them, as far as they are set."""
    own = {name for name in {*os.environ, *context.variables} if name.startswith(OWN)} - PLACES
    return [f"variable {name}" for name in sorted({*own, *(n for n in ALWAYS if context.variable(n) is not None)})]


def is_of_the_notebook(name: str) -> bool:
    """Return whether a named thing is another one for another notebook: its code, its parameters, the variables that it is given."""
    return name in ("code", "parameters") or name.startswith("variable ")


def digest(name: str, context: Context) -> str:
    """Return the hash of a named thing as it is now; "absent" where it is not there, "unknown" for what cannot be traced."""
    kind, _, rest = name.partition(" ")
    match kind:
        case "code" if not rest:
            return code_digest(context.notebook)
        case "parameters" if not rest:
            return _hash(json.dumps(dict(context.values), sort_keys=True).encode())
        case "python" if not rest:
            return _hash(f"{sys.implementation.name} {sys.version} {platform.machine()}".encode())
        case "packages" if not rest:
            return _hash("\n".join(f"{k} {v}" for k, v in installed().items()).encode())
        case "module":
            file = module_file(rest)
            return ABSENT if file is None else file_digest(file)
        case "package":
            return package_digest(rest)
        case "variable":
            value = context.variable(rest)
            return ABSENT if value is None else _hash(value.encode("utf-8", "surrogateescape"))
        case "folder" | "importable":
            return _listing(paths.root() / rest, kind == "importable")
        case "description":
            return _described(rest)
        case "untraced":
            return "unknown"
    return file_digest(paths.root() / name)


def changed_since(name: str, context: Context, moment: int) -> bool:
    """Return whether a named file was written, or put where it is, after a moment of the file system's clock, in nanoseconds."""
    kind, _, rest = name.partition(" ")
    path = context.notebook if name == "code" else module_file(rest) if kind == "module" else paths.root() / name
    try:
        return path is not None and path.stat().st_ctime_ns > moment
    except OSError:
        return False


def code_digest(notebook: Path) -> str:
    """Return the hash of a notebook's code cells and their tags, in order; cell ids are not among it, for tools renumber them."""
    cells = [
        ("".join(c["source"]), c.get("metadata", {}).get("tags", []))
        for c in read_notebook(notebook)["cells"]
        if c["cell_type"] == "code"
    ]
    return _hash(json.dumps(cells).encode())


@lru_cache(maxsize=1)
def installed() -> dict[str, str]:
    """Return the versions of all installed distributions by normalized name, as their folders in site-packages say."""
    found = {}
    for site in _sites():
        for entry in os.scandir(site):
            stem, ending = os.path.splitext(entry.name)  # noqa: PTH122 (asked for hundreds of names)
            if ending == ".dist-info":
                name, _, version = stem.partition("-")
                found[name.lower().replace("_", "-").replace(".", "-")] = version
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def _sites() -> tuple[str, ...]:
    known = sysconfig.get_paths()
    return tuple(sorted({known["purelib"], known["platlib"]}))


@lru_cache(maxsize=512)
def package_digest(name: str) -> str:
    """Return a hash of the names, sizes and times of change of a third-party package's installed files."""
    lines: list[str] = []
    for site in _sites():
        waiting = [os.path.join(site, name)]  # noqa: PTH118
        while waiting:
            folder = waiting.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda e: e.name)
            except OSError:
                continue
            for entry in entries:
                if entry.is_dir():
                    if entry.name not in ("__pycache__", "tests"):
                        waiting.append(entry.path)
                else:
                    seen = entry.stat()
                    lines.append(f"{entry.path[len(site) :]} {seen.st_size} {seen.st_mtime_ns}")
        for single in _modules_of_one_file(site).get(name, ()):
            seen = single.stat()
            lines.append(f"{single.name} {seen.st_size} {seen.st_mtime_ns}")
    return _hash("\n".join(lines).encode()) if lines else ABSENT


@lru_cache(maxsize=4)
def _modules_of_one_file(site: str) -> dict[str, list[os.DirEntry[str]]]:
    """Return the files that lie in site-packages itself, by the name of their module."""
    found: dict[str, list[os.DirEntry[str]]] = {}
    for entry in sorted(os.scandir(site), key=lambda e: e.name):
        if entry.is_file():
            found.setdefault(entry.name.partition(".")[0], []).append(entry)
    return found


def module_file(module: str) -> Path | None:
    """Return the file of one of this package's modules."""
    base = os.path.join(BASE, *module.split("."))  # noqa: PTH118 (asked for each module of each chapter)
    for file in (f"{base}.py", f"{base}{os.sep}__init__.py"):
        if os.path.isfile(file):  # noqa: PTH113
            return Path(file)
    return None


def _listing(folder: Path, importable: bool) -> str:
    try:
        entries = [(e.name, e.is_dir()) for e in os.scandir(folder)]
    except OSError:
        return ABSENT
    kept = [
        name
        for name, is_folder in entries
        if not name.startswith((".", "__pycache__"))
        and (not importable or is_folder or name.endswith((".py", ".so", ".pyd")))
    ]
    return _hash("\n".join(sorted(kept)).encode())


def _described(name: str) -> str:
    package = paths.root() / DESCRIPTIONS
    try:
        return _descriptions(package, package.stat().st_mtime_ns).get(name, ABSENT)
    except OSError:
        return ABSENT


@lru_cache(maxsize=2)
def _descriptions(package: Path, _mtime: int) -> dict[str, str]:
    resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
    return {f"data/raw/{r['path']}": _hash(json.dumps(r, sort_keys=True).encode()) for r in resources}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, "absent" if it is not there."""
    try:
        seen = path.stat()
        return _content(path, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size)
    except OSError:
        return ABSENT


@lru_cache(maxsize=4096)
def _content(path: Path, _mtime: int, _ctime: int, _size: int) -> str:
    return _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
