"""Relations between claims: which printed numbers and dates are compared, by which rule, and what must be assumed for it.

The rules themselves are in `arithmetic`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, get_args

from cityresearch.claims.ledger import claim
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.errors import ClaimError
from cityresearch.numbers.intervals import exact

__all__ = ["FACTOR_RESULT", "FEWEST", "GRADES", "KINDS", "ClaimRelation", "Kind", "relations"]

Kind = Literal[
    "equal", "part_of", "part_of_mean", "at_least", "sum", "difference", "product", "ratio", "order_in_time",
    "ended_before", "within_years", "days_between", "count_of_rows",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
# how firm a clash is, the firmest first, and what the word means
GRADES = {
    "certain": "no year, scope or way of counting makes all of them true, so that one has to be corrected",
    "conditional": "they clash only if the assumption named with it holds",
    "trivial": "a matter of rounding or wording",
}
# with so many claims, the factor is the result
FACTOR_RESULT = {"at_least": 1, "difference": 2, "ratio": 2, "within_years": 2}
FEWEST = {"part_of_mean": 3, "at_least": 1, "count_of_rows": 1}


@dataclass(frozen=True, slots=True)
class ClaimRelation:
    """One row of `claim_relations`: the claims compared, the rule, and what must be assumed for it to bind.

    `grade` says how firm a clash is (see `GRADES`) and `why_grade` why; both are empty where the claims can all be true. `claim_hashes` are
    the claims as they read when the relation was found, in the order of `claims`; `data check` names those that have changed. The outcome
    is computed from the claims as they read now.
    """

    relation_id: str
    kind: str
    claims: tuple[str, ...]
    factor: Fraction | None
    unit: str
    says: str
    assumption: str
    scope: str
    grade: str = ""
    why_grade: str = ""
    claim_hashes: tuple[str, ...] = ()


def relations() -> dict[str, ClaimRelation]:
    """Return every relation by its id, in the order of the file.

    Raises
    ------
    ClaimError
        If a relation names an unknown claim or kind, has too few claims, lacks a factor, holds numbers of different units equal, or has
        a scope or a grade that does not suit it.
    """
    return _relations(reading_key("claim_relations"), reading_key("claims"))


@lru_cache(maxsize=2)
def _relations(_key: ReadingKey, _ledger: ReadingKey) -> dict[str, ClaimRelation]:
    rows = text_rows("claim_relations")
    return {row["relation_id"]: _relation(row) for row in rows}


def _relation(row: dict[str, str]) -> ClaimRelation:
    ids = tuple(row["claims"].split(";"))
    where = f"Relation {row['relation_id']} of data/raw/claims/relations.csv"
    documents = {claim(key).document for key in ids}
    if row["kind"] not in KINDS:
        raise ClaimError(f"{where} has the kind {row['kind']!r}: use one of {', '.join(KINDS)}.")
    needs_factor = {"sum": 2, "product": 2, "count_of_rows": 1, **FACTOR_RESULT}.get(row["kind"], 0) >= len(ids)
    if len(ids) < FEWEST.get(row["kind"], 2) or (needs_factor and not row["factor"]):
        raise ClaimError(f"{where} compares too few claims ({row['claims']}): add the missing claim or a factor.")
    scope = "inside" if len(documents) == 1 else "across"
    if row["scope"] != scope:
        raise ClaimError(f"{where} has the scope {row['scope']!r}, but its claims are {scope} documents: correct it.")
    units = {claim(key).unit for key in ids if claim(key).printed is not None}
    if row["kind"] == "equal" and len(units) > 1:
        raise ClaimError(f"{where} holds numbers in {' and '.join(sorted(units))} equal: compare claims in one unit.")
    if bool(row["grade"]) != bool(row["why_grade"]):
        raise ClaimError(f"{where} has a grade without its reason, or a reason without a grade: give both or none.")
    if (row["grade"], bool(row["assumption"])) in (("certain", True), ("conditional", False)):
        raise ClaimError(
            f"{where} is graded {row['grade']}, with the assumption {row['assumption']!r}: a certain clash needs none, a conditional one names it."
        )
    factor = exact(row["factor"]) if row["factor"] else None
    hashes = tuple(row["claim_hashes"].split(";"))
    return ClaimRelation(**{**row, "claims": ids, "factor": factor, "claim_hashes": hashes})
