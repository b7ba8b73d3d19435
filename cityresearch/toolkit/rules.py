"""Rules between the cells of an office's book: order of days, rows that occur twice, evidence, units, objectives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from cityresearch.errors import DataError
from cityresearch.suggestions import hint
from cityresearch.toolkit.book import Book, Fault, Row, read_book
from cityresearch.toolkit.layout import BY_OFFICE, BY_PUBLIC, CURRENCIES, MOST_MEASURES, QUESTIONS, SHEETS, UNITS
from cityresearch.toolkit.measured import ACTIVITIES, HORIZONS, MONEY, Measure, measures

__all__ = ["answers", "checked_book", "day_of_row", "horizon_of", "measure_of", "mended_book"]

TOLD = 5  # faults that a refusal names
SIGNED_UNITS = ("percent", "percentage points", "index points")


def checked_book(path: Path, today: date) -> Book:
    """Read an office's workbook and name everything that must be mended, in the order of sheets and rows.

    Parameters
    ----------
    path : Path
    today : date
        What lies after it has not happened yet.

    Raises
    ------
    DataError
        If it is no workbook that can be read.
    """
    book = read_book(path)
    by_label = {measure.label: measure for measure in measures()}
    for name, rows in book.rows.items():
        for row in rows:
            _order(book, row)
            _happened(book, row, today)
            _evidence(book, row)
            _cost(book, row)
            if name == "outcomes":
                _unit(book, row, by_label)
            if name == "events":
                _guests(book, row)
        _twice(book, name, rows)
    _public(book)
    _ids(book)
    _begin(book)
    _objectives(book, by_label)
    for found in (book.faults, book.read_as, book.notes):
        found.sort()
    return book


def mended_book(path: Path, today: date) -> Book:
    """Read an office's workbook that has nothing to mend; what is counted from a faulty one could be wrong.

    Raises
    ------
    DataError
        If it cannot be read or has faults; the first of them are named.
    """
    book = checked_book(path, today)
    if book.faults:
        told = " ".join(str(fault) for fault in book.faults[:TOLD])
        more = f" (and {len(book.faults) - TOLD} more)" if len(book.faults) > TOLD else ""
        count = f"{len(book.faults)} faults" if len(book.faults) > 1 else "a fault"
        raise DataError(f"{path} has {count}, so nothing was made; see cityresearch toolkit check {path}: {told}{more}")
    return book


def answers(book: Book) -> dict[str, str]:
    """Return the answers of the sheet office by the names of `layout.QUESTIONS`; empty ones are left out."""
    by_question = {row.text("item").casefold(): row.text("answer") for row in book.rows["office"]}
    found = {name: by_question.get(question.casefold(), "") for name, question in QUESTIONS.items()}
    return {name: answer for name, answer in found.items() if answer}


def day_of_row(row: Row) -> date | None:
    """Return the day of a row: of a visit or event its first, of an agreement that of signing, of an outcome when it happened."""
    day = row["start"] or row["signed"] or row["date"]
    return day if isinstance(day, date) else None


def measure_of(row: Row, by_label: Mapping[str, Measure]) -> Measure | None:
    """Return the measure that a row counts for, or None."""
    for metric_id, sheets in ACTIVITIES.items():
        if row.sheet in sheets:
            return next(measure for measure in by_label.values() if measure.metric_id == metric_id)
    return by_label.get(row.text("measure"))


def horizon_of(row: Row, measure: Measure) -> str:
    """Return the horizon of a row, a key of `HORIZONS`: its own, or else that of its measure."""
    return next((key for key, label in HORIZONS.items() if label == row["horizon"]), measure.horizon)


def _order(book: Book, row: Row) -> None:
    for first, last in SHEETS[row.sheet].in_order:
        start, end = row[first], row[last]
        if isinstance(start, date) and isinstance(end, date) and end < start:
            head = next(c.heading for c in SHEETS[row.sheet].columns if c.name == first)
            book.fault(
                row.sheet, row.line, last, f"found {end}, before {start} in the column {head}: correct one of the two"
            )


def _happened(book: Book, row: Row, today: date) -> None:
    day = day_of_row(row)
    if day and day > today and row["status"] in ("reported", "confirmed"):
        book.fault(
            row.sheet,
            row.line,
            "status",
            f"found {row['status']!r} of something on {day}, which is after today ({today}): choose 'planned', or correct the day",
        )


def _evidence(book: Book, row: Row) -> None:
    if row["status"] == "confirmed" and not row["evidence"]:
        book.fault(
            row.sheet,
            row.line,
            "status",
            "found 'confirmed' without an evidence address: say where it can be seen, or choose 'reported'",
        )


def _cost(book: Book, row: Row) -> None:
    if row["cost"] is not None and not row["cost_currency"] and "cost_currency" in book.places.get(row.sheet, {}):
        book.fault(
            row.sheet, row.line, "cost_currency", f"found nothing, and the cost is {row['cost']}: choose its currency"
        )


def _guests(book: Book, row: Row) -> None:
    every, abroad = row["people"], row["people_abroad"]
    if isinstance(every, int) and isinstance(abroad, int) and abroad > every:
        book.fault(
            row.sheet, row.line, "people_abroad", f"found {abroad}, more than the {every} people in all: correct one"
        )


def _unit(book: Book, row: Row, by_label: Mapping[str, Measure]) -> None:
    measure, unit, value = by_label.get(row.text("measure")), row.text("unit"), row["value"]
    broken = any(f.sheet == row.sheet and f.row == row.line and f.heading in ("Unit", "Value") for f in book.faults)
    if (value is None and row["target"] is None) or broken:
        return
    if not unit:
        book.fault(
            row.sheet,
            row.line,
            "unit",
            f"found nothing, and the value is {row.text('value') or 'open with a target'}: choose what it counts",
        )
        return
    usual = [u for m in ([measure] if measure else []) for u in m.units]
    fits = unit in usual or (MONEY in usual and unit in CURRENCIES)
    if measure and not fits:
        named = (
            ", ".join("a currency" if u == MONEY else u for u in usual)
            or "no value, for rows of its own sheet are counted"
        )
        book.fault(
            row.sheet,
            row.line,
            "unit",
            f"found {unit!r} for {measure.label!r}, expected {named}: correct the unit or the measure",
        )
    if isinstance(value, int | float) and value < 0 and unit in UNITS and unit not in SIGNED_UNITS:
        book.fault(row.sheet, row.line, "value", f"found {value}, expected 0 or more {unit}: correct the sign")


def _public(book: Book) -> None:
    """Name rows that are marked as public data and are not what our tables say: an edited value must not pass as a publisher's."""
    from cityresearch.errors import ParameterError
    from cityresearch.toolkit.public import public_inventory

    marked = [row for row in book.rows["inventory"] if row["filled_by"] == BY_PUBLIC]
    place = answers(book).get("place", "")
    if not marked or not place:
        return
    try:
        known = {(row["item"], _as_text(row["value"]), row["unit"] or "") for row in public_inventory(place)[1]}
    except ParameterError as error:
        book.notes.append(
            Fault(
                0,
                "office",
                0,
                0,
                "",
                f"the place {place!r} is not one that we know, so rows marked as public data were not compared: {error}",
            )
        )
        return
    for row in marked:
        if (row["item"], _as_text(row["value"]), row.text("unit")) not in known:
            book.fault(
                "inventory", row.line, "filled_by",
                f"found {BY_PUBLIC!r}, and our tables do not have {row.text('item')} of {row.text('value') or 'nothing'} {row.text('unit')}".rstrip()
                + f" for {place}: choose {BY_OFFICE!r} if the value is yours",
            )  # fmt: skip


