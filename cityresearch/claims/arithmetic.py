"""Arithmetic between claims: printed numbers and dates compared with one another, without any outside source.

A printed number is an interval, and a printed date is the days that it may mean, so each relation asks one question: is there a choice
of numbers, within what is printed, for which both sides are true? A clash says that they cannot all be true as printed, but not which
of them is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache, reduce
from operator import add, mul, sub
from typing import TYPE_CHECKING, Literal

from cityresearch.claims.ledger import Claim, claim
from cityresearch.claims.periods import days
from cityresearch.claims.relations import FACTOR_RESULT, KINDS, ClaimRelation, relations
from cityresearch.claims.wordings import reach
from cityresearch.datasets.load import ReadingKey, reading_key
from cityresearch.errors import ClaimError
from cityresearch.numbers.display import exactly, in_words
from cityresearch.numbers.intervals import Interval, plain
from cityresearch.numbers.printed import WORDING

__all__ = [
    "COUNTED", "DECIDING", "FAR", "IN_TIME", "OUTCOMES", "YEAR_IN_DAYS", "Comparison", "Suggestion", "can_be_at_most",
    "can_hold", "compare", "comparisons", "is_date", "judge_by_arithmetic", "number", "partners", "sides", "table",
]  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

DECIDING = {"sum", "difference", "product", "ratio", "count_of_rows"}
IN_TIME = {"order_in_time", "ended_before", "within_years", "days_between"}
COUNTED = {"count", "people", "jobs", "companies", "rank", "days"}
YEAR_IN_DAYS = Fraction(3652425, 10000)
FAR = 10**6  # how far "more than" reaches if read as a bare bound
OUTCOMES = {
    True: "these can all be true",
    False: "these cannot all be true as printed",
    None: "not decided",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of a relation: True if it can hold, False if it clashes, None if it is undetermined."""

    relation_id: str
    kind: str
    claims: tuple[str, ...]
    holds: bool | None
    left_words: str
    right_words: str
    sentence: str
    scope: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A verdict that follows from other printed claims of the same document alone."""

    claim_id: str
    verdict: Literal["agrees", "differs"]
    basis: Literal["arithmetic"]
    decided_by: str
    reason: str


def can_be_at_most(x: Interval, y: Interval) -> bool:
    """Whether some number of the first is no larger than some number of the second."""
    return x.low < y.high or (x.low == y.high and x.has_low and y.has_high)


def sides(kind: str, x: Sequence[Interval], factor: Fraction | None = None) -> tuple[Interval, Interval]:
    """Return the two intervals that a kind of relation compares.

    Parameters
    ----------
    kind : str
        equal: the first against the last. part_of: the parts, added, against the whole. part_of_mean: a part against the mean, of
        unknown weights, of two or more shares. at_least: the first against the second or the factor. sum: the operands, and the factor if any, added,
        against the total. difference: the first less the others against the last (or the factor, if two operands). product: the operands and
        the factor against the last. ratio: the first over the second, times the factor, against the third (or against the factor, if two
        operands). order_in_time: the days of the first against the days of the last. ended_before: the last day of a whole period against
        the last day of the source that reports it. within_years: years from the first to the second against the third or the factor.
        days_between: days from the first day of the first to the last day of the date before the result, with and without the first day
        itself, against the result. count_of_rows: the number of claims listed, or the factor where the rows are not claims, against the last.
    x : sequence of Interval
        Numbers in full units; for the kinds in time, dates as ordinals of days.
    factor : Fraction, optional
    """
    match kind:
        case "equal" | "order_in_time":
            return x[0], x[-1]
        case "at_least":
            return x[0], x[-1] if len(x) == 2 else Interval.point(factor)
        case "part_of":
            return reduce(add, x[:-1]), x[-1]
        case "part_of_mean":
            low, high = min(i.low for i in x[1:]), max(i.high for i in x[1:])
            # a mean of two different shares stays below the larger one
            reached = all(i.high == high and i.has_high for i in x[1:])
            return x[0], Interval(low, high, low == high, reached)
        case "sum":
            return reduce(add, x[:-1], Interval.point(factor or 0)), x[-1]
        case "difference":
            if len(x) == 2:
                return x[0] - x[1], Interval.point(factor)
            return reduce(sub, x[:-1]), x[-1]
        case "product":
            return reduce(mul, x[:-1], Interval.point(1 if factor is None else factor)), x[-1]
        case "ratio":
            if len(x) == 2:
                return x[0] / x[1], Interval.point(factor)
            return x[0] / x[1] * Interval.point(1 if factor is None else factor), x[2]
        case "ended_before":
            return Interval.point(x[0].high), Interval.point(x[-1].high)
        case "within_years":
            return (x[1] - x[0]) / Interval.point(YEAR_IN_DAYS), x[2] if len(x) == 3 else Interval.point(factor)
        case "days_between":
            nights = x[-2].high - x[0].low
            return Interval(nights, nights + 1), x[-1]
        case "count_of_rows":
            return Interval.point(len(x) - 1 if factor is None else factor), x[-1]
    raise ClaimError(f"Unknown kind of relation {kind!r}: use one of {', '.join(KINDS)}.")


def can_hold(kind: str, x: Sequence[Interval], factor: Fraction | None = None) -> bool:
    """Whether the relation is true for some choice of numbers within the intervals."""
    left, right = sides(kind, x, factor)
    if kind == "equal":
        # intervals that overlap pair by pair have a number in common
        return all(a.overlaps(b) for i, a in enumerate(x) for b in x[i + 1 :])
    if kind in ("part_of", "part_of_mean", "order_in_time", "ended_before", "within_years"):
        return can_be_at_most(left, right)
    return can_be_at_most(right, left) if kind == "at_least" else left.overlaps(right)


def is_date(item: Claim) -> bool:
    """Whether what the claim prints is a date: its value is the year with which its period begins."""
    # the whole year: two years in 2014/2025 are a length of time, although the period begins with a 2
    return item.unit == "year" and item.printed is not None and item.period[:4] == str(item.printed.value)


def number(item: Claim, *, bare: bool = False) -> Interval | None:
    """Return the numbers that a claim's wording covers, whole ones for things that are counted.

    Parameters
    ----------
    item : Claim
    bare : bool
        Read "more than" and "less than" as bounds without an end instead of as a reader does.
    """
    if item.printed is None:
        return None
    if is_date(item):
        return Interval.point(item.printed.value)
    covered = reach(item)
    v, far = item.printed.value, abs(item.printed.value) * FAR
    if bare and item.relation in ("gt", "ge"):
        covered = Interval(covered.low, max(covered.high, far), covered.has_low, False)
    if bare and item.relation in ("lt", "le") and covered.low > v / FAR > 0:
        covered = Interval(v / FAR, covered.high, True, covered.has_high)
    return _whole(covered, item.relation) if item.unit in COUNTED else covered


def _whole(x: Interval, relation: str) -> Interval:
    low = math.ceil(x.low) if x.has_low else math.floor(x.low) + 1
    high = math.floor(x.high) if x.has_high else math.ceil(x.high) - 1
    if low <= high:
        return Interval(low, high)
    # between 522 and 523 lies no whole number: more than 522 is 523 at the least
    return Interval.point(low if relation == "gt" else high)


def comparisons() -> dict[str, Comparison]:
    """Return the outcome of every relation, by relation id."""
    return _comparisons(*(reading_key(name) for name in ("claim_relations", "claims", "wordings")))


@lru_cache(maxsize=2)
def _comparisons(*_keys: ReadingKey) -> dict[str, Comparison]:
    return {key: compare(relation) for key, relation in relations().items()}


def compare(relation: ClaimRelation) -> Comparison:
    """Compare the claims of a relation with one another.

    It clashes only if it fails both with the wording as a reader takes it and with "more than" and similar words read as bare bounds. If
    it passes only the second way, or a number or date is missing, it is undetermined.
    """
    items = [claim(key) for key in relation.claims]
    timed = [_is_timed(relation, items, i) for i in range(len(items))]
    worded, bare = (_operands(relation, items, timed, bare=flag) for flag in (False, True))
    lacking = [item.claim_id for item, x in zip(items, worded, strict=True) if x is None]
    holds, note = None, ""
    if lacking:
        note = f", because {' and '.join(lacking)} print{'s' * (len(lacking) == 1)} no number or full date for it"
    elif can_hold(relation.kind, worded, relation.factor):
        holds = True
    elif can_hold(relation.kind, bare, relation.factor):
        note = ", because only an open-ended wording, read without any limit, would let all of them be true"
    else:
        holds = False
    words = [_words(item, in_time) for item, in_time in zip(items, timed, strict=True)]
    alone = FACTOR_RESULT.get(relation.kind) == len(words)
    left, right = "; ".join(words[:-1]), words[-1]
    if relation.kind == "part_of_mean":
        left, right = words[0], " with ".join(words[1:])
    elif alone:
        left, right = "; ".join(words), f"{plain(relation.factor)} {relation.unit}".strip()
    if relation.kind == "count_of_rows":
        n = len(items) - 1 if relation.factor is None else relation.factor
        left = f"{plain(n)} {relation.unit or 'claims'} listed"
    elif not lacking and relation.kind in ("sum", "difference", "product", "ratio", "within_years", "days_between"):
        of = {"within_years": " years", "days_between": " days"}.get(relation.kind, "")
        left += f", which makes {_range(sides(relation.kind, worded, relation.factor)[0])}{of}"
    given = f", assuming that {relation.assumption}" if relation.assumption else ""
    sentence = f"{relation.says} {left} against {right}: {OUTCOMES[holds]}{given}{note}."
    return Comparison(
        relation.relation_id, relation.kind, relation.claims, holds, left, right, sentence, relation.scope
    )


def _is_timed(relation: ClaimRelation, items: list[Claim], i: int) -> bool:
    if relation.kind == "equal":
        return all(is_date(item) for item in items)
    ends = {"within_years": 2, "days_between": len(items) - 1}
    return relation.kind in IN_TIME and i < ends.get(relation.kind, len(items))


def _operands(relation, items: list[Claim], timed: list[bool], *, bare: bool) -> list[Interval | None]:
    found = []
    for item, in_time in zip(items, timed, strict=True):
        # the length of a trip is known without its year; a common year serves, since no printed span touches 29 February
        period = item.period.replace("--", "2023-") if relation.kind == "days_between" else item.period
        found.append(days(period) if in_time else number(item, bare=bare))
    return found


def _words(item: Claim, in_time: bool) -> str:
    if in_time:
        return f"{item.claim_id}: {item.period.replace('/', ' to ').replace('--', '') or 'no date'}"
    if item.printed is None:
        return f"{item.claim_id}: no number"
    years = " years" if item.unit == "year" and not is_date(item) else ""
    return f"{item.claim_id}: {WORDING[item.relation]}{exactly(item.printed.value, item.unit)}{years}"


def _range(x: Interval) -> str:
    low, high = in_words(x.low), in_words(x.high)
    return low if low == high else f"{low} to {high}"


def partners(claim_id: str) -> list[tuple[str, str, str, bool | None]]:
    """Return (other claim, relation, kind, holds) for every claim that a relation compares with this one."""
    claim(claim_id)
    found = [comparison for comparison in comparisons().values() if claim_id in comparison.claims]
    return [(other, c.relation_id, c.kind, c.holds) for c in found for other in c.claims if other != claim_id]


def table() -> pd.DataFrame:
    """Return all comparisons as a frame, indexed by relation.

    Returns
    -------
    pandas.DataFrame
        The columns of `Comparison`, the line of each claim, the assumption, and how firm a clash is (`relations.GRADES`) and why.
    """
    import pandas as pd

    known = relations()
    rows = [
        {f.name: getattr(c, f.name) for f in fields(c)}
        | {
            "claims": ";".join(c.claims),
            "places": "; ".join(f"{i}: {claim(i).document}, line {claim(i).line}" for i in c.claims),
            **{name: getattr(known[c.relation_id], name) for name in ("assumption", "grade", "why_grade")},
        }
        for c in comparisons().values()
    ]
    columns = [*(f.name for f in fields(Comparison)), "places", "assumption", "grade", "why_grade"]
    return pd.DataFrame(rows, columns=columns).astype({"holds": "boolean"}).set_index("relation_id")


def judge_by_arithmetic(claim_id: str) -> Suggestion | None:
    """Return the verdict on a claim that other printed claims of its document imply, or None.

    Only the result of a sum, difference, product, ratio or count is judged, only inside one document and only without an assumption. A
    number that is printed twice proves nothing, and a clash between two claims does not show which of them is wrong.
    """
    binding = [
        r
        for r in relations().values()
        if r.claims[-1] == claim_id and r.kind in DECIDING and r.scope == "inside" and not r.assumption
    ]
    # a count that differs from its list is wrong itself; in other clashes any of the claims may be
    found = [c for c in map(compare, binding) if c.holds or (c.holds is False and c.kind == "count_of_rows")]
    if len({c.holds for c in found}) != 1:
        return None
    first = found[0]
    return Suggestion(claim_id, "agrees" if first.holds else "differs", "arithmetic", first.relation_id, first.sentence)
