"""Where the library is not at home: a platform without fork, a shell that completes names, another folder with a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch

from cityresearch import __version__
from cityresearch.project.new import create


@pytest.mark.long
def test_a_project_runs_in_kernels_where_the_platform_cannot_fork(tmp_path):
    create(tmp_path / "project", "Elsewhere")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "CITYRESEARCH_ROOT": "", "CI": ""}

    def called(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(Path(__file__).with_name("without_fork.py")), *arguments]
        return subprocess.run(command, cwd=tmp_path / "project", env=environment, capture_output=True, text=True)

    done = called("run")
    assert done.returncode == 0, done.stderr
    assert "no safe fork, so notebooks run in Jupyter kernels" in done.stderr
    for arguments in (("verify",), ("report",), ("sweep", "1", "--over", "year=2023:2024")):
        done = called(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ("run 01", "01-metro-exports"),
        ("judged C02", "C027"),
        ("data show metro_ex", "metro_exports"),
        ("sweep 0", "03-ports"),
    ],
)
def test_the_shell_completes_names_of_chapters_claims_and_datasets(begun, expected):
    words = f"cityresearch {begun}"
    done = cityresearch(_CITYRESEARCH_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(words.count(" ")))
    offered = done.stdout.split()
    assert expected in offered
    assert all(name.startswith(begun.split()[-1]) for name in offered)


def test_outside_a_project_the_shell_offers_nothing_and_shows_no_error(tmp_path, monkeypatch):
    from cityresearch import completion

    monkeypatch.setenv("CITYRESEARCH_ROOT", str(tmp_path))
    assert [completion.chapters(""), completion.claims(""), completion.figures("")] == [[], [], []]


def test_the_version_is_printed_anywhere(tmp_path):
    done = cityresearch("--version", cwd=tmp_path, CITYRESEARCH_ROOT="")
    assert (done.returncode, done.stdout) == (0, f"cityresearch {__version__}\n")
