"""Executing notebooks through papermill, with parameters that were checked first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.errors import NotebookError
from cityresearch.runs.parameters import checked


@dataclass(frozen=True, slots=True)
class Failure:
    """A notebook that stopped: where, why, and the copy that shows it."""

    notebook: str
    sentence: str
    executed: Path


def chapters(names: Sequence[str] = ()) -> list[Path]:
    """Return the notebooks that names stand for, or all chapters in order.

    Parameters
    ----------
    names : sequence of str
        Paths, file names, or names without ending such as 01-metro-exports.

    Raises
    ------
    NotebookError
        If a name stands for no notebook.
    """
    folder = paths.notebooks()
    every = sorted(folder.glob("[0-9]*.ipynb"))
    if not names:
        return every
    found = []
    for name in names:
        candidates = [Path(name), folder / name, folder / f"{name}.ipynb"]
        match = next((c for c in candidates if c.is_file()), None)
        match = match or next((c for c in every if c.stem.split("-")[0] == name), None)
        if match is None:
            raise NotebookError(f"No notebook is called {name!r}: there are {', '.join(c.stem for c in every)}.")
        found.append(match)
    return found


def execute(
    notebooks: Sequence[Path],
    given: Mapping[str, Any],
    folder: Path,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[list[Path], list[Failure]]:
    """Run notebooks one after another; a failure of one does not stop the others.

    Parameters
    ----------
    notebooks : sequence of Path
    given : mapping
        Parameters, checked against every notebook before the first one starts.
    folder : Path
        Where executed notebooks are written.
    say : callable
        Gets one line per event.

    Returns
    -------
    list of Path, list of Failure
        Executed notebooks, and those that stopped.
    """
    values = {notebook: checked(notebook, given) for notebook in notebooks}
    import papermill

    folder.mkdir(parents=True, exist_ok=True)
    done, failed = [], []
    for notebook in notebooks:
        target, partial = folder / notebook.name, folder / f".{notebook.stem}.part.ipynb"
        say(f"{notebook.stem}: running")
        try:
            papermill.execute_notebook(
                str(notebook),
                str(partial),
                parameters=values[notebook],
                kernel_name="python3",
                progress_bar=False,
                cwd=str(notebook.parent),
                request_save_on_cell_execute=False,
            )
        except papermill.PapermillExecutionError as error:
            kept = folder / f"{notebook.stem}.failed.ipynb"
            partial.replace(kept)
            failed.append(
                Failure(
                    notebook.stem,
                    f"{notebook.name}, code cell {error.exec_count}: {error.ename}: {error.evalue}",
                    kept,
                )
            )
            continue
        partial.replace(target)
        done.append(target)
    return done, failed
