"""The paper's practices, challenges and recommendations, each with the evidence for or against it."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.cases_and_annexes.annexes import ledger_says
from cityresearch.claims.ledger import claims
from cityresearch.measures.published import filled

__all__ = ["NOTHING_TO_CHECK", "in_words", "with_evidence"]

NOTHING_TO_CHECK = "The paper prints nothing on it that can be checked."


def with_evidence(printed: pd.DataFrame) -> pd.DataFrame:
    """Return practices, challenges and recommendations with what the ledger and our data say.

    Parameters
    ----------
    printed : pandas.DataFrame
        The dataset `practices`.

    Returns
    -------
    pandas.DataFrame
        Columns kind, statement, addressed to, claims, evidence, what our data add, line.
    """
    rows = filled(printed)
    return pd.DataFrame(
        {
            "kind": rows["kind"],
            "statement": rows["statement"],
            "addressed to": rows["addressed_to"],
            "claims": rows["claim_ids"].str.replace(";", ", "),
            "evidence": [ledger_says(cell) or NOTHING_TO_CHECK for cell in rows["claim_ids"]],
            "what our data add": rows["note"],
            "line": rows["line"],
        }
    )


def in_words(printed: pd.DataFrame) -> str:
    """Return in a sentence how many of them rest on something that can be checked."""
    rows, known = filled(printed), claims()
    bare = int((rows["claim_ids"] == "").sum())
    undecided = sum(
        all(known[key].settle_status == "open" for key in cell.split(";")) for cell in rows["claim_ids"] if cell
    )
    return (
        f"{len(rows)} practices, challenges and recommendations. For {bare} the paper prints nothing that can be checked; for {undecided} "
        "no public source that we found decides any of the claims on them. A claim that holds does not show that a practice works."
    )
