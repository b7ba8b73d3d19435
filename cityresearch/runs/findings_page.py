"""docs/findings.md: what was found, for whoever reads the project on a git host; written by each run and compared like every result."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cityresearch.claims.differences import DIFFERING, found_in_words
from cityresearch.claims.ledger import claims, documents
from cityresearch.claims.listing import summary
from cityresearch.claims.reading import printed_words
from cityresearch.claims.records import Check
from cityresearch.claims.verdict import WORDS
from cityresearch.errors import NotebookError
from cityresearch.phrases import in_markdown, many
from cityresearch.runs.chapter_texts import file_of
from cityresearch.runs.notebooks import chapters, is_summary
from cityresearch.runs.parameters import read_notebook

__all__ = ["NAME", "findings_page", "headline_figures", "lead", "title_of"]

NAME = "docs/findings.md"
EVIDENCE = ("data", "source", "arithmetic")
IMAGE = re.compile(r"!\[[^\]]*\]\((?:\./)?figures/([^)/\s]+)\.svg")
OWN = re.compile(r"figure-\d+-")  # the name of a figure of the paper itself
CAREFUL = (
    "A difference is not always a mistake of the authors: their source may count otherwise, or know what we do not. "
    "The sentences of the documents are in our words."
)


def findings_page(root: Path, checks: Sequence[Check], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return docs/findings.md, by its path: headline figures, counts of verdicts, what differs, and the chapters.

    Parameters
    ----------
    root : Path
        The project.
    checks : sequence of Check
        The verdicts that count.
    files : mapping of path to bytes
        What the run publishes; the words of its figures, and which chapters have a text, are taken from there.
    """
    by_id = {check.claim_id: check for check in checks}
    drawn = {
        Path(name).stem: json.loads(content)
        for name, content in sorted(files.items())
        if name.startswith("figures/") and name.endswith(".json")
    }
    parts = [
        "# What we found\n",
        "Written by `cityresearch run` from its results; `cityresearch verify` compares it.\n",
        f"{lead(by_id)}\n",
        *_figures(drawn, _text(root / "README.md")),
        "## Verdicts\n",
        f"{summary(by_id)}\n",
        *_differing(root, by_id),
        *_chapters(checks, files),
    ]
    return {NAME: ("\n".join(parts).rstrip() + "\n").encode("utf-8")}


def lead(checks: Mapping[str, Check]) -> str:
    """Return in three sentences how many claims have which verdict; what only a document's own words decide is counted apart."""
    judged = {key: checks[key] for key in claims() if key in checks}
    if not claims():
        return "The ledger has no claim yet."
    every = f"{many(len(claims()), 'checkable statement')} of {many(len(documents()), 'document')}"
    if not judged:
        return f"{every}, of which no chapter checks one yet."
    firm = Counter(check.verdict for check in judged.values() if check.basis in EVIDENCE)
    own = sum(check.basis == "text" for check in judged.values())
    bare, left = len(judged) - firm.total() - own, len(claims()) - len(judged)
    differ = firm["differs"] + firm["differs-unless"]
    held = f"{many(left, 'statement')} not checked yet, each of the others" if left else "each"
    return (
        f"{every}, {held} held against public data and sources. "
        f"{firm['agrees']} agree{'s' * (firm['agrees'] == 1)}, {firm['agrees-if']} agree{'s' * (firm['agrees-if'] == 1)} under a condition that is named, "
        f"{differ} differ{'s' * (differ == 1)}, and for {firm['open'] + bare} we found no public source that decides them, which does not make them wrong. "
        f"Counted apart {'is' if own == 1 else 'are'} {many(own, 'statement')} that only a document’s own words decide."
    )


