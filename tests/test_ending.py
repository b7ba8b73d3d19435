"""The last lines of a run: at most fifteen, verdicts first, with what moved and why."""

from __future__ import annotations

import pytest
from study import command, notebook, verdicts, write
from test_datasets import edit

from cityresearch.claims.records import Check
from cityresearch.runs.build import Built
from cityresearch.runs.compare import Difference
from cityresearch.runs.ending import counted, moved
from cityresearch.runs.github import annotations, summary

VERDICTS = "data/processed/verdicts.csv"


def check(claim_id: str, verdict: str = "open", reason: str = "the value is gone.") -> Check:
    return Check(claim_id, verdict, "data", "", reason, (), notebook="21-exports")


def word(claim_id: str, committed: str = "agrees", rebuilt: str = "open") -> Difference:
    return Difference(VERDICTS, claim_id, "verdict", committed, rebuilt)


def built(project, checks, differences) -> Built:
    return Built(project, tuple(checks), (), 1, (), (), (), 1, 0, tuple(differences))


def test_a_moved_definition_ends_in_few_lines_that_name_verdict_and_reason(study):
    edit(study, "metro_exports", "59561594613", "58561594613")
    result = command(study, "verify")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert len(lines) <= 15
    assert lines[0] == "2 claims: agrees 1, differs 1."
    assert any(line.startswith("Moved: C027: agrees-if -> differs, because ") for line in lines)
    assert lines[-1].startswith("Not verified: ")
    everything = command(study, "verify", "--all").stdout.splitlines()
    assert len(everything) >= len(lines)
    assert any(line.startswith("Moved: C027: agrees-if -> differs, because ") for line in everything)


@pytest.mark.long
def test_a_run_says_what_it_moved_before_it_is_committed(study):
    edit(study, "metro_exports", "59561594613", "58561594613")
    said = command(study, "run").stdout
    assert "Moved: C027: agrees-if -> differs, because " in said
    assert "Moved: " not in command(study, "run").stdout


def test_claims_that_moved_alike_stand_on_one_line():
    lines = moved([word("C027"), word("C015")], [check("C015"), check("C027")])
    assert lines == ["C015, C027: agrees -> open, because the value is gone."]


def test_many_moves_are_counted_and_named_with_all():
    ids = [f"C{number:03}" for number in range(40)]
    differences = [word(key) for key in ids] + [Difference(f"figures/{key}.svg", "file", "", "a", "b") for key in ids]
    checks = [check(key, reason=f"{key} has a reason of its own.") for key in ids]
    few = moved(differences, checks)
    assert len(few) <= 6
    assert few[0].startswith("C000, C001, ")
    assert "and 28 more: agrees -> open, C000 because C000 has a reason of its own." in few[0]
    assert few[-1] == "and 36 more; --all names each."
    assert len(moved(differences, checks, everything=True)) == 80


def test_a_claim_that_is_gone_or_new_is_named():
    gone = Difference(VERDICTS, "C027", "row", "present", "")
    assert moved([gone], []) == ["C027: committed -> gone, because no chapter judges it anymore."]
    new = Difference(VERDICTS, "C027", "row", "", "present")
    assert moved([new], [check("C027")]) == ["C027: not committed -> new, because the value is gone."]


def test_what_differs_is_named_first(study, monkeypatch):
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(study))
    checks = [check(f"C{number:03}", "differs" if number < 30 else "agrees") for number in range(90)]
    lines = counted(checks)
    assert lines[0] == "90 claims: agrees 60, differs 30."
    assert lines[2].startswith("Differs: C000, C001, ")
    assert lines[2].endswith(" and 10 more.")
    assert counted([]) == ["No claim was counted."]


@pytest.fixture
def moved_study(study, tmp_path):
    """A study in which one claim moved and one chapter fails, and what GitHub is told of it."""
    edit(study, "metro_exports", "59561594613", "58561594613")
    write(study, "22-state", notebook("raise ValueError('100%: gone,\\nall of it')"))
    page = tmp_path / "summary.md"
    result = command(study, "verify", "--github", GITHUB_STEP_SUMMARY=str(page))
    return study, result, page.read_text(encoding="utf-8")


def test_github_is_told_the_line_of_the_verdict_and_gets_a_table(moved_study):
    study, result, page = moved_study
    assert result.returncode == 1
    rows = [row.split(",")[0] for row in verdicts(study).read_text(encoding="utf-8").splitlines()]
    place = f"::error file={VERDICTS},line={rows.index('C027') + 1},title=C027 moved::agrees-if -> differs, because "
    assert place in result.stdout
    failed = next(
        line for line in result.stdout.splitlines() if line.startswith("::error file=notebooks/22-state.ipynb")
    )
    assert "100%25" in failed
    assert page.startswith("## Not verified: ")
    assert "| C027 | " in page
    assert "### Chapters that failed" in page
    assert result.stdout.splitlines()[-1].startswith("Not verified: ")


def test_text_that_github_would_read_as_a_command_or_markup_is_neutral(study, monkeypatch):
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(study))
    reason = "a | b\n::error::no <b>bold</b> 100%"
    made = built(study, [check("C027", reason=reason)], [word("C027")])
    (line,) = annotations(made)
    assert "\n" not in line
    assert line.endswith("a | b%0A::error::no <b>bold</b> 100%25")
    row = next(row for row in summary(made, "Not verified.").splitlines() if row.startswith("| C027"))
    assert row.count(" | ") == 4
    assert "&lt;b&gt;" in row


def test_more_errors_than_github_shows_are_said(study, monkeypatch):
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(study))
    ids = [f"C{number:03}" for number in range(1, 25)]
    lines = annotations(built(study, [check(key) for key in ids], [word(key) for key in ids]))
    assert lines[-1].startswith("::notice title=cityresearch verify::24 errors")


@pytest.mark.long
def test_a_summary_that_cannot_be_written_is_one_sentence(study):
    result = command(study, "verify", "--github", GITHUB_STEP_SUMMARY=str(study))
    assert result.returncode == 2
    assert "GITHUB_STEP_SUMMARY names" in result.stderr
