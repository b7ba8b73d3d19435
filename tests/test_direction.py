"""The direction of imports: numbers and data below, methods on them, chapters on these, and no chapter on another."""

from __future__ import annotations

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest

from cityresearch.runs.notebooks import chapters

PACKAGE = Path(__file__).parents[1] / "cityresearch"
# ground first; what stands in one entry may import from each other
FLOORS = (
    ("errors", "files", "paths", "outputs", "geography", "phrases", "suggestions", "recording", "arguments"),
    ("numbers", "texts", "execution"),
    ("datasets", "measures"),
    ("claims",),
    ("charts",),
    ("notebook", "verdict_display", "whole_tables"),
    ("chapters",),
    ("runs",),
    ("tables",),
    ("toolkit",),
    ("report", "project"),
    ("__main__", "completion", *sorted(path.stem for path in PACKAGE.glob("cli*.py"))),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def own_names(path: Path) -> set[str]:
    """Return what a module defines itself at its top."""
    found = set()
    for node in parsed(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return found


MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
# kinds of chart and chapters have their own tests
LISTING = [
    name
    for name, path in MODULES.items()
    if not name.startswith(("cityresearch.charts", "cityresearch.chapters"))
    and any(not own.startswith("_") for own in own_names(path))
]


@cache
def imports() -> list[tuple[str, str]]:
    """Return every import between two modules of the package, inside functions and for type checkers too."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        if module == "__init__":  # the face names parts of every floor
            continue
        for node in ast.walk(parsed(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [
                (module, name.removeprefix("cityresearch."))
                for name in names
                if name.startswith("cityresearch.") and name != "cityresearch.__version__"
            ]
    return found


def test_every_module_has_a_floor():
    parts = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    parts |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert parts == set(FLOOR)


def test_nothing_imports_what_stands_above_it():
    upward = [f"{a} -> {b}" for a, b in imports() if FLOOR[a.split(".")[0]] < FLOOR[b.split(".")[0]]]
    assert upward == []


def test_no_chapter_imports_another():
    across = [
        f"{a} -> {b}"
        for a, b in imports()
        if a.startswith("chapters.") and b.startswith("chapters.") and a.split(".")[1] != b.split(".")[1]
    ]
    assert across == []


def test_no_module_is_over_350_lines():
    lengths = {name: path.read_text(encoding="utf-8").count("\n") for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > 350} == {}, "split them by idea"


@pytest.mark.parametrize("name", LISTING)
def test_a_module_lists_the_names_that_are_meant_for_others(name):
    assert "__all__" in own_names(MODULES[name]), f"{name} has no __all__: list what other modules may use"
    module = importlib.import_module(name)
    assert [listed for listed in module.__all__ if not hasattr(module, listed)] == []
    assert not [listed for listed in module.__all__ if listed.startswith("_")]
    assert len(set(module.__all__)) == len(module.__all__) > 0


def test_what_is_taken_from_another_module_is_in_its_list():
    taken = {
        (node.module, alias.name)
        for name, path in MODULES.items()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module in LISTING and node.module != name
        for alias in node.names
        if f"{node.module}.{alias.name}" not in MODULES and alias.name != "__version__"
    }
    unlisted = [f"{m}.{name}" for m, name in sorted(taken) if name not in importlib.import_module(m).__all__]
    assert unlisted == []


@pytest.mark.parametrize("folder", sorted(p.parent.name for p in (PACKAGE / "chapters").glob("*/__init__.py")))
def test_a_folder_of_a_chapter_is_named_as_its_notebook_and_has_no_face(folder):
    named = {path.stem.partition("-")[2].replace("-", "_") for path in chapters()}
    assert folder in named
    # the planner goes by loaded modules: a face that imports its siblings would repeat a chapter for a change that it does not use
    assert (PACKAGE / "chapters" / folder / "__init__.py").read_text(encoding="utf-8") == ""
