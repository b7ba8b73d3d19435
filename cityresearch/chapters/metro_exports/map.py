"""A map of a state's metros: a circle for each, whose area follows a value, the largest numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.datasets.county_outlines import Ring, county_outlines
from cityresearch.geography import short_metro, state_name

__all__ = ["BOUNDARY_SOURCE", "INSIDE", "LARGEST", "OUTSIDE", "SMALLEST", "metro_map", "with_outline"]

INSIDE, OUTSIDE, LARGEST = "#DCE3E8", "#F4F4F2", 17.0  # the largest circle has a radius of so many points
SMALLEST = 5.5  # points: a smaller circle has its number next to it
BOUNDARY_SOURCE = "census-boundaries-2017-us-atlas"


def with_outline(members: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Keep the metros all of whose counties have an outline, and so can be drawn."""
    known = county_outlines()
    return {title: tuple(codes) for title, codes in members.items() if all(code in known for code in codes)}


@checked_arguments
def metro_map(
    rows: pd.DataFrame,
    counties: Mapping[str, Sequence[str]],
    words: Words,
    *,
    state: str,
    named: int = 10,
) -> Chart:
    """Draw a state's metros by a value in billion US dollars.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns cbsa_title and value_usd, one row per metro.
    counties : mapping of cbsa_title to FIPS codes
        The counties of each metro; a metro may reach into another state.
    state : str
        Postal code; the state's other counties are drawn pale.
    named : int
        How many of the largest metros get a number and a line in the key; two fewer where the figure is narrow.

    Returns
    -------
    Chart
        Data: rank, label, value (billion US dollars), unit, counties (FIPS codes).
    """
    from matplotlib.collections import PolyCollection

    outlines = county_outlines()
    table = rows[["cbsa_title", "value_usd"]].sort_values(["value_usd", "cbsa_title"], ascending=[False, True])
    table.insert(0, "rank", range(1, len(table) + 1))
    table["counties"] = [" ".join(sorted(c for c in counties.get(t, ()) if c in outlines)) for t in table["cbsa_title"]]
    home = [c for c in outlines.values() if c.state == state_name(state)]
    drawn = {c for codes in table["counties"] for c in codes.split()}
    degrees = {c.fips: c.rings for c in [*home, *(outlines[f] for f in drawn)]}
    project = _albers([ring for rings in degrees.values() for ring in rings])
    shapes = {fips: [project(ring) for ring in rings] for fips, rings in degrees.items()}
    points = np.concatenate([p for rings in shapes.values() for p in rings])
    wide, tall = np.ptp(points[:, 0]), np.ptp(points[:, 1])
    beside = style.width() >= 5
    room = style.width() * (0.56 if beside else 0.9)
    height = min(room * tall / wide, 4.2 if beside else 3.4)
    named = min(named if beside else named - 2, len(table))
    key_height = 0.14 * (named + 2.5)
    words |= {"sources": (*words.sources, BOUNDARY_SOURCE)}
    with style.house_style():
        if beside:
            figure, (ax, key) = framed(max(height, key_height), words, columns=2, width_ratios=[0.58, 0.42])
        else:
            figure, (ax, key) = framed(height + key_height, words, rows=2, height_ratios=[height, key_height])
        colors = {fips: INSIDE if fips in drawn else OUTSIDE for fips in shapes}
        filled = [colors[fips] for fips, rings in shapes.items() for _ in rings]
        every = [ring for rings in shapes.values() for ring in rings]
        ax.add_collection(PolyCollection(every, facecolors=filled, edgecolor="#8A8A8A", linewidth=0.25))
        _draw_circles(ax, table, shapes, named, tall / (height * 72))
        ax.set_xlim(points[:, 0].min(), points[:, 0].max())
        ax.set_ylim(points[:, 1].min(), points[:, 1].max())
        ax.set_aspect("equal")
        ax.axis("off")
        _draw_key(key, table.head(named), key_height if not beside else max(height, key_height))
    data = table.assign(label=table["cbsa_title"], value=table["value_usd"] / 1e9, unit="billion US dollars")
    return finished(figure, data.drop(columns=["cbsa_title", "value_usd"]), words, "Map")


