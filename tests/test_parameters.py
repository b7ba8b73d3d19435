"""Parameters: unknown names, wrong types and values out of range are one sentence each, before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch

from cityresearch.errors import NotebookError, ParameterError
from cityresearch.runs.parameters import checked, parameters_of

METRO = PROJECT / "notebooks" / "01-metro-exports.ipynb"


def notebook_with(tmp_path: Path, source: str, tags=("parameters",)) -> Path:
    cell = {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    path = tmp_path / "made.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def test_values_from_the_command_line_take_the_type_of_the_default():
    assert checked(METRO, {"year": "2019", "state": "TX"}) == {"state": "TX", "year": 2019, "top": 5}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"yaer": "2022"}, "no parameter 'yaer': did you mean year"),
        ({"year": "abc"}, "parameter year: found 'abc', expected a whole number"),
        ({"year": "2022.5"}, "parameter year: found 2022.5, expected a whole number"),
        ({"state": "ZZ"}, "parameter state: found 'ZZ', expected one of"),
        ({"year": "1990"}, "parameter year: found 1990, expected a value from 2005 to 2023"),
        ({"top": "0"}, "parameter top: found 0, expected at least 1"),
        ({"top": "51"}, "parameter top: found 51, expected at most 50"),
        ({"top": "True"}, "parameter top: found True, expected a whole number"),
    ],
)
def test_bad_parameters_are_one_sentence(given, sentence):
    with pytest.raises(ParameterError) as error:
        checked(METRO, given)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_the_command_line_says_it_and_exits_with_2(tmp_path):
    result = cityresearch("run", "01-metro-exports", "-p", "yaer", "2022", "--output", tmp_path / "out")
    assert result.returncode == 2
    assert result.stderr.strip() == "Error: 01-metro-exports.ipynb has no parameter 'yaer': did you mean year?"
    assert not (tmp_path / "out").exists()


def test_a_notebook_needs_exactly_one_parameters_cell(tmp_path):
    with pytest.raises(NotebookError, match="0 cells tagged parameters"):
        parameters_of(notebook_with(tmp_path, "x = 1", tags=()))


def test_only_plain_assignments_may_stand_in_the_parameters_cell(tmp_path):
    with pytest.raises(NotebookError, match="line 2: only plain assignments"):
        parameters_of(notebook_with(tmp_path, "x = 1\ny = x + 1"))


def test_what_is_no_notebook_is_named(tmp_path):
    path = tmp_path / "page.ipynb"
    path.write_text("<html>", encoding="utf-8")
    with pytest.raises(NotebookError, match=r"page\.ipynb is not a Jupyter notebook"):
        parameters_of(path)
