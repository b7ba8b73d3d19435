"""Claims and rows on their sources that tests make up."""

from __future__ import annotations

from cityresearch.claims.judged import fingerprint, printed_value
from cityresearch.claims.ledger import Claim
from cityresearch.claims.sources import SourceCheck
from cityresearch.numbers.printed import PrintedNumber


def made(value="20", unit="jobs", *, relation="eq", precision="1", **more) -> Claim:
    """A claim that prints a number; none if the value is empty."""
    printed = PrintedNumber(value, precision, unit, more.get("period", "2024")) if value else None
    given = {
        "claim_id": "C999", "document": "one", "section": "", "line": None, "note_number": "", "kind": "statistic",
        "statement": "A firm has twenty jobs", "subject": "", "metric": "", "relation": relation if value else "",
        "printed": printed, "unit": unit, "period": "2024", "places": (), "related": (), "chapter": "", "settle_status": "source",
        "settle": "The list of firms would settle it.",
    }  # fmt: skip
    return Claim(**{**given, **more})


def says(word, independence="independent", value="", unit="jobs", *, of=None, **more) -> SourceCheck:
    """A row that was judged on the claim as it reads now."""
    item = of or made()
    row = {
        "claim_id": "C999", "source_id": f"{independence}-{word}", "row": "1", "says": f"The {independence} page has {word}.",
        "value": value, "unit": unit, "period": "2024", "agreement": word, "independence": independence, "note": "",
        "claim_value": printed_value(item), "claim_hash": fingerprint(item),
    }  # fmt: skip
    return SourceCheck(**{**row, **more})
