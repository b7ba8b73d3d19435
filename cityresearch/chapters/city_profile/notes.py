"""Sentences of a profile that hold numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import short_metro
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity
from cityresearch.phrases import capitalized, listed

__all__ = ["exported", "new_lists", "of_product", "per_head", "ties", "traveled"]


@checked_arguments
def exported(value: Quantity | Missing, by_year: pd.DataFrame, metro: str, year: int) -> str:
    """Return what an area exported in a year and where it stands, or which years the series has.

    Parameters
    ----------
    value : Quantity or Missing
        From `goods.value_of`.
    by_year : pandas.DataFrame
        From `goods.exports_by_year`.
    """
    others = [title for title in by_year["title"].unique() if title != metro]
    also = f" In other years the title of the area was {' or '.join(others)}." if others else ""
    if isinstance(value, Missing):
        first, last = by_year.index.min(), by_year.index.max()
        have = f"only {first}" if first == last else f"{len(by_year)} years of this area, {first} to {last}"
        return f"There is no value of {year} ({value.reason}). The series has {have}.{also}"
    row = by_year.loc[year]
    return (
        f"{short_metro(metro)} exported goods worth {in_words(value.value, 'USD')} in {year}. That is rank "
        f"{row['rank_us']} of {row['metros_us']} metros of the country, rank {row['rank_state']} of "
        f"{row['metros_state']} whose title begins with the same state, and {row['share_of_us']:.2g} percent of all "
        f"goods exports in the series.{also}"
    )


def new_lists(redrawn: pd.DataFrame) -> str:
    """Return in which years the series took up a new list of areas, and whether the counties are the same.

    Parameters
    ----------
    redrawn : pandas.DataFrame
        From `areas.breaks`.
    """
    if redrawn.empty:
        return "The series took up no new list of areas between the years that it has of this area."
    told = "; ".join(f"in {year} ({words})" for year, words in redrawn["words"].items())
    return f"The series took up a new list of areas {told}."


@checked_arguments
def per_head(ratio: Quantity | Missing, metro: str) -> str:
    """Return exports per resident in a sentence, with what a reader must know."""
    if isinstance(ratio, Missing):
        return f"We cannot say what {short_metro(metro)} exported per resident: {ratio.reason}."
    return (
        f"Exports per resident of {short_metro(metro)} were ${float(ratio.value):,.0f} ({ratio.period}).{_but(ratio)}"
    )


@checked_arguments
def of_product(ratio: Quantity | Missing, metro: str) -> str:
    """Return exports as a percentage of gross domestic product in a sentence, with what a reader must know."""
    if isinstance(ratio, Missing):
        return f"We cannot compare exports of {short_metro(metro)} with its gross domestic product: {ratio.reason}."
    return (
        f"Exports of {short_metro(metro)} were {float(ratio.value):.1f} percent of its gross domestic product "
        f"({ratio.period}).{_but(ratio)}"
    )


def _but(ratio: Quantity) -> str:
    return "".join(f" {capitalized(caveat)}." for caveat in ratio.caveats)


@checked_arguments
def traveled(trips: pd.DataFrame, outcomes: pd.DataFrame, cities: Sequence[str], metro: str) -> str:
    """Return how many trips abroad are on record, and for how many outcomes.

    Parameters
    ----------
    trips, outcomes : pandas.DataFrame
        From `cities.trips` and `cities.outcomes`.
    cities : sequence of str
        From `cities.cities_in`.
    """
    if trips.empty:
        return f"Our data have no trip of a city of {short_metro(metro)}; they cover the cities of one state."
    named = {city for trip in trips["jurisdiction"] for city in trip.split(";")} & set(cities)
    led = int((trips["role"] == "led").sum())
    return (
        f"Trips of {listed(sorted(named))} that are on record: {len(trips)}. A city official led {led} of them. "
        f"Outcomes that are reported or confirmed: {len(outcomes)}."
    )


@checked_arguments
def ties(found: pd.DataFrame, metro: str) -> str:
    """Return how many sister cities are listed.

    Parameters
    ----------
    found : pandas.DataFrame
        From `cities.sister_cities`.
    """
    if found.empty:
        name = short_metro(metro)
        return f"Our lists of sister cities have none of a city of {name}; they cover the cities of one state."
    cities, lists = (listed(sorted(found[column].unique())) for column in ("city", "snapshot"))
    return f"Sister cities of {cities} in the list of {lists}: {len(found)}. The list is not complete."
