"""The package for an archive: everything that belongs to the project in one file, with RO-Crate metadata beside it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import ParameterError
from cityresearch.outputs import check_file, write_file
from cityresearch.report.chapters import executed_chapters
from cityresearch.report.citing import citation_of
from cityresearch.report.crate import METADATA, metadata

__all__ = ["archive", "package_files"]

FOLDERS = ("data", "figures", "notebooks", "docs", "cityresearch", "tests", "tools")
ROOT_FILES = (
    "README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "pyproject.toml", "requirements.lock",
    "requirements-lab.lock", "environment.yml",
)  # fmt: skip
SKIPPED = {"__pycache__", "node_modules"}
MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows: the same bytes whenever it is made


def package_files(root: Path) -> dict[str, Path]:
    """Return the files of the package by their path in it: data, results, figures, notebooks, words and code, and the executed notebooks."""
    found = {name: root / name for name in ROOT_FILES if (root / name).is_file()}
    for folder in FOLDERS:
        found |= {path.relative_to(root).as_posix(): path for path in _below(root / folder)}
    found |= {f"executed/{path.name}": path for path in executed_chapters(root / "build" / "notebooks")}
    return dict(sorted(found.items()))


def archive(output: Path | None = None) -> tuple[Path, int]:
    """Write the package as a zip file, or its metadata alone.

    Parameters
    ----------
    output : Path, optional
        A .zip, or a .json for the metadata alone; `build/archive/cityresearch-VERSION.zip` if left out.

    Returns
    -------
    Path, int
        The file, and how many files it describes.

    Raises
    ------
    ParameterError
        If the library rocrate is not installed, or the output is neither of the two or cannot be written.
    ClaimError
        If there are no results.
    """
    root = paths.root()
    target = output or root / "build" / "archive" / f"cityresearch-{citation_of(root).version}.zip"
    if target.suffix not in (".zip", ".json"):
        raise ParameterError(f"--output takes a .zip, or a .json for the metadata alone, found {target}.")
    check_file(target, (b"{",) if target.suffix == ".json" else (b"PK",))
    files = package_files(root)
    described = metadata(files)
    content = described if target.suffix == ".json" else _zipped(files, described)
    write_file(target, content)
    return target, len(files)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED)
        yield from (
            Path(place) / name for name in sorted(names) if not name.startswith(".") and not name.endswith(".pyc")
        )


def _zipped(files: dict[str, Path], described: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in ((METADATA, described), *((name, path.read_bytes()) for name, path in files.items())):
            package.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()
