"""The chapter's tables as a reader sees them: names in words, units, and as many digits as matter."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import short_metro
from cityresearch.measures.export_prices import yearly_rise

__all__ = ["concentration", "growth", "scale", "sets", "slopes", "years"]


@checked_arguments
def years(by_year: pd.DataFrame, *, last: int) -> pd.DataFrame:
    """Return the last years of `search.years_that_print`, in billion US dollars."""
    table = by_year.tail(last)
    values = table.drop(columns="fits").astype(float) / 1e9
    values.columns = [f"{short_metro(title)}, billion USD" for title in values.columns]
    return values.round(3).assign(**{"all three fit": table["fits"]})


def sets(hits: pd.DataFrame) -> pd.DataFrame:
    """Return those sets of `search.sets_that_print` that are simply the largest or in a year of the printed metros."""
    chosen = hits[hits["k_largest"] | hits["anchors_fit"]].reset_index(drop=True)
    return chosen.rename(
        columns={
            "total_usd": "sum, USD",
            "k_largest": "simply the largest",
            "anchors_fit": "the three printed metros fit",
            "against": "what speaks against it",
        }
    )


def growth(table: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return `trends.growth_by_metro` with rates in percent a year, and with that of U.S. export prices.

    Parameters
    ----------
    prices : pandas.DataFrame
        The dataset `export_price_index`.
    """
    runs = list(zip(table["first"], table["last"], strict=True))
    rises = {(first, last): yearly_rise(prices, first=first, last=last) for first, last in dict.fromkeys(runs)}
    table = table.assign(prices=pd.array([rises[run] for run in runs], dtype="Float64"))
    metros = [short_metro(title) for title in table["cbsa_title"]]
    rates = ["percent_per_year", "low", "high", "least", "most", "prices"]
    digits = dict.fromkeys(rates, 2) | dict.fromkeys(["log_points", "standard_error", "p_value", "joint_p_value"], 4)
    rounded = table.assign(cbsa_title=metros).round(digits)
    return rounded.rename(
        columns={
            "cbsa_title": "metro",
            "n": "years",
            "percent_per_year": "percent a year",
            "low": "95% limit, low",
            "high": "95% limit, high",
            "log_points": "log points a year",
            "standard_error": "standard error, log points",
            "errors": "kind of errors",
            "p_value": "p-value, alone",
            "joint_p_value": "p-value, all windows together",
            "prices": "U.S. export prices, percent a year",
            "least": "least, one year left out",
            "most": "most, one year left out",
        }
    )


@checked_arguments
def concentration(table: pd.DataFrame, *, n: int) -> pd.DataFrame:
    """Return `concentration.by_year` with the share of the `n` largest metros."""
    rounded = table.drop(columns="source_id").round({"top_share_percent": 1, "equal_metros": 2})
    rounded["herfindahl"] = rounded["herfindahl"].round().astype(int)
    return rounded.rename(
        columns={
            "metros": "metros with a value",
            "total_usd": "sum, USD",
            "top_share_percent": f"{n} largest, percent" if n > 1 else "largest, percent",
            "herfindahl": "Herfindahl index",
            "equal_metros": "as concentrated as this many equal metros",
        }
    )


def slopes(table: pd.DataFrame) -> pd.DataFrame:
    """Return `concentration.rank_size_slopes` with two decimals."""
    return (
        table.round({"slope": 2, "standard_error": 2})
        .rename_axis("largest metros taken in")
        .rename(
            columns={
                "standard_error": "standard error",
                "errors": "kind of errors",
                "smallest_usd": "smallest of them, USD",
            }
        )
    )


@checked_arguments
def scale(scaled: pd.DataFrame, *, state: str) -> pd.DataFrame:
    """Return a state's metros from `concentration.per_head_and_product`, the most exports per resident first.

    A column without any value is left out.
    """
    mine = scaled[scaled["state"] == state].sort_values("usd_per_head", ascending=False).reset_index(drop=True)
    whole = {column: mine[column].round().astype("Int64") for column in ("population", "usd_per_head", "gdp_usd")}
    shown = (
        mine.assign(**whole)
        .round({"percent_of_gdp": 1})
        .drop(columns=["per_head_sources", "of_gdp_sources", "state", "population_measure"])
    )
    if shown["gdp_usd"].isna().all():
        shown = shown.drop(columns="same_counties")
    return shown.dropna(axis="columns", how="all").rename(
        columns={
            "label": "metro",
            "exports_usd": "exports, USD",
            "population": "residents",
            "usd_per_head": "exports per resident, USD",
            "gdp_usd": "product, USD",
            "percent_of_gdp": "exports in percent of product",
            "same_counties": "product of the same counties",
        }
    )
