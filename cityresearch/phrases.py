"""Small parts of sentences: a list of names, a number with its noun, a capital letter, a text in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["capitalized", "in_markdown", "listed", "many", "so_many"]

MARKS = re.compile(r"([\\`*_<>\[\]|~])")


def capitalized(text: str) -> str:
    """Return a text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them; an empty text for none.

    Examples
    --------
    >>> listed(["Fresno"]), listed(["Fresno", "Chico", "Napa"])
    ('Fresno', 'Fresno, Chico and Napa')
    """
    *most, last = [*names] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def many(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> many(1, "country", "countries"), many(0, "trip"), many(1200, "row")
    ('1 country', '0 trips', '1,200 rows')
    """
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def so_many(number: int, things: str) -> str:
    """Return a number with things that are named in the plural, whose first word in s is their noun.

    Examples
    --------
    >>> so_many(1200, "rows of other states left out"), so_many(1, "annual averages left out")
    ('1,200 rows of other states left out', '1 annual average left out')
    """
    named = re.sub(r"([a-z]+)s\b", r"\1", things, count=1) if number == 1 else things
    return f"{number:,} {named}"


def in_markdown(text: str) -> str:
    """Return a text with every character that Markdown would take for a mark written out.

    Examples
    --------
    >>> in_markdown("2 * 3 | $5").split(chr(92))
    ['2 ', '* 3 ', '| $5']
    """
    return MARKS.sub(r"\\\1", text)
