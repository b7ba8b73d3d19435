"""The words of a figure, apart from its drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from cityresearch.charts.chart import source_line
from cityresearch.errors import ParameterError
from cityresearch.suggestions import hint

__all__ = ["Words"]


@dataclass(frozen=True, slots=True)
class Words:
    """What is written above and below a figure, and what is said in its place.

    Parameters
    ----------
    title : str
        The message.
    subtitle : str
        What is drawn: measure, unit, place, period, and what a reader must know to read it.
    alt : str
        The message and the one or two values that carry it, in at most 250 characters, for readers who cannot see the figure.
    description : str
        Everything that is drawn, in words; most kinds of chart list their values where it is empty.
    caption : str
        For the page.
    sources : iterable of str
        Source ids, from `measures.cited.sources`; the source line under the figure is made from their records.
    note : str
        A sentence before the source line.

    Examples
    --------
    >>> words = Words("Exports fell", sources=["ita_metro"])
    >>> (words | {"title": "Exports fell in 2020"}).title
    'Exports fell in 2020'
    """

    title: str
    subtitle: str = ""
    alt: str = ""
    description: str = ""
    caption: str = ""
    sources: Iterable[str] = ()
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", tuple(self.sources))

    def __or__(self, other: Mapping[str, str]) -> Words:
        """Return these words with some in place of others.

        Raises
        ------
        ParameterError
            If a figure has no words of that name.
        """
        known = [field.name for field in fields(self)]
        for name in other:
            if name not in known:
                raise ParameterError(
                    f"A figure has no words called {name!r}{hint(name, known, 'it has ' + ', '.join(known))}"
                )
        return replace(self, **other)

    def footer(self, most: int = 3, between: str = " ") -> str:
        """Return what stands under the figure: the note and a line of at most `most` sources."""
        line = source_line(self.sources, most=most) if self.sources else ""
        return between.join(filter(None, (self.note, line)))
