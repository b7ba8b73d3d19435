"""Judgments count only while the claim reads as it did when they were made."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from conftest import PROJECT, cityresearch
from hypothesis import given, settings
from hypothesis import strategies as st
from made_claims import made, says
from made_ledger import make

from cityresearch import datasets
from cityresearch.claims import document, guards, rules
from cityresearch.claims.judged import fingerprint, printed_value, why_stale
from cityresearch.claims.judgments import mark
from cityresearch.claims.ledger import claim
from cityresearch.claims.sources import source_checks

CHANGES = {
    "statement": "A firm has not twenty jobs",
    "relation": "gt",
    "unit": "people",
    "period": "2025",
}


def test_marking_counts_changed_rows_and_leaves_the_marks_of_other_claims():
    ledger = {key: claim(key) for key in ("C015", "C027", "C028")}
    now = {key: fingerprint(item) for key, item in ledger.items()}
    own = {"claim_id": "C027", "claim_value": "", "claim_hash": ""}
    both, other = ({"claims": ids, "claim_hashes": "old;old"} for ids in ("C015;C027", "C015;C028"))
    lacking = {"claims": "C027;C028", "claim_hashes": ";"}
    assert mark([own, both, other, lacking], ledger, ["C027"]) == 3
    assert own == {"claim_id": "C027", "claim_value": printed_value(ledger["C027"]), "claim_hash": now["C027"]}
    assert both["claim_hashes"] == f"old;{now['C027']}"
    assert other["claim_hashes"] == "old;old"
    assert lacking["claim_hashes"] == f"{now['C027']};{now['C028']}"
    assert mark([own, both, other, lacking], ledger, ["C027"]) == 0


def test_a_table_that_lies_there_undescribed_is_marked_too_and_one_that_is_not_there_is_none(tmp_path):
    project = make(tmp_path / "made")
    package = project / "data" / "raw" / "datapackage.json"
    described = json.loads(package.read_text(encoding="utf-8"))
    left = [r for r in described["resources"] if r["name"] not in ("claim_sources", "claim_parts")]
    package.write_text(json.dumps({**described, "resources": left}), encoding="utf-8")
    parts, sources = (
        next(iter((project / "data" / "raw").rglob(f"{name}.csv"))) for name in ("claim_parts", "claim_sources")
    )
    header = sources.read_text(encoding="utf-8").strip()
    row = {"claim_id": "B001", "source_id": "brief", "row": "1"}
    sources.write_text(f"{header}\n{','.join(row.get(name, '') for name in header.split(','))}\n", encoding="utf-8")
    parts.unlink()
    done = cityresearch("judged", "B001", cwd=project)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert sorted(done.stdout.splitlines()) == [
        "claim_relations: 0 rows recorded", "claim_sources: 1 row recorded", "differences: 0 rows recorded", "document_readings: 0 rows recorded",
    ]  # fmt: skip
    (marked,) = csv.DictReader(sources.open(encoding="utf-8"))
    assert marked["claim_value"] == "20" and len(marked["claim_hash"]) > 8


@pytest.mark.parametrize("change", [*CHANGES, "value", "precision"])
def test_a_row_does_not_count_once_the_claim_has_changed(judged, change):
    item = made()
    if change in CHANGES:
        moved = replace(item, **{change: CHANGES[change]})
    else:
        digits = {"value": item.printed.value + 1, "precision": item.printed.precision * 2}
        moved = replace(item, printed=replace(item.printed, **{change: digits[change]}))
    row = says("agrees", value="")
    assert judged(row).verdict == "agrees"
    found = judged(row, of=moved)
    assert (found.verdict, found.readings[0].agrees) == ("open", None)
    assert found.readings[0].words == "not counted, because the claim has changed since this row was judged"
    assert found.reason.startswith("The source in our data must be read again: it was judged against ")
    assert ("judged against 20, and the ledger now has 21" in found.reason) == (change == "value")


def test_what_a_document_says_of_a_claim_is_read_again_once_the_claim_has_changed():
    item = claim("C061")
    stated = {r.reading for r in document.document_readings("C061") if r.kind == "statement"}
    assert stated
    for of, stale in ((item, False), (replace(item, statement=f"Not: {item.statement}"), True)):
        found = {r.name: r.words for r in document.readings_from_document(of) if r.name in stated}
        assert found.keys() == stated
        assert {"it must be read again" in words for words in found.values()} == {stale}, found


def test_what_says_nothing_about_the_world_may_change_freely():
    item = made()
    assert fingerprint(
        replace(item, line=5, chapter="03-ports", settle="Something else.", related=("C001",))
    ) == fingerprint(item)


@settings(deadline=None)
@given(st.integers(1, 10**12), st.sampled_from(["0.01", "1", "1000"]), st.integers(1, 9))
def test_any_other_number_is_another_claim(value, precision, step):
    item = made(str(value), precision=precision)
    other = replace(item, printed=replace(item.printed, value=item.printed.value + step * item.printed.precision))
    assert fingerprint(other) != fingerprint(item)
    assert why_stale(item, printed_value(item), fingerprint(item)) == ""
    assert why_stale(other, printed_value(item), fingerprint(item)).startswith(
        f"it was judged against {value}, and the ledger now has "
    )


def test_a_yes_or_no_of_the_document_does_not_count_once_the_claim_has_changed():
    item = claim("C178")  # the list of trips is not published, which note 9 says
    assert rules.verdict_on(item).verdict == "agrees"
    found = rules.verdict_on(replace(item, statement=f"It is not so that {item.statement}"))
    assert found.verdict == "open"
    assert "must be read again: it was judged against another statement" in found.reason


# --- data check


@pytest.fixture(scope="module")
def sound():
    return {name: datasets.load(name).reset_index() for name in ("claims", "claim_parts", *guards.KEYS)}


def changed(sound, name, column, value, **where) -> dict[str, pd.DataFrame]:
    """The tables with one cell of the only row that matches set to another value."""
    frame = sound[name].copy()
    rows = frame.index[(frame[list(where)] == pd.Series(where)).all(axis=1)]
    assert len(rows) == 1
    frame.loc[rows[0], column] = value
    return {**sound, name: frame}


def stale(tables) -> list[str]:
    return list(guards.judgments_are_of_the_claims_as_they_read_now(tables))


def wrong_words(tables) -> list[str]:
    return list(guards.words_on_sources_follow_from_their_numbers(tables))


def test_the_published_judgments_are_current_and_their_words_follow_from_the_numbers(sound):
    assert stale(sound) == []
    assert wrong_words(sound) == []


def test_every_judgment_on_a_changed_claim_is_named_with_what_it_was_made_on(sound):
    # C171 has sources and a footnote, C015 relations; C005 is read off the document; C075 is a row of Table 1
    found = stale(changed(sound, "claims", "value", 5, claim_id="C171"))
    assert any(f.startswith("claim_sources C171|") and "judged against 4, and the ledger now has 5" in f for f in found)
    assert any(f.startswith("footnotes carnegie|1:") for f in found)
    assert all(f.endswith("read it again, then run cityresearch judged C171") for f in found)
    found = stale(changed(sound, "claims", "value", 142e9, claim_id="C015"))
    assert any(f.startswith("claim_relations R001: it was judged when C015 had other words") for f in found)
    for claim_id, table in (("C005", "document_readings"), ("C075", "mission_table1")):
        found = stale(changed(sound, "claims", "statement", "It is not so", claim_id=claim_id))
        assert any(f.startswith(f"{table} ") and "another statement, wording, unit or period" in f for f in found)


def test_a_list_of_claims_without_as_many_fingerprints_is_named(sound):
    row = sound["claim_relations"].iloc[0]
    cut = row["claim_hashes"].split(";")[0]
    found = stale(changed(sound, "claim_relations", "claim_hashes", cut, relation_id=row["relation_id"]))
    assert found[0].startswith(f"claim_relations {row['relation_id']}: 2 claims, but 1 fingerprints")


def test_a_word_against_the_numbers_is_named_unless_a_reason_is_given(sound):
    row = source_checks("C105")[0]
    where = {"claim_id": row.claim_id, "source_id": row.source_id, "row": int(row.row)}
    wrong = changed(sound, "claim_sources", "agreement", "differs", **where)
    (fault,) = wrong_words(wrong)
    assert fault.startswith(
        f"claim_sources C105|{row.source_id}|1: says 'differs', but 2024 against the printed 2024 makes 'agrees'"
    )
    assert wrong_words(changed(wrong, "claim_sources", "by_hand", "another trip", **where)) == []


def test_a_reason_that_is_no_longer_needed_is_named(sound):
    row = source_checks("C105")[0]
    where = {"claim_id": row.claim_id, "source_id": row.source_id, "row": int(row.row)}
    (fault,) = wrong_words(changed(sound, "claim_sources", "by_hand", "another trip", **where))
    assert "by_hand gives a reason that is not needed" in fault


def test_a_wording_without_a_precision_is_named(sound):
    where = {"claim_id": "C218", "source_id": "calcompetes-2022", "row": 1}
    (fault,) = wrong_words(changed(sound, "claim_sources", "precision", None, **where))
    assert fault.startswith("claim_sources C218|calcompetes-2022|1: A number worded 'gt' needs a precision")


def test_a_row_graded_jointly_without_a_part_and_a_part_without_a_row_are_named(sound):
    check = guards.rows_graded_jointly_and_parts_of_claims_name_each_other
    assert list(check(sound)) == []
    where = {"claim_id": "C203", "source_id": "meridian-2025", "row": 1}
    (fault,) = check(changed(sound, "claim_sources", "agreement", "partial", **where))
    assert fault.startswith(
        "claim_parts C203|meridian-2025|1: claim_sources has no row of this name that is graded jointly"
    )
    without = sound["claim_parts"].query("claim_id != 'C203' or source_id != 'meridian-2025'")
    (fault,) = check({**sound, "claim_parts": without})
    assert fault.startswith(
        "claim_sources C203|meridian-2025|1: it is graded jointly, but claim_parts names no part of it"
    )


def test_recording_renews_the_rows_of_the_named_claims_only(tmp_path):
    copy = tmp_path / "project"
    shutil.copytree(PROJECT / "data", copy / "data")
    ledger, tables = copy / "data" / "raw" / "claims" / "claims.csv", copy / "data" / "raw"
    before = (tables / "claim_sources.csv").read_text(encoding="utf-8")
    edit = (
        "from cityresearch.datasets.store import store_table\nfrom pathlib import Path\n"
        f"text = Path({str(ledger)!r}).read_text(encoding='utf-8')\n"
        "store_table('claims', text.replace('gt,200,people', 'gt,300,people').replace('eq,20,countries', 'eq,30,countries').encode())\n"
    )

    def python(*arguments):
        environment = {"CITYRESEARCH_ROOT": str(copy), "PYTHONPATH": str(PROJECT), "PATH": ""}
        return subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=copy
        )

    assert python("-c", edit).returncode == 0
    command = ("-m", "cityresearch", "judged")
    assert python(*command).returncode == 2
    assert "did you mean" in python(*command, "C0020").stderr
    assert python(*command, "C002").returncode == 0
    lines = zip(
        before.splitlines(), (tables / "claim_sources.csv").read_text(encoding="utf-8").splitlines(), strict=True
    )
    moved = [new for old, new in lines if old != new]
    assert moved
    assert all(line.startswith("C002,") and ",300," in line for line in moved)
