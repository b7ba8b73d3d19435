"""Reports of a run: lines for people, JSON and JUnit for machines."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml

from cityresearch.claims.ledger import claims
from cityresearch.claims.records import Check
from cityresearch.claims.verdict import WORDS
from cityresearch.errors import ParameterError
from cityresearch.files import write_whole
from cityresearch.runs.compare import Difference

__all__ = ["check_paths", "claims_table", "moved", "write_json", "write_junit"]

if TYPE_CHECKING:
    from cityresearch.runs.build import Built

MOST_LISTED = 60
# what XML 1.0 cannot hold, not even escaped
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def claims_table(checks: Sequence[Check]) -> str:
    """Return the counts of verdicts and a line for each claim, or, of many claims, for each that differs."""
    if not checks:
        return "No claim was counted."
    ledger = claims()
    width = max(60, shutil.get_terminal_size((110, 24)).columns)
    few = len(checks) <= MOST_LISTED
    lines = [f"{'claim':<6} {'verdict':<10} {'basis':<11} statement"]
    for check in sorted(checks, key=lambda c: c.claim_id):
        if few or check.verdict.startswith("differs"):
            statement = textwrap.shorten(ledger[check.claim_id].statement, width - 30, placeholder=" ...")
            lines.append(f"{check.claim_id:<6} {check.verdict:<10} {check.basis:<11} {statement}")
    if not few:
        lines.append("These differ; cityresearch claims lists all, and cityresearch claims ID says why.")
    counts = Counter(check.verdict for check in checks)
    lines.append(", ".join(f"{word} {counts[word]}" for word in WORDS if counts[word]))
    return "\n".join(lines)


def moved(differences: Sequence[Difference]) -> list[str]:
    """Return a line for each claim and each file that moved, claims whose verdict changed first."""
    groups: dict[str, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(_subject(difference), []).append(difference)
    verdicts = {name: d for name, group in groups.items() for d in group if d.column == "verdict"}
    lines = [f"{name}, verdict: {d.committed or 'nothing'} -> {d.rebuilt or 'nothing'}" for name, d in verdicts.items()]
    # then claims, whose names contain no folder, and then files
    for name, group in sorted(groups.items(), key=lambda item: ("/" in item[0] or "." in item[0], item[0])):
        if name in verdicts:
            continue
        first = str(group[0]) if name == group[0].file else f"{name}: {group[0]}"
        more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
        lines.append(f"{textwrap.shorten(first, 300, placeholder=' ...')}{more}")
    return lines


def _subject(difference: Difference) -> str:
    """Return the claim that a difference is about, or else its file."""
    in_results = difference.file.startswith("data/processed/") and difference.column
    return difference.row.split(" / ")[0] if in_results else difference.file


def check_paths(*files: Path | None) -> None:
    """Make the folders of report files.

    Raises
    ------
    ParameterError
        If one cannot be written: said before anything runs.
    """
    for file in filter(None, files):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            existed = file.exists()
            with file.open("ab"):
                pass
            if not existed:
                file.unlink()
        except OSError as error:
            raise ParameterError(f"{file} cannot be written ({error.strerror}): name another file.") from None


def write_json(file: Path, built: Built, differences: Sequence[Difference]) -> None:
    """Write what moved and what could not be judged as a JSON list.

    Each item has file, row, column, committed and rebuilt, and `kind`: moved (a value), error (a notebook that failed, or a claim that
    it would have judged).
    """
    items = [{"kind": "moved", **asdict(d)} for d in differences]
    for failure in built.failures:
        items.append(_error(f"notebooks/{failure.notebook.name}", "", "", failure.message))
    for check in built.unjudged:
        items.append(_error("data/processed/verdicts.csv", check.claim_id, check.verdict, _not_judged(check)))
    write_whole(file, (json.dumps(items, indent=2, ensure_ascii=True) + "\n").encode("utf-8"))


def _error(file: str, row: str, committed: str, message: str) -> dict[str, str]:
    return {"kind": "error", "file": file, "row": row, "column": "", "committed": committed, "rebuilt": message}


def _not_judged(check: Check) -> str:
    return f"not judged: {check.notebook} failed"


def write_junit(file: Path, built: Built, differences: Sequence[Difference]) -> None:
    """Write JUnit XML: a test case for each claim, each notebook that failed and each other file that moved.

    A claim fails where its verdict or a reading moved; a failed notebook, and each claim that it would have judged, is an error.
    """
    failed: dict[str, list[str]] = {}
    for difference in differences:
        failed.setdefault(_subject(difference), []).append(str(difference))
    errors = {f"notebooks/{f.notebook.name}": f.message for f in built.failures}
    errors |= {check.claim_id: _not_judged(check) for check in built.unjudged}
    names = dict.fromkeys([*(check.claim_id for check in built.checks), *errors, *failed])
    count = {"tests": len(names), "failures": len(failed.keys() - errors.keys()), "errors": len(errors)}
    suite = xml.Element("testsuite", {"name": "cityresearch verify", **{k: str(v) for k, v in count.items()}})
    for name in names:
        case = xml.SubElement(suite, "testcase", {"classname": "cityresearch", "name": _speakable(name)})
        kind, texts = ("error", [errors[name]]) if name in errors else ("failure", failed.get(name, []))
        if texts:
            xml.SubElement(case, kind, {"message": _speakable(texts[0])}).text = _speakable("\n".join(texts))
    write_whole(file, xml.tostring(suite, encoding="utf-8", xml_declaration=True) + b"\n")


def _speakable(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
