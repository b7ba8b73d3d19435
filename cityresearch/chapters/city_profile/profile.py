"""One metropolitan area from every table at hand: what is known, under which list of counties, and what is missing.

Tables are joined by the area's code. Two numbers that were counted over different counties are not divided
unless the caller says so, and then the result says it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import MixedBasisError, ParameterError
from cityresearch.geography import short_metro, states_in_title
from cityresearch.measures import areas as delineations
from cityresearch.measures.exports import metro_value
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = [
    "CITIES_COVER", "CURRENT_USD", "MEASURES", "PUBLISHERS", "cities_in", "counties_differ", "employment",
    "exports_by_year", "foreign_firms", "gaps", "gdp", "like_for_like", "main_years", "outcomes", "place",
    "population", "ratio", "stretches", "trips", "value_of",
]  # fmt: skip

# Trips and sister cities were gathered for one state only, so a city of the same name elsewhere is not meant.
CITIES_COVER = "CA"
MEASURES = ("july_1_estimate", "acs_5_year", "census_2020")
CURRENT_USD = "USD"
# Who publishes what a profile needs, for the table of gaps
PUBLISHERS = {
    "goods exports": "International Trade Administration, Metropolitan Export Series",
    "residents": "Census Bureau, population estimates of 1 July",
    "gross domestic product": "Bureau of Economic Analysis, GDP by county and metropolitan area",
    "jobs on payrolls": "Bureau of Labor Statistics, payroll survey by area",
    "foreign-owned firms": "Brookings (2011, once); Bureau of Economic Analysis for states; no yearly table by area was found",
    "trips abroad": "the cities themselves; no register was found",
    "reported outcomes of trips": "the cities and their partners",
    "sister cities": "the cities, Sister Cities International",
}


@checked_arguments
def exports_by_year(exports: pd.DataFrame, titles: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Return an area's exports of every year, under all its titles, with its place among the metros.

    Parameters
    ----------
    exports, titles : pandas.DataFrame
        The datasets `metro_exports` and `metro_titles`.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: title, value_usd, share_of_us (percent of all rows of the series, remainders included), rank_us, metros_us,
        rank_state, metros_state (among metros with a value whose title begins with the same state).
    """
    every = exports.reset_index()
    metros = every[every["kind"] == "metro"].copy()
    grouped = metros.groupby("year")["value_usd"]
    metros["rank_us"], metros["metros_us"] = grouped.rank(ascending=False, method="min"), grouped.transform("count")
    grouped = metros.groupby(["year", "state"])["value_usd"]
    metros["rank_state"], metros["metros_state"] = (
        grouped.rank(ascending=False, method="min"),
        grouped.transform("count"),
    )
    own = delineations.of_metro(metros.set_index(["cbsa_title", "year"]), titles, metro, "cbsa_title")
    if own["year"].duplicated().any():
        raise ParameterError(
            f"{metro} has two values for one year under its titles {', '.join(own['cbsa_title'].unique())}."
        )
    total = every.groupby("year")["value_usd"].sum()
    own["share_of_us"] = 100 * own["value_usd"] / own["year"].map(total)
    ranks = ["rank_us", "metros_us", "rank_state", "metros_state"]
    own = own.astype(dict.fromkeys(ranks, int)).rename(columns={"cbsa_title": "title"})
    return own.set_index("year").sort_index()[["title", "value_usd", "share_of_us", *ranks]]


