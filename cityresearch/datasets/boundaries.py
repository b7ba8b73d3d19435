"""Boundaries: outlines of countries, states and counties for maps, from the GeoJSON files of `data/raw/boundaries`."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.load import read_recorded

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def outlines(name: str) -> list[tuple[dict[str, str], BaseGeometry]]:
    """Return the shapes of a boundary file with their properties, after comparing its checksum.

    Parameters
    ----------
    name : {"countries", "us_states", "us_counties"}

    Returns
    -------
    list of (dict, geometry)
        Properties as in the file and a shapely geometry in degrees of longitude and latitude. Outlines are generalised for print and
        not for measuring areas.

    Raises
    ------
    DataError
        If there is no such file, or it is not the one that the data package records.
    """
    return list(_outlines(dataset(name).sha256, name))


@lru_cache(maxsize=4)
def _outlines(_version: str, name: str) -> tuple[tuple[dict[str, str], BaseGeometry], ...]:
    from shapely import make_valid
    from shapely.geometry import shape

    features = json.loads(read_recorded(dataset(name)).decode("utf-8"))["features"]
    return tuple((f["properties"], make_valid(shape(f["geometry"]))) for f in features)
