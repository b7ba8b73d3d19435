"""Runs as a user starts them: results, verification, other states, failures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch
from study import command, published
from test_datasets import edit

from cityresearch.runs.compare import compare, same


def test_a_run_gives_the_committed_results(chapters_run):
    assert compare(PROJECT, published(chapters_run)) == []


@pytest.mark.long
def test_a_run_gives_the_same_bytes_again(chapters_run, tmp_path):
    again = tmp_path / "again"
    assert cityresearch("run", "--output", again).returncode == 0
    assert published(again) == published(chapters_run)


def test_the_headline_claim_comes_out_with_its_readings():
    result = cityresearch("claims", "C027", "--json")
    item = json.loads(result.stdout)
    assert (item["verdict"], item["basis"], item["decided_by"]) == ("agrees-if", "data", "five largest metros, 2023")
    readings = {r["name"]: r for r in item["readings"]}
    assert readings["five largest metros, 2023"]["value"] == 141_004_904_245
    failing = {"all metros, 2023": 180_258_319_297, "six largest metros, 2023": 148_591_520_035}
    failing["six metros that hold the nine cities, 2023"] = 140_471_024_371
    for name, value in failing.items():
        assert (readings[name]["value"], readings[name]["agrees"]) == (value, False)
    assert readings["all metros, 2024 (year as printed)"]["value"] is None


def test_the_first_release_agrees_and_the_revised_total_rounds_to_184():
    readings = {r["name"]: r for r in json.loads(cityresearch("claims", "C028", "--json").stdout)["readings"]}
    assert readings["2024, first release"]["rounds_to"] == 183 * 10**9
    assert readings["2024, as revised by March 2026"]["rounds_to"] == 184 * 10**9


@pytest.mark.long
def test_another_state_gives_its_figure_and_counts_no_claim_of_the_paper(tmp_path):
    result = cityresearch("run", "01-metro-exports", "-p", "state", "TX", "-p", "year", "2022", "--output", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "No claim was counted." in result.stdout
    words = json.loads((tmp_path / "figures" / "metro-exports-by-metro.json").read_text(encoding="utf-8"))
    count = len((tmp_path / "figures" / "metro-exports-by-metro.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert (
        words["title"] == f"Houston-Pasadena-The Woodlands leads all {count} of Texas's metros in goods exports, 2022"
    )
    assert "Houston" in words["alt"]
    assert len((tmp_path / "data" / "processed" / "verdicts.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_verify_names_a_changed_raw_file(project):
    edit(project, "metro_exports", "59561594613", "59561594614", record=False)
    result = cityresearch("verify", cwd=project)
    assert result.returncode != 0
    assert "metro_exports.csv is not the file that" in result.stderr


@pytest.mark.long
def test_verify_names_the_claims_that_moved_when_the_change_is_recorded(ran, tmp_path):
    edit(ran, "metro_exports", "59561594613", "58561594613")
    result = command(ran, "verify", "--json", tmp_path / "moved.json", "--junit", tmp_path / "junit.xml")
    assert result.returncode == 1
    differences = json.loads((tmp_path / "moved.json").read_text(encoding="utf-8"))
    moved = {d["row"].split(" / ")[0] for d in differences if d["file"].endswith("verdicts.csv")}
    assert {"C015", "C024", "C027", "C041"} <= moved
    assert "C028" not in moved
    assert "agrees-if -> open" in next(x for x in result.stdout.splitlines() if x.startswith("Moved: ") and "C027" in x)
    assert '<testcase classname="cityresearch" name="C024"><failure' in (tmp_path / "junit.xml").read_text(
        encoding="utf-8"
    )


@pytest.mark.long
def test_a_failing_notebook_is_named_with_its_cell_and_leaves_committed_results_alone(project):
    path = project / "notebooks" / "01-metro-exports.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    next(c for c in notebook["cells"] if c["id"] == "figure-1")["source"] = ["1 / 0"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = published(project)
    result = cityresearch("run", "01-metro-exports", "08-public-opinion", cwd=project)
    assert result.returncode == 1
    assert "failed in code cell 3, line 1: ZeroDivisionError: division by zero" in result.stderr
    assert published(project) == before


def test_an_unknown_notebook_is_named():
    result = cityresearch("run", "99-nothing")
    assert result.returncode == 2
    assert "No notebook is called '99-nothing': there are 00-findings" in result.stderr


@pytest.mark.parametrize(
    ("committed", "rebuilt", "equal"),
    [
        ("9007199254740993", "9007199254740992", False),  # whole numbers above 2**53 are compared exactly
        ("0.123456789012", "0.123456789013", True),
        ("0.1234567", "0.1234568", False),
        ("1e-3", "0.001", True),
        ("agrees", "agrees-if", False),
        ("", "0.0", False),
        ("2023", "2023.0", False),
    ],
)
def test_cells_are_compared_as_text_or_as_numbers_within_the_tolerance(committed, rebuilt, equal):
    assert same(committed, rebuilt) is equal


def test_notebooks_of_middle_length_run_while_more_is_loaded_and_then_the_longest_first():
    from cityresearch.execution.job import Job
    from cityresearch.runs.forked import _ordered

    # figures drawn, then length
    weight = {
        Path(name): size for name, size in {"a": (3, 9), "b": (1, 2), "c": (7, 1), "d": (3, 1), "e": (0, 5)}.items()
    }
    jobs = [Job(path, Path("out") / path) for path in weight]
    assert "".join(job.notebook.name for job in _ordered(jobs, 2, weight)) == "adcbe"
    # all at once, so in the order in which they were asked for
    assert _ordered(jobs, 5, weight) == jobs


def test_notebooks_are_ordered_by_their_last_seconds_where_all_are_known_and_by_their_code_else():
    from cityresearch.runs.forked import _weights

    code = {Path("a.ipynb"): "cr.show(x)", Path("b.ipynb"): "1"}
    assert _weights(code, {"a": 1.0, "b": 4.0}) == {Path("a.ipynb"): (1.0, 0), Path("b.ipynb"): (4.0, 0)}
    assert _weights(code, {"b": 4.0}) == {Path("a.ipynb"): (1, 10), Path("b.ipynb"): (0, 1)}


def test_tables_of_results_follow_the_checks():
    from dataclasses import replace

    from cityresearch.claims import records
    from cityresearch.runs import results

    checks = tuple(records.committed().values())
    first = results.tables(checks)
    assert results.tables(tuple(checks)) == first
    changed = (replace(checks[0], reason="of another reason"), *checks[1:])
    assert b"of another reason" in results.tables(changed)["data/processed/verdicts.csv"]
    assert results.tables(checks) == first
