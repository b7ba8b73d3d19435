"""A notebook run in a forked process shows what the same notebook shows in a Jupyter kernel."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import cityresearch
from study import published
from torture import NOTEBOOKS, comparable

HERE = Path(__file__).parent

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parity")
    done = {}
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "OPENBLAS_NUM_THREADS": "1"}
    environment.pop("PYTEST_CURRENT_TEST")  # a kernel that sees it does not capture file descriptors
    for name, nb in NOTEBOOKS.items():
        for engine in ("kernel", "fork"):
            own = folder / name / engine
            own.mkdir(parents=True)
            nbformat.write(nb, folder / name / f"{name}.ipynb")
            result = subprocess.run(
                [sys.executable, HERE / "run_notebook.py", engine, "../" + f"{name}.ipynb", "out.ipynb", "WARM"],
                cwd=own, env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            assert f"ran {engine}" in result.stdout, result.stderr
            said = [line for line in result.stdout.splitlines() if line[:1].isupper()]
            done[name, engine] = (nbformat.read(own / "out.ipynb", 4), said)
    return done


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_looks_as_in_a_kernel(executed, name):
    kernel, fork = (comparable(executed[name, engine][0]) for engine in ("kernel", "fork"))
    assert len(fork) == len(kernel)
    for number, (ours, theirs) in enumerate(zip(fork, kernel, strict=True)):
        assert ours == theirs, f"cell {number}: {theirs['source'][:200]}"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_papermill_reports_the_same_failing_cell_as_with_a_kernel(executed, name):
    assert executed[name, "fork"][1] == executed[name, "kernel"][1]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_names_the_same_language(executed, name):
    infos = [executed[name, engine][0].metadata.language_info for engine in ("kernel", "fork")]
    assert infos[0] == infos[1]


@pytest.fixture(scope="module")
def chapters_in_kernels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    result = cityresearch("run", "--engine", "kernel", "--output", folder)
    assert result.returncode == 0, result.stderr
    return folder


def test_every_chapter_shows_the_same_in_a_kernel(chapters_run, chapters_in_kernels):
    forked = sorted((chapters_run / "notebooks").glob("*.ipynb"))
    assert len(forked) == len(list((HERE.parent / "notebooks").glob("*.ipynb")))
    for path in forked:
        ours, theirs = (comparable(nbformat.read(p, 4)) for p in (path, chapters_in_kernels / "notebooks" / path.name))
        assert len(ours) == len(theirs)
        for number, (own, other) in enumerate(zip(ours, theirs, strict=True)):
            assert own == other, f"{path.name}, cell {number}: {other['source'][:200]}"


def test_every_chapter_records_the_same_in_a_kernel(chapters_run, chapters_in_kernels):
    ours, theirs = published(chapters_run), published(chapters_in_kernels)
    assert {name.split("/")[0] for name in ours} == {"data", "figures"}
    assert ours == theirs
