"""The figure of a profile: exports of the area by year."""

from __future__ import annotations

import pandas as pd

from cityresearch import charts
from cityresearch.arguments import checked_arguments
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro
from cityresearch.measures.cited import sources
from cityresearch.numbers.display import in_words

__all__ = ["exports"]


@exhibit("city-profile-exports")
@checked_arguments
def exports(by_year: pd.DataFrame, redrawn: pd.DataFrame, metro: str, *, year: int, **words: str) -> Chart:
    """Draw an area's exports by year, interrupted where its counties changed or are not known to be the same.

    Parameters
    ----------
    by_year : pandas.DataFrame
        From `goods.exports_by_year`.
    redrawn : pandas.DataFrame
        From `areas.breaks`.
    year : int
        The year in the title, or the last one where the area has no value of that year.
    """
    name, values = short_metro(metro), by_year["value_usd"]
    first, last = values.index.min(), values.index.max()
    shown = year if year in values.index else last
    scale, unit = (1e9, "billion") if values.max() >= 1e9 else (1e6, "million")
    same = redrawn["kept"].map(lambda kept: kept is True).astype(bool)
    events = {y - 0.5: "same area" for y in redrawn.index[same]}
    breaks = {y - 0.5: "new list" if redrawn.at[y, "kept"] is None else "new area" for y in redrawn.index[~same]}
    span = str(first) if first == last else f"{first} to {last}"
    told = Words(
        f"{name}: {in_words(int(values[shown]), 'USD', 3)} of goods exported in {shown}, "
        f"US rank {by_year.at[shown, 'rank_us']}",
        f"Goods exports by the ZIP code of the exporter of record, {unit} current US dollars. Dashed: counties changed "
        "or not known to be the same, line interrupted; dotted: a new list with the same counties.",
        caption=f"Goods exports of {name}, {span}. First release, never revised; re-exports included; areas as in each "
        "year's list.",
        sources=sources(by_year),
    )
    drawn = pd.DataFrame({"x": range(first, last + 1), "series": name})
    drawn["value"] = drawn["x"].map(values / scale)
    return charts.lines(
        drawn, told | words, unit=f"{unit} US dollars", breaks=breaks, events=events, markers=True, height=2.2
    )
