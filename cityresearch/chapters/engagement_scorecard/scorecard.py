"""A scorecard of international engagement: the toolkit's measures, filled with what our tables have on each city.

A cell is the best that there is: a confirmed, a reported or a planned result, a related figure that is no result, or nothing. Nothing says
nothing about the city: much that a city does is published nowhere, or was not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.engagement_scorecard.evidence import SURENESS, Item, items, years_in_words
from cityresearch.chapters.engagement_scorecard.horizons import horizon_of
from cityresearch.chapters.engagement_scorecard.toolkit import HORIZONS, measures
from cityresearch.errors import ParameterError
from cityresearch.numbers.display import in_time, in_words
from cityresearch.numbers.quantity import unique
from cityresearch.phrases import listed

__all__ = [
    "STATUSES", "by_sureness", "cell", "cities_of", "counts_as_public", "coverage", "definitions", "of_city", "scorecard",
    "summary", "tally",
]  # fmt: skip

# best first, with what each means in a cell
STATUSES = {
    "confirmed": "a second side confirms it",
    "reported": "one side reports it",
    "planned": "announced or awarded, not yet a result",
    "related": "a figure of another kind or area, not a result",
    "nothing": "our tables have no row on it",
}


def cities_of(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the cities that the tables are about, in the order of the alphabet."""
    return tuple(sorted(tables["sister_city_counts"].index.get_level_values("city").unique()))


@checked_arguments
def scorecard(
    tables: Mapping[str, pd.DataFrame], *, since: int, until: int, cities: tuple[str, ...] | None = None
) -> pd.DataFrame:
    """Fill the toolkit's measures for each city from our tables.

    Parameters
    ----------
    tables : mapping of dataset name to frame
        scorecard_metrics, scorecard_outcomes, scorecard_statements, missions, mission_classification, mission_outcomes, claim_sources,
        sister_city_counts, foreign_owned_firms, port_observations, other_observations.
    since, until : int
        First and last year of the trips counted. Outcomes and statements of any year count.
    cities : tuple of str, optional
        All of `cities_of` if left out.

    Returns
    -------
    pandas.DataFrame
        One row per measure and city, in the toolkit's order: metric_id, horizon, metric, counted (the definition), city, status (of
        `STATUSES`), value (in words: every amount with its unit and sureness), amount and unit (of the best evidence alone), shown (the same,
        short, with a plus where the cell has more), period (of the best evidence), horizon_met, what, sources. Amounts of different units or
        sureness are never added up. `only_paper` says that every result of the cell is known through the examined paper alone.

    Raises
    ------
    ParameterError
        If the years are in the wrong order.
    """
    if since > until:
        raise ParameterError(f"The first year ({since}) must not be after the last one ({until}).")
    cities, known = cities_of(tables) if cities is None else cities, measures(tables["scorecard_metrics"])
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items(tables, known, cities=cities, since=since, until=until):
        found.setdefault((item.metric_id, item.city), []).append(item)
    rows = []
    for measure in known:
        for city in cities:
            own = found.get((measure.metric_id, city), [])
            status = next((s for s in STATUSES if any(i.standing == s for i in own)), "nothing")
            amounts = _amounts(own)
            results = [i for i in own if i.standing in ("confirmed", "reported")]
            starts = [i.began for i in found.get(("delegations", city), [])]
            best = [i for i in own if i.standing == status]
            unit = best[0].unit if best else measure.unit
            amount = sum(i.amount for i in best if i.unit == unit) if best and status != "related" else None
            rows.append(
                {
                    "metric_id": measure.metric_id,
                    "horizon": measure.horizon,
                    "metric": measure.label,
                    "counted": measure.counted,
                    "city": city,
                    "status": status,
                    "value": "; ".join(amounts),
                    "amount": amount,
                    "unit": unit,
                    "shown": "·"
                    if status == "related"
                    else ""
                    if amount is None
                    else f"{amount:,.0f}{'+' * (len(amounts) > 1)}",
                    "period": _span([i.period for i in best]),
                    "horizon_met": horizon_of(measure, results, starts, until=until),
                    "only_paper": _only_paper(results),
                    "what": "; ".join(i.what for i in own),
                    "sources": ";".join(unique(s for i in own for s in i.sources)),
                }
            )
    return pd.DataFrame(rows)


_PAPER = "carnegie-2026"  # the examined paper and what is known only through its notes


def _only_paper(results: Sequence[Item]) -> bool:
    return bool(results) and all(source.startswith(_PAPER) for item in results for source in item.sources)


def _amounts(own: Sequence[Item]) -> list[str]:
    """Return the amounts of a cell in words, one for each sureness and unit; related figures each as their source has them."""
    told = []
    for status in STATUSES:
        part = [item for item in own if item.standing == status]
        if status == "related":
            told += [f"{_written(i.amount, i.unit)} (related figure)" for i in part if i.amount != 1]
            told += ["a related item, not counted"] * any(i.amount == 1 for i in part)
            continue
        for unit in unique(item.unit for item in part):
            told.append(f"{_written(sum(i.amount for i in part if i.unit == unit), unit)} {status}")
    return told


_ONE = {
    "trips": "trip", "events": "event", "agreements": "agreement", "study trips": "study trip", "programs": "program",
    "projects": "project", "deals": "deal", "routes": "route", "policies": "policy", "commitments": "commitment",
}  # fmt: skip


