"""Reproduce a policy paper's numbers from sourced data: `import cityresearch as cr` is the face that notebooks see.

Parts are imported when first used, so that the command line answers at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_PARTS = {
    "load": "cityresearch.datasets.load",
    "check": "cityresearch.notebook",
    "check_the_rest": "cityresearch.notebook",
    "show": "cityresearch.notebook",
    "count_if": "cityresearch.notebook",
    "note": "cityresearch.notebook",
    "table": "cityresearch.notebook",
    "result": "cityresearch.notebook",
    "as_printed": "cityresearch.claims.verdict",
    "claim": "cityresearch.claims.ledger",
    "PrintedNumber": "cityresearch.numbers.printed",
    "Fact": "cityresearch.numbers.quantity",
    "Missing": "cityresearch.numbers.quantity",
    "Quantity": "cityresearch.numbers.quantity",
    "fact": "cityresearch.numbers.quantity",
    "missing": "cityresearch.numbers.quantity",
    "share": "cityresearch.numbers.quantity",
    "together": "cityresearch.numbers.quantity",
    "observed": "cityresearch.measures.published",
    "sources": "cityresearch.measures.cited",
    "in_words": "cityresearch.numbers.display",
}
_MODULES = {
    "containers": "cityresearch.measures.containers",
    "exports": "cityresearch.measures.exports",
    "figures": "cityresearch.charts",
    "geography": "cityresearch.geography",
    "observations": "cityresearch.measures.published",
    "rounding": "cityresearch.measures.rounding",
}
__all__ = [*_PARTS, *_MODULES]

if TYPE_CHECKING:
    from cityresearch import charts as figures
    from cityresearch import geography
    from cityresearch.claims.ledger import claim
    from cityresearch.claims.verdict import as_printed
    from cityresearch.datasets.load import load
    from cityresearch.measures.cited import sources
    from cityresearch.measures.published import observed
    from cityresearch.notebook import check, check_the_rest, count_if, note, result, show, table
    from cityresearch.numbers.display import in_words
    from cityresearch.numbers.printed import PrintedNumber
    from cityresearch.numbers.quantity import Fact, Missing, Quantity, fact, missing, share, together


def __getattr__(name: str) -> object:
    if name in _PARTS:
        found = getattr(importlib.import_module(_PARTS[name]), name)
    elif name in _MODULES:
        found = importlib.import_module(_MODULES[name])
        if hasattr(found, "__all__"):
            # completion asks dir(), which else offers what a module imports before what it is for
            found.__dir__ = lambda: sorted(found.__all__)
    else:
        raise AttributeError(f"module 'cityresearch' has no attribute {name!r}")
    globals()[name] = found  # so that the next look-up does not come here
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
