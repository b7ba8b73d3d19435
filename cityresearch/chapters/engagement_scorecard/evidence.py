"""What our tables have on a measure and a city: outcomes of trips, trips, statements of sources, and related figures.

A related figure is one of another area, year or kind, or all jobs of a firm: it is shown and never counted as a result. Lists of sister
cities and exports of metros are not evidence on a measure of a city; they are in `background`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.engagement_scorecard.toolkit import Measure
from cityresearch.errors import DataError
from cityresearch.measures.published import filled
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import unique

__all__ = ["SURENESS", "Item", "Standing", "items", "years_in_words"]

Standing = Literal["confirmed", "reported", "planned", "related"]
SURENESS = ("planned", "reported", "confirmed")  # how sure a result is, least first


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that one table has on a measure and a city.

    Parameters
    ----------
    standing : {"confirmed", "reported", "planned", "related"}
        Related items are not results.
    amount, unit : float, str
        In the measure's unit, or that of the figure.
    period, began : str
        When it happened and when its trip began, as ISO dates that may be cut; empty where not known.
    """

    metric_id: str
    city: str
    standing: Standing
    amount: float
    unit: str
    period: str
    began: str
    what: str
    sources: tuple[str, ...]


@checked_arguments
def items(
    tables: Mapping[str, pd.DataFrame],
    measures: tuple[Measure, ...],
    *,
    cities: tuple[str, ...],
    since: int,
    until: int,
) -> Iterator[Item]:
    """Yield everything that belongs in a cell; parameters as `scorecard.scorecard`.

    Raises
    ------
    DataError
        If a judgment names an outcome, or a statement a source, that the tables do not have.
    """
    units = {measure.metric_id: measure.unit for measure in measures}
    yield from _outcomes(tables["scorecard_outcomes"], tables["mission_outcomes"], tables["missions"], units)
    yield from _statements(tables["scorecard_statements"], tables["claim_sources"], units)
    yield from _trips(tables["missions"], tables["mission_classification"], units, since, until)
    yield from _figures(tables, cities)


@checked_arguments
def years_in_words(since: int, until: int) -> str:
    """Return a span of years as a reader says it.

    Examples
    --------
    >>> years_in_words(2019, 2025), years_in_words(2023, 2023)
    ('2019 to 2025', '2023')
    """
    return f"{since} to {until}" if since < until else f"{since}"


# units of outcomes that are numbers in the unit of a measure; every other outcome counts as one
_OWN_UNITS = {
    ("export_deals", "contracts"): "contracts",
    ("jobs", "jobs"): "jobs",
    ("matchmaking", "companies"): "companies",
}


def _outcomes(
    judged: pd.DataFrame, outcomes: pd.DataFrame, missions: pd.DataFrame, units: Mapping[str, str]
) -> Iterator[Item]:
    known = {(row.mission_id, row.outcome): row for row in filled(outcomes).itertuples()}
    began = missions["start_date"].fillna("")
    for row in filled(judged).itertuples():
        outcome = known.get((row.mission_id, row.outcome))
        if outcome is None:
            raise DataError(
                f"scorecard_outcomes names {row.outcome!r} of {row.mission_id}, which mission_outcomes does not have: "
                "correct one of them."
            )
        own = _OWN_UNITS.get((row.metric_id, outcome.unit))
        yield Item(
            row.metric_id,
            row.city,
            outcome.status if row.counts == "yes" else "related",
            float(outcome.value) if own else 1,
            own or units[row.metric_id],
            outcome.value if outcome.unit == "date" else "",
            began.get(row.mission_id, ""),
            f"{row.outcome} ({outcome.status}{'; ' + row.note if row.note else ''})",
            tuple(outcome.source_id.split(";")),
        )


_SEVERAL = ("memoranda", "agreements")  # units of a row that counts more than one agreement


def _statements(judged: pd.DataFrame, said: pd.DataFrame, units: Mapping[str, str]) -> Iterator[Item]:
    rows = {(row.claim_id, row.source_id): row for row in filled(said).itertuples()}
    for item in filled(judged).itertuples():
        row = rows.get((item.claim_id, item.source_id))
        if row is None:
            raise DataError(
                f"scorecard_statements names what {item.source_id} says of {item.claim_id}, which claim_sources does not "
                "have: correct one of them."
            )
        amount = int(row.value) if row.unit in _SEVERAL else 1
        words = f"{row.says} ({item.status}, {row.period}; {item.note})"
        yield Item(
            item.metric_id,
            item.city,
            item.status,
            amount,
            units[item.metric_id],
            row.period,
            "",
            words,
            (item.source_id,),
        )


def _trips(
    missions: pd.DataFrame, classification: pd.DataFrame, units: Mapping[str, str], since: int, until: int
) -> Iterator[Item]:
    dated = missions[missions["start_date"].notna() & (missions["level"] == "city")]
    inside = dated[dated["start_date"].str[:4].astype(int).between(since, until)].join(classification["kind"])
    for metric_id, chosen in (("delegations", inside), ("policy_exchanges", inside[inside["kind"] == "study trip"])):
        for trip in filled(chosen.sort_values("start_date", kind="stable")).itertuples():
            for city in trip.jurisdiction.split(";"):
                yield Item(
                    metric_id, city, "reported", 1, units[metric_id], trip.start_date, trip.start_date,
                    f"{trip.start_date[:7]} {trip.cities.replace(';', ', ') or trip.countries.replace(';', ', ')}",
                    tuple(trip.source_id.split(";")),
                )  # fmt: skip


# figures of other areas or other years that come near a measure: measure, table, pattern of the series
_NEAR = (
    ("foreign_investment", "foreign_owned_firms", r"foreign_direct_investment(_spending|_five_years|_cumulative.*)?"),
    ("jobs", "foreign_owned_firms", r"foreign_owned_(enterprise_employment|establishment_jobs)"),
    ("tourism", "port_observations", r"international_visitors"),
    ("reputation", "other_observations", r"consular_community_rank_world"),
)


def _figures(tables: Mapping[str, pd.DataFrame], cities: tuple[str, ...]) -> Iterator[Item]:
    """Yield the latest related figure of each measure and city, in its own unit."""
    for metric_id, name, pattern in _NEAR:
        table = filled(tables[name])
        table = table[table["series"].str.fullmatch(pattern)].sort_values("period", kind="stable")
        for city in cities:
            part = [row for row in table.itertuples() if row.geography.startswith(city)]
            if not part:
                continue
            latest = part[-1]
            value = f"rank {int(latest.value)}" if latest.unit == "rank" else in_words(latest.value, latest.unit)
            what = f"{latest.series.replace('_', ' ')} of {latest.geography}, {latest.period or 'undated'}: {value}; not tied to any partnership"
            yield Item(
                metric_id,
                city,
                "related",
                float(latest.value),
                latest.unit,
                latest.period,
                "",
                what,
                unique([latest.source_id]),
            )
