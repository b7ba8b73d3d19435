"""Results are put in place together or not at all."""

from __future__ import annotations

import json

import pytest

from cityresearch.errors import NotebookError
from cityresearch.runs.publish import ASIDE, finish, publish

OLD = {"data/processed/a.csv": b"old a", "figures/b.svg": b"old b", "figures/gone.svg": b"old gone"}
NEW = {"data/processed/a.csv": b"new a", "figures/b.svg": b"new b", "figures/c.svg": b"new c"}


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def there(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_files_are_written_and_removed_and_nothing_is_left_aside(tmp_path):
    write(tmp_path, OLD)
    publish(NEW, ["figures/gone.svg", "figures/never.svg"], tmp_path)
    assert there(tmp_path) == NEW


def test_equal_files_are_left_alone(tmp_path):
    write(tmp_path, OLD)
    before = (tmp_path / "figures/b.svg").stat().st_mtime_ns
    publish({"figures/b.svg": b"old b"}, [], tmp_path)
    assert (tmp_path / "figures/b.svg").stat().st_mtime_ns == before


def test_a_move_that_fails_is_taken_back_with_those_before_it(tmp_path):
    write(tmp_path, OLD)
    (tmp_path / "figures/c.svg").mkdir()  # a folder with something in it where a file should go
    (tmp_path / "figures/c.svg/x").write_bytes(b"x")
    blocked = {**NEW, "figures/b.svg/impossible.svg": b"x"}
    with pytest.raises(NotebookError, match="nothing was published"):
        publish(blocked, ["figures/gone.svg"], tmp_path)
    assert there(tmp_path) == {**OLD, "figures/c.svg/x": b"x"}


@pytest.mark.parametrize("moves", range(8))
def test_a_publication_that_was_killed_is_finished_by_the_next_run(tmp_path, monkeypatch, moves):
    import pathlib

    write(tmp_path, OLD)
    real, count = pathlib.Path.replace, [0]

    def dying(self, target):
        # the first four moves put the new files and the list aside
        if count[0] == 4 + moves and ASIDE in str(self) + str(target):
            raise KeyboardInterrupt
        count[0] += 1
        return real(self, target)

    monkeypatch.setattr(pathlib.Path, "replace", dying)
    try:
        publish(NEW, ["figures/gone.svg"], tmp_path)
    except KeyboardInterrupt:
        monkeypatch.undo()
        finish(tmp_path)
    assert there(tmp_path) == NEW


def test_what_was_put_aside_without_a_list_is_forgotten(tmp_path):
    write(tmp_path, {**OLD, f"{ASIDE}/new/0": b"half"})
    finish(tmp_path)
    assert there(tmp_path) == OLD


def test_the_list_names_what_goes_where(tmp_path):
    write(tmp_path, {**OLD, f"{ASIDE}/new/0": b"new a"})
    (tmp_path / ASIDE / "list.json").write_text(json.dumps({"write": ["data/processed/a.csv"], "remove": []}))
    finish(tmp_path)
    assert there(tmp_path) == {**OLD, "data/processed/a.csv": b"new a"}
