"""How many readings of a claim agree, as the message of a figure that draws them."""

from __future__ import annotations

from collections.abc import Mapping

from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import printed_words, read
from cityresearch.phrases import capitalized

__all__ = ["how_many_agree"]


def how_many_agree(claim_id: str, readings: Mapping[str, object], subject: str = "") -> str:
    """Return the printed number and how many readings agree with it, and which where it is one.

    Parameters
    ----------
    claim_id : str
        A claim with a printed number.
    readings : mapping of name to value
        As for `cr.check`; only those with a value are counted.
    subject : str, optional
        What the number is of, where the number does not say it, for instance "Share of private jobs".

    Returns
    -------
    str
        For instance "More than 814,000 jobs: one of 8 readings agrees (edition of 2025)".
    """
    item = claim(claim_id)
    known = [reading for reading in read(item, readings) if reading.value is not None]
    hits = [reading.name for reading in known if reading.agrees]
    if not known:
        said = "no reading has a value"
    elif not hits:
        said = f"none of {len(known)} readings agrees" if len(known) > 1 else "the only reading does not agree"
    elif len(hits) == len(known):
        said = f"all {len(known)} readings agree" if len(known) > 1 else "the only reading agrees"
    else:
        said = f"one of {len(known)} readings agrees ({hits[0]})"
        if len(hits) > 1:
            said = f"{len(hits)} of {len(known)} readings agree"
    printed = printed_words(item)
    if subject:
        return f"{subject}, {printed}: {said}"
    return f"{capitalized(printed)}: {said}"
