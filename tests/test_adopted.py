"""Charts that a researcher drew with matplotlib or seaborn: dressed, checked and published like those of the project."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from itertools import product

import matplotlib
import pandas as pd
import pytest
from conftest import PROJECT, mostly_long
from matplotlib.figure import Figure
from study import add_cell, command

import cityresearch as cr
from cityresearch import notebook
from cityresearch.charts import export, style
from cityresearch.charts.adopted import adopt, figure_of
from cityresearch.charts.plotted import plotted
from cityresearch.errors import ClaimError

matplotlib.use("agg")
WORDS = {"title": "Exports rose", "alt": "One line that rises.", "sources": ["ita-metro-2005-2023"]}
TABLE = pd.DataFrame(
    {"year": [2020, 2021, 2022] * 2, "value": [1.0, 2, 4, 3, 2, 1], "city": ["Oakland"] * 3 + ["Fresno"] * 3}
)

# what the how-to shows, as a newcomer copies it
NEWCOMER = re.search(
    r"## Show a chart of your own.*?```python\n(.*?)```",
    (PROJECT / "docs" / "how-to.md").read_text(encoding="utf-8"),
    re.DOTALL,
)[1]


def line(**sizes: tuple[float, float]) -> Figure:
    figure = Figure(**sizes)
    figure.subplots().plot([2020, 2021, 2022], [1, 2, 4])
    return figure


def grid(kind: str):
    import seaborn as sns

    if kind == "facets":
        return sns.relplot(TABLE, x="year", y="value", col="city", hue="city", kind="line", height=2, errorbar=None)
    if kind == "pairs":
        return sns.pairplot(TABLE[["year", "value"]], height=1.5)
    if kind == "joint":
        return sns.jointplot(TABLE, x="year", y="value", height=3)
    if kind == "heat map with a color bar":
        return sns.heatmap(
            TABLE.pivot_table(index="city", columns="year", values="value"), annot=True, ax=Figure().subplots()
        )
    if kind == "objects":
        import seaborn.objects as so

        return so.Plot(TABLE, x="year", y="value", color="city").add(so.Line())
    if kind == "free axes":
        figure = Figure()
        for place in ([0.1, 0.1, 0.3, 0.8], [0.6, 0.1, 0.3, 0.8]):
            figure.add_axes(place).plot([1, 2], [1, 2], label="a")
        return figure
    with matplotlib.rc_context({"font.family": "monospace", "axes.grid": True}):
        figure = line()
        figure.axes[0].set(xlabel="year", ylabel="billion dollars")
        return figure


KINDS = ["facets", "pairs", "joint", "heat map with a color bar", "objects", "free axes", "line"]


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed."""
    found = []
    monkeypatch.setattr(notebook, "display_bundle", found.append)
    return found


@pytest.mark.long
def test_a_newcomers_seaborn_chart_is_run_exported_and_verified(study, tmp_path):
    assert NEWCOMER.count("\n") == 5
    add_cell(study, "21-exports", NEWCOMER)
    result = command(study, "run")
    assert result.returncode == 0, result.stderr
    words = json.loads((study / "figures" / "my-bars.json").read_text(encoding="utf-8"))
    assert (words["title"], words["sources"]) == ("Los Angeles leads", ["ita-metro-2005-2023"])
    assert (study / "figures" / "my-bars.csv").read_text(encoding="utf-8").count("\n") == 6
    executed = (study / "build" / "notebooks" / "21-exports.ipynb").read_text(encoding="utf-8")
    assert "image/png" not in executed  # the inline backend of Jupyter would show the drawing once more
    result = command(study, "verify", "--all")
    assert result.returncode == 0, result.stdout
    result = command(study, "figures", "my-bars", "--preset", "column", "--format", "png", "--output", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "my-bars" / "my-bars-column-89mm-600dpi.png").is_file()
    assert "hard to read" not in result.stderr
    assert command(study, "report").returncode == 0
    chapter = (study / "build" / "report" / "chapters" / "21-exports.html").read_text(encoding="utf-8")
    assert "Five bars; Los Angeles is by far the longest." in chapter
    assert "Los Angeles-Long Beach-Anaheim, CA" in chapter


