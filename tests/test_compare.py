"""Comparing what is published: text exactly, numbers within the tolerance, drawings by their bytes or by what they draw."""

from __future__ import annotations

import pytest
from conftest import PROJECT

from cityresearch.runs.compare import compare, equal, same_drawing

SVG = (PROJECT / "figures" / "curve-metro-total.svg").read_text(encoding="utf-8")


def test_a_drawing_with_other_ids_and_last_digits_is_the_same_only_where_bytes_may_differ():
    first = next(part.split('"')[0] for part in SVG.split('id="')[5:])
    other = SVG.replace(f'"{first}"', '"renamed"').replace(f"#{first}", "#renamed")
    assert other != SVG
    assert same_drawing(SVG, other)
    assert equal("a.svg", SVG.encode(), other.encode(), exact=False)
    assert not equal("a.svg", SVG.encode(), other.encode(), exact=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<path d="M 10.5 3.25"/>', '<path d="M 10.55 3.25"/>'),
        ("<text>12</text>", "<text>13</text>"),
        ("<text>1.2 bn</text>", "<text>1.3 bn</text>"),
        ('style="fill: #123456"', 'style="fill: #123457"'),
        ("<g/>", "<g/><g/>"),
        ("<!-- a -->", "<!-- b -->"),
        ('<use href="#a"/><a id="a"/><a id="b"/>', '<use href="#b"/><a id="a"/><a id="b"/>'),
    ],
)
def test_a_drawing_that_shows_something_else_is_another(old, new):
    assert not same_drawing(old, new)


def test_numbers_of_tables_may_differ_in_the_last_digits_and_nothing_else_may():
    def table(x):
        return f'name,value\n"a, b",{x}\n'.encode()

    assert equal("a.csv", table("0.333333333333"), table("0.333333333334"), exact=True)
    assert not equal("a.csv", table("0.3333"), table("0.3334"), exact=True)
    assert not equal("a.csv", table("3"), table("3.0"), exact=True)
    assert not equal("a.csv", table("1"), table("1").replace(b"\n", b"\r\n"), exact=True)
    assert not equal("a.csv", b"a,b\n1,2\n3,4\n", b"a,b\n3,4\n1,2\n", exact=True)


def test_other_text_with_equal_cells_is_said(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.csv").write_bytes(b"a,b\r\n1,2\r\n")
    (found,) = compare(tmp_path, {"figures/a.csv": b"a,b\n1,2\n"})
    assert (found.file, found.column) == ("figures/a.csv", "")


def test_each_field_of_the_words_of_a_figure_is_named(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.json").write_text('{"title": "A", "alt": "old"}')
    (found,) = compare(tmp_path, {"figures/a.json": b'{"title": "A", "alt": "new"}'})
    assert (found.row, found.committed, found.rebuilt) == ("alt", "old", "new")


def test_of_the_text_of_a_chapter_each_line_is_named_that_changed_came_or_went(tmp_path):
    name = "data/processed/chapters/01-exports.txt"
    (tmp_path / name).parent.mkdir(parents=True)
    before = "# Exports\n\nNote: 5 metros.\n\n      usd\n2021   8\n2022   9\n2023  10\n"
    after = "# Exports\n\nNote: 6 metros.\n\n       usd\n2022    9\n2023   10\n2024  100\n"
    (tmp_path / name).write_text(before, encoding="utf-8")
    assert [(one.committed, one.rebuilt) for one in compare(tmp_path, {name: after.encode()})] == [
        ("Note: 5 metros.", "Note: 6 metros."),
        ("2021 8", ""),
        ("", "2024 100"),
    ]
    assert equal(name, b"a 10.1234567890123\n", b"a 10.1234567890124\n", exact=True)
    assert not equal(name, b"a 1012345678901\n", b"a 1012345678902\n", exact=True)
    assert not equal(name, b"a b\n", b"a  b\n", exact=True)


def test_litter_of_file_managers_is_not_a_result(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / ".DS_Store").write_text("x")
    assert compare(tmp_path, {}) == []
