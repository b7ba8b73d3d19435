"""The rules of agreement: when a computed number agrees with a printed one.

One module, no global tolerance: the printed digits and the wording set the interval (`printed.accepted`), and exact arithmetic
does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cityresearch.numbers.intervals import Interval, exact, plain, round_to
from cityresearch.numbers.printed import PrintedNumber, accepted

__all__ = ["WHOLE", "Agreement", "bound_in_words", "compare", "in_words"]

WHOLE = (
    "count",
    "rank",
    "people",
    "companies",
    "days",
    "year",
)  # compared as whole numbers, so a distance from an edge says nothing
BOUND_ONLY = {"gt": "lower", "ge": "lower", "lt": "upper", "le": "upper"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a computed number stands to a printed one.

    `agrees` follows the wording; `bound` is "lower" or "upper" where the number only respects the printed one as a bound;
    `difference` is computed less printed; `words` says it in a sentence.
    """

    agrees: bool
    bound: str
    accepted: Interval
    difference: Fraction
    rounds_to: Fraction
    words: str


def compare(computed: object, printed: PrintedNumber, relation: str, *, central: object = None) -> Agreement:
    """Compare a computed number or interval with a printed number under its wording.

    Parameters
    ----------
    computed : number or Interval
        An interval where the number was itself rounded by its source.
    printed : PrintedNumber
    relation : {"eq", "approx", "nearly", "gt", "ge", "lt", "le"}
    central : number, optional
        The number to name in the sentence where an interval is compared; its middle if left out.

    Returns
    -------
    Agreement

    Examples
    --------
    >>> compare(59_561_594_613, PrintedNumber("59.6e9", "0.1e9", "USD"), "eq").agrees
    True
    >>> result = compare(180_258_319_297, PrintedNumber("141e9", "1e9", "USD"), "gt")
    >>> result.agrees, result.bound
    (False, 'lower')
    """
    x = computed if isinstance(computed, Interval) else Interval.point(computed)
    middle = (x.low + x.high) / 2 if central is None else exact(central)
    reach = accepted(printed, relation)
    agrees = x.overlaps(reach)
    bound = ""
    if not agrees and relation in BOUND_ONLY:
        beyond = x.lies_above(reach) if BOUND_ONLY[relation] == "lower" else reach.lies_above(x)
        bound = BOUND_ONLY[relation] if beyond else ""
    rounded = round_to(middle, printed.precision)
    return Agreement(
        agrees,
        bound,
        reach,
        middle - printed.value,
        rounded,
        _words(x, middle, reach, agrees, bound, printed, rounded),
    )


def _words(x, middle, reach, agrees, bound, printed, rounded) -> str:
    shown = in_words(middle, printed.unit)
    if agrees:
        if middle == printed.value:
            return f"{shown}, the printed number"
        if middle not in reach:
            return f"{shown} stands for {_range(x, printed.unit, 'a')}, which meets {_range(reach, printed.unit)}"
        how = f"rounds to {in_words(rounded, printed.unit)} and " if rounded != middle else ""
        return f"{shown} {how}lies within {_range(reach, printed.unit)}"
    side = "above" if middle > (reach.low + reach.high) / 2 else "below"
    if printed.unit in WHOLE and reach == printed.interval:
        return f"{shown}, where the document prints {in_words(printed.value, printed.unit)}" + (
            f"; it respects that as {bound_in_words(bound)}" if bound else ""
        )
    edge = reach.high if side == "above" else reach.low
    gap = abs(middle - edge)
    tail = f"; it respects the printed number as {bound_in_words(bound)}" if bound else ""
    if gap == 0:
        return f"{shown} is the end of {_range(reach, printed.unit)} and no part of it{tail}"
    # the distance between two percentages is in points
    gap = (
        f"{plain(gap, 1) if gap >= Fraction(1, 20) else plain(gap, 3)} points"
        if printed.unit == "percent"
        else in_words(gap, printed.unit)
    )
    return f"{shown} lies {gap} {side} {_range(reach, printed.unit)}{tail}"


def bound_in_words(bound: str) -> str:
    """Return "an upper bound" or "a lower bound"."""
    return f"{'an' if bound == 'upper' else 'a'} {bound} bound"


def _range(interval: Interval, unit: str, article: str = "the") -> str:
    return f"{article} range {in_words(interval.low, '')} to {in_words(interval.high, unit)}"


def in_words(value: object, unit: str = "", digits: int = 4) -> str:
    """Write an amount as a reader says it: 59,561,594,613 USD is 59.562 bn USD.

    Whole numbers below one million are written out; larger ones get million, bn or trillion with up to `digits` - 1 decimals
    (always enough to keep `digits` significant ones).

    Examples
    --------
    >>> in_words(141_004_904_245, "USD"), in_words(11, "count"), in_words("38.9", "percent"), in_words(2024, "year")
    ('141.005 bn USD', '11', '38.9 %', '2024')
    """
    x = exact(value)
    if unit == "year":
        return str(x) if x.denominator == 1 else plain(x, 2)
    suffix = {"": "", "count": "", "rank": "", "percent": " %", "ratio": ""}.get(unit, f" {unit}")
    for size, word in ((10**12, " trillion"), (10**9, " bn"), (10**6, " million")):
        if abs(x) >= size:
            return plain(x / size, digits - 1) + word + suffix
    return plain(x, digits - 1 if abs(x) < 1000 else 0) + suffix
