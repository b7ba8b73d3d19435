"""What chapter 01 computes: tables in, numbers with their unit, period and sources out."""

from __future__ import annotations

import cityresearch as cr


def total(trees, year: int):
    """Return the trees of all districts in a year; missing where the table has no such year."""
    rows = trees.xs(year, level="year") if year in trees.index.get_level_values("year") else trees.iloc[:0]
    if rows.empty:
        return cr.missing(f"no count of trees for {year}")
    return cr.Quantity(rows["trees"].sum(), "trees", str(year), "Rivertown", sources=tuple(rows["source_id"].unique()))


def by_year(trees):
    """Return one row for each year and district, as a chart of lines takes them."""
    rows = trees.reset_index().rename(columns={"year": "x", "district": "series", "trees": "value"})
    return rows[["x", "series", "value", "source_id"]]
