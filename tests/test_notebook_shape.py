"""Notebooks that read: short cells, short lines, figures on a line, and cells on the paper that name it."""

import json
import sys
from pathlib import Path

import pytest

from cityresearch.runs.notebooks import chapters

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from notebook_shape import shape_of

NOTEBOOKS = chapters()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_can_be_read_cell_by_cell(path):
    shape = shape_of(path.read_text(encoding="utf-8"))
    assert shape.code_cells <= 16
    assert shape.longest_cell <= 15
    assert shape.longest_line <= 120
    assert shape.longest_figure_cell <= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_claims_are_checked_in_cells_on_the_paper_and_counted_by_one_rule(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = [("paper" in cell["metadata"].get("tags", ()), "".join(cell["source"])) for cell in cells]
    assert [source for tagged, source in sources if "cr.check" in source and not tagged] == []
    assert [source for _, source in sources if "when=" in source] == []
    checks = any("cr.check" in source for _, source in sources)
    assert sum("cr.count_if(" in source for _, source in sources) == checks
