"""The tables that the library itself reads: their names, places and schemas. A project that does not describe one of them has it without rows.

`ledger_tables.json` has them as a data package would, without rows and checksums. Every other table is a project's own, and what is about
such a table asks first whether the project has it (`needs`, `lacking`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["lacking", "ledger_tables", "needs", "resource"]

FILE = Path(__file__).with_name("ledger_tables.json")
Function = TypeVar("Function", bound=Callable[..., Any])


def ledger_tables() -> tuple[str, ...]:
    """Return the names of the tables that the library reads."""
    return tuple(_resources())


def resource(name: str) -> dict[str, Any]:
    """Return the description of such a table as a resource of a data package, without rows, bytes and checksum.

    Raises
    ------
    KeyError
        If the library has no table of that name.
    """
    return deepcopy(_resources()[name])


def needs(*names: str) -> Callable[[Function], Function]:
    """Mark a function as one about certain datasets: a project that lacks one of them does without it."""

    def marked(function: Function) -> Function:
        function.needs = names  # type: ignore[attr-defined]
        return function

    return marked


def lacking(function: Callable[..., Any], given: Any) -> tuple[str, ...]:
    """Return the datasets that a function is about and that are not among the given ones."""
    return tuple(name for name in getattr(function, "needs", ()) if name not in given)


@lru_cache(maxsize=1)
def _resources() -> dict[str, dict[str, Any]]:
    return {found["name"]: found for found in json.loads(FILE.read_text(encoding="utf-8"))["resources"]}
