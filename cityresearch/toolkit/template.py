"""The workbook that an office fills in: sheets with headings, drop-down lists, an example row each, and public data of the place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cityresearch.toolkit.layout import (
    BY_PUBLIC,
    CHOICES,
    EXAMPLE,
    HELP,
    LISTS,
    QUESTIONS,
    SHEETS,
    Column,
    Sheet,
    choices,
    example_of,
)  # fmt: skip
from cityresearch.toolkit.measured import HORIZON_WORDS, measures
from cityresearch.toolkit.public import public_inventory
from cityresearch.toolkit.sheets import FONT, fit, for_print, head, put, saved, set_widths

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["template"]

ROOM = 2_000  # rows in which the drop-down lists work
NEEDED, OPEN, EXAMPLES, PUBLIC = "FFFFE699", "FFDCE6F1", "FFEDEDED", "FFE2F0D9"
STEPS = (
    "Fill in what you have. Two sheets are enough to begin; leave the others empty or delete them.",
    "One row is one thing: one visit, one agreement, one event, one result. Keep the headings; you may add columns of your own.",
    f"The row with the ID {EXAMPLE} shows what a row looks like. It is never counted: leave it, or delete it, and write your rows below it.",
    "Yellow headings must be filled in every row. Cells with a small arrow have a list to choose from.",
    "Write days as 2026-03-14, and numbers as numbers: no currency signs, no percent signs, no formulas, no merged cells.",
    "Enter what is new in each row, not totals to date: values of one measure, unit and status are added where that makes sense.",
    "In the sheet inventory, green rows were filled in from public data. Rows of the office are yours to fill; the column Gap says whose "
    "table would help.",
    "Then run: cityresearch toolkit check THIS-FILE.xlsx. It names the sheet, row and column of each fault and what to do.",
    "When nothing is left to mend: cityresearch toolkit scorecard THIS-FILE.xlsx --output FOLDER.",
    "The book stays yours: nothing of it is sent anywhere or kept by the program.",
)
STATUS_WORDS = (
    ("planned", "It has not happened yet."),
    ("reported", "It has happened, and you or a partner say so."),
    ("confirmed", "A page or a document of somebody else shows it; the evidence address says which."),
)


def template(place: str) -> tuple[bytes, str, int, int]:
    """Return the workbook for a place, its full name, and how many rows of the inventory are filled and how many are gaps.

    Parameters
    ----------
    place : str
        See `public_inventory`.

    Raises
    ------
    ParameterError
        If no place or several places have that name.
    """
    from openpyxl import Workbook

    named, rows = public_inventory(place)
    book = Workbook()
    book.properties.creator, book.properties.title = "cityresearch", f"International engagement of {named}"
    _help(book.active, named)
    for layout in SHEETS.values():
        sheet = book.create_sheet(layout.name)
        if layout.name == "office":
            filled: Sequence[dict[str, Any]] = [
                {"item": question, "answer": named if name == "place" else None} for name, question in QUESTIONS.items()
            ]
        else:
            filled = rows if layout.name == "inventory" else []
        _sheet(sheet, layout, filled)
    _lists(book)
    filled_in = sum(row["filled_by"] == BY_PUBLIC for row in rows)
    return saved(book), named, filled_in, len(rows) - filled_in


def _sheet(sheet: Worksheet, layout: Sheet, filled: Sequence[dict[str, Any]]) -> None:
    from openpyxl.comments import Comment

    widths = [max(column.width, len(column.heading) + 2) for column in layout.columns]
    set_widths(sheet, widths)
    head(sheet, 1, [column.heading for column in layout.columns])
    for place, column in enumerate(layout.columns, start=1):
        cell = put(sheet, 1, place, column.heading, NEEDED if column.required else OPEN)
        if column.help:
            cell.comment = Comment(column.help, "cityresearch", height=90, width=260)
    line = 2
    if layout.example:
        example = example_of(layout)
        for place, column in enumerate(layout.columns, start=1):
            put(sheet, line, place, example.get(column.name), EXAMPLES)
        fit(sheet, line, [example.get(column.name) for column in layout.columns], widths)
        line += 1
    for row in filled:
        fill = PUBLIC if row.get("filled_by") == BY_PUBLIC else ""
        for place, column in enumerate(layout.columns, start=1):
            put(sheet, line, place, row.get(column.name), fill)
        fit(sheet, line, [row.get(column.name) for column in layout.columns], widths)
        line += 1
    for place, column in enumerate(layout.columns, start=1):
        _drop_down(sheet, column, place)
    sheet.freeze_panes = "B2"
    for_print(sheet)


def _drop_down(sheet: Worksheet, column: Column, place: int) -> None:
    """Offer a list in the cells of a choice, and the office's own objectives where one is asked for."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.kind == "choice":
        letter = get_column_letter(list(_lists_by_name()).index(column.choices) + 1)
        source = f"{LISTS}!${letter}$2:${letter}${len(choices(column.choices)) + 1}"
        rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.error, rule.errorTitle = "Choose a value from the list.", column.heading
    elif column.name == "objective":
        first = 2 + list(QUESTIONS).index("objective_1")
        rule = DataValidation(
            "list", formula1=f"office!$B${first}:$B${len(QUESTIONS) + 1}", allow_blank=True, showErrorMessage=False
        )
    else:
        return
    rule.prompt, rule.promptTitle, rule.showInputMessage = column.help[:250], column.heading[:30], True
    letter = get_column_letter(place)
    rule.add(f"{letter}2:{letter}{ROOM}")
    sheet.add_data_validation(rule)


def _lists_by_name() -> dict[str, tuple[str, ...]]:
    return {**CHOICES, "measures": choices("measures")}


def _lists(book: Workbook) -> None:
    sheet = book.create_sheet(LISTS)
    named = _lists_by_name()
    set_widths(sheet, [max(len(text) for text in (name, *values)) + 2 for name, values in named.items()])
    head(sheet, 1, list(named))
    for place, values in enumerate(named.values(), start=1):
        for line, value in enumerate(values, start=2):
            put(sheet, line, place, value)
    sheet.freeze_panes = "A2"
    for_print(sheet)


def _help(sheet: Worksheet, place: str) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = HELP
    widths = (24, 64, 50)
    set_widths(sheet, widths)
    put(sheet, 1, 1, f"The book of an international office: {place}").font = Font(name=FONT, bold=True, size=14)
    sheet.cell(1, 1).alignment = Alignment(vertical="top")
    line = 3
    for number, step in enumerate(STEPS, start=1):
        put(sheet, line, 1, f"Step {number}" if number in (1, 8, 9) else "")
        put(sheet, line, 2, step)
        fit(sheet, line, ["", step], widths)
        line += 1
    blocks = (
        (("Sheet", "What it is for", ""), [(layout.name, layout.purpose, "") for layout in SHEETS.values()]),
        (("Status", "What it means", ""), [(name, words, "") for name, words in STATUS_WORDS]),
        (("Horizon", "Measure of the toolkit", "What one figure counts"), [(HORIZON_WORDS[m.horizon], m.label, m.counts) for m in measures()]),
        *(
            ((f"Sheet {layout.name}", "Column", "What belongs there"),
             [("must be filled" if c.required else "", c.heading, c.help) for c in layout.columns])
            for layout in SHEETS.values()
        ),
    )  # fmt: skip
    for titles, rows in blocks:
        line += 1
        head(sheet, line, titles)
        for row in rows:
            line += 1
            for column, text in enumerate(row, start=1):
                put(sheet, line, column, text)
            fit(sheet, line, row, widths)
        line += 1
    sheet.freeze_panes = "A3"
    for_print(sheet)
