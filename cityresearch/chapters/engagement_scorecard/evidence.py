"""What our tables have on a measure and a city: outcomes, trips, statements of sources, and figures of other areas or
years.

Lists of sister cities and exports of metros are not evidence of a result of a city; they are in `background`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.measures.published import filled
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import unique

__all__ = ["REPORTED", "SURENESS", "Item", "Kind", "items", "years_in_words"]

Kind = Literal["trip", "outcome", "figure"]
# an outcome counts if it is at least this sure
SURENESS = ("planned", "reported", "confirmed")
REPORTED = SURENESS.index("reported")


@dataclass(frozen=True, slots=True)
class Item:
    """What one table has on one measure and city; `sure` if it is a confirmed outcome of the city itself."""

    metric_id: str
    city: str
    count: int
    kind: Kind
    sure: bool
    what: str
    sources: tuple[str, ...]


@checked_arguments
def items(
    tables: Mapping[str, pd.DataFrame], *, cities: tuple[str, ...], since: int, until: int, least: str
) -> Iterator[Item]:
    """Yield everything that counts for a cell; parameters as `scorecard.scorecard`.

    Raises
    ------
    DataError
        If a judgment names an outcome, or a statement a source, that the tables do not have.
    """
    yield from _outcomes(tables["scorecard_outcomes"], tables["mission_outcomes"], least)
    if SURENESS.index(least) <= REPORTED:
        yield from _statements(tables["scorecard_statements"], tables["claim_sources"])
    yield from _trips(tables["missions"], tables["mission_classification"], since, until)
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


def _outcomes(judged: pd.DataFrame, outcomes: pd.DataFrame, least: str) -> Iterator[Item]:
    known = {(row.mission_id, row.outcome): row for row in outcomes.reset_index().itertuples()}
    for row in filled(judged).itertuples():
        outcome = known.get((row.mission_id, row.outcome))
        if outcome is None:
            raise DataError(
                f"scorecard_outcomes names {row.outcome!r} of {row.mission_id}, which mission_outcomes does not have: "
                "correct one of them."
            )
        if SURENESS.index(outcome.status) < SURENESS.index(least):
            continue
        words = f"{row.outcome} ({outcome.status}{'; ' + row.note if row.note else ''})"
        sure = outcome.status == "confirmed"
        yield Item(row.metric_id, row.city, 1, "outcome", sure, words, tuple(outcome.source_id.split(";")))


_SEVERAL = ("memoranda", "agreements")  # units of a row that counts more than one agreement


def _statements(judged: pd.DataFrame, said: pd.DataFrame) -> Iterator[Item]:
    rows = {(row.claim_id, row.source_id): row for row in filled(said).itertuples()}
    for item in filled(judged).itertuples():
        row = rows.get((item.claim_id, item.source_id))
        if row is None:
            raise DataError(
                f"scorecard_statements names what {item.source_id} says of {item.claim_id}, which claim_sources does not "
                "have: correct one of them."
            )
        count = int(row.value) if row.unit in _SEVERAL else 1
        words = f"{row.says} (reported, {row.period}; {item.note})"
        yield Item(item.metric_id, item.city, count, "outcome", False, words, (item.source_id,))


def _trips(missions: pd.DataFrame, classification: pd.DataFrame, since: int, until: int) -> Iterator[Item]:
    dated = missions[missions["start_date"].notna() & (missions["level"] == "city")]
    inside = dated[dated["start_date"].str[:4].astype(int).between(since, until)].join(classification["kind"])
    for metric_id, chosen, one, several in (
        ("delegations", inside, "trip abroad", "trips abroad"),
        ("policy_exchanges", inside[inside["kind"] == "study trip"], "study trip", "study trips"),
    ):
        for city, trips in chosen.groupby("jurisdiction"):
            words = one if len(trips) == 1 else several
            what = (
                f"{len(trips)} {words} found, {years_in_words(since, until)}; our tables do not have visits from abroad"
            )
            cited = unique(s for text in trips["source_id"] for s in text.split(";"))
            yield Item(metric_id, str(city), len(trips), "trip", False, what, cited)


# figures of other areas or other years that come near a measure: measure, table, pattern of the series
_NEAR = (
    ("foreign_investment", "foreign_owned_firms", r"foreign_direct_investment(_spending|_five_years|_cumulative.*)?"),
    ("jobs", "foreign_owned_firms", r"foreign_owned_(enterprise_employment|establishment_jobs)"),
    ("tourism", "port_observations", r"international_visitors"),
    ("reputation", "other_observations", r"consular_community_rank_world"),
)


def _figures(tables: Mapping[str, pd.DataFrame], cities: tuple[str, ...]) -> Iterator[Item]:
    for metric_id, name, pattern in _NEAR:
        table = filled(tables[name])
        table = table[table["series"].str.fullmatch(pattern)].sort_values("period", kind="stable")
        for city in cities:
            part = [row for row in table.itertuples() if row.geography.startswith(city)]
            if not part:
                continue
            latest = part[-1]
            count = f"{len(part)} figure{'s' if len(part) > 1 else ''}"
            value = f"rank {int(latest.value)}" if latest.unit == "rank" else in_words(latest.value, latest.unit)
            what = (
                f"{count}, the latest {value} ({latest.geography}, {latest.period or 'undated'}); not tied to any "
                "partnership"
            )
            yield Item(metric_id, city, len(part), "figure", False, what, unique(row.source_id for row in part))
