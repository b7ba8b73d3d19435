"""Single figures: one observation as its source prints it.

What rounding and words in a note leave open is worked out in `rounding`; the words stay with the figure as a caveat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.measures.rounding import bounds
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = ["SAME_UNIT", "filled", "matching", "observed", "quantity_of", "records", "rows_of", "sources_of", "table"]

SAME_UNIT = {"persons": "people", "visitors": "people", "votes": "count"}


@checked_arguments
def observed(
    frame: pd.DataFrame,
    series: str,
    geography: str,
    period: str | None = None,
    *,
    source_id: str = "",
    edition: str = "",
    basis: str = "",
    vintage: str = "",
    unit: str = "",
) -> Quantity | Missing:
    """Return one single figure as one source prints it.

    Where several rows fit, they must tell one story: of rows of one period whose figures agree within what their rounding and
    words allow, the most precise is taken, of equally precise ones the first by source id. Anything else is for the caller to choose.

    Parameters
    ----------
    frame : pandas.DataFrame
        A dataset of observations: series, geography, period, value, unit, precision, source_id and note, as index or columns.
    period : str, optional
        As in the data, empty for a figure without a printed period; any if left out.
    source_id, edition : str, optional
        As in the data; any if left out.
    basis, vintage : str, optional
        How the figure was counted and when it was released; if left out, the definition and the edition in the data, where it has them.
    unit : str, optional
        Name of the unit, where the claim words it differently.

    Returns
    -------
    Quantity or Missing
        Its bounds follow from its precision and the words in its note (`rounding.bounds`); the note is a caveat.

    Raises
    ------
    DataError
        If rows of several periods fit, or rows that disagree by more than their rounding.
    """
    rows = records(frame, series=series, geography=geography)
    _refuse_several_units(series, geography, {row["unit"] for row in rows})
    rows = [
        row
        for row in rows
        if (period is None or row["period"] == period)
        and (not source_id or row["source_id"] == source_id)
        and (not edition or row["edition"] == edition)
    ]
    if not rows:
        asked = ", ".join(filter(None, (period, source_id, edition)))
        return Missing(f"{series.replace('_', ' ')}, {geography}{f' ({asked})' if asked else ''}: none in the data")
    rows.sort(key=lambda row: (row["precision"], row["source_id"], row["period"]))
    found = [quantity_of(row, basis=basis, vintage=vintage, unit=unit) for row in rows]
    if len({q.period for q in found}) > 1 or any(not found[0].interval.overlaps(q.interval) for q in found[1:]):
        listed = "; ".join(f"{float(q.value):.15g} ({q.period or 'no period'}, {', '.join(q.sources)})" for q in found)
        raise DataError(
            f"{series}, {geography}: {len(found)} figures that disagree or are of several periods ({listed}): "
            "choose a period or a source."
        )
    return found[0]


@checked_arguments
def rows_of(
    frame: pd.DataFrame, series: str, geography: str, *, period: str | None = None, source_id: str = ""
) -> pd.DataFrame:
    """Return the rows of one series and place, by period and the most precise of each period first.

    Raises
    ------
    DataError
        If they are in several units: one of them is wrong, and callers that take the values alone would not see it.
    """
    rows = matching(frame, series=series, geography=geography)
    _refuse_several_units(series, geography, set(rows["unit"]))
    if period is not None:
        rows = rows[rows["period"] == period]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    return rows.sort_values(["period", "precision", "source_id"], kind="stable") if len(rows) > 1 else rows


def _refuse_several_units(series: str, geography: str, units: set[str]) -> None:
    if len(units) > 1:
        raise DataError(
            f"{series}, {geography}: the figures are in several units ({', '.join(sorted(units))}): give the series one unit in the data."
        )


def matching(frame: pd.DataFrame, **wanted: str | int) -> pd.DataFrame:
    """Return the rows of a dataset with these values in its columns or index levels, like `filled`."""
    return filled(frame.iloc[_places(frame, wanted)])


def records(frame: pd.DataFrame, **wanted: str | int) -> list[dict[str, Any]]:
    """Return the rows of `matching` by column; of a few rows a frame takes longer to make than to read."""
    places = _places(frame, wanted)
    names = (*(name for name in frame.index.names if name is not None), *frame.columns)
    cells = {name: frame[name].array.take(places) for name in frame.columns}
    if isinstance(frame.index, pd.MultiIndex):
        levels = zip(frame.index.levels, frame.index.codes, strict=True)
        cells |= {level.name: level.array.take(codes[places], allow_fill=True) for level, codes in levels}
    elif frame.index.name is not None:
        cells[frame.index.name] = frame.index.array.take(places)
    columns = [
        [cell if cell == cell else "" for cell in cells[name]] if cells[name].dtype == "str" else cells[name].tolist()
        for name in names
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _places(frame: pd.DataFrame, wanted: Mapping[str, str | int]) -> np.ndarray:
    fits = np.ones(len(frame), dtype=bool)
    for name, value in wanted.items():
        fits &= _equal(frame, name, value)
    return np.flatnonzero(fits)


def _equal(frame: pd.DataFrame, name: str, value: str | int) -> np.ndarray:
    if name in frame.columns or not isinstance(frame.index, pd.MultiIndex):
        cells = frame[name] if name in frame.columns else frame.index
        return np.asarray(cells == value, dtype=bool)
    # a level of an index knows each of its texts once, which compares them hundreds of times faster than row by row
    level = frame.index.names.index(name)
    known = frame.index.levels[level]
    return frame.index.codes[level] == known.get_loc(value) if value in known else np.zeros(len(frame), dtype=bool)


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a dataset with its index as columns and empty texts as empty texts, not as missing values."""
    rows = frame.reset_index()
    gaps = [name for name, cells in rows.items() if cells.dtype == "str" and cells.hasnans]
    return rows.assign(**{name: rows[name].fillna("") for name in gaps}) if gaps else rows


