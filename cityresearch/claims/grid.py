"""Declared grids: every combination of the choices that a number allows, with those that a careful writer could mean marked beforehand.

A hand-picked list of readings proves little: whoever looks long enough finds one that agrees, or leaves out the one that does. A grid names
its choices (years, sets, vintages, bases), computes every combination, and says which are in doubt before any value is seen.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cityresearch.claims.reading import as_printed, unlikely
from cityresearch.errors import ClaimError

__all__ = ["Axis", "grid"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One choice: its name, its values, the one that the document prints, and those that a careful writer could mean.

    Parameters
    ----------
    name : str
        The argument that the calculation takes, for instance "year".
    values : sequence
        Every value that is computed.
    printed : object, optional
        The value of the reading as printed; none if the document does not say.
    meant : iterable, optional
        The values that a careful writer could mean; all if left out.
    why : str
        Why a careful writer would not mean the others; shown with each of them.
    say : callable
        How a value is named in a reading.
    """

    name: str
    values: Sequence[Any]
    printed: Any = None
    meant: Iterable[Any] | None = None
    why: str = ""
    say: Callable[[Any], str] = str

    def __post_init__(self) -> None:
        meant = None if self.meant is None else tuple(self.meant)
        object.__setattr__(self, "values", tuple(self.values))
        object.__setattr__(self, "meant", meant)
        left_out = [v for v in self.values if meant is not None and v not in meant]
        if not self.values:
            raise ClaimError(f"The axis {self.name!r} of a grid has no values: give at least one.")
        if self.printed is not None and self.printed not in self.values:
            raise ClaimError(
                f"The axis {self.name!r} of a grid is printed as {self.printed!r}, which is not among its values."
            )
        if left_out and not self.why:
            raise ClaimError(
                f"The axis {self.name!r} of a grid marks {self.say(left_out[0])!r} as hardly meant: say why, before its value is seen."
            )


def grid(compute: Callable[..., object], *axes: Axis, name: Callable[..., str] | None = None) -> dict[str, object]:
    """Compute every combination of the axes, marked as printed or unlikely, for `cr.check`.

    Parameters
    ----------
    compute : callable
        Takes one value of each axis by name; returns a Quantity, a Fact, or Missing.
    *axes : Axis
    name : callable, optional
        Takes the same and returns the name of the reading; if left out, the values' names with commas.

    Raises
    ------
    ClaimError
        If two combinations have one name.

    Examples
    --------
    >>> from cityresearch.numbers.quantity import Quantity
    >>> years = Axis("year", (2022, 2023, 2024), printed=2024, meant=(2023, 2024), why="2022 was two years old")
    >>> found = grid(lambda year: Quantity(year - 2000, "percent"), years)
    >>> {reading: type(value).__name__ for reading, value in found.items()}
    {'2022': 'Unlikely', '2023': 'Quantity', '2024': 'AsPrinted'}
    """
    found: dict[str, object] = {}
    says = all(axis.printed is not None for axis in axes)
    for values in itertools.product(*(axis.values for axis in axes)):
        chosen = {axis.name: value for axis, value in zip(axes, values, strict=True)}
        label = name(**chosen) if name else ", ".join(a.say(v) for a, v in zip(axes, values, strict=True))
        if label in found:
            raise ClaimError(f"Two combinations of a grid have the name {label!r}: name them apart.")
        value = compute(**chosen)
        if says and all(chosen[axis.name] == axis.printed for axis in axes):
            value = as_printed(value)
        elif doubts := [a.why for a in axes if a.meant is not None and chosen[a.name] not in a.meant]:
            value = unlikely(value, "; ".join(doubts))
        found[label] = value
    return found
