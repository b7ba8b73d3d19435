"""Notebook files: their JSON, their format, and the one cell that holds the parameters.

What git, an editor or an older Jupyter may leave in a file is told here in one sentence, before anything runs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.errors import NotebookError

__all__ = ["MERGE_MARKER", "Cell", "parameters_cell", "read_notebook"]

FORMAT = 4  # of nbformat; cells have ids since 4.5, and without ids a notebook is accepted too
PARAMETERS, INJECTED = "parameters", "injected-parameters"
MERGE_MARKER = re.compile(r"^(<{7}|>{7}|\|{7})( |$)|^={7}$", re.MULTILINE)
AGAIN = "save it again from JupyterLab"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its place among all cells of its notebook, counted from 1."""

    number: int
    source: str


def read_notebook(notebook: Path) -> dict[str, Any]:
    """Return a notebook's JSON.

    Raises
    ------
    NotebookError
        If the file is missing, is not a notebook, holds marks of an unfinished merge, or is of a format that cannot be run.
    """
    try:
        text = notebook.read_text(encoding="utf-8")
    except OSError as error:
        raise NotebookError(f"{notebook} cannot be read ({error.strerror}).") from None
    except UnicodeError:
        raise NotebookError(f"{notebook} is not a Jupyter notebook (it is not UTF-8 text): {AGAIN}.") from None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        marker = MERGE_MARKER.search(text)
        if marker:
            line = text.count("\n", 0, marker.start()) + 1
            raise NotebookError(
                f"{notebook}, line {line} of the file, holds the merge marker {marker[0].strip()!r}: finish the merge with git first."
            ) from None
        raise NotebookError(f"{notebook} is not a Jupyter notebook (it is not JSON): {AGAIN}.") from None
    _suitable(notebook, content)
    return content


def _suitable(notebook: Path, content: Any) -> None:
    if not isinstance(content, dict) or not {"cells", "worksheets"} & content.keys():
        raise NotebookError(f"{notebook} is not a Jupyter notebook (it has no cells): {AGAIN}.")
    found = content.get("nbformat", FORMAT)
    if "cells" not in content or not isinstance(found, int) or found < FORMAT:
        raise NotebookError(
            f"{notebook} is of notebook format {content.get('nbformat', 'below 4')}, and format {FORMAT} is needed: upgrade it with "
            f'jupyter nbconvert --to notebook --inplace "{notebook}".'
        )
    if found > FORMAT:
        raise NotebookError(
            f"{notebook} is of notebook format {found}, newer than format {FORMAT} that is understood here: save it in format {FORMAT}."
        )
    if not isinstance(content["cells"], list):
        raise NotebookError(f"{notebook} is not a Jupyter notebook (its cells are not a list): {AGAIN}.")
    for number, cell in enumerate(content["cells"], start=1):
        source = cell.get("source") if isinstance(cell, dict) else None
        lines = source if isinstance(source, list) else [source]
        if not all(isinstance(line, str) for line in lines) or not isinstance(cell.get("cell_type"), str):
            raise NotebookError(f"{notebook}, cell {number}, is not a cell (it needs a type and a source): {AGAIN}.")


def parameters_cell(notebook: Path) -> Cell:
    """Return the code cell tagged `parameters` of a notebook that has not been run.

    Raises
    ------
    NotebookError
        If there is not exactly one, it is not a code cell, or parameters of an earlier run are left in the notebook.
    """
    cells = list(enumerate(read_notebook(notebook)["cells"], start=1))
    left = [number for number, cell in cells if INJECTED in _tags(notebook, number, cell)]
    if left:
        raise NotebookError(
            f"{notebook}, cell {left[0]}, is tagged {INJECTED}, so it was left by an earlier run and would overrule the parameters: "
            "delete it."
        )
    tagged = [(number, cell) for number, cell in cells if PARAMETERS in _tags(notebook, number, cell)]
    if len(tagged) != 1:
        where = f" (cells {', '.join(str(number) for number, _ in tagged)})" if tagged else ""
        raise NotebookError(
            f"{notebook} has {len(tagged)} cells tagged {PARAMETERS}{where}: it needs exactly one, which may be empty."
        )
    ((number, cell),) = tagged
    if cell["cell_type"] != "code":
        raise NotebookError(
            f"{notebook}, cell {number}, is tagged {PARAMETERS} and is a {cell['cell_type']} cell: make it a code cell."
        )
    return Cell(number, "".join(cell["source"]))


def _tags(notebook: Path, number: int, cell: dict[str, Any]) -> list[str]:
    tags = (cell.get("metadata") or {}).get("tags") or []
    if not isinstance(tags, list):
        raise NotebookError(
            f"{notebook}, cell {number}: its tags are {tags!r}, expected a list such as [{PARAMETERS!r}]."
        )
    return tags
