"""Combinations: from what a person asks a sweep to vary to the sets of parameter values to run."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cityresearch.errors import ParameterError
from cityresearch.runs.parameters import Parameter, allowed_values, checked_against, parameters_of
from cityresearch.suggestions import hint

__all__ = ["canonical", "combinations", "slug"]

MOST_COMBINATIONS = 20_000
READABLE = 60  # characters of a file name that say what the combination is; with the rest, file systems take it


def canonical(values: Mapping[str, Any]) -> str:
    """Return parameter values as text that is equal for equal values of equal kinds and for no others.

    Examples
    --------
    >>> canonical({"b": True, "a": 1}), canonical({"a": 1.0, "b": "True"})
    ('{"a": 1, "b": true}', '{"a": 1.0, "b": "True"}')
    """
    return json.dumps(dict(values), sort_keys=True, allow_nan=False)


def slug(values: Mapping[str, Any]) -> str:
    """Return a file name for a combination that no other combination has, on any file system.

    The readable part is cut and says less than the values (neither signs nor kinds nor scripts); the hash of the values keeps them apart.
    """
    words = re.sub(r"[^a-z0-9]+", "-", "_".join(f"{name}-{value}" for name, value in values.items()).lower())
    digest = hashlib.sha256(canonical(values).encode("ascii")).hexdigest()
    return f"{words[:READABLE].strip('-')}-{digest[:12]}".strip("-")


def combinations(notebook: Path, over: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every combination of parameter values that a sweep asks for, each once.

    Parameters
    ----------
    over : sequence of str
        `name=all` (every allowed value), `name=A,B,C`, `name=A|B|C` for values that hold commas or, for whole numbers,
        `name=2012:2023`. A name given twice adds its values; a value given twice runs once.
    given : mapping
        Parameters that stay the same.

    Raises
    ------
    ParameterError
        If a name, value or range does not suit the notebook.
    """
    parameters = parameters_of(notebook)
    known = {p.name: p for p in parameters}
    axes: dict[str, list[Any]] = {}
    for wish in over:
        name, equals, text = (part.strip() for part in wish.partition("="))
        if not equals or not text:
            raise ParameterError(f"--over takes NAME=all, NAME=A,B, NAME=A|B or NAME=FIRST:LAST, found {wish!r}.")
        if name not in known:
            otherwise = f"it has {', '.join(known) or 'none'}"
            raise ParameterError(f"{notebook.name} has no parameter {name!r}{hint(name, known, otherwise)}")
        if name in given:
            raise ParameterError(f"{name} is set to {given[name]!r} and also varied with --over: keep one of the two.")
        axes[name] = [*axes.get(name, ()), *_axis(notebook, known[name], text)]
    count = math.prod(map(len, axes.values()))
    if count > MOST_COMBINATIONS:
        raise ParameterError(
            f"The sweep has {count:,} combinations; at most {MOST_COMBINATIONS:,} are run at once: split it."
        )
    found = [
        checked_against(notebook, parameters, {**given, **dict(zip(axes, chosen, strict=True))})
        for chosen in itertools.product(*axes.values())
    ]
    return list({canonical(values): values for values in found}.values())


def _axis(notebook: Path, parameter: Parameter, text: str) -> list[Any]:
    """Return the values that one wish names: of the parameter's type where it says all or a range, else texts."""
    where = f"{notebook.name}, parameter {parameter.name}"
    if text == "all":
        allowed = allowed_values(parameter)
        if not allowed:
            raise ParameterError(f"{where}: its comment lists no values, so name them instead of 'all'.")
        return allowed
    span = re.fullmatch(r"([-+]?\d+)\s*:\s*([-+]?\d+)", text)
    if span and type(parameter.default) is int:
        first, last = int(span[1]), int(span[2])
        if first > last:
            raise ParameterError(f"{where}: the range {text} ends before it starts: write {last}:{first}.")
        if last - first >= MOST_COMBINATIONS:
            raise ParameterError(f"{where}: the range {text} has over {MOST_COMBINATIONS:,} values: split it.")
        return list(range(first, last + 1))
    if isinstance(parameter.default, list | dict):
        # their own commas stay
        parts = text.split("|")
    elif text in map(str, allowed_values(parameter)):
        # the title of one metro holds a comma and is one value
        return [text]
    else:
        parts = text.split("|" if "|" in text else ",")
    values = [part.strip() for part in parts]
    if "" in values:
        raise ParameterError(f"{where}: found '' among the values {text!r}: leave out the comma or bar too many.")
    return values
