"""Findings: the verdicts that matter most, chosen by a stated rule and not by hand.

A finding is a group of claims about one thing. It matters more the further its verdict is from plain agreement, the firmer its basis, the more
prominent its place (a summary carries a document), and the more other claims hang on it. The weights are below; they are a judgment, and the
table shows the points, so that a reader can weigh differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.findings.counts import documents_of
from cityresearch.claims.ledger import Claim, claims
from cityresearch.claims.records import Check, committed

__all__ = [
    "BASIS_POINTS", "MOST_RELATED", "NUMBER_KINDS", "NUMBER_POINTS", "REASONS", "SUMMARY_POINTS", "VERDICT_POINTS",
    "Finding", "as_table", "findings", "has_curve", "points_of", "readings_in_words", "same_thing", "tell",
]  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

VERDICT_POINTS = {"differs": 5, "differs-unless": 4, "agrees-if": 3, "open": 1, "agrees": 0}
BASIS_POINTS = {"data": 4, "source": 2, "arithmetic": 2, "text": 1, "none": 0}
SUMMARY_POINTS = 3
MOST_RELATED = 4
NUMBER_POINTS = 2
REASONS = ("verdict", "basis", "summary", "related", "number")
NUMBER_KINDS = ("statistic", "share", "growth", "rank", "count")


@dataclass(frozen=True, slots=True)
class Finding:
    """A group of claims about one thing, its leading claim first, with the points that brought it here."""

    claim_ids: tuple[str, ...]
    check: Check
    claim: Claim
    points: Mapping[str, int]

    @property
    def score(self) -> int:
        """All points together."""
        return sum(self.points.values())


@checked_arguments
def findings(count: int = 10, document: str = "all") -> list[Finding]:
    """Return the findings with most points, one per subject and metric.

    Parameters
    ----------
    count : int
        How many.
    document : str
        Id of a document; "all" takes every document of the ledger.

    Returns
    -------
    list of Finding
        By points, then by claim id.
    """
    wanted = documents_of(document)
    checks = committed()
    ranked = sorted(
        (
            Finding((item.claim_id,), checks[item.claim_id], item, points_of(item, checks[item.claim_id]))
            for item in claims().values()
            if item.document in wanted and item.claim_id in checks and checks[item.claim_id].verdict != "agrees"
        ),
        key=lambda f: (-f.score, f.claim.claim_id),
    )
    chosen: list[Finding] = []
    for finding in ranked:
        twins = (
            i
            for i, other in enumerate(chosen)
            if finding.check.verdict == other.check.verdict and same_thing(finding.claim, other.claim)
        )
        twin = next(twins, None)
        if twin is not None:
            first = chosen[twin]
            chosen[twin] = Finding((*first.claim_ids, *finding.claim_ids), first.check, first.claim, first.points)
        elif len(chosen) < count:
            chosen.append(finding)
    return chosen


def points_of(item: Claim, check: Check) -> dict[str, int]:
    """Return the points of a claim by reason."""
    return {
        "verdict": VERDICT_POINTS[check.verdict],
        "basis": BASIS_POINTS[check.basis],
        "summary": SUMMARY_POINTS if item.section.lower().startswith("summary") else 0,
        "related": min(len(item.related), MOST_RELATED),
        "number": NUMBER_POINTS if item.kind in NUMBER_KINDS else 0,
    }


def same_thing(a: Claim, b: Claim) -> bool:
    """Return whether two claims are about one thing: the same metric, and either related or of the same subject."""
    return a.metric == b.metric and (b.claim_id in a.related or a.claim_id in b.related or a.subject == b.subject)


def as_table(found: Iterable[Finding]) -> pd.DataFrame:
    """Return findings as a table.

    Returns
    -------
    pandas.DataFrame
        Indexed by rank; columns claims, verdict, basis, statement, a column of points for each reason, and their sum, points.
    """
    import pandas as pd

    rows = [
        {
            "claims": ", ".join(f.claim_ids),
            "verdict": f.check.verdict,
            "basis": f.check.basis,
            "statement": f.claim.statement,
            **{f"points for {reason}": f.points[reason] for reason in REASONS},
            "points": f.score,
        }
        for f in found
    ]
    return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="rank"))


def has_curve(finding: Finding) -> bool:
    """Return whether at least two readings of a finding's leading claim have a number that can be drawn against the printed one."""
    numeric = [row for row in _readings(finding) if row["value"] not in ("true", "false")]
    return finding.claim.is_numeric and finding.check.basis == "data" and len(numeric) >= 2


def readings_in_words(finding: Finding) -> str:
    """Return how many readings with a value give the printed number, for instance "1 of 10 readings gives the printed number"."""
    known = _readings(finding)
    hits = sum((row["agrees"], row["meant"]) == ("true", "true") for row in known)
    return f"{hits or 'none'} of {len(known)} readings give{'s' if hits == 1 else ''} the printed number"


def _readings(finding: Finding) -> list[dict[str, str]]:
    """Return the readings of a finding's leading claim that have a value, without the rows of sources."""
    return [row for row in finding.check.readings if row["value"] and row["kind"] != "source"]


@checked_arguments
def tell(rank: int, finding: Finding) -> None:
    """Display a finding: its claims, the verdict and why."""
    from html import escape

    from cityresearch.claims.reading import printed_words
    from cityresearch.notebook import display_text

    printed = printed_words(finding.claim)
    others = f" (also {', '.join(finding.claim_ids[1:])})" if len(finding.claim_ids) > 1 else ""
    head = f"{rank}. {finding.claim.statement}"
    said = f"Printed: {printed}. " if printed else ""
    verdict = f"{finding.claim.claim_id}{others}: {finding.check.verdict}, basis {finding.check.basis}. {said}{finding.check.reason}"
    where = f"Checked in {finding.check.notebook}."
    html = f"<h3>{escape(head)}</h3><p>{escape(verdict)}</p><p><small>{escape(where)}</small></p>"
    display_text(f"{head}\n{verdict}\n{where}", html)
