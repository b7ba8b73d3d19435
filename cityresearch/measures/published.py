"""Single figures as published: one row of an observation table as a quantity that knows how it was rounded."""

from __future__ import annotations

import pandas as pd

from cityresearch.errors import DataError
from cityresearch.measures.observations import bounds
from cityresearch.quantity import Missing, Quantity


def published(
    frame: pd.DataFrame,
    series: str,
    geography: str,
    *,
    period: str | None = None,
    source: str | None = None,
    edition: str | None = None,
    basis: str = "",
    vintage: str = "",
) -> Quantity | Missing:
    """Return one published figure, or why there is none.

    Parameters
    ----------
    frame : pandas.DataFrame
        A dataset of observations: indexed by series, geography, period and source_id at least, with value, unit and precision.
    series, geography : str
    period : str, optional
        As in the table; any if left out.
    source : str, optional
        Source id; any if left out.
    edition : str, optional
        As in the table, where it has that column; any if left out.
    basis, vintage : str
        What the table's columns do not say about how the figure was counted and when it was released.

    Returns
    -------
    Quantity or Missing
        The row's note becomes a caveat. Of several rows with one value the most precise is taken.

    Raises
    ------
    DataError
        If several rows fit and their values disagree by more than their rounding.
    """
    rows = rows_of(frame, series, geography, period=period, source=source)
    if edition is not None:
        rows = rows[rows["edition"] == edition]
    if rows.empty:
        asked = ", ".join(filter(None, (period, source)))
        return Missing(f"{series.replace('_', ' ')}, {geography}{f' ({asked})' if asked else ''}: none in the data")
    found = [quantity_of(row, basis=basis, vintage=vintage) for _, row in rows.iterrows()]
    if any(not found[0].interval.overlaps(other.interval) for other in found[1:]):
        listed = "; ".join(f"{float(q.value):g} ({q.period or 'no year'}, {', '.join(q.sources)})" for q in found)
        raise DataError(
            f"{series}, {geography}: {len(found)} figures that disagree ({listed}): choose a period or a source."
        )
    return found[0]


def rows_of(
    frame: pd.DataFrame, series: str, geography: str, *, period: str | None = None, source: str | None = None
) -> pd.DataFrame:
    """Return the rows of one series and place, by period and the most precise of each period first."""
    rows = filled(frame)
    rows = rows[(rows["series"] == series) & (rows["geography"] == geography)]
    if period is not None:
        rows = rows[rows["period"] == period]
    if source is not None:
        rows = rows[rows["source_id"] == source]
    return rows.sort_values(["period", "precision", "source_id"], kind="stable")


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a dataset with its index as columns and empty texts as empty texts, not as missing values."""
    rows = frame.reset_index()
    texts = [column for column in rows.columns if pd.api.types.is_string_dtype(rows[column].dtype)]
    return rows.assign(**{column: rows[column].astype(object).where(rows[column].notna(), "") for column in texts})


def quantity_of(row: pd.Series, *, basis: str = "", vintage: str = "") -> Quantity:
    """Turn a row of an observation table into a quantity; its bounds follow from the printed precision and the words in its note."""
    note = row["note"] if "note" in row.index else ""
    return Quantity(
        value=row["value"],
        unit=row["unit"],
        period=str(row["period"]),
        geography=row["geography"],
        basis=basis or row.get("definition", ""),
        vintage=vintage or row.get("edition", ""),
        sources=(row["source_id"],),
        bounds=bounds(row["value"], row["precision"], row["unit"], note),
        caveats=(note,) if note else (),
    )
