"""Imports: what belongs is taken, and what is left out is counted and named, whatever surrounds the data."""

from __future__ import annotations

from pathlib import Path

import publishers as p
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityresearch.datasets.importers import importing
from cityresearch.errors import DataError

LA, SD, YUMA = "Los Angeles-Long Beach-Anaheim, CA", "San Diego-Chula Vista-Carlsbad, CA", "Yuma, AZ"
USD, WHOLE = "Thousands of dollars", "All industry total"
NAMED = {"41740": SD}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(p.small_project(tmp_path)))
    return tmp_path


def plan(
    content: str | bytes, name: str = "metro_exports", source: str = "ita-metro-2005-2023", **options
) -> importing.Plan:
    data = content.encode() if isinstance(content, str) else content
    return importing.plan_content(data, "file", name, source, importing.NewSource(), importing.Options(**options))


def said(found: importing.Plan) -> str:
    return "\n".join(found.decisions)


# words under a table

FOOTERS = (
    "U.S. Bureau of Economic Analysis", "Last updated: February 5, 2026-- new statistics for 2024; revised statistics for 2020-2023.",
    "© ITA", "See www.example.org/method for how this was made", "2024 is preliminary", "www.census.gov", "End of file", "…", "(c)",
    "CAGDP2: GDP by county and metropolitan area 1/", "* Area with a new delineation",
)  # fmt: skip


@pytest.mark.parametrize("footer", FOOTERS)
def test_words_under_the_table_are_left_out_by_their_place_and_named(footer, here):
    gdp = p.bea([(f"Fresno, CA ({p.METROPOLITAN})", 1, WHOLE, USD, 61_000_000, 64_000_000)]) + f'"{footer}"\r\n'
    found = plan(p.as_zip({"CAGDP2__ALL_AREAS_2001_2024.csv": gdp.encode()}), "metro_gdp", "bea")
    assert len(found.changes.added) == 1
    assert "4 lines of words under the table left out: row 3 'Note: See" in said(found)
    assert f"row 6 {footer[:80]!r}"[:60] in said(found)
    comma = p.as_csv(p.ita()) + "\n" + footer + "\n"
    found = plan(comma)
    assert len(found.changes.added) == 4 and "1 line of words under the table left out: row 8 " in said(found)


def test_words_that_commas_cut_into_cells_are_left_out_too(here):
    found = plan(p.as_csv(p.ita()) + "U.S. Department of Commerce, International Trade Administration, Washington\n")
    assert len(found.changes.added) == 4
    assert "row 7 'U.S. Department of Commerce, International Trade Administration, Washington'" in said(found)


def test_what_may_be_data_is_never_taken_for_words(here):
    good = p.as_csv(p.ita())
    for tail, sentence in (
        ('"Fresno, CA",USD,5\n', "row 7: found 3 cells, expected 6"),
        ("Fresno", "the file breaks off"),
        ("Fresno,5,6,7,8,9,10\n", "row 7: found 7 cells"),
    ):
        with pytest.raises(DataError, match=sentence):
            plan(good + tail)
    # a row of words in the middle may be the first half of a row that is broken in two
    broken = good.replace('"Los Angeles-Long Beach-Anaheim, CA"', "Los Angeles\nLong Beach")
    with pytest.raises(DataError, match="row 3: found 1 cell, expected 6"):
        plan(broken)


def test_cells_without_a_value_are_counted_by_year(here):
    assert "1 cell without a value left out: 2024 (1)" in said(plan(p.as_csv(p.ita())))


# other series in one file


