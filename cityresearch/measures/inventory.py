"""The toolkit's inventory of one place: its assets, capabilities and ties, as far as our tables have them.

Every item has at least one line: a value with unit, period and source, or a gap with the publisher's table that would fill it. Nothing
is estimated, and a number of a state or of one city is never given as one of the metropolitan area; its note says whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from cityresearch.datasets.load import load
from cityresearch.geography import short_metro, state_in_words, state_name, states_in_title
from cityresearch.measures import bases, cities, goods, work
from cityresearch.measures.inventory_gaps import GAPS
from cityresearch.measures.places import Place, find_place
from cityresearch.measures.published import filled
from cityresearch.numbers.quantity import Missing, Quantity, unique
from cityresearch.phrases import listed

__all__ = ["COLUMNS", "coverage", "inventory"]

COLUMNS = ("row", "item", "value", "unit", "period", "source_id", "note", "gap")
_Line = dict[str, Any]
_MOST = 3  # sectors and partners of a state that are shown
_NATION = "United States, all metropolitan and micropolitan areas"
# container ports and the state of the city in their name, since several states have a Charleston
_PORTS = {
    "Port of Charleston": "SC", "Port of Houston": "TX", "Port of Long Beach": "CA", "Port of Los Angeles": "CA",
    "Port of New York and New Jersey": "NY", "Port of Oakland": "CA", "Port of San Diego": "CA", "Port of Savannah": "GA",
    "Port of Seattle": "WA",
}  # fmt: skip
# single figures that are about one city of California or an organization in it: item, dataset, series, where the city's name is
_SINGLE = (
    ("foreign consulates", "other_observations", "consular_countries", "{city}"),
    ("trade offices abroad", "other_observations", "trade_office_budget", "{city} office in Chongqing"),
    ("trade offices abroad", "other_observations", "international_office_contract_staff", "{city}"),
    ("international flights", "other_observations", "international_destinations", "{city} International Airport"),
    ("partner organizations", "other_observations", "wtc_annual_budget", "World Trade Center {city}"),
    ("partner organizations", "other_observations", "wtc_member_businesses", "World Trade Center {city}"),
    ("partner organizations", "san_diego_observations", "edc_investors", "{city} Regional EDC"),
    ("partner organizations", "san_diego_observations", "wtcsd_missions_cumulative", "{city}"),
)


def inventory(place: str) -> pd.DataFrame:
    """Return the inventory of a metropolitan area.

    Parameters
    ----------
    place : str
        A title, a city in it, a part of its name, or a CBSA code; see `places.find_place`.

    Returns
    -------
    pandas.DataFrame
        In the order of `inventory_gaps.GAPS`: row (one of `ROWS`), item, value (int, float, or None), unit, period, source_id (several are
        separated by semicolons), note, gap (the publisher and table that would fill the item; empty where there is a value).

    Raises
    ------
    ParameterError
        If the text means no metropolitan area, or several.
    """
    found = find_place(place)
    lines: dict[str, list[_Line]] = {}
    for line in [*_economy(found), *_trade_of_state(found), *_investment(found), *_ties(found), *_single(found)]:
        lines.setdefault(line["item"], []).append(line)
    rows = []
    for (row, item), publisher in GAPS.items():
        own = lines.get(item, [])
        # what is known of a state or of another kind does not fill the item of the area
        lacks = {"value": None, "note": "", "gap": publisher} if all(line.get("beside") for line in own) else None
        rows += [_whole(row, line) for line in [*own, *([{"item": item} | lacks] if lacks else [])]]
    values = pd.Series(
        [row["value"] for row in rows], dtype=object
    )  # a column of numbers would make a gap of None a float
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(value=values)


def coverage(found: pd.DataFrame) -> str:
    """Return in a sentence how many items of an inventory have a value, and how many are a gap."""
    items = found.groupby("item", sort=False)["gap"].agg(lambda gaps: (gaps != "").any())
    return (
        f"{int((~items).sum())} of {len(items)} items have a public value in our data; {int(items.sum())} are gaps, each with the table "
        "that would fill it."
    )


def _whole(row: str, line: _Line) -> _Line:
    empty = {"value": None, "unit": "", "period": "", "source_id": "", "note": "", "gap": ""}
    return {"row": row} | empty | {name: cell for name, cell in line.items() if name != "beside"}


def _line(item: str, found: Quantity | Missing, about: str = "") -> Iterator[_Line]:
    """Yield the line of a quantity, and none for a missing one."""
    if isinstance(found, Missing):
        return
    value = found.value.numerator if found.value.denominator == 1 else float(found.value)
    yield {
        "item": item, "value": value, "unit": found.unit, "period": found.period, "source_id": ";".join(found.sources),
        "note": "; ".join(filter(None, (about, *found.caveats))),
    }  # fmt: skip


def _economy(place: Place) -> Iterator[_Line]:
    titles, counties, metro = load("metro_titles"), load("metro_counties"), place.title
    people, products, exports = load("metro_population"), load("metro_gdp"), load("metro_exports")
    own = people.reset_index()
    own = own[own["cbsa_title"].isin(place.titles)]
    yield from _line(
        "residents", bases.population(people, titles, metro, int(own["year"].max())) if len(own) else Missing("none")
    )
    own = products.reset_index()
    own = own[own["cbsa_title"].isin(place.titles) & (own["unit"] == bases.CURRENT_USD)]
    if len(own):
        made = bases.gdp(products, titles, counties, metro, int(own["year"].max()), over=None)
        yield from _line("gross domestic product", made, "current dollars")
    by_year = goods.exports_by_year(exports, titles, metro)
    if len(by_year):
        year = int(by_year.index.max())
        last = by_year.loc[year]
        about = (
            f"by the ZIP code of the exporter; re-exports included; rank {last['rank_us']} of {last['metros_us']} areas"
        )
        yield from _line("goods exports", goods.value_of(exports, by_year, metro, year), about)
    for row in filled(work.employment(load("bls_employment"), titles, metro)).itertuples():
        yield {
            "item": "jobs by industry", "value": int(row.jobs), "unit": "jobs", "period": row.month, "source_id": row.source_id,
            "note": "; ".join(filter(None, (row.series.replace("_", " "), row.note))),
        }  # fmt: skip
    yield from _concentration(place)
    yield from _ports(place)


def _concentration(place: Place) -> Iterator[_Line]:
    """Yield employees and location quotients of industries: the share of the area's employees over the share of the nation's."""
    rows = filled(load("san_diego_observations"))
    rows = rows[
        rows["series"].str.startswith("cbp_employees_")
        & (rows["period"] == rows["period"][rows["geography"] == _NATION].max())
    ]
    own = rows[rows["geography"].isin(place.titles)].set_index("series")
    nation = rows[rows["geography"] == _NATION].set_index("series")["value"]
    if own.empty:
        return
    every = "cbp_employees_00"
    share = (own["value"] / own.at[every, "value"]) / (nation / nation[every])
    for series in share.drop(every).dropna().sort_values(ascending=False, kind="stable").index:
        row, code = own.loc[series], series.removeprefix("cbp_employees_").replace("_", "-")
        yield {
            "item": "concentration of industries", "value": round(float(share[series]), 2), "unit": "times the national share",
            "period": row["period"], "source_id": row["source_id"],
            "note": f"{row['note']} (NAICS {code}): {int(row['value']):,} employees; computed, the nation is all metropolitan and "
            "micropolitan areas",
        }  # fmt: skip
    research = own.index == "cbp_employees_5417"
    for row in own[research].itertuples():
        yield {
            "item": "employees in research and development", "value": int(row.value), "unit": "jobs", "period": row.period,
            "source_id": row.source_id, "note": f"{row.note} (NAICS 5417)",
        }  # fmt: skip


def _ports(place: Place) -> Iterator[_Line]:
    rows = filled(load("port_containers"))
    rows = rows[(rows["period_kind"] == "year") & (rows["direction"] == "total") & (rows["area"] == "port")]
    for port, state in _PORTS.items():
        city = port.removeprefix("Port of ").split(" and ")[0]
        if not _has_city(place, city, state):
            continue
        own = rows[rows["port"] == port].sort_values(["period", "precision"], ascending=[True, False], kind="stable")
        for row in own.tail(1).itertuples():
            yield {
                "item": "seaport", "value": int(row.teu), "unit": "TEU", "period": row.period, "source_id": row.source_id,
                "note": "; ".join(filter(None, (f"{port}, containers in both directions", row.note))),
            }  # fmt: skip


def _trade_of_state(place: Place) -> Iterator[_Line]:
    """Yield the largest sectors and partners of the area's first state, which are not those of the area."""
    code = states_in_title(place.title)[0]
    rows = load("state_exports_naics3").reset_index()
    rows = rows[(rows["state"] == state_name(code)) & (rows["year"] == rows["year"].max())]
    tables = [("export sectors", rows, "commodity")]
    if code == cities.CITIES_COVER:
        rows = load("california_exports_by_country").reset_index()
        tables.append(("export partners", rows[rows["year"] == rows["year"].max()], "country"))
    for item, table, column in tables:
        for row in table.nlargest(_MOST, "value_usd").to_dict("records"):
            yield {
                "item": item, "value": int(row["value_usd"]), "unit": "USD", "period": str(row["year"]), "source_id": row["source_id"],
                "note": f"{row[column]}; of all of {state_in_words(code)}, by state of origin, not of the area", "beside": True,
            }  # fmt: skip


