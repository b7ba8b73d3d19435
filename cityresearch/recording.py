"""What a notebook has recorded so far: claims, figures and results by name, each by one cell.

The record lives in the process and not only in the outputs of cells, which `%%capture` or a cleared output take away: whoever runs the
notebook can compare the two at the end. Each entry is also an audit event.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from cityresearch.errors import ClaimError

__all__ = ["Kind", "record", "recorded"]

Kind = Literal["claim", "figure", "result"]
EVENT = "cityresearch.recorded"
DONE = {"claim": "checked", "figure": "shown", "result": "recorded"}


@dataclass(frozen=True, slots=True)
class _Cell:
    """The cell that is running: what stays the same when it runs again, and its number in brackets."""

    identity: str
    number: int


_recorded: dict[str, dict[str, _Cell | None]] = {"claim": {}, "figure": {}, "result": {}}


def record(kind: Kind, name: str) -> None:
    """Enter a name, once for each cell; a cell that runs again replaces what it recorded.

    Raises
    ------
    ClaimError
        If another cell, or the same one in the same run, recorded the name before, since only one of the two would count.
    """
    now, before = _running(), _recorded[kind].get(name)
    if now and before and (now.number == before.number or now.identity != before.identity):
        cells = f"cells [{before.number}] and [{now.number}]" if now.number != before.number else f"cell [{now.number}]"
        raise ClaimError(
            f"The {kind} {name!r} is {DONE[kind]} twice, in {cells}: keep one, or restart the kernel if the other is gone."
        )
    _recorded[kind][name] = now
    sys.audit(EVENT, kind, name)


def recorded(kind: Kind) -> tuple[str, ...]:
    """Return the names that were recorded in this process, in the order of their first entry."""
    return tuple(_recorded[kind])


def _running() -> _Cell | None:
    """Return the cell of a notebook that is running; nothing outside of a notebook, where nothing is kept that could collide."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    # a terminal has no cells that run again, only lines that are typed again
    if shell is None or not hasattr(shell, "kernel"):
        return None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    identity = ((parent or {}).get("metadata") or {}).get("cellId")
    # without an id, as where notebooks are run by a program, the text of the cell is used in its place
    inputs = shell.user_ns.get("In") or [""]
    # its length, since the shell raises its own count at the start of a cell or at its end, by version
    return _Cell(identity or inputs[-1], len(inputs) - 1)
