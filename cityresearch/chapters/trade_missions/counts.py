"""Trips abroad of cities and the state: counting them under named rules.

The authors' own list is unpublished, so every count rests on a list put together from public pages. What counts as a mission is a
matter of definition; the definitions are rules over columns (`mission_rules`), and all of them are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.trade_missions.rules import RULES, same_text
from cityresearch.claims.ledger import Claim
from cityresearch.errors import DataError, ParameterError
from cityresearch.measures.cited import sources
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.quantity import Quantity

__all__ = [
    "AS_JOINED", "AS_RECORDED", "CODINGS", "agrees_with", "cities_between", "codes_of", "countries_of", "counts",
    "fitting_both", "in_some_not_all", "membership", "name_of", "readings", "selected", "stops",
    "trips",
]  # fmt: skip

AS_RECORDED = "as recorded"
AS_JOINED = "council or chamber trips as joined"
CODINGS = (AS_RECORDED, AS_JOINED)


def trips(missions: pd.DataFrame, classification: pd.DataFrame, *, coding: str = AS_RECORDED) -> pd.DataFrame:
    """Join trips with the judgements on them.

    Parameters
    ----------
    missions, classification : pandas.DataFrame
        The datasets `missions` and `mission_classification`.
    coding : {"as recorded", "council or chamber trips as joined"}
        How a trip counts that a council or chamber organised: the recorded role is uneven here, so both ways are computed. A trip
        organised jointly with a public body keeps its role.

    Returns
    -------
    pandas.DataFrame
        Indexed by mission_id: the columns of both.

    Raises
    ------
    DataError
        If a trip has no judgement or a judgement no trip.
    ParameterError
        If the coding is unknown.
    """
    if coding not in CODINGS:
        raise ParameterError(f"The coding is one of {'; '.join(CODINGS)}, found {coding!r}.")
    apart = sorted(set(missions.index) ^ set(classification.index))
    if apart:
        raise DataError(
            f"missions and mission_classification do not hold the same trips: {', '.join(apart)} is in one of them only."
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


def counts(definitions: pd.DataFrame, missions: pd.DataFrame, classification: pd.DataFrame) -> pd.DataFrame:
    """Count trips, country visits and countries under every definition.

    Parameters
    ----------
    definitions, missions, classification : pandas.DataFrame
        The datasets `mission_definitions`, `missions` and `mission_classification`.

    Returns
    -------
    pandas.DataFrame
        Indexed by count_id: level, coding, rule_id (the id without the letter of the coding), name, definition, hand_picked, missions,
        country_visits (trip times country), countries, country_list, mission_ids.

    Raises
    ------
    DataError
        If a definition has no rule here, or another text than the rule.
    """
    frames = {coding: trips(missions, classification, coding=coding) for coding in CODINGS}
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


@checked_arguments
def readings(
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
        One row per trip that any definition of the level counts, by city and date: jurisdiction, start_date, countries, a column
        per rule ("yes", "no", or "one coding" where only one coding of council and chamber trips counts it), and rules (how many count it).
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
    return kept.sort_values(["jurisdiction", "start_date"], kind="stable")


def stops(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Place trips on the map: one point per country and level, at the first stop that has coordinates.

    Parameters
    ----------
    rows : pandas.DataFrame
        Trips.
    places : pandas.DataFrame
        The dataset `places`.

    Returns
    -------
    pandas.DataFrame
        One row per country and level, sorted: country (ISO code), name, level, trips, lat, lon, mission_ids. A country without a named
        stop stands at its label point.
    """
    labels = _labels(places)
    found = []
    for level, group in rows.groupby("level"):
        for code in countries_of(group):
            there = group[group["countries"].str.split(";").map(lambda codes, code=code: code in codes)]
            name, lat, lon = labels.loc[code, ["name", "lat", "lon"]]
            found.append(
                {
                    "country": code,
                    "name": name,
                    "level": level,
                    "trips": len(there),
                    "lat": lat,
                    "lon": lon,
                    "mission_ids": ";".join(there.index),
                }
            )
    columns = ["country", "name", "level", "trips", "lat", "lon", "mission_ids"]
    return pd.DataFrame(found, columns=columns).sort_values(["name", "level"], ignore_index=True)


def name_of(code: str, places: pd.DataFrame) -> str:
    """Return the name of a country by its ISO code, as the map uses it."""
    return _labels(places).at[code, "name"]


def codes_of(names: Iterable[str], places: pd.DataFrame) -> list[str]:
    """Return the ISO codes of countries by their names.

    Raises
    ------
    DataError
        If a name is not among the label points of `places`.
    """
    by_name = {row["name"]: code for code, row in _labels(places).iterrows()}
    lacking = [name for name in names if name not in by_name]
    if lacking:
        raise DataError(f"places has no label point for {', '.join(lacking)}: check the spelling.")
    return [by_name[name] for name in names]


def in_some_not_all(rows: pd.DataFrame, places: pd.DataFrame) -> list[str]:
    """Return the names of countries that some of the counts hold and others do not, sorted."""
    sets = [set(cell.split(";")) for cell in rows["country_list"]]
    if not sets:
        return []
    return sorted(name_of(code, places) for code in set.union(*sets) - set.intersection(*sets))


def agrees_with(claim: Claim) -> Callable[[int], bool]:
    """Return a test whether a count agrees with the number that a claim prints."""
    return lambda count: compare(count, claim.printed, claim.relation).agrees


def _labels(places: pd.DataFrame) -> pd.DataFrame:
    """Return the label point of each country by its ISO code: name, lat, lon."""
    labels = places[places.index.str.endswith(" (label)")].reset_index()
    labels["name"] = labels["place"].str.removesuffix(" (label)")
    return labels.set_index("country_iso3")[["name", "lat", "lon"]]


def cities_between(counted: pd.DataFrame, missions: pd.DataFrame, one: str, other: str) -> list[str]:
    """Return the cities of the trips that only one of two counts holds."""
    apart = set(counted.at[one, "mission_ids"].split(";")) ^ set(counted.at[other, "mission_ids"].split(";"))
    return sorted({city for cell in missions.loc[sorted(apart), "cities"].dropna() for city in cell.split(";")})
