"""How concentrated exports are among metros, and how large they are next to residents and product.

Sums and shares are within the metro series, of metros with a published value. Exports over product divide a sales
value, foreign goods included, by a value added: a scale, not a part of a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError
from cityresearch.measures.areas import counties_in_force
from cityresearch.measures.exports import metros
from cityresearch.numbers.quantity import unique

__all__ = ["LIST_OF_GDP", "POPULATION", "by_year", "per_head_and_product", "rank_size", "rank_size_slopes", "ranked"]

# what a year's areas can be divided by: residents of areas of the same list, and product, whose areas are those of 2018
POPULATION = {2018: "july_1_estimate", 2019: "july_1_estimate", 2021: "acs_5_year", 2023: "acs_5_year"}
LIST_OF_GDP = 2018


@checked_arguments
def by_year(exports: pd.DataFrame, *, state: str, n: int) -> pd.DataFrame:
    """Return the concentration of a state's metro exports for every year.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    n : int
        How many of the largest the share is of.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: metros (with a value), total_usd, top_share_percent (the `n` largest), herfindahl (sum of
        squared shares in percent, 10,000 for one metro alone), equal_metros (10,000 over it: how many equal metros
        would be as concentrated), largest, source_id.

    Raises
    ------
    ParameterError
        If `n` is below one.
    """
    if n < 1:
        raise ParameterError(f"The number of metros must be at least 1, found {n}.")
    found = []
    for year, rows in metros(exports, state=state).reset_index().groupby("year"):
        values = np.sort(rows["value_usd"].to_numpy())[::-1]
        shares = values / values.sum() * 100
        herfindahl = float((shares**2).sum())
        found.append(
            {
                "year": int(year),
                "metros": len(values),
                "total_usd": int(values.sum()),
                "top_share_percent": float(shares[:n].sum()),
                "herfindahl": herfindahl,
                "equal_metros": 10_000 / herfindahl,
                "largest": rows["cbsa_title"].iloc[int(rows["value_usd"].argmax())],
                "source_id": ";".join(unique(rows["source_id"])),
            }
        )
    columns = ["year", "metros", "total_usd", "top_share_percent", "herfindahl", "equal_metros", "largest", "source_id"]
    return pd.DataFrame(found, columns=columns).set_index("year")


@checked_arguments
def rank_size(exports: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Rank all metros of the country by exports.

    Returns
    -------
    pandas.DataFrame
        Columns rank (equal values share the better one), label, state, value (USD), source_id; largest first.
    """
    rows = exports.reset_index()
    rows = rows[(rows["kind"] == "metro") & (rows["year"] == year)]
    return ranked(rows.rename(columns={"cbsa_title": "label", "value_usd": "value"}))


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rank rows with columns label, state, value and source_id by value, largest first."""
    table = rows[["label", "state", "value", "source_id"]].sort_values(["value", "label"], ascending=[False, True])
    table.insert(0, "rank", table["value"].rank(ascending=False, method="min").astype(int))
    return table.reset_index(drop=True)


def rank_size_slopes(table: pd.DataFrame, tops: Sequence[int]) -> pd.DataFrame:
    """Estimate how fast size falls with rank, for several numbers of largest metros.

    Ordinary least squares of the logarithm of rank less one half on the logarithm of size; the half removes most of the
    bias in small samples. A slope of -1 means that the second metro is half as large as the first. How much the slope
    moves with the number of metros is the sensitivity check.

    Parameters
    ----------
    table : pandas.DataFrame
        From `rank_size`.
    tops : sequence of int
        Numbers of largest metros; larger ones than the table are left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by n: slope, standard_error, errors (their kind), smallest_usd (the window).
    """
    found = []
    for n in (n for n in tops if 10 <= n <= len(table)):
        values = table["value"].to_numpy(float)[:n]
        slope = float(np.polyfit(np.log(values), np.log(np.arange(1, n + 1) - 0.5), 1)[0])
        found.append(
            {
                "n": n,
                "slope": slope,
                "standard_error": abs(slope) * float(np.sqrt(2 / n)),
                "errors": "asymptotic, |slope| times the root of 2/n",
                "smallest_usd": int(values[-1]),
            }
        )
    return pd.DataFrame(found, columns=["n", "slope", "standard_error", "errors", "smallest_usd"]).set_index("n")


@checked_arguments
def per_head_and_product(
    exports: pd.DataFrame,
    population: pd.DataFrame,
    gdp: pd.DataFrame,
    titles: pd.DataFrame,
    counties: pd.DataFrame,
    *,
    year: int,
) -> pd.DataFrame:
    """Join exports with residents and product by the metros' codes.

    Parameters
    ----------
    exports, population, gdp, titles, counties : pandas.DataFrame
        The datasets `metro_exports`, `metro_population`, `metro_gdp`, `metro_titles` and `metro_counties`.
    year : int

    Returns
    -------
    pandas.DataFrame
        One row per metro with a value: label, state, code, exports_usd, population, population_measure, usd_per_head,
        gdp_usd (current dollars), percent_of_gdp, same_counties (whether the area of the product is known to have the
        counties of the area of the exports), per_head_sources, of_gdp_sources (ids behind each of the two). Missing where the year has no such table or the code no
        row.

    Raises
    ------
    DataError
        If two titles of the year share a code.
    """
    rows = exports.reset_index()
    rows = rows[(rows["kind"] == "metro") & (rows["year"] == year)].copy()
    rows["code"] = rows["cbsa_title"].map(titles["cbsa_code"])
    twice = rows[rows["code"].duplicated(keep=False) & rows["code"].notna()]
    if len(twice):
        raise DataError(f"Metros of {year} share a code: {', '.join(sorted(twice['cbsa_title']))}.")
    people = _coded(population, titles, year, "measure", POPULATION.get(year, ""))
    product = _coded(gdp, titles, year, "unit", "USD")
    result = pd.DataFrame(
        {
            "label": rows["cbsa_title"].to_numpy(),
            "state": rows["state"].to_numpy(),
            "code": rows["code"].to_numpy(),
            "exports_usd": rows["value_usd"].to_numpy(),
            "population": rows["code"].map(people["value"]).to_numpy(float),
            "population_measure": POPULATION.get(year, ""),
            "gdp_usd": rows["code"].map(product["value"]).to_numpy(float),
        }
    )
    result.insert(6, "usd_per_head", result["exports_usd"] / result["population"])
    result["percent_of_gdp"] = result["exports_usd"] / result["gdp_usd"] * 100
    areas, areas_of_gdp = (counties_in_force(titles, counties, list(result["label"]), y) for y in (year, LIST_OF_GDP))
    result["same_counties"] = [t in areas and areas[t] == areas_of_gdp.get(t) for t in result["label"]]
    of_people, of_product = people["source_id"].to_dict(), product["source_id"].to_dict()
    for name, base in (("per_head_sources", of_people), ("of_gdp_sources", of_product)):
        result[name] = [
            ";".join(s for s in (own, base.get(code)) if isinstance(s, str))
            for own, code in zip(rows["source_id"], result["code"], strict=True)
        ]
    return result.sort_values("label", ignore_index=True)


def _coded(table: pd.DataFrame, titles: pd.DataFrame, year: int, column: str, wanted: str) -> pd.DataFrame:
    rows = table.reset_index()
    rows = rows[(rows["year"] == year) & (rows["kind"] == "metro") & (rows[column] == wanted)]
    rows = rows.assign(code=rows["cbsa_title"].map(titles["cbsa_code"]))
    rows = rows[rows["code"].notna()]
    if rows["code"].duplicated().any():
        rows = rows.drop_duplicates("code", keep=False)
    return rows.set_index("code")[["value", "source_id"]]
