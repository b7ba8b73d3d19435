"""`claims check`: each fault of a made ledger is one sentence with its place and what to do, and a sound one has none."""

from __future__ import annotations

import pytest
from conftest import PROJECT, cityresearch
from made_ledger import CLAIM, CLAIMS, DOCUMENTS, WORDING, make
from study import notebook, write

from cityresearch.claims.faults import impossible_numbers
from cityresearch.claims.places import cell_of
from cityresearch.claims.soundness import ledger_faults
from cityresearch.datasets.load import text_rows

ROW = "data/raw/claims/claims.csv, row "


@pytest.fixture
def faults_of(tmp_path, monkeypatch):
    """Make a project, with tables or a change of one claim, and return its faults."""

    def of(changed: dict[str, str] | None = None, **tables) -> list[str]:
        if changed:
            tables["claims"] = [CLAIM | changed, *CLAIMS[1:]]
        project = make(tmp_path / "made", **tables)
        monkeypatch.setenv("CITYRESEARCH_ROOT", str(project))
        return ledger_faults()

    return of


def test_this_project_is_sound():
    result = cityresearch("claims", "check", cwd=PROJECT)
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("Sound: ")


def test_a_project_with_few_tables_is_sound(faults_of):
    assert faults_of() == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"line": ""}, f"{ROW}2: B001 has no place in brief: give the line"),
        ({"chapter": "01-brif"}, f"{ROW}2: the chapter of B001, notebooks/01-brif.ipynb, is not there: did you mean 01-brief?"),
        ({"related": "B999"}, f"{ROW}2, column related: the ledger has no claim 'B999'"),
        ({"document": "briefs"}, f"{ROW}2: data/raw/claims/documents.csv has no document 'briefs': did you mean brief?"),
        ({"claim_id": "X009"}, f"{ROW}2: the claims of brief have ids that begin with B, found X009"),
        ({"relation": ""}, f"{ROW}2: B001 prints 20 without a relation"),
        ({"precision": ""}, f"{ROW}2: Claim B001 prints 20 without a precision"),
        ({"precision": "0"}, f"{ROW}2: A printed precision must be above zero, found 0"),
        ({"precision": "100"}, "prints 20 to 100, which is more than the number itself"),
        ({"value": "20.5"}, "B001 prints 20.5 to 1, but 20.5 has digits below that"),
        ({"value": "20.5", "precision": "0.1"}, "B001 prints 20.5 companies, which are counted in whole numbers"),
        ({"value": "", "precision": "1"}, "B001 has the precision 1 and no value"),
        ({"unit": ""}, "B001 prints 20 without a unit"),
        ({"unit": "year", "value": "2021", "kind": "date"}, "B001 prints the year 2021, but its period is 2024"),
        ({"statement": "Fresno has thousands of firms that export"}, "B001 says 'thousands', whose reach no digit tells: add a row for it to data/raw/claims/wordings.csv"),
        ({"statement": "Over a third of firms export", "unit": "percent", "value": "33.33", "precision": "0.01"}, "B001 says 'third'"),
    ],
)  # fmt: skip
def test_a_fault_of_a_claim_is_named_with_its_row(faults_of, changed, says):
    found = faults_of(changed)
    assert any(says in fault for fault in found), found


def test_a_claim_that_says_the_same_as_another_is_named_with_both_rows(faults_of):
    again = {**CLAIM, "claim_id": "B003", "statement": "Fresno has over 20 firms that export."}
    (fault,) = faults_of(claims=[*CLAIMS, again])
    assert fault.startswith(f"{ROW}5: B003 says the same as B001 (row 2): drop one")


def test_nearly_the_same_is_named_unless_the_two_are_related_or_a_name_tells_them_apart(faults_of, tmp_path):
    nearly = {**CLAIM, "claim_id": "B003", "statement": "Fresno now has over 20 firms that export"}
    (fault,) = faults_of(claims=[*CLAIMS, nearly])
    assert (
        "B003 says nearly the same as B001 (row 2): drop one, or say what tells them apart or name B001 in related"
        in fault
    )


@pytest.mark.parametrize(
    "more", [{"statement": "Fresno now has over 20 firms that export", "related": "B001"}, {"statement": "Chico has over 20 firms that export", "places": "Chico"}]
)  # fmt: skip
def test_related_claims_and_claims_of_two_cities_are_no_duplicates(faults_of, more):
    assert faults_of(claims=[*CLAIMS, {**CLAIM, "claim_id": "B003", **more}]) == []


