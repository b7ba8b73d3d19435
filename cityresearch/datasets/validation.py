"""Validation of the whole package: every table against its schema, quickly and without pandas."""

from __future__ import annotations

from collections.abc import Mapping

from cityresearch.datasets.catalog import dataset, datasets
from cityresearch.datasets.load import read_recorded
from cityresearch.datasets.text_tables import Fault, Row, cell_faults, joined, reference_faults, rows_of
from cityresearch.errors import DataError

__all__ = ["schema_faults", "valid_rows"]


def schema_faults(*, references: bool = True) -> list[Fault]:
    """Return every fault of every dataset against its schema, also of the tables that are read as text, within a second or two.

    Layout, types, constraints, keys that occur twice and, unless left out, references without a record. A table whose layout is damaged, or that is not
    the recorded file, is one fault of row 0.
    """
    rows, faults = _read()
    return faults + _cell_faults(rows, references)


def _read() -> tuple[dict[str, list[Row]], list[Fault]]:
    """Return the rows of every dataset that can be read, and a fault for each other one."""
    faults: list[Fault] = []
    rows: dict[str, list[Row]] = {}
    for name, record in datasets().items():
        try:
            rows[name] = rows_of(read_recorded(record), record.path, [field.name for field in record.fields])
        except DataError as error:
            faults.append(Fault(name, record.path, 0, "", str(error), "the table that the data package describes"))
    return rows, faults


def _cell_faults(rows: Mapping[str, list[Row]], references: bool) -> list[Fault]:
    faults: list[Fault] = []
    wanted = {(target, key) for name in rows for _, target, key in dataset(name).foreign_keys if target in rows}
    known = {(target, key): {row[key] for row in rows[target]} for target, key in wanted}
    for name, table in rows.items():
        record = dataset(name)
        faults += cell_faults(table, record)
        if references:
            faults += reference_faults(table, record, known)
    return faults


def valid_rows() -> dict[str, list[Row]]:
    """Return the rows of every dataset as text cells that keep to its schema; references are asked by a check of their own.

    Raises
    ------
    DataError
        With the faults of every table, twenty at the most.
    """
    rows, faults = _read()
    if faults := faults + _cell_faults(rows, references=False):
        raise DataError(joined(faults))
    return rows
