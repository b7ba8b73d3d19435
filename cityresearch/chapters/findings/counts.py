"""How many claims have which verdict, and what it rests on: what only the document itself shows is never counted with the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cityresearch.claims.ledger import Claim, claims
from cityresearch.claims.records import chapters_of_this_run, committed
from cityresearch.claims.verdict import WORDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EVIDENCE", "NOTHING", "OWN_WORDS", "RESTS_ON", "counts", "coverage", "documents_of", "headline"]

EVIDENCE, OWN_WORDS, NOTHING = "data, sources or arithmetic", "the document’s own words", "nothing in our data"
RESTS_ON = {EVIDENCE: ("data", "source", "arithmetic"), OWN_WORDS: ("text",), NOTHING: ("none",)}


def counts(document: str = "all") -> pd.DataFrame:
    """Return how many claims have which verdict, by what the verdict rests on.

    Parameters
    ----------
    document : str
        Id of a document; "all" takes every document of the ledger.

    Returns
    -------
    pandas.DataFrame
        Indexed by document and basis; columns rests on (a key of `RESTS_ON`), agrees, agrees-if, differs-unless, differs, open, all. The
        rows of one key of `RESTS_ON` follow each other, and no row adds up over two of them.
    """
    import pandas as pd

    checks = committed()
    rows = []
    for group, bases in RESTS_ON.items():
        for name in documents_of(document):
            here = [checks[i] for i, item in claims().items() if item.document == name and i in checks]
            for basis in bases:
                words = [check.verdict for check in here if check.basis == basis]
                tally = {word: words.count(word) for word in WORDS}
                rows.append({"document": name, "basis": basis, "rests on": group, **tally, "all": len(words)})
    columns = ["document", "basis", "rests on", *WORDS, "all"]
    return pd.DataFrame(rows, columns=columns).set_index(["document", "basis"])


def headline(counted: pd.DataFrame) -> str:
    """Return what data, sources and arithmetic show, and, apart from it, what only the documents' own words do."""
    groups = counted.groupby("rests on")[[*WORDS, "all"]].sum().reindex(list(RESTS_ON), fill_value=0).astype(int)
    told = {name: ", ".join(f"{groups.at[name, w]} {w}" for w in WORDS) for name in (EVIDENCE, OWN_WORDS)}
    return (
        f"Held against {EVIDENCE}: {groups.at[EVIDENCE, 'all']} claims ({told[EVIDENCE]}). Counted apart: {groups.at[OWN_WORDS, 'all']} "
        f"claims that only {OWN_WORDS} and lists decide ({told[OWN_WORDS]}), and {groups.at[NOTHING, 'all']} open ones on which there is "
        f"{NOTHING}."
    )


def coverage(document: str = "all") -> str:
    """Return in a sentence how many claims the chapters of this run judged, and how many come from no chapter in it."""
    checks, wanted, ran = committed(), documents_of(document), chapters_of_this_run()
    items = [item for item in claims().values() if item.document in wanted]
    without = [item for item in items if item.claim_id not in checks]
    earlier = [
        item
        for item in items
        if ran is not None and item.claim_id in checks and checks[item.claim_id].notebook not in ran
    ]
    here = len(items) - len(without) - len(earlier)
    how_many = f"All {here}" if here == len(items) else f"{here} of the {len(items)}"
    parts = [f"{how_many} claims have a verdict {'in these results' if ran is None else 'from a chapter of this run'}"]
    if earlier:
        parts.append(
            f"{len(earlier)} come from no chapter of this run and keep their committed verdict ({_chapters(earlier)})"
        )
    if without:
        why = "because their chapters did not run, or ran for another place or year"
        parts.append(
            f"{len(without)} come from no chapter of this run and are not counted below, {why} ({_chapters(without)})"
        )
    return "; ".join(parts) + "."


def _chapters(items: Iterable[Claim]) -> str:
    return ", ".join(sorted({item.chapter for item in items}))


def documents_of(document: str) -> list[str]:
    """Return a document's id in a list, or, for "all", those of every document, in the order of the ledger."""
    known = list(dict.fromkeys(item.document for item in claims().values()))
    return known if document == "all" else [document]
