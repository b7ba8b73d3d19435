"""A scorecard of international engagement: the measures that a toolkit proposes, filled from what is public about nine cities.

A cell is `filled` if a confirmed outcome of the city itself bears on the measure, `partly` if there is only a part of it, another area,
another year or the word of the body concerned, and `empty` if the tables hold nothing. Empty says nothing about the city: much that a
city does is published nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.geography import short_metro
from cityresearch.measures.exports import metro_value
from cityresearch.numbers.agreement import in_words
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "HORIZONS", "NINE_CITIES", "STATUSES", "SURENESS", "Item", "Status", "by_sureness", "cell", "metro_of",
    "scorecard", "tally", "topped_up", "years_of",
]  # fmt: skip

Status = Literal["filled", "partly", "empty"]
STATUSES: tuple[Status, ...] = ("filled", "partly", "empty")
NINE_CITIES = (
    "Los Angeles", "San Diego", "San Francisco", "San Jose", "Sacramento", "Oakland", "Fresno", "Long Beach", "Anaheim",
)  # fmt: skip
HORIZONS = {
    "activity": "Activity",
    "immediate": "Within a year",
    "medium_term": "One to three years",
    "long_term": "After three years",
}
# an outcome counts if it is at least this sure
SURENESS = ("planned", "reported", "confirmed")


@dataclass(frozen=True, slots=True)
class Item:
    """What one table says on one measure and city; `sure` if it is a confirmed outcome of the city itself."""

    metric_id: str
    city: str
    count: int
    sure: bool
    what: str
    sources: tuple[str, ...]


@checked_arguments
def scorecard(
    tables: Mapping[str, pd.DataFrame],
    *,
    since: int,
    until: int,
    least: str = "reported",
    cities: tuple[str, ...] = NINE_CITIES,
) -> pd.DataFrame:
    """Fill the toolkit's measures for each city from the tables at hand.

    Parameters
    ----------
    tables : mapping of dataset name to frame
        scorecard_metrics, scorecard_outcomes, missions, mission_classification, mission_outcomes, sister_city_counts, sister_cities,
        metro_exports, metro_sets, foreign_owned_firms, port_observations, other_observations.
    since, until : int
        First and last year of the trips counted.
    least : {"planned", "reported", "confirmed"}
        How sure an outcome must be to count.

    Returns
    -------
    pandas.DataFrame
        One row per measure and city: metric_id, horizon, metric, city, status, items, what, sources. `items` counts trips, outcomes and
        figures found; a source occurs once.

    Raises
    ------
    ParameterError
        If `least` is unknown or the years are in the wrong order.
    """
    if least not in SURENESS:
        raise ParameterError(f"How sure an outcome must be is one of {', '.join(SURENESS)}, found {least!r}.")
    if since > until:
        raise ParameterError(f"The first year ({since}) must not be after the last one ({until}).")
    found: dict[tuple[str, str], list[Item]] = {}
    for item in (
        *_outcomes(tables["scorecard_outcomes"], tables["mission_outcomes"], least),
        *_trips(tables["missions"], tables["mission_classification"], since, until),
        *_sister_ties(tables["sister_city_counts"], tables["sister_cities"]),
        *_trade(tables["metro_exports"], tables["metro_sets"], cities),
        *_figures(tables, cities),
    ):
        found.setdefault((item.metric_id, item.city), []).append(item)
    rows = []
    for metric in tables["scorecard_metrics"].reset_index().itertuples():
        for city in cities:
            items = found.get((metric.metric_id, city), [])
            rows.append(
                {
                    "metric_id": metric.metric_id,
                    "horizon": metric.horizon,
                    "metric": metric.metric,
                    "city": city,
                    "status": "empty" if not items else "filled" if any(i.sure for i in items) else "partly",
                    "items": sum(i.count for i in items),
                    "what": "; ".join(i.what for i in items),
                    "sources": ";".join(unique(s for i in items for s in i.sources)),
                }
            )
    return pd.DataFrame(rows)


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
    """Return what stands behind one measure, city by city."""
    rows = card[card["metric_id"] == metric_id]
    return rows.set_index("city")[["status", "items", "what", "sources"]]


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


def years_of(observations: pd.DataFrame, series: str) -> list[int]:
    """Return the years for which a series has a value, ascending; a fiscal year counts as its first year."""
    rows = observations.reset_index()
    periods = rows.loc[rows["series"] == series, "period"].dropna()
    return sorted({int(p.removeprefix("FY")[:4]) for p in periods})


def _outcomes(judged: pd.DataFrame, outcomes: pd.DataFrame, least: str) -> list[Item]:
    known = {(row.mission_id, row.outcome): row for row in outcomes.reset_index().itertuples()}
    found = []
    for row in judged.reset_index().fillna({"note": ""}).itertuples():
        outcome = known.get((row.mission_id, row.outcome))
        if outcome is None:
            raise DataError(
                f"scorecard_outcomes names {row.outcome!r} of {row.mission_id}, which mission_outcomes does not hold: mend one of them."
            )
        if SURENESS.index(outcome.status) < SURENESS.index(least):
            continue
        words = f"{row.outcome} ({outcome.status}{'; ' + row.note if row.note else ''})"
        sure = outcome.status == "confirmed"
        found.append(Item(row.metric_id, row.city, 1, sure, words, tuple(outcome.source_id.split(";"))))
    return found


def _trips(missions: pd.DataFrame, classification: pd.DataFrame, since: int, until: int) -> list[Item]:
    dated = missions[missions["start_date"].notna() & (missions["level"] == "city")]
    inside = dated[dated["start_date"].str[:4].astype(int).between(since, until)].join(classification["kind"])
    found = []
    for metric_id, chosen, words in (
        ("delegations", inside, "trips abroad"),
        ("policy_exchanges", inside[inside["kind"] == "study trip"], "study trips"),
    ):
        for city, trips in chosen.groupby("jurisdiction"):
            what = f"{len(trips)} {words} found, {since} to {until}; visits from abroad are not in the tables"
            cited = unique(s for text in trips["source_id"] for s in text.split(";"))
            found.append(Item(metric_id, str(city), len(trips), False, what, cited))
    return found


def _sister_ties(counts: pd.DataFrame, pairs: pd.DataFrame) -> list[Item]:
    rows = [
        (row.city, f"{row.count_} ties ({row.as_of or 'undated'})", row.source_id)
        for row in counts.reset_index().rename(columns={"count": "count_"}).fillna({"as_of": ""}).itertuples()
    ]
    rows += [
        (city, f"{len(part)} ties on a list of {snapshot}", part["source_id"].iloc[0])
        for (city, snapshot), part in pairs.reset_index().groupby(["city", "snapshot"])
    ]
    return [
        Item("sister_ties", city, 1, False, f"{what}; a count of ties, not of results", (source,))
        for city, what, source in rows
    ]


def _trade(exports: pd.DataFrame, sets: pd.DataFrame, cities: tuple[str, ...]) -> list[Item]:
    titles = list(sets.loc["six metros that hold the nine cities"].index)
    last = int(exports.index.get_level_values("year").max())
    found = []
    for city in cities:
        title = metro_of(city, titles)
        value = metro_value(exports, title, last)
        if isinstance(value, Missing):
            continue
        what = f"goods exports of {short_metro(title)}, {last}: {in_words(value.value, 'USD')}; a metro, not the city"
        found.append(Item("trade_ties", city, 1, False, what, value.sources))
    return found


# figures of other areas or other years that bear on a measure: measure, table, pattern of the series
_BEARING = (
    ("foreign_investment", "foreign_owned_firms", r"foreign_direct_investment(_spending|_five_years|_cumulative.*)?"),
    ("jobs", "foreign_owned_firms", r"foreign_owned_(enterprise_employment|establishment_jobs)"),
    ("tourism", "port_observations", r"international_visitors"),
    ("reputation", "other_observations", r"consular_community_rank_world"),
)


def _figures(tables: Mapping[str, pd.DataFrame], cities: tuple[str, ...]) -> list[Item]:
    found = []
    for metric_id, name, pattern in _BEARING:
        table = tables[name].reset_index().fillna({"period": ""})
        table = table[table["series"].str.fullmatch(pattern)].sort_values("period", kind="stable")
        for city in cities:
            part = [row for row in table.itertuples() if row.geography.startswith(city)]
            if not part:
                continue
            latest = part[-1]
            what = (
                f"{len(part)} figures, latest {in_words(latest.value, latest.unit)} ({latest.geography}, {latest.period or 'undated'}); "
                "not tied to any partnership"
            )
            found.append(Item(metric_id, city, len(part), False, what, unique(row.source_id for row in part)))
    return found


def topped_up(left: Quantity | Missing, addition: Quantity | Missing) -> Quantity | Missing:
    """Return what a fund holds after an addition, of whichever periods the two are.

    Raises
    ------
    MixedBasisError
        If the currencies differ.
    """
    for part in (left, addition):
        if isinstance(part, Missing):
            return part
    if left.unit != addition.unit:
        raise MixedBasisError(f"Will not add {addition.unit} to {left.unit}: convert one of them first.")
    return Quantity(
        left.value + addition.value, left.unit, f"{left.period} and {addition.period}", left.geography,
        sources=unique([*left.sources, *addition.sources]), bounds=left.interval + addition.interval,
        caveats=(*left.caveats, *addition.caveats, "a proposal"),
    )  # fmt: skip
