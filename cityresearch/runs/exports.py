"""Exporting figures for publication: the notebooks draw them again in the asked width, format and resolution."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import ParameterError
from cityresearch.runs.execute import Request, execute
from cityresearch.runs.notebooks import chapters

__all__ = ["export_figures"]


def export_figures(names: Sequence[str], formats: Sequence[str], width: str, dpi: int, output: Path) -> list[Path]:
    """Draw figures again in a width and in formats for publication.

    Parameters
    ----------
    names : sequence of str
        Figures; all if empty.
    formats : sequence of {"svg", "pdf", "png", "tiff"}
    width : str
        With its unit: 3.5in, 89mm, 12cm.
    dpi : int
        For PNG and TIFF.
    output : Path

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ParameterError
        If a figure, format or width is unknown, or a notebook fails.
    """
    from cityresearch.charts.export import EXTRA_VARIABLE, FORMATS
    from cityresearch.charts.style import WIDTH_VARIABLE

    inches = _inches(width)
    for file_format in formats:
        if file_format not in FORMATS:
            raise ParameterError(f"Unknown figure format {file_format!r}: use {', '.join(FORMATS)}.")
    homes = {
        p.stem: json.loads(p.read_text(encoding="utf-8"))["notebook"] for p in sorted(paths.figures().glob("*.json"))
    }
    for name in names:
        if name not in homes:
            known = ", ".join(homes) or "none yet; run the notebooks first"
            raise ParameterError(f"No figure is called {name!r}: there are {known}.")
    wanted = list(names) or list(homes)
    output.mkdir(parents=True, exist_ok=True)
    wish = {"names": wanted, "formats": list(formats), "dpi": dpi, "folder": str(output.resolve())}
    os.environ[EXTRA_VARIABLE], os.environ[WIDTH_VARIABLE] = json.dumps(wish), str(inches)
    try:
        with tempfile.TemporaryDirectory(prefix="cityresearch-figures-") as scratch:
            notebooks = tuple(chapters(sorted({homes[n] for n in wanted})))
            failures = execute(Request(notebooks, {}, Path(scratch), jobs=os.cpu_count() or 1)).failures
    finally:
        del os.environ[EXTRA_VARIABLE], os.environ[WIDTH_VARIABLE]
    if failures:
        raise ParameterError(f"The figures could not be drawn: {failures[0].message}")
    return [output / f"{name}.{file_format}" for name in wanted for file_format in formats]


def _inches(width: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(in|mm|cm)", width)
    inches = float(match[1]) / {"in": 1, "mm": 25.4, "cm": 2.54}[match[2]] if match else 0
    if not 2.5 <= inches <= 20:
        raise ParameterError(f"A figure's width is 2.5in to 20in, such as 3.5in or 89mm, found {width!r}.")
    return inches
