"""The paper's four case studies, each as one page: trips, outcomes of the annex, measures, and what is open."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.claims.ledger import claims
from cityresearch.errors import ParameterError
from cityresearch.measures.published import filled
from cityresearch.phrases import many

__all__ = ["Page", "claims_of", "page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a case: a summary in sentences, and tables of trips, outcomes, measures and open claims."""

    summary: str
    trips: pd.DataFrame
    outcomes: pd.DataFrame
    measures: pd.DataFrame
    open: pd.DataFrame


@checked_arguments
def page(
    city: str,
    sections: pd.DataFrame,
    missions: pd.DataFrame,
    listed: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    since: int,
    until: int,
) -> Page:
    """Return the page of a case.

    Parameters
    ----------
    city : str
        A city of `case_sections`.
    sections, missions : pandas.DataFrame
        The datasets `case_sections` and `missions`; the missions joined with `mission_classification`.
    listed : pandas.DataFrame
        From `annexes.as_listed`.
    measures : pandas.DataFrame
        The scorecard of the city, from the chapter on it (`scorecard.of_city`).
    since, until : int
        Years of the trips.

    Raises
    ------
    ParameterError
        If the paper has no case study of the city.
    """
    own = filled(sections)
    own = own[own["city"] == city]
    if own.empty:
        raise ParameterError(
            f"The paper has no case study of {city}: it has {', '.join(filled(sections)['city'].unique())}."
        )
    trips = _trips(missions, city, since, until)
    annex = listed[listed["annex"] == own["annex"].iloc[0]]
    outcomes = annex[["statement", "status", "evidence", "when", "note", "claim_ids"]].set_index("statement")
    valued = measures[measures["status"] != ""].drop(columns=["what is counted"]).set_index("measure")
    made = claims_of(sections, city)
    undecided = made[made["settled by"] == "open"].drop(columns="settled by")
    case_trip = annex["mission_id"].iloc[0]
    began = missions["start_date"].get(case_trip)
    summary = (
        f"{city}: the case of the paper is the trip of {began} ({missions.at[case_trip, 'purpose']}). {many(len(trips), 'trip')} from "
        f"{since} to {until} on public pages, {int((trips['part'] == 'led').sum())} led by an official of the city. The annex makes "
        f"{many(len(annex), 'statement')}; {len(valued)} of {len(measures)} measures of the toolkit have anything in our tables. The "
        f"sections on the city make {many(len(made), 'claim')}; for {len(undecided)} of them we name what would have to be published."
    )
    return Page(summary, trips, outcomes, valued, undecided)


def claims_of(sections: pd.DataFrame, city: str) -> pd.DataFrame:
    """Return the claims that the paper makes in the sections on a city.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim: statement, settled by (what kind of thing decides it, or open), what the ledger says.
    """
    own = filled(sections)
    named = set(own.loc[own["city"] == city, "section"])
    rows = [
        {
            "claim": c.claim_id,
            "statement": c.statement,
            "settled by": c.settle_status,
            "what we found, or would need": c.settle,
        }
        for c in claims().values()
        if c.section in named and c.document == "carnegie"
    ]
    return pd.DataFrame(rows).set_index("claim")


def _trips(missions: pd.DataFrame, city: str, since: int, until: int) -> pd.DataFrame:
    rows = filled(missions)
    rows = rows[rows["jurisdiction"].str.split(";").map(lambda named: city in named) & (rows["level"] == "city")]
    inside = rows["start_date"].str[:4].map(lambda y: bool(y) and since <= int(y) <= until)
    rows = rows[inside.astype(bool)].sort_values("start_date", kind="stable")
    return pd.DataFrame(
        {
            "began": rows["start_date"],
            "countries": rows["countries"].str.replace(";", ", "),
            "cities": rows["cities"].str.replace(";", ", "),
            "purpose": rows["purpose"],
            "part": rows["role"],
            "kind": rows["kind"],
            "note": rows["note"],
        }
    ).set_index("began")
