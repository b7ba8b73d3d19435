"""Where the library is not at home: a platform without fork, a shell that completes names, another folder with a wheel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built as a user builds it."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--quiet", "-w", folder]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.mark.long
def test_the_wheel_has_every_file_of_the_package_and_nothing_of_this_paper(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("cityresearch/")}
        others = {name.partition("/")[0] for name in archive.namelist()} - {"cityresearch"}
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "cityresearch"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert packed == {name for name in listed.split("\n") if name and (PROJECT / name).is_file()}
    assert others == {f"cityresearch-{__version__}.dist-info"}


@pytest.mark.long
def test_the_wheel_finds_the_project_that_it_stands_in_and_never_the_checkout(wheel, tmp_path):
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", target, wheel]
    subprocess.run(command, check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(target), "CI": ""}
    for name in ("CITYRESEARCH_ROOT", "CITYRESEARCH_RESULTS"):
        environment.pop(name, None)

    def called(cwd: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cityresearch", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    done = called(tmp_path, "claims")
    assert (done.returncode, done.stdout) == (2, "")
    assert "run inside a project" in done.stderr
    assert called(tmp_path, "new", "paper", "--title", "A paper").returncode == 0
    for arguments in (["data", "check"], ["run"], ["verify"], ["report"], ["tables"], ["figures", "--format", "svg"]):
        done = called(tmp_path / "paper", *arguments)
        assert done.returncode == 0, (arguments, done.stdout + done.stderr)
        assert str(PROJECT) not in done.stdout + done.stderr
    done = called(tmp_path / "paper" / "notebooks", "claims", "X001")
    assert "Verdict: agrees (basis: data)" in done.stdout
    used = (tmp_path / "paper" / "build" / "runs.lock").read_text(encoding="utf-8")
    assert str(PROJECT) not in used
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(tests, cwd=tmp_path / "paper", env=environment, capture_output=True, text=True, check=False)
    assert "4 passed" in done.stdout, done.stdout


def test_each_variable_that_the_program_reads_is_explained_and_no_other():
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "cityresearch").rglob("*.py"))
    page = (PROJECT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert set(re.findall(r"CITYRESEARCH_[A-Z_]*[A-Z]", code)) == set(
        re.findall(r"^\| `(CITYRESEARCH_\w+)`", page, re.MULTILINE)
    )


def test_the_container_and_the_page_call_targets_and_commands_that_exist():
    content = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"make ([a-z-]+)", content["postCreateCommand"])) <= set(targets)
    commands = cityresearch("--help").stdout.partition("Commands:")[2].split()
    page = (PROJECT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert set(re.findall(r"bin/cityresearch ([a-z]+)", page)) <= set(commands)
