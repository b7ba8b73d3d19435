"""A table as LaTeX: a longtable with booktabs rules, its head repeated on every page, to be included in a document."""

from __future__ import annotations

import re
from urllib.parse import quote

from cityresearch.tables.table import LICENSE, PAGE, Table

__all__ = ["as_latex", "escaped"]

NEEDS = """% In the preamble: \\usepackage{PACKAGES}
% Names have letters with marks: use LuaLaTeX or XeLaTeX, or pdfLaTeX with \\usepackage[T1]{fontenc}.
"""
SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    "\N{MINUS SIGN}": r"$-$", "\N{MULTIPLICATION SIGN}": r"$\times$",
}  # fmt: skip
GROUP = "GROUP-OF-ROWS-"


def as_latex(table: Table) -> bytes:
    """Return the table as LaTeX, to be included with \\input; the packages that it needs are named at its top."""
    import pandas as pd

    columns = table.shown(PAGE)
    rows, headings = [], []
    for heading, members in table.groups():
        if table.by:
            rows.append([f"{GROUP}{len(headings)}", *[""] * (len(columns) - 1)])
            headings.append(heading)
        for row in members:
            first, *others = (escaped(table.text(column, row)) for column in columns)
            # after the end of a line, LaTeX takes a bracket or a star for an argument of that end
            rows.append([f"{{}}{first}" if first.startswith(("[", "*")) else first, *others])
    frame = pd.DataFrame(rows, columns=[escaped(column.title(PAGE)) for column in columns])
    widths = table.widths()
    share = [width / sum(widths) for width in widths]
    sides = [r"\raggedleft" if column.kind == "number" else r"\raggedright" for column in columns]
    layout = "".join(
        rf">{{{side}\arraybackslash}}p{{\dimexpr {width:.4f}\linewidth-2\tabcolsep}}"
        for side, width in zip(sides, share, strict=True)
    )
    body = frame.style.hide(axis="index").to_latex(
        environment="longtable",
        hrules=True,
        column_format=layout,
        caption=escaped(table.title),
        label=f"tab:{table.name}",
    )
    for number, heading in enumerate(headings):
        whole = rf"\multicolumn{{{len(columns)}}}{{l}}{{\bfseries {escaped(heading)}}} \\*"
        body = re.sub(rf"^{GROUP}{number} &.*$", lambda _, whole=whole: whole, body, flags=re.MULTILINE)
    text = "\n".join([r"\footnotesize", body.rstrip(), *_below(table)])
    if table.is_wide():
        text = f"\\begin{{landscape}}\n{text}\n\\end{{landscape}}"
    packages = ["booktabs", "longtable", "array", "url", *["pdflscape"] * table.is_wide()]
    head = NEEDS.replace("PACKAGES", ",".join(packages))
    return f"{head}\\begingroup\n{text}\n\\endgroup\n".encode()


def escaped(text: str) -> str:
    """Return a text with every character that LaTeX would take for a command written out.

    Examples
    --------
    >>> print(escaped("A&B, 5% of $3_4"))
    A\\&B, 5\\% of \\$3\\_4
    """
    return "".join(SPECIAL.get(character, character) for character in text)


def _below(table: Table) -> list[str]:
    lines = [rf"\noindent {'Note. ' * (number == 0)}{escaped(note)}\par" for number, note in enumerate(table.notes)]
    for number, record in enumerate(table.records(), start=1):
        address = rf" \url{{{quote(record.url, safe=SAFE)}}}" if record.url else ""
        start = "Sources. " if number == 1 else ""
        lines.append(rf"\noindent {start}{number}. {escaped(record.citation.rstrip('.'))}.{address}\par")
    return [*lines, rf"\noindent License: {escaped(LICENSE)}\par"]


SAFE = "%/:?#[]@!$&'()*+,;=-._~"
