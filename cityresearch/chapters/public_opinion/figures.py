"""Figures of public opinion, with their words."""

from __future__ import annotations

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.public_opinion.bars import bars
from cityresearch.chapters.public_opinion.precision import Design
from cityresearch.chapters.public_opinion.rises import START, detectable_curve
from cityresearch.chapters.public_opinion.sister_cities import countries_named, short_for
from cityresearch.chapters.public_opinion.surveys import shares
from cityresearch.chapters.public_opinion.ties import ties
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.numbers.quantity import Missing, missing
from cityresearch.phrases import capitalized

__all__ = ["detectable_change", "engagements", "sister_cities"]


@exhibit("detectable-change")
def detectable_change(design: Design | Missing, *, power: float, alpha: float, **words: str) -> Chart | Missing:
    """Draw the smallest rise that two surveys of a design would show, over the share in the first survey.

    Parameters
    ----------
    design : Design or Missing
        From `precision.design`.
    power, alpha : float
        As for `rises.detectable_change`.
    """
    if isinstance(design, Missing):
        return missing(f"no curve of detectable rises: {design.reason}")
    effective = float(design.effective.value)
    sizes = {
        f"{effective:.0f}, the effective number": effective,
        f"{design.asked:,}, if drawn at random": design.asked,
    }
    curve = detectable_curve(sizes, range(5, 96, 5), power=power, alpha=alpha)
    high = curve.loc[(curve["series"] == next(iter(sizes))) & (curve["x"] == START), "value"].iloc[0]
    told = Words(
        f"Two surveys like {design.label} find a rise of {high:.0f} points from {START} percent",
        subtitle=f"Smallest rise in percentage points that a two-sided test at {100 * alpha:g} percent finds {100 * power:g} percent of the time, by the share in "
        "the first survey in percent; two independent surveys of equal effective size.",
        caption=f"Smallest rise between two rounds that would be found {100 * power:g} percent of the time. Derived from the size and margin printed "
        f"for {design.survey}. The other rounds are assumed to be like it, which is not known.",
        sources=design.margin.sources,
        note="Derived; no answer to the survey is used.",
    )
    ticks = {x: str(x) for x in range(20, 100, 20)}
    return charts.lines(
        curve, told | words, unit="percentage points", at_unit="percent in the first survey", ticks=ticks, height=2.3
    )


@exhibit("city-engagements")
def engagements(answers: pd.DataFrame, **words: str) -> Chart:
    """Draw what American cities do abroad, by goal and by method.

    Parameters
    ----------
    answers : pandas.DataFrame
        The dataset `survey_answers`.
    """
    goals = shares(answers, series="usmc_truman_engagement_goal")
    methods = shares(answers, series="usmc_truman_engagement_method")
    total = answers.reset_index().query("series == 'usmc_truman_engagements'").iloc[0]
    first = methods.sort_values("value", ascending=False).iloc[0]
    missions = methods.loc[methods["answer"].str.contains("missions"), "value"].iloc[0]
    told = Words(
        f"{_name(first['answer'])} are {first['value']:g} percent of US cities' engagements abroad, missions {missions:g} percent",
        subtitle=f"Percent of the engagements counted in {total['period']}, as printed: more than {total['value']:,.0f} in all, of cities "
        "that answered or were looked up. This is not a random sample, so it has no margin.",
        caption="Engagements of US cities abroad by goal and by method, as shares of all engagements that a survey of "
        f"{total['period']} counted. Goals can overlap. The printed methods do not add to 100.",
        note=f"An engagement can have several goals. The printed methods add to {methods['value'].sum():g} percent.",
    )
    return bars({"By goal": goals, "By method": methods}, told | words)


@exhibit("sister-cities")
def sister_cities(listed: pd.DataFrame, counts: pd.DataFrame, **words: str) -> Chart | Missing:
    """Draw the sister-city ties of one list, a dot for each.

    Parameters
    ----------
    listed : pandas.DataFrame
        Ties by country and city, from `sister_cities.ties`; empty where the list does not name the countries.
    counts : pandas.DataFrame
        From `sister_cities.counts_elsewhere`.
    """
    if not countries_named(listed):
        return missing(listed.attrs["why"])
    per_country, snapshot = listed.sum(axis=1), listed.attrs["snapshot"]
    told = Words(
        f"{per_country.index[0]} and {per_country.index[1]} lead the sister-city ties of {len(listed.columns)} Californian cities",
        subtitle=f"One dot per tie in a list of {snapshot} with {int(per_country.sum())} ties to {len(listed)} countries; countries as "
        f"the list names them. {short_for(counts)}",
        caption=f"Sister-city ties of {len(listed.columns)} Californian cities by country of the partner, list of {snapshot}, not "
        "complete. A tie does not show how active it is.",
        sources=listed.attrs["sources"],
    )
    return ties(listed, told | words)


def _name(answer: str) -> str:
    return capitalized(answer.removesuffix(" relations"))
