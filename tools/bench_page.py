"""The page of `tools/bench.py`: what was measured, and beside it what the project aims at."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench_ways import Way

__all__ = ["Facts", "page"]

SWEEPS = ("h10", "h52", "h208", "h3000")


@dataclass(frozen=True)
class Facts:
    """Of what and on what was measured: the machine in words, its processors, notebooks, rounds, and the earlier commit or nothing."""

    machine: str
    cores: int
    notebooks: int
    rounds: int
    before: str = ""


def page(measured: Sequence[Way], facts: Facts) -> str:
    """Return the Markdown page: medians with range, ratios within rounds, peak memory, and each aim beside what was measured.

    A way that was not measured is named where an aim needs it.
    """
    found = _Measured({way.key: way for way in measured}, facts)
    return "\n".join([*_head(facts, found), *_table(found), *_aims(found), *_watched(found)]) + "\n"


@dataclass(frozen=True)
class _Measured:
    ways: dict[str, Way]
    facts: Facts

    def has(self, *keys: str) -> bool:
        return all(key in self.ways for key in keys)

    def seconds(self, key: str) -> float:
        return statistics.median(self.ways[key].seconds)

    def ratio(self, key: str, base: str) -> float:
        # within a round, for the machine's speed changes from round to round; a way of one round is compared with the first
        pairs = zip(self.ways[key].seconds, self.ways[base].seconds, strict=False)
        return statistics.median(x / y for x, y in pairs)

    def per_notebook(self, key: str) -> float:
        """Seconds for each notebook and processor."""
        return self.seconds(key) / self.ways[key].notebooks * self.facts.cores


def _head(facts: Facts, found: _Measured) -> list[str]:
    once = [f"({way.key})" for way in found.ways.values() if way.once]
    alone = f" {' and '.join(once)} ran in the first round only." if once else ""
    return [
        "# Benchmarks",
        "",
        f"Made by `make bench`: {facts.notebooks} notebooks, {facts.rounds} interleaved rounds; median (lowest to highest) wall seconds; peak memory is the",
        "largest sum of proportional set sizes over all processes in a round of its own. The load of other programs on the machine was not controlled;",
        f"ratios are medians of the rounds' own ratios, since the machine's speed changes from round to round.{alone}",
        "",
        f"Machine: {facts.machine}.",
        "",
    ]


def _table(found: _Measured) -> list[str]:
    lines = ["| way | seconds | of (a) | of (i) | peak MB |", "|---|---:|---:|---:|---:|"]
    for way in found.ways.values():
        span = f"{found.seconds(way.key):.2f} ({min(way.seconds):.2f} to {max(way.seconds):.2f})"
        ratios = [f"{found.ratio(way.key, base):.3f}" if found.has(base) else "" for base in ("a", "i")]
        lines.append(
            f"| ({way.key}) {way.label} | {span} | {' | '.join(ratios)} | {f'{way.peak_mb:.0f}' if way.peak_mb else ''} |"
        )
    return lines


def _aims(found: _Measured) -> list[str]:
    floor = f"; the floor took {found.seconds('i'):.2f} s" if found.has("i") else ""
    lines = ["", "| aim | measured | |", "|---|---|---|"]

    def ratio(what: str, key: str, base: str, most: float | None) -> None:
        if not found.has(key, base):
            left_out = " and ".join(f"({one})" for one in (key, base) if not found.has(one))
            lines.append(f"| {what} | {left_out} not measured | |")
            return
        times = f"{found.seconds(key):.2f} s of {found.seconds(base):.2f} s"
        value = found.ratio(key, base)
        lines.append(f"| {what} | {value:.3f} ({times}{floor}) | {_standing(value, most, 3)} |")

    def seconds(what: str, key: str, most: float) -> None:
        if found.has(key):
            value = found.seconds(key)
            lines.append(f"| {what} | {value:.2f} s | {_standing(value, most, 2)} |")
        else:
            lines.append(f"| {what} | ({key}) not measured | |")

    ratio("all notebooks cold with two jobs (d2): at most 0.12 of papermill one after another (a)", "d2", "a", 0.12)
    ratio("the same: at most 0.20 of papermill two at a time (a2)", "d2", "a2", 0.20)
    ratio("beside it, no aim: of nbmake on two workers (a3)", "d2", "a3", None)
    ratio("the same: at most 0.65 of the floor in one process (i)", "d2", "i", 0.65)
    if found.facts.before:
        ratio(f"beside it, no aim: this floor (i) of the cells of {found.facts.before} (i0)", "i", "i0", None)
    seconds("nothing changed (e): at most 0.6 s", "e", 0.6)
    seconds("the longest chapter edited (f2): at most 2.0 s", "f2", 2.0)
    seconds("from save to answer under `run --watch`, median over the chapters (l): at most 1.0 s", "l", 1.0)
    seconds("report after one edited chapter (m): at most 1.5 s more than the run", "m", 1.5)
    return [*lines, *_sweeps(found), *_memory(found)]


def _sweeps(found: _Measured) -> list[str]:
    swept = [key for key in SWEEPS if found.has(key)]
    lines = []
    if "h52" in swept:
        value = found.per_notebook("h52")
        lines.append(
            f"| sweep over 52 states (h52): at most 0.2 s for each notebook and processor, start included | {value:.2f} s | {_standing(value, 0.2, 2)} |"
        )
    if swept:
        each = "; ".join(f"{found.ways[key].notebooks:,} notebooks {found.per_notebook(key):.2f} s" for key in swept)
        lines.append(f"| the same at other lengths: no more for each notebook as they become more | {each} | |")
    weighed = [key for key in swept if found.ways[key].peak_mb]
    if weighed:
        each = "; ".join(f"{found.ways[key].notebooks:,} notebooks {found.ways[key].peak_mb:.0f} MB" for key in weighed)
        lines.append(f"| memory of sweeps: the same however many notebooks | {each} | |")
    return lines


def _memory(found: _Measured) -> list[str]:
    lines = []
    for base, what in (("a", "the largest notebook"), ("k", "a small notebook")):
        for key, jobs in (("d1", 1), ("d2", 2)):
            if found.has(key, base) and found.ways[base].peak_mb:
                value = found.ways[key].peak_mb / jobs / found.ways[base].peak_mb
                aim = f"peak memory with {'one job' if jobs == 1 else 'two jobs, for each'} ({key}): at most 1.2 of {what} under papermill ({base})"
                lines.append(f"| {aim} | {value:.2f} | {_standing(value, 1.2, 2)} |")
    return lines


def _standing(value: float, most: float | None, digits: int) -> str:
    """Return whether an aim is reached, or by how much it is missed."""
    if most is None:
        return ""
    return "reached" if value <= most else f"not reached, {value - most:.{digits}f} too much"


def _watched(found: _Measured) -> list[str]:
    """Return the seconds from save to answer of each chapter, the longest first."""
    if not found.has("l") or not found.ways["l"].by_part:
        return []
    middle = {name: statistics.median(took) for name, took in found.ways["l"].by_part.items()}
    falling = sorted(middle, key=middle.__getitem__, reverse=True)
    each = ", ".join(f"{name} {middle[name]:.2f}" for name in falling)
    return ["", f"From save to answer (l), seconds by chapter, median of the rounds: {each}."]
