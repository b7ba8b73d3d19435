"""The tables and figures in large type of an office's documents, as plain rows of text and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from cityresearch.toolkit.book import Book, Row
from cityresearch.toolkit.layout import BY_PUBLIC
from cityresearch.toolkit.measured import HORIZON_WORDS
from cityresearch.toolkit.quarters import Return
from cityresearch.toolkit.rules import answers, day_of_row
from cityresearch.toolkit.scorecard import Line
from cityresearch.toolkit.shown import shortened

__all__ = [
    "BRIEF", "COUNTRIES", "ENTRIES", "INVENTORY", "RETURN", "SCORECARD", "brief_rows", "by_country", "entries", "figure_in_words",
    "figures_by_measure", "inventory", "inventory_in_words", "left_out", "name_of", "planned_next", "printable_stories", "return_in_words",
    "return_rows", "scorecard_rows", "tiles_of", "unit_in_words",
]  # fmt: skip

Rows = list[dict[str, str | int | float | None]]
SCORECARD: Mapping[str, str] = {
    "horizon": "Horizon", "measure": "Measure", "value": "Value", "unit": "Unit", "period": "Period", "status": "Status",
    "state": "Horizon met or not yet due", "target": "Target", "entries": "Entries", "how": "How the value is made",
    "counts": "What one figure counts",
}  # fmt: skip
RETURN: Mapping[str, str] = {
    "objective": "Objective", "measure": "Measure", "value": "New in the quarter", "unit": "Unit", "status": "Status", "target": "Target",
    "period": "Days", "counts": "What one figure counts",
}  # fmt: skip
INVENTORY: Mapping[str, str] = {
    "row": "Row of the inventory", "item": "Item", "value": "Value", "unit": "Unit", "period": "Period", "source": "Source", "filled_by": "Filled by",
    "note": "Note, or what would fill the gap",
}  # fmt: skip
ENTRIES: Mapping[str, str] = {
    "measure": "Measure", "row": "Sheet and row", "what": "What", "value": "Value", "unit": "Unit", "date": "Date", "status": "Status",
    "confidence": "Confidence", "attribution": "Attribution", "cost": "Cost", "currency": "Cost currency", "owner": "Owner", "evidence": "Evidence address",
}  # fmt: skip
COUNTRIES: Mapping[str, str] = {
    "country": "Country", "in": "Visits from abroad", "out": "Trips abroad", "agreements": "Agreements", "events": "Events", "results": "Results",
}  # fmt: skip
BRIEF: Mapping[str, str] = {
    "measure": "Measure", "value": "Value", "unit": "Unit", "period": "Period", "status": "Status", "state": "Horizon", "target": "Target",
}  # fmt: skip
COUNTED_BY_COUNTRY = {
    "in": "delegations in",
    "out": "delegations out",
    "agreements": "agreements",
    "events": "events",
    "results": "outcomes",
}
SINGULAR: Mapping[str, str] = {
    "visits from abroad": "visit from abroad", "trips abroad": "trip abroad", "agreements": "agreement", "events": "event", "jobs": "job",
    "projects": "project", "deals": "deal", "firms": "firm", "inquiries": "inquiry", "meetings": "meeting", "exchanges": "exchange",
    "people": "person", "students": "student", "visitors": "visitor", "routes": "route", "articles": "article", "policies": "policy",
    "grants": "grant", "partnerships": "partnership",
}  # fmt: skip
LONGEST = 110  # characters of an entry in a list
STRENGTH = ("confirmed", "reported", "planned")


def name_of(book: Book) -> str:
    """Return the name of the office, or a general one."""
    known = answers(book)
    place = f" of {known['place']}" if known.get("place") else ""
    return known.get("name") or f"International office{place}"


def scorecard_rows(lines: Sequence[Line]) -> Rows:
    """Return a row for each line of the scorecard; a measure without entries says so in place of a status."""
    return [
        {
            "horizon": HORIZON_WORDS[line.measure.horizon],
            "measure": line.measure.label,
            "value": line.value,
            "unit": line.unit,
            "period": line.period,
            "status": line.status or "nothing in the book",
            "state": line.state,
            "target": line.target,
            "entries": line.entries or None,
            "how": line.how,
            "counts": line.measure.counts,
        }
        for line in lines
    ]


def return_rows(found: Return) -> Rows:
    """Return a row for each line of a quarterly return."""
    return [
        {
            "objective": objective,
            "measure": line.measure.label if line else "no measure in the book yet",
            "value": line.value if line else None,
            "unit": line.unit if line else "",
            "status": (line.status or "nothing new in the quarter") if line else "",
            "target": line.target if line else "",
            "period": line.period if line else "",
            "counts": line.measure.counts if line else "",
        }
        for objective, lines in found.objectives.items()
        for line in (lines or [None])
    ]


def inventory(book: Book) -> Rows:
    """Return the rows of the inventory: those with a value first in each row of the toolkit's table, then the gaps."""
    rows = sorted(book.rows["inventory"], key=lambda row: row["value"] is None)
    order = list(dict.fromkeys(row.text("row") for row in book.rows["inventory"]))
    return [
        {
            "row": row.text("row"),
            "item": row.text("item"),
            "value": _number_or_text(row.text("value")) if row["value"] is not None else "gap",
            "unit": row.text("unit"),
            "period": row.text("period"),
            "source": row.text("source") or row.text("address"),
            "filled_by": row.text("filled_by") if row["value"] is not None else "",
            "note": row.text("note") if row["value"] is not None else row.text("gap"),
        }
        for name in order
        for row in rows
        if row["row"] == name
    ]


def _number_or_text(text: str) -> int | float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and abs(number) < 10**15 else number if abs(number) < 10**15 else text


