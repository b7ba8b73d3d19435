"""`claims add`: by options, a CSV or answers, all or none, with the next id; what would be wrong is named with row and column."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from conftest import a_few, cityresearch
from made_ledger import CLAIM, CLAIMS, DOCUMENTS, WORDING, make
from test_data_record import answered

GOOD = ("--document", "brief", "--line", "9", "--statement", "Fresno shipped over $141 billion in goods", "--printed", "more than $141 billion in 2024")  # fmt: skip


@pytest.fixture
def made(tmp_path) -> Path:
    return make(tmp_path / "made", wordings=[WORDING | {"claims": ""}])


def add(project: Path, *arguments: object):
    return cityresearch("claims", "add", *arguments, cwd=project)


def ledger(project: Path) -> list[dict[str, str]]:
    path = project / "data" / "raw" / "claims" / "claims.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def state(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((project / "data" / "raw").rglob("*.*"))}


def drafts(tmp_path: Path, *rows: dict[str, str]) -> Path:
    path = tmp_path / "drafts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_claim_gets_the_next_id_and_the_number_as_printed_and_the_package_records_it(made):
    result = add(made, *GOOD)
    assert result.stdout.splitlines()[0] == "Added B003 (brief, line 9): Fresno shipped over $141 billion in goods"
    row = ledger(made)[-1]
    assert {k: row[k] for k in ("claim_id", "relation", "value", "unit", "precision", "period", "kind", "chapter", "settle_status")} == {
        "claim_id": "B003", "relation": "gt", "value": "141000000000", "unit": "USD", "precision": "1000000000", "period": "2024",
        "kind": "statistic", "chapter": "01-brief", "settle_status": "open",
    }  # fmt: skip
    content = (made / "data" / "raw" / "claims" / "claims.csv").read_bytes()
    package = json.loads((made / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))
    record = next(resource for resource in package["resources"] if resource["name"] == "claims")
    assert (record["rows"], record["bytes"], record["expected"]["rows"]) == (4, len(content), 4)
    assert record["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert cityresearch("claims", "check", cwd=made).stdout == "Sound: 4 claims of 2 documents.\n"
    assert cityresearch("claims", "B003", cwd=made).stdout.startswith("B003 (brief): Fresno shipped")


def test_the_only_document_and_the_only_notebook_need_not_be_named_and_one_of_two_must(tmp_path):
    drafted = drafts(tmp_path, {"line": "9", "statement": "Fresno has 40 ports", "printed": "40 ports"})
    one = make(tmp_path / "one", documents=DOCUMENTS[:1], claims=CLAIMS[:2])
    assert add(one, "--from", drafted).returncode == 0
    assert (ledger(one)[-1]["document"], ledger(one)[-1]["chapter"]) == ("brief", "01-brief")
    summary = one / "notebooks" / "00-summary.ipynb"
    summary.write_bytes((one / "notebooks" / "01-brief.ipynb").read_bytes())
    more = drafts(tmp_path, {"line": "11", "statement": "Fresno has 50 bridges", "printed": "50 bridges"})
    assert add(one, "--from", more).returncode == 0
    assert ledger(one)[-1]["chapter"] == "01-brief"  # a summary checks no claim of its own
    missing = add(one, "--from", tmp_path / "none.csv")
    assert (missing.returncode, "none.csv cannot be read (No such file" in missing.stderr) == (2, True), missing.stderr
    two = make(tmp_path / "two")
    assert "column document" in add(two, "--from", drafted).stderr


@pytest.mark.long
def test_the_first_claim_of_a_document_is_number_one_and_ids_are_not_used_again(tmp_path):
    project = make(tmp_path / "made", claims=[CLAIM | {"claim_id": "B007"}])
    assert "Added B008" in add(project, *GOOD).stdout
    assert (
        "Added X001"
        in add(
            project, "--document", "annex", *GOOD[2:-4], "--statement", "Another thing", "--printed", "5 ports"
        ).stdout
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    a_few([
        ({"--document": "brif"}, "The new claim, column document: The ledger has no document 'brif': did you mean brief?"),
        ({"--line": ""}, "The new claim: B003 has no place in brief: give the line of the text"),
        ({"--line": "ninth"}, "The new claim, column line: found 'ninth', expected a whole number."),
        ({"--kind": "number"}, "The new claim, column kind: found 'number', expected one of statistic, count"),
        ({"--printed": "much"}, "The new claim, column printed: Found no number in 'much'"),
        ({"--printed": "5 ports and 30 firms"}, "column printed: Found 2 numbers in '5 ports and 30 firms'"),
        ({"--chapter": "02-trade"}, "The new claim, column chapter: notebooks/02-trade.ipynb is not there: write it first."),
        ({"--statement": "Fresno has over 20 firms that export"}, "The new claim: B003 says the same as B001 (row 2): drop one"),
        ({"--printed": "", "--value": "141.5", "--unit": "USD", "--precision": "1"}, "B003 prints 141.5 to 1, but 141.5 has digits below that"),
        ({"--wording": "lots"}, "column wording: 'lots' is not in the table of wordings"),
    ]),
)  # fmt: skip
def test_a_claim_that_cannot_be_is_refused_with_its_column_and_nothing_is_written(made, changed, says):
    given = dict(zip(GOOD[::2], GOOD[1::2], strict=True)) | changed
    if "value" in str(changed):
        given.pop("--printed")
    before = state(made)
    result = add(made, *(part for pair in given.items() if pair[1] for part in pair))
    assert (result.returncode, says in result.stderr) == (2, True), result.stderr
    assert state(made) == before


def test_a_csv_is_added_whole_or_not_at_all_and_each_fault_has_its_row(made, tmp_path):
    good = {"document": "brief", "line": "9", "statement": "It has 40 ports", "printed": "40 ports"}
    bad = [
        {**good, "line": "x", "statement": "It has 41 ports", "printed": "41"},
        {**good, "document": "other", "statement": "Third"},
    ]
    file = drafts(tmp_path, good, *bad, good)
    before = state(made)
    result = add(made, "--from", file)
    assert result.returncode == 2
    lines = result.stderr.splitlines()
    assert any(line.endswith(f"{file}, row 3, column line: found 'x', expected a whole number.") for line in lines)
    assert any(f"{file}, row 4, column document: The ledger has no document 'other'" in line for line in lines)
    assert any(f"{file}, row 5: B005 says the same as B003 (row 2)" in line for line in lines), lines
    assert lines[-1] == "Nothing was added."
    assert state(made) == before
    result = add(made, "--from", drafts(tmp_path, good, {**good, "statement": "", "line": "10"}))
    assert result.stdout.splitlines()[-1] == "1 claim added, 0 numbers marked as no claim, 1 row left without either."


@pytest.mark.parametrize(
    ("content", "says"),
    a_few(
        [
            (b"document,lin,statement\nbrief,1,A\n", "row 1, column 2: 'lin' is not of the ledger: did you mean line?"),
            (b"document,line,statement\nbrief,1\n", "row 2: found 2 cells, expected 3 as in the header"),
            (b"document,line,statement\nbrief,1,caf\xe9\n", "is not in UTF-8"),
            (
                b"document,line,number,no_claim\nbrief,1,1,why\n",
                "row 2, column no_claim: found 'why': reasons are repeat",
            ),
            (
                b"document,line,statement,no_claim\nbrief,1,A,loose\n",
                "row 2: it has both a statement and a reason in no_claim",
            ),
        ],
        2,
    ),
)
def test_a_csv_that_is_not_of_the_ledger_is_refused(made, tmp_path, content, says):
    file = tmp_path / "drafts.csv"
    file.write_bytes(content)
    result = add(made, "--from", file)
    assert (result.returncode, says in result.stderr) == (2, True), result.stderr


def test_a_statement_that_copies_the_document_is_refused_where_its_text_is_there(made):
    (made / "documents").mkdir()
    text = "In all, the city of Fresno and its ports shipped over $141 billion in goods."
    (made / "documents" / "brief.txt").write_text(text, encoding="utf-8")
    copied = add(made, *GOOD[:5], "The city of Fresno and its ports shipped over $141 billion", *GOOD[6:])
    assert copied.returncode == 2
    assert (
        "column statement: it copies 11 words of brief ('the city of fresno and its ports shipped over 141 billion'), 8 at the most"
        in copied.stderr
    )
    assert add(made, *GOOD).returncode == 0


@pytest.mark.long
def test_a_page_in_place_of_a_line_gives_the_ledger_a_column_for_pages(made):
    result = add(made, *GOOD[:2], "--page", "12", *GOOD[4:])
    assert "Added B003 (brief, page 12)" in result.stdout
    rows = ledger(made)
    assert [row["page"] for row in rows] == ["", "", "", "12"]
    assert cityresearch("claims", "check", cwd=made).returncode == 0
    assert (
        "Added B004"
        in add(made, *GOOD[:2], "--page", "13", "--statement", "It has 40 ports", "--printed", "40 ports").stdout
    )


def test_claims_found_by_line_and_claims_found_by_page_are_added_together(made, tmp_path):
    by_line = {"document": "brief", "line": "9", "statement": "It has 40 ports", "printed": "40 ports"}
    by_page = {"document": "brief", "page": "12", "statement": "It has 50 piers", "printed": "50 piers"}
    result = add(made, "--from", drafts(tmp_path, by_line, by_page))
    assert result.returncode == 0, result.stderr
    assert [(row["line"], row["page"]) for row in ledger(made)][-2:] == [("9", ""), ("", "12")]


def test_a_word_whose_reach_no_digit_tells_goes_into_the_table_of_wordings(made):
    many = ("--document", "brief", "--line", "9", "--printed", "thousands of jobs")
    without = add(made, *many, "--statement", "It has thousands of jobs")
    assert "To do: B003 says 'thousands', whose reach no digit tells" in without.stdout
    assert add(made, *many, "--statement", "It lost thousands of jobs", "--wording", "thousands").returncode == 0
    table = (made / "data" / "raw" / "claims" / "wordings.csv").read_text(encoding="utf-8")
    assert "thousands,ge,B004,1000" in table
    assert cityresearch("claims", "check", cwd=made).stdout.splitlines()[-1] == "Not sound: 1 fault."


def test_on_a_terminal_only_wordings_of_the_same_relation_are_offered(made):
    many = (
        "--document",
        "brief",
        "--line",
        "9",
        "--printed",
        "thousands of jobs",
        "--statement",
        "It lost thousands of jobs",
    )
    assert add(made, *many, "--wording", "thousands").returncode == 0
    before, after = ["brief", "11", "Summary"], ["Fresno", "", "open", ""]
    number = ["thousands of piers", "ge", "count", "2024", "It built thousands of piers", "count"]
    said = answered(made, [*before, *number, "thousands", *after], "claims", "add")
    assert "No digit tells how far 'thousands' reaches." in said
    number[1], number[4] = "gt", "It owns thousands of piers"
    assert "No digit tells" not in answered(made, [*before, *number, *after], "claims", "add")


def test_on_a_terminal_it_asks_for_what_a_claim_needs(made):
    replies = ["brief", "9", "Summary", "about 4,200 trees", "approx", "trees", "2024", "Fresno has some 4,200 trees", "count", "Fresno", "", "open", ""]  # fmt: skip
    said = answered(made, replies, "claims", "add")
    assert "Document (brief, annex):" in said
    assert "Read as 4200 count, printed to 100." in said
    assert "Added B003 (brief, line 9): Fresno has some 4,200 trees" in said
    row = ledger(made)[-1]
    assert [row[key] for key in ("section", "relation", "unit", "places", "chapter")] == [
        "Summary",
        "approx",
        "trees",
        "Fresno",
        "01-brief",
    ]


def test_on_a_terminal_a_number_that_cannot_be_read_is_asked_for_again(made):
    replies = ["brief", "9", "Summary", "some trees", "40 trees", "", "", "2024", "Fresno has forty trees", "count", "Fresno", "", "open", ""]  # fmt: skip
    said = answered(made, replies, "claims", "add")
    assert "Found no number in 'some trees': give one" in said
    assert "Added B003 (brief, line 9): Fresno has forty trees" in said


def test_options_and_a_csv_are_not_mixed_and_a_claim_needs_words(made, tmp_path):
    file = drafts(tmp_path, {"document": "brief", "line": "9", "statement": "A"})
    assert "leave out --document" in add(made, "--from", file, "--document", "brief").stderr
    assert "needs --statement" in add(made, "--document", "brief").stderr
