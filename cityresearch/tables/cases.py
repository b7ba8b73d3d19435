"""Tables of the paper's annexes, case studies, and practices, and of the inventory of a place, for an editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityresearch.chapters.cases_and_annexes import annexes, cases, practices
from cityresearch.chapters.city_profile import tables as shown
from cityresearch.chapters.engagement_scorecard import scorecard
from cityresearch.chapters.mission_outcomes import results
from cityresearch.claims.records import Check, committed
from cityresearch.datasets.ledger_tables import needs
from cityresearch.datasets.load import load
from cityresearch.measures.inventory import coverage, inventory
from cityresearch.numbers.quantity import unique
from cityresearch.phrases import capitalized
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import checked
from cityresearch.tables.judged import MEANING
from cityresearch.tables.table import Column, Table, plain_rows

__all__ = ["annex_table", "case_studies", "inventory_table", "practice_table"]

NO_CAUSE = "That something followed a trip does not show that the trip caused it."
OF_SCORECARD = (
    "scorecard_metrics", "scorecard_outcomes", "scorecard_statements", "missions", "mission_classification", "mission_outcomes",
    "claim_sources", "sister_city_counts", "foreign_owned_firms", "port_observations", "other_observations",
)  # fmt: skip
ANNEXES = ("mission_outcomes", "missions", "annex_outcomes", "notebook 12-cases-and-annexes")
OF_INVENTORY = (
    "metro_titles", "metro_counties", "metro_population", "metro_gdp", "metro_exports", "bls_employment", "foreign_owned_firms",
    "sister_cities", "scorecard_outcomes", "scorecard_statements", "mission_outcomes", "missions", "mission_classification",
    "claim_sources", "notebook 11-city-profile",
)  # fmt: skip


@needs(*ANNEXES)
def annex_table() -> Table:
    """Return the statements of the paper's four annexes in its order, with status, evidence, and the verdicts of their claims."""
    columns = (
        Column("annex", "annex", only="sheet"),
        Column("statement", "statement of the paper, in our words", width=2.1),
        Column("is_outcome", "outcome of a trip", width=0.7),
        Column("status", "status", width=0.75),
        Column("evidence", "who says so", width=1.1),
        Column("when", "date", width=0.75),
        Column("note", "note", width=1.8),
        Column("verdicts", "claims and verdicts", width=0.95),
        Column("ledger", "what the ledger says", only="sheet"),
        Column("sources", "sources", "sources", width=0.5),
    )
    listed, checks = _listed(), committed()
    rows = [
        {name: row[name] for name in ("statement", "is_outcome", "status", "evidence", "when", "note", "ledger")}
        | {
            "annex": f"Annex {row['annex']}",
            "verdicts": _verdicts(row["claim_ids"], checks),
            "sources": _ids(row["sources"]),
        }
        for row in plain_rows(listed)
    ]
    return Table.of(
        "annexes",
        "The four annexes of the paper, statement by statement, and what is on record",
        columns,
        rows,
        notes=(annexes.in_words(listed), MEANING),
        head="statement",
        by="annex",
    )


@needs(*ANNEXES, *OF_SCORECARD, "case_sections")
def case_studies() -> Table:
    """Return the paper's four case studies: trips, statements of the annex, measures, and what is open, city by city."""
    columns = (
        Column("city", "case", only="sheet"),
        Column("part", "part", width=1.0),
        Column("what", "what", width=2.6),
        Column("value", "value or status", width=1.4),
        Column("period", "when", width=1.0),
        Column("about", "what to know", width=3.0),
    )
    given = checked(*chapters(["12-cases-and-annexes"]), {})
    tables = {name: load(name) for name in OF_SCORECARD}
    card = scorecard.scorecard(tables, since=given["since"], until=given["until"])
    missions = tables["missions"].join(tables["mission_classification"][["role", "kind", "sure"]])
    listed, sections = _listed(), load("case_sections")
    rows: list[dict[str, Any]] = []
    notes = []
    for city in dict.fromkeys(sections.index.get_level_values("city")):
        own = scorecard.of_city(card, city)
        page = cases.page(city, sections, missions, listed, own, since=given["since"], until=given["until"])
        notes.append(page.summary)
        rows += [{"city": city} | row for row in _of_page(page)]
    return Table.of(
        "case-studies",
        "The four case studies of the paper: trips, outcomes, measures, and what is open",
        columns,
        rows,
        notes=(*notes, NO_CAUSE),
        sources=unique(s for cell in listed["sources"] for s in cell.split(";")),
        head="what",
        by="city",
    )


