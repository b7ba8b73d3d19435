"""Parameters of a notebook: read from its tagged cell, checked before anything runs.

Each line of the cell is a plain assignment with a comment that gives the unit or the allowed values. Four endings of the comment are
understood and enforced: "one of DATASET.COLUMN" (with "where COLUMN is VALUE", if asked), "one of: A, B, C", "at least N" and "at most N", separated by semicolons.
Where the column has titles of metropolitan areas, a city in a title, a part of it, or a CBSA code is taken too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cityresearch.errors import DataError, NotebookError, ParameterError
from cityresearch.runs.assignments import Bound, Choices, Column, Parameter, as_literal, parameters_in
from cityresearch.runs.notebook_files import parameters_cell, read_notebook
from cityresearch.suggestions import hint, nearest

__all__ = ["Parameter", "allowed_values", "checked", "checked_against", "parameters_of", "read_notebook"]
TYPES = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "True or False",
    list: "a list",
    dict: "a mapping",
    type(None): "a value",
}


def parameters_of(notebook: Path) -> tuple[Parameter, ...]:
    """Return the parameters of a notebook.

    Raises
    ------
    NotebookError
        If there is not exactly one code cell tagged `parameters`, it holds more than plain assignments, or a comment's rule does not
        suit its value; the sentence names file, cell (counted from 1 among all cells) and line.
    """
    return parameters_in(notebook, parameters_cell(notebook))


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
    NotebookError
        If the parameters cell itself cannot be understood.
    """
    return checked_against(notebook, parameters_of(notebook), given)


def checked_against(notebook: Path, parameters: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same for parameters that were read before, so that many combinations read the notebook once."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            otherwise = f"it has {', '.join(known) or 'none'}"
            raise ParameterError(f"{notebook.name} has no parameter {name!r}{hint(name, known, otherwise)}")
    values = {}
    for name, parameter in known.items():
        value = _typed(notebook, parameter, given[name]) if name in given else parameter.default
        value = _area_meant(notebook, parameter, value)
        _within(notebook, parameter, value)
        values[name] = value
    return values


def allowed_values(parameter: Parameter) -> list[Any]:
    """Return the values that a parameter's comment allows, in the parameter's type, or none if it lists none."""
    for rule in parameter.rules:
        if isinstance(rule, Choices):
            return list(rule.values)
        if isinstance(rule, Column):
            return _column(parameter, rule)
    return []


def _typed(notebook: Path, parameter: Parameter, value: Any) -> Any:
    wanted = type(parameter.default)
    wrong = partial(_wrong, notebook, parameter, expected=TYPES.get(wanted, wanted.__name__))
    if isinstance(value, str) and wanted is not str:
        read, literal = as_literal(value)
        # a parameter without a default of its own takes numbers as numbers and any other text as text
        if not read and wanted is not type(None):
            raise wrong(value)
        value = literal if read else value
    if wanted is float and type(value) is int:
        value = float(value)
    if wanted is not type(None) and type(value) is not wanted:
        raise wrong(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise wrong(value, expected="a finite number")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise wrong(value, expected="text in UTF-8") from None
    return value


def _area_meant(notebook: Path, parameter: Parameter, value: Any) -> Any:
    """Return the title of the metropolitan area that a part of a name or a code means, where a parameter takes titles."""
    rule = next((r for r in parameter.rules if isinstance(r, Column) and r.column == "cbsa_title"), None)
    if rule is None or not isinstance(value, str) or value in (allowed := _column(parameter, rule)):
        return value
    from cityresearch.measures.places import find_place

    try:
        place = find_place(value)
    except ParameterError as error:
        raise ParameterError(f"{notebook.name}, parameter {parameter.name}: {error}") from None
    return next((title for title in (place.title, *place.titles) if title in allowed), value)


def _within(notebook: Path, parameter: Parameter, value: Any) -> None:
    for rule in parameter.rules:
        if isinstance(rule, Bound):
            if not rule.holds(value):
                raise _wrong(notebook, parameter, value, rule.text)
        elif isinstance(rule, Choices):
            if not any(same(value, choice) for choice in rule.values):
                raise _wrong(notebook, parameter, value, f"one of {', '.join(map(str, rule.values))}")
        else:
            allowed = _column(parameter, rule)
            # the values of a column are of one kind
            if value not in allowed or not same(value, allowed[allowed.index(value)]):
                raise _wrong(notebook, parameter, value, _span(allowed, value, rule, parameter.comment))


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal and of one type: True is not 1."""
    return type(one) is type(other) and one == other


def _column(parameter: Parameter, rule: Column) -> list[Any]:
    from cityresearch.datasets.catalog import dataset
    from cityresearch.datasets.values import distinct

    try:
        for column in (rule.column, *(rule.where or ())[:1]):
            dataset(rule.dataset).field(column)
    except DataError as error:
        raise NotebookError(f"{parameter.place}: {error}") from None
    return distinct(rule.dataset, rule.column, rule.where)


def _span(allowed: list[Any], value: Any, rule: Column, comment: str) -> str:
    if not allowed:
        return f"a value of {rule.dataset}.{rule.column}, which has none"
    if all(isinstance(choice, int) for choice in allowed):
        return f"a value from {min(allowed)} to {max(allowed)}"
    near = nearest(value, map(str, allowed))
    between = "; " if any("," in str(choice) for choice in allowed) else ", "
    listed = between.join([str(choice) for choice in allowed[:6]] + ["..."] * (len(allowed) > 6))
    about = comment.partition("; one of ")[0]
    remarks = [about] * (about != comment) + [f"did you mean {near}?"] * bool(near)
    return f"one of {len(allowed)} values such as {listed}" + (f" ({'; '.join(remarks)})" if remarks else "")


def _wrong(notebook: Path, parameter: Parameter, value: Any, expected: str) -> ParameterError:
    return ParameterError(f"{notebook.name}, parameter {parameter.name}: found {value!r}, expected {expected}.")
