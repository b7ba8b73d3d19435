"""Figures for a publisher: every size, format and part, with the data and all words beside them, all or none."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import PROJECT, a_few, cityresearch
from PIL import Image
from study import add_cell, command

from cityresearch import charts
from cityresearch.charts import export, formats, pack, sizes, style
from cityresearch.charts.words import Words
from cityresearch.errors import ClaimError, ParameterError
from cityresearch.runs import exports

SVG = "{http://www.w3.org/2000/svg}"
RANKED = pd.DataFrame({"name": ["Oakland", "Fresno"], "value": [2.0, 1.0], "strong": [True, False]})
TOLD = Words(
    "Oakland leads", "Trips a year.", alt="Oakland leads with two trips.", description="Two bars: Oakland 2, Fresno 1.",
    caption="Trips of two cities.", note="A note.", sources=["ita-metro-2005-2023", "dcmme-tpp"],
)  # fmt: skip


def ranked(rows: pd.DataFrame = RANKED, words: Words = TOLD):
    return charts.ranked(rows, words, unit="trips")


def many(count: int) -> pd.DataFrame:
    return pd.DataFrame({"name": [f"City {i}" for i in range(count)], "value": 1.0 * count, "strong": True})


def said(chart) -> str:
    root = ET.fromstring(export.rendered(chart, "svg"))
    return " ".join(text.text or "" for text in root.iter(f"{SVG}text"))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param([name for name in export.FORMATS if name != "eps"], id="without the slow one"),
        pytest.param(export.FORMATS, id="every format", marks=pytest.mark.long),
    ],
)
def packed(finished, tmp_path_factory, request):
    """The pack of one figure in some formats and in two sizes, in one folder."""
    study = shutil.copytree(finished, tmp_path_factory.mktemp("packed") / "study", symlinks=True)
    out = study.with_name("out")
    results = [
        command(study, "figures", "exports", "--format", ",".join(request.param), "--output", out, *size)
        for size in (("--preset", "column", "--dpi", "200"), ("--width", "1200px", "--no-titles"))
    ]
    return SimpleNamespace(folder=out / "exports", out=out, results=results, formats=request.param)


def test_a_pack_has_the_figure_in_both_sizes_and_all_that_goes_with_it(packed):
    assert [result.returncode for result in packed.results] == [0, 0], packed.results[0].stderr
    names = {path.name for path in packed.folder.iterdir()}
    assert {f"exports-column-89mm.{ending}" for ending in packed.formats if ending not in ("png", "tiff")} <= names
    assert {f"exports-column-89mm-200dpi.{ending}" for ending in ("png", "tiff")} <= names
    assert {f"exports-1200px-chart-note-source.{ending}" for ending in packed.formats} <= names
    words = {"exports.csv", "alt.txt", "description.txt", "caption.txt", "sources.txt", "credit.txt", "words.json"}
    assert words <= names
    files = f"{packed.folder}: {len(packed.formats) + 8} files"  # words, data, and the preview of the contact sheet
    assert packed.results[1].stdout.split("\n")[-3:] == [files, f"{packed.out}/index.html", ""]
    assert not list(packed.out.glob(".*"))


def test_pictures_have_the_size_asked_for_and_no_transparency(packed):
    for ending in ("png", "tiff"):
        with Image.open(packed.folder / f"exports-column-89mm-200dpi.{ending}") as image:
            assert (image.mode, round(float(image.info["dpi"][0]))) == ("RGB", 200)
            assert image.width == pytest.approx(89 / 25.4 * 200, abs=1)
            assert image.info.get("compression", "tiff_lzw") == "tiff_lzw"
        with Image.open(packed.folder / f"exports-1200px-chart-note-source.{ending}") as image:
            assert image.width == 1200
    root = ET.fromstring((packed.folder / "exports-column-89mm.svg").read_bytes())
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(89 / 25.4 * 72, abs=0.01)


def test_a_figure_without_titles_has_its_source_line_and_the_titles_in_a_file(packed):
    root = ET.fromstring((packed.folder / "exports-1200px-chart-note-source.svg").read_bytes())
    drawn = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    title = json.loads((packed.folder / "words.json").read_text(encoding="utf-8"))["title"]
    assert title not in drawn
    assert "Source: U.S. International Trade Administration" in drawn
    assert f"Title: {title}\n" in (packed.folder / "caption.txt").read_text(encoding="utf-8")


def test_a_pdf_says_its_title_language_and_alt_text_and_embeds_its_fonts(packed):
    content = (packed.folder / "exports-column-89mm.pdf").read_bytes()
    for part in (b"/Lang (en-US)", b"/Marked true", b"/DisplayDocTitle true", b"/S /Figure", b"/Alt (", b"/FontFile2"):
        assert part in content
    assert b"/Title (Los Angeles" in content
    assert b"CreationDate" not in content


def test_the_contact_sheet_shows_every_figure_with_its_alt_text_and_files(packed):
    page = (packed.out / "index.html").read_text(encoding="utf-8")
    alt = (packed.folder / "alt.txt").read_text(encoding="utf-8").strip()
    assert f'<img src="exports/preview.png" alt="{alt.replace(chr(39), chr(38) + "#x27;")}"' in page
    linked = re.findall(r'href="([^"]+)"', page)
    assert {f"exports/exports-1200px-chart-note-source.{ending}" for ending in packed.formats} <= set(linked)
    assert ("exports/exports-column-89mm.eps" in linked) == ("eps" in packed.formats)
    assert all((packed.out / name).is_file() for name in linked)
    assert (packed.out / "contact-sheet.pdf").read_bytes().startswith(b"%PDF")


def test_the_words_of_a_pack_are_whole_and_in_words():
    files = pack.texts(ranked(), "trips")
    assert files["alt.txt"] == "Oakland leads with two trips.\n"
    assert files["description.txt"] == "Two bars: Oakland 2, Fresno 1.\n"
    for line in ("Title: Oakland leads", "Subtitle: Trips a year.", "Caption: Trips of two cities.", "Note: A note."):
        assert line in files["caption.txt"]
    assert files["sources.txt"].count("\n") == 2
    assert "U.S. International Trade Administration, Goods exports" in files["sources.txt"]
    assert "https://" in files["sources.txt"]
    assert "dcmme-tpp" not in files["sources.txt"]
    assert "CC BY 4.0" in files["credit.txt"]
    assert "CC BY 4.0" in (PROJECT / "LICENSE").read_text(encoding="utf-8").partition("2. Figures and text")[2]
    assert "“Oakland leads.” Figure in: cityresearch" in files["credit.txt"]


def test_all_sources_are_cited_in_the_pack_where_the_figure_has_room_for_three():
    keys = ["ita-metro-2005-2023", "dcmme-tpp", "ustr-ca-2011", "votesmart-2015", "presidency-2008"]
    files = pack.texts(ranked(words=TOLD | {"sources": keys}), "trips")
    assert files["sources.txt"].count("\n") == 5
    assert "more" not in files["caption.txt"].partition("Source: ")[2]


@pytest.mark.parametrize(
    ("parts", "there", "gone"),
    [
        ("chart", ["Fresno"], ["Oakland leads", "Trips a year.", "A note.", "Source:"]),
        ("chart,title", ["Fresno", "Oakland leads"], ["Trips a year.", "A note.", "Source:"]),
        ("chart,note", ["Fresno", "A note."], ["Oakland leads", "Trips a year.", "Source:"]),
        ("chart,source", ["Fresno", "Source:"], ["Oakland leads", "Trips a year.", "A note."]),
    ],
)
def test_any_part_can_be_left_out_and_takes_no_room(parts, there, gone, monkeypatch):
    whole = ranked()
    monkeypatch.setenv(style.PARTS_VARIABLE, parts)
    chart = ranked()
    drawn = said(chart)
    assert [text for text in there if text not in drawn] == []
    assert [text for text in gone if text in drawn] == []
    assert chart.figure.get_figheight() < whole.figure.get_figheight()
    # the record has every word, whatever is drawn
    assert export.record(chart, "trips") == export.record(whole, "trips")


@pytest.mark.long
@pytest.mark.parametrize("preset", ["slide", "social"])
@pytest.mark.parametrize("rows", ["few rows", "many rows"])
def test_a_slide_is_filled_exactly_by_a_low_and_by_a_tall_figure(rows, preset, monkeypatch):
    rows = RANKED if rows == "few rows" else many(60)
    size = sizes.PRESETS[preset]
    for name, value in sizes.environment(size, style.PARTS).items():
        monkeypatch.setenv(name, value)
    chart = ranked(rows)
    with style.house_style():
        export.fix_layout(chart.figure)
        scale = size.width / chart.figure.get_figwidth()
        image = formats.picture(chart.figure, size.dpi * scale, size.pixels)
    assert image.size == ((1920, 1080) if preset == "slide" else (1200, 675))
    assert len(rows) > 2 or scale * style.SMALL > 12  # larger type than on paper
    pdf = export.rendered(chart, "pdf", scale=scale)
    box = [float(v) for v in re.search(rb"/MediaBox \[ ([^\]]+) \]", pdf)[1].split()]
    assert box == pytest.approx([0, 0, size.width * 72, size.width * 72 * 9 / 16], abs=0.01)
    eps = export.rendered(chart, "eps", scale=scale).decode("latin-1")
    width, height = re.search(r"%%HiResBoundingBox: 0 0 (\S+) (\S+)", eps).groups()
    assert (float(width), float(height)) == pytest.approx((box[2], box[3]), abs=0.01)
    assert eps.count("dup scale\n") == 1
    svg = ET.fromstring(export.accessible_svg(chart, "trips", scale=scale))
    assert float(svg.get("width").removesuffix("pt")) == pytest.approx(box[2], abs=0.01)


def test_a_tall_exhibit_is_drawn_again_for_the_room_that_a_slide_has(monkeypatch):
    from cityresearch.charts.exhibit import exhibit

    widths = []

    @exhibit("tall-bars")
    def drawn():
        widths.append(style.width())
        return ranked(
            many(60).assign(name=lambda t: t["name"] + " with a name that needs two lines unless there is room")
        )

    for name, value in sizes.environment(sizes.PRESETS["slide"], style.PARTS).items():
        monkeypatch.setenv(name, value)
    chart = drawn()
    assert widths[0] == 6.5
    # names that wrapped do not any longer, so it is less tall, and less wide
    assert 6.5 < chart.figure.get_figwidth() < 0.8 * widths[-1]
    assert style.width() == 6.5


def test_what_is_as_tall_as_it_is_wide_is_not_made_wider_and_wider(monkeypatch):
    from cityresearch.charts.chart import Chart, framed
    from cityresearch.charts.exhibit import exhibit

    @exhibit("square-map")
    def drawn():
        with style.house_style():
            figure, _ = framed(style.width(), TOLD)
        return Chart(figure, RANKED, TOLD)

    monkeypatch.setenv(style.ASPECT_VARIABLE, "0.5")
    monkeypatch.setenv(style.WIDTH_VARIABLE, "6")
    assert 12 < drawn().figure.get_figwidth() < 15


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    a_few(
        [
            (["--format", "gif"], "Unknown figure format 'gif'"),
            (["--format", "tif"], "Unknown figure format 'tif': did you mean tiff?"),
            (["--width", "3"], "A figure's width is 2.5in to 20in"),
            (["--width", "20px"], "A figure has 300px to 16000px, found '20px'"),
            (["--dpi", "5"], "--dpi takes 50 to 2400 dots per inch, such as 300 or 600, found 5."),
            (["--width", "20in", "--dpi", "2400"], "48,000 pixels wide"),
            (["--width", "1200px", "--dpi", "300"], "leave out --dpi 300"),
            (["--preset", "colum"], "No preset is called 'colum': did you mean column?"),
            (["--preset", "page", "--width", "3.5in"], "give --preset page or --width 3.5in, not both"),
            (["--parts", "chart,tilte"], "A figure has no part 'tilte': did you mean title?"),
            (["--parts", "title"], "A figure without its chart has nothing to draw"),
            (["--parts", "chart", "--no-titles"], "leave out --parts"),
            (["no-such-figure"], "No figure is called 'no-such-figure'"),
        ],
        4,
    ),
)
def test_bad_wishes_are_one_sentence(arguments, sentence, tmp_path):
    result = cityresearch("figures", *arguments, "--output", tmp_path / "out")
    assert result.returncode == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_list_has_the_title_of_each_figure(study):
    title = json.loads((study / "figures" / "exports.json").read_text(encoding="utf-8"))["title"]
    assert command(study, "figures", "--list").stdout == f"exports: {title}\n"


@pytest.mark.long
def test_nothing_is_written_where_a_notebook_fails(study, tmp_path):
    out = tmp_path / "out"
    assert command(study, "figures", "--format", "svg", "--output", out).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    add_cell(study, "21-exports", "raise ValueError('broken')")
    result = command(study, "figures", "--format", "svg,pdf", "--output", out)
    assert result.returncode == 2
    assert "The figures could not be drawn" in result.stderr
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


@pytest.mark.long
def test_a_folder_that_cannot_be_written_is_one_sentence_and_leaves_what_was_there(study, tmp_path):
    (tmp_path / "out" / "exports" / "alt.txt").mkdir(parents=True)
    (tmp_path / "out" / "exports" / "alt.txt" / "mine").touch()
    mine = tmp_path / "out" / "exports" / "alt.txt" / "mine"
    for output, words in ((mine, "is a file: name a folder"), (mine / "below", "cannot be written")):
        result = command(study, "figures", "--format", "svg", "--output", output)
        assert result.returncode == 2
        assert words in result.stderr
        assert mine.is_file()


def test_a_figure_that_its_notebook_no_longer_makes_is_named(study, tmp_path):
    path = study / "notebooks" / "21-exports.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('\\"exports\\")', '\\"renamed\\")'), encoding="utf-8")
    result = command(study, "figures", "exports", "--output", tmp_path / "out")
    assert "21-exports no longer makes the figure exports" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_title_that_differs_between_the_drawing_and_its_record_is_refused():
    from dataclasses import replace

    chart = ranked()
    with pytest.raises(ClaimError, match="drawn with the title 'Oakland leads' and recorded with 'Fresno leads'"):
        export.bundle(replace(chart, words=chart.words | {"title": "Fresno leads"}), "trips")


def test_parts_and_sizes_refuse_what_they_do_not_know():
    with pytest.raises(ParameterError, match="no part 'legend'"):
        exports.parts_of("chart,legend", False)
    with pytest.raises(ParameterError, match="found '89 mm'"):
        sizes.size_of(width="89 mm")
