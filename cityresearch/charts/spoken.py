"""What is said in place of a figure: a short alt text that begins with the message, and a long description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cityresearch.charts.words import Words

__all__ = ["LONGEST_ALT", "description", "percent_in_words", "short_alt"]

LONGEST_ALT = 250  # characters: longer ones are read out without a pause, and publishers cut them


def short_alt(words: Words) -> str:
    """Return the alt text of a figure, at most 250 characters: its own, or its title with as much of a long one as there is room for.

    Examples
    --------
    >>> from cityresearch.charts.words import Words
    >>> short_alt(Words("Exports fell", alt="Two lines, both falling."))
    'Two lines, both falling.'
    >>> short_alt(Words("Exports fell", alt="Two lines. " + "Values: 1, 2, 3. " * 20))[:50]
    'Exports fell. Two lines. Values: 1, 2, 3. Values: '
    """
    if words.alt and len(words.alt) <= LONGEST_ALT:
        return words.alt
    told = _cut(words.title if words.title.endswith((".", "?", "!")) else f"{words.title}.")
    for sentence in re.split(r"(?<=[.?!])\s+", words.alt):
        if len(told) + 1 + len(sentence) > LONGEST_ALT:
            break
        if sentence.rstrip(".") != words.title:
            told = f"{told} {sentence}".strip()
    return told


def percent_in_words(text: str) -> str:
    """Return a text with percentages as all figures write them.

    Examples
    --------
    >>> percent_in_words("about 5%, then 33.3%.")
    'about 5 percent, then 33.3 percent.'
    """
    return re.sub(r"(?<=\d)\s?%", " percent", text)


def description(words: Words) -> str:
    """Return the long description of a figure: its own, or else its alt text, however long."""
    return words.description or words.alt or short_alt(words)


def _cut(text: str) -> str:
    if len(text) <= LONGEST_ALT:
        return text
    return text[: LONGEST_ALT - 1].rpartition(" ")[0].rstrip(",;:") + "…"
