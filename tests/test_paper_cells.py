"""Cells tagged `paper`: they run for the document's own place and year, and for no other."""

import json

import pytest

from cityresearch.errors import NotebookError
from cityresearch.runs.paper_cells import paper_cells


def chapter(tmp_path, condition="state == 'CA' and year in (2023, 2024)"):
    path = tmp_path / "n.ipynb"
    cells = [
        ("code", "state = 'CA'\nyear = 2023", ["parameters"]),
        ("code", f"import cityresearch as cr\n\ncr.count_if({condition})", []),
        ("markdown", "## What the paper prints", ["paper"]),
        ("code", "1", ["paper"]),
        ("code", "2", []),
    ]
    content = {
        "cells": [
            {"cell_type": kind, "source": source, "metadata": {"tags": tags}, "id": f"c{n}"}
            | ({"outputs": [], "execution_count": None} if kind == "code" else {})
            for n, (kind, source, tags) in enumerate(cells)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("values", "without"),
    [
        ({"state": "CA", "year": 2023}, ()),
        ({"state": "CA", "year": 2024}, ()),
        ({"state": "CA", "year": 2019}, (2, 3)),
        ({"state": "TX", "year": 2023}, (2, 3)),
    ],
)
def test_cells_on_the_paper_are_left_out_elsewhere_and_with_their_headings(tmp_path, values, without):
    assert paper_cells(chapter(tmp_path)).left_out(values) == without


def test_a_notebook_that_does_not_say_when_it_counts_always_counts(tmp_path):
    path = chapter(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("cr.count_if", "print"), encoding="utf-8")
    assert paper_cells(path).left_out({"state": "TX", "year": 2023}) == ()


@pytest.mark.parametrize("condition", ["state == place", "open('x')", "state.startswith('C')", "", "state == 'CA', 1"])
def test_a_condition_that_cannot_be_known_before_the_run_is_refused_by_place(tmp_path, condition):
    with pytest.raises(NotebookError, match=r"cell 2, line 3: .*is not a comparison of parameters"):
        paper_cells(chapter(tmp_path, condition)).left_out({"state": "TX", "year": 2023})
