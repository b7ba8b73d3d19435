"""Readings of the claims on the survey."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.public_opinion.surveys import editions
from cityresearch.claims.reading import as_printed

__all__ = ["rounds"]


def rounds(surveys: pd.DataFrame, series: str) -> dict[str, object]:
    """C012, the number of rounds: those seen on a page of their own, which anybody can check, and all that the paper names.

    Parameters
    ----------
    surveys : pandas.DataFrame
        The dataset `surveys`.
    series : str
        Start of the survey_ids.
    """
    seen, named = editions(surveys, series)
    return {
        "all editions, the third not seen on a page of its own": as_printed(seen),
        "with the one known only from the paper": named,
    }
