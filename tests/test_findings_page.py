"""The page of findings for readers of a git host: true to the results, whole, with links that lead somewhere, for any project."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import PROJECT
from study import command, notebook, published, write

from cityresearch.claims import differences
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import committed
from cityresearch.phrases import in_markdown
from cityresearch.runs.findings_page import NAME, findings_page, headline_figures, lead

PAGE = (PROJECT / NAME).read_text(encoding="utf-8")
CHECKS = committed()


def test_the_committed_page_is_what_the_committed_results_make():
    made = findings_page(PROJECT, list(CHECKS.values()), published(PROJECT))
    assert made == {NAME: PAGE.encode()}


def test_every_claim_that_differs_is_there_with_both_sides_and_no_other_is():
    differing = {key for key, check in CHECKS.items() if check.verdict in differences.DIFFERING}
    assert set(re.findall(r"^\*\*([A-Z]\d{3}), differs", PAGE, re.MULTILINE)) == differing
    for key in differing:
        text = differences.filled(differences.letters()[key].found, CHECKS[key])
        assert in_markdown(text) in PAGE
        assert in_markdown(claims()[key].statement.rstrip(".")) in PAGE


def test_every_link_and_image_leads_to_a_file_of_the_project():
    targets = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(targets) > 40
    assert [target for target in targets if not (PROJECT / "docs" / target).resolve().is_file()] == []


def test_the_sentences_at_the_top_add_up_to_all_claims():
    words = lead(CHECKS)
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    claims_, _documents, *parts = numbers
    assert sum(parts) == claims_ == len(claims())
    firm = Counter(check.verdict for check in CHECKS.values() if check.basis in ("data", "source", "arithmetic"))
    assert f"{firm['differs'] + firm['differs-unless']} differ," in words


def test_statements_that_nobody_has_checked_are_not_among_those_without_a_source():
    assert lead({}).endswith("of which no chapter checks one yet.")
    judged = {key: check for key, check in CHECKS.items() if key.startswith("C")}
    words = lead(judged)
    assert f"{len(claims()) - len(judged)} statements not checked yet" in words
    bare = sum(check.verdict == "open" for check in judged.values())
    assert f"for {bare} we found no public source" in words


def test_a_text_written_for_another_verdict_or_a_reading_that_is_gone_gives_way_to_the_reason():
    check = CHECKS["C017"]
    assert differences.found_in_words(check) != check.reason
    moved = replace(check, verdict="differs", reason="Another reason.")
    assert differences.found_in_words(moved) == "Another reason."
    bare = replace(check, readings=(), reason="No reading.")
    assert differences.found_in_words(bare) == "No reading."


def test_words_from_the_ledger_cannot_become_markup():
    assert in_markdown("a | b <i> [x](y) `c` _d_ *e*") == r"a \| b \<i\> \[x\](y) \`c\` \_d\_ \*e\*"


def test_a_project_without_figures_of_a_paper_shows_the_first_of_each_chapter():
    drawn = {name: {"notebook": made} for name, made in (("b", "02-two"), ("a", "02-two"), ("c", "01-one"))}
    assert headline_figures(drawn, "# No image") == ["c", "a"]


def test_a_run_writes_the_page_for_any_project_and_verify_notices_an_edit_of_it(study):
    page = (study / NAME).read_text(encoding="utf-8")
    assert "figures/exports.svg" in page
    assert "None of the claims that were judged differs" in page
    assert "differences.md" not in page
    assert "(../notebooks/22-state.ipynb) | [text](../data/processed/chapters/22-state.txt) |" in page
    assert "(../notebooks/21-exports.ipynb) |  |" in page  # which says nothing
    assert command(study, "verify").returncode == 0
    (study / NAME).write_text(page.replace("C027", "C026", 1).replace("differs.", "differs much."), encoding="utf-8")
    edited = command(study, "verify")
    assert edited.returncode == 1
    assert NAME in edited.stdout
    write(study, "23-more", notebook("1 + 1", prose="# A further [chapter]\n\nWords."))
    assert command(study, "run").returncode == 0
    again = (study / NAME).read_text(encoding="utf-8")
    assert r"[A further \[chapter\]](../notebooks/23-more.ipynb)" in again
    assert "differs much" not in again


@pytest.mark.parametrize("host", ["docs", "."])
def test_images_are_found_from_the_page_and_from_the_readme(host):
    text = PAGE if host == "docs" else (PROJECT / "README.md").read_text(encoding="utf-8")
    images = re.findall(r"!\[(?:[^\]\\]|\\.)+\]\(([^)]+)\)", text)
    assert images
    for image in images:
        assert (Path(PROJECT / host) / image).resolve().is_file()
