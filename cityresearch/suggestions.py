"""Suggestions: what a person most probably meant by a name that is not known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

__all__ = ["hint", "nearest"]


def nearest(text: object, known: Iterable[str]) -> str:
    """Return the known name that a text most probably means, or nothing.

    The same letters and digits in another case or with other marks between them come first, then a name that begins
    with the text as whole words (the first such name in the given order), then the title of an area with one of whose
    cities the text begins, then the name, or the city of a title, that is spelled most alike.

    Examples
    --------
    >>> nearest("c027", ["M027", "C027"]), nearest("3-ports", ["02-state-exports", "03-ports"])
    ('C027', '03-ports')
    >>> nearest("Los Angeles", ["Los Alamos, NM", "Los Angeles-Long Beach-Anaheim, CA"])
    'Los Angeles-Long Beach-Anaheim, CA'
    >>> nearest("Huston, TX", ["Hudson, NY", "Houston-Pasadena-The Woodlands, TX"])
    'Houston-Pasadena-The Woodlands, TX'
    >>> nearest("Salinas Valley", ["Salinas, CA"]), nearest("Bay Area", ["Houma-Bayou Cane-Thibodaux, LA"])
    ('Salinas, CA', '')
    """
    names = list(known)
    wanted = _plain(text)
    if not wanted:
        return ""
    plain = [_plain(name) for name in names]
    for fits in (
        lambda name: name == wanted,
        lambda name: name.replace(" ", "") == wanted.replace(" ", ""),
        lambda name: name.startswith(f"{wanted} "),
    ):
        found = next((name for name, short in zip(names, plain, strict=True) if fits(short)), "")
        if found:
            return found
    cities = [(short, name) for name in names for short in _cities(name)]
    for short, name in cities:
        if wanted.startswith(f"{short} "):
            return name
    # the last of several equal names wins a dictionary, and the first is wanted
    by_plain = dict(reversed([*zip(plain, names, strict=True), *cities]))
    # a few letters are alike in many cities, and all titles of one state are alike in its letters
    cutoff = 0.8 if "," in str(text) else 0.75 if cities else 0.6
    close = difflib.get_close_matches(wanted, by_plain, n=1, cutoff=cutoff)
    return by_plain[close[0]] if close else ""


def hint(text: object, known: Iterable[str], otherwise: str = "") -> str:
    """Return ": did you mean X?" for the end of a sentence, or the other ending, or a full stop."""
    near = nearest(text, known)
    return f": did you mean {near}?" if near else (f": {otherwise}." if otherwise else ".")


def _cities(name: str) -> list[str]:
    """Return the cities of an area's title, each with and without the states: houston tx, houston, pasadena tx."""
    cities, comma, states = name.rpartition(", ")
    named = cities.split("-") if comma else []
    return [_plain(short) for city in named for short in (f"{city}, {states}", city)]


def _plain(text: object) -> str:
    """Return a text in lower case with one space between its words and without leading zeros of numbers."""
    words = re.findall(r"[^\W\d_]+|\d+", str(text).casefold())
    return " ".join(word.lstrip("0") or word for word in words)
