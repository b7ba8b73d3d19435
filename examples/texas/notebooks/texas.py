"""What chapter 01 computes: tables in, rows for a chart out."""

import pandas as pd

from cityresearch.measures import exports


def by_year(metros, first, last):
    """Return the exports of the five largest and of all metro areas by year, in billions of dollars."""
    kinds = {
        "all metro areas": lambda year: exports.total_of_all(metros, state="TX", year=year),
        "the five largest": lambda year: exports.total_of_largest(metros, state="TX", year=year, n=5),
    }
    years = range(first, last + 1)
    return pd.DataFrame(
        [{"x": y, "series": name, "value": float(of(y)) / 1e9} for name, of in kinds.items() for y in years]
    )
