"""Forked notebooks: everything that they would each load and prepare for themselves is loaded here once, before the first fork."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import cityresearch
from cityresearch.datasets.catalog import datasets
from cityresearch.execution import fork, pool
from cityresearch.runs.parameters import read_notebook

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome

# every chapter loads these; a module that only some load must not be among them, for a run is repeated when one that it had loaded changes
COMMON = (
    "pandas",
    "pandera.pandas",
    "cityresearch.notebook",
    "cityresearch.figures.export",
    "cityresearch.datasets.load",
)
LOADS_TABLE = re.compile(r"\bload\(\s*[\"'](\w+)[\"']\s*\)")
NAMES_PART = re.compile(r"\bcr\.(\w+)")


def run_all(
    jobs: Sequence[Job], workers: int, listen: Callable[[pool.Event], None] = lambda event: None
) -> list[Outcome]:
    """Run jobs in forked processes, at most `workers` at once, and return their outcomes in the order of the jobs."""
    code = {notebook: _code(notebook) for notebook in {job.notebook for job in jobs}}
    count = Counter(name for job in jobs for name in set(LOADS_TABLE.findall(code[job.notebook])))
    # tables that more jobs load than run at once are cheaper to check here; parts of the package must be named by all of them (see COMMON)
    tables = [name for name in datasets() if count[name] > workers]
    parts = sorted(set.intersection(*(set(NAMES_PART.findall(text)) for text in code.values())))
    fork.warm_up(COMMON, rehearse=lambda: _rehearse(tables, parts))
    weight = {notebook: (text.count("show("), len(text)) for notebook, text in code.items()}
    ordered = _ordered(jobs, workers, weight)
    # statistics take as long to load as all else, and only some chapters use them
    outcomes = pool.run_all(ordered, workers, listen, meanwhile=lambda: fork.warm_up(fork.LIBRARIES))
    by_job = {id(job): outcome for job, outcome in zip(ordered, outcomes, strict=True)}
    return [by_job[id(job)] for job in jobs]


def _ordered(jobs: Sequence[Job], workers: int, weight: Mapping[Path, tuple[int, int]]) -> list[Job]:
    """Return the longest notebooks first, so that none is left running alone at the end, but the shortest before them.

    The first ones run beside this process, which is still loading. How long a notebook takes is guessed from how many figures it
    draws, and then from its length.
    """
    falling = sorted(jobs, key=lambda job: weight[job.notebook], reverse=True)
    return falling[-workers:] + falling[:-workers] if len(jobs) > workers else list(jobs)


def _rehearse(tables: Sequence[str], parts: Sequence[str] = ()) -> None:
    """Do once what is slow the first time: read the records of the data, check tables, draw a figure, import parts of this package."""
    import pandas as pd
    from pandera.pandas import DataFrameSchema

    from cityresearch.claims.ledger import claims
    from cityresearch.datasets.catalog import sources
    from cityresearch.datasets.load import load
    from cityresearch.figures.chart import Chart, framed
    from cityresearch.figures.export import accessible_svg
    from cityresearch.figures.style import house_style

    claims(), sources()
    DataFrameSchema({}).validate(pd.DataFrame())
    with house_style():
        figure, (ax,) = framed(1, "Title", "Subtitle", "Source")
        ax.plot([1, 2], [1, 2], marker="o")
    accessible_svg(Chart(figure, pd.DataFrame(), "", "", "", "", ()))
    for name in tables:
        load(name)
    for name in parts:
        with suppress(AttributeError):
            getattr(cityresearch, name)


def _code(notebook: Path) -> str:
    return "\n".join("".join(c["source"]) for c in read_notebook(notebook)["cells"] if c["cell_type"] == "code")
