"""Footnotes: what a document's notes cite, whether it exists as cited, and whether it could have contained the figure on the day it was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from cityresearch.claims.ledger import claims
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.numbers.display import in_time

__all__ = [
    "COULD_HOLD",
    "EXISTS",
    "Footnote",
    "could_not_hold",
    "footnotes",
    "footnotes_of",
    "tally",
    "uncited",
    "under_two_dates",
    "without_entry",
]

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


def without_entry() -> list[str]:
    """Return a sentence for each note that a claim cites and the table lacks, and for each number that is missing between a document's notes."""
    known = {(note.document, note.note_number) for note in footnotes()}
    found = [
        f"{item.claim_id} cites note {number} of {item.document}, which has no entry."
        for item in claims().values()
        for number in _list(item.note_number)
        if (item.document, number) not in known
    ]
    for document in dict.fromkeys(note.document for note in footnotes()):
        numbers = {int(number) for name, number in known if name == document and number.isdigit()}
        gaps = sorted(set(range(1, max(numbers, default=0))) - numbers)
        found += [f"Note {number} of {document} has no entry, and there are later ones." for number in gaps]
    return found


def uncited() -> list[Footnote]:
    """Return the notes on which no claim of the ledger rests."""
    cited = {(item.document, number) for item in claims().values() for number in _list(item.note_number)}
    return [note for note in footnotes() if not note.claims and (note.document, note.note_number) not in cited]


def under_two_dates() -> list[str]:
    """Return a sentence for each source that two notes of a document name with different days, of its publication or of its reading.

    A note that cites several things, separated by semicolons, has the days of all of them: only days that cannot be of one source count.
    """
    found = []
    for one, other in combinations(footnotes(), 2):
        named = [part for part in _list(one.cited) if part.casefold() in map(str.casefold, _list(other.cited))]
        for part in named if one.document == other.document else ():
            for field, verb in (("cited_date", "dated"), ("accessed", "read on")):
                days = [_list(getattr(note, field)) for note in (one, other)]
                if all(days) and not set(days[0]) & set(days[1]):
                    said = (
                        f"{verb} {' or '.join(map(in_time, d))} in note {n.note_number}"
                        for d, n in zip(days, (one, other), strict=True)
                    )
                    found.append(f"{part} ({one.document}): {', '.join(said)}.")
    return found


@lru_cache(maxsize=2)
def _all(_key: ReadingKey) -> tuple[Footnote, ...]:
    return tuple(
        Footnote(**{**row, **{key: _list(row[key]) for key in ("claims", "claim_hashes")}})
        for row in text_rows("footnotes")
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
