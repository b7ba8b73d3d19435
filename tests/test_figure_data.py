"""What an editor takes over: titles, alt texts, and data from which a figure can be drawn again without the package."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT

import cityresearch as cr
from cityresearch.charts.spoken import LONGEST_ALT
from cityresearch.charts.tidy import COLUMNS

FIGURES = sorted(p.stem for p in (PROJECT / "figures").glob("*.json"))
MOST_TITLE = 90
CODE = re.compile(r"\b[CEM]\d{3}\b|\b(city|state)-\d+\b")
# texts, whatever they look like
TEXT = dict.fromkeys(("period", "counties", "label", "series", "mission_id", "source_id"), str)
NEAR = 0.06  # points: a drawing has two decimals
SVG = "{http://www.w3.org/2000/svg}"


def words_of(name: str) -> dict:
    return json.loads((PROJECT / "figures" / f"{name}.json").read_text(encoding="utf-8"))


def data_of(name: str) -> pd.DataFrame:
    return pd.read_csv(PROJECT / "figures" / f"{name}.csv", dtype=TEXT)


def with_column(column: str) -> list[str]:
    """Return the figures whose data have a column; every process of the tests asks it, so only the first lines are parsed."""
    return [n for n in FIGURES if column in pd.read_csv(PROJECT / "figures" / f"{n}.csv", nrows=0)]


@pytest.mark.parametrize("name", FIGURES)
def test_a_title_is_a_finding_that_fits_a_page_and_names_no_code(name):
    title = words_of(name)["title"]
    assert len(title) <= MOST_TITLE
    assert not CODE.search(title)


@pytest.mark.parametrize("name", FIGURES)
def test_an_alt_text_is_short_and_what_it_leaves_out_is_in_the_description(name):
    words = words_of(name)
    assert 40 <= len(words["alt"]) <= LONGEST_ALT
    assert not CODE.search(words["alt"])
    assert len(words["description"]) > 40


def said_in(text: str) -> list[tuple[float, int]]:
    """Return the numbers in a text with how many decimals each has."""
    found = re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", text)
    return [(float(n.replace(",", "")), len(n.partition(".")[2])) for n in found]


def known_of(name: str) -> list[float]:
    """Return the numbers that a figure's data hold: cells, numbers within texts, sums, and counts of rows."""
    data, texts = data_of(name), []
    numbers = [abs(v) for column in data.select_dtypes("number") for v in data[column].dropna()]
    for column in data.select_dtypes(exclude="number"):
        texts += [str(cell) for cell in data[column].dropna().unique() if column != "source_id"]
    numbers += [number for text in texts for number, _ in said_in(text.replace("-", " "))]
    if "value" in data:
        numbers += [
            abs(data.groupby(name)["value"].sum()).to_numpy() for name in ("unit", "panel", "group") if name in data
        ]
        numbers = [float(v) for part in numbers for v in np.atleast_1d(part)]
    return [*numbers, *range(len(data) + 1)]


# what a title says beyond its figure's data: a ratio to the printed number, years of a wider series, parts of a sum
BEYOND = {
    "curve-fresno-guadalajara-years": {810},
    "curve-san-diego-mexico-share": {21},
    "curve-san-diego-two-counties": {22},
    "inland-empire-jobs-by-month": {25_700},
    "state-exports-industries": {1.1},
}


@pytest.mark.parametrize("name", FIGURES)
def test_the_numbers_of_an_alt_text_are_in_the_figures_data(name):
    known = known_of(name)
    unknown = [
        number
        for number, decimals in said_in(words_of(name)["alt"])
        if number not in range(1990, 2031)
        if not any(
            abs(value * scale - number) <= 0.501 * 10**-decimals for value in known for scale in (1, 1e3, 1e6, 1e-3)
        )
    ]
    assert set(unknown) <= BEYOND.get(name, set())


