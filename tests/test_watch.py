"""The watch: what a person saves is run and its consequences are said, whatever an editor does with the file."""

from __future__ import annotations

import os
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from study import command, notebook, published, write
from watching import STANDS, Watch, watching

from cityresearch.runs.watch import seen

SLOW = """
from pathlib import Path
import time
while not Path("../build/go").exists():
    time.sleep(0.02)
"""


@pytest.fixture(scope="module")
def one_watch(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    folder = tmp_path_factory.mktemp("watch")
    study = Path(shutil.copytree(finished, folder / "study", symlinks=True))
    with watching(study, folder) as running:
        yield running


@pytest.fixture
def watch(one_watch: Watch) -> Iterator[Watch]:
    """The watch that all tests here use; what a test changed is as it was after it."""
    folders = (one_watch.study / "notebooks", one_watch.study / "data" / "raw", one_watch.package / "measures")
    before = {
        p: p.read_bytes()
        for folder in folders
        for p in folder.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    yield one_watch
    changed = [p for p, content in before.items() if not p.is_file() or p.read_bytes() != content]
    new = [
        p
        for folder in folders
        for p in folder.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts and p not in before
    ]
    for path in changed:
        path.write_bytes(before[path])
    for path in new:
        path.unlink()
    # something visible is always saved, so that there is a line to wait for
    os.utime(one_watch.chapter("22-state"))
    one_watch.until(STANDS)


def replaced(path: Path, old: str, new: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new)


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(replaced(path, old, new), encoding="utf-8")


@pytest.mark.long
def test_a_saved_notebook_says_what_it_moves_and_publishes_nothing(watch):
    before = published(watch.study)
    edit(watch.chapter("22-state"), "year=2024", "year=2023")
    lines = watch.until("Not as committed")
    assert lines[0] == "Saved: notebooks/22-state.ipynb."
    assert any(line.startswith("Moved: C028: agrees -> ") and ", because " in line for line in lines)
    assert "1 notebook run" in lines[-1]
    assert "1 verdict (C028 agrees -> " in lines[-1]
    assert published(watch.study) == before
    # the second save moves nothing of the last state, and the distance from the committed results stays
    edit(watch.chapter("22-state"), "Words.", "Other words.")
    assert "0 notebooks run, nothing moved" in watch.until("Not as committed")[-1]
    edit(watch.chapter("22-state"), "year=2023", "year=2024")
    assert any(line.startswith("Moved: C028: ") and " -> agrees, because" in line for line in watch.until(STANDS))


@pytest.mark.long
def test_an_edit_of_the_package_runs_what_was_saved_even_within_one_tick_and_with_the_same_size(watch):
    module = watch.package / "measures" / "exports.py"
    at = module.stat().st_mtime_ns
    edit(
        module,
        "rows = largest_metros(exports, state=state, year=year, n=n)",
        "rows = largest_metros(exports, state=state, year=year, n=4)",
    )
    os.utime(module, ns=(at, at))
    lines = watch.until("Not as committed")
    assert lines[0] == "Saved: cityresearch/measures/exports.py."
    assert any(line.startswith("Moved: C027: ") and "-> open" in line for line in lines)


@pytest.mark.long
def test_a_syntax_error_in_a_module_is_one_sentence_and_the_next_save_is_run(watch):
    module = watch.package / "measures" / "exports.py"
    good = module.read_text(encoding="utf-8")
    module.write_text("def half(\n" + good, encoding="utf-8")
    lines = watch.until(STANDS)
    failed = [line for line in lines if line.startswith("Failed: ")]
    assert failed
    assert all("exports.py, line 1" in line for line in failed)
    assert not any("Traceback" in line for line in lines)
    module.write_text(good, encoding="utf-8")
    assert not any(line.startswith("Moved") for line in watch.until(STANDS))


@pytest.mark.long
def test_a_module_that_everything_loads_may_be_broken_too(watch):
    module = watch.package / "measures" / "__init__.py"
    ledger = watch.package / "claims" / "ledger.py"
    good = ledger.read_text(encoding="utf-8")
    assert module.is_file()
    ledger.write_text(good + "\nx = = 1\n", encoding="utf-8")
    try:
        (line,) = [line for line in watch.until("Failed: ") if line.startswith("Failed")]
        assert f"{ledger}, line {len(good.splitlines()) + 2}: invalid syntax" in line
    finally:
        ledger.write_text(good, encoding="utf-8")
    watch.until(STANDS)


@pytest.mark.long
def test_a_notebook_that_is_half_written_or_fails_is_one_sentence_and_its_verdicts_stay(watch):
    path = watch.chapter("22-state")
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")
    lines = watch.until(STANDS)
    assert [line for line in lines if line.startswith("Failed: ")]
    assert "Not judged: C028: their notebooks failed." in lines
    path.write_text(whole.replace("state = cr.load", "state = = cr.load"), encoding="utf-8")
    lines = watch.until(STANDS)
    (failed,) = [line for line in lines if line.startswith("Failed: ")]
    assert "22-state.ipynb" in failed
    assert not any(line.startswith("Moved") for line in lines)


@pytest.mark.long
def test_files_of_editors_are_no_edit_and_a_file_put_in_place_is_one(watch):
    folder, path = watch.study / "notebooks", watch.chapter("22-state")
    for name in (".22-state.ipynb.swp", "22-state.ipynb~", "4913", "#22-state.ipynb#", ".~22-state.ipynb"):
        (folder / name).write_text("{", encoding="utf-8")
    new = folder / ".22-state.ipynb.new"
    new.write_text(replaced(path, "year=2024", "year=2023"), encoding="utf-8")
    path.unlink()
    new.replace(path)
    lines = watch.until("Not as committed")
    assert [line for line in lines if line.startswith(("Saved", "Gone"))] == ["Saved: notebooks/22-state.ipynb."]


@pytest.mark.long
def test_a_notebook_that_is_deleted_and_one_that_is_new(watch):
    watch.chapter("22-state").unlink()
    lines = watch.until("Not as committed")
    assert lines[0] == "Gone: notebooks/22-state.ipynb."
    assert any("C028: judged before -> gone" in line or "C028: committed -> gone" in line for line in lines)
    write(watch.study, "23-helped", notebook("import helper\nprint(helper.size)"))
    (watch.study / "notebooks" / "helper.py").write_text("size = 1\n", encoding="utf-8")
    lines = watch.until("Not as committed")
    while not any("23-helped: done" in line for line in lines):
        lines = watch.until("Not as committed")
    (watch.study / "notebooks" / "helper.py").write_text("size = 2\n", encoding="utf-8")
    lines = watch.until("Not as committed")
    assert lines[0] == "Saved: notebooks/helper.py."
    assert "1 notebook run" in lines[-1]
    assert "2" in (watch.study / "build" / "watch" / "notebooks" / "23-helped.ipynb").read_text(encoding="utf-8")


@pytest.mark.long
def test_an_edited_table_runs_its_readers(watch):
    from test_datasets import edit as edit_table

    table = (watch.study / "data" / "raw" / "state_exports.csv").read_text(encoding="utf-8")
    row = next(
        line
        for line in table.splitlines()
        if ",California," in f",{line}," and ",2024," in line and "first_release" in line
    )
    value = max(row.split(","), key=lambda cell: (cell.isdigit(), len(cell)))
    edit_table(watch.study, "state_exports", row, row.replace(value, str(int(value) * 2)))
    lines = watch.until("C028 agrees -> ")
    assert any("data/raw/state_exports.csv" in line for line in lines if line.startswith("Saved"))


@pytest.mark.long
def test_many_files_at_once_are_one_line_or_two(watch):
    for path in (watch.study / "data" / "raw").rglob("*.csv"):
        os.utime(path)
    lines = watch.until(STANDS)
    assert any(line.startswith("Saved: data/raw/") and " others." in line for line in lines)


@pytest.mark.long
def test_a_save_while_chapters_run_is_run_after_them(watch):
    write(watch.study, "23-slow", notebook(SLOW))
    watch.until("23-slow: running")
    edit(watch.chapter("22-state"), "year=2024", "year=2023")
    (watch.study / "build" / "go").touch()
    lines = watch.until("Not as committed")
    assert "Saved: notebooks/22-state.ipynb." in lines
    (watch.study / "build" / "go").unlink()


@pytest.mark.long
def test_a_module_that_is_saved_while_chapters_run_begins_them_anew(watch):
    write(watch.study, "23-slow", notebook(SLOW, SLOW))
    watch.until("23-slow: running")
    os.utime(watch.package / "measures" / "exports.py")
    lines = watch.until("23-slow: running")
    assert "Saved: cityresearch/measures/exports.py." in lines
    (watch.study / "build" / "go").touch()
    watch.until("23-slow: done")
    (watch.study / "build" / "go").unlink()


@pytest.mark.long
@pytest.mark.parametrize("busy", [False, True])
def test_ctrl_c_ends_it_without_a_trace(study, tmp_path, busy):
    with watching(study, tmp_path) as running:
        if busy:
            write(study, "23-slow", notebook(SLOW))
            running.until("23-slow: running")
        said = running.stop()
        assert running.process.returncode == 130
        assert "Traceback" not in said
        assert "nothing was published" in said
        with pytest.raises(ProcessLookupError):
            os.killpg(running.process.pid, 0)


@pytest.mark.long
def test_the_report_is_served_and_told_to_reload(study, tmp_path):
    with watching(study, tmp_path, "--report") as running:
        (line,) = [line for line in running.said if line.startswith("Report: http")]
        address = line.removeprefix("Report: ").removesuffix("/index.html")

        def get(name: str) -> str:
            with urllib.request.urlopen(f"{address}/{name}") as answer:
                return answer.read().decode("utf-8")

        assert "location.reload" in get("index.html")
        before, page = get(".state"), get("claims/C028.html")
        edit(running.chapter("22-state"), "year=2024", "year=2023")
        running.until("Not as committed")
        assert get(".state") != before
        assert get("claims/C028.html") != page
        running.stop()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("-p", "size", "2"), "-p"),
        (("--force",), "--force"),
        (("--output", "x"), "--output"),
        (("--engine", "kernel"), "--engine"),
    ],
)
def test_a_watch_refuses_what_it_cannot_do(study, arguments, named):
    result = command(study, "run", "--watch", *arguments)
    assert result.returncode == 2
    assert f"does not take {named}" in result.stderr


def test_what_is_seen_leaves_out_what_editors_leave(study):
    for name in (".x.swp", "x.ipynb~", "4913", "x.tmp"):
        (study / "notebooks" / name).touch()
    names = {Path(name).name for name in seen(study)}
    assert {"21-exports.ipynb", "22-state.ipynb", "datapackage.json", "watch.py"} <= names
    assert not names & {".x.swp", "x.ipynb~", "4913", "x.tmp"}
