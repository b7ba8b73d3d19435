"""Imports of workbooks: a cell that has no value of its own is named with its address, and nothing is lost in silence."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import publishers as p
import pytest

from cityresearch.datasets.importers import importing, reading
from cityresearch.errors import DataError

LA, YUMA = "Los Angeles-Long Beach-Anaheim, CA", "Yuma, AZ"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(p.small_project(tmp_path)))
    return tmp_path


def plan(content: bytes, name: str = "metro_exports", source: str = "ita-metro-2005-2023", **options) -> importing.Plan:
    return importing.plan_content(content, "a.xlsx", name, source, importing.NewSource(), importing.Options(**options))


def crosstab(change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    """Return the metro crosstab as a workbook with numbers in D2 to E6, changed as asked; row 5 is Yuma, column F is 2024."""
    book = openpyxl.load_workbook(io.BytesIO(p.as_xlsx({"Sheet": p.ita()})))
    change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def edited(content: bytes, **parts: tuple[str, str]) -> bytes:
    """Return a workbook whose parts, named by their file, have one text replaced."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            pair = parts.get(Path(name).stem)
            if pair:
                assert pair[0].encode() in data, (name, data[:3000])
                data = data.replace(pair[0].encode(), pair[1].encode())
            new.writestr(name, data)
    return result.getvalue()


def formulas(book: openpyxl.Workbook) -> None:
    for line in range(2, 6):
        book["Sheet"][f"F{line}"] = f"=E{line}*1.02"


def test_a_year_of_formulas_without_stored_values_is_refused_with_every_address(here):
    with pytest.raises(DataError) as error:
        plan(crosstab(formulas))
    message = str(error.value)
    assert "a.xlsx, sheet Sheet: found 4 cells without a value of their own, F2 (=E2*1.02), F3 (=E3*1.02)" in message
    assert "open the workbook in Excel or LibreOffice" in message and "\n" not in message


def test_formulas_with_stored_values_are_read_as_these(here):
    content = crosstab(formulas)
    whole = re.sub(
        r"(<f>[^<]*</f>)<v(?: ?/>|></v>)",
        r"\1<v>59000000000</v>",
        zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode(),
    )
    parts = {n: zipfile.ZipFile(io.BytesIO(content)).read(n) for n in zipfile.ZipFile(io.BytesIO(content)).namelist()}
    stored = p.as_zip(parts | {"xl/worksheets/sheet1.xml": whole.encode()})
    assert [row["value_usd"] for row in plan(stored).changes.added] == ["59000000000"] * 4
    # a writer that stores 0 for every formula and leaves the sums to whoever opens the workbook
    zeros = p.as_zip(parts | {"xl/worksheets/sheet1.xml": whole.replace("<v>59000000000</v>", "<v>0</v>").encode()})
    assert b"fullCalcOnLoad" in parts["xl/workbook.xml"]
    with pytest.raises(DataError, match=r"found 4 cells without a value of their own, F2 \(=E2\*1\.02\)"):
        plan(zeros)


