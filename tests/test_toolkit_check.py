"""The check of an office's workbook: each fault by sheet, row and column, and what is read as it was meant."""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from datetime import date
from pathlib import Path

import office_books
import pytest
from office_books import EVENT, TODAY, VISIT, outcome, saved, workbook

from cityresearch.errors import DataError
from cityresearch.toolkit import cells
from cityresearch.toolkit.layout import SHEETS
from cityresearch.toolkit.rules import checked_book

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import office_example


def faults(path: Path) -> list[str]:
    return [str(fault) for fault in checked_book(path, TODAY).faults]


def only(path: Path) -> str:
    found = faults(path)
    assert len(found) == 1, found
    return found[0]


JOBS = outcome("jobs", 40, "jobs")


@pytest.mark.parametrize(
    ("sheet", "row", "where", "words"),
    [
        ("outcomes", JOBS | {"status": "Reportd"}, "column K (Status)", "found 'Reportd', .*did you mean 'reported'\\?$"),
        ("outcomes", JOBS | {"measure": "Job created"}, "column F (Measure)", "found 'Job created', expected one of the 22"),
        ("outcomes", JOBS | {"date": "03/04/2026"}, "column I (Date)", "2026-03-04 or 2026-04-03.*such as 2026-03-14"),
        ("outcomes", JOBS | {"date": "March 2026"}, "column I (Date)", "a day and not a longer time"),
        ("outcomes", JOBS | {"date": "3/14/26"}, "column I (Date)", "four digits"),
        ("outcomes", JOBS | {"date": 2026}, "column I (Date)", "a day and not a year"),
        ("outcomes", JOBS | {"date": "30 February 2026"}, "column I (Date)", "a day of the calendar"),
        ("outcomes", JOBS | {"value": "15%"}, "column G (Value)", "write 15 as a number, and choose percent in the column Unit"),
        ("outcomes", JOBS | {"value": "about 40"}, "column G (Value)", "write 40, and put the words in the column Note"),
        ("outcomes", JOBS | {"value": "1.200"}, "column G (Value)", "could be 1.2 or 1200"),
        ("outcomes", JOBS | {"value": "2.5 million"}, "column G (Value)", "write 2500000"),
        ("outcomes", JOBS | {"value": "€1,200"}, "column G (Value)", "write 1200, and choose EUR in the column Unit"),
        ("outcomes", JOBS | {"value": "12,5"}, "column G (Value)", "write 12.5"),
        ("outcomes", JOBS | {"value": "=1+1"}, "column G (Value)", "the formula '=1\\+1', which has no stored value"),
        ("outcomes", JOBS | {"value": "#REF!"}, "column G (Value)", "the error '#REF!'"),
        ("outcomes", JOBS | {"value": -3}, "column G (Value)", "expected 0 or more jobs"),
        ("outcomes", JOBS | {"unit": None}, "column H (Unit)", "choose what it counts"),
        ("outcomes", JOBS | {"unit": "USD"}, "column H (Unit)", "expected jobs"),
        ("outcomes", JOBS | {"country": "Germny"}, "column J (Country)", "did you mean Germany\\?$"),
        ("outcomes", JOBS | {"country": "Atlantis"}, "column J (Country)", "not a country that we know: write"),
        ("outcomes", JOBS | {"status": "confirmed"}, "column K (Status)", "without an evidence address"),
        ("outcomes", JOBS | {"date": date(2026, 12, 1)}, "column K (Status)", "choose 'planned'"),
        ("outcomes", JOBS | {"began": date(2026, 4, 1)}, "column I (Date)", "before 2026-04-01 in the column Work began"),
        ("outcomes", JOBS | {"follows": "IN-9"}, "column C (Follows from)", "the ID of no row"),
        ("outcomes", JOBS | {"outcome": None}, "column B (Outcome)", "found nothing"),
        ("outcomes", JOBS | {"outcome": "A\u200bB"}, "column B (Outcome)", "U\\+200B"),
        ("outcomes", JOBS | {"cost": 5}, "column Q (Cost currency)", "choose its currency"),
        ("events", EVENT | {"people": -4}, "column F (People)", "0 or more"),
        ("events", EVENT | {"people": 4.5}, "column F (People)", "a whole number"),
        ("events", EVENT | {"people": 4, "people_abroad": 9}, "column G (People from abroad)", "more than the 4"),
        ("events", EVENT | {"end": date(2026, 3, 1)}, "column C (End date)", "before 2026-03-02"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_sheet_row_column_and_remedy(tmp_path, sheet, row, where, words):
    said = only(saved(tmp_path / "o.xlsx", {sheet: [row]}))
    assert said.startswith(f"sheet {sheet}, row 2, {where}: "), said
    assert re.search(words, said.removesuffix(".")), said


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("date", "14 March 2026", date(2026, 3, 14)),
        ("date", "March 14th, 2026", date(2026, 3, 14)),
        ("date", "03/25/2026", date(2026, 3, 25)),
        ("date", "25.03.2026", date(2026, 3, 25)),
        ("date", "2026/3/5", date(2026, 3, 5)),
        ("date", "05/05/2026", date(2026, 5, 5)),
        ("value", "1,200", 1200),
        ("value", "$1,200,000", 1200000),
        ("status", "Reported ", "reported"),
        ("country", "USA, Viet Nam", ("United States", "Vietnam")),
    ],
)
def test_what_can_mean_one_thing_only_is_read_so(tmp_path, column, typed, meant):
    row = outcome("foreign_investment", 5, "USD") | {column: typed}
    book = checked_book(saved(tmp_path / "o.xlsx", {"outcomes": [row]}), TODAY)
    assert (book.faults, book.rows["outcomes"][0][column]) == ([], meant)
    assert len(book.read_as) == 1 and repr(typed.strip()) in str(book.read_as[0])


def test_a_percentage_is_its_number_where_the_unit_is_percent(tmp_path):
    book = workbook({"outcomes": [outcome("tourism", 0.045, "percent"), outcome("tourism", "7%", "percent")]})
    book["outcomes"].cell(2, office_books.place("outcomes", "value")).number_format = "0.0%"
    book.save(tmp_path / "o.xlsx")
    found = checked_book(tmp_path / "o.xlsx", TODAY)
    assert [row["value"] for row in found.rows["outcomes"]] == [4.5, 7]
    assert found.faults == []
    book["outcomes"].cell(2, office_books.place("outcomes", "unit")).value = "visitors"
    book.save(tmp_path / "o.xlsx")
    assert "'4.5%', a percentage, where the unit is visitors" in only(tmp_path / "o.xlsx")


def test_a_formula_is_a_fault_with_its_last_value_too(tmp_path):
    path = saved(tmp_path / "o.xlsx", {"outcomes": [JOBS | {"value": "=20+20"}]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(
                name,
                part.replace(b"<f>20+20</f><v />", b"<f>20+20</f><v>40</v>").replace(
                    b"<f>20+20</f><v></v>", b"<f>20+20</f><v>40</v>"
                ),
            )
    assert "the formula '=20+20', whose last value is '40'" in only(path)


def test_sheets_headings_rows_and_columns_that_are_not_as_made_are_named(tmp_path):
    book = workbook({"outcomes": [JOBS, outcome("jobs", 2, "jobs")], "events": [EVENT], "stories": []})
    book["outcomes"].title = "Outcome"
    book["events"]["D1"] = "Name of event"
    book["events"].row_dimensions[2].hidden = True
    book["events"].column_dimensions["B"].hidden = True
    book["events"].sheet_state = "hidden"
    book["events"]["P1"] = "Weather"
    book.save(tmp_path / "o.xlsx")
    found = checked_book(tmp_path / "o.xlsx", TODAY)
    said = "\n".join(map(str, found.faults))
    assert "sheet Outcome: no sheet of the template has this name: rename it to 'outcomes'." in said
    assert "sheet events, row 1, column D: found the heading 'Name of event', expected 'Event': rename it." in said
    assert "sheet events: the sheet is hidden" in said
    assert "sheet events, row 2: the row is hidden" in said
    assert "sheet events, row 1, column B (Start date): the column is hidden" in said
    assert [str(note) for note in found.notes] == [
        "sheet events, row 1, column P: 'Weather' is not a column of the template and was not read."
    ]


def test_a_needed_heading_that_is_gone_is_named(tmp_path):
    book = workbook({"events": [EVENT]})
    book["events"].delete_cols(office_books.place("events", "status"))
    book.save(tmp_path / "o.xlsx")
    assert only(tmp_path / "o.xlsx").startswith("sheet events, row 1: the column 'Status' is missing")


def test_rows_above_the_headings_do_no_harm(tmp_path):
    book = workbook({"events": [EVENT]})
    book["events"].insert_rows(1, 2)
    book["events"]["A1"] = "Our year"
    book.save(tmp_path / "o.xlsx")
    found = checked_book(tmp_path / "o.xlsx", TODAY)
    assert (found.faults, [row.line for row in found.rows["events"]]) == ([], [4])


def test_merged_cells_are_named_once(tmp_path):
    book = workbook({"delegations in": [VISIT, VISIT | {"purpose": "More talks", "country": None}]})
    book["delegations in"].merge_cells("D2:D3")
    book.save(tmp_path / "o.xlsx")
    assert "column D (Country of origin): found the merged cells D2:D3" in only(tmp_path / "o.xlsx")


def test_a_row_that_occurs_twice_is_named_with_the_other(tmp_path):
    rows = [VISIT | {"id": "A"}, VISIT | {"id": "B"}]
    assert "row 3: the row says the same as row 2" in only(saved(tmp_path / "o.xlsx", {"delegations in": rows}))
    twice = {"delegations in": [VISIT | {"id": "A"}], "events": [EVENT | {"id": "a"}]}
    assert "which row 2 of the sheet delegations in has too" in only(saved(tmp_path / "o.xlsx", twice))


def test_an_objective_has_at_most_four_measures_and_is_on_the_sheet_of_the_office(tmp_path):
    names = ("jobs", "inquiries", "export_deals", "students")
    rows = [
        outcome(name, 1, unit, objective="Trade")
        for name, unit in zip(names, ("jobs", "inquiries", "deals", "students"), strict=True)
    ]
    assert faults(saved(tmp_path / "o.xlsx", {"outcomes": rows})) == []
    fifth = outcome("air_routes", 1, "routes", objective="Trade")
    assert "a measure more than 4 for the objective 'Trade'" in only(
        saved(tmp_path / "o.xlsx", {"outcomes": [*rows, fifth]})
    )
    office = [{"item": "Objective 1", "answer": "Trade with Asia"}]
    typo = {"office": office, "outcomes": [JOBS | {"objective": "Trade wiht Asia"}]}
    assert "did you mean Trade with Asia?" in only(saved(tmp_path / "o.xlsx", typo))


def test_an_edited_value_does_not_pass_as_public_data(tmp_path):
    from cityresearch.toolkit.public import public_inventory

    rows = public_inventory("Savannah")[1]
    office = [{"item": "Place", "answer": "Savannah"}]
    assert faults(saved(tmp_path / "o.xlsx", {"office": office, "inventory": rows})) == []
    first = next(n for n, row in enumerate(rows) if row["filled_by"] == "public data")
    rows[first]["value"] = rows[first]["value"] + 1
    said = only(saved(tmp_path / "o.xlsx", {"office": office, "inventory": rows}))
    assert (
        said.startswith(f"sheet inventory, row {first + 2}, column H (Filled by): found 'public data'")
        and "choose 'the office'" in said
    )


def test_a_workbook_of_two_sheets_works_and_an_empty_one_says_what_it_lacks(tmp_path):
    assert faults(saved(tmp_path / "o.xlsx", {"delegations out": [VISIT], "outcomes": [JOBS]})) == []
    from openpyxl import Workbook

    Workbook().save(tmp_path / "empty.xlsx")
    assert only(tmp_path / "empty.xlsx").startswith("found no sheet of the template (the sheets are Sheet)")


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "is text, such as CSV, and not a workbook although its name ends in .xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "Excel 97-2003 workbook (XLS): open it .* and save it as XLSX"),
        (encrypted(), "protected by a password"),
        (b"%PDF-1.7 ...", "is a PDF and not a workbook"),
        (b"PK\x03\x04 broken", "breaks off or is damaged"),
        (bytes(range(256)) * 9, "is a binary file"),
    ],
)
def test_what_is_no_workbook_is_said_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "o.xlsx"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        checked_book(path, TODAY)
    assert re.search(words.replace("(", "\\(").replace(")", "\\)"), str(caught.value)), caught.value


def test_a_file_that_is_gone_a_folder_and_a_pipe_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")
    for path, words in (
        (tmp_path / "none.xlsx", "is not there"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe.xlsx", "is a pipe"),
    ):
        with pytest.raises(DataError, match=words):
            checked_book(path, TODAY)


def test_a_huge_workbook_is_refused_by_its_filled_cells(tmp_path, monkeypatch):
    path = saved(tmp_path / "o.xlsx", {"outcomes": [JOBS] * 20})
    monkeypatch.setattr(cells, "MOST_FILLED", 60)
    with pytest.raises(DataError, match=r"sheet outcomes, row .*more than 60 filled cells"):
        checked_book(path, TODAY)


def test_an_invented_office_mends_its_book(tmp_path):
    (tmp_path / "filled.xlsx").write_bytes(office_example.saved(office_example.as_filled()))
    (tmp_path / "mended.xlsx").write_bytes(office_example.saved(office_example.mended()))
    said = "\n".join(faults(tmp_path / "filled.xlsx"))
    assert faults(tmp_path / "mended.xlsx") == []
    for row_id_column in office_example.SLIPS:
        sheet, row_id, column, typed = row_id_column
        line = 3 + [row["id"] for row in office_example.ROWS[sheet]].index(row_id)
        heading = next(c.heading for c in SHEETS[sheet].columns if c.name == column)
        named = f"sheet {sheet}, row {line}, column" in said
        read_as_meant = typed in ("10 March 2025", "$61,500", "reported ", "S. Korea")
        assert named or read_as_meant, (sheet, line, heading)


@pytest.mark.parametrize(
    ("name", "made"),
    [("mended", office_example.mended), pytest.param("as-filled", office_example.as_filled, marks=pytest.mark.long)],
)
def test_the_example_in_the_repository_is_the_one_that_the_script_makes(name, made):
    from openpyxl import load_workbook

    stored = load_workbook(office_example.FOLDER / f"{name}.xlsx")
    fresh = load_workbook(io.BytesIO(office_example.saved(made())))
    for sheet in fresh:
        values = [[cell.value for cell in row] for row in sheet.iter_rows()]
        kept = [[cell.value for cell in row] for row in stored[sheet.title].iter_rows()]
        assert kept == values, f"{name}.xlsx, sheet {sheet.title}: run tools/office_example.py"


def test_the_page_quotes_what_the_check_says():
    said = (office_example.FOLDER / "what-check-says.txt").read_text(encoding="utf-8").splitlines()
    page = (Path(__file__).parents[1] / "docs" / "toolkit.md").read_text(encoding="utf-8").splitlines()
    quoted = [line for line in page if line.startswith(("Read as meant:",)) or re.match(r"\d+\. sheet ", line)]
    assert len(quoted) > 5 and [line for line in quoted if line not in said] == []
    filled = checked_book(office_example.FOLDER / "as-filled.xlsx", office_example.AS_OF)
    listed = [line for line in said if re.match(r"\d+\. ", line)]
    assert listed == [f"{n}. {fault}" for n, fault in enumerate(filled.faults, start=1)]
