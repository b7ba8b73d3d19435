"""Forked notebooks: everything that they would each load and prepare for themselves is loaded here once, before the first fork."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch.datasets.catalog import datasets
from cityresearch.execution import fork, pool
from cityresearch.runs.parameters import read_notebook

__all__ = ["in_advance", "run_all"]

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome

# every chapter loads these; a module that only some load must not be among them, for a run is repeated when one that it had loaded changes
COMMON = (
    "pandas",
    "pandera.pandas",
    "cityresearch.notebook",
    "cityresearch.charts.export",
    "cityresearch.datasets.load",
)
LOADS_TABLE = re.compile(r"\bload\(\s*[\"'](\w+)[\"']\s*\)")
NAMES_PART = re.compile(r"\bcr\.(\w+)")
IMPORTS_PART = re.compile(r"^from (cityresearch[\w.]*) import (\([^)]*\)|.*)$", re.MULTILINE)


def run_all(
    jobs: Sequence[Job],
    workers: int,
    listen: Callable[[pool.Event], None] = lambda event: None,
    keep: Callable[[Outcome], Outcome] = lambda outcome: outcome,
    seconds: Mapping[str, float] | None = None,
) -> list[Outcome]:
    """Run jobs in forked processes, at most `workers` at once, and return their outcomes in the order of the jobs.

    Parameters
    ----------
    keep : callable
        Gets each outcome as it comes, and what it returns is kept.
    seconds : mapping, optional
        How long notebooks took last time, by their names; where one is not known, all are ordered by their figures and length.
    """
    code = {notebook: _code(notebook) for notebook in {job.notebook for job in jobs}}
    count = Counter(name for job in jobs for name in set(LOADS_TABLE.findall(code[job.notebook])))
    # parts of the package must be named by all jobs (see COMMON)
    parts = sorted(set.intersection(*(_parts(text) for text in code.values()))) if len(jobs) > 1 else []
    shared = [name for name in datasets() if count[name] > 1]
    everywhere = [name for name in shared if count[name] == len(jobs)]
    fork.warm_up(COMMON, rehearse=lambda: _rehearse(everywhere, parts))
    ordered = _ordered(jobs, workers, _weights(code, seconds or {}))

    def load_more() -> None:
        # statistics take as long to load as all else, and only some chapters use them
        fork.warm_up(fork.LIBRARIES, rehearse=lambda: _load_all(shared))

    alike = len(code) == 1
    if alike and len(jobs) > workers:
        load_more()  # what one of them uses, all do, the first ones too
    outcomes = pool.run_all(ordered, workers, listen, None if alike else load_more, keep)
    by_job = {id(job): outcome for job, outcome in zip(ordered, outcomes, strict=True)}
    return [by_job[id(job)] for job in jobs]


def in_advance(notebooks: Sequence[Path]) -> Iterator[Callable[[], None]]:
    """Yield what can be loaded before any of these notebooks must run, each a call of its own: what all use, then their tables."""
    yield lambda: fork.warm_up(COMMON, rehearse=_read_and_draw)
    known = datasets()
    named = Counter(name for path in notebooks for name in set(LOADS_TABLE.findall(_code(path))) if name in known)
    for name, _ in named.most_common():
        yield lambda name=name: fork.warm_up((), rehearse=lambda: _load_all([name]))


def _ordered(jobs: Sequence[Job], workers: int, weight: Mapping[Path, tuple[float, int]]) -> list[Job]:
    """Return the longest notebooks first, so that none is left running alone at the end, but some of middle length before them.

    The first ones run at the same time as this process, which is still loading and takes about as long as they.
    """
    if len(jobs) <= workers:
        return list(jobs)
    falling = sorted(jobs, key=lambda job: weight[job.notebook], reverse=True)
    middle = (len(falling) - workers) // 2
    first = falling[middle : middle + workers]
    return first + falling[:middle] + falling[middle + workers :]


def _weights(code: Mapping[Path, str], seconds: Mapping[str, float]) -> dict[Path, tuple[float, int]]:
    """Return how long each notebook takes, to order them: as last time, else guessed from how many figures it draws, then from its length."""
    if all(notebook.stem in seconds for notebook in code):
        return {notebook: (seconds[notebook.stem], 0) for notebook in code}
    return {notebook: (text.count("show("), len(text)) for notebook, text in code.items()}


def _rehearse(tables: Sequence[str], parts: Sequence[str] = ()) -> None:
    """Do what is slow the first time: read the records of the data, check tables, draw a figure, import parts of this package."""
    _read_and_draw()
    _load_all(tables)
    for name in parts:
        with suppress(Exception):  # the notebook that needs it says what is wrong with it
            pkgutil.resolve_name(name)


@cache
def _read_and_draw() -> None:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

    from cityresearch.charts.chart import Chart, framed
    from cityresearch.charts.export import accessible_svg
    from cityresearch.charts.style import house_style
    from cityresearch.charts.words import Words
    from cityresearch.claims.ledger import claims
    from cityresearch.datasets.catalog import sources

    claims(), sources()
    table = DataFrameSchema({}).validate(pd.DataFrame({"a": [1]}))
    repr(table), table._repr_html_(), table.to_csv()
    with house_style():
        figure, (ax,) = framed(1, Words("Title", "Subtitle"), footer="Source")
        ax.plot([1, 2], [1, 2], marker="o")
    accessible_svg(Chart(figure, pd.DataFrame(), Words("")))


def _load_all(tables: Sequence[str]) -> None:
    from cityresearch.datasets.load import load

    for name in tables:
        load(name)


def _parts(code: str) -> set[str]:
    """Return the parts of the package that code names, by the face or in an import, with their dotted names."""
    found = {f"cityresearch.{name}" for name in NAMES_PART.findall(code)}
    for module, names in IMPORTS_PART.findall(code):
        found |= {f"{module}.{name.split()[0]}" for name in names.strip("()").split(",") if name.strip()}
    return found


def _code(notebook: Path) -> str:
    return "\n".join("".join(c["source"]) for c in read_notebook(notebook)["cells"] if c["cell_type"] == "code")
