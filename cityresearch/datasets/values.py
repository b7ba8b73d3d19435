"""Distinct values of a column, read without pandas so that parameters are checked at once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.load import ReadingKey, reading_key, text_rows

__all__ = ["distinct"]


def distinct(name: str, column: str, where: tuple[str, str] | None = None) -> list[Any]:
    """Return the sorted distinct values of a dataset's column, integers as integers, empty cells left out.

    Parameters
    ----------
    name, column : str
    where : pair of str, optional
        A column and the value that a row must have there.

    Raises
    ------
    DataError
        If there is no such dataset or column.
    """
    record = dataset(name)
    record.field(column)
    return list(_distinct(reading_key(name), name, column, where))


@lru_cache(maxsize=64)
def _distinct(_key: ReadingKey, name: str, column: str, where: tuple[str, str] | None) -> tuple[Any, ...]:
    record = dataset(name)
    cells = {row[column] for row in text_rows(name) if where is None or row[where[0]] == where[1]} - {""}
    return tuple(sorted(map(int, cells) if record.field(column).type == "integer" else cells))
