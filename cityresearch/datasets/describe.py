"""Describing datasets on a terminal: the list, one dataset in full, and the sources of chosen rows."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from cityresearch.datasets import conditions
from cityresearch.datasets.catalog import Dataset, dataset, datasets, source

__all__ = ["listing", "show"]

if TYPE_CHECKING:
    import pandas as pd

PERIODS = ("year", "period", "month", "date", "start")
FEW = 12


def listing() -> str:
    """Return the datasets by group, one line each with rows and title, and their usage warnings."""
    lines: list[str] = []
    group = None
    for record in sorted(datasets().values(), key=lambda r: (r.group, r.name)):
        if record.group != group:
            group = record.group
            lines.append(f"{group or 'other'}:")
        lines.append(f"  {record.name:<29} {record.rows:>7,}  {record.title}")
        if record.warnings:
            lines.append(f"{'':<41}{'; '.join(record.warnings)}")
    return "\n".join(lines)


def show(name: str, where: str = "", sources: bool = False, rows: int = 5) -> str:
    """Return a dataset's schema, coverage, warnings, sources and first rows.

    Parameters
    ----------
    name : str
    where : str
        A condition over the columns, for instance "state == 'CA' and year == 2023"; see `conditions`.
    sources : bool
        Give the full record of every source of the chosen rows instead of schema and coverage.
    rows : int
        How many rows to print.

    Raises
    ------
    ParameterError
        If the condition cannot be read or names an unknown column.
    """
    from cityresearch.datasets.load import load

    record = dataset(name)
    frame = load(name)
    frame = frame.reset_index() if record.primary_key else frame
    chosen = conditions.chosen(frame, record, where)
    if sources:
        return "\n".join([_rows(chosen, rows), "", *_source_records(chosen)])
    parts = [_head(record), _schema(record), _coverage(chosen, record), _source_counts(chosen), _rows(chosen, rows)]
    return "\n\n".join(part for part in parts if part)


def _head(record: Dataset) -> str:
    lines = [f"{record.name}: {record.title}", *textwrap.wrap(record.description, 100)]
    if record.warnings:
        lines.append("Warnings: " + "; ".join(record.warnings))
    return "\n".join(lines)


def _schema(record: Dataset) -> str:
    lines = []
    for field in record.fields:
        key = "*" if field.name in record.primary_key else " "
        unit = f" [{field.unit}]" if field.unit else ""
        lines.append(f" {key} {field.name:<20} {field.type:<8} {field.description}{unit}")
    return "Columns (* key):\n" + "\n".join(lines)


def _coverage(frame: pd.DataFrame, record: Dataset) -> str:
    lines = [f"Rows: {len(frame):,}"]
    period = next((name for name in PERIODS if name in frame), None)
    if period and frame[period].notna().any():
        known = frame[period].dropna().astype(str)
        lines.append(f"{period}: {known.min()} to {known.max()}, {known.nunique()} distinct")
    for name in record.primary_key:
        if name != period:
            values = frame[name].dropna()
            listed = f": {', '.join(map(str, values.unique()[:FEW]))}" if values.nunique() <= FEW else ""
            lines.append(f"{name}: {values.nunique():,} distinct{listed}")
    return "Coverage:\n" + textwrap.indent("\n".join(lines), "  ")


def _each_source(frame: pd.DataFrame) -> pd.Series:
    if "source_id" not in frame:
        import pandas as pd

        return pd.Series(dtype=str)
    return frame["source_id"].dropna().str.split(";").explode().str.strip()


def _source_counts(frame: pd.DataFrame) -> str:
    counts = _each_source(frame).value_counts()
    if counts.empty:
        return ""
    lines = [f"  {i}: {n:,} rows, {source(i).publisher}" for i, n in counts.head(FEW).items()]
    more = [f"  and {len(counts) - FEW} more"] if len(counts) > FEW else []
    return "Sources:\n" + "\n".join(lines + more)


def _source_records(frame: pd.DataFrame) -> list[str]:
    lines = []
    for source_id in _each_source(frame).unique():
        record = source(source_id)
        dates = ", ".join(filter(None, (f"published {record.published}" if record.published else "", record.retrieved)))
        lines += [
            f"{source_id}: {record.publisher}, {record.title}",
            f"  {record.kind}{', official' if record.is_official else ''}; {dates or 'undated'}; license {record.license}; seen in {record.seen_in}",
            *([f"  {record.url}"] if record.url else []),
            *([f"  {record.note}"] if record.note else []),
        ]
    return lines


def _rows(frame: pd.DataFrame, rows: int) -> str:
    if frame.empty:
        return "No row."
    more = f"\n... {len(frame) - rows:,} more rows" if len(frame) > rows else ""
    return frame.head(rows).to_string(index=False, max_colwidth=40) + more