def headline_figures(drawn: Mapping[str, Mapping[str, Any]], readme: str) -> list[str]:
    """Return the names of the figures to show first.

    Those that README shows, then those of the chapters that sum up the others (not the readings of a single claim), then the paper's own
    (`figure-1-...`); where there are none of these, the first of each chapter.

    Parameters
    ----------
    drawn : mapping of name to the words of a figure, with its notebook
    readme : str
        Text of README.md.

    Examples
    --------
    >>> drawn = {"a": {"notebook": "01-a"}, "figure-1-b": {"notebook": "01-a"}, "c": {"notebook": "00-all"}, "d": {"notebook": "02-d"}}
    >>> headline_figures(drawn, "![words](figures/d.svg)"), headline_figures({"a": {"notebook": "01-a"}}, "")
    (['d', 'c', 'figure-1-b'], ['a'])
    """
    shown = [name for name in IMAGE.findall(readme) if name in drawn]
    summing = [
        name for name, words in drawn.items() if is_summary(Path(words["notebook"])) and not name.startswith("curve-")
    ]
    found = dict.fromkeys([*shown, *summing, *filter(OWN.match, drawn)])
    first = {words["notebook"]: name for name, words in reversed(sorted(drawn.items()))}
    return list(found) or [name for _, name in sorted(first.items())]


def title_of(notebook: Path) -> str:
    """Return the first heading of a notebook, or its name."""
    try:
        cells = read_notebook(notebook)["cells"]
    except NotebookError:
        return notebook.stem
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found = re.search(r"^# +(.+?)\s*$", "".join(cell["source"]), re.MULTILINE)
            if found:
                return found[1]
    return notebook.stem


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError:
        return ""


def _figures(drawn: Mapping[str, Mapping[str, Any]], readme: str) -> Iterator[str]:
    for name in headline_figures(drawn, readme):
        words = drawn[name]
        chapter = f"[{words['notebook']}](../notebooks/{words['notebook']}.ipynb)"
        yield f"**{in_markdown(words['title'])}**\n"
        yield f"![{in_markdown(words['alt'])}](../figures/{name}.svg)\n"
        yield f"From {chapter}; plotted data: [{name}.csv](../figures/{name}.csv).\n"


def _differing(root: Path, checks: Mapping[str, Check]) -> Iterator[str]:
    found = [
        (item, checks[key])
        for word in DIFFERING
        for key, item in claims().items()
        if key in checks and checks[key].verdict == word
    ]
    yield f"## Where we found something else ({len(found)})\n"
    if not found:
        yield "None of the claims that were judged differs.\n"
        return
    more = "differences.md"
    whole = (
        f" With the sources, and with what would change each verdict: [{more}]({more})."
        * (root / "docs" / more).is_file()
    )
    yield f"{CAREFUL}{whole}\n"
    for name, document in documents().items():
        here = [(item, check) for item, check in found if item.document == name]
        if here:
            yield f"### {in_markdown(document.title)}\n"
        for item, check in here:
            printed = f" Printed: {printed_words(item)}." if item.printed is not None and item.kind != "date" else ""
            judged = f"[{check.notebook}](../notebooks/{check.notebook}.ipynb)"
            yield f"**{item.claim_id}, {check.verdict}** ({judged}): {in_markdown(item.statement.rstrip('.') + '.' + printed)}\n"
            yield f"{in_markdown(found_in_words(check))}\n"


def _chapters(checks: Sequence[Check], files: Mapping[str, bytes]) -> Iterator[str]:
    yield "## The chapters\n"
    yield "The text of a chapter is what its cells say beside verdicts and figures: notes, tables and results.\n"
    yield f"| chapter | text | {' | '.join(WORDS)} |\n|---|---|{'---:|' * len(WORDS)}"
    for notebook in chapters():
        counted = Counter(check.verdict for check in checks if check.notebook == notebook.stem)
        numbers = " | ".join(str(counted[word] or "") for word in WORDS)
        text = file_of(notebook.stem)
        said = f"[text](../{text})" if text in files else ""
        yield f"| [{in_markdown(title_of(notebook))}](../notebooks/{notebook.name}) | {said} | {numbers} |"
    yield ""
    yield (
        "`cityresearch claims C027` prints a claim with all its readings, and `cityresearch report` makes a site with a page for each; "
        "verdicts and readings as tables: [verdicts.csv](../data/processed/verdicts.csv), [readings.csv](../data/processed/readings.csv)."
    ).replace("C027", next(iter(claims()), "ID"))
