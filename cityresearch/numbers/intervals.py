"""Exact intervals: what a printed number can mean, and what follows from it in sums, products and ratios.

All arithmetic is on `fractions.Fraction`, so nothing is rounded before a comparison and integers above 2**53 keep every digit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral, Rational, Real

from cityresearch.errors import ClaimError

__all__ = ["Interval", "exact", "plain", "round_to"]


def exact(value: object) -> Fraction:
    """Turn a number into a fraction without losing a digit.

    Parameters
    ----------
    value : int, float, Decimal, Fraction, str or a NumPy scalar
        Floats mean the shortest decimal that prints them, so 0.1 is one tenth.

    Raises
    ------
    ClaimError
        If the value is not a finite number.

    Examples
    --------
    >>> exact(0.1), exact("59.6e9")
    (Fraction(1, 10), Fraction(59600000000, 1))
    """
    if type(value) is Fraction:  # most are, and looking for the kind of a number takes longer than to compute with it
        return value
    try:
        if isinstance(value, bool):
            raise TypeError
        if isinstance(value, Integral):
            return Fraction(int(value))
        if isinstance(value, Rational):
            return Fraction(value)
        if isinstance(value, Decimal):
            return Fraction(value)
        if isinstance(value, Real):
            if not math.isfinite(value):
                raise ValueError
            return Fraction(Decimal(repr(float(value))))
        return Fraction(Decimal(str(value).strip()))
    except (TypeError, ValueError, OverflowError, InvalidOperation):
        raise ClaimError(f"Expected a finite number, found {value!r}.") from None


@dataclass(frozen=True, slots=True, repr=False)
class Interval:
    """All numbers from `low` to `high`; each end belongs to it or not."""

    low: Fraction
    high: Fraction
    has_low: bool = True
    has_high: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", exact(self.low))
        object.__setattr__(self, "high", exact(self.high))
        if self.low > self.high or (self.low == self.high and not (self.has_low and self.has_high)):
            raise ClaimError(f"An interval needs low <= high and a number between, found {self}.")

    @classmethod
    def point(cls, value: object) -> Interval:
        """The interval that holds one number."""
        return cls(exact(value), exact(value))

    @classmethod
    def around(cls, value: object, precision: object) -> Interval:
        """All numbers that round to `value` at `precision`, halves away from zero.

        Examples
        --------
        >>> str(Interval.around("59.6", "0.1"))
        '[59.55, 59.65)'
        >>> 23.5 in Interval.around(23, 1), 22.5 in Interval.around(23, 1)
        (False, True)
        """
        center, half = exact(value), exact(precision) / 2
        if half <= 0:
            raise ClaimError(f"A precision must be above zero, found {precision!r}.")
        return cls(center - half, center + half, has_low=center > 0, has_high=center < 0)

    @property
    def is_point(self) -> bool:
        """Whether it holds a single number."""
        return self.low == self.high

    def __contains__(self, value: object) -> bool:
        x = exact(value)
        return (x > self.low or (self.has_low and x == self.low)) and (
            x < self.high or (self.has_high and x == self.high)
        )

    def overlaps(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        first, second = sorted((self, other), key=lambda i: (i.low, not i.has_low))
        return second.low < first.high or (second.low == first.high and second.has_low and first.has_high)

    def lies_above(self, other: Interval) -> bool:
        """Whether every number of it exceeds every number of the other."""
        return self.low >= other.high and not self.overlaps(other)

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.has_low and other.has_low,
            self.has_high and other.has_high,
        )

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.has_high, self.has_low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        corners = [
            (a * b, in_a and in_b)
            for a, in_a in ((self.low, self.has_low), (self.high, self.has_high))
            for b, in_b in ((other.low, other.has_low), (other.high, other.has_high))
        ]
        low, high = min(c[0] for c in corners), max(c[0] for c in corners)
        return Interval(
            low,
            high,
            any(closed for x, closed in corners if x == low),
            any(closed for x, closed in corners if x == high),
        )

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise ClaimError(f"Cannot divide by {other}, which holds or touches zero.")
        return self * Interval(1 / other.high, 1 / other.low, other.has_high, other.has_low)

    def __repr__(self) -> str:
        return f"Interval {self}"

    def __str__(self) -> str:
        left, right = "[" if self.has_low else "(", "]" if self.has_high else ")"
        return f"{left}{plain(self.low)}, {plain(self.high)}{right}"


def plain(value: object, digits: int = 6) -> str:
    """Write a number with thousands separators and no trailing zeros.

    Examples
    --------
    >>> plain(141_004_904_245), plain("59.650"), plain(1 / 3, digits=3)
    ('141,004,904,245', '59.65', '0.333')
    """
    x = exact(value)
    if x.denominator == 1:
        return f"{x.numerator:,}"
    whole = round(x * 10**digits)
    sign, whole = "-" if whole < 0 else "", abs(whole)
    integer, rest = divmod(whole, 10**digits)
    tail = f"{rest:0{digits}d}".rstrip("0")
    return f"{sign}{integer:,}" + (f".{tail}" if tail else "")


def round_to(value: object, precision: object) -> Fraction:
    """Round to a multiple of `precision`, halves away from zero.

    Examples
    --------
    >>> round_to(59_561_594_613, 100_000_000)
    Fraction(59600000000, 1)
    """
    x, p = exact(value), exact(precision)
    steps = abs(x) / p
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (whole if x >= 0 else -whole) * p
