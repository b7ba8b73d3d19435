"""The book of an invented office, as a person would fill it in and as it is after mending: python tools/office_example.py [FOLDER].

It writes as-filled.xlsx, mended.xlsx and what-check-says.txt, by default in examples/toolkit. The office, its visits, results and stories are
invented; the inventory is the public one of a real place.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook

from cityresearch.tables.archive import undated
from cityresearch.toolkit.layout import SHEETS
from cityresearch.toolkit.measured import labels
from cityresearch.toolkit.template import template

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples" / "toolkit"
AS_OF = date(2026, 6, 30)
ASIA, INVEST, CLEAN = "More trade with Asia", "New investors", "Cleaner port"
OFFICE = {
    "Name of the office": "Bayou Point Office of International Affairs (invented)",
    "Prepared by": "The trade desk",
    "Objective 1": ASIA,
    "Objective 2": INVEST,
    "Objective 3": CLEAN,
}
M = labels()
ROWS: dict[str, list[dict[str, object]]] = {
    "delegations in": [
        {"id": "IN-1", "start": date(2025, 3, 10), "end": date(2025, 3, 12), "country": "Japan", "place": "Chiba", "purpose": "Port and energy firms",
         "led_by": "Mayor of the visiting city", "people": 11, "objective": ASIA, "status": "confirmed", "owner": "Trade desk",
         "evidence": "https://example.org/council/2025-03"},
        {"id": "IN-2", "start": date(2026, 4, 20), "country": "South Korea", "purpose": "Battery makers look at sites", "people": 6, "objective": INVEST,
         "status": "reported", "owner": "Investment desk"},
    ],
    "delegations out": [
        {"id": "OUT-1", "start": date(2025, 9, 8), "end": date(2025, 9, 13), "country": "Japan; South Korea", "place": "Chiba and Busan",
         "purpose": "Meetings with buyers", "led_by": "Mayor", "people": 18, "objective": ASIA, "status": "confirmed", "cost": 61500,
         "cost_currency": "USD", "owner": "Trade desk", "evidence": "https://example.org/travel/2025-09"},
        {"id": "OUT-2", "start": date(2026, 10, 5), "end": date(2026, 10, 9), "country": "Netherlands", "place": "Rotterdam",
         "purpose": "Clean fuels for ships", "led_by": "Port director", "people": 7, "objective": CLEAN, "status": "planned", "cost": 24000,
         "cost_currency": "USD", "owner": "Port desk"},
    ],
    "agreements": [
        {"id": "MOU-1", "signed": date(2025, 9, 10), "partner": "City of Chiba", "country": "Japan", "kind": "memorandum",
         "subject": "Exchange on harbors", "objective": ASIA, "status": "confirmed", "owner": "Trade desk",
         "evidence": "https://example.org/agreements/7"},
    ],
    "events": [
        {"id": "EV-1", "start": date(2026, 5, 14), "end": date(2026, 5, 15), "event": "Gulf Clean Ports Forum", "country": "Netherlands; Norway",
         "people": 240, "people_abroad": 38, "objective": CLEAN, "status": "reported", "owner": "Port desk"},
    ],
    "outcomes": [
        {"id": "RES-1", "outcome": "A maker of valves opened a plant", "follows": "IN-1", "horizon": "1-3 years", "measure": M["jobs"], "value": 120,
         "unit": "jobs", "date": date(2026, 5, 4), "country": "Japan", "status": "reported", "confidence": "medium",
         "attribution": "our work and others'", "target": 100, "objective": INVEST, "owner": "Investment desk"},
        {"id": "RES-2", "outcome": "The plant's investment", "follows": "IN-1", "horizon": "1-3 years", "measure": M["foreign_investment"],
         "value": 18500000, "unit": "USD", "date": date(2026, 5, 4), "country": "Japan", "status": "confirmed", "confidence": "high",
         "attribution": "our work and others'", "target": 20000000, "objective": INVEST, "owner": "Investment desk",
         "evidence": "https://example.org/permits/311"},
        {"id": "RES-3", "outcome": "Meetings between firms in Busan", "follows": "OUT-1", "measure": M["matchmaking"], "value": 34,
         "unit": "meetings", "date": date(2025, 9, 12), "country": "South Korea", "status": "reported", "confidence": "high",
         "attribution": "our work alone", "objective": ASIA, "owner": "Trade desk"},
        {"id": "RES-4", "outcome": "More visitors from abroad", "began": date(2024, 1, 1), "measure": M["tourism"], "value": 4.5, "unit": "percent",
         "date": date(2025, 12, 31), "status": "reported", "confidence": "low", "attribution": "followed, no link shown", "owner": "Visitors' bureau"},
        {"id": "RES-5", "outcome": "Grant for shore power", "began": date(2025, 6, 1), "measure": M["grants"], "value": 250000, "unit": "EUR",
         "date": date(2026, 2, 25), "country": "Netherlands", "status": "reported", "confidence": "high", "attribution": "our work and others'",
         "objective": CLEAN, "owner": "Port desk"},
        {"id": "RES-6", "outcome": "Shore power at two berths", "follows": "RES-5", "measure": M["climate"], "value": 900, "unit": "tons CO2",
         "date": date(2029, 6, 30), "status": "planned", "confidence": "low", "attribution": "our work and others'", "target": 900,
         "objective": CLEAN, "owner": "Port desk"},
    ],
    "stories": [
        {"id": "ST-1", "title": "A valve that fit", "measure": M["jobs"], "follows": "RES-1", "told_by": "Manager of the new plant (invented)",
         "story": "We came to look at the port and stayed for the welders. The city introduced us to the college before we had a lease, and half of our "
         "first crew came out of that evening.", "date": date(2026, 5, 20), "printed": "yes"},
        {"id": "ST-2", "title": "Two harbors, one problem", "measure": M["agreements"], "follows": "MOU-1", "told_by": "Harbor engineer (invented)",
         "story": "They had fixed the silt that we have been fighting for ten years. We copied the drawings.", "date": date(2026, 3, 2), "printed": "yes"},
        {"id": "ST-3", "title": "Not for the page", "measure": M["inquiries"], "told_by": "An investor (invented)",
         "story": "We are still choosing between three states.", "date": date(2026, 6, 1), "printed": "no"},
    ],
}  # fmt: skip
# what a person typed in place of these values: sheet, ID, column, cell
SLIPS: list[tuple[str, str, str, object]] = [
    ("delegations in", "IN-1", "start", "10 March 2025"),  # text, and only one day can be meant
    ("delegations in", "IN-2", "start", "04/05/2026"),  # could be two days
    ("delegations in", "IN-2", "country", "S. Korea"),
    ("delegations in", "IN-2", "people", -6),
    ("delegations out", "OUT-1", "end", date(2025, 8, 13)),  # before the start
    ("delegations out", "OUT-1", "cost", "$61,500"),  # with its currency chosen: read as meant
    ("delegations out", "OUT-2", "cost", "€24,000"),  # the currency chosen is another one
    ("delegations out", "OUT-2", "country", "Netherland"),
    ("agreements", "MOU-1", "kind", "Memorandun"),
    ("agreements", "MOU-1", "evidence", None),  # confirmed, and nothing shows it
    ("events", "EV-1", "country", "Netherlands; Atlantis"),
    ("events", "EV-1", "status", "reported "),  # a blank at the end does no harm
    ("outcomes", "RES-1", "measure", "Jobs thru partnerships"),
    ("outcomes", "RES-1", "value", "about 120"),
    ("outcomes", "RES-2", "value", "=18000000+500000"),
    ("outcomes", "RES-2", "confidence", "hihg"),
    ("outcomes", "RES-3", "value", "1.034"),
    ("outcomes", "RES-4", "value", "4.5%"),
    ("outcomes", "RES-4", "unit", None),
    ("outcomes", "RES-5", "value", "#REF!"),
    ("outcomes", "RES-6", "follows", "RES-55"),
    ("outcomes", "RES-6", "status", "confirmed"),  # in 2029
]


def blank() -> Workbook:
    """Return the template for a place, with the office's answers."""
    book = load_workbook(io.BytesIO(template("Houston")[0]))
    for line in range(2, book["office"].max_row + 1):
        answer = OFFICE.get(str(book["office"].cell(line, 1).value))
        if answer:
            book["office"].cell(line, 2).value = answer
    return book


