"""Storing: whatever fails between two files, the package is the old one or the new one, and the sentence says which."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import publishers as p
import pytest
from conftest import PROJECT

from cityresearch import datasets
from cityresearch.datasets import store
from cityresearch.datasets.importers import importing
from cityresearch.errors import DataError

WRITES = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile"}
fault: dict[str, object] = {}


def _fail(event: str, args: tuple) -> None:
    """Let the chosen operation on data/raw fail, as a full disk or a folder without permission does."""
    if not fault or (event not in WRITES and event != "open"):
        return
    path = str(args[0])
    if event == "open" and not (".incoming" in path and isinstance(args[1], str) and "w" in args[1]):
        return
    if str(fault["folder"]) not in path and not (event == "os.rmdir" or not path.startswith("/")):
        return
    fault["seen"] = int(fault["seen"]) + 1
    first = int(fault["at"])
    if fault["seen"] == first or (fault["lasts"] and int(fault["seen"]) > first):
        raise OSError(28, "No space left on device")


sys.addaudithook(_fail)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(p.small_project(tmp_path)))
    yield tmp_path
    fault.clear()


def planned(number: int) -> importing.Plan:
    """Plan an import that changes values and adds a source, so that three files change together."""
    values = {t: {y: v + number for y, v in years.items()} for t, years in p.published_metros().items()}
    given = importing.NewSource("P", "T", license="cc0")
    content = p.as_csv(p.ita(values, "USD")).encode()
    return importing.plan_content(content, "f.csv", "metro_exports", f"s-{number}", given, importing.Options())


def state() -> tuple[str, int]:
    """Return what tells an old package from a new one, after checking that it is one of a piece."""
    frame, sources = datasets.load("metro_exports"), set(datasets.load("sources").index)
    assert set(frame["source_id"]) <= sources, "a row without its source"
    assert len(frame) == datasets.dataset("metro_exports").rows
    assert datasets.schema_faults() == []
    return datasets.dataset("metro_exports").sha256, len(sources)


@pytest.mark.long
@pytest.mark.parametrize("lasts", [False, True], ids=["once", "from then on"])
def test_a_failure_at_any_step_leaves_the_old_package_or_the_new_one(here, lasts):
    outcomes, step = set(), 0
    while True:
        step += 1
        before, plan, said = state(), planned(step), ""
        fault.update(folder=here, at=step, lasts=lasts, seen=0)
        try:
            importing.write(plan)
        except DataError as error:
            said = str(error)
        reached = int(fault["seen"]) >= step
        fault.clear()
        after = state()  # whoever reads next finishes or puts back
        assert after in (before, (plan_sha(plan), before[1] + 1)), (step, said)
        if said:
            assert "\n" not in said and "No space left on device" in said
            if "nothing was changed" in said or "put back;" in said:
                assert after == before, (step, said)
        else:
            assert after != before, step
        assert not (here / "data" / "raw" / store.STAGING).exists() or not said or lasts
        outcomes.add(said.partition(":")[2])
        if not reached:
            break
        assert step < 100
    assert step > 12 and len(outcomes) >= 3


def plan_sha(plan: importing.Plan) -> str:
    return hashlib.sha256(plan.content).hexdigest()


def test_files_that_were_moved_are_put_back_when_a_later_one_cannot_be(here, monkeypatch):
    raw, real = here / "data" / "raw", Path.replace
    before = {path.name: path.read_bytes() for path in raw.iterdir() if path.is_file()}

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == "sources.csv" and not self.name.startswith("old-"):
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(DataError, match=r"Permission denied.: the old files were put back; check its permissions"):
        store.replace_together({"metro_exports.csv": b"new", "sources.csv": b"new"}, raw)
    assert {path.name: path.read_bytes() for path in raw.iterdir() if path.is_file()} == before
    assert not (raw / store.STAGING).exists()


def test_a_folder_in_the_place_of_a_file_is_said_before_anything_changes(here):
    raw = here / "data" / "raw"
    before = (raw / "metro_exports.csv").read_bytes()
    (raw / "claims.csv").mkdir()
    with pytest.raises(DataError, match="nothing was changed"):
        store.replace_together({"metro_exports.csv": b"new", "claims.csv": b"new"}, raw)
    assert (raw / "metro_exports.csv").read_bytes() == before


def test_a_putting_back_that_was_interrupted_is_finished_by_the_next_reader(here):
    raw = here / "data" / "raw"
    old, staging = (raw / "metro_exports.csv").read_bytes(), raw / store.STAGING
    staging.mkdir()
    (staging / "old-0").write_bytes(old)
    (staging / store.UNDO).write_text(json.dumps(["metro_exports.csv", "sources.csv"]), encoding="utf-8")
    (raw / "metro_exports.csv").write_bytes(b"new")
    assert len(datasets.load("metro_exports")) == old.count(b"\n") - 1
    assert not staging.exists()


def test_a_dataset_that_changed_since_the_plan_is_not_overwritten(here):
    first, second = planned(1), planned(2)
    importing.write(first)
    with pytest.raises(DataError, match="was changed by someone else meanwhile"):
        importing.write(second)


MANY = """
import sys
from cityresearch.datasets import store
from pathlib import Path
folder = Path(sys.argv[1])
for _ in range(15):
    store.replace_together({name: sys.argv[2].encode() * 1000 for name in ("a", "b", "c")}, folder)
"""


def test_two_imports_at_once_never_mix(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    running = [
        subprocess.Popen([sys.executable, "-c", MANY, str(tmp_path), letter], env=environment) for letter in "xyz"
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    contents = {(tmp_path / name).read_bytes() for name in ("a", "b", "c")}
    assert len(contents) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]
