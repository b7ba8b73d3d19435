"""What a run used: files, folders, variables, modules and packages, and what nobody can trace.

Python announces most of what a program takes from outside by audit events; the trace listens to them in the notebook's own process. Not
announced, and so not traced: whether a file exists (`Path.exists`), what compiled code opens by itself, and the variables that libraries
read. Programs that a cell starts and addresses that it connects to are announced, but their effects are not known: a run that did so is
named, and its results are never taken for those of a later run.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from cityresearch.files import READ_EVENT

__all__ = ["Trace", "Used"]

# folders of the machine whose files belong to the system or to Python itself, not to a study
SYSTEM = (
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/cache",
)
COMPILED = re.compile(r"(.*)__pycache__[/\\]([^/\\]+?)\.(?:cpython|pypy)[^/\\]*\.pyc")
STARTS = {
    "subprocess.Popen": "starts a program ({})",
    "os.system": "starts a program ({})",
    "os.posix_spawn": "starts a program ({})",
    "os.exec": "starts a program ({})",
    "os.forkpty": "starts a program in a terminal",
    "os.fork": "starts another process",
    "socket.connect": "connects to a network address",
}
CHANGES = {  # event: pairs of its arguments, a path that it changes and the folder that a relative path is relative to, if any
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.truncate": ((0, None),),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.mkdir": ((0, 2),),
    "os.chmod": ((0, 2),),
    "os.utime": ((0, 3),),
    "shutil.rmtree": ((0, 1),),
}
IMPORTER = "<frozen importlib._bootstrap_external>"


@dataclass(frozen=True, slots=True)
class Used:
    """What a run used, by name; paths are relative to the project's folder, or absolute where they lie outside.

    `files` were read, `missing` were looked for and not found, `folders` were listed, `variables` of the environment were read by a cell or by a
    module of the project, `modules` of the package and third-party `packages` were loaded. `untraced` says in words what cannot be
    followed. `recorded` holds what cells left for the results: pairs of a kind (claim, figure, result) and a name.
    """

    files: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    untraced: tuple[str, ...] = ()
    recorded: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, list]:
        """Return the fields as lists."""
        return {field.name: list(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, list]) -> Used:
        """Return what `as_json` gave."""
        return cls(**{name: tuple(tuple(v) if isinstance(v, list) else v for v in vs) for name, vs in content.items()})


class Trace:
    """Listens to what this process takes from outside, and refuses changes of files that no cell may change.

    Python cannot take an audit hook away: start it in a process of its own.

    Parameters
    ----------
    root
        The project's folder; None records nothing.
    package
        The package whose loaded modules count by name; None lists none.
    guarded
        Folders under `root` in which no cell may write, rename or delete.
    """

    def __init__(self, root: Path | None = None, package: str | None = None, guarded: Iterable[str] = ()) -> None:
        self.root = None if root is None else os.path.abspath(root)  # noqa: PTH100 (links are kept as they are named)
        self.package = package
        real = [] if self.root is None else {self.root, os.path.realpath(self.root)}
        self.guarded = tuple(os.path.join(base, name) + os.sep for base in real for name in guarded)  # noqa: PTH118
        self._seen: set[object] = set()
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._variables: set[str] = set()
        self._untraced: dict[str, None] = {}
        self._recorded: list[tuple[str, str]] = []

    def start(self) -> None:
        """Record from now on."""
        if self.root is None:
            return
        here = _with_separator(self.root)
        others = map(_with_separator, (*SYSTEM, *_own_folders(), os.environ.get("IPYTHONDIR", "/dev")))
        self._ignored = tuple(folder for folder in others if not here.startswith(folder))
        _note_variables(self._variables.add, self._untraced.setdefault, self.package)
        sys.addaudithook(self._see)

    def _see(self, event: str, args: tuple) -> None:
        if event == READ_EVENT:
            self._read(args[0])
        elif event == "open":
            path, mode, flags = args
            if isinstance(path, str | bytes | os.PathLike):
                if _writes(mode, flags):
                    self._refuse(path)
                if _reads(mode, flags):
                    self._read(path)
        elif event in ("os.listdir", "os.scandir"):
            self._listed(args[0])
        elif event == "sqlite3.connect":
            self._read(args[0])
        elif event in CHANGES:
            for place, folder in CHANGES[event]:
                self._refuse(args[place], None if folder is None else args[folder])
        elif event in STARTS:
            self._untraced.setdefault(STARTS[event].format(_program(args)))
        elif event == "cityresearch.recorded":
            self._recorded.append((str(args[0]), str(args[1])))

    def _read(self, path: object) -> None:
        if path in self._seen or isinstance(path, int):
            return
        full = _absolute(path)
        if os.path.isabs(path):  # noqa: PTH117 (a relative name means another file once the cell changes its folder)
            self._seen.add(path)
        compiled = COMPILED.fullmatch(full)
        if compiled:
            full = f"{compiled[1]}{compiled[2]}.py"
        for name in {full, os.path.realpath(full)} if self._inside(full) else {full}:
            if not name.startswith(self._ignored):
                self._files.add(name)

    def _listed(self, path: object) -> None:
        if isinstance(path, int):
            return
        full = _absolute("." if path is None else path)
        if (self._inside(full) or full == self.root) and not full.startswith(self._ignored):
            imports = sys._getframe(2).f_code.co_filename == IMPORTER
            if not (imports and self._is_package(full)):
                self._folders.add(f"importable {full}" if imports else full)

    def _refuse(self, path: object, folder: int | None = None) -> None:
        if isinstance(path, int) or not self.guarded or path is None:
            return
        # an open folder is used in place of its path (Linux)
        named = isinstance(folder, int) and folder >= 0
        full = _absolute(os.path.join(os.readlink(f"/proc/self/fd/{folder}"), os.fsdecode(path)) if named else path)  # noqa: PTH115, PTH118
        if (os.path.realpath(full) + os.sep).startswith(self.guarded) or (full + os.sep).startswith(self.guarded):
            raise PermissionError(
                f"{self._relative(full)} must not be changed by a notebook: write elsewhere, such as under build/; "
                "data comes in with cityresearch data import, and results with cr.check and cr.show."
            )

    def _is_package(self, full: str) -> bool:
        # the package's modules count by their names, and those that only run notebooks do not
        return (full + os.sep).startswith(_package_folder())

    def _inside(self, full: str) -> bool:
        return full.startswith(self.root + os.sep)

    def _relative(self, full: str) -> str:
        return Path(os.path.relpath(full, self.root)).as_posix() if self._inside(full) or full == self.root else full

    def used(self) -> Used:
        """Return what was used up to now."""
        if self.root is None:
            return Used()
        files = self._files | _own_sources(self._inside, self._ignored)
        files = {name for name in files if not (name.endswith(".py") and self._is_package(name))}
        there = {name for name in files if os.path.isfile(name)}  # noqa: PTH113
        folders = (
            f"importable {self._relative(n[11:])}" if n.startswith("importable ") else self._relative(n)
            for n in self._folders
        )
        modules, packages = _loaded(self.package)
        return Used(
            files=tuple(sorted(map(self._relative, there))),
            missing=tuple(sorted(self._relative(n) for n in files - there if not os.path.isdir(n))),  # noqa: PTH112
            folders=tuple(sorted(folders)),
            variables=tuple(sorted(self._variables)),
            modules=modules,
            packages=packages,
            untraced=tuple(self._untraced),
            recorded=tuple(self._recorded),
        )


def _absolute(path: object) -> str:
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100


def _with_separator(folder: str) -> str:
    return folder.rstrip(os.sep) + os.sep


def _program(args: tuple) -> str:
    return os.path.basename(os.fsdecode(args[0])) if args and isinstance(args[0], str | bytes | os.PathLike) else "?"  # noqa: PTH119


@cache
def _own_folders() -> tuple[str, ...]:
    """Return the folders of Python, of its packages and of what they cache for a user."""
    named = [sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    caches = [Path.home() / name for name in (".cache", ".config", ".local", ".ipython", ".jupyter")]
    found = [sys.prefix, sys.base_prefix, *named, *map(str, caches)]
    return tuple(dict.fromkeys(p for name in found for p in (os.path.abspath(name), os.path.realpath(name))))  # noqa: PTH100


def _own_sources(inside: Callable[[str], bool], ignored: tuple[str, ...]) -> set[str]:
    """Return the files of loaded modules that lie under the project; a module's file may have been read before the trace began."""
    names = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {
        full
        for name in names
        if isinstance(name, str) and inside(full := _absolute(name)) and not full.startswith(ignored)
    }


