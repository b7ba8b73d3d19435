"""Run each chapter, figures drawn, with every value that its parameters allow, and tabulate what ran and what failed.

python tools/matrix.py                 every listed value at least once, for each pair of short lists every pair: about 20 minutes
python tools/matrix.py 06-trade-missions 11
python tools/matrix.py --sample 1      a few combinations of each chapter from the same list, furthest from the stored values

What has no list (a range, a text) is varied over its ends and a value between; texts without rule keep their default, and are named.
A combination that the chapter refuses in a sentence (a first year after the last) is listed apart; every single value must run in some
combination all the same, so a value that ran in none is tried once more, with the stored values of the rest. Exit code 1 if a combination
failed or a value never ran.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.errors import CityResearchError
from cityresearch.runs import sweep
from cityresearch.runs.assignments import Bound, Parameter
from cityresearch.runs.combining import canonical
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import allowed_values, checked, parameters_of

SEED = 20260529
REFUSAL = ": ParameterError: "  # in the message of a cell that refuses its input
SHORT = 20  # two lists of at most this length are combined in every pair


@dataclass(frozen=True)
class Ran:
    """The outcome of one chapter: its combinations, and the parameters that kept their default."""

    notebook: str
    rows: tuple[sweep.Row, ...]
    unvaried: tuple[str, ...]

    @property
    def refused(self) -> list[sweep.Row]:
        """The combinations that the chapter refuses as wrong input."""
        return [row for row in self.rows if row.failed and REFUSAL in row.reason]

    @property
    def failures(self) -> list[sweep.Row]:
        """The combinations that did not run to their end for another reason."""
        return [row for row in self.rows if row.failed and REFUSAL not in row.reason]

    @property
    def never_ran(self) -> list[str]:
        """The single values that ran in no combination."""
        return sorted(f"{name} {value!r}" for name, value in values_without_a_run(self.rows))

    @property
    def seconds(self) -> float:
        """Time of all its runs, one after another."""
        return sum(row.seconds for row in self.rows)


def values_of(parameter: Parameter) -> list[Any]:
    """Return the values to try: all that are listed, else default and bounds, else True and False or the default alone."""
    listed = allowed_values(parameter)
    if listed:
        return listed
    if isinstance(parameter.default, bool):
        return [True, False]
    ends = [type(parameter.default)(rule.limit) for rule in parameter.rules if isinstance(rule, Bound)]
    return list(dict.fromkeys([parameter.default, *ends]))


def cover(axes: dict[str, list[Any]], seed: int = SEED) -> list[dict[str, Any]]:
    """Return combinations that hold every value at least once, and every pair of values of two short axes.

    The same axes and seed give the same combinations. The rest of each combination is chosen at random among the values used least.
    """
    choose = random.Random(seed)
    used = {name: dict.fromkeys(range(len(values)), 0) for name, values in axes.items()}
    short = [name for name, values in axes.items() if 1 < len(values) <= SHORT]
    wanted = {
        ((a, i), (b, j)): None
        for a, b in itertools.combinations(short, 2)
        for i, j in itertools.product(range(len(axes[a])), range(len(axes[b])))
    }
    found: list[dict[str, int]] = []

    def add(fixed: dict[str, int]) -> None:
        chosen = dict(fixed)
        for name in axes:
            if name not in chosen:
                chosen[name] = _best(name, chosen)
        for name, place in chosen.items():
            used[name][place] += 1
        for a, b in itertools.combinations(short, 2):
            wanted.pop(((a, chosen[a]), (b, chosen[b])), None)
        found.append(chosen)

    def _best(name: str, chosen: dict[str, int]) -> int:
        def gain(place: int) -> int:
            pairs = (
                tuple(sorted([(name, place), item], key=lambda end: short.index(end[0])))
                for item in chosen.items()
                if name in short and item[0] in short
            )
            return sum(pair in wanted for pair in pairs)

        return min(used[name], key=lambda place: (-gain(place), used[name][place], choose.random()))

    while wanted:
        (a, i), (b, j) = next(iter(wanted))
        add({a: i, b: j})
    for name in sorted(axes, key=lambda name: -len(axes[name])):
        for place in range(len(axes[name])):
            if not used[name][place]:
                add({name: place})
    return [{name: axes[name][place] for name, place in chosen.items()} for chosen in found or [{}]]


def values_without_a_run(rows: Sequence[sweep.Row]) -> list[tuple[str, Any]]:
    """Return the single values, with the names of their parameters, that ran in no combination of these rows."""
    done = {(name, repr(value)) for row in rows if not row.failed for name, value in row.values.items()}
    every = {(name, repr(value)): value for row in rows for name, value in row.values.items()}
    return [(name, value) for (name, said), value in every.items() if (name, said) not in done]


def run_chapter(notebook: Path, jobs: int, sample: int, folder: Path) -> Ran:
    """Run one chapter with its combinations, or with a sample of them: those furthest from the stored values, which every run has."""
    parameters = parameters_of(notebook)
    axes = {p.name: values_of(p) for p in parameters}
    wanted = cover(axes)
    if sample:
        stored = {p.name: p.default for p in parameters}
        random.Random(SEED).shuffle(wanted)
        wanted = sorted(wanted, key=lambda values: sum(values[name] == stored[name] for name in values))[:sample]

    def run(given: Sequence[dict[str, Any]], where: str) -> list[sweep.Row]:
        combos = {canonical(values): values for values in (checked(notebook, some) for some in given)}
        return sweep.run(notebook, list(combos.values()), folder / where, sweep.locally(jobs), figures=True)

    rows = run(wanted, notebook.stem)
    if not sample and (alone := values_without_a_run(rows)):
        rows += run([{name: value} for name, value in alone], f"{notebook.stem}-alone")
    return Ran(notebook.stem, tuple(rows), tuple(name for name, values in axes.items() if len(values) == 1))


def table(ran: Sequence[Ran]) -> str:
    """Return what ran as a Markdown table, with the sentence of each failure below it."""
    lines = ["| chapter | combinations | failed | refused | seconds | not varied |", "|---|---:|---:|---:|---:|---|"]
    counts = [(len(r.rows), len(r.failures), len(r.refused), r.seconds) for r in ran]
    for r, (rows, failed, refused, seconds) in zip(ran, counts, strict=True):
        lines.append(f"| {r.notebook} | {rows} | {failed} | {refused} | {seconds:.0f} | {', '.join(r.unvaried)} |")
    rows, failed, refused, seconds = (sum(column) for column in zip(*counts, strict=True))
    lines.append(f"| all | {rows} | {failed} | {refused} | {seconds:.0f} | |")
    for r in ran:
        lines += [f"\n- {r.notebook}, {value}: ran in no combination" for value in r.never_ran]
        for word, some in (("failed", r.failures), ("refused", r.refused)):
            for row in some:
                said = ", ".join(f"{name} {value!r}" for name, value in row.values.items())
                lines.append(f"\n- {r.notebook}, {said}: {word}: {row.reason}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the matrix and return the exit code."""
    # before anything imports numpy, whose threads would make a fork unsafe
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*", help="notebooks, all if left out")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N combinations of each chapter")
    parser.add_argument("--jobs", type=int, default=0, help="notebooks at once; as many as there are processors if 0")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the executed notebooks; a repetition goes on there"
    )
    asked = parser.parse_args(arguments)
    ran = []
    try:
        for notebook in chapters(asked.chapters):
            with tempfile.TemporaryDirectory(prefix="cityresearch-matrix-") as scratch:
                one = run_chapter(
                    notebook, asked.jobs or os.cpu_count() or 1, asked.sample, asked.keep or Path(scratch)
                )
            print(
                f"{one.notebook}: {len(one.rows)} combinations, {len(one.failures)} failed", file=sys.stderr, flush=True
            )
            ran.append(one)
    except CityResearchError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    text = table(ran)
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")
    print(text, end="")
    return int(any(one.failures or (one.never_ran and not asked.sample) for one in ran))


if __name__ == "__main__":
    sys.exit(main())
