"""Forked notebooks: everything that they would each load and prepare for themselves is loaded here once, before the first fork."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch.execution import fork, pool
from cityresearch.runs.parameters import read_notebook

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome

FEW = 2
# every chapter loads these; a module that only some load must not be among them, for a run is repeated when one that it had loaded changes
COMMON = ("cityresearch.notebook", "cityresearch.figures.export", "cityresearch.datasets.load")
DRAWING = ("pandas", "pandera.pandas", "matplotlib.figure")
LOADS_TABLE = re.compile(r"\bload\(\s*[\"'](\w+)[\"']\s*\)")


def run_all(
    jobs: Sequence[Job], workers: int, listen: Callable[[pool.Event], None] = lambda event: None
) -> list[Outcome]:
    """Run jobs in forked processes, at most `workers` at once, and return their outcomes in the order of the jobs."""
    # a notebook or two load statistics faster themselves, if they need them at all
    libraries = DRAWING if len(jobs) <= FEW else (*DRAWING, *fork.LIBRARIES)
    fork.warm_up((*libraries, *COMMON), rehearse=lambda: _rehearse(_shared_tables(jobs, workers)))
    return pool.run_all(jobs, workers, listen)


def _rehearse(tables: Sequence[str]) -> None:
    """Do once what is slow the first time: read the records of the data, check a table, draw a figure."""
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


def _shared_tables(jobs: Sequence[Job], workers: int) -> list[str]:
    """Return the tables that more jobs load than run at once: cheaper to check once here than in each of them."""
    from cityresearch.datasets.catalog import datasets

    named = {notebook: _tables_named(notebook) for notebook in {job.notebook for job in jobs}}
    count = Counter(name for job in jobs for name in named[job.notebook])
    return [name for name in datasets() if count[name] > workers]


def _tables_named(notebook: Path) -> set[str]:
    code = (c for c in read_notebook(notebook)["cells"] if c["cell_type"] == "code")
    return {name for cell in code for name in LOADS_TABLE.findall("".join(cell["source"]))}
