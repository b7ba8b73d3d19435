"""The style file `figures/style.toml`: fonts, type sizes, colors, and how numbers and dates are written in all figures.

A project without the file has the values below, and a file says only what it wants otherwise.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import DataError
from cityresearch.files import version
from cityresearch.suggestions import hint

__all__ = ["DEFAULTS", "NAME", "loaded", "note_use", "read"]

NAME = "style.toml"
Style = dict[str, dict[str, object]]

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    # matplotlib brings the family along; a reader of an SVG may lack it, and Verdana is as wide
    "fonts": {"family": "DejaVu Sans", "stand_ins": "Verdana, sans-serif"},
    "sizes": {"title": 9.5, "label": 7.5, "small": 6.5},  # points
    # the first seven are Okabe and Ito's, whose members also differ in lightness
    "colors": {
        "blue": "#0072B2",
        "orange": "#E69F00",
        "green": "#009E73",
        "sky": "#56B4E9",
        "vermilion": "#D55E00",
        "purple": "#CC79A7",
        "ink": "#222222",
        "gray": "#8A8A8A",
        "quiet": "#555555",
        "pale": "#C9D3DB",
        "band": "#F3E3C3",
    },
    # lighter from one to the next by 14 points of 100 or more, so that they differ without color
    "verdicts": {
        "agrees": "#084A75",
        "agrees-if": "#4F9FD6",
        "differs-unless": "#F0B94F",
        "differs": "#C04D00",
        "open": "#E6EBEF",
    },
    "numbers": {"thousands": ",", "decimal": ".", "minus": "\N{MINUS SIGN}"},
    "dates": {"year": "%Y", "month": "%b %Y", "day": "%b %d, %Y"},  # as strftime writes them
}
TEXTS = {"fonts": "the name of a font", "numbers": "one character", "dates": "a date format such as %b %Y"}


def read(path: Path) -> Style:
    """Return the style that a file describes, section by section, with the usual values for what it leaves out.

    Raises
    ------
    DataError
        If the file is no TOML, or has a key or a value that means nothing.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not readable TOML: {error}.") from None
    found: Style = {section: dict(values) for section, values in DEFAULTS.items()}
    for section, values in content.items():
        if section not in found or not isinstance(values, dict):
            raise DataError(
                f"{path} has a section {section!r}{hint(section, found, 'its sections are ' + ', '.join(found))}"
            )
        for key, value in values.items():
            if key not in found[section]:
                known = [*found[section]]
                raise DataError(
                    f"{path}, [{section}]: no {key!r} is known{hint(key, known, 'there are ' + ', '.join(known))}"
                )
            wrong = _fault(section, value)
            if wrong:
                raise DataError(f"{path}, [{section}] {key}: expected {wrong}, found {value!r}.")
            found[section][key] = value
    return found


def _fault(section: str, value: object) -> str:
    """Return what a value should have been; nothing if it is right."""
    if section in ("colors", "verdicts"):
        right = isinstance(value, str) and re.fullmatch("#[0-9A-Fa-f]{6}", value)
        return "" if right else "a color such as #0072B2"
    if section == "sizes":
        right = isinstance(value, int | float) and not isinstance(value, bool) and 4 <= value <= 40
        return "" if right else "a type size of 4 to 40 points"
    right = isinstance(value, str) and value and (section != "numbers" or len(value) == 1)
    return "" if right and (section != "dates" or "%" in value) else TEXTS[section]


def loaded() -> Style:
    """Return the style of the project that this process works in; the usual one outside of any project."""
    try:
        path = paths.figures() / NAME
    except DataError:
        return read(Path(NAME))
    _seen[path] = _when(path)
    return read(path)


_seen: dict[Path, int] = {}


def note_use() -> None:
    """Note that a figure is drawn with the style file, so that a later run knows that it depends on it.

    Raises
    ------
    DataError
        If the file was changed after this process had read it.
    """
    try:
        path = paths.figures() / NAME
    except DataError:
        return
    now = _when(path)
    if _seen.setdefault(path, now) != now:
        raise DataError(f"{path} was changed after this session had read it: restart the kernel to draw with it.")


def _when(path: Path) -> int:
    """Return the time of change of a file, 0 where it is not there."""
    try:
        return version(path)
    except OSError:
        return 0
