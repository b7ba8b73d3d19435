"""Printed numbers held against one another: which clash, and how many hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["clashes", "in_words"]
_SHOWN = {"claims": "claims", "sentence": "what clashes, and under which assumption", "places": "places"}


def clashes(found: pd.DataFrame) -> pd.DataFrame:
    """Return the relations of `claims.arithmetic.table` that do not hold, without the columns that only a program needs."""
    failing = found[~found["holds"].fillna(True)]
    return failing[[c for c in _SHOWN if c in failing.columns]].rename(columns=_SHOWN)


def in_words(found: pd.DataFrame) -> str:
    """Return how many relations hold, clash, and cannot be decided."""
    holds = found["holds"]
    return (
        f"{len(found)} relations were evaluated: {int(holds.fillna(False).sum())} hold, {int((~holds.fillna(True)).sum())} clash, "
        f"{int(holds.isna().sum())} cannot be decided."
    )
