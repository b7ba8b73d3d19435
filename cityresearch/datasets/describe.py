"""Describing datasets on a terminal."""

from __future__ import annotations

from cityresearch.datasets.catalog import datasets


def listing() -> str:
    """Return one line per dataset: name, rows, title, warnings."""
    lines = []
    for record in datasets().values():
        lines.append(f"{record.name:<29} {record.rows:>7,}  {record.title}")
        if record.warnings:
            lines.append(f"{'':<39}{'; '.join(record.warnings)}")
    return "\n".join(lines)
