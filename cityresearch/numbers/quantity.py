"""Quantities: numbers that know what they count, so that two kinds of count are not combined by accident.

The word *basis* names how a thing was counted (for exports the origin of movement: `zip_based` or `state_based`; for containers
the kind of count), *vintage* when the figure was released. `share` refuses to divide across them unless told to, and what it
was told stays with the result as a caveat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cityresearch.errors import DataError, MixedBasisError
from cityresearch.numbers.display import (
    MOST_DIGITS,
    as_paragraph,
    exactly,
    in_words,
    sentence,
    sources_in_words,
    with_range,
)
from cityresearch.numbers.intervals import Interval, exact, plain
from cityresearch.suggestions import hint

__all__ = ["ASPECTS", "Fact", "Missing", "Quantity", "fact", "missing", "share", "together", "unique"]

ASPECTS = ("unit", "basis", "vintage", "period")


@dataclass(frozen=True, slots=True, repr=False)
class Quantity:
    """One number with its unit, period, geography, basis, vintage and sources.

    Parameters
    ----------
    value : number
        In full units.
    bounds : Interval, optional
        The numbers that it may mean where its source rounds; none for a number known to its last unit.
    caveats : tuple of str
        What a reader must know together with the number.
    read : bool
        Whether it is one figure as a source publishes it, and not computed from several.
    """

    value: Fraction
    unit: str = ""
    period: str = ""
    geography: str = ""
    basis: str = ""
    vintage: str = ""
    sources: tuple[str, ...] = ()
    bounds: Interval | None = None
    caveats: tuple[str, ...] = ()
    read: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", exact(self.value))

    @property
    def interval(self) -> Interval:
        """The range that the number can mean: its bounds, or the number alone."""
        return self.bounds or Interval.point(self.value)

    def __str__(self) -> str:
        """The number alone, as a cell of a table shows it: $141 billion (140.95 to 141.05)."""
        return with_range(self.value, self.unit, self.bounds)

    def __repr__(self) -> str:
        """The number with what it is about; in brackets all its digits, where they are not shown already.

        Examples
        --------
        >>> Quantity("141e9", "USD", "2023", "five metros", bounds=Interval("140.95e9", "141.05e9"), sources=("ita_metro",))
        $141 billion (140.95 to 141.05), 2023, five metros; source: ita_metro
        >>> Quantity(141_004_904_245, "USD", "2023")
        $141 billion [141,004,904,245], 2023
        """
        all_shown = in_words(self.value, self.unit) == exactly(self.value, self.unit)
        digits = "" if all_shown else f" [{plain(self.value, MOST_DIGITS)}]"
        return sentence(f"{self}{digits}", self._about, self.sources)

    def _repr_html_(self) -> str:
        """The same for a notebook, with what a reader must know; all digits show when the pointer rests on it."""
        lines = [*self.caveats, *sources_in_words(self.sources)]
        return as_paragraph(sentence(str(self), self._about), lines, hover=plain(self.value, MOST_DIGITS))

    @property
    def _about(self) -> tuple[str, ...]:
        return (self.period, self.geography, self.basis.replace("_", " "), self.vintage.replace("_", " "))

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def with_caveat(self, *caveats: str) -> Quantity:
        """Return the same quantity with more caveats."""
        return replace(self, caveats=(*self.caveats, *caveats))


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """A yes or no with its sources, for a claim that prints no number; `read` where one published figure or statement says it."""

    holds: bool
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    read: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.holds, bool):
            raise DataError(f"A fact is true or false: pass True or False, found {self.holds!r}.")

    def __str__(self) -> str:
        return "true" if self.holds else "false"

    def __repr__(self) -> str:
        """Whether it holds, with its sources: true; source: a."""
        return sentence(str(self), (), self.sources)

    def _repr_html_(self) -> str:
        return as_paragraph(str(self), [*self.caveats, *sources_in_words(self.sources)])


@dataclass(frozen=True, slots=True, repr=False)
class Missing:
    """A number that no source in our data gives, and why. Missing is never zero."""

    reason: str
    sources: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The reason: missing: no metro values of California for 2024."""
        return f"missing: {self.reason}"

    def _repr_html_(self) -> str:
        return as_paragraph(repr(self), sources_in_words(self.sources))


def fact(holds: bool | Missing, *evidence: Quantity | Missing) -> Fact | Missing:
    """Say whether something is true, with the sources of the figures behind it; missing stays missing.

    Examples
    --------
    >>> fact(True, Quantity(3, sources=("a", "b")), Quantity(4, sources=("b",))).sources
    ('a', 'b')
    """
    if isinstance(holds, Missing):
        return holds
    one = len(evidence) == 1 and isinstance(evidence[0], Quantity) and evidence[0].read
    return Fact(holds, unique(s for item in evidence for s in item.sources), read=one)


def missing(reason: str) -> Missing:
    """Say that a reading has no number, and why."""
    return Missing(reason)


