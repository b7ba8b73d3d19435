"""Reproduce a policy paper's numbers from sourced data: `import cityresearch as cr` is the face that notebooks see.

Parts are imported when first used, so that the command line answers at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_PARTS = {
    "load": "cityresearch.datasets.load",
    "observed": "cityresearch.measures.published",
    "share": "cityresearch.numbers.quantity",
    "Quantity": "cityresearch.numbers.quantity",
    "PrintedNumber": "cityresearch.numbers.printed",
    "Fact": "cityresearch.numbers.quantity",
    "Missing": "cityresearch.numbers.quantity",
    "missing": "cityresearch.numbers.quantity",
    "claim": "cityresearch.claims.ledger",
    "as_printed": "cityresearch.claims.reading",
    "say": "cityresearch.claims.said",
    "check": "cityresearch.notebook",
    "check_the_rest": "cityresearch.notebook",
    "count_if": "cityresearch.notebook",
    "show": "cityresearch.notebook",
    "table": "cityresearch.notebook",
    "note": "cityresearch.notebook",
    "result": "cityresearch.notebook",
}
__all__ = [*_PARTS]

if TYPE_CHECKING:
    from cityresearch.claims.ledger import claim
    from cityresearch.claims.reading import as_printed
    from cityresearch.claims.said import say
    from cityresearch.datasets.load import load
    from cityresearch.measures.published import observed
    from cityresearch.notebook import check, check_the_rest, count_if, note, result, show, table
    from cityresearch.numbers.printed import PrintedNumber
    from cityresearch.numbers.quantity import Fact, Missing, Quantity, missing, share


def __getattr__(name: str) -> object:
    if name not in _PARTS:
        raise AttributeError(f"module 'cityresearch' has no attribute {name!r}")
    found = getattr(importlib.import_module(_PARTS[name]), name)
    globals()[name] = found  # so that the next look-up does not come here
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
