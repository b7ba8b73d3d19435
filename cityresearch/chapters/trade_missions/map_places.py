"""Where the parts of a map of trips go: below each other in a column, panels side by side on a page, right of the world on a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityresearch.charts import style
from cityresearch.charts.chart import wrapped
from cityresearch.charts.projection import Panel, aspect

__all__ = ["ENLARGED", "HEADER", "KEY", "LINE", "MIDDLE", "WORLD", "Plan", "plan_of", "rise"]

LINE = 0.115  # inches of one line of the list under the map
KEY, HEADER = 0.26, 0.17  # inches of the explanation of symbols, and above a panel
_SHARES = (0.3, 0.33, 0.36, 0.39)  # of the width of a slide: the panels
MIDDLE = -114.0  # cut opposite, at 66 degrees east: Europe and Africa lie on the right
WORLD = Panel("World", MIDDLE, MIDDLE - 179.9, MIDDLE + 179.9, -50.0, 80.0)
ENLARGED = (
    Panel("A  Europe and its neighbors", 18.0, -13.0, 49.0, 24.0, 60.0),
    Panel("B  South and East Asia", 108.0, 67.0, 149.0, -11.0, 46.0),
)

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where what is drawn goes: boxes in inches from the upper left corner (left, top, width, height), and the list of who went where."""

    width: float
    height: float
    world: _Box
    parts: tuple[_Box, ...]
    list_top: float
    list_left: tuple[float, ...]
    lists: tuple[tuple[str, ...], ...]


def plan_of(told: Sequence[str]) -> Plan:
    """Return the places for a column (all below each other), a page (panels side by side) or a slide (panels right of the world)."""
    usable, shapes = style.width() - 0.1, [aspect(p) for p in ENLARGED]
    if style.aspect() and style.width() >= 5:
        return min((_beside(told, usable, share * usable, shapes) for share in _SHARES), key=lambda p: p.height)
    wide = style.width() >= 5
    # side by side they share one height; below each other they share one width
    widths = [(usable - 0.1) * a / sum(shapes) if wide else 0.88 * usable for a in shapes]
    heights = [w / a for w, a in zip(widths, shapes, strict=True)]
    top = KEY + usable / aspect(WORLD)
    tops = [top + HEADER, top + HEADER if wide else top + 2 * HEADER + heights[0]]
    lefts = [0.0, widths[0] + 0.1 if wide else 0.0]
    end = max(t + h for t, h in zip(tops, heights, strict=True)) + 0.05
    lists, tall = _listed(told, usable, 2 if wide else 1)
    world = (0.0, KEY, usable, usable / aspect(WORLD))
    parts = tuple(zip(lefts, tops, widths, heights, strict=True))
    return Plan(usable, end + tall, world, parts, end, (0.0, usable / 2)[: len(lists)], lists)


def _beside(told: Sequence[str], usable: float, part: float, shapes: Sequence[float]) -> Plan:
    """Return the places with both panels in a column of one width, right of the world and its list."""
    world = usable - part - 0.15
    heights = [part / a for a in shapes]
    end = KEY + world / aspect(WORLD) + 0.05
    lists, tall = _listed(told, world, 2)
    parts = ((world + 0.15, HEADER, part, heights[0]), (world + 0.15, 2 * HEADER + heights[0] + 0.05, part, heights[1]))
    height = max(end + tall, parts[1][1] + heights[1] + 0.05)
    return Plan(usable, height, (0.0, KEY, world, world / aspect(WORLD)), parts, end, (0.0, world / 2), lists)


def _listed(told: Sequence[str], room: float, columns: int) -> tuple[tuple[tuple[str, ...], ...], float]:
    """Return who went where in columns of lines that fit, and how tall they are."""
    texts = [wrapped(text, room / columns - 0.45, style.SMALL) for text in told]
    cut = -(-len(texts) // columns)
    lists = tuple(tuple(texts[i : i + cut]) for i in range(0, len(texts), cut))
    return lists, max(sum(map(rise, column)) for column in lists) + 0.08


def rise(text: str) -> float:
    """Return how many inches an entry of the list takes."""
    return LINE * (text.count("\n") + 1) + 0.03
