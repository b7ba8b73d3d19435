"""Single figures: one observation as its source prints it, and growth and places between such figures.

What rounding and words in a note leave open is worked out in `rounding`; the words stay with the figure as a caveat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.measures.rounding import bounds
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, share, unique

__all__ = [
    "SAME_UNIT", "as_percent_of", "as_quantity", "at_precision_of", "constant_beside", "filled", "growth",
    "implied_base", "matching", "mean_step", "observed", "place", "quantity_of", "rows_of", "sources_of", "table", "times",
]  # fmt: skip

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
    rows = rows_of(frame, series, geography, period=period, source_id=source_id)
    if edition:
        rows = rows[rows["edition"] == edition]
    if rows.empty:
        asked = ", ".join(filter(None, (period, source_id, edition)))
        return Missing(f"{series.replace('_', ' ')}, {geography}{f' ({asked})' if asked else ''}: none in the data")
    if len(rows) > 1:
        rows = rows.sort_values(["precision", "source_id"], kind="stable")
    found = [quantity_of(row, basis=basis, vintage=vintage, unit=unit) for _, row in rows.iterrows()]
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
    if len(units := sorted(rows["unit"].unique())) > 1:
        raise DataError(
            f"{series}, {geography}: the figures are in several units ({', '.join(units)}): give the series one unit in the data."
        )
    if period is not None:
        rows = rows[rows["period"] == period]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    return rows.sort_values(["period", "precision", "source_id"], kind="stable") if len(rows) > 1 else rows


def matching(frame: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    """Return the rows of a dataset with these values in its columns or index levels, like `filled`."""
    fits = np.ones(len(frame), dtype=bool)
    for name, value in wanted.items():
        fits &= _equal(frame, name, value)
    return filled(frame.iloc[np.flatnonzero(fits)])


def _equal(frame: pd.DataFrame, name: str, value: str) -> np.ndarray:
    if name in frame.columns or not isinstance(frame.index, pd.MultiIndex):
        cells = frame[name] if name in frame.columns else frame.index
        return np.asarray(cells == value, dtype=bool)
    # a level of an index knows each of its texts once, which compares them hundreds of times faster than row by row
    level = frame.index.names.index(name)
    place = frame.index.levels[level].get_indexer([value])[0]
    return np.zeros(len(frame), dtype=bool) if place < 0 else np.asarray(frame.index.codes[level] == place)


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a dataset with its index as columns and empty texts as empty texts, not as missing values."""
    rows = frame.reset_index()
    gaps = [name for name, cells in rows.items() if cells.dtype == "str" and cells.hasnans]
    return rows.assign(**{name: rows[name].fillna("") for name in gaps}) if gaps else rows


def quantity_of(row: Mapping[str, object] | pd.Series, *, basis: str = "", vintage: str = "", unit: str = "") -> Quantity:
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


def growth(later: Quantity | Missing, earlier: Quantity | Missing, *, across: Sequence[str] = ()) -> Quantity | Missing:
    """Return the change from one period to another, in percent.

    Parameters
    ----------
    across : sequence of {"unit", "basis", "vintage"}
        Aspects in which the two may differ; each difference is said with the result.

    Raises
    ------
    MixedBasisError
        If the two differ in place, or in an aspect that `across` does not name.
    """
    ratio = share(later, earlier, across=["period", *across])
    if isinstance(ratio, Missing):
        return ratio
    if later.geography != earlier.geography:
        raise MixedBasisError(
            f"Will not compute growth from {earlier.geography} to {later.geography}: these are different places or things."
        )
    return replace(
        ratio,
        value=ratio.value - 100,
        bounds=ratio.bounds - Interval.point(100) if ratio.bounds else None,
        period=f"{earlier.period} to {later.period}",
        caveats=tuple(c for c in ratio.caveats if not c.startswith("period differs")),
    )


def sources_of(observations: pd.DataFrame, series: str) -> tuple[str, ...]:
    """Return the sources of a series, once each, in the order of the table."""
    rows = observations.reset_index()
    return unique(rows.loc[rows["series"] == series, "source_id"])


def as_quantity(printed: PrintedNumber, geography: str, *, sources: tuple[str, ...] = ()) -> Quantity:
    """Return a printed number as a quantity with what its rounding allows, to set it against a figure from the data.

    `sources` is the document that prints it; without it, and without the source of another figure in the same calculation, the number settles no claim.
    """
    return Quantity(
        printed.value, printed.unit, printed.period, geography, sources=sources,
        bounds=bounds(printed.value, printed.precision, printed.unit, ""), caveats=("taken from the document",),
    )  # fmt: skip


