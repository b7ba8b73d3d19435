"""Recording: the data package learns of a table that a person changed or wrote, after every cell was checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.datasets.catalog import Dataset, dataset, dataset_of, datasets
from cityresearch.datasets.ledger_tables import ledger_tables
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.proposal import Said, proposed
from cityresearch.datasets.store import store_table
from cityresearch.datasets.text_tables import Row, cell_faults, header_of, joined, reference_faults, rows_of
from cityresearch.errors import DataError
from cityresearch.phrases import many
from cityresearch.suggestions import hint

__all__ = ["NewTable", "new_table", "record_changed", "record_new", "recorded_name"]


def recorded_name(name_or_file: str) -> str:
    """Return the dataset that a name or a path means, or an empty text for a file that no dataset has yet.

    Raises
    ------
    DataError
        If it is neither a dataset nor a file.
    """
    if name_or_file in datasets():
        return name_or_file
    for path in (Path(name_or_file), paths.raw() / name_or_file):
        if path.is_file():
            # a table of the ledger has its schema already, also where the project did without it up to now
            every = dict.fromkeys((*datasets(), *ledger_tables()))
            same = (name for name in every if dataset(name).path.resolve() == path.resolve())
            return next(same, "")
    otherwise = "name a dataset, or a CSV file below data/raw"
    raise DataError(f"{name_or_file} is neither a dataset nor a file{hint(name_or_file, datasets(), otherwise)}")


def record_changed(name: str, *, fewer: bool = False, title: str = "", description: str = "") -> str:
    """Check a dataset's file as it is now and record its checksum, size and rows; return what changed, in a sentence.

    Parameters
    ----------
    fewer : bool
        Whether it may have fewer rows than were recorded.
    title, description : str
        What the data package says of the table, where that is to change too.

    Raises
    ------
    DataError
        If a cell breaks the schema, a row names a record that is not there, or rows are gone; nothing is recorded then.
    """
    record = dataset(name)
    content = _read(record.path)
    rows = rows_of(content, record.path, [field.name for field in record.fields])
    _refuse_faults(rows, record)
    if len(rows) < record.rows and not fewer:
        raise DataError(
            f"{record.path} has {many(len(rows), 'row')}, {record.rows:,} were recorded: bring the lost rows back, or say that fewer are meant "
            "with --fewer-rows."
        )
    words = {key: text for key, text in (("title", title), ("description", description)) if text}
    store_table(name, content, describe={"expected": _expected(rows, record), **words})
    before = f"{record.rows:,} before" if len(rows) != record.rows else "as before"
    return f"Recorded: {name}, {many(len(rows), 'row')} ({before}), {len(content):,} bytes."


def _expected(rows: list[Row], record: Dataset) -> dict[str, Any]:
    """Return what a later import must find again, with the span of the column that the record watches, if it does."""
    column = record.expected.column
    values = sorted({row[column] for row in rows if row[column]}) if column else []
    span = {"column": column, "first": values[0], "last": values[-1], "distinct": len(values)} if values else {}
    return {"rows": len(rows), **span}


@dataclass(frozen=True, slots=True)
class NewTable:
    """A file that no dataset has yet: its name, its path below data/raw, its bytes, columns and rows."""

    name: str
    path: str
    content: bytes
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def resource(self, said: Said) -> dict[str, Any]:
        """Return the description that is proposed; see `proposal.proposed`."""
        return proposed(self.name, self.path, self.rows, self.columns, said)


def new_table(file: str) -> NewTable:
    """Read a table to be described.

    Raises
    ------
    DataError
        If it is not below data/raw, its name is taken, or its layout is damaged.
    """
    path = next((p for p in (Path(file), paths.raw() / file) if p.is_file()), Path(file)).resolve()
    folder = paths.raw().resolve()
    if not path.is_relative_to(folder):
        raise DataError(f"{file} is not below {folder}: move it there first, since a dataset is a file of data/raw.")
    name = path.stem.lower().replace("-", "_").replace(" ", "_")
    if path.suffix != ".csv":
        raise DataError(f"{file} is not a CSV file: save the table as CSV in UTF-8 with a header row.")
    if name in datasets():
        raise DataError(
            f"{file} would be the dataset {name}, which is {datasets()[name].path}: give the file another name."
        )
    content = _read(path)
    columns = header_of(content, path)
    rows = rows_of(content, path, columns)
    return NewTable(name, path.relative_to(folder).as_posix(), content, tuple(columns), tuple(rows))


def record_new(table: NewTable, resource: dict[str, Any]) -> str:
    """Check a new table against its description and record both; return that in a sentence.

    Raises
    ------
    DataError
        If the description lacks a title or a description, a cell does not suit it, or a row names a record that is not there.
    """
    lacking = [key for key in ("title", "description") if not resource[key].strip()]
    if lacking:
        raise DataError(
            f"{table.path} needs {' and '.join(f'a {key}' for key in lacking)}: give --{' and --'.join(lacking)}."
        )
    record = dataset_of({**resource, "hash": "", "rows": 0}, paths.raw())
    _refuse_faults(list(table.rows), record)
    store_table(table.name, table.content, new=resource)
    return f"Recorded: {table.name}, a new dataset with {many(len(table.rows), 'row')}, {len(table.content):,} bytes."


def _refuse_faults(rows: list[Row], record: Dataset) -> None:
    faults = list(cell_faults(rows, record))
    wanted = {(target, key) for _, target, key in record.foreign_keys}
    own = {(record.name, key) for target, key in wanted if target == record.name}
    known = {pair: {row[pair[1]] for row in rows} for pair in own}
    known |= {(t, key): {row[key] for row in text_rows(t)} for t, key in wanted - own if t in datasets()}
    faults += reference_faults(rows, record, known)
    if faults:
        raise DataError(joined(faults))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): restore it.") from None
