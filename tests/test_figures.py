"""Figures: legible at every width, with text as text, fonts embedded, and the plotted numbers beside them."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from itertools import product

import pytest
from conftest import PROJECT, mostly_long
from matplotlib.backends.backend_agg import FigureCanvasAgg

import cityresearch as cr
from cityresearch import charts
from cityresearch.chapters.metro_exports.figures import metro_exports
from cityresearch.charts import export, style
from cityresearch.charts.chart import text_width
from cityresearch.charts.words import Words
from cityresearch.claims.reading import as_printed, unlikely
from cityresearch.errors import ClaimError
from cityresearch.measures import exports as measured
from cityresearch.numbers.quantity import Quantity

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = sorted(p.stem for p in (PROJECT / "figures").glob("*.json"))


def metro_chart(state="CA"):
    rows = measured.metros(cr.load("metro_exports"), state=state, year=2023)
    return metro_exports(rows, state=state, top=5)


def labels_beyond_view(axes) -> list:
    """Labels of ticks outside the axes' limits, which matplotlib keeps but does not draw."""
    found = []
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        low, high = sorted(limits)
        room = 1e-6 * (high - low)
        for tick in axis.get_major_ticks():
            if not low - room <= tick.get_loc() <= high + room:
                found += [tick.label1, tick.label2]
    return found


def faults_of_layout(figure) -> list[str]:
    """Texts that leave the figure or overlap another text."""
    with style.house_style():
        export.fix_layout(figure)  # the one that is published
        # another renderer than the one that the layout was made with, and pixels of half a point
        canvas = FigureCanvasAgg(figure)
        figure.set_dpi(150)
        canvas.draw()
    renderer = canvas.get_renderer()
    page = figure.bbox
    boxes = []
    undrawn = {id(label) for axes in figure.axes for label in labels_beyond_view(axes)}
    for text in figure.findobj(lambda artist: hasattr(artist, "get_text")):
        if not text.get_visible() or not text.get_text().strip() or id(text) in undrawn:
            continue
        if text.axes is not None and not (text.axes.xaxis.get_visible() or text not in text.axes.xaxis.findobj()):
            continue
        boxes.append((text.get_text(), text.get_window_extent(renderer)))
    outside = [t for t, b in boxes if b.x0 < -1 or b.y0 < -1 or b.x1 > page.x1 + 1 or b.y1 > page.y1 + 1]
    crossing = [
        f"{t} / {u}"
        for i, (t, a) in enumerate(boxes)
        for u, b in boxes[i + 1 :]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.5
    ]
    return outside + crossing


