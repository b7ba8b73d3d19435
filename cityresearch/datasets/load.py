"""Loading: from a CSV of `data/raw` to a frame whose every cell was checked."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cityresearch.datasets.catalog import Dataset, dataset, dataset_with_key
from cityresearch.datasets.text_tables import cell_faults, joined, rows_of
from cityresearch.errors import DataError
from cityresearch.files import version

__all__ = ["ReadingKey", "load", "parse", "read_recorded", "reading_key", "text_rows"]

if TYPE_CHECKING:
    import pandas as pd

ReadingKey = tuple[Path, int, int]


def load(name: str) -> pd.DataFrame:
    """Return a dataset as a validated frame.

    Parameters
    ----------
    name : str
        A name from `cityresearch data list`.

    Returns
    -------
    pandas.DataFrame
        Indexed by the dataset's primary key, in the order of the file; columns, dtypes and units as in its schema
        (integer: int64, or Int64 where values may be missing; number: float64; everything else: string).

    Raises
    ------
    DataError
        If the file is not the one that the data package records, or a cell breaks the schema. Every fault is listed with file, row
        and column; row 1 is the header.
    """
    return _frame(reading_key(name), name).copy(deep=False)


def reading_key(name: str) -> ReadingKey:
    """Return the key under which a reading of a dataset may be cached, and note that its file is read.

    The key changes with the file and with the data package, whose schema says how to read it.

    Raises
    ------
    DataError
        If there is no such dataset, or its file is missing.
    """
    key, record = dataset_with_key(name)
    try:
        return *key, version(record.path)
    except OSError as error:
        if record.absent:
            return *key, 0  # that it was looked for is noted, so that a table that comes later is noticed
        raise _unreadable(record, error) from None


@lru_cache(maxsize=64)
def _frame(_key: ReadingKey, name: str) -> pd.DataFrame:
    record = dataset(name)
    content = read_recorded(record)
    from cityresearch.datasets.schema import validated

    frame = validated(parse(content, record), record)
    return frame.set_index(list(record.primary_key)) if record.primary_key else frame


def read_recorded(record: Dataset) -> bytes:
    """Return the file's bytes after comparing them with the recorded checksum.

    Raises
    ------
    DataError
        If the file is missing or any byte differs.
    """
    if record.absent:
        return (",".join(field.name for field in record.fields) + "\n").encode("utf-8")
    try:
        content = record.path.read_bytes()
    except OSError as error:
        raise _unreadable(record, error) from None
    found = hashlib.sha256(content).hexdigest()
    if found != record.sha256:
        raise DataError(
            f"{record.path} is not the file that data/raw/datapackage.json records (SHA-256 {found[:12]}..., expected "
            f"{record.sha256[:12]}...): restore it with git checkout, or, if the change is meant, record it: cityresearch data record {record.name}."
        )
    return content


def text_rows(name: str) -> list[dict[str, str]]:
    """Read a dataset as rows of text cells that keep to its schema, without pandas, for what must answer at once.

    Raises
    ------
    DataError
        As `load`.
    """
    record = dataset(name)
    rows = rows_of(read_recorded(record), record.path, [field.name for field in record.fields])
    if faults := list(cell_faults(rows, record)):
        raise DataError(joined(faults))
    return rows


def _unreadable(record: Dataset, error: OSError) -> DataError:
    return DataError(f"{record.path} cannot be read ({error.strerror}): restore it with git checkout.")


def parse(content: bytes, record: Dataset) -> pd.DataFrame:
    """Read the bytes of a dataset as text cells, before any conversion.

    Raises
    ------
    DataError
        If the layout is damaged: see `text_tables.rows_of`. pandas' own reader would shift the cells of rows that are too long.
    """
    import pandas as pd

    columns = [field.name for field in record.fields]
    return pd.DataFrame(rows_of(content, record.path, columns), columns=columns, dtype=str)
