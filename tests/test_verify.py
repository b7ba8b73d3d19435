"""Verified means verified: whatever is published and was changed, added or deleted is noticed and named."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from conftest import mostly_long
from study import command
from test_datasets import edit

from cityresearch.runs import locked
from cityresearch.runs.compare import compare, published


def test_an_untouched_study_is_verified_and_says_what_it_took_from_earlier_runs(study):
    result = command(study, "verify")
    assert result.returncode == 0, result.stdout
    assert "0 notebooks ran, 2 taken from earlier runs" in result.stdout
    assert "Verified: 2 claims and 1 figure are" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "variables"), mostly_long([(("--all",), {}), ((), {"CI": "true"})], ((), {"CI": "true"}))
)
def test_everything_runs_when_asked_and_in_ci(study, arguments, variables):
    assert "2 notebooks ran;" in command(study, "verify", *arguments, **variables).stdout


EDITS = {
    "a verdict": ("data/processed/verdicts.csv", "agrees-if", "agrees"),
    "a printed number": ("data/processed/verdicts.csv", "141000000000", "142000000000"),
    "a reading": ("data/processed/readings.csv", "141004904245", "141004904246"),
    "line endings": ("data/processed/readings.csv", "\n", "\r\n"),
    "the data of a figure": ("figures/exports.csv", "2023", "2022"),
    "a digit of a drawing": ("figures/exports.svg", "1", "2"),
    "a label of a drawing": ("figures/exports.svg", "San Diego", "San Diago"),
    "a color of a drawing": ("figures/exports.svg", "#", "#f"),
    "an alt text": ("figures/exports.json", "Los Angeles", "Oakland"),
    "a caption": ("figures/exports.json", '"caption": "', '"caption": "Not '),
    "a title": ("figures/exports.json", '"title": "', '"title": "Not '),
    "the sources of a figure": ("figures/exports.json", "ita", "ito"),
    "a sentence of a chapter": ("data/processed/chapters/22-state.txt", " rows", " years"),
    "the table of the README": ("README.md", "| all | |", "| all | 1 |"),
}


def changed(study: Path, what: str) -> str:
    """Edit a published file and return its name."""
    name, old, new = EDITS[what]
    text = (study / name).read_bytes().decode()
    assert old in text
    (study / name).write_bytes(text.replace(old, new, 1 if old != "\n" else -1).encode())
    return name


@pytest.fixture(scope="module")
def rebuilt(finished) -> dict[str, bytes]:
    """What a run makes of the study, which is what is committed as long as nobody edits that."""
    names = [*published(finished), "README.md"]
    return {name: (finished / name).read_bytes() for name in names}


def differing(study: Path, rebuilt: dict[str, bytes]) -> set[str]:
    """The files that differ, compared as `verify` does."""
    return {one.file for one in compare(study, rebuilt, exact=locked.is_home())}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_anything_published_is_a_difference_of_its_file(study, rebuilt, what):
    assert differing(study, rebuilt) == set()
    name = changed(study, what)
    assert differing(study, rebuilt) == {name}


@pytest.mark.parametrize(
    "what",
    mostly_long(
        ["a verdict", "a reading", "line endings", "a label of a drawing", "a caption", "the table of the README"],
        "a verdict",
        "a label of a drawing",
    ),
)
def test_the_command_names_the_file_that_was_edited(study, what):
    name = changed(study, what)
    result = command(study, "verify")
    assert result.returncode in (1, 2), result.stdout
    said = result.stdout + result.stderr
    assert Path(name).name in said or "Moved: C027" in said


@pytest.mark.parametrize("name", ["figures/exports.svg", "figures/exports.csv"])
def test_a_file_of_a_figure_that_is_gone_is_a_difference(study, rebuilt, name):
    (study / name).unlink()
    assert differing(study, rebuilt) == {name}


@pytest.mark.parametrize(
    "name", mostly_long(["data/processed/readings.csv", "figures/exports.json", "README.md"], "figures/exports.json")
)
def test_the_command_names_a_published_file_that_is_gone(study, name):
    (study / name).unlink()
    result = command(study, "verify")
    assert result.returncode in (1, 2)
    assert Path(name).name in result.stdout + result.stderr


EXTRA = ("figures/extra.svg", "figures/deep/extra.csv", "data/processed/extra.csv")


def test_files_that_no_chapter_makes_are_noticed(study):
    for name in EXTRA:
        (study / name).parent.mkdir(exist_ok=True)
        (study / name).write_text("a\n")
    result = command(study, "verify")
    assert result.returncode == 1
    for name in EXTRA:
        assert f"{name}: file: committed -> made by no chapter" in result.stdout


def test_a_link_in_place_of_a_published_file_is_noticed(study, rebuilt, tmp_path):
    path = study / "figures" / "exports.svg"
    path.rename(tmp_path / "elsewhere.svg")
    path.symlink_to(tmp_path / "elsewhere.svg")
    assert differing(study, rebuilt) == {"figures/exports.svg"}


DAMAGE = {
    "a byte order mark": lambda text: "\ufeff" + text,
    "a claim twice": lambda text: text + text.splitlines()[-1] + "\n",
    "a merge marker": lambda text: text.replace("\n", "\n<<<<<<< HEAD\n", 1),
    "a cut": lambda text: text[:-20],
    "nothing left": lambda text: "",
    "another separator": lambda text: text.replace(",", ";"),
    "a column too many": lambda text: text.replace("\n", ",x\n", 1),
}


@pytest.mark.parametrize(
    ("what", "name"),
    mostly_long(
        product(DAMAGE, ["verdicts.csv", "readings.csv"]),
        *((what, "verdicts.csv") for what in ("a claim twice", "a cut", "nothing left", "another separator")),
        ("a merge marker", "readings.csv"),
    ),
)
def test_a_damaged_result_file_is_one_sentence(study, name, what):
    path = study / "data" / "processed" / name
    path.write_bytes(DAMAGE[what](path.read_bytes().decode()).encode())
    result = command(study, "claims", "C027")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
    assert "git checkout" in result.stderr


def test_a_table_that_no_chapter_reads_is_still_held_against_its_schema(study):
    edit(study, "sister_cities", "repo-l3viathan", "repo-nobody")
    result = command(study, "verify")
    assert (result.returncode, "column source_id: found 'repo-nobody'" in result.stderr) == (2, True)


def test_a_changed_claim_is_a_difference_even_where_its_verdict_holds(study):
    path = study / "data" / "raw" / "claims" / "claims.csv"
    row = next(row for row in path.read_text(encoding="utf-8").splitlines() if row.startswith("C028,"))
    edit(study, "claims", row, row.replace("export", "do not export", 1))
    result = command(study, "verify")
    assert result.returncode == 1
    assert "Moved: C028" in result.stdout


@pytest.mark.parametrize("module", mostly_long(["cityresearch", "cityresearch.cli"], "cityresearch"))
def test_the_package_as_a_program_is_the_command(module):
    result = subprocess.run(
        [sys.executable, "-m", module, "run", "99-none"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, "No notebook is called" in result.stderr) == (2, True)


def test_a_run_keeps_a_committed_number_that_another_processor_rounded_otherwise(study):
    path = study / "figures" / "exports.csv"
    text = path.read_text(encoding="utf-8")
    digits = re.search(r"\d+\.\d{6,}", text)
    assert digits, text
    other = text.replace(digits[0], digits[0] + "1" if len(digits[0]) < 17 else digits[0][:-1], 1)
    path.write_text(other, encoding="utf-8")
    result = command(study, "run", "--force")
    assert result.returncode == 0, result.stderr
    assert path.read_text(encoding="utf-8") == other
    assert "exports.csv" not in result.stdout
