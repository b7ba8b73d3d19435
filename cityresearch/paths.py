"""Where the project's folders are: found from the working folder upward, or, where the package runs from a checkout, in that.

An installed package has no project next to it, so it finds the one that it is called in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cityresearch.errors import DataError

__all__ = ["RESULTS", "ROOT", "at", "figures", "notebooks", "processed", "raw", "root"]

RESULTS = "CITYRESEARCH_RESULTS"
ROOT = "CITYRESEARCH_ROOT"
MARK = Path("data") / "raw" / "datapackage.json"


def root() -> Path:
    """Return the project folder: the one that holds `data/raw/datapackage.json`.

    Looked for in CITYRESEARCH_ROOT, then in the working folder and its parents, then next to the package.

    Raises
    ------
    DataError
        If none is found.
    """
    return _root(os.environ.get(ROOT, ""), os.getcwd())  # noqa: PTH109 (half of the time is spent on making a Path)


@contextmanager
def at(folder: Path) -> Iterator[None]:
    """Work in another project folder for a while."""
    before = os.environ.get(ROOT)
    os.environ[ROOT] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[ROOT]
        else:
            os.environ[ROOT] = before


@lru_cache(maxsize=8)
def _root(named: str, working: str) -> Path:
    if named:
        folder = Path(named)
        if (folder / MARK).is_file():
            return folder.resolve()
        raise DataError(f"CITYRESEARCH_ROOT is {named}, but {folder / MARK} is not there: point it at a project.")
    here = Path(working)
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if (folder / MARK).is_file():
            return folder
    raise DataError(
        f"Found no {MARK} in {here} or above it: run inside a project (cityresearch new makes one), or set CITYRESEARCH_ROOT to one."
    )


def raw() -> Path:
    """Return the folder of published facts."""
    return _raw(root())


@lru_cache(maxsize=8)
def _raw(root: Path) -> Path:
    return root / "data" / "raw"


def processed() -> Path:
    """Return the folder of results: the committed ones, or, while chapters run, those of the run so far."""
    return Path(os.environ.get(RESULTS) or root()) / "data" / "processed"


def figures() -> Path:
    """Return the folder of committed figures."""
    return root() / "figures"


def notebooks() -> Path:
    """Return the folder of the chapters."""
    return root() / "notebooks"
