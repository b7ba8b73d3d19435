"""The lab leaves git alone: a commit holds what was edited, whatever editor saved it, and git works without the environments."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(PROJECT / "tools"))
import notebook_filter

NOTEBOOK = "notebooks/11-city-profile.ipynb"
WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
ROOM = 120  # seconds for one command of git on a busy machine


def sh(*command: str, cwd: Path, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call a program with a home of its own, so that no setting of this machine's git takes part."""
    home = cwd.parent / "home"
    home.mkdir(exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "XDG_", "MAKE", "MFLAGS"))}
    clean |= {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", **environment}
    result = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=ROOM, check=False)
    assert result.returncode == 0 or not check, result.stdout + result.stderr
    return result


def git(cwd: Path, *arguments: str, **options) -> str:
    return sh("git", *WHO, *arguments, cwd=cwd, **options).stdout


def committed(folder: Path, project: Path) -> Path:
    """Make a repository in a folder, with what the filter needs and a notebook in `project`."""
    project.mkdir(parents=True, exist_ok=True)
    for name in (".gitattributes", ".gitignore", "tools/notebook_filter.py", NOTEBOOK):
        (project / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, project / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=start")
    return project


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a small project in which the filter is set up."""
    origin = tmp_path / "origin"
    committed(origin, origin)
    git(tmp_path, "clone", "--quiet", "origin", "a clone")
    set_up(tmp_path / "a clone")
    return tmp_path / "a clone"


def set_up(project: Path, **environment: str) -> str:
    """Set the filter up as `make filter` does; return what is said."""
    return sh(sys.executable, "tools/notebook_filter.py", "--set-up", cwd=project, **environment).stderr


def save_as_jupyter(path: Path, *, old: str = "", new: str = "") -> None:
    """Rewrite a notebook after a run as an editor does: outputs, counts, versions, and marks of its own."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.language_info = {"name": "python", "version": "3.13.7", "file_extension": ".py"}
    notebook.metadata.kernelspec = {"name": "conda-env-x-py", "display_name": "mine", "language": "python"}
    notebook.metadata.widgets = {"state": {}}
    for number, cell in enumerate(notebook.cells):
        cell.metadata |= {"collapsed": True, "scrolled": False, "editable": True, "slideshow": {"slide_type": ""}}
        if cell.cell_type == "code":
            cell.execution_count = number + 1
            cell.outputs = [nbformat.v4.new_output("stream", text="a result\n")]
        cell.source = cell.source.replace(old, new, 1) if old else cell.source
    nbformat.write(notebook, path)


def test_setting_up_and_opening_the_lab_changes_no_file(clone):
    (clone / NOTEBOOK).touch()
    assert git(clone, "status", "--porcelain") == ""
    settings = git(clone, "config", "--local", "--list")
    assert str(clone) not in settings.partition("filter.")[2]
    assert "required" not in settings


def test_a_commit_holds_the_edited_line_and_nothing_else(clone, tmp_path):
    before = (clone / NOTEBOOK).read_text(encoding="utf-8")
    old = json.loads(before)["cells"][0]["source"][0].strip()
    save_as_jupyter(clone / NOTEBOOK, old=old, new="Changed")
    assert git(clone, "diff", "--numstat").split()[:2] == ["1", "1"]
    git(clone, "commit", "--all", "--quiet", "--message=edit")
    git(tmp_path, "clone", "--quiet", "a clone", "another")
    assert (tmp_path / "another" / NOTEBOOK).read_text(encoding="utf-8") == before.replace(old, "Changed", 1)


def test_a_run_that_changed_no_source_is_no_difference(clone):
    save_as_jupyter(clone / NOTEBOOK)
    assert git(clone, "diff") == ""
    git(clone, "add", "--all")
    assert git(clone, "status", "--porcelain") == ""


@pytest.mark.long
def test_stash_rebase_and_switch_work_after_a_run(clone, tmp_path):
    origin = tmp_path / "origin"
    (origin / "new.txt").write_text("new")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message=new")
    save_as_jupyter(clone / NOTEBOOK, old="import", new="import  ")
    git(clone, "stash")
    assert git(clone, "status", "--porcelain") == ""
    git(clone, "pull", "--quiet", "--rebase")
    git(clone, "stash", "pop")
    assert git(clone, "diff", "--numstat").split()[2:] == [NOTEBOOK]
    assert (clone / "new.txt").is_file()


@pytest.mark.long
def test_the_filter_holds_in_another_work_tree_and_for_names_with_spaces(clone, tmp_path):
    other = tmp_path / "another work tree"
    git(clone, "worktree", "add", "--quiet", "-b", "other", str(other))
    shutil.copy(other / NOTEBOOK, other / "notebooks" / "my $(own) 'draft'.ipynb")
    save_as_jupyter(other / "notebooks" / "my $(own) 'draft'.ipynb")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message=draft")
    assert git(other, "show", "HEAD:notebooks/my $(own) 'draft'.ipynb") == (clone / NOTEBOOK).read_text("utf-8")


def test_the_filter_holds_for_a_project_in_a_folder_of_a_larger_repository(tmp_path):
    top = tmp_path / "all papers"
    project = committed(top, top / "this one's")
    assert set_up(project) == ""
    save_as_jupyter(project / NOTEBOOK)
    assert git(top, "diff") == ""


def test_a_global_filter_of_the_user_does_not_reach_the_notebooks(clone, tmp_path):
    (tmp_path / "home" / "attributes").write_text("*.ipynb filter=nbstripout diff=ipynb\n")
    for key, value in (
        ("core.attributesFile", str(tmp_path / "home" / "attributes")),
        ("filter.nbstripout.clean", "tr a b"),
        ("filter.nbstripout.required", "true"),
        ("diff.ipynb.textconv", "false"),
    ):
        git(clone, "config", "--global", key, value)
    save_as_jupyter(clone / NOTEBOOK)
    assert git(clone, "diff") == ""


@pytest.mark.parametrize("gone", ["the script", "Python", "a working Python"])
def test_git_works_when_the_filter_cannot_run_and_keeps_every_byte(clone, tmp_path, gone):
    tools = tmp_path / "programs"
    tools.mkdir()
    for name in ("git", "sh", "cat"):
        (tools / name).symlink_to(shutil.which(name))
    path = f"{tools}"
    if gone == "the script":
        (clone / "tools" / "notebook_filter.py").unlink()
        path = os.environ["PATH"]
    if gone == "a working Python":
        (tools / "python3").write_text("#!/bin/sh\nexit 1\n")
        (tools / "python3").chmod(0o755)
    save_as_jupyter(clone / NOTEBOOK)
    content = (clone / NOTEBOOK).read_text(encoding="utf-8")
    for arguments in (["status"], ["add", NOTEBOOK], ["commit", "--quiet", "--message=as it is"], ["stash"]):
        said = sh("git", *WHO, *arguments, cwd=clone, PATH=path).stderr
        # without the script or Python it is no fault; a Python that fails is one, which git reports
        assert said == "" or gone == "a working Python"
    assert git(clone, "show", f"HEAD:{NOTEBOOK}", PATH=path) == content


def test_without_git_or_outside_a_checkout_one_sentence_says_what_is_lost(tmp_path):
    for name in ("tools/notebook_filter.py", ".gitattributes"):
        (tmp_path / "unpacked" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / "unpacked" / name)
    for environment in ({}, {"PATH": str(tmp_path)}):
        said = set_up(tmp_path / "unpacked", **environment)
        assert said.count("\n") == 1
        assert said.startswith(
            "Outputs of notebooks will not be removed on commit, because git cannot be set up here: "
        )


@pytest.mark.parametrize(
    "content",
    [
        b'{"cells": [\n<<<<<<< ours\n',
        b'{"nbformat": 3, "worksheets": []}',
        b"\xff\xfe",
        b"[1]",
        b'{"nbformat": 4, "cells": [1]}',
    ],
)
def test_what_is_not_a_notebook_is_kept_whole_and_named(capsys, content):
    assert notebook_filter.clean(content, "a b.ipynb") == content
    said = capsys.readouterr().err
    assert said.startswith("a b.ipynb is stored as it is, with any outputs, because it cannot be read: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_chapters_are_stored_as_the_filter_stores_them(path):
    assert notebook_filter.clean(path.read_bytes(), path.name) == path.read_bytes()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CELLS = st.builds(
    lambda kind, id, source, tags, count: {
        "cell_type": kind,
        "id": id,
        "source": source,
        "metadata": {"tags": tags, "scrolled": True},
        **({"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}], "execution_count": count} if kind == "code" else {}),
    },
    st.sampled_from(["code", "markdown", "raw"]),
    st.from_regex(r"[a-zA-Z0-9_-]{1,64}", fullmatch=True),
    TEXT,
    st.lists(TEXT, max_size=2),
    st.none() | st.integers(1, 99),
)  # fmt: skip


@settings(max_examples=30)
@given(cells=st.lists(CELLS, max_size=4), layout=st.sampled_from([None, 1, 4]))
def test_ids_sources_and_tags_stay_and_a_second_pass_changes_nothing(cells, layout):
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    once = notebook_filter.clean(json.dumps(notebook, indent=layout).encode(), "x.ipynb")
    assert notebook_filter.clean(once, "x.ipynb") == once
    for before, after in zip(cells, json.loads(once)["cells"], strict=True):
        assert after["id"] == before["id"]
        assert "".join(after["source"]) == before["source"]
        assert after["metadata"] == ({"tags": before["metadata"]["tags"]} if before["metadata"]["tags"] else {})
        assert not after.get("outputs")
        assert after.get("execution_count") is None


class Files:
    """Jupyter's file manager as far as the lab's settings use it; the environment of the tests has no JupyterLab."""

    def __init__(self, root: Path):
        self.root = root

    def _get_os_path(self, path):
        return str(self.root / path)

    async def get(self, path, content=True, **_):
        notebook = nbformat.read(self.root / path, as_version=4)
        for cell in notebook.cells:
            cell.metadata.trusted = False
        return {"type": "notebook", **({"content": notebook} if content else {})}

    async def save(self, model, path=""):
        nbformat.write(nbformat.from_dict(model["content"]), self.root / path)
        return await self.get(path, content=False)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The lab's settings in a small project, on top of Jupyter's file manager."""
    for name in ("jupyter_server", "jupyter_server.services", "jupyter_server.services.contents"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    files = types.ModuleType("largefilemanager")
    files.AsyncLargeFileManager = Files
    monkeypatch.setitem(sys.modules, "jupyter_server.services.contents.largefilemanager", files)
    path = PROJECT / "tools" / "lab" / "jupyter_server_config.py"
    spec = importlib.util.spec_from_file_location("lab_settings", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / NOTEBOOK).parent.mkdir()
    shutil.copy(PROJECT / NOTEBOOK, tmp_path / NOTEBOOK)
    return module.Contents(tmp_path / "notebooks")


def run_in_lab(lab, name: str) -> dict:
    """Open a notebook, run its cells, save it; return what the browser then shows."""
    shown = asyncio.run(lab.get(name))["content"]
    for number, cell in enumerate(c for c in shown["cells"] if c["cell_type"] == "code"):
        cell["outputs"] = [nbformat.v4.new_output("display_data", data={"text/html": f"<b>{number}</b>"})]
        cell["execution_count"], cell["metadata"]["trusted"] = number + 1, number > 0
    asyncio.run(lab.save({"type": "notebook", "content": shown}, name))
    return shown


def test_a_notebook_run_in_the_lab_is_saved_as_it_was_and_shows_its_outputs_when_it_is_opened_again(lab, tmp_path):
    name = Path(NOTEBOOK).name
    shown = run_in_lab(lab, name)
    assert (tmp_path / NOTEBOOK).read_bytes() == (PROJECT / NOTEBOOK).read_bytes()
    again = [c for c in asyncio.run(lab.get(name))["content"]["cells"] if c["cell_type"] == "code"]
    assert [(c["outputs"], c["execution_count"]) for c in again] == [
        (c["outputs"], c["execution_count"]) for c in shown["cells"] if c["cell_type"] == "code"
    ]
    # what came from a notebook that the user does not trust does not become trusted by being kept
    assert [c["metadata"]["trusted"] for c in again] == [False] + [True] * (len(again) - 1)


def test_the_lab_saves_a_notebook_of_an_older_format_as_it_is(lab):
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("1 + 1")])])
    asyncio.run(lab.save({"type": "notebook", "content": old}, "old.ipynb"))
    assert nbformat.read(lab.root / "old.ipynb", as_version=3).worksheets[0].cells[0].input == "1 + 1"


def test_the_lab_shows_no_output_of_a_source_that_was_changed_since(lab, tmp_path):
    name = Path(NOTEBOOK).name
    run_in_lab(lab, name)
    notebook = nbformat.read(tmp_path / NOTEBOOK, as_version=4)
    changed = next(c for c in notebook.cells if c.cell_type == "code")
    changed.source += "\n# edited elsewhere"
    nbformat.write(notebook, tmp_path / NOTEBOOK)
    shown = {c["id"]: c.get("outputs") for c in asyncio.run(lab.get(name))["content"]["cells"]}
    assert shown.pop(changed.id) == []
    assert any(shown.values())


def test_a_damaged_file_of_outputs_or_one_that_cannot_be_written_costs_the_outputs_and_nothing_else(lab, tmp_path):
    name, said = Path(NOTEBOOK).name, []
    lab.log = types.SimpleNamespace(warning=lambda *words: said.append(words))
    run_in_lab(lab, name)
    (aside,) = (tmp_path / "build" / "lab").iterdir()
    aside.write_text("{")
    assert not any(c.get("outputs") for c in asyncio.run(lab.get(name))["content"]["cells"])
    shutil.rmtree(tmp_path / "build")
    (tmp_path / "build").write_text("a file where the folder should be")
    run_in_lab(lab, name)
    assert (tmp_path / NOTEBOOK).read_bytes() == (PROJECT / NOTEBOOK).read_bytes()
    assert len(said) == 2


def makefile_in(folder: Path) -> Path:
    folder.mkdir()
    for name in ("Makefile", "requirements.lock", "requirements-lab.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, folder / name)
    return folder


def environment_in(folder: Path, name: str, made_for: Path) -> None:
    (folder / name / "bin").mkdir(parents=True)
    (folder / name / "bin" / "python").symlink_to(sys.executable)
    (folder / name / ".installed").write_text(f"{made_for}\n")


def test_make_lab_hands_arguments_on_and_starts_as_root(tmp_path):
    folder = makefile_in(tmp_path / "a place")
    environment_in(folder, ".venv-lab", folder)
    for user, option in ((0, True), (1000, False)):
        programs = tmp_path / str(user)
        programs.mkdir()
        (programs / "id").write_text(f"#!/bin/sh\necho {user}\n")
        (programs / "python").write_text('#!/bin/sh\ntest "$1" = -c || echo "$JUPYTER_CONFIG_PATH|$*"\n')
        for path in programs.iterdir():
            path.chmod(0o755)
        (folder / ".venv-lab" / "bin" / "python").unlink()
        (folder / ".venv-lab" / "bin" / "python").symlink_to(programs / "python")
        around = {"PATH": f"{programs}:{os.environ['PATH']}", "JUPYTER_CONFIG_PATH": "/mine"}
        said = sh("make", "lab", "PYTHON=true", "ARGS=--port 1234 --no-browser", cwd=folder, **around).stdout
        root = " --allow-root" if option else ""
        assert said.splitlines()[-1] == (
            f"{folder}/tools/lab:/mine|-m jupyterlab --notebook-dir=notebooks{root} --port 1234 --no-browser"
        )


def test_make_builds_an_environment_anew_that_is_half_made_moved_or_without_its_python(tmp_path):
    def builds(folder: Path) -> bool:
        return "-m venv" in sh("make", "-n", "reproduce", cwd=folder).stdout

    here = makefile_in(tmp_path / "a place")
    assert builds(here)
    environment_in(here, ".venv", here)
    assert not builds(here)
    moved = here.rename(tmp_path / "another place")
    assert builds(moved)
    (moved / ".venv" / ".installed").write_text(f"{moved}\n")
    (moved / ".venv" / "bin" / "python").unlink()
    (moved / ".venv" / "bin" / "python").symlink_to("/nonexistent/python")
    assert builds(moved)


def test_an_installation_that_fails_is_not_taken_for_one_that_is_done(tmp_path):
    folder = makefile_in(tmp_path / "a place")
    fake = tmp_path / "python"
    # it makes an environment whose pip fails
    fake.write_text('#!/bin/sh\ncase "$*" in *venv*) mkdir -p .venv/bin; printf "#!/bin/sh\\nexit 1\\n" > .venv/bin/python;'
                    " chmod +x .venv/bin/python;; esac\n")  # fmt: skip
    fake.chmod(0o755)
    result = sh("make", "reproduce", f"PYTHON={fake}", cwd=folder, check=False)
    assert result.returncode != 0
    assert "Installing about" in result.stdout
    assert not (folder / ".venv" / ".installed").exists()
