"""Arguments of measures: a year typed as text, a state by its name or a metro's number as "5" is refused, not answered with "none".

A comparison of a column with a value of another kind finds nothing and raises nothing, so that a slip of the pen would read as a gap in
the data. The check uses the names and annotations of a function's parameters.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, TypeVar

from cityresearch.errors import DataError, ParameterError
from cityresearch.geography import state_name

__all__ = ["PERIODS", "YEARS", "checked_arguments"]

Function = TypeVar("Function", bound=Callable[..., Any])
YEARS = ("year", "base", "since", "until")
PERIODS = ("period", "year", "month")  # where a function takes them as text, for a table whose periods are texts


def checked_arguments(function: Function) -> Function:
    """Check whole numbers, years, states, periods, titles and tables before a measure is computed.

    A whole number as float (2023.0) or of NumPy becomes an int, and a year a text where the measure takes periods as text.

    Raises
    ------
    ParameterError
        By the returned function, if an argument is of the wrong kind or no year or state.
    DataError
        By the returned function, if a table is none.
    """
    signature = inspect.signature(function)
    checks = [
        (math.inf if p.kind is p.KEYWORD_ONLY else place, name, f"{function.__name__}: {name}", check)
        for place, (name, p) in enumerate(signature.parameters.items())
        if (check := _check_of(name, str(p.annotation)))
    ]

    @functools.wraps(function)
    def checked(*arguments: Any, **options: Any) -> Any:
        given = list(arguments)
        for place, name, where, check in checks:
            if name in options:
                options[name] = check(where, options[name])
            elif place < len(given):
                given[place] = check(where, given[place])
        return function(*given, **options)

    return checked  # type: ignore[return-value]


def _check_of(name: str, annotation: str) -> Callable[[str, Any], Any] | None:
    kind, _, other = annotation.partition(" | ")
    check = None
    if kind == "int":
        check = _year if name in YEARS else _whole
    elif kind == "str" and name == "state":
        check = _state
    elif kind == "str" and name in PERIODS:
        check = _period
    elif kind == "str" and name in ("title", "metro"):
        check = _text
    elif kind == "pd.DataFrame":
        check = _table
    if check is None or other not in ("", "None"):
        return None
    return (lambda where, value: None if value is None else check(where, value)) if other else check


def _whole(where: str, value: Any) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value) and value == int(value):
        return int(value)
    raise ParameterError(f"{where} must be a whole number, found {_shown(value)}.")


def _year(where: str, value: Any) -> int:
    try:
        year = _whole(where, value)
    except ParameterError:
        year = 0
    if not 1000 <= year <= 9999:
        raise ParameterError(f"{where} must be a year as a number, such as 2023, found {_shown(value)}.")
    return year


def _state(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ParameterError(f"{where} must be a postal code such as 'CA', found {_shown(value)}.")
    state_name(value)
    return value


def _period(where: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return str(_year(where, value))
    except ParameterError:
        raise ParameterError(f"{where} must be a period as text, such as '2023', found {_shown(value)}.") from None


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ParameterError(f"{where} must be the title of an area as text, found {_shown(value)}.")
    return value


def _table(where: str, value: Any) -> Any:
    if not (hasattr(value, "columns") and hasattr(value, "index")):
        load = f"cr.load({value!r})" if isinstance(value, str) else "a table from cr.load"
        raise DataError(f"{where} must be a table, found {_shown(value)}: pass {load}.")
    return value


def _shown(value: Any) -> str:
    return f"the text {value!r}" if isinstance(value, str) else f"{value!r}"[:80]
