"""The paper's four annexes, statement by statement: what is listed, and what is on record about it."""

from __future__ import annotations

import pandas as pd

from cityresearch.claims.ledger import claims
from cityresearch.errors import DataError
from cityresearch.measures.published import filled
from cityresearch.phrases import many

__all__ = ["NOT_ON_RECORD", "as_listed", "in_words", "ledger_says", "readable"]

NOT_ON_RECORD = "not on record"


def as_listed(printed: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of the annexes in the paper's order, each with its status and evidence.

    Parameters
    ----------
    printed : pandas.DataFrame
        The dataset `annex_outcomes`.
    records : pandas.DataFrame
        Outcomes with their evidence, from the chapter on outcomes (`results.structured`).

    Returns
    -------
    pandas.DataFrame
        Columns annex, place, mission_id, statement, is_outcome (yes or no), status (confirmed, reported, planned, or not on record),
        evidence (who says so), when (a date, where the outcome has one), note, claim_ids, ledger (what the ledger says of the claims),
        sources.

    Raises
    ------
    DataError
        If an annex names an outcome that is not on record.
    """
    rows = []
    for item in filled(printed).itertuples():
        key = (item.mission_id, item.outcome)
        if item.outcome and key not in records.index:
            raise DataError(
                f"annex_outcomes, annex {item.annex}, place {item.place}, names {item.outcome!r} of {item.mission_id}, which "
                "mission_outcomes does not have: correct one of them."
            )
        record = records.loc[key] if item.outcome else None
        rows.append(
            {
                "annex": item.annex,
                "place": item.place,
                "mission_id": item.mission_id,
                "statement": item.statement,
                "is_outcome": item.is_outcome,
                "status": NOT_ON_RECORD if record is None else record["status"],
                "evidence": "" if record is None else record["evidence"] or "planned, not a result",
                "when": "" if record is None else record["date"],
                "note": "" if record is None else record["note"],
                "claim_ids": item.claim_ids,
                "ledger": ledger_says(item.claim_ids),
                "sources": item.source_id if record is None else record["source_id"],
            }
        )
    return pd.DataFrame(rows)


def readable(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of the annexes as a reader sees them, from `as_listed`."""
    told = listed.rename(
        columns={"is_outcome": "outcome of a trip", "claim_ids": "claims", "ledger": "what the ledger says"}
    )
    told = told.assign(annex="Annex " + listed["annex"].astype(str), claims=listed["claim_ids"].str.replace(";", ", "))
    return told.drop(columns=["place", "mission_id", "sources"]).set_index("statement")


def ledger_says(claim_ids: str) -> str:
    """Return what the ledger says of claims, each under its id; empty for none."""
    known = claims()
    return " ".join(f"{key}: {known[key].settle}" for key in claim_ids.split(";") if key)


def in_words(listed: pd.DataFrame) -> str:
    """Return in sentences how many outcomes the annexes list, and how sure each is.

    Parameters
    ----------
    listed : pandas.DataFrame
        From `as_listed`.
    """
    outcomes = listed[listed["is_outcome"] == "yes"]
    others = len(listed) - len(outcomes)
    counts = outcomes["evidence"].value_counts()
    by_evidence = "; ".join(f"{name}: {number}" for name, number in counts.items())
    return (
        f"The annexes make {many(len(listed), 'statement')}. {len(outcomes)} are outcomes of a trip ({by_evidence}); {others} are about what "
        "an office does or has as a whole. That something followed a trip does not show that the trip caused it."
    )
