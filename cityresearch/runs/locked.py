"""The locked environment: the Python and the packages with which the committed results were made."""

from __future__ import annotations

import re
import sys

from cityresearch import paths
from cityresearch.runs.used import installed

__all__ = ["LOCK", "is_home", "mismatches", "where"]

LOCK = "requirements.lock"
PYTHON = (3, 11)  # `make lock` resolves for it
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;([^\\\n]*))?", re.MULTILINE)


def mismatches() -> list[str]:
    """Return the installed packages whose version is not the locked one, such as "pandas 2.1.0 (locked: 2.3.1)".

    A locked package that is not installed is none: the lock has the tools of tests and clusters too, and what is needed and absent fails
    by itself. Without a lock there is nothing to compare with.
    """
    here, found = installed(), []
    for name, version, marker in _pins():
        have = here.get(name)
        if have is not None and have != version and _applies(marker):
            found.append(f"{name} {have} (locked: {version})")
    return found


def is_home() -> bool:
    """Return whether this is the locked Python with the locked packages, where results have the committed bytes."""
    return sys.version_info[:2] == PYTHON and bool(_pins()) and not mismatches()


def where() -> str:
    """Return in words how drawings are compared here."""
    if is_home():
        return "byte for byte"
    if not _pins():
        return f"as drawings, since the project has no {LOCK}"
    return f"as drawings, since this is not Python {'.'.join(map(str, PYTHON))} with the packages of {LOCK}"


def _pins() -> list[tuple[str, str, str]]:
    try:
        text = (paths.root() / LOCK).read_text(encoding="utf-8")
    except OSError:
        return []
    return [
        (name.lower().replace("_", "-").replace(".", "-"), version, marker)
        for name, version, marker in _PIN.findall(text)
    ]


def _applies(marker: str) -> bool:
    if not marker.strip():
        return True
    from packaging.markers import Marker

    return Marker(marker.strip()).evaluate()
