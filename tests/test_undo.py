"""The last import can be taken back to the byte, and what is staged never touches the data before it is accepted."""

from __future__ import annotations

import json
from pathlib import Path

import publishers as p
import pytest
from conftest import cityresearch
from imported import LA, METRO, plan, raw_bytes

from cityresearch.datasets import journal, load, staging, store
from cityresearch.datasets.importers import importing
from cityresearch.errors import DataError

GDP = [(f"Fresno, CA ({METRO})", 1, "All industry total", "Thousands of dollars", 61_000_000, 64_000_000)]


def import_metros() -> None:
    importing.write(plan(p.as_csv(p.ita())))


def import_gdp() -> None:
    importing.write(plan(p.bea(GDP), "metro_gdp", "bea"))


def test_two_imports_are_taken_back_one_after_the_other_to_the_byte(own_project):
    first = raw_bytes(own_project)
    import_metros()
    second = raw_bytes(own_project)
    import_gdp()
    assert "metro_gdp: rows 1 added" in journal.undo().says[0]
    assert raw_bytes(own_project) == second
    assert "metro_exports: rows 4 added" in journal.undo().says[0]
    assert raw_bytes(own_project) == first
    assert load("metro_exports").index.get_level_values("year").max() == 2023
    with pytest.raises(DataError, match="No import is noted"):
        journal.undo()
    assert raw_bytes(own_project) == first


@pytest.mark.parametrize("name", ["metro_exports.csv", "sources.csv", "datapackage.json"])
def test_an_import_is_not_taken_back_over_a_later_change(own_project, name):
    import_metros()
    file = own_project / "data" / "raw" / name
    file.write_bytes(file.read_bytes() + b"\n")
    before = raw_bytes(own_project)
    with pytest.raises(
        DataError, match=f"{name} was changed since the last import .metro_exports: rows 4 added.*git checkout"
    ):
        journal.undo()
    assert raw_bytes(own_project) == before


def test_an_import_that_could_not_be_written_leaves_nothing_to_take_back(own_project, monkeypatch):
    import_gdp()
    before = raw_bytes(own_project)

    def full(*_):
        raise DataError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(store, "replace_together", full)
        with pytest.raises(DataError, match="no room"):
            import_metros()
    assert raw_bytes(own_project) == before
    assert "metro_gdp" in journal.undo().says[0]


def test_a_killed_import_is_passed_over_and_the_one_before_it_is_taken_back(own_project, monkeypatch):
    first = raw_bytes(own_project)
    import_gdp()

    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(store, "replace_together", kill)
        broken.setattr("shutil.rmtree", lambda *_, **__: None)  # a process that is killed cleans nothing up
        with pytest.raises(Killed):
            import_metros()
    assert len(journal.entries()) == 2
    assert "metro_gdp" in journal.undo().says[0]
    assert raw_bytes(own_project) == first


def test_where_no_journal_can_be_kept_nothing_is_imported(own_project):
    (own_project / "build").write_text("in the way")
    before = raw_bytes(own_project)
    with pytest.raises(DataError, match="so imports could not be taken back: nothing was changed"):
        import_metros()
    assert raw_bytes(own_project) == before


# staging


def test_staged_imports_add_up_beside_the_data_and_are_accepted_together_or_dropped(own_project):
    first = raw_bytes(own_project)
    with staging.project():
        import_metros()
    with staging.project():
        import_gdp()
        assert (LA, 2024) in load("metro_exports").index
    assert raw_bytes(own_project) == first
    assert [line.partition(":")[0] for line in staging.waiting()] == ["metro_exports", "metro_gdp"]
    staging.accept()
    assert (LA, 2024) in load("metro_exports").index
    assert load("metro_gdp").loc[("Fresno, CA", 2023, "USD"), "value"] == 64_000_000_000
    assert staging.waiting() == []
    assert len(journal.undo().says) == 2
    assert raw_bytes(own_project) == first
    with pytest.raises(DataError, match="Nothing is staged"):
        staging.accept()


def test_what_was_staged_from_other_data_is_never_mixed_with_the_new_ones(own_project):
    with staging.project():
        import_metros()
    import_gdp()
    before = raw_bytes(own_project)
    for use in (staging.waiting, staging.accept, staging.project().__enter__):
        with pytest.raises(DataError, match=r"has changed since .* was staged: drop what is staged"):
            use()
    assert raw_bytes(own_project) == before
    staging.drop()
    assert staging.waiting() == []


def test_what_was_staged_and_then_imported_is_not_waiting_anymore(own_project):
    with staging.project():
        import_metros()
    import_metros()
    assert staging.waiting() == []


def test_the_command_stages_accepts_and_takes_back(own_project):
    file = own_project / "metro.csv"
    file.write_text(p.as_csv(p.ita()), encoding="utf-8")
    new = ("--publisher", "ITA", "--title", "T", "--license", "cc0")
    command = ("data", "import", "metro.csv", "--as", "metro_exports", "--source", "ita-2026", *new)
    first = raw_bytes(own_project)
    (own_project / "elsewhere").mkdir()
    staged = cityresearch(*command, "--stage", cwd=own_project, CITYRESEARCH_ROOT="")
    assert staged.returncode == 0 and "Staged: cityresearch whatif says" in staged.stdout, staged.stderr
    assert raw_bytes(own_project) == first
    assert cityresearch(*command, "--stage", "--yes", cwd=own_project).returncode == 2
    accepted = cityresearch("data", "accept", cwd=own_project)
    assert accepted.returncode == 0 and "Written: metro_exports: rows 4 added" in accepted.stdout
    back = cityresearch("data", "undo", cwd=own_project)
    assert back.returncode == 0 and "Taken back: metro_exports: rows 4 added" in back.stdout
    assert raw_bytes(own_project) == first
    nothing = cityresearch("data", "undo", cwd=own_project)
    assert nothing.returncode == 2 and nothing.stderr.startswith("Error: No import is noted")


def test_a_damaged_journal_is_one_sentence(own_project):
    import_metros()
    (entry,) = Path(own_project, "build", "imports").glob("*/entry.json")
    for text in ("", "[]", json.dumps({"says": ["x"], "when": "", "files": {"a": ["b"]}})):
        entry.write_text(text)
        with pytest.raises(DataError, match="cannot be read: delete"):
            journal.undo()
