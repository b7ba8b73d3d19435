"""Coverage and drafts: each number of a document is in the ledger, marked, or listed with its place; complete for this paper."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import PROJECT, a_few, cityresearch
from made_claims import made as made_claim
from made_ledger import CLAIM, CLAIMS, make, put

from cityresearch.claims.coverage import IN_LEDGER, MARKED, NO_CLAIM, OPEN, covered, numbers_recorded, status
from cityresearch.claims.document_files import document_of
from cityresearch.claims.drafting import kind_of
from cityresearch.claims.ledger import claims, documents
from cityresearch.errors import ClaimError
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.texts.mentions import Mention, mentions

TEXT = """# A brief

Fresno has more than 20 firms that export, says a count of 2024.

Exports were $59.6 billion, the third step of three.

Over 4,000 people work there, nearly half of them in two ports.
"""


@pytest.fixture
def made(tmp_path) -> Path:
    project = make(tmp_path / "made")
    (project / "documents").mkdir()
    (project / "documents" / "brief.md").write_text(TEXT, encoding="utf-8")
    return project


def coverage(project: Path, *arguments: str):
    return cityresearch("claims", "coverage", *arguments, cwd=project)


def recorded(project: Path) -> list[dict[str, str]]:
    path = project / "data" / "raw" / "claims" / "document_numbers.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("document", list(documents()))
def test_every_number_of_this_papers_documents_is_in_the_ledger_or_marked_as_no_claim(document):
    judged = status(numbers_recorded(document))
    assert {item.number.document for item in judged} == {document}
    assert [f"{item.number.place}: {item.number.mention.text}" for item in judged if item.state == OPEN] == []
    assert {item.state for item in judged} == {IN_LEDGER, MARKED}


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        (Fraction(100, 3), PrintedNumber("33.33", "0.01", "percent"), True),  # one in three
        (Fraction("2.5"), PrintedNumber("2.502", "0.001", "percent"), False),
        (Fraction(100, 3), PrintedNumber(Fraction(100, 3) * Fraction(1001, 1000), "0.0001", "percent"), True),
        (Fraction(100, 3), PrintedNumber("33.3667", "0.0001", "percent"), False),
        (Fraction("33.3"), PrintedNumber("33.31", "0.01", "percent"), False),
        (Fraction(2000), PrintedNumber(2001, 1, "percent"), False),
    ],
)
def test_only_a_fraction_that_no_digits_print_may_be_a_little_off(said, printed, same):
    mention = Mention("number", "so many", 0, said, Fraction(1), "percent")
    item = made_claim(statement="Some part of it.", printed=printed, unit="percent", kind="share", period="")
    assert covered(mention, item) is same


@pytest.mark.parametrize(("value", "found"), [(1, False), (2, True)])
def test_a_number_in_the_statement_is_found_there_unless_it_is_one(value, found):
    """One of them is said of anything, so a 1 in a statement need not be the number of the sentence."""
    mention = Mention("number", {1: "one", 2: "two"}[value], 0, Fraction(value), Fraction(1), "count")
    assert covered(mention, made_claim(statement=f"Firm {value} has twenty jobs")) is found


@pytest.mark.parametrize(("printed", "same"), [("2019", True), ("2020", False)])
def test_a_year_that_the_statement_only_describes_is_that_of_the_claim(printed, same):
    item = made_claim(printed, "year", kind="date", statement="The year of the merger", period="")
    assert covered(Mention("date", "2019", 0, Fraction("2019.0"), Fraction(1), "year"), item) is same


# their numbers are in words that give none: annual, "by ... percent more", a third decade
IMPLIED = {"E115", "M032", "M137"}


def test_the_rules_find_the_number_of_every_statistic_share_and_growth_that_people_found():
    """The ledger was made by reading, so it measures the rules: a number that they miss would make coverage look complete."""
    numbers = [number for name in documents() for number in numbers_recorded(name)]
    first_note = {"carnegie": 317}
    missed = {
        item.claim_id for item in claims().values()
        if item.is_numeric and item.kind in ("statistic", "share", "growth", "figure") and item.line < first_note.get(item.document, 10**6)
        and not any(
            n.document == item.document and n.first_line <= item.line <= n.last_line and covered(n.mention, item) for n in numbers
        )
    }  # fmt: skip
    assert missed == IMPLIED


def test_a_claim_that_leaves_the_ledger_is_missed(monkeypatch):
    item = next(i for i in claims().values() if i.claim_id == "C024")
    without = {
        key: other for key, other in claims().items() if other.line != item.line or other.document != item.document
    }
    monkeypatch.setattr("cityresearch.claims.coverage.claims", lambda: without)
    missed = [i.number.mention.text for i in status(numbers_recorded("carnegie")) if i.state == OPEN]
    assert "$59.6 billion" in missed


def test_the_recorded_numbers_hold_no_sentence():
    """The documents are not ours to print: a place and the number itself are facts, five words are a quotation."""
    rows = recorded(PROJECT)
    assert rows
    assert max(len(row["printed"].split()) for row in rows) <= 4


def test_numbers_in_the_ledger_are_told_from_the_others_by_place_and_value(made):
    result = coverage(made, "brief")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line.partition(", open")[0] for line in lines[:-1]] == [
        "line 5, number 2: 'third'",
        "line 5, number 3: 'three'",
        "line 7, number 1: '4,000'",
        "line 7, number 2: 'half'",
        "line 7, number 3: 'two'",
    ]
    assert lines[-1] == "brief: 8 numbers: 3 in the ledger, 0 no claim, 5 open."


def test_another_value_or_another_place_is_not_in_the_ledger(made):
    put(
        made,
        "claims",
        [
            CLAIM | {"line": "4"},
            CLAIMS[1] | {"value": "59700000000", "statement": "Its exports are $59.7 billion"},
            CLAIMS[2],
        ],
    )
    assert coverage(made, "brief").stdout.splitlines()[-1] == "brief: 8 numbers: 0 in the ledger, 0 no claim, 8 open."


def test_the_same_digits_in_another_unit_are_another_number(made):
    (made / "documents" / "brief.md").write_text(
        "\n\nThe share is 20 percent, of $20, for 20 firms.\n", encoding="utf-8"
    )
    put(made, "claims", [CLAIM | {"statement": "Some firms export"}, *CLAIMS[1:]])
    lines = coverage(made, "brief").stdout.splitlines()
    assert [line.partition(", open")[0] for line in lines[:-1]] == [
        "line 3, number 1: '20 percent'",
        "line 3, number 2: '$20'",
    ]


def test_marks_and_claims_that_a_person_names_stay_when_the_text_moves_and_is_gone(made):
    said = ("--no-claim", "5=structure", "--no-claim", "7.2=loose", "--claim", "7.1=X001")
    assert coverage(made, "brief", *said).returncode == 1
    assert [tuple(r[k] for k in ("printed", "value", "precision", "unit", "relation")) for r in recorded(made)][-3:] == [
        ("4,000", "4000", "1000", "people", "gt"), ("half", "50", "10", "percent", "nearly"), ("two", "2", "1", "count", "eq"),
    ]  # fmt: skip
    assert {(r["line"], r["number"]): r["no_claim"] or r["claims"] for r in recorded(made)} == {
        ("3", "1"): "", ("3", "2"): "", ("5", "1"): "structure", ("5", "2"): "structure", ("5", "3"): "structure",
        ("7", "1"): "X001", ("7", "2"): "loose", ("7", "3"): "",
    }  # fmt: skip
    coverage(made, "brief", "--no-claim", "7=background")  # a whole line: only what nobody has judged
    assert [r["no_claim"] or r["claims"] for r in recorded(made) if r["line"] == "7"] == ["X001", "loose", "background"]
    coverage(made, "brief", "--no-claim", "7.3=loose")
    path = made / "documents" / "brief.md"
    path.write_text(TEXT.replace("\nOver", "\nNew: 7 ports.\n\nOver"), encoding="utf-8")
    result = coverage(made, "brief", "--no-claim", "9.3=background")
    assert [line.partition(", open")[0] for line in result.stdout.splitlines()[:-1]] == ["line 7, number 1: '7'"]
    path.unlink()
    without = coverage(made, "brief")
    assert "counted by its recorded numbers" in without.stderr
    assert without.stdout.splitlines()[-1] == "brief: 9 numbers: 3 in the ledger, 5 no claim, 1 open."


def test_a_sentence_over_several_lines_is_found_by_the_line_of_the_claim_with_and_without_the_text(made):
    path = made / "documents" / "brief.md"
    path.write_text("# A brief\n\nFresno has\nmore than\n20 firms.\n", encoding="utf-8")
    assert coverage(made, "brief", "--record").returncode == 0
    path.unlink()
    assert coverage(made, "brief").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    a_few(
        [
            (("brif",), "The ledger has no document 'brif': did you mean brief?"),
            (("other.pdf",), "other.pdf is not there: name the document's file, or its short name (brief, annex)"),
            (("other.PDF",), "other.PDF is not there: name the document's file"),
            (("annex",), "The text of annex is not here and its numbers were never recorded: name its file."),
            (("brief", "--no-claim", "7.2=lose"), "'7.2=lose' gives an unknown reason: did you mean loose?"),
            (("brief", "--no-claim", "99=loose"), "brief has no number at 99"),
            (("brief", "--claim", "7.1=X9"), "The ledger has no claim 'X9'"),
            (
                ("brief", "--no-claim", "here"),
                "--no-claim takes LINE.NUMBER= and what it is, found 'here': write 27.1=wording.",
            ),
            (("brief", "--claim", "C1"), "--claim takes LINE.NUMBER= and what it is, found 'C1': write 27.1=C027."),
        ]
    ),
)
def test_what_cannot_be_counted_or_marked_is_refused_in_a_sentence(made, arguments, says):
    result = coverage(made, *arguments)
    assert (result.returncode, says in result.stderr) == (2, True), result.stderr


def test_a_file_that_could_be_several_documents_is_refused(made, tmp_path):
    (tmp_path / "text.md").write_text(TEXT, encoding="utf-8")
    assert "add --document with one of brief, annex" in coverage(made, str(tmp_path / "text.md")).stderr
    assert coverage(made, str(tmp_path / "text.md"), "--document", "brief").stdout.endswith("5 open.\n")


def test_a_draft_has_all_but_the_words_of_each_number_that_nobody_judged(made):
    result = cityresearch("claims", "draft", "brief", cwd=made)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["printed"] for row in rows] == ["third", "three", "4,000", "half", "two"]
    people = rows[2]
    assert {key: people[key] for key in ("document", "line", "number", "relation", "value", "unit", "precision", "kind", "statement")} == {
        "document": "brief", "line": "7", "number": "1", "relation": "gt", "value": "4000", "unit": "people", "precision": "1000",
        "kind": "count", "statement": "",
    }  # fmt: skip
    assert "work there" not in result.stdout
    assert "work there" in cityresearch("claims", "draft", "brief", "--sentences", cwd=made).stdout
    everything = cityresearch("claims", "draft", "brief", "--all", cwd=made).stdout
    firms = next(csv.DictReader(io.StringIO(everything)))
    assert (firms["printed"], firms["period"]) == ("20", "2024")


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Growth of 12 percent.", ["growth"]),
        ("In a year of much rain exports rose by 12 percent.", ["growth"]),
        (
            "Exports rose, and of all that were sold in the long year that followed the flood 12 percent were almonds.",
            ["share"],
        ),
        ("The city ranks third and sends 12 percent of them.", ["rank", "share"]),
        ("Ten firms sent $12 million and tripled their staff.", ["count", "statistic", "growth"]),
    ],
)
def test_the_kind_of_a_claim_is_told_by_its_unit_and_the_words_shortly_before(sentence, kinds):
    assert [kind_of(mention, sentence) for mention in mentions(sentence)] == kinds


def test_a_worded_draft_becomes_claims_and_marks_and_then_coverage_is_complete(made, tmp_path):
    file = tmp_path / "drafts.csv"
    cityresearch("claims", "draft", "brief", "--output", file, cwd=made)
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    rows[0]["no_claim"] = rows[1]["no_claim"] = "structure"
    rows[2]["statement"] = "The exporters of Fresno employ over 4,000"
    rows[3]["statement"] = "Close to half of them are in the ports"
    rows[4]["no_claim"] = "background"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    result = cityresearch("claims", "add", "--from", file, cwd=made)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "2 claims added, 3 numbers marked as no claim, 0 rows left without either."
    done = coverage(made, "brief")
    assert (done.returncode, done.stdout) == (0, "brief: 8 numbers: 5 in the ledger, 3 no claim, 0 open.\n")
    package = json.loads((made / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["name"]: r["rows"] for r in package["resources"]}["document_numbers"] == 3


def test_the_guide_has_every_reason_and_only_those():
    guide = (PROJECT / "docs" / "claims.md").read_text(encoding="utf-8")
    listed = dict(
        re.findall(r"^\| ([a-z]+) \| (.+) \|$", guide.partition("| reason |")[2].partition("\n\n")[0], re.MULTILINE)
    )
    assert listed.pop("reason", "meaning") == "meaning"
    assert listed == NO_CLAIM


def test_a_document_that_the_ledger_lacks_is_named_with_those_it_has():
    with pytest.raises(ClaimError, match=f"the ledger's documents are {', '.join(documents())}"):
        document_of("xyz")
