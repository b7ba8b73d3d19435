"""The report: its pages from committed results, what is rebuilt, what links where, and what a machine reads of it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from conftest import PROJECT
from markupsafe import escape
from study import add_cell, command

from cityresearch.claims import footnotes
from cityresearch.claims.records import committed
from cityresearch.report.content import Content, Row
from cityresearch.report.pages import pages as rendered
from cityresearch.runs.findings_page import lead


class Links(HTMLParser):
    """Collects the ids of a page and what it refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src"):
                self.targets.append(value)


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Links]:
    return {str(path.relative_to(site)): Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_claim_has_a_page_with_its_verdict_its_reason_and_the_cell_that_judged_it(site):
    for claim_id, check in committed().items():
        page = (site / "claims" / f"{claim_id}.html").read_text(encoding="utf-8")
        assert f'class="verdict {check.verdict}"' in page
        assert f'href="../chapters/{check.notebook}.html#{claim_id}"' in page
    page = (site / "claims" / "C027.html").read_text(encoding="utf-8")
    assert "five largest metros, 2023" in page
    assert "$141.005 billion" in page


@pytest.mark.long
def test_every_link_inside_the_site_leads_somewhere(site, pages):
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        for target in page.targets:
            if target.startswith(("http:", "https:", "data:")):
                continue
            file, _, anchor = target.partition("#")
            where = ((site / name).parent / file).resolve() if file else site / name
            assert where.is_file(), (name, target)
            # the address of the ledger holds the filters
            if anchor and "=" not in anchor and where.suffix == ".html":
                assert anchor in pages[str(where.relative_to(site.resolve()))].ids, (name, target)


def test_nothing_is_asked_of_another_server(pages):
    for name, page in pages.items():
        text = [t for t in page.targets if t.startswith(("http:", "https:"))]
        assert not text or name.startswith(("sources", "claims/", "chapters/", "differences", "method", "changes")), (
            name
        )
    css = (PROJECT / "cityresearch" / "report" / "assets" / "report.css").read_text(encoding="utf-8")
    assert "http" not in css.replace("http://www.w3.org", "")
    assert "@import" not in css


def test_the_site_is_small(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 15e6


def test_machines_read_the_same_verdicts(site):
    listed = {
        item["claim_id"]: item for item in json.loads((site / "verdicts.json").read_text(encoding="utf-8"))["claims"]
    }
    for claim_id, check in committed().items():
        assert (listed[claim_id]["verdict"], listed[claim_id]["reason"]) == (check.verdict, check.reason)
        page = (site / "claims" / f"{claim_id}.html").read_text(encoding="utf-8")
        review = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
        assert review["@type"] == "ClaimReview"
        rating = review.get("reviewRating", {}).get("alternateName", "open")
        assert rating == check.verdict


def test_every_named_table_and_every_metro_of_the_documents_has_a_page_with_downloads(site):
    from cityresearch.tables.metros import profiled_metros
    from cityresearch.tables.named import NAMED, made

    listed = (site / "tables.html").read_text(encoding="utf-8")
    for name in [name for name in NAMED if name != "city-profile"]:
        assert f'href="tables/{name}.html"' in listed
        for ending in ("csv", "xlsx"):
            assert (site / "tables" / f"{name}.{ending}").is_file()
    (table,) = made(["verdicts-by-basis"])
    page = (site / "tables" / "verdicts-by-basis.html").read_text(encoding="utf-8")
    for row in table.rows:
        assert all(f">{escape(table.text(column, row))}<" in page for column in table.shown("page"))
    assert (site / "tables" / "verdicts.csv").read_bytes() != (site / "results" / "verdicts.csv").read_bytes()
    assert (site / "results" / "verdicts.csv").read_bytes() == (
        PROJECT / "data" / "processed" / "verdicts.csv"
    ).read_bytes()
    cities = (site / "cities.html").read_text(encoding="utf-8")
    metros, year = profiled_metros()
    assert {"Fresno, CA", "Los Angeles-Long Beach-Anaheim, CA"} <= set(metros)
    assert all(f"Profile of {metro}, {year}" in cities for metro in metros)


def test_the_first_page_begins_with_the_counts_and_the_figure_of_the_readme(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    assert lead(committed()) in page
    assert page.index("figures/share-of-state-exports.svg") < page.index("How the verdicts fall")


def test_what_was_found_about_the_notes_is_on_the_page_of_sources(site):
    page = (site / "sources.html").read_text(encoding="utf-8")
    found = [*footnotes.without_entry(), *footnotes.under_two_dates()]
    assert found
    assert all(said in page for said in found)
    assert all(f"Note {note.note_number} of {note.document}" in page for note in footnotes.uncited())


@pytest.fixture(scope="module")
def reported(finished, tmp_path_factory):
    """A copy of the small study with its report, and what the command said."""
    study = shutil.copytree(finished, tmp_path_factory.mktemp("reported") / "study", symlinks=True)
    result = command(study, "report")
    assert result.returncode == 0, result.stderr
    return study, result.stdout


@pytest.mark.long
def test_a_project_without_the_data_of_a_table_says_which_is_not_made(reported):
    site = reported[0] / "build" / "report"
    page = (site / "tables.html").read_text(encoding="utf-8")
    assert 'href="tables/verdicts.html"' in page
    assert "Not made: metro-exports." in page
    assert not (site / "cities.html").exists()


@pytest.mark.long
def test_a_second_build_writes_nothing_and_an_edited_chapter_alone_is_converted(reported):
    study, first = reported
    assert "2 chapters converted" in first
    assert ", 0 files written, 0 chapters converted, 0 tables made" in command(study, "report").stdout
    add_cell(study, "22-state", "print('a new line')")
    assert command(study, "run").returncode == 0
    (study / "build" / "report" / "stray.html").write_text("old")
    assert "1 chapter converted" in command(study, "report").stdout
    assert "a new line" in (study / "build" / "report" / "chapters" / "22-state.html").read_text(encoding="utf-8")
    assert not (study / "build" / "report" / "stray.html").exists()


@pytest.mark.long
def test_a_changed_page_is_restored_and_changed_results_reach_pages_and_the_tables_that_read_them(study):
    total = int(re.search(r"(\d+) tables made", command(study, "report").stdout)[1])
    page = study / "build" / "report" / "sources.html"
    before = page.read_text(encoding="utf-8")
    page.write_text("changed")
    assert ", 1 file written, 0 chapters converted, 0 tables made" in command(study, "report").stdout
    assert page.read_text(encoding="utf-8") == before
    verdicts = study / "data" / "processed" / "verdicts.csv"
    row = next(csv.DictReader(verdicts.read_text(encoding="utf-8").splitlines()))
    verdicts.write_text(verdicts.read_text(encoding="utf-8").replace(row["reason"], "Another reason.", 1))
    said = command(study, "report").stdout
    assert 0 < int(re.search(r"(\d+) tables made", said)[1]) < total
    assert "Another reason." in (study / "build" / "report" / "claims" / f"{row['claim_id']}.html").read_text()


@pytest.mark.long
def test_a_damaged_record_of_an_earlier_build_makes_everything_again(reported):
    study, _ = reported
    made = sorted((study / "build").glob("report-*/*.json"))
    for file in (study / "build" / "report-parts.json", made[0], made[-1]):
        file.write_bytes(file.read_bytes()[:-9])
    done = command(study, "report")
    assert done.returncode == 0 and "table made" in done.stdout, done.stderr
    assert json.loads((study / "build" / "report-parts.json").read_text(encoding="utf-8"))


def test_what_is_missing_or_in_the_way_is_said(study, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    refused = command(study, "report", "--output", tmp_path / "mine")
    assert refused.returncode == 2
    assert "holds files that are not of a report" in refused.stderr
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep"
    for notebook in (study / "build" / "notebooks").iterdir():
        notebook.unlink()
    assert "run cityresearch run first" in command(study, "report").stderr


def test_words_of_a_claim_cannot_become_markup():
    content = Content()
    row = content.rows["C027"]
    content.rows["C027"] = Row(replace(row.item, statement="</script><b>bold</b>"), row.check, row.data)
    made = dict(rendered(content, []))
    for name in ("claims/C027.html", "claims.html"):
        assert b"<b>bold" not in made[name]
        assert b"&lt;b&gt;bold" in made[name]
    assert b"\\u003c/script>" in made["claims/C027.html"]
