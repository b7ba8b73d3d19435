"""What if: claim by claim what new data would move, before anything is committed, and nothing of the project changes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import publishers as p
import pytest
from conftest import cityresearch
from imported import raw_bytes
from study import add_cell, command, notebook, published, write

NEW = ("--source", "made-2024", "--publisher", "Made", "--title", "Made up", "--license", "cc0")


def crosstab(folder: Path, year: int, factor: float) -> Path:
    """Write a made-up edition of the metro file: every published value, and those of one year as 2023 times a factor."""
    with (folder / "data" / "raw" / "metro_exports.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    values: dict[str, dict[int, int]] = {}
    for row in rows:
        values.setdefault(row["cbsa_title"], {})[int(row["year"])] = int(row["value_usd"])
    for years in values.values():
        if 2023 in years:
            years[year] = round(years[2023] * factor)
    made = folder / "made.csv"
    made.write_text(p.as_csv(p.ita(values)), encoding="utf-8")
    return made


def all_files(project: Path) -> dict[str, bytes]:
    return raw_bytes(project) | published(project)


def test_a_revision_moves_a_verdict_and_says_why_before_it_is_accepted(study):
    before = all_files(study)
    made = crosstab(study, 2023, 1.02)
    source = ("--source", "ita-metro-2005-2023")
    staged = command(study, "data", "import", made, "--as", "metro_exports", *source, "--stage")
    assert staged.returncode == 0, staged.stderr
    result = command(study, "whatif", "--json", study / "out" / "w.json")
    assert result.returncode == 0, result.stderr
    assert "Staged: metro_exports: rows 0 added, 388 changed" in result.stdout
    assert "Claims: C027." in result.stdout
    assert "C027: agrees-if -> differs, because: " in result.stdout
    assert "five largest, 2023 changes: $143.8 billion, which is " in result.stdout
    assert "exports: " in result.stdout and "plotted values" in result.stdout
    assert (
        "1 chapter ran; nothing in data/raw" in result.stdout
    )  # the chapter on the state reads neither metros nor another source
    assert all_files(study) == before
    found = json.loads((study / "out" / "w.json").read_text(encoding="utf-8"))
    assert [(v["claim_id"], v["before"], v["after"]) for v in found["verdicts"]] == [("C027", "agrees-if", "differs")]
    assert found["readings"][0]["before"] == "141004904245" and found["readings"][0]["kind"] == "changed"
    assert "now: " in command(study, "whatif", "--all").stdout


@pytest.mark.long
def test_with_nothing_staged_what_was_imported_and_not_yet_run_is_tried(study):
    before = all_files(study)
    nothing = command(study, "whatif")
    assert nothing.returncode == 0 and "Nothing would move" in nothing.stdout
    made = crosstab(study, 2023, 1.02)
    assert command(study, "data", "import", made, "--as", "metro_exports", *NEW, "--yes").returncode == 0
    result = command(study, "whatif")
    assert result.returncode == 0 and "C027: agrees-if -> differs" in result.stdout
    assert published(study).items() <= before.items()
    assert command(study, "data", "undo").returncode == 0
    assert all_files(study) == before


@pytest.mark.long
def test_a_chapter_that_cannot_run_on_the_new_data_is_named_and_fails_the_command(study):
    add_cell(study, "21-exports", "assert exports['value_usd'].max() < 2.5e11, 'too large'")
    assert command(study, "run").returncode == 0
    made = crosstab(study, 2023, 1.5)
    assert command(study, "data", "import", made, "--as", "metro_exports", *NEW, "--stage").returncode == 0
    result = command(study, "whatif")
    assert result.returncode == 1
    assert "Failed: " in result.stdout and "too large" in result.stdout


@pytest.mark.long
def test_a_figure_that_the_new_data_leave_without_anything_to_draw_is_named(study):
    write(study, "23-gone", notebook(GONE))
    assert command(study, "run").returncode == 0
    made = crosstab(study, 2024, 1.01)
    assert command(study, "data", "import", made, "--as", "metro_exports", *NEW, "--stage").returncode == 0
    result = command(study, "whatif")
    assert result.returncode == 1 and "Gone: only-2023, committed from 23-gone" in result.stdout


GONE = """
import cityresearch as cr
from cityresearch.chapters.metro_exports.figures import metro_exports
from cityresearch.measures import exports as measured
exports = cr.load("metro_exports")
if exports.index.get_level_values("year").max() == 2023:
    cr.show(metro_exports(measured.metros(exports, state="CA", year=2023), state="CA", top=5), "only-2023")
"""


@pytest.mark.long
def test_a_made_up_year_of_metro_values_moves_the_claims_on_metros_and_is_taken_back_to_the_byte(ran):
    before = all_files(ran)
    made = crosstab(ran, 2024, 1.03)
    done = cityresearch("data", "import", made, "--as", "metro_exports", *NEW, "--yes", cwd=ran)
    assert done.returncode == 0 and "388 added" in done.stdout, done.stderr
    result = cityresearch("whatif", "--all", "--json", ran / "w.json", cwd=ran)
    assert result.returncode == 0, result.stderr
    found = json.loads((ran / "w.json").read_text(encoding="utf-8"))
    moved = {v["claim_id"]: (v["before"], v["after"]) for v in found["verdicts"]}
    available = {r["claim_id"] for r in found["readings"] if r["kind"] == "available"}
    assert available >= {"C015", "C024", "C025", "C026", "C027", "C041"}
    # 2024 can now be tested as printed, and of these made-up values it fails
    assert {moved[c] for c in ("C024", "C025", "C026")} == {("agrees-if", "differs-unless")}
    assert "C024: agrees-if -> differs-unless" in result.stdout
    assert {f["name"] for f in found["figures"]} >= {"curve-metro-total", "metro-exports-concentration"}
    assert published(ran).items() <= before.items()
    back = cityresearch("data", "undo", cwd=ran)
    assert back.returncode == 0 and "Taken back: metro_exports: rows 388 added" in back.stdout
    assert all_files(ran) == before
