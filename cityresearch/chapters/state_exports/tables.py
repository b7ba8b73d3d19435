"""Tables of this chapter as a reader sees them: columns with words and units, rounded values, empty cells for gaps."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import state_name
from cityresearch.phrases import listed

__all__ = ["industries", "revisions", "small_exporters", "without_extremes", "years"]

_SMALL = {
    "exporting_companies": "companies that export",
    "sme_exporting_companies": "small and medium-sized companies that export",
    "sme_share_of_exporting_companies": "small and medium-sized companies among those that export",
    "sme_share_of_goods_export_value": "small and medium-sized companies' part of the value of goods exports",
}


def years(by_year: pd.DataFrame) -> pd.DataFrame:
    """Return the table of a state's exports by year, from `totals.with_prices`; an empty cell has no value."""
    return pd.DataFrame(
        {
            "billion USD": _written(by_year["value_usd"] / 1e9, ".3f"),
            "percent of the 50 states and DC": _written(by_year["share_percent"], ".2f"),
            "rank": _written(by_year["rank"], "d"),
            "change, percent": _written(by_year["change_percent"], "+.2f"),
            "U.S. export prices, percent": _written(by_year["prices_percent"], "+.2f"),
            "at constant U.S. export prices, percent": _written(by_year["constant_percent"], "+.2f"),
            "source": by_year["source_id"],
        }
    )


def revisions(first: pd.DataFrame) -> pd.DataFrame:
    """Return the table of first releases and revised values, from `totals.vintages`."""
    return pd.DataFrame(
        {
            "first release, billion USD": _written(first["first_usd"] / 1e9, ".3f"),
            "printed to, million USD": first["first_precision"] // 10**6,
            "latest download, billion USD": _written(first["revised_usd"] / 1e9, ".3f"),
            "revision, percent": _written(first["revision_percent"], "+.2f"),
            "source of the first release": first["first_source"],
            "source of the latest download": first["revised_source"],
        }
    )


@checked_arguments
def industries(parts: pd.DataFrame, *, year: int, base: int) -> pd.DataFrame:
    """Return the table of what industries add to the change, from `parts.industries`; an empty cell has no value."""
    return pd.DataFrame(
        {
            "NAICS": parts["naics3"],
            f"{base}, million USD": _written(parts["base_usd"] / 1e6, ",.3f"),
            f"{year}, million USD": _written(parts["year_usd"] / 1e6, ",.3f"),
            "change, million USD": _written(parts["change_usd"] / 1e6, "+,.3f"),
            "change, percent": _written(parts["change_percent"], "+.1f"),
            "points of the total": _written(parts["points"], "+z.2f"),
        }
    ).rename_axis("industry")


@checked_arguments
def without_extremes(apart: pd.DataFrame, *, year: int, base: int) -> pd.DataFrame:
    """Return the change with and without the partners that moved most, from `parts.without_extremes`."""
    names = [f"all but {listed(left_out)}" if left_out else "all destinations" for left_out in apart["without"]]
    return pd.DataFrame(
        {
            f"{base}, billion USD": _written(apart["base_usd"] / 1e9, ".3f"),
            f"{year}, billion USD": _written(apart["year_usd"] / 1e9, ".3f"),
            "change, billion USD": _written(apart["change_usd"] / 1e9, "+.3f"),
            "change, percent": _written(apart["change_percent"], "+.2f"),
        }
    ).set_index(pd.Index(names, name="destinations"))


@checked_arguments
def small_exporters(observations: pd.DataFrame, state: str) -> pd.DataFrame:
    """Return the published counts of a state's exporting firms, and of the small ones among them.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `export_observations`.
    state : str
        Postal code.
    """
    rows = observations.reset_index()
    rows = rows[(rows["geography"] == state_name(state)) & rows["series"].isin(_SMALL)]
    return pd.DataFrame(
        {
            "what": rows["series"].map(_SMALL),
            "period": rows["period"],
            "value": _written(rows["value"], ",.10g"),
            "unit": rows["unit"],
            "as printed": rows["note"].fillna(""),
            "source": rows["source_id"],
        }
    ).reset_index(drop=True)


def _written(values: pd.Series, form: str) -> pd.Series:
    """Return numbers as texts; in a form with z a small fall is not written as minus zero."""
    return values.map(lambda value: "" if pd.isna(value) else format(value, form))
