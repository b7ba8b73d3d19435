"""One cell of an office's workbook: the value that its column asks for, or what is wrong with it and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cityresearch.datasets.printable import INVISIBLE, quoted
from cityresearch.suggestions import nearest
from cityresearch.toolkit import countries
from cityresearch.toolkit.cells import Cell
from cityresearch.toolkit.dates import day_of
from cityresearch.toolkit.layout import Column, choices

__all__ = ["Read", "Value", "value_of"]

Value = str | int | float | date | tuple[str, ...] | None
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
ERRORS = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+)")
SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY or CNY", "C$": "CAD", "₩": "KRW", "₹": "INR"}
GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
WORDS = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
}
CODES = "|".join(("US", "USD", "EUR", "GBP", "JPY", "CAD", "MXN", "CNY", "KRW", "AUD", "CHF", "INR"))


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell gave: its value, how it was read where that is not what was typed, and what is wrong (found, and the remedy)."""

    value: Value = None
    read_as: str = ""
    fault: str = ""


def value_of(cell: Cell, column: Column, unit: str = "") -> Read:
    """Return what a cell means in its column.

    Parameters
    ----------
    cell : Cell
    column : Column
    unit : str
        What the row says of its unit, for a number: 15 % is 15 where the unit is percent.
    """
    found = quoted(cell.text)
    if cell.typed == "formula":
        shown = f"whose last value is {quoted(cell.last)}" if cell.last else "which has no stored value"
        return Read(
            fault=f"found the formula {found}, {shown}, expected a value: copy the cell and paste it as a value"
        )
    if cell.typed == "error" or ERRORS.fullmatch(cell.text):
        return Read(fault=f"found the error {found}, expected {_expected(column)}: type the value, or empty the cell")
    if hidden := INVISIBLE.search(cell.text):
        return Read(fault=f"found {found} with the invisible character U+{ord(hidden[0]):04X}: type it again")
    match column.kind:
        case "date":
            return _date(cell, found)
        case "count" | "number" | "money":
            return _number(cell, column, found, unit)
        case "choice":
            return _choice(cell, column, found)
        case "country":
            return _countries(cell, found)
    return Read(cell.text)


def _expected(column: Column) -> str:
    return {
        "date": "a date",
        "count": "a count",
        "number": "a number",
        "money": "a number",
        "country": "a country",
    }.get(column.kind, "text")


def _date(cell: Cell, found: str) -> Read:
    day, why = (cell.day, "") if cell.day else (None, "")
    if cell.typed == "number":
        why = "expected a date: format the cell as a date, or write it as year-month-day, such as 2026-03-14"
        if cell.number is not None and FIRST.year <= cell.number <= LAST.year:
            why = "expected a day and not a year: write it as year-month-day, such as 2026-03-14"
    elif day is None:
        day, why = day_of(cell.text)
    if day is None:
        return Read(fault=f"found {found}, {why}")
    if not FIRST <= day <= LAST:
        return Read(fault=f"found {found}, expected a year from {FIRST.year} to {LAST.year}: correct the year")
    return Read(
        day, "" if cell.typed == "date" or cell.text == day.isoformat() else f"{found} as the day {day.isoformat()}"
    )


def _number(cell: Cell, column: Column, found: str, unit: str) -> Read:
    if cell.typed == "date":
        return Read(fault=f"found the date {found}, expected a number: format the cell as a number and type it again")
    number, read_as = cell.number, ""
    if cell.percent and number is not None:
        if unit != "percent":
            return Read(
                fault=f"found {found}, a percentage, where the unit is {unit or 'empty'}: {_as_percent(cell.text, column)}"
            )
        number, read_as = round(100 * number, 10), f"{found} as {100 * number:.10g} percent"
    if number is None:
        number, fault = _typed_number(cell.text, column, found, unit)
        if fault:
            return Read(fault=fault)
        read_as = f"{found} as {number:.15g}"
    if column.kind != "number" and number < 0:
        return Read(
            fault=f"found {found}, expected {'a count' if column.kind == 'count' else 'an amount'} of 0 or more: correct the sign"
        )
    if column.kind == "count" and number != int(number):
        return Read(fault=f"found {found}, expected a whole number: count people or things, and put shares elsewhere")
    return Read(int(number) if number == int(number) and abs(number) < 10**15 else number, read_as)


