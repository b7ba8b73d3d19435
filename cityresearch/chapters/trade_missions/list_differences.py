"""Another list of missions next to our reconstruction: which trips are in both, where they differ, and every count under both."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.trade_missions import counts
from cityresearch.chapters.trade_missions.mission_lists import STATE
from cityresearch.measures.published import filled
from cityresearch.phrases import many

__all__ = ["ASSUMED", "counts_under_both", "differences", "in_words", "matched"]

# how a trip counts that only the other list has, where its columns do not say: the list is one of trade missions
ASSUMED = {"role": "led", "trade_focus": "yes", "kind": "trade mission", "sure": "yes"}


def matched(listed: pd.DataFrame, missions: pd.DataFrame) -> dict[str, str]:
    """Return for each row of a list the trip of ours that it most probably is; rows without one are left out.

    A trip is the same if a city and a country are shared and the dates fit: the same month or the next one, or the same year where one of
    them is known by its year only. Each trip of ours is matched once, the nearest date first.

    Parameters
    ----------
    listed : pandas.DataFrame
        From `mission_lists.read_list`.
    missions : pandas.DataFrame
        The dataset `missions`.
    """
    pairs = []
    for row in listed.itertuples():
        for trip in filled(missions).itertuples():
            if not _shared(row.jurisdiction, trip.jurisdiction) or not _shared(row.countries, trip.countries):
                continue
            apart = _apart(row.start_date, trip.start_date)
            if apart is not None:
                pairs.append((apart, row.Index, trip.mission_id))
    found: dict[str, str] = {}
    for _, row, trip in sorted(pairs):
        if row not in found and trip not in found.values():
            found[row] = trip
    return found


@checked_arguments
def differences(listed: pd.DataFrame, missions: pd.DataFrame, *, since: int, until: int) -> pd.DataFrame:
    """Return every trip of a list and of ours, with where they differ.

    Parameters
    ----------
    since, until : int
        Our trips of these years are compared; undated ones are left out.

    Returns
    -------
    pandas.DataFrame
        Columns in (both lists, the other list only, ours only), trips of, other list (its row), ours (the trip), began, countries, what
        differs.
    """
    pairs, ours, rows = matched(listed, missions), filled(missions).set_index("mission_id"), []
    for row in listed.itertuples():
        trip = ours.loc[pairs[row.Index]] if row.Index in pairs else None
        rows.append(
            {
                "in": "the other list only" if trip is None else "both lists", "trips of": row.jurisdiction.replace(";", ", "),
                "other list": row.Index, "ours": pairs.get(row.Index, ""), "began": row.start_date,
                "countries": row.countries.replace(";", ", "), "what differs": "" if trip is None else _differing(row, trip),
            }
        )  # fmt: skip
    inside = ours["start_date"].str[:4].map(lambda year: bool(year) and since <= int(year) <= until).astype(bool)
    for trip in ours[inside & ~ours.index.isin(list(pairs.values()))].itertuples():
        rows.append(
            {
                "in": "ours only", "trips of": trip.jurisdiction.replace(";", ", "), "other list": "", "ours": trip.Index,
                "began": trip.start_date, "countries": trip.countries.replace(";", ", "), "what differs": "",
            }
        )  # fmt: skip
    order = {"both lists": 0, "the other list only": 1, "ours only": 2}
    found = pd.DataFrame(rows)
    return found.iloc[found["in"].map(order).argsort(kind="stable")].reset_index(drop=True)


def in_words(compared: pd.DataFrame) -> str:
    """Return in sentences how many trips are in both lists and in one of them only, from `differences`."""
    n = compared["in"].value_counts()
    unlike = int(((compared["in"] == "both lists") & (compared["what differs"] != "")).sum())
    return (
        f"The other list and ours have {many(int(n.get('both lists', 0)), 'trip')} in common, {unlike} of them with a difference. "
        f"{n.get('the other list only', 0)} are only in the other list and {n.get('ours only', 0)} only in ours. Trips were matched by city, "
        "country and month; a pair that is not matched may still be one trip with another date."
    )


@checked_arguments
def counts_under_both(
    listed: pd.DataFrame, missions: pd.DataFrame, classification: pd.DataFrame, definitions: pd.DataFrame
) -> pd.DataFrame:
    """Count trips and countries under every definition, by our list and by the other one.

    A trip in both lists keeps our judgments, with the other list's date and countries. For a trip that only the other list has, its own
    columns count, and what they leave out is as in `ASSUMED`. Hand-picked definitions cannot be carried over.

    Returns
    -------
    pandas.DataFrame
        Indexed by definition: trips of the, rule, council or chamber trips, and trips and countries by each list with the difference.
    """
    by_rule = definitions[definitions["hand_picked"].astype(str).str.lower() != "true"]
    theirs = counts.counts(by_rule, *_as_ours(listed, missions, classification))
    ours = counts.counts(by_rule, missions, classification)
    table = counts.as_table(ours)[["trips of the", "rule", "council or chamber trips"]]
    for name, column in (("trips", "missions"), ("countries", "countries")):
        table[f"{name}, ours"], table[f"{name}, other list"] = ours[column], theirs[column]
        table[f"difference of {name}"] = theirs[column] - ours[column]
    return table


def _as_ours(
    listed: pd.DataFrame, missions: pd.DataFrame, classification: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a list as the two tables that the rules read."""
    pairs = matched(listed, missions)
    nine = {
        city
        for cell in missions.loc[classification.index[classification["scope"] == "nine"], "jurisdiction"]
        for city in cell.split(";")
    }
    trips, judged = [], []
    for row in listed.itertuples():
        window = _window(row.start_date)
        if row.Index in pairs:
            trip, judgment = missions.loc[pairs[row.Index]].to_dict(), classification.loc[pairs[row.Index]].to_dict()
        else:
            trip = dict.fromkeys(missions.columns, "") | {
                "level": row.level,
                "jurisdiction": row.jurisdiction,
                "in_documents": "no",
            }
            trip["trade_focus"] = row.trade_focus or ASSUMED["trade_focus"]
            scope = (
                "state" if STATE in row.jurisdiction else "nine" if set(row.jurisdiction.split(";")) & nine else "other"
            )
            judgment = {
                "scope": scope,
                "role": row.role or ASSUMED["role"],
                "kind": ASSUMED["kind"],
                "sure": ASSUMED["sure"],
            }
            judgment["council_or_chamber_organised"] = "no"
        trips.append({"mission_id": row.Index} | trip | {"start_date": row.start_date, "countries": row.countries})
        judged.append({"mission_id": row.Index} | judgment | {"window": window})
    return tuple(pd.DataFrame(rows).set_index("mission_id") for rows in (trips, judged))  # type: ignore[return-value]


