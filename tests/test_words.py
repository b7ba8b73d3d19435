"""What people read is plain American English: no British spelling, and none of the phrases that a reader stumbled over."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
import typer
from conftest import PROJECT

from cityresearch.cli import app
from cityresearch.datasets.catalog import datasets
from cityresearch.datasets.load import text_rows

BRITISH = re.compile(
    r"""
    (?:[a-z]*(?:colour|neighbour|favour|behaviour|honour|harbour|rumour|humour|flavour|endeavour|labour)[a-z]*
    | (?:licen|defen|offen|preten)ces? | (?:un)?licenced
    | (?:[a-z]*(?:organ|recogn|normal|summar|standard|general|special|util|real|capital|author|minim|maxim|optim|categor
      |character|container|carbon|priorit|visual|serial|initial|memor|stabil|critic|formal|final|custom|local|central|penal
      |emphas|apolog|synthes|random|vector|neutral|harmon|parallel|parametr|token))is(?:e|es|ed|ing|er|ers|ations?)
    | (?:re)?(?:analy|cataly|paraly)s(?:e|ed|er|ers|ing)
    | (?-i:centre[sd]?) | (?:kilo|centi|milli)?metres? | litres? | theatres? | fibres? | calibre
    | catalogue[sd]? | programmes? | greys? | (?:mis)?judgements? | acknowledgements? | cheques? | whilst | amongst | learnt | spelt
    | fulfil | enrol | skilful | artefacts? | maths
    | (?:label|model|travel|cancel|signal|channel|level|total|fuel|counsel|tunnel|marvel)l(?:ed|ing|er|ers)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
PHRASES = re.compile(
    r"\bat hand\b|\bwould settle\b|\btakes? no part\b|\bbears? on\b|(?<![a-z])(?:half-way|per cent)(?![a-z])",
    re.IGNORECASE,
)
KEPT = ("council_or_chamber_organised", "land_checkpoint_travellers")  # a column and a series of the data
THIS_FILE = "tests/test_words.py"


def documents() -> Iterator[tuple[str, str]]:
    for path in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), PROJECT / "LICENSE", PROJECT / "Makefile"):
        # titles of sources are as they were published
        lines = [
            line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("**From what.**")
        ]
        yield str(path.relative_to(PROJECT)), "\n".join(lines)


def command_line(command=None, name: str = "cityresearch") -> Iterator[tuple[str, str]]:
    command = command or typer.main.get_command(app)
    yield name, command.help or ""
    for parameter in command.params:
        yield f"{name} {parameter.opts[0]}", f"{parameter.opts} {getattr(parameter, 'help', '')}"
    for child, part in getattr(command, "commands", {}).items():
        yield from command_line(part, f"{name} {child}")


def tables() -> Iterator[tuple[str, str]]:
    ours = {
        "statement",
        "settle",
        "says",
        "assumption",
        "note",
        "remark",
        "wrong",
        "reading",
        "outcome",
        "purpose",
        "by_hand",
        "why_grade",
        "found",
        "settles",
    }
    for name, record in datasets().items():
        columns = [field.name for field in record.fields if field.name in ours]
        for number, row in enumerate(text_rows(name) if columns else (), start=2):
            yield f"{name}, row {number}", "\n".join(row[column] for column in columns)


def reasons() -> Iterator[tuple[str, str]]:
    with (PROJECT / "data" / "processed" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield f"{row['claim_id']} ({row['notebook']})", row["reason"]


def data_package() -> Iterator[tuple[str, str]]:
    for resource in json.loads((PROJECT / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))[
        "resources"
    ]:
        yield resource["name"], json.dumps(resource)


def modules(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((PROJECT / folder).rglob("*.py")):
        if str(path.relative_to(PROJECT)) != THIS_FILE:
            yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")


def notebooks() -> Iterator[tuple[str, str]]:
    for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield f"{path.stem} {cell['id']}", "".join(cell["source"])


TEXTS = {
    "documents": documents,
    "the command line's help": command_line,
    "the words in the tables": tables,
    "reasons of verdicts": reasons,
    "the data package": data_package,
    "the package": lambda: modules("cityresearch"),
    "tools": lambda: modules("tools"),
    "notebooks": notebooks,
}


@cache
def is_british(word: str) -> bool:
    return bool(BRITISH.fullmatch(word))


def slips(text: str) -> list[str]:
    """Return the British forms and the phrases in a text."""
    for name in KEPT:
        text = text.replace(name, "")
    words = dict.fromkeys(re.findall("[A-Za-z]+", text))
    return [*filter(is_british, words), *PHRASES.findall(text)]


@pytest.mark.parametrize("kind", TEXTS)
def test_words_are_plain_american_english(kind):
    found = [f"{place}: {', '.join(words)}" for place, text in TEXTS[kind]() if (words := slips(text))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    ["neighbours_of", "the organiser", "Licence", "labelled", "programmes", "would settle it", "at hand", "metres"],
)
def test_a_slip_is_found(text):
    assert slips(text)


@pytest.mark.parametrize(
    "text",
    [
        "parameters",
        "programmed",
        "enterprises",
        "analysis",
        "Melbourne Centre for Cities",
        "specialist",
        "realistic",
        "license",
    ],
)
def test_american_words_and_names_of_publishers_are_no_slips(text):
    assert not slips(text)
