"""`data record`: a table that a person changed or wrote is checked cell by cell, then described and recorded, or refused in a sentence."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import select
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, a_few, cityresearch
from made_ledger import make

FIRMS = """place,year,code,firms,share,source_id
Fresno,2023,06019,20,1.5,brief-2025
Fresno,2024,06019,21,1.5,brief-2025
Chico,2024,06007,3,,brief-2025
"""
SAID = ("--title", "Firms that export", "--description", "One row for a place and year.", "--yes")


@pytest.fixture
def made(tmp_path) -> Path:
    """A small project with a table that nothing describes."""
    project = make(tmp_path / "made")
    firms(project).write_text(FIRMS, encoding="utf-8")
    return project


def firms(project: Path) -> Path:
    return project / "data" / "raw" / "firms.csv"


def record(project: Path, *arguments: str):
    return cityresearch("data", "record", *arguments, cwd=project)


def resource(project: Path, name: str) -> dict:
    package = json.loads((project / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))
    return next((found for found in package["resources"] if found["name"] == name), {})


def test_a_new_table_is_described_by_what_its_cells_hold_and_by_what_is_said(made):
    result = record(made, "firms.csv", *SAID, "--unit", "firms=companies", "--unit", "share=percent")
    assert result.returncode == 0, result.stderr
    found = resource(made, "firms")
    fields = {field["name"]: field for field in found["schema"]["fields"]}
    assert {name: field["type"] for name, field in fields.items()} == {
        "place": "string", "year": "integer", "code": "string", "firms": "integer", "share": "number", "source_id": "string",
    }  # fmt: skip
    assert [name for name, field in fields.items() if "constraints" not in field] == ["share"]
    assert (fields["firms"]["unit"], fields["share"]["unit"], fields["year"]["unit"]) == (
        "companies",
        "percent",
        "year",
    )
    assert found["schema"]["primaryKey"] == ["place", "year"]
    assert found["schema"]["foreignKeys"][0]["reference"] == {"resource": "sources", "fields": "source_id"}
    assert (found["rows"], found["bytes"]) == (3, len(FIRMS))
    assert found["hash"] == f"sha256:{hashlib.sha256(FIRMS.encode()).hexdigest()}"
    shown = cityresearch("data", "show", "firms", cwd=made)
    assert "Firms that export" in shown.stdout


def test_the_proposal_is_shown_and_nothing_recorded_where_nobody_agrees(made):
    result = record(made, "firms.csv", *SAID[:-1])
    assert "place      string, key, never empty" in result.stdout
    assert result.stdout.splitlines()[-1] == "Nothing was recorded: repeat with --yes to record it."
    assert resource(made, "firms") == {}


@pytest.mark.parametrize(
    ("text", "more", "says"),
    a_few([
        (FIRMS, ("--key", "place"), "firms.csv, row 3: the key place is that of row 2 too (place 'Fresno')"),
        (FIRMS, ("--unit", "firmes=companies"), "--unit names the column 'firmes', which firms.csv does not have: did you mean firms?"),
        (FIRMS, ("--type", "place=date"), "row 2, column place: found 'Fresno', expected a date such as 2025-01-31"),
        (FIRMS.replace("2024,06007,3,,brief-2025", "2024,06007,3,,brief-2052"), (), "row 4, column source_id: found 'brief-2052', expected a source_id of sources"),
        (FIRMS.replace("Chico,", "Chico,,"), (), "row 4: found 7 cells, expected 6 cells as in the header"),
        (FIRMS.replace("code", "place"), (), "row 1, column 3: found 'place' a second time: rename it"),
        (FIRMS.replace("code", "county code"), (), "row 1, column 3: found 'county code', expected a name of letters"),
        ("﻿" + FIRMS, (), "found a byte order mark, expected plain UTF-8 without one"),
        (FIRMS.replace(",source_id", "").replace(",brief-2025", ""), (), "firms.csv has no column source_id, so nothing says where its rows are from"),
    ]),
)  # fmt: skip
def test_a_table_that_is_not_sound_is_refused_in_a_sentence_and_not_recorded(made, text, more, says):
    firms(made).write_text(text, encoding="utf-8")
    before = (made / "data" / "raw" / "datapackage.json").read_bytes()
    result = record(made, "firms.csv", *SAID, *more)
    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert (made / "data" / "raw" / "datapackage.json").read_bytes() == before


def test_a_table_without_sources_by_row_takes_one_source_for_all_or_is_ones_own(made):
    firms(made).write_text("place,firms\nFresno,20\n", encoding="utf-8")
    assert record(made, "firms.csv", *SAID, "--source", "brief-2025").returncode == 0
    found = resource(made, "firms")
    assert found["source_licenses"] == ["facts-cited"]
    assert found["sources"][0]["path"] == "https://fresno.example/brief"
    own = made / "data" / "raw" / "marks.csv"
    own.write_text("place,mark\nFresno,1\n", encoding="utf-8")
    assert record(made, "marks.csv", *SAID, "--source", "own").returncode == 0
    assert resource(made, "marks")["source_licenses"] == ["cc-by"]


def test_a_changed_table_is_recorded_after_its_cells_were_checked(made):
    record(made, "firms.csv", *SAID)
    firms(made).write_text(FIRMS + "Napa,2024,06055,eight,,brief-2025\n", encoding="utf-8")
    refused = record(made, "firms")
    assert (refused.returncode, "row 5, column firms: found 'eight', expected a whole number" in refused.stderr) == (
        2,
        True,
    )
    text = FIRMS + "Napa,2024,06055,8,,brief-2025\n"
    firms(made).write_text(text, encoding="utf-8")
    assert "data record firms" in cityresearch("data", "show", "firms", cwd=made).stderr
    result = record(made, str(firms(made)))
    assert result.stdout == f"Recorded: firms, 4 rows (3 before), {len(text)} bytes.\n"
    assert resource(made, "firms")["expected"] == {"rows": 4}
    assert "Napa" in cityresearch("data", "show", "firms", cwd=made).stdout


def test_lost_rows_are_refused_unless_they_are_meant(made):
    record(made, "firms.csv", *SAID)
    firms(made).write_text("".join(FIRMS.splitlines(keepends=True)[:3]), encoding="utf-8")
    assert "has 2 rows, 3 were recorded" in record(made, "firms").stderr
    assert record(made, "firms", "--fewer-rows").returncode == 0
    assert resource(made, "firms")["expected"] == {"rows": 2}


def test_the_columns_of_a_described_table_are_not_changed_on_the_side(made):
    record(made, "firms.csv", *SAID)
    assert "firms is described already" in record(made, "firms", "--unit", "firms=jobs").stderr
    assert record(made, "firms", "--title", "Exporters").returncode == 0
    assert resource(made, "firms")["title"] == "Exporters"


def test_what_is_neither_a_dataset_nor_a_file_below_the_data_folder_is_refused(made, tmp_path):
    assert "did you mean firms_x?" not in record(made, "nothing").stderr
    assert "nothing is neither a dataset nor a file" in record(made, "nothing").stderr
    outside = tmp_path / "outside.csv"
    outside.write_text(FIRMS, encoding="utf-8")
    assert "move it there first" in record(made, str(outside)).stderr


def test_every_table_of_this_project_can_be_recorded_as_it_is(monkeypatch, tmp_path):
    """What the schema and the references of every table say is what the recorder checks, so it refuses none."""
    from cityresearch.datasets import datasets, recording

    stored = []
    monkeypatch.setattr(
        recording, "store_table", lambda name, content, **more: stored.append((name, more["describe"]["expected"]))
    )
    for name in ("claims", "sources", "claim_sources", "wordings", "metro_gdp", "footnotes"):
        recording.record_changed(name)
    records = {name: datasets()[name].expected for name, _ in stored}
    assert {n: e["rows"] for n, e in stored} == {n: r.rows for n, r in records.items()}
    assert dict(stored)["metro_gdp"] == {
        "rows": records["metro_gdp"].rows,
        "column": "year",
        "first": "2012",
        "last": "2023",
        "distinct": 7,
    }


def answered(project: Path, answers: list[str], *arguments: str) -> str:
    """Call the command line on a terminal of its own and answer its questions."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(project)
        environment = {
            **os.environ,
            "CITYRESEARCH_ROOT": str(project),
            "PYTHONPATH": f"{PROJECT}:{os.environ.get('PYTHONPATH', '')}",
        }
        os.execve(sys.executable, [sys.executable, "-m", "cityresearch", *arguments], environment)
    said, waiting = b"", list(answers)
    while True:
        ready, _, _ = select.select([terminal], [], [], 20)
        try:
            said += os.read(terminal, 4096) if ready else b""
        except OSError:
            break
        if not ready or not said:
            break
        if waiting and said.rstrip().endswith(b":") and said.endswith(b" "):
            os.write(terminal, waiting.pop(0).encode() + b"\n")
            said += b"\n"
    os.waitpid(child, 0)
    return said.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_on_a_terminal_it_asks_for_what_the_cells_do_not_say(made):
    said = answered(
        made, ["Firms that export", "One row each.", "companies", "percent", "", "y"], "data", "record", "firms.csv"
    )
    assert "Unit of firms" in said
    assert "Columns that name a row [place,year]:" in said
    assert "Recorded: firms, a new dataset with 3 rows" in said
    assert {f["name"]: f.get("unit", "") for f in resource(made, "firms")["schema"]["fields"]}["share"] == "percent"
