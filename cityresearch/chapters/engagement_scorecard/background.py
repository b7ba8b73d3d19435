"""What is public around a measure and is not a result of it: lists of sister cities, and exports of the metro that has
the city."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.errors import DataError
from cityresearch.geography import short_metro
from cityresearch.measures.exports import metro_value
from cityresearch.measures.published import filled
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, unique

__all__ = ["METROS", "background", "metro_of"]
METROS = "six metros that hold the nine cities"  # the set of metros in `metro_sets`


def background(tables: Mapping[str, pd.DataFrame], cities: tuple[str, ...]) -> pd.DataFrame:
    """Return how many sister cities each list names and what the metro exported, by city.

    Parameters
    ----------
    tables : mapping of dataset name to frame
        sister_city_counts, sister_cities, metro_exports, metro_sets.
    cities : tuple of str

    Returns
    -------
    pandas.DataFrame
        Indexed by city: sister cities, goods exports of the metro, sources.
    """
    ties, exports = _ties(tables["sister_city_counts"], tables["sister_cities"]), tables["metro_exports"]
    titles = list(tables["metro_sets"].loc[METROS].index)
    last = int(exports.index.get_level_values("year").max())
    rows = []
    for city in cities:
        title = metro_of(city, titles)
        value = metro_value(exports, title, last)
        known = ties.get(city, [])
        exported = "none in our data"
        if not isinstance(value, Missing):
            exported = f"{in_words(value.value, value.unit)} in {last} ({short_metro(title)})"
        rows.append(
            {
                "city": city,
                "sister cities": "; ".join(words for words, _ in known) or "no list in our data",
                "goods exports of the metro": exported,
                "sources": "; ".join(unique([*(source for _, source in known), *value.sources])),
            }
        )
    return pd.DataFrame(rows).set_index("city")


def metro_of(city: str, titles: list[str]) -> str:
    """Return the metro that names a city in its title.

    Raises
    ------
    DataError
        If none or several do.

    Examples
    --------
    >>> metro_of("Anaheim", ["Los Angeles-Long Beach-Anaheim, CA", "Fresno, CA"])
    'Los Angeles-Long Beach-Anaheim, CA'
    """
    found = [title for title in titles if city in short_metro(title).split("-")]
    if len(found) != 1:
        raise DataError(f"{len(found)} metros name {city} ({', '.join(found) or 'none'}): exactly one must.")
    return found[0]


def _ties(counts: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return what each list or count says, with its source, by city."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in filled(counts).rename(columns={"count": "ties"}).itertuples():
        found.setdefault(row.city, []).append((f"{row.ties} ({row.as_of or 'undated'})", row.source_id))
    for (city, snapshot), part in pairs.reset_index().groupby(["city", "snapshot"]):
        found.setdefault(str(city), []).append((f"{len(part)} (list of {snapshot})", part["source_id"].iloc[0]))
    return found
