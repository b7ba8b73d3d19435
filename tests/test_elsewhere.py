"""What the chapters say of other places, times and rules than the paper's is as it is stored."""

from __future__ import annotations

import os
import sys

import pytest
import warm
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "tools"))
import elsewhere

CODE = f"import sys; sys.path.append({str(PROJECT / 'tools')!r}); import elsewhere; sys.exit(elsewhere.main())"
STORED = sorted(path.name for path in elsewhere.FOLDER.glob("*.txt"))


def test_every_chapter_says_of_other_places_what_is_stored():
    done = warm.run(CODE, ["--jobs", "1"], PROJECT, os.environ, timeout=600)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\npython tools/elsewhere.py --store stores what they say now"
    assert f"{len(STORED)} texts, 0 not as stored." in done.stdout


def test_a_changed_word_is_named_and_the_last_digits_of_another_processor_are_not(monkeypatch, tmp_path):
    monkeypatch.setattr(elsewhere, "FOLDER", tmp_path)
    (tmp_path / "a.txt").write_text("Exports rose by 2.4300000000001 percent.\n", encoding="utf-8")
    assert elsewhere.differing("a.txt", "Exports rose by 2.43 percent.\n") == []
    assert elsewhere.differing("a.txt", "Exports fell by 2.43 percent.\n")[-1] == "+Exports fell by 2.43 percent."
    assert elsewhere.differing("b.txt", "New.\n")[-1] == "+New."


@pytest.mark.parametrize("name", STORED)
def test_a_stored_text_begins_with_the_values_that_it_is_of(name):
    text = (elsewhere.FOLDER / name).read_text(encoding="utf-8")
    number, place = name.partition("-")[0], int(name.removesuffix(".txt").rpartition("-")[2])
    for key, value in elsewhere.PLACES[number][place - 1].items():
        assert f"{key}: {value}\n" in text.partition("\n\n")[0] + "\n"
