"""Single trips.

When they were, how long they took, whom they reached, and what the printed table of Los Angeles says of them.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.trade_missions.counts import countries_of, trips
from cityresearch.errors import DataError
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "LAST_TEN_YEARS", "LENGTHS", "headed", "how_many", "in_words", "length_of", "organized_by", "per_year",
    "rows_since", "since", "stops_of", "table1_rebuilt",
    "trade_missions", "trips_left_out", "visited", "year_of",
]  # fmt: skip

LAST_TEN_YEARS = "2016-05"  # the paper is of May 2026
LENGTHS = {"calendar days": 1, "nights": 0}


def year_of(
    missions: pd.DataFrame, mission_id: str, *, within: str = "", besides: frozenset[str] = frozenset()
) -> Quantity | Missing:
    """Return the year in which a trip began.

    Parameters
    ----------
    missions : pandas.DataFrame
        The dataset `missions`.
    mission_id : str
    within : str
        A printed period (2014-11 or 2014): missing if the trip did not begin in it, so that a right year with a wrong
        month does not pass.
    besides : frozenset of str
        Sources that do not count as evidence, for instance the examined document itself and what is known only through
        it: missing if the trip has no other.

    Returns
    -------
    Quantity or Missing
        Unit year; the note on the trip is its caveat.
    """
    row = missions.loc[mission_id]
    sources = tuple(s for s in row["source_id"].split(";") if s not in besides)
    if not sources:
        return Missing(f"{mission_id}: known only through the examined document")
    if pd.isna(row["start_date"]):
        return Missing(f"{mission_id}: undated", sources)
    if within and not (row["start_date"].startswith(within) or within.startswith(row["start_date"])):
        return Missing(f"{mission_id} began {row['start_date']}, not {within}", sources)
    note = () if pd.isna(row["note"]) else (row["note"],)
    when = row["start_date"]
    return Quantity(int(when[:4]), "year", when, geography=mission_id, sources=sources, caveats=note, read=True)


def length_of(missions: pd.DataFrame, mission_id: str, *, counting: str = "calendar days") -> Quantity | Missing:
    """Return how long a trip took by its first and last day.

    Parameters
    ----------
    counting : {"calendar days", "nights"}
        Calendar days count the first and the last day.

    Returns
    -------
    Quantity or Missing
        Unit days; missing unless both days are known.
    """
    row = missions.loc[mission_id]
    if any(pd.isna(row[c]) or len(row[c]) < 10 for c in ("start_date", "end_date")):
        return Missing(f"{mission_id}: first or last day unknown", tuple(row["source_id"].split(";")))
    between = (date.fromisoformat(row["end_date"]) - date.fromisoformat(row["start_date"])).days
    return Quantity(
        between + LENGTHS[counting],
        "days",
        f"{row['start_date']}/{row['end_date']}",
        geography=mission_id,
        sources=tuple(row["source_id"].split(";")),
    )


def stops_of(missions: pd.DataFrame, mission_ids: list[str], column: str) -> Quantity:
    """Count the different entries of a list column, such as cities or countries, over trips."""
    if column not in ("cities", "countries", "sectors"):
        raise DataError(f"Column {column!r} of missions is no list of stops: use cities, countries or sectors.")
    rows = missions.loc[mission_ids]
    found = unique(item for cell in rows[column].dropna() for item in cell.split(";"))
    return Quantity(
        len(found),
        "count",
        geography=", ".join(found),
        sources=sources(rows),
    )


def table1_rebuilt(table1: pd.DataFrame, missions: pd.DataFrame) -> pd.DataFrame:
    """Put each row of the printed table next to the trip that public pages show.

    Parameters
    ----------
    table1 : pandas.DataFrame
        The dataset `mission_table1`.
    missions : pandas.DataFrame
        The dataset `missions`.

    Returns
    -------
    pandas.DataFrame
        Indexed by row: country, mayor, printed date, printed cities, dates found, cities found (of the whole trip),
        verdict, note.
    """
    found = missions.loc[table1["mission_id"]]
    ends = found["end_date"].fillna("")
    dates = [a if b in ("", a) else f"{a} to {b}" for a, b in zip(found["start_date"], ends, strict=True)]
    table = pd.DataFrame(
        {
            "country": table1["country"].tolist(),
            "mayor": table1["mayor"].tolist(),
            "printed date": table1["date"].tolist(),
            "printed cities": table1["cities"].fillna("").str.replace(";", ", ").tolist(),
            "dates found": dates,
            "cities found": found["cities"].fillna("").str.replace(";", ", ").tolist(),
            "verdict": table1["verdict"].tolist(),
            "note": table1["note"].fillna("").tolist(),
        },
        index=table1.index,
    )
    return table.rename_axis("row")


def trips_left_out(table1: pd.DataFrame, missions: pd.DataFrame, *, city: str) -> pd.DataFrame:
    """Return a city's trips headed by its mayor, in the span of the printed table, that have no row in it."""
    rows = missions[(missions["jurisdiction"] == city) & (missions["lead_office"] == "mayor")]
    month = rows["start_date"].fillna("").str.slice(0, 7)
    span = (month >= table1["date"].min()) & (month <= table1["date"].max())
    return rows[span & ~rows.index.isin(table1["mission_id"])].sort_values("start_date")


