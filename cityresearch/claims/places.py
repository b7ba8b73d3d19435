"""Where a claim is checked: found in the stored notebook when somebody asks, so that results do not depend on names that tools renumber."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from cityresearch import paths

__all__ = ["cell_of"]


def cell_of(claim_id: str, notebook: str) -> str:
    """Return the id of the cell that checks a claim, or an empty text where none can be told.

    Parameters
    ----------
    notebook : str
        Its name without ending, such as 03-ports.
    """
    path = paths.notebooks() / f"{notebook}.ipynb"
    cells = _code_cells(path, path.stat().st_mtime_ns if path.is_file() else 0)
    named = [(cell, code) for cell, code in cells if re.search(rf"[\"']{re.escape(claim_id)}[\"']", code)]
    checking = [cell for cell, code in named if "check(" in code]
    rest = [cell for cell, code in cells if "check_the_rest(" in code]
    return next(iter([*checking, *(cell for cell, _ in named), *rest]), "")


@lru_cache(maxsize=64)
def _code_cells(path: Path, _changed: int) -> tuple[tuple[str, str], ...]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            (cell.get("id") or f"number {number}", "".join(cell["source"]))
            for number, cell in enumerate(content["cells"], start=1)
            if cell["cell_type"] == "code"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()
