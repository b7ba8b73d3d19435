"""Tables that a word processor numbers and an engine of LaTeX accepts: what is read back by other people's parsers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
from conftest import mostly_long
from docx import Document
from docx.oxml.ns import qn
from pylatexenc.latexwalker import LatexEnvironmentNode, LatexMacroNode, LatexSpecialsNode, LatexWalker
from test_tables import NAMES, SHORT, odd, tables, written  # noqa: F401

from cityresearch.tables.table import PAGE, Column, Table

ENDS = ("toprule", "midrule", "bottomrule", "endhead", "endfirsthead", "endfoot", "endlastfoot")


def environments(nodes) -> list:
    found = []
    for node in nodes:
        if isinstance(node, LatexEnvironmentNode):
            found += [node, *environments(node.nodelist)]
    return found


def rows_of(nodes) -> list[list]:
    """Return the nodes of each line of a longtable, without rules."""
    rows, row = [], []
    for node in nodes:
        if isinstance(node, LatexMacroNode) and node.macroname in ("\\", *ENDS):
            if node.macroname == "\\" and row:
                rows.append(row)
            row = []
        else:
            row.append(node)
    assert not "".join(node.latex_verbatim() for node in row).strip(), "a line of the table does not end"
    return rows


def columns_of(row: list) -> int:
    """Return how many columns a line fills."""
    text = "".join(node.latex_verbatim() for node in row)
    merged = re.search(r"\\multicolumn\{(\d+)\}", text)
    return sum(isinstance(n, LatexSpecialsNode) and n.specials_chars == "&" for n in row) + int(
        merged[1] if merged else 1
    )


def checked_latex(table: Table, text: str) -> None:
    # in an address a percent sign begins no comment, which this parser does not know
    text = re.sub(r"\\url\{[^{}]*\}", lambda address: address[0].replace("%", ""), text)
    walker = LatexWalker(text, tolerant_parsing=False)  # braces and environments must close where they should
    nodes, _, _ = walker.get_latex_nodes()
    found = environments(nodes)
    assert [node.environmentname for node in found] == [*["landscape"] * table.is_wide(), "longtable"]
    layout, *body = found[-1].nodelist
    columns = len(table.shown(PAGE))
    assert layout.latex_verbatim().count(r"\arraybackslash}p{") == columns
    rows = [row for row in rows_of(body) if not (isinstance(row[0], LatexMacroNode) and row[0].macroname == "caption")]
    rows = [row for row in rows if r"\caption" not in "".join(node.latex_verbatim() for node in row)]
    assert [columns_of(row) for row in rows] == [columns] * len(rows)
    lines = sum(len(members) + bool(table.by) for _, members in table.groups())
    assert len(rows) == lines + 3  # the head twice, and what is said at the foot of a page
    for row in rows:
        # after the end of a line, LaTeX would take a bracket or a star for its own
        assert not "".join(node.latex_verbatim() for node in row).lstrip().startswith(("[", "*"))
    packages = re.search(r"\\usepackage\{([a-z,]+)\}", text)[1].split(",")
    assert set(packages) >= {"longtable", "booktabs", "array", "url"} | ({"pdflscape"} if table.is_wide() else set())


@pytest.mark.parametrize("name", mostly_long(NAMES, *SHORT))
def test_a_parser_of_latex_finds_every_brace_environment_and_column(tables, name):  # noqa: F811
    checked_latex(tables[name], written(tables[name], "latex").decode())


def test_texts_that_look_like_latex_leave_its_structure_whole(odd):  # noqa: F811
    checked_latex(odd, written(odd, "latex").decode())


@pytest.mark.parametrize("start", ["[2] of 3", "* of two", r"\\", "{", "a & b"])
def test_no_start_of_a_row_is_taken_for_an_argument(start):
    rows = [{"text": start, "more": "x"}] * 2
    table = Table.of("mine", "Mine", (Column("text", "text"), Column("more", "more")), rows, notes=(), head="text")
    checked_latex(table, written(table, "latex").decode())


@pytest.mark.parametrize("name", ["metro-exports", "table-1"])
def test_pages_are_numbered_and_the_head_of_a_docx_is_repeated(tables, name, tmp_path):  # noqa: F811
    path = tmp_path / "table.docx"
    path.write_bytes(written(tables[name], "docx"))
    document = Document(path)
    foot = document.sections[0].footer._element
    assert [field.get(qn("w:instr")) for field in foot.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert "".join(text.text for text in foot.iter(qn("w:t"))) == "Page 1 of 1"  # until a word processor counts them
    head, *others = document.tables[0].rows
    assert head._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    assert not any(row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in others[:5])


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("lowriter"), reason="LibreOffice Writer is not installed")
def test_libreoffice_numbers_the_pages_and_repeats_the_head(tables, tmp_path):  # noqa: F811
    from pypdf import PdfReader

    path = tmp_path / "verdicts.docx"
    path.write_bytes(written(tables["verdicts"], "docx"))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["lowriter", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    pages = [page.extract_text() for page in PdfReader(path.with_suffix(".pdf")).pages]
    assert len(pages) > 20
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert number == len(pages) or "Claim Section Statement Printed Verdict" in text
