"""The matrix: which combinations it tries, what it counts as a failure, and a few of them for real."""

from __future__ import annotations

import os
import sys

import pytest
import warm
from conftest import PROJECT, cityresearch, mostly_long
from hypothesis import given, settings
from hypothesis import strategies as st

from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import checked, parameters_of
from cityresearch.runs.sweep import Row

sys.path.insert(0, str(PROJECT / "tools"))
import matrix

REFUSED = "n failed in code cell 3, line 1: ParameterError: the first year is after the last."
AXES = st.dictionaries(
    st.text("abcd", min_size=1, max_size=2), st.integers(1, 30).map(lambda n: list(range(n))), max_size=4
)


@settings(deadline=None, max_examples=30)
@given(AXES)
def test_the_combinations_hold_every_value_and_every_pair_of_two_short_lists(axes):
    found = matrix.cover(axes)
    for name, values in axes.items():
        assert {row[name] for row in found} == set(values)
    short = [name for name, values in axes.items() if len(values) <= matrix.SHORT]
    for a in short:
        for b in short:
            if a != b:
                assert len({(row[a], row[b]) for row in found}) == len(axes[a]) * len(axes[b])


def test_the_same_combinations_are_tried_every_time_and_not_many_more_than_the_longest_list():
    axes = {"title": list(range(400)), "year": list(range(19)), "flag": [True, False]}
    assert matrix.cover(axes) == matrix.cover(axes)
    assert len(matrix.cover(axes)) == 400


@pytest.mark.parametrize("notebook", chapters(), ids=lambda path: path.stem)
def test_every_value_that_the_matrix_tries_is_allowed(notebook):
    parameters = parameters_of(notebook)
    axes = {p.name: matrix.values_of(p) for p in parameters}
    assert all(axes.values())
    for name, values in axes.items():
        for value in (values[0], values[-1]):
            assert checked(notebook, {name: value})[name] == value


def test_a_refused_combination_is_no_failure_but_a_value_that_never_runs_is_named():
    rows = (
        Row({"since": 1, "until": 2}, {}, "", 1.0),
        Row({"since": 3, "until": 2}, {}, REFUSED, 1.0, failed=True),
        Row({"since": 1, "until": 4}, {}, "n failed in code cell 1: KeyError: 'level'", 1.0, failed=True),
    )
    one = matrix.Ran("n", rows, ("shock",))
    assert (len(one.refused), len(one.failures), one.never_ran) == (1, 1, ["since 3", "until 4"])
    text = matrix.table([one])
    assert "| n | 3 | 1 | 1 | 3 | shock |" in text
    assert "since 3, until 2: refused: n failed in code cell 3" in text
    assert "since 1, until 4: failed: n failed in code cell 1: KeyError: 'level'" in text
    assert "- n, until 4: ran in no combination" in text


def test_a_value_that_met_only_refusals_is_tried_once_more_with_the_stored_values_of_the_rest(monkeypatch, tmp_path):
    (notebook,) = chapters(["10"])

    def refuses_a_first_year_after_the_last(notebook, combos, folder, *_, **__):
        wrong = [values["since"] > values["until"] for values in combos]
        return [Row(v, {}, REFUSED * bad, 1.0, failed=bad) for v, bad in zip(combos, wrong, strict=True)]

    monkeypatch.setattr(matrix, "cover", lambda axes: [{"since": 2025, "until": 2024, "least": "planned"}])
    monkeypatch.setattr(matrix.sweep, "run", refuses_a_first_year_after_the_last)
    one = matrix.run_chapter(notebook, 1, 0, tmp_path)
    assert (len(one.refused), one.never_ran) == (1, [])
    assert {"since": 2025, "until": 2025}.items() <= one.rows[1].values.items()


@pytest.mark.long
@pytest.mark.parametrize(("city", "rule"), [("Fresno", "city-4"), ("Oakland", "city-11")])
def test_a_map_whose_panels_hold_no_stop_is_drawn(tmp_path, city, rule):
    result = cityresearch("run", "06", "-p", "city", city, "-p", "city_rule", rule, "--output", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "figures" / "figure-2-trade-missions.svg").is_file()


@pytest.mark.parametrize("chapter", mostly_long(["06", ""], "06"), ids=["one chapter", "each chapter"])
def test_a_pairwise_sample_of_the_values_of_each_chapter_runs_with_figures(chapter, tmp_path):
    code = "import sys, matrix; sys.exit(matrix.main())"
    result = warm.run(
        f"import sys; sys.path.append({str(PROJECT / 'tools')!r}); {code}",
        [*filter(None, [chapter]), "--sample", "1", "--output", str(tmp_path / "table.md")],
        PROJECT,
        os.environ,
        timeout=600,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "| 06-trade-missions | 1 |" in (tmp_path / "table.md").read_text(encoding="utf-8")
