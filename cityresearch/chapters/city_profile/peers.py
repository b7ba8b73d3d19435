"""An area side by side with others: those nearest in size, or those that a person chooses, with what keeps them from being compared."""

from __future__ import annotations

import math

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.datasets.load import load
from cityresearch.errors import ParameterError
from cityresearch.geography import short_metro, states_in_title
from cityresearch.measures import areas, bases, cities, goods
from cityresearch.measures.places import find_place
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity
from cityresearch.phrases import listed

__all__ = ["NEAREST", "chosen", "nearest_in_size", "side_by_side"]

NEAREST = 5  # areas that are compared if none is chosen


def chosen(names: str) -> tuple[str, ...]:
    """Return the titles of the areas that a text names, separated by semicolons; none for an empty text.

    Raises
    ------
    ParameterError
        If a name means no metropolitan area, or several.

    Examples
    --------
    >>> chosen("Savannah; 23420")
    ('Savannah, GA', 'Fresno, CA')
    """
    return tuple(find_place(name).title for name in names.split(";") if name.strip())


@checked_arguments
def nearest_in_size(
    people: pd.DataFrame, titles: pd.DataFrame, metro: str, year: int, n: int = NEAREST
) -> tuple[str, ...]:
    """Return the areas whose number of residents in a year is nearest, as a ratio, to that of an area.

    Parameters
    ----------
    people, titles : pandas.DataFrame
        The datasets `metro_population` and `metro_titles`.

    Raises
    ------
    ParameterError
        If the table has no residents of the area in that year.
    """
    rows = people.reset_index()
    rows = rows[(rows["kind"] == "metro") & (rows["year"] == year)]
    rows = rows.sort_values("measure", key=lambda m: m.map(bases.MEASURES.index), kind="stable")
    rows = rows.assign(code=rows["cbsa_title"].map(titles["cbsa_code"])).dropna(subset=["code"]).drop_duplicates("code")
    own = rows.set_index("code")
    code = areas.code_of(titles, metro)
    if code not in own.index:
        raise ParameterError(
            f"No residents of {metro} in {year} are in our data, so no area can be near it in size: choose the peers."
        )
    apart = (own["value"].astype(float) / float(own.at[code, "value"])).map(math.log).abs().drop(code)
    return tuple(own.loc[apart.sort_values(kind="stable").index[:n], "cbsa_title"])


@checked_arguments
def side_by_side(metro: str, year: int, others: tuple[str, ...]) -> pd.DataFrame:
    """Return an area and others in a table, the area first.

    Returns
    -------
    pandas.DataFrame
        Indexed by metropolitan area, in words: residents, goods exports, rank in the country, exports per resident, percent of GDP, trips
        abroad on record, sister cities listed, what to know. An empty cell has no value in our data.
    """
    return pd.DataFrame([_row(title, year) for title in dict.fromkeys((metro, *others))]).set_index("metropolitan area")


def _row(metro: str, year: int) -> dict[str, str]:
    titles, counties = load("metro_titles"), load("metro_counties")
    code = areas.code_of(titles, metro)
    by_year = goods.exports_by_year(load("metro_exports"), titles, metro)
    exports = goods.value_of(load("metro_exports"), by_year, metro, year)
    people = bases.population(load("metro_population"), titles, metro, year)
    product = bases.gdp(load("metro_gdp"), titles, counties, metro, year, over=areas.list_of_year(year))
    differs = [bases.counties_differ(exports, counties, code, year, table) for table in (people, product)]
    ratios = [
        bases.ratio(exports, table, unit=unit, differ=differ, across_counties=True)
        for table, unit, differ in zip((people, product), ("USD per person", "percent"), differs, strict=True)
    ]
    named = cities.cities_in(areas.titles_of(titles, code))
    trips = cities.trips(load("missions"), load("mission_classification"), named)
    ties = cities.sister_cities(load("sister_cities"), named)
    covered = cities.CITIES_COVER in states_in_title(metro)
    return {
        "metropolitan area": short_metro(metro),
        "residents": _in_words(people),
        "goods exports": _in_words(exports),
        "rank in the country": f"{by_year.at[year, 'rank_us']} of {by_year.at[year, 'metros_us']}"
        if year in by_year.index
        else "",
        "exports per resident": _in_words(ratios[0]),
        "percent of GDP": "" if isinstance(ratios[1], Missing) else f"{float(ratios[1].value):.1f}",
        "trips abroad on record": str(len(trips)) if covered else "not gathered",
        "sister cities listed": str(len(ties)) if covered else "not gathered",
        "what to know": _warnings(by_year, counties, code, differs, people),
    }


def _warnings(
    by_year: pd.DataFrame, counties: pd.DataFrame, code: str, differs: list[str], people: Quantity | Missing
) -> str:
    redrawn = areas.breaks(by_year, counties, code)
    changed = [str(year) for year, kept in redrawn["kept"].items() if kept is False]
    said = [f"counties changed in {listed(changed)}"] * bool(changed)
    said += [f"{name}: {text}" for name, text in zip(("residents", "GDP"), differs, strict=True) if text]
    if not isinstance(people, Missing):
        said += people.caveats
    return "; ".join(said)


def _in_words(found: Quantity | Missing) -> str:
    if isinstance(found, Missing):
        return ""
    unit = {"persons": "", "USD per person": "USD"}.get(found.unit, found.unit)
    return f"${float(found.value):,.0f}" if found.unit == "USD per person" else in_words(found.value, unit)
