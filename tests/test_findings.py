"""The summary: what is counted with what, which clashes are firm, what moved, and all of it in a run of only some chapters."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from conftest import PROJECT, mostly_long

from cityresearch.chapters.findings import counts, figures, findings, moved, relations
from cityresearch.claims import arithmetic, footnotes, records, released
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.ledger import claim, claims
from cityresearch.claims.relations import GRADES
from cityresearch.claims.verdict import BASES
from cityresearch.numbers.quantity import Missing

CHECKS = records.committed()


@pytest.fixture
def only(tmp_path, monkeypatch):
    """Give the summary the results of some chapters, as a run into another folder does, or with earlier ones, as a run at home does."""

    def given(*chapters: str, of_this_run: str | None = None) -> None:
        kept = [check for check in CHECKS.values() if check.notebook in chapters]
        folder = tmp_path / "data" / "processed"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in records.tables(kept).items():
            (folder / name).write_bytes(content)
        if of_this_run is not None:
            (folder / records.RUN).write_text(of_this_run, encoding="utf-8")
        monkeypatch.setenv("CITYRESEARCH_RESULTS", str(tmp_path))

    return given


# --- counts


def test_no_count_adds_what_only_the_document_says_to_other_evidence():
    counted = counts.counts()
    for group, bases in counts.RESTS_ON.items():
        here = counted[counted["rests on"] == group]
        assert set(here.index.get_level_values("basis")) == set(bases)
        for word in ("agrees", "agrees-if", "differs-unless", "differs", "open"):
            assert here[word].sum() == sum(c.verdict == word and c.basis in bases for c in CHECKS.values())
    assert counted["all"].sum() == len(CHECKS)
    assert counts.RESTS_ON[counts.OWN_WORDS] == ("text",)


def test_the_headline_names_each_group_with_its_own_counts():
    text = [c for c in CHECKS.values() if c.basis == "text"]
    none = [c for c in CHECKS.values() if c.basis == "none"]
    told = counts.headline(counts.counts())
    assert f"{len(CHECKS) - len(text) - len(none)} claims (" in told
    assert f"Counted apart: {len(text)} claims that only the document’s own words and lists decide" in told
    assert f"{sum(c.verdict == 'differs' for c in text)} differs" in told.partition("Counted apart")[2]
    assert f"and {len(none)} open ones" in told


def test_the_figure_draws_the_groups_apart_and_its_title_is_about_evidence_alone():
    counted = counts.counts()
    chart = figures.verdict_counts(counted)
    evidence = counted[counted["rests on"] == counts.EVIDENCE].sum(numeric_only=True)
    assert f"{evidence['differs']} of {evidence['all']} claims differ" in chart.words.title
    assert set(chart.data["group"]) == set(counts.RESTS_ON)
    assert chart.data["value"].sum() == len(CHECKS)
    drawn = chart.figure.axes[0]
    assert sum(round(patch.get_width()) for patch in drawn.patches) == len(CHECKS)
    assert {text.get_text() for text in drawn.texts} >= {group[0].upper() + group[1:] for group in counts.RESTS_ON}


# --- a run of only some chapters


def test_results_of_another_folder_are_counted_alone_and_the_rest_is_said(only):
    only("03-ports")
    ports = sum(item.chapter == "03-ports" for item in claims().values())
    told = counts.coverage()
    assert told.startswith(f"{ports} of the {len(CHECKS)} claims have a verdict in these results; ")
    assert f"{len(CHECKS) - ports} come from no chapter of this run and are not counted below" in told
    assert "01-metro-exports" in told and "03-ports" not in told
    assert counts.counts()["all"].sum() == ports
    since = moved.moves()
    assert since and {CHECKS[m.claim_id].notebook for m in since} == {"03-ports"}
    assert f"Of {ports} verdicts that release" in moved.in_words(since)
    assert all(f.check.notebook == "03-ports" for f in findings.findings(5))


def test_committed_results_of_chapters_that_did_not_run_are_counted_and_said_to_be_so(only):
    only("03-ports", "09-san-diego", of_this_run="00-findings\n03-ports")
    ports = sum(item.chapter == "03-ports" for item in claims().values())
    diego = sum(item.chapter == "09-san-diego" for item in claims().values())
    told = counts.coverage()
    assert told.startswith(f"{ports} of the {len(CHECKS)} claims have a verdict from a chapter of this run; ")
    assert f"{diego} come from no chapter of this run and keep their committed verdict (09-san-diego); " in told
    assert counts.counts()["all"].sum() == ports + diego


def test_all_claims_of_a_whole_run_are_said_to_be_of_it(only):
    everything = sorted({item.chapter for item in claims().values()})
    only(*everything, of_this_run="\n".join(everything))
    assert counts.coverage() == f"All {len(CHECKS)} claims have a verdict from a chapter of this run."


def test_without_any_results_the_summary_says_so_and_shows_what_needs_none(only):
    only()
    assert counts.coverage("edc").startswith("0 of the ")
    assert isinstance(figures.verdict_counts(counts.counts()), Missing)
    assert findings.findings(10) == [] and moved.moves() == []
    for table in (counts.counts(), moved.crossed([]), moved.words([]), moved.bases([]), findings.as_table([])):
        assert isinstance(table, pd.DataFrame)
    assert len(relations.clashes(arithmetic.table())) > 0


@pytest.mark.parametrize("document", mostly_long(["carnegie", "meridian", "edc"], "carnegie"))
def test_each_part_is_about_the_document_that_was_asked_for(document):
    assert set(counts.counts(document).index.get_level_values("document")) == {document}
    assert {claim(move.claim_id).document for move in moved.moves(document)} == {document}
    compared = relations.about(arithmetic.table(), document)
    assert 0 < len(compared) < len(arithmetic.table())
    assert all(any(claim(i).document == document for i in ids.split(";")) for ids in compared["claims"])
    assert set(footnotes.tally(document).index) <= {document}
    assert len(footnotes.tally()) == len({n.document for n in footnotes.footnotes()}) > 1
    for note in footnotes.footnotes():
        assert ("its publisher is the organization concerned" in note.words) == (note.same_publisher == "yes")
        assert (f", read {note.accessed}" in note.words) == bool(note.accessed)
    assert set(footnotes.could_not_hold(document).index.get_level_values("document")) <= {document}


# --- the curves


def finding(claim_id: str) -> findings.Finding:
    check = CHECKS[claim_id]
    return findings.Finding((claim_id,), check, claim(claim_id), findings.points_of(claim(claim_id), check))


def test_of_two_findings_alike_the_one_with_firmer_evidence_has_more_points_and_no_evidence_gives_no_point():
    given = {b: findings.points_of(claim("C067"), replace(CHECKS["C067"], basis=b))["basis"] for b in BASES}
    assert given["data"] > max(given["source"], given["arithmetic"]) > given["text"] > given["none"] == 0


def test_a_curve_draws_the_readings_and_no_row_of_a_source_which_can_be_of_another_unit():
    chart = figures.curve(finding("C067"))
    own = [row for row in CHECKS["C067"].readings if row["kind"] != "source"]
    assert len(own) < len(CHECKS["C067"].readings)
    assert chart.data["label"].tolist() and set(chart.data["label"]) == {row["reading"] for row in own}
    known = sum(bool(row["value"]) for row in own)
    assert (
        chart.words.title
        == f"Mission destination countries of Los Angeles: 1 of {known} readings gives the printed number"
    )
    # dates of surveys next to a count of surveys would be a curve from 3 to 2,024
    assert isinstance(figures.curve(finding("C012")), Missing)


def test_no_curve_is_drawn_twice_and_the_chapter_that_draws_it_is_named():
    found = figures.curve(finding("C017"))
    assert found.reason == "its readings are drawn in 03-ports, as figure curve-container-trade-share"


@pytest.mark.parametrize(("claim_id", "name"), CURVES.items())
def test_each_name_of_a_curve_is_a_committed_figure_of_its_claims_chapter(claim_id, name):
    words = json.loads((PROJECT / "figures" / f"{name}.json").read_text(encoding="utf-8"))
    printed = [claim(other).printed.value for other, its in CURVES.items() if its == name]
    assert set(printed) == {claim(claim_id).printed.value}
    assert words["title"]


def test_readings_that_a_careful_writer_would_hardly_mean_are_not_counted_as_giving_the_number():
    assert findings.readings_in_words(finding("C126")) == "5 of 76 readings give the printed number"


# --- what clashes, and what moved


def test_clashes_come_with_their_grade_the_firmest_first():
    shown = relations.clashes(arithmetic.table())
    grades = [grade.partition(":")[0] for grade in shown["grade"]]
    assert grades == sorted(grades, key=list(GRADES).index)
    assert (shown["why this grade"] != "").all()
    told = relations.in_words(arithmetic.table())
    assert f"{len(shown)} clash ({', '.join(f'{grades.count(g)} {g}' for g in GRADES)})" in told


def test_a_clash_that_nobody_graded_is_last_and_says_so():
    found = arithmetic.table()
    found.loc["R001", "holds"] = False
    shown = relations.clashes(found)
    assert shown.index[-1] == "R001"
    assert shown["grade"].iloc[-1] == "not graded yet"
    assert ", 1 not graded yet)" in relations.in_words(found)


def test_the_tables_of_what_moved_have_every_move_once():
    since = moved.moves()
    words, bases = moved.words(since), moved.bases(since)
    assert moved.crossed(since).to_numpy().sum() == len(words) == sum(m.of_word for m in since)
    assert len(words) + bases["claims"].sum() == len(since)
    assert bases["claims"].tolist() == [len(ids.split(", ")) for ids in bases["which"]]
    release = released.last_release()
    assert words.at["C017", f"in {release.version}"] == "agrees-if (data)"
    # the rows under one reason follow each other, so that each reason is one heading
    reasons = words["what moved it"]
    assert (reasons != reasons.shift()).sum() == reasons.nunique()
