"""World maps of trips: an overview and enlarged panels, with symbols whose area follows the number of trips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, text_width
from cityresearch.charts.projection import Panel, Scale, aspect, great_circle
from cityresearch.charts.transition import words_one_by_one
from cityresearch.charts.words import Words
from cityresearch.datasets.boundaries import outlines

LAND, BORDER = "#DFE3E6", "#FFFFFF"
FINE = 0.3  # points: a tenth of a millimetre
BOUNDARY_SOURCES = ("natural-earth-world-atlas", "census-boundaries-2017-us-atlas")
NEUTRAL = (
    "Borders and names are those of Natural Earth 4.1.0 and imply no opinion on the status of any territory; country codes are those of "
    "the trip list, which files stops in Hong Kong under China."
)


WORLD = Panel("World, centred on California", -114.0, -293.9, 65.9, -50.0, 80.0)
ENLARGED = (
    Panel("A  Europe and its neighbours", 18.0, -13.0, 49.0, 24.0, 60.0),
    Panel("B  South and East Asia", 108.0, 67.0, 149.0, -11.0, 46.0),
)


@dataclass(slots=True)
class _Symbol:
    x: float
    y: float
    home: tuple[float, float]
    radius: float
    level: str
    name: str
    trips: int


@words_one_by_one
def mission_map(stops: pd.DataFrame, words: Words) -> Chart:
    """Draw where trips went: circles for cities, squares for the state, thin great-circle arcs from California.

    Parameters
    ----------
    stops : pandas.DataFrame
        From `measures.missions.stops`: country, name, level, trips, lat, lon.
    words : Words
        The subtitle says which trips are counted; the sources of the boundaries are added.

    Returns
    -------
    Chart
        Data: country, name, level, trips, mission_ids; the alt text lists every country, so it can stand for the map.
    """
    wide = style.width() >= 5
    usable = style.width() - 0.1
    world_height = usable / aspect(WORLD)
    header, key = 0.17, 0.26
    shapes = [aspect(p) for p in ENLARGED]
    # side by side they share one height; below each other they share one width
    part_widths = [(usable - 0.1) * a / sum(shapes) if wide else 0.88 * usable for a in shapes]
    part_heights = [w / a for w, a in zip(part_widths, shapes, strict=True)]
    height = key + world_height + (part_heights[0] + header if wide else sum(part_heights) + 2 * header)
    words |= {
        "alt": _alt(stops, words.title),
        "caption": f"{words.caption} {NEUTRAL}",
        "sources": tuple(dict.fromkeys([*BOUNDARY_SOURCES, *words.sources])),
        "note": NEUTRAL,
    }
    with style.house_style():
        figure, (frame,) = framed(height, words, footer=words.footer(most=2))
        _, bottom, _, share = figure.get_layout_engine().get()["rect"]
        full = figure.get_figheight()
        frame.remove()
        figure.set_layout_engine("none")
        top = (bottom + share) * full
        _legend(figure, top)
        top -= key
        _draw(figure, WORLD, stops, (0.05, top - world_height, usable, world_height), arcs=True)
        top -= world_height
        left = 0.05
        for panel, broad, tall in zip(ENLARGED, part_widths, part_heights, strict=True):
            figure.text(
                left / figure.get_figwidth(), (top - 0.04) / full, panel.name, size=style.SMALL, weight="bold", va="top"
            )
            _draw(figure, panel, stops, (left, top - header - tall, broad, tall), arcs=False)
            if wide:
                left += broad + 0.1
            else:
                top -= header + tall
    data = stops[["country", "name", "level", "trips", "mission_ids"]].copy()
    return Chart(figure, data, words)


def _alt(stops: pd.DataFrame, title: str) -> str:
    parts = []
    for level, what in (("city", "Trips of cities"), ("state", "Trips of the state")):
        rows = stops[stops["level"] == level].sort_values(["trips", "name"], ascending=[False, True])
        listed = ", ".join(f"{n} {t}" for n, t in zip(rows["name"], rows["trips"], strict=True))
        parts.append(f"{what} by country: {listed}." if len(rows) else f"{what}: none.")
    return f"World map centred on California. {title}. {' '.join(parts)}"


def _legend(figure, top: float) -> None:
    """Explain the two symbols in one line above the map."""
    ax = _axes(figure, (0.05, top - 0.24, style.width() - 0.1, 0.22))
    x = 8.0
    for level, words in (("city", "trips of cities"), ("state", "trips of the state")):
        _mark(ax, _Symbol(x, 8, (x, 8), 5.0, level, "", 1), text="n")
        ax.text(x + 9, 8, words, size=style.SMALL, va="center")
        x += 22 + text_width(words) * style.SMALL
    words = "n = trips that reached the country; area in proportion"
    if style.width() >= 5:
        ax.text(x, 8, words, size=style.SMALL, va="center", color="#555555")


def _draw(figure, panel: Panel, stops: pd.DataFrame, box: tuple[float, float, float, float], *, arcs: bool) -> None:
    """Draw one panel into a box of the figure, in inches; inside, the axes count points."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch

    ax = _axes(figure, box)
    scale = Scale(panel, box[2] * 72)
    land = PathPatch(_land(panel, scale), facecolor=LAND, edgecolor=BORDER, linewidth=0.35, zorder=1)
    # as an artist: a patch would be measured for limits that stand already
    ax.add_artist(land)
    here = _holding(stops, [panel])
    away = [p for p in ENLARGED if p is not panel] if panel is WORLD else []
    if arcs:
        home = _california()
        for level, colour, dash in (("city", style.BLUE, "-"), ("state", style.ORANGE, (0, (5, 4)))):
            ends = here[here["level"] == level]
            lines = [scale(*great_circle(home, (lon, lat))) for lon, lat in zip(ends["lon"], ends["lat"], strict=True)]
            ax.add_collection(
                LineCollection(
                    [np.column_stack(line) for line in lines],
                    colors=colour,
                    linewidths=0.5,
                    linestyles=[dash],
                    zorder=2,
                )
            )
        x, y = scale(*map(np.array, home))
        ax.plot([x], [y], marker="*", ms=6, color=style.INK, mec="white", mew=0.5, zorder=3)
    small = _holding(here, away)
    for p in away:
        _frame(ax, scale, p)
    for level in ("city", "state"):
        rows = small[small["level"] == level]
        x, y = scale(rows["lon"].to_numpy(float), rows["lat"].to_numpy(float))
        # where both levels went, the square stands a little to the right of the circle
        ax.plot(x + (2.5 if level == "state" else 0), y, ls="", zorder=3, ms=3.2, mew=0.4, **_look(level))
    symbols = _symbols(here.drop(small.index), scale)
    _push_apart(symbols, box[2] * 72, box[3] * 72)
    for s in symbols:
        if np.hypot(s.x - s.home[0], s.y - s.home[1]) > s.radius * 0.8:
            ax.plot([s.home[0], s.x], [s.home[1], s.y], lw=0.5, color=style.INK, zorder=3)
        _mark(ax, s)
    _label(ax, symbols, box[2] * 72, box[3] * 72)


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
def _california() -> tuple[float, float]:
    """Return a point inside California, where the arcs start."""
    shape = next(shape for properties, shape in outlines("us_states") if properties["postal"] == "CA")
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


