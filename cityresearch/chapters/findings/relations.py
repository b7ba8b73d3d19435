"""Printed numbers held against one another: which clash, how firmly, and how many hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityresearch.claims.ledger import claim
from cityresearch.claims.relations import GRADES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNGRADED", "about", "clashes", "in_words"]
UNGRADED = "not graded yet"
_SHOWN = {
    "claims": "claims",
    "sentence": "what clashes, and under which assumption",
    "why_grade": "why this grade",
    "places": "places",
}


def about(found: pd.DataFrame, document: str) -> pd.DataFrame:
    """Return the relations with a claim of a document; "all" takes every one."""
    if document == "all":
        return found
    return found[[any(claim(i).document == document for i in ids.split(";")) for ids in found["claims"]]]


def clashes(found: pd.DataFrame) -> pd.DataFrame:
    """Return the relations of `claims.arithmetic.table` that do not hold, the firmest first.

    Returns
    -------
    pandas.DataFrame
        Indexed by relation; grade (with what it means), claims, what clashes, why this grade, places. A clash that nobody has graded
        comes last and says so.
    """
    failing = found[~found["holds"].fillna(True)]
    order = {grade: place for place, grade in enumerate(GRADES)}
    failing = failing.sort_values("grade", key=lambda grades: grades.map(order).fillna(len(order)), kind="stable")
    meant = failing["grade"].map(lambda grade: f"{grade}: {GRADES[grade]}" if grade in GRADES else UNGRADED)
    return failing[list(_SHOWN)].rename(columns=_SHOWN).assign(grade=meant)


def in_words(found: pd.DataFrame) -> str:
    """Return how many relations hold, clash, and cannot be decided, and how firm the clashes are."""
    holds = found["holds"]
    clash = found.loc[~holds.fillna(True), "grade"]
    grades = ", ".join(f"{int((clash == grade).sum())} {grade}" for grade in GRADES)
    left = int((~clash.isin(list(GRADES))).sum())
    return (
        f"{len(found)} relations were evaluated: {int(holds.fillna(False).sum())} hold, {len(clash)} clash "
        f"({grades}{f', {left} {UNGRADED}' if left else ''}), {int(holds.isna().sum())} cannot be decided."
    )
