"""The style of figures: read from a file, readable in print and without color, and kept when a notebook becomes a page."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from conftest import PROJECT, cityresearch
from matplotlib.colors import to_hex, to_rgb
from matplotlib.path import Path as Outline
from study import command

from cityresearch.charts import export, style, style_file
from cityresearch.errors import DataError

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
FIGURES = sorted(p.stem for p in (PROJECT / "figures").glob("*.json"))


def test_the_committed_style_file_says_the_usual_style():
    assert style_file.read(PROJECT / "figures" / "style.toml") == {k: dict(v) for k, v in style_file.DEFAULTS.items()}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[colors]\nblue = "blau"', "[colors] blue: expected a color such as #0072B2, found 'blau'."),
        ('[colors]\nbleu = "#0072B2"', "[colors]: no 'bleu' is known: did you mean blue?"),
        ("[sizes]\ntitle = 95", "[sizes] title: expected a type size of 4 to 40 points, found 95."),
        ('[colours]\nblue = "#0072B2"', "has a section 'colours': did you mean colors?"),
        ('blue = "#0072B2"', "has a section 'blue'"),
        ('[numbers]\nthousands = " and "', "[numbers] thousands: expected one character"),
        ('[dates]\nmonth = "MMM"', "[dates] month: expected a date format such as %b %Y, found 'MMM'."),
        ("[colors", "is not readable TOML"),
    ],
)
def test_a_wrong_key_or_value_of_the_style_file_is_one_sentence(text, said, tmp_path):
    path = tmp_path / "style.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        style_file.read(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.long
def test_a_style_file_changes_figures_and_runs_what_draws_them_and_only_that(study):
    (study / "figures" / "style.toml").write_text(
        '[colors]\nblue = "#123456"\n[numbers]\nthousands = "."\n[sizes]\ntitle = 12\n', encoding="utf-8"
    )
    assert "21-exports: must run\n  figures/style.toml" in command(study, "run", "--explain").stdout
    assert "22-state: is up to date" in command(study, "run", "--explain").stdout
    result = command(study, "run")
    assert result.returncode == 0, result.stderr
    drawing = (study / "figures" / "exports.svg").read_text(encoding="utf-8")
    assert "#123456" in drawing
    assert "0072b2" not in drawing
    assert "font-size: 12px" in drawing
    assert command(study, "verify", "--all").returncode == 0


def test_a_wrong_style_file_is_refused_before_anything_is_drawn(study, tmp_path):
    (study / "figures" / "style.toml").write_text('[colors]\nblue = "blau"\n', encoding="utf-8")
    result = command(study, "figures", "exports", "--output", tmp_path / "out")
    assert result.returncode == 2
    assert "expected a color such as #0072B2, found 'blau'" in result.stderr


def test_a_style_file_that_changes_during_a_session_asks_for_a_new_one(tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom cityresearch.charts import style\n"
        "path = Path(os.environ['CITYRESEARCH_ROOT'], 'figures', 'style.toml')\n"
        "path.write_text('[sizes]\\ntitle = 12\\n')\n"
        "try:\n    style.house_style().__enter__()\nexcept Exception as error:\n    print(error)\n"
    )
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "datapackage.json").write_text("{}")
    (tmp_path / "figures").mkdir()
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-c", code], env={"CITYRESEARCH_ROOT": str(tmp_path), "PYTHONPATH": str(PROJECT), "PATH": ""},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "was changed after this session had read it: restart the kernel" in result.stdout


def test_colors_of_text_can_be_read_on_white():
    for color in (style.INK, style.QUIET):
        assert style.contrast(color, "#FFFFFF") >= 4.5
    for color in style_file.DEFAULTS["colors"].values():
        assert style.contrast(style.readable(color), "#FFFFFF") >= 4.5


@pytest.mark.parametrize("ground", [f"#{r:02X}{g:02X}{b:02X}" for r in (0, 90, 130, 200, 255) for g in (0, 110, 120, 255) for b in (0, 128, 255)])  # fmt: skip
def test_on_every_ground_there_is_a_readable_ink(ground):
    assert style.contrast(style.ink_on(ground), ground) >= 4.5


def test_colors_of_verdicts_differ_without_their_hue():
    shades = sorted(style.lightness(color) for color in style.VERDICTS.values())
    assert min(b - a for a, b in pairwise(shades)) >= 14


def test_the_contrast_is_that_of_wcag():
    assert style.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert style.contrast("#FFFFFF", "#000000") == pytest.approx(21)


# What lies behind each text of a drawing ----------------------------------------------------------------------------------------------


def _declared(element: ET.Element) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in (element.get("style") or "").split(";") if ":" in part)
    return {key.strip(): value.strip() for key, value in pairs}


def _outline(d: str) -> Outline:
    """Return a path of straight lines through the points of an SVG path; curves are as good as their ends here."""
    points, codes = [], []
    for letter, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", d):
        values = [float(v) for v in numbers.split()]
        if letter == "z":
            points.append(points[-1])
            codes.append(Outline.CLOSEPOLY)
            continue
        points.append(values[-2:])
        codes.append(Outline.MOVETO if letter == "M" else Outline.LINETO)
    return Outline(np.array(points).reshape(-1, 2), codes)


def grounds_of_texts(svg: str) -> list[tuple[str, str, str]]:
    """Return each text of a drawing by matplotlib with its color and that of what lies behind its middle."""
    root = ET.fromstring(svg)
    shapes: dict[str, tuple[str, dict[str, str]]] = {
        e.get("id"): (e.get("d"), _declared(e)) for e in root.iter(f"{SVG}path") if e.get("id")
    }
    hidden = {path for defs in root.iter(f"{SVG}defs") for path in defs.iter(f"{SVG}path")}
    painted: list[tuple[Outline, str]] = []
    found = []
    for element in root.iter():
        if element.tag == f"{SVG}path" and element not in hidden and element.get("d"):
            fill = _declared(element).get("fill", "#000000")
            if fill != "none":
                painted.append((_outline(element.get("d")), fill))
        elif element.tag == f"{SVG}use":
            d, base = shapes[element.get(LINK)[1:]]
            fill = _declared(element).get("fill", base.get("fill", "#000000"))
            if d and fill != "none":
                at = [float(element.get(side, 0)) for side in ("x", "y")]
                outline = _outline(d)
                painted.append((Outline(outline.vertices + at, outline.codes), fill))
        elif element.tag == f"{SVG}text" and (element.text or "").strip():
            declared = _declared(element)
            size = float(declared["font-size"].removesuffix("px"))
            x, y = _place(element)
            wide = 0.55 * size * len(element.text)
            anchor = declared.get("text-anchor", "start")
            middle = (x + {"start": wide / 2, "middle": 0, "end": -wide / 2}[anchor], y - 0.35 * size)
            behind = [fill for outline, fill in painted if outline.contains_point(middle)]
            found.append((element.text, declared.get("fill", "#000000"), behind[-1] if behind else "#ffffff"))
    return found


def _place(text: ET.Element) -> tuple[float, float]:
    moved = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text.get("transform", ""))
    if moved:
        return float(moved[1]), float(moved[2])
    return float(text.get("x", 0)), float(text.get("y", 0))


@pytest.mark.parametrize("name", FIGURES)
def test_every_text_of_the_committed_figures_can_be_read_on_what_is_behind_it(name):
    texts = grounds_of_texts((PROJECT / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    faint = [
        f"{text} ({ink} on {ground})"
        for text, ink, ground in texts
        if style.contrast(to_hex(to_rgb(ink)), to_hex(to_rgb(ground))) < 4.5
    ]
    assert len(texts) > 5
    assert faint == []


def test_the_ground_of_a_text_is_found():
    from matplotlib.figure import Figure

    from cityresearch.charts.canvas import Canvas

    with style.house_style():
        figure = Figure(figsize=(3, 2), dpi=72)
        Canvas(figure)
        ax = figure.subplots()
        ax.bar([1], [1], color="#123456", width=1)
        ax.text(1, 0.5, "in the bar", ha="center", color="white")
        ax.set_xlim(0, 4)
        ax.text(2.2, 0.5, "beside it")
        ax.plot([3.5], [0.9], marker="o", ms=20, color="#654321", ls="")
        ax.text(3.5, 0.9, "5", ha="center", va="center", color="white")
        svg = figure.canvas.svg().decode()
    grounds = {text: ground for text, _, ground in grounds_of_texts(svg)}
    assert (grounds["in the bar"], grounds["beside it"], grounds["5"]) == ("#123456", "#ffffff", "#654321")


def test_alt_text_survives_the_conversion_of_an_executed_notebook_to_html(finished):
    import nbformat
    from bs4 import BeautifulSoup
    from nbconvert import HTMLExporter

    path = finished / "build" / "notebooks" / "21-exports.ipynb"
    page, _ = HTMLExporter().from_notebook_node(nbformat.read(path, as_version=4))
    words = json.loads((finished / "figures" / "exports.json").read_text(encoding="utf-8"))
    parsed = BeautifulSoup(page, "html.parser")
    (figure,) = parsed.find_all("figure")
    drawing = figure.find("svg")
    assert drawing["role"] == "img"
    assert figure.find(id=drawing["aria-labelledby"]).text == words["title"]
    assert figure.find(id=drawing["aria-describedby"]).text == words["description"]
    # the picture is there once: neither an image without alt text nor a second drawing
    assert page.count(">San Diego-Chula Vista-Carlsbad</text>") == 1
    assert parsed.find_all("img") == []
    executed = json.loads(path.read_text(encoding="utf-8"))
    (data,) = (o["data"] for c in executed["cells"] for o in c.get("outputs", ()) if export.MIME in o.get("data", {}))
    assert "image/svg+xml" not in data
    # what the notebook shows is what is published
    assert export.picture_of(data) == (finished / "figures" / "exports.svg").read_text(encoding="utf-8")


def test_help_names_the_presets_and_formats():
    told = " ".join(cityresearch("figures", "--help").stdout.split())
    for word in ("column (89 mm)", "slide", "svg,pdf,png,tiff,eps", "--no-titles", "--list"):
        assert word in told
