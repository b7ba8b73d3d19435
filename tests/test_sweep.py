"""Sweeps: every combination once, what is missing with its reason, resumable, and on a cluster that loses a worker."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plan import notebook

from cityresearch.errors import ParameterError
from cityresearch.execution.job import Outcome
from cityresearch.execution.trace import Used
from cityresearch.notebook import RESULT_MIME
from cityresearch.runs.sweep import combinations, run, slug

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
        ("kin=a", "no parameter 'kin': did you mean kind"),
        ("size=4:2", "the range 4:2 ends before it starts: write 2:4"),
        ("size=1:999999999", "has over 20,000 values: split it"),
        ("kind=a,,b", "found '' among the values 'a,,b'"),
        ("kind=a|", "found '' among the values"),
        ("=a", "no parameter ''"),
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


@pytest.mark.long
def test_a_sweep_that_is_stopped_keeps_what_is_done_and_goes_on_from_there(swept, tmp_path):
    arguments = [
        "sweep",
        "01-one",
        "--over",
        "size=4:60",
        "-p",
        "pause",
        "0.3",
        "--jobs",
        "1",
        "--output",
        str(tmp_path),
    ]
    running = subprocess.Popen(
        [sys.executable, "-m", "cityresearch", *arguments], cwd=swept, env={**os.environ, "CITYRESEARCH_ROOT": "", "PYTHONPATH": str(PROJECT)},
        text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    done = 0
    for line in running.stdout:
        done += ": done in" in line
        if done == 3:
            break
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate()[0]
    assert running.returncode == 130
    assert "combinations are in" in said
    assert "the same command goes on" in said
    assert "Traceback" not in said
    first = table(tmp_path)
    assert len(first) >= 3
    assert all(int(row["square"]) == int(row["size"]) ** 2 for row in first)
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "notebooks").glob("size*.ipynb")}
    sizes = {row["size"] for row in first}
    other = next(str(size) for size in range(4, 61) if str(size) not in sizes)
    again = [*arguments[:3], f"size={','.join([*sizes, other])}", *arguments[4:]]
    assert cityresearch(*again, cwd=swept, CITYRESEARCH_ROOT="", PYTHONPATH=str(PROJECT)).returncode == 0
    assert len(table(tmp_path)) == len(first) + 1
    after = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "notebooks").glob("size*.ipynb")}
    assert {name: after[name] for name in before} == before


@pytest.mark.long
def test_the_lock_of_a_sweep_grows_by_a_few_lines_for_each_combination(swept, tmp_path):
    cityresearch("sweep", "01-one", "--over", "size=4:5", "--output", tmp_path, cwd=swept)
    few = (tmp_path / "runs.lock").read_text(encoding="utf-8").count("\n")
    cityresearch("sweep", "01-one", "--over", "size=4:9", "--output", tmp_path, cwd=swept)
    more = (tmp_path / "runs.lock").read_text(encoding="utf-8").count("\n")
    # two lines for each of four, and a second list for what another process had loaded
    assert more - few < few + 20


TYPED = """size = 1  # percent, at least -9; at most 9
flag = True  # one of: True, False
share = 1.0  # one of: 1, 2.5
mark = None  # one of: None, 1, True
label = 'a'  # any text"""


@pytest.fixture
def typed(swept: Path) -> Path:
    """A notebook with a parameter of each kind."""
    path = swept / "notebooks" / "01-one.ipynb"
    made = json.loads(path.read_text(encoding="utf-8"))
    made["cells"][1]["source"] = TYPED
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("over", "name", "values"),
    [
        ("flag=all", "flag", [True, False]),
        ("flag=False", "flag", [False]),
        ("share=all", "share", [1.0, 2.5]),
        ("share=1,1.0,2.5", "share", [1.0, 2.5]),
        ("mark=all", "mark", [None, 1, True]),
        ("mark=None,1", "mark", [None, 1]),
        ("size=-1,1,01,1", "size", None),
        ("size=-1,1, 1", "size", [-1, 1]),
        ("size=-2:1", "size", [-2, -1, 0, 1]),
        ("label=a, b ,a", "label", ["a", "b"]),
        ("label=a,b|c", "label", ["a,b", "c"]),
        ("label=1:3", "label", ["1:3"]),
        (" label = x", "label", ["x"]),
    ],
)
def test_a_sweep_runs_each_value_that_was_meant_once_and_in_its_own_type(typed, over, name, values):
    if values is None:
        with pytest.raises(ParameterError, match="found '01', expected a whole number"):
            combinations(typed, [over], {})
        return
    found = [c[name] for c in combinations(typed, [over], {})]
    assert [(type(v), v) for v in found] == [(type(v), v) for v in values]


def test_a_parameter_is_not_both_set_and_varied(typed):
    with pytest.raises(ParameterError, match="size is set to '2' and also varied with --over"):
        combinations(typed, ["size=1:3"], {"size": "2"})


PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=400)
)