def _of_page(page: cases.Page) -> list[dict[str, Any]]:
    trips = [
        {
            "part": "trip",
            "what": f"{row['countries']}: {row['purpose']}",
            "value": row["part"],
            "period": row["began"],
            "about": row["note"],
        }
        for row in plain_rows(page.trips.reset_index())
    ]
    outcomes = [
        {"part": "annex", "what": row["statement"], "value": row["status"], "period": row["when"], "about": row["note"]}
        for row in plain_rows(page.outcomes.reset_index())
    ]
    measures = [
        {
            "part": "measure",
            "what": row["measure"],
            "value": row["value"],
            "period": row["period"],
            "about": row["what is behind it"],
        }
        for row in plain_rows(page.measures.reset_index())
    ]
    undecided = [
        {
            "part": "open claim",
            "what": f"{row['claim']}: {row['statement']}",
            "value": "open",
            "period": "",
            "about": row["what we found, or would need"],
        }
        for row in plain_rows(page.open.reset_index())
    ]
    return [*trips, *outcomes, *measures, *undecided]


@needs("practices", "notebook 12-cases-and-annexes")
def practice_table() -> Table:
    """Return the paper's practices, challenges and recommendations with the evidence for each and the verdicts of their claims."""
    columns = (
        Column("kind", "kind", only="sheet"),
        Column("statement", "statement of the paper, in our words", width=2.2),
        Column("addressed", "addressed to", width=1.1),
        Column("verdicts", "claims and verdicts", width=1.2),
        Column("evidence", "evidence", width=3.4),
        Column("added", "what our data add", width=1.6),
    )
    checks = committed()
    rows = [
        {
            "kind": f"{capitalized(row['kind'])}s",
            "statement": row["statement"],
            "addressed": row["addressed to"],
            "verdicts": _verdicts(row["claims"].replace(", ", ";"), checks),
            "evidence": row["evidence"],
            "added": row["what our data add"],
        }
        for row in plain_rows(practices.with_evidence(load("practices")))
    ]
    return Table.of(
        "practices",
        "Practices, challenges and recommendations of the paper, with the evidence for each",
        columns,
        rows,
        notes=(practices.in_words(load("practices")), MEANING),
        sources=("carnegie-2026",),
        head="statement",
        by="kind",
    )


@needs(*OF_INVENTORY)
def inventory_table() -> Table:
    """Return the toolkit's inventory of the metro of chapter 11: every item with a value, or a gap with the table that would fill it."""
    metro = checked(*chapters(["11-city-profile"]), {})["metro"]
    columns = (
        Column("row", "row", only="sheet"),
        Column("item", "item", width=1.4),
        Column("value", "value", width=1.1),
        Column("period", "period", width=0.9),
        Column("about", "what to know", width=2.6),
        Column("gap", "table that would fill it", width=2.4),
        Column("sources", "sources", "sources", width=0.5),
    )
    found = inventory(metro)
    rows = [
        {
            "row": words["part"], "item": cells["item"], "value": words["value"], "period": words["period"],
            "about": words["what to know"], "gap": cells["gap"], "sources": _ids(cells["source_id"]),
        }
        for cells, words in zip(plain_rows(found), plain_rows(shown.assets(found)), strict=True)
    ]  # fmt: skip
    return Table.of(
        "inventory",
        f"Inventory of assets and ties of {metro}",
        columns,
        rows,
        notes=(
            coverage(found),
            "The rows are those of the toolkit's first table. A number of a state is marked as such and fills no item of the area; an empty "
            "cell is a gap and never zero. Each value is the latest in our data, so periods differ.",
        ),
        head="item",
        by="row",
    )


def _listed() -> Any:
    records = results.structured(load("mission_outcomes"), load("missions"), load("sources"))
    return annexes.as_listed(load("annex_outcomes"), records)


def _verdicts(claim_ids: str, checks: Mapping[str, Check]) -> str:
    """Return claims with their committed verdicts: "C155 agrees, C156 agrees"."""
    return ", ".join(
        f"{key} {checks[key].verdict if key in checks else 'not judged'}" for key in claim_ids.split(";") if key
    )


def _ids(cell: str) -> tuple[str, ...]:
    return unique(part for part in cell.split(";") if part)
