"""Figures that an editor takes as they are: legible in a column, on a page and on a slide, and told where they are not."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import product

import pandas as pd
import pytest
from conftest import PROJECT, cityresearch, mostly_long
from study import add_cell, command

from cityresearch import charts
from cityresearch.charts import export, legible, sizes, style
from cityresearch.charts.chart import framed
from cityresearch.charts.words import Words

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = sorted(p.stem for p in (PROJECT / "figures").glob("*.json"))
PRESETS = ("column", "page", "slide")
LEAST = {"column": 6.0, "page": 6.0, "slide": 8.0}  # points
CODE = re.compile(r"\b[CEM]\d{3}\b|\b(city|state)-\d+\b")


def drawn(draw) -> list[str]:
    """Return the faults of a figure with one pair of axes."""
    with style.house_style():
        figure, (ax,) = framed(2, Words("Title"))
        ax.plot([0, 1], [0, 1], color="white")
        draw(ax)
        export.fix_layout(figure)
        return legible.faults(figure)


def at(preset: str, monkeypatch) -> None:
    for name, value in sizes.environment(sizes.PRESETS[preset], style.PARTS).items():
        monkeypatch.setenv(name, value)


def faults_of(chart, preset: str) -> list[str]:
    with style.house_style():
        export.fix_layout(chart.figure)
    return legible.faults(chart.figure, sizes.PRESETS[preset].width / chart.figure.get_figwidth())


def test_a_figure_that_can_be_read_has_no_fault():
    assert drawn(lambda ax: ax.text(0.4, 0.5, "alone")) == []


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda ax: ax.text(0.4, 0.5, "tiny", size=5), "“tiny” has 5.0 points, and 6 are the least."),
        (lambda ax: ax.text(1.05, 0.5, "far beyond " * 5).set_in_layout(False), "“far beyond far beyond far beyond far bey…” leaves"),
        (lambda ax: [ax.text(0.4, y, name) for y, name in ((0.5, "one"), (0.51, "two"))], "“one” overlaps “two”."),
        (lambda ax: (ax.axvline(0.42), ax.text(0.4, 0.5, "struck")), "“struck” is struck through by a rule."),
        (lambda ax: (ax.axhline(0.5), ax.text(0.4, 0.5, "struck", va="center")), "“struck” is struck through by a rule."),
        (lambda ax: ax.text(-0.08, 0.5, "on the axis"), "“on the axis” is struck through by a rule."),
    ],
    ids=["small", "clipped", "overlapping", "vertical rule", "horizontal rule", "edge"],
)  # fmt: skip
def test_what_an_editor_sends_back_is_named(draw, said):
    (fault,) = drawn(draw)
    assert fault.startswith(said)


def test_a_rule_behind_the_ground_of_a_text_does_not_strike_it():
    ground = {"fc": "white", "ec": "none"}
    assert drawn(lambda ax: (ax.axvline(0.42), ax.text(0.4, 0.5, "clear", bbox=ground))) == []
    over = drawn(lambda ax: (ax.axvline(0.42, zorder=9), ax.text(0.4, 0.5, "struck", bbox=ground)))
    assert over == ["“struck” is struck through by a rule."]


@pytest.mark.parametrize("preset", mostly_long(PRESETS, "page"))
def test_a_list_of_many_numbers_can_be_read_at_every_preset(preset, monkeypatch):
    at(preset, monkeypatch)
    rows = pd.DataFrame(
        {"group": ["a group with a name"] * 20 + ["another"] * 12, "label": [f"number {i} of a long list" for i in range(32)],
         "value": range(32), "low": range(32), "high": range(1, 33)}
    )  # fmt: skip
    from cityresearch.numbers.intervals import Interval
    from cityresearch.numbers.quantity import Quantity

    printed = Quantity(16, "count", bounds=Interval(15, 17))
    chart = charts.dots(rows, Words("Many numbers"), unit="ships", printed=printed, printed_label="as printed")
    assert faults_of(chart, preset) == []
    assert len(chart.figure.axes) == (2 if preset == "slide" else 1)
    # all numbers are there, and a group that goes on in the second column is named again
    texts = [label.get_text() for ax in chart.figure.axes for label in ax.get_yticklabels()]
    assert sum(text.startswith("number") for text in texts) == 32
    places = [(line.get_xdata()[0], line.get_marker()) for ax in chart.figure.axes for line in ax.lines]
    assert sorted(x for x, marker in places if marker in ("o", "s")) == list(range(32))


@pytest.mark.parametrize(("years", "preset"), mostly_long(product([6, 20], PRESETS), (6, "column"), (20, "slide")))
def test_a_heat_map_keeps_its_numbers_at_every_preset(years, preset, monkeypatch):
    at(preset, monkeypatch)
    table = pd.DataFrame(
        [[10.0 * row + year / 10 for year in range(years)] for row in range(8)],
        index=[f"an industry with a long name, number {row}" for row in range(8)],
        columns=range(2025 - years, 2025),
    )
    chart = charts.heat_table(table, Words("Industries"), unit="percent", decimals=1)
    assert faults_of(chart, preset) == []
    (ax,) = chart.figure.axes
    heads = [int(text.get_text()) for text in ax.get_xticklabels()]
    assert heads[-1] == 2024
    told = " ".join(text.get_text() for text in chart.figure.texts)
    assert ("Not all columns have room" in told) == (len(heads) < years)
    assert [text.get_text() for text in ax.texts][: len(heads)] == [f"{table.iloc[0][year]:.1f}" for year in heads]


@pytest.mark.parametrize("preset", mostly_long(PRESETS, "column"))
def test_no_value_of_a_curve_is_struck_through_by_the_printed_number(preset, monkeypatch):
    from cityresearch.numbers.quantity import Quantity

    at(preset, monkeypatch)
    # C126 prints about 50 percent
    readings = {f"reading {i}": Quantity(30 + i, "percent", sources=("dcmme-tpp",)) for i in range(0, 28)}
    chart = charts.specification_curve("C126", readings, Words("A claim"), names={"reading 3": "in words"})
    assert faults_of(chart, preset) == []
    assert "in words" in set(chart.data["label"])
    assert "about 50 percent" in chart.words.subtitle


def test_numbers_of_all_kinds_have_the_marks_of_the_style_file(monkeypatch):
    from cityresearch.charts import chart as drawing

    monkeypatch.setattr(drawing, "_MARKS", str.maketrans({",": ".", ".": ",", "-": "~"}))
    rows = pd.DataFrame({"name": ["a", "b"], "value": [1234.5, 2.5], "strong": True})
    spread = pd.DataFrame({"group": "g", "label": ["a", "b"], "value": [-12.5, 2.5], "low": -13.0, "high": 3.0})
    months = pd.DataFrame({"panel": "p", "period": ["2025-01"], "tick": ["Jan"], "change": [-1.5], "usual": [2.0]})
    table = pd.DataFrame([[1234.5, 2.5]], index=["a"], columns=[2024, 2025])
    made = [
        charts.ranked(rows, Words("t"), unit="u", reference=(2.5, "all")),
        charts.dots(spread, Words("t"), unit="u"),
        charts.changes(spread[["label", "value"]], Words("t"), unit="u"),
        charts.against_usual(months, Words("t"), unit="u"),
        charts.heat_table(table, Words("t"), unit="u", decimals=1),
    ]
    for chart in made:
        root = ET.fromstring(export.rendered(chart, "svg"))
        texts = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
        assert not re.search(r"\d\.\d(?!\d\d)|-\d|\N{MINUS SIGN}", texts), texts
        assert "2,5" in texts or "~" in texts


@pytest.mark.parametrize("name", FIGURES)
def test_money_percent_and_rules_have_one_form_in_words_and_drawing(name):
    words = json.loads((PROJECT / "figures" / f"{name}.json").read_text(encoding="utf-8"))
    root = ET.fromstring((PROJECT / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    texts = [words[part] for part in ("title", "subtitle", "alt", "description", "caption", "note")]
    texts += ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    for text in texts:
        # $141 billion in a sentence, "billion US dollars" of an axis, and nothing else
        assert not re.search(r"[\d.]+ (million|billion|trillion) (US )?dollars|\d ?%|\bUSD \d|\b(bn|mn)\b", text), text
        assert not CODE.search(text), text


@pytest.mark.long
def test_the_command_says_which_figure_is_hard_to_read(study, tmp_path):
    add_cell(
        study, "21-exports",
        "from matplotlib.figure import Figure\nax = Figure().subplots()\nax.plot([1, 2], [1, 2])\nax.axvline(1.5)\n"
        "ax.text(1.45, 1.2, 'struck through')\ncr.show(ax, 'mine', title='A line', alt='A line that rises.', sources=['ita-metro-2005-2023'])",
    )  # fmt: skip
    assert command(study, "run").returncode == 0
    result = command(study, "figures", "mine", "exports", "--format", "svg", "--output", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "Note: mine is hard to read at this size: “struck through” is struck through by a rule." in result.stderr
    assert "exports is hard" not in result.stderr
    words = json.loads((tmp_path / "out" / "mine" / "words.json").read_text(encoding="utf-8"))
    assert words["faults"] == ["“struck through” is struck through by a rule."]


@pytest.mark.long
@pytest.mark.parametrize("preset", PRESETS)
def test_every_figure_can_be_taken_as_it_is(preset, tmp_path):
    """All figures drawn again for a column, a page and a slide: size, type, overlaps, clipping, sources and words."""
    result = cityresearch("figures", "--preset", preset, "--format", "svg", "--output", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "hard to read" not in result.stderr
    size, sources = sizes.PRESETS[preset], len(FIGURES)
    assert sum(1 for _ in tmp_path.glob("*/words.json")) == sources
    for folder in (path.parent for path in tmp_path.glob("*/words.json")):
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        assert words["faults"] == [], folder.name
        assert words["smallest_type_points"] >= LEAST[preset], folder.name
        root = ET.fromstring((folder / f"{folder.name}-{size.label}.svg").read_bytes())
        width, height = (float(root.get(side).removesuffix("pt")) for side in ("width", "height"))
        assert width == pytest.approx(size.width * 72, abs=0.01), folder.name
        assert not size.aspect or height == pytest.approx(size.aspect * width, abs=0.05), folder.name
        # whatever the line under the figure has room for, the list is whole
        assert len((folder / "sources.txt").read_text(encoding="utf-8").splitlines()) == max(1, len(words["sources"]))
        foot = " ".join("".join(t.itertext()) for t in root.iter(f"{SVG}text"))
        assert re.search(r"and \d+ more\.", foot) is None or len(words["sources"]) > 2
        assert CODE.search(foot) is None, folder.name


def test_every_figure_has_a_grade_at_each_preset_and_none_is_sent_back():
    rows = pd.read_csv(PROJECT / "docs" / "figure-grades.csv", keep_default_na=False)
    assert sorted(rows["name"]) == FIGURES
    assert set(rows[list(PRESETS)].to_numpy().ravel()) <= {"A", "B"}
    # a flaw has a name, and a figure without one has none
    assert ((rows[list(PRESETS)] == "B").any(axis=1) == (rows["left"] != "")).all()
