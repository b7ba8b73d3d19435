"""Where trips went: one point on the map for each country, and the names of countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from cityresearch.errors import DataError

__all__ = ["as_table", "codes_of", "in_some_not_all", "links", "names_of", "stops"]


def stops(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Place trips on the map: one point per country and level, at the first stop that has coordinates.

    Parameters
    ----------
    rows : pandas.DataFrame
        Trips.
    places : pandas.DataFrame
        The dataset `places`.

    Returns
    -------
    pandas.DataFrame
        One row per country and level, sorted: country (ISO code), name, level, trips, lat, lon, mission_ids. A country
        without a named stop is placed at its label point.
    """
    return _placed(rows, _labels(places))


def _placed(rows: pd.DataFrame, labels: Mapping[str, _Label]) -> pd.DataFrame:
    went: dict[tuple[str, str], list[str]] = {}
    for mission, level, codes in zip(rows.index, rows["level"], rows["countries"], strict=True):
        for code in dict.fromkeys(filter(None, codes.split(";"))):
            went.setdefault((level, code), []).append(mission)
    found = [
        {
            "country": code,
            "name": labels[code].name,
            "level": level,
            "trips": len(there),
            "lat": labels[code].lat,
            "lon": labels[code].lon,
            "mission_ids": ";".join(there),
        }
        for (level, code), there in went.items()
    ]
    columns = ["country", "name", "level", "trips", "lat", "lon", "mission_ids"]
    return pd.DataFrame(found, columns=columns).sort_values(["name", "level"], ignore_index=True)


def links(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Say which city went to which country how often, and where both are: a row for each arc of the map.

    Parameters are those of `stops`.

    Returns
    -------
    pandas.DataFrame
        Sorted by level, origin and country: level, origin (the city, or the state), country (ISO code), name, trips, mission_ids,
        origin_lat, origin_lon (missing where `places` has no such city), lat, lon.
    """
    labels = _labels(places)
    found = []
    for (_, origin), group in rows.groupby(["level", "jurisdiction"]):
        known = places.loc[origin] if origin in places.index else {"lat": float("nan"), "lon": float("nan")}
        found.append(_placed(group, labels).assign(origin=origin, origin_lat=known["lat"], origin_lon=known["lon"]))
    columns = ["level", "origin", "country", "name", "trips", "mission_ids", "origin_lat", "origin_lon", "lat", "lon"]
    if not found:
        return pd.DataFrame(columns=columns)
    return pd.concat(found)[columns].sort_values(["level", "origin", "name"], ignore_index=True)


def as_table(placed: pd.DataFrame) -> pd.DataFrame:
    """Return the points of `stops` with names for a reader, and without their coordinates."""
    names = {
        "name": "country",
        "country": "code",
        "level": "trips of the",
        "trips": "trips",
        "mission_ids": "which trips",
    }
    return placed[list(names)].rename(columns=names).set_index("country")


def names_of(places: pd.DataFrame) -> dict[str, str]:
    """Return the names of countries by their ISO codes, as the map uses them."""
    return {code: label.name for code, label in _labels(places).items()}


def codes_of(names: Iterable[str], places: pd.DataFrame) -> list[str]:
    """Return the ISO codes of countries by their names.

    Raises
    ------
    DataError
        If a name is not among the label points of `places`.
    """
    by_name = {name: code for code, name in names_of(places).items()}
    lacking = [name for name in names if name not in by_name]
    if lacking:
        raise DataError(f"places has no label point for {', '.join(lacking)}: check the spelling.")
    return [by_name[name] for name in names]


def in_some_not_all(rows: pd.DataFrame, places: pd.DataFrame) -> list[str]:
    """Return the names of countries that some of the counts hold and others do not, sorted."""
    sets = [set(cell.split(";")) for cell in rows["country_list"]]
    if not sets:
        return []
    named = names_of(places)
    return sorted(named[code] for code in set.union(*sets) - set.intersection(*sets))


class _Label(NamedTuple):
    name: str
    lat: float
    lon: float


def _labels(places: pd.DataFrame) -> dict[str, _Label]:
    """Return the label point of each country by its ISO code."""
    labels = places[places.index.str.endswith(" (label)")]
    names = labels.index.str.removesuffix(" (label)")
    points = zip(labels["country_iso3"], names, labels["lat"], labels["lon"], strict=True)
    return {code: _Label(name, lat, lon) for code, name, lat, lon in points}
