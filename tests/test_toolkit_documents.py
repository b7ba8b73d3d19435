"""The documents of an office: all or none, neutral whatever the book says, and nothing of it in the project's own data."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch, mostly_long
from office_books import VISIT, outcome, saved

from cityresearch.toolkit import printing
from cityresearch.toolkit.rules import checked_book

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "formula": "=HYPERLINK(\"https://example.org\",\"x\")",
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "plus": "+1+1",
    "math": "$\\frac{1}{2}$ and $$x$$",
    "prose": "**bold** [a](javascript:alert(1)) # head",
    "template": "{{ 7 * 7 }} {% raw %}",
}  # fmt: skip
DAY = "2026-06-30"


def hostile(path: Path) -> Path:
    from office_books import workbook

    rows = {
        "office": [{"item": "Name of the office", "answer": HOSTILE["script"]}, {"item": "Objective 1", "answer": HOSTILE["plus"]}],
        "inventory": [
            {"row": "innovation strengths", "item": text, "value": text, "source": text, "note": text, "filled_by": "the office"}
            for text in HOSTILE.values()
        ],
        "delegations in": [VISIT | {"purpose": text, "evidence": "javascript:alert(1)"} for text in HOSTILE.values()],
        "outcomes": [outcome("jobs", n, "jobs", outcome=text, owner=text, objective=HOSTILE["plus"]) for n, text in enumerate(HOSTILE.values(), 1)],
        "stories": [{"title": text, "story": text, "told_by": text, "printed": "yes", "date": date(2026, 5, 1)} for text in HOSTILE.values()],
    }  # fmt: skip
    book = workbook(rows)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    cell.data_type, cell.quotePrefix = "s", True
    book.save(path)
    return path


def digest(folder: Path) -> str:
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(n.relative_to(folder)).encode() + n.read_bytes() for n in names)).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The documents of a book full of markup, made without a browser."""
    folder = tmp_path_factory.mktemp("office")
    book = hostile(folder / "o.xlsx")
    before = {name: digest(PROJECT / name) for name in ("data/raw", "data/processed", "figures", "notebooks")}
    done = cityresearch(
        "toolkit", "scorecard", book, "--output", folder / "out", "--as-of", DAY, CITYRESEARCH_BROWSER="none-such"
    )
    after = {name: digest(PROJECT / name) for name in before}
    return folder / "out", done, before, after


def test_the_documents_are_made_and_the_projects_own_data_are_as_they_were(made):
    folder, done, before, after = made
    assert done.returncode == 0, done.stderr
    assert before == after
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    for name in ("brief", "scorecard", "profile", "quarterly-return"):
        assert {f"{name}.html", f"{name}.xlsx", f"notebooks/{name}.ipynb"} <= names
    assert {
        "figures/office-scorecard.svg",
        "figures/office-scorecard.txt",
        "tables/scorecard.csv",
        "tables/entries.csv",
    } <= names
    assert "2 of 22 measures have a figure" in done.stdout


def test_without_a_browser_one_line_says_how_to_get_pdfs(made):
    folder, done, *_ = made
    told = [line for line in done.stdout.splitlines() if "PDF" in line]
    assert len(told) == 1 and "no browser was found: install Chromium or Chrome" in told[0]
    assert not list(folder.rglob("*.pdf"))


def test_nothing_of_a_book_runs_on_a_page(made):
    from lxml import html

    folder = made[0]
    for page in sorted(folder.glob("*.html")):
        text = page.read_text(encoding="utf-8")
        tree = html.fromstring(text.encode())
        assert "default-src 'none'" in text
        assert tree.xpath("//script | //img | //iframe | //object | //form") == []
        assert [a for e in tree.iter() if isinstance(e.tag, str) for a in e.attrib if a.startswith("on")] == []
        assert [a for a in tree.xpath("//@href") if not a.startswith(("https://", "http://", "#"))] == []
    told = html.fromstring((folder / "scorecard.html").read_bytes()).text_content()
    for text in HOSTILE.values():
        assert " ".join(text.split()) in " ".join(told.split()), text


def test_nothing_of_a_book_runs_in_a_spreadsheet(made):
    from openpyxl import load_workbook

    folder = made[0]
    seen = 0
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f", (path, sheet.title, cell.coordinate)
                seen += isinstance(cell.value, str) and cell.value.startswith(("=", "+", "@"))
    assert seen > 5
    for path in sorted((folder / "tables").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            assert [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "@", "\t"))] == []