def _symbols(stops: pd.DataFrame, scale: Scale) -> list[_Symbol]:
    found = []
    for row in stops.itertuples():
        x, y = (float(v) for v in scale(row.lon, row.lat))
        both = (stops["country"] == row.country).sum() > 1
        shift = (0.01 if row.level == "state" else -0.01) if both else 0
        found.append(
            _Symbol(
                x + shift,
                y,
                (x, y),
                (4.2 if style.width() >= 5 else 3.8) * np.sqrt(row.trips),
                row.level,
                row.name,
                row.trips,
            )
        )
    return found


def _push_apart(symbols: list[_Symbol], width: float, height: float) -> None:
    """Move symbols apart until none overlaps another, each as little as its neighbours allow."""
    for _ in range(300):
        moved = False
        for i, a in enumerate(symbols):
            for b in symbols[i + 1 :]:
                dx, dy = b.x - a.x, b.y - a.y
                gap = a.radius + b.radius + 1.2 - np.hypot(dx, dy)
                if gap > 0.05:
                    length = np.hypot(dx, dy) or 1.0
                    ux, uy = (dx / length, dy / length) if np.hypot(dx, dy) else (1.0, 0.0)
                    a.x, a.y, b.x, b.y = a.x - ux * gap / 2, a.y - uy * gap / 2, b.x + ux * gap / 2, b.y + uy * gap / 2
                    moved = True
        for s in symbols:
            s.x = min(max(s.x, s.radius + 1), width - s.radius - 1)
            s.y = min(max(s.y, s.radius + 1), height - s.radius - 1)
        if not moved:
            return


