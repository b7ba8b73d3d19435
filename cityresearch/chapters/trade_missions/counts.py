"""Trips abroad of cities and the state: counting them under named rules.

The authors' own list is unpublished, so every count rests on a list put together from public pages. What counts as a
mission is a matter of definition; the definitions are rules over columns (`rules`), and all of them are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.trade_missions.rules import RULES, same_text
from cityresearch.claims.ledger import Claim
from cityresearch.errors import DataError, ParameterError
from cityresearch.measures.cited import sources
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.quantity import Quantity

__all__ = [
    "ALL_CITIES", "AS_JOINED", "AS_RECORDED", "CODINGS", "WINDOW", "agrees_with", "as_table", "by_rule",
    "cities_between", "counted_by", "countries_of", "counts", "fitting_both", "membership", "of_city", "selected",
    "trips",
]  # fmt: skip

AS_RECORDED = "as recorded"
AS_JOINED = "council or chamber trips as joined"
CODINGS = (AS_RECORDED, AS_JOINED)
ALL_CITIES = "all"
WINDOW = (2019, 2025)  # the years that the rules call the window, as in `mission_classification`


def trips(missions: pd.DataFrame, classification: pd.DataFrame, *, coding: str = AS_RECORDED) -> pd.DataFrame:
    """Join trips with the judgments on them.

    Parameters
    ----------
    missions, classification : pandas.DataFrame
        The datasets `missions` and `mission_classification`.
    coding : {"as recorded", "council or chamber trips as joined"}
        How a trip counts that a council or chamber organized: the recorded role is uneven here, so both ways are
        computed. A trip organized jointly with a public body keeps its role.

    Returns
    -------
    pandas.DataFrame
        Indexed by mission_id: the columns of both.

    Raises
    ------
    DataError
        If a trip has no judgment or a judgment no trip.
    ParameterError
        If the coding is unknown.
    """
    if coding not in CODINGS:
        raise ParameterError(f"The coding is one of {'; '.join(CODINGS)}, found {coding!r}.")
    apart = sorted(set(missions.index) ^ set(classification.index))
    if apart:
        raise DataError(
            f"missions and mission_classification do not hold the same trips: {', '.join(apart)} is in one of them "
            "only: add the row that is lacking, or take out the other."
        )
    joined = missions.join(classification)
    if coding == AS_JOINED:
        joined["role"] = joined["role"].mask(joined["council_or_chamber_organised"] == "yes", "joined")
    return joined


def countries_of(rows: pd.DataFrame) -> list[str]:
    """Return the ISO codes of the countries that trips reached, once each, sorted."""
    return sorted({code for cell in rows["countries"] for code in cell.split(";")})


def selected(all_trips: pd.DataFrame, count_id: str) -> pd.DataFrame:
    """Return the trips that a rule counts.

    Parameters
    ----------
    all_trips : pandas.DataFrame
        From `trips`; its coding decides the role.
    count_id : str
        For example "city-1".

    Raises
    ------
    ParameterError
        If no rule has that id (state-1 is a hand-picked list, not a rule).
    """
    if count_id not in RULES:
        raise ParameterError(
            f"No counting rule is called {count_id!r}: there are {', '.join(RULES)} (state-1 is a hand-picked list)."
        )
    return all_trips[RULES[count_id].holds(all_trips)]


def of_city(rows: pd.DataFrame, city: str) -> pd.DataFrame:
    """Return the trips of one city, or all of them where the city is "all"."""
    return rows if city == ALL_CITIES else rows[rows["jurisdiction"] == city]


def counted_by(all_trips: pd.DataFrame, *, city: str, city_rule: str, state_rule: str) -> pd.DataFrame:
    """Return the trips of cities that one rule counts, and those of the state that another counts.

    The column `level` tells them apart.

    Parameters
    ----------
    all_trips : pandas.DataFrame
        From `trips`.
    city : str
        One city, for its trips alone; then none of the state is counted.
    """
    of_cities = of_city(selected(all_trips, city_rule), city)
    return of_cities if city != ALL_CITIES else pd.concat([of_cities, selected(all_trips, state_rule)])


def counts(
    definitions: pd.DataFrame, missions: pd.DataFrame, classification: pd.DataFrame, *, city: str = ALL_CITIES
) -> pd.DataFrame:
    """Count trips, country visits and countries under every definition.

    Parameters
    ----------
    definitions, missions, classification : pandas.DataFrame
        The datasets `mission_definitions`, `missions` and `mission_classification`.
    city : str
        One city, for its trips alone under the definitions for cities.

    Returns
    -------
    pandas.DataFrame
        Indexed by count_id: level, coding, rule_id (the id without the letter of the coding), name, definition,
        hand_picked, missions, country_visits (trip times country), countries, country_list, mission_ids.

    Raises
    ------
    DataError
        If a definition has no rule here, or another text than the rule.
    """
    if city != ALL_CITIES:
        definitions = definitions[definitions["level"] == "city"]
    frames = {coding: of_city(trips(missions, classification, coding=coding), city) for coding in CODINGS}
    rows = []
    for count_id, definition in definitions.iterrows():
        by_hand = str(definition["hand_picked"]).lower() == "true"
        rule_id = count_id.removesuffix("a")
        if by_hand:
            chosen = frames[definition["coding"]].loc[definition["mission_ids"].split(";")]
        else:
            same_text(count_id, rule_id, definition["rule"])
            chosen = selected(frames[definition["coding"]], rule_id)
        found = countries_of(chosen)
        rows.append(
            {
                "count_id": count_id,
                "level": definition["level"],
                "coding": definition["coding"],
                "rule_id": rule_id,
                "name": "picked by hand" if by_hand else RULES[rule_id].name,
                "definition": definition["definition"],
                "hand_picked": by_hand,
                "missions": len(chosen),
                "country_visits": int(sum(cell.count(";") + 1 for cell in chosen["countries"])),
                "countries": len(found),
                "country_list": ";".join(found),
                "mission_ids": ";".join(chosen.index),
            }
        )
    return pd.DataFrame(rows).set_index("count_id")


def as_table(counted: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of `counts` with names for a reader."""
    names = {
        "level": "trips of the", "name": "rule", "coding": "council or chamber trips", "missions": "trips",
        "country_visits": "country visits (trip times country)", "countries": "countries",
    }  # fmt: skip
    table = counted[list(names)].rename(columns=names)
    coded = {AS_RECORDED: "as recorded", AS_JOINED: "as joined"}
    return table.assign(**{names["coding"]: table[names["coding"]].map(coded)}).rename_axis("definition")


