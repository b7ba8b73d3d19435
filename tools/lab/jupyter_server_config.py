"""JupyterLab in this project: a notebook is saved as git stores it, and its outputs are kept in another file for the next time it is opened.

Saved with its outputs, a notebook that was only run would count as changed for git, and `git pull --rebase` would refuse to work. The
outputs lie in `build/lab`. `make lab` puts this folder on Jupyter's search path.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from cityresearch.files import write_whole

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tools"))

from notebook_filter import stored  # noqa: E402 (it lies with the tools)

KEPT = ("outputs", "execution_count")


class Contents(AsyncLargeFileManager):
    """Files as JupyterLab serves them; notebooks of the project are split into what is stored and their outputs."""

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Save a notebook without outputs, and the outputs in another file."""
        aside = self._aside(path) if model.get("type") == "notebook" and model.get("content") else None
        if aside is None:
            return await super().save(model, path)
        whole = model["content"]
        try:
            without = stored(whole)
        except ValueError:  # an older format, which Jupyter itself refuses or converts
            return await super().save(model, path)
        saved = await super().save({**model, "content": without}, path)
        try:
            write_whole(aside, json.dumps(outputs_of(whole), ensure_ascii=False).encode("utf-8"))
        except OSError as error:
            self.log.warning("The outputs of %s are not kept for the next time: %s", path, error)
        return saved

    async def get(self, path: str, content: bool = True, *arguments: Any, **named: Any) -> dict[str, Any]:
        """Return a file; a notebook gets the outputs of the cells that are as they were when they ran."""
        model = await super().get(path, content, *arguments, **named)
        aside = self._aside(path) if content and model["type"] == "notebook" else None
        if aside is not None and aside.is_file():
            try:
                give_back(model["content"], json.loads(aside.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError, KeyError) as error:
                self.log.warning("The outputs of %s cannot be shown again: %s", path, error)
        return model

    def _aside(self, path: str) -> Path | None:
        """Return the place for the outputs of a notebook of this project."""
        place, notebooks = Path(self._get_os_path(path.strip("/"))).resolve(), PROJECT / "notebooks"
        if not place.is_relative_to(notebooks):
            return None
        return PROJECT / "build" / "lab" / f"{place.relative_to(notebooks)}.json"


def outputs_of(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return by cell id what a cell put out, with the source that did so and whether the user trusts it."""
    return {
        cell["id"]: {
            "source": _joined(cell["source"]),
            "trusted": bool(cell["metadata"].get("trusted")),
            **{key: cell.get(key) for key in KEPT},
        }
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and "id" in cell and cell.get("outputs")
    }


def give_back(notebook: dict[str, Any], outputs: dict[str, dict[str, Any]]) -> None:
    """Put outputs back into the cells whose source is still the one that made them.

    Trust goes with the outputs: the signature that Jupyter checks is that of a notebook without any.
    """
    for cell in notebook["cells"]:
        known = outputs.get(cell.get("id", ""))
        if cell["cell_type"] == "code" and not cell["outputs"] and known and known["source"] == _joined(cell["source"]):
            cell.update({key: nbformat.from_dict(known[key]) for key in KEPT})
            cell["metadata"]["trusted"] = known["trusted"]


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


if "get_config" in globals():
    c = get_config()  # noqa: F821 (Jupyter puts it there)
    c.ServerApp.contents_manager_class = Contents