@settings(deadline=None)
@given(PLAIN, PLAIN)
def test_no_two_combinations_share_a_file_name_on_any_file_system(one, other):
    names = [slug({"x": value}) for value in (one, other)]
    same = type(one) is type(other) and repr(one) == repr(other)  # -0.0 is another text than 0.0
    assert (names[0].casefold() == names[1].casefold()) == same
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", name) for name in names)


@pytest.mark.parametrize(
    ("one", "other"),
    [(-1, 1), ("A b", "a-B"), (True, "True"), (1, 1.0), (1, True), (None, "None"), ("", " "), ("..", "/"), ("é", "e\u0301"),
     ("x" * 300, "x" * 299 + "y"), ("A", "a"), (0.0, -0.0)],
)  # fmt: skip
def test_values_that_look_alike_have_files_of_their_own(one, other):
    assert slug({"x": one}).casefold() != slug({"x": other}).casefold()


def ran(*cells, written=None, status="done"):
    """Return a runner of jobs that writes executed notebooks with these records, for the parameters asked or for others."""

    def run_jobs(jobs, keep):
        outcomes = []
        for job in jobs:
            records = [c(job.parameters) if callable(c) else c for c in cells]
            content = [
                {
                    "cell_type": "code",
                    "source": "",
                    "metadata": {},
                    "outputs": [{"data": {RESULT_MIME: record}} for record in records_of_cell],
                }
                for records_of_cell in records
            ]
            metadata = {"papermill": {"parameters": job.parameters if written is None else written}}
            job.output.parent.mkdir(parents=True, exist_ok=True)
            job.output.write_text(json.dumps({"cells": content, "metadata": metadata, "nbformat": 4}), encoding="utf-8")
            outcomes.append(Outcome(job, status, "it failed", used=Used()))
        return [keep(outcome) for outcome in outcomes]

    return run_jobs


def value(name: str, number: str | None, reason: str = "") -> dict[str, str | None]:
    return {"name": name, "value": number, "unit": "", "period": "", "reason": reason}


def test_a_row_never_holds_the_results_of_other_values(typed, tmp_path):
    combos = combinations(typed, ["size=-1,1"], {})
    (tmp_path / "notebooks").mkdir()
    # what an earlier version left under the name that both values had
    (tmp_path / "notebooks" / "size-1_flag-true.ipynb").write_text("{}", encoding="utf-8")
    wrong = run(typed, combos, tmp_path, ran([value("x", "5")], written=combos[0]))
    assert [(dict(row.results), row.failed) for row in wrong] == [({"x": "5"}, False), ({}, True)]
    assert "was made with other parameter values" in wrong[1].reason
    asked = []
    again = run(typed, combos, tmp_path, lambda jobs, keep: asked.extend(jobs) or ran([value("x", "6")])(jobs, keep))
    # the first row stands, the other is run again although the lock knows its file
    assert [job.parameters["size"] for job in asked] == [1]
    assert [dict(row.results) for row in again] == [{"x": "5"}, {"x": "6"}]


def test_missing_lists_each_result_that_a_combination_lacks_with_the_reason(typed, tmp_path):
    combos = combinations(typed, ["size=1:3"], {})

    def second(given):
        if given["size"] == 1:
            return [value("b", "2")]
        return [value("b", None, "nobody counts it")] if given["size"] == 2 else []

    run(typed, combos, tmp_path, ran([value("a", "1")], second))
    assert [(r["size"], r["result"], r["reason"]) for r in table(tmp_path, "missing.csv")] == [
        ("2", "b", "nobody counts it"),
        ("3", "b", "this combination records no result of that name"),
    ]
    assert [(r["a"], r["b"]) for r in table(tmp_path)] == [("1", "2"), ("1", ""), ("1", "")]


def test_a_result_that_two_cells_record_fails_the_combination_and_names_both(typed, tmp_path):
    combos = combinations(typed, ["size=1"], {})
    (row,) = run(typed, combos, tmp_path, ran([value("a", "1")], [], [value("a", "2")]))
    assert row.failed
    assert not row.results
    assert "the result 'a' is recorded twice, in cells 1 and 3 of " in row.reason
    assert table(tmp_path) == []


DRAWN = """
import pandas as pd
import cityresearch as cr
from cityresearch import charts
from cityresearch.charts.words import Words
rows = pd.DataFrame({"x": [2020, 2021], "series": "one", "value": [1.0, float(size)]})
words = Words("words", "words", "words", "words", ["ita-metro-2025"])
cr.show(charts.lines(rows, words, unit="words"), "a-line")
cr.result("size", size)
"""


@pytest.mark.long
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


@pytest.mark.long
def test_an_address_without_a_scheduler_is_one_sentence(swept, tmp_path):
    result = cityresearch(
        "sweep", "01-one", "--over", "size=4:5", "--scheduler", "tcp://127.0.0.1:9", "--output", tmp_path, cwd=swept
    )
    assert result.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in result.stderr


@pytest.mark.long
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