def test_an_id_in_another_table_that_the_ledger_lacks_is_named(faults_of):
    (fault,) = faults_of(wordings=[{**WORDING, "claims": "B01"}])
    assert fault.startswith("data/raw/claims/wordings.csv, row 2, column claims: the ledger has no claim 'B01'")


def test_a_wording_that_its_claim_does_not_fit_anymore_is_named(faults_of):
    (fault,) = faults_of(wordings=[{**WORDING, "claims": "B001"}])
    assert "row 2: it is for ge 1000, and B001 now prints gt 20, so it does not count" in fault


def test_a_relation_that_cannot_be_read_is_a_fault_like_any_other(faults_of):
    row = {
        "relation_id": "R001",
        "kind": "part_of",
        "claims": "B001;B002",
        "says": "One holds the other.",
        "scope": "across",
    }
    (fault,) = faults_of(claim_relations=[row])
    assert fault.startswith(
        "Relation R001 of data/raw/claims/relations.csv has the scope 'across', but its claims are ins"
    )


def test_two_documents_with_one_letter_are_named(faults_of):
    found = faults_of(documents=[DOCUMENTS[0], DOCUMENTS[1] | {"letter": "B"}], claims=CLAIMS[:2])
    assert found == [
        "data/raw/claims/documents.csv, row 3: it has the letter B, as brief has: give each document its own"
    ]


def test_an_id_in_a_notebook_or_a_chapter_that_the_ledger_lacks_is_named(faults_of, tmp_path):
    assert faults_of() == []
    project = tmp_path / "made"
    write(
        project, "01-brief", notebook('cr.check("B001", {})', 'cr.check("B010", {})', 'cr.check_the_rest("01-brief")')
    )
    code = project / "chapters" / "brief"
    code.mkdir(parents=True)
    (code / "readings.py").write_text('NAME = "C999"\nCLAIM = "B044"\n', encoding="utf-8")
    first, second = ledger_faults()
    assert first.startswith("notebooks/01-brief.ipynb, cell cell-1: the ledger has no claim 'B010': did you mean B001?")
    assert second.startswith("chapters/brief/readings.py, line 2: the ledger has no claim 'B044'")


def test_a_notebook_that_cannot_be_read_hides_no_fault_of_the_others(faults_of, tmp_path):
    faults_of()
    project = tmp_path / "made"
    write(project, "01-brief", notebook('cr.check("B010", {})', 'cr.check_the_rest("01-brief")'))
    (project / "notebooks" / "00-folder.ipynb").mkdir()
    (project / "notebooks" / "00-torn.ipynb").write_text('{"cells": [', encoding="utf-8")
    (project / "notebooks" / "00-other.ipynb").write_text('["cells"]', encoding="utf-8")
    assert [f for f in ledger_faults() if "'B010'" in f]


def test_a_claim_that_no_cell_of_its_chapter_checks_is_named(faults_of, tmp_path):
    faults_of()
    write(tmp_path / "made", "01-brief", notebook('cr.check("B001", {})'))
    assert [fault.partition(": ")[2][:55] for fault in ledger_faults()] == [
        "no cell of notebooks/01-brief.ipynb checks B002: add cr",
        "no cell of notebooks/01-brief.ipynb checks X001: add cr",
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [{}]}', '{"cells": null}'])
def test_a_notebook_that_cannot_be_read_checks_nothing(faults_of, tmp_path, content):
    faults_of()
    (tmp_path / "made" / "notebooks" / "01-brief.ipynb").write_text(content, encoding="utf-8")
    assert cell_of("B001", "01-brief") == ""


def test_a_judgment_on_an_earlier_wording_is_named_with_its_row(faults_of):
    row = {"claim_id": "B002", "source_id": "brief-2025", "row": "1", "says": "The page has 59 billion.", "agreement": "differs", "independence": "same_publisher", "claim_value": "59000000000", "claim_hash": "0123456789"}  # fmt: skip
    (fault,) = faults_of(claim_sources=[row])
    assert fault.startswith(
        "data/raw/claim_sources.csv, row 2: it was judged against 59000000000, and the ledger now has 59600000000"
    )


def test_the_command_lists_faults_and_exits_with_1(faults_of, tmp_path):
    faults_of({"line": ""})
    result = cityresearch("claims", "check", cwd=tmp_path / "made")
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1] == "Not sound: 1 fault."


def test_a_number_needs_a_relation_and_a_unit_and_a_sound_claim_has_neither_fault():
    rows = text_rows("claims")
    assert list(impossible_numbers(rows)) == []
    number = next(row for row in rows if row["value"])
    for column in ("relation", "unit"):
        assert f"without a {column}: " in next(iter(impossible_numbers([number | {column: ""}])))
