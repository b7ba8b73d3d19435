"""The plan: a notebook runs again when something that it used changed, and only then; the reason is named."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PROJECT, mostly_long
from study import command, small_data

from cityresearch.runs.plan import Entry, read_lock, write_lock

SMALL = """
import cityresearch as cr
rows = cr.load("metro_sets")
print(len(rows), size)
"""


def notebook(code: str, prose: str = "Words.") -> str:
    cells = [
        {"cell_type": "markdown", "id": "words", "metadata": {}, "source": prose},
        {"cell_type": "code", "id": "parameters", "metadata": {"tags": ["parameters"]}, "source": "size = 1  # at least 1", "outputs": [], "execution_count": None},
        {"cell_type": "code", "id": "code", "metadata": {}, "source": code, "outputs": [], "execution_count": None},
    ]  # fmt: skip
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def small_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with two small chapters and no results of others, already run."""
    project = tmp_path_factory.mktemp("small") / "project"
    small_data(project)
    for folder in ("notebooks", "figures", "data/processed"):
        (project / folder).mkdir()
    for name in ("README.md", "requirements.lock"):
        shutil.copy(PROJECT / name, project / name)
    (project / "notebooks" / "01-one.ipynb").write_text(notebook(SMALL), encoding="utf-8")
    (project / "notebooks" / "02-two.ipynb").write_text(notebook("print(size)"), encoding="utf-8")
    assert ran(project) == 2
    return project


@pytest.fixture
def small(small_once: Path, tmp_path: Path) -> Path:
    """A copy of the small project to break."""
    return Path(shutil.copytree(small_once, tmp_path / "project", symlinks=True))


def ran(project: Path, *arguments: str) -> int:
    result = command(project, "run", *arguments)
    assert result.returncode == 0, result.stderr
    return int(re.search(r"(\d+) notebooks? run", result.stdout)[1])


def executed(project: Path, name: str) -> dict:
    return json.loads((project / "build" / "notebooks" / name).read_text(encoding="utf-8"))


def test_nothing_changed_runs_nothing(small):
    assert ran(small) == 0


def test_a_summary_of_the_results_stands_while_the_results_do(small):
    reads = "from cityresearch import paths\nprint(len((paths.processed() / 'verdicts.csv').read_bytes()) > 0)"
    (small / "notebooks" / "00-summary.ipynb").write_text(notebook(reads), encoding="utf-8")
    assert ran(small) == 1
    assert ran(small) == 0
    assert "build/results/data/processed/verdicts.csv" in (small / "build" / "runs.lock").read_text(encoding="utf-8")


@pytest.mark.long
def test_a_summary_is_told_which_results_are_of_its_run_and_runs_again_when_that_changes(small):
    reads = "from cityresearch.claims.records import chapters_of_this_run\nprint(sorted(chapters_of_this_run()))"
    (small / "notebooks" / "00-summary.ipynb").write_text(notebook(reads), encoding="utf-8")

    def told() -> str:
        (output,) = executed(small, "00-summary.ipynb")["cells"][-1]["outputs"]
        return "".join(output["text"]).strip()

    ran(small)
    assert told() == "['00-summary', '01-one', '02-two']"
    assert ran(small, "00-summary", "02-two") == 1
    assert told() == "['00-summary', '02-two']"
    (small / "notebooks" / "02-two.ipynb").write_text(notebook("1 / 0"), encoding="utf-8")
    assert command(small, "run").returncode == 1
    assert told() == "['00-summary', '01-one']"
    assert not (small / "data" / "processed" / "run-chapters.txt").exists()


@pytest.mark.long
def test_force_runs_everything(small):
    assert ran(small, "--force") == 2


def test_a_changed_data_file_reruns_its_readers_and_is_named(small):
    path = small / "data" / "raw" / "metro_sets.csv"
    from test_datasets import edit

    edit(small, "metro_sets", "nine-city metros and Riverside", "nine-city metros with Riverside")
    assert path.is_file()
    explained = command(small, "run", "--explain").stdout
    assert "01-one: must run" in explained
    assert "data/raw/metro_sets.csv: " in explained
    assert "02-two: is up to date" in explained
    assert ran(small) == 1


@pytest.mark.long
def test_a_changed_description_of_a_dataset_reruns_its_readers(small):
    package = small / "data" / "raw" / "datapackage.json"
    content = json.loads(package.read_text(encoding="utf-8"))
    (described,) = (r for r in content["resources"] if r["name"] == "metro_sets")
    described["description"] += " More."
    package.write_text(json.dumps(content), encoding="utf-8")
    explained = command(small, "run", "--explain").stdout
    assert "01-one: must run" in explained
    assert "description data/raw/metro_sets.csv" in explained
    assert ran(small) == 1


def test_a_changed_code_cell_reruns_that_notebook(small):
    (small / "notebooks" / "02-two.ipynb").write_text(notebook("print(size + 1)"), encoding="utf-8")
    assert "code: " in command(small, "run", "--explain").stdout
    assert ran(small) == 1


