"""Chapters: the notebooks of the project by name, and their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import NotebookError
from cityresearch.suggestions import nearest

__all__ = ["chapters", "is_summary"]

SUMMARIES = "00-"  # notebooks that read the results of the others
CHECKPOINTS = ".ipynb_checkpoints"  # where JupyterLab keeps the state before the last change


def chapters(names: Sequence[str] = ()) -> list[Path]:
    """Return the notebooks that the names mean, each once, or all chapters in order.

    Parameters
    ----------
    names : sequence of str
        Paths, file names, names without ending such as 01-metro-exports, numbers such as 01 or 1, or beginnings of a name that only one
        notebook has.

    Raises
    ------
    NotebookError
        If a name fits no notebook or several, or two notebooks have one name, so that one would overwrite the other's results.
    """
    folder = paths.notebooks()
    every = sorted(folder.glob("[0-9]*.ipynb"), key=lambda path: path.stem)
    if not names:
        return every
    found: dict[str, Path] = {}
    for name in names:
        match = _named(name, folder, every).absolute()
        # some file systems take names in upper and lower case for one
        other = found.setdefault(match.stem.casefold(), match)
        if other.resolve() != match.resolve():
            raise NotebookError(
                f"{other} and {match} have one name, so their results would overwrite each other: rename one."
            )
    return list(found.values())


def _named(name: str, folder: Path, every: Sequence[Path]) -> Path:
    file = next((c for c in (Path(name), folder / name, folder / f"{name}.ipynb") if c.is_file()), None)
    if file is not None:
        if CHECKPOINTS in file.parts:
            raise NotebookError(f"{file} is JupyterLab's checkpoint, an earlier state: name the notebook itself.")
        return file
    stem = name.removesuffix(".ipynb")
    number = re.fullmatch(r"\d+", stem)
    # the number first, so that 1 is chapter 01, whatever chapters from 10 on there are
    fits: list[Callable[[Path], bool]] = [lambda c: bool(number) and _number(c) == int(stem)]
    if stem:
        fits.append(lambda c: c.stem.startswith(stem))
    for fit in fits:
        matches = [c for c in every if fit(c)]
        if len(matches) > 1:
            raise NotebookError(f"{name!r} fits {' and '.join(c.stem for c in matches)}: give one name in full.")
        if matches:
            return matches[0]
    stems = [c.stem for c in every]
    near = nearest(name, stems)
    listed = f"did you mean {near}?" if near else f"there are {', '.join(stems) or 'none'}."
    raise NotebookError(f"No notebook is called {name!r}: {listed}")


def _number(notebook: Path) -> int | None:
    """Return the number before a notebook's name; 012 and 12 are one number."""
    digits = re.match(r"[0-9]+(?![0-9.])", notebook.stem)
    return int(digits[0]) if digits else None


def is_summary(notebook: Path) -> bool:
    """Return whether a notebook reads the results of the others, and so runs after them."""
    return notebook.name.startswith(SUMMARIES)
