"""A table for a word processor: a real table, its head repeated on every page, title above, notes and sources below, pages numbered."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cityresearch.tables.archive import undated
from cityresearch.tables.table import AUTHORS, LICENSE, PAGE, Column, Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph

__all__ = ["as_docx"]

LONG, SHORT, MARGIN = 11.0, 8.5, 0.75  # inches of a letter page
RULES = {"top": 12, "bottom": 12, "insideH": 4}  # eighths of a point
TEXT, SMALL = 8.5, 8.0
FONT = "Arial"  # every word processor has it, or one of the same widths
INDENT = 5  # points
SIDES = 60  # twentieths of a point between a rule and a text


def as_docx(table: Table) -> bytes:
    """Return the table as a DOCX; wide ones lie across the page."""
    from docx import Document
    from docx.shared import Inches

    document = Document()
    _set_up(document, table)
    document.add_paragraph(table.title, style="Caption").paragraph_format.keep_with_next = True
    columns = table.shown(PAGE)
    made = document.add_table(rows=0, cols=len(columns))
    _draw(made, table)
    widths = [Inches(width) for width in table.widths()]
    head = made.add_row()
    _repeat(head)
    for cell, column in zip(head.cells, columns, strict=True):
        _write(cell, column.title(PAGE), column, bold=True)
    for heading, rows in table.groups():
        if table.by:
            row = made.add_row()
            cells = row.cells
            paragraph = _write(cells[0].merge(cells[-1]), heading, columns[0], bold=True)
            paragraph.paragraph_format.keep_with_next = True
            _keep_whole(row)
        for values in rows:
            row = made.add_row()
            _keep_whole(row)
            for cell, column in zip(row.cells, columns, strict=True):
                _write(cell, table.text(column, values), column)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row in made._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=False):
            cell.width = width if cell.grid_span == 1 else sum(widths)
    _below(document, table)
    _number_pages(document)
    content = io.BytesIO()
    document.save(content)
    return undated(content.getvalue())


def _set_up(document: Document, table: Table) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt, RGBColor

    properties = document.core_properties
    properties.author, properties.title, properties.comments, properties.language = AUTHORS, table.title, "", "en-US"
    section, wide = document.sections[0], table.is_wide()
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Inches(side) for side in ((LONG, SHORT) if wide else (SHORT, LONG)))
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(MARGIN)
    for name in ("Normal", "Caption"):
        style = document.styles[name]
        style.font.name = FONT
        # East Asian and complex scripts have a font of their own, which is named by the theme otherwise
        for script in ("eastAsia", "cs"):
            style.element.rPr.rFonts.set(qn(f"w:{script}"), FONT)
    # an empty cell is no higher than one with a text
    document.styles["Normal"].font.size = Pt(TEXT)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(11), True, RGBColor(0, 0, 0)


def _draw(made: WordTable, table: Table) -> None:
    """Rule a table, fix its widths, and give it the title and the words that a screen reader says."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made.autofit = False
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side, size in RULES.items():
        rule = OxmlElement(f"w:{side}")
        for name, value in (
            ("val", "single"),
            ("sz", size),
            ("space", 0),
            ("color", "999999" if side == "insideH" else "000000"),
        ):
            rule.set(qn(f"w:{name}"), str(value))
        borders.append(rule)
    # the schema wants the parts in this order
    properties.find(qn("w:tblLayout")).addprevious(borders)
    look = properties.find(qn("w:tblLook"))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(SIDES))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look.addprevious(margins)
    said = (("w:tblCaption", table.title), ("w:tblDescription", " ".join(table.notes)))
    for name, text in reversed(said):
        part = OxmlElement(name)
        part.set(qn("w:val"), text)
        look.addnext(part)


def _repeat(row: _Row) -> None:
    from docx.oxml import OxmlElement

    _keep_whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: _Row) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: _Cell, text: str, column: Column, *, bold: bool = False) -> Paragraph:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(TEXT), bold or None
    layout = paragraph.paragraph_format
    layout.space_after, layout.line_spacing = Pt(1), 1.0
    if column.kind == "number":
        # a number stays apart from a text that begins at the next column
        layout.alignment, layout.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(INDENT)
    return paragraph


def _below(document: Document, table: Table) -> None:
    lines = [("Note. " if number == 0 else "", note) for number, note in enumerate(table.notes)]
    for number, record in enumerate(table.records(), start=1):
        address = f" {record.url}" if record.url else ""
        lines.append(("Sources. " if number == 1 else "", f"{number}. {record.citation.rstrip('.')}.{address}"))
    for start, text in [*lines, ("License. ", LICENSE)]:
        _small(document.add_paragraph(), start, text)


def _number_pages(document: Document) -> None:
    """Write "Page 3 of 45" at the foot of each page, as fields that a word processor counts."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, code in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(words).font.size = Pt(SMALL)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        shown = paragraph.add_run("1")
        shown.font.size = Pt(SMALL)
        field.append(shown._r)
        paragraph._p.append(field)


def _small(paragraph: Paragraph, start: str, text: str) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_before = Pt(4 if start else 0)
    paragraph.paragraph_format.space_after = Pt(2)
    for words, bold in ((start, True), (text, None)):
        if words:
            run = paragraph.add_run(words)
            run.font.size, run.font.bold = Pt(SMALL), bold
