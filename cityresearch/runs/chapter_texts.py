"""What chapters say beside verdicts and figures: their notes, tables and results, as one text for each chapter.

A text is published and compared like verdicts and figures, so that a sentence or a number that changes is a line in a diff; and whoever
has not installed anything can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cityresearch.notebook import RESULT_MIME, TEXT_MIME

__all__ = ["FOLDER", "chapter_text", "committed_texts", "file_of"]

FOLDER = "data/processed/chapters"


def file_of(notebook: str) -> str:
    """Return the path of a chapter's text, relative to the project.

    Examples
    --------
    >>> file_of("03-ports")
    'data/processed/chapters/03-ports.txt'
    """
    return f"{FOLDER}/{notebook}.txt"


def chapter_text(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the headings of an executed notebook, and below each what its cells said; an empty text where they said nothing.

    Parameters
    ----------
    cells : iterable of mapping
        Cells as nbformat has them. What was not displayed by `note`, `table` or `result` is left out.

    Examples
    --------
    >>> said = {"data": {"text/plain": "Note: Areas changed in 2023.", TEXT_MIME: {}}}
    >>> print(chapter_text([{"cell_type": "markdown", "source": "# Exports"}, {"cell_type": "code", "outputs": [said]}]), end="")
    # Exports
    <BLANKLINE>
    Note: Areas changed in 2023.
    """
    parts: list[str] = []
    says = False
    for cell in cells:
        if cell["cell_type"] == "markdown":
            lines = "".join(cell["source"]).splitlines()
            parts += [line.strip() for line in lines if line.startswith("#")]
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if TEXT_MIME in data or RESULT_MIME in data:
                says = True
                parts.append("\n".join(line.rstrip() for line in "".join(data["text/plain"]).splitlines()))
    return "\n\n".join(parts) + "\n" if says else ""


def committed_texts(folder: Path) -> dict[str, bytes]:
    """Return the texts that lie below a folder, by path."""
    return {file_of(path.stem): path.read_bytes() for path in sorted((folder / FOLDER).glob("*.txt"))}