def stretches(by_year: pd.DataFrame, redrawn: pd.DataFrame) -> pd.DataFrame:
    """Return the change of exports within stretches of years that cover the same counties as far as is known.

    Parameters
    ----------
    by_year, redrawn : pandas.DataFrame
        From `exports_by_year` and `delineations.breaks`.

    Returns
    -------
    pandas.DataFrame
        Columns first, last, from_usd, to_usd, change_percent, percent_per_year (mean), share_change_points (of the U.S. series). One year
        alone has no change. Current dollars.
    """
    cuts = [year for year, kept in redrawn["kept"].items() if kept is not True]
    part = pd.Series([sum(year >= cut for cut in cuts) for year in by_year.index], index=by_year.index)
    rows = []
    for _, group in by_year.groupby(part):
        first, last = group.index.min(), group.index.max()
        start, end = (int(group.at[y, "value_usd"]) for y in (first, last))
        ratio = end / start if first < last and start else None
        rows.append(
            {
                "first": first,
                "last": last,
                "from_usd": start,
                "to_usd": end,
                "change_percent": None if ratio is None else 100 * (ratio - 1),
                "percent_per_year": None if ratio is None else 100 * (ratio ** (1 / (last - first)) - 1),
                "share_change_points": None
                if ratio is None
                else group.at[last, "share_of_us"] - group.at[first, "share_of_us"],
            }
        )
    return pd.DataFrame(rows)