def _window(start: str) -> str:
    if not start:
        return "undated"
    first, last = counts.WINDOW
    return "in" if first <= int(start[:4]) <= last else "outside"


def _differing(row: object, trip: pd.Series) -> str:
    said = []
    start, own = str(row.start_date), trip["start_date"]  # type: ignore[attr-defined]
    if not (start.startswith(own) or own.startswith(start)):
        said.append(f"began {start}, ours {own}")
    theirs, ours = set(row.countries.split(";")), set(trip["countries"].split(";"))  # type: ignore[attr-defined]
    said += [f"also {', '.join(sorted(theirs - ours))}"] * bool(theirs - ours)
    said += [f"without {', '.join(sorted(ours - theirs))}"] * bool(ours - theirs)
    lead = row.lead_name  # type: ignore[attr-defined]
    if lead and trip["lead_name"] and lead.split()[-1].casefold() != trip["lead_name"].split()[-1].casefold():
        said.append(f"led by {lead}, ours {trip['lead_name']}")
    return "; ".join(said)


def _shared(one: str, other: str) -> bool:
    return bool({part.casefold() for part in one.split(";")} & {part.casefold() for part in other.split(";")})


def _apart(one: str, other: str) -> float | None:
    """Return how far two dates are apart in months, or None if they do not fit."""
    if not one or not other:
        return None
    if len(one) == 4 or len(other) == 4:
        return 1.5 if one[:4] == other[:4] else None
    months = abs(12 * (int(one[:4]) - int(other[:4])) + int(one[5:7]) - int(other[5:7]))
    if months > 1:
        return None
    return months + (abs(int(one[8:]) - int(other[8:])) / 100 if len(one) == len(other) == 10 else 0.5)
