"""The ledger: what the documents say, claim by claim, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cityresearch.datasets.load import ReadingKey, reading_key, text_rows
from cityresearch.errors import ClaimError
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.suggestions import hint

__all__ = ["Claim", "Document", "claim", "claims", "documents", "from_row"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose claims the ledger holds: its short name, the letter of its claims' ids, its title and its source record."""

    document: str
    letter: str
    title: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of a document, with the number that it prints, if any.

    `chapter` is the notebook that checks it. `settle_status` says what can decide it (data, source, internal: the document itself, or open)
    and `settle` how, or what we would need. `untested` names a part of the statement that nothing tests (a purpose, a cause, a leader).
    """

    claim_id: str
    document: str
    section: str
    line: int | None
    note_number: str
    kind: str
    statement: str
    subject: str
    metric: str
    relation: str
    printed: PrintedNumber | None
    unit: str
    period: str
    places: tuple[str, ...]
    related: tuple[str, ...]
    chapter: str
    settle_status: str
    settle: str
    untested: str = ""
    page: int | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether the claim prints a number that a computed one can be compared with."""
        return self.printed is not None


def documents() -> dict[str, Document]:
    """Return every document by its short name, in the order of reports."""
    return _documents(reading_key("documents"))


def claims() -> dict[str, Claim]:
    """Return every claim of the ledger by its id, in the ledger's order."""
    return _claims(reading_key("claims"))


def claim(claim_id: str) -> Claim:
    """Return one claim.

    Raises
    ------
    ClaimError
        If the ledger has no claim of that id.
    """
    found = claims()
    if not isinstance(claim_id, str) or claim_id not in found:
        # a number alone would suit a claim of every document
        known = found if any(map(str.isalpha, str(claim_id))) else ()
        listed = "cityresearch claims lists them"
        raise ClaimError(f"The ledger has no claim {claim_id!r}{hint(claim_id, known, listed)}")
    return found[claim_id]


@lru_cache(maxsize=2)
def _documents(_key: ReadingKey) -> dict[str, Document]:
    return {row["document"]: Document(**row) for row in text_rows("documents")}


@lru_cache(maxsize=2)
def _claims(_key: ReadingKey) -> dict[str, Claim]:
    # read with the csv module, not with pandas: the command line must answer without loading it
    return {row["claim_id"]: from_row(row) for row in text_rows("claims")}


def from_row(row: dict[str, str]) -> Claim:
    """Return the claim that a row of the ledger holds, its cells as text."""
    printed = None
    if row["value"] and row["relation"]:
        if not row["precision"]:
            raise ClaimError(
                f"Claim {row['claim_id']} prints {row['value']} without a precision: add it to the ledger."
            )
        printed = PrintedNumber(row["value"], row["precision"], row["unit"], row["period"])
    return Claim(
        claim_id=row["claim_id"],
        document=row["document"],
        section=row["section"],
        line=int(row["line"]) if row["line"] else None,
        note_number=row["note_number"],
        kind=row["kind"],
        statement=row["statement"],
        subject=row["subject"],
        metric=row["metric"],
        relation=row["relation"],
        printed=printed,
        unit=row["unit"],
        period=row["period"],
        places=_list(row["places"]),
        related=_list(row["related"]),
        chapter=row["chapter"],
        settle_status=row["settle_status"],
        settle=row["settle"],
        untested=row.get("untested", ""),
        page=int(row["page"]) if row.get("page") else None,
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
