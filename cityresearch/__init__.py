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
    "Fact": "cityresearch.quantity",
    "Missing": "cityresearch.quantity",
    "Quantity": "cityresearch.quantity",
    "fact": "cityresearch.quantity",
    "missing": "cityresearch.quantity",
    "share": "cityresearch.quantity",
    "together": "cityresearch.quantity",
    "observed": "cityresearch.measures.observations",
    "in_words": "cityresearch.claims.agreement",
}
_MODULES = {
    "arithmetic": "cityresearch.claims.arithmetic",
    "concentration": "cityresearch.measures.concentration",
    "containers": "cityresearch.measures.containers",
    "crossings": "cityresearch.measures.crossings",
    "delineations": "cityresearch.measures.delineations",
    "employment": "cityresearch.measures.employment",
    "exports": "cityresearch.measures.exports",
    "figures": "cityresearch.figures",
    "findings": "cityresearch.claims.findings",
    "footnotes": "cityresearch.claims.footnotes",
    "geography": "cityresearch.geography",
    "investment": "cityresearch.measures.investment",
    "market_places": "cityresearch.measures.market_places",
    "metro_trends": "cityresearch.measures.metro_trends",
    "mission_rules": "cityresearch.measures.mission_rules",
    "missions": "cityresearch.measures.missions",
    "neighbours": "cityresearch.measures.neighbours",
    "observations": "cityresearch.measures.observations",
    "opinion": "cityresearch.measures.opinion",
    "outcomes": "cityresearch.measures.outcomes",
    "port_series": "cityresearch.measures.port_series",
    "ports": "cityresearch.measures.ports",
    "profiles": "cityresearch.measures.profiles",
    "resilience": "cityresearch.measures.resilience",
    "rounding": "cityresearch.measures.rounding",
    "san_diego": "cityresearch.measures.san_diego",
    "scorecard": "cityresearch.measures.scorecard",
    "search": "cityresearch.measures.search",
    "seasons": "cityresearch.measures.seasons",
    "sister_cities": "cityresearch.measures.sister_cities",
    "state_exports": "cityresearch.measures.state_exports",
    "trends": "cityresearch.measures.trends",
    "trips": "cityresearch.measures.trips",
}
__all__ = [*_PARTS, *_MODULES]

if TYPE_CHECKING:
    from cityresearch import figures, geography
    from cityresearch.claims import arithmetic, findings, footnotes
    from cityresearch.claims.agreement import in_words
    from cityresearch.claims.ledger import claim
    from cityresearch.claims.printed import PrintedNumber
    from cityresearch.claims.verdict import as_printed
    from cityresearch.datasets.load import load
    from cityresearch.measures import (
        concentration,
        containers,
        crossings,
        delineations,
        employment,
        exports,
        investment,
        market_places,
        metro_trends,
        mission_rules,
        missions,
        neighbours,
        observations,
        opinion,
        outcomes,
        port_series,
        ports,
        profiles,
        resilience,
        rounding,
        san_diego,
        scorecard,
        search,
        seasons,
        sister_cities,
        state_exports,
        trends,
        trips,
    )
    from cityresearch.measures.observations import observed
    from cityresearch.notebook import check, check_the_rest, note, result, show
    from cityresearch.quantity import Fact, Missing, Quantity, fact, missing, share, together


def __getattr__(name: str) -> object:
    if name in _PARTS:
        found = getattr(importlib.import_module(_PARTS[name]), name)
    elif name in _MODULES:
        found = importlib.import_module(_MODULES[name])
        if name != "figures":
            # completion asks dir(), which else offers what a module imports before what it is for
            found.__dir__ = lambda: sorted(found.__all__)
    else:
        raise AttributeError(f"module 'cityresearch' has no attribute {name!r}")
    globals()[name] = found  # so that the next look-up does not come here
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
