"""How much time, memory and output a notebook may take."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from nbformat.v4 import new_output

from cityresearch.errors import NotebookError

__all__ = [
    "KEPT_CHARACTERS", "MEMORY_MB", "NO_LIMITS", "LimitError", "Limits", "OutputLimitError", "default_memory_mb",
    "shortened",
]  # fmt: skip

CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
MEMORY_MB = 4000.0
SHARE_OF_MACHINE = 0.8
KEPT_CHARACTERS = 50_000  # of either end, where there was too much
CELLS_OF_OUTPUT = 5  # a notebook may show as much as that many cells


class LimitError(NotebookError):
    """A notebook took more than a limit allows."""


class OutputLimitError(LimitError):
    """A cell or a notebook put out more than a limit allows."""


def default_memory_mb() -> float:
    """Return 4,000 MB, or a share of this machine's memory where that is less (1 MB is a million bytes)."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else float("inf")
    with contextlib.suppress(OSError, ValueError):  # no container, or "max"
        total = min(total, float(CGROUP_LIMIT.read_text()))
    return min(MEMORY_MB, total * SHARE_OF_MACHINE / 1e6)


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook; None means no limit.

    Parameters
    ----------
    cell_seconds
        Seconds that one cell may take.
    notebook_seconds
        Seconds that all cells together may take.
    memory_mb
        Memory that the notebook's processes may hold at once, in millions of bytes.
    cell_output_mb
        Output of one cell (text, figures, tables) as the notebook's file holds it, in millions of bytes.
    notebook_output_mb
        Output of all cells, in millions of bytes.
    """

    cell_seconds: float | None = 600.0
    notebook_seconds: float | None = 1800.0
    memory_mb: float | None = field(default_factory=default_memory_mb)
    cell_output_mb: float | None = 20.0
    notebook_output_mb: float | None = 20.0 * CELLS_OF_OUTPUT

    @classmethod
    def of(
        cls,
        cell_timeout: float | None = None,
        timeout: float | None = None,
        memory: float | None = None,
        output_size: float | None = None,
    ) -> Limits:
        """Return the limits that the command line's options ask for; None keeps a default, 0 takes a limit away.

        Parameters
        ----------
        cell_timeout, timeout
            Seconds.
        memory, output_size
            Millions of bytes; `output_size` is for one cell, and the notebook may show five times as much.
        """
        whole = None if output_size is None else output_size * CELLS_OF_OUTPUT
        asked = {
            "cell_seconds": cell_timeout,
            "notebook_seconds": timeout,
            "memory_mb": memory,
            "cell_output_mb": output_size,
            "notebook_output_mb": whole,
        }
        return cls(**{name: value or None for name, value in asked.items() if value is not None})


def shortened(outputs: list) -> list:
    """Return a cell's outputs without the middle of long texts and without large displays, each named where it was."""
    return [_short(output) for output in outputs]


def _short(output):
    if output.output_type == "stream" and len(output.text) > 2 * KEPT_CHARACTERS:
        text, left = output.text, len(output.text) - 2 * KEPT_CHARACTERS
        middle = f"\n[... {left:,} characters are left out here ...]\n"
        return new_output("stream", name=output.name, text=text[:KEPT_CHARACTERS] + middle + text[-KEPT_CHARACTERS:])
    if "data" in output and (size := sum(len(str(value)) for value in output.data.values())) > 2 * KEPT_CHARACTERS:
        return new_output("display_data", data={"text/plain": f"[An output of {size:,} characters is left out here.]"})
    return output


NO_LIMITS = Limits(None, None, None, None, None)
