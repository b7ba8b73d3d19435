"""Where trips went: one point on the map for each country, and the names of countries."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cityresearch.chapters.trade_missions.counts import countries_of
from cityresearch.errors import DataError

__all__ = ["as_table", "codes_of", "in_some_not_all", "links", "name_of", "stops"]


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
    labels = _labels(places)
    found = []
    for level, group in rows.groupby("level"):
        for code in countries_of(group):
            there = group[group["countries"].str.split(";").map(lambda codes, code=code: code in codes)]
            name, lat, lon = labels.loc[code, ["name", "lat", "lon"]]
            found.append(
                {
                    "country": code,
                    "name": name,
                    "level": level,
                    "trips": len(there),
                    "lat": lat,
                    "lon": lon,
                    "mission_ids": ";".join(there.index),
                }
            )
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
    found = []
    for (_, origin), group in rows.groupby(["level", "jurisdiction"]):
        known = places.loc[origin] if origin in places.index else {"lat": float("nan"), "lon": float("nan")}
        found.append(stops(group, places).assign(origin=origin, origin_lat=known["lat"], origin_lon=known["lon"]))
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


def name_of(code: str, places: pd.DataFrame) -> str:
    """Return the name of a country by its ISO code, as the map uses it."""
    return _labels(places).at[code, "name"]


def codes_of(names: Iterable[str], places: pd.DataFrame) -> list[str]:
    """Return the ISO codes of countries by their names.

    Raises
    ------
    DataError
        If a name is not among the label points of `places`.
    """
    by_name = {row["name"]: code for code, row in _labels(places).iterrows()}
    lacking = [name for name in names if name not in by_name]
    if lacking:
        raise DataError(f"places has no label point for {', '.join(lacking)}: check the spelling.")
    return [by_name[name] for name in names]


def in_some_not_all(rows: pd.DataFrame, places: pd.DataFrame) -> list[str]:
    """Return the names of countries that some of the counts hold and others do not, sorted."""
    sets = [set(cell.split(";")) for cell in rows["country_list"]]
    if not sets:
        return []
    return sorted(name_of(code, places) for code in set.union(*sets) - set.intersection(*sets))


def _labels(places: pd.DataFrame) -> pd.DataFrame:
    """Return the label point of each country by its ISO code: name, lat, lon."""
    labels = places[places.index.str.endswith(" (label)")].reset_index()
    labels["name"] = labels["place"].str.removesuffix(" (label)")
    return labels.set_index("country_iso3")[["name", "lat", "lon"]]
