"""Write docs/differences.md, each claim that differs as one would send it to the authors, from the committed results: `make docs`."""

from __future__ import annotations

from pathlib import Path

from cityresearch.claims.differences import DIFFERING, faults, filled, firmness, letters, sources_of
from cityresearch.claims.ledger import Claim, claim, documents
from cityresearch.claims.reading import printed_words
from cityresearch.claims.records import Check, committed
from cityresearch.datasets.catalog import source
from cityresearch.errors import ClaimError

PAGE = Path(__file__).resolve().parents[1] / "docs" / "differences.md"
SHOWN = 4
HEAD = """# Where we found something else

Made by `make docs` from the committed results and from texts that were written by hand (`data/raw/claims/differences.csv`), whose numbers come from the results. Each sentence of the documents is in our
words, with its place. *Differs* means that every way to read it that has a value fails, or that an independent source gives something else. *Differs, unless read otherwise* means that it fails as printed and
agrees only under the other reading that is named. A difference is not always a mistake of the authors: their source may count otherwise, or know what we do not. Whoever can show us more is asked to; under
each claim is what would change our verdict.
"""
WORDS = dict(zip(DIFFERING, ("differs", "differs, unless read otherwise"), strict=True))


def page() -> str:
    """Return the page as Markdown: a part per document, a section per claim with its sentence, what we found, from what, and what is open.

    Raises
    ------
    ClaimError
        If a claim that differs has no texts, or texts do not fit the claim as it was judged.
    """
    checks = committed()
    if wrong := list(faults(checks)):
        raise ClaimError("\n".join(wrong))
    parts = [HEAD]
    found = [(claim(c.claim_id), c) for c in checks.values() if c.verdict in WORDS]
    for name, document in documents().items():
        here = [(item, check) for item, check in found if item.document == name]
        if here:
            parts.append(f"## {document.title}\n")
            parts += [_section(item, check) for item, check in here]
    return "\n".join(parts)


def _section(item: Claim, check: Check) -> str:
    letter = letters()[item.claim_id]
    place = f"section “{item.section}”" if item.section else ""
    line = f"line {item.line} of the text" if item.line is not None else ""
    note = f"note {item.note_number}" if item.note_number else ""
    printed = f" Printed: {printed_words(item)}." if item.printed is not None and item.kind != "date" else ""
    where = ", ".join(filter(None, (place, line, note)))
    lines = [
        f"### {item.claim_id}: {WORDS[check.verdict]}\n",
        f"**The sentence** ({where}). {item.statement.rstrip('.')}.{printed}\n",
        f"**What we found.** {filled(letter.found, check)}\n",
        f"**What would change our verdict.** {filled(letter.settles, check)}\n",
        f"**How firm it is.** {firmness(check)}\n",
    ]
    agree = [
        row["reading"]
        for row in check.readings
        if (row["agrees"], row["meant"]) == ("true", "true") and row["kind"] != "source"
    ]
    if agree:
        lines.append(f"**The readings that agree.** {_some(agree)}.\n")
    lines.append(f"**From what.** {_sources(check)}\n")
    judged = f"[{check.notebook}](../notebooks/{check.notebook}.ipynb)"
    lines.append(f"Judged in {judged}; `cityresearch claims {item.claim_id}` lists all readings.\n")
    return "\n".join(lines)


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _sources(check: Check) -> str:
    named = [source(s).citation.rstrip(".") for s in sources_of(check)]
    return f"{_some(named)}." if named else "The document itself."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(PAGE)
