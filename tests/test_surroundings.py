"""Published figures do not depend on who draws them: on settings, fonts, locale or the version of Python."""

from __future__ import annotations

import hashlib
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

from cityresearch.charts.canvas import named_by_content

DRAW = """
import hashlib, cityresearch as cr
from cityresearch.chapters.metro_exports.figures import metro_exports
from cityresearch.charts import export
from cityresearch.measures import exports as measured
rows = measured.metros(cr.load("metro_exports"), state="DE", year=2023)
chart = metro_exports(rows, state="DE", top=5)
pictures = [export.accessible_svg(chart).encode(), *(export.rendered(chart, name) for name in ("png", "pdf"))]
print([hashlib.sha256(picture).hexdigest() for picture in pictures])
"""

SETTINGS = """
font.family: serif
font.style: italic
font.size: 17
axes.grid: True
axes.facecolor: yellow
axes.prop_cycle: cycler(color=["red", "green"])
axes.xmargin: 0.3
axes.unicode_minus: False
lines.linewidth: 5
path.sketch: 2, 100, 2
savefig.bbox: tight
savefig.dpi: 33
svg.fonttype: path
svg.id: mine
text.kerning_factor: 6
xtick.minor.visible: True
"""


def drawn(home: Path, **settings: str) -> str:
    """Draw one figure in a process of its own, with a home of its own."""
    environment = {**os.environ, "HOME": str(home), "CITYRESEARCH_ROOT": str(PROJECT), **settings}
    for name in ("XDG_CONFIG_HOME", "MPLCONFIGDIR", "MATPLOTLIBRC"):
        environment.pop(name, None)
    environment |= settings
    result = subprocess.run(
        [sys.executable, "-c", DRAW], cwd=home, env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout


@pytest.fixture(scope="module")
def plainly(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The figure as it is drawn without any settings."""
    return drawn(tmp_path_factory.mktemp("home"))


@pytest.mark.long
def test_a_matplotlibrc_the_locale_the_time_zone_the_hash_seed_and_the_build_date_do_not_reach_a_figure(
    tmp_path, plainly
):
    (tmp_path / ".config" / "matplotlib").mkdir(parents=True)
    (tmp_path / ".config" / "matplotlib" / "matplotlibrc").write_text(SETTINGS)
    around = {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    assert drawn(tmp_path, **around) == plainly


@pytest.mark.long
def test_a_matplotlibrc_in_the_working_folder_and_a_font_of_the_same_name_do_not_reach_a_figure(tmp_path, plainly):
    import matplotlib
    from fontTools.ttLib import TTFont

    (tmp_path / "matplotlibrc").write_text(SETTINGS)
    folder = tmp_path / ".local" / "share" / "fonts"
    folder.mkdir(parents=True)
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        font = TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)
        widths = font["hmtx"].metrics
        for glyph, (advance, bearing) in widths.items():
            widths[glyph] = (2 * advance, bearing)
        font.save(folder / name)
    assert drawn(tmp_path) == plainly


def test_the_last_digit_of_a_sum_of_heights_does_not_reach_the_size_of_a_figure():
    from cityresearch.charts.chart import framed
    from cityresearch.charts.words import Words

    sizes = {
        framed(height, Words("Title", "Subtitle"), footer="Source")[0].get_size_inches().tobytes()
        for height in (2.9, math.nextafter(2.9, 3), math.nextafter(2.9, 2))
    }
    assert len(sizes) == 1


def test_settings_of_a_notebook_are_as_they_were_after_a_figure():
    import matplotlib as mpl

    from cityresearch.charts import style

    with mpl.rc_context({"lines.linewidth": 7, "font.style": "italic"}):
        with style.house_style():
            assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
            assert mpl.rcParams["font.family"] == [style.FONT]
        assert (mpl.rcParams["lines.linewidth"], mpl.rcParams["font.style"]) == (7, "italic")


def test_a_clip_path_is_named_by_what_is_written_of_it():
    def svg(one: str, other: str) -> str:
        use = f'<path clip-path="url(#{one})"/><path clip-path="url(#{other})"/><path clip-path="url(#h1)"/>'
        box = '<rect x="1.5" y="2" width="3" height="4"/>'
        return f'{use}<clipPath id="{one}">{box}</clipPath><clipPath id="{other}">{box}</clipPath>'

    named = named_by_content(svg("pa", "pb"))
    assert named == named_by_content(svg("pc", "pd"))
    name = "p" + hashlib.sha256(b'<rect x="1.5" y="2" width="3" height="4"/>').hexdigest()[:10]
    # two that are written alike become one
    assert re.findall(r"url\(#(\w+)\)", named) == [name, name, "h1"]
    assert named.count("<clipPath") == 1


@pytest.mark.parametrize("path", sorted((PROJECT / "figures").glob("*.svg")), ids=lambda path: path.stem)
def test_every_reference_in_a_drawing_has_its_target(path):
    text = path.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    used = {a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text)}
    assert used <= set(ids)
    assert all(ids.count(name) == 1 for name in used)
