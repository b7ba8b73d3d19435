"""What a judgment was made on: a fingerprint of the claim, kept in each row that a person judged.

A row that says "this source agrees" is true of the claim as it read on that day. Because of the fingerprint, any later change of the
claim, even of a digit or a "not", marks the rows that were judged before as rows that have to be read again.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction

from cityresearch.claims.ledger import Claim
from cityresearch.numbers.intervals import plain

__all__ = ["fingerprint", "printed_value", "why_stale"]

LENGTH = 10  # hexadecimal digits: 40 bits, ample for some thousand claims


def fingerprint(item: Claim) -> str:
    """Return a short hash of all that a claim says: statement, wording, number, precision, unit and period.

    Line, chapter and the note on how to settle it are left out: they say nothing about the world.
    """
    printed = item.printed
    parts = (
        item.statement,
        item.relation,
        _ratio(printed.value) if printed else "",
        _ratio(printed.precision) if printed else "",
        item.unit,
        item.period,
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:LENGTH]


def printed_value(item: Claim) -> str:
    """Return the printed number as a row records it: full units, no separators; empty for a claim without a number.

    Examples
    --------
    >>> from cityresearch.claims.ledger import claim
    >>> printed_value(claim("C024")), printed_value(claim("C041"))
    ('59600000000', '')
    """
    return plain(item.printed.value).replace(",", "") if item.printed else ""


def why_stale(item: Claim, value: str, mark: str) -> str:
    """Return what a row was judged against if the claim says something else now, or an empty text if it is the same.

    Parameters
    ----------
    item : Claim
        As the ledger has it now.
    value, mark : str
        The printed number and the fingerprint that the row records.
    """
    if mark == fingerprint(item):
        return ""
    now = printed_value(item)
    if value != now:
        return f"it was judged against {value or 'no number'}, and the ledger now has {now or 'no number'}"
    return "it was judged against another statement, wording, unit or period than the ledger has now"


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
