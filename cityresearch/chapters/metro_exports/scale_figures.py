"""Figures of metros among all metros of the country: by exports, per resident and relative to product."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.metro_exports.concentration import ranked
from cityresearch.chapters.metro_exports.figures import COUNTED
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro, state_in_words
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, missing

__all__ = ["FIRST", "NAMED", "per_gdp", "per_head", "ranks"]
FIRST, NAMED = 3, 10  # how many of the country's first metros and of the state's own are named


@exhibit("metro-exports-rank-size")
def ranks(sizes: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw a state's largest metros with their rank in the country, between the country's first and its middle.

    Parameters
    ----------
    sizes : pandas.DataFrame
        From `concentration.rank_size`.
    """
    name, mine = state_in_words(state), sizes[sizes["state"] == state]
    if mine.empty:
        return missing(f"No metro of {name} has a value for {year}, so none is ranked.")
    best = mine.iloc[0]
    told = Words(
        f"{short_metro(best['label'])} ranks {best['rank']} of {len(sizes)} metros in goods exports, {year}",
        subtitle=f"Billion US dollars, logarithmic scale; in brackets the rank of {len(sizes)}. Metros of {name}: {len(mine)}; among "
        f"the first fifty: {int((mine['rank'] <= 50).sum())}. Counted {COUNTED}.",
        caption=f"Metro exports and their ranks, {year}, on a logarithmic scale.",
        sources=sources(sizes),
    )
    return _among_all(sizes.assign(value=sizes["value"] / 1e9), told | words, state, "billion US dollars", None)


@exhibit("metro-exports-per-head")
def per_head(scaled: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw exports per resident with ranks; as `ranks`.

    Parameters
    ----------
    scaled : pandas.DataFrame
        From `concentration.per_head_and_product`.
    """
    rows = scaled.rename(columns={"per_head_sources": "source_id"})[scaled["population"].notna()]
    return _relative(rows, "usd_per_head", "per resident", "US dollars per resident", 0, state, year, words)


@exhibit("metro-exports-per-gdp")
def per_gdp(scaled: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw exports relative to product, of the same counties, with ranks; parameters are those of `per_head`."""
    known = scaled["same_counties"] & scaled["gdp_usd"].notna()
    rows = scaled.rename(columns={"of_gdp_sources": "source_id"})[known]
    return _relative(rows, "percent_of_gdp", "relative to product", "percent of product", 1, state, year, words)


def _relative(
    rows: pd.DataFrame, column: str, what: str, unit: str, digits: int, state: str, year: int, words: Mapping[str, str]
) -> Chart | Missing:
    table = ranked(rows.rename(columns={column: "value"}))
    name, mine = state_in_words(state), table[table["state"] == state]
    if mine.empty:
        lacking = "residents of its metros" if column == "usd_per_head" else "product of the same counties"
        return missing(f"Exports {what} are not ranked for {name} in {year}: our data have no {lacking}.")
    best = mine.iloc[0]
    told = Words(
        f"{short_metro(best['label'])} exports most {what} of {name}'s metros: rank {best['rank']} of {len(table)}"
        if len(mine) > 1
        else f"{short_metro(best['label'])} ranks {best['rank']} of {len(table)} metros in exports {what}",
        subtitle=f"Goods exports {what}, {year}, {unit}, logarithmic scale; in brackets the rank of {len(table)}. Median of {name}'s "
        f"metros {mine['value'].median():,.{digits}f}. Booked where the exporter's papers are.",
        caption=f"Metro exports {what}, {year}: a scale, not a part of a whole.",
        sources=sources(rows["source_id"]),
    )
    return _among_all(table, told | words, state, unit, digits)


def _among_all(table: pd.DataFrame, words: Words, state: str, unit: str, digits: int | None) -> Chart:
    """Draw the state's own metros between the first and the middle of all metros, each with its rank."""
    mine = table[table["state"] == state]
    own = f"Metros of {state_in_words(state)}"
    groups = {
        f"First {FIRST} of the country": table.head(FIRST),
        own if len(mine) <= NAMED else f"{own}, the first {NAMED} of {len(mine)}": mine.head(NAMED),
        "Middle of all metros": table.iloc[[(len(table) - 1) // 2]],
    }
    rows = pd.concat(part.assign(group=group) for group, part in groups.items())
    rows = rows.assign(
        label=[f"{short_metro(r.label)} ({r.rank})" for r in rows.itertuples()], low=rows["value"], high=rows["value"]
    )[["rank", "group", "label", "state", "value", "low", "high", "source_id"]].assign(ranked=len(table))
    return charts.dots(rows, words, unit=f"{unit} (logarithmic scale)", decimals=digits, log=True)
