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
    "arithmetic": "cityresearch.claims.arithmetic",
    "concentration": "cityresearch.chapters.metro_exports.concentration",
    "containers": "cityresearch.measures.containers",
    "crossings": "cityresearch.chapters.san_diego.crossings",
    "delineations": "cityresearch.measures.areas",
    "employment": "cityresearch.measures.employment",
    "exports": "cityresearch.measures.exports",
    "figures": "cityresearch.charts",
    "findings": "cityresearch.chapters.findings.findings",
    "footnotes": "cityresearch.claims.footnotes",
    "geography": "cityresearch.geography",
    "investment": "cityresearch.chapters.foreign_investment.firms",
    "market_places": "cityresearch.chapters.engagement_scorecard.ranks",
    "metro_trends": "cityresearch.chapters.metro_exports.trends",
    "mission_rules": "cityresearch.chapters.trade_missions.rules",
    "missions": "cityresearch.chapters.trade_missions.counts",
    "observations": "cityresearch.measures.published",
    "opinion": "cityresearch.chapters.public_opinion.surveys",
    "outcomes": "cityresearch.chapters.mission_outcomes.results",
    "port_series": "cityresearch.chapters.ports.series",
    "ports": "cityresearch.chapters.ports.shares",
    "rounding": "cityresearch.measures.rounding",
    "san_diego": "cityresearch.chapters.san_diego.studies",
    "scorecard": "cityresearch.chapters.engagement_scorecard.scorecard",
    "search": "cityresearch.chapters.metro_exports.search",
    "seasons": "cityresearch.chapters.trade_and_work.seasons",
    "sister_cities": "cityresearch.chapters.public_opinion.sister_cities",
    "trends": "cityresearch.measures.interruption",
    "trips": "cityresearch.chapters.trade_missions.trips",
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