@pytest.mark.parametrize(
    ("state", "width"),
    mostly_long(product(["CA", "TX", "DE"], style.WIDTHS.values()), ("CA", 3.5), ("DE", 5.0)),
)
def test_no_text_is_clipped_or_overlaps_at_the_standard_widths(state, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    figure = metro_chart(state).figure
    assert figure.get_figwidth() == width
    assert faults_of_layout(figure) == []


@pytest.mark.parametrize("name", FIGURES)
def test_committed_figures_have_text_as_text_alt_text_and_data(name):
    root = ET.fromstring((PROJECT / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    words = json.loads((PROJECT / "figures" / f"{name}.json").read_text(encoding="utf-8"))
    assert root.find(f"{SVG}title").text == words["title"]
    assert root.find(f"{SVG}desc").text == words["description"]
    assert sum(1 for _ in root.iter(f"{SVG}text")) > 5
    assert 60 < len(words["alt"]) <= 250
    rows = list(csv.DictReader(io.StringIO((PROJECT / "figures" / f"{name}.csv").read_text(encoding="utf-8"))))
    assert rows
    assert all(source in {s for s in cr.load("sources").index} for source in words["sources"])


def test_figure_1_plots_the_published_values_and_marks_the_printed_ones():
    rows = list(csv.DictReader((PROJECT / "figures" / "figure-1-metro-exports.csv").open(encoding="utf-8")))
    assert rows[0]["label"] == "Los Angeles-Long Beach-Anaheim, CA"
    assert (rows[0]["value"], rows[0]["unit"]) == ("59.561594613", "billion US dollars")
    assert [r["printed"] for r in rows if r["printed"]] == ["59.6", "24.3", "23.0"]
    words = json.loads((PROJECT / "figures" / "figure-1-metro-exports.json").read_text(encoding="utf-8"))
    assert "$59.6 billion, printed 59.6" in words["description"]
    assert "$141 billion" in words["alt"]


def test_drawing_one_format_leaves_the_others_as_they_are():
    chart = metro_chart("DE")
    for file_format, dpi in (("png", 600), ("pdf", 72), ("tiff", 50)):
        export.rendered(chart, file_format, dpi)
    assert export.rendered(chart, "svg") == export.rendered(metro_chart("DE"), "svg")


def test_the_picture_of_a_notebook_is_the_file_and_names_fonts_of_the_same_width():
    bundle = export.bundle(metro_chart("DE"), "of-delaware")
    picture = export.picture_of(bundle)
    assert picture == export.accessible_svg(metro_chart("DE"), "of-delaware")
    fonts = {part.split(";")[0] for part in picture.split("font-family: ")[1:]}
    assert fonts == {"'DejaVu Sans', Verdana, sans-serif"}


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_lines_are_as_wide_as_matplotlib_draws_them(weight):
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    text = "Los Angeles-Long Beach-Anaheim, CA: 59.56 bn USD"
    drawn = TextPath((0, 0), text, size=100, prop=FontProperties(family=style.FONT, weight=weight))
    assert text_width(text, weight) * 100 == pytest.approx(drawn.get_extents().width, rel=0.02)


def test_texts_are_measured_as_matplotlib_measures_them():
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.font_manager import FontProperties

    from cityresearch.charts.canvas import Renderer

    ours, theirs = Renderer(72, 72, io.StringIO()), RendererSVG(72, 72, io.StringIO())
    for size in (6.5, 7.5, 9.5):
        for weight in ("normal", "bold"):
            font = FontProperties(family=style.FONT, weight=weight, size=size)
            for text, is_math in (("Long Beach: 59.6 bn", False), ("$10^3$", True)):
                assert ours.get_text_width_height_descent(text, font, is_math) == pytest.approx(
                    theirs.get_text_width_height_descent(text, font, is_math), rel=1e-12
                )


@pytest.mark.parametrize("labels", [["a", "b"], ["the long name of a place that takes a lot of room", "b"]])
@pytest.mark.parametrize("beside", ["", "a name beside the last point"])
def test_axes_with_their_labels_fill_the_room_that_they_have(labels, beside):
    from cityresearch.charts.chart import PAD, framed
    from cityresearch.charts.words import Words

    with style.house_style():
        figure, (ax,) = framed(2, Words("Title", "Subtitle"), footer="Source")
        ax.plot([1, 2], [0, 1])
        ax.set_yticks([0, 1], labels)
        ax.annotate(beside, (2, 1), (5, 0), textcoords="offset points")
        left, bottom, wide, high = figure.get_layout_engine().get()["rect"]
        export.fix_layout(figure)
        # another resolution and renderer than those of the layout
        figure.set_dpi(150)
        FigureCanvasAgg(figure)
        drawn = ax.get_tightbbox(for_layout_only=True).transformed(figure.transFigure.inverted())
    x, y = PAD / figure.get_figwidth(), PAD / figure.get_figheight()
    point_x, point_y = 1 / 72 / figure.get_figwidth(), 1 / 72 / figure.get_figheight()
    assert drawn.x0 == pytest.approx(left + x, abs=point_x)
    # what hangs on the data ends in the room and leaves little of it
    assert left + wide - 8 * point_x <= drawn.x1 <= left + wide - x + point_x
    assert drawn.y0 == pytest.approx(bottom + y, abs=point_y)
    assert drawn.y1 == pytest.approx(bottom + high - y, abs=point_y)


@pytest.mark.parametrize("file_format", mostly_long(export.FORMATS, "svg", "pdf", "png"))
def test_the_same_chart_gives_the_same_bytes(file_format):
    assert export.rendered(metro_chart("DE"), file_format) == export.rendered(metro_chart("DE"), file_format)


def test_a_figure_name_must_suit_a_file():
    with pytest.raises(ClaimError, match="lower case"):
        export.bundle(metro_chart("DE"), "Figure 1")


def test_a_curve_of_a_long_grid_has_a_row_for_each_choice_and_tells_the_unlikely_apart():
    def reading(place, year):
        value = Quantity(20 + year - 2000 + 30 * (place == "valley"), "percent", sources=("ita-metro-2005-2023",))
        return as_printed(value) if (place, year) == ("valley", 2005) else value if year > 2003 else unlikely(value)

    found = {f"{place}, {year}": reading(place, year) for place in ("state", "valley") for year in range(2000, 2020)}
    drawn = charts.specification_curve("C126", found, Words("A title"))  # about 50 percent: 47.5 to 52.5
    (ax,) = drawn.figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["state", "valley"]
    assert "3 of the 40 readings that have a value agree, none of them in a way that a careful" in drawn.words.subtitle
    assert "small and gray: a careful writer would hardly mean it" in drawn.words.caption
    assert "state, 2000: 20 percent; " in drawn.words.description
    assert drawn.words.description.endswith(" Printed: 50 percent (47.5 to 52.5).")
    data = drawn.data.set_index("label")
    assert (len(data), data["meant"].sum(), data["as_printed"].sum()) == (40, 32, 1)
    assert any(text.get_text() == "2005: 55" for text in ax.texts)
