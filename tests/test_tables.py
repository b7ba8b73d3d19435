"""Tables for editors: their numbers are those of the results, and each format can be taken as it is."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from functools import cache
from html.parser import HTMLParser

import pytest
from conftest import mostly_long
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import load_workbook

import cityresearch as cr
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import committed
from cityresearch.errors import ParameterError
from cityresearch.measures import goods
from cityresearch.tables import exporting
from cityresearch.tables.exporting import FORMATS
from cityresearch.tables.judged import READINGS
from cityresearch.tables.named import NAMED, made
from cityresearch.tables.table import PAGE, SHEET, Column, Table
from cityresearch.tables.to_latex import escaped

NAMES = [*NAMED, "readings-C027", "readings-M050", "readings-E015", "readings-C041"]
# a table grouped and one not, one across the page, one of many texts, and one of readings; the long tests take all
SHORT = ("metro-exports", "differences", "readings-C027")
TRAPS = ("=1+1", "+3.6 percent", "-44%", "@SUM(A1)", "\ttab")
ODD = r"R&D, 5% of $3 #1 a_b {x} ~ ^ \cmd <b> “q” ’"


@cache
def _content(name: str, file_format: str) -> bytes:
    return exporting.written(made([name])[0], file_format)


def written(table: Table, file_format: str) -> bytes:
    """Return a table in a format; what several tests read is made once."""
    return _content(table.name, file_format) if table.name in NAMES else exporting.written(table, file_format)


class Made(dict):
    """Tables by their names, each made when a test asks for it first."""

    def __missing__(self, name: str) -> Table:
        (self[name],) = made([name])
        return self[name]


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return Made()


@pytest.fixture(scope="module")
def odd() -> Table:
    """A table of texts that a format could take for something else, with numbers of every kind."""
    columns = (
        Column("text", "text & more", width=2),
        Column("part", "part"),
        Column("dollars", "dollars", "number", "USD", decimals=1, scale=10**9, scaled_unit="billion USD"),
        Column("any", "any", "number", unit_in="unit"),
        Column("unit", "unit", only="sheet"),
        Column("source_id", "source", "sources"),
    )
    rows = [
        {"text": t, "part": p, "dollars": -2_549_000_001, "any": v, "unit": u, "source_id": ("carnegie-2026",)}
        for t, p, v, u in [
            *((trap, "first", 2023, "year") for trap in TRAPS),
            (ODD, ODD, 12.346, "percent"),
            ("none", ODD, None, ""),
        ]
    ]
    return Table.of("odd", ODD, columns, rows, notes=(ODD,), head="text", by="part")


def sheet_of(table: Table):
    return load_workbook(io.BytesIO(written(table, "xlsx")))


def cells_of(table: Table) -> dict[str, list]:
    sheet = sheet_of(table)["Table"]
    names = [column.name for column in table.shown(SHEET)]
    return {name: [c.value for c in column[1:]] for name, column in zip(names, sheet.iter_cols(), strict=True)}


def test_the_exports_of_metros_are_those_of_the_data_and_the_five_largest_make_141_billion(tables):
    data = cr.load("metro_exports").reset_index()
    data = data[(data["kind"] == "metro") & (data["state"] == "CA") & (data["year"] == 2023)]
    cells = cells_of(tables["metro-exports"])
    assert cells["exports_usd"] == sorted(data["value_usd"], reverse=True)
    assert cells["sum_usd"][4] == 141_004_904_245
    assert (
        tables["metro-exports"].text(tables["metro-exports"].shown(PAGE)[3], tables["metro-exports"].rows[4])
        == "141.005"
    )


def test_a_product_of_other_counties_is_left_out(tables):
    rows = {row["metro"]: row for row in tables["metro-exports"].rows}
    # Madera is inside Fresno in the exports of 2023, and not in the product
    assert rows["Fresno"]["gdp_usd"] is rows["Fresno"]["percent_of_gdp"] is None
    assert rows["San Diego-Chula Vista-Carlsbad"]["percent_of_gdp"] == pytest.approx(7.295, abs=0.001)


def test_the_readings_are_those_of_the_results(tables):
    for name in ("readings-C027", "readings-M050"):
        committed_rows = committed()[name.removeprefix(READINGS)].readings
        cells = cells_of(tables[name])
        assert [("" if v is None else format(v, ".12g")) for v in cells["value"]] == [
            format(float(r["value"]), ".12g") if r["value"] else "" for r in committed_rows
        ]
        assert [(a or "").replace("; ", ";") for a in cells["sources"]] == [r["sources"] for r in committed_rows]


def test_what_a_source_counts_in_another_unit_keeps_its_unit(tables):
    row = next(r for r in tables["readings-E015"].rows if r["value"] == 33_800_000_000)
    column = next(c for c in tables["readings-E015"].columns if c.name == "value")
    assert (row["unit"], tables["readings-E015"].text(column, row)) == ("USD", "$33.8 billion")


def test_every_claim_has_its_verdict(tables):
    cells, checks = cells_of(tables["verdicts"]), committed()
    assert cells["claim_id"] == list(claims())
    assert cells["verdict"] == [checks[key].verdict for key in claims()]
    printed = {key: item.printed.value for key, item in claims().items() if item.printed is not None}
    assert {k: v for k, v in zip(cells["claim_id"], cells["value"], strict=True) if v is not None} == pytest.approx(
        {k: float(v) for k, v in printed.items()}
    )


def test_the_counts_add_up_and_the_documents_own_words_are_apart(tables):
    cells = cells_of(tables["verdicts-by-basis"])
    assert sum(cells["all"]) == len(committed())
    own = [b for r, b in zip(cells["rests_on"], cells["basis"], strict=True) if "own words" in r]
    assert set(own) == {"text"}
    assert "text" not in [b for r, b in zip(cells["rests_on"], cells["basis"], strict=True) if "own words" not in r]


def test_each_claim_that_differs_comes_with_both_sides_and_what_would_change_it(tables):
    rows = {row["claim_id"]: row for row in tables["differences"].rows}
    assert set(rows) == {key for key, check in committed().items() if check.verdict.startswith("differs")}
    assert all(row["found"] and row["settles"] and row["sources"] for row in rows.values())
    assert not any("{" in row["found"] + row["settles"] for row in rows.values())


def test_table_1_has_the_published_verdict_on_each_row(tables):
    rows, checks = tables["table-1"].rows, committed()
    assert [row["claim_id"] for row in rows] == list(cr.load("mission_table1")["claim_id"])
    assert [row["verdict"] for row in rows] == [checks[row["claim_id"]].verdict for row in rows]


def test_planned_outcomes_are_apart_from_results(tables):
    outcomes = cr.load("mission_outcomes")
    groups = {heading: len(rows) for heading, rows in tables["outcomes"].groups()}
    assert list(groups.values()) == [int((outcomes["status"] == s).sum()) for s in ("confirmed", "reported", "planned")]
    assert "not a result" in list(groups)[-1]


def test_the_profile_is_that_of_the_chapter(tables):
    metro, (exports, titles) = (
        "Los Angeles-Long Beach-Anaheim, CA",
        (cr.load(n) for n in ("metro_exports", "metro_titles")),
    )
    by_year = goods.exports_by_year(exports, titles, metro)
    rows = {row["measure"]: row for row in tables["city-profile"].rows}
    assert rows["goods exports"]["value"] == by_year.at[2023, "value_usd"]
    assert rows["rank among the metros of the country"]["value"] == by_year.at[2023, "rank_us"]
    assert rows["goods exports, 2012"]["value"] == by_year.at[2012, "value_usd"]
    assert rows["foreign-owned firms"]["value"] is None


@pytest.mark.parametrize("name", mostly_long(NAMES, *SHORT))
def test_every_number_has_a_source_that_the_workbook_and_the_pages_list(tables, name):
    table = tables[name]
    counted = ("bodies_for", "bodies_against", "readings_for", "readings_known")
    numbers = [c.name for c in table.columns if c.kind == "number" and c.name not in counted]
    cited = [c.name for c in table.columns if c.kind == "sources"]
    for row in table.rows:
        if any(row[number] is not None for number in numbers):
            assert [s for column in cited for s in row[column] or ()], row
    about = [row for row in sheet_of(table)["About"].iter_rows(values_only=True) if row[0]]
    listed = [row[0] for row in about[[row[0] for row in about].index("Source") + 1 :]]
    assert listed == list(table.sources)
    assert {"Title", "Note", "License"} <= {row[0] for row in about}
    html, docx = written(table, "html").decode(), document_text(table)
    for number, record in enumerate(table.records(), start=1):
        assert f"{number}. {record.citation.rstrip('.')}" in docx
    assert html.count("<li>") == len(table.sources)


def test_a_source_that_is_not_listed_is_refused():
    with pytest.raises(ParameterError, match="lacks the sources of its rows: carnegie-2026"):
        Table("t", "t", (Column("s", "s", "sources"),), ({"s": ("carnegie-2026",)},), (), (), "s")


def test_numbers_in_a_workbook_are_numbers_with_a_format_and_texts_are_no_formulas(odd):
    book = sheet_of(odd)
    sheet = book["Table"]
    assert sheet.freeze_panes == "A2"
    rows = list(sheet.iter_rows(min_row=2))
    for row, trap in zip(rows, TRAPS, strict=False):
        assert (row[0].value, row[0].data_type, row[0].quotePrefix) == (trap, "s", True)
        assert (row[2].value, row[2].number_format) == (-2_549_000_001, "#,##0")
        assert (row[3].value, row[3].number_format) == (2023, "0")
    assert (rows[-2][3].value, rows[-2][3].number_format) == (12.346, "#,##0.00")
    assert rows[-1][3].value is None
    with zipfile.ZipFile(io.BytesIO(written(odd, "xlsx"))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_csv_is_tidy_and_runs_nothing(odd):
    rows = list(csv.DictReader(io.StringIO(written(odd, "csv").decode("utf-8"))))
    assert [row["text"] for row in rows[: len(TRAPS)]] == [f"'{trap}" for trap in TRAPS]
    assert {row["dollars"] for row in rows} == {"-2549000001"}
    assert {row["source_id"] for row in rows} == {"carnegie-2026"}
    assert rows[-2]["text"] == ODD


def document_text(table: Table) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(written(table, "docx"))).paragraphs)


@pytest.mark.parametrize("name", mostly_long(NAMES, *SHORT))
def test_a_document_has_every_row_under_a_head_that_is_repeated(tables, name):
    table = tables[name]
    document = Document(io.BytesIO(written(table, "docx")))
    title, (real,) = document.paragraphs[0], document.tables
    assert (title.text, title.style.name) == (table.title, "Caption")
    texts = [[cell.text for cell in row.cells] for row in real.rows]
    columns = table.shown(PAGE)
    expected = [[column.title(PAGE) for column in columns]]
    for heading, rows in table.groups():
        expected += [[heading] * len(columns)] if table.by else []
        expected += [[table.text(column, row) for column in columns] for row in rows]
    assert texts == expected
    assert real.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [p.text for p in document.paragraphs if p.text.startswith(("Note. ", "Sources. ", "License. "))]
    section = document.sections[0]
    assert (section.orientation == WD_ORIENT.LANDSCAPE) == table.is_wide()
    room = section.page_width - section.left_margin - section.right_margin
    assert sum(cell.width for cell in real.rows[0].cells) == pytest.approx(room, rel=0.001)


def test_a_wide_table_lies_across_the_page_and_a_narrow_one_does_not(tables):
    assert tables["table-1"].is_wide()
    assert not tables["metro-exports"].is_wide()


class Page(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen, self.stack, self.words = [], [], {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.stack.append(tag)

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.stack:
            self.words.setdefault(self.stack[-1], []).append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.seen if name == tag]


@pytest.mark.parametrize("name", mostly_long(NAMES, *SHORT))
def test_a_page_can_be_heard(tables, name):
    table, page = tables[name], Page(written(tables[name], "html").decode())
    assert page.stack == []
    assert page.all("html")[0]["lang"] == "en-US"
    assert "".join(page.words["title"]) == "".join(page.words["caption"]) == table.title
    assert len(page.all("caption")) == len(page.all("table")) == len(page.all("main")) == 1
    heads = page.all("th")
    assert all(head.get("scope") in ("col", "row", "colgroup") for head in heads)
    assert len([h for h in heads if h["scope"] == "row"]) == len(table.rows)
    assert len([h for h in heads if h["scope"] == "col"]) >= len(table.shown(PAGE))
    ids = [attrs["id"] for _, attrs in page.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {i for cell in page.all("td") for i in cell.get("headers", "").split()} <= set(ids)
    assert all(link["href"].startswith("http") for link in page.all("a"))


def test_a_text_is_never_markup_on_a_page(odd):
    text = written(odd, "html").decode()
    assert "<b>" not in text
    page = Page(text)
    assert ODD in page.words["td"] + page.words["th"]
    assert "\N{MINUS SIGN}2.5" in page.words["td"]
    assert "12.35%" in "".join(page.words["td"])


@pytest.mark.parametrize("name", mostly_long([*NAMES, "odd"], *SHORT, "odd"))
def test_no_character_of_a_text_is_a_command_of_latex(tables, odd, name):
    table = odd if name == "odd" else tables[name]
    text = written(table, "latex").decode()
    body = re.sub(r"^%.*\n", "", text, flags=re.MULTILINE)
    body = re.sub(r"\\url\{[^{}\\ ]*\}", "", body)
    start, end = body.index(r"\caption{"), body.index(r"\end{longtable}")
    assert not re.search(r"(?<!\\)[%#_]", re.sub(r"\\label\{[\w-]+\}", "", body[start:]))
    assert not re.search(r"(?<!\\)\$(?!(-|\\times)\$|$)", re.sub(r"\$(-|\\times)\$", "", body[start:]))
    assert not re.search(r"(?<!\\)&", body[end:])
    assert len(re.findall(r"(?<!\\)\{", body)) == len(re.findall(r"(?<!\\)\}", body))
    assert re.findall(r"\\begin\{(\w+)\}", body) == re.findall(r"\\end\{(\w+)\}", body)[::-1]
    rows = re.split(r"\\\\\*?(?=\n)", body[body.index(r"\endlastfoot") + len(r"\endlastfoot") : end])
    columns = len(table.shown(PAGE))
    cells = [len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows if row.strip() and "multicolumn" not in row]
    assert set(cells) == {columns}
    assert len(cells) == len(table.rows)


def test_a_text_in_latex_says_what_it_said():
    names = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">"}
    back = re.sub(r"\\(text\w+)\{\}", lambda m: names[m[1]] if m[1] != "textbackslash" else "\0", escaped(ODD))
    assert re.sub(r"\\([&%$#_{}])", r"\1", back).replace("\0", "\\") == ODD


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_format_has_the_same_bytes_every_time_and_no_day_of_its_making(tables, file_format):
    content = exporting.written(tables["table-1"], file_format)
    assert content == exporting.written(made(["table-1"])[0], file_format)
    if file_format in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = archive.read("docProps/core.xml").decode()
        assert "dcterms:created" not in core
        assert "dcterms:modified" not in core
        assert "cityresearch" in core
