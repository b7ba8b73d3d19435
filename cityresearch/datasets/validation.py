"""Validation of the whole package: every table against its schema, quickly and without pandas."""

from __future__ import annotations

from cityresearch.datasets.catalog import dataset, datasets
from cityresearch.datasets.load import read_recorded
from cityresearch.datasets.text_tables import Fault, cell_faults, joined, reference_faults, rows_of
from cityresearch.errors import DataError

__all__ = ["refuse_faults", "schema_faults"]


def schema_faults(*, references: bool = True) -> list[Fault]:
    """Return every fault of every dataset against its schema, also of the tables that are read as text, within a second or two.

    Layout, types, constraints, keys that occur twice and, unless left out, references without a record. A table whose layout is damaged, or that is not
    the recorded file, is one fault of row 0.
    """
    faults: list[Fault] = []
    rows: dict[str, list[dict[str, str]]] = {}
    for name, record in datasets().items():
        try:
            rows[name] = rows_of(read_recorded(record), record.path, [field.name for field in record.fields])
        except DataError as error:
            faults.append(Fault(name, record.path, 0, "", str(error), "the table that the data package describes"))
    wanted = {(target, key) for name in rows for _, target, key in dataset(name).foreign_keys if target in rows}
    known = {(target, key): {row[key] for row in rows[target]} for target, key in wanted}
    for name, table in rows.items():
        record = dataset(name)
        faults += cell_faults(table, record)
        if references:
            faults += reference_faults(table, record, known)
    return faults


def refuse_faults() -> None:
    """Refuse tables that break their schema; references are asked by a check of their own.

    Raises
    ------
    DataError
        With the faults of every table, twenty at the most.
    """
    if faults := schema_faults(references=False):
        raise DataError(joined(faults))