def quantity_of(
    row: Mapping[str, object] | pd.Series, *, basis: str = "", vintage: str = "", unit: str = ""
) -> Quantity:
    """Turn a row of an observation table into a quantity, as `observed` describes it."""
    note, named = row.get("note", ""), SAME_UNIT.get(row["unit"], row["unit"])
    return Quantity(
        value=row["value"],
        unit=unit or named,
        period=str(row["period"]),
        geography=row["geography"],
        basis=basis or row.get("definition", ""),
        vintage=vintage or row.get("edition", ""),
        sources=(row["source_id"],),
        bounds=bounds(row["value"], row["precision"], row["unit"], note),
        caveats=(note,) if note else (),
        read=True,
    )


def sources_of(observations: pd.DataFrame, series: str) -> tuple[str, ...]:
    """Return the sources of a series, once each, in the order of the table."""
    rows = observations.reset_index()
    return unique(rows.loc[rows["series"] == series, "source_id"])


@checked_arguments
def table(found: Mapping[str, Quantity | Missing], *, scale: int = 1) -> pd.DataFrame:
    """Tabulate named figures for a reader.

    Parameters
    ----------
    scale : int
        Divides the values, for instance 10**9 for billions.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: value, unit, period, basis, sources, caveats. A missing figure has its reason as caveat.
    """
    rows = []
    for name, item in found.items():
        if isinstance(item, Missing):
            rows.append({"name": name, "caveats": f"missing: {item.reason}"})
            continue
        rows.append(
            {
                "name": name,
                "value": round(float(item.value / scale), 3),
                "unit": item.unit,
                "period": item.period,
                "basis": item.basis,
                "sources": "; ".join(item.sources),
                "caveats": "; ".join(item.caveats),
            }
        )
    columns = ["name", "value", "unit", "period", "basis", "sources", "caveats"]
    return pd.DataFrame(rows, columns=columns).set_index("name").fillna({c: "" for c in columns[2:]})
