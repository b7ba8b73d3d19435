"""Sentences of the chapter on trade missions that carry computed numbers, and the counts behind them."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.trade_missions import counts, stops, trips
from cityresearch.chapters.trade_missions.readings import FITTED
from cityresearch.claims.ledger import claim
from cityresearch.phrases import many

__all__ = [
    "PRINTED",
    "finding",
    "fits",
    "fits_as_table",
    "named_and_reached",
    "same_countries",
    "table1_left_out",
    "tally",
    "trade_center",
    "trips_to_countries",
    "which_fit",
]

PRINTED = {"missions": "C021", "countries": "C022"}


def trips_to_countries(rows: pd.DataFrame) -> str:
    """Return how many trips there are, and to how many countries."""
    return f"{len(rows)} to {many(len(counts.countries_of(rows)), 'country', 'countries')}"


def fits(counted: pd.DataFrame) -> pd.DataFrame:
    """Return the definitions for cities with whether they give the printed numbers of missions and of countries.

    As `counts.fitting_both`, without the rule that was put together with the printed numbers in view.
    """
    tests = {measure: counts.agrees_with(claim(claim_id)) for measure, claim_id in PRINTED.items()}
    found = counts.fitting_both(counted, tests)
    return found[found["rule_id"] != FITTED]


def fits_as_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return `fits` with names for a reader."""
    names = {
        "name": "rule", "coding": "coding", "missions": "trips", "missions_fits": "fits the printed trips",
        "countries": "countries", "countries_fits": "fits the printed countries", "all_fit": "fits both",
    }  # fmt: skip
    return found[list(names)].rename(columns=names).rename_axis("definition")


def tally(found: pd.DataFrame, measure: str) -> tuple[int, int]:
    """Return how many rules there are, and how many of them give the printed number in some coding."""
    return found["rule_id"].nunique(), found.loc[found[f"{measure}_fits"], "rule_id"].nunique()


def which_fit(found: pd.DataFrame) -> str:
    """Say how many rules give the printed missions, the printed countries, and both at once."""
    rules, of_missions = tally(found, "missions")
    of_countries, of_both = tally(found, "countries")[1], found.loc[found["all_fit"], "rule_id"].nunique()
    matching = found[found["all_fit"]]
    joined = (
        "; an a marks council and chamber trips as joined" if (matching["coding"] == counts.AS_JOINED).any() else ""
    )
    named = f" ({', '.join(matching.index)}{joined})" if len(matching) else ""
    return (
        f"Of {rules} rules, {of_missions or 'none'} fit{'s' * (of_missions < 2)} the missions in some coding, "
        f"{of_countries or 'none'} the countries, and {of_both or 'none'} both at once{named}."
    )


def same_countries(found: pd.DataFrame, places: pd.DataFrame) -> str:
    """Say whether the definitions that give the printed number of countries count the same countries."""
    fitting = found[found["countries_fits"]]
    if len(fitting) < 2:
        which = many(len(fitting), "definition gives", "definitions give")
        return f"{which} the printed number of countries, so there are no lists to compare."
    apart = stops.in_some_not_all(fitting, places)
    names = ", ".join(fitting.index)
    if not apart:
        count = fitting["countries"].iloc[0]
        return (
            f"The definitions that give the printed number of countries ({names}) all count the same {count} countries."
        )
    return (
        f"Equal totals do not show equal lists: the definitions that give the printed number of countries ({names}) "
        f"differ in {', '.join(apart)}."
    )


def table1_left_out(table1: pd.DataFrame, missions: pd.DataFrame) -> str:
    """Say which trips of the mayor have no row in Table 1, and which trips with a row had no trade purpose."""
    left_out = trips.in_words(trips.trips_left_out(table1, missions, city="Los Angeles"))
    in_table = missions.loc[table1["mission_id"].unique()]
    without = trips.in_words(in_table[in_table["trade_focus"] == "no"])
    return (
        "Trips of the mayor between the first and the last date of Table 1 that have no row in it: "
        f"{left_out or 'none'}. "
        f"Trips in the table without a trade purpose, by our judgments: {without or 'none'}."
    )


def named_and_reached(headed: pd.DataFrame, table1: pd.DataFrame, places: pd.DataFrame) -> str:
    """Compare the countries that the text names with the rows of Table 1 and the trips that the mayor headed."""
    named, in_table = set(claim("C067").places), set(trips.rows_since(table1)["country"])
    to_japan = sorted(
        {d[:4] for d, codes in zip(headed["start_date"], headed["countries"], strict=True) if "JPN" in codes}
    )
    codes = counts.countries_of(headed[headed["trade_focus"].isin(["yes", "partly"])])
    names = stops.names_of(places)
    extra = sorted({names[code] for code in codes} - named)
    return (
        f"Since May 2016 Table 1 has rows for {many(len(in_table), 'country', 'countries')}: {_listed(in_table)}. "
        f"Of these, the text leaves out {_listed(in_table - named)}. "
        f"It names without such a row: {_listed(named - in_table)}. "
        f"Years in which trips of the mayor reached Japan since then: {', '.join(to_japan) or 'none'}. "
        f"With a trade purpose that is clear or partial, the trips add {', '.join(extra) or 'no other country'}."
    )


def trade_center(center: pd.DataFrame) -> str:
    """Say how many missions San Diego's trade center made each year."""
    by_year = trips.per_year(center, first=2017, last=2025)
    listed = ", ".join(f"{number} in {year}" for year, number in by_year.items())
    return (
        f"Missions of the trade center by year: {listed}. The year of the one to Germany is inferred. "
        f"The earliest began in {center['start_date'].min()[:4]}."
    )


def finding(counted: pd.DataFrame) -> str:
    """Compare the counts under the strict, the middle and the widest rules for the nine cities, and the state's."""
    strict = counted.loc[["city-1", "city-1a"]]
    middle = counted.loc[[f"city-{n}{a}" for n in range(4, 9) for a in ("", "a")]]
    recorded, joined = counted.at["state-2", "missions"], counted.at["state-2a", "missions"]
    return (
        f"Under the strict rule this list has {_spans(strict)}; under the middle rules city-4 to city-8, "
        f"{_spans(middle)}; under the widest for the nine cities, {_spans(counted.loc[['city-11']])}. "
        f"For the state, the plain rule gives {recorded} as recorded, and {joined} if trips that a council organized count "
        "as joined."
    )


def _spans(rows: pd.DataFrame) -> str:
    return f"{_span(rows, 'missions')} missions to {_span(rows, 'countries')} countries"


def _span(rows: pd.DataFrame, measure: str) -> str:
    low, high = rows[measure].min(), rows[measure].max()
    return str(low) if low == high else f"{low} to {high}"


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
