"""The project as a whole: it stands alone, and its files agree with each other."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def pyproject() -> dict:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def environment_yml() -> tuple[list[str], list[str]]:
    """What conda installs itself, and the lines that it writes into a file of requirements for pip."""
    listed = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    return [d for d in listed if isinstance(d, str)], next(d["pip"] for d in listed if isinstance(d, dict))


def test_environment_yml_lists_the_packages_of_pyproject():
    listed, _ = environment_yml()
    wanted = {
        re.sub(r"\[.*?\]", "", d) for d in pyproject()["dependencies"] + pyproject()["optional-dependencies"]["lab"]
    }
    assert set(listed) == wanted | {"python" + pyproject()["requires-python"], "pip"}


def test_pip_accepts_what_conda_hands_it_from_environment_yml(tmp_path):
    parser = pytest.importorskip("pip._internal.req.req_file")
    from pip._internal.network.session import PipSession

    _, lines = environment_yml()
    written = tmp_path / "condaenv.requirements.txt"
    written.write_text("\n".join(lines))
    asked = list(parser.parse_requirements(str(written), session=PipSession()))
    # the checkout itself, and nothing that conda did not install
    assert [(line.requirement, line.is_editable) for line in asked] == [(".", True)]


def test_every_package_that_the_code_imports_is_declared_and_the_other_way_round():
    named = {
        "IPython": "ipython",
        "bs4": "beautifulsoup4",
        "docx": "python-docx",
        "great_tables": "great-tables",
        "jupyter_client": "jupyter-client",
        "PIL": "pillow",
        "yaml": "pyyaml",
    }  # module to package
    imported = set()
    for path in (PROJECT / "cityresearch").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            imported |= {name.partition(".")[0] for name in names if name}
    imported -= {"cityresearch", *sys.stdlib_module_names}
    declared = {re.match(r"[a-z0-9-]+", d)[0] for d in pyproject()["dependencies"]}
    optional = pyproject()["optional-dependencies"]
    extras = {re.match(r"[a-z0-9-]+", d)[0] for name in ("archive", "cluster", "documents") for d in optional[name]}
    assert {named.get(name, name) for name in imported} - extras == declared


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-lab.lock"])
def test_lock_files_pin_hashes_and_name_no_registry(name):
    text = (PROJECT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==\S+", text, flags=re.MULTILINE)
    assert len(pins) > 100
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_the_runner_environment_is_without_jupyterlab():
    assert not re.search(
        r"^jupyterlab==", (PROJECT / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_stored_without_outputs_and_name_the_kernel(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_no_file_names_another_place_on_the_machine():
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    banned = re.compile(r"\.\./" + "shared|/(work|farm|root)/|extra-index" + "-url")
    for name in filter(None, tracked):
        path = PROJECT / name
        if path.is_file():
            assert not banned.search(path.read_text(encoding="utf-8", errors="ignore")), name


def test_importing_the_package_and_the_command_line_loads_no_heavy_library():
    code = "import sys, cityresearch.cli; print([m for m in ('pandas', 'matplotlib', 'papermill', 'IPython') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_doctests_hold():
    import doctest
    import importlib
    import pkgutil

    import cityresearch

    for module in pkgutil.walk_packages(cityresearch.__path__, "cityresearch."):
        found = importlib.import_module(module.name)
        # looking through a module without any takes as long as running some
        if ">>>" in found.__loader__.get_source(module.name):
            assert doctest.testmod(found).failed == 0, module.name


def test_every_name_of_the_notebooks_face_is_what_it_says_after_all_modules_are_loaded():
    import importlib
    import pkgutil

    import cityresearch as cr
    from cityresearch import charts

    for module in pkgutil.walk_packages(cr.__path__, "cityresearch."):
        importlib.import_module(module.name)
    # a module named like its function would take the function's place once it is loaded
    assert all(callable(getattr(charts, name)) for name in charts.__all__)
    assert all(getattr(cr, name) is not None for name in cr.__all__)
    # Tab after `cr.` offers what a notebook uses, and no more
    assert set(dir(cr)) == set(cr.__all__)
    assert len(cr.__all__) <= 18


@pytest.mark.parametrize(
    ("tool", "name"),
    [
        ("catalog_page", "data.md"),
        ("api", "api.md"),
        ("differences_page", "differences.md"),
        ("verdict_changes_page", "verdict-changes.md"),
        ("refresh_page", "refresh.md"),
        ("figures_page", "figures.md"),
    ],
)
def test_a_page_that_make_docs_writes_is_current(tool, name, monkeypatch):
    monkeypatch.syspath_prepend(str(PROJECT / "tools"))
    written = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    assert written == importlib.import_module(tool).page(), f"docs/{name} is not what the sources say: run make docs"