def test_a_book_with_faults_makes_nothing_and_says_which(tmp_path):
    book = saved(tmp_path / "o.xlsx", {"outcomes": [outcome("jobs", -1, "jobs")]})
    checked = cityresearch("toolkit", "check", book, "--as-of", DAY)
    assert checked.returncode == 1
    assert (
        "1. sheet outcomes, row 2, column G (Value): found -1" in checked.stdout and "1 fault to mend" in checked.stdout
    )
    done = cityresearch("toolkit", "scorecard", book, "--output", tmp_path / "out", "--as-of", DAY)
    assert (
        done.returncode == 2 and "has a fault, so nothing was made" in done.stderr and "row 2, column G" in done.stderr
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("where", mostly_long(["data/raw", "figures/office", "notebooks"], "data/raw"))
def test_no_output_goes_among_the_projects_own_files(tmp_path, where):
    book = saved(tmp_path / "o.xlsx", {"outcomes": [outcome("jobs", 1, "jobs")]})
    done = cityresearch("toolkit", "scorecard", book, "--output", PROJECT / where, "--as-of", DAY)
    assert done.returncode == 2 and "the project's own files" in done.stderr


def test_a_template_is_the_same_every_time_and_offers_what_a_cell_may_hold(tmp_path):
    from openpyxl import load_workbook

    from cityresearch.toolkit.layout import SHEETS
    from cityresearch.toolkit.template import template

    made = tmp_path / "made.xlsx"
    done = cityresearch("toolkit", "template", "--place", "savannah", "--output", made)
    assert done.returncode == 0 and "Savannah, GA" in done.stdout, done.stderr
    assert template("Savannah")[0] == made.read_bytes()
    book = load_workbook(made)
    assert book.sheetnames == ["help", *SHEETS, "lists"]
    for name, layout in SHEETS.items():
        offered = {
            r.split(":")[0] for rule in book[name].data_validations.dataValidation for r in str(rule.sqref).split()
        }
        wanted = [place for place, column in enumerate(layout.columns, start=1) if column.kind == "choice"]
        assert {book[name].cell(2, place).coordinate for place in wanted} <= offered
        assert book[name].freeze_panes == "B2"
    marked = [row for row in book["inventory"].iter_rows(min_row=2, values_only=True) if row[7] == "public data"]
    assert marked and all(row[2] is not None and row[5] for row in marked)
    checked = checked_book(made, date.fromisoformat(DAY))
    assert (checked.faults, checked.examples) == ([], 6)


def test_an_example_row_that_was_written_over_is_named(tmp_path):
    from openpyxl import load_workbook

    from cityresearch.toolkit.template import template

    book = load_workbook(io.BytesIO(template("Savannah")[0]))
    book["events"]["D2"] = "Our own forum"
    book.save(tmp_path / "o.xlsx")
    (said,) = map(str, checked_book(tmp_path / "o.xlsx", date.fromisoformat(DAY)).faults)
    assert said.startswith(
        "sheet events, row 2, column D (Event): found 'Our own forum' in the row that is marked EXAMPLE"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--place", "Huston", "--output", "o.xlsx"), "did you mean Houston"),
        (("--place", "Houston", "--output", "o.csv"), "ends in .xlsx"),
        (("--place", "Houston", "--output", "."), "ends in .xlsx"),
    ],
)
def test_a_template_that_cannot_be_is_refused_in_a_sentence(tmp_path, arguments, words):
    done = cityresearch("toolkit", "template", *arguments[:3], tmp_path / arguments[3])
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") <= 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.skipif(not printing.browser(), reason="no browser")
def test_a_brief_has_two_letter_pages_however_long_the_texts_are(tmp_path):
    long = "A sentence that goes on about the harbor and its many visitors. " * 30
    rows = {
        "office": [{"item": "Name of the office", "answer": "The Office of " + "Very " * 40 + "Long Names"}],
        "outcomes": [
            outcome(name, 123456789, unit, outcome=long[:400], target=987654321, began=date(2024, 1, 1))
            for name, unit in (
                ("jobs", "jobs"), ("foreign_investment", "USD"), ("inquiries", "inquiries"), ("students", "students"), ("tourism", "visitors"),
                ("export_deals", "deals"), ("media", "USD"), ("grants", "EUR"), ("air_routes", "routes"), ("climate", "tons CO2"),
                ("sister_ties", "projects"), ("resilience", "policies"), ("pride", "people"),
            )
        ]
        + [outcome("jobs", n, "jobs", outcome=f"{n} {long[:300]}", status="planned", date=date(2027, 1, n)) for n in range(1, 9)],
        "stories": [{"title": long[:300], "story": long, "told_by": "A person", "printed": "yes", "date": date(2026, 5, n)} for n in (1, 2, 3)],
    }  # fmt: skip
    book = saved(tmp_path / "o.xlsx", rows)
    done = cityresearch("toolkit", "scorecard", book, "--output", tmp_path / "out", "--as-of", DAY)
    assert done.returncode == 0, done.stderr
    pdf = (tmp_path / "out" / "brief.pdf").read_bytes()
    assert printing.page_count(pdf) == 2
    assert b"/MediaBox [0 0 612 792]" in pdf
    assert "pages and not 2" not in done.stdout


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbooks(tmp_path, made):
    path = tmp_path / "template.xlsx"
    cityresearch("toolkit", "template", "--place", "Savannah", "--output", path)
    for book in (path, *sorted(made[0].glob("*.xlsx"))):
        home = f"-env:UserInstallation=file://{tmp_path}/profile"
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path / "pdf", book],
            check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(tmp_path)},
        )  # fmt: skip
        assert (tmp_path / "pdf" / f"{book.stem}.pdf").stat().st_size > 5_000


def test_columns_of_a_workbook_and_a_csv_are_in_the_order_of_the_page(made):
    from openpyxl import load_workbook

    from cityresearch.toolkit.views import SCORECARD

    sheet = load_workbook(made[0] / "scorecard.xlsx")["scorecard"]
    assert [cell.value for cell in sheet[1]] == list(SCORECARD.values())
    with (made[0] / "tables" / "scorecard.csv").open(newline="", encoding="utf-8") as file:
        assert next(csv.reader(file)) == list(SCORECARD)


@pytest.mark.long
def test_a_template_is_not_written_over_another_file_unless_asked(tmp_path):
    from cityresearch.toolkit.template import template

    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"mine")
    done = cityresearch("toolkit", "template", "--place", "Savannah", "--output", path)
    assert (done.returncode, path.read_bytes()) == (2, b"mine") and "--overwrite" in done.stderr
    assert cityresearch("toolkit", "template", "--place", "Savannah", "--output", path, "--overwrite").returncode == 0
    assert path.read_bytes() == template("Savannah")[0]
