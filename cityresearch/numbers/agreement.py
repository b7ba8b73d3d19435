"""The rules of agreement: when a computed number agrees with a printed one.

One module, no global tolerance: the printed digits and the wording set the interval (`printed.accepted`), and exact arithmetic
does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cityresearch.numbers.display import MOST_DIGITS, exactly, in_words, shortened
from cityresearch.numbers.intervals import Interval, exact, plain, round_to
from cityresearch.numbers.printed import WORDING, PrintedNumber, accepted

__all__ = ["WHOLE", "Agreement", "bound_in_words", "compare", "exactly", "in_words", "overlap"]

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


def compare(
    computed: object,
    printed: PrintedNumber,
    relation: str,
    *,
    central: object = None,
    reach: Interval | None = None,
    said: str = "",
) -> Agreement:
    """Compare a computed number or interval with a printed number under its wording.

    Parameters
    ----------
    computed : number or Interval
        An interval where the number was itself rounded by its source.
    printed : PrintedNumber
    relation : {"eq", "approx", "nearly", "gt", "ge", "lt", "le"}
    central : number, optional
        The number to name in the sentence where an interval is compared; its middle if left out.
    reach : Interval, optional
        What the wording covers, where not the printed digits decide; by `accepted` if left out.
    said : str, optional
        The wording in the sentence, for instance "thousands"; the relation and the printed number if left out.

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
    reach = accepted(printed, relation) if reach is None else reach
    agrees, bound = overlap(x, reach, relation)
    rounded = round_to(middle, printed.precision)
    return Agreement(
        agrees,
        bound,
        reach,
        middle - printed.value,
        rounded,
        _words(x, middle, reach, agrees, bound, printed, relation, rounded, said),
    )


def overlap(x: Interval, reach: Interval, relation: str) -> tuple[bool, str]:
    """Return whether a number lies in what the wording covers, and if not, whether it respects the printed one as a bound ("lower", "upper", "")."""
    if x.overlaps(reach):
        return True, ""
    bound = BOUND_ONLY.get(relation, "")
    beyond = x.lies_above(reach) if bound == "lower" else reach.lies_above(x)
    return False, bound if bound and beyond else ""


def _words(x, middle, reach, agrees, bound, printed, relation, rounded, said) -> str:
    shown = _on_its_side(middle, printed.unit, reach)
    as_said = exactly(printed.value, printed.unit)
    if agrees and (middle == printed.value or shown == as_said):
        return f"{shown}, the printed number"
    if agrees and middle in reach and relation == "eq" and rounded == printed.value:
        return f"{shown}, which rounds to the printed {as_said}"
    covers = f"what '{said or WORDING[relation] + as_said}' covers ({_range(reach, printed.unit)})"
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
    for digits in range(4, MOST_DIGITS):
        number, size, _ = shortened(x, digits, digits)
        if _side(number * size, reach) == _side(x, reach):
            return in_words(x, unit, digits, digits)
    return exactly(x, unit)


def _side(x: Fraction, reach: Interval) -> tuple[bool, bool]:
    return x in reach, x > (reach.low + reach.high) / 2
