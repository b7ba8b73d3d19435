"""Parameters of a notebook: read from its first tagged cell, checked before anything runs.

Each line of the cell is a plain assignment with a comment that gives the unit or the allowed values. Four endings of the comment are
understood and enforced: "one of DATASET.COLUMN", "one of: A, B, C", "at least N" and "at most N", separated by semicolons.
"""

from __future__ import annotations

import ast
import difflib
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.errors import NotebookError, ParameterError

TYPES = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "True or False",
    list: "a list",
    type(None): "a value",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, default value and the comment beside it."""

    name: str
    default: Any
    comment: str


def parameters_of(notebook: Path) -> tuple[Parameter, ...]:
    """Return the parameters of a notebook.

    Raises
    ------
    NotebookError
        If there is not exactly one cell tagged `parameters`, or it holds more than plain assignments.
    """
    cells = [
        cell
        for cell in read_notebook(notebook)["cells"]
        if cell["cell_type"] == "code" and "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(cells) != 1:
        raise NotebookError(f"{notebook} has {len(cells)} cells tagged parameters: it needs exactly one.")
    source = "".join(cells[0]["source"])
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for node in ast.parse(source).body:
        try:
            (target,) = node.targets
            found.append(Parameter(target.id, ast.literal_eval(node.value), comments.get(node.end_lineno, "")))
        except (AttributeError, ValueError):
            raise NotebookError(
                f"{notebook}, parameters cell, line {node.lineno}: only plain assignments of literals may stand there."
            ) from None
    return tuple(found)


def read_notebook(notebook: Path) -> dict[str, Any]:
    """Return a notebook's JSON.

    Raises
    ------
    NotebookError
        If the file is missing or is not a notebook.
    """
    import json

    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        content["cells"]
    except OSError as error:
        raise NotebookError(f"{notebook} cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise NotebookError(f"{notebook} is not a Jupyter notebook: save it again from JupyterLab.") from None
    return content


def checked(notebook: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the full set of parameter values, after checking names, types and allowed values.

    Parameters
    ----------
    notebook : Path
    given : mapping of name to value
        Texts, as from the command line, are turned into the type of the default.

    Raises
    ------
    ParameterError
        With one sentence: what, where, found, expected.
    """
    known = {parameter.name: parameter for parameter in parameters_of(notebook)}
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}."
            raise ParameterError(f"{notebook.name} has no parameter {name!r}: {hint}")
    values = {}
    for name, parameter in known.items():
        value = _typed(notebook, parameter, given[name]) if name in given else parameter.default
        _within(notebook, parameter, value)
        values[name] = value
    return values


def _typed(notebook: Path, parameter: Parameter, value: Any) -> Any:
    wanted = type(parameter.default)
    if isinstance(value, str) and wanted is not str:
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            raise _wrong(notebook, parameter, value, TYPES.get(wanted, wanted.__name__)) from None
    if wanted is float and type(value) is int:
        value = float(value)
    if wanted is not type(None) and type(value) is not wanted:
        raise _wrong(notebook, parameter, value, TYPES.get(wanted, wanted.__name__))
    return value


def _within(notebook: Path, parameter: Parameter, value: Any) -> None:
    for rule in (part.strip() for part in parameter.comment.split(";")):
        if rule.startswith("one of: "):
            allowed = [choice.strip() for choice in rule.removeprefix("one of: ").split(",")]
            if str(value) not in allowed:
                raise _wrong(notebook, parameter, value, f"one of {', '.join(allowed)}")
        elif rule.startswith("one of "):
            allowed = _column(rule.removeprefix("one of ").strip())
            if value not in allowed:
                raise _wrong(notebook, parameter, value, _span(allowed, value))
        elif (rule.startswith("at least ") and value < float(rule.split()[2])) or (
            rule.startswith("at most ") and value > float(rule.split()[2])
        ):
            raise _wrong(notebook, parameter, value, rule)


def allowed_values(parameter: Parameter) -> list[Any]:
    """Return the values that a parameter's comment allows, or none if it lists none."""
    for rule in (part.strip() for part in parameter.comment.split(";")):
        if rule.startswith("one of: "):
            return [type(parameter.default)(choice.strip()) for choice in rule.removeprefix("one of: ").split(",")]
        if rule.startswith("one of "):
            return _column(rule.removeprefix("one of ").strip())
    return []


def _column(reference: str) -> list[Any]:
    from cityresearch.datasets.values import distinct

    name, _, column = reference.partition(".")
    return distinct(name, column)


def _span(allowed: list[Any], value: Any) -> str:
    if all(isinstance(choice, int) for choice in allowed):
        return f"a value from {min(allowed)} to {max(allowed)}"
    near = difflib.get_close_matches(str(value), [str(choice) for choice in allowed], n=1)
    listed = ", ".join(str(choice) for choice in allowed[:6]) + (", ..." if len(allowed) > 6 else "")
    return f"one of {len(allowed)} values such as {listed}" + (f" (did you mean {near[0]}?)" if near else "")


def _wrong(notebook: Path, parameter: Parameter, value: Any, expected: str) -> ParameterError:
    return ParameterError(f"{notebook.name}, parameter {parameter.name}: found {value!r}, expected {expected}.")
