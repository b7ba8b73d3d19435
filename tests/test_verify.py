"""Verified means verified: whatever was changed, added or lost since the committed results is noticed and named."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import cityresearch
from study import EXPORTS, FIGURE, STATE, cell, command, make, notebook, write
from test_datasets import edit


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    return make(tmp_path_factory.mktemp("study") / "study")


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished study, with its earlier runs."""
    return Path(shutil.copytree(finished, tmp_path / "study", symlinks=True))


def verdicts(study: Path) -> Path:
    return study / "data" / "processed" / "verdicts.csv"


def published(study: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for f in ("data/processed", "figures") for p in sorted((study / f).iterdir())}


def test_an_untouched_study_is_verified_and_says_what_it_took_from_earlier_runs(study):
    result = command(study, "verify")
    assert result.returncode == 0, result.stdout
    assert "0 notebooks ran, 2 taken from earlier runs" in result.stdout
    assert "Verified: 2 claims and 1 figures" in result.stdout


@pytest.mark.parametrize(("arguments", "variables"), [(("--all",), {}), ((), {"CI": "true"})])
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
    "the table of the README": ("README.md", "| all | |", "| all | 1 |"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_anything_published_is_noticed_with_its_file(study, what):
    name, old, new = EDITS[what]
    text = (study / name).read_bytes().decode()
    assert old in text
    (study / name).write_bytes(text.replace(old, new, 1 if old != "\n" else -1).encode())
    result = command(study, "verify")
    assert result.returncode in (1, 2), result.stdout
    said = result.stdout + result.stderr
    assert Path(name).name in said or "Moved: C027" in said


@pytest.mark.parametrize("name", ["data/processed/readings.csv", "figures/exports.svg", "figures/exports.csv", "figures/exports.json", "README.md"])  # fmt: skip
def test_a_published_file_that_is_gone_is_noticed(study, name):
    (study / name).unlink()
    result = command(study, "verify")
    assert result.returncode in (1, 2)
    assert Path(name).name in result.stdout + result.stderr


@pytest.mark.parametrize("name", ["figures/extra.svg", "figures/deep/extra.csv", "data/processed/extra.csv"])
def test_a_file_that_no_chapter_makes_is_noticed(study, name):
    (study / name).parent.mkdir(exist_ok=True)
    (study / name).write_text("a\n")
    result = command(study, "verify")
    assert result.returncode == 1
    assert f"{name}: file: committed -> made by no chapter" in result.stdout


def test_a_link_in_place_of_a_published_file_is_noticed(study, tmp_path):
    path = study / "figures" / "exports.svg"
    path.rename(tmp_path / "elsewhere.svg")
    path.symlink_to(tmp_path / "elsewhere.svg")
    assert command(study, "verify").returncode == 1


DAMAGE = {
    "a byte order mark": lambda text: "\ufeff" + text,
    "a claim twice": lambda text: text + text.splitlines()[-1] + "\n",
    "a merge marker": lambda text: text.replace("\n", "\n<<<<<<< HEAD\n", 1),
    "a cut": lambda text: text[:-20],
    "nothing left": lambda text: "",
    "another separator": lambda text: text.replace(",", ";"),
    "a column too many": lambda text: text.replace("\n", ",x\n", 1),
}


@pytest.mark.parametrize("name", ["verdicts.csv", "readings.csv"])
@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_result_file_is_one_sentence(study, name, what):
    path = study / "data" / "processed" / name
    path.write_bytes(DAMAGE[what](path.read_bytes().decode()).encode())
    result = command(study, "claims", "C027")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
    assert "git checkout" in result.stderr


def add_cell(study: Path, name: str, source: str, place: int = 99) -> None:
    path = study / "notebooks" / f"{name}.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"].insert(place, cell(source, f"added-{len(content['cells'])}"))
    path.write_text(json.dumps(content), encoding="utf-8")