def test_of_a_flat_file_the_series_that_belong_are_taken_and_the_others_counted_by_reason(here):
    rows = [
        ("SMU06417400000000001", 2025, "M09", "1581.2", "P"),
        ("SMU06417400000000001", 2025, "M13", "1580.0", ""),
        ("SMU06417400000000011", 2025, "M09", "1200.5", ""),
        ("SMU06417400000000011", 2025, "M10", "1201.5", ""),
        ("SMU06417403133440001", 2025, "M09", "20.1", ""),
        ("SMU06310800000000001", 2025, "M09", "6300.1", ""),
        ("CES0000000001", 2025, "M09", "159000", ""),
        ("LAUMT064174000000003", 2025, "M09", "4.9", ""),
        ("SMU0641740000000001", 2025, "M09", "1.0", ""),
    ]
    found = plan(p.bls_flat(rows), "bls_employment", "bls", names=NAMED)
    assert [(r["series"], r["month"], r["jobs"]) for r in found.changes.added] == [
        ("total_nonfarm", "2025-09", "1581200")
    ]
    for words in (
        "1 annual average left out",
        "2 rows of data types other than employment (01) left out, such as 'SMU06417400000000011'",
        "1 row of single industries left out, such as 'SMU06417403133440001'",
        "2 rows of other surveys left out, such as 'CES0000000001'",
        "1 row of series whose code is not one of state and area employment (SM, 20 characters) left out",
        "1 row of areas without a name left out: 31080; to take one, pass --name '31080=TITLE'",
    ):
        assert words in said(found)


def test_a_flat_file_without_any_series_that_belongs_says_what_it_has(here):
    rows = [("SMU06310800000000011", 2026, "M01", "1200.5", ""), ("CES0000000001", 2026, "M01", "1", "")]
    with pytest.raises(
        DataError,
        match=r"found no values for bls_employment \(1 row of data types .*'SMU06310800000000011'; 1 row of other",
    ):
        plan(p.bls_flat(rows), "bls_employment", "bls", names=NAMED)
    many = [(f"SMU06{area}0000000001", 2026, "M01", "1.0", "") for area in ("41740", "31080")]
    with pytest.raises(
        DataError, match="found the areas 41740, 31080, expected a name for one; pass --name '41740=TITLE'"
    ):
        plan(p.bls_flat(many), "bls_employment", "bls")


def test_the_data_viewers_file_is_read(here):
    head = "Series ID,Year,Period,Label,Value\n"
    file = head + "SMU06417400000000001,2025,M09,2025 Sep,1581.2\nSMU06417400000000001,2025,M10,2025 Oct,1582.0(P)\n"
    found = plan(file, "bls_employment", "bls", names=NAMED)
    assert [(r["month"], r["jobs"], r["note"]) for r in found.changes.added] == [
        ("2025-09", "1581200", ""), ("2025-10", "1582000", "preliminary"),
    ]  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["SMU06417400000000001", "SMS06417400000000001", "SMU06417400000000002", "CES0000000001", "x"]),
        min_size=1,
        max_size=30,
    )
)
def test_every_row_of_a_flat_file_is_taken_or_counted(here, ids):
    rows = [(series, 2000 + place, "M01", "1580.0", "") for place, series in enumerate(ids)]
    belong = [s for s in ids if s.startswith("SM") and s.endswith("01")]
    try:
        found = plan(p.bls_flat(rows), "bls_employment", "bls", names=NAMED)
    except DataError as error:
        assert not belong and "found no values" in str(error)
        return
    counted = sum(int(line.split()[0]) for line in found.decisions if line.endswith("'"))
    assert len(found.changes.added) == len(belong) and counted == len(ids) - len(belong)


def test_an_unknown_layout_is_named_by_its_columns_beside_the_known_ones(here):
    with pytest.raises(
        DataError, match=r"found the columns Series, When, How much, expected a series report .* flat file .* viewer's"
    ):
        plan("Series,When,How much\na,b,1\n", "bls_employment", "bls")
    with pytest.raises(
        DataError, match="has one column, the first line is 'Employment of San Diego', expected cells separated"
    ):
        plan("Employment of San Diego\nlater\n", "bls_employment", "bls")


# cells as they come

