"""Figures of metros among all metros of the country: by exports, per resident and relative to product."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.chapters.metro_exports.concentration import ranked
from cityresearch.chapters.metro_exports.figures import COUNTED
from cityresearch.chapters.metro_exports.rank_size import rank_size
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro, state_in_words
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, missing

__all__ = ["per_gdp", "per_head", "ranks"]


@exhibit("metro-exports-rank-size")
def ranks(sizes: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw all metros of the country by size and rank, with those of a state marked.

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
        subtitle=f"Each dot is a metro with a value. Metros of {name}: {len(mine)}; among the first fifty: "
        f"{int((mine['rank'] <= 50).sum())}. Counted {COUNTED}.",
        caption=f"Rank and size of metro exports, {year}.",
        sources=sources(sizes),
    )
    return rank_size(sizes, told | words, state=state, unit="billion US dollars", scale=1e9)


@exhibit("metro-exports-per-head")
def per_head(scaled: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw exports per resident against rank.

    Parameters
    ----------
    scaled : pandas.DataFrame
        From `concentration.per_head_and_product`.
    """
    rows = scaled[scaled["population"].notna()]
    return _relative(rows, "usd_per_head", "per resident", "US dollars per resident", 0, state, year, words)


@exhibit("metro-exports-per-gdp")
def per_gdp(scaled: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw exports relative to product, of the same counties, against rank; parameters are those of `per_head`."""
    rows = scaled[scaled["same_counties"] & scaled["gdp_usd"].notna()]
    return _relative(rows, "percent_of_gdp", "relative to product", "percent of GDP", 1, state, year, words)


def _relative(
    rows: pd.DataFrame, column: str, what: str, unit: str, digits: int, state: str, year: int, words: Mapping[str, str]
) -> Chart | Missing:
    own = [";".join(cited) for cited in rows["sources"]]
    table = ranked(rows.rename(columns={column: "value"}).assign(source_id=own))
    name, mine = state_in_words(state), table[table["state"] == state]
    if mine.empty:
        lacking = "residents of its metros" if column == "usd_per_head" else "product of the same counties"
        return missing(f"Exports {what} are not ranked for {name} in {year}: our data have no {lacking}.")
    best = mine.iloc[0]
    told = Words(
        f"{short_metro(best['label'])} exports most {what} of {name}'s metros: rank {best['rank']} of {len(table)}"
        if len(mine) > 1
        else f"{short_metro(best['label'])} ranks {best['rank']} of {len(table)} metros in exports {what}",
        subtitle=f"Goods exports {what}, {year}. Median of {name}'s metros {mine['value'].median():,.{digits}f}, of "
        f"all {table['value'].median():,.{digits}f} {unit}. Booked where the exporter's papers are.",
        caption=f"Metro exports {what}, {year}: a scale, not a part of a whole.",
        sources=sources(rows["sources"]),
    )
    return rank_size(table, told | words, state=state, unit=unit)
