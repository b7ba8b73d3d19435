"""Every public function of the measures and chapters refuses a year, state, place or number of the wrong kind by its name."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from importlib import import_module

import pytest
from test_direction import MODULES

from cityresearch.errors import ParameterError
from cityresearch.numbers.quantity import Missing, Quantity

KINDS = {"int": None, "str": ("state", "period", "year", "month", "title", "metro")}


def functions() -> dict[str, Callable]:
    """Return the public functions of measures and chapters by the name of their module and their own."""
    found = {}
    for name in MODULES:
        if name.startswith(("cityresearch.measures.", "cityresearch.chapters.")):
            module = import_module(name)
            public = {one: getattr(module, one) for one in getattr(module, "__all__", ())}
            found |= {f"{name}.{one}": item for one, item in public.items() if inspect.isfunction(item)}
    return found


def checked(function: Callable) -> list[str]:
    """Return the parameters of a function that are of a kind which is checked."""
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        kind = str(parameter.annotation).removesuffix(" | None")
        if kind in KINDS and (KINDS[kind] is None or name in KINDS[kind]):
            found.append(name)
    return found


def test_a_number_year_state_or_place_of_the_wrong_kind_is_refused_by_name():
    asked = {(name, parameter): item for name, item in functions().items() for parameter in checked(item)}
    assert len(asked) > 200
    unchecked = []
    for (name, parameter), function in asked.items():
        try:
            with pytest.raises(ParameterError, match=rf"{name.rpartition('.')[2]}: {parameter}"):
                function(**{parameter: [2023]})
        except (TypeError, ValueError, AssertionError):
            unchecked.append(f"{name}({parameter})")
    assert unchecked == [], "give them @checked_arguments"


KNOWN = Quantity(100, "count", "2024", "A place", sources=("lao-4618",))
EITHER = "Quantity | Missing"


def test_what_lacks_one_of_its_figures_is_missing_for_the_same_reason():
    asked = 0
    for name in (one for one in MODULES if one.startswith(RECORDS)):
        for function in vars(import_module(name)).values():
            if not (inspect.isfunction(function) and function.__module__ == name):
                continue
            signature = inspect.signature(function)
            needed = [p for p in signature.parameters.values() if p.default is p.empty]
            kinds = {str(parameter.annotation) for parameter in needed}
            if not needed or signature.return_annotation != EITHER or not {EITHER} <= kinds <= {EITHER, "str", "int"}:
                continue
            for lacking in (p.name for p in needed if str(p.annotation) == EITHER):
                given = {EITHER: KNOWN, "str": "percent", "int": 2024}
                values = {p.name: given[str(p.annotation)] for p in needed} | {lacking: Missing("no such count")}
                variable = [values.pop(p.name) for p in needed if p.kind is p.VAR_POSITIONAL]
                places = [values.pop(p.name) for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD]
                found = function(*places, *variable, **values)
                assert isinstance(found, Missing) and "no such count" in found.reason, (
                    f"{name}.{function.__name__}: {lacking}"
                )
                asked += 1
    assert asked > 20


RECORDS = ("cityresearch.numbers.", "cityresearch.claims.", "cityresearch.measures.", "cityresearch.chapters.")
MOVED_WHILE_DRAWN = {"cityresearch.chapters.trade_missions.symbols.Symbol"}


def test_no_cell_can_change_what_a_measure_or_a_check_has_returned():
    for name in (one for one in MODULES if one.startswith(RECORDS)):
        for item in vars(import_module(name)).values():
            if isinstance(item, type) and dataclasses.is_dataclass(item) and item.__module__ == name:
                known = f"{name}.{item.__name__}"
                assert item.__dataclass_params__.frozen != (known in MOVED_WHILE_DRAWN), known
