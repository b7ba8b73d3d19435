"""The tool that tampers with a copy of the project: what it changes is there to be changed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "tools"))

import tamper

# changes of the environment or of files that only the tool's copy has
ELSEWHERE = {
    "a package's version",
    "a package's code",
    "a module next to a chapter",
    "a file next to a chapter",
    "the target of a link",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> tamper.Copy:
    root = tmp_path_factory.mktemp("tampered") / "project"
    for name in ("cityresearch", "data", "figures", "notebooks"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "README.md", root)
    return tamper.Copy(root, Path(sys.executable))


def stamps(copy: tamper.Copy) -> dict[Path, tuple[int, int]]:
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_ino) for path in copy.root.rglob("*") if not path.is_dir()}


@pytest.mark.long
def test_every_change_changes_something_and_none_that_it_needs_is_gone(copy):
    content = {path: path.read_bytes() for path in stamps(copy)}
    for name, change in tamper.CHANGES.items():
        if name in ELSEWHERE:
            continue
        before = stamps(copy)
        change(copy)
        after = stamps(copy)
        touched = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
        changed = [p for p in touched if p not in after or p.is_symlink() or p.read_bytes() != content.get(p)]
        assert changed or copy.variables, name
        copy.variables.clear()
        for path in touched:
            path.unlink(missing_ok=True)
            if path in content:
                path.write_bytes(content[path])
