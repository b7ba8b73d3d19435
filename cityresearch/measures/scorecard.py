"""A scorecard of international engagement: the measures that a toolkit proposes, filled from what is public about nine cities.

A cell is `filled` if a confirmed outcome of the city itself bears on the measure, `partly` if there is only a part of it, another area,
another year or the word of the body concerned, and `empty` if the tables hold nothing. Empty says nothing about the city: much that a
city does is published nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from cityresearch.claims.agreement import in_words
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.geography import short_metro, states_in_title
from cityresearch.measures.exports import metro_value
from cityresearch.quantity import Missing, Quantity, unique

Status = Literal["filled", "partly", "empty"]
STATUSES: tuple[Status, ...] = ("filled", "partly", "empty")
NINE_CITIES = (
    "Los Angeles", "San Diego", "San Francisco", "San Jose", "Sacramento", "Oakland", "Fresno", "Long Beach", "Anaheim",
)  # fmt: skip
HORIZONS = {
    "activity": "Activity",
    "immediate": "Within a year",
    "medium_term": "One to three years",
    "long_term": "After three years",
}
# an outcome counts if it is at least this sure
SURENESS = ("planned", "reported", "confirmed")
# fewer rows than this are no list of all metros, so no place can be read from them
LEAST_METROS = 300


def scorecard(
    tables: Mapping[str, pd.DataFrame],
    *,
    since: int,
    until: int,
    least: str = "reported",
    cities: tuple[str, ...] = NINE_CITIES,
) -> pd.DataFrame:
    """Fill the toolkit's measures for each city from the tables at hand.

    Parameters
    ----------
    tables : mapping of dataset name to frame
        scorecard_metrics, scorecard_outcomes, missions, mission_classification, mission_outcomes, sister_city_counts, sister_cities,
        metro_exports, metro_sets, foreign_owned_firms, port_observations, other_observations.
    since, until : int
        First and last year of the trips counted.
    least : {"planned", "reported", "confirmed"}
        How sure an outcome must be to count.

    Returns
    -------
    pandas.DataFrame
        One row per measure and city: metric_id, horizon, metric, city, status, items, what, sources. `items` counts trips, outcomes and
        figures found; a source occurs once.

    Raises
    ------
    ParameterError
        If `least` is unknown or the years are in the wrong order.
    """
    if least not in SURENESS:
        raise ParameterError(f"How sure an outcome must be is one of {', '.join(SURENESS)}, found {least!r}.")
    if since > until:
        raise ParameterError(f"The first year ({since}) must not be after the last one ({until}).")
    found = pd.concat(
        [
            _outcomes(tables["scorecard_outcomes"], tables["mission_outcomes"], least),
            _trips(tables["missions"], tables["mission_classification"], since, until),
            _sister_ties(tables["sister_city_counts"], tables["sister_cities"]),
            _trade(tables["metro_exports"], tables["metro_sets"], cities),
            _figures(tables, cities),
        ],
        ignore_index=True,
    )
    rows = []
    for metric_id, metric in tables["scorecard_metrics"].iterrows():
        for city in cities:
            cell = found[(found["metric_id"] == metric_id) & (found["city"] == city)]
            rows.append(
                {
                    "metric_id": metric_id,
                    "horizon": metric["horizon"],
                    "metric": metric["metric"],
                    "city": city,
                    "status": "empty" if cell.empty else "filled" if cell["sure"].any() else "partly",
                    "items": int(cell["items"].sum()),
                    "what": "; ".join(cell["what"]),
                    "sources": ";".join(unique(s for cell_sources in cell["sources"] for s in cell_sources)),
                }
            )
    return pd.DataFrame(rows)


def tally(card: pd.DataFrame) -> pd.DataFrame:
    """Count filled, partly filled and empty cells by horizon.

    Returns
    -------
    pandas.DataFrame
        Indexed by horizon (in the toolkit's order, then `all`): filled, partly, empty, cells.
    """
    counts = card.groupby(["horizon", "status"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=list(HORIZONS), columns=list(STATUSES), fill_value=0)
    counts.loc["all"] = counts.sum()
    return counts.assign(cells=counts.sum(axis=1)).rename_axis(columns=None)


def cell(card: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """Return what stands behind one measure, city by city."""
    rows = card[card["metric_id"] == metric_id]
    return rows.set_index("city")[["status", "items", "what", "sources"]]


def metro_of(city: str, titles: list[str]) -> str:
    """Return the metro that names a city in its title.

    Raises
    ------
    DataError
        If none or several do.

    Examples
    --------
    >>> metro_of("Anaheim", ["Los Angeles-Long Beach-Anaheim, CA", "Fresno, CA"])
    'Los Angeles-Long Beach-Anaheim, CA'
    """
    found = [title for title in titles if city in short_metro(title).split("-")]
    if len(found) != 1:
        raise DataError(f"{len(found)} metros name {city} ({', '.join(found) or 'none'}): exactly one must.")
    return found[0]


def place_by_population(
    population: pd.DataFrame, title: str, year: int, *, measure: str, puerto_rico: bool
) -> Quantity | Missing:
    """Return a metro's place by population, largest first.

    Parameters
    ----------
    population : pandas.DataFrame
        The dataset `metro_population`.
    measure : {"july_1_estimate", "acs_5_year"}
    puerto_rico : bool
        Whether metros of Puerto Rico are among those counted.

    Returns
    -------
    Quantity or Missing
        Unit rank; missing if the table of that year does not hold all metros.
    """
    rows = metros_of_year(population, year, measure=measure)
    if not puerto_rico:
        rows = rows[["PR" not in states_in_title(t) for t in rows["cbsa_title"]]]
    if len(rows) < LEAST_METROS or title not in set(rows["cbsa_title"]):
        return Missing(f"{title}, {year}: no list of all metros with it in the data ({measure})")
    own = rows.set_index("cbsa_title")["value"]
    return Quantity(
        1 + int((own > own[title]).sum()), "rank", str(year), title, measure, sources=unique(rows["source_id"]),
        caveats=(f"{'with' if puerto_rico else 'without'} metros of Puerto Rico",),
    )  # fmt: skip


def metros_of_year(population: pd.DataFrame, year: int, *, measure: str) -> pd.DataFrame:
    """Return the population of every metro in a year, one row each; national rows are left out."""
    rows = population.reset_index()
    return rows[(rows["year"] == year) & (rows["measure"] == measure) & (rows["kind"] == "metro")]


def league_titles(titles: list[str], league: pd.DataFrame) -> list[str]:
    """Return the titles of the metros that hold a league's cities; titles change over the years, first city and state do not.

    Parameters
    ----------
    titles : list of str
        Titles of one year.
    league : pandas.DataFrame
        The dataset `league_metros`.

    Raises
    ------
    DataError
        If a city has no metro among the titles or more than one.
    """
    found = []
    for city, state in league.index:
        fits = [t for t in titles if short_metro(t).split("-")[0] == city and states_in_title(t)[:1] == (state,)]
        if len(fits) != 1:
            raise DataError(f"{len(fits)} metros begin with {city} and lie in {state}: exactly one must.")
        found += fits
    return found


def place_from_smallest(
    population: pd.DataFrame, league: pd.DataFrame, title: str, year: int, *, measure: str
) -> Quantity | Missing:
    """Return a metro's place by population among a league's metros, smallest first; missing if the metro is not among them."""
    rows = metros_of_year(population, year, measure=measure).set_index("cbsa_title")
    if len(rows) < LEAST_METROS:
        return Missing(f"{year}: no list of all metros in the data ({measure})")
    members = league_titles(list(rows.index), league)
    if title not in members:
        return Missing(f"{title} has no team of the league")
    inside = rows.loc[members, "value"]
    smaller = inside[inside < inside[title]].sort_values()
    return Quantity(
        1 + len(smaller), "rank", str(year), title, measure, sources=unique([*rows["source_id"], *league["source_id"]]),
        caveats=("smaller: " + (", ".join(short_metro(t).split("-")[0] for t in smaller.index) or "none"),),
    )  # fmt: skip


def places_by_year(population: pd.DataFrame, league: pd.DataFrame, title: str) -> pd.DataFrame:
    """Tabulate a metro's places in every year with a list of all metros.

    Returns
    -------
    pandas.DataFrame
        Indexed by year and measure: place, place_with_puerto_rico, from_smallest_in_league (empty if it has no team), smaller.
    """
    rows = []
    pairs = population.reset_index()[["year", "measure"]].drop_duplicates().sort_values(["year", "measure"])
    for year, measure in pairs.itertuples(index=False):
        without = place_by_population(population, title, year, measure=measure, puerto_rico=False)
        if isinstance(without, Missing):
            continue
        inside = place_from_smallest(population, league, title, year, measure=measure)
        known = isinstance(inside, Quantity)
        rows.append(
            {
                "year": int(year),
                "measure": measure,
                "place": int(without),
                "place_with_puerto_rico": int(
                    place_by_population(population, title, year, measure=measure, puerto_rico=True)
                ),
                "from_smallest_in_league": int(inside) if known else None,
                "smaller": inside.caveats[0].removeprefix("smaller: ") if known else inside.reason,
            }
        )
    columns = ["year", "measure", "place", "place_with_puerto_rico", "from_smallest_in_league", "smaller"]
    table = pd.DataFrame(rows, columns=columns).set_index(["year", "measure"])
    return table.astype({"from_smallest_in_league": "Int64"})


def place_from_smallest_by_rank(ranks: Mapping[str, Quantity | Missing], city: str) -> Quantity | Missing:
    """Return a city's place from the smallest by printed market ranks, among the cities at hand.

    Parameters
    ----------
    ranks : mapping of city to Quantity
        Market ranks, 1 the largest.
    """
    for item in ranks.values():
        if isinstance(item, Missing):
            return item
    smaller = [name for name, item in ranks.items() if item.value > ranks[city].value]
    return Quantity(
        1 + len(smaller), "rank", ranks[city].period, city, "television homes",
        sources=unique(s for item in ranks.values() for s in item.sources),
        caveats=(f"smaller: {', '.join(smaller)}", "that no other market with a team is smaller is taken from the sources"),
    )  # fmt: skip


def years_of(observations: pd.DataFrame, series: str) -> list[int]:
    """Return the years for which a series has a value, ascending; a fiscal year counts as its first year."""
    rows = observations.reset_index()
    periods = rows.loc[rows["series"] == series, "period"].dropna()
    return sorted({int(p.removeprefix("FY")[:4]) for p in periods})


def _cells(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["metric_id", "city", "items", "sure", "what", "sources"])


def _outcomes(judged: pd.DataFrame, outcomes: pd.DataFrame, least: str) -> pd.DataFrame:
    rows = []
    for key, row in judged.iterrows():
        if key not in outcomes.index:
            raise DataError(
                f"scorecard_outcomes names {key[1]!r} of {key[0]}, which mission_outcomes does not hold: mend one of them."
            )
        outcome = outcomes.loc[key]
        if SURENESS.index(outcome["status"]) < SURENESS.index(least):
            continue
        note = f"; {row['note']}" if isinstance(row["note"], str) and row["note"] else ""
        rows.append(
            {
                "metric_id": row["metric_id"],
                "city": row["city"],
                "items": 1,
                "sure": outcome["status"] == "confirmed",
                "what": f"{key[1]} ({outcome['status']}{note})",
                "sources": tuple(outcome["source_id"].split(";")),
            }
        )
    return _cells(rows)


def _trips(missions: pd.DataFrame, classification: pd.DataFrame, since: int, until: int) -> pd.DataFrame:
    dated = missions[missions["start_date"].notna() & (missions["level"] == "city")]
    years = dated["start_date"].str[:4].astype(int)
    inside = dated[years.between(since, until)].join(classification["kind"])
    studies = inside[inside["kind"] == "study trip"]
    rows = []
    for metric_id, chosen, words in (
        ("delegations", inside, "trips abroad"),
        ("policy_exchanges", studies, "study trips"),
    ):
        for city, trips in chosen.groupby("jurisdiction"):
            rows.append(
                {
                    "metric_id": metric_id,
                    "city": city,
                    "items": len(trips),
                    "sure": False,
                    "what": f"{len(trips)} {words} found, {since} to {until}; visits from abroad are not in the tables",
                    "sources": unique(s for text in trips["source_id"] for s in text.split(";")),
                }
            )
    return _cells(rows)


def _sister_ties(counts: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (city, source_id), row in counts.iterrows():
        when = row["as_of"] if isinstance(row["as_of"], str) else "undated"
        rows.append((city, f"{row['count']} ties ({when})", source_id))
    listed = pairs.reset_index()
    for (city, snapshot), part in listed.groupby(["city", "snapshot"]):
        rows.append((city, f"{len(part)} ties on a list of {snapshot}", part["source_id"].iloc[0]))
    return _cells(
        [
            {
                "metric_id": "sister_ties",
                "city": city,
                "items": 1,
                "sure": False,
                "what": f"{what}; a count of ties, not of results",
                "sources": (source_id,),
            }
            for city, what, source_id in rows
        ]
    )


def _trade(exports: pd.DataFrame, sets: pd.DataFrame, cities: tuple[str, ...]) -> pd.DataFrame:
    titles = list(sets.loc["six metros that hold the nine cities"].index)
    last = int(exports.index.get_level_values("year").max())
    rows = []
    for city in cities:
        title = metro_of(city, titles)
        value = metro_value(exports, title, last)
        if isinstance(value, Missing):
            continue
        years = int((exports.index.get_level_values("cbsa_title") == title).sum())
        rows.append(
            {
                "metric_id": "trade_ties",
                "city": city,
                "items": 1,
                "sure": False,
                "what": f"goods exports of {short_metro(title)}, {last}: {in_words(value.value, 'USD')}, {years} years on record; a metro, not the city",
                "sources": value.sources,
            }
        )
    return _cells(rows)


# figures of other areas or other years that bear on a measure: measure, table, pattern of the series
_BEARING = (
    ("foreign_investment", "foreign_owned_firms", r"foreign_direct_investment(_spending|_five_years|_cumulative.*)?"),
    ("jobs", "foreign_owned_firms", r"foreign_owned_(enterprise_employment|establishment_jobs)"),
    ("tourism", "port_observations", r"international_visitors"),
    ("reputation", "other_observations", r"consular_community_rank_world"),
)


def _figures(tables: Mapping[str, pd.DataFrame], cities: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for metric_id, name, pattern in _BEARING:
        table = tables[name].reset_index()
        table = table[table["series"].str.fullmatch(pattern)]
        for city in cities:
            part = table[table["geography"].str.startswith(city)]
            if part.empty:
                continue
            latest = part.sort_values("period", na_position="first", kind="stable").iloc[-1]
            when = latest["period"] if isinstance(latest["period"], str) else "undated"
            rows.append(
                {
                    "metric_id": metric_id,
                    "city": city,
                    "items": len(part),
                    "sure": False,
                    "what": f"{len(part)} figures, latest {in_words(latest['value'], latest['unit'])} ({latest['geography']}, {when}); not tied to any partnership",
                    "sources": unique(part["source_id"]),
                }
            )
    return _cells(rows)


def topped_up(left: Quantity | Missing, addition: Quantity | Missing) -> Quantity | Missing:
    """Return what a fund holds after an addition, of whichever periods the two are.

    Raises
    ------
    MixedBasisError
        If the currencies differ.
    """
    for part in (left, addition):
        if isinstance(part, Missing):
            return part
    if left.unit != addition.unit:
        raise MixedBasisError(f"Will not add {addition.unit} to {left.unit}: convert one of them first.")
    return Quantity(
        left.value + addition.value, left.unit, f"{left.period} and {addition.period}", left.geography,
        sources=unique([*left.sources, *addition.sources]), bounds=left.interval + addition.interval,
        caveats=(*left.caveats, *addition.caveats, "a proposal"),
    )  # fmt: skip
