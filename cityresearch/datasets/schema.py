"""Schemas: a dataset's fields as a pandera schema, and its faults as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cityresearch.datasets.catalog import Dataset, Field
from cityresearch.datasets.text_tables import INTEGER, KINDS, NUMBER, is_of_type
from cityresearch.errors import DataError

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = ["converted", "validated"]

MOST_FAULTS = 20


def validated(text: pd.DataFrame, record: Dataset, *, places: Sequence[str] | None = None) -> pd.DataFrame:
    """Convert text cells to the schema's types and check every constraint, collecting all faults.

    Parameters
    ----------
    text : pandas.DataFrame
        One string column per field; empty cells are missing values.
    record : Dataset
    places : sequence of str, optional
        Where each row is from, for rows that are not in the dataset's file yet.

    Returns
    -------
    pandas.DataFrame
        The same rows with the schema's dtypes.

    Raises
    ------
    DataError
        Naming file, row and column of each fault, twenty at the most.
    """
    from pandera.errors import SchemaErrors

    frame = converted(text, record, places=places)
    faults: list[str] = []
    try:
        return pandera_schema(record).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        for case in cases.to_dict("records"):
            row = case["index"]
            where = int(row) if pd.notna(row) else None
            faults.append(_fault(record, where, case["column"], case["failure_case"], str(case["check"]), places))
        raise DataError(_all_of(list(dict.fromkeys(faults)), places)) from None


def converted(text: pd.DataFrame, record: Dataset, *, places: Sequence[str] | None = None) -> pd.DataFrame:
    """Convert text cells to the schema's types; constraints are not looked at.

    Raises
    ------
    DataError
        As `validated`, for cells that cannot be read in their type.
    """
    faults: list[str] = []
    columns: dict[str, pd.Series] = {}
    for field in record.fields:
        columns[field.name], unreadable = _converted(text[field.name], field)
        faults += [
            _fault(record, row, field.name, value, KINDS.get(field.type, field.type), places)
            for row, value in unreadable.items()
        ]
    if faults:
        raise DataError(_all_of(faults, places))
    return pd.DataFrame(columns, index=text.index)


def pandera_schema(record: Dataset) -> pa.DataFrameSchema:
    """Return the pandera schema of a dataset: types, allowed values, ranges, patterns and the primary key."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {field.name: pa.Column(None, _checks(field), nullable=not _required(field)) for field in record.fields},
        unique=list(record.primary_key) or None,
        strict=True,
        ordered=True,
    )


def _required(field: Field) -> bool:
    return bool(field.constraints.get("required"))


def _checks(field: Field) -> list[pa.Check]:
    import pandera.pandas as pa

    rules: dict[str, Any] = field.constraints
    checks = []
    if "enum" in rules:
        checks.append(pa.Check.isin(rules["enum"], error=f"one of {', '.join(map(str, rules['enum']))}"))
    if "minimum" in rules:
        checks.append(pa.Check.ge(rules["minimum"], error=f"at least {rules['minimum']:,}"))
    if "maximum" in rules:
        checks.append(pa.Check.le(rules["maximum"], error=f"at most {rules['maximum']:,}"))
    if "pattern" in rules:
        pattern = rules["pattern"]
        checks.append(pa.Check(lambda cells: cells.str.fullmatch(pattern), error=f"text like {pattern}"))
    return checks


def _converted(column: pd.Series, field: Field) -> tuple[pd.Series, dict[int, str]]:
    """Return the column in its type, and the cells that cannot be read as that type."""
    filled = column != ""
    match field.type:
        case "integer":
            whole = column.str.fullmatch(INTEGER.pattern)
            numbers = column.where(whole & filled).astype("Int64")
            result = numbers.astype("int64") if _required(field) and whole.all() else numbers
            return result, column[filled & ~whole].to_dict()
        case "number":
            known = column.str.fullmatch(NUMBER.pattern)
            return pd.to_numeric(column.where(known & filled)).astype("float64"), column[filled & ~known].to_dict()
        case "boolean":
            known = column.isin(["true", "false"])
            truth = column.where(known & filled).map({"true": True, "false": False}).astype("boolean")
            return truth, column[filled & ~known].to_dict()
        case "date":
            unreal = {cell for cell in column[filled].unique() if not is_of_type(cell, "date")}
            return column.where(filled).astype("str"), column[column.isin(unreal)].to_dict()
        case _:
            return column.where(filled).astype("str"), {}


def _fault(
    record: Dataset, row: int | None, column: str, found: object, expected: str, places: Sequence[str] | None = None
) -> str:
    if row is None:
        return f"{record.path}, column {column}: found {found!r}, expected {expected}"
    expected = {"not_nullable": "a value", "multiple_fields_uniqueness": "a key that occurs once"}.get(
        expected, expected
    )
    found = "an empty cell" if pd.isna(found) else repr(found)
    if places is not None:
        return f"{places[row]}: found {column} {found}, expected {expected}"
    return f"{record.path}, row {row + 2}, column {column}: found {found}, expected {expected}"


def _all_of(faults: list[str], places: Sequence[str] | None = None) -> str:
    shown = faults[:MOST_FAULTS]
    more = f"\nand {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
    if places is not None:
        return "\n".join(shown) + more + "; fix the file or choose another."
    return "\n".join(shown) + more + "\nMend these cells, or restore the file with git checkout."