@checked_arguments
def main_years(by_year: pd.DataFrame, redrawn: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the first and last years of every stretch, the highest and lowest value, and the year asked for."""
    found = stretches(by_year, redrawn)
    chosen = {*found["first"], *found["last"], by_year["value_usd"].idxmax(), by_year["value_usd"].idxmin(), year}
    return by_year.loc[[y for y in by_year.index if y in chosen]]


@checked_arguments
def place(by_year: pd.DataFrame, metro: str, year: int, where: str) -> Quantity | Missing:
    """Return an area's rank by exports of a year among the metros with a value.

    Parameters
    ----------
    where : {"us", "state"}
    """
    if year not in by_year.index:
        return missing(f"{metro} {year}: no value in the export series")
    row = by_year.loc[year]
    return Quantity(
        int(row[f"rank_{where}"]), "rank", period=str(year), geography=f"{metro}, of {int(row[f'metros_{where}'])}"
    )


@checked_arguments
def value_of(exports: pd.DataFrame, by_year: pd.DataFrame, metro: str, year: int) -> Quantity | Missing:
    """Return an area's exports of a year in USD, under the title that the series used in that year."""
    return metro_value(exports, by_year.at[year, "title"] if year in by_year.index else metro, year)


@checked_arguments
def population(people: pd.DataFrame, titles: pd.DataFrame, metro: str, year: int) -> Quantity | Missing:
    """Return an area's residents: the estimate of 1 July, else the five-year average that ends in the year, else the census.

    Returns
    -------
    Quantity or Missing
        Persons; `basis` names the measure.
    """
    rows = delineations.of_metro(people, titles, metro, "cbsa_title")
    rows = rows[(rows["kind"] == "metro") & (rows["year"] == year)]
    if rows.empty:
        return missing(f"residents of {short_metro(metro)} in {year}: none in the data")
    row = min(rows.to_dict("records"), key=lambda r: MEASURES.index(r["measure"]))
    average = row["measure"] == "acs_5_year"
    return Quantity(
        row["value"],
        "persons",
        period=f"{row['first_year']}/{year}" if average else str(year),
        geography=metro,
        basis=row["measure"],
        sources=(row["source_id"],),
        caveats=(f"residents are an average of {row['first_year']} to {year}",) if average else (),
    )


@checked_arguments
def gdp(
    products: pd.DataFrame, titles: pd.DataFrame, counties: pd.DataFrame, metro: str, year: int, *, over: int | None
) -> Quantity | Missing:
    """Return an area's gross domestic product of a year in current dollars.

    Parameters
    ----------
    over : int or None
        Year of the list of counties wanted. If the area grew by whole other areas, their products are added, so that both cover the
        same counties.

    Returns
    -------
    Quantity or Missing
        USD; a caveat names the areas that were added.
    """
    rows = delineations.of_metro(products, titles, metro, "cbsa_title")
    rows = rows[(rows["kind"] == "metro") & (rows["year"] == year)]
    own = rows[rows["unit"] == CURRENT_USD]
    if own.empty:
        other = f" (only in {rows['unit'].iloc[0]}, which is another unit)" if len(rows) else ""
        return missing(f"GDP of {short_metro(metro)} in {year}: none in current dollars{other}")
    row = own.iloc[0]
    made = Quantity(
        int(row["value"]),
        CURRENT_USD,
        period=str(year),
        geography=metro,
        basis="value added",
        sources=(row["source_id"],),
    )
    code, listed = delineations.code_of(titles, metro), delineations.LIST_OF_SOURCE.get(row["source_id"])
    absorbed = delineations.absorbed(counties, code, listed, over)
    if not absorbed:
        return made
    every = products.reset_index()
    every = every[(every["year"] == year) & (every["unit"] == CURRENT_USD) & (every["kind"] == "metro")]
    parts = every[every["cbsa_title"].map(titles["cbsa_code"]).isin(absorbed)]
    if set(parts["cbsa_title"].map(titles["cbsa_code"])) != absorbed:
        return made
    names = " and ".join(parts["cbsa_title"].map(short_metro))
    return Quantity(
        made.value + sum(parts["value"].tolist()),
        CURRENT_USD,
        period=str(year),
        geography=f"{metro} with {names}",
        basis="value added",
        sources=made.sources,
        caveats=(f"product of {names} added, whose counties belong to the area since the list of {over}",),
    )


@checked_arguments
def counties_differ(
    part: Quantity | Missing, counties: pd.DataFrame, code: str, year: int, table: Quantity | Missing
) -> str:
    """Say how the counties of the exports of a year differ from those of another table; empty if they are the same."""
    if (
        isinstance(part, Missing)
        or isinstance(table, Missing)
        or any("added, whose counties" in c for c in table.caveats)
    ):
        return ""
    chosen, other = delineations.list_of_year(year), delineations.LIST_OF_SOURCE.get(table.sources[0])
    kept = delineations.same_counties(counties, code, chosen, other)
    if kept is None:
        return "not known whether both cover the same counties"
    if kept:
        return ""
    here, there = delineations.members(counties, code, chosen), delineations.members(counties, code, other)
    return f"exports by the list of {chosen}, the other by that of {other}: {delineations.counties_in_words(here - there)} more, {delineations.counties_in_words(there - here)} fewer"


def ratio(
    exports: Quantity | Missing,
    base: Quantity | Missing,
    *,
    unit: str,
    differ: str = "",
    across_counties: bool = False,
) -> Quantity | Missing:
    """Divide exports by residents or by product.

    Parameters
    ----------
    unit : {"USD per person", "percent"}
    differ : str
        From `counties_differ`.
    across_counties : bool
        Divide although the counties differ; the result says so.

    Raises
    ------
    MixedBasisError
        If the counties differ and `across_counties` is false.
    """
    for side in (exports, base):
        if isinstance(side, Missing):
            return side
    if differ and not across_counties:
        raise MixedBasisError(
            f"Will not divide exports of {exports.geography} by another count: {differ}; pass across_counties=True if that is meant, and it will be said with the result."
        )
    return Quantity(
        exports.value / base.value * (100 if unit == "percent" else 1),
        unit,
        period=exports.period if exports.period == base.period else f"{exports.period} over {base.period}",
        geography=exports.geography,
        basis=f"{exports.basis} over {base.basis}",
        vintage=exports.vintage,
        sources=unique([*exports.sources, *base.sources]),
        caveats=unique([*exports.caveats, *base.caveats, *([differ] if differ else [])]),
    )


def like_for_like(value: Quantity | Missing, differ: str) -> Quantity | Missing:
    """Return a ratio only if both its parts cover the same counties, for tables that compare many areas."""
    return missing(differ) if differ and not isinstance(value, Missing) else value


@checked_arguments
def employment(jobs: pd.DataFrame, titles: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Return the newest month of each payroll series from its newest edition.

    Returns
    -------
    pandas.DataFrame
        Columns series, month, jobs, edition, vintage, seasonally_adjusted, source_id, note; no rows where nothing is at hand.
    """
    rows = delineations.of_metro(jobs, titles, metro, "geography").sort_values(
        ["series", "edition", "month"], kind="stable"
    )
    newest = rows.groupby("series").tail(1)
    columns = ["series", "month", "jobs", "edition", "vintage", "seasonally_adjusted", "source_id", "note"]
    return newest[columns].reset_index(drop=True)


@checked_arguments
def foreign_firms(firms: pd.DataFrame, titles: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Return every figure on foreign-owned firms that its source gives for the area itself, not for a county or a region.

    Returns
    -------
    pandas.DataFrame
        Columns series, period, value, unit, definition, note, source_id.
    """
    rows = delineations.of_metro(firms, titles, metro, "geography").sort_values(
        ["series", "period", "edition"], kind="stable"
    )
    return rows[["series", "period", "value", "unit", "definition", "note", "source_id"]].reset_index(drop=True)


def cities_in(metro_titles: Sequence[str]) -> tuple[str, ...]:
    """Return the cities that an area's titles name, if the lists of trips and sister cities cover its state.

    Examples
    --------
    >>> cities_in(["San Francisco-Oakland-Fremont, CA"]), cities_in(["Fresno, TX"])
    (('San Francisco', 'Oakland', 'Fremont'), ())
    """
    covered = [title for title in metro_titles if CITIES_COVER in states_in_title(title)]
    return unique(city for title in covered for city in short_metro(title).split("-"))


def trips(missions: pd.DataFrame, classification: pd.DataFrame, cities: Sequence[str]) -> pd.DataFrame:
    """Return the trips abroad of some cities, oldest first, undated ones last.

    Returns
    -------
    pandas.DataFrame
        Indexed by mission_id: jurisdiction, start_date, countries, purpose, kind, role, trade_focus, sure, source_id.
    """
    rows = missions[missions["level"] == "city"].join(classification[["kind", "role", "sure"]])
    wanted = set(cities)
    rows = rows[[bool(wanted & set(j.split(";"))) for j in rows["jurisdiction"]]]
    columns = ["jurisdiction", "start_date", "countries", "purpose", "kind", "role", "trade_focus", "sure", "source_id"]
    return rows.sort_values("start_date", na_position="last", kind="stable")[columns]


def outcomes(found: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return what is said to have come of chosen trips, without what was only planned.

    Parameters
    ----------
    found : pandas.DataFrame
        The dataset `mission_outcomes`.
    chosen : pandas.DataFrame
        From `trips`.

    Returns
    -------
    pandas.DataFrame
        Columns mission_id, outcome, kind, value, unit, status (reported or confirmed), note.
    """
    rows = found.reset_index()
    rows = rows[rows["mission_id"].isin(chosen.index) & rows["status"].isin(["reported", "confirmed"])]
    return rows[["mission_id", "outcome", "kind", "value", "unit", "status", "note"]].reset_index(drop=True)


def gaps(found: Mapping[str, object]) -> pd.DataFrame:
    """Tabulate what a profile lacks, why, and who publishes it.

    Parameters
    ----------
    found : mapping of item of `PUBLISHERS` to Quantity, Missing or pandas.DataFrame
        What the profile has; an empty frame counts as missing.

    Returns
    -------
    pandas.DataFrame
        Indexed by item: why, publisher. Foreign goods passing on are always listed, as nobody publishes them by area.
    """
    rows = []
    for item, value in found.items():
        if isinstance(value, Missing):
            rows.append((item, value.reason, PUBLISHERS[item]))
        elif isinstance(value, pd.DataFrame) and value.empty:
            rows.append((item, "nothing in the data for this area", PUBLISHERS[item]))
    rows.append(("foreign goods passing on (re-exports)", "published for states, not for areas", "nobody"))
    return pd.DataFrame(rows, columns=["item", "why", "publisher"]).set_index("item")
