"""Write docs/verdict-changes.md, the verdicts that differ from those of the last release and why, from the committed results: `make docs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch.chapters.findings import moved
from cityresearch.claims.released import Move, last_release

if TYPE_CHECKING:
    import pandas as pd

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verdict-changes.md"
LONGEST = 260
HEAD = """# Verdicts that moved

Made from the committed results and the table `released_verdicts` by `make docs`. {counts}

The rules that moved most of them:

- `differs-unless` is a word of its own: the claim was tested as printed, fails, and agrees only under the named other reading.
- A reading without a value forbids `differs`.
- Contrary sources count for computed claims too; retellings settle nothing; an organization's word on itself is a condition.
- A part of the statement that nothing tests (a purpose, a cause, who led it) makes an agreement conditional.
- Grades say what a source shows: a row that shows a part is `partial`.
- What the ledger holds open stays open, whatever can be computed beside it.
- Widths of wordings such as "thousands" are in `data/raw/claims/wordings.csv`, with their reasons.
- A source row that repeats the table from which a reading was computed is no second witness.
- A date of a trip or one printed figure is read and not recomputed: its basis is `source`. Where the pages show a part only, or are the word of the organization concerned, it agrees under that condition.
"""
WORD_HEAD = "| claim | in {release} | now | what moved it | the reason now |\n|---|---|---|---|---|"


def page() -> str:
    """Return the page as Markdown: how many moved from which word to which, each move of a word, and the moves of a basis alone, grouped."""
    found = moved.moves()
    parts = [
        HEAD.format(counts=moved.in_words(found)),
        "## From which verdict to which\n",
        _markdown(moved.crossed(found).replace(0, "")),
        "\n## The verdict moved\n",
        WORD_HEAD.format(release=last_release().version),
        *(_row(move) for move in found if move.of_word),
        "\n## Only the basis moved\n",
        _markdown(moved.bases(found)),
    ]
    return "\n".join(parts) + "\n"


def _row(move: Move) -> str:
    before, now = (f"{item.verdict} ({item.basis})" for item in (move.before, move.now))
    why = f"{move.why} We also state the claim in other words now." if move.restated else move.why
    return f"| {move.claim_id} | {before} | {now} | {why} | {_short(move.now.reason)} |"


def _markdown(frame: pd.DataFrame) -> str:
    plain = frame.reset_index()
    rows = [list(map(str, plain.columns)), ["---"] * len(plain.columns), *plain.astype(str).to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _short(reason: str) -> str:
    text = reason.replace("|", "/")
    return text if len(text) <= LONGEST else text[: LONGEST - 4].rsplit(" ", 1)[0] + " ..."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(PAGE)
