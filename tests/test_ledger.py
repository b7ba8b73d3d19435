"""The ledger as a whole: every claim has a verdict and a reason, and verdicts follow the printed digits."""

from __future__ import annotations

import csv
import dataclasses
import json

import pytest
from conftest import PROJECT, cityresearch

from cityresearch.chapters.findings.findings import findings
from cityresearch.claims.document import days_between, document_readings, value_of
from cityresearch.claims.footnotes import footnotes, footnotes_of
from cityresearch.claims.ledger import claim, claims, documents
from cityresearch.claims.listing import Filter, select, summary
from cityresearch.claims.reading import as_printed, read
from cityresearch.claims.records import committed, ledger_row
from cityresearch.claims.rules import verdict_on
from cityresearch.claims.sources import judge_by_checks, judged_checks, source_checks
from cityresearch.claims.verdict import BASES, WORDS, judge
from cityresearch.errors import ClaimError, ParameterError
from cityresearch.files import write_whole
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Quantity

LEDGER = claims()
CHECKS = committed()


def test_the_ledger_holds_every_claim_once_with_a_chapter():
    assert {item.document for item in LEDGER.values()} == set(documents())
    rows = (PROJECT / "data" / "raw" / "claims" / "claims.csv").read_text(encoding="utf-8")
    assert len(LEDGER) == len(list(csv.DictReader(rows.splitlines())))
    chapters = {p.stem for p in (PROJECT / "notebooks").glob("*.ipynb")}
    assert {item.chapter for item in LEDGER.values()} <= chapters


def test_neither_a_claim_nor_its_document_can_be_changed_by_a_cell():
    for thing, name in ((claim("C027"), "statement"), (next(iter(documents().values())), "title")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, "other words")


def test_every_claim_has_a_verdict_and_a_reason_from_the_chapter_that_the_ledger_names():
    assert set(CHECKS) == set(LEDGER)
    for claim_id, check in CHECKS.items():
        assert check.verdict in WORDS, claim_id
        assert check.basis in BASES, claim_id
        assert len(check.reason) > 10, claim_id
        assert check.notebook == LEDGER[claim_id].chapter, claim_id


def test_the_hash_of_a_claim_tells_its_printed_digits_and_not_how_they_are_displayed(monkeypatch):
    item = LEDGER["C027"]
    finer = dataclasses.replace(item, printed=dataclasses.replace(item.printed, precision=item.printed.precision / 10))
    before = ledger_row(item)["ledger_hash"]
    assert ledger_row(finer)["ledger_hash"] != before
    for name in ("__str__", "__repr__"):
        monkeypatch.setattr(PrintedNumber, name, lambda self: "other words")
    assert ledger_row(item)["ledger_hash"] == before


def test_no_settled_verdict_is_without_a_basis():
    assert not [c.claim_id for c in CHECKS.values() if c.basis == "none" and c.verdict != "open"]


RECOMPUTED = [
    c for c in CHECKS.values() if c.verdict == "agrees" and c.basis == "data" and LEDGER[c.claim_id].relation == "eq"
]


@pytest.mark.parametrize("check", RECOMPUTED, ids=lambda c: c.claim_id)
@pytest.mark.parametrize("step", [-1, 1])
def test_one_unit_of_the_last_printed_digit_changes_the_verdict(check, step):
    item = LEDGER[check.claim_id]
    # the reading that decided, at the value and the interval that the notebook recorded
    row = next(r for r in check.readings if r["reading"] == check.decided_by)
    value = Interval(row["low"], row["high"]) if row["low"] and row["high"] else row["value"]
    around = item.printed.interval
    if isinstance(value, Interval) and not (value.low in around and value.high in around):
        pytest.skip("the source rounds so coarsely that it covers the neighbouring printed number too")
    around = (value.low, value.high) if isinstance(value, Interval) else (value, value)
    recorded = Quantity(row["value"], sources=tuple(row["sources"].split(";")), bounds=Interval(*around))
    moved = dataclasses.replace(
        item, printed=dataclasses.replace(item.printed, value=item.printed.value + step * item.printed.precision)
    )
    assert judge(item, read(item, {"as recorded": as_printed(recorded)})).verdict == "agrees"
    assert judge(moved, read(moved, {"as recorded": as_printed(recorded)})).verdict != "agrees"


