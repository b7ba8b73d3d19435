"""Footnotes: what a document's notes cite, whether it exists as cited, and whether it could have contained the figure on the day it was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cityresearch.datasets.load import ReadingKey, reading_key, text_rows

__all__ = ["COULD_HOLD", "EXISTS", "Footnote", "could_not_hold", "footnotes", "footnotes_of", "tally"]

if TYPE_CHECKING:
    import pandas as pd

EXISTS = {
    "yes": "found as cited",
    "partly": "found in part",
    "no_trace": "not found in our data",
    "not_checked": "not checked",
}
COULD_HOLD = {
    "yes": "it could contain the figure",
    "no": "it could not contain the figure on that day",
    "unknown": "we do not know whether it contained the figure",
}


@dataclass(frozen=True, slots=True)
class Footnote:
    """One note: what it cites, when that was published and read, and the result of the check.

    `claim_hashes` are the claims as they read when the note was checked, in the order of `claims`.
    """

    document: str
    note_number: str
    cited: str
    cited_date: str
    accessed: str
    exists: str
    could_hold: str
    same_publisher: str
    claims: tuple[str, ...]
    remark: str
    claim_hashes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The note in a sentence."""
        read = f", read {self.accessed}" if self.accessed else ""
        own = "; its publisher is the organization concerned" if self.same_publisher == "yes" else ""
        return f"Note {self.note_number} cites {self.cited}{read}: {EXISTS[self.exists]}, {COULD_HOLD[self.could_hold]}{own}. {self.remark}".strip()


def footnotes() -> tuple[Footnote, ...]:
    """Return every note, in the order of the table."""
    return _all(reading_key("footnotes"))


def _in(document: str) -> tuple[Footnote, ...]:
    return tuple(note for note in footnotes() if document in ("all", note.document))


def footnotes_of(claim_id: str) -> tuple[Footnote, ...]:
    """Return the notes that a claim rests on."""
    return tuple(note for note in footnotes() if claim_id in note.claims)


def could_not_hold(document: str = "all") -> pd.DataFrame:
    """Return the notes whose source could not contain the figure on the day it was read.

    Parameters
    ----------
    document : str
        Id of a document; "all" takes every document.

    Returns
    -------
    pandas.DataFrame
        Indexed by document and note: cited, read, claims, remark.
    """
    import pandas as pd

    rows = [
        {
            "document": n.document,
            "note": n.note_number,
            "cited": n.cited,
            "read": n.accessed,
            "claims": ", ".join(n.claims),
            "remark": n.remark,
        }
        for n in _in(document)
        if n.could_hold == "no"
    ]
    return pd.DataFrame(rows, columns=["document", "note", "cited", "read", "claims", "remark"]).set_index(
        ["document", "note"]
    )


def tally(document: str = "all") -> pd.DataFrame:
    """Return how many notes were found, by document; no row for a document without notes.

    Parameters
    ----------
    document : str
        Id of a document; "all" takes every document.

    Returns
    -------
    pandas.DataFrame
        Indexed by document; a column per outcome.
    """
    import pandas as pd

    rows = [(n.document, EXISTS[n.exists]) for n in _in(document)]
    table = (
        pd.DataFrame(rows, columns=["document", "outcome"])
        .value_counts()
        .unstack(fill_value=0)
        .reindex(columns=list(EXISTS.values()), fill_value=0)
    )
    return table.rename_axis(columns=None)


@lru_cache(maxsize=2)
def _all(_key: ReadingKey) -> tuple[Footnote, ...]:
    return tuple(
        Footnote(**{**row, **{key: _list(row[key]) for key in ("claims", "claim_hashes")}})
        for row in text_rows("footnotes")
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
