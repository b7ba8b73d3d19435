"""The rules of agreement: when a computed number agrees with a printed one.

One module, no global tolerance: the printed digits and the wording set the interval (`printed.accepted`), and exact arithmetic
does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cityresearch.numbers.intervals import Interval, exact, plain, round_to
from cityresearch.numbers.printed import WORDING, PrintedNumber, accepted

__all__ = ["WHOLE", "Agreement", "bound_in_words", "compare", "exactly", "in_words"]

WHOLE = (
    "count",
    "rank",
    "people",
    "companies",
    "days",
    "year",
)  # compared as whole numbers, so a distance from an edge says nothing
SIZES = ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"))
EXACT = 13  # digits enough for every printed number and the ends of its range
BOUND_ONLY = {"gt": "lower", "ge": "lower", "lt": "upper", "le": "upper"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a computed number compares with a printed one.

    `agrees` follows the wording; `bound` is "lower" or "upper" where the number only respects the printed one as a bound;
    `difference` is the computed number minus the printed one; `words` says it in a sentence.
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
        _words(x, middle, reach, agrees, bound, printed, relation, rounded),
    )


def _words(x, middle, reach, agrees, bound, printed, relation, rounded) -> str:
    shown = _on_its_side(middle, printed.unit, reach)
    as_said = exactly(printed.value, printed.unit)
    if agrees and (middle == printed.value or shown == as_said):
        return f"{shown}, the printed number"
    if agrees and middle in reach and relation == "eq" and rounded == printed.value:
        return f"{shown}, which rounds to the printed {as_said}"
    covers = f"what '{WORDING[relation]}{as_said}' covers ({_range(reach, printed.unit)})"
    if agrees and middle in reach:
        return f"{shown}, which is within {covers}"
    if agrees:
        return f"{shown}, which can mean {_range(x, printed.unit)} and so overlaps {covers}"
    tail = f"; it agrees only as {bound_in_words(bound)}" if bound else ""
    if printed.unit in WHOLE and reach == printed.interval:
        return f"{shown}, where the document prints {as_said}{tail}"
    side = "above" if middle > (reach.low + reach.high) / 2 else "below"
    gap = abs(middle - (reach.high if side == "above" else reach.low))
    if gap == 0:
        return f"{shown}, which is exactly the end of {covers} and not part of it{tail}"
    # the distance between two percentages is in points
    gap = (
        f"{plain(gap, 1) if gap >= Fraction(1, 20) else plain(gap, 3)} points"
        if printed.unit == "percent"
        else in_words(gap, printed.unit, 3, 3)
    )
    return f"{shown}, which is {gap} {side} {covers}{tail}"


def bound_in_words(bound: str) -> str:
    """Return "an upper bound" or "a lower bound"."""
    return f"{'an' if bound == 'upper' else 'a'} {bound} bound"


def _range(interval: Interval, unit: str) -> str:
    low, high = (exactly(end, unit) for end in (interval.low, interval.high))
    # a unit that is a word is said once
    return f"{low.removesuffix(f' {unit}')} to {high}"


def _on_its_side(x: Fraction, unit: str, reach: Interval) -> str:
    """Write a number with as many digits as show on which side of a range it is, and at least four."""
    for digits in range(4, EXACT):
        number, size, _ = _shortened(x, digits, digits)
        if _side(number * size, reach) == _side(x, reach):
            return in_words(x, unit, digits, digits)
    return exactly(x, unit)


def _side(x: Fraction, reach: Interval) -> tuple[bool, bool]:
    return x in reach, x > (reach.low + reach.high) / 2


def in_words(value: object, unit: str = "", digits: int = 4, significant: int = 4) -> str:
    """Write an amount as a reader says it: 59,561,594,613 USD is $59.56 billion.

    Whole numbers below one million are written out. Others get million, billion or trillion where they are large, and are cut to
    `digits` - 1 decimals and to `significant` digits.

    Examples
    --------
    >>> in_words(141_504_904_245, "USD"), in_words(11, "count"), in_words("38.9", "percent"), in_words(2024, "year")
    ('$141.5 billion', '11', '38.9%', '2024')
    """
    x = exact(value)
    if unit == "year":
        return str(x) if x.denominator == 1 else plain(x, 2)
    number, _, word = _shortened(abs(x), digits, significant)
    sign = "-" if x < 0 and number else ""
    text = plain(number, EXACT) + word
    match unit:
        case "USD":
            return f"{sign}${text}"
        case "percent":
            return f"{sign}{text}%"
        case "" | "count" | "rank" | "ratio":
            return sign + text
    return f"{sign}{text} {unit}"


def exactly(value: object, unit: str = "") -> str:
    """Write an amount in words with all its digits, as for a printed number or the end of what its wording covers.

    Examples
    --------
    >>> exactly("59.6e9", "USD"), exactly(14_874_500, "jobs")
    ('$59.6 billion', '14.8745 million jobs')
    """
    return in_words(value, unit, EXACT, EXACT)


def _shortened(x: Fraction, digits: int, significant: int) -> tuple[Fraction, int, str]:
    """Return the number that is written for an amount, the size that it is multiplied with, and the word for that size."""
    size, word = next(((size, word) for size, word in SIZES if abs(x) >= size), (1, ""))
    if size == 1 and x.denominator == 1:
        return x, 1, ""
    places = max(0, min(digits - 1, significant - len(str(abs(x) // size))))
    return Fraction(round(x / size * 10**places), 10**places), size, word