CELLS = {
    "negative zero": ("-0", None),
    "1e400": ("1e400", "expected all digits"),
    "NaN": ("NaN", "found 'NaN', expected a number"),
    "inf": ("inf", "found 'inf', expected a number"),
    "full-width digits": ("５９５６１５９４６１３", "expected a number"),
    "thousands parted unevenly": ("59 561 59 4613", "expected a number"),
    "a percentage": ("5.2%", "found '5.2%', expected a number"),
    "a footnote mark": ("59561594613*", "expected a number"),
    "a footnote number": ("59561594613 (1)", "expected a number"),
    "a superscript": ("59561594613²", "expected a number"),
    "an error of a spreadsheet": ("#REF!", "found '#REF!', expected a number"),
    "a formula in a CSV": ("=C2*1.02", "found '=C2.1.02', expected a number"),
    "an escape": ("\x1b[31m5", r"row 2: found the invisible character U\+001B"),
    "a turned direction": ("\u202e123", r"row 2: found the invisible character U\+202E"),
    "a very long cell": ("9" * 130_000, "expected a number of at most 20 digits"),
    "too long a cell": ("9" * 140_000, "row 2: found a cell of more than 131,072 characters"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_is_a_number_or_named(case, here):
    cell, sentence = CELLS[case]
    text = f'MSA Full Name,Unit,2023\n"{LA}",USD,"{cell}"\n'
    if sentence is None:
        assert [
            row["value_usd"] for row in plan(text).changes.after if (row["cbsa_title"], row["year"]) == (LA, "2023")
        ] == ["0"]
        return
    with pytest.raises(DataError, match=sentence) as error:
        plan(text)
    assert len(str(error.value)) < 1_000 and "\n" not in str(error.value)


LAYOUTS = {
    "CR only": lambda text: text.replace("\n", "\r").encode(),
    "non-breaking spaces in titles": lambda text: text.replace(", CA", ",\xa0CA").encode(),
    "Windows-1252": lambda text: (text + "Note: §\n").encode("cp1252"),
    "UTF-16, big end first": lambda text: text.encode("utf-16-be"),
    "a comma at the end of every row": lambda text: text.replace("\n", ",\n").encode(),
    "a quoted newline in a title": lambda text: text.replace("Long Beach", "Long\nBeach").encode(),
    "a quoted newline in a footer": lambda text: (text + '"Note: one\ntwo"\n').encode(),
    "blanks around": lambda text: ("\n\n" + text + "\n\n").encode(),
    "a table in a workbook in a zip": lambda text: p.as_zip({"a.xlsx": p.as_xlsx({"One": p.ita()})}),
}  # fmt: skip


@pytest.mark.parametrize("case", LAYOUTS)
def test_a_table_is_read_in_the_layouts_that_programs_write(case, here):
    found = plan(LAYOUTS[case](p.as_csv(p.ita())))
    assert len(found.changes.added) == 4 and not found.changes.changed


def test_columns_twice_and_rows_twice_are_named(here):
    rows = p.ita()
    twice = [[*row, row[-1]] for row in rows]
    with pytest.raises(DataError, match="column 2024: found the column twice"):
        plan(p.as_csv(twice))
    found = plan(p.as_csv([*rows, rows[1]]))
    assert len(found.changes.added) == 4 and "4 values repeated in the file and taken once: row 7" in said(found)
    with pytest.raises(DataError, match="2021' again with other values, expected it once"):
        plan(p.as_csv([*rows, [*rows[1][:2], "1000000", *rows[1][3:]]]))
    lines = '["STATE","NAICS","CTY_NAME","ALL_VAL_YR","ALL_VAL_YR","YEAR","MONTH"]'
    api = f'[{lines},\n["CA","-","-","1","2","2025","12"]]'
    with pytest.raises(DataError, match="column ALL_VAL_YR: found two columns of that name with '1' and '2'"):
        plan(api, "state_exports", "census", vintage="revised")
