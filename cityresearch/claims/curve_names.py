"""The names of specification curves: one figure per claim, called by what the claim is about, wherever it is drawn."""

from __future__ import annotations

import re

from cityresearch.claims.ledger import claim

__all__ = ["CURVES", "curve_name"]

# claims whose curve a chapter draws; two claims of one number share a curve
CURVES = {
    "C015": "curve-metro-total",
    "C016": "curve-state-total",
    "C017": "curve-container-trade-share",
    "C019": "curve-foreign-owned-jobs-rounded",
    "C020": "curve-state-missions",
    "C021": "curve-city-missions",
    "C022": "curve-mission-countries",
    "C026": "curve-san-diego-metro-exports",
    "C027": "curve-metro-total",
    "C028": "curve-state-total",
    "C030": "curve-container-import-share",
    "C031": "curve-container-export-share",
    "C033": "curve-export-supported-jobs",
    "C036": "curve-foreign-owned-jobs",
    "C037": "curve-foreign-owned-job-share",
    "C045": "curve-san-francisco-trade-jobs",
    "C066": "curve-los-angeles-port-share",
    "C126": "curve-fresno-export-share",
    "C143": "curve-farm-export-losses",
    "C150": "curve-small-exporters",
    "C169": "curve-fresno-guadalajara-years",
    "E010": "curve-canada-mexico-trade-growth",
    "E017": "curve-san-diego-mexico-share",
    "E018": "curve-san-diego-two-counties",
    "E143": "curve-san-diego-exports-of-2022",
    "M051": "curve-place-from-smallest-market",
}


def curve_name(claim_id: str) -> str:
    """Return the name of a claim's curve: the one that a chapter draws, or one made of the claim's subject and metric.

    Raises
    ------
    ClaimError
        If the ledger has no such claim.

    Examples
    --------
    >>> curve_name("C027"), curve_name("C067")
    ('curve-metro-total', 'curve-los-angeles-mission-destination-countries')
    """
    if claim_id in CURVES:
        return CURVES[claim_id]
    item = claim(claim_id)
    return "-".join(["curve", *re.findall(r"[a-z0-9]+", f"{item.subject} {item.metric}".lower())])
