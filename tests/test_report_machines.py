"""What machines read of the results: verdicts under a schema, and how to cite the project and each claim."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date

import pytest
import yaml
from conftest import PROJECT
from jsonschema import Draft202012Validator

from cityresearch import __version__
from cityresearch.claims import listing
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import as_json, committed
from cityresearch.claims.verdict import BASES, WORDS
from cityresearch.errors import DataError
from cityresearch.report.citing import citation_of
from cityresearch.report.content import Content
from cityresearch.report.linked import SCHEMA, verdicts_as_json

RULES = json.loads(SCHEMA.read_text(encoding="utf-8"))
CITATION = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def conforms():
    Draft202012Validator.check_schema(RULES)
    return Draft202012Validator(RULES).is_valid


def test_the_verdicts_of_the_report_and_of_the_command_line_conform_to_the_schema(conforms):
    made = json.loads(verdicts_as_json(Content()))
    assert made["$schema"] == SCHEMA.name
    assert conforms(made)
    listed = listing.select(listing.Filter())
    assert listed == made["claims"]
    assert conforms(listed)
    assert conforms(listing.one("C027"))
    assert conforms(as_json(claims()["C027"], None))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict",), "true"),
        (("printed", "value"), "141"),
        (("readings", 0, "agrees"), "yes"),
        (("strength", "half"), "maybe"),
        (("extra",), 1),
        (("reason",), ""),
    ],
)
def test_what_is_not_as_the_schema_says_does_not_conform(conforms, path, value):
    item = deepcopy(listing.one("C027"))
    place = item
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not conforms(item)


def test_the_schema_has_the_words_of_verdicts_and_bases():
    assert RULES["$defs"]["verdict"]["enum"] == list(WORDS)
    assert RULES["$defs"]["claim"]["properties"]["basis"]["enum"] == list(BASES)


def test_every_field_of_a_claim_is_in_the_schema():
    item = listing.one("C027")
    for name, value in (
        ("claim", item),
        ("printed", item["printed"]),
        ("reading", item["readings"][0]),
        ("strength", item["strength"]),
    ):
        assert set(RULES["$defs"][name]["required"]) == set(value) == set(RULES["$defs"][name]["properties"])


def test_the_citation_file_is_as_its_format_asks_and_of_this_version():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] == "software"
    assert CITATION["version"] == __version__
    assert date.fromisoformat(CITATION["date-released"])
    assert all("name" in author or "family-names" in author for author in CITATION["authors"])
    for key in ("message", "title", "license"):
        assert isinstance(CITATION[key], str)
    allowed = {"cff-version", "message", "title", "type", "authors", "version", "date-released", "license", "keywords", "abstract", "url",
               "doi", "repository-code", "identifiers", "references", "contact", "commit"}  # fmt: skip
    assert set(CITATION) <= allowed


def entries(text: str) -> dict[str, dict[str, str]]:
    """Read BibTeX whose fields are on a line each."""
    found = {}
    for key, body in re.findall(r"@\w+\{([^,]+),\n(.*?)\n\}", text, re.DOTALL):
        assert body.count("{") - body.count(r"\{") == body.count("}") - body.count(r"\}")
        found[key] = dict(line.strip().rstrip(",").split(" = ", 1) for line in body.split("\n"))
    return found


def test_the_project_and_every_claim_can_be_cited():
    citation = citation_of(PROJECT)
    whole = entries(citation.bibtex())["cityresearch"]
    assert whole["title"] == f"{{{{{CITATION['title']}}}}}"
    assert whole["author"] == "{{The cityresearch authors}}"
    assert (whole["version"], whole["year"]) == (f"{{{__version__}}}", f"{{{CITATION['date-released'][:4]}}}")
    keys = set()
    for item, check in ((claims()[key], check) for key, check in committed().items()):
        ((key, entry),) = entries(citation.bibtex_of(item, check.verdict)).items()
        keys.add(key)
        assert f"verdict {check.verdict}" in entry["title"]
        assert not re.search(r"(?<!\\)[%$&#_]", entry["title"].replace(r"$\times$", ""))
    assert len(keys) == len(claims())
    assert "Claim C027, verdict agrees-if" in citation.in_words(claims()["C027"], "agrees-if")


def test_people_are_cited_by_their_names_and_a_file_without_a_title_is_named(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        "title: A & B\nversion: 2\nauthors:\n  - family-names: Doe\n    given-names: Ann\n  - family-names: Roe\n",
        encoding="utf-8",
    )
    entry = entries(citation_of(tmp_path).bibtex())["cityresearch"]
    assert (entry["author"], entry["title"]) == ("{Doe, Ann and Roe}", r"{{A \& B}}")
    assert "year" not in entry
    (tmp_path / "CITATION.cff").write_text("version: 2\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no title, no authors: add it"):
        citation_of(tmp_path)
    (tmp_path / "CITATION.cff").unlink()
    assert citation_of(tmp_path).version == __version__