def entries(lines: Sequence[Line]) -> Rows:
    """Return every entry behind the scorecard, with its place in the workbook."""
    return [
        {
            "measure": line.measure.label,
            "row": f"{row.sheet}, row {row.line}",
            "what": next((row.text(n) for n in ("outcome", "event", "partner", "purpose") if row[n]), ""),
            "value": row["value"],
            "unit": row.text("unit"),
            "date": (day_of_row(row) or date.min).isoformat(),
            "status": row.text("status"),
            "confidence": row.text("confidence"),
            "attribution": row.text("attribution"),
            "cost": row["cost"],
            "currency": row.text("cost_currency"),
            "owner": row.text("owner"),
            "evidence": row.text("evidence"),
        }
        for line in lines
        for row in line.rows
    ]


def unit_in_words(line: Line) -> str:
    """Return the unit of a line as it is said with its value: 1 agreement, 2 agreements."""
    return SINGULAR.get(line.unit, line.unit) if line.value == 1 else line.unit


def figure_in_words(line: Line) -> str:
    """Return a figure with unit and status, such as "40 jobs, reported"."""
    value = "no figure" if line.value is None else f"{line.value:,} {unit_in_words(line)}".strip()
    return f"{value}, {line.status}"


def figures_by_measure(lines: Sequence[Line]) -> dict[str, str]:
    """Return the figures of each measure that has any, as words by its label."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.status:
            found.setdefault(line.measure.label, []).append(figure_in_words(line))
    return {label: "; ".join(figures) for label, figures in found.items()}


def tiles_of(lines: Sequence[Line], most: int = 6) -> list[tuple[str, str]]:
    """Return the surest figures, one a measure, each with what it counts: confirmed ones first, then those of later horizons."""
    horizons = list(HORIZON_WORDS)
    done = [line for line in lines if line.value is not None and line.status in STRENGTH[:2]]
    done.sort(key=lambda line: (STRENGTH.index(line.status), -horizons.index(line.measure.horizon)))
    found: dict[str, tuple[str, str]] = {}
    for line in done:
        found.setdefault(
            line.measure.metric_id, (f"{line.value:,}", f"{unit_in_words(line)}, {line.status} ({line.measure.label})")
        )
    return list(found.values())[:most]


def planned_next(lines: Sequence[Line], as_of: date, most: int = 5) -> list[str]:
    """Return what is planned from a day on, the next first, in words."""
    rows = {(row.sheet, row.line): row for line in lines for row in line.rows if row["status"] == "planned"}
    coming = [(day, row) for row in rows.values() if (day := day_of_row(row)) and day >= as_of]
    coming.sort(key=lambda pair: pair[0])
    return [f"{day}: {shortened(_what(row), LONGEST)}" for day, row in coming[:most]]


def _what(row: Row) -> str:
    what = next((row.text(n) for n in ("outcome", "event", "partner", "purpose") if row[n]), row.sheet)
    return f"{what} ({row.text('country')})" if row["country"] else what


def printable_stories(book: Book) -> list[Row]:
    """Return the stories that may be printed, the newest first."""
    rows = [row for row in book.rows["stories"] if row["printed"] == "yes"]
    return sorted(rows, key=lambda row: row["date"] or date.min, reverse=True)


def inventory_in_words(book: Book) -> str:
    """Return in a sentence who filled in how many rows of the inventory, and how many are gaps."""
    rows = book.rows["inventory"]
    known = [row for row in rows if row["value"] is not None]
    public = sum(row["filled_by"] == BY_PUBLIC for row in known)
    return (
        f"{len(rows)} rows of the inventory: {public} from public data, {len(known) - public} filled in by the office, "
        f"{len(rows) - len(known)} gaps."
    )


def by_country(book: Book) -> Rows:
    """Return how many rows of each sheet name a country and have happened, by country in the order of the alphabet."""
    counts: dict[str, dict[str, int]] = {}
    for column, sheet in COUNTED_BY_COUNTRY.items():
        for row in book.rows[sheet]:
            if row["status"] in STRENGTH[:2]:
                for country in row["country"] or ():
                    own = counts.setdefault(str(country), dict.fromkeys(COUNTED_BY_COUNTRY, 0))
                    own[column] += 1
    return [{"country": country, **counts[country]} for country in sorted(counts)]


def return_in_words(found: Return) -> str:
    """Return in a sentence what a quarterly return covers."""
    filled = sum(any(line.status for line in lines) for lines in found.objectives.values())
    said = f"{filled} of {len(found.objectives)} objectives have something new in {found.quarter}."
    if found.without_objective:
        are = "entries of the quarter name" if found.without_objective > 1 else "entry of the quarter names"
        said += f" {found.without_objective} {are} no objective and is not in the table.".replace(
            "name no objective and is", "name no objective and are"
        )
    return said


def _by_sureness(lines: Sequence[Line]) -> list[Line]:
    horizons = list(HORIZON_WORDS)
    found = [line for line in lines if line.status]
    return sorted(
        found, key=lambda line: (not line.target, STRENGTH.index(line.status), -horizons.index(line.measure.horizon))
    )


def brief_rows(lines: Sequence[Line], most: int) -> Rows:
    """Return the figures for a brief: those with a target first, then by status and horizon."""
    rows = scorecard_rows(_by_sureness(lines)[:most])
    return [{column: row[column] for column in BRIEF} for row in rows]


def left_out(lines: Sequence[Line], most: int) -> str:
    """Return how many figures a brief leaves to the scorecard; nothing if it has all."""
    more = len(_by_sureness(lines)) - most
    return f"{more} more {'figures are' if more > 1 else 'figure is'} in the scorecard." if more > 0 else ""
