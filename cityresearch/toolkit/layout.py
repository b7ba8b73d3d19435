"""The layout of an office's workbook: its sheets, their columns, what a cell may hold, and an example row for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from cityresearch.measures.inventory_gaps import ROWS
from cityresearch.toolkit.measured import HORIZONS, labels

__all__ = [
    "ADDED_UNITS",
    "ATTRIBUTIONS",
    "BY_OFFICE",
    "BY_PUBLIC",
    "CHOICES",
    "CONFIDENCES",
    "CURRENCIES",
    "EXAMPLE",
    "HELP",
    "LISTS",
    "MOST_MEASURES",
    "QUESTIONS",
    "SHEETS",
    "STATUSES",
    "UNITS",
    "Column",
    "Kind",
    "Sheet",
    "choices",
    "example_of",
]  # fmt: skip

Kind = Literal["text", "id", "link", "date", "country", "count", "number", "money", "choice"]
HELP, LISTS = "help", "lists"  # sheets that hold no rows of the office
EXAMPLE = "EXAMPLE"  # the ID of a row that is shown and not counted
MOST_MEASURES = 4  # of one objective in a quarterly return, as Scotland's offices have it
STATUSES = ("planned", "reported", "confirmed")
CONFIDENCES = ("low", "medium", "high")
ATTRIBUTIONS = ("our work alone", "our work and others'", "followed, no link shown")
BY_PUBLIC, BY_OFFICE = "public data", "the office"
# the questions of the sheet office, in their order
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name of the office",
        "place": "Place",
        "prepared_by": "Prepared by",
        **{f"objective_{n}": f"Objective {n}" for n in range(1, 7)},
    }
)
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "MXN", "JPY", "CNY", "KRW", "INR", "AUD", "NZD", "CHF", "SEK", "BRL", "TWD")
# units whose values may be added where measure and status are the same; each says what one is
COUNTED_UNITS = (
    "jobs", "projects", "deals", "firms", "inquiries", "meetings", "exchanges", "people", "students", "visitors", "routes", "articles",
    "policies", "grants", "partnerships", "tons CO2",
)  # fmt: skip
# units whose values are never added
ADDED_UNITS = (*COUNTED_UNITS, *CURRENCIES)
OTHER_UNITS = ("percent", "percentage points", "rank", "index points")
UNITS = (*COUNTED_UNITS, *OTHER_UNITS, *CURRENCIES)
AGREEMENTS = ("memorandum", "sister city", "trade or investment agreement", "joint declaration", "other")
YES_NO = ("yes", "no")
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rows of the inventory": ROWS,
        "filled by": (BY_PUBLIC, BY_OFFICE),
        "statuses": STATUSES,
        "horizons": tuple(HORIZONS.values()),
        "confidences": CONFIDENCES,
        "attributions": ATTRIBUTIONS,
        "units": UNITS,
        "currencies": CURRENCIES,
        "agreements": AGREEMENTS,
        "yes or no": YES_NO,
    }
)


def choices(name: str) -> tuple[str, ...]:
    """Return the values of a drop-down list by its name; those of measures come from the dataset, in the toolkit's order."""
    return tuple(labels().values()) if name == "measures" else CHOICES[name]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Parameters
    ----------
    name : str
        In code.
    heading : str
        In the workbook.
    kind : Kind
    choices : str
        Name of the drop-down list of a choice.
    required : bool
        Whether every row must have it.
    help : str
        What belongs here, in a sentence.
    width : int
        In characters.
    """

    name: str
    heading: str
    kind: Kind = "text"
    choices: str = ""
    required: bool = False
    help: str = ""
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is for, its columns, the pairs of columns in which the second day is not before the first, and an example row.

    A cell of the example that begins with "measure:" stands for the measure with that id.
    """

    name: str
    purpose: str
    columns: tuple[Column, ...]
    example: Mapping[str, object] = field(default_factory=dict)
    in_order: tuple[tuple[str, str], ...] = ()


def example_of(sheet: Sheet) -> dict[str, object]:
    """Return the example row of a sheet, with the labels of measures and with days as days."""
    from datetime import date

    found = {}
    days = [column.name for column in sheet.columns if column.kind == "date"]
    for name, value in sheet.example.items():
        if isinstance(value, str) and value.startswith("measure:"):
            value = labels()[value.removeprefix("measure:")]
        found[name] = date.fromisoformat(str(value)) if name in days else value
    return found


