"""Sweeps: every combination once, what is missing with its reason, resumable, and on a cluster that loses a worker."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import cityresearch
from test_plan import notebook

from cityresearch.errors import ParameterError
from cityresearch.runs.sweep import combinations, slug

CODE = """
import time
import cityresearch as cr
time.sleep(pause)
if size == 3:
    raise ValueError("three is not available")
cr.result("square", size**2 if size != 2 else cr.missing("nothing is known of two"))
"""


@pytest.fixture
def swept(project: Path) -> Path:
    """The project with one small chapter that a sweep can run."""
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    made = json.loads(notebook(CODE))
    made["cells"][1]["source"] = (
        "size = 1  # at least 1; at most 90\npause = 0.0  # seconds\nkind = 'a'  # one of: a, b"
    )
    (project / "notebooks" / "01-one.ipynb").write_text(json.dumps(made), encoding="utf-8")
    return project


def table(folder: Path, name: str = "table.csv") -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_combinations_are_the_product_of_ranges_lists_and_allowed_values(swept):
    path = swept / "notebooks" / "01-one.ipynb"
    found = combinations(path, ["size=2:4", "kind=all"], {"pause": "0"})
    assert [(c["size"], c["kind"]) for c in found] == [(2, "a"), (2, "b"), (3, "a"), (3, "b"), (4, "a"), (4, "b")]
    assert len({slug(c) for c in found}) == 6


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ("size", "--over takes NAME=all"),
        ("width=1", "no parameter 'width'"),
        ("size=all", "lists no values"),
        ("size=88:92", "expected at most 90"),
        ("kind=a,c", "expected one of a, b"),
    ],
)
def test_bad_wishes_are_one_sentence(swept, over, sentence):
    with pytest.raises(ParameterError, match=sentence):
        combinations(swept / "notebooks" / "01-one.ipynb", [over], {})


def test_a_sweep_tabulates_results_and_says_what_is_missing_and_why(swept, tmp_path):
    result = cityresearch("sweep", "01-one", "--over", "size=1:4", "--output", tmp_path, cwd=swept)
    assert result.returncode == 0, result.stderr
    assert {r["size"]: r["square"] for r in table(tmp_path)} == {"1": "1", "4": "16"}
    missing = {r["size"]: r["reason"] for r in table(tmp_path, "missing.csv")}
    assert missing["2"] == "nothing is known of two"
    assert "ValueError: three is not available" in missing["3"]
    assert len((tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()) == 4


def test_a_sweep_goes_on_where_it_ended(swept, tmp_path):
    assert cityresearch("sweep", "01-one", "--over", "size=4:6", "--output", tmp_path, cwd=swept).returncode == 0
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "notebooks").iterdir()}
    assert cityresearch("sweep", "01-one", "--over", "size=4:8", "--output", tmp_path, cwd=swept).returncode == 0
    after = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "notebooks").iterdir()}
    assert len(after) == 5
    assert all(after[name] == stamp for name, stamp in before.items())
    assert [r["square"] for r in table(tmp_path)] == ["16", "25", "36", "49", "64"]


DRAWN = """
import pandas as pd
import cityresearch as cr
rows = pd.DataFrame({"x": [2020, 2021], "series": "one", "value": [1.0, float(size)]})
words = dict.fromkeys(("title", "subtitle", "unit", "alt", "caption"), "words")
cr.show(cr.figures.lines(rows, **words, sources=["ita-metro-2025"]), "a-line")
cr.result("size", size)
"""


def test_a_sweep_draws_its_figures_only_when_asked(swept, tmp_path):
    path = swept / "notebooks" / "01-one.ipynb"
    source = sorted((swept / "data" / "raw" / "sources.csv").read_text(encoding="utf-8").splitlines())[1].split(",")[0]
    made = json.loads(path.read_text(encoding="utf-8"))
    made["cells"][2]["source"] = DRAWN.replace("ita-metro-2025", source)
    path.write_text(json.dumps(made), encoding="utf-8")
    for wish, drawn, said in ((), False, True), (("--figures",), True, False):
        result = cityresearch("sweep", "01-one", "--over", "size=1:2", *wish, "--output", tmp_path, cwd=swept)
        assert result.returncode == 0, result.stderr
        executed = [p.read_text(encoding="utf-8") for p in sorted((tmp_path / "notebooks").glob("*.ipynb"))]
        assert len(executed) == 2
        assert [("image/svg+xml" in text, "a-line is not drawn in a sweep" in text) for text in executed] == [
            (drawn, said)
        ] * 2
        assert [r["size"] for r in table(tmp_path)] == ["1", "2"]


def test_an_address_without_a_scheduler_is_one_sentence(swept, tmp_path):
    result = cityresearch(
        "sweep", "01-one", "--over", "size=4:5", "--scheduler", "tcp://127.0.0.1:9", "--output", tmp_path, cwd=swept
    )
    assert result.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in result.stderr


def test_a_cluster_that_loses_a_worker_midway_still_gives_the_whole_table(swept, tmp_path):
    environment = {
        **os.environ,
        "CITYRESEARCH_ROOT": str(swept),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10",
    }
    address = tmp_path / "scheduler.json"

    def start(*arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=swept, env=environment, start_new_session=True, **quiet)

    scheduler = start(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(address)
    )
    workers = []
    try:
        wait_for(address.is_file)
        where = json.loads(address.read_text(encoding="utf-8"))["address"]
        workers = [
            start("worker", where, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
            for _ in range(2)
        ]
        command = [
            sys.executable,
            "-c",
            "from cityresearch.cli import main; main()",
            "sweep",
            "01-one",
            "--over",
            "size=4:35",
        ]
        command += ["-p", "pause", "0.2", "--scheduler", where, "--output", str(tmp_path / "out")]
        sweep = subprocess.Popen(
            command, cwd=swept, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        made = tmp_path / "out" / "notebooks"
        wait_for(lambda: made.is_dir() and len(list(made.glob("*.ipynb"))) >= 3)
        os.killpg(workers[0].pid, signal.SIGKILL)
        output, _ = sweep.communicate(timeout=180)
    finally:
        for process in [*workers, scheduler]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    assert sweep.returncode == 0, output
    assert [int(r["square"]) for r in table(tmp_path / "out")] == [n**2 for n in range(4, 36)]


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)
