"""Write docs/figures.md, how each figure looks in a column, on a page and on a slide, from docs/figure-grades.csv: `make docs`."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE, GRADES = ROOT / "docs" / "figures.md", ROOT / "docs" / "figure-grades.csv"
PRESETS = ("column", "page", "slide")
HEAD = """# The figures

Every figure was exported and looked at in a single column (89 mm), on a page (183 mm) and on a slide (13.33 x 7.5 in). A: an editor takes it as it is. B: it is right and can be read, with the flaw that is named. C: an
editor sends it back; no figure has a C. That no type is below 6 points (8 on a slide), and that no text leaves the figure, overlaps another or is struck through by a rule, is tested at all three sizes
(`tests/test_legible.py`); the grade is a person's. It is kept in `docs/figure-grades.csv`, from which `make docs` makes this page.
"""


def page() -> str:
    """Return the grades as Markdown: how many of each, and a row per figure with its title."""
    rows = list(csv.DictReader(GRADES.open(encoding="utf-8", newline="")))
    counts = "; ".join(
        f"{preset} " + ", ".join(f"{n} {grade}" for grade, n in sorted(Counter(row[preset] for row in rows).items()))
        for preset in PRESETS
    )
    lines = [HEAD, f"{len(rows)} figures. Grades in a {counts}.\n"]
    lines += ["| figure | title | column | page | slide | mended | what is left |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        words = json.loads((ROOT / "figures" / f"{row['name']}.json").read_text(encoding="utf-8"))
        cells = [f"[{row['name']}](../figures/{row['name']}.svg)", words["title"], *(row[preset] for preset in PRESETS)]
        lines.append("| " + " | ".join([*cells, row["mended"], row["left"]]).replace("|  |", "| |") + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