ID = Column(
    "id",
    "ID",
    "id",
    help="A short name of your own, such as OUT-1. Leave it empty if nothing refers to the row.",
    width=12,
)
STATUS = Column(
    "status", "Status", "choice", "statuses", True,
    "planned: not yet happened. reported: you say so. confirmed: a page or a document of somebody else shows it.", 12,
)  # fmt: skip
OBJECTIVE = Column(
    "objective", "Objective", help="The objective of your plan that it serves, in the same words everywhere.", width=24
)
OWNER = Column("owner", "Owner", help="Who in your office answers for the row.", width=16)
EVIDENCE = Column(
    "evidence", "Evidence address", "link", help="Address of a page, or where the document is kept.", width=34
)
COST = Column("cost", "Cost", "money", help="What it cost your office, as a number without a currency sign.", width=12)
CURRENCY = Column("cost_currency", "Cost currency", "choice", "currencies", help="The currency of the cost.", width=14)
NOTE = Column("note", "Note", help="Anything that a reader should know.", width=30)
COUNTRY_HELP = "One country by its name; several with semicolons between them."
VISIT_END = (OBJECTIVE, STATUS, COST, CURRENCY, OWNER, EVIDENCE, NOTE)


def _visits(name: str, purpose: str, country: str, place: str, example: Mapping[str, object]) -> Sheet:
    columns = (
        ID,
        Column("start", "Start date", "date", required=True, help="First day, such as 2026-03-14.", width=13),
        Column("end", "End date", "date", help="Last day; empty if it was one day.", width=13),
        Column("country", country, "country", required=True, help=COUNTRY_HELP, width=20),
        Column("place", place, width=20, help="City or region."),
        Column("purpose", "Purpose", required=True, width=34, help="Why, in a sentence."),
        Column("led_by", "Led by", width=20, help="The head of the delegation, by office."),
        Column("people", "People", "count", width=10, help="How many took part."),
        *VISIT_END,
    )
    return Sheet(name, purpose, columns, {"id": EXAMPLE, **example}, (("start", "end"),))