def set_cells(**cells: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for cell, value in cells.items():
            book["Sheet"][cell] = value

    return change


def merge(*ranges: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for cells in ranges:
            book["Sheet"].merge_cells(cells)

    return change


REFUSED = {
    "a formula for a year": (set_cells(F1="=E1+1"), r"F1 \(=E1\+1\)"),
    "a formula for a title": (set_cells(A3="=A2"), r"A3 \(=A2\)"),
    "one formula far down": (set_cells(E6="=SUM(E2:E5)"), r"found 1 cell .* E6 \(=SUM\(E2:E5\)\)"),
    "an error value": (set_cells(E3="#N/A"), "row 3, column 2023: found '#N/A', expected a number"),
    "an error of a reference": (set_cells(E3="#REF!"), "found '#REF!', expected a number"),
    "values merged across": (merge("D3:E3"), r"E3 \(merged into D3:E3\)"),
    "values merged down": (merge("E3:E4"), r"E4 \(merged into E3:E4\)"),
    "titles merged down": (merge("A3:A4"), r"A4 \(merged into A3:A4\)"),
    "years merged across": (merge("E1:F1"), r"F1 \(merged into E1:F1\)"),
    "a date for a year": (set_cells(F1=datetime.date(2024, 1, 1)), "column 2024-01-01: found a column that the crosstab does not have"),
    "a date as a number for a year": (set_cells(F1=45292), "column 45292: found a column that the crosstab does not have"),
    "a date for a value": (set_cells(E3=datetime.date(2024, 1, 1)), "row 3, column 2023: found '2024-01-01', expected a number"),
    "a truth for a value": (set_cells(E3=True), "row 3, column 2023: found 'TRUE', expected a number"),
    "a text for a value": (set_cells(E3="n.a. (see note)"), "found 'n.a. .see note.', expected a number"),
    "a title of invisible characters": (set_cells(A3="Los Angeles\u200b-Long Beach-Anaheim, CA"), r"cell A3, row 3: found the invisible character U\+200B"),
    "a cell in the last column": (set_cells(XFD1048576=1), r"cell XFD1048576: found '1' in column 16,384, expected at most 2,000 columns"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_cell_that_is_needed_and_has_no_value_is_named(case, here):
    change, sentence = REFUSED[case]
    with pytest.raises(DataError, match=sentence) as error:
        plan(crosstab(change))
    assert "\n" not in str(error.value)


def preamble(book: openpyxl.Workbook) -> None:
    book["Sheet"].insert_rows(1, 2)
    book["Sheet"]["A1"] = "Exports of metropolitan areas"
    book["Sheet"].merge_cells("A1:F1")
    book["Sheet"]["A10"] = "Source: ITA"
    book["Sheet"].merge_cells("A10:F11")


def hide(book: openpyxl.Workbook) -> None:
    sheet = book["Sheet"]
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True


def hidden_copy(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book["Sheet"]).title = "Old"
    book["Old"].sheet_state = "hidden"


ACCEPTED = {
    "as it is": (lambda book: None, "1 cell without a value left out: 2024 (1)"),
    "numbers as text": (set_cells(E3=str(p.published_metros()[LA][2023])), ""),
    "numbers as text with separators": (set_cells(E3=f"{p.published_metros()[LA][2023]:,}"), ""),
    "numbers as text with blanks around": (set_cells(E3=f"\xa0{p.published_metros()[LA][2023]} "), ""),
    "a merged title and footer": (preamble, "1 line of words under the table left out: row 10 'Source: ITA'"),
    "a formula beside what is needed": (set_cells(A9="=A1"), ""),
    "hidden rows and columns": (hide, "2 hidden rows read as well: 3, 5"),
    "hidden columns": (hide, "1 hidden column read as well: D"),
    "a hidden copy": (hidden_copy, "the hidden sheet Old is such a table too and was left out"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_workbook_is_read_whole_and_what_cannot_be_seen_is_said(case, here):
    change, words = ACCEPTED[case]
    found = plan(crosstab(change))
    assert len(found.changes.added) == 4 and not found.changes.changed
    assert words in "\n".join(found.decisions)


def test_the_only_table_may_be_hidden_and_that_is_said(here):
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("About")["A1"] = "x"
        book["Sheet"].sheet_state = "veryHidden"

    assert "the sheet is hidden and was read" in plan(crosstab(change)).decisions


def test_cells_keep_their_text_whatever_stores_them():
    book = openpyxl.Workbook()
    values = [
        "plain",
        5,
        2.5,
        1e20,
        -3,
        datetime.date(2024, 2, 29),
        datetime.date(1999, 12, 31),
        "  two\n lines ",
        0.25,
        "01",
    ]
    book.active.append(values)
    book.active.append([None, None, "third"])
    content = io.BytesIO()
    book.save(content)
    (grid,) = reading.grids(content.getvalue(), "a.xlsx")
    assert grid.rows == (
        (
            1,
            (
                "plain",
                "5",
                "2.5",
                "100000000000000000000",
                "-3",
                "2024-02-29",
                "1999-12-31",
                "two lines",
                "0.25",
                "01",
            ),
        ),
        (2, ("", "", "third", "", "", "", "", "", "", "")),
    )


def test_a_workbook_of_another_writer_is_read_without_addresses_and_with_reading_aids():
    sheet = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c>'
        '<x:c><x:v>6.0979747066E10</x:v></x:c><x:c t="inlineStr"><x:is><x:r><x:t>in</x:t></x:r><x:r><x:t>line</x:t></x:r></x:is></x:c>'
        '<x:c t="str"><x:f>"a"</x:f><x:v></x:v></x:c><x:c t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c><x:c><x:v>1e999</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    strings = '<sst xmlns="m"><si><r><t>Tokyo</t></r><rPh><t>aid</t></rPh></si></sst>'
    rels = '<Relationships xmlns="r"><Relationship Id="a" Type="t/{0}" Target="{1}"/>{2}</Relationships>'
    book = p.as_zip(
        {
            "[Content_Types].xml": b"<Types/>",
            "_rels/.rels": rels.format("officeDocument", "/xl/book7.xml", "").encode(),
            "xl/book7.xml": b'<w xmlns:r="q"><sheets><sheet name="One" r:id="a"/></sheets></w>',
            "xl/_rels/book7.xml.rels": rels.format("worksheet", "s.xml", '<Relationship Id="b" Type="t/sharedStrings" Target="t.xml"/>').encode(),
            "xl/s.xml": sheet.encode(),
            "xl/t.xml": strings.encode(),
        }
    )  # fmt: skip
    with pytest.raises(DataError, match="cell A1: found the number '7' of a text that the workbook does not hold"):
        reading.grids(edited(book, s=("<x:v>0</x:v>", "<x:v>7</x:v>")), "a.xlsx")
    (grid,) = reading.grids(book, "a.xlsx")
    assert grid.rows == ((1, ("Tokyo", "60979747066", "inline", "", "#DIV/0!", "1e999")),)


DAMAGED = {
    "an entity": ("sheet1", ("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'), "found a document type"),
    "an entity in the list of sheets": ("workbook", ("<workbook", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook'), "found a document type"),
    "XML that breaks off": ("sheet1", ("</sheetData>", ""), "part xl/worksheets/sheet1.xml cannot be read"),
    "a sheet that is not there": ("workbook.xml", ("sheet1.xml", "sheet9.xml"), "part xl/worksheets/sheet9.xml cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_workbook_is_one_sentence(case, here):
    part, pair, sentence = DAMAGED[case]
    with pytest.raises(DataError, match=sentence) as error:
        plan(edited(crosstab(), **{part: pair}))
    assert "\n" not in str(error.value)


def test_other_files_in_a_zip_or_with_its_name_are_named(here):
    protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le")
    locked = bytearray(p.as_zip({"a.csv": b"a,b\n1,2\n"}))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    for content, sentence in (
        (protected, "is protected by a password"),
        (bytes(locked), "is protected by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024, "is an Excel 97-2003 workbook"),
        (p.as_zip({"xl/workbook.bin": b"x"}), "is a binary workbook"),
        (p.as_zip({"word/document.xml": b"x"}), "is a Word document"),
        (p.as_zip({"content.xml": b"x"}), "is an OpenDocument file"),
        (b"\x1f\x8b\x08\0", "is a gzip archive"),
        (b"<html><head><title>Log in</title></head>", "is a web page titled 'Log in'"),
    ):
        with pytest.raises(DataError, match=sentence):
            plan(content)