def share(part: Quantity | Missing, whole: Quantity | Missing, *, across: Sequence[str] = ()) -> Quantity | Missing:
    """Divide one quantity by another, in percent.

    Parameters
    ----------
    part, whole : Quantity or Missing
        Missing in, missing out.
    across : sequence of {"unit", "basis", "vintage", "period"}
        Aspects in which the two may differ. Each difference is named in the caveats of the result.

    Returns
    -------
    Quantity or Missing
        Unit percent; its interval follows from the ranges of the two numbers.

    Raises
    ------
    MixedBasisError
        If the two differ in an aspect that `across` does not name.
    """
    allowed = _aspects(across)
    for side, what in ((part, "part"), (whole, "whole")):
        if not isinstance(side, Quantity | Missing):
            raise DataError(
                f"share divides a Quantity by a Quantity, found {side!r} as the {what}: write cr.Quantity(value, unit, period)."
            )
    for side in (part, whole):
        if isinstance(side, Missing):
            return side
    differences = {a: (getattr(part, a), getattr(whole, a)) for a in ASPECTS if getattr(part, a) != getattr(whole, a)}
    refused = [aspect for aspect in differences if aspect not in allowed]
    of = f"{part.geography or 'a part'} by {whole.geography or 'a whole'}"
    if refused:
        listed = ", ".join(f"their {aspect} differs ({_over(*differences[aspect])})" for aspect in refused)
        raise MixedBasisError(
            f"Will not divide {of}: {listed}; pass across={[*allowed, *refused]!r} if that is meant, and it will be said with the result."
        )
    if whole.value == 0:
        raise DataError(f"Will not divide {of}: the whole is zero.")
    caveats = [*part.caveats, *whole.caveats]
    caveats += [f"{aspect} differs: {_over(*pair)}" for aspect, pair in differences.items()]
    ratio = part.interval / whole.interval
    scaled = ratio * Interval.point(100)
    return Quantity(
        value=part.value / whole.value * 100,
        unit="percent",
        period=part.period if part.period == whole.period else f"{part.period} over {whole.period}",
        geography=part.geography,
        basis=part.basis if part.basis == whole.basis else f"{part.basis} over {whole.basis}",
        vintage=part.vintage if part.vintage == whole.vintage else f"{part.vintage} over {whole.vintage}",
        sources=unique([*part.sources, *whole.sources]),
        caveats=unique(caveats),
        bounds=None if scaled.is_point else scaled,
    )


def _over(part: str, whole: str) -> str:
    return f"{part or 'none'} over {whole or 'none'}"


def _aspects(across: Sequence[str]) -> tuple[str, ...]:
    """Return the aspects that `across` names, after checking that there are such."""
    names = (across,) if isinstance(across, str) else tuple(across)
    for name in names:
        if name not in ASPECTS:
            raise DataError(f"across names {name!r}{hint(name, ASPECTS, 'the aspects are ' + ', '.join(ASPECTS))}")
    return names


def together(*parts: Quantity | Missing, geography: str = "", direction: str = "") -> Quantity | Missing:
    """Add up figures of one kind and period; missing if any part is. Different vintages make a mixed one.

    Parameters
    ----------
    *parts : Quantity or Missing
    geography : str
        What the sum is of.
    direction : str
        If given, parts of different directions may be added and the sum is called this, for instance loaded_both_ways.

    Raises
    ------
    MixedBasisError
        If the parts differ in kind of count, unit or period, or in direction and `direction` is not given.
    DataError
        If there are no parts.
    """
    if not parts:
        raise DataError("Nothing to add up: pass at least one figure.")
    for part in parts:
        if not isinstance(part, Quantity | Missing):
            raise DataError(f"together adds up quantities, found {part!r}: write cr.Quantity(value, unit, period).")
    for part in parts:
        if isinstance(part, Missing):
            return part
    first = parts[0]
    for part in parts[1:]:
        differing = []
        for aspect in ("basis", "unit", "period"):
            a, b = getattr(first, aspect), getattr(part, aspect)
            if aspect == "basis" and direction:
                a, b = a.partition(": ")[0], b.partition(": ")[0]
            if a != b:
                differing.append(f"their {aspect} differs ({b or 'none'} and {a or 'none'})")
        if differing:
            raise MixedBasisError(
                f"Will not add {part.geography or 'a part'} to {first.geography or 'another'}: {', '.join(differing)}."
            )
    total = parts[0].interval
    for part in parts[1:]:
        total = total + part.interval
    vintages = unique(part.vintage for part in parts)
    return Quantity(
        value=sum((part.value for part in parts), Fraction(0)),
        unit=first.unit,
        period=first.period,
        geography=geography or " and ".join(part.geography for part in parts),
        basis=f"{first.basis.partition(': ')[0]}: {direction}" if direction else first.basis,
        vintage=vintages[0] if len(vintages) == 1 else "mixed",
        sources=unique(s for part in parts for s in part.sources),
        bounds=None if total.is_point else total,
        caveats=unique(c for part in parts for c in part.caveats),
    )


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items once each, in order of first appearance."""
    return tuple(dict.fromkeys(items))
