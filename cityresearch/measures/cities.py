"""What the cities of an area do abroad: trips, what came of them, and sister cities."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cityresearch.geography import short_metro, states_in_title
from cityresearch.numbers.quantity import unique

__all__ = ["CITIES_COVER", "cities_in", "outcomes", "sister_cities", "trips"]

# Trips and sister cities were gathered for one state only, so a city of the same name elsewhere is not meant.
CITIES_COVER = "CA"


def cities_in(metro_titles: Sequence[str]) -> tuple[str, ...]:
    """Return the cities that an area's titles name, if the lists of trips and sister cities cover its state.

    Examples
    --------
    >>> cities_in(["San Francisco-Oakland-Fremont, CA"]), cities_in(["Fresno, TX"])
    (('San Francisco', 'Oakland', 'Fremont'), ())
    """
    covered = [title for title in metro_titles if CITIES_COVER in states_in_title(title)]
    return unique(city for title in covered for city in short_metro(title).split("-"))


def trips(missions: pd.DataFrame, classification: pd.DataFrame, cities: Sequence[str]) -> pd.DataFrame:
    """Return the trips abroad of some cities, oldest first, undated ones last.

    Returns
    -------
    pandas.DataFrame
        Indexed by mission_id: jurisdiction, start_date, countries, purpose, kind, role, trade_focus, sure, source_id.
    """
    rows = missions[missions["level"] == "city"].join(classification[["kind", "role", "sure"]])
    wanted = set(cities)
    rows = rows[[bool(wanted & set(j.split(";"))) for j in rows["jurisdiction"]]]
    columns = ["jurisdiction", "start_date", "countries", "purpose", "kind", "role", "trade_focus", "sure", "source_id"]
    return rows.sort_values("start_date", na_position="last", kind="stable")[columns]


def outcomes(found: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return what is said to have come of chosen trips, without what was only planned.

    Parameters
    ----------
    found : pandas.DataFrame
        The dataset `mission_outcomes`.
    chosen : pandas.DataFrame
        From `trips`.

    Returns
    -------
    pandas.DataFrame
        Columns mission_id, outcome, kind, value, unit, status (reported or confirmed), note.
    """
    rows = found.reset_index()
    rows = rows[rows["mission_id"].isin(chosen.index) & rows["status"].isin(["reported", "confirmed"])]
    return rows[["mission_id", "outcome", "kind", "value", "unit", "status", "note"]].reset_index(drop=True)


def sister_cities(listed: pd.DataFrame, cities: Sequence[str]) -> pd.DataFrame:
    """Return the sister cities of some cities.

    Parameters
    ----------
    listed : pandas.DataFrame
        The dataset `sister_cities`.

    Returns
    -------
    pandas.DataFrame
        Columns city, sister_city, country, snapshot (the month of the list), in the order of the list.
    """
    rows = listed.reset_index()
    rows = rows[rows["city"].isin(cities) & (rows["country"].fillna("") != "")]
    return rows[["city", "sister_city", "country", "snapshot"]].reset_index(drop=True)
