"""What if: the chapters run on staged data in a folder of their own, and what would move, claim by claim.

Nothing of the project changes. The folder is `build/whatif`: a copy of the project with the staged data in place of its own, and with the
earlier runs of its chapters, so that only those run that read what is new.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cityresearch import paths
from cityresearch.claims.records import committed
from cityresearch.datasets import staging, store
from cityresearch.errors import NotebookError
from cityresearch.runs import build
from cityresearch.runs.build import Built
from cityresearch.runs.consequences import Consequences, consequences

__all__ = ["Trial", "whatif"]

# what chapters cannot depend on: the package's own code is not read from there
LEFT_OUT = ("build", "cityresearch", "tests", "tools", "node_modules", "__pycache__")


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, a line each, what the chapters made of it, and what would move."""

    tried: tuple[str, ...]
    built: Built
    found: Consequences

    def as_json(self) -> dict[str, object]:
        """Return the trial as plain values: tried, verdicts, readings, reasons, figures, files, failures, lost."""
        failures = [{"notebook": f.notebook.stem, "message": f.message} for f in self.built.failures]
        return {"tried": list(self.tried), **asdict(self.found), "failures": failures, "lost": list(self.built.lost)}


def whatif(options: build.Options) -> Trial:
    """Run the chapters on the staged data, or on `data/raw` as it is if nothing is staged, and compare with the committed results.

    Raises
    ------
    DataError
        If the data have changed since something was staged, or a table is not as its schema says.
    NotebookError
        If another trial is running.
    """
    root = paths.root()
    store.finish(paths.raw())
    tried = staging.waiting()
    raw = staging.folder() / "data" / "raw" if tried else paths.raw()
    with _alone(root / "build"):
        folder = _copy(root, raw)
        with _working_in(folder):
            built = build.verify(options)
            return Trial(tuple(tried), built, consequences(committed(), built.checks, built.moved))


def _copy(root: Path, raw: Path) -> Path:
    """Make the folder anew: all of the project that a chapter may read, with the given data, and what ran before."""
    folder = root / "build" / "whatif"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in sorted(root.iterdir()):
            if path.name.startswith(".") or path.name in LEFT_OUT or path.name == "data":
                continue
            _take(path, folder / path.name)
        for path in sorted((root / "data").iterdir()):
            if path.name != "raw":
                _take(path, folder / "data" / path.name)
        _take(raw, folder / "data" / "raw")
        for name in ("notebooks", "runs.lock"):
            if (root / "build" / name).exists():
                _take(root / "build" / name, folder / "build" / name)
    except OSError as error:
        raise NotebookError(f"{folder} cannot be written ({error.strerror}): make room or delete it.") from None
    return folder


def _take(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__", ".incoming", ".ipynb_checkpoints"))
    else:
        shutil.copy2(path, target)


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    base.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(base / ".whatif", timeout=0):
            yield
    except Timeout:
        raise NotebookError(f"Another trial is using {base / 'whatif'}: wait until it ends.") from None


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Stand in another project; a variable that names the project counts as an input of every chapter, so none is set anew."""
    if os.environ.get(paths.ROOT):
        with paths.at(folder):
            yield
    else:
        with chdir(folder):
            yield
