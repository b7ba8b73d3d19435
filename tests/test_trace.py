"""What a run used, as the trace of its process records it."""

from __future__ import annotations

from pathlib import Path

import pytest
from runner import run_each, run_one, write

AT_WORK = ", root=Path('.'), cwd=Path('work')"


def used(folder: Path, *cells: str) -> dict[str, list]:
    """Run cells in the folder `work` of a project and return what they used."""
    (folder / "work").mkdir(exist_ok=True)
    write(folder, "n", *cells)
    outcome = run_one(folder, AT_WORK)
    assert outcome["status"] == "done", outcome["message"]
    return outcome["used"]


def test_files_that_are_read_count_and_those_that_are_written_do_not(tmp_path):
    for name in ("read.csv", "table.csv", "unread.csv", "work/deep.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a\n1\n")
    found = used(
        tmp_path,
        "import pandas as pd, os\nfrom pathlib import Path\npd.read_csv('../table.csv'); Path('deep.txt').read_text()",
        "os.close(os.open('../read.csv', os.O_RDONLY)); Path('written.csv').write_text('a')",
    )
    assert found["files"] == ["read.csv", "table.csv", "work/deep.txt"]


def test_a_file_outside_the_project_counts_by_its_whole_name(tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "outside.csv").write_text("a\n")
    assert used(tmp_path / "project", "open('../../outside.csv').close()")["files"] == [str(tmp_path / "outside.csv")]


def test_a_link_counts_by_the_name_it_was_opened_by(tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "target.csv").write_text("a\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "deep.csv").write_text("a\n")
    (tmp_path / "project" / "link.csv").symlink_to(tmp_path / "target.csv")
    (tmp_path / "project" / "linked").symlink_to(tmp_path / "folder")
    found = used(tmp_path / "project", "open('../link.csv').close(); open('../linked/deep.csv').close()")
    assert {"link.csv", "linked/deep.csv"} <= set(found["files"])


def test_a_cached_reading_counts_as_read(tmp_path):
    (tmp_path / "cached.csv").write_text("a\n1\n")
    code = "from cityresearch.files import version\nfrom pathlib import Path\nversion(Path('../cached.csv').resolve())"
    assert used(tmp_path, code)["files"] == ["cached.csv"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_module_beside_the_notebook_counts_by_its_source_even_when_it_is_compiled_already(tmp_path, times):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "assumptions.py").write_text("rate = 2\n")
    for _ in range(times):
        found = used(tmp_path, "import assumptions\nimport sys; del sys.modules['assumptions']")
    assert found["files"] == ["work/assumptions.py"]


def test_what_is_looked_for_in_vain_counts_as_missing(tmp_path):
    found = used(tmp_path, "try:\n    open('override.csv')\nexcept FileNotFoundError:\n    pass")
    assert found["missing"] == ["work/override.csv"]


def test_a_listed_folder_counts(tmp_path):
    (tmp_path / "tables").mkdir()
    assert used(tmp_path, "from pathlib import Path\nlist(Path('../tables').glob('*.csv'))")["folders"] == ["tables"]


def test_a_variable_counts_when_a_cell_reads_it(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("RATE_FOR_TEST", "1")
    ways = (
        "os.environ['RATE_FOR_TEST']",
        "os.environ.get('RATE_FOR_TEST')",
        "os.getenv('RATE_FOR_TEST')",
        "'RATE_FOR_TEST' in os.environ",
        "os.environb.get(b'RATE_FOR_TEST')",
    )
    for way, outcome in zip(ways, run_each(tmp_path, [f"import os\n{way}" for way in ways], AT_WORK), strict=True):
        assert outcome["status"] == "done", (way, outcome["message"])
        assert "RATE_FOR_TEST" in outcome["used"]["variables"], way


def test_variables_that_libraries_read_do_not_count(tmp_path):
    assert "HOME" not in used(tmp_path, "from pathlib import Path\nPath.home()")["variables"]


UNTRACED = {
    "import subprocess; subprocess.run(['true'])": "starts a program (true)",
    "import os; os.system('true')": "starts a program",
    "import os\nif os.fork() == 0: os._exit(0)": "starts another process",
    "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: pass": "connects to a network",
    "import os; dict(os.environ)": "reads all environment variables",
}


def test_what_cannot_be_traced_is_said(tmp_path):
    (tmp_path / "work").mkdir()
    for (code, words), outcome in zip(UNTRACED.items(), run_each(tmp_path, [*UNTRACED], AT_WORK), strict=True):
        assert outcome["status"] == "done", (code, outcome["message"])
        assert any(words in said for said in outcome["used"]["untraced"]), code


def test_modules_of_the_package_and_third_party_packages_count_by_name(tmp_path):
    found = used(tmp_path, "import pandas, cityresearch.numbers.intervals")
    assert {"cityresearch", "cityresearch.numbers.intervals"} <= set(found["modules"])
    assert {"pandas", "numpy"} <= set(found["packages"])


def test_files_of_python_and_of_its_packages_do_not_count_even_inside_the_project(tmp_path):
    assert used(tmp_path, "import pandas, this")["files"] == []


CHANGES = (
    "Path('../data/raw/a.csv').write_text('b')",
    "open('../data/raw/new.csv', 'w')",
    "open('../link/a.csv', 'a')",
    "os.replace('../data/raw/a.csv', 'b.csv')",
    "Path('../data/raw/a.csv').unlink()",
    "shutil.rmtree('../figures')",
    "os.truncate('../data/processed/verdicts.csv', 0)",
    "os.chdir('../data/raw'); open('a.csv', 'r+')",
    "os.symlink('x', '../figures/link')",
)


@pytest.mark.parametrize(
    "changes", [CHANGES[:3], pytest.param(CHANGES[3:], marks=pytest.mark.long)], ids=["some", "others"]
)
def test_a_cell_that_would_change_data_or_results_fails_and_changes_nothing(changes, tmp_path):
    for name in ("data/raw/a.csv", "data/processed/verdicts.csv", "figures/a.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a")
    (tmp_path / "link").symlink_to(tmp_path / "data" / "raw")
    (tmp_path / "work").mkdir()
    cells = [f"import os, shutil\nfrom pathlib import Path\n{code}" for code in changes]
    for code, outcome in zip(changes, run_each(tmp_path, cells, AT_WORK), strict=True):
        assert "must not be changed by a notebook" in outcome["message"], code
    for name in ("data/raw/a.csv", "data/processed/verdicts.csv", "figures/a.svg"):
        assert (tmp_path / name).read_text() == "a"
    assert [path.name for path in (tmp_path / "data" / "raw").iterdir()] == ["a.csv"]
    assert [path.name for path in (tmp_path / "figures").iterdir()] == ["a.svg"]