def since(all_trips: pd.DataFrame, *, city: str, first: str, office: str = "mayor") -> pd.DataFrame:
    """Return a city's trips under an office that began on or after a date (ISO, may be cut to month or year)."""
    rows = all_trips[(all_trips["jurisdiction"] == city) & (all_trips["lead_office"] == office)]
    return rows[rows["start_date"].fillna("") >= first]


@checked_arguments
def visited(rows: pd.DataFrame, codes: list[str] | None = None, *, what: str = "", period: str = "") -> Quantity:
    """Count the countries that trips reached; with `codes`, only those of the list."""
    found = [code for code in countries_of(rows) if codes is None or code in codes]
    return Quantity(
        len(found),
        "count",
        period,
        geography=what or ", ".join(found),
        sources=sources(rows),
    )


def organized_by(
    missions: pd.DataFrame, classification: pd.DataFrame, sources: pd.DataFrame, *, publisher: str
) -> pd.DataFrame:
    """Return the trade missions that a page of their organizer names.

    Parameters
    ----------
    sources : pandas.DataFrame
        The dataset `sources`.
    publisher : str
        Start of the publisher's name.

    Returns
    -------
    pandas.DataFrame
        Rows of `trips`, by date; kind is trade mission.
    """
    rows = trips(missions, classification)
    rows = rows[rows["kind"] == "trade mission"]
    pages = set(sources.index[sources["publisher"].str.startswith(publisher)])
    return rows[[bool(pages & set(cell.split(";"))) for cell in rows["source_id"]]].sort_values("start_date")


@checked_arguments
def per_year(rows: pd.DataFrame, *, first: int, last: int) -> pd.Series:
    """Count trips per calendar year of their start, years without a trip as zero."""
    years = rows["start_date"].dropna().str.slice(0, 4).astype(int)
    return years.value_counts().reindex(range(first, last + 1), fill_value=0).rename("missions")


def trade_missions(missions: pd.DataFrame, classification: pd.DataFrame, *, city: str) -> pd.DataFrame:
    """Return a city's trips of the kind trade mission, by date."""
    rows = trips(missions, classification)
    return rows[(rows["kind"] == "trade mission") & (rows["jurisdiction"] == city)].sort_values("start_date")


def how_many(rows: pd.DataFrame, what: str) -> Quantity:
    """Count trips."""
    first, last = rows["start_date"].str.slice(0, 4).agg(["min", "max"])
    return Quantity(len(rows), "count", f"{first}/{last}", geography=what, sources=sources(rows))


def headed(all_trips: pd.DataFrame, *, city: str, first: str) -> pd.DataFrame:
    """Return the confirmed trips that a city's mayor headed and that began on or after a date."""
    rows = since(all_trips, city=city, first=first)
    return rows[(rows["role"] == "led") & (rows["sure"] == "yes")]


def rows_since(table1: pd.DataFrame, first: str = LAST_TEN_YEARS) -> pd.DataFrame:
    """Return the rows of the printed table from a month on."""
    return table1[table1["date"] >= first]


def in_words(rows: pd.DataFrame) -> str:
    """Return trips as the first city and the month of each."""
    return ", ".join(
        f"{cities.split(';')[0]} {date[:7]}" for cities, date in zip(rows["cities"], rows["start_date"], strict=True)
    )