@pytest.mark.long
def test_verdicts_do_not_depend_on_order_locale_time_zone_or_hash_seed(chapters_run, tmp_path, monkeypatch):
    for name, value in {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.UTF-8",
        "PYTHONHASHSEED": "7",
    }.items():
        monkeypatch.setenv(name, value)
    assert cityresearch("run", "--jobs", "1", "--output", tmp_path).returncode == 0
    for name in ("verdicts.csv", "readings.csv"):
        first = (chapters_run / "data" / "processed" / name).read_bytes()
        assert (tmp_path / "data" / "processed" / name).read_bytes() == first


def test_the_readme_shows_the_counts_of_the_committed_verdicts():
    assert summary(committed()) in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_independent_support_alone_makes_a_source_verdict_agree():
    for item in LEDGER.values():
        verdict = judge_by_checks(item, judged_checks(item))
        checks = source_checks(item.claim_id)
        if verdict.verdict == "agrees":
            # the date of its own publication or act a body may vouch for itself; nobody vouches by retelling
            firm = (
                ("independent", "authority", "same_publisher") if item.kind == "date" else ("independent", "authority")
            )
            by_firm = [c for c in checks if c.independence in firm]
            parts = {part for c in by_firm if c.agreement == "jointly" for part in c.parts}
            needed = {part for c in checks for part in c.needed}
            assert any(c.supports for c in by_firm) or (needed and parts == needed), item.claim_id
            assert not any(c.contradicts for c in checks), item.claim_id
        if verdict.verdict == "differs":
            assert any(c.contradicts for c in checks), item.claim_id


def test_a_claim_that_the_ledger_holds_open_stays_open_whatever_retells_it():
    for item in LEDGER.values():
        if item.settle_status == "open":
            assert verdict_on(item).verdict == "open", item.claim_id


def test_every_reading_with_a_value_names_its_source():
    """A number that no dataset produced may stand in a notebook, but none of the published readings is one."""
    assert [
        (c, r["reading"]) for c, check in CHECKS.items() for r in check.readings if r["value"] and not r["sources"]
    ] == []


def test_counts_come_from_the_listed_items():
    reading = next(r for r in document_readings("C005") if r.as_printed)
    assert value_of(reading).value == len(reading.items) == 7
    fewer = dataclasses.replace(reading, items=reading.items[:-1])
    assert value_of(fewer).value == 6


def test_days_between_partial_dates_are_an_interval():
    assert days_between("2022-04-22", "2024-07-10") == Interval.point(810)
    span = days_between("2022", "2024-07-10")
    assert (span.low, span.high) == (557, 921)


@pytest.mark.parametrize("document", list(documents()))
def test_the_claims_of_one_document_are_those_with_its_letter(document):
    found = select(Filter(document=document))
    assert {i["claim_id"] for i in found} == {i for i in LEDGER if i.startswith(documents()[document].letter)} != set()


def test_the_help_and_the_error_name_the_documents_of_the_ledger():
    named = ", ".join(documents())
    assert named in " ".join(cityresearch("claims", "--help").stdout.split())
    with pytest.raises(ParameterError, match=f"--document takes {named}, found 'mercator'"):
        Filter(document="mercator")


def test_filters_narrow_the_list_and_bad_ones_are_named():
    assert {i["verdict"] for i in select(Filter(verdict="differs"))} == {"differs"}
    assert "C027" in {i["claim_id"] for i in select(Filter(text="141 billion"))}
    with pytest.raises(ParameterError, match="--verdict takes"):
        Filter(verdict="wrong")


def test_json_gives_a_list_or_one_object_with_partners():
    items = json.loads(cityresearch("claims", "--json").stdout)
    assert len(items) == len(LEDGER)
    one = json.loads(cityresearch("claims", "C169", "--json").stdout)
    assert {"claim_id": "C202", "relation": "within_years", "relation_id": "R091", "holds": False} in one["partners"]


