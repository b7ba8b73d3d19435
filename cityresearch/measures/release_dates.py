"""Release dates: the last year of a series that a text of some month can have used.

A reading that takes a value which came out after the text was written explains nothing. How long a series takes is data: the dataset
`release_dates` has, for each, the month by which the values of a year were public, and where that is seen.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError

__all__ = ["last_year_seen", "months_until_release"]


def months_until_release(releases: pd.DataFrame, series: str) -> int:
    """Return how many months after the end of a year its values came out, by the newest release on record.

    Parameters
    ----------
    releases : pandas.DataFrame
        The dataset `release_dates`.
    series : str
        For instance metro_exports.

    Raises
    ------
    DataError
        If no release of the series is on record.
    """
    rows = releases.reset_index()
    rows = rows[rows["series"] == series]
    if rows.empty:
        known = ", ".join(sorted(set(releases.reset_index()["series"])))
        raise DataError(f"No release of {series!r} is on record: expected one of {known}.")
    newest = rows.loc[rows["year"].idxmax()]
    return _months(newest["released"]) - _months(f"{newest['year']}-12")


@checked_arguments
def last_year_seen(releases: pd.DataFrame, series: str, month: str) -> int:
    """Return the last year whose values were out by a month, if each year takes as long as the newest release on record.

    Parameters
    ----------
    releases, series
        As for `months_until_release`.
    month : str
        When the text was written, YYYY-MM.

    Examples
    --------
    >>> from cityresearch.datasets.load import load
    >>> last_year_seen(load("release_dates"), "metro_exports", "2018-02")  # values of 2017 came at the end of 2018
    2016
    """
    # a year ends with its twelfth month
    return (_months(month) - months_until_release(releases, series)) // 12 - 1


def _months(text: str) -> int:
    """Return the months since year 0 at the end of a month."""
    try:
        year, month = (int(part) for part in text.split("-"))
    except ValueError:
        raise ParameterError(f"Expected a month such as 2018-02, found {text!r}.") from None
    return year * 12 + month
