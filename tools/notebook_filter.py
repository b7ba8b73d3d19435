"""The git filter for notebooks: what is committed has no outputs and no notes that editors make for themselves.

`make filter` (and `make lab`) sets it up in the configuration of the clone; `.gitattributes` names it. Ids of cells stay, and lines that
nobody edited stay as they are. Any Python 3 will do, without packages: git must go on working when the environments are gone. What is
not a notebook is passed on as it is.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

NAME = "cityresearch-notebook"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# records of runs, states of views, and marks of one editor, by JupyterLab, VS Code, Colab, papermill and nbextensions
OF_NOTEBOOK = {
    "accelerator", "celltoolbar", "colab", "execution", "hide_input", "orig_nbformat", "papermill", "signature", "toc",
    "varInspector", "vscode", "widgets",
}  # fmt: skip
OF_CELL = {
    "ExecuteTime", "code_folding", "colab", "colab_type", "collapsed", "execution", "executionInfo", "heading_collapsed", "hidden",
    "id", "jp-MarkdownHeadingCollapsed", "outputId", "outputs_hidden", "papermill", "scrolled", "trusted", "vscode",
}  # fmt: skip
# what JupyterLab writes when somebody looks at the properties of a cell
NOTHING_SAID = {"deletable": True, "editable": True, "slideshow": {"slide_type": ""}, "tags": [], "jupyter": {}}


def stored(notebook: dict) -> dict:
    """Return a notebook as it is stored: the same cells, ids and tags, without outputs, counts and editors' notes.

    A kernel for Python is named `python3`, which every environment has, instead of one of this machine.

    Raises
    ------
    ValueError
        If the notebook is of format 3 or older, or not a notebook.
    """
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or "cells" not in notebook:
        raise ValueError("it is not a notebook of format 4")
    metadata = {k: v for k, v in notebook.get("metadata", {}).items() if k not in OF_NOTEBOOK}
    language = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
    if language:
        metadata["language_info"] = {"name": language}
    if language == KERNEL["language"]:
        metadata["kernelspec"] = KERNEL
    return {**notebook, "metadata": metadata, "cells": [_stored_cell(cell) for cell in notebook["cells"]]}


def _stored_cell(cell: dict) -> dict:
    metadata = {k: v for k, v in cell.get("metadata", {}).items() if k not in OF_CELL}
    if "jupyter" in metadata:
        metadata["jupyter"] = {k: v for k, v in metadata["jupyter"].items() if k not in OF_CELL}
    metadata = {k: v for k, v in metadata.items() if k not in NOTHING_SAID or v != NOTHING_SAID[k]}
    without = {"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}
    return {**cell, "metadata": metadata, **without}


def stored_text(text: str) -> str:
    """Return a notebook's file as it is stored, laid out as Jupyter writes it.

    Raises
    ------
    ValueError
        If it is not JSON, or not a notebook of format 4.
    """
    notebook = stored(json.loads(text))
    for cell in notebook["cells"]:
        if isinstance(cell.get("source"), str):
            cell["source"] = cell["source"].splitlines(keepends=True)
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def clean(content: bytes, name: str) -> bytes:
    """Return what git stores of a file; one that is not a notebook is kept, and the reason is said."""
    try:
        return stored_text(content.decode("utf-8-sig")).encode("utf-8")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if content.strip():
            sys.stderr.write(f"{name} is stored as it is, with any outputs, because it cannot be read: {error}.\n")
        return content


def command(prefix: str) -> str:
    """Return the filter as a line for the shell that git starts in the top folder of the work tree.

    Relative, so that it also holds in other work trees and after a move. Without the script (on an older branch) or without Python, the
    content goes through.
    """
    go = f"cd {shlex.quote(prefix)} 2>/dev/null; " if prefix else ""
    tries = "for p in .venv-lab/bin/python .venv/bin/python python3; do"
    return f'{go}f=tools/notebook_filter.py; {tries} test -f $f && command -v $p >/dev/null && exec "$p" -I $f %f; done; exec cat'


def set_up(project: Path) -> str:
    """Tell git of this clone to use the filter; return a sentence for the user where that cannot be done, else nothing.

    Only the configuration of the clone is written, no file that is tracked.
    """

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *arguments], cwd=project, capture_output=True, text=True, check=False)

    try:
        tracked = git("ls-files", "--error-unmatch", ".gitattributes")
        if tracked.returncode == 0:
            prefix = git("rev-parse", "--show-prefix").stdout.rstrip("\n")
            tracked = git("config", "--local", "--replace-all", f"filter.{NAME}.clean", command(prefix))
        if tracked.returncode == 0:
            return ""
        reason = (tracked.stderr.strip().splitlines() or ["no reason given"])[0]
    except OSError as error:
        reason = str(error)
    return f"Outputs of notebooks will not be removed on commit, because git cannot be set up here: {reason}"


def main() -> None:
    """Set up (`--set-up`), or filter standard input to standard output; the argument names the file in messages."""
    if sys.argv[1:] == ["--set-up"]:
        problem = set_up(Path(__file__).resolve().parents[1])
        if problem:
            sys.stderr.write(problem + "\n")
        return
    content = sys.stdin.buffer.read()
    sys.stdout.buffer.write(clean(content, " ".join(sys.argv[1:]) or "A notebook"))


if __name__ == "__main__":
    main()