def test_json_tells_what_the_wording_covers_and_the_range_of_each_reading():
    one = json.loads(cityresearch("claims", "C027", "--json").stdout)
    assert {key: one["printed"][key] for key in ("low", "high", "agrees_from", "agrees_to")} == {
        "low": 140_500_000_000, "high": 141_500_000_000, "agrees_from": 141_000_000_000, "agrees_to": 142_000_000_000,
    }  # fmt: skip
    known = [reading for item in json.loads(cityresearch("claims", "--json").stdout) for reading in item["readings"]]
    numbers = [r for r in known if isinstance(r["value"], (int, float)) and not isinstance(r["value"], bool)]
    assert all(r["low"] is not None and r["low"] <= r["value"] <= r["high"] for r in numbers)
    assert any(r["low"] < r["value"] for r in numbers) and any(r["low"] == r["value"] for r in numbers)


GOOD = (PROJECT / "data" / "processed" / "verdicts.csv").read_bytes()
FIRST, AFTER = GOOD.split(b"\n")[1], len(GOOD.splitlines()) + 1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ", row 1: found '', expected the columns claim_id,"),
        (b"\xef\xbb\xbf" + GOOD, ", row 1: found '\\ufeffclaim_id,"),
        (b"caf\xe9" + GOOD, ": byte 4 is not UTF-8:"),
        (GOOD[:-1], ": its last line is cut off:"),
        (GOOD + FIRST + b"\n", f", line {AFTER}: {FIRST.decode().partition(',')[0]} is there twice:"),
        (GOOD.replace(b"\n", b"\n<<<<<<< HEAD\n", 1), ", line 2: found 1 cell, expected"),
        (GOOD + b'X999,"\n', f", line {AFTER}: found no table row (unexpected end of data):"),
    ],
    ids=["empty", "byte order mark", "another encoding", "cut off", "twice", "merge marker", "open quotation mark"],
)
def test_damaged_verdicts_are_named_with_their_place_and_how_to_get_them_back(tmp_path, content, found):
    for name in ("verdicts.csv", "readings.csv"):
        (tmp_path / name).write_bytes((PROJECT / "data" / "processed" / name).read_bytes())
    assert len(committed(tmp_path)) == len(LEDGER)
    (tmp_path / "verdicts.csv").write_bytes(content)
    with pytest.raises(ClaimError) as error:
        committed(tmp_path)
    assert f"{tmp_path / 'verdicts.csv'}{found}" in str(error.value)
    assert str(error.value).endswith(": restore it with git checkout, or delete it and run every notebook again.")


def test_committed_verdicts_are_read_again_when_the_file_is_another_one_and_only_then(tmp_path):
    for name in ("verdicts.csv", "readings.csv"):
        (tmp_path / name).write_bytes((PROJECT / "data" / "processed" / name).read_bytes())
    first = committed(tmp_path)
    first.pop("C027")
    again = committed(tmp_path)
    assert "C027" in again and again["C028"] is first["C028"]
    path = tmp_path / "verdicts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    write_whole(path, "".join(line for line in lines if not line.startswith("C028,")).encode())
    assert "C028" not in committed(tmp_path) and "C027" in committed(tmp_path)
    path.unlink()
    with pytest.raises(ClaimError, match=r"verdicts\.csv: it cannot be read"):
        committed(tmp_path)


def test_findings_are_ranked_by_their_points_and_name_each_thing_once():
    top = findings(10)
    assert len(top) == 10
    assert [f.score for f in top] == sorted((f.score for f in top), reverse=True)
    assert all(f.check.verdict != "agrees" for f in top)
    named = [c for f in top for c in f.claim_ids]
    assert len(named) == len(set(named))
    assert next(f for f in top if {"C015", "C027"} & set(f.claim_ids))


def test_notes_that_could_not_hold_their_figure_are_known_to_their_claims():
    late = [n for n in footnotes() if n.could_hold == "no"]
    assert "18" in {n.note_number for n in late}  # read in September 2025, cited for December 2025
    assert any(n.note_number == "18" for n in footnotes_of("C045"))
    assert claim("C045").period == "2025-12"


def test_every_claim_says_what_would_settle_it():
    ledger = claims()
    assert all(
        claim.settle and claim.settle_status in ("data", "source", "internal", "open") for claim in ledger.values()
    )
    assert ledger["M086"].note_number == "1 (box)"
    assert {ledger[i].period for i in ("C024", "C025", "C026")} == {""}