def _look(level: str) -> dict[str, object]:
    if level == "city":
        return {"marker": "o", "color": style.BLUE, "mec": "white"}
    return {"marker": "s", "color": style.ORANGE, "mec": style.INK}


def _mark(ax, s: _Symbol, text: str = "") -> None:
    """Draw a symbol with its number of trips inside."""
    # a square of equal area has a side of sqrt(pi) radii
    size = 2 * s.radius if s.level == "city" else np.sqrt(np.pi) * s.radius
    ax.plot([s.x], [s.y], ls="", ms=size, mew=0.5, zorder=4, **_look(s.level))
    ax.text(
        s.x, s.y - 0.2, text or str(s.trips), size=6.2, ha="center", va="center_baseline", zorder=5, gid="count",
        color="white" if s.level == "city" else style.INK,
    )  # fmt: skip


def _label(ax, symbols: list[_Symbol], width: float, height: float) -> None:
    """Write each country's name beside its symbols, where it covers the least."""
    groups: dict[str, list[_Symbol]] = {}
    for s in symbols:
        groups.setdefault(s.name, []).append(s)
    tall = style.SMALL * 1.25
    spots = {name: _spots(group, text_width(name) * style.SMALL + 1, tall) for name, group in groups.items()}
    marks = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in symbols]
    chosen = {name: boxes[0] for name, boxes in spots.items()}
    # a name moves when its neighbours have; a few rounds settle it
    for _ in range(6):
        before = dict(chosen)
        for name in sorted(spots):
            others = [box for other, box in chosen.items() if other != name]
            chosen[name] = min(
                spots[name],
                key=lambda box: (round(_cover(box, marks + others, width, height), 1), spots[name].index(box)),
            )
        if chosen == before:
            break
    for name, box in chosen.items():
        ax.text(box[0], box[1] + 2, name, size=style.SMALL, va="baseline", zorder=6)


def _spots(group: list[_Symbol], wide: float, tall: float) -> list[tuple[float, float, float, float]]:
    """Return where a name may stand around its symbols, the preferred places first."""
    x0, x1 = min(s.x - s.radius for s in group), max(s.x + s.radius for s in group)
    y0, y1 = min(s.y - s.radius for s in group), max(s.y + s.radius for s in group)
    mx, my = (x0 + x1) / 2 - wide / 2, (y0 + y1) / 2 - tall / 2
    corners = [(x1 + 1.5, my), (x0 - 1.5 - wide, my), (mx, y1), (mx, y0 - tall)]
    corners += [(x, y) for x in (x1 - 2, x0 + 2 - wide) for y in (y1 - 2, y0 + 2 - tall)]
    corners += [(x, y) for x in (x0, x1 - wide) for y in (y1, y0 - tall)]
    corners += [(x, my + step) for step in (3, -3, 6, -6) for x in (x1 + 1.5, x0 - 1.5 - wide)]
    corners += [(mx + side, y) for side in (8, -8, 16, -16) for y in (y1, y0 - tall, y1 + 5, y0 - tall - 5)]
    return [(x, y, x + wide, y + tall) for x, y in corners]


def _cover(box, blocked, width: float, height: float) -> float:
    """Return how much of a label would lie on others or outside the panel, in square points."""
    area = sum(
        max(0.0, min(box[2], b[2]) - max(box[0], b[0])) * max(0.0, min(box[3], b[3]) - max(box[1], b[1]))
        for b in blocked
    )
    outside = max(0.0, -box[0]) + max(0.0, -box[1]) + max(0.0, box[2] - width) + max(0.0, box[3] - height)
    return area + 1000 * outside