def _typed_number(text: str, column: Column, found: str, unit: str) -> tuple[float, str]:
    """Return the number that a text means and no fault, or the fault."""
    bare = text.replace("\N{MINUS SIGN}", "-").strip()
    if PLAIN.fullmatch(bare) or GROUPED.fullmatch(bare):
        # 1.200 is 1200 to some, and 1.2 to others
        if re.fullmatch(r"-?\d{1,3}\.\d{3}", bare):
            whole = bare.replace(".", "")
            return (
                0,
                f"found the text {found}, expected one number, and it could be {float(bare):g} or {whole}: type it as a number",
            )
        return float(bare.replace(",", "")), ""
    if bare.endswith("%"):
        part = bare[:-1].strip()
        if PLAIN.fullmatch(part) and unit == "percent":
            return float(part), ""
        return 0, f"found {found}, expected a number: {_as_percent(bare, column)}"
    sign = re.match(rf"(?:{CODES})?[$€£¥₩₹]|(?:{CODES})\b", bare)
    rest = re.sub(rf"^(?:(?:{CODES})?[$€£¥₩₹]|(?:{CODES})\b)\s*|\s*(?:[$€£¥₩₹]|\b(?:{CODES}))$", "", bare)
    scaled = re.fullmatch(r"(-?\d+(?:\.\d+)?) ?([A-Za-z]+)\.?", rest)
    if rest != bare and (PLAIN.fullmatch(rest) or GROUPED.fullmatch(rest)):
        mark = sign[0] if sign else re.sub(r"^[-\d.,\s]+", "", bare)
        code = SIGNS.get(mark, mark)
        if code == unit:
            return float(rest.replace(",", "")), ""
        where = "Cost currency" if column.kind == "money" else "Unit"
        return (
            0,
            f"found {found}, expected a number alone: write {rest.replace(',', '')}, and choose {code} in the column {where}",
        )
    if scaled and scaled[2].casefold() in WORDS:
        whole = float(scaled[1]) * WORDS[scaled[2].casefold()]
        return 0, f"found {found}, expected a number alone: write {whole:.15g}"
    if re.fullmatch(r"-?\d+,\d{1,2}", bare):
        return 0, f"found {found}, expected a number with a decimal point: write {bare.replace(',', '.')}"
    if number := re.match(
        r"(?:about|ca\.?|approx\.?|over|more than|~|>|<|up to)?\s*(-?\d[\d,]*(?:\.\d+)?)", bare, re.IGNORECASE
    ):
        return (
            0,
            f"found {found}, expected a number alone: write {number[1].replace(',', '')}, and put the words in the column Note",
        )
    return (
        0,
        f"found {found}, expected a number: type one, or leave the cell empty and put the words in the column Note",
    )


def _as_percent(text: str, column: Column) -> str:
    number = text.replace("%", "").strip()
    if column.kind == "number":
        return f"write {number} as a number, and choose percent in the column Unit"
    return "write the count itself"


def _choice(cell: Cell, column: Column, found: str) -> Read:
    allowed = choices(column.choices)
    if cell.text in allowed:
        return Read(cell.text)
    same = next((choice for choice in allowed if choice.casefold() == cell.text.casefold()), "")
    if same:
        return Read(same, f"{found} as {same!r}")
    near = nearest(cell.text, allowed)
    remedy = f"did you mean {near!r}?" if near else "choose one from the list in the cell"
    listed = f"one of {', '.join(allowed)}" if len(allowed) <= 5 else f"one of the {len(allowed)} values of its list"
    return Read(fault=f"found {found}, expected {listed}: {remedy}")


def _countries(cell: Cell, found: str) -> Read:
    whole = countries.named(cell.text)
    parts = [part.strip() for part in re.split(r"[;/\n]" if ";" in cell.text or "/" in cell.text else r",", cell.text)]
    parts = [cell.text] if whole else [part for part in parts if part]
    names = []
    for part in parts:
        name = countries.named(part)
        if not name:
            near = countries.meant(part)
            which = found if len(parts) == 1 else f"{quoted(part)} in {found}"
            remedy = (
                f"did you mean {near}?"
                if near
                else "write the country's usual English name, or leave the cell empty and use the column Note"
            )
            return Read(fault=f"found {which}, which is not a country that we know: {remedy}")
        names.append(name)
    typed = "; ".join(parts)
    return Read(
        tuple(dict.fromkeys(names)), "" if typed == "; ".join(names) == cell.text else f"{found} as {'; '.join(names)}"
    )
