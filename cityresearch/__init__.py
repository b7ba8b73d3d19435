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
    "note": "cityresearch.notebook",
    "result": "cityresearch.notebook",
    "as_printed": "cityresearch.claims.verdict",
    "claim": "cityresearch.claims.ledger",
    "PrintedNumber": "cityresearch.claims.printed",
    "Quantity": "cityresearch.quantity",
    "missing": "cityresearch.quantity",
    "share": "cityresearch.quantity",
    "in_words": "cityresearch.claims.agreement",
    "published": "cityresearch.measures.published",
}
_MODULES = {
    "exports": "cityresearch.measures.exports",
    "search": "cityresearch.measures.search",
    "investment": "cityresearch.measures.investment",
    "employment": "cityresearch.measures.employment",
    "figures": "cityresearch.figures",
    "arithmetic": "cityresearch.claims.arithmetic",
    "footnotes": "cityresearch.claims.footnotes",
    "findings": "cityresearch.claims.findings",
    "geography": "cityresearch.geography",
}
__all__ = [*_PARTS, *_MODULES]

if TYPE_CHECKING:
    from cityresearch import figures, geography
    from cityresearch.claims.agreement import in_words
    from cityresearch.claims.ledger import claim
    from cityresearch.claims.printed import PrintedNumber
    from cityresearch.claims.verdict import as_printed
    from cityresearch.datasets.load import load
    from cityresearch.measures import employment, exports, investment, search
    from cityresearch.measures.published import published
    from cityresearch.notebook import check, check_the_rest, note, result, show
    from cityresearch.quantity import Quantity, missing, share


def __getattr__(name: str) -> object:
    if name in _PARTS:
        return getattr(importlib.import_module(_PARTS[name]), name)
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    raise AttributeError(f"module 'cityresearch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
