"""Which sources something rests on, for the source line of a figure and the sources of a reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from cityresearch.errors import ParameterError
from cityresearch.numbers.quantity import Fact, Missing, Quantity, unique

__all__ = ["sources"]


def sources(*things: object) -> tuple[str, ...]:
    """Return the source ids of whatever is given, each once, in the order of first appearance.

    Parameters
    ----------
    *things : Quantity, Fact, Missing, DataFrame, Series, str, mapping, or an iterable of these
        Of a frame, the column or index level `source_id`, or `sources`; a cell may name several, separated by semicolons. Of a mapping,
        its values. A missing value rests on what it names, if anything.

    Raises
    ------
    ParameterError
        If something has no sources, for instance a bare number, or a frame has no such column.

    Examples
    --------
    >>> sources("ita_metro", Quantity(1, sources=("census", "ita_metro")), ["bea;census"])
    ('ita_metro', 'census', 'bea')
    """
    return unique(source for thing in things for source in _of(thing))


def _of(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield from filter(None, (part.strip() for part in thing.split(";")))
    elif isinstance(thing, Quantity | Fact | Missing):
        yield from thing.sources
    elif isinstance(thing, pd.DataFrame):
        yield from _of(_column(thing))
    elif isinstance(thing, pd.Series):
        cells = thing.dropna()
        yield from sources(*(cells.unique() if isinstance(cells.dtype, pd.StringDtype) else cells))
    elif isinstance(thing, Mapping):
        yield from sources(*thing.values())
    elif isinstance(thing, Iterable):
        yield from sources(*thing)
    elif not pd.isna(thing):
        raise ParameterError(
            f"{thing!r} has no sources: give quantities, tables with a column source_id, or source ids."
        )


def _column(frame: pd.DataFrame) -> pd.Series:
    for name in ("source_id", "sources"):
        if name in frame.columns:
            return frame[name]
        if name in frame.index.names:
            return frame.index.get_level_values(name).to_series()
    raise ParameterError(
        f"The table has no column source_id or sources, only {', '.join(map(str, frame.columns))}: "
        "keep one of them when you select columns."
    )
