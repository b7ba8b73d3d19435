"""The same number everywhere: what README, pages, notebooks and figures show of a claim is what its results have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import PROJECT, a_few

from cityresearch.claims import footnotes
from cityresearch.claims.footnotes import Footnote
from cityresearch.report.shown import amounts, conflicts, shown


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything that shows numbers."""
    copy = tmp_path_factory.mktemp("texts")
    for name in ("docs", "notebooks"):
        shutil.copytree(PROJECT / name, copy / name)
    (copy / "figures").mkdir()
    for path in (PROJECT / "figures").glob("*.*"):
        if path.suffix in (".json", ".csv"):
            shutil.copy(path, copy / "figures")
    shutil.copy(PROJECT / "README.md", copy)
    return copy


def test_no_number_that_is_shown_for_a_claim_differs_from_its_results():
    assert conflicts() == []


def test_every_kind_of_place_is_looked_at():
    places = {one.place.split(",")[0] for one in shown()}
    assert {
        "README.md",
        "docs/findings.md",
        "docs/differences.md",
        "notebooks/03-ports.ipynb",
        "figures/curve-metro-total.csv",
    } <= places
    assert {one.place for one in shown() if one.claim_id == "C015"} >= {
        "figures/curve-metro-total, alt",
        "figures/curve-metro-total, subtitle",
        "figures/curve-metro-total.csv, printed",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    a_few(
        [
            ("docs/findings.md", "40.1%", "41.1%", "docs/findings.md, line"),
            ("docs/differences.md", "44.8%", "48.8%", "docs/differences.md, line"),
            ("README.md", "$141,004,904,245", "$141,004,904,249", " shows $141,004,904,249"),
            ("README.md", "$24.3 billion", "$24.7 billion", " shows $24.7 billion"),
            (
                "figures/curve-metro-total.json",
                "more than $141 billion",
                "more than $142 billion",
                "figures/curve-metro-total, ",
            ),
            (
                "figures/curve-metro-total.csv",
                ",141.0,141.0,",
                ",142.0,141.0,",
                "figures/curve-metro-total.csv, printed shows 142",
            ),
            ("notebooks/09-san-diego.ipynb", "34.5 billion", "35.4 billion", "notebooks/09-san-diego.ipynb, cell"),
        ]
    ),
)
def test_a_number_that_was_changed_in_one_place_is_named_with_the_place(texts, file, old, new, said):
    path = texts / file
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")
    try:
        found = conflicts(texts)
    finally:
        path.write_text(before, encoding="utf-8")
    assert found
    assert all(said in one for one in found)


def test_a_sentence_that_names_a_claim_is_held_to_that_claim_and_not_to_another(texts):
    page = texts / "docs" / "how-to.md"
    before = page.read_text(encoding="utf-8")
    page.write_text(f"{before}\nC024 prints $59.6 billion. C027 prints $59.6 billion.\n", encoding="utf-8")
    (found,) = conflicts(texts)
    page.write_text(before, encoding="utf-8")
    assert "$59.6 billion for C027" in found


def test_amounts_are_read_as_they_are_written():
    text = "-44 percent of $4.3B in 2024; 3 of 38.9% and USD 1,023 to 2 million, see C027, v1.2.3"
    assert [(a.words, float(a.value), a.unit) for a in amounts(text)] == [
        ("-44 percent", 44, "percent"),
        ("38.9%", 38.9, "percent"),
        ("1,023", 1023, ""),
        ("2 million", 2e6, ""),
    ]


def note(number: str, cited: str, day: str = "", read: str = "", claims: tuple[str, ...] = ()) -> Footnote:
    return Footnote("carnegie", number, cited, day, read, "yes", "yes", "no", claims, "")


def test_notes_without_entry_never_cited_and_with_two_dates_are_named(monkeypatch):
    made = (
        note("1", "A page; B page", read="2025-01-01;2025-02-01", claims=("C006",)),
        note("2", "b page", read="2025-03-01"),
        note("4", "A page", read="2025-02-01"),
        note("5", "Report", day="2020"),
        note("6", "Report", day="2021-05"),
    )
    monkeypatch.setattr(footnotes, "footnotes", lambda: made)
    lacking = footnotes.without_entry()
    assert "Note 3 of carnegie has no entry, and there are later ones." in lacking
    assert "C015 cites note 7 of carnegie, which has no entry." not in lacking
    assert any(said.endswith("cites note 49 of carnegie, which has no entry.") for said in lacking)
    assert footnotes.under_two_dates() == [
        "B page (carnegie): read on January 1, 2025 or February 1, 2025 in note 1, read on March 1, 2025 in note 2.",
        "Report (carnegie): dated 2020 in note 5, dated May 2021 in note 6.",
    ]
    assert "1" not in {one.note_number for one in footnotes.uncited()}


def test_every_note_that_a_claim_cites_has_an_entry():
    assert footnotes.without_entry() == []