SHEETS: Mapping[str, Sheet] = MappingProxyType({
    sheet.name: sheet
    for sheet in (
        Sheet(
            "office", "Who keeps this book.",
            (
                Column("item", "Question", required=True, width=30, help="Leave the questions as they are."),
                Column("answer", "Answer", width=60, help="Your answer."),
            ),
        ),
        Sheet(
            "inventory", "Assets and ties of your place. Rows marked 'public data' were filled in; add your own and mark them 'the office'.",
            (
                Column("row", "Row of the inventory", "choice", "rows of the inventory", True, "One of the five rows of the toolkit's table.", 34),
                Column("item", "Item", required=True, help="What is described.", width=40),
                Column("value", "Value", help="A number or a name.", width=24),
                Column("unit", "Unit", help="The unit of a number.", width=14),
                Column("period", "Period", help="Year or years that the value is for.", width=12),
                Column("source", "Source", help="Who publishes it.", width=44),
                Column("address", "Source address", "link", help="Where it is published.", width=34),
                Column("filled_by", "Filled by", "choice", "filled by", True, "Who filled in this row.", 14),
                Column("note", "Note", help="What a reader must know with the value.", width=44),
                Column("gap", "Gap", help="What is missing, and whose table would fill it.", width=44),
            ),
        ),
        _visits(
            "delegations in", "Visits from abroad to your place. One row for each visit.", "Country of origin", "From city or region",
            {"start": "2026-03-09", "end": "2026-03-11", "country": "Japan", "place": "Yokohama", "purpose": "Visit to the port and to two firms",
             "led_by": "Deputy mayor of the visiting city", "people": 9, "objective": "More trade with Asia", "status": "reported",
             "owner": "International desk"},
        ),
        _visits(
            "delegations out", "Trips abroad of your officials. One row for each trip.", "Country visited", "City or region visited",
            {"start": "2026-05-04", "end": "2026-05-08", "country": "Mexico", "place": "Monterrey", "purpose": "Meetings of firms with buyers",
             "led_by": "Mayor", "people": 14, "objective": "More trade with the Americas", "status": "planned", "cost": 42000,
             "cost_currency": "USD", "owner": "Trade desk"},
        ),
        Sheet(
            "agreements", "Agreements and memoranda that your place has signed or means to sign.",
            (
                ID,
                Column("signed", "Date signed", "date", required=True, help="The day; for a planned one, the day you expect.", width=13),
                Column("end", "Valid until", "date", help="Empty if it has no end.", width=13),
                Column("partner", "Partner", required=True, width=30, help="The other side."),
                Column("country", "Country", "country", required=True, width=20, help=COUNTRY_HELP),
                Column("kind", "Kind", "choice", "agreements", True, "What it is.", 22),
                Column("subject", "Subject", width=34, help="What it is about."),
                *VISIT_END,
            ),
            {"id": EXAMPLE, "signed": "2026-02-20", "end": "2031-02-19", "partner": "City of Rotterdam", "country": "Netherlands",
             "kind": "memorandum", "subject": "Clean shipping", "objective": "Clean industry", "status": "confirmed", "owner": "Climate desk",
             "evidence": "https://example.org/minutes/14"},
            (("signed", "end"),),
        ),
        Sheet(
            "events", "Events with guests from abroad that your place hosted.",
            (
                ID,
                Column("start", "Start date", "date", required=True, help="First day.", width=13),
                Column("end", "End date", "date", help="Last day; empty if it was one day.", width=13),
                Column("event", "Event", required=True, width=34, help="Its name."),
                Column("country", "Countries", "country", width=24, help=COUNTRY_HELP),
                Column("people", "People", "count", width=10, help="How many took part."),
                Column("people_abroad", "People from abroad", "count", width=18, help="How many of them came from abroad."),
                *VISIT_END,
            ),
            {"id": EXAMPLE, "start": "2026-04-16", "end": "2026-04-17", "event": "Forum on port technology", "country": "Japan; Singapore",
             "people": 220, "people_abroad": 35, "objective": "More trade with Asia", "status": "reported", "owner": "International desk"},
            (("start", "end"),),
        ),
        Sheet(
            "outcomes", "What came of your work, one result a row. Enter what is new, not totals to date.",
            (
                ID,
                Column("outcome", "Outcome", required=True, width=36, help="What happened, in a sentence."),
                Column("follows", "Follows from", width=14, help="ID of the visit, agreement or event that it followed."),
                Column("began", "Work began", "date", width=13, help="Day of the first step; the horizon is counted from here."),
                Column("horizon", "Horizon", "choice", "horizons", help="The toolkit's horizon; empty takes the one of the measure.", width=14),
                Column("measure", "Measure", "choice", "measures", True, "One of the toolkit's 22 measures.", 40),
                Column("value", "Value", "number", help="A number alone: no sign, no unit, no words.", width=12),
                Column("unit", "Unit", "choice", "units", help="What the value counts.", width=14),
                Column("date", "Date", "date", required=True, help="When it happened or, if planned, when it is due.", width=13),
                Column("country", "Country", "country", width=20, help=COUNTRY_HELP),
                STATUS,
                Column("confidence", "Confidence", "choice", "confidences", help="How sure you are of the value.", width=13),
                Column("attribution", "Attribution", "choice", "attributions", help="How far it is due to your work.", width=24),
                Column("target", "Target", "number", help="The value you aimed at, in the same unit.", width=12),
                *(column for column in VISIT_END if column is not STATUS),
            ),
            {"id": EXAMPLE, "outcome": "A maker of pumps opened a plant", "follows": "IN-1", "began": "2025-01-15", "horizon": "1-3 years",
             "measure": "measure:jobs", "value": 40, "unit": "jobs", "date": "2026-04-02", "country": "Japan", "status": "reported",
             "confidence": "medium", "attribution": "our work and others'", "target": 50, "objective": "More trade with Asia",
             "owner": "Investment desk"},
            (("began", "date"),),
        ),
        Sheet(
            "stories", "Stories that stand beside the numbers: a few sentences, who tells them, and whether they may be printed.",
            (
                ID,
                Column("title", "Title", required=True, width=30, help="A headline."),
                Column("story", "Story", required=True, width=70, help="A few sentences."),
                Column("measure", "Measure", "choice", "measures", help="The measure beside which it belongs.", width=40),
                Column("follows", "Belongs to", width=14, help="ID of a visit, agreement, event or outcome."),
                Column("told_by", "Told by", width=24, help="Whose words they are."),
                Column("date", "Date", "date", width=13, help="When it was told."),
                Column("printed", "May be printed", "choice", "yes or no", True, "no keeps it out of all pages.", 15),
                EVIDENCE,
            ),
            {"id": EXAMPLE, "title": "A first order", "story": "We met our buyer at the city's stand, and the first order followed in the fall.",
             "measure": "measure:export_deals", "told_by": "Owner of a small firm", "date": "2026-01-20", "printed": "no"},
        ),
    )
})  # fmt: skip