@checked_arguments
def by_rule(
    counted: pd.DataFrame,
    missions: pd.DataFrame,
    *,
    level: str,
    measure: str,
    period: str,
    apart: Mapping[str, str] | None = None,
) -> dict[str, Quantity]:
    """Return the count under every rule of a level as a reading of a claim; hand-picked lists are left out.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `counts`.
    missions : pandas.DataFrame
        The dataset `missions`, for the sources.
    level : {"city", "state"}
    measure : {"missions", "countries", "country_visits"}
    period : str
        For example "2019/2025".
    apart : mapping of ISO code to words, optional
        Codes of which a count of countries says what it would be without them.

    Returns
    -------
    dict of str to Quantity
        One reading per rule; two where the codings of council and chamber trips give different counts.
    """
    rows = counted[(counted["level"] == level) & ~counted["hand_picked"]]
    found = {}
    for rule_id, both in rows.groupby("rule_id", sort=False):
        values = dict(zip(both["coding"], both[measure], strict=True))
        for coding, row in both.set_index("coding").iterrows():
            alike = len(set(values.values())) == 1
            if alike and coding != AS_RECORDED:
                continue
            suffix = "" if alike else (", as recorded" if coding == AS_RECORDED else ", council trips as joined")
            ids = row["mission_ids"].split(";") if row["mission_ids"] else []
            found[f"{rule_id}: {row['name']}{suffix}"] = Quantity(
                int(row[measure]),
                "count",
                period,
                geography=level,
                basis=row["definition"],
                caveats=tuple(_caveats(rule_id, row, measure, dict(apart or {}))),
                sources=sources(missions.loc[ids]),
            )
    return found


def _caveats(rule_id: str, row: pd.Series, measure: str, apart: Mapping[str, str]) -> list[str]:
    found = [RULES[rule_id].caveat] if RULES[rule_id].caveat else []
    if measure == "countries":
        codes = row["country_list"].split(";")
        found += [f"{len(codes) - 1} without {words}" for code, words in apart.items() if code in codes]
    return found


def fitting_both(counted: pd.DataFrame, fits: Mapping[str, Callable[[int], bool]]) -> pd.DataFrame:
    """Find the city definitions whose counts fit several printed numbers at once.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `counts`.
    fits : mapping of measure to function
        Whether a count agrees with the number printed for that measure.

    Returns
    -------
    pandas.DataFrame
        Rows of `counted` at city level with a column `<measure>_fits` each, and `all_fit`.
    """
    rows = counted[(counted["level"] == "city") & ~counted["hand_picked"]].copy()
    for measure, test in fits.items():
        rows[f"{measure}_fits"] = [test(int(value)) for value in rows[measure]]
    rows["all_fit"] = rows[[f"{measure}_fits" for measure in fits]].all(axis=1)
    return rows


def membership(counted: pd.DataFrame, missions: pd.DataFrame, *, level: str) -> pd.DataFrame:
    """Tabulate which trips each definition counts.

    Returns
    -------
    pandas.DataFrame
        One row per trip that any definition of the level counts, by city and date: trips of, began, countries, a column
        per rule ("yes", "no", or "one coding" where only one coding of council and chamber trips counts it), and rules
        (how many count it).
    """
    rows = counted[counted["level"] == level]
    table = missions[["jurisdiction", "start_date", "countries"]].copy()
    for rule_id, both in rows.groupby("rule_id", sort=False):
        sets = [set(cell.split(";")) for cell in both["mission_ids"]]
        table[rule_id] = [
            "yes" if all(m in s for s in sets) else "one coding" if any(m in s for s in sets) else "no"
            for m in table.index
        ]
    marks = table[list(dict.fromkeys(rows["rule_id"]))] != "no"
    table["rules"] = marks.sum(axis=1)
    kept = table[table["rules"] > 0].copy()
    kept["start_date"] = kept["start_date"].fillna("undated")
    kept = kept.sort_values(["jurisdiction", "start_date"], kind="stable")
    return kept.rename(columns={"jurisdiction": "trips of", "start_date": "began"}).rename_axis("trip")


def agrees_with(claim: Claim) -> Callable[[int], bool]:
    """Return a test whether a count agrees with the number that a claim prints."""
    return lambda count: compare(count, claim.printed, claim.relation).agrees


def cities_between(counted: pd.DataFrame, missions: pd.DataFrame, one: str, other: str) -> list[str]:
    """Return the cities of the trips that only one of two counts holds."""
    apart = set(counted.at[one, "mission_ids"].split(";")) ^ set(counted.at[other, "mission_ids"].split(";"))
    return sorted({city for cell in missions.loc[sorted(apart), "cities"].dropna() for city in cell.split(";")})
