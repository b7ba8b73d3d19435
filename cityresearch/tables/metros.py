"""Tables of metropolitan areas, with the parameters of their notebooks: exports of a state's metros, profile of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cityresearch.chapters.city_profile import gaps
from cityresearch.chapters.metro_exports import concentration
from cityresearch.datasets.ledger_tables import needs
from cityresearch.datasets.load import load
from cityresearch.geography import short_metro, state_in_words
from cityresearch.measures import areas, bases, cities, goods, work
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, Quantity
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import checked
from cityresearch.tables.table import Column, Table, plain_rows

__all__ = ["city_profile", "metro_exports", "profile", "profiled_metros"]

SCALES = ("metro_exports", "metro_population", "metro_gdp", "metro_titles", "metro_counties")
PROFILE = (
    "bls_employment",
    "foreign_owned_firms",
    "missions",
    "mission_classification",
    "mission_outcomes",
    "sister_cities",
)

BY_ZIP_CODE = (
    "Exports are counted by the ZIP code of the exporter of record, which need not be where goods are made, and "
    "include re-exports: foreign goods that only pass through. Current dollars, first release, never revised."
)


@needs(*SCALES, "notebook 01-metro-exports")
def metro_exports() -> Table:
    """Return the metros of the state and year of chapter 01 by goods exports, with residents and product."""
    given = checked(*chapters(["01-metro-exports"]), {})
    state, year = given["state"], given["year"]
    columns = (
        Column("rank", "rank", "number", width=0.4),
        Column("metro", "metropolitan area", width=2.1),
        Column(
            "exports_usd",
            "goods exports",
            "number",
            "USD",
            decimals=3,
            scale=10**9,
            scaled_unit="billion USD",
            width=0.8,
        ),
        Column(
            "sum_usd",
            "sum down to this row",
            "number",
            "USD",
            decimals=3,
            scale=10**9,
            scaled_unit="billion USD",
            width=0.8,
        ),
        Column("population", "residents", "number", width=0.8),
        Column("usd_per_head", "exports per resident", "number", "USD", width=0.7),
        Column(
            "gdp_usd", "product (GDP)", "number", "USD", decimals=1, scale=10**9, scaled_unit="billion USD", width=0.75
        ),
        Column("percent_of_gdp", "exports over product", "number", "percent", decimals=1, width=0.65),
        # on a page one list under the table says the same of every row
        Column("sources", "sources", "sources", only="sheet"),
    )
    tables = [load(name) for name in SCALES]
    scaled = concentration.per_head_and_product(*tables, year=year)
    mine = scaled[scaled["state"] == state].sort_values(["exports_usd", "label"], ascending=[False, True])
    mine = mine.assign(
        rank=mine["exports_usd"].rank(ascending=False, method="min").astype(int),
        metro=mine["label"].map(short_metro),
        sum_usd=mine["exports_usd"].cumsum(),
        sources=[
            tuple(dict.fromkeys(";".join(cells).split(";")))
            for cells in zip(mine["per_head_sources"], mine["of_gdp_sources"], strict=True)
        ],
    )
    # a ratio of different counties would look like any other
    mine[["gdp_usd", "percent_of_gdp"]] = mine[["gdp_usd", "percent_of_gdp"]].where(mine["same_counties"].astype(bool))
    rows = [_whole(row, "population", "gdp_usd") for row in plain_rows(mine[[column.name for column in columns]])]
    return Table.of(
        "metro-exports",
        f"Goods exports of the metropolitan areas of {state_in_words(state)}, {year}",
        columns,
        rows,
        notes=(
            BY_ZIP_CODE,
            f"A metro whose title names several states is in the first of them. Residents: {_measure(mine)}. Product "
            "is shown only where the area has the same counties in both tables; exports are sales and product is "
            "value added, so the percentage is a scale and not a part of a whole.",
        ),
        head="metro",
    )


@needs(*SCALES, *PROFILE, "notebook 11-city-profile")
def city_profile() -> Table:
    """Return the profile of the metro and year of chapter 11, number by number, with what is missing and why."""
    given = checked(*chapters(["11-city-profile"]), {})
    return profile(given["metro"], given["year"])


def profiled_metros() -> tuple[list[str], int]:
    """Return the metros that the documents' sets of metros hold, by title, and the year of chapter 11."""
    given = checked(*chapters(["11-city-profile"]), {})
    return sorted(set(load("metro_sets").reset_index()["cbsa_title"]) | {given["metro"]}), given["year"]


def profile(metro: str, year: int, name: str = "city-profile") -> Table:
    """Return the profile of a metro in a year, number by number, with what is missing and why.

    Parameters
    ----------
    metro : str
        Title in `metro_exports`.
    year : int
        Of the comparison.
    name : str
        Of the table's files.
    """
    columns = (
        Column("part", "part", width=1.2),
        Column("measure", "measure", width=2.0),
        Column("value", "value", "number", unit_in="unit", width=1.2),
        Column("unit", "unit", only="sheet"),
        Column("period", "period", width=0.9),
        Column("about", "what to know", width=2.4),
        Column("sources", "sources", "sources", width=0.5),
    )
    by_year = goods.exports_by_year(load("metro_exports"), load("metro_titles"), metro)
    found = _found(metro, year, by_year)
    rows = [*_of_goods(metro, year, found, by_year), *_of_work(found), *_abroad(found), *_lacking(found)]
    empty = {"value": None, "unit": "", "period": "", "about": "", "sources": ()}
    return Table.of(
        name,
        f"Profile of {metro}, {year}",
        columns,
        [empty | row for row in rows],
        notes=(
            BY_ZIP_CODE,
            "An empty cell has no value in our data, which is never zero. Trips and sister cities were gathered "
            "from public pages for nine cities of one state; that none is listed does not show that there was none. "
            "An outcome said to follow a trip need not have been caused by it.",
        ),
        head="measure",
        by="part",
    )