def _investment(place: Place) -> Iterator[_Line]:
    for row in filled(work.foreign_firms(load("foreign_owned_firms"), load("metro_titles"), place.title)).itertuples():
        origin = "_source_" in row.series
        yield {
            "item": "origin of inward investment" if origin else "foreign-owned employers", "value": _number(row.value),
            "unit": row.unit, "period": row.period, "source_id": row.source_id,
            "note": "; ".join(filter(None, (row.series.replace("_", " "), row.definition, row.note))),
        }  # fmt: skip


def _ties(place: Place) -> Iterator[_Line]:
    named = cities.cities_in(place.titles)
    every = load("sister_cities").reset_index()
    listed_ties = cities.sister_cities(load("sister_cities"), named)
    for city, rows in listed_ties.groupby("city", sort=False):
        cited = every[(every["city"] == city) & every["snapshot"].isin(rows["snapshot"])]["source_id"]
        yield {
            "item": "sister cities", "value": len(rows), "unit": "cities", "period": rows["snapshot"].iloc[0],
            "source_id": ";".join(unique(cited)), "note": f"{city}: {listed(rows['sister_city'])}; the list is not complete",
        }  # fmt: skip
    for judged in (
        filled(load("scorecard_outcomes"))
        .merge(filled(load("mission_outcomes")), on=["mission_id", "outcome"], suffixes=("_judged", ""))
        .itertuples()
    ):
        if judged.metric_id == "agreements" and judged.city in named and judged.status != "planned":
            yield {
                "item": "agreements and partnerships", "value": 1, "unit": "agreement",
                "period": judged.value if judged.unit == "date" else "", "source_id": judged.source_id,
                "note": f"{judged.city}: {judged.outcome} ({judged.status})",
            }  # fmt: skip
    said = filled(load("claim_sources"))
    for row in (
        filled(load("scorecard_statements"))
        .merge(said, on=["claim_id", "source_id"], suffixes=("_judged", ""))
        .itertuples()
    ):
        if row.metric_id == "agreements" and row.city in named:
            yield {
                "item": "agreements and partnerships", "value": _number(row.value) if row.unit == "memoranda" else 1,
                "unit": "agreement", "period": row.period, "source_id": row.source_id,
                "note": f"{row.city}: {row.says} (reported; {row.note_judged})",
            }  # fmt: skip
    trips = cities.trips(load("missions"), load("mission_classification"), named)
    dated = trips[trips["start_date"].notna()]
    for city in named:
        own = dated[[city in cell.split(";") for cell in dated["jurisdiction"]]]
        if len(own):
            years = own["start_date"].str[:4]
            cited = unique(s for cell in own["source_id"] for s in cell.split(";"))
            yield {
                "item": "trips abroad by officials", "value": len(own), "unit": "trips", "period": f"{years.min()}/{years.max()}",
                "source_id": ";".join(cited), "note": f"{city}: trips found on public pages, led or joined; the list is not complete",
            }  # fmt: skip


def _single(place: Place) -> Iterator[_Line]:
    tables = {name: filled(load(name)) for name in {name for _, name, *_ in _SINGLE}}
    for item, name, series, pattern in _SINGLE:
        table = tables[name]
        for city in cities.cities_in((place.title,)):
            rows = table[(table["series"] == series) & (table["geography"] == pattern.format(city=city))]
            for row in rows.sort_values("period", kind="stable").tail(1).itertuples():
                yield {
                    "item": item, "value": _number(row.value), "unit": row.unit, "period": row.period, "source_id": row.source_id,
                    "note": "; ".join(filter(None, (f"{row.geography}: {series.replace('_', ' ')}", row.note))),
                }  # fmt: skip


def _has_city(place: Place, city: str, state: str) -> bool:
    return state in states_in_title(place.title) and city in short_metro(place.title).split("-")


def _number(value: Any) -> int | float | None:
    if value == "" or value is None or pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)
