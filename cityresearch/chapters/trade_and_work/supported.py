"""Jobs supported by a state's goods exports: the federal estimates that were printed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.measures.published import matching, observed
from cityresearch.numbers.quantity import Quantity

__all__ = ["SERIES", "estimates", "printed", "steps_in_words"]
SERIES = "jobs_supported_by_state_goods_exports"


def printed(exports: pd.DataFrame, geography: str) -> pd.DataFrame:
    """Return every printed estimate of a state.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `export_observations`.
    geography : str
        The state's name, as in the dataset.

    Returns
    -------
    pandas.DataFrame
        Sorted by year: year, jobs, printed to the nearest, source, note.
    """
    rows = matching(exports, series=SERIES, geography=geography).sort_values(["period", "precision"], kind="stable")
    return pd.DataFrame(
        {
            "year": rows["period"],
            "jobs": [f"{value:,.0f}" for value in rows["value"]],
            "printed to the nearest": [f"{value:,.0f}" for value in rows["precision"]],
            "source": rows["source_id"],
            "note": rows["note"],
        }
    ).reset_index(drop=True)


def estimates(exports: pd.DataFrame, geography: str) -> dict[str, Quantity]:
    """Return the most precise estimate of each year, oldest first, with what it counts as a caveat."""
    years = sorted(matching(exports, series=SERIES, geography=geography)["period"].unique())
    found = {year: observed(exports, SERIES, geography, period=year) for year in years}
    return {
        year: item.with_caveat("jobs anywhere in the country, supported by goods exports from the state")
        for year, item in found.items()
        if isinstance(item, Quantity)
    }


def steps_in_words(found: Mapping[str, Quantity]) -> str:
    """Return in a sentence where the estimates began and ended.

    Parameters
    ----------
    found : mapping of year to Quantity
        From `estimates`.
    """
    if len(found) < 2:
        return "Fewer than two estimates are in our data, so they show no direction."
    (first, a), *_, (last, b) = found.items()
    lower = (
        " A lower number for a later year would therefore be no surprise, but we do not have one."
        if b.value < a.value
        else ""
    )
    return f"The estimates went from {int(a.value):,} for {first} to about {int(b.value):,} for {last}.{lower}"
