"""Copying: the longest run of words that a statement has in common with a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["MOST_WORDS", "copied", "words_of"]

MOST_WORDS = 8  # consecutive words that a paraphrase may share with its sentence: a title, a list of names


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, without marks."""
    return re.findall(r"[^\W_]+(?:[.,]\d+)*", text.replace("’", "'").replace("'", "").lower())


def copied(statement: str, text: Sequence[str], most: int = MOST_WORDS) -> str:
    """Return the longest run of words that a statement copies from a text, if it is longer than allowed; else an empty text.

    Parameters
    ----------
    statement : str
    text : sequence of str
        The words of the text, see `words_of`.
    most : int
        The longest run that is allowed, in words.

    Examples
    --------
    >>> copied("It says that one two three four here", words_of("Nobody has one, two, three, four."), most=3)
    'one two three four'
    """
    words = words_of(statement)
    best = ""
    for start in range(len(words) - most):
        for size in range(len(words) - start, most, -1):
            if size > len(best.split()) and _within(words[start : start + size], text):
                best = " ".join(words[start : start + size])
                break
    return best


def _within(run: Sequence[str], text: Sequence[str]) -> bool:
    return f" {' '.join(run)} " in f" {' '.join(text)} "