def mended() -> Workbook:
    """Return the office's book without faults."""
    book = blank()
    for name, rows in ROWS.items():
        for line, row in enumerate(rows, start=3):
            for place, column in enumerate(SHEETS[name].columns, start=1):
                if column.name in row:
                    _type(book, name, line, place, row[column.name])
    return book


def as_filled() -> Workbook:
    """Return the office's book as a person filled it in."""
    book = mended()
    for name, row_id, column, value in SLIPS:
        line = 3 + [row["id"] for row in ROWS[name]].index(row_id)
        _type(book, name, line, 1 + [c.name for c in SHEETS[name].columns].index(column), value)
    # one country written once for two rows, a row copied twice, a heading of their own, and a hidden row
    sheet = book["outcomes"]
    place = 1 + [c.name for c in SHEETS["outcomes"].columns].index("country")
    sheet.cell(4, place).value = None
    letter = sheet.cell(3, place).column_letter
    sheet.merge_cells(f"{letter}3:{letter}4")
    for cell in list(book["agreements"][3]):
        _type(book, "agreements", 4, cell.column, cell.value if cell.column > 1 else "MOU-2")
    book["events"].cell(1, 4).value = "Name of event"
    book["stories"].row_dimensions[5].hidden = True
    return book


def _type(book: Workbook, name: str, line: int, place: int, value: object) -> None:
    cell = book[name].cell(line, place)
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return undated(made.getvalue())


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "as-filled.xlsx").write_bytes(saved(as_filled()))
    (folder / "mended.xlsx").write_bytes(saved(mended()))
    said = subprocess.run(
        [sys.executable, "-m", "cityresearch", "toolkit", "check", "as-filled.xlsx", "--as-of", AS_OF.isoformat()],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "CITYRESEARCH_ROOT": str(ROOT), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    (folder / "what-check-says.txt").write_text(said.stdout + said.stderr, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