INPUTS = {
    "a module beside the notebook": ("assumptions.py", "import assumptions; print(assumptions.rate)", "rate = 1\n", "rate = 2\n"),
    "a file beside the notebook": ("factors.csv", "print(open('factors.csv').read())", "1\n", "2\n"),
    "a file that was not there": ("late.csv", "from pathlib import Path\ntry: print(open('late.csv').read())\nexcept OSError: pass", None, "2\n"),
    "a folder that was listed": ("tables/b.csv", "from pathlib import Path\nprint(sorted(Path('tables').glob('*')))", None, "2\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", INPUTS)
def test_a_changed_input_is_named_and_runs_its_chapter_again(study, what):
    name, code, before, after = INPUTS[what]
    path = study / "notebooks" / name
    path.parent.mkdir(exist_ok=True)
    if before is not None:
        path.write_text(before)
    add_cell(study, "22-state", code)
    assert "1 notebooks run" in command(study, "run").stdout
    assert "0 notebooks run" in command(study, "run").stdout
    path.write_text(after)
    assert "22-state: must run" in command(study, "run", "--explain").stdout
    assert "1 notebooks ran, 1 taken" in command(study, "verify").stdout


def test_a_changed_variable_that_a_cell_reads_is_noticed(study):
    add_cell(study, "22-state", "import os; print(os.environ.get('RATE'))")
    assert command(study, "run", RATE="1").returncode == 0
    assert "0 notebooks run" in command(study, "run", RATE="1").stdout
    assert "variable RATE: " in command(study, "run", "--explain", RATE="2").stdout
    assert "variable CITYRESEARCH_WISH: " in command(study, "run", "--explain", RATE="1", CITYRESEARCH_WISH="x").stdout


def test_a_changed_target_of_a_link_is_noticed(study, tmp_path):
    (tmp_path / "target.csv").write_text("a\n1\n")
    (study / "data" / "raw" / "extra.csv").symlink_to(tmp_path / "target.csv")
    add_cell(study, "22-state", "print(open('../data/raw/extra.csv').read())")
    assert command(study, "run").returncode == 0
    (tmp_path / "target.csv").write_text("a\n2\n")
    assert "1 notebooks ran" in command(study, "verify").stdout


def test_a_run_that_cannot_be_traced_is_named_and_never_stands_for_another(study):
    add_cell(study, "22-state", "import subprocess; subprocess.run(['cat', 'x.csv'])")
    assert "22-state starts a program (cat)" in command(study, "run").stderr
    assert "1 notebooks ran, 1 taken" in command(study, "verify").stdout


def test_a_changed_installed_package_is_noticed(study, tmp_path):
    lock = (study / "build" / "runs.lock").read_text(encoding="utf-8")
    assert '"package pandas"' in lock
    assert '"packages"' in lock
    changed = lock.replace(
        next(line for line in lock.splitlines() if '"package pandas"' in line), '  0000  "package pandas"'
    )
    (study / "build" / "runs.lock").write_text(changed, encoding="utf-8")
    assert "package pandas: 0000 -> " in command(study, "run", "--explain").stdout


def test_packages_that_are_not_the_locked_ones_are_a_warning_and_for_verify_an_error(study):
    lock = study / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace("\npandas==", "\npandas==0."), encoding="utf-8")
    assert "Warning: installed packages differ from requirements.lock: pandas" in command(study, "run").stderr
    refused = command(study, "verify")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    allowed = command(study, "verify", "--other-packages")
    assert allowed.returncode == 0
    assert "compared as drawings" in allowed.stdout


def test_a_table_that_no_chapter_reads_is_still_held_against_its_schema(study):
    edit(study, "sister_cities", "repo-l3viathan", "repo-nobody")
    result = command(study, "verify")
    assert (result.returncode, "column source_id: found 'repo-nobody'" in result.stderr) == (2, True)


LOSSES = {
    "captured": "%%capture\n" + EXPORTS.strip(),
    "cleared": EXPORTS + "from IPython.display import clear_output\nclear_output()",
    "an early exit": "import sys; sys.exit(0)",
    "no check any more": "import cityresearch as cr\nexports = cr.load('metro_exports')",
}


