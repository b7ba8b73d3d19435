"""How many things came of a trip: what counts as one, and who says so.

A record of the table is a statement. Several may be about one outcome, and some only describe it: how many seats the aircraft has, how many
trips there were before. The rule below counts outcomes, so that describing one in more detail does not make more of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.chapters.mission_outcomes.results import EVIDENCE
from cityresearch.phrases import many

__all__ = ["DETAILS", "STAGES", "annexes_in", "by_evidence", "in_words", "outcomes_among"]

# metric -> why a record of it describes and does not count
DETAILS: Mapping[str, str] = {
    "air_trips": "trips in the year before the route",
    "asml_employment": "the level after a growth that is counted",
    "average_salary": "of the posts of a round that is counted",
    "cities_with_ties": "all ties of an office, not those of the trip",
    "economic_impact_per_year": "what a route that is counted is said to bring",
    "european_nonstop_destinations": "all routes of the airport",
    "flights_per_week": "of a route that is counted",
    "indirect_passengers": "travelers before the route",
    "international_destinations": "all routes of the airport",
    "last_flight_before_pause": "a pause of a route that is counted",
    "seats_per_flight": "of a route that is counted",
    "state_awards_all_companies": "of all companies together",
}
# metric -> the outcome of which it is an earlier stage
STAGES: Mapping[str, str] = {"announcement": "first_flight"}


def outcomes_among(records: pd.DataFrame) -> pd.DataFrame:
    """Return the records that count as outcomes, each outcome once, with the best evidence that there is for it.

    Parameters
    ----------
    records : pandas.DataFrame
        From `results.structured`; planned ones are left as they are.

    Returns
    -------
    pandas.DataFrame
        Rows of the records.
    """
    counted = records[~records["metric"].isin(DETAILS)]
    order = counted["evidence"].map({level: place for place, level in enumerate(EVIDENCE)}).fillna(len(EVIDENCE))
    counted = counted.iloc[order.argsort(kind="stable")]
    stage = counted["metric"].replace(dict(STAGES))
    planned = counted["status"] == "planned"
    keys = pd.DataFrame(
        {"trip": counted.index.get_level_values("mission_id"), "stage": stage.to_numpy(), "planned": planned.to_numpy()}
    )
    again = (keys["stage"].isin(STAGES.values()) & keys.duplicated()).to_numpy()
    return counted[~again].sort_index()


def annexes_in(annexes: Mapping[str, str], missions: pd.DataFrame, city: str) -> dict[str, str]:
    """Return the annexes about a city; all of them for "all"."""
    return {trip: label for trip, label in annexes.items() if city in ("all", missions.at[trip, "jurisdiction"])}


def by_evidence(records: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Count the outcomes of trips by who says so.

    Parameters
    ----------
    records : pandas.DataFrame
        From `results.structured`.
    groups : mapping of mission_id to label

    Returns
    -------
    pandas.DataFrame
        Indexed by label: a column per level of EVIDENCE, and planned (counted apart: not a result).
    """
    rows, records = [], outcomes_among(records)
    for mission_id, label in groups.items():
        found = records[records.index.get_level_values("mission_id") == mission_id]
        rows.append(
            {
                "label": label,
                **{level: int((found["evidence"] == level).sum()) for level in EVIDENCE},
                "planned": int((found["status"] == "planned").sum()),
            }
        )
    return pd.DataFrame(rows).set_index("label")


def in_words(records: pd.DataFrame, results: pd.DataFrame, city: str) -> str:
    """Say how many outcomes are on record, at which level, and how many of them only the examined documents print.

    Parameters
    ----------
    records, results : pandas.DataFrame
        From `results.structured`, of a city or of all; `results` without planned outcomes.
    city : str
        "all", or the city.
    """
    counted, alone = outcomes_among(records), outcomes_among(results)
    status = counted["status"].value_counts()
    only = int((alone["evidence"] == EVIDENCE[2]).sum())
    where = "" if city == "all" else f" for {city}"
    told = (
        f"{many(len(records), 'record')}{where} describe{'s' * (len(records) == 1)} {many(len(counted), 'outcome')}: "
        f"{status.get('confirmed', 0)} confirmed, {status.get('reported', 0)} reported, {status.get('planned', 0)} only planned."
    )
    if alone.empty:
        return f"{told} None of them is among the results at this level."
    return (
        f"{told} Of the {many(len(alone), 'outcome')} said to have happened, {only} {'is' if only == 1 else 'are'} only in the examined "
        "documents."
    )
