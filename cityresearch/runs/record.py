"""The record of a run: what ran with what, and the result, as JSON next to the executed notebooks."""

from __future__ import annotations

import json
import platform
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cityresearch import __version__, paths
from cityresearch.claims.records import Check
from cityresearch.runs.plan import Entry
from cityresearch.runs.used import installed

__all__ = ["record"]

if TYPE_CHECKING:
    from cityresearch.execution.job import Outcome


def record(
    outcomes: Sequence[Outcome], entries: Mapping[str, Entry], checks: Sequence[Check], why: Mapping[str, list[str]]
) -> bytes:
    """Return the record: versions, git state, hashes of data, and per notebook its parameters, reasons, seconds and peak memory."""
    data = {
        name: digest
        for entry in entries.values()
        for name, digest in entry.used.items()
        if name.startswith("data/raw/")
    }
    ran: list[dict[str, Any]] = [
        {
            "notebook": o.job.notebook.stem,
            "parameters": dict(o.job.parameters),
            "why": why.get(o.job.notebook.stem, []),
            "status": o.status,
            "seconds": round(o.seconds, 3),
            "peak_rss_mb": o.peak_rss_mb,
            "message": o.message,
        }
        for o in outcomes
    ]
    content = {
        "cityresearch": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": installed(),
        "git": _git_state(),
        "data": dict(sorted(data.items())),
        "ran": ran,
        "verdicts": dict(sorted(Counter(check.verdict for check in checks).items())),
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _git_state() -> dict[str, Any]:
    def git(*arguments: str) -> str:
        call = subprocess.run(["git", *arguments], cwd=paths.root(), capture_output=True, text=True, check=False)
        return call.stdout.strip() if call.returncode == 0 else ""

    try:
        return {"commit": git("rev-parse", "HEAD"), "changed_files": len(git("status", "--porcelain").splitlines())}
    except OSError:
        return {}
