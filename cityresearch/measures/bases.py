"""What an area's exports are divided by: residents and gross domestic product, and whether counties are the same.

Two numbers that were counted over different counties are not divided unless the caller says so, and then the result
says it too.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import MixedBasisError
from cityresearch.geography import short_metro
from cityresearch.measures import areas
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = ["CURRENT_USD", "MEASURES", "counties_differ", "gdp", "like_for_like", "population", "ratio"]

MEASURES = ("july_1_estimate", "acs_5_year", "census_2020")
CURRENT_USD = "USD"


@checked_arguments
def population(people: pd.DataFrame, titles: pd.DataFrame, metro: str, year: int) -> Quantity | Missing:
    """Return an area's residents: the estimate of 1 July, else the average of five years to this one, else the census.

    Returns
    -------
    Quantity or Missing
        Persons; `basis` names the measure.
    """
    rows = areas.of_metro(people, titles, metro, "cbsa_title")
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
        Year of the list of counties wanted. If the area grew by whole other areas, their products are added, so that
        both cover the same counties.

    Returns
    -------
    Quantity or Missing
        USD; a caveat names the areas that were added.
    """
    rows = areas.of_metro(products, titles, metro, "cbsa_title")
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
    code, listed = areas.code_of(titles, metro), areas.LIST_OF_SOURCE.get(row["source_id"])
    absorbed = areas.absorbed(counties, code, listed, over)
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
    chosen, other = areas.list_of_year(year), areas.LIST_OF_SOURCE.get(table.sources[0])
    kept = areas.same_counties(counties, code, chosen, other)
    if kept is None:
        return "not known whether both cover the same counties"
    if kept:
        return ""
    here, there = areas.members(counties, code, chosen), areas.members(counties, code, other)
    more, fewer = areas.counties_in_words(here - there), areas.counties_in_words(there - here)
    return f"exports by the list of {chosen}, the other by that of {other}: {more} more, {fewer} fewer"


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
            f"Will not divide exports of {exports.geography} by another count: {differ}; pass across_counties=True "
            "if that is meant, and it will be said with the result."
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