@pytest.mark.parametrize("kind", mostly_long(KINDS, "heat map with a color bar", "line"))
def test_a_drawing_gets_the_house_width_fonts_and_words_and_the_same_bytes_again(kind, shown):
    drawn = grid(kind)
    settings = dict(matplotlib.rcParams)
    for _ in range(2):
        cr.show(drawn, "mine", **WORDS, data=TABLE)
    assert shown[0] == shown[1]
    assert {key for key, value in settings.items() if matplotlib.rcParams[key] != value} == set()
    root = ET.fromstring(export.picture_of(shown[0]).encode())
    assert root.get("width") == f"{72 * style.DEFAULT_WIDTH:g}pt"
    texts = [text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert all("DejaVu Sans" in text.get("style") for text in texts)
    said = " ".join(filter(None, (text.text for text in texts)))
    assert "Exports rose" in said
    assert "Source: U.S. International Trade Administration" in said


@pytest.mark.parametrize(("kind", "width"), mostly_long(product(KINDS, [3.5, 7.0]), ("line", 3.5), ("joint", 3.5)))
def test_no_text_of_an_adopted_drawing_leaves_the_figure(kind, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    chart = adopt(figure_of(grid(kind)), "mine", **WORDS, data=TABLE)
    export.rendered(chart, "svg")
    page, renderer = chart.figure.bbox, chart.figure.canvas.get_renderer()
    for ax in chart.figure.axes:
        box = ax.get_tightbbox(renderer)
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= page.x1 + 1 and box.y1 <= page.y1 + 1
    for legend in chart.figure.legends:
        assert not any(legend.get_window_extent(renderer).overlaps(ax.bbox) for ax in chart.figure.axes)
    top = min(text.get_window_extent(renderer).y0 for text in chart.figure.texts if text.get_gid() == "title")
    assert max(ax.get_tightbbox(renderer).y1 for ax in chart.figure.axes) <= top


@pytest.mark.long
def test_panels_that_share_an_axis_keep_its_numbers_at_the_outer_ones_alone():
    chart = adopt(figure_of(grid("facets")), "mine", **WORDS, data=TABLE)
    export.rendered(chart, "svg")
    outer, inner = chart.figure.axes
    assert any(tick.label1.get_visible() for tick in outer.yaxis.get_major_ticks())
    # ticks that come with another size have no labels either
    assert not any(tick.label1.get_visible() for tick in inner.yaxis.get_major_ticks(20))


def test_numbers_in_the_cells_of_a_heat_map_can_be_read():
    import seaborn as sns
    from matplotlib.colors import to_hex

    ax = sns.heatmap([[i / 40 for i in range(41)]], annot=True, cmap="rocket", ax=Figure().subplots(), cbar=False)
    chart = adopt(figure_of(ax), "mine", **WORDS, data=TABLE)
    (drawn,) = chart.figure.axes
    shades = drawn.collections[0].get_facecolors()
    pairs = [(to_hex(t.get_color()), to_hex(s)) for t, s in zip(drawn.texts, shades, strict=True)]
    assert min(style.contrast(ink, ground) for ink, ground in pairs) >= 4.5


def test_the_researchers_own_drawing_stays_as_it_is(shown):
    figure = line(figsize=(5, 4))
    (ax,) = figure.axes
    ax.set_title("Exports rose")
    before = (tuple(figure.get_size_inches()), ax.get_title(), ax.spines["top"].get_visible(), len(figure.texts))
    cr.show(ax, "mine", alt="A line.")
    after = (tuple(figure.get_size_inches()), ax.get_title(), ax.spines["top"].get_visible(), len(figure.texts))
    assert after == before
    assert shown[0][export.MIME]["title"] == "Exports rose"


def test_a_drawing_with_functions_of_its_own_is_copied_too(shown):
    figure = line()
    figure.axes[0].yaxis.set_major_formatter(lambda value, _: f"{value:g} ships")
    cr.show(figure, "mine", **WORDS)
    assert "4 ships" in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "has no title"),
        ({"alt": ""}, "has no alt text"),
        ({"alt": "a" * 251}, "has 251 characters, and 250 are the most"),
        ({"alt": 5}, "takes alt= as a text, found 5"),
        ({"sources": 5}, "takes sources= as a list of source ids, found 5"),
        ({"sources": ["ita-metro-2005-2032"]}, "cites the source 'ita-metro-2005-2032'"),
        ({"sources": "no-such-source"}, "cites the source 'no-such-source'"),
        ({"data": [1, 2]}, "takes its data as a pandas DataFrame with rows, found a list"),
        ({"data": pd.DataFrame()}, "found an empty table"),
        ({"name": "My bars"}, "use 'my-bars'"),
        ({"name": ""}, "has no name for its files"),
    ],
)
def test_a_slip_in_showing_a_drawing_is_one_sentence(change, said):
    arguments = {"name": "mine", **WORDS, **change}
    with pytest.raises(ClaimError) as refused:
        cr.show(line(), **arguments)
    assert said in str(refused.value)
    assert str(refused.value).count("\n") == 0


