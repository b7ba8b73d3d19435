"""What the notebooks of an office display: tables, figures in large type and stories, as HTML in which nothing of the book runs.

Each table leaves a record in the cell's output too, from which the workbooks and CSV files are made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from cityresearch.notebook import display_bundle
from cityresearch.toolkit.book import Row

__all__ = ["TABLE_MIME", "link", "listed", "page_break", "shortened", "stories", "table", "tiles", "title", "words"]

TABLE_MIME = "application/vnd.cityresearch.office-table+json"
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
LONGEST_TITLE = 90  # characters
Plain = str | int | float | None


def words(text: str, kind: str = "") -> None:
    """Display a paragraph; `kind` is a class of the page, such as "lead"."""
    shown = f'<p class="{escape(kind)}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"
    display_bundle({"text/plain": text, "text/html": shown})


def title(text: str, below: str) -> None:
    """Display the title of a document, which may have the office's name in it, and a line below."""
    display_bundle(
        {
            "text/plain": f"{text}\n{below}",
            "text/html": f'<h1>{escape(shortened(text, LONGEST_TITLE))}</h1><p class="office">{escape(below)}</p>',
        }
    )


def listed(items: Sequence[str]) -> None:
    """Display a list."""
    shown = "".join(f"<li>{escape(item)}</li>" for item in items)
    display_bundle(
        {
            "text/plain": "\n".join(items) or "Nothing.",
            "text/html": f"<ul>{shown}</ul>" if items else "<p>Nothing in the book.</p>",
        }
    )


def page_break() -> None:
    """Begin a new page of print here."""
    display_bundle({"text/plain": "", "text/html": '<div class="new-page"></div>'})


def tiles(figures: Sequence[tuple[str, str]]) -> None:
    """Display figures in large type, each with what it counts below it."""
    shown = "".join(f"<li><b>{escape(value)}</b> <span>{escape(what)}</span></li>" for value, what in figures)
    plain = "\n".join(f"{value} {what}" for value, what in figures)
    display_bundle({"text/plain": plain, "text/html": f'<ul class="tiles">{shown}</ul>'})


def table(
    name: str,
    title: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Plain]],
    *,
    by: str = "",
    note: str = "",
    kind: str = "",
) -> None:
    """Display a table and record it under a name.

    Parameters
    ----------
    name : str
        Of its sheet and CSV file: lower case, digits and hyphens.
    columns : mapping of column to heading
    rows : sequence of mapping of column to text or number
    by : str
        A column whose values become headings between the rows on the page.
    note : str
        A sentence below.
    kind : str
        A class of the page, such as "small".
    """
    shown = {column: heading for column, heading in columns.items() if column != by}
    body, last = [], None
    for row in rows:
        if by and row[by] != last:
            last = row[by]
            body.append(f'<tr class="group"><th colspan="{len(shown)}" scope="colgroup">{_cell(last)}</th></tr>')
        cells = "".join(
            f'<td class="number">{_cell(row[column])}</td>'
            if isinstance(row[column], int | float)
            else f"<td>{_cell(row[column])}</td>"
            for column in shown
        )
        body.append(f"<tr>{cells}</tr>")
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in shown.values())
    below = f'<p class="note">{escape(note)}</p>' if note else ""
    html = (
        f'<table class="{escape(kind)} {escape(name)}"><caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(body) or _nothing(len(shown))}</tbody></table>{below}"
    )
    plain = "\n".join(" | ".join("" if row[c] is None else str(row[c]) for c in columns) for row in rows)
    record = {
        "name": name,
        "title": title,
        "columns": list(columns.items()),
        "rows": [dict(row) for row in rows],
        "note": note,
    }
    display_bundle({"text/plain": f"{title}\n{plain or 'No rows.'}", "text/html": html, TABLE_MIME: record})


def _nothing(columns: int) -> str:
    return f'<tr><td colspan="{columns}">Nothing in the book.</td></tr>'


def _cell(value: Plain) -> str:
    if isinstance(value, int | float):
        return f"{value:,}".replace("-", "\N{MINUS SIGN}")
    shown = link(value or "")
    return shown if shown.startswith("<a ") else DAY.sub(r'<span class="day">\g<0></span>', shown)


def link(text: str) -> str:
    """Return text as HTML, an address of the web as a link to it; nothing else becomes one.

    Examples
    --------
    >>> link("javascript:alert(1)"), link("a <b>")
    ('javascript:alert(1)', 'a &lt;b&gt;')
    >>> link("https://example.org/a")
    '<a href="https://example.org/a" rel="noreferrer">https://example.org/a</a>'
    """
    safe = escape(text)
    return f'<a href="{safe}" rel="noreferrer">{safe}</a>' if re.fullmatch(r"https?://[^\s\"'<>]+", text) else safe


def shortened(text: str, most: int) -> str:
    """Return a text of at most some characters, cut between words.

    Examples
    --------
    >>> shortened("one two three", 9)
    'one two ...'
    """
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0]} ..."


def stories(rows: Sequence[Row], beside: Mapping[str, str], most: int = 10_000) -> None:
    """Display stories, each beside the number that it is about.

    Parameters
    ----------
    rows : sequence of Row
        Of the sheet stories; those that may not be printed are the caller's to leave out.
    beside : mapping of a measure's label to its figure in words
    most : int
        Characters of a story.
    """
    shown, plain = [], []
    for row in rows:
        measure = row.text("measure")
        number = beside.get(measure, "no figure in the book") if measure else ""
        side = f"<aside><span>{escape(measure)}</span> <b>{escape(number)}</b></aside>" if measure else ""
        told = ", ".join(filter(None, (row.text("told_by"), row.text("date"))))
        text = shortened(row.text("story"), most)
        shown.append(
            f'<article class="story"><div><h3>{escape(shortened(row.text("title"), LONGEST_TITLE))}</h3><blockquote>{escape(text)}</blockquote>'
            f'<p class="told">{escape(told)}</p></div>{side}</article>'
        )
        plain.append(f"{row.text('title')}: {text} ({told})")
    display_bundle(
        {
            "text/plain": "\n".join(plain) or "No stories.",
            "text/html": "".join(shown) or "<p>No stories in the book.</p>",
        }
    )
