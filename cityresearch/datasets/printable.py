"""Printable text: what a server or a file says, made safe for a terminal and for one line of a message."""

from __future__ import annotations

import re

__all__ = ["INVISIBLE", "one_line", "printable", "quoted"]

# escape sequences of terminals (CSI, OSC, and the two-character ones), in their seven-bit and eight-bit forms
ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -~]?"
)
# controls, and characters that are invisible or turn the direction of writing, so that a line reads other than it is
INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]"
)
LONGEST_QUOTE = 80  # characters of a file that a message quotes
LONGEST_MESSAGE = 4_000


def printable(text: str) -> str:
    """Return text without terminal escapes, control characters and invisible ones; newlines between sentences stay.

    Examples
    --------
    >>> printable("Not\\x1b[31m Found\\x07\\u202e")
    'Not Found'
    """
    shown = INVISIBLE.sub("", ESCAPES.sub("", text)).replace("\t", " ").replace("\r", " ")
    return shown if len(shown) <= LONGEST_MESSAGE else f"{shown[:LONGEST_MESSAGE]}..."


def one_line(text: str) -> str:
    """Return text as one printable line."""
    return " ".join(printable(text).split())


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Return text between quotation marks, what a terminal would act on escaped, and long text cut."""
    return repr(text if len(text) <= longest else f"{text[:longest]}...")
