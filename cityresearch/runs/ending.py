"""The last lines of a run: what the verdicts are, what moved and why, and where everything lies."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch import paths
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import Check
from cityresearch.claims.verdict import BASES, WORDS
from cityresearch.phrases import many
from cityresearch.runs.compare import Difference

__all__ = ["MovedVerdict", "counted", "failed", "listing", "moved", "moved_verdicts", "subject", "verified", "where"]

if TYPE_CHECKING:
    from cityresearch.runs.build import Built

FEW_CLAIMS = 6  # so many are shown with their statement
MOST_MOVED = 5  # lines on what moved; all with --all
MOST_IDS = 12  # claims named on one line
LONGEST_REASON = 150
NAMED_BASES = {"data": "our data", "source": "sources", "arithmetic": "arithmetic", "text": "the document's own words"}


@dataclass(frozen=True, slots=True)
class MovedVerdict:
    """A claim whose verdict moved: the committed word, the rebuilt word, and the reason of the rebuilt one."""

    claim_id: str
    committed: str
    rebuilt: str
    because: str


def counted(checks: Sequence[Check], everything: bool = False) -> list[str]:
    """Return how many claims have which verdict, on what the decided ones rest, and which differ.

    Parameters
    ----------
    checks : sequence of Check
        The verdicts that count.
    everything : bool
        Name every claim that differs, however many.
    """
    if not checks:
        return ["No claim was counted."]
    words = Counter(check.verdict for check in checks)
    lines = [f"{many(len(checks), 'claim')}: {', '.join(f'{word} {words[word]}' for word in WORDS if words[word])}."]
    if len(checks) <= FEW_CLAIMS:
        return [*lines, *listing(checks)]
    bases = Counter(check.basis for check in checks if check.verdict != "open")
    rests = ", ".join(f"{NAMED_BASES[basis]} {bases[basis]}" for basis in BASES if bases[basis])
    lines += [f"Those not open rest on: {rests}."] if rests else []
    for word, said in (("differs", "Differs"), ("differs-unless", "Differs unless read otherwise")):
        ids = sorted(check.claim_id for check in checks if check.verdict == word)
        lines += [f"{said}: {_names(ids, None if everything else MOST_IDS + 8)}."] if ids else []
    return lines


def listing(checks: Iterable[Check]) -> list[str]:
    """Return a line for each claim: its id, verdict, basis and our statement of it, cut to the width of the terminal."""
    ledger = claims()
    width = max(60, shutil.get_terminal_size((110, 24)).columns)
    return [
        f"{check.claim_id:<6} {check.verdict:<14} {check.basis:<11} "
        + textwrap.shorten(ledger[check.claim_id].statement, width - 34, placeholder=" ...")
        for check in sorted(checks, key=lambda c: c.claim_id)
    ]


def moved_verdicts(
    differences: Iterable[Difference], checks: Iterable[Check], before: str = "committed"
) -> list[MovedVerdict]:
    """Return the claims whose verdict moved, in the order of their ids; `before` says what a claim was that is gone."""
    reasons = {check.claim_id: check.reason for check in checks}
    found = []
    for one in differences:
        if not (one.file.endswith("/verdicts.csv") and one.column in ("verdict", "row")):
            continue
        if one.column == "verdict":
            words = (one.committed or "no verdict", one.rebuilt or "no verdict")
        else:
            words = (before, "gone") if one.committed else (f"not {before}", "new")
        found.append(MovedVerdict(one.row, *words, reasons.get(one.row, "no chapter judges it anymore.")))
    return sorted(found, key=lambda one: one.claim_id)


def moved(
    differences: Sequence[Difference], checks: Sequence[Check], everything: bool = False, before: str = "committed"
) -> list[str]:
    """Return what moved: verdicts first, together where they moved alike for one reason, then other results of claims, then files.

    Parameters
    ----------
    differences : sequence of Difference
        Between what is committed and what was rebuilt.
    checks : sequence of Check
        The rebuilt verdicts.
    everything : bool
        Return every line; otherwise the first few, and how many are left out.
    before : str
        What a claim was that is gone.
    """
    verdicts = moved_verdicts(differences, checks, before)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in verdicts:
        alike.setdefault((one.committed, one.rebuilt, one.because), []).append(one.claim_id)
    lines = [
        f"{_names(ids)}: {old} -> {after}, because {_as_clause(why, everything)}"
        for (old, after, why), ids in alike.items()
    ]
    if not everything and len(lines) > MOST_MOVED:
        lines = _merged(verdicts)
    named = {one.claim_id for one in verdicts}
    groups: dict[str, list[Difference]] = {}
    for one in differences:
        if subject(one) not in named:
            groups.setdefault(subject(one), []).append(one)
    # claims, whose names contain no folder, before files, and last the pages that repeat them
    for name, group in sorted(groups.items(), key=lambda item: (item[0].endswith(".md"), _is_file(item[0]), item[0])):
        first = str(group[0]) if name == group[0].file else f"{name}: {group[0]}"
        more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
        lines.append(f"{textwrap.shorten(first, 300, placeholder=' ...')}{more}")
    if everything or len(lines) <= MOST_MOVED:
        return lines
    return [*lines[:MOST_MOVED], f"and {len(lines) - MOST_MOVED} more; --all names each."]


def _is_file(name: str) -> bool:
    return "/" in name or "." in name


def subject(difference: Difference) -> str:
    """Return the claim that a difference is about, or else its file."""
    in_results = difference.file.startswith("data/processed/") and difference.column
    return difference.row.split(" / ")[0] if in_results else difference.file


def failed(built: Built, everything: bool = False) -> list[str]:
    """Return a line for each notebook that failed, of many the first, and one for the claims that they would have judged."""
    lines = []
    for failure in built.failures:
        where = f" (open {failure.failed_notebook})" if failure.failed_notebook else ""
        lines.append(f"Failed: {failure.message}{where}")
    if not everything and len(lines) > MOST_MOVED:
        lines = [*lines[: MOST_MOVED - 1], f"and {len(lines) - MOST_MOVED + 1} more; --all names each."]
    if built.unjudged:
        ids = _names([check.claim_id for check in built.unjudged], None if everything else MOST_IDS)
        lines.append(f"Not judged: {ids}: their notebooks failed.")
    return lines


def where(built: Built) -> str:
    """Return where the executed notebooks and the report of a run lie."""
    root = paths.root()
    at_home = built.folder == root
    notebooks = (root / "build" if at_home else built.folder) / "notebooks"
    page = root / "build" / "report" / "index.html"
    report = f"{_short(page)} (made anew by cityresearch report)" if page.is_file() else "made by cityresearch report"
    return f"Executed notebooks: {_short(notebooks)}; report: {report}."


def _short(path: Path) -> str:
    root = paths.root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _merged(verdicts: Sequence[MovedVerdict]) -> list[str]:
    """Return a line for each pair of words, with the reason of its first claim."""
    pairs: dict[tuple[str, str], list[MovedVerdict]] = {}
    for one in verdicts:
        pairs.setdefault((one.committed, one.rebuilt), []).append(one)
    return [
        f"{_names([one.claim_id for one in group])}: {before} -> {after}, "
        f"{group[0].claim_id} because {_as_clause(group[0].because, False)}"
        for (before, after), group in pairs.items()
    ]


def _names(ids: Sequence[str], most: int | None = MOST_IDS) -> str:
    if most is None or len(ids) <= most:
        return ", ".join(ids)
    return f"{', '.join(ids[:most])} and {len(ids) - most} more"


def _as_clause(reason: str, whole: bool) -> str:
    """Return a reason as the end of a sentence, cut where it is long."""
    return reason if whole else textwrap.shorten(reason, LONGEST_REASON, placeholder=" ...")


def verified(built: Built) -> str:
    """Return the sentence in which a verification ends: *Verified* only if nothing failed and nothing moved."""
    if not built.as_committed:
        return f"Not verified: {many(len(built.moved), 'difference')}, {many(len(built.failures), 'notebook')} failed."
    return f"Verified: {many(len(built.checks), 'claim')} and {many(built.figure_count, 'figure')} are as committed."