def test_changed_prose_is_shown_without_executing(small):
    (small / "notebooks" / "01-one.ipynb").write_text(notebook(SMALL, prose="Better words."), encoding="utf-8")
    before = executed(small, "01-one.ipynb")
    assert ran(small) == 0
    after = executed(small, "01-one.ipynb")
    assert "".join(after["cells"][0]["source"]) == "Better words."
    assert after["cells"][-1]["outputs"] == before["cells"][-1]["outputs"]


@pytest.mark.long
def test_another_parameter_value_is_another_run(small):
    assert command(small, "run", "02-two", "-p", "size", "3").returncode == 0
    (made,) = (small / "build" / "runs").glob("02-two-size-3-*/notebooks/02-two.ipynb")
    cells = json.loads(made.read_text(encoding="utf-8"))["cells"]
    assert "3" in "".join(cells[-1]["outputs"][0]["text"])
    assert ran(small) == 0


@pytest.mark.long
def test_a_damaged_executed_notebook_is_made_again(small):
    (small / "build" / "notebooks" / "02-two.ipynb").write_text("{", encoding="utf-8")
    assert ran(small) == 1


def test_two_runs_at_once_do_not_mix(small):
    from filelock import FileLock

    with FileLock(small / "build" / ".running"):
        result = command(small, "run")
    assert result.returncode == 2
    assert "Another run is using" in result.stderr


def test_the_record_names_versions_data_reasons_and_cost(small):
    record = json.loads((small / "build" / "record.json").read_text(encoding="utf-8"))
    assert record["data"]["data/raw/metro_sets.csv"]
    assert {r["notebook"] for r in record["ran"]} == {"01-one", "02-two"}
    assert all(r["seconds"] > 0 and r["peak_rss_mb"] > 0 and r["why"] for r in record["ran"])
    assert record["packages"]["pandas"]


@pytest.mark.long
@pytest.mark.parametrize("delay", [0.3, 0.9, 1.2, 1.5, 1.8])
def test_a_killed_run_leaves_whole_files_and_the_next_one_is_right(small, delay):
    environment = {**os.environ, "CITYRESEARCH_ROOT": ""}
    process = subprocess.Popen(
        [sys.executable, "-c", "from cityresearch.cli import main; main()", "run", "--force"],
        cwd=small, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for path in [*(small / "build" / "notebooks").glob("[0-9]*.ipynb"), *(small / "figures").glob("*.json")]:
        json.loads(path.read_text(encoding="utf-8"))
    ran(small)
    assert executed(small, "02-two.ipynb")["cells"][-1]["outputs"][0]["text"] in ("1\n", ["1\n"])
    assert ran(small) == 0


def test_the_lock_reads_back_what_was_written(tmp_path):
    entries = {
        '01-one {"a": "b c"}': Entry({"code": "1f", "data/raw/x y.csv": "2e", "module cityresearch.x": "3d"}, "4c")
    }
    write_lock(tmp_path, entries)
    assert read_lock(tmp_path) == entries


def settled(project: Path) -> bool:
    """Return whether the last run noted the state of all files."""
    return (project / "build" / "settled.json").is_file()


@pytest.mark.long
def test_a_run_that_finds_everything_as_it_was_says_the_same_again(small):
    first = command(small, "run")
    time.sleep(0.1)  # a file that has just changed is not settled
    command(small, "run")
    assert settled(small)
    again = command(small, "run")
    assert (again.stdout, again.stderr, again.returncode) == (first.stdout, first.stderr, 0)


@pytest.mark.parametrize(
    "name",
    mostly_long(
        [
            "data/raw/metro_sets.csv",
            "build/notebooks/01-one.ipynb",
            "data/processed/verdicts.csv",
            "figures/style.toml",
        ],
        "data/raw/metro_sets.csv",
    ),
)
def test_a_file_that_is_touched_or_gone_is_looked_at_again(small, name, monkeypatch):
    from cityresearch.runs.settled import recall

    monkeypatch.setenv("CITYRESEARCH_ROOT", "")  # as the command has it
    time.sleep(0.1)
    command(small, "run")
    command(small, "run")
    root = small.resolve()
    assert recall(root / "build", root) is not None
    path = root / name
    if path.exists():
        content = path.read_bytes()
        before = path.stat()
        # as many bytes, and the old time of change
        path.write_bytes(content[:-1] + b" ")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        path.write_text("", encoding="utf-8")
    assert recall(root / "build", root) is None


@pytest.mark.long
def test_a_run_that_starts_a_program_is_never_settled(small):
    (small / "notebooks" / "01-one.ipynb").write_text(
        notebook("import subprocess\nsubprocess.run(['true'], check=True)"), encoding="utf-8"
    )
    assert ran(small) == 1
    assert ran(small) == 1
    assert not settled(small)


@pytest.mark.long
def test_a_variable_that_counts_unsettles(small):
    time.sleep(0.1)
    ran(small)
    ran(small)
    assert settled(small)
    result = command(small, "run", TZ="Asia/Tokyo")
    assert "2 notebooks run" in result.stdout
