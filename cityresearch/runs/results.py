"""Results: what executed notebooks recorded, as files.

A run leaves, under one folder, `notebooks/` (executed), `data/processed/` (verdicts, readings, and the text of each chapter) and `figures/`
(SVG, plotted data, alt text and caption). Every file is written under a temporary name and moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityresearch.charts import export
from cityresearch.claims import records
from cityresearch.claims.records import Check
from cityresearch.datasets.load import reading_key
from cityresearch.errors import NotebookError
from cityresearch.files import State, state, write_whole
from cityresearch.notebook import RESULT_MIME
from cityresearch.runs.chapter_texts import chapter_text, file_of
from cityresearch.runs.parameters import read_notebook

__all__ = [
    "ENDINGS", "FigureRecord", "Recorded", "committed_figures", "figure_files", "files", "joined", "names", "recorded", "tables",
    "write",
]  # fmt: skip

ENDINGS = (".svg", ".csv", ".json")
_tables: list[tuple[tuple[object, ...], dict[str, bytes]]] = []  # what the last ones were made of, and they


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """A figure as its cell recorded it."""

    name: str
    title: str
    subtitle: str
    alt: str
    description: str
    caption: str
    note: str
    sources: tuple[str, ...]
    csv: str
    svg: str
    notebook: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything that executed notebooks recorded."""

    checks: tuple[Check, ...]
    figures: tuple[FigureRecord, ...]
    texts: Mapping[str, str]  # by the notebook's name


def recorded(executed: Iterable[Path]) -> Recorded:
    """Collect the records in the outputs of executed notebooks.

    Raises
    ------
    NotebookError
        If two cells show a figure of the same name.
    """
    checks: list[Check] = []
    figures: dict[str, FigureRecord] = {}
    texts: dict[str, str] = {}
    for path in executed:
        notebook, (text, outputs) = path.stem, _left_in(path, state(path))
        if text:
            texts[notebook] = text
        for data in outputs:
            checks += [records.from_mime(record, notebook) for record in data.get(records.MIME, ())]
            if export.MIME in data:
                figure = _figure(data, notebook)
                if figure.name in figures:
                    raise NotebookError(
                        f"Figure {figure.name} is shown twice, in {figures[figure.name].notebook} and in {notebook}: rename one."
                    )
                figures[figure.name] = figure
    return Recorded(tuple(checks), tuple(figures.values()), texts)


@lru_cache(maxsize=32)  # a watch asks at every save, and one notebook of them has changed
def _left_in(executed: Path, _state: State) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Return the text of an executed notebook and the data of its outputs."""
    cells = read_notebook(executed)["cells"]
    return chapter_text(cells), tuple(_outputs(cells))


def _figure(data: Mapping[str, Any], notebook: str) -> FigureRecord:
    figure = data[export.MIME]
    fields = {**figure, "sources": tuple(figure["sources"]), "svg": export.picture_of(data)}
    return FigureRecord(**fields, notebook=notebook)


def joined(first: Recorded, second: Recorded) -> Recorded:
    """Return what two groups of notebooks recorded."""
    return Recorded((*first.checks, *second.checks), (*first.figures, *second.figures), {**first.texts, **second.texts})


def names(executed: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the kind (claim, figure or result) and the name of each record in the outputs of executed notebooks."""
    found: list[tuple[str, str]] = []
    for data in (d for path in executed for d in _outputs(read_notebook(path)["cells"])):
        found += [("claim", record["claim_id"]) for record in data.get(records.MIME, ())]
        found += [("figure", data[export.MIME]["name"])] if export.MIME in data else []
        found += [("result", data[RESULT_MIME]["name"])] if RESULT_MIME in data else []
    return found


def _outputs(cells: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the data of each output of an executed notebook."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            yield output.get("data", {})


def tables(checks: tuple[Check, ...]) -> dict[str, bytes]:
    """Return verdicts.csv and readings.csv by their path under the output folder.

    A run asks twice, before and after its summary, and mostly of the same checks, so the last answer is kept.

    Raises
    ------
    ClaimError
        If two cells check the same claim.
    """
    made_of = (checks, reading_key("claims"), reading_key("wordings"))
    if not _tables or _tables[0][0] != made_of:
        made = records.tables(checks)
        _tables[:] = [(made_of, {f"data/processed/{name}": content for name, content in made.items()})]
    return dict(_tables[0][1])


def files(found: Recorded) -> dict[str, bytes]:
    """Return the result files by their path under the output folder."""
    out = tables(found.checks) | {file_of(name): text.encode("utf-8") for name, text in found.texts.items()}
    for figure in found.figures:
        out[f"figures/{figure.name}.svg"] = figure.svg.encode("utf-8")
        out[f"figures/{figure.name}.csv"] = figure.csv.encode("utf-8")
        words = {
            "title": figure.title,
            "subtitle": figure.subtitle,
            "alt": figure.alt,
            "description": figure.description,
            "caption": figure.caption,
            "note": figure.note,
            "sources": list(figure.sources),
            "notebook": figure.notebook,
        }
        out[f"figures/{figure.name}.json"] = (json.dumps(words, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    return out


def write(out: dict[str, bytes], folder: Path) -> None:
    """Write files under a folder, each whole; files that are already equal are left alone."""
    for name, content in out.items():
        target = folder / name
        if target.is_file() and target.read_bytes() == content:
            continue
        write_whole(target, content)


def figure_files(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the committed files of figures, by path."""
    files = [f"figures/{name}{ending}" for name in names for ending in ENDINGS]
    return {name: (folder / name).read_bytes() for name in files if (folder / name).is_file()}


def committed_figures(folder: Path) -> dict[str, str]:
    """Return the notebook that made each committed figure, by the figure's name.

    Raises
    ------
    NotebookError
        If a figure's words cannot be read.
    """
    return {path.stem: _maker(path) for path in sorted((folder / "figures").glob("*.json"))}


def _maker(words: Path) -> str:
    try:
        return str(json.loads(words.read_bytes())["notebook"])
    except (OSError, ValueError, KeyError, TypeError):
        raise NotebookError(
            f"{words} is not the record of a figure: restore it with git checkout, or delete it and run every notebook again."
        ) from None
