"""Single figures: one observation as its source prints it, and growth and places between such figures.

A source that rounds gives a range and not a point. A source that writes "more than" gives a bound: the figure is taken as printed, and
the words stay with it as a caveat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from cityresearch.claims.printed import PrintedNumber
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.intervals import Interval
from cityresearch.quantity import Missing, Quantity, share, unique

# words in a note that make a figure a bound: it is then taken as printed, and the note says that it is one
BOUNDS = ("more than", "over", "at least", "up to")
SAME_UNIT = {"persons": "people", "votes": "count"}


def observed(
    observations: pd.DataFrame, series: str, geography: str, period: str = "", *, source_id: str = ""
) -> Quantity | Missing:
    """Return one single figure as one source prints it.

    Parameters
    ----------
    observations : pandas.DataFrame
        A dataset with the columns series, geography, period, value, unit, precision, source_id and note.
    period : str
        As in the data; empty for a figure without a printed period.
    source_id : str, optional
        Where several sources print the figure; the most precise one if left out.

    Returns
    -------
    Quantity or Missing
        Its bounds are what the rounding allows; the note is a caveat.
    """
    rows = observations.reset_index().fillna({"period": "", "note": ""})
    rows = rows[(rows["series"] == series) & (rows["geography"] == geography) & (rows["period"] == period)]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    if rows.empty:
        return Missing(f"{geography}{', ' + period if period else ''}: no {series.replace('_', ' ')} in the data")
    row = rows.sort_values(["precision", "source_id"], kind="stable").iloc[0]
    return Quantity(
        value=row["value"],
        unit=SAME_UNIT.get(row["unit"], row["unit"]),
        period=period,
        geography=geography,
        sources=(row["source_id"],),
        bounds=bounds(row["value"], row["precision"], row["unit"], row["note"]),
        caveats=(row["note"],) if row["note"] else (),
    )


def bounds(value: object, precision: object, unit: str, note: str) -> Interval | None:
    """Return what a rounded figure stands for, or None for a count known to its last unit and for a bound.

    Examples
    --------
    >>> str(bounds(58.6, 0.1, "percent", "")), bounds(43, 1, "count", ""), bounds(300, 100, "people", "more than")
    ('[58.55, 58.65)', None, None)
    """
    printed = PrintedNumber(value, precision, unit)
    is_bound = any(clause.strip() in BOUNDS for clause in re.split("[;,]", note))
    exact_count = printed.precision == 1 and unit != "percent" and printed.value.denominator == 1
    return None if is_bound or exact_count else printed.interval


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
        period=f"{earlier.period}/{later.period}",
        caveats=tuple(c for c in ratio.caveats if not c.startswith("period differs")),
    )


def as_quantity(printed: PrintedNumber, geography: str) -> Quantity:
    """Return a printed number as a quantity with what its rounding allows, to set it against a figure from the data."""
    return Quantity(
        printed.value, printed.unit, printed.period, geography,
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


def mean_step(years: Sequence[int], *, undated: int = 0, unit: str = "year") -> Quantity:
    """Return the mean distance of the editions of something that repeats, in years.

    Parameters
    ----------
    years : sequence of int
        Years of the editions.
    undated : int
        Further editions between the first and the last whose year is not printed.
    """
    if len(years) < 2:
        raise DataError(f"A distance needs at least two editions with a year, found {len(years)}.")
    steps = len(years) - 1 + undated
    return Quantity(Quantity(max(years) - min(years)).value / steps, unit, f"{min(years)}/{max(years)}")


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


def times(part: Quantity | Missing, whole: Quantity | Missing) -> Quantity | Missing:
    """Return how many times the second figure goes into the first, as a plain number.

    Raises
    ------
    MixedBasisError
        If their units or bases differ.
    """
    found = as_percent_of(part, whole)
    if isinstance(found, Missing):
        return found
    hundred = Interval.point(100)
    return replace(found, value=found.value / 100, unit="", bounds=found.bounds / hundred if found.bounds else None)


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
    """Return plotted data with a constant series beside it, over the same range.

    Parameters
    ----------
    data : pandas.DataFrame
        Columns x, series, value.
    """
    ends = pd.DataFrame({"x": [data["x"].min(), data["x"].max()], "series": series, "value": value})
    return pd.concat([data[["x", "series", "value"]], ends], ignore_index=True)
