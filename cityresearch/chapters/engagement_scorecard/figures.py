"""Figures of the scorecard and of market places, with their words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.engagement_scorecard.evidence import years_in_words
from cityresearch.chapters.engagement_scorecard.scorecard import STATUSES, counts_as_public
from cityresearch.chapters.engagement_scorecard.toolkit import HORIZONS, measures
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.agreeing import how_many_agree
from cityresearch.claims.curve_names import CURVES

__all__ = ["grid", "smallest_markets"]


@exhibit("engagement-scorecard")
def grid(card: pd.DataFrame, since: int, until: int, least: str, **words: str) -> Chart:
    """Draw the toolkit's measures by city: the best evidence in each cell as its shade, and the amount.

    Parameters
    ----------
    card : pandas.DataFrame
        From `scorecard.scorecard`.
    since, until : int
        Years of the trips counted.
    least : {"planned", "reported", "confirmed"}
        How sure a result is that the title counts.

    Returns
    -------
    Chart
        Data: as `charts.status_grid`, with the value of each cell in words, its period and whether its horizon was met.
    """
    public, cities = counts_as_public(card, least), card["city"].nunique()
    told = Words(
        title=f"{int(public.sum())} of {len(card)} cells of the toolkit's table have a public result that is at least {least}",
        subtitle=f"{card['metric_id'].nunique()} measures, {cities} cities of California. A number is the amount with the best evidence, in "
        "the unit after the measure unless the data say otherwise; a plus says that the cell has more; a dot is a related figure that is not a result. "
        f"Trips of {years_in_words(since, until)}; other results of any year.",
        caption=f"Measures of the Meridian toolkit for {cities} cities of California. An empty cell says that our "
        "tables have nothing, not that the city did nothing; no cell shows cause and effect.",
        sources=("meridian-2025",),
        note="Each cell's own sources are in the data of the figure.",
    )
    unit = {measure.metric_id: measure.unit for measure in measures()}
    drawn = card.rename(columns={"value": "words"})
    drawn["metric"] = [f"{row.metric} ({unit[row.metric_id]})" for row in card.itertuples()]
    return charts.status_grid(drawn, told | words, groups=HORIZONS, statuses=STATUSES)


@exhibit(CURVES["M051"])
def smallest_markets(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the place from the smallest market under each reading, from `readings.place_from_the_smallest`."""
    title = how_many_agree("M051", readings, "Oklahoma City's place from the smallest NBA market")
    return charts.specification_curve("M051", readings, Words(title, note="No basis is printed.") | words)
