"""Whether a figure can be read in the size that it has: type, overlaps, clipped texts, and texts that a rule strikes through."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

__all__ = ["SMALLEST", "drawn_texts", "faults"]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

SMALLEST = 6.0  # points: publishers refuse smaller type
NEAR = 1.0  # points by which boxes of texts, which include the room above small letters, may touch
LONG = 0.4  # of its axes: a line that long, and straight along one axis, is a rule


def faults(figure: Figure, scale: float = 1.0) -> list[str]:
    """Return what an editor would send a figure back for, each in one sentence; nothing if it can be used as it is.

    Parameters
    ----------
    figure : Figure
        Laid out, as after `export.rendered`.
    scale : float
        By which it is shown larger than it is drawn.
    """
    renderer, page = figure.canvas.get_renderer(), figure.bbox
    figure.draw(renderer)  # labels of axes are placed when they are drawn
    boxes = [(text, text.get_window_extent(renderer)) for text in drawn_texts(figure)]
    found = [
        f"{_said(text)} has {text.get_size() * scale:.1f} points, and {SMALLEST:g} are the least."
        for text, _ in boxes
        if text.get_size() * scale < SMALLEST - 0.05
    ]
    found += [
        f"{_said(text)} leaves the figure."
        for text, box in boxes
        if box.x0 < -NEAR or box.y0 < -NEAR or box.x1 > page.x1 + NEAR or box.y1 > page.y1 + NEAR
    ]
    found += [
        f"{_said(a[0])} overlaps {_said(b[0])}."
        for a, b in combinations(boxes, 2)
        if _shared(a[1], b[1], 0) > NEAR and _shared(a[1], b[1], 1) > 1.5 * NEAR
    ]
    rules = list(_rules(figure, renderer))
    struck = [text for text, box in boxes if any(_strikes(rule, order, text, box) for rule, order in rules)]
    return [*found, *(f"{_said(text)} is struck through by a rule." for text in struck)]


def drawn_texts(figure: Figure) -> list[Text]:
    """Return the texts that a figure shows: labels of ticks beyond the ends of an axis are kept by matplotlib but not drawn."""
    hidden = {id(text) for ax in figure.axes for text in _undrawn(ax)}
    found = figure.findobj(lambda artist: hasattr(artist, "get_text") and hasattr(artist, "get_size"))
    return [text for text in found if text.get_visible() and text.get_text().strip() and id(text) not in hidden]


def _undrawn(ax: Axes) -> Iterator[Any]:
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        if not (ax.get_visible() and ax.axison and axis.get_visible()):
            yield from axis.findobj()
            continue
        low, high = sorted(limits)
        room = 1e-6 * (high - low)
        for tick in axis.get_major_ticks():
            if not low - room <= tick.get_loc() <= high + room:
                yield from (tick.label1, tick.label2)


def _shared(one: Bbox, other: Bbox, side: int) -> float:
    return min(one.max[side], other.max[side]) - max(one.min[side], other.min[side])


def _rules(figure: Figure, renderer: Any) -> Iterator[tuple[Bbox, float]]:
    """Return each long straight line along an axis, and each visible edge of axes, with its place in the order of drawing."""
    for ax in (ax for ax in figure.axes if ax.get_visible()):
        frame = ax.get_window_extent(renderer)
        for line in ax.lines:
            if not line.get_visible() or line.get_linestyle() in ("None", "none", "", " ") or not len(line.get_xdata()):
                continue
            box = line.get_path().get_extents(line.get_transform())
            across, up = box.width > LONG * frame.width, box.height > LONG * frame.height
            if (across and box.height < 0.5) or (up and box.width < 0.5):
                yield box, line.get_zorder()
        for spine in ax.spines.values():
            if ax.axison and spine.get_visible():
                yield spine.get_path().get_extents(spine.get_transform()), spine.get_zorder()


def _strikes(rule: Bbox, order: float, text: Text, box: Bbox) -> bool:
    """Whether a rule runs through the letters of a text that has no ground of its own above it."""
    if text.get_bbox_patch() is not None and text.get_zorder() > order:
        return False
    side = 0 if rule.height > rule.width else 1  # where a vertical rule is, or how high a horizontal one
    margin = 0.2 * box.height if side else 0.6
    inside = box.min[side] + margin < rule.min[side] < box.max[side] - margin
    return inside and _shared(rule, box, 1 - side) > NEAR


def _said(text: Text) -> str:
    words = " ".join(text.get_text().split())
    return f"“{words[:40]}…”" if len(words) > 41 else f"“{words}”"
