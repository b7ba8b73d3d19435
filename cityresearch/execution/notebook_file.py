"""The file of a notebook: read for a run, with parameters in it, and written in one step after it."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.warnings import DuplicateCellId, MissingIDFieldWarning
from papermill.execute import remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.utils import find_first_tagged_cell_index

__all__ = ["failed_path", "kernel_name", "load_for_run", "temporary_path", "write_notebook"]

INJECTED_CELL_ID = "injected-parameters"


def load_for_run(notebook: Path, parameters: Mapping[str, Any], left_out: Sequence[int]):
    """Read a notebook for a run: its parameters injected, what earlier runs marked taken off.

    Returns
    -------
    tuple
        The notebook, and for each of its cells the place in the file, counted from 0; None for the injected parameters.
    """
    with warnings.catch_warnings():
        # no result depends on a cell's id, so nobody needs to hear that one is missing or that two are alike
        for kind in (DuplicateCellId, MissingIDFieldWarning):
            warnings.simplefilter("ignore", kind)
        nb = load_notebook_node(str(notebook))
    nb = remove_error_markers(nb)
    places: list[int | None] = [place for place in range(len(nb.cells)) if place not in left_out]
    nb.cells = [nb.cells[place] for place in places]
    if parameters:
        before = len(nb.cells)
        nb = parameterize_notebook(nb, dict(parameters), kernel_name=kernel_name(nb), language=_language(nb))
        place = find_first_tagged_cell_index(nb, "injected-parameters")
        nb.cells[place]["id"] = INJECTED_CELL_ID  # papermill's is random
        if len(nb.cells) > before:
            places.insert(place, None)
    return nb, places


def kernel_name(nb) -> str:
    """Return the kernel that a notebook asks for."""
    # Tools that strip outputs may strip this too; a notebook that does not say is ours, so in Python.
    return nb.metadata.get("kernelspec", {}).get("name", "python3")


def _language(nb) -> str:
    stated = nb.metadata.get("language_info", {}).get("name")
    return stated or nb.metadata.get("kernelspec", {}).get("language", "python")


def failed_path(output: Path) -> Path:
    """Return where the notebook goes when a cell failed: next to the output, never over it."""
    return output.with_suffix(".failed.ipynb")


def temporary_path(target: Path, pid: int) -> Path:
    """Return the name under which a process writes a file before it moves it into place."""
    return target.with_name(f".{target.name}.{pid}.tmp")


def write_notebook(nb, target: Path) -> None:
    """Write a notebook in one step: a reader finds the old file or the new one and nothing between."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_path(target, os.getpid())
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(nbformat.writes(nb).rstrip("\n") + "\n")
        temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
