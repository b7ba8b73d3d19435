"""Verdicts of earlier releases: recorded from a commit, and compared with those of now."""

from __future__ import annotations

import csv
import importlib
import re
import subprocess
from collections import Counter

import pytest
from conftest import PROJECT

from cityresearch.claims.records import committed
from cityresearch.claims.released import in_words, last_release, moves
from cityresearch.errors import DataError


def test_a_verdict_moves_if_its_word_or_its_basis_is_another_and_only_then():
    before = last_release().verdicts
    moved = {move.claim_id: move for move in moves(committed())}
    for claim_id, check in committed().items():
        same = (before[claim_id].verdict, before[claim_id].basis) == (check.verdict, check.basis)
        assert (claim_id not in moved) == same
        assert same or moved[claim_id].of_word == (before[claim_id].verdict != check.verdict)


def test_only_claims_that_have_a_verdict_now_are_compared():
    ports = {key: check for key, check in committed().items() if check.notebook == "03-ports"}
    assert {move.claim_id for move in moves(ports)} == {m.claim_id for m in moves(committed())} & ports.keys()
    assert moves({}) == []
    assert in_words([], 0).startswith("Of 0 verdicts that release 0.1.0 of 2026-11-22 has too, 0 moved")


def test_a_condition_named_as_the_reason_is_one_that_the_verdict_has():
    told = {
        "A part of the statement": "Not tested:",
        "All or a part": "The only source is|rests on the organization concerned",
        "Sources disagree": "isagree",
    }
    named = Counter()
    for move in moves(committed()):
        for why, reason in told.items():
            if move.of_word and move.why.startswith(why):
                assert re.search(reason, move.now.reason), move.claim_id
                named[why] += 1
    assert all(named[why] for why in told)


def test_a_claim_that_says_something_else_than_in_the_release_is_told_apart():
    restated = {move.claim_id: move.restated for move in moves(committed())}
    # the share of three ports was stated anew, the number of ports was not
    assert (restated["C017"], restated["C029"]) == (True, False)


@pytest.fixture
def release(project, monkeypatch):
    """A copy of the project under version control, whose first commit has other verdicts than its files."""
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(project))
    monkeypatch.syspath_prepend(str(PROJECT / "tools"))
    (project / "CITATION.cff").write_text('version: 9.9.9\ndate-released: "2099-01-02"\n', encoding="utf-8")
    verdicts = project / "data" / "processed" / "verdicts.csv"
    now = verdicts.read_text(encoding="utf-8")
    verdicts.write_text(now.replace(",open,", ",differs,", 1), encoding="utf-8")
    names = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    files = ["CITATION.cff", "data/processed/verdicts.csv", "data/raw/claims/claims.csv"]
    for arguments in (["init", "-q"], ["add", *files], [*names, "commit", "-qm", "Release"]):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    verdicts.write_text(now, encoding="utf-8")
    return importlib.import_module("record_release")


def test_recording_a_release_takes_what_its_commit_has_and_keeps_the_earlier_ones(release, project):
    earlier = last_release()
    assert release.record("HEAD") == release.record("HEAD") == len(committed())
    found = last_release()
    assert (found.version, found.date) == ("9.9.9", "2099-01-02")
    (move,) = moves(committed())
    assert (move.before.verdict, move.now.verdict, move.restated) == ("differs", "open", False)
    with (project / "data/raw/claims/released_verdicts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["release"] for row in rows) == {
        earlier.version: len(earlier.verdicts),
        "9.9.9": len(committed()),
    }


def test_a_commit_that_is_no_release_is_refused_and_changes_nothing(release):
    with pytest.raises(DataError, match=r"git has no CITATION.cff in nowhere: name the commit or tag of a release."):
        release.record("nowhere")
    assert last_release().version == "0.1.0"