def test_only_the_papers_own_figures_are_numbered_and_no_two_have_the_same_data():
    numbered = [name for name in FIGURES if re.match(r"(figure|table)-\d", name)]
    assert numbered == ["figure-1-metro-exports", "figure-2-trade-missions"]
    assert not [name for name in FIGURES if re.match(r"figure-(?!\d)|specification|finding|[cem]\d{3}", name)]
    contents = {(PROJECT / "figures" / f"{name}.csv").read_text(encoding="utf-8") for name in FIGURES}
    assert len(contents) == len(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_every_row_has_a_place_a_unit_a_date_in_iso_and_sources_that_have_a_record(name):
    data = data_of(name)
    assert {"label", "period", "at"} & set(data)
    if "value" in data:
        assert data["unit"].notna().all()
        assert data["value"].notna().any()
    for period in data.get("period", pd.Series(dtype=str)).dropna():
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", period)
        date.fromisoformat((period + "-01-01")[:10])
    cited = {source for cell in data["source_id"].dropna() for source in cell.split(";")}
    assert cited <= set(cr.load("sources").index)
    known = [column for column in data if column in COLUMNS]
    assert list(data.columns[: len(known)]) == [column for column in COLUMNS if column in known]


@pytest.mark.parametrize("name", with_column("printed"))
def test_a_printed_number_has_the_range_that_it_covers(name):
    rows = data_of(name).dropna(subset="printed")
    assert len(rows)
    assert (rows["printed_low"] <= rows["printed"]).all() and (rows["printed"] <= rows["printed_high"]).all()


def axis_of(root: ET.Element, which: str, number: int) -> list[tuple[float, float]]:
    """Return where an axis of the drawing has its labeled ticks: number and place in points."""
    found = []
    axes = [e for e in root.iter(f"{SVG}g") if e.get("id") == f"axes_{number}"]
    for tick in (e for ax in axes for e in ax.iter(f"{SVG}g") if re.match(rf"{which}tick_\d+$", e.get("id", ""))):
        use, text = next(tick.iter(f"{SVG}use"), None), "".join(t.text or "" for t in tick.iter(f"{SVG}text"))
        try:
            value = float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            continue
        if use is not None:
            found.append((value, float(use.get(which))))
    return found


def places_drawn(root: ET.Element, which: str) -> list[float]:
    """Return where marks and the corners of lines and bars are on one axis, in points."""
    index = "xy".index(which)
    found = [float(use.get(which)) for use in root.iter(f"{SVG}use")]
    for path in root.iter(f"{SVG}path"):
        pairs = re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", path.get("d", ""))
        found += [float(pair[index]) for pair in pairs]
    return found


def scale_of(axis: list[tuple[float, float]]):
    """Return the function from numbers to points, if the ticks of an axis lie on a linear or a logarithmic scale."""
    for bend in (lambda v: v, lambda v: math.log10(v) if v > 0 else math.nan):
        (a, at_a), (b, at_b) = [(bend(value), at) for value, at in (axis[0], axis[-1])]

        def place(value: float, bend=bend, a=a, b=b, at_a=at_a, at_b=at_b) -> float:
            return at_a + (bend(value) - a) * (at_b - at_a) / (b - a)

        if all(abs(place(value) - at) < NEAR for value, at in axis):
            return place
    return None


def lengths_of_bars(root: ET.Element) -> list[float]:
    """Return how long the rectangles of a drawing are, in points."""
    found = []
    for path in root.iter(f"{SVG}path"):
        xs = [float(x) for x in re.findall(r"[ML] (-?[\d.]+) -?[\d.]+", path.get("d", ""))]
        if len(xs) >= 4 and path.get("d", "").rstrip().endswith("z"):
            found.append(max(xs) - min(xs))
    return found


def on_an_axis(root: ET.Element, data: pd.DataFrame) -> bool:
    """Whether every value is where one of the numeric axes says: the vertical ones of lines, the horizontal ones of dots."""
    return any(_on(root, data, which) for which in "yx")


def _on(root: ET.Element, data: pd.DataFrame, which: str) -> bool:
    scales = [scale_of(axis) for n in range(1, 4) if len(axis := axis_of(root, which, n)) >= 2]
    drawn = places_drawn(root, which)
    return bool(scales) and all(
        any(abs(scale(value) - place) < NEAR for scale in scales if scale for place in drawn)
        for value in data["value"].dropna()
    )


def as_bars(root: ET.Element, data: pd.DataFrame) -> bool:
    """Whether there are bars whose lengths are in proportion to the values."""
    values, lengths = data["value"][data["value"] > 0], lengths_of_bars(root)
    return any(
        all(any(abs(value * longest / values.max() - length) < NEAR for length in lengths) for value in values)
        for longest in lengths
    )


def as_texts(root: ET.Element, data: pd.DataFrame) -> bool:
    """Whether every value but zero is written in the figure."""
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    numbers = {number for text in texts for number in re.findall(r"\d[\d,]*\.?\d*", text)}
    values = data["value"][data["value"].notna() & (data["value"] != 0)]
    return all(any(f"{value:,.{digits}f}" in numbers for digits in range(3)) for value in values)


def as_dots(root: ET.Element, data: pd.DataFrame) -> bool:
    """Whether each label that is on the axis has as many dots as its values say, and the sum written at its end."""
    texts = ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]
    sums = data.groupby("label")["value"].sum()
    shown = sums[[label in texts for label in sums.index]]
    circles = sum(1 for use in root.iter(f"{SVG}use") if "#0072b2" in use.get("style", ""))
    return len(shown) > 0 and circles == shown.sum()


@pytest.mark.parametrize("name", with_column("value"))
def test_every_value_of_the_data_is_drawn_where_the_axis_says_or_written_in_the_figure(name):
    root = ET.fromstring((PROJECT / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    data = data_of(name)
    if name == "metro-exports-map":  # the others have a circle without its number
        data = data.head(10)
    assert any(way(root, data) for way in (on_an_axis, as_bars, as_texts, as_dots))


def runs_drawn(root: ET.Element) -> Counter:
    """Return how many lines of how many points a drawing has; a line that breaks is several."""
    lines = (e for e in root.iter(f"{SVG}g") if e.get("id", "").startswith("line2d"))
    paths = (path.get("d", "") for line in lines for path in line.findall(f"{SVG}path"))
    return Counter(1 + run.count("L ") for d in paths for run in d.split("M ")[1:])


@pytest.mark.parametrize("name", with_column("segment"))
def test_a_line_drawn_from_the_segments_breaks_where_the_figure_does(name):
    root = ET.fromstring((PROJECT / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    data = data_of(name).dropna(subset="value")
    lengths = data.groupby([c for c in ("panel", "series", "segment") if c in data], sort=False).size()
    assert not Counter(n for n in lengths if n > 1) - runs_drawn(root)


def test_the_how_to_explains_every_column():
    text = (PROJECT / "docs" / "how-to.md").read_text(encoding="utf-8")
    assert "\n".join(f"| `{name}` | {what} |" for name, what in COLUMNS.items()) in text
