"""Progress: live on a terminal, plain lines elsewhere, with the time that is left as far as earlier runs tell."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cityresearch.files import write_whole
from cityresearch.phrases import many

__all__ = ["Expected", "Listener", "keep_seconds", "last_seconds", "shown"]

if TYPE_CHECKING:
    from cityresearch.execution.pool import Event


class Listener(Protocol):
    """Hears what happens while notebooks run."""

    def __call__(self, event: Event) -> None:
        """Take one event."""


@dataclass(slots=True)
class Expected:
    """How long notebooks will take: by the seconds of their last runs, corrected by those that have ended.

    A notebook without a last run counts as one of middle length.

    Examples
    --------
    >>> expected = Expected(["a", "b", "c"], {"a": 4.0, "b": 2.0, "c": 2.0}, jobs=2)
    >>> expected.said()
    '3 notebooks to run, about 4 s as they took last time'
    >>> expected.left("a", 6.0)
    '1 of 3, about 3 s left'
    """

    names: list[str]
    seconds: Mapping[str, float]
    jobs: int
    ended: int = 0
    _took: float = 0.0  # seconds of those that have ended
    _done: float = 0.0  # their weight, of the weight of all
    _whole: float = field(init=False)
    _middle: float = field(init=False)

    def __post_init__(self) -> None:
        known = sorted(self.seconds.values())
        self._middle = known[len(known) // 2] if known else 1.0
        self._whole = sum(map(self._weight, self.names))

    def said(self) -> str:
        """Return how many notebooks will run, and how long that takes if all have run before."""
        count = f"{many(len(self.names), 'notebook')} to run"
        if not all(name in self.seconds for name in self.names):
            return count
        longest = max(self.seconds[name] for name in self.names)
        whole = max(longest, sum(self.seconds[name] for name in self.names) / self.jobs)
        return f"{count}, about {whole:.0f} s as they took last time"

    def left(self, name: str, seconds: float) -> str:
        """Note that a notebook ended after so many seconds, and return how many have and about how long the others will take."""
        self.ended += 1
        self._took += seconds
        self._done += self._weight(name)
        count = f"{self.ended} of {len(self.names)}"
        if self.ended == len(self.names):
            return count
        return f"{count}, about {max(1, self._took / self._done * (self._whole - self._done) / self.jobs):.0f} s left"

    def _weight(self, name: str) -> float:
        return max(self.seconds.get(name, self._middle), 0.01)


def last_seconds(folder: Path) -> dict[str, float]:
    """Return the seconds that notebooks took in their last runs, by name; of a folder without that record, nothing."""
    try:
        found = json.loads((folder / "seconds.json").read_text(encoding="utf-8"))
        return {str(name): float(seconds) for name, seconds in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep_seconds(folder: Path, seconds: Mapping[str, float]) -> None:
    """Add to the record of the last runs."""
    known = last_seconds(folder) | {name: round(value, 2) for name, value in seconds.items()}
    write_whole(folder / "seconds.json", (json.dumps(known, indent=1, sort_keys=True) + "\n").encode("utf-8"))


@contextmanager
def shown(expected: Expected) -> Iterator[Listener]:
    """Give a listener that shows events on standard error: a live table on a terminal, a line per event elsewhere."""
    if len(expected.names) > 1:
        print(f"{expected.said()} ...", file=sys.stderr, flush=True)
    if not sys.stderr.isatty():
        yield lambda event: _line(event, expected)
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
            name = event.job.output.stem
            if event.kind in ("started", "cell", "text"):
                cell = f"cell {event.cell} of {event.cells}" if event.cells else "starting"
                cell += f": {event.message[:60]}" if event.kind == "text" else ""
                running[name] = (cell, running.get(name, ("", time.monotonic()))[1])
            else:
                running.pop(name, None)
                live.console.print(_said(event, expected), highlight=False)
            live.update(table(), refresh=True)

        yield listen


def _line(event: Event, expected: Expected) -> None:
    if event.kind not in ("cell", "text"):
        print(_said(event, expected), file=sys.stderr, flush=True)


def _said(event: Event, expected: Expected) -> str:
    name = event.job.output.stem
    if event.kind == "started":
        return f"{name}: running"
    left = f" ({expected.left(name, event.seconds)})" if len(expected.names) > 1 else ""
    if event.kind == "failed":
        return f"{name}: failed after {event.seconds:.1f} s: {event.message}{left}"
    if event.kind == "stopped":
        return f"{name}: stopped after {event.seconds:.1f} s"
    return f"{name}: done in {event.seconds:.1f} s, peak {event.peak_rss_mb:.0f} MB{left}"