def test_a_drawing_with_two_titles_or_without_axes_is_refused():
    figure = line()
    figure.suptitle("Another title")
    with pytest.raises(ClaimError, match="has two titles, 'Another title' in the drawing and 'Exports rose'"):
        cr.show(figure, "mine", **WORDS)
    with pytest.raises(ClaimError, match="has no axes, so nothing is drawn"):
        cr.show(Figure(), "mine", **WORDS)


def test_words_for_a_chart_that_has_its_own_are_refused():
    from test_exhibits import RANKED, trips

    with pytest.raises(ClaimError, match="has its words and data already: say title= where it is made"):
        cr.show(trips(RANKED), title="Something else")


def read_off(draw) -> tuple[pd.DataFrame | None, str]:
    figure = Figure()
    draw(figure.subplots())
    return plotted(figure)


def test_data_are_read_off_lines_bars_and_points_that_say_what_they_are():
    def named_lines(ax):
        ax.plot(pd.to_datetime(["2020-01-31", "2020-02-29"]), [1, 2.5], label="Oakland")
        ax.plot(pd.to_datetime(["2020-01-31", "2020-02-29"]), [3, float("nan")], label="Fresno")
        ax.axhline(2)
        ax.set(xlabel="month", ylabel="billion dollars")

    table, _ = read_off(named_lines)
    assert table.astype(object).fillna("").values.tolist() == [
        ["Oakland", "2020-01-31", 1], ["Oakland", "2020-02-29", 2.5], ["Fresno", "2020-01-31", 3], ["Fresno", "2020-02-29", ""],
    ]  # fmt: skip
    assert list(table.columns) == ["series", "month", "billion dollars"]
    table, _ = read_off(lambda ax: ax.barh(["Oakland", "Fresno"], [2, -1]))
    assert table.values.tolist() == [[2, "Oakland"], [-1, "Fresno"]]
    table, _ = read_off(lambda ax: ax.scatter([1, 2], [3, 4.5]))
    assert table.values.tolist() == [[1, 3], [2, 4.5]]


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda ax: ax.scatter([1, 2], [3, 4], c=["red", "blue"]), "several colors"),
        (lambda ax: ax.scatter([1, 2], [3, 4], c=[0.1, 0.2]), "several colors"),
        (lambda ax: [ax.plot([1, 2], [3, 4]) for _ in range(2)], "no names of their own"),
        (lambda ax: (ax.plot([1, 2], [3, 4]), ax.fill_between([1, 2], [2, 3], [4, 5])), "areas, bands or images"),
        (lambda ax: (ax.bar([1, 2], [3, 4]), ax.plot([1, 2], [3, 4])), "marks of several kinds"),
        (lambda ax: ax.pie([1, 2]), "shapes other than bars"),
        (lambda ax: ax.imshow([[1, 2]]), "areas, bands or images"),
        (lambda ax: ax.text(0, 0, "nothing"), "neither lines nor bars nor points"),
    ],
)
def test_data_that_a_drawing_does_not_say_are_asked_for(draw, why):
    table, said = read_off(draw)
    assert table is None
    assert why in said
    figure = Figure()
    draw(figure.subplots())
    with pytest.raises(ClaimError, match=r"pass what is plotted, data=table"):
        cr.show(figure, "mine", **WORDS)


def test_numbers_and_dates_of_axes_are_written_as_the_style_file_says(shown):
    figure = Figure()
    figure.subplots().plot(pd.date_range("2023-01-31", periods=18, freq="ME"), [1e6 * i for i in range(1, 19)])
    cr.show(figure, "mine", **WORDS)
    assert "Jul 2023" in shown[0]["text/html"]
    assert "10,000,000" in shown[0]["text/html"]


def test_a_named_index_is_part_of_the_data(shown):
    cr.show(line(), "mine", **WORDS, data=pd.DataFrame({"value": [1, 2]}, index=pd.Index([2020, 2021], name="year")))
    assert pd.read_csv(io.StringIO(shown[0][export.MIME]["csv"]))["year"].tolist() == [2020, 2021]
