"""Exporting figures for publication: the notebooks draw them again in the asked size, and every file is put in place, or none."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch import paths
from cityresearch.errors import ParameterError
from cityresearch.outputs import check_folder
from cityresearch.runs.execute import Request, execute
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.publish import publish
from cityresearch.runs.results import committed_figures
from cityresearch.suggestions import hint

__all__ = ["export_figures", "faults_of", "parts_of", "titles"]

if TYPE_CHECKING:
    from cityresearch.charts.sizes import Size

UNTITLED = ("chart", "note", "source")


def titles() -> dict[str, str]:
    """Return the title of each committed figure by its name."""
    return {
        name: json.loads((paths.figures() / f"{name}.json").read_text(encoding="utf-8"))["title"]
        for name in committed_figures(paths.root())
    }


def parts_of(asked: str, no_titles: bool) -> tuple[str, ...]:
    """Return the parts that are drawn: those asked for, separated by commas, or all but the titles, or all.

    Raises
    ------
    ParameterError
        If a part is unknown, both wishes are given, or the chart is not among the parts.

    Examples
    --------
    >>> parts_of("chart,source", False), parts_of("", True)
    (('chart', 'source'), ('chart', 'note', 'source'))
    """
    from cityresearch.charts.style import PARTS

    if asked and no_titles:
        raise ParameterError("--no-titles says which parts are drawn: leave out --parts, or name the parts there.")
    if not asked:
        return UNTITLED if no_titles else PARTS
    wanted = asked.split(",")
    for part in wanted:
        if part not in PARTS:
            raise ParameterError(f"A figure has no part {part!r}{hint(part, PARTS, 'it has ' + ', '.join(PARTS))}")
    if "chart" not in wanted:
        raise ParameterError(f"A figure without its chart has nothing to draw: add it, as in --parts chart,{asked}.")
    return tuple(part for part in PARTS if part in wanted)


def export_figures(
    names: Sequence[str], formats: Sequence[str], size: Size, parts: tuple[str, ...], output: Path
) -> list[Path]:
    """Draw figures again in a size and in formats for publication, each in a folder with its data and all its words.

    A folder may have the figure in several sizes. The contact sheet (index.html, contact-sheet.pdf) shows all figures of the output.

    Parameters
    ----------
    names : sequence of str
        Figures; all if empty.
    formats : sequence of {"svg", "pdf", "png", "tiff", "eps"}
    size : Size
        From `charts.sizes.size_of`.
    parts : tuple of str
        From `parts_of`.
    output : Path
        Where the folders are; what it has already stays, except files of the same names.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ParameterError
        If a figure or format is unknown, the output lies among the project's own files, or a notebook fails; then nothing is written.
    """
    from cityresearch.charts.export import EXTRA_VARIABLE, FORMATS
    from cityresearch.charts.pack import wish
    from cityresearch.charts.sizes import environment
    from cityresearch.runs.contact_sheet import contact_sheet

    for file_format in formats:
        if file_format not in FORMATS:
            raise ParameterError(
                f"Unknown figure format {file_format!r}{hint(file_format, FORMATS, 'use ' + ', '.join(FORMATS))}"
            )
    check_folder(output)
    homes = committed_figures(paths.root())
    for name in names:
        if name not in homes:
            known = "cityresearch figures --list names them all" if homes else "run the notebooks first"
            raise ParameterError(f"No figure is called {name!r}{hint(name, homes, known)}")
    wanted = list(dict.fromkeys(names)) or list(homes)
    with tempfile.TemporaryDirectory(prefix="cityresearch-figures-") as scratch:
        drawn = Path(scratch) / "drawn"
        asked = {EXTRA_VARIABLE: wish(wanted, list(formats), size, parts, drawn), **environment(size, parts)}
        with _set(asked):
            notebooks = tuple(chapters(sorted({homes[name] for name in wanted})))
            failures = execute(Request(notebooks, {}, Path(scratch), jobs=os.cpu_count() or 1)).failures
        if failures:
            raise ParameterError(f"The figures could not be drawn: {failures[0].message}")
        lost = [name for name in wanted if not (drawn / name).is_dir()]
        if lost:
            raise ParameterError(f"{homes[lost[0]]} no longer makes the figure {lost[0]}: run the notebooks first.")
        contact_sheet(drawn, output)
        files = _Files(drawn)
        publish(files, (), output)
        return [output / name for name in files]


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Files(Mapping[str, bytes]):
    """The files below a folder, each read when it is asked for: all together may not fit into memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())

    def __getitem__(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def faults_of(output: Path, names: Iterable[str]) -> dict[str, list[str]]:
    """Return what cannot be read in each exported figure in its size, in sentences; figures without a fault are left out."""
    from cityresearch.charts.pack import WORDS

    found = {name: json.loads((output / name / WORDS).read_text(encoding="utf-8"))["faults"] for name in names}
    return {name: said for name, said in found.items() if said}
