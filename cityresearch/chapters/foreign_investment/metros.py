"""Jobs at foreign-owned establishments by metro area: one study, one year, and the shares of single metros that were
printed."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.foreign_investment.firms import times_as_frequent
from cityresearch.geography import STATE_NAMES, states_in_title
from cityresearch.measures.published import filled, observed
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = [
    "SHARE",
    "YEAR",
    "average_large_metro",
    "in_hundred_largest",
    "lean_in_words",
    "of_all_private",
    "shares_of_metros",
]
SHARE = "foreign_owned_establishment_jobs_share_private"
YEAR = "2011"


def in_hundred_largest(firms: pd.DataFrame) -> Quantity | Missing:
    """Return the share of the nation's jobs at foreign-owned establishments in the hundred largest metros, in
    percent."""
    return observed(firms, "foreign_owned_establishment_jobs_share_top100_metros", "United States", period=YEAR)


def of_all_private(firms: pd.DataFrame) -> Quantity | Missing:
    """Return the share of all private jobs that is in the same hundred metros, in percent."""
    return observed(firms, "private_employment_share_top100_metros", "United States", period=YEAR)


def average_large_metro(firms: pd.DataFrame, source_id: str = "brookings-fdi-2014") -> Quantity | Missing:
    """Return the share of private jobs at foreign-owned establishments in the average large metro, in percent, as one
    source prints it."""
    return observed(firms, f"{SHARE}_average_large_metro", "United States", period=YEAR, source_id=source_id)


def lean_in_words(firms: pd.DataFrame) -> str:
    """Return in a sentence how much more frequent jobs at foreign-owned establishments were in the hundred metros than
    elsewhere."""
    part, whole = in_hundred_largest(firms), of_all_private(firms)
    times = times_as_frequent(part, whole)
    if isinstance(times, Missing):
        return f"How much foreign-owned firms lean to large metros cannot be said: {times.reason}."
    low, high = float(times.interval.low), float(times.interval.high)
    return (
        f"The hundred metros had {float(part.value):.0f} percent of jobs at foreign-owned establishments and "
        f"{float(whole.value):.0f} percent of all private jobs in {part.period}. Such jobs were "
        f"{float(times.value):.2f} times as frequent there as elsewhere ({low:.2f} to {high:.2f} with rounding; "
        "derived). So foreign-owned firms lean to large metros, but most of the share is simply where jobs are."
    )


def shares_of_metros(firms: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return the metros whose share of private jobs at foreign-owned establishments was printed.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.
    place : str
        A metro or a state, as the dataset names it.

    Returns
    -------
    pandas.DataFrame
        name, value (percent), strong (True for the place itself and for metros of the state), source_id.
    """
    rows = filled(firms)
    rows = rows[(rows["series"] == SHARE) & (rows["period"] == YEAR) & rows["geography"].str.contains(", ")]
    return pd.DataFrame(
        {
            "name": rows["geography"].str.replace(" MSA", ""),
            "value": rows["value"],
            "strong": [name == place or _state_of(name) == place for name in rows["geography"]],
            "source_id": rows["source_id"],
        }
    ).reset_index(drop=True)


def _state_of(title: str) -> str:
    """Return the name of the first state in a title, which may go on after the postal code ("Modesto, CA MSA")."""
    head, _, tail = title.partition(", ")
    codes = states_in_title(f"{head}, {tail.split(' ')[0]}")
    return STATE_NAMES.get(codes[0], "") if codes else ""
