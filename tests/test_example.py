"""`examples/texas` and `docs/another-paper.md`: the example is what the page makes, and a changed number breaks it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch

EXAMPLE = PROJECT / "examples" / "texas"
PAGE = (PROJECT / "docs" / "another-paper.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|text)\n(.*?)```", PAGE, flags=re.DOTALL)


def called(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return cityresearch(*arguments, cwd=folder, CITYRESEARCH_ROOT="")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that was verified once: read it, and change nothing."""
    copy = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("example") / "texas", ignore=shutil.ignore_patterns("build")))  # fmt: skip
    done = called(copy, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture
def copy(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "texas"))


def test_it_is_sound_and_verified_in_its_own_folder(ran):
    for arguments in (["data", "check"], ["claims", "check"], ["report"]):
        done = called(ran, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "dataset", "before", "after", "moved"),
    [
        ("claims/claims.csv", "claims", "eq,362800000000", "eq,382800000000", "B001: agrees -> differs"),
        pytest.param(
            "metro_exports.csv",
            "metro_exports",
            ",175470148376,",
            ",165470148376,",
            "Moved: B001",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "state_exports.csv",
            "state_exports",
            ",449382761930,",
            ",450382761930,",
            "Moved: B004",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_changed_number_breaks_it(copy, file, dataset, before, after, moved):
    path = copy / "data" / "raw" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    done = called(copy, "verify")
    assert done.returncode == 2, "a file that is not the recorded one is refused"
    assert str(path) in done.stderr
    assert called(copy, "data", "record", dataset).returncode == 0
    done = called(copy, "verify")
    assert done.returncode == 1
    assert moved in done.stdout


@pytest.mark.parametrize("name", ["metro_exports", "state_exports", "sources"])
def test_its_rows_are_rows_of_our_tables(name):
    def rows(folder: Path) -> list[tuple[str, ...]]:
        with (folder / "data" / "raw" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return [tuple(row) for row in csv.reader(file)]

    copied = [row for row in rows(EXAMPLE) if row[0] != "brief"]
    assert len(copied) > 3
    assert set(copied) <= set(rows(PROJECT))


def typed(name: str) -> str:
    """Return what the page types into a file."""
    return re.search(rf"^cat >>? {re.escape(name)} <<'END'\n(.*?)^END$", PAGE, flags=re.DOTALL | re.MULTILINE)[1]


def test_the_page_types_what_the_example_has():
    assert typed("brief.md") == (EXAMPLE / "documents" / "brief.md").read_text(encoding="utf-8")
    assert typed("notebooks/texas.py") == (EXAMPLE / "notebooks" / "texas.py").read_text(encoding="utf-8")
    claims = (EXAMPLE / "data/raw/claims/claims.csv").read_text(encoding="utf-8")
    assert typed("data/raw/claims/claims.csv") == claims.partition("\n")[2]
    cells = json.loads((EXAMPLE / "notebooks" / "01-texas.ipynb").read_text(encoding="utf-8"))["cells"]
    written = [part.partition("\n") for part in re.split(r"^# %%", typed("chapter.py"), flags=re.MULTILINE)[1:]]
    for cell, (head, _, text) in zip(cells, written, strict=True):
        if cell["cell_type"] == "markdown":
            assert "[markdown]" in head
            text = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
        assert "".join(cell["source"]) == text.strip()
        assert ('tags=["parameters"]' in head) == ("parameters" in cell["metadata"].get("tags", []))


@pytest.mark.long
def test_the_page_followed_to_the_letter_makes_the_example(tmp_path):
    pytest.importorskip("jupytext")
    folder = tmp_path / "walk"
    folder.mkdir()
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "cityresearch"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cityresearch "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {
        **os.environ,
        "CHECKOUT": str(PROJECT),
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
        "PATH": os.pathsep.join([str(command.parent), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "CITYRESEARCH_ROOT": "",
        "COLUMNS": "110",
        "CI": "",
    }
    script = "set -e\n" + "\n".join(text for kind, text in BLOCKS if kind == "sh")
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    place = 0
    for line in (line for kind, text in BLOCKS if kind == "text" for line in text.splitlines()):
        assert line in done.stdout[place:], line
        place = done.stdout.index(line, place)
    for part in ("data", "figures", "documents", "README.md", "notebooks/texas.py", "Makefile", "tests"):
        made, kept = (base / part for base in (folder / "texas", EXAMPLE))
        files = [kept] if kept.is_file() else [p for p in kept.rglob("*") if p.is_file() and p.suffix != ".pyc"]
        for file in files:
            other = made / file.relative_to(kept) if kept.is_dir() else made
            assert other.read_bytes() == file.read_bytes(), file
