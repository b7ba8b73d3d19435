"""Projection: from longitude and latitude to points of a map panel, and great circles between places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Panel", "Scale", "aspect", "equal_earth", "great_circle", "near"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the world: its name, the meridian in its middle, and its bounds in degrees from west to east and south to north."""

    name: str
    middle: float
    west: float
    east: float
    south: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies in the panel."""
        return self.south <= lat <= self.north and self.west <= near(lon, self.middle) <= self.east


class Scale:
    """Degrees to points of a panel."""

    def __init__(self, panel: Panel, width: float) -> None:
        self.panel = panel
        x, y = _edge(panel)
        self.left, self.low = x.min(), y.min()
        self.factor = width / (x.max() - x.min())

    def __call__(self, lon, lat):
        x, y = equal_earth(near(lon, self.panel.middle) - self.panel.middle, lat)
        return (x - self.left) * self.factor, (y - self.low) * self.factor


def equal_earth(lon, lat):
    """Project degrees east of the middle meridian and north by the Equal Earth projection (Savric, Patterson and Jenny 2018)."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(lat)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    return 2 * np.sqrt(3) * np.radians(lon) * np.cos(t) / (3 * slope), t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2))


def near(lon, middle: float):
    """Return longitudes as the turn that lies nearest to the middle meridian."""
    return (np.asarray(lon) - middle + 180) % 360 - 180 + middle


def _edge(panel: Panel):
    lat = np.linspace(panel.south, panel.north, 60)
    lon = np.concatenate([np.full(60, panel.west), np.full(60, panel.east)])
    return equal_earth(lon - panel.middle, np.concatenate([lat, lat]))


def aspect(panel: Panel) -> float:
    """Return a panel's width over its height."""
    x, y = _edge(panel)
    return (x.max() - x.min()) / (y.max() - y.min())


def great_circle(start: tuple[float, float], end: tuple[float, float], n: int = 60):
    """Return longitudes and latitudes along the great circle between two points."""
    a, b = (_vector(*p) for p in (start, end))
    angle = np.arccos(np.clip(a @ b, -1, 1))
    t = np.linspace(0, 1, n)[:, None]
    v = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
    return np.degrees(np.arctan2(v[:, 1], v[:, 0])), np.degrees(np.arcsin(np.clip(v[:, 2], -1, 1)))


def _vector(lon: float, lat: float) -> np.ndarray:
    lon, lat = np.radians([lon, lat])
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
