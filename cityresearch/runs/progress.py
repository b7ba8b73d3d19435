"""Progress: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

__all__ = ["Listener", "shown"]

if TYPE_CHECKING:
    from cityresearch.execution.pool import Event


class Listener(Protocol):
    """Hears what happens while notebooks run."""

    def __call__(self, event: Event) -> None:
        """Take one event."""


@contextmanager
def shown() -> Iterator[Listener]:
    """Give a listener that shows events on standard error: a live table on a terminal, a line per event elsewhere."""
    if not sys.stderr.isatty():
        yield _line
        return
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

    running: dict[str, tuple[str, float]] = {}

    def table() -> Table:
        grid = Table.grid(padding=(0, 2))
        for name, (cell, start) in running.items():
            grid.add_row(name, cell, f"{time.monotonic() - start:.1f} s")
        return grid

    # refreshed by events alone: a refreshing thread would make a fork unsafe
    with Live(table(), console=Console(stderr=True), transient=True, auto_refresh=False) as live:

        def listen(event: Event) -> None:
            name = event.job.notebook.stem
            if event.kind in ("started", "cell", "text"):
                cell = f"cell {event.cell} of {event.cells}" if event.cells else "starting"
                cell += f": {event.message[:60]}" if event.kind == "text" else ""
                running[name] = (cell, running.get(name, ("", time.monotonic()))[1])
            else:
                running.pop(name, None)
                live.console.print(_said(event), highlight=False)
            live.update(table(), refresh=True)

        yield listen


def _line(event: Event) -> None:
    if event.kind not in ("cell", "text"):
        print(_said(event), file=sys.stderr, flush=True)


def _said(event: Event) -> str:
    name = event.job.notebook.stem
    if event.kind == "started":
        return f"{name}: running"
    if event.kind == "failed":
        return f"{name}: failed after {event.seconds:.1f} s: {event.message}"
    return f"{name}: done in {event.seconds:.1f} s, peak {event.peak_rss_mb:.0f} MB"
