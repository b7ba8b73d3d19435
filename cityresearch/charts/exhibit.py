"""Exhibits: figures with a name, which a chapter draws from measured tables on one line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from cityresearch.arguments import checked_arguments
from cityresearch.charts import style
from cityresearch.errors import ClaimError
from cityresearch.numbers.quantity import Missing

if TYPE_CHECKING:
    from cityresearch.charts.chart import Chart

__all__ = ["UNDRAWN", "Undrawn", "checked_name", "draws", "exhibit"]
UNDRAWN = {"CITYRESEARCH_FIGURES": "none"}
Given = ParamSpec("Given")


@dataclass(frozen=True, slots=True)
class Undrawn:
    """In place of a figure where a sweep is run for its numbers."""

    name: str


def draws() -> bool:
    """Say whether figures are drawn in this process: a sweep over many places is run for its numbers."""
    return not os.environ.items() >= UNDRAWN.items()


def exhibit(name: str) -> Callable[[Callable[Given, Chart | Missing]], Callable[Given, Chart | Missing | Undrawn]]:
    """Give the figure that a function draws its name, and draw nothing where the environment says so.

    The function takes measured tables and, as `**words`, whatever a researcher wants said in other words (title, subtitle, alt, caption,
    note); it returns a Chart, or `cr.missing(...)` where this place or year has nothing to draw. Its arguments are checked as those of a
    measure (`arguments.checked_arguments`).

    Parameters
    ----------
    name : str
        Of the figure's files: lower case, digits and hyphens.

    Raises
    ------
    ClaimError
        If the name has other characters.
    """
    checked_name(name)

    def named(function: Callable[Given, Chart | Missing]) -> Callable[Given, Chart | Missing | Undrawn]:
        draw = checked_arguments(function)

        @wraps(function)
        def shown(*tables: Given.args, **words: Given.kwargs) -> Chart | Missing | Undrawn:
            if not draws():
                return Undrawn(name)
            made = draw(*tables, **words)
            if isinstance(made, Missing):
                return made
            wide, asked = made.figure.get_figwidth(), style.width()
            if wide > asked:
                made = _roomier(lambda: draw(*tables, **words), made, ((wide + asked) / 2, wide))
            return replace(made, name=name)

        return shown

    return named


def _roomier(draw: Callable[[], Chart], made: Chart, widths: Sequence[float]) -> Chart:
    """Draw what was too tall for its proportion, and so was made wider, for such widths, and return what needs the least.

    Names of bars that wrap no longer make a figure less tall. A map is as tall as it is wide, and would only grow.
    """
    tried = [made]
    for width in widths:
        with style.drawn_at(width):
            tried.append(draw())
    return min(reversed(tried), key=lambda chart: round(chart.figure.get_figwidth(), 3))


def checked_name(name: str) -> str:
    """Return a figure's name, which names its files.

    Raises
    ------
    ClaimError
        If it is not lower case letters, digits and hyphens.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        near = "-".join(re.findall(r"[a-z0-9]+", str(name).lower())) if isinstance(name, str) else ""
        instead = f": use {near!r}" if near else ""
        raise ClaimError(
            f"A figure's name is lower case letters, digits and hyphens, found {str(name)[:60]!r}{instead}."
        )
    return name
