"""What a run used: a chapter whose inputs changed runs again, and one whose inputs are the same does not."""

from __future__ import annotations

import json
from itertools import product

import pytest
from conftest import mostly_long
from study import STATE, add_cell, command, notebook, published, write

INPUTS = {
    "a module beside the notebook": ("assumptions.py", "import assumptions; print(assumptions.rate)", "rate = 1\n", "rate = 2\n"),
    "a file beside the notebook": ("factors.csv", "print(open('factors.csv').read())", "1\n", "2\n"),
    "a file that was not there": ("late.csv", "from pathlib import Path\ntry: print(open('late.csv').read())\nexcept OSError: pass", None, "2\n"),
    "a folder that was listed": ("tables/b.csv", "from pathlib import Path\nprint(sorted(Path('tables').glob('*')))", None, "2\n"),
}  # fmt: skip


def test_a_changed_input_is_named_and_runs_its_chapter_again(study):
    for name, code, before, _ in INPUTS.values():
        path = study / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        if before is not None:
            path.write_text(before)
        add_cell(study, "22-state", code)
    assert "1 notebook run" in command(study, "run").stdout
    assert "0 notebooks run" in command(study, "run").stdout
    for what, (name, _, before, after) in INPUTS.items():
        path = study / "notebooks" / name
        path.write_text(after)
        said = command(study, "run", "--explain").stdout
        # a new name in a folder that was listed is named with the folder
        assert "22-state: must run" in said, what
        assert f"notebooks/{name.partition('/')[0]}: " in said, what
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    assert "22-state: is up to date" in command(study, "run", "--explain").stdout
    path.write_text(after)
    assert "1 notebook ran, 1 taken" in command(study, "verify").stdout


def test_a_changed_variable_that_a_cell_reads_is_noticed(study):
    add_cell(study, "22-state", "import os; print(os.environ.get('RATE'))")
    assert command(study, "run", RATE="1").returncode == 0
    assert "0 notebooks run" in command(study, "run", RATE="1").stdout
    assert "variable RATE: " in command(study, "run", "--explain", RATE="2").stdout
    assert "variable CITYRESEARCH_WISH: " in command(study, "run", "--explain", RATE="1", CITYRESEARCH_WISH="x").stdout


@pytest.mark.long
def test_a_changed_target_of_a_link_is_noticed(study, tmp_path):
    (tmp_path / "target.csv").write_text("a\n1\n")
    (study / "data" / "raw" / "extra.csv").symlink_to(tmp_path / "target.csv")
    add_cell(study, "22-state", "print(open('../data/raw/extra.csv').read())")
    assert command(study, "run").returncode == 0
    (tmp_path / "target.csv").write_text("a\n2\n")
    assert "1 notebook ran" in command(study, "verify").stdout


@pytest.mark.long
def test_a_run_that_cannot_be_traced_is_named_and_never_stands_for_another(study):
    add_cell(study, "22-state", "import subprocess; subprocess.run(['cat', 'x.csv'])")
    assert "22-state starts a program (cat)" in command(study, "run").stderr
    assert "1 notebook ran, 1 taken" in command(study, "verify").stdout


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


@pytest.mark.long
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
    assert "Warning" not in first.stderr
    content["cells"][0]["source"] = "Better words."
    path.write_text(json.dumps(content), encoding="utf-8")
    for _ in range(2):
        result = command(study, "run")
        assert "2 claims counted, 0 notebooks run" in result.stdout, result.stderr
    assert command(study, "verify").returncode == 0
    assert "Better words." in (study / "build" / "notebooks" / "22-state.ipynb").read_text(encoding="utf-8")


def test_a_run_during_which_data_changes_publishes_nothing(study):
    before = published(study)
    # a program that a cell starts is not under the guard of the cell
    code = "import subprocess; subprocess.run(['sh', '-c', 'echo x >> ../data/raw/metro_sets.csv'])"
    write(study, "22-state", notebook(STATE, code))
    result = command(study, "run")
    assert result.returncode == 2
    assert "data/raw/metro_sets.csv changed while notebooks ran" in result.stderr
    assert published(study) == before


def test_a_cell_that_changes_its_folder_still_reads_this_project(study):
    add_cell(
        study,
        "22-state",
        "import os; os.chdir('/'); import cityresearch as cr; print(len(cr.load('sources')), 'sources')",
    )
    result = command(study, "run", CITYRESEARCH_ROOT="")
    assert result.returncode == 0, result.stderr
    executed = (study / "build" / "notebooks" / "22-state.ipynb").read_text(encoding="utf-8")
    rows = (study / "data" / "raw" / "sources.csv").read_text(encoding="utf-8").count("\n") - 1
    assert f"{rows} sources" in executed
    assert "outside the project" not in result.stderr


def test_a_project_named_from_where_one_stands_is_the_same_project(study):
    assert command(study, "run").returncode == 0
    again = command(study, "run", "--force", CITYRESEARCH_ROOT=".")
    assert again.returncode == 0, again.stderr
    assert "0 notebooks run" in command(study, "run").stdout


@pytest.mark.parametrize(
    ("line", "folder"),
    mostly_long(
        product(
            (
                "run 21-exports",
                "run 21-exports -p size 2",
                "sweep 21-exports --over size=1,2",
                "figures exports",
                "tables readings-C027",
            ),
            ("notebooks", "data/raw/mine", "figures"),
        ),
        ("run 21-exports", "notebooks"),
        ("tables readings-C027", "figures"),
    ),
)
def test_nothing_is_written_among_the_projects_own_files(study, line, folder):
    before = sorted(path for path in study.rglob("*") if "build" not in path.parts)
    done = command(study, *line.split(), "--output", folder)
    assert done.returncode == 2
    assert "which holds the project's own files: choose a place elsewhere" in done.stderr
    assert sorted(path for path in study.rglob("*") if "build" not in path.parts) == before