def _as_text(value: object) -> str:
    try:
        return f"{float(str(value)):.15g}"
    except ValueError:
        return str(value)


def _twice(book: Book, name: str, rows: list[Row]) -> None:
    seen: dict[tuple, int] = {}
    for row in rows:
        key = tuple(
            (column, value) for column, value in sorted(row.values.items()) if column != "id" and value is not None
        )
        if key and key in seen:
            book.fault(
                name,
                row.line,
                "",
                f"the row says the same as row {seen[key]}, so it would be counted twice: delete one, or say how they differ",
            )
        seen.setdefault(key, row.line)


def _ids(book: Book) -> None:
    seen: dict[str, Row] = {}
    for row in (row for rows in book.rows.values() for row in rows if row["id"]):
        other = seen.setdefault(row.text("id").casefold(), row)
        if other is not row:
            book.fault(
                row.sheet,
                row.line,
                "id",
                f"found {row.text('id')!r}, which row {other.line} of the sheet {other.sheet} has too: choose another",
            )
    for row in (row for rows in book.rows.values() for row in rows if row["follows"]):
        wanted = row.text("follows")
        if wanted.casefold() not in seen:
            known = [other.text("id") for other in seen.values()]
            book.fault(
                row.sheet,
                row.line,
                "follows",
                f"found {wanted!r}, which is the ID of no row{hint(wanted, known, 'write one, or leave the cell empty').rstrip('.')}",
            )


def _begin(book: Book) -> None:
    """Let the work of an outcome begin on the day of what it followed, where the office gave no day."""
    by_id = {row.text("id").casefold(): row for rows in book.rows.values() for row in rows if row["id"]}
    for place, row in enumerate(book.rows["outcomes"]):
        followed = by_id.get(row.text("follows").casefold())
        if followed and row["began"] is None and day_of_row(followed):
            book.rows["outcomes"][place] = Row(row.sheet, row.line, {**row.values, "began": day_of_row(followed)})


def _objectives(book: Book, by_label: Mapping[str, Measure]) -> None:
    listed = [answer for name, answer in answers(book).items() if name.startswith("objective")]
    of_objective: dict[str, list[str]] = {}
    for row in (row for rows in book.rows.values() for row in rows if row["objective"]):
        objective = row.text("objective")
        if listed and objective not in listed:
            otherwise = "write it as on the sheet office, or add it there"
            book.fault(
                row.sheet,
                row.line,
                "objective",
                f"found {objective!r}, which is no objective of the sheet office{hint(objective, listed, otherwise).rstrip('.')}",
            )
            continue
        measure = measure_of(row, by_label)
        known = of_objective.setdefault(objective, [])
        if measure and measure.label not in known:
            known.append(measure.label)
            if len(known) == MOST_MEASURES + 1:
                book.fault(
                    row.sheet, row.line, "objective",
                    f"found a measure more than {MOST_MEASURES} for the objective {objective!r} ({'; '.join(known)}), and a quarterly return has at "
                    f"most {MOST_MEASURES}: take some rows out of the objective, or split it",
                )  # fmt: skip