def _loaded(package: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the package's loaded modules and the loaded third-party packages by their names.

    These are more than those whose code ran, on purpose: a module can matter through a constant that was computed when it was loaded,
    before the run.
    """
    if package is None:
        return (), ()
    sites = {_with_separator(sysconfig.get_paths()[key]) for key in ("purelib", "platlib")}
    own, others = set(), set()
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if top == package:
            own.add(name)
        elif (getattr(module, "__file__", None) or "").startswith(tuple(sites)):
            others.add(top)
    return tuple(sorted(own)), tuple(sorted(others))


class _NotedVariables(os._Environ):
    """`os.environ`, telling which variables a cell or a module of the project reads."""

    tell: Callable[[str], object]
    tell_all: Callable[[], object]

    def __getitem__(self, key):
        if _asked_by_study():
            type(self).tell(os.fsdecode(key) if isinstance(key, str | bytes) else str(key))
        return super().__getitem__(key)

    def __iter__(self):
        if _asked_by_study():
            type(self).tell_all()
        return super().__iter__()


def _note_variables(add: Callable[[str], object], untraced: Callable[[str], object], package: str | None) -> None:
    _NotedVariables.tell = staticmethod(add)
    _NotedVariables.tell_all = staticmethod(lambda: untraced("reads all environment variables"))
    os.environ.__class__ = os.environb.__class__ = _NotedVariables


@cache
def _package_folder() -> str:
    return _with_separator(str(Path(__file__).absolute().parents[1]))


@cache
def _libraries() -> tuple[str, ...]:
    named = {sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    return tuple({_with_separator(p) for name in named for p in (name, os.path.realpath(name))})


def _asked_by_study() -> bool:
    """Return whether the first caller outside the code of `os.environ` itself is a cell or a module of the project."""
    libraries, package = _libraries(), _package_folder()
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if not (name in (__file__, os.__file__, "<frozen os>") or "_collections_abc" in name):
            return name.startswith(package) or not (name.startswith(libraries) or name.startswith("<frozen"))
        frame = frame.f_back
    return False


def _reads(mode: str | None, flags: int) -> bool:
    if mode is None:
        return flags & (os.O_WRONLY | os.O_RDWR) != os.O_WRONLY
    return "r" in mode or "+" in mode


def _writes(mode: str | None, flags: int) -> bool:
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))