def _draw_circles(ax, table: pd.DataFrame, shapes: Mapping, named: int, per_point: float) -> None:
    """Draw the circles, the largest first, and number them inside, or next to a small one on the side that is free."""
    most, placed = float(table["value_usd"].max()), []
    for row in table.itertuples():
        parts = [shapes[c] for c in row.counties.split()]
        if not parts:
            continue
        x, y = _middle(max((max(rings, key=_area) for rings in parts), key=_area))
        radius = LARGEST * np.sqrt(row.value_usd / most)
        ax.plot([x], [y], ls="", marker="o", ms=2 * radius, color=style.BLUE, mec="white", mew=0.6, alpha=0.85)
        if row.rank <= named and radius > SMALLEST:
            ax.annotate(str(row.rank), (x, y), va="center", ha="center", size=style.SMALL, color="white")
        elif row.rank <= named:
            end = x + (radius + 9) * per_point
            taken = any(abs(end - a) < r * per_point and abs(y - b) < r * per_point for a, b, r in placed)
            aside = (-1 if taken else 1) * (radius + 1.5)
            side = "right" if taken else "left"
            ax.annotate(
                str(row.rank), (x, y), (aside, 0), textcoords="offset points", va="center", ha=side, size=style.SMALL
            )  # fmt: skip
        placed.append((x, y, radius))


def _draw_key(ax, named: pd.DataFrame, inches: float) -> None:
    ax.axis("off")
    ax.set_xlim(0, 1)
    ax.set_ylim(inches, 0)
    y = 0.12
    ax.text(0, y, "billion US dollars", size=style.SMALL, va="center", weight="bold")
    y += 0.10
    for row in named.itertuples():
        y += 0.14
        name = "-".join(short_metro(row.cbsa_title).split("-")[:2])
        value = row.value_usd / 1e9
        ax.text(
            0.0,
            y,
            f"{row.rank}  {name}  {in_marks(f'{value:.{1 if value >= 0.1 else 2}f}')}",
            size=style.SMALL,
            va="center",
        )


def _albers(rings: Sequence[Ring]):
    """Return an equal-area conic projection fitted to rings, with standard parallels a sixth from both edges."""
    points = np.concatenate([np.asarray(ring) for ring in rings])
    longitude = _west(points[:, 0])
    low, high = points[:, 1].min(), points[:, 1].max()
    middle = np.radians((longitude.min() + longitude.max()) / 2)
    first, second = np.radians(low + (high - low) / 6), np.radians(high - (high - low) / 6)
    n = (np.sin(first) + np.sin(second)) / 2
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    origin = np.sqrt(c - 2 * n * np.sin(np.radians((low + high) / 2))) / n

    def project(ring) -> np.ndarray:
        places = np.asarray(ring)
        radius = np.sqrt(c - 2 * n * np.sin(np.radians(places[:, 1]))) / n
        angle = n * (np.radians(_west(places[:, 0])) - middle)
        return np.column_stack([radius * np.sin(angle), origin - radius * np.cos(angle)])

    return project


def _west(longitude: np.ndarray) -> np.ndarray:
    """Count longitudes westward without a jump: the end of Alaska lies beyond the date line."""
    return np.where(longitude > 0, longitude - 360, longitude)


def _area(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def _middle(ring: np.ndarray) -> tuple[float, float]:
    """Return the center of area of a ring."""
    x, y = ring[:, 0], ring[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    area = cross.sum() / 2
    if area == 0:
        return float(x.mean()), float(y.mean())
    return float(((x + np.roll(x, -1)) * cross).sum() / (6 * area)), float(
        ((y + np.roll(y, -1)) * cross).sum() / (6 * area)
    )
