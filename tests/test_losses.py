"""Nothing disappears: what is committed and no longer made fails the run, and reports hold what could not be judged."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from conftest import mostly_long
from study import EXPORTS, FIGURE, STATE, add_cell, command, notebook, published, verdicts, write

LOSSES = {
    "captured": "%%capture\n" + EXPORTS.strip(),
    "cleared": EXPORTS + "from IPython.display import clear_output\nclear_output()",
    "an early exit": "import sys; sys.exit(0)",
    "no check any more": "import cityresearch as cr\nfrom cityresearch.measures import exports as measured\nexports = cr.load('metro_exports')",
}


@pytest.mark.parametrize("what", mostly_long(LOSSES, "captured"))
def test_a_committed_claim_that_is_no_longer_made_fails_the_run_and_is_named(study, what):
    before = published(study)
    write(study, "21-exports", notebook(LOSSES[what], FIGURE))
    result = command(study, "run")
    assert result.returncode == 1
    assert "C027" in result.stderr
    assert published(study) == before
    assert command(study, "verify").returncode == 1


@pytest.mark.long
def test_a_deleted_chapter_fails_with_what_it_had_made(study):
    (study / "notebooks" / "21-exports.ipynb").unlink()
    result = command(study, "run")
    assert result.returncode == 1
    assert "Gone: C027" in result.stderr
    assert "Gone: exports" in result.stderr
    verified = command(study, "verify")
    assert verified.returncode == 1
    assert "Moved: C027, verdict" in verified.stdout or "Moved: C027:" in verified.stdout


def test_dropping_on_purpose_names_each_claim_and_figure(study):
    (study / "notebooks" / "21-exports.ipynb").unlink()
    assert command(study, "run", "--accept-removed", "C027").returncode == 1
    assert "C027" in verdicts(study).read_text(encoding="utf-8")
    assert command(study, "run", "--accept-removed", "C027", "--accept-removed", "exports").returncode == 0
    results = {f"data/processed/{name}" for name in ("verdicts.csv", "readings.csv", "chapters/22-state.txt")}
    assert set(published(study)) == results
    assert "C027" not in verdicts(study).read_text(encoding="utf-8")
    assert command(study, "verify").returncode == 0
    wrong = command(study, "run", "--accept-removed", "C999")
    assert (wrong.returncode, "found 'C999'" in wrong.stderr) == (2, True)


def test_a_chapter_that_says_no_more_what_it_said_is_named_and_its_text_goes(study):
    text = study / "data" / "processed" / "chapters" / "22-state.txt"
    assert text.read_text(encoding="utf-8").startswith("Note: The table has ")
    write(study, "22-state", notebook(STATE.replace("cr.note(", "print(")))
    verified = command(study, "verify")
    assert (verified.returncode, "22-state.txt: file: committed -> made by no chapter" in verified.stdout) == (1, True)
    assert command(study, "run").returncode == 0
    assert not text.exists()
    assert command(study, "verify").returncode == 0


@pytest.mark.long
def test_a_claim_that_moves_to_another_chapter_is_not_lost(study):
    write(
        study,
        "21-exports",
        notebook(
            "import cityresearch as cr\nfrom cityresearch.measures import exports as measured\nexports = cr.load('metro_exports')",
            FIGURE,
        ),
    )
    add_cell(study, "22-state", EXPORTS)
    assert command(study, "run").returncode == 0
    assert "C027" in verdicts(study).read_text(encoding="utf-8")


def test_reports_hold_an_error_for_each_failed_notebook_and_each_claim_that_it_would_have_judged(study):
    add_cell(study, "21-exports", "1 / 0", 2)
    add_cell(study, "22-state", "raise ValueError('a \\x0b bell')", 2)
    result = command(study, "verify", "--json", "reports/deep/d.json", "--junit", "reports/j.xml")
    assert result.returncode == 1
    items = json.loads((study / "reports" / "deep" / "d.json").read_text(encoding="utf-8"))
    errors = {item["row"] or item["file"]: item["rebuilt"] for item in items if item["kind"] == "error"}
    assert set(errors) == {"notebooks/21-exports.ipynb", "notebooks/22-state.ipynb", "C027", "C028"}
    assert "ZeroDivisionError" in errors["notebooks/21-exports.ipynb"]
    suite = ET.parse(study / "reports" / "j.xml").getroot()
    assert (suite.get("errors"), suite.get("tests")) == ("4", "4")
    assert {case.get("name") for case in suite if case.find("error") is not None} == set(errors)


def test_a_report_that_cannot_be_written_is_said_before_anything_runs(study):
    (study / "file").write_text("")
    result = command(study, "verify", "--all", "--json", "file/d.json")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "running" not in result.stderr


def test_the_junit_file_is_valid_whatever_a_claim_is_called(study):
    text = verdicts(study).read_text(encoding="utf-8")
    verdicts(study).write_text(text.replace("five largest, 2023", "a \x01 bell <&>"), encoding="utf-8")
    assert command(study, "verify", "--junit", "j.xml").returncode == 1
    assert ET.parse(study / "j.xml").getroot().get("failures") == "1"


@pytest.mark.long
def test_a_notebook_with_a_bad_parameters_cell_fails_alone(study):
    write(study, "21-exports", notebook(EXPORTS, FIGURE, parameters="%matplotlib inline"))
    result = command(study, "verify")
    assert result.returncode == 1
    assert "21-exports.ipynb" in result.stderr
    assert "Not judged: C027" in result.stderr
    assert "C028" in result.stdout
    assert "21-exports: must run" in command(study, "run", "--explain").stdout
