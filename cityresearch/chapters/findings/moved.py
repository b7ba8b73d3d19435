"""What moved since the last release, as tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cityresearch.chapters.findings.counts import documents_of
from cityresearch.claims import released
from cityresearch.claims.ledger import claim, claims
from cityresearch.claims.records import committed
from cityresearch.claims.released import Move, last_release
from cityresearch.claims.verdict import WORDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bases", "crossed", "in_words", "moves", "words"]


def moves(document: str = "all") -> list[Move]:
    """Return the verdicts of these results that are not what the last release had; a claim without a verdict here has not moved."""
    known, chosen = claims(), documents_of(document)
    return [move for move in released.moves(committed()) if known[move.claim_id].document in chosen]


def in_words(moved: list[Move], document: str = "all") -> str:
    """Return how many of the verdicts that both have moved."""
    both = last_release().verdicts.keys() & committed().keys()
    known, chosen = claims(), documents_of(document)
    return released.in_words(moved, sum(known[key].document in chosen for key in both))


def crossed(moved: list[Move]) -> pd.DataFrame:
    """Return how many verdicts moved from which word (rows, as released) to which (columns)."""
    import pandas as pd

    pairs = pd.DataFrame([(m.before.verdict, m.now.verdict) for m in moved if m.of_word], columns=["before", "now"])
    table = pd.crosstab(pairs["before"], pairs["now"]).reindex(index=WORDS, columns=WORDS, fill_value=0)
    return table.rename_axis(index=f"in {last_release().version}", columns="now")


def words(moved: list[Move]) -> pd.DataFrame:
    """Return the moves of a verdict.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim; our statement of the claim and whether the release had another one, the verdict released, the verdict now, what
        moved it. The rows of one reason follow each other, the most frequent reason first.
    """
    import pandas as pd

    columns = ["claim", "statement", "stated anew", f"in {last_release().version}", "now", "what moved it"]
    rows = [
        (
            m.claim_id,
            claim(m.claim_id).statement,
            "yes" if m.restated else "",
            *(f"{v.verdict} ({v.basis})" for v in (m.before, m.now)),
            m.why,
        )
        for m in moved
        if m.of_word
    ]
    often = Counter(row[-1] for row in rows)
    return pd.DataFrame(sorted(rows, key=lambda row: (-often[row[-1]], row[-1])), columns=columns).set_index("claim")


def bases(moved: list[Move]) -> pd.DataFrame:
    """Return the moves of a basis under a verdict that stayed, as groups.

    Returns
    -------
    pandas.DataFrame
        Indexed by verdict, basis released and basis now; what moved it, how many claims, and which.
    """
    import pandas as pd

    columns = ["verdict", f"basis in {last_release().version}", "basis now", "what moved it", "claims", "which"]
    groups: dict[tuple[str, ...], list[str]] = {}
    for m in moved:
        if not m.of_word:
            groups.setdefault((m.now.verdict, m.before.basis, m.now.basis, m.why), []).append(m.claim_id)
    rows = [(*key, len(ids), ", ".join(ids)) for key, ids in sorted(groups.items())]
    return pd.DataFrame(rows, columns=columns).set_index(columns[:3])
