"""Cells about the document alone, tagged `paper`: a run for another place or year leaves them out.

A notebook says once, as `cr.count_if(state == "CA" and year == 2023)`, which of its parameters the document speaks of. The same sentence is
read here before anything runs, so that no heading stands over nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityresearch.errors import NotebookError
from cityresearch.runs.notebook_files import read_notebook

__all__ = ["TAG", "is_about_the_paper", "left_out"]
TAG = "paper"
PLAIN = (
    ast.Expression, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not, ast.Compare, ast.cmpop, ast.Name, ast.Load, ast.Constant,
    ast.Tuple, ast.List, ast.Set,
)  # fmt: skip


def left_out(notebook: Path, values: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the places, from 0, of the cells that a run with these parameter values leaves out.

    Raises
    ------
    NotebookError
        If the condition of `cr.count_if` is no comparison of parameters.
    """
    if is_about_the_paper(notebook, values):
        return ()
    cells = read_notebook(notebook)["cells"]
    return tuple(place for place, cell in enumerate(cells) if TAG in (cell.get("metadata") or {}).get("tags", ()))


def is_about_the_paper(notebook: Path, values: Mapping[str, Any]) -> bool:
    """Return whether claims count in a run with these parameter values: always, where a notebook does not say when.

    Raises
    ------
    NotebookError
        As `left_out`.
    """
    for number, cell in enumerate(read_notebook(notebook)["cells"], start=1):
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or "count_if(" not in source:
            continue
        for node in _calls(source):
            return _holds(node, values, f"{notebook}, cell {number}, line {node.lineno}")
    return True


def _calls(source: str) -> list[ast.Call]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a magic of IPython, or a slip that the run itself will name
        return []
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "count_if"
    ]


def _holds(call: ast.Call, values: Mapping[str, Any], place: str) -> bool:
    if len(call.args) == 1 and not call.keywords:
        condition = ast.Expression(call.args[0])
        names = {node.id for node in ast.walk(condition) if isinstance(node, ast.Name)}
        if all(isinstance(node, PLAIN) for node in ast.walk(condition)) and names <= set(values):
            return bool(eval(compile(condition, place, "eval"), {"__builtins__": {}}, dict(values)))
    raise NotebookError(
        f"{place}: {ast.unparse(call)!r} is not a comparison of parameters: write one such as cr.count_if(state == 'CA' and year == 2023), "
        f"with no names but {', '.join(values) or 'those of the parameters cell'}."
    )
