"""A table as a page: with a caption, heads of rows and columns, headings between rows, notes and linked sources."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cityresearch.tables.table import LICENSE, PAGE, Table

if TYPE_CHECKING:
    from great_tables import GT

__all__ = ["as_html"]

PIXELS = 110  # to an inch on a page
PAGE_OF_TABLE = """<!DOCTYPE html>
<html lang="en-US">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title}</title>
<style>
body {{ font-family: system-ui, sans-serif; margin: 1.5rem; color: #222222; }}
caption {{ text-align: left; font-weight: bold; font-size: 1.15rem; padding-bottom: 0.6rem; }}
.below {{ font-size: 0.85rem; max-width: 60rem; }}
</style>
</head>
<body>
<main>
{table}
<div class="below">
{below}
</div>
</main>
</body>
</html>
"""


def as_html(table: Table) -> bytes:
    """Return the table as a whole page, from which the table can be copied."""
    drawn = _drawn(table).as_raw_html()
    opening = drawn.index("<table ")
    end = drawn.index(">", opening) + 1
    named = f"{drawn[:end]}\n<caption>{escape(table.title)}</caption>{drawn[end:]}"
    below = [f"<p>{'<strong>Note.</strong> ' * (n == 0)}{escape(note)}</p>" for n, note in enumerate(table.notes)]
    below += ["<p><strong>Sources</strong></p>", "<ol>", *_sources(table), "</ol>"] if table.sources else []
    below.append(f"<p><strong>License.</strong> {escape(LICENSE)}</p>")
    page = PAGE_OF_TABLE.format(title=escape(table.title), table=named, below="\n".join(below))
    return "\n".join(line.rstrip() for line in page.split("\n")).encode()


def _drawn(table: Table) -> GT:
    import pandas as pd
    from great_tables import GT

    columns = table.shown(PAGE)
    rows = [
        {table.by: heading} | {column.name: table.text(column, row) for column in columns}
        for heading, members in table.groups()
        for row in members
    ]
    frame = pd.DataFrame(
        rows, columns=[table.by, *(c.name for c in columns)] if table.by else [c.name for c in columns]
    )
    widths = [PIXELS * width for width in table.widths()]
    titles = {column.name: column.title(PAGE) for column in columns}
    drawn = GT(frame, rowname_col=table.head, groupname_col=table.by or None, id=table.name)
    return (
        drawn.tab_stubhead(titles.pop(table.head))
        .cols_label(**titles)
        .cols_align("left", [c.name for c in columns])
        .cols_align("right", [c.name for c in columns if c.kind == "number"])
        .cols_width({c.name: f"{width:.0f}px" for c, width in zip(columns, widths, strict=True)})
        .tab_options(
            table_font_size="14px",
            row_group_font_weight="bold",
            table_layout="fixed",
            table_width=f"{sum(widths):.0f}px",
            table_margin_left="0",
            table_additional_css=f"#{table.name} tbody :is(td, th) {{ vertical-align: top; }}",
        )
    )


def _sources(table: Table) -> list[str]:
    lines = []
    for record in table.records():
        named = escape(record.citation.rstrip("."))
        if record.url.startswith(("http://", "https://")):
            named = f'<a href="{escape(record.url)}">{named}</a>'
        lines.append(f"<li>{named}.</li>")
    return lines
