"""Outlines of counties by their FIPS code, from the boundaries of `data/raw`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cityresearch.datasets.catalog import boundary
from cityresearch.errors import DataError
from cityresearch.files import version

__all__ = ["County", "Ring", "county_outlines"]

Ring = tuple[tuple[float, float], ...]
# tools/convert_boundaries.py writes one feature on each line
FEATURE = re.compile(r'\{"type":"Feature","id":"(\d{5})","properties":(\{[^}]*\}),"geometry":(\{.*\})\},?')


@dataclass(frozen=True, slots=True)
class County:
    """One county: its FIPS code, name, state, and its shape as GeoJSON, which is only decoded to be drawn."""

    fips: str
    name: str
    state: str
    geometry: str

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outer rings, in degrees of longitude and latitude; holes are islands of another county, which is drawn over them."""
        shape = json.loads(self.geometry)
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        return tuple(tuple((float(x), float(y)) for x, y in polygon[0]) for polygon in polygons)


def county_outlines() -> dict[str, County]:
    """Return every county by its FIPS code, after comparing the file's checksum.

    The outlines are generalized and of the edition of 2017: Connecticut has its counties, not the planning regions of 2022.

    Raises
    ------
    DataError
        If the file is not the one that the data package records, or a line of it is not one county.
    """
    path = boundary("us_counties")
    return _read(path, version(path))


@lru_cache(maxsize=2)
def _read(path: Path, _mtime: int) -> dict[str, County]:
    counties = {}
    _, *lines, _ = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=2):
        feature = FEATURE.fullmatch(line)
        if not feature:
            raise DataError(f"{path}, line {number}: not one county: write it again with tools/convert_boundaries.py.")
        fips, own, geometry = feature.groups()
        counties[fips] = County(fips, **json.loads(own), geometry=geometry)
    return counties
