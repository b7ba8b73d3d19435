"""The table of verdicts in README.md: written by each run between its two markers, and compared like every result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cityresearch.claims.listing import summary
from cityresearch.claims.records import Check

__all__ = ["with_counts"]

NAME = "README.md"
START, END = "<!-- counts: written by cityresearch run -->", "<!-- end of counts -->"


def with_counts(folder: Path, checks: Iterable[Check]) -> dict[str, bytes]:
    """Return README.md, by its path, with the table that checks give; where the markers are gone, the table goes to its end."""
    try:
        text = (folder / NAME).read_bytes().decode("utf-8")
    except OSError:
        text = ""
    block = f"{START}\n{summary({check.claim_id: check for check in checks})}\n{END}"
    place = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    new = place.sub(lambda _: block, text, count=1) if place.search(text) else f"{text.rstrip()}\n\n{block}\n".lstrip()
    return {NAME: new.encode("utf-8")}
