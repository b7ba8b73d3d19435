"""The inventory of a place from public data, in the columns of the inventory sheet."""

from __future__ import annotations

from typing import Any

from cityresearch.datasets.catalog import source
from cityresearch.measures.inventory import inventory
from cityresearch.measures.places import find_place
from cityresearch.toolkit.layout import BY_OFFICE, BY_PUBLIC

__all__ = ["public_inventory"]


def public_inventory(place: str) -> tuple[str, list[dict[str, Any]]]:
    """Return a place's full name and its inventory, each row by the names of the columns of the sheet.

    A row with a value is marked as public data; a row that has only a gap is left to the office, with the table that would fill it.

    Parameters
    ----------
    place : str
        See `measures.places.find_place`.

    Raises
    ------
    ParameterError
        If the text means no metropolitan area, or several.
    """
    return find_place(place).title, [_row(row) for row in inventory(place).to_dict("records")]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    records = [source(name) for name in filter(None, str(row["source_id"] or "").split(";"))]
    known = row["value"] is not None
    return {
        "row": row["row"],
        "item": row["item"],
        "value": row["value"],
        "unit": row["unit"] or None,
        "period": row["period"] or None,
        "source": "; ".join(f"{record.publisher}, {record.title}" for record in records) or None,
        "address": next((record.url for record in records if record.url.startswith("http")), None),
        "filled_by": BY_PUBLIC if known else BY_OFFICE,
        "note": row["note"] or None,
        "gap": row["gap"] or None,
    }