def _written(amount: float, unit: str) -> str:
    if unit == "rank":
        return f"rank {int(amount)}"
    return in_words(amount, _ONE.get(unit, unit) if amount == 1 else unit)


def _span(periods: Sequence[str]) -> str:
    years = sorted(period for period in periods if period)
    if not years:
        return ""
    first, last = years[0].split("/")[0], years[-1].split("/")[-1]
    return in_time(first) if first == last else f"{in_time(first)} to {in_time(last)}"


def counts_as_public(card: pd.DataFrame, least: str) -> pd.Series:
    """Return which cells have a result that is at least this sure.

    Raises
    ------
    ParameterError
        If `least` is not planned, reported, or confirmed.
    """
    if least not in SURENESS:
        raise ParameterError(f"How sure an outcome must be is one of {', '.join(SURENESS)}, found {least!r}.")
    return card["status"].isin(SURENESS[SURENESS.index(least) :])


@checked_arguments
def by_sureness(card: pd.DataFrame) -> pd.DataFrame:
    """Count the cells with a public result for every degree of sureness that may be asked for.

    Returns
    -------
    pandas.DataFrame
        Indexed by the least sureness: with a result, without, cells.
    """
    rows = {
        least: (int(public.sum()), int((~public).sum()), len(card))
        for least in SURENESS
        for public in [counts_as_public(card, least)]
    }
    columns = ["with a public result", "without", "cells"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("results at least")


def tally(card: pd.DataFrame) -> pd.DataFrame:
    """Count cells by horizon and status.

    Returns
    -------
    pandas.DataFrame
        Indexed by horizon in words (in the toolkit's order, then `all`): a column for each of `STATUSES`, and cells.
    """
    counts = card.groupby(["horizon", "status"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=list(HORIZONS), columns=list(STATUSES), fill_value=0)
    counts.loc["all"] = counts.sum()
    return counts.assign(cells=counts.sum(axis=1)).rename(index=HORIZONS).rename_axis(columns=None)


def definitions(card: pd.DataFrame) -> pd.DataFrame:
    """Return what each measure counts, by measure in the toolkit's order, with its horizon."""
    rows = card.drop_duplicates("metric_id").set_index("metric").rename_axis("measure")
    return pd.DataFrame({"horizon": rows["horizon"].map(HORIZONS), "what is counted": rows["counted"]})


def cell(card: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """Return what is behind one measure, city by city: status, value, period, horizon_met, what, sources."""
    rows = card[card["metric_id"] == metric_id]
    return rows.set_index("city")[["status", "value", "period", "horizon_met", "what", "sources"]]


def of_city(card: pd.DataFrame, city: str) -> pd.DataFrame:
    """Return one city by measure, in the toolkit's order: horizon, measure, value, period, status, whether the horizon was met, what
    is behind it and its sources."""
    rows = card[card["city"] == city].set_index("metric").rename_axis("measure")
    return pd.DataFrame(
        {
            "horizon": rows["horizon"].map(HORIZONS),
            "value": rows["value"].where(rows["status"] != "nothing", "nothing in our tables"),
            "period": rows["period"],
            "status": rows["status"].where(rows["status"] != "nothing", ""),
            "horizon met": rows["horizon_met"],
            "what is counted": rows["counted"],
            "what is behind it": rows["what"],
            "sources": rows["sources"].str.replace(";", "; "),
        }
    )


@checked_arguments
def coverage(card: pd.DataFrame, city: str, *, least: str) -> str:
    """Return in sentences for how many measures a city has a public figure, and what the other cells have."""
    own = card[card["city"] == city]
    public, counts = int(counts_as_public(own, least).sum()), own["status"].value_counts()
    parts = [
        f"{counts.get(s, 0)} {words}"
        for s, words in (("confirmed", "confirmed"), ("reported", "reported"), ("planned", "planned only"))
    ]
    have, alone = "has" if public == 1 else "have", int(own["only_paper"].sum())
    return (
        f"{city}: {public} of {len(own)} measures {have} a public figure that is at least {least}. By their best evidence {listed(parts)}; "
        f"{counts.get('related', 0)} with a related figure that is not a result, {counts.get('nothing', 0)} with nothing in our tables."
        + f" Known only through the examined paper: {alone}."
        * bool(alone)
    )


@checked_arguments
def summary(card: pd.DataFrame, *, since: int, until: int, least: str) -> str:
    """Return in sentences which measures have no result for any city, and which cities have most and fewest."""
    public = counts_as_public(card, least)
    bare = [metric for metric, part in public.groupby(card["metric"], sort=False) if not part.any()]
    by_city = public.groupby(card["city"], sort=False).sum()
    total = card["metric_id"].nunique()
    are = "measures have" if len(bare) != 1 else "measure has"
    said = [
        f"Trips of {years_in_words(since, until)}. {len(bare)} of {total} {are} no result for any city{': ' * bool(bare)}{'; '.join(bare)}."
    ]
    if by_city.max() > by_city.min():
        most, fewest = (listed(by_city.index[by_city == end]) for end in (by_city.max(), by_city.min()))
        said.append(
            f"Most measures with a public figure: {most} ({by_city.max()} of {total}); fewest: {fewest} ({by_city.min()})."
        )
    if alone := int(card["only_paper"].sum()):
        said.append(f"In {alone} of the cells with a result it is known only through the examined paper.")
    said.append("Cities whose organizers publish more look better, so these counts rank publication and not success.")
    return " ".join(said)