def at_precision_of(item: Quantity | Missing, finer: Quantity | Missing) -> Quantity | Missing:
    """Read a figure to the same digit as another figure of the same notice.

    Raises
    ------
    DataError
        If the two come from different sources.
    """
    for part in (item, finer):
        if isinstance(part, Missing):
            return part
    if item.sources != finer.sources:
        raise DataError(f"Will not take the precision of {', '.join(finer.sources)} for {', '.join(item.sources)}.")
    width = finer.interval.high - finer.interval.low
    return replace(item, bounds=Interval.around(item.value, width))


@checked_arguments
def mean_step(years: Sequence[int], *, undated: int = 0, unit: str = "year", sources: tuple[str, ...] = ()) -> Quantity:
    """Return the mean distance of the editions of something that repeats, in years.

    Parameters
    ----------
    years : sequence of int
        Years of the editions.
    undated : int
        Further editions between the first and the last whose year is not printed.
    sources : tuple of str
        What the years were read in.
    """
    if len(years) < 2:
        raise DataError(f"A distance needs at least two editions with a year, found {len(years)}.")
    steps = len(years) - 1 + undated
    span = Quantity(max(years) - min(years)).value
    return Quantity(span / steps, unit, f"{min(years)}/{max(years)}", sources=sources)


def implied_base(level: Quantity, rise: PrintedNumber) -> Quantity:
    """Return the earlier level that a printed rise in percent needs.

    Examples
    --------
    >>> base = implied_base(Quantity("50.4e9", "USD"), PrintedNumber(54, 1, "percent"))
    >>> round(float(base.value) / 1e9, 1)
    32.7
    """
    factor = Interval.point(1) + rise.interval / Interval.point(100)
    return Quantity(
        level.value / (1 + rise.value / 100), level.unit, "", level.geography, bounds=level.interval / factor
    )


def as_percent_of(part: Quantity | Missing, whole: Quantity | Missing) -> Quantity | Missing:
    """Return a share in percent of two figures of one source, without a caveat on their differing periods of printing."""
    found = share(part, whole, across=["period"])
    if isinstance(found, Missing):
        return found
    return replace(found, caveats=tuple(c for c in found.caveats if not c.startswith("period differs")))


def times(part: Quantity | Missing, whole: Quantity | Missing, *, unit: str = "") -> Quantity | Missing:
    """Return how many times the second figure goes into the first: a plain number, or a count where the unit says so.

    Raises
    ------
    MixedBasisError
        If their units or bases differ.
    """
    found = as_percent_of(part, whole)
    if isinstance(found, Missing):
        return found
    hundred = Interval.point(100)
    return replace(found, value=found.value / 100, unit=unit, bounds=found.bounds / hundred if found.bounds else None)


def place(values: Mapping[str, Quantity | Missing], name: str) -> Quantity | Missing:
    """Return the place of one among several by size, largest first.

    Parameters
    ----------
    values : mapping of name to Quantity
        All in one unit and basis.

    Returns
    -------
    Quantity or Missing
        Unit rank; missing if a value is, or if rounding leaves the order open.

    Raises
    ------
    MixedBasisError
        If units or bases differ.
    DataError
        If the name is not among the values.
    """
    if name not in values:
        raise DataError(f"{name} is not among {', '.join(values)}: add its value before asking for its place.")
    for value in values.values():
        if isinstance(value, Missing):
            return value
    kinds = {(v.unit, v.basis) for v in values.values()}
    if len(kinds) > 1:
        raise MixedBasisError(f"Will not order values of different units or bases: {sorted(kinds)}.")
    own = values[name].interval
    others = {n: v.interval for n, v in values.items() if n != name}
    unsure = [n for n, other in others.items() if other.overlaps(own)]
    if unsure:
        return Missing(f"rounding leaves open whether {name} or {unsure[0]} is larger")
    return Quantity(
        1 + sum(other.lies_above(own) for other in others.values()),
        "rank",
        period=values[name].period,
        geography=name,
        sources=unique(s for v in values.values() for s in v.sources),
        caveats=(f"among {len(values)}: {', '.join(values)}",),
    )


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


def constant_beside(data: pd.DataFrame, value: float, series: str) -> pd.DataFrame:
    """Return plotted data together with a constant series over the same range.

    Parameters
    ----------
    data : pandas.DataFrame
        Columns x, series, value.
    """
    ends = pd.DataFrame({"x": [data["x"].min(), data["x"].max()], "series": series, "value": value})
    return pd.concat([data[["x", "series", "value"]], ends], ignore_index=True)
