"""Figures of mission outcomes, with their words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.mission_outcomes.counting import by_evidence
from cityresearch.chapters.mission_outcomes.drawings import outcome_delays, outcome_evidence
from cityresearch.chapters.mission_outcomes.results import DAYS_PER_YEAR, EVIDENCE
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["delays", "evidence", "years_to_flight"]


@exhibit("outcomes-by-evidence")
def evidence(records: pd.DataFrame, annexes: Mapping[str, str], city: str, **words: str) -> Chart | Missing:
    """Draw how many outcomes of each annex's trip are confirmed, reported elsewhere too, or only in the documents.

    Parameters
    ----------
    records : pandas.DataFrame
        From `results.structured`.
    annexes : mapping of mission_id to label
        Those about `city`.
    """
    if not annexes:
        return missing(f"no annex is about {city}, so there is no chart by annex")
    counted = by_evidence(records, annexes)
    confirmed, total = int(counted[EVIDENCE[0]].sum()), int(counted[list(EVIDENCE)].sum().sum())
    planned = int(counted["planned"].sum())
    cited = records[records.index.get_level_values("mission_id").isin(list(annexes)) & (records["status"] != "planned")]
    told = Words(
        f"{confirmed} of {total} outcomes on record for the annexes' trips {'is' if confirmed == 1 else 'are'} confirmed by a second side",
        subtitle="Outcomes on record for each trip, by who says so; each is counted once, however many records describe it. "
        f"Only planned and left out: {planned}. The record can hold more than the annex prints.",
        caption="Outcomes of the annexes' trips by evidence. Reported means that one side says it happened. That an outcome followed a "
        "trip does not show that the trip caused it.",
        sources=sources(cited),
    )
    return outcome_evidence(counted, told | words)


@exhibit("outcome-delays")
def delays(dated: pd.DataFrame, results: pd.DataFrame, *, city: str, least: str, **words: str) -> Chart | Missing:
    """Draw the time from the start of a trip to each dated result.

    Parameters
    ----------
    dated, results : pandas.DataFrame
        From `results.delays` and `results.results`.
    city, least : str
        Whose outcomes they are, and the lowest level among them.
    """
    whose = "" if city == "all" else f" of {city}"
    if dated.empty:
        return missing(f"no dated result{whose} is {least} or better, so there is no chart of delays")
    told = Words(
        _delay_title(dated, whose),
        subtitle="Filled circles: confirmed by a second side. Open squares: reported by one side. Planned outcomes are left out.",
        caption="Time from the start of a trip to each dated result. Order in time is not cause.",
        sources=sources(results[results["date"] != ""]),
    )
    return outcome_delays(dated, told | words)


@exhibit(CURVES["C169"])
def years_to_flight(readings: Mapping[str, object], days: Mapping[str, Quantity], **words: str) -> Chart:
    """Draw the years from agreement to flight under each reading of claim C169."""
    shortest = min(int(q.value) for q in days.values())
    by_every = ", more than two years by every date" if shortest > 2 * DAYS_PER_YEAR else ""
    told = Words(
        f"From agreement to flight: {shortest} days at the least{by_every}",
        note="The announcement is the reading most favorable to the text.",
    )
    return charts.specification_curve("C169", readings, told | words)


def _delay_title(dated: pd.DataFrame, whose: str) -> str:
    flights, agreements = (dated[dated["metric"] == metric] for metric in ("first_flight", "agreement_date"))
    if not whose and len(flights) and len(agreements):
        return (
            f"Dated agreements came within {int(agreements['days_high'].max())} days of the trip, first flights after "
            f"{int(flights['days_low'].min())} or more"
        )
    return f"{len(dated)} dated result{'s' * (len(dated) != 1)}{whose}, the last {int(dated['days_high'].max()):,} days after the trip"
