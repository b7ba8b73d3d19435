"""Market places: the place of a metropolitan area by population, among all metros and among those of a league."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.geography import short_metro, states_in_title
from cityresearch.measures.published import matching
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "LEAST_METROS",
    "MEASURES",
    "league_titles",
    "metros_of_year",
    "place_by_population",
    "place_from_smallest",
    "place_from_smallest_by_rank",
    "places_by_year",
    "readable",
    "together_in_words",
]

# fewer rows than this are no list of all metros, so no place can be read from them
LEAST_METROS = 300


@checked_arguments
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


@checked_arguments
def metros_of_year(population: pd.DataFrame, year: int, *, measure: str) -> pd.DataFrame:
    """Return the population of every metro in a year, one row each; national rows are left out."""
    return matching(population, year=year, measure=measure, kind="metro")


def league_titles(titles: list[str], league: pd.DataFrame) -> list[str]:
    """Return the titles of the metros that hold a league's cities; titles change over the years, first city and state
    do not.

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
    first = [(short_metro(t).split("-")[0], states_in_title(t)[:1]) for t in titles]
    found = []
    for city, state in league.index:
        fits = [t for t, start in zip(titles, first, strict=True) if start == (city, (state,))]
        if len(fits) != 1:
            raise DataError(f"{len(fits)} metros begin with {city} and lie in {state}: exactly one must.")
        found += fits
    return found


@checked_arguments
def place_from_smallest(
    population: pd.DataFrame, league: pd.DataFrame, title: str, year: int, *, measure: str
) -> Quantity | Missing:
    """Return a metro's place by population among a league's metros, smallest first; missing if the metro is not among
    them."""
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


@checked_arguments
def places_by_year(population: pd.DataFrame, league: pd.DataFrame, title: str) -> pd.DataFrame:
    """Tabulate a metro's places in every year with a list of all metros.

    Returns
    -------
    pandas.DataFrame
        Indexed by year and measure: place, place_with_puerto_rico, from_smallest_in_league (empty if it has no team),
        smaller.
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


MEASURES = {"july_1_estimate": "estimate of July 1", "acs_5_year": "five-year mean of the American Community Survey"}


def readable(places: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `places_by_year` for a reader.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: population, place, place with Puerto Rico, place from the smallest in the league, smaller
        markets of the league.
    """
    years, measures = places.index.get_level_values("year"), places.index.get_level_values("measure")
    inside = places["from_smallest_in_league"]
    return pd.DataFrame(
        {
            "population": [MEASURES.get(measure, measure) for measure in measures],
            "place": places["place"].tolist(),
            "place with Puerto Rico": places["place_with_puerto_rico"].tolist(),
            "place from the smallest in the league": ["" if pd.isna(place) else int(place) for place in inside],
            "smaller markets of the league": places["smaller"].tolist(),
        },
        index=pd.Index(years, name="year"),
    )


@checked_arguments
def together_in_words(places: pd.DataFrame, place: int, from_smallest: int) -> str:
    """Return in sentences in which years two printed places hold together, and what the latest year gives.

    Parameters
    ----------
    places : pandas.DataFrame
        From `places_by_year`.
    place, from_smallest : int
        As printed: among all metros from the largest, and among the league's from the smallest.
    """
    if places.empty:
        return "Our tables have no list of all metros with this one."
    both = places[(places["place"] == place) & (places["from_smallest_in_league"] == from_smallest)]
    years = ", ".join(str(year) for year in both.index.get_level_values("year"))
    said = (
        f"Of the years with a list of all metros, both printed places hold together in {years or 'none'} (without "
        "Puerto Rico)."
    )
    year, latest = places.index[-1][0], places.iloc[-1]
    ends = [f"the place among all metros is {latest['place']}"]
    if not pd.isna(latest["from_smallest_in_league"]):
        smaller = latest["smaller"]
        ends.append(
            f"the place from the smallest in the league is {latest['from_smallest_in_league']} (smaller: {smaller})"
        )
    return f"{said} In {year}, the latest of them, {' and '.join(ends)}."


def place_from_smallest_by_rank(ranks: Mapping[str, Quantity | Missing], city: str) -> Quantity | Missing:
    """Return a city's place from the smallest by printed market ranks, among the cities given.

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
        caveats=(f"smaller: {', '.join(smaller)}", "that no other market with a team is smaller is taken from the "
                                                   "sources"),
    )  # fmt: skip
