"""Files that a person names for what is made: nothing is lost in their place, and what is wrong is said before the work is done."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from study import command

from cityresearch.errors import ParameterError
from cityresearch.outputs import check_file, check_folder, check_new_file, write_file

OWN = ("data/raw/datapackage.json", "data/processed/verdicts.csv", "notebooks/21-exports.ipynb", "figures/exports.svg")


@pytest.fixture
def in_study(study, monkeypatch):
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(study))
    monkeypatch.chdir(study)
    return study


@pytest.mark.parametrize("check", [check_file, lambda path: check_new_file(path, overwrite=True)], ids=["any", "new"])
@pytest.mark.parametrize("name", [*OWN, "notebooks/new.json", "notebooks/../data/raw/x.xml"])
def test_no_file_among_the_projects_own(in_study, check, name):
    with pytest.raises(ParameterError, match="holds the project's own files: choose a place elsewhere"):
        check(Path(name))
    assert not (in_study / "notebooks" / "new.json").exists()


def test_a_link_into_the_project_is_no_way_in(in_study, tmp_path):
    (tmp_path / "out.json").symlink_to(in_study / "data" / "raw" / "datapackage.json")
    with pytest.raises(ParameterError, match="holds the project's own files"):
        check_file(tmp_path / "out.json")


@pytest.mark.parametrize("name", ["-", ".", "", "build"])
def test_a_name_that_is_none(in_study, name):
    (in_study / "build").mkdir(exist_ok=True)
    with pytest.raises(ParameterError, match=r"name is needed|is a folder"):
        check_file(Path(name))
    assert not (in_study / "-").exists()


def test_a_device_or_a_pipe_is_not_replaced_by_a_file(in_study):
    os.mkfifo("pipe")
    for path in (Path("/dev/null"), Path("pipe")):
        with pytest.raises(ParameterError, match="no ordinary file"):
            check_file(path)
        with pytest.raises(ParameterError, match="no ordinary file"):
            check_new_file(path, overwrite=True)


def test_only_a_file_of_its_kind_is_replaced(in_study):
    for content, kept in ((b"# Readme", True), (b"[]", False), (b" \n{", False), (b"", False), (b"<?xml", True)):
        Path("out").write_bytes(content)
        if kept:
            with pytest.raises(ParameterError, match="holds something else"):
                check_file(Path("out"), (b"[", b"{"))
        else:
            check_file(Path("out"), (b"[", b"{"))
        check_file(Path("out"))
        assert Path("out").read_bytes() == content


def test_the_source_is_never_the_target(in_study, tmp_path):
    Path("paper.md").write_text("text")
    (tmp_path / "same.md").symlink_to(Path("paper.md").resolve())
    for target in (Path("paper.md"), tmp_path / "same.md", Path("build/../paper.md")):
        Path("build").mkdir(exist_ok=True)
        with pytest.raises(ParameterError, match="is the file that is read"):
            check_file(target, source=Path("paper.md"))


def test_a_check_leaves_no_file(in_study):
    check_file(Path("new/out.json"), (b"[",))
    assert list(Path("new").iterdir()) == []
    with pytest.raises(ParameterError, match="cannot be written"):
        check_file(Path("/proc/none/out.json"))


def test_what_is_filled_in_is_replaced_only_when_asked(in_study):
    Path("rows.csv").write_text("my rows")
    with pytest.raises(ParameterError, match="--overwrite"):
        check_new_file(Path("rows.csv"), overwrite=False)
    check_new_file(Path("rows.csv"), overwrite=True)


@pytest.mark.parametrize("name", [".", "build/..", "figures", "data", "tests/x", "build/results"])
def test_no_folder_among_the_projects_own(in_study, name):
    (in_study / "build").mkdir(exist_ok=True)
    with pytest.raises(ParameterError, match="project's own"):
        check_folder(in_study / name)
    check_folder(in_study / "build" / "elsewhere")
    check_folder(in_study / "figures-of-mine")
    Path("file").touch()
    with pytest.raises(ParameterError, match="is a file"):
        check_folder(Path("file"))


def test_a_link_is_followed_and_a_failed_writing_leaves_nothing(in_study, tmp_path):
    (tmp_path / "there").write_text("old")
    Path("link").symlink_to(tmp_path / "there")
    write_file(Path("link"), b"new")
    assert Path("link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"
    Path("folder").mkdir()
    with pytest.raises(ParameterError, match="folder cannot be written"):
        write_file(Path("folder"), b"new")
    assert not list(in_study.glob(".*.part"))


LINES = (
    "verify --json {}",
    "verify --junit {}",
    "whatif --json {}",
    "claims draft paper.txt --document edc --output {}",
    "claims coverage paper.txt --document edc --text {}",
    "fill paper.md --output {}",
    "archive --output {}",
    "toolkit template --place Fresno --output {}",
)


@pytest.mark.parametrize("line", LINES)
def test_each_command_that_writes_a_file_keeps_the_projects_own(study, line):
    (study / "paper.txt").write_text("Exports rose by 12 percent.\n")
    (study / "paper.md").write_text("None.\n")
    kind = {"archive": "zip", "toolkit": "xlsx"}.get(line.split()[0], "csv")
    target = study / "data" / "processed" / f"verdicts.{kind}"
    before = target.read_bytes() if target.exists() else None
    done = command(study, *line.format(f"data/processed/verdicts.{kind}").split())
    assert done.returncode == 2, done.stdout
    assert "holds the project's own files" in done.stderr
    assert (target.read_bytes() if target.exists() else None) == before


@pytest.mark.parametrize(
    "line", ["run", "run 21-exports -p size 2", "sweep 21-exports --over size=1,2", "figures", "tables", "report"]
)
def test_the_projects_folder_is_no_place_for_another_result(study, line):
    done = command(study, *line.split(), "--output", ".")
    assert done.returncode == 2
    assert "project's own folder" in done.stderr


def test_two_reports_are_two_files(study):
    done = command(study, "verify", "--json", "out", "--junit", "build/../out")
    assert done.returncode == 2
    assert "named for both reports" in done.stderr


def test_a_filled_draft_is_not_drafted_over(study):
    (study / "paper.txt").write_text("Exports rose by 12 percent.\n")
    draft = ("claims", "draft", "paper.txt", "--document", "edc", "--output", "drafts.csv")
    assert command(study, *draft).returncode == 0
    filled = (study / "drafts.csv").read_text().replace("12 percent", "12 percent, as I read it")
    (study / "drafts.csv").write_text(filled)
    again = command(study, *draft)
    assert again.returncode == 2
    assert "may hold your rows" in again.stderr
    assert (study / "drafts.csv").read_text() == filled
    assert command(study, *draft, "--overwrite").returncode == 0
    assert (study / "drafts.csv").read_text() != filled


def test_a_document_is_not_replaced_by_its_lines(study):
    (study / "paper.txt").write_text("Exports rose by 12 percent.\n")
    done = command(study, "claims", "coverage", "paper.txt", "--document", "edc", "--text", "paper.txt")
    assert done.returncode == 2
    assert "is the file that is read" in done.stderr


def test_a_table_that_no_sweep_made_is_kept(study):
    (study / "mine").mkdir()
    (study / "mine" / "table.csv").write_text("my table")
    sweep = ("sweep", "21-exports", "--over", "size=1,2", "--output")
    done = command(study, *sweep, "mine")
    assert done.returncode == 2
    assert "is not of a sweep" in done.stderr
    assert (study / "mine" / "table.csv").read_text() == "my table"
    for _ in range(2):
        assert command(study, *sweep, "ours").returncode == 0


def test_reports_are_written_again_over_themselves(study):
    reports = ("verify", "--json", "out/d.json", "--junit", "out/j.xml")
    for _ in range(2):
        assert command(study, *reports).returncode == 0
    assert json.loads((study / "out" / "d.json").read_text()) == []
