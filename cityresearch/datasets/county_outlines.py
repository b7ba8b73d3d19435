"""Outlines of counties by their FIPS code, from the boundaries of `data/raw`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cityresearch.datasets.catalog import boundary
from cityresearch.files import version

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class County:
    """One county: its FIPS code, name, state, and the polygons of its GeoJSON shape, each a list of rings."""

    fips: str
    name: str
    state: str
    polygons: list[list[list[list[float]]]]

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outer rings, in degrees of longitude and latitude; holes are islands of another county, which is drawn over them."""
        return tuple(tuple((float(x), float(y)) for x, y in polygon[0]) for polygon in self.polygons)


def county_outlines() -> dict[str, County]:
    """Return every county by its FIPS code, after comparing the file's checksum.

    The outlines are generalised and of the edition of 2017: Connecticut has its counties, not the planning regions of 2022.
    """
    path = boundary("us_counties")
    return _read(path, version(path))


@lru_cache(maxsize=2)
def _read(path: Path, _mtime: int) -> dict[str, County]:
    counties = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        own = feature["properties"]
        counties[feature["id"]] = County(feature["id"], own["name"], own["state"], polygons)
    return counties
