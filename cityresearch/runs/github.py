"""What GitHub Actions shows of a verification: annotations on the lines of files, and a summary of the step.

The forms are those of GitHub's documentation of workflow commands: `::error file=...,line=...,title=...::message`, and Markdown
appended to the file that GITHUB_STEP_SUMMARY names.
"""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch import paths
from cityresearch.claims.ledger import claims
from cityresearch.errors import ParameterError
from cityresearch.runs.compare import Difference
from cityresearch.runs.ending import counted, moved, moved_verdicts, subject

__all__ = ["annotations", "summary", "write_summary"]

if TYPE_CHECKING:
    from cityresearch.runs.build import Built

SUMMARY = "GITHUB_STEP_SUMMARY"
VERDICTS = "data/processed/verdicts.csv"
MOST_SHOWN = 10  # GitHub shows so many errors of a step
MOST_ROWS = 200  # of the summary, whose size GitHub limits


def annotations(built: Built) -> list[str]:
    """Return a command for each failed notebook, each moved verdict, and each other claim or file that moved.

    What matters most comes first, since GitHub shows ten of a step; the last one says how many there are.

    Examples
    --------
    `::error file=data/processed/verdicts.csv,line=16,title=C015::agrees-if -> open, because ...`
    """
    found = [_error(f"notebooks/{f.notebook.name}", 1, "Chapter failed", f.message) for f in built.failures]
    lines = _lines()
    verdicts = moved_verdicts(built.moved, built.checks)
    for one in verdicts:
        text = f"{one.committed} -> {one.rebuilt}, because {one.because}"
        found.append(_error(VERDICTS, lines.get(one.claim_id, 1), f"{one.claim_id} moved", text))
    named = {one.claim_id for one in verdicts}
    others: dict[str, Difference] = {}
    for one in built.moved:
        if subject(one) not in named:
            others.setdefault(subject(one), one)
    found += [_error(one.file, lines.get(name, 1), f"{name} moved", str(one)) for name, one in others.items()]
    if len(found) > MOST_SHOWN:
        text = f"{len(found)} errors, of which GitHub shows {MOST_SHOWN} here; the summary of the step has all."
        found.append(f"::notice title=cityresearch verify::{text}")
    return found


def _lines() -> dict[str, int]:
    """Return the line of each claim in the committed verdicts."""
    path = paths.root() / VERDICTS
    if not path.is_file():
        return {}
    rows = path.read_text(encoding="utf-8").splitlines()
    return {row.partition(",")[0]: number for number, row in enumerate(rows, start=1)}


def _error(file: str, line: int, title: str, message: str) -> str:
    return f"::error file={_property(file)},line={line},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(built: Built, verdict_line: str) -> str:
    """Return the summary of a verification as Markdown: its last line, counts, a table of moved verdicts, what else moved, what failed."""
    ledger = claims()
    parts = [f"## {_cell(verdict_line)}", "\n".join(f"- {_cell(line)}" for line in counted(built.checks))]
    verdicts = moved_verdicts(built.moved, built.checks)
    if verdicts:
        rows = ["| claim | statement | committed | rebuilt | because |", "|---|---|---|---|---|"]
        for one in verdicts[:MOST_ROWS]:
            statement = ledger[one.claim_id].statement if one.claim_id in ledger else ""
            cells = (one.claim_id, statement, one.committed, one.rebuilt, one.because)
            rows.append(f"| {' | '.join(map(_cell, cells))} |")
        left = f"\n\nand {len(verdicts) - MOST_ROWS} more" if len(verdicts) > MOST_ROWS else ""
        parts += ["### Verdicts that moved", "\n".join(rows) + left]
    named = {one.claim_id for one in verdicts}
    others = moved([one for one in built.moved if subject(one) not in named], built.checks, everything=True)
    for title, lines in (("What else moved", others), ("Chapters that failed", [f.message for f in built.failures])):
        if lines:
            more = [f"and {len(lines) - MOST_ROWS} more"] if len(lines) > MOST_ROWS else []
            parts += [f"### {title}", "\n".join(f"- {_cell(line)}" for line in [*lines[:MOST_ROWS], *more])]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    """Return text that Markdown and HTML leave as it is, on one line."""
    plain = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{mark}" if mark in "|`*_[]\\" else mark for mark in plain)


def write_summary(text: str) -> None:
    """Append the summary to the file that GitHub names; without one there is nothing to write to.

    Raises
    ------
    ParameterError
        If the file cannot be written.
    """
    name = os.environ.get(SUMMARY, "")
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ParameterError(
            f"{SUMMARY} names {name}, which cannot be written ({error.strerror}): unset it, or name a file."
        ) from None
