"""How notebooks read: code cells, lines per cell, longest line, and what share of the lines is drawing.

`python tools/notebook_shape.py` prints a table of the notebooks as they are; `--against REVISION` puts those of a git revision next to it.
A line counts as drawing where its cell shows a figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
HEADER = ("chapter", "code cells", "lines", "median / longest cell", "longest line", "drawing lines")


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of one notebook; lines are lines of code that are not blank, the longest line is that of prose or code."""

    code_cells: int
    lines: int
    median: float
    longest_cell: int
    longest_line: int
    drawing_lines: int
    longest_figure_cell: int

    def columns(self) -> tuple[str, ...]:
        """Return the measures as the cells of a table row."""
        share = 100 * self.drawing_lines / self.lines if self.lines else 0
        return (
            str(self.code_cells),
            str(self.lines),
            f"{self.median:g} / {self.longest_cell}",
            str(self.longest_line),
            f"{self.drawing_lines} ({share:.0f}%)",
        )


def shape_of(notebook: str) -> Shape:
    """Return the measures of a notebook's JSON."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]
    code = [[line for line in source.splitlines() if line.strip()] for kind, source in cells if kind == "code"]
    figures = [lines for lines in code if any("cr.show(" in line for line in lines)]
    return Shape(
        code_cells=len(code),
        lines=sum(map(len, code)),
        median=median(map(len, code)),
        longest_cell=max(map(len, code)),
        longest_line=max(len(line) for _, source in cells for line in source.splitlines()),
        drawing_lines=sum(map(len, figures)),
        longest_figure_cell=max(map(len, figures), default=0),
    )


def shapes(revision: str | None = None) -> dict[str, Shape]:
    """Return the measures of every notebook in the folder, or at a revision of git."""
    if revision is None:
        return {
            path.stem: shape_of(path.read_text(encoding="utf-8"))
            for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        }
    names = _git("ls-tree", "--name-only", revision, "notebooks/").split()
    return {
        Path(name).stem: shape_of(_git("show", f"{revision}:{name}"))
        for name in sorted(names)
        if name.endswith(".ipynb")
    }


def table(now: dict[str, Shape], before: dict[str, Shape] | None = None) -> str:
    """Return the measures as a table in Markdown, those of before first."""
    rows = [HEADER, ("---",) * len(HEADER)]
    for name in sorted({*now, *(before or {})}):
        old, new = (before or {}).get(name), now.get(name)
        pairs = [(old.columns() if old else None), (new.columns() if new else None)]
        known = [columns for columns in pairs if columns]
        rows.append((name, *(" → ".join(cells) for cells in zip(*known, strict=True))))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--against", metavar="REVISION", help="a git revision to compare with")
    given = options.parse_args()
    sys.stdout.write(table(shapes(), shapes(given.against) if given.against else None) + "\n")
