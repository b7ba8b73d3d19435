"""The command that writes tables: all files or none, one sentence for a slip, and no library before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import PROJECT, a_few, cityresearch

from cityresearch.errors import CityResearchError, ParameterError
from cityresearch.tables import exporting
from cityresearch.tables.exporting import export_tables
from cityresearch.tables.named import NAMED


@pytest.mark.parametrize(
    ("arguments", "said"),
    a_few(
        [
            (["table1"], "No table is called 'table1': did you mean table-1?"),
            (["readings-C27"], "No table is called 'readings-C27': did you mean readings-C027?"),
            (["readings-C001"], "Claim C001 has no readings to tabulate"),
            (["table-1", "--format", "docx,xls"], "Unknown table format 'xls': did you mean xlsx?"),
            (["table-1", "--format", "pdf"], "Unknown table format 'pdf': use html, latex, xlsx, docx, csv."),
        ],
        2,
    ),
)
def test_an_unknown_name_or_format_is_one_sentence_and_writes_nothing(tmp_path, arguments, said):
    result = cityresearch("tables", *arguments, "--output", tmp_path / "out")
    assert result.returncode == 2
    assert result.stderr.startswith(f"Error: {said}")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_command_writes_what_was_asked_for_and_names_it(tmp_path):
    result = cityresearch(
        "tables", "metro-exports", "readings-C041", "--format", "csv,latex", "--output", tmp_path / "out"
    )
    assert result.returncode == 0, result.stderr
    names = ["metro-exports.csv", "metro-exports.tex", "readings-C041.csv", "readings-C041.tex"]
    assert result.stdout.split() == [str(tmp_path / "out" / name) for name in names]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names


def test_the_list_names_every_table(tmp_path):
    result = cityresearch("tables", "--list", "--output", tmp_path / "out")
    assert [line.split()[0] for line in result.stdout.splitlines()] == [*NAMED, "readings-ID"]
    assert not (tmp_path / "out").exists()


def test_files_are_written_all_or_none(tmp_path, monkeypatch):
    (tmp_path / "metro-exports.csv").write_text("earlier")
    monkeypatch.setattr(
        exporting, "written", lambda table, f: b"new" if f == "csv" else pytest.fail("stop") if f is None else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        export_tables(["metro-exports"], ["csv", "docx"], tmp_path)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("metro-exports.csv", "earlier")]


def test_a_folder_that_cannot_be_one_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CityResearchError, match="file"):
        export_tables(["metro-exports"], ["csv"], tmp_path / "file")


def test_a_folder_in_the_place_of_a_file_is_kept(tmp_path):
    (tmp_path / "metro-exports.csv").mkdir()
    (tmp_path / "metro-exports.csv" / "mine").write_text("mine")
    with pytest.raises(ParameterError, match=r"metro-exports\.csv is a folder"):
        export_tables(["metro-exports"], ["csv", "latex"], tmp_path)
    assert [p.name for p in tmp_path.rglob("*")] == ["metro-exports.csv", "mine"]


def test_the_libraries_of_the_formats_are_loaded_only_when_asked_for():
    code = (
        "import sys; from cityresearch import cli; from cityresearch.tables import named, exporting\n"
        "exporting.written(named.made(['verdicts-by-basis'])[0], 'csv')\n"
        "print([name for name in ('docx', 'great_tables', 'openpyxl', 'lxml') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert result.stdout.strip() == "[]"
