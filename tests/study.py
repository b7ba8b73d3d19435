"""A small study with real data: two chapters that check three claims and show a figure, already run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from conftest import PROJECT, cityresearch

from cityresearch.runs import compare

EXPORTS = """
import cityresearch as cr
from cityresearch.measures import exports as measured
exports = cr.load("metro_exports")
cr.check("C027", {"five largest, 2023": measured.total_of_largest(exports, state="CA", year=2023, n=5)})
"""
FIGURE = """
from cityresearch.chapters.metro_exports.figures import metro_exports

cr.show(metro_exports(measured.metros(exports, state="CA", year=2023), state="CA", top=5), "exports")
"""
STATE = """
import cityresearch as cr
from cityresearch.measures import exports as measured
state = cr.load("state_exports")
cr.check("C028", {"2024": measured.state_total(state, state="CA", year=2024, vintage="first_release")})
cr.note(f"The table has {len(state)} rows.")
"""

# the largest tables: no chapter of the study and no claim goes by them, and every verification would read them
LEFT_OUT = (
    "bls_employment",
    "california_exports_by_country",
    "california_imports_by_country",
    "foreign_owned_firms",
    "metro_counties",
    "metro_gdp",
    "metro_population",
    "port_containers",
    "state_exports_naics3",
    "trade_with_partners",
)


def cell(source: str, name: str, *tags: str) -> dict:
    return {"cell_type": "code", "id": name, "metadata": {"tags": list(tags)}, "source": source.strip(), "outputs": [], "execution_count": None}  # fmt: skip


def notebook(*sources: str, parameters: str = "size = 1  # at least 1", prose: str = "Words.") -> dict:
    cells = [
        {"cell_type": "markdown", "id": "words", "metadata": {}, "source": prose},
        cell(parameters, "parameters", "parameters"),
    ]
    cells += [cell(source, f"cell-{number}") for number, source in enumerate(sources)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write(project: Path, name: str, content: dict) -> Path:
    path = project / "notebooks" / f"{name}.ipynb"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


def command(project: Path, *arguments: object, **variables: str):
    """Call the command line inside a study, which is found by the working folder."""
    return cityresearch(*arguments, cwd=project, **{"CITYRESEARCH_ROOT": "", **variables})


def small_data(folder: Path) -> None:
    """Make the data of a study: all tables but the largest, and their description."""
    raw = PROJECT / "data" / "raw"
    package = json.loads((raw / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [resource for resource in package["resources"] if resource["name"] not in LEFT_OUT]
    for resource in package["resources"]:
        target = folder / "data" / "raw" / resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(raw / resource["path"], target)
    (folder / "data" / "raw" / "datapackage.json").write_text(json.dumps(package, indent=1), encoding="utf-8")


def make(folder: Path) -> Path:
    """Make the study and run it."""
    small_data(folder)
    shutil.copy(PROJECT / "requirements.lock", folder)
    (folder / "README.md").write_text("# A study\n", encoding="utf-8")
    (folder / "notebooks").mkdir()
    write(folder, "21-exports", notebook(EXPORTS, FIGURE))
    write(folder, "22-state", notebook(STATE))
    result = command(folder, "run")
    assert result.returncode == 0, result.stderr
    return folder


def verdicts(study: Path) -> Path:
    return study / "data" / "processed" / "verdicts.csv"


def published(study: Path) -> dict[str, bytes]:
    return {name: (study / name).read_bytes() for name in compare.published(study)}


def add_cell(study: Path, name: str, source: str, place: int = 99) -> None:
    path = study / "notebooks" / f"{name}.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"].insert(place, cell(source, f"added-{len(content['cells'])}"))
    path.write_text(json.dumps(content), encoding="utf-8")
