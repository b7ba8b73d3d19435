"""Results: what executed notebooks recorded, as files.

A run leaves, under one folder, `notebooks/` (executed), `data/processed/` (verdicts and readings) and `figures/` (SVG, plotted data, alt text
and caption). Every file is written under a temporary name and moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.claims import records
from cityresearch.claims.records import Check
from cityresearch.errors import NotebookError
from cityresearch.figures import export
from cityresearch.files import write_whole
from cityresearch.runs.parameters import read_notebook


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """A figure as its cell recorded it."""

    name: str
    title: str
    alt: str
    caption: str
    sources: tuple[str, ...]
    csv: str
    svg: str
    notebook: str
    cell: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything that executed notebooks recorded."""

    checks: tuple[Check, ...]
    figures: tuple[FigureRecord, ...]


def recorded(executed: Iterable[Path]) -> Recorded:
    """Collect the records in the outputs of executed notebooks.

    Raises
    ------
    NotebookError
        If two cells show a figure of the same name.
    """
    checks: list[Check] = []
    figures: dict[str, FigureRecord] = {}
    for path in executed:
        for cell in read_notebook(path)["cells"]:
            for output in cell.get("outputs", ()):
                data: dict[str, Any] = output.get("data", {})
                checks += [records.from_mime(r, path.stem, cell.get("id", "")) for r in data.get(records.MIME, ())]
                if export.MIME in data:
                    figure = data[export.MIME]
                    if figure["name"] in figures:
                        raise NotebookError(
                            f"Figure {figure['name']} is shown twice, in {figures[figure['name']].notebook} and in {path.stem}: rename one."
                        )
                    fields = {**figure, "sources": tuple(figure["sources"]), "svg": "".join(data[export.PICTURE])}
                    figures[figure["name"]] = FigureRecord(**fields, notebook=path.stem, cell=cell.get("id", ""))
    return Recorded(tuple(checks), tuple(figures.values()))


def files(found: Recorded) -> dict[str, bytes]:
    """Return the result files by their path under the output folder."""
    out = {f"data/processed/{name}": content for name, content in records.tables(found.checks).items()}
    for figure in found.figures:
        out[f"figures/{figure.name}.svg"] = figure.svg.encode("utf-8")
        out[f"figures/{figure.name}.csv"] = figure.csv.encode("utf-8")
        words = {
            "title": figure.title,
            "alt": figure.alt,
            "caption": figure.caption,
            "sources": list(figure.sources),
            "notebook": figure.notebook,
            "cell": figure.cell,
        }
        out[f"figures/{figure.name}.json"] = (json.dumps(words, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    return out


def write(out: dict[str, bytes], folder: Path) -> None:
    """Write files under a folder, each whole or not at all; files that are already equal are left alone."""
    for name, content in out.items():
        target = folder / name
        if target.is_file() and target.read_bytes() == content:
            continue
        write_whole(target, content)


def committed_figures(folder: Path, notebooks: Iterable[str]) -> dict[str, bytes]:
    """Return the committed data of the figures that some notebooks made, by path."""
    wanted = set(notebooks)
    names = [p for p in sorted((folder / "figures").glob("*.json")) if _maker(p) in wanted]
    return {f"figures/{p.stem}.csv": p.with_suffix(".csv").read_bytes() for p in names}


def _maker(words: Path) -> str:
    return json.loads(words.read_text(encoding="utf-8"))["notebook"]


def remove_stale_figures(kept: Iterable[str], folder: Path, notebooks: Iterable[str]) -> list[str]:
    """Delete figures that a notebook of this run made before and no longer makes; return their names."""
    kept, ran, gone = set(kept), set(notebooks), []
    for words in sorted((folder / "figures").glob("*.json")):
        if words.stem not in kept and _maker(words) in ran:
            gone.append(words.stem)
            for ending in (".svg", ".csv", ".json"):
                words.with_suffix(ending).unlink(missing_ok=True)
    return gone
