"""Write docs/differences.md, each claim that differs as one would send it to the authors, from the committed results: `make docs`."""

from __future__ import annotations

from pathlib import Path

from cityresearch.claims.ledger import Claim, claim, documents
from cityresearch.claims.reading import printed_words
from cityresearch.claims.records import Check, committed
from cityresearch.datasets.catalog import source

PAGE = Path(__file__).resolve().parents[1] / "docs" / "differences.md"
SHOWN = 4
HEAD = """# Where we found something else

Made from the committed results by `make docs`. Each sentence of the documents is in our words, with its place. *Differs* means that every way to read it has a value and none agrees; *differs unless*
means that it fails as printed and agrees only under the other reading that is named. A difference is not always a mistake of the authors: their source may count otherwise, or know what we do not. Whoever can
show us more is asked to; under each claim stands what would change our verdict.
"""
WORDS = {"differs": "differs", "differs-unless": "differs, unless read otherwise"}


def page() -> str:
    """Return the page as Markdown: a part per document, a section per claim with its sentence, what we found, from what, and what is open."""
    parts = [HEAD]
    found = [(claim(c.claim_id), c) for c in committed().values() if c.verdict in WORDS]
    for name, document in documents().items():
        here = [(item, check) for item, check in found if item.document == name]
        if here:
            parts.append(f"## {document.title}\n")
            parts += [_section(item, check) for item, check in here]
    return "\n".join(parts)


def _section(item: Claim, check: Check) -> str:
    place = f"section “{item.section}”" if item.section else ""
    line = f"line {item.line} of the text" if item.line is not None else ""
    note = f"note {item.note_number}" if item.note_number else ""
    printed = f" Printed: {printed_words(item)}." if item.printed is not None and item.kind != "date" else ""
    lines = [
        f"### {item.claim_id}: {WORDS[check.verdict]}\n",
        f"**The sentence** ({', '.join(filter(None, (place, line, note)))}). {item.statement.rstrip('.')}.{printed}\n",
        f"**What we found.** {check.reason}\n",
    ]
    agree = [
        row["reading"]
        for row in check.readings
        if (row["agrees"], row["meant"]) == ("true", "true") and row["kind"] != "source"
    ]
    speaks = _supporting(check)
    if agree:
        lines.append(f"**It would agree if read as** {_some(agree)}.\n")
    if speaks:
        lines.append(f"**What speaks for it.** {speaks}\n")
    lines.append(f"**From what.** {_sources(check)}\n")
    lines.append(f"**What would change our verdict.** {_open(item, check.verdict)}\n")
    judged = f"[{check.notebook}](../notebooks/{check.notebook}.ipynb)"
    lines.append(f"Judged in {judged}; `cityresearch claims {item.claim_id}` lists all readings.\n")
    return "\n".join(lines)


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _supporting(check: Check) -> str:
    rows = [row for row in check.readings if row["kind"] == "source" and row["agrees"] == "true"]
    told = [row["reading"].partition(": ")[2].rstrip(".") for row in rows]
    return f"{_some(told)}." if told else ""


def _sources(check: Check) -> str:
    """Return the records behind the readings that have a value, and behind the rows that support or contradict."""
    ids = dict.fromkeys(s for row in check.readings if row["agrees"] for s in row["sources"].split(";") if s)
    named = [source(s).citation.rstrip(".") for s in ids]
    return f"{_some(named)}." if named else "The document itself."


def _open(item: Claim, verdict: str) -> str:
    _, what, needed = item.settle.partition("To settle")
    if what:
        return f"{what}{needed}"
    if verdict == "differs-unless":
        return "The authors’ word that they meant the other reading, or a source that shows the sentence as printed, of the same period and scope."
    return "A source that shows the sentence as printed, of the same period and scope."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(PAGE)
