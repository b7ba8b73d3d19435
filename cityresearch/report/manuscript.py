"""An author's text with live numbers: places such as {{C027.value}} are filled from the committed results, or nothing is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from cityresearch.claims.ledger import claim, claims, documents
from cityresearch.claims.records import Check, committed_for
from cityresearch.claims.said import part_of
from cityresearch.claims.verdict import WORDS
from cityresearch.errors import ClaimError, ParameterError
from cityresearch.outputs import check_file, write_file
from cityresearch.phrases import in_markdown
from cityresearch.suggestions import hint
from cityresearch.tables.to_latex import escaped

__all__ = ["fill", "filled"]

PLACE = re.compile(r"\{\{[ \t]*([A-Za-z][\w-]*)(?:\.([A-Za-z][\w-]*))?[ \t]*\}\}")
ID = re.compile(r"[A-Za-z]\d{1,4}")
BROKEN = re.compile(r"\{\{[ \t]*[A-Za-z]\d{2,4}\b[^{}\n]{0,40}\}{0,2}")  # meant as a place, and not written as one
COUNTS = ("all", *WORDS)
EVERY = "claims"  # the name under which claims of all documents are counted
MARKDOWN, LATEX = "Markdown", "LaTeX"
KINDS = {
    **dict.fromkeys((".md", ".markdown", ".qmd", ".rmd", ".txt"), MARKDOWN),
    **dict.fromkeys((".tex", ".ltx", ".latex"), LATEX),
}


def _escaped_markdown(text: str) -> str:
    # a dollar sign or a caret begins a formula or an exponent where Markdown is extended
    return re.sub(r"([$^])", r"\\\1", in_markdown(text))


ESCAPED: Mapping[str, Callable[[str], str]] = MappingProxyType({MARKDOWN: _escaped_markdown, LATEX: escaped})


def fill(manuscript: Path, output: Path | None = None) -> tuple[str, int]:
    """Fill a manuscript from the committed results.

    Parameters
    ----------
    manuscript : Path
        A text in UTF-8, Markdown (.md, .markdown, .qmd, .rmd, .txt) or LaTeX (.tex, .ltx, .latex). It is not changed.
    output : Path, optional
        The file to write; none is written if left out.

    Returns
    -------
    str, int
        The filled text, and how many places were filled.

    Raises
    ------
    ParameterError
        If the manuscript cannot be read or is of another kind, or the output cannot be written or is the manuscript itself.
    ClaimError
        If a place names what is not known, with file and line of each; nothing is written then.
    """
    kind = KINDS.get(manuscript.suffix.lower())
    if kind is None:
        known = ", ".join(KINDS)
        raise ParameterError(f"{manuscript} is neither Markdown nor LaTeX by its name: one of {known} is needed.")
    try:
        text = manuscript.read_bytes().decode("utf-8")
    except OSError as error:
        raise ParameterError(f"{manuscript} cannot be read ({error.strerror}): name a manuscript.") from None
    except UnicodeDecodeError as error:
        raise ParameterError(f"{manuscript}, byte {error.start + 1}, is not UTF-8: save it as UTF-8.") from None
    if output is not None:
        check_file(output, source=manuscript)
    new, count = filled(text, kind, str(manuscript))
    if output is not None:
        write_file(output, new.encode("utf-8"))
    return new, count


def filled(text: str, kind: str, name: str = "the text") -> tuple[str, int]:
    """Return a text with its places filled, and how many there were.

    `{{C027.value}}` is a part of a claim's result (see `cityresearch.claims.said.say`), `{{C027}}` its sentence, `{{claims.differs}}` a
    count of claims, and `{{carnegie.all}}` one of a document.

    Parameters
    ----------
    text : str
    kind : {"Markdown", "LaTeX"}
        What the filled words are escaped for.
    name : str
        Of the text, for errors.

    Raises
    ------
    ClaimError
        If a place names what is not known (a line for each, with the nearest known name), or there are no results.

    Examples
    --------
    >>> filled("Together {{C027.value}} ({{C027.reading}}).", "LaTeX")
    ('Together \\\\$141 billion (five largest metros, 2023).', 2)
    """
    checks = committed_for("fill in")
    wrong: list[tuple[int, str]] = []
    count = 0

    def fitting(found: re.Match[str]) -> str:
        nonlocal count
        source, part = found[1], found[2] or ""
        if not part and not ID.fullmatch(source):
            return found[0]  # braces of another use
        count += 1
        try:
            return ESCAPED[kind](_words(source, part or "sentence", checks))
        except ClaimError as error:
            wrong.append((found.start(), f"{found[0]}: {error}"))
            return found[0]

    new = PLACE.sub(fitting, text)
    for found in BROKEN.finditer(text):
        if not PLACE.match(text, found.start()):
            wrong.append((found.start(), f"{found[0]} cannot be read: write it like {{{{C027.value}}}}."))
    if wrong:
        raise ClaimError(
            "\n".join(f"{name}, line {text.count(chr(10), 0, at) + 1}: {said}" for at, said in sorted(wrong))
        )
    return new, count


def _words(source: str, part: str, checks: Mapping[str, Check]) -> str:
    if source in claims():
        return part_of(claim(source), checks.get(source), part)
    if source in (EVERY, *documents()):
        if part not in COUNTS:
            raise ClaimError(f"{source} is counted by {', '.join(COUNTS)}, not by {part!r}{hint(part, COUNTS)}")
        verdicts = Counter(
            checks[key].verdict if key in checks else "open"
            for key, item in claims().items()
            if source in (EVERY, item.document)
        )
        return f"{verdicts.total() if part == 'all' else verdicts[part]:,}"
    listed = f"a claim of the ledger, {EVERY}, or one of {', '.join(documents())} is needed"
    raise ClaimError(f"nothing is called {source!r}{hint(source, [*claims(), EVERY, *documents()], listed)}")
