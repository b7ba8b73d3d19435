"""A scorecard of international engagement: the measures that a toolkit proposes, filled from what our tables have on
each city.

A cell is `filled` if a confirmed outcome of the city itself answers the measure, `partly` if there is only a part of
it, another area, another year or the word of the body concerned, and `empty` if our tables have nothing. Empty says
nothing about the city: much that a city does is published nowhere, or was not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.engagement_scorecard.evidence import SURENESS, Item, items, years_in_words
from cityresearch.errors import ParameterError
from cityresearch.numbers.quantity import unique
from cityresearch.phrases import listed

__all__ = [
    "HORIZONS", "STATUSES", "Status", "by_sureness", "cell", "cities_of", "in_words", "nothing_in_words", "of_city",
    "scorecard", "tally",
]  # fmt: skip

Status = Literal["filled", "partly", "empty"]
STATUSES: tuple[Status, ...] = ("filled", "partly", "empty")
HORIZONS = {
    "activity": "Activity",
    "immediate": "Within a year",
    "medium_term": "One to three years",
    "long_term": "After three years",
}


def cities_of(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the cities that the tables are about, in the order of the alphabet."""
    return tuple(sorted(tables["sister_city_counts"].index.get_level_values("city").unique()))


@checked_arguments
def scorecard(
    tables: Mapping[str, pd.DataFrame],
    *,
    since: int,
    until: int,
    least: str = "reported",
    cities: tuple[str, ...] | None = None,
) -> pd.DataFrame:
    """Fill the toolkit's measures for each city from our tables.

    Parameters
    ----------
    tables : mapping of dataset name to frame
        scorecard_metrics, scorecard_outcomes, scorecard_statements, missions, mission_classification, mission_outcomes, claim_sources,
        sister_city_counts, foreign_owned_firms, port_observations, other_observations.
    since, until : int
        First and last year of the trips counted.
    least : {"planned", "reported", "confirmed"}
        How sure an outcome must be to count.
    cities : tuple of str, optional
        All of `cities_of` if left out.

    Returns
    -------
    pandas.DataFrame
        One row per measure and city: metric_id, horizon, metric, city, status, items, counted, what, sources. `items`
        is the number of trips or outcomes, `counted` says which of them and how many figures there are; a source occurs
        once.

    Raises
    ------
    ParameterError
        If `least` is unknown or the years are in the wrong order.
    """
    if least not in SURENESS:
        raise ParameterError(f"How sure an outcome must be is one of {', '.join(SURENESS)}, found {least!r}.")
    if since > until:
        raise ParameterError(f"The first year ({since}) must not be after the last one ({until}).")
    cities = cities_of(tables) if cities is None else cities
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items(tables, cities=cities, since=since, until=until, least=least):
        found.setdefault((item.metric_id, item.city), []).append(item)
    rows = []
    for metric in tables["scorecard_metrics"].reset_index().itertuples():
        for city in cities:
            known = found.get((metric.metric_id, city), [])
            rows.append(
                {
                    "metric_id": metric.metric_id,
                    "horizon": metric.horizon,
                    "metric": metric.metric,
                    "city": city,
                    "status": "empty" if not known else "filled" if any(i.sure for i in known) else "partly",
                    "items": sum(i.count for i in known if i.kind != "figure"),
                    "counted": _counted(known),
                    "what": "; ".join(i.what for i in known),
                    "sources": ";".join(unique(s for i in known for s in i.sources)),
                }
            )
    return pd.DataFrame(rows)


def _counted(known: list[Item]) -> str:
    """Return what the items of a cell are, for instance "3 outcomes, 2 figures"."""
    counts = {kind: sum(i.count for i in known if i.kind == kind) for kind in ("trip", "outcome", "figure")}
    return ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in counts.items() if n)


@checked_arguments
def by_sureness(tables: Mapping[str, pd.DataFrame], *, since: int, until: int) -> pd.DataFrame:
    """Count filled, partly filled and empty cells for every degree of sureness that outcomes may be asked for.

    Returns
    -------
    pandas.DataFrame
        Indexed by the least sureness: filled, partly, empty, cells.
    """
    rows = {least: tally(scorecard(tables, since=since, until=until, least=least)).loc["all"] for least in SURENESS}
    return pd.DataFrame(rows).T.rename_axis("outcomes at least")


def tally(card: pd.DataFrame) -> pd.DataFrame:
    """Count filled, partly filled and empty cells by horizon.

    Returns
    -------
    pandas.DataFrame
        Indexed by horizon (in the toolkit's order, then `all`): filled, partly, empty, cells.
    """
    counts = card.groupby(["horizon", "status"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=list(HORIZONS), columns=list(STATUSES), fill_value=0)
    counts.loc["all"] = counts.sum()
    return counts.assign(cells=counts.sum(axis=1)).rename_axis(columns=None)


def cell(card: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """Return what is behind one measure, city by city: status, items, counted, what, sources."""
    rows = card[card["metric_id"] == metric_id]
    return rows.set_index("city")[["status", "items", "counted", "what", "sources"]]


def of_city(card: pd.DataFrame, city: str) -> pd.DataFrame:
    """Return what is behind every measure of one city that is not empty: measure, status, counted, what, sources."""
    rows = card[(card["city"] == city) & (card["status"] != "empty")]
    columns = {"metric": "measure", "status": "status", "counted": "counted", "what": "what", "sources": "sources"}
    told = rows[list(columns)].rename(columns=columns)
    return told.assign(sources=told["sources"].str.replace(";", "; ")).reset_index(drop=True)


def in_words(card: pd.DataFrame) -> str:
    """Return in sentences which measures are empty for every city, and which cities have most and fewest cells with
    anything."""
    bare = [metric for metric, part in card.groupby("metric", sort=False) if (part["status"] == "empty").all()]
    filled = (card["status"] != "empty").groupby(card["city"], sort=False).sum()
    said = [f"No measure of {card['metric_id'].nunique()} is empty for every city."]
    if bare:
        are = "measures are" if len(bare) > 1 else "measure is"
        said = [
            f"{len(bare)} {are} empty for every city, of {card['metric_id'].nunique()} in all: "
            f"{'; '.join(bare).lower()}."
        ]
    if filled.max() > filled.min():
        most, fewest = (list(filled.index[filled == end]) for end in (filled.max(), filled.min()))
        said.append(
            f"{listed(most)} {'has' if len(most) == 1 else 'have'} anything in most cells ({filled.max()}), "
            f"{listed(fewest)} in fewest ({filled.min()})."
        )
    said.append(
        "Cities whose organizers publish more look better, so a count of filled cells ranks publication and not "
        "success."
    )
    return " ".join(said)


@checked_arguments
def nothing_in_words(city: str, *, since: int, until: int, least: str) -> str:
    """Return in a sentence that no cell of a city has anything under these years and this sureness."""
    return (
        f"{city}: our tables have nothing on any measure, for trips of {years_in_words(since, until)} and outcomes "
        "that "
        f"are at least {least}."
    )
