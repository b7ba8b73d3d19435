"""The paper's annexes, cases, practices and recommendations as it has them, with what is on record about each."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch import paths
from cityresearch.chapters.cases_and_annexes import annexes, cases, practices
from cityresearch.chapters.mission_outcomes import results
from cityresearch.claims.ledger import claims
from cityresearch.errors import DataError, ParameterError
from cityresearch.tables.named import made


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return results.structured(cr.load("mission_outcomes"), cr.load("missions"), cr.load("sources"))


@pytest.fixture(scope="module")
def listed(records) -> pd.DataFrame:
    return annexes.as_listed(cr.load("annex_outcomes"), records)


def test_the_annexes_have_sixteen_outcomes_of_trips_and_two_statements_on_an_office(listed):
    outcomes = listed[listed["is_outcome"] == "yes"]
    assert outcomes.groupby("annex").size().to_dict() == {1: 4, 2: 4, 3: 6, 4: 2}
    assert listed.loc[listed["is_outcome"] == "no", "claim_ids"].tolist() == ["C166", "C167"]
    assert annexes.in_words(listed).startswith(
        "The annexes make 18 statements. 16 are outcomes of a trip (only in the documents: 9;"
    )


def test_every_claim_of_the_annexes_is_in_a_statement_of_its_annex(listed):
    for annex, part in listed.groupby("annex"):
        made_by = {key for cell in part["claim_ids"] for key in cell.split(";")}
        of_annex = {c.claim_id for c in claims().values() if c.section == f"Annex {annex}" and c.document == "carnegie"}
        assert of_annex - made_by <= {"C233"}  # that ASML makes semiconductors is no outcome


def test_the_status_and_evidence_of_a_statement_are_those_of_the_record(listed, records):
    flight = listed[listed["claim_ids"].str.contains("C155")].squeeze()
    assert (flight["status"], flight["evidence"], flight["when"]) == ("confirmed", results.EVIDENCE[0], "2025-05-08")
    changed = records.copy()
    key = ("sd-2022-09-netherlands", "KLM nonstop San Diego-Amsterdam: first flight")
    changed.loc[[key], "status"] = "reported"
    again = annexes.as_listed(cr.load("annex_outcomes"), changed)
    assert again[again["claim_ids"].str.contains("C155")].squeeze()["status"] == "reported"
    talks = listed[listed["claim_ids"] == "C154"].squeeze()
    assert talks["status"] == "planned" and talks["evidence"] == "planned, not a result"
    assert listed[listed["claim_ids"] == "C167"].squeeze()["status"] == annexes.NOT_ON_RECORD


def test_a_statement_whose_outcome_is_gone_is_named(records):
    gone = records.drop(("fre-2022-04-guadalajara", "points of contact named on both sides"))
    with pytest.raises(DataError, match="annex 4, place 1, names 'points of contact"):
        annexes.as_listed(cr.load("annex_outcomes"), gone)


@pytest.mark.parametrize(("city", "trips", "led"), [("Los Angeles", 16, 11), ("Fresno", 5, 3), ("Sacramento", 1, 0)])
def test_a_case_has_the_trips_of_the_table_and_the_statements_of_its_annex(listed, city, trips, led):
    missions = cr.load("missions").join(cr.load("mission_classification")[["role", "kind", "sure"]])
    measures = pd.DataFrame({"measure": ["a", "b"], "status": ["reported", ""], "what is counted": ["x", "y"]})
    page = cases.page(city, cr.load("case_sections"), missions, listed, measures, since=2019, until=2025)
    own = missions[
        missions["jurisdiction"].str.split(";").map(lambda named: city in named) & (missions["level"] == "city")
    ]
    own = own[own["start_date"].fillna("").str[:4].between("2019", "2025")]
    assert len(page.trips) == len(own) == trips
    assert (page.trips["part"] == "led").sum() == (own["role"] == "led").sum() == led
    annex = cr.load("case_sections").loc[city, "annex"].iloc[0]
    assert len(page.outcomes) == (listed["annex"] == annex).sum()
    assert "1 of 2 measures" in page.summary and len(page.measures) == 1
    assert all(claims()[key].settle_status == "open" for key in page.open.index)


def test_a_city_without_a_case_is_told_which_cities_have_one(listed):
    with pytest.raises(
        ParameterError, match="no case study of Oakland: it has Los Angeles, San Diego, Sacramento, Fresno"
    ):
        cases.page(
            "Oakland", cr.load("case_sections"), cr.load("missions"), listed, pd.DataFrame(), since=2019, until=2025
        )


def test_practices_and_recommendations_have_evidence_or_say_that_there_is_nothing_to_check():
    table = practices.with_evidence(cr.load("practices"))
    assert table["kind"].value_counts().to_dict() == {"recommendation": 8, "challenge": 6, "practice": 5}
    bare = table["claims"] == ""
    assert (table.loc[bare, "evidence"] == practices.NOTHING_TO_CHECK).all() and bare.sum() == 4
    assert all(claims()[key].settle in evidence for cell, evidence in zip(table["claims"], table["evidence"], strict=True)
               for key in cell.split(", ") if key)  # fmt: skip


def test_the_named_tables_have_the_verdicts_that_are_committed():
    annex, studies, practice, assets = made(["annexes", "case-studies", "practices", "inventory"])
    verdicts = pd.read_csv(paths.root() / "data" / "processed" / "verdicts.csv").set_index("claim_id")["verdict"]
    assert len(annex.rows) == 18 and len(practice.rows) == 19
    for row in (*annex.rows, *practice.rows):
        for told in filter(None, row["verdicts"].split(", ")):
            claim, _, verdict = told.partition(" ")
            assert verdicts[claim] == verdict
    assert studies.rows[0]["city"] == "Los Angeles" and len({row["city"] for row in studies.rows}) == 4
    assert {row["row"] for row in assets.rows} == {
        "Economic foundations", "Cultural and community ties", "Innovation strengths", "Existing ties", "Institutional capabilities",
    }  # fmt: skip
