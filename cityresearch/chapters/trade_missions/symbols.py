"""Symbols of a map of trips: their size and shape, moved apart where they would touch, and the names next to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import text_width
from cityresearch.charts.projection import Scale

_Box = tuple[float, float, float, float]
__all__ = ["Symbol", "label", "look", "mark", "push_apart", "symbols_of"]


@dataclass(slots=True)
class Symbol:
    """A symbol in points of its panel, where its country is, and how many trips it tells."""

    x: float
    y: float
    home: tuple[float, float]
    radius: float
    level: str
    name: str
    trips: int


def symbols_of(stops: pd.DataFrame, scale: Scale) -> list[Symbol]:
    """Return the symbols of stops, as `stops.stops`, on a panel; the area follows the number of trips."""
    found = []
    for row in stops.itertuples():
        x, y = (float(v) for v in scale(row.lon, row.lat))
        both = (stops["country"] == row.country).sum() > 1
        shift = (0.01 if row.level == "state" else -0.01) if both else 0
        found.append(
            Symbol(
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


def push_apart(symbols: list[Symbol], width: float, height: float) -> None:
    """Move symbols apart until none overlaps another, each as little as its neighbors allow."""
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


def look(level: str) -> dict[str, object]:
    """Return marker and colors of the trips of cities or of the state, which differ in shape and lightness."""
    if level == "city":
        return {"marker": "o", "color": style.BLUE, "mec": "white"}
    return {"marker": "s", "color": style.ORANGE, "mec": style.INK}


def mark(ax, s: Symbol, text: str = "") -> None:
    """Draw a symbol with its number of trips inside."""
    # a square of equal area has a side of sqrt(pi) radii
    size = 2 * s.radius if s.level == "city" else np.sqrt(np.pi) * s.radius
    ax.plot([s.x], [s.y], ls="", ms=size, mew=0.5, zorder=4, **look(s.level))
    ax.text(
        s.x, s.y - 0.2, text or str(s.trips), size=6.2, ha="center", va="center_baseline", zorder=5, gid="count",
        color="white" if s.level == "city" else style.INK,
    )  # fmt: skip


def label(ax, symbols: list[Symbol], width: float, height: float) -> None:
    """Write each country's name next to its symbols, where it covers the least."""
    groups: dict[str, list[Symbol]] = {}
    for s in symbols:
        groups.setdefault(s.name, []).append(s)
    tall = style.SMALL * 1.25
    spots = {name: _spots(group, text_width(name) * style.SMALL + 1, tall) for name, group in groups.items()}
    marks = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in symbols]
    # where not all names find a free place, the edge of a symbol may be covered rather than the number in it
    numbers = [(s.x - 3.2, s.y - 4.2, s.x + 3.2, s.y + 4.2) for s in symbols]
    # of each place, what stays as it is while the names move
    hidden = {box: sum(_shared(box, marks) + 9 * _shared(box, numbers)) for boxes in spots.values() for box in boxes}
    outside = {box: _outside(box, width, height) for box in hidden}

    def covered(name: str, box: _Box, chosen: dict[str, _Box]) -> float:
        others = [other for key, other in chosen.items() if key != name]
        return round(sum(_shared(box, others), hidden[box]) + 1000 * outside[box], 1)

    def best_spot(name: str, chosen: dict[str, _Box]) -> _Box:
        found, least = spots[name][0], float("inf")
        for box in spots[name]:
            cover = covered(name, box, chosen)
            if cover < least:
                found, least = box, cover
            if cover == 0:
                break
        return found

    best, least = {}, float("inf")
    # which name is placed first decides where the others end, so several orders are tried
    for order in _orders(groups):
        chosen = {name: boxes[0] for name, boxes in spots.items()}
        # a name moves when its neighbors have; a few rounds settle it
        for _ in range(6):
            before = dict(chosen)
            for name in order:
                chosen[name] = best_spot(name, chosen)
            if chosen == before:
                break
        worst = max((covered(name, box, chosen) for name, box in chosen.items()), default=0.0)
        if worst < least:
            best, least = chosen, worst
        if least == 0:
            break
    for name, box in best.items():
        ax.text(box[0], box[1] + 2, name, size=style.SMALL, va="baseline", zorder=6)


def _orders(groups: Mapping[str, list[Symbol]]) -> Iterator[list[str]]:
    """Return orders of names: by the alphabet from each letter on, and from each side of the panel."""
    names = sorted(groups)
    for start in range(len(names)):
        yield names[start:] + names[:start]
    for side in ("x", "y"):
        across = sorted(names, key=lambda name: getattr(groups[name][0], side))
        yield across
        yield across[::-1]


def _spots(group: list[Symbol], wide: float, tall: float) -> list[tuple[float, float, float, float]]:
    """Return where a name may be written around its symbols, the preferred places first."""
    x0, x1 = min(s.x - s.radius for s in group), max(s.x + s.radius for s in group)
    y0, y1 = min(s.y - s.radius for s in group), max(s.y + s.radius for s in group)
    mx, my = (x0 + x1) / 2 - wide / 2, (y0 + y1) / 2 - tall / 2
    corners = [(x1 + 1.5, my), (x0 - 1.5 - wide, my), (mx, y1), (mx, y0 - tall)]
    corners += [(x, y) for x in (x1 - 2, x0 + 2 - wide) for y in (y1 - 2, y0 + 2 - tall)]
    corners += [(x, y) for x in (x0, x1 - wide) for y in (y1, y0 - tall)]
    corners += [(x, my + step) for step in (3, -3, 6, -6) for x in (x1 + 1.5, x0 - 1.5 - wide)]
    corners += [(mx + side, y) for side in (8, -8, 16, -16) for y in (y1, y0 - tall, y1 + 5, y0 - tall - 5)]
    corners += [(mx + side, y) for side in (0, 8, -8, 24, -24) for y in (y1 + 9, y0 - tall - 9)]
    return [(x, y, x + wide, y + tall) for x, y in corners]


def _shared(box: _Box, blocked: Sequence[_Box]) -> list[float]:
    """Return how much of a label lies on each box that it touches, in square points."""
    x0, y0, x1, y1 = box
    return [
        (min(x1, b[2]) - max(x0, b[0])) * (min(y1, b[3]) - max(y0, b[1]))
        for b in blocked
        if b[0] < x1 and x0 < b[2] and b[1] < y1 and y0 < b[3]
    ]


def _outside(box: _Box, width: float, height: float) -> float:
    """Return by how many points a label would leave the panel."""
    return max(0.0, -box[0]) + max(0.0, -box[1]) + max(0.0, box[2] - width) + max(0.0, box[3] - height)
