"""What the outcomes mean, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.chapters.mission_outcomes.readings import AIRPORT, FRESNO, SAN_DIEGO
from cityresearch.chapters.mission_outcomes.results import DAYS_PER_YEAR, EVIDENCE, date_of, days_between, words_of
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Quantity

__all__ = ["ROUTE_METRICS", "days_table", "on_amsterdam", "on_annexes", "on_guadalajara", "routes"]
ROUTE_METRICS = (
    "announcement", "first_flight", "last_flight_before_pause", "flights_per_week", "seats_per_flight", "air_trips",
    "indirect_passengers", "european_nonstop_destinations", "international_destinations", "economic_impact_per_year",
)  # fmt: skip


def routes(results: pd.DataFrame) -> pd.DataFrame:
    """Return the results about air routes, with the columns that a reader needs."""
    found = results[results["metric"].isin(ROUTE_METRICS)]
    return found.reset_index()[["city", "outcome", "value", "unit", "status", "found_in", "note"]]


def days_table(days: Mapping[str, Quantity]) -> pd.DataFrame:
    """Tabulate intervals: days, and years of `results.DAYS_PER_YEAR` days (derived)."""
    table = pd.DataFrame({"days": {name: int(q.value) for name, q in days.items()}})
    table["years (derived)"] = [round(float(q.value) / DAYS_PER_YEAR, 2) for q in days.values()]
    return table.rename_axis("from the agreement to")


def on_guadalajara(outcomes: pd.DataFrame) -> str:
    """Say what was there before the route of 2024."""
    before = outcomes.loc[FRESNO].query("metric == 'air_trips'")["value"].iloc[0]
    return (
        "Two Mexican airlines flew the route before. What came in 2024 is the first carrier from the United States, not the first flight. The "
        f"announcement gives {int(before):,} air trips between the two cities in the year before it. Demand that was there before is a reason "
        "not to read the flight as a result of the agreement alone. It does not exclude that the agreement had a share in it."
    )


def on_amsterdam(outcomes: pd.DataFrame, other: pd.DataFrame) -> str:
    """Say how long the route to Amsterdam flew, and who says what it came of."""
    earlier = [observed(other, "european_nonstop_destinations", AIRPORT, year) for year in ("2017", "2018")]
    start = date_of(outcomes, SAN_DIEGO, "first_flight")[0]
    pause = date_of(outcomes, SAN_DIEGO, "last_flight_before_pause", statuses=("planned",))[0]
    counts = " and ".join(f"{int(q.value)} European nonstops in {q.period}" for q in earlier)
    return (
        f"The airport had {counts} too, with London counted. From the first flight to Amsterdam ({start}) to the winter pause as "
        f"scheduled ({pause}) is {words_of(days_between(start, pause))}; a return was scheduled too, and no page after either day was "
        "seen. The mayor calls the route a result of the mission. The airline names business ties and leisure demand. The yearly yield "
        "on record is a claim in an opinion piece, without a method."
    )


def on_annexes(counted: pd.DataFrame, days: Mapping[str, Quantity]) -> str:
    """Say who prints the outcomes of the annexes.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `counting.by_evidence`.
    days : mapping
        From `readings.days_to_flight`.
    """
    confirmed, reported, alone = (counted[level] for level in EVIDENCE)
    total = int(counted[list(EVIDENCE)].sum().sum())
    where = ", ".join(f"{n} in {label.partition(',')[0]}" for label, n in alone.items() if n)
    shortest = min(int(q.value) for q in days.values())
    late = "and began later still, not in under two years" if shortest > 2 * DAYS_PER_YEAR else "and began later"
    return (
        f"Of {total} outcomes on record for the four annexes, {int(confirmed.sum())} are confirmed by a second side, {int(reported.sum())} are "
        f"also reported on a page outside the documents, and {int(alone.sum())} are in the documents alone: {where}. The flight of Annex 4 was "
        f"announced {shortest} days after the agreement {late}. None of this means that the other outcomes did not happen."
    )
