"""World maps of trips: an overview and enlarged panels, with symbols whose area follows the number of trips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.trade_missions.counts import ALL_CITIES
from cityresearch.chapters.trade_missions.map_places import ENLARGED, HEADER, LINE, WORLD, Plan, plan_of, rise
from cityresearch.chapters.trade_missions.symbols import Symbol, label, look, mark, push_apart, symbols_of
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, text_width
from cityresearch.charts.projection import Panel, Scale, great_circle
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.datasets.boundaries import outlines
from cityresearch.errors import DataError
from cityresearch.geography import state_name

__all__ = [
    "ARC_COLORS",
    "ARC_DASHES",
    "BORDER",
    "BOUNDARY_SOURCES",
    "FINE",
    "LAND",
    "LEVELS",
    "NEUTRAL",
    "Home",
    "arc_looks",
    "home_of",
    "mission_map",
]
LEVELS = {"city": "trips of cities", "state": "trips of the state"}
LAND, BORDER = "#DFE3E6", "#FFFFFF"
ARC_COLORS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.SKY, style.INK)
ARC_DASHES = ("-", (0, (1.5, 1.2)))
FINE = 0.3  # points: a tenth of a millimeter
BOUNDARY_SOURCES = ("natural-earth-world-atlas", "census-boundaries-2017-us-atlas")
NEUTRAL = (
    "Borders and names are those of Natural Earth 4.1.0 and imply no opinion on the status of any territory; "
    "country codes are those of the trip list, which files stops in Hong Kong under China."
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where trips start: the name in words, and the point where the arcs begin, in degrees."""

    name: str
    lon: float
    lat: float


@checked_arguments
def home_of(state: str, city: str, places: pd.DataFrame) -> Home:
    """Return where trips start: at a city, or at a point inside its state for the trips of all cities.

    Parameters
    ----------
    state : str
        Postal code.
    city : str
        A city of `places`, or "all".
    places : pandas.DataFrame
        The dataset `places`.

    Raises
    ------
    DataError
        If `places` has no such city.
    """
    if city == ALL_CITIES:
        return Home(state_name(state), *_inside(state))
    if city not in places.index:
        raise DataError(f"places has no row for {city}, where the arcs of the map start: add one with lat and lon.")
    return Home(city, *(float(degrees) for degrees in places.loc[city, ["lon", "lat"]]))


def mission_map(stops: pd.DataFrame, links: pd.DataFrame, words: Words, *, home: Home) -> Chart:
    """Draw where trips went: circles for cities, squares for the state, and from each city its great-circle arcs in its own color.

    Parameters
    ----------
    stops : pandas.DataFrame
        From `stops.stops`: country, name, level, trips, lat, lon.
    links : pandas.DataFrame
        From `stops.links`, of the same trips; listed under the map by city.
    words : Words
        The subtitle says which trips are counted; the sources of the boundaries are added.
    home : Home
        Where the arcs of the state start, and of a city whose place is not known.

    Returns
    -------
    Chart
        Data: the links (group: of cities or the state, series: the origin, label: the country), with the degrees of both ends; the description lists every country, so it can stand for the map.
    """
    links = links.assign(origin=links["origin"].str.replace(";", ", ")).fillna(
        {"origin_lat": home.lat, "origin_lon": home.lon}
    )
    looks, told = arc_looks(links), _by_origin(links)
    plan = plan_of(list(told.values()))
    words |= {
        "alt": words.alt or f"World map with arcs from {home.name}. {words.title}.",
        "description": words.description or _in_full(stops, told),
        "caption": f"{words.caption} {NEUTRAL}",
        "sources": tuple(dict.fromkeys([*BOUNDARY_SOURCES, *words.sources])),
        "note": NEUTRAL,
    }
    with style.house_style():
        figure, (frame,) = framed(plan.height, words, footer=words.footer(most=2))
        _, bottom, _, share = figure.get_layout_engine().get()["rect"]
        full, broad = figure.get_figheight(), figure.get_figwidth()
        frame.remove()
        figure.set_layout_engine("none")
        # in the middle of what there is, where a proportion is asked for
        left, top = (broad - plan.width) / 2, (bottom + share) * full - (share * full - plan.height) / 2
        _legend(figure, left, top, set(stops["level"]), plan.width)
        x, y, wide, tall = plan.world
        _draw(figure, WORLD, stops, (left + x, top - y - tall, wide, tall), (links, looks))
        for panel, (x, y, wide, tall) in zip(ENLARGED, plan.parts, strict=True):
            at = ((left + x) / broad, (top - y + HEADER - 0.04) / full)
            figure.text(*at, panel.name, size=style.SMALL, weight="bold", va="top")
            _draw(figure, panel, stops, (left + x, top - y - tall, wide, tall))
        _who(figure, left, top - plan.list_top, plan, list(looks.values()))
    names = {"level": "group", "origin": "series", "name": "label", "trips": "value"}
    return finished(figure, links.rename(columns=names).assign(unit="trips"), words, "World map with arcs")


