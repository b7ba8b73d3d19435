"""The documents of a new project: their short names, the letters of their claims' ids, and their titles."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cityresearch.errors import ParameterError

__all__ = ["Given", "documents_of"]

TEXTS = (".md", ".txt")  # whose first heading is the title
FILES = (*TEXTS, ".pdf", ".html", ".htm", ".docx", ".odt", ".rtf")
NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Given:
    """A document of a new project: short name, letter, title, and its file where there is one."""

    document: str
    letter: str
    title: str
    file: Path | None = None


def documents_of(given: Sequence[str], taken: Collection[str] = ()) -> tuple[Given, ...]:
    """Return the documents that a user named: files that are there, or names.

    Parameters
    ----------
    given : sequence of str
        Each a file, a name, or several of them with commas between.
    taken : collection of str
        Names and letters that are used already.

    Raises
    ------
    ParameterError
        If a file is not there, two documents would have one name, or a name has no letter.

    Examples
    --------
    >>> [(d.document, d.letter, d.title) for d in documents_of(["Harbor plan,housing"])]
    [('harbor-plan', 'H', 'Harbor plan'), ('housing', 'O', 'housing')]
    """
    found: list[Given] = []
    for text in (part.strip() for entry in given for part in entry.split(",")):
        if not text:
            continue
        path = Path(text)
        file = path if path.is_file() else None
        if file is None and (path.suffix.lower() in FILES or "/" in text or "\\" in text):
            raise ParameterError(f"There is no document {text}: give a file that is there, or a name without ending.")
        name = _slug(path.stem if file else text)
        used = {*taken, *(d.document for d in found), *(d.letter for d in found)}
        if not NAME.fullmatch(name):
            raise ParameterError(
                f"The document {text!r} has no letter in its name: call it something like harbor-plan."
            )
        if name in used:
            raise ParameterError(f"Two documents are called {name!r} ({text}): give each a name of its own.")
        free = [c for c in (*name.upper(), *string.ascii_uppercase) if c in string.ascii_uppercase and c not in used]
        if not free:
            raise ParameterError(f"{text}: the 26 letters for ids of claims are used up: start with fewer documents.")
        found.append(Given(name, free[0], _title(file, text), file))
    return tuple(found)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-").lstrip("0123456789-")


def _title(file: Path | None, text: str) -> str:
    """Return the first heading or line of a text, else what the user called it."""
    if file is None:
        return " ".join(text.split())
    if file.suffix.lower() in TEXTS:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                words = " ".join(line.strip().lstrip("#").split())
                if words:
                    return words[:120]
    return file.stem
