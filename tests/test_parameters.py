"""Parameters: unknown names, wrong types and values out of range are one sentence each, before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch

from cityresearch import paths
from cityresearch.cli_pairs import pairs
from cityresearch.errors import NotebookError, ParameterError
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import allowed_values, checked, parameters_of

METRO = PROJECT / "notebooks" / "01-metro-exports.ipynb"


def cell(source: str, tags=("parameters",), kind: str = "code") -> dict:
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": source, **more}


def notebook_of(tmp_path: Path, *cells: dict, **more) -> Path:
    content = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    path = tmp_path / "made.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def notebook_with(tmp_path: Path, source: str, tags=("parameters",)) -> Path:
    return notebook_of(tmp_path, cell("# Title", (), "markdown"), cell(source, tags))


def refusal(path: Path, given=(), error=NotebookError) -> str:
    with pytest.raises(error) as raised:
        checked(path, dict(given))
    assert "\n" not in str(raised.value)
    return str(raised.value)


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


def test_a_parameter_with_two_values_is_refused_and_none_is_lost_in_silence():
    done = cityresearch("run", "06", "-p", "city", "Fresno", "-p", "city=Oakland")
    assert done.returncode == 2
    assert done.stderr == (
        "Error: -p gives city twice, 'Fresno' and 'Oakland': give it once; for several runs use cityresearch sweep --over.\n"
    )
    assert pairs("--name", ["12420=Austin", "31080", "12420=Austin"]) == {"12420": "Austin", "31080": ""}
    with pytest.raises(ParameterError, match=r"--name gives 12420 twice, 'Austin' and 'Houston': give it once\.$"):
        pairs("--name", ["12420=Austin", "12420=Houston"])


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


ONLY = "only plain assignments of literals are allowed there"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("%matplotlib inline\nx = 1", f"line 1: {ONLY}: '%matplotlib inline' is a magic of IPython"),
        ("x = 1\n!ls", "line 2: only plain"),
        ("x = 1\nx?", f"line 2: {ONLY}: 'x?' is a magic"),
        ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs", "line 1: merge marker '<<<<<<<'"),
        ("x = 1\n=======\nx = 2", "line 2: merge marker '======='"),
        ("x = 1\ny = ['a',", "line 2: it is not Python ('[' was never closed)"),
        ("x = 1\n  y = 2", "line 2: it is not Python (unexpected indent)"),
        ("x = 1\0", "line 1: it is not Python"),
        ("x = None  # at least 1", "line 1: x is None, and its comment says 'at least 1': give a number"),
        ("x = 'a'  # text; at most 3", "x is 'a', and its comment says 'at most 3'"),
        ("x = True  # at least 0", "x is True, and its comment says 'at least 0'"),
        ("x = 1  # at least one", "says 'at least one': write a number"),
        ("x = 1  # at least 1 or so", "says 'at least 1 or so': write a number"),
        ("x = 1\ny = x + 1", f"line 2: {ONLY}: 'y = x + 1' computes its value"),
        ("x = open('f')", "computes its value"),
        ("x, y = 1, 2", f"line 1: {ONLY}: 'x, y = (1, 2)' is none"),
        ("d = {}\nd['x'] = 1", "line 2: only plain"),
        ("x = y = 1", "of one name each"),
        ("x = 1\nx += 1", "line 2: only plain"),
        ("x: int", "line 1: only plain"),
        ("import os", "'import os' is none"),
        ("x = 1\ny = 2\nx = 3", "line 3: x is assigned a second time"),
        ("list = [1]", "would hide what Python or a notebook calls list: rename it"),
        ("cr = 1", "would hide"),
        ("x = (1, 2)", "cannot be passed to a notebook: use text"),
        ("x = {1: 2}", "cannot be passed to a notebook"),
        ("x = b'a'", "cannot be passed to a notebook"),
        ("x = 1e999", "cannot be passed to a notebook"),
        ("x = '\\ud800'", "cannot be passed to a notebook"),
        ("x = True  # one of: True, maybe", "its comment allows 'maybe', which is of another kind"),
        ("x = 'a'  # one of: a,, b", "lists an empty value"),
        ("x = 'a'  # one of the largest", "says 'one of the largest': write one of DATASET.COLUMN"),
        ("x = 'a'  # one of metro_export.state", "line 1: No dataset is called 'metro_export': did you mean metro_exports?"),
        ("x = 'a'  # one of metro_exports.stat", "line 1: Dataset metro_exports has no column 'stat'"),
        ("x = 'a'  # one of metro_exports.cbsa_title where sort is metro", "Dataset metro_exports has no column 'sort'"),
    ],
)  # fmt: skip
def test_a_parameters_cell_that_cannot_be_understood_is_one_sentence_with_file_cell_and_line(tmp_path, source, said):
    text = refusal(notebook_with(tmp_path, source))
    assert text.startswith(f"{tmp_path / 'made.ipynb'}, cell 2, line ")
    assert said in text


@pytest.mark.parametrize(
    ("source", "given", "values"),
    [
        ("x: int = 3  # year", {"x": "4"}, {"x": 4}),
        ("x = None  # anything", {"x": "abc"}, {"x": "abc"}),
        ("x = None  # one of: None, 1, 2.5", {"x": "2.5"}, {"x": 2.5}),
        ("x = True  # one of: True, False", {"x": "False"}, {"x": False}),
        ("x = 1.0  # one of: 1, 2.5", {"x": "1"}, {"x": 1.0}),
        ("x = 'a, b'  # one of: 'a, b', 'c'", {"x": "c"}, {"x": "c"}),
        ("x = {'a': [1, None]}  # mapping", {"x": "{'b': 2}"}, {"x": {"b": 2}}),
        ("x = 'one of: q'  # text", {}, {"x": "one of: q"}),
        ("x = [\n    1,\n]  # list", {"x": "[2]"}, {"x": [2]}),
        ("", {}, {}),
    ],
)
def test_what_is_written_in_another_way_is_accepted(tmp_path, source, given, values):
    assert checked(notebook_with(tmp_path, source), given) == values


@pytest.mark.parametrize(
    ("source", "given", "said"),
    [
        ("x = 1  # percent, at least -9; at most 9", "-10", "found -10, expected at least -9"),
        ("x = True  # one of: True, False", "1", "found 1, expected True or False"),
        ("x = 0.5  # a share", "1e999", "expected a finite number"),
        ("x = 1  # a number", "((((", "found '((((', expected a whole number"),
        ("x = None  # one of: None, 1", "True", "found True, expected one of None, 1"),
        ("x = 'a'  # text", "\udce9", "expected text in UTF-8"),
    ],
)
def test_a_value_outside_of_what_a_comment_allows_is_one_sentence(tmp_path, source, given, said):
    assert said in refusal(notebook_with(tmp_path, source), {"x": given}, ParameterError)


def test_the_values_that_a_comment_lists_come_in_the_type_of_the_default(tmp_path):
    source = "a = True  # one of: True, False\nb = 1.0  # one of: 1, 2.5\nc = 'x'  # one of: 1, x\nd = 3  # year"
    found = [allowed_values(p) for p in parameters_of(notebook_with(tmp_path, source))]
    assert [[(type(v).__name__, v) for v in values] for values in found] == [
        [("bool", True), ("bool", False)],
        [("float", 1.0), ("float", 2.5)],
        [("str", "1"), ("str", "x")],
        [],
    ]


def test_which_cell_holds_the_parameters_is_said_where_it_is_not_one_code_cell(tmp_path):
    prose, code = cell("# a", ("parameters",), "markdown"), cell("x = 1")
    assert "2 cells tagged parameters (cells 1, 3)" in refusal(notebook_of(tmp_path, code, cell("y = 1", ()), code))
    assert "cell 1, is tagged parameters and is a markdown cell" in refusal(notebook_of(tmp_path, prose))
    left = cell("x = 2", ("injected-parameters",))
    assert "cell 2, is tagged injected-parameters" in refusal(notebook_of(tmp_path, code, left))


def test_an_older_format_is_refused_with_the_way_to_upgrade_and_4_without_cell_ids_is_read(tmp_path):
    old = tmp_path / "old.ipynb"
    for content in ({"worksheets": [{"cells": []}], "nbformat": 3}, {"cells": [], "nbformat": 2}):
        old.write_text(json.dumps(content), encoding="utf-8")
        assert "jupyter nbconvert --to notebook --inplace" in refusal(old)
    assert "newer than format 4" in refusal(notebook_of(tmp_path, cell("x = 1"), nbformat=5))
    for minor in (0, 4, 5):
        assert checked(notebook_of(tmp_path, cell("x = 1"), nbformat_minor=minor), {}) == {"x": 1}
    twice = [cell("x = 1") | {"id": "same"}, cell("y = 1", ()) | {"id": "same"}]
    assert checked(notebook_of(tmp_path, *twice), {}) == {"x": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n<<<<<<< HEAD\n "cells": []\n}', "line 2 of the file, holds the merge marker '<<<<<<<'"),
        ('{"cells": {}}', "its cells are not a list"),
        ('{"cells": [{"cell_type": "code"}]}', "cell 1, is not a cell"),
        ("[]", "it has no cells"),
        ("", "it is not JSON"),
    ],
)
def test_what_an_editor_or_git_leaves_in_a_file_is_named(tmp_path, text, said):
    path = tmp_path / "made.ipynb"
    path.write_text(text, encoding="utf-8")
    assert said in refusal(path)


@pytest.fixture
def named(tmp_path, monkeypatch) -> Path:
    """A project whose notebooks have names that people give."""
    folder = tmp_path / "notebooks"
    monkeypatch.setattr(paths, "notebooks", lambda: folder)
    names = [
        "01-metro",
        "02-State",
        "10-score",
        "11-city",
        "25-trade",
        "25-trade-Copy1",
        "26 my notes",
        "27.1-old",
        "03-a",
        "3-b",
    ]
    for name in (*names, ".ipynb_checkpoints/01-metro-checkpoint"):
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook_with(tmp_path, "x = 1").read_bytes())
    return folder


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("01", "01-metro"), ("1", "01-metro"), ("01-metro", "01-metro"), ("01-metro.ipynb", "01-metro"), ("01-m", "01-metro"),
        ("2", "02-State"), ("25-trade", "25-trade"), ("25-trade-C", "25-trade-Copy1"), ("26", "26 my notes"),
        ("26 my notes", "26 my notes"), ("27", "27.1-old"), ("27.1", "27.1-old"), ("10", "10-score"), ("03", "03-a"),
    ],
)  # fmt: skip
def test_a_name_a_number_or_a_beginning_that_one_notebook_has_stands_for_it(named, name, found):
    if name == "03":
        (named / "3-b.ipynb").unlink()
    assert [path.stem for path in chapters([name])] == [found]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("25", "'25' fits 25-trade and 25-trade-Copy1: give one name in full."),
        ("3", "'3' fits 03-a and 3-b"),
        ("25-t", "fits 25-trade and 25-trade-Copy1"),
        ("", "No notebook is called '': there are 01-metro"),
        ("02-stat", "did you mean 02-State?"),
        ("99", "No notebook is called '99'"),
        ("notebooks", "No notebook is called 'notebooks'"),
    ],
)
def test_a_name_that_stands_for_several_notebooks_or_none_is_refused(named, name, said):
    with pytest.raises(NotebookError) as error:
        chapters([name])
    assert said in str(error.value)


def test_checkpoints_and_two_notebooks_of_one_name_are_refused_and_one_named_twice_runs_once(named, tmp_path):
    with pytest.raises(NotebookError, match="is JupyterLab's checkpoint"):
        chapters([str(named / ".ipynb_checkpoints" / "01-metro-checkpoint.ipynb")])
    other = tmp_path / "01-METRO.ipynb"
    other.write_bytes((named / "01-metro.ipynb").read_bytes())
    with pytest.raises(NotebookError, match="have one name"):
        chapters(["01", str(other)])
    assert [path.stem for path in chapters(["01", "1", "01-metro", "10"])] == ["01-metro", "10-score"]


def test_a_column_may_be_cut_to_the_rows_where_another_has_a_value(tmp_path):
    whole = notebook_with(tmp_path, "x = 'Z-Unknown'  # one of metro_exports.cbsa_title")
    assert checked(whole, {})["x"] == "Z-Unknown"
    cut = notebook_with(tmp_path, "x = 'Fresno, CA'  # one of metro_exports.cbsa_title where kind is metro")
    assert checked(cut, {})["x"] == "Fresno, CA"
    with pytest.raises(ParameterError, match="No metropolitan area in our lists is called 'Z-Unknown'"):
        checked(cut, {"x": "Z-Unknown"})


def test_a_part_of_a_title_or_a_code_is_taken_for_the_area_that_it_means(tmp_path):
    area = notebook_with(tmp_path, "x = 'Fresno, CA'  # one of metro_exports.cbsa_title where kind is metro")
    assert [checked(area, {"x": asked})["x"] for asked in ("Houston", "honolulu", "42340")] == [
        "Houston-Pasadena-The Woodlands, TX", "Urban Honolulu, HI", "Savannah, GA",
    ]  # fmt: skip
    # a title of earlier years that is a value of the column stays
    assert checked(area, {"x": "Cumberland, MD-WV"})["x"] == "Cumberland, MD-WV"
    with pytest.raises(
        ParameterError, match=r"made\.ipynb, parameter x: .*did you mean Houston-Pasadena-The Woodlands, TX"
    ):
        checked(area, {"x": "Huston, TX"})


def test_a_refused_text_with_commas_is_told_what_the_column_has_and_the_nearest_one(tmp_path):
    area = notebook_with(tmp_path, "x = 'Fresno, CA'  # no divisions; one of metro_titles.title")
    with pytest.raises(ParameterError) as error:
        checked(area, {"x": "Huston, TX"})
    said = str(error.value)
    assert "Abilene, TX; Aguadilla, PR;" in said  # titles have commas of their own
    assert said.endswith("... (no divisions; did you mean Houston-Pasadena-The Woodlands, TX?).")
    with pytest.raises(ParameterError, match=r"\(no divisions\)\.$"):
        checked(area, {"x": "Eureka-Arcata, CA"})
