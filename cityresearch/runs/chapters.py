"""Chapters: the notebooks of the project by name, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import NotebookError

SUMMARIES = "00-"  # notebooks that read the results of the others


def chapters(names: Sequence[str] = ()) -> list[Path]:
    """Return the notebooks that names stand for, or all chapters in order.

    Parameters
    ----------
    names : sequence of str
        Paths, file names, names without ending such as 01-metro-exports, or numbers such as 01.

    Raises
    ------
    NotebookError
        If a name stands for no notebook.
    """
    folder = paths.notebooks()
    every = sorted(folder.glob("[0-9]*.ipynb"))
    if not names:
        return every
    found = []
    for name in names:
        candidates = [Path(name), folder / name, folder / f"{name}.ipynb"]
        match = next((c for c in candidates if c.is_file()), None)
        match = match or next((c for c in every if c.stem.split("-")[0] == name), None)
        if match is None:
            raise NotebookError(f"No notebook is called {name!r}: there are {', '.join(c.stem for c in every)}.")
        found.append(match.absolute())
    return found


def is_summary(notebook: Path) -> bool:
    """Return whether a notebook reads the results of the others, and so runs after them."""
    return notebook.name.startswith(SUMMARIES)
