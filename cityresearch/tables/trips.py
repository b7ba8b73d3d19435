"""Tables of trips abroad: the paper's Table 1 with what we found, all on record, what is said to have come of them."""

from __future__ import annotations

from typing import Any

from cityresearch.chapters.mission_outcomes import counting, results
from cityresearch.chapters.trade_missions import counts, notes, stops, trips
from cityresearch.claims.records import committed
from cityresearch.datasets.ledger_tables import needs
from cityresearch.datasets.load import load
from cityresearch.numbers.quantity import unique
from cityresearch.tables.judged import MEANING
from cityresearch.tables.table import Column, Table, plain_rows

__all__ = ["missions", "outcomes", "table_1"]

TOGETHER = (
    "The list is put together from public pages. There is no register of trips abroad by cities, and a trip that is "
    "not listed may have taken place all the same."
)


@needs("mission_table1", "missions")
def table_1() -> Table:
    """Return the rows of the paper's Table 1 next to the trip that public pages show, with the verdict on each row."""
    columns = (
        Column("row", "row", "number", width=0.4),
        Column("country", "country", width=0.8),
        Column("mayor", "mayor", width=1.0),
        Column("printed_date", "printed date", width=0.7),
        Column("printed_cities", "printed cities", width=1.0),
        Column("dates_found", "dates found", width=0.9),
        Column("cities_found", "cities found (of the whole trip)", width=1.4),
        Column("note", "what we found besides", width=2.2),
        Column("claim_id", "claim", width=0.55),
        Column("verdict", "verdict", width=0.8),
        Column("basis", "basis", only="sheet"),
        Column("reason", "reason for the verdict", only="sheet"),
        Column("sources", "sources found", "sources", width=0.65),
        Column("cited", "cited by the paper", "sources", width=0.6),
    )
    printed, found, checks = load("mission_table1"), load("missions"), committed()
    table = trips.table1_rebuilt(printed, found).rename(columns=lambda name: name.replace(" ", "_"))
    rows = []
    for row, claimed in zip(plain_rows(table.reset_index()), plain_rows(printed), strict=True):
        check = checks[claimed["claim_id"]]
        rows.append(
            row
            | {
                "claim_id": check.claim_id,
                "verdict": check.verdict,
                "basis": check.basis,
                "reason": check.reason,
                "sources": _ids(claimed["checked_source_id"]),
                "cited": _ids(claimed["cited_source_id"]),
            }
        )
    return Table.of(
        "table-1",
        "Table 1 of the paper, row by row, and the trips that public pages show",
        columns,
        rows,
        notes=(
            "A row has a trip of the mayor to a country, so that one trip can make several rows. Dates and cities "
            "found are those of the whole trip; some are from announcements. What is known only through the paper "
            "does not count as evidence.",
            notes.table1_left_out(printed, found),
            MEANING,
        ),
        head="row",
    )


@needs("missions", "mission_classification", "places")
def missions() -> Table:
    """Return every trip abroad on record, oldest first, undated ones last."""
    columns = (
        Column("mission_id", "trip", only="sheet"),
        Column("level", "trips of", only="sheet"),
        Column("jurisdiction", "trip of", width=1.0),
        Column("lead", "led or joined by", width=1.1),
        Column("began", "began", width=0.75),
        Column("ended", "ended", width=0.75),
        Column("countries", "countries", width=1.0),
        Column("cities", "cities", width=1.3),
        Column("purpose", "purpose", width=1.5),
        Column("role", "official’s part", width=0.65),
        Column("kind", "kind", width=0.85),
        Column("trade_focus", "about trade", width=0.6),
        Column("sure", "classification is sure", only="sheet"),
        Column("note", "note", only="sheet"),
        Column("source_id", "sources", "sources", width=0.55),
    )
    places = load("places")
    every = counts.trips(load("missions"), load("mission_classification")).sort_values(
        "start_date", na_position="last", kind="stable"
    )
    names = stops.names_of(places)
    rows = []
    for trip in plain_rows(every.reset_index()):
        named = [names[code] for code in trip["countries"].split(";")]
        row = {
            name: trip[name] or ""
            for name in ("mission_id", "level", "purpose", "role", "kind", "trade_focus", "sure", "note")
        }
        row |= {
            "jurisdiction": _listed(trip["jurisdiction"]),
            "cities": _listed(trip["cities"]),
            "countries": ", ".join(named),
        }
        row |= {
            "began": trip["start_date"] or "undated",
            "ended": trip["end_date"] or "",
            "source_id": _ids(trip["source_id"]),
        }
        row["lead"] = ", ".join(filter(None, (trip["lead_name"], trip["lead_office"])))
        rows.append(row)
    return Table.of(
        "missions",
        f"Trips abroad of cities and of the state: {len(rows)} on record",
        columns,
        rows,
        notes=(
            TOGETHER,
            "Whether a trip was about trade, what kind it was and which part the official had are our judgments of "
            "the pages. Some trips are known only from an announcement.",
        ),
        head="jurisdiction",
    )


@needs("mission_outcomes", "missions")
def outcomes() -> Table:
    """Return what is said to have come of trips; planned outcomes, which are no results, are apart."""
    columns = (
        Column("status", "status", width=0.8),
        Column("outcome", "outcome", width=2.1),
        Column("city", "city", width=0.85),
        Column("mission_id", "trip", only="sheet"),
        Column("mission_date", "date of the trip", width=0.75),
        Column("kind", "direct or indirect (our reading)", width=0.75),
        Column("value", "value", "number", unit_in="unit", width=0.9),
        Column("unit", "unit", only="sheet"),
        Column("date", "date", width=0.75),
        Column("evidence", "who says so", width=1.1),
        Column("note", "note", width=2.2),
        Column("source_id", "sources", "sources", width=0.6),
    )
    records = results.structured(load("mission_outcomes"), load("missions"), load("sources"))
    happened = results.results(records)
    every = records.reset_index()
    rank = every["status"].map({"confirmed": 0, "reported": 1, "planned": 2})
    rows = []
    for record in plain_rows(every.iloc[rank.argsort(kind="stable")]):
        row: dict[str, Any] = {c.name: record[c.name] or "" for c in columns}
        row["status"] = HEADINGS[record["status"]]
        row["value"] = _number(record["value"]) if record["unit"] != "date" else None
        row["unit"] = "" if record["unit"] == "date" else record["unit"]
        row["source_id"] = _ids(record["source_id"])
        rows.append(row)
    return Table.of(
        "outcomes",
        f"What is said to have come of trips abroad: {len(rows)} records",
        columns,
        rows,
        notes=(
            counting.in_words(records, happened, "all"),
            "That something followed a trip does not show that the trip caused it. Several records can describe one "
            "outcome.",
        ),
        head="outcome",
        by="status",
    )


HEADINGS = {
    "confirmed": "confirmed by a second side",
    "reported": "reported by one side",
    "planned": "planned only, not a result",
}


def _number(text: str) -> int | float | None:
    if not text:
        return None
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _listed(cell: str | None) -> str:
    return (cell or "").replace(";", ", ")


def _ids(cell: str | None) -> tuple[str, ...]:
    return unique(part for part in (cell or "").split(";") if part)
