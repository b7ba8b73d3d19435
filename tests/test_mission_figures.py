"""The map and the timeline of trips: what is on them can be read, and their words follow the trips and the place."""

from __future__ import annotations

from itertools import product

import pytest
from conftest import mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.trade_missions import counts, figures, notes, readings, stops, symbols
from cityresearch.chapters.trade_missions.map import Home, home_of, mission_map
from cityresearch.chapters.trade_missions.timeline import mission_timeline
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.errors import DataError
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing


def _shown(city_rule, state_rule):
    every = counts.trips(cr.load("missions"), cr.load("mission_classification"))
    return counts.counted_by(every, city="all", city_rule=city_rule, state_rule=state_rule)


def trips_map(city_rule="city-4", state_rule="state-3"):
    rows = _shown(city_rule, state_rule)
    places = cr.load("places")
    words = Words("A reconstruction of trips abroad", "Not the authors' list.", sources=sources(rows), caption="Trips.")
    return mission_map(stops.stops(rows, places), stops.links(rows, places), words, home=home_of("CA", "all", places))


def timeline():
    every = counts.trips(cr.load("missions"), cr.load("mission_classification"))
    rows = ["Los Angeles", "San Diego", "Oakland", "Anaheim", "California"]
    words = Words("Trips by city", "A reconstruction.", sources=("carnegie-2026",), caption="Trips.")
    return mission_timeline(every[every["window"] == "in"], words, rows=rows, years=(2019, 2025))


CHARTS = {"map": trips_map, "widest map": lambda: trips_map("city-13", "state-6"), "timeline": timeline}


@pytest.mark.parametrize(
    ("kind", "width"),
    mostly_long(product(CHARTS, style.WIDTHS.values()), ("widest map", 3.5)),
)
def test_no_name_or_number_on_map_and_timeline_is_hidden(kind, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    figure = CHARTS[kind]().figure
    assert figure.get_figwidth() == width
    assert faults_of_layout(figure) == []


def test_the_map_says_that_borders_imply_no_opinion_and_its_description_holds_every_city_and_country():
    chart = trips_map()
    footer = " ".join(t.get_text().replace("\n", " ") for t in chart.figure.texts)
    assert "imply no opinion" in footer
    assert "Natural Earth" in footer
    assert all(
        row.label in chart.words.description and row.series in chart.words.description
        for row in chart.data.itertuples(index=False)
    )


def test_cities_and_state_differ_by_shape_and_by_lightness_on_the_map():
    from matplotlib.colors import to_rgb

    city, state = symbols.look("city"), symbols.look("state")
    assert city["marker"] != state["marker"]
    light = [
        sum(w * c for w, c in zip((0.299, 0.587, 0.114), to_rgb(look["color"]), strict=True)) for look in (city, state)
    ]
    assert abs(light[0] - light[1]) > 0.25


def test_the_projection_is_equal_earth_and_arcs_are_great_circles():
    import numpy as np
    from pyproj import Geod, Proj

    from cityresearch.charts.projection import equal_earth, great_circle

    lon, lat = np.array([-170.0, -40.0, 0.0, 95.0]), np.array([-50.0, 75.0, 10.0, 40.0])
    assert np.allclose(equal_earth(lon, lat), Proj(proj="eqearth", R=1)(lon, lat), atol=1e-6)
    west, north = great_circle((-119.5, 37.2), (103.8, 1.3), n=3)
    ball = Geod(a=1, b=1)
    halves = [ball.inv(west[i], north[i], west[i + 1], north[i + 1])[2] for i in range(2)]
    assert halves[0] == pytest.approx(halves[1])
    assert sum(halves) == pytest.approx(ball.inv(-119.5, 37.2, 103.8, 1.3)[2])


@pytest.fixture
def every():
    return counts.trips(cr.load("missions"), cr.load("mission_classification"))


def map_of(every, city, city_rule="city-4", home=None):
    places = cr.load("places")
    return figures.trips_map(
        every, places, home=home or home_of("CA", city, places), city=city, city_rule=city_rule, state_rule="state-3",
        coding="as recorded",
    )  # fmt: skip


@pytest.mark.long
def test_the_words_of_a_map_of_one_city_name_that_city_and_no_state(every):
    words = map_of(every, "Fresno").words
    assert words.title == "1 trip by Fresno to 1 country, as reconstructed"
    assert "state" not in f"{words.subtitle} {words.alt}"
    assert words.alt.startswith("World map with arcs from Fresno. ")


def test_arcs_start_at_the_home_that_is_given(every):
    words = map_of(every, "all", home=Home("Atlantis", -30.0, 30.0)).words
    assert words.alt.startswith("World map with arcs from Atlantis. ")
    assert "17 trips by Atlantis's cities" in words.title
    places = cr.load("places")
    assert home_of("CA", "all", places).name == "California"
    with pytest.raises(DataError, match="no row for Gotham"):
        home_of("CA", "Gotham", places)


def test_where_a_rule_counts_no_trip_there_is_a_reason_and_no_map(every):
    found = map_of(every, "San Jose", "city-1")
    assert isinstance(found, Missing)
    assert "city-1 counts no trip of San Jose" in found.reason


def test_the_title_of_a_timeline_counts_its_trips(every):
    assert figures.timeline(every, city="Sacramento").words.title == (
        "1 dated trip of Sacramento found from 2019 to 2025, none with a clear trade purpose"
    )
    one = every[every["jurisdiction"].isin(["Oakland", "California"])]
    assert figures.timeline(one, city="all").words.title == "Oakland accounts for 2 of the 2 dated city trips found"
    assert isinstance(figures.timeline(every[:0], city="Fresno"), Missing)


def test_titles_of_the_counts_follow_the_counts():
    missions = cr.load("missions")
    counted = counts.counts(cr.load("mission_definitions"), missions, cr.load("mission_classification"))
    of_state = readings.state_missions(counted, missions)
    title = figures.state_missions(of_state, counted, missions).words.title
    assert title == "The plain rule gives 3 state missions, or 2 if council trips (New Delhi) count as joined"
    same = counted.copy()
    same.loc["state-2a"] = same.loc["state-2"]
    assert figures.state_missions(of_state, same, missions).words.title == "The plain rule gives 3 state missions"
    fits = notes.fits(counted)
    one = fits[fits["rule_id"].isin(["city-1", "city-6"])]
    title = figures.city_missions(readings.city_missions(counted, missions), one).words.title
    assert title.endswith("1 of 2 rules fits “nearly twenty” in some coding")
