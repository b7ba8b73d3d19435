"""An office's book: the rows of its sheets with their values, and every fault with sheet, row, column and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cityresearch.suggestions import nearest
from cityresearch.toolkit.cells import Cell, Worksheet, letters, read_workbook
from cityresearch.toolkit.layout import EXAMPLE, HELP, LISTS, SHEETS, Column, Sheet, example_of
from cityresearch.toolkit.values import Value, value_of

__all__ = ["Book", "Fault", "Row", "read_book"]

LOOKED_THROUGH = 15  # rows in which the headings are looked for
NO_SHEET = (
    "expected the sheets of the template: make a workbook with cityresearch toolkit template and copy your rows into it"
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something to mend, or a cell that was read otherwise than typed: where, and what.

    `sheet` and `heading` are empty, and `row` is 0, where the fault is of the whole workbook, sheet or row.
    """

    order: int
    sheet: str
    row: int
    place: int
    heading: str
    words: str

    def __str__(self) -> str:
        where = [f"sheet {self.sheet}"] * bool(self.sheet) + [f"row {self.row}"] * bool(self.row)
        if self.place:
            where.append(f"column {letters(self.place)}" + (f" ({self.heading})" if self.heading else ""))
        end = "" if self.words.endswith(("?", ".")) else "."
        return f"{', '.join(where)}: {self.words}{end}" if where else f"{self.words}{end}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the office: its sheet, its number in the workbook, and its values by the names of the columns; empty cells are None."""

    sheet: str
    line: int
    values: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return a value as text; nothing for an empty cell."""
        value = self.values.get(name)
        if isinstance(value, tuple):
            return "; ".join(value)
        return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


@dataclass(slots=True)
class Book:
    """A workbook as it was read.

    `rows` has the rows of each sheet of the layout, `faults` what must be mended, `read_as` the cells that were read otherwise than typed,
    `notes` what else was seen, `places` the column of each heading by sheet.
    """

    path: Path
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in SHEETS})
    faults: list[Fault] = field(default_factory=list)
    read_as: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: int = 0

    def fault(self, sheet: str, row: int, column: str, words: str) -> None:
        """Add a fault in a column of the layout; an empty column means the whole row, and row 0 the whole sheet."""
        self.faults.append(self._where(sheet, row, column, words))

    def _where(self, sheet: str, row: int, column: str, words: str) -> Fault:
        order = list(SHEETS).index(sheet) if sheet in SHEETS else len(SHEETS)
        named = next((c for c in SHEETS[sheet].columns if c.name == column), None) if sheet in SHEETS else None
        place = self.places.get(sheet, {}).get(column, 0)
        return Fault(order, sheet, row, place, named.heading if named and place else "", words)


def read_book(path: Path) -> Book:
    """Read an office's workbook: what is wrong with cells, rows and sheets, without the rules between rows.

    Raises
    ------
    DataError
        If it is no workbook that can be read; see `cells.read_workbook`.
    """
    worksheets = read_workbook(path)
    book = Book(path)
    named = {sheet.name.strip().casefold(): sheet for sheet in worksheets}
    ours = {name: named.pop(name) for name in SHEETS if name in named}
    for sheet in named.values():
        _unknown_sheet(book, sheet, [name for name in SHEETS if name not in ours])
    if not ours:
        seen = ", ".join(sheet.name for sheet in worksheets) or "none"
        book.fault("", 0, "", f"found no sheet of the template (the sheets are {seen}), {NO_SHEET}")
    for name, worksheet in ours.items():
        _read_sheet(book, SHEETS[name], worksheet)
    return book


def _unknown_sheet(book: Book, sheet: Worksheet, missing: list[str]) -> None:
    plain = sheet.name.strip().casefold()
    if plain in (HELP, LISTS):
        return
    near = nearest(sheet.name, missing)
    if near:
        book.faults.append(
            Fault(len(SHEETS), sheet.name, 0, 0, "", f"no sheet of the template has this name: rename it to {near!r}")
        )
    elif sheet.rows:
        book.notes.append(Fault(len(SHEETS), sheet.name, 0, 0, "", "is not a sheet of the template and was not read"))


def _read_sheet(book: Book, layout: Sheet, worksheet: Worksheet) -> None:
    if worksheet.hidden:
        book.fault(layout.name, 0, "", "the sheet is hidden, so nobody sees what counts: show it, or delete it")
    if not worksheet.rows:
        return
    heads = _headings(layout, worksheet)
    if not heads:
        book.fault(
            layout.name,
            0,
            "",
            f"found no row with its headings ({', '.join(c.heading for c in layout.columns[:4])} ...): put them back",
        )
        return
    line, places = heads
    book.places[layout.name] = places
    _check_headings(book, layout, worksheet.rows[line], line)
    joined = _merged(book, layout, worksheet, line)
    _hidden(book, layout, worksheet, line)
    for number in sorted(n for n in worksheet.rows if n > line):
        cells = worksheet.rows[number]
        own = {c: cells[places[c.name]] for c in layout.columns if c.name in places and places[c.name] in cells}
        if own and not _is_example(book, layout, number, own):
            book.rows[layout.name].append(_row(book, layout, number, own, joined))


def _headings(layout: Sheet, worksheet: Worksheet) -> tuple[int, dict[str, int]] | None:
    """Return the row of the headings and the place of each column in it: the row that has most of them."""
    best: tuple[int, dict[str, int]] | None = None
    for line in sorted(worksheet.rows)[:LOOKED_THROUGH]:
        by_text: dict[str, int] = {}
        for place, cell in worksheet.rows[line].items():
            by_text.setdefault(_plain(cell.text), place)
        places = {c.name: by_text[_plain(c.heading)] for c in layout.columns if _plain(c.heading) in by_text}
        if len(places) > (len(best[1]) if best else 1):
            best = (line, places)
    return best


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("*", " ").split())


def _check_headings(book: Book, layout: Sheet, heads: Mapping[int, Cell], line: int) -> None:
    places = book.places[layout.name]
    spare = {place: cell.text for place, cell in sorted(heads.items()) if place not in places.values()}
    order = list(SHEETS).index(layout.name)
    for column in layout.columns:
        if column.name in places:
            continue
        place = _renamed(layout, column, spare)
        if place:
            words = f"found the heading {spare.pop(place)!r}, expected {column.heading!r}: rename it"
            book.faults.append(Fault(order, layout.name, line, place, "", words))
        elif column.required:
            book.fault(
                layout.name, line, "", f"the column {column.heading!r} is missing: put it back, with this heading"
            )
    known = {_plain(column.heading) for column in layout.columns}
    for place, text in spare.items():
        if _plain(text) in known:
            book.faults.append(
                Fault(
                    order,
                    layout.name,
                    line,
                    place,
                    "",
                    f"the heading {text!r} is there twice: delete one of the columns",
                )
            )
        else:
            book.notes.append(
                Fault(order, layout.name, line, place, "", f"{text!r} is not a column of the template and was not read")
            )


def _renamed(layout: Sheet, column: Column, spare: Mapping[int, str]) -> int:
    """Return the place of the heading that most probably is a column's under another name: alike, with its words, or where it was; else 0."""
    near = nearest(column.heading, spare.values())
    own = set(_plain(column.heading).split())
    known = {_plain(other.heading) for other in layout.columns}
    likely = [place for place, text in spare.items() if _plain(text) not in known]
    for fits in (
        lambda place: spare[place] == near,
        lambda place: own <= set(_plain(spare[place]).split()) or set(_plain(spare[place]).split()) <= own,
        lambda place: place == layout.columns.index(column) + 1,
    ):
        found = next((place for place in likely if fits(place)), 0)
        if found:
            return found
    return 0


