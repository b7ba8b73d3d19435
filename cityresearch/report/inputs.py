"""What pages are made of, as hashes: a page is made again when one of these changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from cityresearch import paths
from cityresearch.claims.places import cell_of
from cityresearch.claims.records import committed
from cityresearch.datasets.catalog import datasets
from cityresearch.runs.parameters import read_notebook
from cityresearch.runs.used import file_digest, installed

__all__ = ["code_and_parameters", "hashed", "results_and_texts"]

PACKAGE = Path(__file__).resolve().parents[1]
# whose versions a page may show; pandas and numpy are in the values themselves
LIBRARIES = ("jinja2", "markupsafe", "mistune", "nbconvert", "numpy", "openpyxl", "pandas", "pygments")
TEXTS = ("README.md", "CHANGELOG.md", "CITATION.cff")


def hashed(parts: Iterable[str]) -> str:
    """Return a hash of texts in their order."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()[:24]


def code_and_parameters() -> str:
    """Return a hash of what every page and table depends on: this package, libraries, names of datasets, and parameters of notebooks."""
    code = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    versions = installed()
    return hashed([*_files(code), *(versions.get(name, "") for name in LIBRARIES), *datasets(), *_parameters()])


def results_and_texts() -> str:
    """Return a hash of data, results, words of figures, texts of the project, and of which cell judged which claim."""
    root = paths.root()
    files = [*sorted(paths.raw().glob("*")), *sorted(paths.processed().glob("*.csv"))]
    files += [
        *sorted(paths.figures().glob("*.json")),
        *sorted((root / "docs").glob("*.md")),
        *(root / name for name in TEXTS),
    ]
    cells = [cell_of(key, check.notebook) for key, check in committed().items() if check.notebook]
    return hashed([*_files(files), *cells])


def _files(files: Iterable[Path]) -> Iterator[str]:
    return (f"{file.name} {file_digest(file)}" for file in files)


def _parameters() -> Iterator[str]:
    """Yield the name and the parameter cells of each chapter: of a notebook, nothing else is in a table."""
    for notebook in sorted(paths.notebooks().glob("*.ipynb")):
        yield notebook.name
        for cell in read_notebook(notebook)["cells"]:
            if "parameters" in cell.get("metadata", {}).get("tags", []):
                yield "".join(cell["source"])
