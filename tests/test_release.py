"""A release: one version everywhere, notes, the same bytes for the same commit, and everything made again from the zip."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "tools"))
import release

from cityresearch import __version__
from cityresearch.project.new import create


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with what a release reads, committed."""
    folder = tmp_path / "project"
    create(folder, "Trees")
    (folder / "cityresearch").mkdir()
    (folder / "cityresearch" / "__init__.py").write_text('__version__ = "1.2.0"\n', encoding="utf-8")
    (folder / "pyproject.toml").write_text('[project]\nname = "trees"\nversion = "1.2.0"\n', encoding="utf-8")
    (folder / "CITATION.cff").write_text("version: 1.2.0\n", encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(
        "# Changes\n\n## Unreleased\n\n## 1.2.0, 2026-12-01\n\n- More trees.\n\n## 1.1.0\n\n- Trees.\n",
        encoding="utf-8",
    )
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "Begin")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def test_this_checkout_has_one_version_everywhere():
    assert release.version_of(PROJECT) == __version__


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("CITATION.cff", "1.2.0", "1.1.0", "CITATION.cff says 1.1.0"),
        ("pyproject.toml", "1.2.0", "1.3.0", "pyproject.toml says 1.3.0"),
    ],
)
def test_versions_that_differ_are_refused(project, file, before, after, words):
    text = (project / file).read_text(encoding="utf-8")
    (project / file).write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(SystemExit, match=words):
        release.version_of(project)


@pytest.mark.parametrize("version", ["1.2", "v1.2.0", "1.02.0", "1.2.0 "])
def test_what_is_no_semantic_version_is_refused(project, version):
    for file in ("cityresearch/__init__.py", "pyproject.toml", "CITATION.cff"):
        text = (project / file).read_text(encoding="utf-8")
        (project / file).write_text(text.replace("1.2.0", f'"{version}"' if file.endswith("cff") else version), encoding="utf-8")  # fmt: skip
    with pytest.raises(SystemExit, match="not a semantic version"):
        release.version_of(project)


def test_the_notes_are_those_of_the_version_alone(project):
    assert release.notes_of(project, "1.2.0") == "# cityresearch 1.2.0\n\n- More trees.\n"
    with pytest.raises(SystemExit, match=r"nothing under '## 1\.3\.0'"):
        release.notes_of(project, "1.3.0")


def test_a_file_that_is_not_committed_is_refused(project):
    assert "data/raw/datapackage.json" in release.tracked(project)
    (project / "data/raw/sources.csv").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"data/raw/sources.csv"):
        release.tracked(project)


def test_the_same_files_give_the_same_bytes_whatever_their_order_and_time():
    files = {"b.txt": b"b", "a/run": b"#!/bin/sh\n"}
    made = release.zipped(files, "trees-1.2.0")
    assert made == release.zipped(dict(reversed(files.items())), "trees-1.2.0")


@pytest.mark.long
def test_a_release_is_made_again_from_its_zip_and_a_changed_number_in_it_is_noticed(tmp_path):
    folder = tmp_path / "trees"
    create(folder, "Trees")
    # a release runs its own code
    shutil.copytree(PROJECT / "cityresearch", folder / "cityresearch", ignore=shutil.ignore_patterns("__pycache__"))
    made = release.report_of(folder)
    assert "report/index.html" in made
    files = {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not {"build", "__pycache__"} & set(p.parts)
    }
    archive = tmp_path / "trees-1.0.0.zip"
    archive.write_bytes(release.zipped({**files, **made}, archive.stem))
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
    assert release.rebuilt(archive) == "Verified: 6 claims and 1 figure are as committed."
    verdicts = files["data/processed/verdicts.csv"]
    archive.write_bytes(release.zipped({**files, "data/processed/verdicts.csv": verdicts.replace(b"agrees-if", b"differs")}, archive.stem))  # fmt: skip
    with pytest.raises(SystemExit, match="does not verify"):
        release.rebuilt(archive)
