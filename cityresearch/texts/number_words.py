"""Number words of English: cardinals, ordinals, fractions, and the vague ones whose reach no digit tells."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["CARDINAL", "FRACTIONS", "ORDINAL", "ORDINALS", "SCALES", "VAGUE", "cardinal"]

UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = {word: n for n, word in enumerate(UNITS)} | {word: 10 * n for n, word in enumerate(TENS, start=2)}
SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
ORDINALS = dict(zip(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"], range(1, 21), strict=True))  # fmt: skip
FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
# the number by which a plural counts
VAGUE = {"dozens": 12, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9, "decades": 10}

_small = "|".join(sorted((w for w in SMALL if w != "zero"), key=len, reverse=True))
_scale = "|".join(SCALES)
# "one" alone is a pronoun more often than a number, so it counts only before a scale
CARDINAL = (
    rf"(?:(?:an?|half\s+an?|(?:{_small})(?:[- ](?:{_small}))?)[- ](?:{_scale})(?:s\b(?!\s+of))?(?:[- ](?:and\s+)?(?:{_small}|{_scale}))*"
    rf"|(?!one\b)(?:{_small})(?:-(?:{_small}))?)"
)
ORDINAL = rf"(?:(?:{'|'.join(TENS)})-)?(?:{'|'.join(ORDINALS)})"


def cardinal(text: str) -> tuple[Fraction, int]:
    """Return the value of a number in words, and the size of the last digit that it gives.

    Examples
    --------
    >>> [tuple(map(str, cardinal(t))) for t in ("seventeen", "one hundred", "two hundred and fifty", "half a million", "two dozen")]
    [('17', '1'), ('100', '100'), ('250', '1'), ('500000', '500000'), ('24', '12')]
    """
    total, part, size = Fraction(0), Fraction(0), 1
    for word in text.lower().replace("-", " ").split():
        word = word.removesuffix("s") if word.removesuffix("s") in SCALES else word
        if word in SMALL:
            part, size = part + SMALL[word], 1
        elif word in ("a", "an"):
            part = part or Fraction(1)
        elif word == "half":
            part = Fraction(1, 2)
        elif word in SCALES:
            part = (part or 1) * SCALES[word]
            size = int(part) if part < SCALES[word] else SCALES[word]
            if SCALES[word] >= 1000:
                total, part = total + part, Fraction(0)
    return total + part, size
