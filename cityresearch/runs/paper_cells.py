"""Cells about the document alone, tagged `paper`: a run for another place or year leaves them out.

A notebook says once, as `cr.count_if(state == "CA" and year == 2023)`, which of its parameters the document speaks of. The same sentence is
read here before anything runs, so that no heading stands over nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.errors import NotebookError
from cityresearch.runs.notebook_files import read_notebook

__all__ = ["TAG", "PaperCells", "paper_cells"]
TAG = "paper"
PLAIN = (
    ast.Expression, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not, ast.Compare, ast.cmpop, ast.Name, ast.Load, ast.Constant,
    ast.Tuple, ast.List, ast.Set,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperCells:
    """The places, from 0, of the cells about the document, and the condition under which they stay: always, where there is none."""

    places: tuple[int, ...]
    condition: ast.Call | None
    where: str

    def left_out(self, values: Mapping[str, Any]) -> tuple[int, ...]:
        """Return the places of the cells that a run with these parameter values leaves out.

        Raises
        ------
        NotebookError
            If the condition of `cr.count_if` is no comparison of parameters.
        """
        stays = self.condition is None or _holds(self.condition, values, self.where)
        return () if stays else self.places


def paper_cells(notebook: Path) -> PaperCells:
    """Read which cells of a notebook are about the document, and when they stay."""
    cells = read_notebook(notebook)["cells"]
    places = tuple(place for place, cell in enumerate(cells) if TAG in (cell.get("metadata") or {}).get("tags", ()))
    for number, cell in enumerate(cells, start=1):
        source = "".join(cell["source"])
        call = _condition_in(source) if cell["cell_type"] == "code" and "count_if(" in source else None
        if call is not None:
            return PaperCells(places, call, f"{notebook}, cell {number}, line {call.lineno}")
    return PaperCells(places, None, "")


def _condition_in(source: str) -> ast.Call | None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a magic of IPython, or a slip that the run itself will name
        return None
    calls = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "count_if"
    )
    return next(calls, None)


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
