"""Figures of the scorecard and of market places, with their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.engagement_scorecard.evidence import years_in_words
from cityresearch.chapters.engagement_scorecard.scorecard import HORIZONS, tally
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.agreeing import how_many_agree
from cityresearch.claims.curve_names import CURVES

__all__ = ["grid", "smallest_markets"]


@exhibit("engagement-scorecard")
def grid(card: pd.DataFrame, since: int, until: int, least: str, **words: str) -> Chart:
    """Draw the toolkit's measures by city: filled, partly and empty, with the number of trips or outcomes.

    Parameters
    ----------
    card : pandas.DataFrame
        From `scorecard.scorecard`.
    since, until : int
        Years of the trips counted.
    least : {"planned", "reported", "confirmed"}
        How sure an outcome is that counts.

    Returns
    -------
    Chart
        Data: as `charts.status_grid`, and what the items of each cell are (`counted`).
    """
    total = tally(card).loc["all"]
    cities = card["city"].nunique()
    told = Words(
        title=f"{total['filled']} of {total['cells']} cells of the toolkit's table hold a confirmed outcome, "
        f"{total['partly']} a part, {total['empty']} nothing",
        subtitle="Dark: a confirmed outcome of the city itself. Pale: a part, another area or year, or the word of "
        "the body concerned. White: nothing in our tables. Numbers count trips in the rows of delegations "
        "and of exchanges on policy, and outcomes in all others; a pale cell without a number has only "
        f"figures of another kind. Trips of {years_in_words(since, until)}; outcomes of any year, at least {least}.",
        caption=f"Measures of the Meridian toolkit for {cities} cities of California. An empty cell says that our "
        "tables have nothing, not that the city did nothing; no cell shows cause and effect.",
        sources=("meridian-2025",),
        note="Each cell's own sources are in the data of the figure.",
    )
    chart = charts.status_grid(card, told | words, groups=HORIZONS)
    return replace(chart, data=chart.data.assign(counted=card["counted"]))


@exhibit(CURVES["M051"])
def smallest_markets(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the place from the smallest market under each reading, from `readings.place_from_the_smallest`."""
    title = how_many_agree("M051", readings, "Oklahoma City's place from the smallest NBA market")
    return charts.specification_curve("M051", readings, Words(title, note="No basis is printed.") | words)