def _merged(book: Book, layout: Sheet, worksheet: Worksheet, line: int) -> set[tuple[int, int]]:
    """Name merged cells among the rows, and return the places that they cover."""
    covered: set[tuple[int, int]] = set()
    places = set(book.places[layout.name].values())
    last = max(worksheet.rows)
    for ref, top, left, bottom, right in worksheet.merged:
        columns = [place for place in sorted(places) if left <= place <= right]
        if bottom <= line or top > last or not columns:
            continue
        name = next(n for n, p in book.places[layout.name].items() if p == columns[0])
        book.fault(
            layout.name, max(top, line + 1), name,
            f"found the merged cells {ref}, which hold one value for all of them: unmerge them, and write the value in each row",
        )  # fmt: skip
        covered |= {(row, place) for row in range(top, min(bottom, last) + 1) for place in columns}
    return covered


def _hidden(book: Book, layout: Sheet, worksheet: Worksheet, line: int) -> None:
    for number in sorted(n for n in worksheet.hidden_rows if n in worksheet.rows and n >= line):
        book.fault(layout.name, number, "", "the row is hidden, so nobody sees what counts: show it, or delete it")
    for name, place in book.places[layout.name].items():
        if any(first <= place <= last for first, last in worksheet.hidden_columns):
            book.fault(layout.name, line, name, "the column is hidden, so nobody sees what counts: show it")


def _is_example(book: Book, layout: Sheet, number: int, own: Mapping[Column, Cell]) -> bool:
    """Return whether a row is the example; one that was written over is named, for what it says would be left out in silence."""
    mark = next((cell.text for column, cell in own.items() if column.kind == "id"), "")
    if mark.casefold() != EXAMPLE.casefold():
        return False
    book.examples += 1
    as_made = example_of(layout)
    changed = [c for c, cell in own.items() if c.kind != "id" and cell.text != str(as_made.get(c.name, ""))]
    if changed:
        book.fault(
            layout.name, number, changed[0].name,
            f"found {own[changed[0]].text!r} in the row that is marked {EXAMPLE} and not counted: give the row an ID of your own, or put "
            "the example back",
        )  # fmt: skip
    return True


def _row(book: Book, layout: Sheet, number: int, own: Mapping[Column, Cell], joined: set[tuple[int, int]]) -> Row:
    values: dict[str, Value] = {}
    units = {
        kind: next((cell.text for column, cell in own.items() if column.name == name), "")
        for kind, name in (("number", "unit"), ("money", "cost_currency"))
    }
    places, broken = book.places[layout.name], set()
    for column, cell in own.items():
        read = value_of(cell, column, units.get(column.kind, ""))
        values[column.name] = read.value
        if read.fault:
            broken.add(column.name)
            book.fault(layout.name, number, column.name, read.fault)
        if read.read_as:
            book.read_as.append(book._where(layout.name, number, column.name, f"read {read.read_as}"))
    for column in _lacking(layout, values, broken):
        if column.name in places and (number, places[column.name]) not in joined:
            book.fault(
                layout.name,
                number,
                column.name,
                f"found nothing, and every row needs it: {column.help[:1].lower()}{column.help[1:].rstrip('.')}",
            )
    return Row(layout.name, number, values)


def _lacking(layout: Sheet, values: Mapping[str, Value], broken: set[str]) -> Iterator[Column]:
    for column in layout.columns:
        if column.required and column.name not in broken and values.get(column.name) is None:
            yield column