@pytest.mark.parametrize("what", LOSSES)
def test_a_committed_claim_that_is_no_longer_made_fails_the_run_and_is_named(study, what):
    before = published(study)
    write(study, "21-exports", notebook(LOSSES[what], FIGURE))
    result = command(study, "run")
    assert result.returncode == 1
    assert "C027" in result.stderr
    assert published(study) == before
    assert command(study, "verify").returncode == 1


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
    assert set(published(study)) == {"verdicts.csv", "readings.csv"}
    assert "C027" not in verdicts(study).read_text(encoding="utf-8")
    assert command(study, "verify").returncode == 0
    wrong = command(study, "run", "--accept-removed", "C999")
    assert (wrong.returncode, "found 'C999'" in wrong.stderr) == (2, True)


def test_a_claim_that_moves_to_another_chapter_is_not_lost(study):
    write(study, "21-exports", notebook("import cityresearch as cr\nexports = cr.load('metro_exports')", FIGURE))
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


def test_a_changed_claim_is_a_difference_even_where_its_verdict_holds(study):
    path = study / "data" / "raw" / "claims" / "claims.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [row.replace("C028,", "C028,", 1) for row in rows]
    number = next(i for i, row in enumerate(rows) if row.startswith("C028,"))
    changed[number] = rows[number].replace("export", "do not export", 1)
    assert changed[number] != rows[number]
    path.write_text("".join(changed), encoding="utf-8")
    record_checksum(study, "claims", path)
    result = command(study, "verify")
    assert result.returncode == 1
    assert "C028" in result.stdout


def record_checksum(study: Path, name: str, path: Path) -> None:
    import hashlib

    package = study / "data" / "raw" / "datapackage.json"
    content = json.loads(package.read_text(encoding="utf-8"))
    for resource in content["resources"]:
        if resource["name"] == name:
            resource["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    package.write_text(json.dumps(content), encoding="utf-8")


def renumbered(content: dict) -> dict:
    for number, one in enumerate(content["cells"]):
        one["id"] = str(number)
    return content


def test_results_do_not_depend_on_cell_ids(study):
    for path in (study / "notebooks").glob("*.ipynb"):
        path.write_text(json.dumps(renumbered(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    result = command(study, "verify")
    assert result.returncode == 0, result.stdout
    assert "0 notebooks ran" in result.stdout


@pytest.mark.parametrize("kind", ["no ids", "one id for all"])
def test_a_notebook_without_usable_ids_keeps_its_outputs_when_prose_changes(study, kind):
    path = study / "notebooks" / "22-state.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    for one in content["cells"]:
        one.pop("id") if kind == "no ids" else one.update(id="same")
    if kind == "no ids":
        content["nbformat_minor"] = 4
    path.write_text(json.dumps(content), encoding="utf-8")
    first = command(study, "run", "--force")
    assert first.returncode == 0, first.stderr
    content["cells"][0]["source"] = "Better words."
    path.write_text(json.dumps(content), encoding="utf-8")
    for _ in range(2):
        result = command(study, "run")
        assert "2 claims counted, 0 notebooks run" in result.stdout, result.stderr
    assert command(study, "verify").returncode == 0
    assert "Better words." in (study / "build" / "notebooks" / "22-state.ipynb").read_text(encoding="utf-8")


def test_a_notebook_with_a_bad_parameters_cell_fails_alone(study):
    write(study, "21-exports", notebook(EXPORTS, FIGURE, parameters="%matplotlib inline"))
    result = command(study, "verify")
    assert result.returncode == 1
    assert "21-exports.ipynb" in result.stderr
    assert "Not judged: C027" in result.stderr
    assert "C028" in result.stdout
    assert "21-exports: must run" in command(study, "run", "--explain").stdout


def test_a_run_during_which_data_changes_publishes_nothing(study):
    before = published(study)
    # a program that a cell starts is not under the guard of the cell
    code = "import subprocess; subprocess.run(['sh', '-c', 'echo x >> ../data/raw/metro_sets.csv'])"
    write(study, "22-state", notebook(STATE, code))
    result = command(study, "run")
    assert result.returncode == 2
    assert "data/raw/metro_sets.csv changed while notebooks ran" in result.stderr
    assert published(study) == before


@pytest.mark.parametrize("module", ["cityresearch", "cityresearch.cli"])
def test_the_package_as_a_program_is_the_command(module):
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-m", module, "run", "99-none"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, "No notebook is called" in result.stderr) == (2, True)


def test_the_command_line_of_tests_is_not_in_ci():
    assert cityresearch("--help").returncode == 0
