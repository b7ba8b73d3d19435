"""Boundaries: outlines of countries, states and counties for maps, from the GeoJSON files of `data/raw/boundaries`."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch.datasets.catalog import boundary
from cityresearch.files import version

__all__ = ["outlines"]

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def outlines(name: str) -> tuple[tuple[dict[str, str], BaseGeometry], ...]:
    """Return the shapes of a boundary file with their properties, after comparing its checksum.

    Parameters
    ----------
    name : {"countries", "us_states", "us_counties"}

    Returns
    -------
    tuple of (dict, geometry)
        Properties as in the file and a valid shapely geometry in degrees of longitude and latitude. Outlines are generalized for print
        and not for measuring areas.

    Raises
    ------
    DataError
        If there is no such file, or it is not the one that the data package records.
    """
    path = boundary(name)
    return _outlines(path, version(path))


@lru_cache(maxsize=4)
def _outlines(path: Path, _mtime: int) -> tuple[tuple[dict[str, str], BaseGeometry], ...]:
    from shapely import make_valid
    from shapely.geometry import shape

    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return tuple((f["properties"], make_valid(shape(f["geometry"]))) for f in features)