def _found(metro: str, year: int, by_year: Any) -> dict[str, Any]:
    """Return what the profile has, by the names that its list of gaps uses."""
    exports, titles, counties = (load(name) for name in ("metro_exports", "metro_titles", "metro_counties"))
    named = cities.cities_in(areas.titles_of(titles, areas.code_of(titles, metro)))
    trips = cities.trips(load("missions"), load("mission_classification"), named)
    product = bases.gdp(load("metro_gdp"), titles, counties, metro, year, over=areas.list_of_year(year))
    return {
        "goods exports": goods.value_of(exports, by_year, metro, year),
        "residents": bases.population(load("metro_population"), titles, metro, year),
        "gross domestic product": product,
        "jobs on payrolls": work.employment(load("bls_employment"), titles, metro),
        "foreign-owned firms": work.foreign_firms(load("foreign_owned_firms"), titles, metro),
        "trips abroad": trips,
        "reported outcomes of trips": cities.outcomes(load("mission_outcomes"), trips),
        "sister cities": cities.sister_cities(load("sister_cities"), named),
    }


def _of_goods(metro: str, year: int, found: Mapping[str, Any], by_year: Any) -> Iterator[dict[str, Any]]:
    exports, titles, counties = (load(name) for name in ("metro_exports", "metro_titles", "metro_counties"))
    code, value = areas.code_of(titles, metro), found["goods exports"]
    part = "Goods exports"
    yield from _row(part, "goods exports", value)
    for where, name in (("us", "country"), ("state", "state")):
        place = goods.place(by_year, metro, year, where)
        yield from _row(
            part,
            f"rank among the metros of the {name}",
            place,
            value.sources,
            place.geography.removeprefix(f"{metro}, "),
        )
    for other, row in goods.main_years(by_year, areas.breaks(by_year, counties, code), year).iterrows():
        if other != year:
            earlier = goods.value_of(exports, by_year, metro, int(other))
            yield from _row(
                part,
                f"goods exports, {other}",
                earlier,
                about=f"title in that year: {row['title']}" * (row["title"] != metro),
            )
    part = "Per resident, and compared with product"
    for name in ("residents", "gross domestic product"):
        yield from _row(part, name, found[name])
    for name, base, unit in (
        ("exports per resident", "residents", "USD per person"),
        ("exports over product", "gross domestic product", "percent"),
    ):
        differ = bases.counties_differ(value, counties, code, year, found[base])
        yield from _row(part, name, bases.ratio(value, found[base], unit=unit, differ=differ, across_counties=True))


def _of_work(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in plain_rows(found["jobs on payrolls"]):
        yield {
            "part": "Jobs on payrolls",
            "measure": row["series"].replace("_", " "),
            "value": row["jobs"],
            "unit": "jobs",
            "period": row["month"],
            "about": "; ".join(filter(None, (f"edition {row['edition']}", row["note"]))),
            "sources": (row["source_id"],),
        }
    for row in plain_rows(found["foreign-owned firms"]):
        yield {
            "part": "Foreign-owned firms",
            "measure": row["series"].replace("_", " "),
            "value": row["value"],
            "unit": row["unit"],
            "period": row["period"] or "",
            "about": "; ".join(filter(None, (row["definition"], row["note"]))),
            "sources": (row["source_id"],),
        }


def _abroad(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    trips, missions = found["trips abroad"], load("mission_outcomes")
    outcomes, ties = found["reported outcomes of trips"], found["sister cities"]
    of_outcomes = missions[missions.index.get_level_values("mission_id").isin(outcomes["mission_id"])]
    listed = load("sister_cities").reset_index()
    for name, rows, origin in (
        ("trips abroad on record", trips, trips),
        ("of these, led by a city official", trips[trips["role"] == "led"], trips),
        ("outcomes that are reported or confirmed", outcomes, of_outcomes),
        ("sister cities listed", ties, listed[listed["city"].isin(ties["city"])]),
    ):
        if len(origin):
            cited = sources(origin)
            yield {
                "part": "What its cities do abroad",
                "measure": name,
                "value": len(rows),
                "unit": "count",
                "sources": cited,
            }


def _lacking(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item, row in gaps.gaps(found).iterrows():
        yield {
            "part": "What is missing",
            "measure": item,
            "about": f"{row['why']}; who publishes it: {row['publisher']}",
        }


def _row(
    part: str, measure: str, found: Quantity | Missing, cited: tuple[str, ...] = (), about: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the row of a quantity; a missing one is in the list of gaps, with its reason."""
    if isinstance(found, Missing):
        return
    value = found.value.numerator if found.value.denominator == 1 else float(found.value)
    yield {
        "part": part,
        "measure": measure,
        "value": value,
        "unit": found.unit,
        "period": found.period,
        "about": "; ".join(filter(None, (about, *found.caveats))),
        "sources": found.sources or cited,
    }


def _whole(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a row with those numbers whole that only a missing one beside them made floating."""
    return row | {name: None if row[name] is None else int(row[name]) for name in names}


def _measure(rows: Any) -> str:
    named = {
        "july_1_estimate": "estimate of 1 July",
        "acs_5_year": "average of five years to this one",
        "": "none in our data",
    }
    return ", ".join(named[measure] for measure in rows["population_measure"].unique())
