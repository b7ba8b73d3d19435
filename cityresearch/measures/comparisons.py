"""Single figures compared: growth, shares, multiples and places, with what rounding leaves open carried along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.measures.rounding import bounds
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, share, unique

__all__ = [
    "as_percent_of", "as_quantity", "at_precision_of", "growth", "implied_base", "mean_step", "place", "times",
]  # fmt: skip


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