def arc_looks(links: pd.DataFrame) -> dict[str, tuple[str, object]]:
    """Return the color and the dashes of the arcs of each city, and of the state."""
    cities = list(dict.fromkeys(links.loc[links["level"] == "city", "origin"]))
    looks = {city: (ARC_COLORS[i % 6], ARC_DASHES[i // 6 % 2]) for i, city in enumerate(cities)}
    return looks | dict.fromkeys(links.loc[links["level"] == "state", "origin"], (style.ORANGE, (0, (5, 4))))


def _by_origin(links: pd.DataFrame) -> dict[str, str]:
    """Return where each city went and how often, in words; a single trip has no number."""
    return {
        origin: f"{origin}: "
        + ", ".join(f"{r.name}{f' {r.trips}' * (r.trips > 1)}" for r in rows.itertuples(index=False))
        for origin, rows in links.groupby("origin", sort=False)
    }


def _who(figure, left: float, top: float, plan: Plan, looks: Sequence[tuple[str, object]]) -> None:
    """List under the map who went where, each with the look of its arcs."""
    from matplotlib.lines import Line2D

    wide, full = figure.get_figwidth(), figure.get_figheight()
    each = iter(looks)
    for start, column in zip(plan.list_left, plan.lists, strict=True):
        y = top
        for text in column:
            color, dash = next(each)
            ends = [(left + start + 0.03 + x) / wide for x in (0, 0.25)]
            at = (y - LINE / 2) / full
            figure.add_artist(Line2D(ends, [at, at], color=color, ls=dash, lw=1.4, transform=figure.transFigure))
            where = ((left + start + 0.35) / wide, y / full)
            figure.text(*where, text, size=style.SMALL, va="top", linespacing=1.2)
            y -= rise(text)


def _in_full(stops: pd.DataFrame, told: Mapping[str, str]) -> str:
    parts = []
    for level, what in LEVELS.items():
        rows = stops[stops["level"] == level].sort_values(["trips", "name"], ascending=[False, True])
        listed = ", ".join(f"{n} {t}" for n, t in zip(rows["name"], rows["trips"], strict=True))
        if len(rows):
            parts.append(f"{what.capitalize()} by country: {listed}.")
    return f"{' '.join(parts)} By origin: {'. '.join(told.values())}."


def _legend(figure, left: float, top: float, levels: set[str], usable: float) -> None:
    """Explain the symbols that are on the map in one line above it."""
    ax = _axes(figure, (left, top - 0.24, usable, 0.22))
    x = 8.0
    for level, words in ((level, what) for level, what in LEVELS.items() if level in levels):
        mark(ax, Symbol(x, 8, (x, 8), 5.0, level, "", 1), text="n")
        ax.text(x + 9, 8, words, size=style.SMALL, va="center")
        x += 22 + text_width(words) * style.SMALL
    words = "n = trips that reached the country; area in proportion"
    if x + text_width(words) * style.SMALL < usable * 72:
        ax.text(x, 8, words, size=style.SMALL, va="center", color="#555555")


def _draw(
    figure,
    panel: Panel,
    stops: pd.DataFrame,
    box: tuple[float, float, float, float],
    arcs: tuple[pd.DataFrame, Mapping[str, tuple[str, object]]] | None = None,
) -> None:
    """Draw one panel into a box in inches, with arcs and their looks if it has where they start; inside, the axes count points."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch

    ax = _axes(figure, box)
    scale = Scale(panel, box[2] * 72)
    land = PathPatch(_land(panel, scale), facecolor=LAND, edgecolor=BORDER, linewidth=0.35, zorder=1)
    # as an artist: a patch would be measured for limits that are set already
    ax.add_artist(land)
    here = _holding(stops, [panel])
    away = [p for p in ENLARGED if p is not panel] if panel is WORLD else []
    if arcs is not None:
        links, looks = arcs
        for origin, rows in _holding(links, [panel]).groupby("origin"):
            color, dash = looks[origin]
            ends = zip(rows["origin_lon"], rows["origin_lat"], rows["lon"], rows["lat"], strict=True)
            lines = [np.column_stack(scale(*great_circle((a, b), (c, d)))) for a, b, c, d in ends]
            ax.add_collection(LineCollection(lines, colors=color, linewidths=0.7, linestyles=[dash], zorder=2))
        starts = links.drop_duplicates("origin")
        x, y = scale(starts["origin_lon"].to_numpy(float), starts["origin_lat"].to_numpy(float))
        ax.plot(x, y, ls="", marker=".", ms=3, color=style.INK, zorder=3)
    small = _holding(here, away)
    for p in away:
        _frame(ax, scale, p)
    for level in ("city", "state"):
        rows = small[small["level"] == level]
        x, y = scale(rows["lon"].to_numpy(float), rows["lat"].to_numpy(float))
        # where both levels went, the square is a little to the right of the circle
        ax.plot(x + (2.5 if level == "state" else 0), y, ls="", zorder=3, ms=3.2, mew=0.4, **look(level))
    symbols = symbols_of(here.drop(small.index), scale)
    push_apart(symbols, box[2] * 72, box[3] * 72)
    for s in symbols:
        if np.hypot(s.x - s.home[0], s.y - s.home[1]) > s.radius * 0.8:
            ax.plot([s.home[0], s.x], [s.home[1], s.y], lw=0.5, color=style.INK, zorder=3)
        mark(ax, s)
    label(ax, symbols, box[2] * 72, box[3] * 72)


def _holding(stops: pd.DataFrame, panels: Sequence[Panel]) -> pd.DataFrame:
    """Return the stops that lie in one of the panels; none is a frame with the same columns and no rows."""
    places = zip(stops["lon"], stops["lat"], strict=True)
    # an empty list in place of an array would choose columns
    return stops[np.array([any(p.holds(lon, lat) for p in panels) for lon, lat in places], dtype=bool)]


def _land(panel: Panel, scale: Scale):
    """Return one path of all countries inside the panel, cut at its edges and as fine as print can show."""
    from matplotlib.path import Path
    from shapely import box, get_parts, intersection, segmentize, simplify, transform

    # the overview ends at its meridian of cut; an enlarged panel needs land beyond its corners, which the axes cut off
    beyond = 0 if panel is WORLD else 4
    window = box(panel.west - beyond, panel.south - 2, panel.east + beyond, panel.north + 3.5)
    shapes = np.array([shape for _, shape in outlines("countries")])
    shapes = np.concatenate([transform(shapes, lambda points: points - (360, 0)), shapes])
    parts = segmentize(intersection(shapes, window), 2.0)
    drawn = simplify(transform(parts, lambda points: np.column_stack(scale(points[:, 0], points[:, 1]))), FINE)
    rings = []
    for polygon in get_parts(drawn):
        if polygon.geom_type == "Polygon" and polygon.area > FINE**2:
            rings += [polygon.exterior, *polygon.interiors]
    return Path.make_compound_path(*(Path(np.round(ring.coords, 1), closed=True) for ring in rings))


@lru_cache(maxsize=1)
def _inside(state: str) -> tuple[float, float]:
    """Return a point inside a state."""
    shape = next(shape for properties, shape in outlines("us_states") if properties["postal"] == state)
    point = shape.representative_point()
    return point.x, point.y


def _axes(figure, box: tuple[float, float, float, float]):
    """Add axes without decoration to a box in inches; their coordinates are points from the lower left corner."""
    w, h = figure.get_figwidth(), figure.get_figheight()
    ax = figure.add_axes((box[0] / w, box[1] / h, box[2] / w, box[3] / h))
    ax.set(xlim=(0, box[2] * 72), ylim=(0, box[3] * 72))
    ax.set_axis_off()
    return ax


def _frame(ax, scale: Scale, panel: Panel) -> None:
    """Mark on the overview what a panel enlarges."""
    lat, lon = np.linspace(panel.south, panel.north, 20), np.linspace(panel.west, panel.east, 20)
    around = [(panel.west, v) for v in lat] + [(v, panel.north) for v in lon] + [(panel.east, v) for v in lat[::-1]]
    around += [(v, panel.south) for v in lon[::-1]]
    x, y = scale(*np.array(around).T)
    ax.plot([*x, x[0]], [*y, y[0]], lw=0.6, color="#555555", zorder=2)
    ax.text(x[0] + 2, y[0] + 2, panel.name[0], size=style.SMALL, weight="bold", va="bottom", zorder=5)
