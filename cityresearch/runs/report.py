"""Reports of a run for machines: JSON and JUnit."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml

from cityresearch.claims.records import Check
from cityresearch.errors import ParameterError
from cityresearch.outputs import check_file, write_file
from cityresearch.runs.ending import subject

__all__ = ["check_paths", "write_json", "write_junit"]

if TYPE_CHECKING:
    from cityresearch.runs.build import Built

# what XML 1.0 cannot hold, not even escaped
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_paths(json_file: Path | None, junit: Path | None = None) -> None:
    """Refuse report files that cannot be written, or in whose place something else would be lost, before anything runs.

    Raises
    ------
    ParameterError
        With what to do.
    """
    if json_file and junit and json_file.resolve() == junit.resolve():
        raise ParameterError(
            f"{junit} is named for both reports, and the second would replace the first: name two files."
        )
    if json_file:
        check_file(json_file, (b"[", b"{"))
    if junit:
        check_file(junit, (b"<?xml",))


def write_json(file: Path, built: Built) -> None:
    """Write what moved and what could not be judged as a JSON list.

    Each item has file, row, column, committed and rebuilt, and `kind`: moved (a value), error (a notebook that failed, or a claim that
    it would have judged).
    """
    items = [{"kind": "moved", **asdict(d)} for d in built.moved]
    for failure in built.failures:
        items.append(_error(f"notebooks/{failure.notebook.name}", "", "", failure.message))
    for check in built.unjudged:
        items.append(_error("data/processed/verdicts.csv", check.claim_id, check.verdict, _not_judged(check)))
    write_file(file, (json.dumps(items, indent=2, ensure_ascii=True) + "\n").encode("utf-8"))


def _error(file: str, row: str, committed: str, message: str) -> dict[str, str]:
    return {"kind": "error", "file": file, "row": row, "column": "", "committed": committed, "rebuilt": message}


def _not_judged(check: Check) -> str:
    return f"not judged: {check.notebook} failed"


def write_junit(file: Path, built: Built) -> None:
    """Write JUnit XML: a test case for each claim, each notebook that failed and each other file that moved.

    A claim fails where its verdict or a reading moved; a failed notebook, and each claim that it would have judged, is an error.
    """
    failed: dict[str, list[str]] = {}
    for difference in built.moved:
        failed.setdefault(subject(difference), []).append(str(difference))
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
    write_file(file, xml.tostring(suite, encoding="utf-8", xml_declaration=True) + b"\n")


def _speakable(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
