"""Numbers in an author's text: what is said of a claim goes no further than its verdict, and a manuscript is filled whole or not at all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import PROJECT, cityresearch
from study import add_cell, command, verdicts

import cityresearch as cr
from cityresearch.claims import said
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import committed
from cityresearch.claims.said import PARTS, deciding_reading, part_of, say
from cityresearch.errors import ClaimError
from cityresearch.numbers.display import in_words
from cityresearch.report.manuscript import filled

CHECKS = committed()


def test_a_sentence_has_the_statement_the_printed_number_ours_and_how_it_was_computed():
    assert say("C017") == (
        "California's Global Trade Cities says, in our words: LA, Long Beach and Oakland move about 45 percent of US containerized waterborne "
        "trade (printed: about 45%). We find 44.83% (imports alone, 2012, customs-based), which agrees only if this is what is meant; as "
        "printed, it does not agree."
    )
    assert say("C017", "literal") == "40.07%"
    assert cr.say("C027", "exact") == "141,004,904,245 USD"


@pytest.mark.parametrize(("claim_id", "item"), claims().items(), ids=claims())
def test_no_sentence_is_stronger_than_its_verdict(claim_id, item):
    text, verdict = part_of(item, CHECKS[claim_id], "sentence"), CHECKS[claim_id].verdict
    end = text.rpartition(". ")[2] if verdict != "agrees-if" else text
    assert ("does not make it wrong" in text) == (verdict == "open")
    assert end.endswith("does not agree.") == (verdict in ("differs", "differs-unless"))
    assert ("agrees only if" in end) == (verdict == "differs-unless")
    assert bool(re.search(r" agrees\.$", text)) == (verdict == "agrees")
    if verdict == "agrees-if":
        assert re.search(r"agrees( if |, as far as |, while | as a )", text)


def test_the_value_is_that_of_a_reading_which_the_verdict_rests_on():
    for key, check in CHECKS.items():
        row = deciding_reading(check)
        if row is None:
            continue
        if row["value"] not in ("", "true", "false") and claims()[key].kind != "date":
            assert part_of(claims()[key], check, "value") == in_words(row["value"], claims()[key].unit)
        if row["kind"] != "source" and row["agrees"]:
            assert (row["agrees"] == "true") == (check.verdict != "differs"), key


def test_where_one_source_decides_the_value_is_what_its_row_prints():
    check = CHECKS["C008"]
    row = deciding_reading(check)
    assert row["reading"].startswith(f"{check.decided_by}: ")
    assert part_of(claims()["C008"], check, "value") == in_words(row["value"], claims()["C008"].unit) == "9"


def test_where_a_condition_decides_the_reading_as_printed_that_agrees_is_the_one():
    several = [c for c in CHECKS.values() if c.verdict == "agrees-if" and deciding_reading(c) is not None]
    named = [c for c in several if not c.decided_by.startswith(deciding_reading(c)["reading"].partition(":")[0])]
    assert named
    assert all(deciding_reading(c)["agrees"] == deciding_reading(c)["as_printed"] == "true" for c in named)


def test_the_reading_that_decides_is_named_with_its_publisher_where_a_source_does():
    assert part_of(claims()["C008"], CHECKS["C008"], "reading").startswith(
        "Carnegie Endowment for International Peace: Lists nine"
    )
    own = next(c for c in CHECKS.values() if (row := deciding_reading(c)) and row["kind"] == "computed")
    assert part_of(claims()[own.claim_id], own, "reading") == deciding_reading(own)["reading"]


def test_an_open_claim_has_no_value_and_a_date_none_that_would_mislead():
    with pytest.raises(ClaimError, match=r"Claim C003 \(open\) has no value: it has sentence, printed"):
        say("C003", "value")
    assert say("C180", "printed") == "June 24, 2022"
    with pytest.raises(ClaimError, match="has no value"):
        say("C180", "value")


def test_a_claim_without_a_check_is_open_and_nothing_is_said_of_sources_that_nobody_asked():
    item = claims()["C027"]
    assert part_of(item, None, "sentence").endswith("$141 billion). No chapter has checked this yet.")
    assert part_of(item, None, "verdict") == "open"
    assert part_of(item, None, "reason") == item.settle
    assert part_of(replace(item, settle=""), None, "reason") == "Not checked yet."
    assert part_of(item, CHECKS["C027"], "reason") == CHECKS["C027"].reason
    with pytest.raises(ClaimError, match="no part 'valeu': did you mean value"):
        say("C027", "valeu")


def test_what_this_notebook_has_checked_is_said_before_it_is_published(monkeypatch):
    monkeypatch.setattr(said, "_checked", {})
    said.keep(replace(CHECKS["C027"], verdict="open"))
    assert "no public source" in cr.say("C027")
    assert "no public source" not in cr.say("C015")


def test_a_chapter_says_what_its_own_cell_computed(study):
    add_cell(
        study,
        "22-state",
        "cr.check('C015', {'made': cr.Quantity(999, 'USD', sources=('carnegie-2026',))})\nprint(cr.say('C015'))",
    )
    assert command(study, "run", "22-state").returncode == 0
    executed = (study / "build" / "notebooks" / "22-state.ipynb").read_text(encoding="utf-8")
    assert "We find $999 (made), which does not agree." in executed


def test_markdown_and_latex_are_escaped_each_in_its_way():
    text = "{{C027.value}} {{C017.value}} {{E030.reason}}"
    markdown, count = filled(text, "Markdown")
    latex, _ = filled(text, "LaTeX")
    assert count == 3
    assert markdown.startswith(r"\$141 billion 44.83% ")
    assert latex.startswith(r"\$141 billion 44.83\% ")


def test_counts_are_those_of_the_results():
    shown, _ = filled("{{claims.all}} {{claims.differs}} {{edc.differs-unless}}", "Markdown")
    words = [check.verdict for check in CHECKS.values()]
    edc = [check.verdict for key, check in CHECKS.items() if key.startswith("E")]
    assert shown == f"{len(claims())} {words.count('differs')} {edc.count('differs-unless')}"


def test_braces_of_another_use_stay():
    text = r"\title{{California}} {{ include 'x' }} ${a}$ {{{1}}} \cite{{a}}"
    assert filled(text, "LaTeX") == (text, 0)


@pytest.mark.parametrize(
    ("place", "near"),
    [
        ("{{C27.value}}", "did you mean C027?"),
        ("{{c027.value}}", "did you mean C027?"),
        ("{{C999}}", "nothing is called 'C999'"),
        ("{{C027.valeu}}", "did you mean value?"),
        ("{{carnegi.all}}", "did you mean carnegie?"),
        ("{{claims.difers}}", "did you mean differs?"),
        ("{{C003.value}}", "has no value"),
        ("{{C027,value}}", "cannot be read"),
        ("{{C027.value", "cannot be read"),
    ],
)
def test_an_unknown_name_is_said_with_file_line_and_the_nearest_known_one(place, near):
    with pytest.raises(ClaimError) as raised:
        filled(f"one\n{{{{C027.value}}}}\n\n{place}\nlast", "Markdown", "paper.md")
    (line,) = str(raised.value).split("\n")
    assert line.startswith("paper.md, line 4: ")
    assert place.rstrip("}") in line
    assert near in line


def test_every_part_can_be_asked_for_in_a_manuscript():
    for part in PARTS:
        text, _ = filled(f"{{{{C089.{part}}}}}", "LaTeX")
        assert text


def test_the_command_writes_the_filled_text_or_nothing(tmp_path):
    (tmp_path / "paper.tex").write_bytes("Größe {{C027.value}}\r\n% {{claims.all}}\r\n".encode())
    done = cityresearch("fill", tmp_path / "paper.tex", "--output", tmp_path / "out" / "filled.tex")
    assert done.returncode == 0
    assert (tmp_path / "out" / "filled.tex").read_bytes() == "Größe \\$141 billion\r\n% 551\r\n".encode()
    assert done.stderr.startswith("2 places filled into ")
    (tmp_path / "wrong.md").write_text("{{C027.value}} {{C000.value}}\n{{C027.nothing}}\n")
    failed = cityresearch("fill", tmp_path / "wrong.md", "--output", tmp_path / "wrong-filled.md")
    assert failed.returncode == 2
    assert "wrong.md, line 1: {{C000.value}}" in failed.stderr
    assert "wrong.md, line 2: {{C027.nothing}}" in failed.stderr
    assert not (tmp_path / "wrong-filled.md").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.md",), "cannot be read"),
        (("paper.docx",), "neither Markdown nor LaTeX"),
        (("latin.md",), "byte 2, is not UTF-8"),
        (("paper.md", "--output", "paper.md"), "is the file that is read"),
        (("paper.md", "--output", "folder"), "is a folder"),
    ],
)
def test_a_manuscript_that_cannot_be_filled_is_named(tmp_path, arguments, words):
    (tmp_path / "paper.md").write_text("{{C027.value}}")
    (tmp_path / "latin.md").write_bytes(b"a\xe9b")
    (tmp_path / "folder").mkdir()
    given = [a if a.startswith("--") else tmp_path / a for a in arguments]
    result = cityresearch("fill", *given, cwd=PROJECT)
    assert result.returncode == 2
    assert words in result.stderr
    assert (tmp_path / "paper.md").read_text() == "{{C027.value}}"


def test_without_results_nothing_is_filled(study, tmp_path):
    verdicts(study).unlink()
    (study / "data" / "processed" / "readings.csv").unlink()
    (tmp_path / "paper.md").write_text("{{C027.value}}")
    result = command(study, "fill", tmp_path / "paper.md")
    assert result.returncode == 2
    assert "run cityresearch run first" in result.stderr
