"""Distinct values of a column, read without pandas so that parameters are checked at once."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from typing import Any

from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.load import read_recorded


def distinct(name: str, column: str) -> list[Any]:
    """Return the sorted distinct values of a dataset's column, integers as integers, empty cells left out.

    Raises
    ------
    DataError
        If there is no such dataset or column.
    """
    record = dataset(name)
    record.field(column)
    return list(_distinct(record.sha256, name, column))


@lru_cache(maxsize=64)
def _distinct(_version: str, name: str, column: str) -> tuple[Any, ...]:
    record = dataset(name)
    cells = {row[column] for row in csv.DictReader(io.StringIO(read_recorded(record).decode("utf-8")))} - {""}
    return tuple(sorted(map(int, cells) if record.field(column).type == "integer" else cells))
